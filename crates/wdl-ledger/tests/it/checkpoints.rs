//! What was cut off is seen against a checkpoint.

use wdl_ledger::{Checkpoint, CheckpointError, FILE, Ledger, verify};

use crate::made::{Office, at, filled, known};

#[test]
fn cutting_the_end_off_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::new("ufficio_dati");
    filled(folder.path(), &office);
    let keys = known(&[&office]);
    let checkpoint = Ledger::open(folder.path())
        .unwrap()
        .checkpoint(office.signer(), at(100));
    let published = Checkpoint::from_bytes(&checkpoint.to_bytes()).unwrap();
    assert_eq!(published, checkpoint);
    verify(folder.path(), &keys)
        .unwrap()
        .against(&published, &keys)
        .unwrap();

    let path = folder.path().join(FILE);
    let text = std::fs::read_to_string(&path).unwrap();
    let shorter: String = text.split_inclusive('\n').take(7).collect();
    std::fs::write(&path, shorter).unwrap();
    let cut = verify(folder.path(), &keys).unwrap();
    let found = cut.against(&published, &keys);
    let wanted = matches!(
        found,
        Err(CheckpointError::Truncated {
            expected: 21,
            found: 7
        })
    );
    assert!(wanted, "{found:?}");

    // Written on from there to the same length: another history.
    let mut ledger = Ledger::open(folder.path()).unwrap();
    for (act, object, outcome) in crate::made::acts().into_iter().skip(7) {
        ledger
            .append(office.signer(), act, object, outcome, at(500))
            .unwrap();
    }
    let rewritten = verify(folder.path(), &keys).unwrap();
    let found = rewritten.against(&published, &keys);
    assert!(matches!(
        found,
        Err(CheckpointError::OtherHistory { entries: 21 })
    ));
}

#[test]
fn a_checkpoint_is_believed_only_when_signed_by_a_known_key() {
    let folder = tempfile::tempdir().unwrap();
    let (office, stranger) = (Office::new("ufficio_dati"), Office::new("altro"));
    filled(folder.path(), &office);
    let keys = known(&[&office]);
    let ledger = Ledger::open(folder.path()).unwrap();
    let foreign = ledger.checkpoint(stranger.signer(), at(100));
    assert!(matches!(
        foreign.verify(&keys),
        Err(CheckpointError::UnknownKey { .. })
    ));
    let mut changed = ledger.checkpoint(office.signer(), at(100));
    changed.entries -= 1;
    assert!(matches!(
        changed.verify(&keys),
        Err(CheckpointError::Signature(_))
    ));
    assert!(matches!(
        Checkpoint::from_bytes(b"{}"),
        Err(CheckpointError::NotACheckpoint)
    ));
}
