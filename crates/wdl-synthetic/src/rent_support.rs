//! The calls of the rent support: who applies, who is admitted, who is paid before the money ends.
//!
//! Rule of the 2024 call (D.G.R. 1620 of 8 July 2024, Modena's district): ISEE up to 6,400 euro, rent over income above 25 %;
//! 20 % of the yearly rent up to 1,500 euro, above 40 % it is 25 % up to 2,000 euro.

use crate::calendar::Day;
use crate::city::{City, NONE, Tenure};
use crate::isee;
use crate::random::{Draw, Process};
use crate::rows::RentApplication;

/// Outcomes: excluded, admitted and not paid, paid.
pub(crate) const EXCLUDED: &str = "X";
pub(crate) const ADMITTED: &str = "A";
pub(crate) const PAID: &str = "P";

struct Candidate {
    household: u32,
    isee: i64,
    incidence: f64,
    rent: i64,
}

impl Candidate {
    fn is_entitled(&self, limit: i64) -> bool {
        self.isee <= limit && self.incidence > 0.25
    }

    /// What the rule gives, in cents.
    fn amount(&self) -> i64 {
        match self.incidence > 0.40 {
            true => (self.rent * 12 / 4).min(200_000),
            false => (self.rent * 12 / 5).min(150_000),
        }
    }
}

/// Holds the year's call, when there is one.
pub(crate) fn call(city: &mut City, year: i32) {
    let Some(call) = city.plan.rent_calls.iter().find(|call| call.year == year) else {
        return;
    };
    let mut draw = Draw::new(city.seed, Process::RentSupport, year as u64);
    let day = Day::new(year, 10, 15);
    let limit = if year >= 2024 { 640_000 } else { 1_000_000 };
    let candidates = candidates(city, day, year);
    let entitled = chosen(
        city,
        &mut draw,
        &candidates,
        city.scaled(call.admitted),
        |one| one.is_entitled(limit),
    );
    let refused = city
        .scaled(call.applications)
        .saturating_sub(entitled.len());
    let excluded = chosen(city, &mut draw, &candidates, refused, |one| {
        !one.is_entitled(limit) && one.isee < 3_000_000
    });
    let mut budget = (call.budget * city.scale * 100.0).round() as i64;
    let mut ranking: Vec<&Candidate> = entitled
        .into_iter()
        .map(|place| &candidates[place])
        .collect();
    ranking.sort_by(|a, b| a.isee.cmp(&b.isee).then(a.household.cmp(&b.household)));
    let mut is_over = false;
    for candidate in ranking {
        is_over |= candidate.amount() > budget;
        let paid = if is_over { 0 } else { candidate.amount() };
        budget -= paid;
        // Money found in the winter pays a part of those left out in 2025.
        let later = if is_over && year == 2025 && draw.chance(0.25) {
            Day::new(2026, 2, 16)
        } else {
            Day::OPEN
        };
        let outcome = if is_over { ADMITTED } else { PAID };
        let paid = if later == Day::OPEN {
            paid
        } else {
            candidate.amount()
        };
        apply(city, year, day, candidate.household, outcome, paid, later);
    }
    for place in excluded {
        apply(
            city,
            year,
            day,
            candidates[place].household,
            EXCLUDED,
            0,
            Day::OPEN,
        );
    }
}

fn candidates(city: &City, day: Day, year: i32) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for household in city.living() {
        let state = city.household(household);
        if state.contract == NONE
            || state.tenure != Tenure::Rented
            || state.since >= day
            || !isee::can_file(city, household, year)
        {
            continue;
        }
        let head = city.head(household);
        if city.person(head).arrived >= day {
            continue;
        }
        let income: i64 = state
            .members
            .iter()
            .map(|member| city.income(*member, year - 2).taxable())
            .sum();
        let rent = city.contracts[state.contract as usize].rent;
        candidates.push(Candidate {
            household,
            isee: isee::compute(city, household, day).isee,
            incidence: 12.0 * rent as f64 / (income as f64).max(1.0),
            rent,
        });
    }
    candidates
}

fn chosen(
    city: &City,
    draw: &mut Draw,
    of: &[Candidate],
    count: usize,
    fits: impl Fn(&Candidate) -> bool,
) -> Vec<usize> {
    let weights: Vec<f64> = of
        .iter()
        .map(|candidate| {
            let state = city.household(candidate.household);
            let pull = (0.05 + f64::from(state.need)) * (0.2 + f64::from(state.contact));
            if fits(candidate) { pull } else { 0.0 }
        })
        .collect();
    draw.sample(&weights, count)
}

fn apply(
    city: &mut City,
    year: i32,
    day: Day,
    household: u32,
    outcome: &'static str,
    paid: i64,
    later: Day,
) {
    let person = city.head(household);
    isee::ensure(city, household, day);
    if paid > 0 {
        let of_year = if later == Day::OPEN {
            year
        } else {
            later.year()
        };
        city.income_mut(person, of_year).exempt += paid as i32;
    }
    let state = &mut city.households[household as usize];
    state.contact = (state.contact + 0.1).min(1.0);
    city.rent_applications.push(RentApplication {
        year,
        person,
        household,
        outcome,
        paid,
        later,
    });
}
