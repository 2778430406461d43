//! Corrections and cancellations, moved by the programs: what they do to the record, and what is refused.

use std::fs;
use std::path::{Path, PathBuf};

use wdl_crypto::{Recipient, SealingKey, SigningKey};
use wdl_delivery::{Declaration, Delivery, DeliveryKind, Scope};
use wdl_vocab::DeliveryId;

use crate::stage::{HISTORY, Stage, said, well};

/// A delivery that INAIL sealed, and what is needed to seal its rows again otherwise.
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

/// The first rows of a delivery, sealed again with another declaration.
fn again(
    stage: &Stage,
    from: &Sealed,
    (name, rows): (&str, usize),
    change: impl FnOnce(&mut Declaration),
) -> Sealed {
    let key = |path: &str| PathBuf::from(stage.path(path));
    let lab = SealingKey::read(&key("home/state/keys/secret/sealing.key")).unwrap();
    let body = SigningKey::read(&key("bodies/inail/signing.key")).unwrap();
    let recipient = Recipient::read(&key("home/state/keys/public/lab.recipient")).unwrap();
    let opened = Delivery::read(&from.file).unwrap().open(&lab).unwrap();
    let mut declared = opened.header().declared.clone();
    declared.rows_without_person = 0;
    change(&mut declared);
    let batch = opened.batch().slice(0, rows.min(opened.batch().num_rows()));
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

#[test]
fn corrections_take_effect_and_leave_their_entry() {
    let stage = Stage::set();
    let first = sealed(&stage.seal_all("inail", HISTORY)[0]);
    receive(&stage, &first, "accepted");
    let whole = DeliveryKind::Substitutive {
        of: first.id.clone(),
        scope: Scope::Whole,
    };

    let second = again(&stage, &first, ("ordinary", 9), |_| {});
    receive(&stage, &second, "WDL-R014");
    let corrected = again(&stage, &first, ("whole", 8), kind(whole.clone()));
    let line = receive(&stage, &corrected, "accepted");
    assert!(
        line.contains(&format!(
            r#""effect":{{"kind":"replaces","of":"{}"}}"#,
            first.id
        )),
        "{line}"
    );
    assert!(!line.contains("importi"), "a reason is not for the record");
    let late = again(&stage, &first, ("late", 7), kind(whole));
    receive(&stage, &late, "WDL-R017");

    let cancelling = DeliveryKind::Cancelling {
        of: corrected.id.clone(),
    };
    let cancelling = again(&stage, &first, ("cancelling", 0), kind(cancelling));
    assert!(receive(&stage, &cancelling, "accepted").contains(r#""kind":"cancels""#));
    receive(&stage, &first, "WDL-R013");

    // del-old-after-new: an older period after a newer one only with a reason.
    let newer = sealed(&stage.seal_all("inail", "2026-Q1")[0]);
    receive(&stage, &newer, "accepted");
    let old = again(&stage, &first, ("old", 6), |_| {});
    receive(&stage, &old, "WDL-R018");
    let old = again(
        &stage,
        &first,
        ("old-with-reason", 6),
        kind(DeliveryKind::ORDINARY),
    );
    receive(&stage, &old, "accepted");

    let receipt = stage
        .home()
        .join(format!("state/receipts/{}.json", cancelling.id));
    let receipt = wdl_delivery::Receipt::from_bytes(&fs::read(receipt).unwrap()).unwrap();
    assert_eq!(receipt.reason(), Some("importi di un altro anno"));
    well(stage.wdl("gestione_dati", &["build", "--yes"]));
}
