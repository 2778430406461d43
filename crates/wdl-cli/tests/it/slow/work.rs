//! Work: contracts, months worked, unemployment, accidents, from the definitions for people.

use std::collections::{BTreeMap, BTreeSet};

use super::city::City;
use super::day::{Day, Period};
use super::errors::{Everybody, Person};
use super::figures::{at_home, count, mean, not_collected, plan, share, with_coverage};
use super::housing;
use super::incomes::History;
use super::measures;
use super::people;
use super::table::{Cell, Figures, Measure, Plan, Unit};
use super::welfare;

/// In how many months of a year each person had a contract on at least one day; the day of the end is no longer worked.
pub(super) fn months_by_person(city: &City, year: Period) -> BTreeMap<&str, usize> {
    let mut worked: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for job in &city.jobs {
        let Some(person) = job.person.as_deref() else {
            continue;
        };
        for month in 1..=12 {
            let first = Day {
                month,
                ..year.first_day()
            };
            let next = match month {
                12 => Day {
                    year: year.year + 1,
                    month: 1,
                    day: 1,
                },
                _ => Day {
                    month: month + 1,
                    ..first
                },
            };
            let begins = job.episode.from < next;
            let lasts = job
                .episode
                .to
                .is_none_or(|to| to > first && to > job.episode.from);
            if begins && lasts {
                worked.entry(person).or_default().insert(month);
            }
        }
    }
    let months = worked.into_iter();
    months
        .map(|(person, months)| (person, months.len()))
        .collect()
}

const MONTHS: Plan = plan("months_worked", &[&["sex"], &["citizenship_group"]]);
const SHORT: Plan = plan("short_work_year", &[&["sex"], &["citizenship_group"]]);
const EMPLOYED: Plan = plan(
    "employed_residents",
    &[&["sex"], &["citizenship_group"], &["quartiere"]],
);

/// Residents of working age on 31 December by their contracts.
pub(super) fn of_year(city: &City, year: Period, figures: &mut Figures) {
    let on = year.last_day();
    let months = months_by_person(city, year);
    let employed: BTreeSet<&str> = city
        .jobs
        .iter()
        .filter(|job| job.episode.holds(on))
        .filter_map(|job| job.person.as_deref())
        .collect();
    let (mut all, mut workers) = (Vec::new(), Vec::new());
    for resident in people::residents(city, on) {
        if !(18..65).contains(&on.age_of(resident.born)) {
            continue;
        }
        let unit = || at_home(city, Some(resident)).at("sex", Some(resident.sex.clone()));
        let person = resident.person.as_deref();
        let mut own = unit();
        own.has = Some(person.is_some_and(|person| employed.contains(person)));
        all.push(own);
        // Months worked are counted from 20 years of age.
        let months = person.and_then(|person| months.get(person));
        if let Some(months) = months.filter(|_| on.age_of(resident.born) >= 20) {
            let mut worker = unit();
            worker.number = Some(*months as f64);
            worker.has = Some(*months <= 6);
            workers.push(worker);
        }
    }
    figures.add(&city.codes, &EMPLOYED, year, &all, &share);
    let of = workers.len();
    figures.add(&city.codes, &MONTHS, year, &workers, &|units| {
        mean(units, of)
    });
    figures.add(&city.codes, &SHORT, year, &workers, &share);
}

const FIXED: Plan = plan("fixed_term_contracts", &[&["sex"], &["citizenship_group"]]);
const ENDED: Plan = plan("contracts_ended", &[&["employment_type"]]);
const REGISTERED: Plan = plan(
    "unemployment_registrations",
    &[&["sex"], &["citizenship_group"]],
);
const LONG: Plan = plan(
    "unemployment_long_term",
    &[&["sex"], &["citizenship_group"]],
);
const DURATION: Plan = plan("unemployment_duration", &[]);

/// Contracts and registrations of a quarter.
pub(super) fn of_quarter(city: &City, quarter: Period, figures: &mut Figures) {
    let on = quarter.last_day();
    let residents = people::residents(city, on);
    let mut known = BTreeMap::new();
    for resident in &residents {
        if let Some(person) = resident.person.as_deref() {
            known.insert(person, *resident);
        }
    }
    let resident = |person: Option<&str>| person.and_then(|person| known.get(person)).copied();
    let (mut running, mut ended) = (Vec::new(), Vec::new());
    for job in &city.jobs {
        if let (true, Some(own)) = (job.episode.holds(on), resident(job.person.as_deref())) {
            let mut unit = at_home(city, Some(own)).at("sex", Some(own.sex.clone()));
            unit.has = Some(job.kind == "TD" || job.kind == "SO");
            running.push(unit);
        }
        if job.episode.to.is_some_and(|to| quarter.holds(to)) {
            ended.push(Unit::new().at("employment_type", Some(job.kind.clone())));
        }
    }
    figures.add(&city.codes, &FIXED, quarter, &running, &share);
    figures.add(&city.codes, &ENDED, quarter, &ended, &count);
    let mut registered = Vec::new();
    for registration in &city.registrations {
        if registration.episode.holds(on) {
            let own = resident(registration.person.as_deref());
            let mut unit = at_home(city, own).at("sex", own.map(|own| own.sex.clone()));
            let days = on.days_since(registration.episode.from);
            unit.has = Some(days >= 365);
            // A hundredfold, as the measures take amounts in cents.
            unit.cents = Some(days * 100);
            unit.serial = registered.len();
            registered.push(unit);
        }
    }
    figures.add(&city.codes, &REGISTERED, quarter, &registered, &count);
    figures.add(&city.codes, &LONG, quarter, &registered, &share);
    figures.add(&city.codes, &DURATION, quarter, &registered, &median);
}

/// The median in whole units, each unit drawn by itself.
fn median(units: &[&Unit]) -> Cell {
    let persons: Vec<Person> = units
        .iter()
        .enumerate()
        .map(|(family, unit)| Person {
            family,
            cents: unit.cents,
        })
        .collect();
    let mut cents: Vec<i64> = units.iter().filter_map(|unit| unit.cents).collect();
    cents.sort_unstable();
    let all: Vec<usize> = (0..persons.len()).collect();
    let twice = measures::twice_quantile(&cents, 1, 2);
    let everybody = Everybody::new(persons, units.len(), 6);
    Cell {
        value: twice.map(|twice| (twice as f64 / 200.0).round()),
        standard_error: everybody.and_then(|one| one.of_quantile(&all, &cents, (1, 2))),
        ..count(units)
    }
}

const ACCIDENTS: Plan = plan(
    "accidents",
    &[
        &["accident_status"],
        &["accident_place"],
        &["accident_kind"],
    ],
);
const POOR: Plan = plan("injured_at_risk_of_poverty", &[]);
const AIDED: Plan = plan("injured_aided", &[]);

/// Accidents of a year, and the families of the injured.
pub(super) fn accidents(city: &City, year: Period, history: &History, figures: &mut Figures) {
    let residents = people::residents(city, year.last_day());
    let helped = welfare::families_helped(city, year, &|own| city.codes.is_economic_aid(own));
    let (mut all, mut poor, mut aided) = (Vec::new(), Vec::new(), Vec::new());
    for accident in &city.accidents {
        if !year.holds(accident.day) {
            continue;
        }
        let place = if accident.place == "036023" {
            "in_city"
        } else {
            "elsewhere"
        };
        all.push(
            Unit::new()
                .at("accident_status", Some(accident.status.clone()))
                .at("accident_kind", Some(accident.kind.clone()))
                .at("accident_place", Some(place.to_owned())),
        );
        let Some(person) = accident.person.as_deref() else {
            continue;
        };
        let own = residents
            .iter()
            .find(|one| one.person.as_deref() == Some(person) && one.is_family);
        let Some(household) = own.and_then(|own| own.household.as_deref()) else {
            continue;
        };
        let mut unit = Unit::new();
        unit.has = history.seen(year.year, person).flatten();
        poor.push(unit);
        let mut unit = Unit::new();
        unit.has = Some(helped.contains(household));
        aided.push(unit);
    }
    figures.add(&city.codes, &ACCIDENTS, year, &all, &count);
    let covered = |units: &[&Unit]| with_coverage(share(units), units);
    let measure: &Measure<'_> = match housing::has_returns(city, year.year) {
        true => &covered,
        false => &not_collected,
    };
    figures.add(&city.codes, &POOR, year, &poor, measure);
    figures.add(&city.codes, &AIDED, year, &aided, &share);
}
