//! Incomes, rents and ISEE, from the definitions for people.

use super::city::City;
use super::day::{Day, Period};
use super::errors::{Everybody, Person};
use super::figures::{at_home, not_collected, plan, share, with_coverage};
use super::housing::{self, FamilyYear};
use super::measures;
use super::people;
use super::table::{Cell, Figures, Measure, Plan, Unit};

/// The highest ISEE for the national measure against poverty at the end of a year, in cents.
///
/// D.L. 4/2019, art. 2, and D.L. 48/2023, art. 2: 9,360 euro; from 2025, L. 207/2024: 10,140 euro.
fn isee_limit(year: i32) -> i64 {
    match year {
        ..2025 => 936_000,
        _ => 1_014_000,
    }
}

/// The first year with such a measure.
const FIRST_ISEE_LIMIT: i32 = 2019;

const THRESHOLD: Plan = plan("at_risk_of_poverty_threshold", &[]);
const RATE: Plan = plan(
    "at_risk_of_poverty_rate",
    &[
        &["quartiere"],
        &["citizenship_group"],
        &["family_type"],
        &["quartiere", "citizenship_group"],
    ],
);
const GAP: Plan = plan("poverty_gap", &[&["citizenship_group"], &["family_type"]]);
const RATIO: Plan = plan(
    "income_quintile_share_ratio",
    &[&["quartiere"], &["citizenship_group"]],
);
const GINI: Plan = plan("gini", &[&["quartiere"], &["citizenship_group"]]);

/// The incomes of units that have one, sorted.
fn sorted_cents(units: &[&Unit]) -> Vec<i64> {
    let mut cents: Vec<i64> = units.iter().filter_map(|unit| unit.cents).collect();
    cents.sort_unstable();
    cents
}

/// What a measure is asked of: a cell of the city.
struct Asked<'a> {
    everybody: &'a Everybody,
    ten_thresholds: i64,
    /// The incomes of the cell, sorted.
    cents: &'a [i64],
    /// The numbers of its persons.
    persons: &'a [usize],
}

/// A measure and its standard error.
type Measured = (Option<f64>, Option<f64>);

fn threshold(asked: &Asked<'_>) -> Measured {
    // In whole euro: sixty hundredths of the median can be those of one family's exact income.
    let euro = asked.ten_thresholds as f64 / 1_000.0;
    (Some(euro.round()), asked.everybody.of_threshold())
}

fn rate(asked: &Asked<'_>) -> Measured {
    let poor = measures::poor(asked.cents, asked.ten_thresholds).len();
    let rate = poor as f64 / asked.cents.len() as f64;
    let is_there = !asked.cents.is_empty();
    (
        is_there.then_some(rate),
        asked.everybody.of_rate(asked.persons),
    )
}

fn gap(asked: &Asked<'_>) -> Measured {
    let gap = measures::gap(asked.cents, asked.ten_thresholds);
    (gap, asked.everybody.of_gap(asked.persons))
}

fn quintile_ratio(asked: &Asked<'_>) -> Measured {
    let ratio = measures::quintile_ratio(asked.cents);
    (ratio, asked.everybody.of_ratio(asked.persons, asked.cents))
}

fn gini(asked: &Asked<'_>) -> Measured {
    let gini = measures::gini(asked.cents);
    let error = gini.and_then(|gini| asked.everybody.of_gini(asked.persons, gini));
    (gini, error)
}

/// An indicator and how it is measured.
type Way = (&'static Plan, fn(&Asked<'_>) -> Measured);

/// The measures of income; of the rate alone the poor are counted.
const MEASURES: [Way; 5] = [
    (&THRESHOLD, threshold),
    (&RATE, rate),
    (&GAP, gap),
    (&RATIO, quintile_ratio),
    (&GINI, gini),
];

/// Everybody in a family, each with the family's equivalised income.
pub(super) fn incomes(
    city: &City,
    year: Period,
    families: &[FamilyYear<'_>],
    figures: &mut Figures,
) {
    let (mut units, mut persons) = (Vec::new(), Vec::new());
    for (number, of_year) in families.iter().enumerate() {
        for member in &of_year.family.members {
            let unit = at_home(city, Some(member));
            let mut unit = unit.at("family_type", Some(of_year.family.family_type.to_owned()));
            unit.cents = of_year.equivalised_cents;
            unit.serial = persons.len();
            units.push(unit);
            persons.push(Person {
                family: number,
                cents: of_year.equivalised_cents,
            });
        }
    }
    if !housing::has_returns(city, year.year) {
        for (plan, _) in MEASURES {
            figures.add(&city.codes, plan, year, &units, &not_collected);
        }
        return;
    }
    let all: Vec<&Unit> = units.iter().collect();
    let ten_thresholds = measures::ten_thresholds(&sorted_cents(&all)).unwrap();
    let everybody = Everybody::new(persons, families.len(), ten_thresholds).unwrap();
    for (plan, measure) in MEASURES {
        let measured = |units: &[&Unit]| {
            let cents = sorted_cents(units);
            let persons: Vec<usize> = units.iter().map(|unit| unit.serial).collect();
            let (value, error) = measure(&Asked {
                everybody: &everybody,
                ten_thresholds,
                cents: &cents,
                persons: &persons,
            });
            let poor = measures::poor(&cents, ten_thresholds).len() as u64;
            let cell = Cell {
                is_collected: true,
                value,
                standard_error: error.filter(|_| value.is_some()),
                n: cents.len() as u64,
                n_with: (plan.indicator == RATE.indicator).then_some(poor),
                coverage: None,
            };
            with_coverage(cell, units)
        };
        figures.add(&city.codes, plan, year, &units, &measured);
    }
}

const BURDEN_30: Plan = plan(
    "rent_burden_over_30",
    &[&["quartiere"], &["citizenship_group"], &["family_type"]],
);
const BURDEN_40: Plan = plan(
    "rent_burden_over_40",
    &[&["quartiere"], &["citizenship_group"], &["family_type"]],
);

pub(super) fn rent_burden(
    city: &City,
    year: Period,
    families: &[FamilyYear<'_>],
    figures: &mut Figures,
) {
    for (plan, percent) in [(&BURDEN_30, 30), (&BURDEN_40, 40)] {
        let mut renting = Vec::new();
        for of_year in families {
            let Some(rent) = of_year.rent_cents.filter(|rent| *rent > 0) else {
                continue;
            };
            let unit = at_home(city, Some(of_year.family.speaker));
            let mut unit = unit.at("family_type", Some(of_year.family.family_type.to_owned()));
            let is_seen = of_year.equivalised_cents.is_some();
            unit.has = is_seen.then(|| rent * 100 > of_year.taxable_cents * percent);
            renting.push(unit);
        }
        let covered = |units: &[&Unit]| with_coverage(share(units), units);
        let measure: &Measure<'_> = match housing::has_returns(city, year.year) {
            true => &covered,
            false => &not_collected,
        };
        figures.add(&city.codes, plan, year, &renting, measure);
    }
}

const ISEE: Plan = plan(
    "isee_below_limit",
    &[&["quartiere"], &["citizenship_group"]],
);

/// Residents of 31 December by their last ISEE of the year.
pub(super) fn isee(city: &City, year: Period, figures: &mut Figures) {
    if year.year < FIRST_ISEE_LIMIT {
        return;
    }
    let mut persons = Vec::new();
    for resident in people::residents(city, year.last_day()) {
        let mut unit = at_home(city, Some(resident));
        let isee = resident
            .person
            .as_deref()
            .and_then(|person| last_isee(city, person, year));
        unit.has = isee.map(|cents| cents <= isee_limit(year.year));
        persons.push(unit);
    }
    let covered = |units: &[&Unit]| with_coverage(share(units), units);
    figures.add(&city.codes, &ISEE, year, &persons, &covered);
}

fn last_isee(city: &City, person: &str, year: Period) -> Option<i64> {
    let mut last: Option<(Day, i64, &str)> = None;
    for one in &city.isee {
        if one.person.as_deref() != Some(person) || !year.holds(one.day) {
            continue;
        }
        if let Some((day, cents, declaration)) = last {
            let is_decided = day != one.day || cents == one.isee_cents;
            assert!(
                is_decided,
                "{declaration} and {}: the definition does not say which is the last",
                one.declaration
            );
        }
        if last.is_none_or(|(day, ..)| one.day > day) {
            last = Some((one.day, one.isee_cents, &one.declaration));
        }
    }
    last.map(|(_, cents, _)| cents)
}
