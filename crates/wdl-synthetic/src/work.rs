//! Work by quarter: jobs begun and lost, registrations as unemployed, studies, retirement.
//!
//! It must not know of money: incomes follow from the months worked.

use crate::calendar::{Day, FIRST, LAST, Quarter};
use crate::city::{Activity, City, NONE};
use crate::housing::outsider;
use crate::random::{Draw, Process};
use crate::rows::{Job, Registration};

/// Types of employment contract: open-ended, fixed-term, apprentice, agency work.
pub(crate) const KINDS: [&str; 4] = ["TI", "TD", "AP", "SO"];
const OPEN_ENDED: u8 = 0;
const FIXED_TERM: u8 = 1;
const APPRENTICE: u8 = 2;

/// ATECO sections with their weight and their danger.
pub(crate) const SECTORS: &[(&str, f64, f64)] = &[
    ("A", 1.5, 1.6),
    ("C", 29.0, 1.25),
    ("D", 0.6, 0.8),
    ("E", 1.0, 1.6),
    ("F", 6.0, 1.8),
    ("G", 15.0, 0.8),
    ("H", 6.0, 1.7),
    ("I", 7.0, 0.9),
    ("J", 3.0, 0.2),
    ("K", 3.0, 0.2),
    ("L", 0.8, 0.3),
    ("M", 5.0, 0.3),
    ("N", 7.0, 1.2),
    ("O", 3.5, 0.5),
    ("P", 6.5, 0.5),
    ("Q", 9.0, 0.9),
    ("R", 1.2, 0.9),
    ("S", 2.4, 0.6),
    ("T", 3.5, 0.4),
];

/// Everybody's work on the city's first day.
pub(crate) fn found(city: &mut City) {
    let mut draw = Draw::new(city.seed, Process::Work, 0);
    for person in 0..city.persons.len() as u32 {
        if city.is_resident(person) {
            begin(city, &mut draw, person, FIRST.first(), true);
        }
    }
    if !city.clean {
        outside_workers(city, &mut draw);
    }
}

/// Lives a quarter.
pub(crate) fn quarter(city: &mut City, quarter: Quarter) {
    let mut draw = Draw::new(city.seed, Process::Work, quarter.serial());
    for person in 0..city.persons.len() as u32 {
        if city.is_resident(person) {
            live(city, &mut draw, person, quarter);
        }
    }
}

fn employment_rate(city: &City, person: u32, age: i32) -> f64 {
    let state = city.person(person);
    let usual = match (state.male, city.is_foreign(person)) {
        (true, false) => 0.90,
        (false, false) => 0.79,
        (true, true) => 0.84,
        (false, true) => 0.58,
    };
    let aged = if age > 57 { 0.78 } else { 1.0 };
    (usual * aged + 0.06 * f64::from(state.ability)).clamp(0.1, 0.98)
}

/// First activity of somebody: an adult of the founding, somebody who arrives, somebody who turns sixteen.
fn begin(city: &mut City, draw: &mut Draw, person: u32, today: Day, founding: bool) {
    let age = city.age(person, today);
    let state = city.person(person);
    let activity = match age {
        ..16 => Activity::Child,
        16..=18 => Activity::Student,
        19..=25
            if draw.chance(
                [0.2, 0.38, 0.8][usize::from(state.education)] - 0.08 * f64::from(age - 19),
            ) =>
        {
            Activity::Student
        }
        19..=61 => at_work(city, draw, person, age),
        62..=66 if draw.chance(0.42) => at_work(city, draw, person, age),
        _ if state.male || draw.chance(0.86) => Activity::Retired,
        _ => Activity::Inactive,
    };
    city.persons[person as usize].activity = activity;
    match activity {
        Activity::Employee => {
            let since = earlier_start(draw, age, today, founding);
            start_job(city, draw, person, since);
            let job = city.person(person).job as usize;
            if founding && since.0 < today.0 - 700 {
                city.jobs[job].kind = OPEN_ENDED;
            }
        }
        Activity::Unemployed => {
            let since = today.plus(-draw.whole(1, if founding { 400 } else { 1 }));
            register(city, draw, person, since);
        }
        Activity::Inactive => hide(city, draw, person),
        Activity::Child | Activity::Student | Activity::SelfEmployed | Activity::Retired => {}
    }
}

fn at_work(city: &City, draw: &mut Draw, person: u32, age: i32) -> Activity {
    let rate = employment_rate(city, person, age);
    let own = if city.is_foreign(person) { 0.11 } else { 0.2 };
    match draw.chance(rate) {
        true if draw.chance(own) => Activity::SelfEmployed,
        true => Activity::Employee,
        false if draw.chance(0.38) => Activity::Unemployed,
        false => Activity::Inactive,
    }
}

fn earlier_start(draw: &mut Draw, age: i32, today: Day, founding: bool) -> Day {
    match founding {
        true => today
            .plus(-((draw.unit().powi(2) * 365.0 * f64::from((age - 18).clamp(1, 25))) as i32) - 1),
        false => today.plus(-draw.whole(0, 2)),
    }
}

fn start_job(city: &mut City, draw: &mut Draw, person: u32, from: Day) {
    let age = city.age(person, from);
    let state = city.person(person);
    let weights: Vec<f64> = SECTORS.iter().map(|sector| sector.1).collect();
    let kind = match age {
        ..30 => draw.weighted(&[0.22, 0.45, 0.20, 0.13]),
        _ => draw.weighted(&[0.40, 0.47, 0.0, 0.13]),
    };
    let part_time = draw.chance(if state.male { 0.13 } else { 0.36 });
    let sector = draw.weighted(&weights) as u8;
    city.jobs.push(Job {
        person,
        kind: kind as u8,
        part_time,
        sector,
        from,
        to: Day::OPEN,
    });
    let state = &mut city.persons[person as usize];
    state.job = (city.jobs.len() - 1) as u32;
    state.activity = Activity::Employee;
    state.hidden_work = false;
}

fn end_job(city: &mut City, person: u32, day: Day) -> Day {
    let job = std::mem::replace(&mut city.persons[person as usize].job, NONE);
    match city.jobs.get_mut(job as usize) {
        Some(job) => {
            job.to = Day(day.0.max(job.from.0 + 1));
            job.to
        }
        None => day,
    }
}

fn register(city: &mut City, draw: &mut Draw, person: u32, day: Day) {
    city.persons[person as usize].activity = Activity::Unemployed;
    if draw.chance(0.78) {
        city.registrations.push(Registration {
            person,
            from: day,
            to: Day::OPEN,
        });
        city.persons[person as usize].registration = (city.registrations.len() - 1) as u32;
    }
    hide(city, draw, person);
}

fn end_registration(city: &mut City, person: u32, day: Day) {
    let registration = std::mem::replace(&mut city.persons[person as usize].registration, NONE);
    if let Some(registration) = city.registrations.get_mut(registration as usize) {
        registration.to = Day(day.0.max(registration.from.0 + 1));
    }
}

/// Some of those without a job work without declaring it.
fn hide(city: &mut City, draw: &mut Draw, person: u32) {
    let chance = if city.is_foreign(person) { 0.3 } else { 0.16 };
    city.persons[person as usize].hidden_work = draw.chance(chance);
}

/// How the year moves the risk of losing a job and the chance of finding one.
fn times(quarter: Quarter) -> (f64, f64) {
    match (quarter.year, quarter.quarter) {
        (2020, 2 | 3) => (1.45, 0.45),
        (2020 | 2021, _) => (1.05, 0.85),
        (2017..=2019, _) => (1.0, 0.95),
        _ => (0.95, 1.05),
    }
}

fn live(city: &mut City, draw: &mut Draw, person: u32, quarter: Quarter) {
    let state = city.person(person);
    let age = state.born.years_until(quarter.last());
    if state.activity == Activity::Child {
        if age >= 16 {
            begin(city, draw, person, quarter.last(), false);
        }
        return;
    }
    let before = state.activity;
    let was_registered = state.registration != NONE;
    let day = Day(draw.whole(
        quarter.first().0.max(state.arrived.0).min(quarter.last().0),
        quarter.last().0,
    ));
    match before {
        Activity::Student => student(city, draw, person, age, day),
        Activity::Employee => employee(city, draw, person, age, day, quarter),
        Activity::SelfEmployed => self_employed(city, draw, person, age, day),
        Activity::Unemployed => unemployed(city, draw, person, age, day, quarter),
        Activity::Inactive => inactive(city, draw, person, age, day),
        Activity::Retired | Activity::Child => {}
    }
    let works =
        |activity: Activity| matches!(activity, Activity::Employee | Activity::SelfEmployed);
    let state = &mut city.persons[person as usize];
    let halves = |a: bool, b: bool| 1.5 * f32::from(u8::from(a) + u8::from(b));
    state.months += halves(works(before), works(state.activity));
    state.months_unemployed += halves(was_registered, state.registration != NONE);
}

fn student(city: &mut City, draw: &mut Draw, person: u32, age: i32, day: Day) {
    let stays = match (age, city.person(person).education) {
        (..19, _) => 0.985,
        (19..=20, 0 | 1) => 0.80,
        (..=26, 2) => 0.97,
        (..=26, _) => 0.90,
        _ => 0.7,
    };
    if draw.chance(stays) {
        return;
    }
    match draw.weighted(&[0.55, 0.04, 0.31, 0.10]) {
        0 => start_job(city, draw, person, day),
        1 => city.persons[person as usize].activity = Activity::SelfEmployed,
        2 => register(city, draw, person, day),
        _ => city.persons[person as usize].activity = Activity::Inactive,
    }
}

fn retires(draw: &mut Draw, age: i32) -> bool {
    draw.chance(match age {
        ..=61 => 0.0,
        62..=66 => 0.07,
        _ => 0.5,
    })
}

fn employee(city: &mut City, draw: &mut Draw, person: u32, age: i32, day: Day, quarter: Quarter) {
    if retires(draw, age) {
        end_job(city, person, day);
        city.persons[person as usize].activity = Activity::Retired;
        return;
    }
    let Some(job) = city.jobs.get(city.person(person).job as usize) else {
        return;
    };
    let (usual, next) = match job.kind {
        OPEN_ENDED => (0.016, 0.56),
        FIXED_TERM => (0.21, 0.70),
        APPRENTICE => (0.06, 0.70),
        _ => (0.36, 0.72),
    };
    let ability = f64::from(city.person(person).ability);
    if !draw.chance(usual * times(quarter).0 * (-0.25 * ability).exp()) {
        return;
    }
    let ended = end_job(city, person, day);
    match draw.chance(next) {
        true => {
            let gap = draw.whole(0, 20);
            start_job(
                city,
                draw,
                person,
                Day((ended.0 + gap).min(quarter.last().0.max(ended.0))),
            );
            let job = city.person(person).job as usize;
            if city.jobs[job].kind == FIXED_TERM && draw.chance(0.25) {
                city.jobs[job].kind = OPEN_ENDED;
            }
        }
        false => register(city, draw, person, ended),
    }
}

fn self_employed(city: &mut City, draw: &mut Draw, person: u32, age: i32, day: Day) {
    if age >= 64 && retires(draw, age) {
        city.persons[person as usize].activity = Activity::Retired;
    } else if draw.chance(0.008) {
        register(city, draw, person, day);
    }
}

fn unemployed(city: &mut City, draw: &mut Draw, person: u32, age: i32, day: Day, quarter: Quarter) {
    if age >= 67 {
        end_registration(city, person, day);
        city.persons[person as usize].activity = Activity::Retired;
        return;
    }
    let ability = f64::from(city.person(person).ability);
    let find = 0.24 * times(quarter).1 * (0.22 * ability).exp() * if age > 50 { 0.55 } else { 1.0 };
    match draw.unit() {
        roll if roll < find => {
            end_registration(city, person, day);
            start_job(city, draw, person, day);
        }
        roll if roll < find + 0.006 => {
            end_registration(city, person, day);
            city.persons[person as usize].activity = Activity::SelfEmployed;
        }
        roll if roll < find + 0.035 => {
            end_registration(city, person, day);
            city.persons[person as usize].activity = Activity::Inactive;
        }
        _ => {}
    }
}

fn inactive(city: &mut City, draw: &mut Draw, person: u32, age: i32, day: Day) {
    if age >= 67 {
        if city.person(person).male || draw.chance(0.05) {
            city.persons[person as usize].activity = Activity::Retired;
        }
    } else if age < 60 && draw.chance(0.035) {
        match draw.chance(0.7) {
            true => start_job(city, draw, person, day),
            false => register(city, draw, person, day),
        }
    }
}

/// Workers who live elsewhere: in the archives of work only.
fn outside_workers(city: &mut City, draw: &mut Draw) {
    let count = (f64::from(city.residents) * city.plan.errors.outside_workers / 100.0) as usize;
    let (first, last) = (FIRST.first().0, LAST.last().0);
    for _ in 0..count {
        let age = draw.whole(19, 58);
        let mut from = Day(draw.whole(first - 2000, last - 30));
        let person = outsider(city, draw, age, from);
        for _ in 0..draw.whole(1, 3) {
            start_job(city, draw, person, from);
            let long = if draw.chance(0.5) { 4000 } else { 400 };
            let end = from.plus(draw.whole(20, long));
            if end.0 >= last {
                break;
            }
            end_job(city, person, end);
            from = end.plus(draw.whole(1, 300));
            if from.0 >= last - 20 {
                break;
            }
        }
        city.persons[person as usize].activity = Activity::Inactive;
    }
}
