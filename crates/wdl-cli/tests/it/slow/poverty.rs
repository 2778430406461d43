//! Rents and ISEE, from the definitions for people.

use super::city::City;
use super::day::{Day, Period};
use super::figures::{at_home, not_collected, plan, share, with_coverage};
use super::housing::{self, FamilyYear};
use super::people;
use super::table::{Figures, Measure, Plan, Unit};

/// The highest ISEE for the national measure against poverty at the end of a year, in cents.
///
/// D.L. 4/2019, art. 2, and D.L. 48/2023, art. 2: 9,360 euro; from 2025, L. 207/2024: 10,140 euro.
pub(super) fn isee_limit(year: i32) -> i64 {
    match year {
        ..2025 => 936_000,
        _ => 1_014_000,
    }
}

/// The first year with such a measure.
pub(super) const FIRST_ISEE_LIMIT: i32 = 2019;

const BURDEN_25: Plan = plan(
    "rent_burden_over_25",
    &[&["contract_type"], &["family_type"]],
);
const BURDEN_30: Plan = plan(
    "rent_burden_over_30",
    &[
        &["quartiere"],
        &["citizenship_group"],
        &["family_type"],
        &["contract_type"],
    ],
);
const BURDEN_40: Plan = plan(
    "rent_burden_over_40",
    &[
        &["quartiere"],
        &["citizenship_group"],
        &["family_type"],
        &["contract_type"],
    ],
);

pub(super) fn rent_burden(
    city: &City,
    year: Period,
    families: &[FamilyYear<'_>],
    figures: &mut Figures,
) {
    for (plan, percent) in [(&BURDEN_25, 25), (&BURDEN_30, 30), (&BURDEN_40, 40)] {
        let mut renting = Vec::new();
        for of_year in families {
            let Some(rent) = of_year.rent_cents.filter(|rent| *rent > 0) else {
                continue;
            };
            let unit = at_home(city, Some(of_year.family.speaker));
            let mut unit = unit
                .at("family_type", Some(of_year.family.family_type.to_owned()))
                .at("contract_type", of_year.contract_type.clone());
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

pub(super) fn last_isee(city: &City, person: &str, year: Period) -> Option<i64> {
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
