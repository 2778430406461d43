//! What renting families can bear, who may lose the home, and who gets support, from the definitions for people.

use super::city::City;
use super::day::Period;
use super::errors;
use super::evictions;
use super::figures::{at_home, count, not_collected, plan, share, with_coverage};
use super::housing::{self, FamilyYear};
use super::measures;
use super::poverty;
use super::table::{Cell, Figures, Measure, Plan, Unit};

const LEFT: Plan = plan(
    "residual_income_after_rent",
    &[&["contract_type"], &["family_type"]],
);
const AT_RISK: Plan = plan(
    "families_at_risk_of_losing_home",
    &[&["contract_type"], &["citizenship_group"], &["family_type"]],
);
const UNDER_EVICTION: Plan = plan(
    "families_under_eviction",
    &[&["contract_type"], &["citizenship_group"], &["family_type"]],
);
const POTENTIAL: Plan = plan(
    "rent_support_potential",
    &[&["citizenship_group"], &["contract_type"]],
);
const COVERAGE: Plan = plan(
    "rent_support_coverage",
    &[&["citizenship_group"], &["contract_type"]],
);
const COVERAGE_PAID: Plan = plan(
    "rent_support_coverage_paid",
    &[&["citizenship_group"], &["contract_type"]],
);

/// The first years of the indicators that rest on amounts of law.
const FIRST_AT_RISK: i32 = 2019;
const FIRST_SUPPORT: i32 = 2019;

/// Resolution of Emilia-Romagna 1620/2024: an ISEE up to 8,000 euro and a rent over 25 % of the income.
const SUPPORT_ISEE_CENTS: i64 = 800_000;

/// A renting family.
fn unit(city: &City, of_year: &FamilyYear<'_>) -> Unit {
    at_home(city, Some(of_year.family.speaker))
        .at("family_type", Some(of_year.family.family_type.to_owned()))
        .at("contract_type", of_year.contract_type.clone())
}

pub(super) fn renting(
    city: &City,
    year: Period,
    families: &[FamilyYear<'_>],
    figures: &mut Figures,
) {
    let last = year.last_day();
    let homes = housing::homes(city, last);
    let cases = evictions::cases(city, last);
    let (mut left, mut at_risk, mut under_eviction) = (Vec::new(), Vec::new(), Vec::new());
    let (mut potential, mut admitted, mut paid) = (Vec::new(), Vec::new(), Vec::new());
    for of_year in families {
        let Some(rent) = of_year.rent_cents.filter(|rent| *rent > 0) else {
            continue;
        };
        let unit = || unit(city, of_year);
        let is_seen = of_year.equivalised_cents.is_some();
        let taxable = of_year.taxable_cents;
        let home = &homes[of_year.family.speaker.dwelling.as_deref().unwrap()];
        let contract = home.contract.unwrap();
        let has_eviction = evictions::is_under_eviction(city, &cases, contract, year);
        let isee = smallest_isee(city, of_year, year);
        let has_low_isee = isee.is_some_and(|isee| isee <= poverty::isee_limit(year.year));

        let mut one = unit();
        one.cents = of_year.left_cents();
        left.push(one);
        let mut one = unit();
        one.has = is_seen.then_some(has_eviction);
        under_eviction.push(one);
        let mut one = unit();
        let is_strained = rent * 100 > taxable * 40 && has_low_isee;
        one.has = is_seen.then_some(has_eviction || is_strained);
        at_risk.push(one);

        let is_poor = isee.is_some_and(|isee| isee <= SUPPORT_ISEE_CENTS);
        if is_seen && is_poor && rent * 100 > taxable * 25 {
            let outcomes = outcomes(city, of_year, year);
            potential.push(unit());
            let mut one = unit();
            one.has = Some(outcomes.iter().any(|outcome| outcome != "X"));
            admitted.push(one);
            let mut one = unit();
            one.has = Some(outcomes.iter().any(|outcome| outcome == "P"));
            paid.push(one);
        }
    }
    let has_returns = housing::has_returns(city, year.year);
    let mut applications = city.rent_support.iter();
    let has_call = applications.any(|application| application.year == year.year);
    let mut add = |plan: &Plan, first: i32, units: &[Unit], measure: &Measure<'_>| {
        // Who is admitted or paid is known of the years with a call.
        let needs_call = [COVERAGE.indicator, COVERAGE_PAID.indicator].contains(&plan.indicator);
        let measure = if has_returns && (has_call || !needs_call) {
            measure
        } else {
            &not_collected
        };
        if year.year >= first {
            figures.add(&city.codes, plan, year, units, measure);
        }
    };
    let covered = |units: &[&Unit]| with_coverage(share(units), units);
    let all = left.len();
    add(&LEFT, 0, &left, &|units| median(units, all));
    add(&UNDER_EVICTION, 0, &under_eviction, &covered);
    add(&AT_RISK, FIRST_AT_RISK, &at_risk, &covered);
    add(&POTENTIAL, FIRST_SUPPORT, &potential, &count);
    add(&COVERAGE, FIRST_SUPPORT, &admitted, &share);
    add(&COVERAGE_PAID, FIRST_SUPPORT, &paid, &share);
}

/// In whole euro, with the error of so many independent families.
fn median(units: &[&Unit], of: usize) -> Cell {
    let mut cents: Vec<i64> = units.iter().filter_map(|unit| unit.cents).collect();
    cents.sort_unstable();
    let value = measures::twice_quantile(&cents, 1, 2);
    let cell = Cell {
        is_collected: true,
        value: value.map(|twice| (twice as f64 / 200.0).round()),
        standard_error: errors::of_median(&cents, of),
        n: cents.len() as u64,
        n_with: None,
        coverage: None,
    };
    with_coverage(cell, units)
}

/// The smallest of the last ISEE of the year of a family's members.
fn smallest_isee(city: &City, of_year: &FamilyYear<'_>, year: Period) -> Option<i64> {
    let persons = of_year.family.members.iter();
    let persons = persons.filter_map(|member| member.person.as_deref());
    persons
        .filter_map(|person| poverty::last_isee(city, person, year))
        .min()
}

/// The outcomes of a family's applications to the year's call.
fn outcomes(city: &City, of_year: &FamilyYear<'_>, year: Period) -> Vec<String> {
    let mut outcomes = Vec::new();
    for application in &city.rent_support {
        let is_own = match &application.household {
            Some(household) => household == of_year.family.household,
            None => of_year
                .family
                .members
                .iter()
                .any(|member| member.person.is_some() && member.person == application.person),
        };
        if application.year == year.year && is_own {
            outcomes.push(application.outcome.clone());
        }
    }
    outcomes
}

const AFTER_RISK: Plan = plan("evictions_after_risk", &[&["home_risk"]]);

/// The first year whose year before has a limit.
const FIRST_AFTER_RISK: i32 = 2020;

/// Whether those at risk on the last day of the year before were evicted more in the year.
pub(super) fn after_risk(city: &City, year: Period, figures: &mut Figures) {
    if year.year < FIRST_AFTER_RISK {
        return;
    }
    let then = Period {
        year: year.year - 1,
        quarter: None,
    };
    let homes = housing::homes(city, then.last_day());
    let cases_then = evictions::cases(city, then.last_day());
    let cases = evictions::cases(city, year.last_day());
    let mut units = Vec::new();
    for of_year in &housing::families_of_year(city, then.year) {
        let Some(rent) = of_year.rent_cents.filter(|rent| *rent > 0) else {
            continue;
        };
        let home = &homes[of_year.family.speaker.dwelling.as_deref().unwrap()];
        let contract = home.contract.unwrap();
        if evictions::is_under_eviction(city, &cases_then, contract, then) {
            continue;
        }
        let isee = smallest_isee(city, of_year, then);
        let has_low_isee = isee.is_some_and(|isee| isee <= poverty::isee_limit(year.year));
        let risk = match rent * 100 > of_year.taxable_cents * 40 && has_low_isee {
            true => "at_risk",
            false => "not_at_risk",
        };
        let mut unit = Unit::new().at("home_risk", Some(risk.to_owned()));
        let is_seen = of_year.equivalised_cents.is_some();
        unit.has = is_seen.then(|| evictions::is_ordered(city, &cases, contract, year));
        units.push(unit);
    }
    let covered = |units: &[&Unit]| with_coverage(share(units), units);
    let measure: &Measure<'_> = match housing::has_returns(city, then.year) {
        true => &covered,
        false => &not_collected,
    };
    figures.add(&city.codes, &AFTER_RISK, year, &units, measure);
}

const AFTER_RENT: Plan = plan("poverty_after_rent", &[&["tenure"], &["family_type"]]);

/// Everybody in a family, under the threshold of the incomes before rent.
pub(super) fn after_rent(
    city: &City,
    year: Period,
    families: &[FamilyYear<'_>],
    figures: &mut Figures,
) {
    let homes = housing::homes(city, year.last_day());
    let (mut units, mut persons) = (Vec::new(), Vec::new());
    for (number, of_year) in families.iter().enumerate() {
        let dwelling = of_year.family.speaker.dwelling.as_deref();
        let home = dwelling.and_then(|dwelling| homes.get(dwelling));
        for _ in &of_year.family.members {
            let mut unit = Unit::new()
                .at("tenure", home.map(|home| home.dwelling.tenure.clone()))
                .at("family_type", Some(of_year.family.family_type.to_owned()));
            unit.cents = of_year.left_cents();
            unit.serial = persons.len();
            units.push(unit);
            persons.push(errors::Person {
                family: number,
                cents: of_year.equivalised_cents,
            });
        }
    }
    if !housing::has_returns(city, year.year) {
        figures.add(&city.codes, &AFTER_RENT, year, &units, &not_collected);
        return;
    }
    let everybody = errors::Everybody::new(persons, families.len(), 6).unwrap();
    let after: Vec<Option<i64>> = units.iter().map(|unit| unit.cents).collect();
    let everybody = everybody.with_incomes(&after);
    let measured = |units: &[&Unit]| {
        let mut cents: Vec<i64> = units.iter().filter_map(|unit| unit.cents).collect();
        cents.sort_unstable();
        let here: Vec<usize> = units.iter().map(|unit| unit.serial).collect();
        let poor = measures::poor(&cents, everybody.twenty_thresholds).len();
        let is_there = !cents.is_empty();
        let cell = Cell {
            is_collected: true,
            value: is_there.then(|| poor as f64 / cents.len() as f64),
            standard_error: everybody.of_rate(&here).filter(|_| is_there),
            n: cents.len() as u64,
            n_with: Some(poor as u64),
            coverage: None,
        };
        with_coverage(cell, units)
    };
    figures.add(&city.codes, &AFTER_RENT, year, &units, &measured);
}
