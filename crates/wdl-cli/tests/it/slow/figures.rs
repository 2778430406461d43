//! Every indicator of the lab, from its definition for people.

use super::city::{City, Codes, Position};
use super::day::{Day, Period};
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

/// All figures of the city.
pub(crate) fn figures(city: &City) -> Figures {
    let mut figures = Figures::default();
    for quarter in Period::quarters() {
        population(city, quarter, &mut figures);
        homes(city, quarter, &mut figures);
        lists(city, quarter, &mut figures);
        evictions(city, quarter, &mut figures);
    }
    for year in Period::years() {
        let families = housing::families_of_year(city, year.year);
        incomes(city, year, &families, &mut figures);
        rent_burden(city, year, &families, &mut figures);
        isee(city, year, &mut figures);
        aid(city, year, &families, &mut figures);
        rent_support(city, year, &mut figures);
        passi(city, year, &mut figures);
    }
    figures
}

/// An indicator with a plain series.
const fn plan(
    indicator: &'static str,
    breakdowns: &'static [&'static [&'static str]],
) -> Plan {
    Plan {
        indicator,
        breakdowns,
        has_total: true,
    }
}

fn count(units: &[&Unit]) -> Cell {
    Cell {
        is_collected: true,
        value: Some(units.len() as f64),
        n: units.len() as u64,
        n_with: None,
        coverage: None,
    }
}

fn not_collected(_: &[&Unit]) -> Cell {
    Cell {
        is_collected: false,
        value: None,
        n: 0,
        n_with: None,
        coverage: None,
    }
}

fn sum(units: &[&Unit]) -> Cell {
    let cents: i64 = units.iter().filter_map(|unit| unit.cents).sum();
    Cell {
        value: Some(cents as f64 / 100.0),
        ..count(units)
    }
}

fn mean(units: &[&Unit]) -> Cell {
    let numbers: f64 = units.iter().filter_map(|unit| unit.number).sum();
    Cell {
        value: (!units.is_empty()).then(|| numbers / units.len() as f64),
        ..count(units)
    }
}

fn share(units: &[&Unit]) -> Cell {
    let known = units.iter().filter(|unit| unit.has.is_some()).count();
    let with = units.iter().filter(|unit| unit.has == Some(true)).count();
    Cell {
        is_collected: true,
        value: (known > 0).then(|| with as f64 / known as f64),
        n: known as u64,
        n_with: Some(with as u64),
        coverage: None,
    }
}

/// The share of units that are known, in whole percent.
fn with_coverage(cell: Cell, units: &[&Unit]) -> Cell {
    let share = cell.n as f64 / units.len() as f64;
    Cell {
        coverage: (!units.is_empty()).then(|| (share * 100.0).round() / 100.0),
        ..cell
    }
}

fn at_home(city: &City, position: Option<&Position>) -> Unit {
    Unit::new()
        .at("quartiere", position.and_then(|one| city.quartiere_of(&one.rione)))
        .at("citizenship_group", position.and_then(|one| city.group_of(one)))
}

const RESIDENTS: Plan = plan(
    "residents",
    &[&["quartiere"], &["citizenship_group"], &["quartiere", "citizenship_group"]],
);
const FAMILIES: Plan = plan(
    "families",
    &[&["quartiere"], &["family_type"], &["citizenship_group"], &["quartiere", "family_type"]],
);

fn population(city: &City, quarter: Period, figures: &mut Figures) {
    let on = quarter.last_day();
    let residents = people::residents(city, on);
    let persons: Vec<Unit> = residents.iter().map(|one| at_home(city, Some(one))).collect();
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

fn homes(city: &City, quarter: Period, figures: &mut Figures) {
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
    figures.add(&city.codes, &RENT, quarter, &rents, &mean);
}

const WAITING: Plan = plan(
    "housing_waiting_list",
    &[&["list"], &["list", "citizenship_group"]],
);
const ALLOCATIONS: Plan = plan("housing_allocations", &[&["list"]]);

fn lists(city: &City, quarter: Period, figures: &mut Figures) {
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
    &[&["kind"], &["kind", "citizenship_group"], &["kind", "quartiere"]],
);

fn evictions(city: &City, quarter: Period, figures: &mut Figures) {
    let on = quarter.last_day();
    let homes = housing::homes(city, on);
    let mut acts = Vec::new();
    for act in &city.evictions {
        if !quarter.holds(act.day) {
            continue;
        }
        let known = people::last_known(city, act.person.as_deref(), on);
        let home = act.dwelling.as_deref().and_then(|dwelling| homes.get(dwelling));
        let unit = Unit::new()
            .at("kind", Some(act.kind.clone()))
            .at("quartiere", home.and_then(|home| home.quartiere.clone()))
            .at("citizenship_group", known.and_then(|one| city.group_of(one)));
        acts.push(unit);
    }
    figures.add(&city.codes, &EVICTIONS, quarter, &acts, &count);
}

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

/// Everybody in a family, each with the family's equivalised income.
fn incomes(city: &City, year: Period, families: &[FamilyYear<'_>], figures: &mut Figures) {
    let mut persons = Vec::new();
    for of_year in families {
        for member in &of_year.family.members {
            let unit = at_home(city, Some(member));
            let mut unit = unit.at("family_type", Some(of_year.family.family_type.to_owned()));
            unit.cents = of_year.equivalised_cents;
            persons.push(unit);
        }
    }
    let everybody: Vec<&Unit> = persons.iter().collect();
    let threshold = measures::ten_thresholds(&sorted_cents(&everybody));
    let is_collected = housing::has_returns(city, year.year);
    let mut measure = |plan: &Plan, of: &dyn Fn(&[i64]) -> Option<f64>, has_poor: bool| {
        let measured = |units: &[&Unit]| {
            let cents = sorted_cents(units);
            let poor = threshold.map(|limit| measures::poor(&cents, limit).len() as u64);
            let cell = Cell {
                is_collected: true,
                value: of(&cents),
                n: cents.len() as u64,
                n_with: poor.filter(|_| has_poor),
                coverage: None,
            };
            with_coverage(cell, units)
        };
        let measured: &Measure<'_> = if is_collected { &measured } else { &not_collected };
        figures.add(&city.codes, plan, year, &persons, measured);
    };
    let in_euro = |limit: i64| limit as f64 / 1_000.0;
    measure(&THRESHOLD, &|_| threshold.map(in_euro), false);
    measure(&RATE, &|cents| rate(cents, threshold?), true);
    measure(&GAP, &|cents| measures::gap(cents, threshold?), false);
    measure(&RATIO, &measures::quintile_ratio, false);
    measure(&GINI, &measures::gini, false);
}

fn rate(cents: &[i64], ten_thresholds: i64) -> Option<f64> {
    let poor = measures::poor(cents, ten_thresholds).len();
    (!cents.is_empty()).then(|| poor as f64 / cents.len() as f64)
}

const BURDEN_30: Plan = plan(
    "rent_burden_over_30",
    &[&["quartiere"], &["citizenship_group"], &["family_type"]],
);
const BURDEN_40: Plan = plan(
    "rent_burden_over_40",
    &[&["quartiere"], &["citizenship_group"], &["family_type"]],
);

fn rent_burden(city: &City, year: Period, families: &[FamilyYear<'_>], figures: &mut Figures) {
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
fn isee(city: &City, year: Period, figures: &mut Figures) {
    if year.year < FIRST_ISEE_LIMIT {
        return;
    }
    let mut persons = Vec::new();
    for resident in people::residents(city, year.last_day()) {
        let mut unit = at_home(city, Some(resident));
        let isee = resident.person.as_deref().and_then(|person| last_isee(city, person, year));
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
            assert!(is_decided, "{declaration} and {}: the definition does not say which is the last", one.declaration);
        }
        if last.is_none_or(|(day, ..)| one.day > day) {
            last = Some((one.day, one.isee_cents, &one.declaration));
        }
    }
    last.map(|(_, cents, _)| cents)
}

const AIDED: Plan = plan(
    "aided_households",
    &[&["quartiere"], &["citizenship_group"], &["family_type"]],
);
const SPENDING: Plan = plan("aid_spending", &[&["municipal_measure"]]);

/// Who received municipal aid: a family, or without one the person, or without him the payment itself.
fn aid(city: &City, year: Period, families: &[FamilyYear<'_>], figures: &mut Figures) {
    let residents = people::residents(city, year.last_day());
    let mut aided: Vec<(Option<String>, String)> = Vec::new();
    let mut by_measure: Vec<(String, String, i64)> = Vec::new();
    for payment in &city.aid {
        if !year.holds(payment.day) || !city.codes.is_municipal(&payment.measure) {
            continue;
        }
        let household = payment.household.clone().or_else(|| {
            let own = residents.iter().find(|one| one.person.is_some() && one.person == payment.person);
            own.and_then(|one| one.household.clone())
        });
        let who = household.clone().or_else(|| payment.person.clone());
        let who = who.unwrap_or_else(|| payment.record.clone());
        if !aided.iter().any(|(_, earlier)| *earlier == who) {
            aided.push((household, who.clone()));
        }
        let mut rows = by_measure.iter_mut();
        match rows.find(|(earlier, measure, _)| *earlier == who && *measure == payment.measure) {
            Some(row) => row.2 += payment.cents,
            None => by_measure.push((who, payment.measure.clone(), payment.cents)),
        }
    }
    let mut units = Vec::new();
    for (household, _) in &aided {
        let family = families.iter().find(|one| Some(one.family.household) == household.as_deref());
        let unit = at_home(city, family.map(|one| one.family.speaker));
        units.push(unit.at("family_type", family.map(|one| one.family.family_type.to_owned())));
    }
    figures.add(&city.codes, &AIDED, year, &units, &count);
    let mut spending = Vec::new();
    for (_, measure, cents) in by_measure {
        let mut unit = Unit::new().at("municipal_measure", Some(measure));
        unit.cents = Some(cents);
        spending.push(unit);
    }
    figures.add(&city.codes, &SPENDING, year, &spending, &sum);
}

const APPLICATIONS: Plan = plan(
    "rent_support_applications",
    &[&["rent_support_outcome"], &["rent_support_outcome", "citizenship_group"]],
);
const ADMITTED: Plan = plan("rent_support_admitted", &[]);
const PAID: Plan = plan("rent_support_paid", &[]);
const SUPPORT_SPENDING: Plan = plan("rent_support_spending", &[&["citizenship_group"]]);

fn rent_support(city: &City, year: Period, figures: &mut Figures) {
    let (mut all, mut admitted, mut paid) = (Vec::new(), Vec::new(), Vec::new());
    for application in &city.rent_support {
        if application.year != year.year {
            continue;
        }
        let known = people::last_known(city, application.person.as_deref(), year.last_day());
        let unit = || at_home(city, known).at("rent_support_outcome", Some(application.outcome.clone()));
        let mut applied = unit();
        applied.has = Some(application.outcome != "X");
        all.push(applied);
        if application.outcome != "X" {
            let mut unit = unit();
            unit.has = Some(application.outcome == "P");
            admitted.push(unit);
        }
        if application.outcome == "P" {
            let mut unit = unit();
            unit.cents = Some(application.paid_cents);
            paid.push(unit);
        }
    }
    let is_collected = !all.is_empty();
    let mut add = |plan: &Plan, units: &[Unit], measure: &Measure<'_>| {
        let measure = if is_collected { measure } else { &not_collected };
        figures.add(&city.codes, plan, year, units, measure);
    };
    add(&APPLICATIONS, &all, &count);
    add(&ADMITTED, &all, &share);
    add(&PAID, &admitted, &share);
    add(&SUPPORT_SPENDING, &paid, &sum);
}

/// The indicators of the survey and the name of each in the tables of the health authority.
const PASSI: [(&str, &str); 4] = [
    ("passi_good_health", "salute_buona"),
    ("passi_poor_health_days", "giorni_in_cattiva_salute"),
    ("passi_chronic_disease", "patologia_cronica"),
    ("passi_screening", "screening"),
];

/// Taken over as they are; no total is derived from them.
fn passi(city: &City, year: Period, figures: &mut Figures) {
    let codes: &Codes = &city.codes;
    let is_collected = city.passi.iter().any(|row| row.year == year.year);
    for (indicator, name) in PASSI {
        let plan = Plan {
            indicator,
            breakdowns: &[&["economic_difficulty"]],
            has_total: false,
        };
        let mut rows = Vec::new();
        for row in &city.passi {
            if row.year == year.year && row.indicator == name {
                let mut unit = Unit::new().at("economic_difficulty", Some(row.difficulty.clone()));
                unit.number = Some(row.share as f64 / 10_000.0);
                unit.cents = Some(row.interviews as i64);
                rows.push(unit);
            }
        }
        let taken = |units: &[&Unit]| Cell {
            is_collected: true,
            value: match units {
                [one] => one.number,
                _ => None,
            },
            n: units.iter().filter_map(|unit| unit.cents).sum::<i64>() as u64,
            n_with: None,
            coverage: None,
        };
        let measure: &Measure<'_> = if is_collected { &taken } else { &not_collected };
        figures.add(codes, &plan, year, &rows, measure);
    }
}
