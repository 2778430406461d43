//! The calls of the rent support: who applies, who is admitted, who is paid before the money ends.
//!
//! Rule of the 2024 call (D.G.R. 1620 of 8 July 2024, Modena's district): ISEE up to 6,400 euro, rent over income above 25 %;
//! 20 % of the yearly rent up to 1,500 euro, above 40 % it is 25 % up to 2,000 euro.
//! The ranking is by points, as calls have them: up to 50 for a low ISEE, up to 38 for the incidence of the rent on the income, up to 12 for the age of the contract; the money goes down the ranking until it ends.

use crate::calendar::Day;
use crate::city::{City, NONE, Tenure};
use crate::isee;
use crate::random::{Draw, Process};
use crate::rows::{Potential, RentApplication};

/// Outcomes: excluded, admitted and not paid, paid.
pub(crate) const EXCLUDED: &str = "X";
pub(crate) const ADMITTED: &str = "A";
pub(crate) const PAID: &str = "P";

struct Candidate {
    household: u32,
    isee: i64,
    incidence: f64,
    rent: i64,
    /// Days since the contract was signed.
    days: i32,
}

/// A contract of four years and older gives all the points for its age.
const DAYS_MAX: i32 = 1_461;

impl Candidate {
    /// Points in thousandths, from 0 to 100,000.
    fn score(&self, limit: i64) -> i32 {
        let poor = 1.0 - self.isee as f64 / limit as f64;
        // A quarter of the income, the least that is admitted, gives nothing; no income at all gives everything.
        let burdened = (self.incidence / (1.0 + self.incidence) - 0.2) / 0.8;
        let settled = f64::from(self.days.min(DAYS_MAX)) / f64::from(DAYS_MAX);
        (50_000.0 * poor + 38_000.0 * burdened + 12_000.0 * settled).round() as i32
    }

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
    let budget = (call.budget * city.scale * 100.0).round() as i64;
    let mut ranking: Vec<Ranked> = entitled
        .into_iter()
        .map(|place| Ranked::of(&candidates[place], limit))
        .collect();
    ranking.sort_by_key(|one| (std::cmp::Reverse(one.score), one.household));
    let at_once = reached(&ranking, budget);
    // Money found in the winter goes on down the ranking of 2025.
    let later = match year {
        2025 => {
            let left = (ranking.len() - at_once) as f64;
            whole_ties(
                &ranking,
                at_once + (city.plan.relief.winter * left).round() as usize,
            )
        }
        _ => at_once,
    };
    let cutoff = later.checked_sub(1).map(|last| ranking[last].score);
    for (place, one) in ranking.iter().enumerate() {
        let is_later = (at_once..later).contains(&place);
        apply(
            city,
            RentApplication {
                year,
                person: city.head(one.household),
                household: one.household,
                outcome: if place < at_once { PAID } else { ADMITTED },
                paid: if place < later { one.amount } else { 0 },
                later: if is_later {
                    Day::new(2026, 2, 16)
                } else {
                    Day::OPEN
                },
                score: Some(one.score),
                cutoff,
                potential: Potential::default(),
            },
            day,
        );
    }
    for place in excluded {
        let household = candidates[place].household;
        apply(
            city,
            RentApplication {
                year,
                person: city.head(household),
                household,
                outcome: EXCLUDED,
                paid: 0,
                later: Day::OPEN,
                score: None,
                cutoff: None,
                potential: Potential::default(),
            },
            day,
        );
    }
}

/// An admitted application in the ranking.
struct Ranked {
    household: u32,
    score: i32,
    amount: i64,
}

impl Ranked {
    fn of(candidate: &Candidate, limit: i64) -> Ranked {
        Ranked {
            household: candidate.household,
            score: candidate.score(limit),
            amount: candidate.amount(),
        }
    }
}

/// How many of a ranking the budget reaches; applications of equal points are funded together or not at all.
fn reached(ranking: &[Ranked], budget: i64) -> usize {
    let mut left = budget;
    let mut funded = 0;
    for ties in ranking.chunk_by(|a, b| a.score == b.score) {
        left -= ties.iter().map(|one| one.amount).sum::<i64>();
        if left < 0 {
            break;
        }
        funded += ties.len();
    }
    funded
}

/// The same place in the ranking, or the first after it that parts no equal points.
fn whole_ties(ranking: &[Ranked], mut place: usize) -> usize {
    while place > 0 && place < ranking.len() && ranking[place].score == ranking[place - 1].score {
        place += 1;
    }
    place
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
        let contract = &city.contracts[state.contract as usize];
        candidates.push(Candidate {
            household,
            isee: isee::compute(city, household, day).isee,
            incidence: 12.0 * contract.rent as f64 / (income as f64).max(1.0),
            rent: contract.rent,
            days: day.0 - contract.from.0,
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

fn apply(city: &mut City, application: RentApplication, day: Day) {
    let (person, household) = (application.person, application.household);
    isee::ensure(city, household, day);
    if application.is_funded() {
        let of_year = match application.later {
            Day::OPEN => application.year,
            later => later.year(),
        };
        city.income_mut(person, of_year).exempt += application.paid as i32;
        city.persons[person as usize].relief += application.paid;
    }
    let serial = city.rent_applications.len() as u32;
    let state = &mut city.households[household as usize];
    state.contact = (state.contact + 0.1).min(1.0);
    if application.score.is_some() {
        state.calls = [serial, state.calls[0]];
    }
    city.rent_applications.push(application);
}
