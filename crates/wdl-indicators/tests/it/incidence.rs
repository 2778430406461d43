//! An indicator of spells: against a slow implementation, and what it says when it cannot be computed.

use std::path::Path;

use wdl_indicators::evaluate;
use wdl_result::{Additivity, Draft, Status, Table};
use wdl_vocab::{Diagnose, Period};

use crate::city::{City, Person, context, definition, lab};

const HORIZON: i64 = 20;

/// Households are numbered, so that two spells last as long as the number of theirs plus one.
const FRAME: &str = "frame: |\n  SELECT quartiere, household AS cluster, household + 1 AS value, rents AS has_property, CASE WHEN household >= 20 THEN household - 20 END AS entry\n  FROM base.person_year\n";

fn table(own: &str, city: &City, folder: &Path) -> Vec<Table> {
    let indicators = lab(folder, &[("prova.yaml", definition("prova", own))]).unwrap();
    let prova = indicators.get("prova").unwrap();
    let drafts = evaluate(prova, city, &context(), &folder.join("cache")).unwrap();
    drafts.into_iter().map(|Draft(table)| table).collect()
}

fn slow(here: &[&Person]) -> f64 {
    let (mut lasting, mut incidence) = (1.0, 0.0);
    for day in 1..=HORIZON {
        let begun = |p: &&&Person| p.household < 20 || p.household - 20 < day;
        let at_risk = here.iter().filter(|p| p.household + 1 >= day).filter(begun);
        let at_risk = at_risk.count() as f64;
        let ended: Vec<_> = here.iter().filter(|p| p.household + 1 == day).collect();
        let of = |rents| ended.iter().filter(|p| p.rents == Some(rents)).count() as f64;
        incidence += lasting * of(true) / at_risk;
        lasting *= 1.0 - (of(true) + of(false)) / at_risk;
    }
    incidence
}

#[test]
fn every_cell_equals_the_slow_one() {
    let (folder, city) = (tempfile::tempdir().unwrap(), City::new());
    let own =
        format!("statistic: incidence:{HORIZON}\nperiod: year\nbreakdowns: [[quartiere]]\n{FRAME}");
    let tables = table(&own, &city, folder.path());
    assert_eq!(tables[0].header.statistic, "incidence:20/1");
    assert_eq!(tables[0].header.additivity, Additivity::Share);
    for year in [2020, 2021, 2022, 2023].map(Period::Year) {
        for quartiere in [None, Some("Q1"), Some("Q2")] {
            let people = city.of(year).iter();
            let is_here = |p: &&Person| quartiere.is_none() || p.quartiere == quartiere;
            let here: Vec<&Person> = people.filter(is_here).collect();
            let cell = match quartiere {
                None => tables[0].cell(year, &[]).unwrap(),
                some => tables[1].cell(year, &[some]).unwrap(),
            };
            let with = here
                .iter()
                .filter(|p| p.household < HORIZON && p.rents == Some(true));
            assert!((cell.estimate.unwrap() - slow(&here)).abs() < 1e-12);
            assert_eq!(cell.n, Some(here.len() as u64));
            assert_eq!(cell.n_with, Some(with.count() as u64));
            assert!(cell.standard_error.unwrap() > 0.0);
        }
    }
}

#[test]
fn what_nobody_was_followed_to_has_no_number() {
    let (folder, city) = (tempfile::tempdir().unwrap(), City::new());
    let lasting = FRAME.replace("rents AS", "CASE WHEN household < 20 THEN rents END AS");
    let own = format!("statistic: incidence:100\nperiod: year\n{lasting}");
    let tables = table(&own, &city, folder.path());
    let cell = tables[0].cell(Period::Year(2021), &[]).unwrap();
    assert_eq!(cell.status, Status::NotComputableUndefined);
    assert_eq!((cell.estimate, cell.standard_error), (None, None));
    let without = "statistic: incidence:20\nperiod: year\nframe: |\n  SELECT household AS value FROM base.person_year\n";
    let indicators = lab(
        folder.path(),
        &[("prova.yaml", definition("prova", without))],
    )
    .unwrap();
    let prova = indicators.get("prova").unwrap();
    let fault = evaluate(prova, &city, &context(), &folder.path().join("b")).unwrap_err();
    assert_eq!(fault.diagnostic().code.id, "WDL-I006", "{fault}");
}
