//! Social aid: the city's own measures, and the national minimum incomes (Reddito di cittadinanza until 2023, then Assegno di inclusione).
//!
//! The number of households aided by the city and the spending are published figures; who they are follows from need and contact.

use crate::calendar::{Day, Quarter};
use crate::city::{City, NONE};
use crate::plan::of_year;
use crate::random::{Draw, Process};
use crate::relief;
use crate::rows::Aid;

/// Measures, in the order of their codes.
pub(crate) const MEASURES: [&str; 6] = [
    "contributo_economico",
    "buoni_spesa",
    "utenze",
    "reddito_cittadinanza",
    "assegno_inclusione",
    "accompagnamento_lavoro",
];
pub(crate) const ECONOMIC: u8 = 0;
const VOUCHERS: u8 = 1;
const BILLS: u8 = 2;
const CITIZENSHIP_INCOME: u8 = 3;
const INCLUSION: u8 = 4;
pub(crate) const ACCOMPANIMENT: u8 = 5;
/// The city's own measures come first.
pub(crate) const MUNICIPAL: std::ops::Range<u8> = 0..3;

/// Free text of the payments; it never names anybody.
pub(crate) const NOTES: [&str; 8] = [
    "",
    "prima rata",
    "seconda rata",
    "saldo",
    "bolletta luce e gas",
    "necessità urgente",
    "spesa alimentare",
    "affitto arretrato",
];
pub(crate) const RENT_BEHIND: u8 = 7;

/// The quarter's national minimum incomes, one payment a month.
pub(crate) fn quarter(city: &mut City, quarter: Quarter) {
    let mut draw = Draw::new(city.seed, Process::Aid, quarter.serial());
    let Some(measure) = national(quarter) else {
        return;
    };
    for household in city.living() {
        let entitled = is_entitled(city, household, measure, quarter);
        let state = city.household(household);
        let asks = state.minimum_income || {
            let readiness = 0.10 + 0.25 * f64::from(state.need) + 0.35 * f64::from(state.contact);
            entitled && draw.chance(0.28 * readiness)
        };
        city.households[household as usize].minimum_income = entitled && asks;
        if entitled && asks {
            pay_months(city, household, measure, quarter);
        }
    }
}

fn national(quarter: Quarter) -> Option<u8> {
    match (quarter.year, quarter.quarter) {
        (2019, 2..=4) | (2020..=2023, _) => Some(CITIZENSHIP_INCOME),
        (2024.., _) => Some(INCLUSION),
        _ => None,
    }
}

/// Reddito: ISEE under 9,360 and ten years here; Assegno: also a minor, somebody of sixty, or a disability, and five years.
fn is_entitled(city: &City, household: u32, measure: u8, quarter: Quarter) -> bool {
    let state = city.household(household);
    let current = state.isee_year == quarter.year
        || (state.isee_year == quarter.year - 1 && quarter.quarter == 1);
    let limit = if quarter.year >= 2025 {
        1_014_000
    } else {
        936_000
    };
    if !current || state.isee >= limit {
        return false;
    }
    let here = city
        .person(city.head(household))
        .arrived
        .years_until(quarter.last());
    let fragile = |member: &u32| {
        let age = city.age(*member, quarter.last());
        !(18..60).contains(&age)
    };
    match measure {
        CITIZENSHIP_INCOME => here >= 10 || !city.is_foreign(city.head(household)),
        _ => {
            (here >= 5 || !city.is_foreign(city.head(household)))
                && (state.disabled || state.members.iter().any(fragile))
        }
    }
}

fn pay_months(city: &mut City, household: u32, measure: u8, quarter: Quarter) {
    let amount = monthly(city, household, measure, quarter);
    let head = city.head(household);
    for month in 0..3 {
        let day = Day::new(quarter.year, 3 * quarter.quarter - 2 + month, 27);
        if day >= city.household(household).since && amount > 0 && day >= city.person(head).arrived
        {
            city.aids.push(Aid {
                person: head,
                household,
                measure,
                amount,
                day,
                note: 0,
            });
            city.income_mut(head, quarter.year).exempt += amount as i32;
        }
    }
    let state = &mut city.households[household as usize];
    state.contact = (state.contact + 0.1).min(1.0);
}

/// The top-up to the threshold and the rent, for a month, in cents.
fn monthly(city: &City, household: u32, measure: u8, quarter: Quarter) -> i64 {
    let state = city.household(household);
    let age = |member: &u32| city.age(*member, quarter.last());
    let minors = state
        .members
        .iter()
        .filter(|member| age(member) < 18)
        .count() as f64;
    let old = state
        .members
        .iter()
        .filter(|member| age(member) >= 60)
        .count() as f64;
    let others = state.members.len() as f64 - 1.0 - minors;
    let scale = match measure {
        CITIZENSHIP_INCOME => (1.0 + 0.4 * others.max(0.0) + 0.2 * minors).min(2.1),
        _ => (1.0 + 0.4 * (old - 1.0).max(0.0) + 0.15 * minors).min(2.2),
    };
    let threshold = if quarter.year >= 2025 {
        6_500.0
    } else {
        6_000.0
    };
    let known: i64 = state
        .members
        .iter()
        .map(|member| city.income(*member, quarter.year - 2).taxable())
        .sum();
    let rent = match city.contracts.get(state.contract as usize) {
        Some(contract) => (contract.rent as f64 / 100.0).min(280.0),
        None => 0.0,
    };
    let top_up = (threshold * scale - known as f64 / 100.0).max(0.0) / 12.0;
    ((top_up + rent).max(40.0) * 100.0).round() as i64
}

/// The city's own aid of a year: so many households, so much money.
///
/// Those admitted to the rent support of the year before come first, by a rule of their own; the rest goes to the others.
pub(crate) fn municipal(city: &mut City, year: i32, last: Day) {
    let mut draw = Draw::new(city.seed, Process::Aid, 1_000_000 + year as u64);
    let first = Day::new(year, 1, 1);
    let grants = relief::grants(city, year, last);
    let households: Vec<u32> = city
        .living()
        .into_iter()
        .filter(|household| city.household(*household).since < last.plus(-20))
        .filter(|household| grants.applicants.binary_search(household).is_err())
        .collect();
    let weights: Vec<f64> = households
        .iter()
        .map(|household| pull(city, *household, year))
        .collect();
    let count = city
        .scaled(of_year(city.plan.aided, year))
        .saturating_sub(grants.paid)
        .min(households.len());
    let chosen = draw.sample(&weights, count);
    let mut payments = Vec::new();
    for place in chosen {
        plan_payments(
            city,
            &mut draw,
            households[place],
            first,
            last,
            &mut payments,
        );
    }
    let budget = of_year(city.plan.aid_spending, year) * city.scale * 100.0 - grants.cents as f64;
    let relative: f64 = payments.iter().map(|(_, weight)| weight).sum();
    for (mut aid, weight) in payments {
        aid.amount = (budget * weight / relative / 100.0).round() as i64 * 100;
        aid.amount = aid.amount.max(1_000);
        let household = &mut city.households[aid.household as usize];
        household.contact = (household.contact + 0.12).min(1.0);
        city.income_mut(aid.person, year).exempt += aid.amount as i32;
        city.aids.push(aid);
    }
}

/// How strongly a household is drawn to the city's aid: need, arrears, eviction, contact, minors.
fn pull(city: &City, household: u32, year: i32) -> f64 {
    let state = city.household(household);
    let need = f64::from(state.need);
    let eviction = if state.eviction > 0 && state.eviction_day.year() >= year - 1 {
        2.5
    } else {
        0.0
    };
    let arrears = if state.arrears > 0 { 0.8 } else { 0.0 };
    let foreign = if city.is_foreign(city.head(household)) {
        0.25
    } else {
        0.0
    };
    (need * need * (0.25 + 1.6 * f64::from(state.contact) + foreign) + need * (eviction + arrears))
        .max(1e-6)
}

fn plan_payments(
    city: &City,
    draw: &mut Draw,
    household: u32,
    first: Day,
    last: Day,
    payments: &mut Vec<(Aid, f64)>,
) {
    let head = city.head(household);
    if head == NONE {
        return;
    }
    let low = first
        .max(city.household(household).since)
        .max(city.person(head).arrived);
    let pandemic = matches!(first.year(), 2020 | 2021);
    for index in 0..1 + draw.weighted(&[0.45, 0.25, 0.18, 0.12]) {
        let measure = match pandemic {
            true => [ECONOMIC, VOUCHERS, BILLS][draw.weighted(&[0.35, 0.50, 0.15])],
            false => [ECONOMIC, VOUCHERS, BILLS][draw.weighted(&[0.62, 0.10, 0.28])],
        };
        let weight = [1.0, 0.45, 0.35][usize::from(measure)] * (0.45 * draw.normal()).exp();
        let note = match measure {
            VOUCHERS => [0, 6][draw.below(2)],
            BILLS => [0, 4][draw.below(2)],
            _ => [0, 1 + (index as u8).min(1), 3, 5, 7][draw.below(5)],
        };
        let day = Day(draw.whole(low.0.min(last.0), last.0));
        payments.push((
            Aid {
                person: head,
                household,
                measure,
                amount: 0,
                day,
                note,
            },
            weight,
        ));
    }
}
