//! What the rent support does to the families it reaches: fewer emergency grants in the year after, fewer eviction orders in the two years after.
//!
//! Both are drawn without the money and with it, so the effect on every applicant is known; what happens is the one that the ranking decides.
//! Without the money both grow with need, and so with the points: a comparison of those paid with those left out is not an effect.
//! It must not decide who is funded.

use crate::aid;
use crate::calendar::{Day, Quarter};
use crate::city::{City, NONE};
use crate::random::hashed;
use crate::rows::{Aid, Potential, RentApplication};

/// What is drawn for an application, each apart from everything else.
#[derive(Clone, Copy)]
enum Lot {
    SparesGrant = 31,
    SparesOrder = 32,
    HasGrant = 33,
    Size = 34,
    Angle = 35,
    Day = 36,
}

fn lot(city: &City, application: &RentApplication, lot: Lot) -> f64 {
    let unit = u64::from(application.household) << 12 | application.year as u64;
    hashed(city.seed, unit, lot as u64)
}

/// What the emergency grants of a year take from the city's aid.
pub(crate) struct Grants {
    /// The households admitted to the call of the year before, in order: the grants are all the aid that they get.
    pub(crate) applicants: Vec<u32>,
    /// Households paid.
    pub(crate) paid: usize,
    /// Money paid.
    pub(crate) cents: i64,
}

/// Pays the year's emergency grants to those admitted to the call of the year before.
pub(crate) fn grants(city: &mut City, year: i32, last: Day) -> Grants {
    let mut all = Grants {
        applicants: Vec::new(),
        paid: 0,
        cents: 0,
    };
    for serial in 0..city.rent_applications.len() {
        let application = &city.rent_applications[serial];
        let Some(score) = application.score.filter(|_| application.year == year - 1) else {
            continue;
        };
        let household = application.household;
        let state = city.household(household);
        if state.ended != Day::OPEN || city.head(household) == NONE {
            continue;
        }
        all.applicants.push(household);
        let without = grant(city, application, score);
        let spared = lot(city, application, Lot::SparesGrant) < city.plan.relief.spares_grant;
        let with = if spared { 0 } else { without };
        let amount = if application.is_funded() {
            with
        } else {
            without
        };
        let potential = &mut city.rent_applications[serial].potential;
        (potential.grant_without, potential.grant_with) = (without, with);
        if amount > 0 {
            pay(city, serial, amount, year, last);
            all.paid += 1;
            all.cents += amount;
        }
    }
    all.applicants.sort_unstable();
    all
}

/// The emergency grant of an applicant without the money, in cents; mostly there is none.
fn grant(city: &City, application: &RentApplication, score: i32) -> i64 {
    let plan = &city.plan.relief;
    let points = f64::from(score) / 100_000.0;
    let between = |(low, high): (f64, f64)| low + (high - low) * points;
    if lot(city, application, Lot::HasGrant) >= between(plan.grant_chance) {
        return 0;
    }
    let size = 1.0 - lot(city, application, Lot::Size);
    let angle = std::f64::consts::TAU * lot(city, application, Lot::Angle);
    let normal = (-2.0 * size.ln()).sqrt() * angle.cos();
    let spread = plan.grant_spread;
    let euro = between(plan.grant_eur) * (spread * normal - spread * spread / 2.0).exp();
    (euro / 10.0).round().max(1.0) as i64 * 1_000
}

fn pay(city: &mut City, serial: usize, amount: i64, year: i32, last: Day) {
    let application = &city.rent_applications[serial];
    let household = application.household;
    let person = city.head(household);
    let low = Day::new(year, 1, 15)
        .max(city.household(household).since)
        .max(city.person(person).arrived)
        .min(last);
    let days = f64::from(last.0 - low.0 + 1);
    let day = low.plus((days * lot(city, application, Lot::Day)) as i32);
    city.income_mut(person, year).exempt += amount as i32;
    city.persons[person as usize].relief += amount;
    let state = &mut city.households[household as usize];
    state.contact = (state.contact + 0.12).min(1.0);
    city.aids.push(Aid {
        person,
        household,
        measure: aid::ECONOMIC,
        amount,
        day,
        note: aid::RENT_BEHIND,
    });
}

/// Whether the rent support averts an order that is due against a household; either way the applications learn what happens without and with the money.
///
/// An application speaks of the two years after its own; `is_averted_anyway` says that something else averts the order.
pub(crate) fn averts(
    city: &mut City,
    household: u32,
    quarter: Quarter,
    is_averted_anyway: bool,
) -> bool {
    let active: Vec<(usize, bool, bool)> = city
        .household(household)
        .calls
        .into_iter()
        .filter(|serial| *serial != NONE)
        .map(|serial| (serial as usize, &city.rent_applications[serial as usize]))
        .filter(|(_, application)| (1..=2).contains(&(quarter.year - application.year)))
        .map(|(serial, application)| {
            let spares = lot(city, application, Lot::SparesOrder) < city.plan.relief.spares_order;
            (serial, spares, spares && application.is_funded())
        })
        .collect();
    for (serial, spares, _) in &active {
        let others = active
            .iter()
            .any(|(other, _, averts)| other != serial && *averts);
        if !others && !is_averted_anyway {
            let potential: &mut Potential = &mut city.rent_applications[*serial].potential;
            potential.order_without = true;
            potential.order_with |= !spares;
        }
    }
    active.iter().any(|(_, _, averts)| *averts)
}
