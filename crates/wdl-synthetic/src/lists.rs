//! The two waiting lists: public dwellings (graduatoria ERP) and the agreed-rent agency (Agenzia casa).
//!
//! Free dwellings go to the most in need; so many new applications come that the published number waits.

use crate::calendar::{Day, FIRST, Quarter};
use crate::city::{AGREED, City, NONE, Tenure};
use crate::housing;
use crate::isee;
use crate::random::{Draw, Process, path};
use crate::rows::Application;

/// Limits of the ISEE for the two lists, in cents.
const LIMITS: [i64; 2] = [2_021_701, 3_500_000];

/// Lives a quarter.
pub(crate) fn quarter(city: &mut City, quarter: Quarter) {
    let mut draw = Draw::new(city.seed, Process::Lists, quarter.serial());
    for list in 0..2 {
        withdrawals(city, &mut draw, list, quarter);
        assignments(city, &mut draw, list, quarter);
        applications(city, &mut draw, list, quarter);
    }
}

fn waiting(city: &City, list: usize) -> Vec<u32> {
    city.living()
        .into_iter()
        .filter(|household| city.household(*household).waiting[list] != NONE)
        .collect()
}

fn entered(city: &City, household: u32, list: usize) -> Day {
    city.applications[city.household(household).waiting[list] as usize].from
}

fn withdrawals(city: &mut City, draw: &mut Draw, list: usize, quarter: Quarter) {
    for household in waiting(city, list) {
        let settled = city.household(household).tenure == Tenure::Owned
            || city.household(household).need < 0.1;
        if draw.chance(if settled { 0.15 } else { 0.012 }) {
            let day = Day(draw.whole(quarter.first().0, quarter.last().0));
            let outcome = if draw.chance(0.55) { "R" } else { "X" };
            city.close_application(household, list, day, outcome);
        }
    }
}

/// Points: need, minors, an eviction, years waited.
fn points(city: &City, household: u32, list: usize, today: Day) -> f64 {
    let state = city.household(household);
    let years = f64::from(today.0 - entered(city, household, list).0) / 365.0;
    let minors = state
        .members
        .iter()
        .filter(|member| city.age(**member, today) < 18)
        .count() as f64;
    3.0 * f64::from(state.need)
        + 0.3 * minors
        + if state.eviction > 0 { 2.0 } else { 0.0 }
        + 0.45 * years
}

fn assignments(city: &mut City, draw: &mut Draw, list: usize, quarter: Quarter) {
    let all = std::mem::take(&mut city.vacant_public[list]);
    let (free, mut kept): (Vec<u32>, Vec<u32>) = all
        .into_iter()
        .partition(|dwelling| city.dwellings[*dwelling as usize].last_change < quarter.first());
    let mut ranking: Vec<(f64, u32)> = waiting(city, list)
        .into_iter()
        .map(|household| (points(city, household, list, quarter.last()), household))
        .collect();
    ranking.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut next = ranking.into_iter();
    for dwelling in free {
        // A dwelling is repaired before it is given again.
        let given = draw.chance(0.6)
            && next
                .by_ref()
                .take(3)
                .any(|(_, household)| assign(city, draw, household, list, dwelling, quarter));
        if !given {
            kept.push(dwelling);
        }
    }
    city.vacant_public[list].extend(kept);
}

fn assign(
    city: &mut City,
    draw: &mut Draw,
    household: u32,
    list: usize,
    dwelling: u32,
    quarter: Quarter,
) -> bool {
    let members = city.household(household).members.clone();
    let Some(day) = city.day_after(draw, quarter, &members) else {
        return false;
    };
    if day <= entered(city, household, list) {
        return false;
    }
    city.close_application(household, list, day, "A");
    city.leave_dwelling(household, day);
    let tenure = if list == 0 {
        Tenure::Public
    } else {
        Tenure::Agency
    };
    housing::occupy(city, household, dwelling, tenure, day);
    if tenure == Tenure::Agency {
        let head = city.head(household);
        let contract = housing::sign(city, draw, dwelling, head, AGREED, day);
        city.households[household as usize].contract = contract;
    }
    for member in members {
        city.respell(member, day);
    }
    true
}

/// How strongly a household is drawn to a list.
fn pull(city: &City, household: u32, list: usize) -> f64 {
    let state = city.household(household);
    if state.waiting[list] != NONE
        || matches!(
            state.tenure,
            Tenure::Owned | Tenure::Public | Tenure::Agency
        )
    {
        return 0.0;
    }
    let need = f64::from(state.need);
    let eviction = if state.eviction > 0 { 4.0 } else { 1.0 };
    let foreign = if city.is_foreign(city.head(household)) {
        1.5
    } else {
        1.0
    };
    let renting = if state.tenure == Tenure::Rented {
        1.0
    } else {
        0.4
    };
    match list {
        0 => need.powi(3) * (0.3 + 2.0 * f64::from(state.contact)) * eviction * foreign * renting,
        _ => need * (1.15 - need) * (0.5 + f64::from(state.contact)) * foreign * renting,
    }
}

fn applications(city: &mut City, draw: &mut Draw, list: usize, quarter: Quarter) {
    let plan = if list == 0 {
        city.plan.erp_waiting
    } else {
        city.plan.agency_waiting
    };
    let founding = quarter == FIRST;
    let wanted = city
        .scaled(path(plan, quarter.end_in_years()))
        .saturating_sub(waiting(city, list).len());
    let households: Vec<u32> = city
        .living()
        .into_iter()
        .filter(|household| isee::can_file(city, *household, quarter.year))
        .collect();
    let weights: Vec<f64> = households
        .iter()
        .map(|household| pull(city, *household, list))
        .collect();
    let mut left = wanted;
    for place in draw.sample(&weights, households.len()) {
        let household = households[place];
        let state = city.household(household);
        let earliest = if founding {
            FIRST.first().plus(-1500)
        } else {
            quarter.first()
        };
        let low = earliest
            .max(state.since)
            .max(city.person(city.head(household)).arrived);
        if left == 0 {
            break;
        }
        let day = Day(draw.whole(low.0, quarter.last().0));
        let filing = Day(draw.whole(quarter.first().0.max(state.since.0), quarter.last().0));
        if isee::compute(city, household, filing).isee > LIMITS[list] {
            continue;
        }
        isee::ensure(city, household, filing);
        apply(city, household, list, day);
        left -= 1;
    }
}

fn apply(city: &mut City, household: u32, list: usize, from: Day) {
    let person = city.head(household);
    city.applications.push(Application {
        list: list as u8,
        person,
        household,
        from,
        to: Day::OPEN,
        outcome: "",
    });
    let waiting = (city.applications.len() - 1) as u32;
    let state = &mut city.households[household as usize];
    state.waiting[list] = waiting;
    state.contact = (state.contact + 0.15).min(1.0);
}
