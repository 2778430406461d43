//! The way of a table from a draft to a release: protection, a request, two reviews, all in a ledger, with keys that are thrown away.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use wdl_crypto::SigningKey;
use wdl_disclosure::{Checked, protect};
use wdl_ledger::{Act, Checkpoint, Entry, KnownKeys, Ledger, Outcome, Received, Rows, Word};
use wdl_protocol::{ActorId, Lab};
use wdl_publication::{Site, SiteInput};
use wdl_release::{Desk, Dossier, Release, Released, Signer, Vote};
use wdl_result::{Draft, Status, Table};
use wdl_vocab::diagnostics::codes;
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Digest, Lang, Period, ReleaseId, SnapshotId};

use crate::invented;

/// What a test knows of the site beside its files.
pub(crate) struct Known {
    /// The tables before protection, in the order of the release.
    drafts: Vec<Table>,
    release: Release,
    entries: Vec<Entry>,
    checkpoint: Checkpoint,
    pub(crate) lab: Lab,
}

/// The lab of the repository, its data declared as the test wants.
fn lab(synthetic: bool) -> Lab {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs/modena");
    let mut lab = Lab::read(&folder).expect("the lab of the repository can be read");
    lab.synthetic = synthetic;
    lab
}

/// The ledger, its keys and the folder of releases.
struct Street<'a> {
    lab: &'a Lab,
    keys: KnownKeys,
    key_of: Vec<(ActorId, SigningKey)>,
    ledger: Ledger,
    folder: TempDir,
    time: Timestamp,
}

const ANALYSIS: &str = "analisi";
const DATA: &str = "gestione_dati";
const REVIEWERS: [&str; 2] = ["revisione_comune", "revisione_ausl"];

impl<'a> Street<'a> {
    fn new(lab: &'a Lab) -> Street<'a> {
        let folder = tempfile::tempdir().unwrap();
        let mut keys = KnownKeys::new();
        let mut key_of = Vec::new();
        for actor in &lab.people {
            let key = SigningKey::generate();
            keys.add(actor.id.clone(), key.verifying_key());
            key_of.push((actor.id.clone(), key));
        }
        Street {
            lab,
            keys,
            key_of,
            ledger: Ledger::open(&folder.path().join("ledger")).unwrap(),
            folder,
            time: "2026-11-05T09:00:00Z".parse().unwrap(),
        }
    }

    fn signer(&self, id: &str) -> Signer<'_> {
        let (actor, key) = self
            .key_of
            .iter()
            .find(|(actor, _)| actor.as_str() == id)
            .unwrap();
        Signer { actor, key }
    }

    fn desk(&self) -> Desk<'_> {
        Desk::new(
            &self.folder.path().join("release"),
            self.lab,
            &self.keys,
            self.ledger.entries(),
        )
    }

    fn record(&mut self, id: &str, act: Act, object: Option<Digest>, outcome: Outcome) {
        let (actor, key) = self
            .key_of
            .iter()
            .find(|(actor, _)| actor.as_str() == id)
            .unwrap();
        self.ledger
            .append((actor, key), act, object, outcome, self.time)
            .unwrap();
        self.time += SignedDuration::from_mins(437);
    }

    /// Deliveries, a refused one among them, and a build.
    fn deliver(&mut self) {
        let agreement = Act::LabCreated {
            agreement: self.lab.digest,
        };
        self.record(DATA, agreement, None, Outcome::DONE);
        self.record(DATA, received("residenti", 186_204), None, Outcome::DONE);
        let offered = Act::Offered {
            body: Some(BodyId::parse("comune").unwrap()),
            dataset: Some(DatasetId::parse("isee").unwrap()),
            period: Some(Period::quarter(2026, 3)),
        };
        let code = codes::all().find(|code| code.id == "WDL-D004").unwrap();
        self.record(DATA, offered, None, Outcome::refused(code));
        self.record(DATA, received("isee", 20_412), None, Outcome::DONE);
        let built = Act::Built {
            snapshot: Some(SnapshotId::parse("s-4f0c91b2a7d3").unwrap()),
            computed: 120,
            kept: 41,
            period: Some(Period::quarter(2026, 3)),
        };
        self.record(DATA, built, None, Outcome::DONE);
    }

    /// A request and two reviews, sealed and opened.
    fn release(&mut self, tables: &[Checked<Table>]) -> Release {
        let request = self
            .desk()
            .request(self.signer(ANALYSIS), &Dossier::of(tables), self.time)
            .unwrap();
        let (id, object) = (request.id().clone(), request.digest());
        let act = Act::ReleaseRequested {
            release: Some(id.clone()),
            tables: tables.len() as u64,
        };
        self.record(ANALYSIS, act, Some(object), Outcome::DONE);
        for reviewer in REVIEWERS {
            self.review(&id, reviewer);
        }
        for reviewer in REVIEWERS {
            let vote = self
                .desk()
                .open(&id, self.signer(reviewer), self.time)
                .unwrap();
            self.record(reviewer, vote.act(), Some(vote.digest()), Outcome::DONE);
        }
        let release = self
            .desk()
            .release(&id, self.signer(DATA), self.time)
            .unwrap();
        let object = release.facts().digest;
        self.record(
            DATA,
            Act::Released {
                release: id.clone(),
            },
            Some(object),
            Outcome::DONE,
        );
        self.desk().load(&id).unwrap()
    }

    fn review(&mut self, id: &ReleaseId, reviewer: &str) {
        let review = self
            .desk()
            .review(id, self.signer(reviewer), Vote::Approve, self.time)
            .unwrap();
        let object = review.digest();
        self.record(reviewer, review.act(), Some(object), Outcome::DONE);
    }
}

fn received(dataset: &str, rows: u64) -> Act {
    Act::Received(Received {
        delivery: DeliveryId::parse(&format!("d-{dataset}")).unwrap(),
        body: BodyId::parse("comune").unwrap(),
        dataset: DatasetId::parse(dataset).unwrap(),
        period: Period::quarter(2026, 3),
        contract_version: Word::parse("1.0.0").unwrap(),
        rows: Rows::about(rows),
        rows_rejected: Rows::default(),
        rows_without_person: Rows::about(12),
        content: Digest::of(dataset.as_bytes()),
        file: Word::parse("rows.parquet").unwrap(),
        effect: None,
    })
}

/// Releases indicators, each a list of drafts.
pub(crate) fn released(indicators: Vec<Vec<Draft<Table>>>, synthetic: bool) -> Known {
    let lab = lab(synthetic);
    let mut street = Street::new(&lab);
    street.deliver();
    let drafts = indicators
        .iter()
        .flatten()
        .map(|draft| draft.0.clone())
        .collect();
    let checked: Vec<Checked<Table>> = indicators
        .into_iter()
        .flat_map(|tables| protect(tables, &lab.disclosure, &[]).unwrap().tables)
        .collect();
    let release = street.release(&checked);
    let data = street.signer(DATA);
    let checkpoint = street
        .ledger
        .checkpoint((data.actor, data.key), street.time);
    let entries = street.ledger.entries().to_vec();
    drop(street);
    Known {
        drafts,
        release,
        entries,
        checkpoint,
        lab,
    }
}

/// The sample: every indicator of the invented city.
pub(crate) fn sample(synthetic: bool) -> Known {
    let kinds = invented::kinds();
    released(
        kinds
            .iter()
            .map(|kind| invented::drafts(kind, synthetic))
            .collect(),
        synthetic,
    )
}

/// A large lab.
pub(crate) fn large() -> Known {
    released(invented::large(), true)
}

impl Known {
    /// What the site is made from.
    pub(crate) fn input(&self) -> SiteInput<'_> {
        SiteInput {
            lab: &self.lab,
            tables: self.release.tables().iter().collect(),
            defined: invented::defined(),
            sources: invented::sources(),
            acts: &self.entries,
            checkpoint: Some(&self.checkpoint),
            publications: invented::publications(),
            areas: invented::areas(),
            withdrawn: Vec::new(),
        }
    }

    pub(crate) fn tables(&self) -> impl Iterator<Item = &Table> {
        self.release.tables().iter().map(Released::get)
    }

    pub(crate) fn entries(&self) -> usize {
        self.entries.len()
    }

    /// A text without the release's id, which hangs on the agreement.
    pub(crate) fn redact(&self, text: &str) -> String {
        text.replace(self.release.facts().id.as_str(), "RELEASE")
    }

    /// Numbers of suppressed cells as a file could write them, save those that a shown cell has too.
    pub(crate) fn hidden(&self) -> BTreeSet<String> {
        let (mut hidden, mut shown) = (BTreeSet::new(), BTreeSet::new());
        for (draft, table) in self.drafts.iter().zip(self.tables()) {
            for (before, after) in draft.cells.iter().zip(&table.cells) {
                assert_eq!((before.period, &before.keys), (after.period, &after.keys));
                let numbers = [before.estimate, before.standard_error];
                let words = numbers.into_iter().flatten().flat_map(forms);
                match after.status {
                    Status::SuppressedPrimary | Status::SuppressedSecondary => hidden.extend(words),
                    _ => shown.extend(words),
                }
            }
        }
        hidden
            .into_iter()
            .filter(|word| !shown.contains(word))
            .collect()
    }
}

/// A number in every way a file of the site may write it; none when it is too common to be told from others.
fn forms(value: f64) -> Vec<String> {
    let plain = value.to_string();
    let digits = plain.split('.').nth(1).map_or(0, str::len);
    let has_cents = value >= 1_000.0 && digits == 2;
    if digits < 8 && !has_cents {
        return Vec::new();
    }
    let mut forms = vec![plain.replace('.', ","), plain];
    if has_cents {
        forms.extend(Lang::ALL.map(|lang| lang.number(value, 2)));
    }
    forms
}

/// Runs a test on the sample's site.
pub(crate) fn with_site(synthetic: bool, then: impl FnOnce(&Site, &Known)) {
    let known = sample(synthetic);
    let site = Site::make(&known.input()).unwrap();
    then(&site, &known);
}
