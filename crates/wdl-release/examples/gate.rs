//! The gate of releases on a made-up lab: two requests that must be refused, and a request beside many earlier releases, timed; the answer is JSON.
//!
//! `cargo run -p wdl-release --example gate -- LAB [EARLIER]`: LAB is a lab's folder (`labs/modena`), EARLIER how many releases lie before (1,000).

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use wdl_crypto::SigningKey;
use wdl_disclosure::between::{CellName, Facts, Nesting, UnitSet};
use wdl_disclosure::{Checked, protect};
use wdl_ledger::{Act, Entry, KnownKeys, Ledger, Outcome};
use wdl_protocol::{ActorId, Lab};
use wdl_release::{Desk, Dossier, ReleaseError, Signer, Vote};
use wdl_result::{
    Additivity, Category, Cell, Dimension, Draft, Header, Interval, Lineage, ObservableFrom,
    Status, Table, Unit,
};
use wdl_vocab::{Diagnose as _, Digest, IndicatorId, Period, ReleaseId, SnapshotId, Text};

const PERIOD: Period = Period::Year(2025);

struct Office {
    actor: ActorId,
    key: SigningKey,
}

impl Office {
    fn signer(&self) -> Signer<'_> {
        Signer {
            actor: &self.actor,
            key: &self.key,
        }
    }
}

/// A lab with offices of its own, its folder and its record.
struct House {
    folder: PathBuf,
    lab: Lab,
    keys: KnownKeys,
    offices: Vec<Office>,
    ledger: Ledger,
    seconds: i64,
    nestings: Vec<Nesting>,
}

const MANAGER: usize = 0;
const AUTHOR: usize = 1;
const REVIEWERS: [usize; 2] = [2, 3];

impl House {
    fn new(root: &Path, lab: &Path) -> House {
        let names = [
            "gestione_dati",
            "analisi",
            "revisione_comune",
            "revisione_ausl",
        ];
        let offices: Vec<Office> = names
            .into_iter()
            .map(|name| Office {
                actor: ActorId::parse(name).unwrap(),
                key: SigningKey::generate(),
            })
            .collect();
        let keys = offices
            .iter()
            .map(|one| (one.actor.clone(), one.key.verifying_key()));
        House {
            folder: root.join("release"),
            lab: Lab::read(lab).unwrap(),
            keys: keys.collect(),
            ledger: Ledger::open(&root.join("ledger")).unwrap(),
            offices,
            seconds: 0,
            nestings: Vec::new(),
        }
    }

    /// A desk that knows of the entries from one on.
    fn desk_from(&self, entry: usize) -> Desk<'_> {
        let entries: &[Entry] = &self.ledger.entries()[entry..];
        Desk::new(&self.folder, &self.lab, &self.keys, entries).with_nestings(self.nestings.clone())
    }

    fn now(&mut self) -> Timestamp {
        self.seconds += 1;
        let begin: Timestamp = "2026-11-05T09:00:00Z".parse().unwrap();
        begin + SignedDuration::from_secs(self.seconds)
    }

    fn record(&mut self, office: usize, act: Act, object: Digest) {
        let now = self.now();
        let office = &self.offices[office];
        let signer = (&office.actor, &office.key);
        self.ledger
            .append(signer, act, Some(object), Outcome::DONE, now)
            .unwrap();
    }

    /// Asks, beside the releases since an entry.
    fn request(
        &mut self,
        since: usize,
        tables: &[Checked<Table>],
        facts: &Facts,
    ) -> Result<ReleaseId, ReleaseError> {
        let now = self.now();
        let dossier = Dossier {
            facts: facts.clone(),
            ..Dossier::of(tables)
        };
        let desk = self.desk_from(since);
        let request = desk.request(self.offices[AUTHOR].signer(), &dossier, now)?;
        let (act, object, id) = (request.act(), request.digest(), request.id().clone());
        self.record(AUTHOR, act, object);
        Ok(id)
    }

    /// All steps of a release, beside nothing that was released before.
    fn release(&mut self, tables: &[Checked<Table>], facts: &Facts) {
        let since = self.ledger.entries().len();
        let id = self.request(since, tables, facts).unwrap();
        for office in REVIEWERS {
            let now = self.now();
            let desk = self.desk_from(since);
            let vote = desk
                .review(&id, self.offices[office].signer(), Vote::Approve, now)
                .unwrap();
            self.record(office, vote.act(), vote.digest());
        }
        for office in REVIEWERS {
            let now = self.now();
            let desk = self.desk_from(since);
            let vote = desk.open(&id, self.offices[office].signer(), now).unwrap();
            self.record(office, vote.act(), vote.digest());
        }
        let now = self.now();
        let desk = self.desk_from(since);
        let release = desk
            .release(&id, self.offices[MANAGER].signer(), now)
            .unwrap();
        self.record(MANAGER, release.act(), release.facts().digest);
    }
}

/// A table of counts: names of dimensions with their categories, and cells by place (none for the total).
fn table(
    version: &str,
    dimensions: &[(&str, &[&str])],
    cells: &[(Vec<Option<usize>>, u64)],
) -> Draft<Table> {
    let text = |words: &str| Text::new(words, words);
    let header = Header {
        indicator: IndicatorId::parse("residents").unwrap(),
        theme: "popolazione".into(),
        title: text("t"),
        definition: text("d"),
        source: text("s"),
        unit: Unit::Persons,
        decimals: 0,
        interval: Interval::Plain,
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
            snapshot: SnapshotId::parse(version).unwrap(),
            definition: Digest::of(b"d"),
            code_version: "0".into(),
            inputs: Vec::new(),
        },
        protection: None,
        study: None,
    };
    let dimension = |(id, categories): &(&str, &[&str])| Dimension {
        id: (*id).to_owned(),
        label: text(id),
        categories: categories
            .iter()
            .map(|id| Category {
                id: (*id).to_owned(),
                label: text(id),
            })
            .collect(),
    };
    let cell = |(places, n): &(Vec<Option<usize>>, u64)| Cell {
        period: PERIOD,
        keys: places
            .iter()
            .zip(dimensions)
            .map(|(place, (_, names))| place.map(|place| names[place].to_owned()))
            .collect(),
        estimate: Some(*n as f64),
        standard_error: None,
        n: Some(*n),
        n_with: None,
        coverage: None,
        status: Status::Value,
    };
    Draft(Table {
        header,
        dimensions: dimensions.iter().map(dimension).collect(),
        cells: cells.iter().map(cell).collect(),
    })
}

/// A draft through disclosure control, with what it says of it.
fn checked(lab: &Lab, draft: Draft<Table>) -> (Vec<Checked<Table>>, Facts) {
    let protected = protect(vec![draft], &lab.disclosure, &[]).unwrap();
    let facts = Facts::of_reports(std::slice::from_ref(&protected.report));
    (protected.tables, facts)
}

/// What the gate said of a request.
fn told(answer: Result<ReleaseId, ReleaseError>) -> Value {
    match answer {
        Ok(_) => json!({ "refused": false }),
        Err(ReleaseError::GivesAway { findings }) => {
            let words: Vec<Text> = findings.iter().map(|one| one.text()).collect();
            let code = ReleaseError::GivesAway { findings }.diagnostic().code.id;
            json!({ "refused": true, "code": code, "findings": words })
        }
        Err(other) => json!({ "refused": true, "code": other.diagnostic().code.id }),
    }
}

/// The request, and the ways out when it is refused.
fn asked(house: &mut House, (tables, facts): &(Vec<Checked<Table>>, Facts)) -> Value {
    let answer = house.request(0, tables, facts);
    let shown: Vec<&Table> = tables.iter().map(Checked::get).collect();
    let (_, repairs) = house.desk_from(0).look_between(&shown, facts).unwrap();
    let mut value = told(answer);
    value["repairs"] = json!(repairs.iter().map(|one| one.text()).collect::<Vec<Text>>());
    value
}

/// Three outputs, each safe by itself: counts, the totals of rows, and a coarser table.
fn three_outputs(root: &Path, lab: &Path) -> Value {
    let mut house = House::new(root, lab);
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    house.nestings = vec![Nesting {
        first: "c".into(),
        second: "w".into(),
        pairs: [pair("x", "xz"), pair("z", "xz"), pair("y", "y")].into(),
    }];
    let rows: (&str, &[&str]) = ("r", &["a", "b"]);
    let at = |row: usize, column: usize, n: u64| (vec![Some(row), Some(column)], n);
    let fine = [
        at(0, 0, 12),
        at(0, 1, 15),
        at(0, 2, 3),
        at(1, 0, 20),
        at(1, 1, 11),
        at(1, 2, 30),
    ];
    let first = checked(
        &house.lab,
        table("s1", &[rows, ("c", &["x", "y", "z"])], &fine),
    );
    house.release(&first.0, &first.1);
    let coarse = [at(0, 0, 15), at(0, 1, 15), at(1, 0, 50), at(1, 1, 11)];
    let second = checked(
        &house.lab,
        table("s1", &[rows, ("w", &["xz", "y"])], &coarse),
    );
    asked(&mut house, &second)
}

/// A cohort, and the same without one person: the units are known to the lab.
fn one_person_smaller(root: &Path, lab: &Path) -> Value {
    let mut house = House::new(root, lab);
    let cohort = |version: &str, units: std::ops::Range<u64>| {
        let n = units.end - units.start;
        let (tables, facts) = checked(&house.lab, table(version, &[], &[(Vec::new(), n)]));
        let name = CellName::of(tables[0].get(), &tables[0].get().cells[0]);
        let set: UnitSet = units
            .map(|unit| unit.wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .collect();
        (tables, facts.with_units(BTreeMap::from([(name, set)])))
    };
    let (whole, smaller) = (cohort("s1", 0..101), cohort("s2", 0..100));
    house.release(&whole.0, &whole.1);
    asked(&mut house, &smaller)
}

const NAMES: [&str; 10] = ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"];

/// Ten by ten counts with their margins, of which one cell grows in each version; two in a square are small.
fn growing(version: usize) -> Draft<Table> {
    let count = |row: usize, column: usize| -> u64 {
        let place = row + 10 * column;
        let times = version / 100 + usize::from(version % 100 > place);
        match (row, column) {
            (0, 0) | (1, 1) => 3,
            _ => 20 + 20 * times as u64,
        }
    };
    let all = |place: Option<usize>| match place {
        Some(place) => place..place + 1,
        None => 0..10,
    };
    let places = || std::iter::once(None).chain((0..10).map(Some));
    let cells: Vec<(Vec<Option<usize>>, u64)> = places()
        .flat_map(|row| places().map(move |column| (row, column)))
        .map(|(row, column)| {
            let counts = all(row).flat_map(|row| all(column).map(move |column| count(row, column)));
            (vec![row, column], counts.sum())
        })
        .collect();
    table(
        &format!("s{version}"),
        &[("r", &NAMES), ("c", &NAMES)],
        &cells,
    )
}

/// A request beside many earlier releases, each of a version of its own.
fn many(root: &Path, lab: &Path, earlier: usize) -> Value {
    let mut house = House::new(root, lab);
    for version in 0..earlier {
        let one = checked(&house.lab, growing(version));
        house.release(&one.0, &one.1);
    }
    let new = checked(&house.lab, growing(earlier));
    let begin = Instant::now();
    let answer = house.request(0, &new.0, &new.1);
    let seconds = begin.elapsed().as_secs_f64();
    let mut value = told(answer);
    value["earlier"] = json!(earlier);
    value["figures"] = json!(121 * (earlier + 1));
    value["seconds"] = json!(seconds);
    value
}

fn main() {
    let mut words = std::env::args().skip(1);
    let lab = PathBuf::from(words.next().expect("the folder of a lab"));
    let earlier: usize = words.next().map_or(1000, |text| text.parse().unwrap());
    let fresh = || tempfile::tempdir().unwrap();
    let (one, two, three) = (fresh(), fresh(), fresh());
    let answer = json!({
        "three_outputs": three_outputs(one.path(), &lab),
        "one_person_smaller": one_person_smaller(two.path(), &lab),
        "many": many(three.path(), &lab, earlier),
    });
    println!("{answer:#}");
}
