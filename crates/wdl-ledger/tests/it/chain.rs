//! Whatever is changed is found, and the right entry is named.

use std::sync::LazyLock;

use proptest::prelude::*;
use wdl_ledger::{BadEntry, FILE, Fault, KnownKeys, Ledger, LedgerError, Outcome, verify};

use crate::made::{Office, acts, at, filled, known};

fn bad(found: Result<wdl_ledger::Verified, LedgerError>) -> Option<BadEntry> {
    match found {
        Err(LedgerError::Bad(bad)) => Some(bad),
        _ => None,
    }
}

/// The bytes of a whole ledger and the keys it is verified with.
static WHOLE: LazyLock<(Vec<u8>, KnownKeys)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::new("ufficio_dati");
    filled(folder.path(), &office);
    let bytes = std::fs::read(folder.path().join(FILE)).unwrap();
    (bytes, known(&[&office]))
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_changed_byte_is_found_in_its_entry(place in 0.0_f64..1.0, byte: u8) {
        let (whole, keys) = &*WHOLE;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let mut bytes = whole.clone();
        let at = (place * bytes.len() as f64) as usize;
        prop_assume!(bytes[at] != byte);
        let line = bytes[..at].iter().filter(|b| **b == b'\n').count() as u64;
        bytes[at] = byte;
        std::fs::write(&path, &bytes).unwrap();
        let found = bad(verify(folder.path(), keys));
        let named = found.map(|bad| (bad.sequence, bad.line));
        prop_assert_eq!(named, Some((line, line + 1)), "{:?}", found);
        // Whoever wants to write finds it too.
        prop_assert!(Ledger::open(folder.path()).is_err());
    }
}

/// Rewrites the lines of a ledger and verifies.
fn rewritten(change: impl FnOnce(&mut Vec<String>)) -> Option<(u64, Fault)> {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::new("ufficio_dati");
    filled(folder.path(), &office);
    let path = folder.path().join(FILE);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    bad(verify(folder.path(), &known(&[&office]))).map(|bad| (bad.sequence, bad.fault))
}

#[test]
fn each_fault_has_its_name() {
    assert_eq!(rewritten(|_| ()), None);
    type Case = (fn(&mut Vec<String>), u64, Fault);
    let cases: [Case; 6] = [
        (|lines| lines.swap(2, 3), 2, Fault::Order),
        (|lines| drop(lines.remove(4)), 4, Fault::Order),
        (
            |lines| lines[5] = lines[5].replacen(':', ": ", 1),
            5,
            Fault::NotCanonical,
        ),
        (|lines| lines[6].truncate(40), 6, Fault::NotAnEntry),
        (
            |lines| lines[7] = lines[7].replace("2026", "2025"),
            7,
            Fault::Signature,
        ),
        (|lines| lines.insert(1, String::new()), 1, Fault::NotAnEntry),
    ];
    for (change, sequence, fault) in cases {
        assert_eq!(rewritten(change), Some((sequence, fault)));
    }
}

#[test]
fn another_history_does_not_chain() {
    let office = Office::new("ufficio_dati");
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    filled(one.path(), &office);
    let mut ledger = Ledger::open(other.path()).unwrap();
    for (act, object, outcome) in acts() {
        ledger
            .append(office.signer(), act, object, outcome, at(99))
            .unwrap();
    }
    let read =
        |folder: &tempfile::TempDir| std::fs::read_to_string(folder.path().join(FILE)).unwrap();
    // The first entries of one history, then those of the other: each is signed, and the chain is broken between.
    let (first, second) = (read(&one), read(&other));
    let mixed: String = first
        .split_inclusive('\n')
        .take(4)
        .chain(second.split_inclusive('\n').skip(4))
        .collect();
    std::fs::write(one.path().join(FILE), mixed).unwrap();
    let found = bad(verify(one.path(), &known(&[&office]))).unwrap();
    assert_eq!((found.sequence, found.fault), (4, Fault::Chain));
}

#[test]
fn an_unknown_key_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (office, stranger) = (Office::new("ufficio_dati"), Office::new("ufficio_dati"));
    filled(folder.path(), &office);
    let (act, object, _) = acts().remove(0);
    Ledger::open(folder.path())
        .unwrap()
        .append(stranger.signer(), act, object, Outcome::DONE, at(50))
        .unwrap();
    let found = bad(verify(folder.path(), &known(&[&office]))).unwrap();
    assert_eq!(
        (found.sequence, found.fault),
        (acts().len() as u64, Fault::UnknownKey)
    );
    assert!(verify(folder.path(), &known(&[&office, &stranger])).is_ok());
}
