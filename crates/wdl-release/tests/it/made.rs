//! A desk with its ledger, under the agreement of the lab that ships with the program.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use wdl_crypto::SigningKey;
use wdl_disclosure::{Checked, protect};
use wdl_ledger::{Act, KnownKeys, Ledger, Outcome};
use wdl_protocol::{ActorId, DisclosureRules, Lab};
use wdl_release::{
    Desk, Dossier, Opinion, Release, ReleaseError, Request, Review, SealedVote, Signer, Vote,
    Withdrawal,
};
use wdl_result::{
    Additivity, Category, Cell, Dimension, Draft, Header, Lineage, ObservableFrom, Status, Table,
    Unit,
};
use wdl_vocab::{Digest, IndicatorId, Period, ReleaseId, SnapshotId, Text};

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

    pub(crate) fn signer(&self) -> Signer<'_> {
        Signer {
            actor: &self.actor,
            key: &self.key,
        }
    }
}

/// A lab's offices, its folder and its ledger.
pub(crate) struct House {
    pub(crate) root: tempfile::TempDir,
    pub(crate) lab: Lab,
    pub(crate) keys: KnownKeys,
    pub(crate) manager: Office,
    pub(crate) author: Office,
    pub(crate) first: Office,
    pub(crate) second: Office,
    pub(crate) third: Office,
    seconds: std::cell::Cell<i64>,
}

pub(crate) fn lab() -> Lab {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena");
    Lab::read(Path::new(folder)).unwrap()
}

impl House {
    pub(crate) fn new() -> House {
        let [manager, author, first, second, third] = [
            "gestione_dati",
            "analisi",
            "revisione_comune",
            "revisione_ausl",
            "revisione_lavoro",
        ]
        .map(Office::new);
        let keys = [&manager, &author, &first, &second, &third]
            .map(|office| (office.actor.clone(), office.key.verifying_key()))
            .into_iter()
            .collect();
        House {
            root: tempfile::tempdir().unwrap(),
            lab: lab(),
            keys,
            manager,
            author,
            first,
            second,
            third,
            seconds: std::cell::Cell::new(0),
        }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join("release")
    }

    pub(crate) fn ledger(&self) -> Ledger {
        Ledger::open(&self.root.path().join("ledger")).unwrap()
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk::new(
            &self.folder(),
            &self.lab,
            &self.keys,
            self.ledger().entries(),
        )
    }

    /// A later instant at every call.
    pub(crate) fn now(&self) -> Timestamp {
        self.seconds.set(self.seconds.get() + 1);
        let begin: Timestamp = "2026-11-05T09:00:00Z".parse().unwrap();
        begin + SignedDuration::from_secs(self.seconds.get())
    }

    pub(crate) fn record(&self, office: &Office, act: Act, object: Digest) {
        self.ledger()
            .append(
                (&office.actor, &office.key),
                act,
                Some(object),
                Outcome::DONE,
                self.now(),
            )
            .unwrap();
    }

    pub(crate) fn request(&self, tables: &[Checked<Table>]) -> Request {
        let request = self
            .desk()
            .request(self.author.signer(), &Dossier::of(tables), self.now())
            .unwrap();
        self.record(&self.author, request.act(), request.digest());
        request
    }

    pub(crate) fn vote(
        &self,
        id: &ReleaseId,
        office: &Office,
        vote: Vote,
    ) -> Result<SealedVote, ReleaseError> {
        self.opinion(id, office, vote.into())
    }

    /// A sealed vote; once all have voted everybody opens.
    pub(crate) fn opinion(
        &self,
        id: &ReleaseId,
        office: &Office,
        opinion: Opinion,
    ) -> Result<SealedVote, ReleaseError> {
        let vote = self.seal(id, office, opinion)?;
        for office in [&self.first, &self.second, &self.third] {
            for id in self.desk().to_open(office.signer())? {
                self.open(&id, office)?;
            }
        }
        Ok(vote)
    }

    /// A sealed vote, which stays sealed.
    pub(crate) fn seal(
        &self,
        id: &ReleaseId,
        office: &Office,
        opinion: impl Into<Opinion>,
    ) -> Result<SealedVote, ReleaseError> {
        let vote = self
            .desk()
            .review(id, office.signer(), opinion, self.now())?;
        self.record(office, vote.act(), vote.digest());
        Ok(vote)
    }

    pub(crate) fn open(&self, id: &ReleaseId, office: &Office) -> Result<Review, ReleaseError> {
        let review = self.desk().open(id, office.signer(), self.now())?;
        self.record(office, review.act(), review.digest());
        Ok(review)
    }

    pub(crate) fn release(&self, id: &ReleaseId) -> Result<Release, ReleaseError> {
        let release = self.desk().release(id, self.manager.signer(), self.now())?;
        self.record(&self.manager, release.act(), release.facts().digest);
        Ok(release)
    }

    pub(crate) fn withdraw(&self, id: &ReleaseId) -> Result<Withdrawal, ReleaseError> {
        let why = "Errore in una cella.";
        let withdrawal = self
            .desk()
            .withdraw(id, self.manager.signer(), why, self.now())?;
        self.record(&self.manager, withdrawal.act(), withdrawal.digest);
        Ok(withdrawal)
    }

    /// A release with all its steps.
    pub(crate) fn released(&self) -> ReleaseId {
        let id = self.request(&tables(&[20, 30, 40])).id().clone();
        self.vote(&id, &self.first, Vote::Approve).unwrap();
        self.vote(&id, &self.second, Vote::Approve).unwrap();
        self.release(&id).unwrap();
        id
    }
}

/// Checked tables of one indicator: its total and a breakdown.
pub(crate) fn tables(counts: &[u64]) -> Vec<Checked<Table>> {
    tables_of(counts, &SnapshotId::parse("s1").unwrap())
}

/// The same, on a version of the base.
pub(crate) fn tables_of(counts: &[u64], snapshot: &SnapshotId) -> Vec<Checked<Table>> {
    tables_by("quartiere", counts, snapshot)
}

/// The same, by another breakdown.
pub(crate) fn tables_by(
    breakdown: &str,
    counts: &[u64],
    snapshot: &SnapshotId,
) -> Vec<Checked<Table>> {
    let text = |words: &str| Text::new(words, words);
    let header = Header {
        indicator: IndicatorId::parse("famiglie").unwrap(),
        theme: "popolazione".into(),
        title: text("t"),
        definition: text("d"),
        source: text("s"),
        unit: Unit::Households,
        decimals: 0,
        interval: wdl_result::Interval::Plain,
        additivity: Additivity::Count,
        population: text("p"),
        n_label: text("n"),
        statistic: "count/1".into(),
        observable_from: ObservableFrom::Register,
        uncertainty: text("u"),
        coverage: text("c"),
        synthetic: true,
        data_date: "2026-11-05".into(),
        lineage: Lineage {
            snapshot: snapshot.clone(),
            definition: Digest::of(b"d"),
            code_version: "0".into(),
            inputs: vec![],
        },
        protection: None,
        study: None,
    };
    let cell = |keys: Vec<Option<String>>, n: u64| Cell {
        period: Period::quarter(2026, 3),
        keys,
        estimate: Some(n as f64),
        standard_error: None,
        n: Some(n),
        n_with: None,
        coverage: Some(0.97),
        status: Status::Value,
    };
    let dimension = Dimension {
        id: breakdown.into(),
        label: text("q"),
        categories: (1..=counts.len())
            .map(|at| Category {
                id: format!("Q{at}"),
                label: text("q"),
            })
            .collect(),
    };
    let total = cell(vec![], counts.iter().sum());
    let mut by = vec![cell(vec![None], counts.iter().sum())];
    for (at, n) in counts.iter().enumerate() {
        by.push(cell(vec![Some(format!("Q{}", at + 1))], *n));
    }
    let drafts = vec![
        Draft(Table {
            header: header.clone(),
            dimensions: vec![],
            cells: vec![total],
        }),
        Draft(Table {
            header,
            dimensions: vec![dimension],
            cells: by,
        }),
    ];
    protect(drafts, &DisclosureRules::default(), &[])
        .unwrap()
        .tables
}
