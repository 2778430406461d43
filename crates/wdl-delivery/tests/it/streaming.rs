//! Deliveries sealed and opened as they come.

use std::path::Path;

use proptest::prelude::*;
use wdl_delivery::{Declaration, Delivery, DeliveryKind, Scope, SealError, Sealer};
use wdl_vocab::{DeliveryId, Diagnose as _};

use crate::invented::{Keys, declaration, long_table, table};

/// Seals rows in pieces of these sizes.
fn seal(keys: &Keys, path: &Path, pieces: &[u32]) -> Delivery<wdl_delivery::Sealed> {
    let recipient = keys.lab.recipient();
    let schema = long_table(0, 0).schema();
    let mut sealer = Sealer::new(declaration(), schema, &recipient, &keys.body, path).unwrap();
    let mut from = 0;
    for rows in pieces {
        sealer.push(&long_table(from, *rows)).unwrap();
        from += rows;
    }
    sealer.finish().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn rows_travel_in_pieces() {
    let keys = Keys::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("residenti.wdld");
    let sealed = seal(&keys, &path, &[10, 0, 5, 100_000]);
    assert_eq!(sealed.header().rows, 100_015);
    assert_eq!(names(folder.path()), ["residenti.wdld"]);
    let arrived = Delivery::read(&path).unwrap();
    arrived.verify(&keys.body.verifying_key()).unwrap();
    assert_eq!(arrived.id(), sealed.id());
    let mut groups = Vec::new();
    for batch in arrived.rows(&keys.lab).unwrap() {
        groups.push(batch.unwrap());
    }
    assert!(groups.iter().all(|group| group.num_rows() <= 65_536));
    let all = arrow::compute::concat_batches(&groups[0].schema(), &groups).unwrap();
    assert_eq!(all, long_table(0, 100_015));
    assert_eq!(arrived.open(&keys.lab).unwrap().batch(), &all);
}

#[test]
fn a_large_delivery_is_deciphered_where_it_is_read() {
    // More than is kept in memory: the second way of reading.
    let keys = Keys::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("residenti.wdld");
    let sealed = seal(&keys, &path, &[700_000, 500_000]);
    assert!(sealed.header().ciphertext_bytes > 32 << 20);
    let mut from = 0;
    for batch in Delivery::read(&path).unwrap().rows(&keys.lab).unwrap() {
        let batch = batch.unwrap();
        let rows = u32::try_from(batch.num_rows()).unwrap();
        assert_eq!(batch, long_table(from, rows));
        from += rows;
    }
    assert_eq!(from, 1_200_000);
}

#[test]
fn a_sealer_that_stops_leaves_nothing() {
    let keys = Keys::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("residenti.wdld");
    let recipient = keys.lab.recipient();
    let schema = long_table(0, 0).schema();
    let new = |declared: Declaration| {
        Sealer::new(declared, schema.clone(), &recipient, &keys.body, &path)
    };
    let mut sealer = new(declaration()).unwrap();
    sealer.push(&long_table(0, 70_000)).unwrap();
    assert!(sealer.push(&table(3)).is_err(), "another schema");
    drop(sealer);
    assert_eq!(names(folder.path()), [""; 0]);

    // What is declared while the rows pass is checked at the end.
    let mut sealer = new(declaration()).unwrap();
    sealer.push(&long_table(0, 3)).unwrap();
    sealer.declared_mut().rows_without_person = 4;
    let refused = sealer.finish().map(|_| ()).unwrap_err();
    assert!(matches!(
        refused,
        SealError::Declaration {
            rule: "rows_without_person"
        }
    ));
    assert_eq!(names(folder.path()), [""; 0]);

    new(declaration()).unwrap().finish().unwrap();
    assert!(new(declaration()).is_err(), "never overwritten");
}

#[test]
fn a_declaration_keeps_the_rules_of_the_format() {
    let keys = Keys::new();
    let rule = |change: &dyn Fn(&mut Declaration)| {
        let mut declared = declaration();
        change(&mut declared);
        match Delivery::seal(declared, &table(2), &keys.lab.recipient(), &keys.body) {
            Ok(_) => "kept",
            Err(SealError::Declaration { rule }) => rule,
            Err(_) => "another fault",
        }
    };
    let of = || DeliveryId::parse("0123456789abcdef0123456789abcdef").unwrap();
    assert_eq!(rule(&|_| {}), "kept");
    let substitutive = |declared: &mut Declaration| {
        let scope = Scope::Whole;
        declared.kind = DeliveryKind::Substitutive { of: of(), scope };
    };
    assert_eq!(rule(&substitutive), "reason");
    assert_eq!(
        rule(&|declared| {
            substitutive(declared);
            declared.reason = Some("importi in lire".to_owned());
        }),
        "kept"
    );
    assert_eq!(
        rule(&|declared| {
            declared.kind = DeliveryKind::Cancelling { of: of() };
            declared.reason = Some("conferito per errore".to_owned());
        }),
        "rows"
    );
    assert_eq!(
        rule(&|declared| declared.reason = Some(" ".to_owned())),
        "reason"
    );
    assert_eq!(
        rule(&|declared| declared.reason = Some("x".repeat(501))),
        "reason"
    );
    assert_eq!(
        rule(&|declared| declared.purpose = "a\u{1b}[2J".to_owned()),
        "purpose"
    );
    assert_eq!(
        rule(&|declared| declared.encodings = vec![String::new()]),
        "encodings"
    );
    let told = SealError::Declaration { rule: "reason" };
    assert_eq!(told.diagnostic().code.id, "WDL-D016");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn how_the_rows_were_cut_leaves_no_trace(cuts in prop::collection::vec(0_u32..40_000, 1..6)) {
        let keys = Keys::new();
        let folder = tempfile::tempdir().unwrap();
        let total = cuts.iter().sum();
        let cut = seal(&keys, &folder.path().join("cut.wdld"), &cuts);
        let whole = seal(&keys, &folder.path().join("whole.wdld"), &[total]);
        prop_assert_eq!(cut.header().content_digest, whole.header().content_digest);
    }
}
