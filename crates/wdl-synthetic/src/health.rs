//! Health, and the tables of PASSI that the health authority draws from it.
//!
//! Health follows from age, frailty and the household's means, so the cross with economic difficulty is true.
//! Only tables leave: a few hundred interviews of people aged 18–69 who speak Italian.

use crate::calendar::Day;
use crate::city::City;
use crate::random::{Draw, Process, hashed};
use crate::rows::Passi;

/// Indicators and degrees of economic difficulty, in the order of their codes.
pub(crate) const INDICATORS: [&str; 4] = [
    "salute_buona",
    "giorni_in_cattiva_salute",
    "patologia_cronica",
    "screening",
];
pub(crate) const DIFFICULTIES: [&str; 3] = ["molte", "qualche", "nessuna"];

/// The year's survey.
pub(crate) fn survey(city: &mut City, year: i32, last: Day) {
    let mut draw = Draw::new(city.seed, Process::Health, year as u64);
    let people: Vec<u32> = (0..city.persons.len() as u32)
        .filter(|person| is_surveyed(city, *person, last))
        .collect();
    let answers: Vec<(usize, [bool; 4])> = people
        .iter()
        .map(|person| answer(city, *person, year, last))
        .collect();
    let wanted = (city.plan.passi_interviews as usize).min(people.len());
    let weights = vec![1.0; people.len()];
    let mut interviewed = vec![false; people.len()];
    for place in draw.sample(&weights, wanted) {
        interviewed[place] = true;
    }
    for indicator in 0..4_u8 {
        for difficulty in 0..3_u8 {
            let mut row = Passi {
                year,
                indicator,
                difficulty,
                interviews: 0,
                positive: 0,
                population: 0,
                population_positive: 0,
            };
            for ((of, yes), asked) in answers.iter().zip(&interviewed) {
                if *of == usize::from(difficulty) {
                    let yes = u32::from(yes[usize::from(indicator)]);
                    row.population += 1;
                    row.population_positive += yes;
                    row.interviews += u32::from(*asked);
                    row.positive += yes * u32::from(*asked);
                }
            }
            city.passi.push(row);
        }
    }
}

fn is_surveyed(city: &City, person: u32, last: Day) -> bool {
    let state = city.person(person);
    city.is_resident(person)
        && (18..70).contains(&state.born.years_until(last))
        && !city.household(state.household).institution
        && (!city.is_foreign(person) || state.arrived.years_until(last) >= 4)
}

fn answer(city: &City, person: u32, year: i32, last: Day) -> (usize, [bool; 4]) {
    let state = city.person(person);
    let roll = |salt: u64| hashed(city.seed, u64::from(person) << 12 | year as u64, 40 + salt);
    let means = f64::from(city.household(state.household).equivalised) * (0.75 + 0.5 * roll(0));
    let difficulty = match means {
        ..8_500.0 => 0,
        ..16_500.0 => 1,
        _ => 2,
    };
    let hardship = [0.9, 0.35, 0.0][difficulty];
    let age = f64::from(state.born.years_until(last));
    let burden = 0.75 * f64::from(state.frailty) + 0.045 * (age - 45.0) + hardship;
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let yes = [
        roll(1) < logistic(1.25 - burden),
        roll(2) < logistic(-2.2 + 0.8 * burden),
        roll(3) < logistic(-1.7 + 1.1 * burden),
        roll(4) < logistic(1.3 - 0.9 * hardship),
    ];
    (difficulty, yes)
}

/// Wilson's 95 % interval of a share.
pub(crate) fn wilson(positive: u32, interviews: u32) -> (f64, f64, f64) {
    let n = f64::from(interviews);
    if interviews == 0 {
        return (0.0, 0.0, 1.0);
    }
    let share = f64::from(positive) / n;
    let z = 1.959_963_984_540_054;
    let centre = share + z * z / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    (
        share,
        ((centre - half) / scale).max(0.0),
        ((centre + half) / scale).min(1.0),
    )
}
