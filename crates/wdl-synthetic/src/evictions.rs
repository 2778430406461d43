//! Rent burden, arrears and evictions.
//!
//! Arrears of private tenants are seen by nobody: they stay in the truth.
//! An eviction goes through its stages (order, request, execution); executions stopped from March 2020 to December 2021.

use crate::calendar::{Day, Quarter};
use crate::city::{Activity, City, NONE, Tenure};
use crate::demography;
use crate::desks;
use crate::plan::of_year;
use crate::random::{Draw, Process};
use crate::rows::{Arrears, Eviction};

/// Stages and reasons, in the order of their codes.
pub(crate) const STAGES: [&str; 3] = ["emesso", "richiesto", "eseguito"];
pub(crate) const REASONS: [&str; 3] = ["morosita", "finita_locazione", "necessita"];

/// Lives a quarter.
pub(crate) fn quarter(city: &mut City, quarter: Quarter) {
    let mut draw = Draw::new(city.seed, Process::Eviction, quarter.serial());
    for household in city.living() {
        if city.household(household).contract != NONE {
            fall_behind(city, &mut draw, household, quarter);
        }
    }
    orders(city, &mut draw, quarter);
    for household in city.living() {
        if city.household(household).eviction > 0 {
            proceed(city, &mut draw, household, quarter);
        }
    }
}

/// Yearly rent over true yearly income.
pub(crate) fn burden(city: &City, household: u32) -> f64 {
    let state = city.household(household);
    match city.contracts.get(state.contract as usize) {
        Some(contract) => {
            12.0 * contract.rent as f64 / 100.0 / f64::from(state.income).max(1_500.0)
        }
        None => 0.0,
    }
}

fn fall_behind(city: &mut City, draw: &mut Draw, household: u32, quarter: Quarter) {
    let state = city.household(household);
    let burden = burden(city, household);
    let jobless = state
        .members
        .iter()
        .any(|member| city.person(*member).activity == Activity::Unemployed);
    let strain = ((burden - 0.28) / 0.3).clamp(0.0, 2.0) + if jobless { 0.5 } else { 0.0 };
    let arrears = match state.arrears {
        0 if draw.chance(0.003 + 0.022 * strain) => 1,
        0 => 0,
        quarters if draw.chance(0.38 - 0.12 * strain.min(2.0)) => quarters.saturating_sub(2),
        quarters => quarters.saturating_add(1),
    };
    city.households[household as usize].arrears = arrears;
    if arrears > 0 {
        city.arrears.push(Arrears {
            household,
            quarter,
            quarters: arrears,
            burden: burden as f32,
        });
    }
}

/// The quarter's orders: as many as the year has, against those longest in arrears; fewer where a housing desk averts some.
fn orders(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    let yearly = of_year(city.plan.eviction_orders, quarter.year) * city.scale;
    let until = |quarters: i32| (yearly * f64::from(quarters) / 4.0).round() as usize;
    let count = until(quarter.quarter) - until(quarter.quarter - 1);
    let tenants: Vec<u32> = city
        .living()
        .into_iter()
        .filter(|household| {
            let state = city.household(*household);
            state.contract != NONE
                && state.tenure == Tenure::Rented
                && state.eviction == 0
                && state.since < quarter.first()
        })
        .collect();
    let weights: Vec<f64> = tenants
        .iter()
        .map(|household| match city.household(*household).arrears {
            0 => 0.000_2,
            1 => 0.03,
            quarters => f64::from(quarters),
        })
        .collect();
    let ranked: Vec<u32> = draw
        .sample(&weights, tenants.len())
        .into_iter()
        .map(|place| tenants[place])
        .collect();
    for household in desks::chosen(city, &ranked, count, quarter) {
        let reason = match city.household(household).arrears {
            0 => 1 + u8::from(draw.chance(0.3)),
            _ if draw.chance(0.06) => 1,
            _ => 0,
        };
        let day = Day(draw.whole(quarter.first().0, quarter.last().0));
        record(city, household, 0, reason, day);
        let state = &mut city.households[household as usize];
        state.contact = (state.contact + 0.35).min(1.0);
    }
}

fn record(city: &mut City, household: u32, stage: u8, reason: u8, day: Day) {
    let state = &mut city.households[household as usize];
    state.eviction = stage + 1;
    state.eviction_day = day;
    let (dwelling, contract) = (state.dwelling, state.contract);
    let person = city.contracts[contract as usize].tenant;
    city.evictions.push(Eviction {
        person,
        household,
        dwelling,
        stage,
        reason,
        day,
    });
}

fn reason_of(city: &City, household: u32) -> u8 {
    let last = city
        .evictions
        .iter()
        .rev()
        .find(|eviction| eviction.household == household);
    last.map_or(0, |eviction| eviction.reason)
}

/// An order is requested, a request is executed, or the matter is settled.
fn proceed(city: &mut City, draw: &mut Draw, household: u32, quarter: Quarter) {
    let state = city.household(household);
    let stage = state.eviction;
    if state.eviction_day.0 > quarter.first().0 - 60 {
        return;
    }
    let stopped = matches!((quarter.year, quarter.quarter), (2020, 2..=4) | (2021, _));
    let (goes_on, settles) = match (stage, stopped) {
        (1, _) => (0.34, 0.16),
        (_, true) => (0.0, 0.05),
        (_, false) => (0.24, 0.18),
    };
    match draw.unit() {
        roll if roll < goes_on => {
            let members = city.household(household).members.clone();
            let Some(day) = city.day_after(draw, quarter, &members) else {
                return;
            };
            let reason = reason_of(city, household);
            record(city, household, stage, reason, day);
            if stage == 2 {
                demography::relocate(city, draw, household, day);
                city.households[household as usize].contact = 1.0;
            }
        }
        roll if roll < goes_on + settles => {
            let state = &mut city.households[household as usize];
            state.eviction = 0;
            state.arrears = 0;
        }
        _ => {}
    }
}
