//! Every indicator of the lab, from its definition for people: this file has the calendar, the ways of counting, people and homes.

use super::city::{City, Position};
use super::day::Period;
use super::errors;
use super::evictions;
use super::homes;
use super::housing;
use super::incomes::{self, History};
use super::lists;
use super::people;
use super::poverty;
use super::risk;
use super::support;
use super::table::{Cell, Figures, Plan, Unit};
use super::welfare;
use super::work;

/// All figures of the city.
pub(crate) fn figures(city: &City) -> Figures {
    let mut figures = Figures::default();
    for quarter in Period::quarters() {
        population(city, quarter, &mut figures);
        rented(city, quarter, &mut figures);
        waiting(city, quarter, &mut figures);
        acts_of_eviction(city, quarter, &mut figures);
        homes::stock(city, quarter, &mut figures);
        homes::families(city, quarter, &mut figures);
        lists::quarter(city, quarter, &mut figures);
        evictions::quarter(city, quarter, &mut figures);
        work::of_quarter(city, quarter, &mut figures);
    }
    let mut history = History::default();
    for year in Period::years() {
        let families = housing::families_of_year(city, year.year);
        incomes::incomes(city, year, &families, &mut history, &mut figures);
        poverty::rent_burden(city, year, &families, &mut figures);
        poverty::isee(city, year, &mut figures);
        welfare::isee(city, year, &mut figures);
        risk::renting(city, year, &families, &mut figures);
        risk::after_risk(city, year, &mut figures);
        risk::after_rent(city, year, &families, &mut figures);
        homes::minimum_area(city, year, &families, &mut figures);
        lists::year(city, year, &mut figures);
        evictions::year(city, year, &mut figures);
        support::aid(city, year, &families, &mut figures);
        welfare::aid(city, year, &families, &mut figures);
        support::rent_support(city, year, &mut figures);
        support::passi(city, year, &mut figures);
        welfare::health(city, year, &mut figures);
        work::of_year(city, year, &mut figures);
        work::accidents(city, year, &history, &mut figures);
    }
    figures
}

/// An indicator with a plain series.
pub(super) const fn plan(
    indicator: &'static str,
    breakdowns: &'static [&'static [&'static str]],
) -> Plan {
    Plan {
        indicator,
        breakdowns,
        has_total: true,
    }
}

pub(super) fn count(units: &[&Unit]) -> Cell {
    Cell {
        is_collected: true,
        value: Some(units.len() as f64),
        standard_error: None,
        n: units.len() as u64,
        n_with: None,
        coverage: None,
    }
}

pub(super) fn not_collected(_: &[&Unit]) -> Cell {
    Cell {
        is_collected: false,
        value: None,
        standard_error: None,
        n: 0,
        n_with: None,
        coverage: None,
    }
}

pub(super) fn sum(units: &[&Unit]) -> Cell {
    let cents: i64 = units.iter().filter_map(|unit| unit.cents).sum();
    Cell {
        value: Some(cents as f64 / 100.0),
        ..count(units)
    }
}

/// The mean of a part of so many units.
pub(super) fn mean(units: &[&Unit], of: usize) -> Cell {
    let numbers: Vec<f64> = units.iter().filter_map(|unit| unit.number).collect();
    let is_there = !numbers.is_empty();
    Cell {
        value: is_there.then(|| numbers.iter().sum::<f64>() / numbers.len() as f64),
        standard_error: errors::of_mean(&numbers, of).filter(|_| is_there),
        ..count(units)
    }
}

pub(super) fn share(units: &[&Unit]) -> Cell {
    let known = units.iter().filter(|unit| unit.has.is_some()).count();
    let with = units.iter().filter(|unit| unit.has == Some(true)).count();
    Cell {
        is_collected: true,
        value: (known > 0).then(|| with as f64 / known as f64),
        standard_error: None,
        n: known as u64,
        n_with: Some(with as u64),
        coverage: None,
    }
}

/// The share of units that are known, in whole percent.
pub(super) fn with_coverage(cell: Cell, units: &[&Unit]) -> Cell {
    let share = cell.n as f64 / units.len() as f64;
    Cell {
        coverage: (!units.is_empty()).then(|| (share * 100.0).round() / 100.0),
        ..cell
    }
}

pub(super) fn at_home(city: &City, position: Option<&Position>) -> Unit {
    Unit::new()
        .at(
            "quartiere",
            position.and_then(|one| city.quartiere_of(&one.rione)),
        )
        .at(
            "citizenship_group",
            position.and_then(|one| city.group_of(one)),
        )
}

const RESIDENTS: Plan = plan(
    "residents",
    &[
        &["quartiere"],
        &["citizenship_group"],
        &["quartiere", "citizenship_group"],
    ],
);
const FAMILIES: Plan = plan(
    "families",
    &[
        &["quartiere"],
        &["family_type"],
        &["citizenship_group"],
        &["quartiere", "family_type"],
    ],
);

fn population(city: &City, quarter: Period, figures: &mut Figures) {
    let on = quarter.last_day();
    let residents = people::residents(city, on);
    let persons: Vec<Unit> = residents
        .iter()
        .map(|one| at_home(city, Some(one)))
        .collect();
    figures.add(&city.codes, &RESIDENTS, quarter, &persons, &count);
    let mut units = Vec::new();
    for family in people::families(&residents, on) {
        let unit = at_home(city, Some(family.speaker));
        units.push(unit.at("family_type", Some(family.family_type.to_owned())));
    }
    figures.add(&city.codes, &FAMILIES, quarter, &units, &count);
}

const RENTED: Plan = plan(
    "rented_dwellings",
    &[&["contract_type"], &["contract_type", "quartiere"]],
);
const RENT: Plan = plan("rent_per_m2", &[&["contract_type"], &["quartiere"]]);

fn rented(city: &City, quarter: Period, figures: &mut Figures) {
    let (mut rented, mut rents) = (Vec::new(), Vec::new());
    for home in housing::homes(city, quarter.last_day()).into_values() {
        let Some(contract) = home.contract else {
            continue;
        };
        let unit = || {
            Unit::new()
                .at("contract_type", Some(contract.contract_type.clone()))
                .at("quartiere", home.quartiere.clone())
        };
        rented.push(unit());
        if contract.rent_cents_month > 0 && home.area_hundredths > 0 {
            let mut unit = unit();
            unit.number = Some(contract.rent_cents_month as f64 / home.area_hundredths as f64);
            rents.push(unit);
        }
    }
    figures.add(&city.codes, &RENTED, quarter, &rented, &count);
    let all = rents.len();
    figures.add(&city.codes, &RENT, quarter, &rents, &|units| {
        mean(units, all)
    });
}

const WAITING: Plan = plan(
    "housing_waiting_list",
    &[&["list"], &["list", "citizenship_group"]],
);
const ALLOCATIONS: Plan = plan("housing_allocations", &[&["list"]]);

fn waiting(city: &City, quarter: Period, figures: &mut Figures) {
    let on = quarter.last_day();
    let (mut waiting, mut allocated) = (Vec::new(), Vec::new());
    for application in &city.applications {
        let list = || Some(application.list.to_owned());
        if application.episode.holds(on) {
            let known = people::last_known(city, application.person.as_deref(), on);
            waiting.push(at_home(city, known).at("list", list()));
        }
        let has_ended = application.episode.to.is_some_and(|to| quarter.holds(to));
        if has_ended && application.outcome == "A" {
            allocated.push(Unit::new().at("list", list()));
        }
    }
    figures.add(&city.codes, &WAITING, quarter, &waiting, &count);
    figures.add(&city.codes, &ALLOCATIONS, quarter, &allocated, &count);
}

const EVICTIONS: Plan = plan(
    "evictions",
    &[
        &["kind"],
        &["kind", "citizenship_group"],
        &["kind", "quartiere"],
    ],
);

fn acts_of_eviction(city: &City, quarter: Period, figures: &mut Figures) {
    let on = quarter.last_day();
    let homes = housing::homes(city, on);
    let mut acts = Vec::new();
    for act in &city.evictions {
        if !quarter.holds(act.day) {
            continue;
        }
        let known = people::last_known(city, act.person.as_deref(), on);
        let home = act
            .dwelling
            .as_deref()
            .and_then(|dwelling| homes.get(dwelling));
        let unit = Unit::new()
            .at("kind", Some(act.kind.clone()))
            .at("quartiere", home.and_then(|home| home.quartiere.clone()))
            .at(
                "citizenship_group",
                known.and_then(|one| city.group_of(one)),
            );
        acts.push(unit);
    }
    figures.add(&city.codes, &EVICTIONS, quarter, &acts, &count);
}
