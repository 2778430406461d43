//! Dwellings, tenures and rents: the stock, who takes which dwelling, contracts signed and renewed, lets to people from elsewhere.
//!
//! It must not decide who moves: demography, evictions and the lists do.

use crate::calendar::{Day, Quarter};
use crate::city::{AGREED, Activity, City, Dwelling, FREE, NONE, STUDENT, TRANSITIONAL, Tenure};
use crate::people::{Birth, day_of_birth, register};
use crate::places::{ITALIAN, RIONI};
use crate::random::{Draw, Process, path};
use crate::rows::Contract;

/// Adds dwellings of a stock, unused from a day on.
pub(crate) fn build(city: &mut City, draw: &mut Draw, count: usize, stock: Tenure, from: Day) {
    let weights: Vec<f64> = RIONI
        .iter()
        .map(|rione| {
            if stock == Tenure::Public {
                rione.weight * rione.affordable
            } else {
                rione.weight
            }
        })
        .collect();
    for _ in 0..count {
        let rooms = 1 + draw.weighted(&[0.04, 0.14, 0.28, 0.32, 0.15, 0.07]);
        let area = (18.0 + 17.5 * rooms as f64 + 9.0 * draw.normal()).clamp(24.0, 240.0);
        let id = city.dwellings.len() as u32;
        city.dwellings.push(Dwelling {
            rione: draw.weighted(&weights) as u8,
            rooms: rooms as u8,
            area: area as u16,
            stock,
            spell: NONE,
            last_change: from,
        });
        match stock {
            Tenure::Public | Tenure::Agency => {
                city.set_tenure(id, stock, from);
                city.vacant_public[usize::from(stock == Tenure::Agency)].push(id);
            }
            _ => {
                city.set_tenure(id, Tenure::Unused, from);
                city.vacant.push(id);
            }
        }
    }
}

/// At the quarter's start: what was left is free again, and new dwellings rise when few are unused.
pub(crate) fn open_quarter(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    let left = std::mem::take(&mut city.just_vacated);
    city.vacant.extend(left);
    let wanted = city.plan.unused * city.dwellings.len() as f64;
    let missing = wanted - city.vacant.len() as f64;
    if missing > 0.0 {
        build(
            city,
            draw,
            missing.ceil() as usize,
            Tenure::Owned,
            quarter.first(),
        );
    }
    if quarter.quarter == 1 {
        city.signed = [0.0; 4];
    }
}

/// The share of the occupied dwellings that is rented now, less than the plan's by this much.
fn rented_lack(city: &City) -> f64 {
    let count = |tenure: Tenure| city.tenure_counts[tenure as usize] as f64;
    let rented = count(Tenure::Rented) + count(Tenure::Public) + count(Tenure::Agency);
    let occupied = rented + count(Tenure::Owned) + count(Tenure::Lent);
    match occupied > 50.0 {
        true => city.plan.rented - rented / occupied,
        false => 0.0,
    }
}

/// How a household will live in a private dwelling.
pub(crate) fn choose_tenure(
    city: &City,
    draw: &mut Draw,
    household: u32,
    mover: bool,
    today: Day,
) -> Tenure {
    let head = city.head(household);
    let age = city.age(head, today);
    let usual = match city.is_foreign(head) {
        true => 0.62,
        false if age < 35 => 0.27,
        false if age < 65 => 0.125,
        false => 0.065,
    };
    let ability = f64::from(city.person(head).ability);
    let moved = if mover { 1.3 } else { 1.0 };
    let chance =
        usual * moved * (-0.25 * ability).exp() * (1.0 + 45.0 * rented_lack(city)).clamp(0.1, 3.0);
    match draw.unit() {
        roll if roll < chance.min(0.93) => Tenure::Rented,
        roll if roll < chance.min(0.93) + 0.07 => Tenure::Lent,
        _ => Tenure::Owned,
    }
}

/// The household takes a private dwelling that fits, and signs a contract when it rents.
pub(crate) fn take(
    city: &mut City,
    draw: &mut Draw,
    household: u32,
    tenure: Tenure,
    day: Day,
    newcomer: bool,
) {
    if city.vacant.is_empty() {
        build(city, draw, 1, Tenure::Owned, Day(day.0 - 200));
    }
    let size = city.household(household).members.len() as f64;
    let ability = f64::from(city.person(city.head(household)).ability);
    let rents = tenure == Tenure::Rented;
    let wanted = if rents {
        24.0 + 11.0 * size + 5.0 * ability
    } else {
        40.0 + 17.0 * size + 6.0 * ability
    };
    let misfit = |city: &City, place: usize| {
        let dwelling = &city.dwellings[city.vacant[place] as usize];
        let rione = &RIONI[usize::from(dwelling.rione)];
        let drawn = if rents { 0.8 * rione.affordable } else { 0.0 };
        (f64::from(dwelling.area) - wanted).abs() / 20.0 - drawn
    };
    let mut best = draw.below(city.vacant.len());
    for _ in 0..if rents { 5 } else { 2 } {
        let other = draw.below(city.vacant.len());
        if misfit(city, other) < misfit(city, best) {
            best = other;
        }
    }
    let dwelling = city.vacant.swap_remove(best);
    occupy(city, household, dwelling, tenure, day);
    if tenure == Tenure::Rented {
        let kind = kind_of_contract(city, draw, newcomer, day);
        let head = city.head(household);
        let contract = sign(city, draw, dwelling, head, kind, day);
        city.households[household as usize].contract = contract;
    }
}

/// The household lives in the dwelling from the day on.
pub(crate) fn occupy(city: &mut City, household: u32, dwelling: u32, tenure: Tenure, day: Day) {
    let state = &mut city.households[household as usize];
    state.dwelling = dwelling;
    state.tenure = tenure;
    city.set_tenure(dwelling, tenure, day);
    city.dwellings[dwelling as usize].last_change = day;
}

/// Newcomers sign part of the transitional contracts that the plan has for the year.
fn kind_of_contract(city: &City, draw: &mut Draw, newcomer: bool, day: Day) -> u8 {
    let quota = path(city.plan.transitional, f64::from(day.year())) * city.scale;
    if newcomer && city.signed[usize::from(TRANSITIONAL)] < 0.30 * quota && draw.chance(0.45) {
        return TRANSITIONAL;
    }
    if draw.chance(0.40) { AGREED } else { FREE }
}

/// Rent per m² and month by type for contracts signed on a day: straight lines through 2018 and 2024.
fn rent_per_m2(city: &City, kind: u8, day: Day) -> f64 {
    let (first, last) = city.plan.rents[usize::from(kind)];
    first + (last - first) * f64::from(day.year() - 2018) / 6.0
}

/// Signs a contract.
pub(crate) fn sign(
    city: &mut City,
    draw: &mut Draw,
    dwelling: u32,
    tenant: u32,
    kind: u8,
    day: Day,
) -> u32 {
    let state = &city.dwellings[dwelling as usize];
    let place = RIONI[usize::from(state.rione)].rent;
    let tally = &mut city.rione_factors[usize::from(kind)];
    tally.0 += place;
    tally.1 += 1.0;
    let relative = place * tally.1 / tally.0;
    let spread = (0.15 * draw.normal() - 0.15 * 0.15 / 2.0).exp();
    let rent = rent_per_m2(city, kind, day) * relative * spread * f64::from(state.area);
    let days = match kind {
        FREE => 1461,
        AGREED => 1096,
        STUDENT => draw.whole(270, 1000),
        _ => draw.whole(180, 540),
    };
    city.signed[usize::from(kind)] += 1.0;
    city.contracts.push(Contract {
        dwelling,
        tenant,
        kind,
        rent: (rent.round() * 100.0) as i64,
        from: day,
        to: Day::OPEN,
        due: day.plus(days),
    });
    (city.contracts.len() - 1) as u32
}

/// A contract with the dwelling of a household comes to its end: it is renewed, at the market's rent of that day.
fn renew(city: &mut City, draw: &mut Draw, household: u32, quarter: Quarter) {
    let open = city.household(household).contract;
    let (due, kind, dwelling) = {
        let contract = &city.contracts[open as usize];
        (contract.due, contract.kind, contract.dwelling)
    };
    if due > quarter.last() || city.household(household).since > due {
        return;
    }
    let day = Day(due.0.max(quarter.first().0)).max(city.contracts[open as usize].from.plus(1));
    let kind = match kind {
        TRANSITIONAL if draw.chance(0.4) => AGREED,
        TRANSITIONAL => FREE,
        FREE if draw.chance(0.06) => AGREED,
        kind => kind,
    };
    city.contracts[open as usize].to = day;
    let head = city.head(household);
    let next = sign(city, draw, dwelling, head, kind, day);
    city.households[household as usize].contract = next;
}

/// The quarter's contracts: renewals of the residents, lets to students and workers who live elsewhere.
pub(crate) fn quarter(city: &mut City, quarter: Quarter) {
    let mut draw = Draw::new(city.seed, Process::Housing, quarter.serial());
    for household in city.living() {
        if city.household(household).contract != NONE {
            renew(city, &mut draw, household, quarter);
        }
    }
    end_outside_lets(city, quarter);
    let year = f64::from(quarter.year);
    let elapsed = f64::from(quarter.quarter) / 4.0;
    for (kind, plan) in [
        (TRANSITIONAL, city.plan.transitional),
        (STUDENT, city.plan.students),
    ] {
        let wanted =
            (path(plan, year) * city.scale * elapsed).round() - city.signed[usize::from(kind)];
        for _ in 0..wanted.max(0.0) as usize {
            let day = Day(draw.whole(quarter.first().0, quarter.last().0));
            let_outside(city, &mut draw, kind, day);
        }
    }
}

/// A let to somebody who is not a resident.
pub(crate) fn let_outside(city: &mut City, draw: &mut Draw, kind: u8, day: Day) {
    if city.vacant.is_empty() {
        return;
    }
    let place = draw.below(city.vacant.len());
    let dwelling = city.vacant.swap_remove(place);
    let age = if kind == STUDENT {
        draw.whole(19, 26)
    } else {
        draw.whole(23, 58)
    };
    let tenant = outsider(city, draw, age, day);
    city.set_tenure(dwelling, Tenure::Rented, day);
    let contract = sign(city, draw, dwelling, tenant, kind, day);
    city.outside_lets.push(contract);
}

fn end_outside_lets(city: &mut City, quarter: Quarter) {
    let open = std::mem::take(&mut city.outside_lets);
    let (over, still) = open
        .into_iter()
        .partition(|id| city.contracts[*id as usize].due <= quarter.last());
    city.outside_lets = still;
    let over: Vec<u32> = over;
    for id in over {
        let contract = &mut city.contracts[id as usize];
        contract.to = contract.due.max(quarter.first());
        let (dwelling, day) = (contract.dwelling, contract.to);
        city.vacate(dwelling, day);
    }
}

/// A person who lives elsewhere.
pub(crate) fn outsider(city: &mut City, draw: &mut Draw, age: i32, day: Day) -> u32 {
    let citizenship = if draw.chance(0.85) {
        ITALIAN
    } else {
        crate::people::foreign_citizenship(draw)
    };
    let born = day_of_birth(draw, age, day);
    let male = draw.chance(0.55);
    let ability = draw.normal();
    let birth = Birth {
        born,
        male,
        citizenship,
        local: false,
        arrived: day,
        surname: None,
        family_of_names: None,
        ability,
    };
    let person = register(city, birth);
    city.persons[person as usize].activity = Activity::Inactive;
    person
}
