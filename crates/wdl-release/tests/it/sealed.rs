//! Sealed votes: what the disk tells, who opens them, and what becomes of one that is never opened.

use std::path::{Path, PathBuf};

use wdl_release::{Dossier, Opinion, Progress, ReleaseError, Vote};
use wdl_vocab::{Diagnose as _, Digest, Exit, ReleaseId};

use crate::made::{House, Office, tables};

fn code<T>(done: Result<T, ReleaseError>) -> &'static str {
    done.map(drop).unwrap_err().diagnostic().code.id
}

fn request(house: &House) -> ReleaseId {
    house.request(&tables(&[20, 30])).id().clone()
}

fn file(house: &House, id: &ReleaseId, name: &str) -> PathBuf {
    house.folder().join(id.as_str()).join(name)
}

fn opinion(vote: Vote, words: &str) -> Opinion {
    Opinion {
        vote,
        words: Some(words.to_owned()),
    }
}

/// A vote of the time when votes lay open is said to be one, and not to have been changed; one that was changed is.
#[test]
fn a_vote_of_an_earlier_version_says_so() {
    let house = House::new();
    let id = request(&house);
    let body = format!(r#"{{"by":"revisione_comune","release":"{id}","vote":"approve"}}"#);
    let key = &house.first.key;
    let signature = key.sign("wdl-release-review-v1", body.as_bytes());
    let open = format!(
        r#"{{"body":{body},"key":"{}","signature":"{signature}"}}"#,
        key.verifying_key()
    );
    let path = file(&house, &id, "review-1.json");
    std::fs::write(&path, &open).unwrap();
    assert_eq!(code(house.desk().progress(&id)), "WDL-A022");
    std::fs::write(&path, open.replace("approve", "rejects")).unwrap();
    assert_eq!(code(house.desk().progress(&id)), "WDL-A004");
}

/// The disk of the server tells nothing: files of all votes are equally long and share no word with them, and the same vote twice shares nothing with itself.
#[test]
fn the_disk_tells_nothing_of_a_vote() {
    let mut lengths = Vec::new();
    let mut seen = Vec::new();
    let long = "parola ".repeat(70);
    let opinions = [
        Vote::Approve.into(),
        Vote::Approve.into(),
        Vote::Reject.into(),
        opinion(Vote::ApproveIf, "Togliere il dettaglio."),
        opinion(Vote::Return, &long),
        // Five hundred characters that take the most room.
        opinion(Vote::Return, &"\u{1}\u{10FFFF}".repeat(250)),
    ];
    for opinion in opinions {
        let house = House::new();
        let id = request(&house);
        house.seal(&id, &house.first, opinion).unwrap();
        let path = file(&house, &id, "review-1.json");
        let text = std::fs::read_to_string(path).unwrap();
        for word in ["approve", "reject", "return", "Togliere", "parola"] {
            assert!(!text.contains(word), "{word}");
            let digits: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert!(!text.contains(&digits), "{word}");
        }
        lengths.push(text.len());
        let body: serde_json::Value = serde_json::from_str(&text).unwrap();
        seen.push((
            body["body"]["commitment"].clone(),
            body["body"]["sealed"].clone(),
        ));
        assert!(!file(&house, &id, "vote-1.json").exists());
    }
    lengths.dedup();
    assert_eq!(lengths.len(), 1, "{lengths:?}");
    for (at, one) in seen.iter().enumerate() {
        for other in &seen[at + 1..] {
            assert!(one.0 != other.0 && one.1 != other.1);
        }
    }
}

#[test]
fn a_vote_is_opened_by_the_key_that_sealed_it_and_once() {
    let mut house = House::new();
    let id = request(&house);
    house.seal(&id, &house.first, Vote::Approve).unwrap();
    // Nobody has anything to open yet.
    assert!(
        house
            .desk()
            .to_open(house.first.signer())
            .unwrap()
            .is_empty()
    );
    house.seal(&id, &house.second, Vote::Approve).unwrap();
    assert_eq!(
        house.desk().progress(&id).unwrap(),
        Progress::Sealed {
            opened: 0,
            needed: 2
        }
    );
    let waiting = house.desk().unopened(&id).unwrap();
    let waiting: Vec<&str> = waiting.iter().map(|one| one.as_str()).collect();
    assert_eq!(waiting, ["revisione_comune", "revisione_ausl"]);
    // Another office, another key of the same office, one of the author.
    assert_eq!(code(house.open(&id, &house.third)), "WDL-A021");
    let other = Office::new("revisione_comune");
    assert_eq!(code(house.open(&id, &other)), "WDL-A003");
    house
        .keys
        .add(other.actor.clone(), other.key.verifying_key());
    assert_eq!(code(house.open(&id, &other)), "WDL-A021");
    assert!(matches!(
        house.open(&id, &house.author),
        Err(ReleaseError::Refused(_))
    ));
    // Held back with the names of those it waits for, and nothing is out.
    let held = house.release(&id).unwrap_err().diagnostic();
    assert_eq!((held.code.id, held.code.exit), ("WDL-A020", Exit::Waiting));
    assert_eq!(
        house.desk().to_open(house.first.signer()).unwrap(),
        std::slice::from_ref(&id)
    );
    house.open(&id, &house.first).unwrap();
    assert_eq!(code(house.open(&id, &house.first)), "WDL-A021");
    assert_eq!(
        house.desk().progress(&id).unwrap(),
        Progress::Sealed {
            opened: 1,
            needed: 2
        }
    );
    house.open(&id, &house.second).unwrap();
    assert_eq!(house.desk().progress(&id).unwrap(), Progress::Approved);
    house.release(&id).unwrap();
}

/// A reviewer who never opens, or lost the key, holds the request back; the author asks again, and other reviewers vote.
#[test]
fn a_vote_that_is_never_opened_is_replaced_with_its_request() {
    let house = House::new();
    let id = request(&house);
    house.seal(&id, &house.first, Vote::Reject).unwrap();
    house.seal(&id, &house.second, Vote::Approve).unwrap();
    house.open(&id, &house.second).unwrap();
    assert_eq!(code(house.release(&id)), "WDL-A020");
    let again = tables(&[20, 30]);
    let dossier = Dossier {
        replaces: Some(id.clone()),
        ..Dossier::of(&again)
    };
    let request = house
        .desk()
        .request(house.author.signer(), &dossier, house.now())
        .unwrap();
    house.record(&house.author, request.act(), request.digest());
    assert_eq!(house.desk().progress(&id).unwrap(), Progress::Replaced);
    // The old vote can no longer be opened, by whoever finds the key again.
    assert_eq!(code(house.open(&id, &house.first)), "WDL-A014");
    house
        .vote(request.id(), &house.second, Vote::Approve)
        .unwrap();
    house
        .vote(request.id(), &house.third, Vote::Approve)
        .unwrap();
    house.release(request.id()).unwrap();
}

/// A reviewer cannot open another vote than the one that was sealed, also with files of the own making.
#[test]
fn another_vote_than_the_sealed_one_is_none() {
    let house = House::new();
    let one = request(&house);
    house.seal(&one, &house.first, Vote::Reject).unwrap();
    house.seal(&one, &house.second, Vote::Approve).unwrap();
    house.open(&one, &house.second).unwrap();
    // The same reviewer approved another request: that opening, under the right name and known to the record, is not the one that was sealed here.
    let other = house.request(&tables(&[25, 36])).id().clone();
    house.seal(&other, &house.first, Vote::Approve).unwrap();
    house.seal(&other, &house.second, Vote::Approve).unwrap();
    house.open(&other, &house.first).unwrap();
    let foreign = file(&house, &other, "vote-1.json");
    std::fs::copy(foreign, file(&house, &one, "vote-1.json")).unwrap();
    assert_eq!(code(house.release(&one)), "WDL-A004");
}

/// An opened vote that the record knows and the disk has lost stops everything, and so does one whose sealed form is gone.
#[test]
fn an_opened_vote_that_was_taken_away_is_missed() {
    for name in [
        "vote-2.json",
        "review-2.json",
        "vote-1.json",
        "review-1.json",
    ] {
        let house = House::new();
        let id = request(&house);
        house.vote(&id, &house.first, Vote::Approve).unwrap();
        house.vote(&id, &house.second, Vote::Reject).unwrap();
        std::fs::remove_file(file(&house, &id, name)).unwrap();
        assert_eq!(code(house.release(&id)), "WDL-A004", "{name}");
        assert_eq!(code(house.open(&id, &house.second)), "WDL-A004", "{name}");
        assert_eq!(code(house.desk().opinions(&id)), "WDL-A004", "{name}");
    }
}

/// Interrupted between the file and its entry, an opening did not happen and can be repeated.
#[test]
fn an_opening_counts_only_once_the_ledger_knows_it() {
    let house = House::new();
    let id = request(&house);
    house.seal(&id, &house.first, Vote::Approve).unwrap();
    house.seal(&id, &house.second, Vote::Approve).unwrap();
    house
        .desk()
        .open(&id, house.first.signer(), house.now())
        .unwrap();
    assert_eq!(
        house.desk().progress(&id).unwrap(),
        Progress::Sealed {
            opened: 0,
            needed: 2
        }
    );
    house.open(&id, &house.first).unwrap();
    house.open(&id, &house.second).unwrap();
    house.release(&id).unwrap();
}

/// The opening of the first office's vote is written anew with other words in its letter, signed by the same key and known to the record.
fn rewritten(house: &House, id: &ReleaseId, change: impl Fn(&str) -> String) {
    let review = house
        .desk()
        .open(id, house.first.signer(), house.now())
        .unwrap();
    let path = file(house, id, "vote-1.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let (body, _) = text.split_once(r#","key":"#).unwrap();
    let body = body.strip_prefix(r#"{"body":"#).unwrap();
    let changed = change(body);
    assert_ne!(changed, body);
    let key = &house.first.key;
    let signature = key.sign("wdl-release-vote-v1", changed.as_bytes());
    let made = format!(
        r#"{{"body":{changed},"key":"{}","signature":"{signature}"}}"#,
        key.verifying_key()
    );
    std::fs::write(&path, &made).unwrap();
    house.record(&house.first, review.act(), Digest::of(made.as_bytes()));
}

/// A reviewer cannot say another vote than the one that was promised, nor open another letter than the own one, though the signature is right and the record knows it.
#[test]
fn an_opening_is_held_to_what_was_promised() {
    let another = Digest::of(b"another vote").to_string();
    for part in ["vote", "review"] {
        let house = House::new();
        let id = request(&house);
        let sealed = house.seal(&id, &house.first, Vote::Reject).unwrap();
        house.seal(&id, &house.second, Vote::Approve).unwrap();
        rewritten(&house, &id, |body| match part {
            "vote" => body.replace(r#""vote":"reject""#, r#""vote":"approve""#),
            _ => body.replace(&sealed.digest().to_string(), &another),
        });
        assert_eq!(code(house.desk().opinions(&id)), "WDL-A004", "{part}");
        assert_eq!(code(house.open(&id, &house.second)), "WDL-A004", "{part}");
        assert_eq!(code(house.release(&id)), "WDL-A004", "{part}");
    }
}

/// Nobody reads an opened vote while others are missing, though it lies on the disk, is the one that was sealed, and the record knows it.
#[test]
fn rel_early_peek_an_opened_vote_is_not_read_while_others_are_missing() {
    let house = House::new();
    let id = request(&house);
    house.seal(&id, &house.first, Vote::Approve).unwrap();
    let before = tempfile::tempdir().unwrap();
    copy(house.root.path(), before.path());
    house.seal(&id, &house.second, Vote::Approve).unwrap();
    let review = house.open(&id, &house.first).unwrap();
    let path = file(&house, &id, "vote-1.json");
    let vote = std::fs::read(&path).unwrap();
    // The lab as it was before the second office voted, with the opened vote of the first.
    std::fs::remove_dir_all(house.root.path()).unwrap();
    copy(before.path(), house.root.path());
    assert_eq!(
        house.desk().progress(&id).unwrap(),
        Progress::Waiting {
            votes: 1,
            needed: 2
        }
    );
    std::fs::write(&path, vote).unwrap();
    house.record(&house.first, review.act(), review.digest());
    assert_eq!(code(house.desk().progress(&id)), "WDL-A004");
    assert_eq!(code(house.desk().opinions(&id)), "WDL-A004");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let from = entry.unwrap().path();
        let to = to.join(from.file_name().unwrap());
        match from.is_dir() {
            true => copy(&from, &to),
            false => std::fs::copy(&from, &to).map(drop).unwrap(),
        }
    }
}
