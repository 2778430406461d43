//! The lock, the torn last line, the cost of an entry and of an opening.

use std::time::Instant;

use wdl_ledger::{FILE, Ledger, LedgerError, Outcome, verify};
use wdl_vocab::Diagnose as _;

use crate::made::{Office, acts, at, filled, known};

#[test]
fn one_writer_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = Ledger::open(folder.path()).unwrap();
    let second = Ledger::open(folder.path()).unwrap_err();
    assert!(matches!(second, LedgerError::Locked { .. }));
    assert_eq!(second.diagnostic().code.id, "WDL-L010");
    drop(first);
    assert!(Ledger::open(folder.path()).is_ok());
}

#[test]
fn a_line_cut_short_is_dropped_with_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::new("ufficio_dati");
    filled(folder.path(), &office);
    let path = folder.path().join(FILE);
    let whole = std::fs::read(&path).unwrap();
    let last = whole[..whole.len() - 1]
        .iter()
        .rposition(|b| *b == b'\n')
        .unwrap()
        + 1;
    let ends = (last + 1..whole.len())
        .step_by(23)
        .chain([whole.len() - 2, whole.len() - 1]);
    for end in ends {
        std::fs::write(&path, &whole[..end]).unwrap();
        // Who only reads is told, and nothing is changed.
        let verified = verify(folder.path(), &known(&[&office])).unwrap();
        assert_eq!(
            (verified.entries().len(), verified.torn_bytes()),
            (acts().len() - 1, end - last)
        );
        let mut ledger = Ledger::open(folder.path()).unwrap();
        let torn = ledger.torn().cloned().unwrap();
        assert_eq!(
            (torn.line, torn.bytes),
            (acts().len() as u64, (end - last) as u64)
        );
        assert_eq!(torn.note().code.id, "WDL-L014");
        let (act, object, outcome) = acts().pop().unwrap();
        ledger
            .append(
                office.signer(),
                act,
                object,
                outcome,
                at(acts().len() as i64 - 1),
            )
            .unwrap();
        drop(ledger);
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }
}

#[test]
fn there_is_nothing_to_verify_without_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let missing = verify(folder.path(), &known(&[])).unwrap_err();
    assert_eq!(missing.diagnostic().code.id, "WDL-L011");
}

#[test]
fn thousands_of_entries_open() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::new("ufficio_dati");
    let mut ledger = Ledger::open(folder.path()).unwrap();
    let begun = Instant::now();
    let count = 3000;
    for seconds in 0..count {
        let (act, object, _) = acts().remove(1);
        ledger
            .append(office.signer(), act, object, Outcome::DONE, at(seconds))
            .unwrap();
    }
    let appended = begun.elapsed();
    drop(ledger);
    let begun = Instant::now();
    let opened = Ledger::open(folder.path()).unwrap();
    let took = begun.elapsed();
    assert_eq!(opened.entries().len() as i64, count);
    println!("{count} entries: {appended:?} to append, {took:?} to open");
}
