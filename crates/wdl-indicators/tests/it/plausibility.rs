//! Tests that a definition declares: what they refuse, what they let pass, and a part measured under the threshold of all.

use std::path::Path;

use wdl_indicators::{EvaluateError, Indicators, evaluate};
use wdl_result::{Draft, Table};
use wdl_vocab::{Diagnose, Lang, Period};

use crate::city::{City, context, definition, lab};

/// Sums of 60 invented people a year, between one and two million euro.
const SUM: &str = "frame: |\n  SELECT income AS value FROM base.person_year\n";

fn one(folder: &Path, own: &str) -> Indicators {
    lab(folder, &[("prova.yaml", definition("prova", own))]).unwrap()
}

fn run(own: &str) -> Result<Vec<Table>, EvaluateError> {
    let folder = tempfile::tempdir().unwrap();
    let indicators = one(folder.path(), own);
    let cache = folder.path().join("cache");
    let drafts = evaluate(
        indicators.get("prova").unwrap(),
        &City::new(),
        &context(),
        &cache,
    )?;
    Ok(drafts.into_iter().map(|Draft(table)| table).collect())
}

fn sum_with(tests: &str) -> Result<Vec<Table>, EvaluateError> {
    run(&format!(
        "statistic: sum\nperiod: year\ntests:\n{tests}{SUM}"
    ))
}

fn series() -> Vec<(Period, f64)> {
    let tables = run(&format!("statistic: sum\nperiod: year\n{SUM}")).unwrap();
    let cells = tables[0].cells.iter();
    cells
        .map(|cell| (cell.period, cell.estimate.unwrap()))
        .collect()
}

#[test]
fn figures_outside_the_range_are_refused_by_period_and_never_told() {
    let least = series()
        .iter()
        .map(|(_, sum)| *sum)
        .fold(f64::MAX, f64::min);
    let (at, _) = *series().iter().find(|(_, sum)| *sum == least).unwrap();
    sum_with("  - range: { from: 0, to: 100000000 }\n").unwrap();
    sum_with(&format!("  - range: {{ from: {least}, to: 100000000 }}\n")).unwrap();
    let fault = sum_with(&format!(
        "  - range: {{ from: {}, to: 100000000 }}\n",
        least.ceil() + 1.0
    ))
    .unwrap_err();
    let told = fault.diagnostic();
    assert_eq!(told.code.id, "WDL-I050");
    for lang in Lang::ALL {
        let text = told.render(lang);
        assert!(text.contains(&at.to_string()), "{text}");
        let figure = format!("{least:.2}");
        assert!(!text.contains(&figure), "{text}");
    }
}

#[test]
fn a_jump_is_refused_unless_it_is_justified_for_its_period() {
    let series = series();
    let jumps: Vec<(Period, f64)> = series
        .windows(2)
        .map(|pair| (pair[1].0, (pair[1].1 - pair[0].1).abs()))
        .collect();
    let (at, largest) = *jumps.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    let below = largest - 1.0;
    sum_with(&format!("  - change: {{ at_most: {} }}\n", largest + 1.0)).unwrap();
    let fault = sum_with(&format!("  - change: {{ at_most: {below} }}\n")).unwrap_err();
    let EvaluateError::Implausible { periods, .. } = fault else {
        panic!("{fault}");
    };
    assert_eq!(periods, [at]);
    let why = "reason: { it: \"un motivo\", en: \"a reason\" }";
    sum_with(&format!(
        "  - change: {{ at_most: {below} }}\n    justified:\n      - {{ period: {at}, {why} }}\n"
    ))
    .unwrap();
    // Another year's reason is none for this one.
    let other = jumps.iter().find(|(period, _)| *period != at).unwrap().0;
    sum_with(&format!(
        "  - change: {{ at_most: {below} }}\n    justified:\n      - {{ period: {other}, {why} }}\n"
    ))
    .unwrap_err();
    sum_with("  - change: { relative: 100 }\n").unwrap();
    sum_with("  - change: { relative: 0 }\n").unwrap_err();
}

#[test]
fn a_test_that_says_nothing_is_a_slip() {
    let folder = tempfile::tempdir().unwrap();
    for tests in [
        "  - { }\n",
        "  - range: { from: 2, to: 1 }\n",
        "  - change: { }\n",
        "  - change: { at_most: -1 }\n",
        "  - change: { at_most: 1, relative: 1 }\n",
        "  - range: { from: 0, to: .inf }\n",
        "  - range: { from: 0, to: 1 }\n    change: { at_most: 1 }\n",
        "  - change: { at_most: 1 }\n    justified: [{ period: 2020-Q1, reason: { it: a, en: a } }]\n",
        "  - change: { at_most: 1 }\n    justified: [{ period: 2020, reason: { it: \"\", en: a } }]\n",
    ] {
        let own = format!("statistic: sum\nperiod: year\ntests:\n{tests}{SUM}");
        let fault = lab(folder.path(), &[("prova.yaml", definition("prova", &own))]);
        let told = fault.map(|_| tests).unwrap_err().diagnostic();
        assert_eq!(told.code.id, "WDL-G005", "{tests}");
    }
}

#[test]
fn a_part_is_measured_under_the_threshold_of_all() {
    let city = City::new();
    let tables = run("statistic: arpr\nperiod: year\nframe: |\n  SELECT CASE WHEN citizenship_group = 'ue' THEN income END AS value,\n         income AS reference, household AS cluster\n  FROM base.person_year\n").unwrap();
    for cell in &tables[0].cells {
        let people = city.of(cell.period);
        let mut all: Vec<i64> = people.iter().filter_map(|one| one.cents).collect();
        all.sort_unstable();
        let middle = all.len() / 2;
        let twice = match all.len() % 2 {
            0 => all[middle - 1] + all[middle],
            _ => 2 * all[middle],
        };
        let part = people.iter().filter(|one| one.citizenship == "ue");
        let part: Vec<i64> = part.filter_map(|one| one.cents).collect();
        let poor = part.iter().filter(|cents| **cents * 20 < 6 * twice).count();
        assert_eq!(cell.n, Some(part.len() as u64));
        assert_eq!(cell.n_with, Some(poor as u64));
        assert_eq!(
            cell.estimate,
            Some(written(poor as f64 / part.len() as f64))
        );
    }
}

/// Fifteen digits, as tables have them.
fn written(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap()
}

#[test]
fn the_richest_have_what_the_others_have_not() {
    let of = |statistic: &str| {
        let own = format!("statistic: {statistic}\nperiod: year\n{SUM}");
        let tables = run(&own).unwrap();
        let cells: Vec<(f64, f64)> = tables[0]
            .cells
            .iter()
            .map(|cell| (cell.estimate.unwrap(), cell.standard_error.unwrap()))
            .collect();
        cells
    };
    for ((top, top_error), (rest, rest_error)) in of("top_share:0.1")
        .into_iter()
        .zip(of("share_of_total:0.9"))
    {
        assert!((top + rest - 1.0).abs() < 1e-12);
        assert!((top_error - rest_error).abs() < 1e-12);
        assert!(top > 0.1);
    }
}
