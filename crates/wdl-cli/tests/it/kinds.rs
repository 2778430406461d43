//! Corrections and cancellations, moved by the programs: what they do to the record, and what is refused.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use wdl_crypto::{Recipient, SealingKey, SigningKey};
use wdl_delivery::{Declaration, Delivery, DeliveryKind, Scope};
use wdl_vocab::DeliveryId;

use crate::stage::{HISTORY, Stage, Wishes, said, well};

/// A sealed delivery.
struct Sealed {
    file: PathBuf,
    id: DeliveryId,
}

fn sealed(file: &Path) -> Sealed {
    Sealed {
        id: Delivery::read(file).unwrap().id().clone(),
        file: file.to_owned(),
    }
}

/// Some rows of a delivery, sealed again by its body with another declaration.
fn again(
    stage: &Stage,
    from: &Sealed,
    (name, rows): (&str, Range<usize>),
    change: impl FnOnce(&mut Declaration),
) -> Sealed {
    let key = |path: &str| PathBuf::from(stage.path(path));
    let lab = SealingKey::read(&key("home/state/keys/secret/sealing.key")).unwrap();
    let recipient = Recipient::read(&key("home/state/keys/public/lab.recipient")).unwrap();
    let opened = Delivery::read(&from.file).unwrap().open(&lab).unwrap();
    let mut declared = opened.header().declared.clone();
    let body = format!("bodies/{}/signing.key", declared.body);
    let body = SigningKey::read(&key(&body)).unwrap();
    declared.rows_without_person = 0;
    change(&mut declared);
    let batch = opened.batch().slice(rows.start, rows.len());
    let delivery = Delivery::seal(declared, &batch, &recipient, &body).unwrap();
    let file = key(&format!("{name}.wdld"));
    delivery.write(&file).unwrap();
    Sealed {
        id: delivery.id().clone(),
        file,
    }
}

/// Receives one file; gives the last line of the record.
fn receive(stage: &Stage, delivery: &Sealed, code: &str) -> String {
    let (record, state) = (stage.record(), stage.state());
    let output = stage.receive(std::slice::from_ref(&delivery.file));
    let after = stage.record();
    assert_eq!(after.len(), record.len() + 1, "{}", said(&output));
    let line = after.last().unwrap().clone();
    if code == "accepted" {
        well(output);
    } else {
        assert!(said(&output).contains(code), "{code}: {}", said(&output));
        assert!(line.contains(code) && line.contains("refused"), "{line}");
        assert!(state == stage.state(), "{code}: the state has changed");
    }
    line
}

fn kind(kind: DeliveryKind) -> impl FnOnce(&mut Declaration) {
    move |declared| {
        declared.kind = kind;
        declared.reason = Some("importi di un altro anno".to_owned());
    }
}

/// Brings the base up to date; gives the snapshot's name.
fn built(stage: &Stage) -> String {
    well(stage.wdl("gestione_dati", &["build", "--yes"]));
    let record = stage.record();
    let line: serde_json::Value = serde_json::from_str(record.last().unwrap()).unwrap();
    line["act"]["snapshot"].as_str().unwrap().to_owned()
}

#[test]
fn corrections_take_effect_and_leave_their_entry() {
    let stage = Stage::set();
    let first = sealed(&stage.seal_all("inail", HISTORY)[0]);
    receive(&stage, &first, "accepted");
    let before = built(&stage);
    let whole = DeliveryKind::Substitutive {
        of: first.id.clone(),
        scope: Scope::Whole,
    };

    let second = again(&stage, &first, ("ordinary", 0..9), |_| {});
    receive(&stage, &second, "WDL-R014");
    let corrected = again(&stage, &first, ("whole", 0..8), kind(whole.clone()));
    let line = receive(&stage, &corrected, "accepted");
    assert!(
        line.contains(&format!(
            r#""effect":{{"kind":"replaces","of":"{}"}}"#,
            first.id
        )),
        "{line}"
    );
    assert!(!line.contains("importi"), "a reason is not for the record");
    assert_ne!(built(&stage), before, "the snapshot follows");
    let late = again(&stage, &first, ("late", 0..7), kind(whole));
    receive(&stage, &late, "WDL-R017");

    let cancelling = DeliveryKind::Cancelling {
        of: corrected.id.clone(),
    };
    let cancelling = again(&stage, &first, ("cancelling", 0..0), kind(cancelling));
    assert!(receive(&stage, &cancelling, "accepted").contains(r#""kind":"cancels""#));
    receive(&stage, &first, "WDL-R013");

    // del-old-after-new: an older period after a newer one only with a reason.
    let newer = sealed(&stage.seal_all("inail", "2026-Q1")[0]);
    receive(&stage, &newer, "accepted");
    let old = again(&stage, &first, ("old", 0..6), |_| {});
    receive(&stage, &old, "WDL-R018");
    let old = again(
        &stage,
        &first,
        ("old-with-reason", 0..6),
        kind(DeliveryKind::ORDINARY),
    );
    receive(&stage, &old, "accepted");

    let receipt = stage
        .home()
        .join(format!("state/receipts/{}.json", cancelling.id));
    let receipt = wdl_delivery::Receipt::from_bytes(&fs::read(receipt).unwrap()).unwrap();
    assert_eq!(receipt.reason(), Some("importi di un altro anno"));
    built(&stage);
}

#[test]
fn rows_are_answered_one_by_one_and_only_those_are_sent_again() {
    let stage = Stage::set();
    let export = stage.export("ausl", HISTORY, "passi");
    well(stage.seal("ausl", HISTORY, &[export], &Wishes::default()));
    let first = sealed(&stage.sealed("ausl", HISTORY)[0]);
    // The lab's list loses a code that the body still has.
    let list = stage.home().join("lab/codes/difficolta_economiche.csv");
    let whole = fs::read_to_string(&list).unwrap();
    let fewer: Vec<&str> = whole
        .lines()
        .filter(|line| !line.starts_with("qualche"))
        .collect();
    fs::write(&list, fewer.join("\n") + "\n").unwrap();
    let arguments = ["receive", first.file.to_str().unwrap(), "--format", "json"];
    let told = well(stage.wdl("gestione_dati", &arguments));
    fs::write(&list, whole).unwrap();
    assert!(!said(&told).contains("qualche"), "no value is told");
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let one = &told["files"][0];
    let rejected = one["rejected_rows"].as_array().unwrap();
    assert_eq!(one["accepted"]["rows_rejected"], rejected.len());
    assert_eq!(rejected[0]["reasons"][0]["code"], "WDL-R032", "{one}");
    let receipt = fs::read_to_string(one["receipt"]["json"].as_str().unwrap()).unwrap();
    assert!(!receipt.contains("qualche"), "no value is told");
    let line = stage.record().pop().unwrap();
    assert!(
        line.contains(r#""rows_rejected":30"#),
        "about thirty: {line}"
    );

    let row = usize::try_from(rejected[0]["row"].as_u64().unwrap()).unwrap() - 1;
    let corrected = DeliveryKind::Substitutive {
        of: first.id.clone(),
        scope: Scope::Rejected,
    };
    let corrected = again(&stage, &first, ("rejected", row..row + 1), kind(corrected));
    let line = receive(&stage, &corrected, "accepted");
    assert!(line.contains(r#""kind":"completes""#), "{line}");
}
