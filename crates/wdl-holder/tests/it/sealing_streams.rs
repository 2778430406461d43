//! Files sealed as they are read again: what is left out, what is kept, and that nothing half is there.

use std::collections::BTreeMap;

use wdl_check::History as _;
use wdl_delivery::{Delivery, DeliveryKind, Receipt, Scope};
use wdl_holder::check;
use wdl_holder::error::HolderError;
use wdl_holder::seal::{Manner, Record, Remembered, SealedFile, cancel, seal};
use wdl_vocab::{DatasetId, Diagnose as _, Period};

use crate::sealing::{Scene, ids, pair};
use crate::support::{Aid, aid_file, aid_with, quarter};

fn aiuti() -> DatasetId {
    DatasetId::parse("aiuti").unwrap()
}

fn one(sealed: Result<Vec<SealedFile>, HolderError>) -> SealedFile {
    let mut sealed = sealed.unwrap();
    assert_eq!(sealed.len(), 1);
    sealed.remove(0)
}

/// Ten rows, two of them wrong.
fn with_two_wrong() -> String {
    let mut rows: Vec<Aid> = (0..10).map(Aid::good).collect();
    rows[2].amount = "molto".into();
    rows[7].date = "31/02/2026".into();
    aid_file(&rows)
}

#[test]
fn rejected_rows_stay_and_are_told() {
    let mut scene = Scene::new();
    let (a, b) = pair();
    let text = with_two_wrong();
    let files = [("aiuti", text.as_str())];
    let error = scene.seal(&files, &[&a, &b]).unwrap_err();
    assert_eq!(error.diagnostic().code.id, "WDL-H010");
    assert!(scene.is_untouched());
    scene.only_accepted = true;
    let sealed = one(scene.seal(&files, &[&a, &b]));
    assert_eq!((sealed.rows, sealed.rows_rejected), (8, 2));
    assert_eq!(a.asked(), 8, "nobody is asked for whose row stays");
    let header = Delivery::read(&sealed.file).unwrap().header().clone();
    assert_eq!((header.rows, header.declared.rows_rejected), (8, 2));
    assert_eq!(scene.open(&sealed).num_rows(), 8);
}

#[test]
fn a_file_without_a_good_row_is_not_sealed() {
    let mut scene = Scene::new();
    scene.only_accepted = true;
    let (a, b) = pair();
    let text = aid_with(|_| {}).replace("IMPORTO", "IMPORTI");
    let error = scene.seal(&[("aiuti", &text)], &[&a, &b]).unwrap_err();
    assert_eq!(error.diagnostic().code.id, "WDL-H010");
    assert!(scene.is_untouched());
}

#[test]
fn the_body_knows_which_line_each_row_was() {
    let mut scene = Scene::new();
    scene.only_accepted = true;
    let (a, b) = pair();
    let sealed = one(scene.seal(&[("aiuti", &with_two_wrong())], &[&a, &b]));
    let record = Record::read(&scene.body, &sealed.delivery)
        .unwrap()
        .unwrap();
    assert_eq!((record.file.as_str(), record.rows), ("aiuti.csv", 8));
    // Lines count from 1 and the header is the first.
    let lines = record.lines(&scene.body, &[1, 2, 3, 6, 7, 8]).unwrap();
    assert_eq!(lines, [2, 3, 5, 8, 10, 11]);
    assert!(record.lines(&scene.body, &[9]).is_err());
    let other = wdl_vocab::DeliveryId::parse("0".repeat(32).as_str()).unwrap();
    assert_eq!(Record::read(&scene.body, &other).unwrap(), None);
}

#[test]
fn a_file_that_changed_after_the_check_is_refused() {
    let scene = Scene::new();
    let (a, b) = pair();
    let path = scene.folder().join("aiuti.csv");
    let (before, after) = (
        aid_with(|_| {}),
        aid_with(|row| row.amount = "104,00".into()),
    );
    for (then, now) in [
        (before.as_str(), after.as_str()),
        (before.as_str(), &before[..before.len() / 2]),
    ] {
        std::fs::write(&path, then).unwrap();
        let contract = scene.ground.contract("aiuti");
        let terms = check::Terms::alone(contract, scene.ground.contracts.lists(), quarter());
        let checked = check::check(&path, terms).unwrap();
        std::fs::write(&path, now).unwrap();
        let outcome = scene.sealing(&[&a, &b], |sealing| {
            seal(vec![(contract, checked)], sealing)
        });
        let error = outcome.unwrap_err();
        assert!(matches!(error, HolderError::Check(_)), "{error}");
        assert!(!scene.has_deliveries());
        assert!(
            std::fs::read_dir(scene.folder().join("body/records"))
                .map_or(true, |left| left.count() == 0)
        );
    }
}

#[test]
fn a_correction_stands_beside_what_it_corrects() {
    let mut scene = Scene::new();
    let (a, b) = pair();
    let first = one(scene.seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b]));
    let kinds = [(Scope::Whole, "replaces"), (Scope::Rejected, "completes")];
    for (scope, word) in kinds {
        let manner = |reason: Option<&str>| Manner {
            kind: DeliveryKind::Substitutive {
                of: first.delivery.clone(),
                scope,
            },
            reason: reason.map(str::to_owned),
        };
        scene.manners = BTreeMap::from([(aiuti(), manner(None))]);
        let text = aid_with(|row| row.amount = "1,00".into());
        assert!(
            scene.seal(&[("aiuti", &text)], &[&a, &b]).is_err(),
            "no reason"
        );
        scene.manners = BTreeMap::from([(aiuti(), manner(Some("importi corretti")))]);
        let second = one(scene.seal(&[("aiuti", &text)], &[&a, &b]));
        let name = second.file.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with(&format!("aiuti.{word}-")), "{name}");
        let receipt = Receipt::read(&second.receipt).unwrap();
        assert_eq!(receipt.delivery(), &second.delivery);
        assert!(first.file.exists());
    }
}

#[test]
fn a_delivery_is_taken_back_without_rows() {
    let scene = Scene::new();
    let (a, b) = pair();
    let first = one(scene.seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b]));
    let contract = scene.ground.contract("aiuti");
    let cancelled = scene.sealing(&[&a, &b], |sealing| {
        cancel(contract, (&first.delivery, "consegna di prova"), sealing)
    });
    let cancelled = cancelled.unwrap();
    assert_eq!(cancelled.rows, 0);
    let header = Delivery::read(&cancelled.file).unwrap().header().clone();
    assert_eq!(header.declared.kind.of(), Some(&first.delivery));
    assert_eq!(scene.open(&cancelled).num_rows(), 0);
    assert!(
        Remembered::before(&scene.body, Period::quarter(2027, 1))
            .periods(&aiuti())
            .is_empty()
    );
}

#[test]
fn a_body_remembers_counts_of_its_deliveries() {
    let scene = Scene::new();
    let (a, b) = pair();
    scene
        .seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b])
        .unwrap();
    let next = Remembered::before(&scene.body, Period::quarter(2026, 2));
    let past = next.previous(&aiuti()).unwrap();
    assert_eq!((past.period, past.summary.rows), (quarter(), 10));
    assert!(next.same_quarter_last_year(&aiuti()).is_none());
    let later = Remembered::before(&scene.body, Period::quarter(2027, 1));
    assert!(later.same_quarter_last_year(&aiuti()).is_some());
    // The delivery of the period itself is not its own past.
    assert!(
        Remembered::before(&scene.body, quarter())
            .previous(&aiuti())
            .is_none()
    );
    // What is remembered is sealed.
    let folder = scene.folder().join("body/history/aiuti");
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("rows"));
    }
}

#[test]
fn a_custodian_that_falls_silent_leaves_no_delivery() {
    let scene = Scene::new();
    let (a, mut b) = pair();
    b.stops_after = 1;
    let rows: Vec<Aid> = (0..3000)
        .map(|nth| Aid {
            amount: "10,00".into(),
            ..Aid::good(nth)
        })
        .collect();
    let text = aid_file(&rows);
    assert!(scene.seal(&[("aiuti", &text)], &[&a, &b]).is_err());
    assert!(!scene.has_deliveries());
    b.stops_after = u64::MAX;
    let sealed = one(scene.seal(&[("aiuti", &text)], &[&a, &b]));
    assert!(sealed.people_asked < 3000, "{}", sealed.people_asked);
    assert_eq!(sealed.people_asked + sealed.people_known, 3000);
    assert!(
        ids(&scene.open(&sealed), "person")
            .iter()
            .all(Option::is_some)
    );
}

#[test]
fn one_content_in_every_encoding() {
    let rows: Vec<Aid> = (0..10)
        .map(|nth| Aid {
            note: "perché è così".into(),
            ..Aid::good(nth)
        })
        .collect();
    let text = aid_file(&rows);
    let mark = format!("\u{feff}{text}").into_bytes();
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in text.lines().enumerate() {
        for (column, cell) in line.split(';').enumerate() {
            let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let book = book.save_to_buffer().unwrap();
    let scene = Scene::new();
    let (a, b) = pair();
    let mut digests = Vec::new();
    for (name, bytes) in [
        ("aiuti.csv", latin.into_owned()),
        ("aiuti.csv", mark),
        ("aiuti.csv", text.into_bytes()),
        ("aiuti.xlsx", book),
    ] {
        let contract = scene.ground.contract("aiuti");
        let terms = check::Terms::alone(contract, scene.ground.contracts.lists(), quarter());
        let checked = check::check_bytes(name, &bytes, terms).unwrap();
        let outcome = scene.sealing(&[&a, &b], |sealing| {
            seal(vec![(contract, checked)], sealing)
        });
        let sealed = one(outcome);
        let header = Delivery::read(&sealed.file).unwrap().header().clone();
        digests.push((header.rows, header.content_digest));
    }
    digests.dedup();
    assert_eq!(digests.len(), 1);
    assert_eq!(digests[0].0, 10);
}

#[test]
fn secrets_do_not_print() {
    let scene = Scene::new();
    let (a, b) = pair();
    scene
        .seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b])
        .unwrap();
    let map = std::fs::read_dir(scene.folder().join("body")).unwrap();
    let mode = |path: &std::path::Path| {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                std::fs::metadata(path).unwrap().permissions().mode() & 0o077,
                0,
                "{}",
                path.display()
            );
        }
        #[cfg(not(unix))]
        let _ = path;
    };
    for path in map.map(|entry| entry.unwrap().path()) {
        let is_public = path.extension().is_some_and(|end| end == "pub");
        if !is_public {
            mode(&path);
        }
    }
}
