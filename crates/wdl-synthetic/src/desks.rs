//! The housing desks of the rioni, and how many eviction orders each rione has without and with its desk.
//!
//! Without a desk the expected orders for each renting household differ between rioni by the same amount in every quarter: trends are parallel by construction.
//! Desks open first where more orders are issued, and the orders of the city fall and rise over the years: neither rioni with and without a desk nor before and after can be compared as they stand.
//! It must not know what a household goes through after its order.

use crate::calendar::Quarter;
use crate::city::{City, NONE, Tenure};
use crate::places::RIONI;
use crate::plan::of_year;
use crate::random::{Draw, Process, hashed};
use crate::relief;
use crate::rows::RioneQuarter;

const RIONE_COUNT: usize = RIONI.len();
/// The place of the desks' lots among the hashed draws.
const LOT: u64 = 41;

/// The quarter in which a rione's desk opens.
pub(crate) fn opened(city: &City, rione: usize) -> Option<Quarter> {
    let found = city.plan.desks.opened.iter();
    found
        .filter(|(code, _, _)| *code == RIONI[rione].code)
        .map(|(_, year, quarter)| Quarter {
            year: *year,
            quarter: *quarter,
        })
        .next()
}

/// The share of a rione's orders that its desk averts in a quarter.
fn averted_share(city: &City, rione: usize, quarter: Quarter) -> f64 {
    let (first, growth, most) = city.plan.desks.averts;
    match opened(city, rione) {
        Some(from) if from <= quarter => {
            (first + growth * (quarter.serial() - from.serial()) as f64).min(most)
        }
        _ => 0.0,
    }
}

/// Renting households of each rione now.
fn renting(city: &City) -> [u32; RIONE_COUNT] {
    let mut counts = [0; RIONE_COUNT];
    for household in city.living() {
        let state = city.household(household);
        if state.contract != NONE && state.tenure == Tenure::Rented {
            counts[rione_of(city, household)] += 1;
        }
    }
    counts
}

fn rione_of(city: &City, household: u32) -> usize {
    let dwelling = city.household(household).dwelling;
    usize::from(city.dwellings[dwelling as usize].rione)
}

/// Orders expected without a desk, for each renting household of each rione: a part of the rione, the same in every quarter, and a part of the quarter.
fn rates(city: &City, renting: &[u32; RIONE_COUNT], quarter: Quarter) -> [f64; RIONE_COUNT] {
    let all: f64 = renting.iter().copied().map(f64::from).sum();
    let affordable = |rione: usize| RIONI[rione].affordable;
    let mean: f64 = (0..RIONE_COUNT)
        .map(|rione| affordable(rione) * f64::from(renting[rione]))
        .sum::<f64>()
        / all;
    let expected = of_year(city.plan.eviction_orders, quarter.year) * city.scale / 4.0;
    std::array::from_fn(|rione| {
        let own = city.plan.desks.orders_by_affordable * (affordable(rione) - mean);
        (expected / all + own).max(0.0)
    })
}

/// The households that get one of the quarter's `count` orders, from all that may, the likeliest first.
///
/// An order that the rent support averts goes to the next in the same rione; one that the desk averts to nobody.
pub(crate) fn chosen(city: &mut City, ranked: &[u32], count: usize, quarter: Quarter) -> Vec<u32> {
    let renting = renting(city);
    let rates = rates(city, &renting, quarter);
    let weights: [f64; RIONE_COUNT] =
        std::array::from_fn(|rione| rates[rione] * f64::from(renting[rione]));
    let mut draw = Draw::new(city.seed, Process::Desks, quarter.serial());
    let mut due = [0_u32; RIONE_COUNT];
    for _ in 0..count {
        due[draw.weighted(&weights)] += 1;
    }
    let mut places: [Vec<u32>; RIONE_COUNT] = Default::default();
    for household in ranked {
        places[rione_of(city, *household)].push(*household);
    }
    let mut chosen = Vec::new();
    for (rione, households) in places.iter().enumerate() {
        let own = RioneQuarter {
            rione: rione as u8,
            quarter,
            renting: renting[rione],
            rate_without: rates[rione],
            averts: averted_share(city, rione, quarter),
            orders_without: 0,
            orders: 0,
        };
        let own = in_rione(city, own, households, due[rione], &mut chosen);
        city.rione_quarters.push(own);
    }
    chosen
}

fn in_rione(
    city: &mut City,
    mut own: RioneQuarter,
    households: &[u32],
    due: u32,
    chosen: &mut Vec<u32>,
) -> RioneQuarter {
    for household in households {
        if own.orders_without == due {
            break;
        }
        let unit = u64::from(*household) << 16 | own.quarter.serial();
        let is_mediated = hashed(city.seed, unit, LOT) < own.averts;
        let is_relieved = relief::averts(city, *household, own.quarter, is_mediated);
        own.orders_without += u32::from(!is_relieved);
        if is_relieved || is_mediated {
            // Either way the debt is settled with the owner.
            city.households[*household as usize].arrears = 0;
        } else {
            own.orders += 1;
            chosen.push(*household);
        }
    }
    own
}
