//! A city of eight people in two quarters, with every expected row written out by hand.

use std::sync::LazyLock;

use wdl_base::Snapshot;
use wdl_vocab::Period;

use crate::city::{City, ask, build, lines, quarter, span};

/// What the first delivery says.
///
/// Household 10: a couple with a child of 5, who rent. Household 20: a woman of 70. Household 30: two unlinked students.
/// Record 8 lives in a convivenza; person 104 is written twice, the later position wins.
pub(crate) fn history() -> City {
    let mut city = City::default();
    city.deliver(
        "comune_residenti",
        "2025-Q4",
        "record person birth_month sex citizenship household relationship household_kind dwelling rione valid_from valid_to end_reason
         1 101 1985-04-01 F 100 10 IS F 500 R01 2018-02-01 - -
         2 102 1980-12-01 M 235 10 CG F 500 R01 2018-02-01 - -
         3 103 2020-10-01 F 100 10 FG F 500 R01 2020-10-15 - -
         4 104 1955-12-01 F 100 20 IS F 501 R05 2010-01-01 - -
         5 104 1955-12-01 F 100 40 IS F 503 R16 2009-01-01 - -
         6 - 2003-01-01 M 235 30 IS F 502 R09 2024-09-01 - -
         7 - 2004-01-01 M 100 30 AL F 502 R09 2024-09-01 - -
         8 108 1990-06-01 M 100 60 AL C - R02 2022-01-01 - -
         9 109 1970-06-01 M 100 70 IS F 504 R02 2015-01-01 2025-10-20 E",
    );
    city.deliver(
        "comune_alloggi",
        "2025-Q4",
        "record dwelling rione rooms area_m2 tenure valid_from valid_to
         1 500 R01 4.0 80.00 A 2010-01-01 -
         2 501 R05 3.0 60.00 P 2010-01-01 -
         3 502 R09 2.0 45.00 A 2010-01-01 -
         4 504 R02 2.0 50.00 V 2010-01-01 -",
    );
    city.deliver(
        "comune_contratti_affitto",
        "2025-Q4",
        "contract dwelling tenant contract_type rent_eur_month area_m2 valid_from valid_to
         1 500 102 L 700.00 75.00 2018-02-01 -
         2 502 - S 500.50 45.00 2024-09-01 -",
    );
    city.deliver(
        "comune_redditi",
        "2025-Q4",
        "record person reference_year taxable_income employment_income pension_income self_employment_income property_income
         1 101 2025 20000.01 20000.01 0.00 0.00 0.00
         2 102 2025 15000.00 15000.00 0.00 0.00 0.00
         3 102 2025 14000.00 14000.00 0.00 0.00 0.00
         4 101 2024 99.00 99.00 0.00 0.00 0.00",
    );
    city.deliver(
        "comune_aiuti",
        "2025-Q4",
        "record person household measure amount event_date
         1 101 10 utenze 50.10 2025-03-01
         2 102 10 utenze 20.00 2025-11-01
         3 104 - utenze 30.00 2025-05-01
         4 - - utenze 5.00 2025-05-02
         5 - - utenze 6.00 2025-05-02",
    );
    city.deliver(
        "comune_graduatoria_erp",
        "2025-Q4",
        "application person household valid_from valid_to outcome
         1 102 10 2024-01-10 2025-11-10 A
         2 109 70 2025-01-10 - -",
    );
    city.deliver(
        "comune_isee",
        "2025-Q4",
        "record declaration person event_date income_year isee ise scale members
         1 1 101 2025-02-01 2023 9000.00 18000.00 2.04 3
         2 2 101 2025-09-01 2023 8000.00 16000.00 2.04 3
         3 3 - 2025-09-01 2023 100.00 100.00 1.00 1",
    );
    city.deliver(
        "comune_sfratti",
        "2025-Q4",
        "record person dwelling kind reason event_date
         1 102 500 emesso morosita 2025-12-30
         2 109 504 eseguito morosita 2026-01-02",
    );
    city.deliver(
        "ausl_passi",
        "2025-Q4",
        "reference_year indicator economic_difficulty interviews share ci_low ci_high
         2025 salute_buona molte 50 0.5000 0.4000 0.6000
         2024 salute_buona molte 50 0.4000 0.3000 0.5000",
    );
    city
}

/// A second delivery: the woman of 70 dies in February.
pub(crate) fn with_second_quarter() -> City {
    let mut city = history();
    city.deliver(
        "comune_residenti",
        "2026-Q1",
        "record person birth_month sex citizenship household relationship household_kind dwelling rione valid_from valid_to end_reason
         4 104 1955-12-01 F 100 20 IS F 501 R05 2010-01-01 2026-02-10 D
         5 104 1955-12-01 F 100 40 IS F 503 R16 2009-01-01 2026-02-10 D",
    );
    city
}

/// The base of the second quarter, built once.
static BASE: LazyLock<(tempfile::TempDir, Snapshot)> = LazyLock::new(|| {
    let state = tempfile::tempdir().unwrap();
    let all = span("2025-Q3", "2026-Q1");
    let snapshot = build(&with_second_quarter(), all, state.path());
    (state, snapshot)
});

fn check(period: Period, query: &str, expected: &str) {
    assert_eq!(ask(&BASE.1, period, query), lines(expected), "{query}");
}

const PEOPLE: &str = "SELECT record, person, household, quartiere, age_years, citizenship_group, relationship, positions FROM base.person_period ORDER BY record";
const HOUSEHOLDS: &str = "SELECT household, members, minors, elders, has_foreign, citizenship_group, family_type, dwelling, quartiere, tenure FROM base.household_period ORDER BY household";

#[test]
fn people_before_an_end_was_delivered_and_after() {
    check(
        quarter("2025-Q3"),
        PEOPLE,
        "1 101 10 Q1 40 italiana IS 1
         2 102 10 Q1 44 ue CG 1
         3 103 10 Q1 4 italiana FG 1
         4 104 20 Q2 69 italiana IS 2
         6 - 30 Q3 22 ue IS 1
         7 - 30 Q3 21 italiana AL 1
         8 108 60 Q1 35 italiana AL 1
         9 109 70 Q1 55 italiana IS 1",
    );
    check(
        quarter("2025-Q4"),
        PEOPLE,
        "1 101 10 Q1 40 italiana IS 1
         2 102 10 Q1 45 ue CG 1
         3 103 10 Q1 5 italiana FG 1
         4 104 20 Q2 70 italiana IS 2
         6 - 30 Q3 22 ue IS 1
         7 - 30 Q3 21 italiana AL 1
         8 108 60 Q1 35 italiana AL 1",
    );
    check(
        quarter("2026-Q1"),
        PEOPLE,
        "1 101 10 Q1 40 italiana IS 1
         2 102 10 Q1 45 ue CG 1
         3 103 10 Q1 5 italiana FG 1
         6 - 30 Q3 23 ue IS 1
         7 - 30 Q3 22 italiana AL 1
         8 108 60 Q1 35 italiana AL 1",
    );
}

#[test]
fn households_have_their_type_and_their_dwelling() {
    check(
        quarter("2025-Q4"),
        HOUSEHOLDS,
        "10 3 1 0 true italiana coppia_con_figli 500 Q1 A
         20 1 0 1 false italiana sola_65plus 501 Q2 P
         30 2 0 0 true ue altro 502 Q3 A",
    );
    check(
        quarter("2026-Q1"),
        HOUSEHOLDS,
        "10 3 1 0 true italiana coppia_con_figli 500 Q1 A
         30 2 0 0 true ue altro 502 Q3 A",
    );
}

#[test]
fn dwellings_have_the_running_contract() {
    check(
        quarter("2025-Q4"),
        "SELECT dwelling, quartiere, tenure, area_m2, cadastral_area_m2, contract_type, rent_eur_month, contracts FROM base.dwelling_period ORDER BY dwelling",
        "500 Q1 A 75.00 80.00 L 700.00 1
         501 Q2 P 60.00 60.00 - - 0
         502 Q3 A 45.00 45.00 S 500.50 1
         504 Q1 V 50.00 50.00 - - 0",
    );
}

/// Household 10: 20,000.01 + 15,000.00 (the larger of two returns) over 1 + 0.5 + 0.3; household 30 is not seen at all.
#[test]
fn the_equivalised_income_of_a_household() {
    check(
        Period::Year(2025),
        "SELECT household, taxable_income, equivalence_scale, equivalised_taxable_income, members_15plus, members_15plus_with_return, members_unlinked, rent_eur_year, contract_type FROM base.household_year ORDER BY household",
        "10 35000.01 1.8 19444.45 2 2 0 8400.00 L
         20 0.00 1.0 0.00 1 0 0 - -
         30 - 1.5 - 2 0 2 6006.00 S",
    );
    check(
        Period::Year(2025),
        "SELECT record, has_return, taxable_income FROM base.person_year ORDER BY record",
        "1 true 20000.01
         2 true 15000.00
         3 false -
         4 false -
         6 false -
         7 false -
         8 false -",
    );
}

#[test]
fn lists_acts_and_aid() {
    check(
        quarter("2025-Q4"),
        "SELECT list, application, person, entered, citizenship_group FROM base.waiting_list_period",
        "erp 2 109 2025-01-10 italiana",
    );
    check(
        quarter("2025-Q3"),
        "SELECT list, application, citizenship_group FROM base.waiting_list_period ORDER BY application",
        "erp 1 ue
         erp 2 italiana",
    );
    check(
        quarter("2025-Q4"),
        "SELECT list, application, outcome, ended, days_waited FROM base.list_outcome",
        "erp 1 A 2025-11-10 670",
    );
    check(
        quarter("2026-Q1"),
        "SELECT record, kind, quartiere, citizenship_group FROM base.eviction",
        "2 eseguito Q1 italiana",
    );
    check(
        Period::Year(2025),
        "SELECT household, person, record, amount, payments, level FROM base.aid_year ORDER BY amount",
        "- - 4 5.00 1 comunale
         - - 5 6.00 1 comunale
         20 - - 30.00 1 comunale
         10 - - 70.10 2 comunale",
    );
    check(
        Period::Year(2025),
        "SELECT record, person, isee, quartiere FROM base.isee_year ORDER BY record",
        "2 101 8000.00 Q1
         3 - 100.00 -",
    );
    check(
        Period::Year(2025),
        "SELECT indicator, share FROM base.passi_year",
        "salute_buona 0.5000",
    );
}

/// Quarter 2026-Q1: household 10 goes whole to dwelling 510; 20 stands under the number 21; 101's family 30 splits, 303 leaving alone;
/// 40 goes whole into 50, which was there; of 60 two of three go to 61, and the third stays nowhere (he left the city).
#[test]
fn households_over_time() {
    let mut city = City::default();
    let head = "record person birth_month sex citizenship household relationship household_kind dwelling rione valid_from valid_to end_reason";
    let old = [
        (1, 101, 10, 500),
        (2, 102, 10, 500),
        (3, 201, 20, 501),
        (4, 301, 30, 502),
        (5, 302, 30, 502),
        (6, 303, 30, 502),
        (7, 401, 40, 503),
        (8, 501, 50, 504),
        (9, 601, 60, 505),
        (10, 602, 60, 505),
        (11, 603, 60, 505),
    ];
    let row = |(record, person, household, dwelling): (i64, i64, i64, i64),
               from: &str,
               to: &str,
               end: &str| {
        format!(
            "{record} {person} 1980-01-01 F 100 {household} IS F {dwelling} R01 {from} {to} {end}\n"
        )
    };
    let stands: String = old.map(|one| row(one, "2020-01-01", "-", "-")).concat();
    city.deliver("comune_residenti", "2025-Q4", &format!("{head}\n{stands}"));
    let ended = [0, 1, 2, 5, 6, 8, 9].map(|place| row(old[place], "2020-01-01", "2026-02-01", "V"));
    let left = row(old[10], "2020-01-01", "2026-02-01", "E");
    let new = [
        (21, 101, 10, 510),
        (22, 102, 10, 510),
        (23, 201, 21, 501),
        (26, 303, 31, 506),
        (27, 401, 50, 504),
        (29, 601, 61, 505),
        (30, 602, 61, 505),
    ];
    let begun = new.map(|one| row(one, "2026-02-01", "-", "-")).concat();
    let text = format!("{head}\n{}{left}{begun}", ended.concat());
    city.deliver("comune_residenti", "2026-Q1", &text);
    let state = tempfile::tempdir().unwrap();
    let base = build(&city, span("2025-Q4", "2026-Q1"), state.path());
    let query = "SELECT previous_household, household, event, passed, members_before, members_now FROM base.household_change ORDER BY previous_household, household";
    assert_eq!(ask(&base, quarter("2025-Q4"), query), "");
    assert_eq!(
        ask(&base, quarter("2026-Q1"), query),
        lines(
            "10 10 moved 2 2 2
             20 21 renumbered 1 1 1
             30 31 split 1 3 1
             40 50 merged 1 1 2
             60 61 passed_on 2 3 2"
        )
    );
}
