//! An invented call for rent support, and areas that open a desk at different times.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use wdl_frame::{DataType, Field, Schema, Scope, TableName};
use wdl_study::{Context, Studies, Study};
use wdl_vocab::{Period, SnapshotId};

pub(crate) const CALL: &str = r#"
id: call
theme: casa
title: { it: Il contributo, en: The support }
question: { it: Il contributo evita sfratti?, en: Does the support avoid evictions? }
estimand: { it: Effetto alla soglia, en: Effect at the cut-off }
population: { it: Chi ha chiesto il contributo, en: Those who asked for the support }
treatment: { it: Il contributo, en: The support }
outcome:
  column: notice
  label: { it: Sfratto entro due anni, en: Eviction within two years }
  unit: share
  decimals: 1
  better: lower
arms:
  column: funded
  treated: { it: con il contributo, en: with the support }
  others: { it: senza, en: without }
n_label: { it: richieste, en: applications }
n_unit: acts
period: { last: 2025 }
key: [application]
frame: |
  SELECT application, distance, funded, age, origin
  FROM base.call
outcomes: |
  SELECT application, notice FROM base.call
design:
  method: rd
  options: { running: distance, cutoff: 0 }
assumptions:
  - { it: Nessuno sceglie il punteggio, en: Nobody chooses the score }
robustness:
  - id: uniform
    label: { it: altro peso, en: another kernel }
    options: { kernel: uniform }
  - id: difference
    label: { it: differenza semplice, en: plain difference }
    method: regression
    options: { treatment: [funded] }
    estimate: funded
subgroups:
  - column: origin
    label: { it: origine, en: origin }
    values:
      a: { it: qui, en: here }
      b: { it: altrove, en: elsewhere }
      c: { it: lontano, en: far away }
checks:
  - id: density
    label: { it: densità, en: density }
    method: rd-density
    options: { running: distance, cutoff: 0 }
    figure: p
  - id: age
    label: { it: età, en: age }
    method: rd
    options: { outcome: age, running: distance, cutoff: 0 }
power:
  method: power
  basis: { it: deviazione 0.4, en: deviation 0.4 }
  options: { design: discontinuity, deviation: 0.4 }
cost: { each: "1500.00", source: { it: bilancio, en: budget } }
tables: [effects, p_values, sample, means, checks]
how: { it: Si confrontano vicini, en: Neighbours are compared }
for_whom: { it: Chi è alla soglia, en: Those at the cut-off }
limits:
  - { it: Chi ne è lontano, en: Those far away }
source: { it: prova, en: test }
coverage: { it: tutti, en: all }
"#;

/// The studies of a folder that holds one file.
pub(crate) fn read(name: &str, text: &str) -> Result<Studies, wdl_study::StudyError> {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), name, text);
    Studies::read(folder.path())
}

pub(crate) fn put(lab: &Path, name: &str, text: &str) {
    std::fs::create_dir_all(lab.join("studies")).unwrap();
    std::fs::write(lab.join("studies").join(name), text).unwrap();
}

pub(crate) fn call(text: &str) -> Study {
    let studies = read("call.yaml", text).unwrap_or_else(|fault| panic!("{fault}"));
    studies.get("call").unwrap().clone()
}

/// A stream of numbers between 0 and 1, the same every time.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The columns of the call: so many rows, of which the last few are of origin `c`.
pub(crate) struct Call {
    pub(crate) application: Vec<i64>,
    pub(crate) distance: Vec<f64>,
    pub(crate) funded: Vec<i64>,
    pub(crate) age: Vec<f64>,
    pub(crate) origin: Vec<String>,
    pub(crate) notice: Vec<Option<i64>>,
}

pub(crate) fn rows(count: usize, of_c: usize) -> Call {
    let mut chance = Chance(7);
    let mut call = Call {
        application: Vec::new(),
        distance: Vec::new(),
        funded: Vec::new(),
        age: Vec::new(),
        origin: Vec::new(),
        notice: Vec::new(),
    };
    for at in 0..count {
        let distance = 2.0 * chance.next() - 1.0;
        let funded = i64::from(distance >= 0.0);
        let risk = 0.45 - 0.1 * distance - 0.25 * funded as f64;
        // Beyond what a float tells apart: ids must be joined as they are.
        call.application.push(9_007_199_254_740_993 + at as i64);
        call.distance.push(distance);
        call.funded.push(funded);
        call.age.push((30.0 + 30.0 * chance.next()).round());
        let origin = match (at >= count - of_c, chance.next() < 0.6) {
            (true, _) => "c",
            (false, true) => "a",
            (false, false) => "b",
        };
        call.origin.push(origin.to_owned());
        call.notice.push(match at % 50 {
            49 => None,
            _ => Some(i64::from(chance.next() < risk)),
        });
    }
    call
}

pub(crate) fn scope_of(table: &str, columns: Vec<(&str, ArrayRef)>) -> Scope {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(schema.clone(), arrays).unwrap();
    let mut scope = Scope::of(Period::Year(2025));
    scope
        .put(&TableName::new("base", table), schema, vec![batch])
        .unwrap();
    scope
}

/// The base with the call, with or without the column of the outcome.
pub(crate) fn scope(call: &Call, has_outcome: bool) -> Scope {
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        (
            "application",
            Arc::new(Int64Array::from(call.application.clone())),
        ),
        (
            "distance",
            Arc::new(Float64Array::from(call.distance.clone())),
        ),
        ("funded", Arc::new(Int64Array::from(call.funded.clone()))),
        ("age", Arc::new(Float64Array::from(call.age.clone()))),
        ("origin", Arc::new(StringArray::from(call.origin.clone()))),
    ];
    if has_outcome {
        columns.push(("notice", Arc::new(Int64Array::from(call.notice.clone()))));
    }
    assert!(
        columns
            .iter()
            .all(|(_, own)| *own.data_type() != DataType::Null)
    );
    scope_of("call", columns)
}

pub(crate) fn context() -> Context {
    Context {
        synthetic: true,
        data_date: "2026-10-05".to_owned(),
        code_version: "0.1.0".to_owned(),
        snapshot: SnapshotId::parse("5a").unwrap(),
        inputs: Vec::new(),
        on: "2026-11-05T10:00:00Z".to_owned(),
        registration: None,
        is_read_before: false,
        smallest_group: 5,
    }
}

pub(crate) const DESK: &str = r#"
id: desk
theme: casa
title: { it: Lo sportello, en: The desk }
question: { it: Lo sportello riduce gli sfratti?, en: Does the desk reduce evictions? }
estimand: { it: Effetto medio nei rioni con lo sportello, en: Mean effect in the areas with the desk }
population: { it: Famiglie in affitto, en: Renting households }
treatment: { it: Lo sportello, en: The desk }
outcome:
  column: rate
  label: { it: Sfratti ogni cento famiglie, en: Evictions per hundred households }
  unit: ratio
  decimals: 2
  better: lower
arms:
  column: adopts
  treated: { it: rioni con lo sportello, en: areas with the desk }
  others: { it: rioni senza, en: areas without }
n_label: { it: famiglie, en: households }
n_unit: households
period: { last: 2025 }
key: [area, quarter]
unit: area
behind: { units: renting, events: notices }
frame: |
  SELECT area, quarter, first_quarter, adopts, renting FROM base.area
outcomes: |
  SELECT area, quarter, rate, notices FROM base.area
design:
  method: did
  options: { unit: area, period: quarter, first-treated: first_quarter, draws: 0 }
assumptions: []
checks:
  - id: before
    label: { it: andamenti prima, en: trends before }
    of: main
    figure: pre_trend_p_value
tables: [effects, p_values, times, sample, checks]
how: { it: Prima e dopo, en: Before and after }
for_whom: { it: I rioni con lo sportello, en: The areas with the desk }
limits: []
source: { it: prova, en: test }
coverage: { it: tutti, en: all }
"#;

/// Sixteen areas over ten quarters; six open the desk in the fourth, four in the seventh. `few` is how many notices the areas of the second cohort have in a quarter.
pub(crate) fn areas(few: i64) -> Scope {
    let mut chance = Chance(3);
    let (mut area, mut quarter, mut first, mut adopts) = (vec![], vec![], vec![], vec![]);
    let (mut renting, mut rate, mut notices) = (vec![], vec![], vec![]);
    for at in 0..16 {
        let own = match at {
            ..6 => Some(4),
            6..10 => Some(7),
            _ => None,
        };
        for time in 1..=10 {
            let is_on = own.is_some_and(|own| time >= own);
            let events = match own {
                Some(7) if is_on => few,
                _ => 12 + (4.0 * chance.next()) as i64 - 5 * i64::from(is_on),
            };
            area.push(format!("r{at}"));
            quarter.push(time);
            first.push(own);
            adopts.push(i64::from(own.is_some()));
            renting.push(300 + at);
            notices.push(events);
            rate.push(100.0 * events as f64 / (300 + at) as f64 + 0.1 * chance.next());
        }
    }
    scope_of(
        "area",
        vec![
            ("area", Arc::new(StringArray::from(area))),
            ("quarter", Arc::new(Int64Array::from(quarter))),
            ("first_quarter", Arc::new(Int64Array::from(first))),
            ("adopts", Arc::new(Int64Array::from(adopts))),
            ("renting", Arc::new(Int64Array::from(renting))),
            ("rate", Arc::new(Float64Array::from(rate))),
            ("notices", Arc::new(Int64Array::from(notices))),
        ],
    )
}
