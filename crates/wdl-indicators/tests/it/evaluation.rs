//! Evaluation on a tiny base against a slow and obvious implementation; caching; determinism.

use std::path::Path;
use std::sync::atomic::Ordering;

use wdl_indicators::{Indicator, Indicators, evaluate};
use wdl_result::{Additivity, Draft, Status, Table, Unit};
use wdl_vocab::{Diagnose, Period};

use crate::city::{City, Person, context, definition, lab};

const BREAKDOWNS: &str = "breakdowns:\n  - [quartiere]\n  - [quartiere, citizenship_group]\n";
const FRAME: &str = "frame: |\n  SELECT quartiere, citizenship_group, household AS cluster, income AS value, rents AS has_property\n  FROM base.person_year\n";

fn indicators(folder: &Path) -> Indicators {
    let statistics = [
        "count", "share", "sum", "mean", "median", "arpr", "qsr", "gini",
    ];
    let mut files: Vec<(String, String)> = statistics
        .iter()
        .map(|name| {
            let own = format!(
                "statistic: {name}\nperiod: year\ncoverage_measured: true\n{BREAKDOWNS}{FRAME}"
            );
            (format!("{name}.yaml"), definition(name, &own))
        })
        .collect();
    let own = format!("statistic: arpt\nperiod: year\nfrom: 2021\n{FRAME}");
    files.push(("arpt.yaml".into(), definition("arpt", &own)));
    let own = format!(
        "statistic: count\nperiod: year\n{FRAME}collected: |\n  SELECT $year >= 2022 AS collected FROM base.person_year\n"
    );
    files.push(("tardi.yaml".into(), definition("tardi", &own)));
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.clone()))
        .collect();
    lab(folder, &files).unwrap()
}

fn tables(indicator: &Indicator, city: &City, folder: &Path) -> Vec<Table> {
    let drafts = evaluate(indicator, city, &context(), &folder.join("cache")).unwrap();
    drafts.into_iter().map(|Draft(table)| table).collect()
}

/// What a statistic is, on a handful of people, as one would write it down at first.
fn slow(name: &str, everybody: &[Person], here: &[&Person]) -> Option<f64> {
    let incomes = |people: &[&Person]| {
        let mut incomes: Vec<f64> = people
            .iter()
            .filter_map(|p| p.cents)
            .map(|c| c as f64 / 100.0)
            .collect();
        incomes.sort_by(f64::total_cmp);
        incomes
    };
    let quantile = |x: &[f64], tenths: usize| {
        let place = x.len() * tenths;
        match (x.is_empty(), place % 10) {
            (true, _) => None,
            (false, 0) => Some((x[place / 10 - 1] + x[place / 10]) / 2.0),
            (false, _) => Some(x[place / 10]),
        }
    };
    let x = incomes(here);
    let n = x.len() as f64;
    match name {
        "count" => Some(here.len() as f64),
        "share" => {
            let asked: Vec<bool> = here.iter().filter_map(|p| p.rents).collect();
            let with = asked.iter().filter(|rents| **rents).count();
            (!asked.is_empty()).then(|| with as f64 / asked.len() as f64)
        }
        "sum" => Some(x.iter().sum()),
        "mean" => (n > 0.0).then(|| x.iter().sum::<f64>() / n),
        // Given as it is shown, with one decimal of the percent here: nobody's exact amount.
        "median" => quantile(&x, 5).map(|x| (x * 1_000.0).round() / 1_000.0),
        "arpr" => {
            let all: Vec<&Person> = everybody.iter().collect();
            let line = 0.6 * quantile(&incomes(&all), 5)?;
            (n > 0.0).then(|| x.iter().filter(|x| **x < line).count() as f64 / n)
        }
        "qsr" => {
            let (low, high) = (quantile(&x, 2)?, quantile(&x, 8)?);
            let lower: f64 = x.iter().filter(|x| **x <= low).sum();
            let upper: f64 = x.iter().filter(|x| **x > high).sum();
            (lower > 0.0 && upper > 0.0).then(|| upper / lower)
        }
        "gini" => {
            let pairs: f64 = x
                .iter()
                .flat_map(|a| x.iter().map(move |b| (a - b).abs()))
                .sum();
            (n > 0.0).then(|| pairs / (2.0 * n * x.iter().sum::<f64>()))
        }
        other => panic!("no slow {other}"),
    }
}

fn is_here(person: &Person, table: &Table, keys: &[Option<String>]) -> bool {
    table
        .dimensions
        .iter()
        .zip(keys)
        .all(|(dimension, key)| match key {
            None => true,
            Some(key) if dimension.id == "quartiere" => {
                person.quartiere.unwrap_or("unknown") == key
            }
            Some(key) => person.citizenship == key,
        })
}

#[test]
fn every_cell_equals_the_slow_one() {
    let (folder, city) = (tempfile::tempdir().unwrap(), City::new());
    let indicators = indicators(folder.path());
    for name in [
        "count", "share", "sum", "mean", "median", "arpr", "qsr", "gini",
    ] {
        let tables = tables(indicators.get(name).unwrap(), &city, folder.path());
        let names: Vec<String> = tables.iter().map(Table::breakdown).collect();
        assert_eq!(names, ["total", "quartiere", "quartiere-citizenship_group"]);
        for table in &tables {
            // Three quartieri with the unknown one and their total; three groups of citizenship and theirs.
            let per_period = [1, 4, 16][table.dimensions.len()];
            assert_eq!(
                table.cells.len(),
                4 * per_period,
                "{name} {}",
                table.breakdown()
            );
            for cell in &table.cells {
                let everybody = city.of(cell.period);
                let here: Vec<&Person> = everybody
                    .iter()
                    .filter(|p| is_here(p, table, &cell.keys))
                    .collect();
                let want = slow(name, everybody, &here);
                match (cell.estimate, want) {
                    (Some(got), Some(want)) => {
                        assert!(
                            (got - want).abs() <= 1e-9 * want.abs().max(1.0),
                            "{name} {cell:?} {want}"
                        );
                    }
                    (got, want) => assert_eq!(got, want, "{name} {cell:?}"),
                }
            }
        }
    }
}

#[test]
fn cells_carry_their_counts_and_errors() {
    let (folder, city) = (tempfile::tempdir().unwrap(), City::new());
    let indicators = indicators(folder.path());
    let year = Period::Year(2021);
    let people = city.of(year);
    let of = |name: &str| tables(indicators.get(name).unwrap(), &city, folder.path());

    let rate = &of("arpr")[0];
    let cell = rate.cell(year, &[]).unwrap();
    let with_income = people.iter().filter(|p| p.cents.is_some()).count();
    assert_eq!(rate.header.additivity, Additivity::Share);
    assert_eq!(rate.header.statistic, "arpr/1");
    assert_eq!(cell.n, Some(with_income as u64));
    assert_eq!(
        cell.n_with.unwrap() as f64 / with_income as f64,
        cell.estimate.unwrap()
    );
    let whole_percent = (100.0 * with_income as f64 / 60.0).round() / 100.0;
    assert_eq!(cell.coverage, Some(whole_percent));
    assert!(
        cell.standard_error
            .is_some_and(|error| error > 0.01 && error < 0.2)
    );

    let share = &of("share")[1];
    let cell = share.cell(year, &[Some("Q2")]).unwrap();
    let here = people.iter().filter(|p| p.quartiere == Some("Q2"));
    let asked: Vec<bool> = here.filter_map(|p| p.rents).collect();
    assert_eq!(cell.n, Some(asked.len() as u64));
    assert_eq!(
        cell.n_with,
        Some(asked.iter().filter(|rents| **rents).count() as u64)
    );
    assert_eq!(cell.standard_error, None);
    assert_eq!(share.dimensions[0].categories.last().unwrap().id, "unknown");
}

#[test]
fn cells_are_sorted_total_first() {
    let (folder, city) = (tempfile::tempdir().unwrap(), City::new());
    let indicators = indicators(folder.path());
    let table = &tables(indicators.get("count").unwrap(), &city, folder.path())[1];
    let first: Vec<Option<&str>> = table
        .cells
        .iter()
        .take(5)
        .map(|cell| cell.keys[0].as_deref())
        .collect();
    assert_eq!(first, [None, Some("Q1"), Some("Q2"), Some("unknown"), None]);
    assert!(table.cells.is_sorted_by_key(|cell| cell.period));
}

#[test]
fn years_that_are_not_there_say_why() {
    let (folder, city) = (tempfile::tempdir().unwrap(), City::new());
    let indicators = indicators(folder.path());
    let late = &tables(indicators.get("tardi").unwrap(), &city, folder.path())[0];
    let status: Vec<Status> = late.cells.iter().map(|cell| cell.status).collect();
    assert_eq!(
        status,
        [
            Status::NotCollected,
            Status::NotCollected,
            Status::Value,
            Status::Value
        ]
    );
    assert!(late.cells[0].n.is_none() && late.cells[0].estimate.is_none());
    let threshold = &tables(indicators.get("arpt").unwrap(), &city, folder.path())[0];
    let years: Vec<Period> = threshold.periods();
    assert_eq!(
        years,
        [2021, 2022, 2023].map(Period::Year),
        "from 2021, and 2024 is not over"
    );
}

#[test]
fn a_period_that_did_not_change_is_not_computed_again() {
    let (folder, mut city) = (tempfile::tempdir().unwrap(), City::new());
    let indicators = indicators(folder.path());
    let indicator = indicators.get("gini").unwrap();
    let first = tables(indicator, &city, folder.path());
    assert_eq!(city.asked.load(Ordering::SeqCst), 4);
    assert_eq!(
        tables(indicator, &city, folder.path()),
        first,
        "read back byte for byte"
    );
    assert_eq!(city.asked.load(Ordering::SeqCst), 4);
    city.years[3].1[0].cents = Some(123_456);
    let changed = tables(indicator, &city, folder.path());
    assert_eq!(city.asked.load(Ordering::SeqCst), 5, "one year only");
    assert_ne!(changed, first);
    let before: Vec<_> = first[0].cells[..3].to_vec();
    assert_eq!(changed[0].cells[..3], before[..]);
}

#[test]
fn a_source_s_numbers_are_taken_over_without_total() {
    let (folder, city) = (tempfile::tempdir().unwrap(), City::new());
    let own = "statistic: given\nperiod: year\nbreakdowns: [[citizenship_group]]\nframe: |\n  SELECT citizenship_group, 0.25 AS value, COUNT(*) AS n, 0.01 AS standard_error\n  FROM base.person_year\n  WHERE citizenship_group <> 'ue'\n  GROUP BY citizenship_group\n";
    let indicators = lab(folder.path(), &[("prova.yaml", definition("prova", own))]).unwrap();
    let tables = tables(indicators.get("prova").unwrap(), &city, folder.path());
    assert_eq!(tables.len(), 1, "no plain series");
    // Who has the share and its base has the number with the property: it must be protected.
    assert_eq!(tables[0].header.unit, Unit::Share);
    assert_eq!(tables[0].header.additivity, Additivity::Share);
    let cell = |key: Option<&str>| tables[0].cell(Period::Year(2022), &[key]).unwrap().clone();
    let (all, italian, eu, other) = (
        cell(None),
        cell(Some("italiana")),
        cell(Some("ue")),
        cell(Some("non_ue")),
    );
    assert_eq!(
        (italian.estimate, italian.standard_error),
        (Some(0.25), Some(0.01))
    );
    assert_eq!(
        (all.estimate, all.status),
        (None, Status::NotComputableUndefined)
    );
    assert_eq!(all.n, Some(italian.n.unwrap() + other.n.unwrap()));
    assert_eq!((eu.n, eu.status), (Some(0), Status::NotComputableEmpty));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (folder, city) = (tempfile::tempdir().unwrap(), City::new());
    let indicators = indicators(folder.path());
    for indicator in indicators.list() {
        let here = tables(indicator, &city, &folder.path().join("a"));
        let alone = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .unwrap();
        let there = alone.install(|| tables(indicator, &city, &folder.path().join("b")));
        for (a, b) in here.iter().zip(&there) {
            assert_eq!(a.digest(), b.digest());
            let text = serde_json::to_string(a).unwrap();
            let again: Table = serde_json::from_str(&text).unwrap();
            assert_eq!(again.digest(), a.digest(), "read back from its JSON");
        }
    }
}

#[test]
fn a_frame_that_does_not_fit_is_told() {
    let (folder, city) = (tempfile::tempdir().unwrap(), City::new());
    let check = |own: &str, code: &str| {
        let indicators = lab(folder.path(), &[("prova.yaml", definition("prova", own))]).unwrap();
        let cache = folder.path().join("cache");
        let fault =
            evaluate(indicators.get("prova").unwrap(), &city, &context(), &cache).unwrap_err();
        assert_eq!(fault.diagnostic().code.id, code, "{fault}");
    };
    check(
        "statistic: mean\nperiod: year\nframe: SELECT quartiere FROM base.person_year\n",
        "WDL-I006",
    );
    check(
        "statistic: sum\nperiod: year\nframe: SELECT quartiere FROM base.person_year\n",
        "WDL-I006",
    );
    check(
        "statistic: count\nperiod: year\nbreakdowns: [[quartiere]]\nframe: SELECT citizenship_group AS quartiere FROM base.person_year\n",
        "WDL-I007",
    );
    check(
        "statistic: mean\nperiod: year\nframe: SELECT income AS value, -1 AS weight FROM base.person_year\n",
        "WDL-I009",
    );
    let dated = "statistic: share\nperiod: year\nparameters:\n  - name: limite\n    label: { it: x, en: x }\n    values:\n      - { from: 2022-01-01, value: 1.00, source: { it: b, en: b } }\nframe: |\n  SELECT income < {limite} AS has_property FROM base.person_year\n";
    check(dated, "WDL-I008");
}
