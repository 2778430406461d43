//! ISEE declarations: who files, and what the declaration says.
//!
//! The declaration of a year speaks of the incomes of two years before, so a job lost today shows two years later.
//! Rules: D.P.C.M. 159/2013, in the thin form that the city needs.

use crate::calendar::{Day, Quarter};
use crate::city::{City, NONE, Tenure};
use crate::random::{Draw, Process, hashed};
use crate::rows::Declaration;

/// What a declaration says, in cents; the scale in hundredths.
pub(crate) struct Isee {
    pub(crate) isee: i64,
    pub(crate) ise: i64,
    pub(crate) scale: i64,
}

/// The quarter's declarations.
pub(crate) fn quarter(city: &mut City, quarter: Quarter) {
    let mut draw = Draw::new(city.seed, Process::Isee, quarter.serial());
    // Most families file at the start of the year, when last year's declaration expires.
    let season = [0.50, 0.22, 0.14, 0.14][(quarter.quarter - 1) as usize];
    for household in city.living() {
        let state = city.household(household);
        if state.isee_year == quarter.year || !can_file(city, household, quarter.year) {
            continue;
        }
        if draw.chance(season * propensity(city, household, quarter)) {
            let low = quarter.first().max(city.household(household).since);
            let day = Day(draw.whole(low.0, quarter.last().0));
            file(city, household, day);
        }
    }
}

/// Incomes of two years before are known only for those who were here when the year began.
pub(crate) fn can_file(city: &City, household: u32, year: i32) -> bool {
    city.person(city.head(household)).arrived.year() < year
}

/// Filing grows with need and with contact with services; since 2022 families with minors file for the child allowance.
fn propensity(city: &City, household: u32, quarter: Quarter) -> f64 {
    let state = city.household(household);
    let minors = state
        .members
        .iter()
        .any(|member| city.age(*member, quarter.last()) < 18);
    let waits = state.waiting.iter().any(|application| *application != NONE);
    let family = match (minors, quarter.year >= 2022) {
        (true, true) => 0.42,
        (true, false) => 0.10,
        (false, _) => 0.0,
    };
    let need = f64::from(state.need);
    let contact = f64::from(state.contact);
    (0.02
        + 0.22 * need
        + 0.30 * contact
        + 0.55 * need * contact
        + family
        + if waits { 0.3 } else { 0.0 })
    .min(0.97)
}

/// Members with children of the head under 18.
fn minors(city: &City, household: u32, day: Day) -> i64 {
    city.household(household)
        .members
        .iter()
        .filter(|member| city.age(**member, day) < 18)
        .count() as i64
}

/// The indicator of a household on a day.
pub(crate) fn compute(city: &City, household: u32, day: Day) -> Isee {
    let state = city.household(household);
    let year = day.year() - 2;
    let children = minors(city, household, day);
    let further = 50_000 * (children - 2).max(0);
    let mut income = 0;
    for member in &state.members {
        let of = city.income(*member, year);
        let employee = (i64::from(of.employment) / 5).min(300_000);
        let pensioner = (i64::from(of.pension) / 5).min(100_000);
        income += of.taxable() + i64::from(of.exempt) - employee - pensioner;
    }
    if let Some(contract) = city.contracts.get(state.contract as usize) {
        income -= (12 * contract.rent).min(700_000 + further);
    }
    let ise = income.max(0) + assets(city, household, day, children) / 5;
    let scale = scale(state.members.len() as i64, children);
    let isee = (200 * ise + scale) / (2 * scale);
    Isee { isee, ise, scale }
}

/// Liquid assets over the exemption and two thirds of the home's value over its own.
fn assets(city: &City, household: u32, day: Day, children: i64) -> i64 {
    let state = city.household(household);
    let head = city.head(household);
    let luck = hashed(city.seed, u64::from(household), 5)
        + hashed(city.seed, u64::from(household), 6)
        - 1.0;
    let age = f64::from(city.age(head, day));
    let ability = f64::from(city.person(head).ability);
    let thrift = if city.is_foreign(head) { -0.8 } else { 0.0 };
    let liquid = (8.4 + 0.85 * ability + 0.018 * (age - 45.0) + 2.0 * luck + thrift).exp() * 100.0;
    let exempt = (600_000 + 200_000 * (state.members.len() as i64 - 1)).min(1_000_000)
        + 100_000 * (children - 2).max(0);
    let home = match (state.tenure, city.dwellings.get(state.dwelling as usize)) {
        (Tenure::Owned, Some(dwelling)) => {
            let mortgage = if age < 52.0 { 0.45 } else { 0.95 };
            let value = 1_150.0 * f64::from(dwelling.area) * mortgage * 100.0;
            let over = value as i64 - 5_250_000 - 250_000 * (children - 2).max(0);
            over.max(0) * 2 / 3
        }
        _ => 0,
    };
    (liquid as i64 - exempt).max(0) + home
}

/// Annex 1 of the decree: base by members, and the increments for three children or more.
fn scale(members: i64, children: i64) -> i64 {
    let base = match members {
        ..=1 => 100,
        2 => 157,
        3 => 204,
        4 => 246,
        5 => 285,
        more => 285 + 35 * (more - 5),
    };
    base + match children {
        ..=2 => 0,
        3 => 20,
        4 => 35,
        _ => 50,
    }
}

/// Files a declaration.
pub(crate) fn file(city: &mut City, household: u32, day: Day) {
    let Isee { isee, ise, scale } = compute(city, household, day);
    let members = city.household(household).members.clone();
    city.declarations.push(Declaration {
        household,
        day,
        members,
        isee,
        ise,
        scale,
    });
    let state = &mut city.households[household as usize];
    state.isee = isee;
    state.isee_year = day.year();
    state.contact = (state.contact + 0.04).min(1.0);
}

/// Files when this year has no declaration yet.
pub(crate) fn ensure(city: &mut City, household: u32, day: Day) {
    if city.household(household).isee_year != day.year() {
        file(city, household, day);
    }
}
