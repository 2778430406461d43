//! Receipts.

use wdl_crypto::SigningKey;
use wdl_delivery::Receipt;

use crate::invented::Keys;

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
    let received = issued.countersign(&lab, "2026-10-06T09:00:00Z");
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
    let receipt = Receipt::issue(&keys.seal(4), &keys.body).countersign(&lab, "2026-10-06");
    let text = serde_json::to_string(&receipt).unwrap();
    let changed: Receipt = serde_json::from_str(&text.replace("\"rows\":4", "\"rows\":5")).unwrap();
    assert!(changed.verify_body(&keys.body.verifying_key()).is_err());
    assert!(changed.verify_lab(&lab.verifying_key()).is_err());
    let changed: Receipt = serde_json::from_str(&text.replace("10-06", "10-07")).unwrap();
    changed.verify_body(&keys.body.verifying_key()).unwrap();
    assert!(changed.verify_lab(&lab.verifying_key()).is_err());
}
