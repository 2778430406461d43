//! Receipts.

use proptest::prelude::*;
use wdl_crypto::SigningKey;
use wdl_delivery::{Receipt, Reception, RejectReason, RejectedRow};

use crate::invented::Keys;

fn reception(received: &str) -> Reception {
    let reason = RejectReason {
        code: "WDL-R032".to_owned(),
        column: Some("sex".to_owned()),
    };
    Reception {
        number: 12,
        received: received.to_owned(),
        accepted: 3,
        rejected: 1,
        rejected_rows: vec![RejectedRow {
            row: 2,
            reasons: vec![reason],
        }],
    }
}

#[test]
fn a_receipt_is_signed_twice() {
    let keys = Keys::new();
    let lab = SigningKey::generate();
    let delivery = keys.seal(4);
    let issued = Receipt::issue(&delivery, &keys.body);
    assert_eq!(issued.delivery(), delivery.id());
    assert_eq!(issued.rows(), 4);
    issued.verify_body(&keys.body.verifying_key()).unwrap();
    assert!(issued.verify_lab(&lab.verifying_key()).is_err());

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("receipt.json");
    let received = issued.answer(&lab, reception("2026-10-06T09:00:00Z"));
    received.write(&path).unwrap();
    let read = Receipt::read(&path).unwrap();
    assert_eq!(read, received);
    read.verify_body(&keys.body.verifying_key()).unwrap();
    read.verify_lab(&lab.verifying_key()).unwrap();
    assert!(read.verify_lab(&keys.body.verifying_key()).is_err());
}

#[test]
fn a_changed_receipt_does_not_hold() {
    let keys = Keys::new();
    let lab = SigningKey::generate();
    let receipt = Receipt::issue(&keys.seal(4), &keys.body).answer(&lab, reception("2026-10-06"));
    let text = serde_json::to_string(&receipt).unwrap();
    let changed: Receipt = serde_json::from_str(&text.replace("\"rows\":4", "\"rows\":5")).unwrap();
    assert!(changed.verify_body(&keys.body.verifying_key()).is_err());
    assert!(changed.verify_lab(&lab.verifying_key()).is_err());
    let changed: Receipt = serde_json::from_str(&text.replace("10-06", "10-07")).unwrap();
    changed.verify_body(&keys.body.verifying_key()).unwrap();
    assert!(changed.verify_lab(&lab.verifying_key()).is_err());
}

#[test]
fn the_lab_answers_also_when_the_body_sent_no_receipt() {
    let keys = Keys::new();
    let lab = SigningKey::generate();
    let receipt = Receipt::of(&keys.seal(4)).answer(&lab, reception("2026-10-06"));
    receipt.verify_lab(&lab.verifying_key()).unwrap();
    assert!(receipt.verify_body(&keys.body.verifying_key()).is_err());
    let text = String::from_utf8(receipt.to_bytes()).unwrap();
    assert_eq!(Receipt::from_bytes(text.as_bytes()).unwrap(), receipt);
    let fewer = text.replace("\"rejected\":1", "\"rejected\":0");
    let changed = Receipt::from_bytes(fewer.as_bytes()).unwrap();
    assert!(changed.verify_lab(&lab.verifying_key()).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_no_receipt(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Receipt::from_bytes(&bytes).is_err());
    }

    #[test]
    fn one_other_byte_is_no_receipt_of_the_lab(place in any::<prop::sample::Index>(), other in any::<u8>()) {
        let keys = Keys::new();
        let lab = SigningKey::generate();
        let receipt = Receipt::issue(&keys.seal(4), &keys.body).answer(&lab, reception("2026-10-06"));
        let mut bytes = receipt.to_bytes();
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != other);
        bytes[place] = other;
        if let Ok(changed) = Receipt::from_bytes(&bytes) {
            let holds = changed.verify_lab(&lab.verifying_key()).is_ok();
            // What is not signed is who signed: the key is checked against the one that is known.
            prop_assert!(!holds || changed.answered() != receipt.answered() || changed == receipt);
        }
    }
}
