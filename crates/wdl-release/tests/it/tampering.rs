//! What is changed on disk after it was signed, and what the ledger does not know.

use std::path::{Path, PathBuf};

use wdl_release::{Dossier, ReleaseError, Vote};
use wdl_vocab::Diagnose as _;

use crate::made::{House, tables};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

#[test]
fn any_changed_or_missing_file_stops_everything() {
    let house = House::new();
    let id = house.released();
    let all = files(&house.folder().join(id.as_str()));
    // request, its facts, two votes sealed and opened, released, two tables, the rules applied to each.
    assert_eq!(all.len(), 11);
    for path in all {
        let bytes = std::fs::read(&path).unwrap();
        for at in (0..bytes.len()).step_by(bytes.len() / 60 + 1) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            assert!(
                house.desk().load_all().is_err(),
                "{} at {at}",
                path.display()
            );
        }
        std::fs::remove_file(&path).unwrap();
        assert!(
            house.desk().load_all().is_err(),
            "{} removed",
            path.display()
        );
        std::fs::write(&path, &bytes).unwrap();
        assert!(house.desk().load_all().is_ok());
    }
}

#[test]
fn a_vote_that_was_taken_away_is_missed() {
    let house = House::new();
    let id = house.request(&tables(&[20, 30])).id().clone();
    house.vote(&id, &house.first, Vote::Reject).unwrap();
    let vote = house.folder().join(id.as_str()).join("review-1.json");
    std::fs::remove_file(&vote).unwrap();
    // Neither another office nor the one that voted can vote in its place, and nobody is told that votes are missing.
    for office in [&house.second, &house.first] {
        let missed = house.vote(&id, office, Vote::Approve).unwrap_err();
        assert_eq!(missed.diagnostic().code.id, "WDL-A004");
    }
    let missed = house.release(&id).unwrap_err();
    assert_eq!(missed.diagnostic().code.id, "WDL-A004");
}

#[test]
fn a_table_exchanged_after_the_request_is_told() {
    let house = House::new();
    let id = house.request(&tables(&[20, 30])).id().clone();
    let tables = house.folder().join(id.as_str()).join("tables");
    let path = files(&tables).remove(0);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("50", "60")).unwrap();
    let changed = house.vote(&id, &house.first, Vote::Approve).unwrap_err();
    assert_eq!(changed.diagnostic().code.id, "WDL-A004");
}

#[test]
fn a_file_counts_only_once_the_ledger_knows_it() {
    let house = House::new();
    let desk = house.desk();
    // Interrupted between the file and its entry: the step did not happen, and can be repeated.
    let request = desk
        .request(
            house.author.signer(),
            &Dossier::of(&tables(&[20, 30])),
            house.now(),
        )
        .unwrap();
    let unknown = desk.read(request.id()).unwrap_err();
    assert_eq!(unknown.diagnostic().code.id, "WDL-A007");
    let id = house.request(&tables(&[20, 30])).id().clone();
    house
        .desk()
        .review(&id, house.first.signer(), Vote::Approve, house.now())
        .unwrap();
    house.vote(&id, &house.first, Vote::Approve).unwrap();
    house.vote(&id, &house.second, Vote::Approve).unwrap();
    house
        .desk()
        .release(&id, house.manager.signer(), house.now())
        .unwrap();
    assert!(house.desk().load_all().unwrap().is_empty());
    house.release(&id).unwrap();
    assert_eq!(house.desk().load_all().unwrap().len(), 1);
}

#[test]
fn rules_that_became_stricter_hold_back_what_they_hide() {
    let mut house = House::new();
    let id = house.released();
    house.lab.disclosure = wdl_protocol::DisclosureRules::uniform(wdl_protocol::Rule {
        minimum_frequency: wdl_protocol::MinimumFrequency::new(25).unwrap(),
        ..wdl_protocol::Rule::default()
    });
    let held = house.desk().load(&id).unwrap_err();
    assert!(matches!(held, ReleaseError::TooSmall { cells: 1, .. }));
}
