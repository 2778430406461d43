//! What the models see of findings that come late: two datasets written by hand, quarter after quarter.

use std::collections::{BTreeMap, BTreeSet};

use wdl_linkage::staged::{Cause, Facts, Input, Probe, Rows, Superseded};
use wdl_register::LinkRows;
use wdl_vocab::{DeliveryId, Digest, Period};

use super::carried::Carried;
use super::gather::Gathered;
use super::{Linkage, Persons, make};

/// A row: dataset, record, code (0 for none), token, first day, first day no more (0 while it holds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row(&'static str, i64, i64, i64, i32, i32);

/// A day of 2010: no later delivery may change it at once.
const OLD: i32 = 14_610;
/// A day of the third quarter of 2025: open to the deliveries up to the second quarter of 2026.
const RECENT: i32 = 20_300;
/// A day of the first quarter of 2026.
const NEW: i32 = 20_480;

const DATASETS: [&str; 2] = ["jobs", "registry"];

/// Deliveries, one per quarter from the fourth of 2025 on.
struct World(Vec<Vec<Row>>);

fn quarter_of(place: usize) -> Period {
    let first = Period::quarter(2025, 4);
    (0..place).fold(first, |period, _| period.next())
}

impl World {
    /// The rows of the first deliveries, as they are gathered from what they carried.
    fn gathered(&self, count: usize) -> Gathered {
        let mut gathered = Gathered {
            input: Input {
                probes: vec![Probe {
                    name: "names".to_owned(),
                    combination: 0,
                    is_plain: true,
                }],
                sources: Vec::new(),
                decisions: Vec::new(),
            },
            deliveries: Vec::new(),
            carried: Vec::new(),
            places: vec![vec![0]; DATASETS.len()],
            newest: Some(quarter_of(count - 1)),
        };
        for dataset in DATASETS {
            let mut versions: BTreeMap<i64, Vec<(u32, Row)>> = BTreeMap::new();
            let mut carried = Vec::new();
            for (place, rows) in self.0[..count].iter().enumerate() {
                let mut own: Vec<Row> = rows.iter().copied().filter(|r| r.0 == dataset).collect();
                own.sort_by_key(|row| row.1);
                for row in &own {
                    let versions = versions.entry(row.1).or_default();
                    versions.push((place as u32, *row));
                }
                let id = DeliveryId::parse(&format!("{dataset}-{place}")).unwrap();
                gathered.deliveries.push(id.clone());
                carried.push(Carried {
                    delivery: id,
                    period: quarter_of(place),
                    rows: LinkRows {
                        records: own.iter().map(|row| row.1).collect(),
                        persons: own.iter().map(|row| code(row.2)).collect(),
                        tokens: vec![own.iter().map(|row| code(row.3)).collect()],
                        encodings: Vec::new(),
                    },
                });
            }
            gathered.input.sources.push(rows(dataset, &versions));
            gathered.carried.push(carried);
        }
        gathered
    }

    /// The linkage of every quarter, each built on the one before or, `alone`, linked from nothing.
    fn linkages(&self, alone: bool) -> Vec<Linkage> {
        let mut all: Vec<Linkage> = Vec::new();
        for count in 1..=self.0.len() {
            let gathered = self.gathered(count);
            let newest = quarter_of(count - 1);
            let before = all.last().filter(|_| !super::revision::revises(newest));
            let before = before.map(|before| (before.clone(), quarter_of(count - 2)));
            let earlier = all.last().filter(|_| !alone);
            let terms = if alone { count as u8 } else { 0 };
            let terms = Digest::of(&[terms]);
            let input = Digest::of(&[count as u8]);
            let (linkage, _) = make(terms, input, &gathered, earlier, before.as_ref());
            all.push(linkage);
        }
        all
    }

    /// Whose a row without a code is and what a code is replaced by, quarter after quarter.
    fn seen(&self, dataset: &str, number: i64) -> Vec<Option<i64>> {
        let (grown, alone) = (self.linkages(false), self.linkages(true));
        for (grown, alone) in grown.iter().zip(&alone) {
            assert_eq!((&grown.state, &grown.held), (&alone.state, &alone.held));
        }
        let look = |linkage: Linkage| {
            let persons = Persons::of(linkage, None);
            match dataset {
                "code" => persons.replaced.get(&number).copied(),
                _ => persons.links.get(dataset)?.get(&number).copied(),
            }
        };
        grown.into_iter().map(look).collect()
    }
}

fn code(number: i64) -> Option<i64> {
    (number != 0).then_some(number)
}

fn rows(dataset: &str, versions: &BTreeMap<i64, Vec<(u32, Row)>>) -> Rows {
    let now: Vec<Row> = versions.values().map(|all| all[all.len() - 1].1).collect();
    let says = |row: &Row| (row.2, row.3);
    let first = |all: &Vec<(u32, Row)>| {
        let now = says(&all[all.len() - 1].1);
        all.iter().find(|one| says(&one.1) == now).unwrap().0
    };
    let mut superseded = Vec::new();
    for (row, all) in versions.values().enumerate() {
        let now = all[all.len() - 1].1;
        let before: BTreeSet<(i64, i64)> = all.iter().map(|one| says(&one.1)).collect();
        for (person, token) in before {
            if person != 0 && person != now.2 {
                superseded.push(Superseded {
                    row: row as u32,
                    person,
                    tokens: vec![code(token)],
                });
            }
        }
    }
    Rows {
        dataset: dataset.to_owned(),
        is_reference: dataset == "registry",
        records: now.iter().map(|row| row.1).collect(),
        persons: now.iter().map(|row| code(row.2)).collect(),
        deliveries: versions.values().map(first).collect(),
        facts: now
            .iter()
            .map(|row| Facts {
                from: Some(row.4),
                until: (row.5 != 0).then_some(row.5),
                ..Facts::default()
            })
            .collect(),
        tokens: vec![now.iter().map(|row| code(row.3)).collect()],
        encodings: Vec::new(),
        superseded,
    }
}

/// Four quarters after the first deliveries: with the last of them history is revised.
fn world(history: &[Row], later: [&[Row]; 4]) -> World {
    let mut all = vec![history.to_vec()];
    all.extend(later.map(<[Row]>::to_vec));
    World(all)
}

#[test]
fn a_late_link_changes_a_recent_row_at_once_and_an_old_one_with_the_fourth_quarter() {
    let history = [
        Row("jobs", 1, 0, 70, OLD, 0),
        Row("jobs", 2, 0, 70, RECENT, 0),
    ];
    let found = [Row("registry", 9, 500, 70, NEW, 0)];
    let world = world(&history, [&found, &[], &[], &[]]);
    let provisional = world.seen("jobs", 1)[0];
    assert!(provisional.is_some_and(|person| person != 500));
    // The old row stays with the person it was given when nobody had a code.
    let (was, is) = (provisional, Some(500));
    assert_eq!(world.seen("jobs", 1), [was, was, was, was, is]);
    assert_eq!(world.seen("jobs", 2), [was, is, is, is, is]);
}

#[test]
fn a_row_that_came_late_waits_too() {
    let history = [Row("registry", 9, 500, 70, OLD, 0)];
    let late = [Row("jobs", 1, 0, 70, OLD, 0), Row("jobs", 2, 0, 70, NEW, 0)];
    let world = world(&history, [&[], &late, &[], &[]]);
    let is = Some(500);
    assert_eq!(world.seen("jobs", 1), [None, None, None, None, is]);
    assert_eq!(world.seen("jobs", 2), [None, None, is, is, is]);
}

#[test]
fn a_link_that_is_taken_back_late_stands_until_the_fourth_quarter() {
    let history = [
        Row("registry", 9, 500, 70, OLD, 0),
        Row("jobs", 1, 0, 70, OLD, 0),
        Row("jobs", 2, 0, 70, RECENT, 0),
    ];
    let shared = [Row("registry", 10, 501, 70, NEW, 0)];
    let world = world(&history, [&[], &shared, &[], &[]]);
    let causes = world.linkages(false).pop().unwrap().state.doubts;
    assert!(causes.iter().any(|doubt| doubt.cause == Cause::SharedToken));
    let was = Some(500);
    assert_eq!(world.seen("jobs", 1), [was, was, was, was, None]);
    assert_eq!(world.seen("jobs", 2), [was, was, None, None, None]);
}

#[test]
fn a_code_that_is_replaced_late_waits_for_the_fourth_quarter() {
    let ended = |until| Row("registry", 9, 500, 70, OLD, until);
    let history = [ended(0), Row("registry", 11, 600, 80, RECENT, 0)];
    let next = [
        ended(NEW),
        Row("registry", 10, 501, 70, NEW, 0),
        Row("registry", 11, 600, 80, RECENT, NEW),
        Row("registry", 12, 601, 80, NEW, 0),
    ];
    let world = world(&history, [&next, &[], &[], &[]]);
    let is = Some(501);
    assert_eq!(world.seen("code", 500), [None, None, None, None, is]);
    let is = Some(601);
    assert_eq!(world.seen("code", 600), [None, is, is, is, is]);
}

#[test]
fn a_replaced_code_that_is_restored_late_stays_replaced_until_the_fourth_quarter() {
    let history = [
        Row("registry", 9, 500, 70, OLD, RECENT),
        Row("registry", 10, 501, 70, RECENT, 0),
    ];
    // A third code of the name: nobody knows any more whose it was.
    let third = [Row("registry", 11, 502, 70, NEW, 0)];
    let world = world(&history, [&[], &[], &third, &[]]);
    let was = Some(501);
    assert_eq!(world.seen("code", 500), [was, was, was, was, None]);
}

#[test]
fn what_a_body_corrects_counts_at_once_and_what_the_lab_finds_by_it_waits() {
    let history = [
        Row("registry", 9, 500, 70, OLD, 0),
        Row("registry", 10, 501, 71, OLD, 0),
        Row("jobs", 1, 0, 70, OLD, 0),
        Row("jobs", 2, 0, 70, OLD, 0),
    ];
    // The first row bears another name now; the second has its code.
    let corrected = [
        Row("jobs", 1, 0, 71, OLD, 0),
        Row("jobs", 2, 500, 70, OLD, 0),
    ];
    let world = world(&history, [&corrected, &[], &[], &[]]);
    let (was, is) = (Some(500), Some(501));
    assert_eq!(world.seen("jobs", 1), [was, None, None, None, is]);
    assert_eq!(world.seen("jobs", 2), [was, None, None, None, None]);
    let linkages = world.linkages(false);
    let held = linkages.iter().map(|one| one.held.rows.len());
    assert_eq!(held.collect::<Vec<usize>>(), [0, 1, 1, 1, 0]);
}
