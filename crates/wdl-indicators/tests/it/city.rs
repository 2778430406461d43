//! A tiny invented city: a lab folder with a few definitions, and a base in memory.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{ArrayRef, BooleanArray, Decimal128Array, Int64Array, StringArray};
use wdl_frame::{RecordBatch, Scope, TableName};
use wdl_indicators::{Base, BaseFault, Context, Indicators, Span};
use wdl_result::{Category, Input};
use wdl_vocab::{Digest, Period, SnapshotId, Text};

/// One person of the city in a year.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) quartiere: Option<&'static str>,
    pub(crate) citizenship: &'static str,
    pub(crate) household: i64,
    pub(crate) cents: Option<i64>,
    pub(crate) rents: Option<bool>,
}

/// Invented people, the same for the same seed.
pub(crate) fn people(seed: u64, count: u64) -> Vec<Person> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..count)
        .map(|place| Person {
            quartiere: [Some("Q1"), Some("Q2"), Some("Q1"), None][next(4) as usize],
            citizenship: ["italiana", "ue", "non_ue"][next(3) as usize],
            household: (place / 2) as i64,
            cents: (next(5) > 0).then(|| next(4_000_000) as i64),
            rents: (next(6) > 0).then(|| next(3) == 0),
        })
        .collect()
}

/// A base in memory that counts how often it is asked for tables.
pub(crate) struct City {
    pub(crate) years: Vec<(i16, Vec<Person>)>,
    pub(crate) asked: AtomicUsize,
}

impl City {
    pub(crate) fn new() -> City {
        let years = (2020..2024).map(|year| (year, people(year as u64, 60)));
        City {
            years: years.collect(),
            asked: AtomicUsize::new(0),
        }
    }

    pub(crate) fn of(&self, period: Period) -> &[Person] {
        let found = self.years.iter().find(|(year, _)| *year == period.year());
        &found.unwrap().1
    }
}

fn person_year() -> TableName {
    TableName::new("base", "person_year")
}

fn batch(people: &[Person]) -> RecordBatch {
    let text = |value: &dyn Fn(&Person) -> Option<&'static str>| -> ArrayRef {
        Arc::new(people.iter().map(value).collect::<StringArray>())
    };
    let money: Decimal128Array = people.iter().map(|p| p.cents.map(i128::from)).collect();
    let households: Int64Array = people.iter().map(|p| Some(p.household)).collect();
    let rents: BooleanArray = people.iter().map(|p| p.rents).collect();
    RecordBatch::try_from_iter([
        ("quartiere", text(&|p| p.quartiere)),
        ("citizenship_group", text(&|p| Some(p.citizenship))),
        ("household", Arc::new(households) as ArrayRef),
        (
            "income",
            Arc::new(money.with_precision_and_scale(14, 2).unwrap()),
        ),
        ("rents", Arc::new(rents)),
    ])
    .unwrap()
}

impl Base for City {
    fn id(&self) -> SnapshotId {
        SnapshotId::parse("tiny").unwrap()
    }

    fn periods(&self, span: Span) -> Vec<Period> {
        let years = self.years.iter().map(|(year, _)| *year);
        match span {
            Span::Year => years
                .map(Period::Year)
                .chain([Period::Year(2024)])
                .collect(),
            Span::Quarter => years
                .flat_map(|year| (1..=4).map(move |quarter| Period::quarter(year, quarter)))
                .chain([Period::quarter(2024, 1)])
                .collect(),
        }
    }

    fn scope(&self, tables: &BTreeSet<TableName>, period: Period) -> Result<Scope, BaseFault> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        assert_eq!(tables.iter().collect::<Vec<_>>(), [&person_year()]);
        let batch = batch(self.of(period));
        let mut scope = Scope::of(period);
        scope
            .put(&person_year(), batch.schema(), vec![batch])
            .unwrap();
        Ok(scope)
    }

    fn inputs(&self, _: &BTreeSet<TableName>, period: Period) -> Vec<Input> {
        vec![Input {
            table: person_year().to_string(),
            digest: Digest::of(format!("{:?}", self.of(period)).as_bytes()),
            deliveries: vec!["d1".into()],
        }]
    }
}

pub(crate) fn context() -> Context {
    Context {
        synthetic: true,
        data_date: "2024-05-05".into(),
        code_version: "0.0.0".into(),
    }
}

pub(crate) const DIMENSIONS: &str = "
dimensions:
  - id: quartiere
    label: { it: Quartiere, en: District }
    code_list: quartieri
  - id: citizenship_group
    label: { it: Cittadinanza, en: Citizenship }
    categories:
      - { id: italiana, label: { it: italiana, en: Italian } }
      - { id: ue, label: { it: UE, en: EU } }
      - { id: non_ue, label: { it: non UE, en: non-EU } }
";

/// A definition with these lines of its own; no line begins with a blank line.
pub(crate) fn definition(id: &str, own: &str) -> String {
    let words: String = [
        "title",
        "definition",
        "source",
        "population",
        "n_label",
        "coverage",
        "uncertainty",
    ]
    .iter()
    .map(|key| format!("{key}: {{ it: \"x\", en: \"x\" }}\n"))
    .collect();
    format!(
        "id: {id}\ntheme: poverta\nunit: share\ndecimals: 1\nobservable_from: register\n{words}{own}"
    )
}

/// Writes a lab folder and reads it.
pub(crate) fn lab(
    folder: &Path,
    files: &[(&str, String)],
) -> Result<Indicators, wdl_indicators::DefinitionError> {
    std::fs::create_dir_all(folder.join("indicators")).unwrap();
    std::fs::write(folder.join("dimensions.yaml"), DIMENSIONS).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join("indicators").join(name), text).unwrap();
    }
    let quartieri = |id: &str| Category {
        id: id.into(),
        label: Text::new(id, id),
    };
    let lists = |name: &str| (name == "quartieri").then(|| vec![quartieri("Q1"), quartieri("Q2")]);
    Indicators::read_with(folder, &lists, &["quartieri", "rioni"])
}
