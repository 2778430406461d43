//! Dwellings and their rents, quarter by quarter, and what families live in, from the definitions for people.

use std::collections::{BTreeMap, BTreeSet};

use super::city::{City, Position};
use super::day::{Day, Period};
use super::figures::{at_home, count, mean, plan, share, with_coverage};
use super::housing::{self, FamilyYear};
use super::people;
use super::table::{Figures, Plan, Unit};

const DWELLINGS: Plan = plan("dwellings", &[&["tenure"], &["tenure", "quartiere"]]);
const UNUSED: Plan = plan("unused_dwellings", &[&["quartiere"]]);
const EMPTY: Plan = plan("erp_dwellings_empty", &[&["quartiere"]]);
const RENT: Plan = plan("rent_monthly", &[&["contract_type"]]);
const SIGNED: Plan = plan("rent_contracts_signed", &[&["contract_type"]]);
const RENT_NEW: Plan = plan("rent_per_m2_new", &[&["contract_type"]]);

/// The stock, its use, its rents.
pub(super) fn stock(city: &City, quarter: Period, figures: &mut Figures) {
    let on = quarter.last_day();
    let residents = people::residents(city, on);
    let lived_in: BTreeSet<&str> = residents
        .iter()
        .filter_map(|one| one.dwelling.as_deref())
        .collect();
    let (mut all, mut erp) = (Vec::new(), Vec::new());
    let (mut rents, mut signed, mut rents_new) = (Vec::new(), Vec::new(), Vec::new());
    for (key, home) in housing::homes(city, on) {
        let unit = || {
            Unit::new()
                .at("quartiere", home.quartiere.clone())
                .at("tenure", Some(home.dwelling.tenure.clone()))
        };
        let mut one = unit();
        one.has = Some(home.dwelling.tenure == "V");
        all.push(one);
        if home.dwelling.tenure == "E" {
            let mut one = unit();
            one.has = Some(!lived_in.contains(key));
            erp.push(one);
        }
        let Some(contract) = home.contract else {
            continue;
        };
        let unit = || Unit::new().at("contract_type", Some(contract.contract_type.clone()));
        let is_new = quarter.holds(contract.episode.from);
        if contract.rent_cents_month > 0 {
            let mut one = unit();
            one.number = Some(contract.rent_cents_month as f64 / 100.0);
            rents.push(one);
        }
        if is_new {
            signed.push(unit());
        }
        if is_new && contract.rent_cents_month > 0 && home.area_hundredths > 0 {
            let mut one = unit();
            one.number = Some(contract.rent_cents_month as f64 / home.area_hundredths as f64);
            rents_new.push(one);
        }
    }
    let codes = &city.codes;
    figures.add(codes, &DWELLINGS, quarter, &all, &count);
    figures.add(codes, &UNUSED, quarter, &all, &share);
    figures.add(codes, &EMPTY, quarter, &erp, &share);
    figures.add(codes, &SIGNED, quarter, &signed, &count);
    for (plan, units) in [(&RENT, &rents), (&RENT_NEW, &rents_new)] {
        let measure = |part: &[&Unit]| mean(part, units.len());
        figures.add(codes, plan, quarter, units, &measure);
    }
}

const RENTING: Plan = plan(
    "renting_families",
    &[&["quartiere"], &["citizenship_group"], &["family_type"]],
);
const MOVED: Plan = plan("families_moved", &[&["citizenship_group"], &["tenure"]]);

/// Who rents, and who moved.
pub(super) fn families(city: &City, quarter: Period, figures: &mut Figures) {
    let on = quarter.last_day();
    let homes = housing::homes(city, on);
    let residents = people::residents(city, on);
    let (mut renting, mut moved) = (Vec::new(), Vec::new());
    for family in people::families(&residents, on) {
        let home = family.speaker.dwelling.as_deref();
        let home = home.and_then(|dwelling| homes.get(dwelling));
        let tenure = home.map(|home| home.dwelling.tenure.clone());
        let unit = || {
            at_home(city, Some(family.speaker))
                .at("family_type", Some(family.family_type.to_owned()))
                .at("tenure", tenure.clone())
        };
        let mut one = unit();
        one.has = tenure
            .as_deref()
            .map(|tenure| ["A", "E", "G"].contains(&tenure));
        renting.push(one);
        if has_moved(city, family.household, quarter) {
            moved.push(unit());
        }
    }
    let covered = |units: &[&Unit]| with_coverage(share(units), units);
    figures.add(&city.codes, &RENTING, quarter, &renting, &covered);
    figures.add(&city.codes, &MOVED, quarter, &moved, &count);
}

/// Whether all of a family of the day before the quarter live in another dwelling on its last day, in the same family.
fn has_moved(city: &City, household: &str, quarter: Period) -> bool {
    let (first, last) = (quarter.first_day(), quarter.last_day());
    let is_own = |one: &&Position| one.is_family && one.household.as_deref() == Some(household);
    let own: Vec<&Position> = city.positions.iter().filter(is_own).collect();
    let is_gone_by = |one: &Position, day: Day| one.episode.to.is_some_and(|to| to <= day);
    let mut before: BTreeMap<Option<&str>, &Position> = BTreeMap::new();
    let mut rows = 0;
    for one in &own {
        let is_closed_before = one.episode.to.is_some_and(|to| to < first);
        if one.episode.from < first && !is_closed_before {
            rows += 1;
            before.insert(one.person.as_deref(), one);
        }
    }
    if rows == 0 || before.len() < rows {
        return false;
    }
    let (mut from, mut to) = (BTreeSet::new(), BTreeSet::new());
    for (person, one) in before {
        let now = own.iter().find(|now| {
            now.person.as_deref() == person && now.episode.from >= first && now.episode.holds(last)
        });
        let (Some(_), true, Some(now)) = (person, is_gone_by(one, last), now) else {
            return false;
        };
        from.insert(&one.dwelling);
        to.insert(&now.dwelling);
    }
    assert!(
        from.len() == 1 && to.len() == 1,
        "{household}: the definition does not say which of several dwellings"
    );
    let (from, to) = (from.first().unwrap(), to.first().unwrap());
    from.is_some() && to.is_some() && from != to
}

const SMALL: Plan = plan(
    "homes_below_minimum_area",
    &[&["tenure"], &["citizenship_group"], &["family_type"]],
);

/// D.M. Sanità 5 July 1975, art. 2: 14 square metres for each of the first four persons, 10 for each other one.
pub(super) fn minimum_area(
    city: &City,
    year: Period,
    families: &[FamilyYear<'_>],
    figures: &mut Figures,
) {
    let homes = housing::homes(city, year.last_day());
    let mut living: BTreeMap<&str, i64> = BTreeMap::new();
    for member in families.iter().flat_map(|one| &one.family.members) {
        if let Some(dwelling) = &member.dwelling {
            *living.entry(dwelling).or_default() += 1;
        }
    }
    let mut units = Vec::new();
    for of_year in families {
        let dwelling = of_year.family.speaker.dwelling.as_deref();
        let home = dwelling.and_then(|dwelling| homes.get(dwelling));
        let mut unit = at_home(city, Some(of_year.family.speaker))
            .at("family_type", Some(of_year.family.family_type.to_owned()))
            .at("tenure", home.map(|home| home.dwelling.tenure.clone()));
        unit.has = home.map(|home| {
            let residents = living[home.dwelling.dwelling.as_str()];
            let square_metres = 14 * residents.min(4) + 10 * (residents - 4).max(0);
            home.dwelling.area_hundredths < square_metres * 100
        });
        units.push(unit);
    }
    let covered = |units: &[&Unit]| with_coverage(share(units), units);
    figures.add(&city.codes, &SMALL, year, &units, &covered);
}
