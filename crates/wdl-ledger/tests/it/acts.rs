//! What an entry can hold, and what not.

use wdl_ledger::{Act, Effect, Ledger, RefusalCode, Rows, Word, verify};
use wdl_vocab::Digest;

use crate::made::{Office, acts, filled, known};

#[test]
fn every_act_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::new("ufficio_dati");
    filled(folder.path(), &office);
    let verified = verify(folder.path(), &known(&[&office])).unwrap();
    let read: Vec<_> = verified
        .entries()
        .iter()
        .map(|entry| (entry.act.clone(), entry.object, entry.outcome.clone()))
        .collect();
    assert_eq!(read, acts());
    let kinds: std::collections::BTreeSet<&str> = verified
        .entries()
        .iter()
        .map(|entry| entry.act.kind())
        .collect();
    for (line, entry) in std::fs::read_to_string(folder.path().join(wdl_ledger::FILE))
        .unwrap()
        .lines()
        .zip(verified.entries())
    {
        assert!(line.contains(&format!("\"kind\":\"{}\"", entry.act.kind())));
        assert_eq!(Digest::of(line.as_bytes()), entry.hash());
    }
    assert_eq!(kinds.len(), 20);
    assert_eq!(Ledger::open(folder.path()).unwrap().head(), verified.head());
}

#[test]
fn an_ordinary_delivery_is_written_as_it_always_was() {
    // Lines written before deliveries had kinds read back to the same bytes: the chain of an old ledger holds.
    let written = |act: &Act| serde_json::to_string(act).unwrap();
    let received = acts().into_iter().find_map(|(act, _, _)| match act {
        Act::Received(received) => Some(received),
        _ => None,
    });
    let mut received = received.unwrap();
    let plain = written(&Act::Received(received.clone()));
    assert!(!plain.contains("effect") && !plain.contains("rows_rejected"));
    let of = received.delivery.clone();
    received.effect = Some(Effect::Completes { of });
    received.rows_rejected = Rows::about(31);
    let correcting = Act::Received(received);
    let line = written(&correcting);
    assert!(line.contains("\"rows_rejected\":30"));
    assert!(line.contains("\"effect\":{\"kind\":\"completes\",\"of\":\"d1\"}"));
    assert_eq!(serde_json::from_str::<Act>(&line).unwrap(), correcting);
}

#[test]
fn no_sentence_is_a_word() {
    for good in ["1.0.0", "comune/residenti.parquet", "a_b-c"] {
        assert!(Word::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "Mario Rossi", "RSSMRA80A01F257X", "a b", "à"] {
        assert!(Word::parse(bad).is_err(), "{bad}");
    }
    for bad in ["\"WDL-X1\"", "\"wdl-x001\"", "\"refused because of Mario\""] {
        assert!(serde_json::from_str::<RefusalCode>(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_number_of_rows_says_nothing_of_a_few() {
    let about = |exact| wdl_ledger::Rows::about(exact).get();
    assert_eq!([0, 1, 3, 4].map(about), [0; 4]);
    assert_eq!([5, 9, 14, 15, 20_004].map(about), [10, 10, 10, 20, 20_000]);
}
