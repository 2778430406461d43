//! A ledger made for tests.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use wdl_crypto::SigningKey;
use wdl_ledger::{Act, KnownKeys, Ledger, Outcome, Received, Rows, Word};
use wdl_protocol::ActorId;
use wdl_vocab::diagnostics::codes::approval;
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Digest, Period, ReleaseId, SnapshotId, StudyId};

pub(crate) struct Office {
    pub(crate) actor: ActorId,
    pub(crate) key: SigningKey,
}

impl Office {
    pub(crate) fn new(name: &str) -> Office {
        Office {
            actor: ActorId::parse(name).unwrap(),
            key: SigningKey::generate(),
        }
    }

    pub(crate) fn signer(&self) -> (&ActorId, &SigningKey) {
        (&self.actor, &self.key)
    }
}

pub(crate) fn known(offices: &[&Office]) -> KnownKeys {
    offices
        .iter()
        .map(|office| (office.actor.clone(), office.key.verifying_key()))
        .collect()
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    let begin: Timestamp = "2026-11-05T09:00:00Z".parse().unwrap();
    begin + SignedDuration::from_secs(seconds)
}

/// One act of every kind.
pub(crate) fn acts() -> Vec<(Act, Option<Digest>, Outcome)> {
    let release = ReleaseId::parse("r1").unwrap();
    let received = Received {
        delivery: DeliveryId::parse("d1").unwrap(),
        body: BodyId::parse("comune").unwrap(),
        dataset: DatasetId::parse("residenti").unwrap(),
        period: Period::quarter(2026, 3),
        contract_version: Word::parse("1.0.0").unwrap(),
        rows: Rows::about(20_000),
        rows_rejected: Rows::default(),
        rows_without_person: Rows::about(12),
        content: Digest::of(b"rows"),
        file: Word::parse("comune/residenti/2026-q3.parquet").unwrap(),
        effect: None,
    };
    let snapshot = SnapshotId::parse("s1").unwrap();
    let object = Some(Digest::of(b"object"));
    vec![
        (
            Act::LabCreated {
                agreement: Digest::of(b"lab"),
            },
            None,
            Outcome::DONE,
        ),
        (
            Act::Certified {
                bodies: vec![BodyId::parse("inail").unwrap()],
                days: 731,
            },
            None,
            Outcome::DONE,
        ),
        (Act::Received(received), object, Outcome::DONE),
        (
            Act::Offered {
                body: BodyId::parse("inail").ok(),
                dataset: None,
                period: None,
            },
            object,
            Outcome::refused(approval::CHANGED),
        ),
        (
            Act::Built {
                snapshot: Some(snapshot),
                computed: 3,
                kept: 99,
                period: Some(Period::quarter(2026, 3)),
            },
            object,
            Outcome::DONE,
        ),
        (
            Act::DoubtDecided {
                doubt: Some(Word::parse("0a1b2c3d4e").unwrap()),
                same: Some(true),
            },
            object,
            Outcome::DONE,
        ),
        (
            Act::StudyPlanned {
                study: StudyId::parse("rent_support").ok(),
            },
            None,
            Outcome::DONE,
        ),
        (
            Act::StudyRegistered {
                study: StudyId::parse("rent_support").ok(),
            },
            object,
            Outcome::DONE,
        ),
        (
            Act::StudyRun {
                study: StudyId::parse("rent_support").ok(),
                registered: Some(true),
                snapshot: SnapshotId::parse("5a").ok(),
            },
            object,
            Outcome::DONE,
        ),
        (
            Act::ReleaseRequested {
                release: Some(release.clone()),
                tables: 4,
            },
            object,
            Outcome::DONE,
        ),
        (
            Act::ReleaseReviewed {
                release: release.clone(),
            },
            None,
            Outcome::refused(approval::OWN_REQUEST),
        ),
        (
            Act::ReleaseReviewed {
                release: release.clone(),
            },
            object,
            Outcome::DONE,
        ),
        (
            Act::VoteOpened {
                release: release.clone(),
                approved: Some(true),
            },
            object,
            Outcome::DONE,
        ),
        (
            Act::NoisePaid {
                population: Word::parse("residents").unwrap(),
                spent_thousandths: 500,
            },
            object,
            Outcome::DONE,
        ),
        (Act::Released { release }, object, Outcome::DONE),
        (
            Act::Published {
                site: Some(Digest::of(b"site")),
                tables: 4,
            },
            object,
            Outcome::DONE,
        ),
        (Act::DraftsRead { tables: 3 }, None, Outcome::DONE),
        (
            Act::TranscriptKept {
                transcript: Some(Word::parse("0a1b2c3d4e5f").unwrap()),
            },
            object,
            Outcome::DONE,
        ),
        (
            Act::TranscriptRead {
                transcript: Some(Word::parse("0a1b2c3d4e5f").unwrap()),
            },
            object,
            Outcome::DONE,
        ),
        (
            Act::TranscriptDestroyed {
                transcript: Some(Word::parse("0a1b2c3d4e5f").unwrap()),
            },
            object,
            Outcome::DONE,
        ),
        (Act::Verified { entries: 9 }, None, Outcome::DONE),
    ]
}

/// A ledger with one act of every kind, closed again.
pub(crate) fn filled(folder: &Path, office: &Office) {
    let mut ledger = Ledger::open(folder).unwrap();
    for (seconds, (act, object, outcome)) in acts().into_iter().enumerate() {
        ledger
            .append(office.signer(), act, object, outcome, at(seconds as i64))
            .unwrap();
    }
}
