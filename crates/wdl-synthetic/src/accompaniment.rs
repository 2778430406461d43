//! The accompaniment to work: who joins it in the autumn, and the months of work that it adds in the year after.
//!
//! People choose to join: more often those in need, those whom services know and those who have worked little, and these find less work anyway.
//! The chance of joining depends on nothing that the bodies do not hold, so an adjustment for their data finds the effect.
//! The months worked are known without and with the measure for everybody who may join; it must not decide what anybody earns.

use std::collections::{BTreeMap, BTreeSet};

use crate::aid;
use crate::calendar::{Day, Quarter};
use crate::city::City;
use crate::random::{Draw, Process, hashed};
use crate::rows::{Aid, Job, Participation};

/// The place of the measure's lots among the hashed draws.
const LOT: u64 = 51;
/// Fixed-term, in the sector of services to firms.
const FIXED_TERM: u8 = 1;
const SECTOR: u8 = 12;

/// At a year's end: the months that the measure added for those who joined the year before, then who joins.
pub(crate) fn year(city: &mut City, quarter: Quarter) {
    let mut months = MonthsWorked::of(city, quarter);
    add_months(city, quarter, &mut months);
    let (first, last) = city.plan.accompaniment.years;
    if quarter.quarter == 4 && (first..=last).contains(&quarter.year) {
        enrol(city, quarter, &months);
    }
}

/// The months of a year with at least one day under a contract, a bit each, by person.
struct MonthsWorked(BTreeMap<u32, u16>);

impl MonthsWorked {
    fn of(city: &City, quarter: Quarter) -> MonthsWorked {
        let (first, end) = (Day::new(quarter.year, 1, 1), quarter.last().plus(1));
        let mut months = BTreeMap::new();
        for job in &city.jobs {
            if job.from >= end || job.to <= first || job.to <= job.from {
                continue;
            }
            let from = job.from.max(first).parts().1;
            // The day of the end is no longer worked.
            let until = job.to.min(end).plus(-1).parts().1;
            *months.entry(job.person).or_default() |= bits(from as u8, until as u8);
        }
        MonthsWorked(months)
    }

    fn of_person(&self, person: u32) -> u16 {
        self.0.get(&person).copied().unwrap_or(0)
    }
}

/// Months as bits, from the first to the last.
fn bits(first: u8, last: u8) -> u16 {
    (1 << last) - (1 << (first - 1))
}

/// The longest run of months without work among the first `months`: its first month, from 1, and its length.
fn free(worked: u16, months: u8) -> (u8, u8) {
    let mut best = (1, 0);
    let mut run = 0;
    for month in 1..=months {
        run = if worked >> (month - 1) & 1 == 0 {
            run + 1
        } else {
            0
        };
        if run > best.1 {
            best = (month + 1 - run, run);
        }
    }
    best
}

/// The first day of a month, which may be the thirteenth.
fn first_of(year: i32, month: u8) -> Day {
    match month {
        13 => Day::new(year + 1, 1, 1),
        month => Day::new(year, i32::from(month), 1),
    }
}

fn add_months(city: &mut City, quarter: Quarter, worked: &mut MonthsWorked) {
    let year = quarter.year;
    let known = (3 * quarter.quarter) as u8;
    let (least, most) = city.plan.accompaniment.months;
    for place in 0..city.participations.len() {
        let own = &city.participations[place];
        if own.year != year - 1 {
            continue;
        }
        let (person, joined) = (own.person, own.joined);
        let without = worked.of_person(person);
        let (first, run) = free(without, known);
        let unit = u64::from(person) << 12 | year as u64;
        let wanted = least + (hashed(city.seed, unit, LOT) * f64::from(most - least + 1)) as u8;
        // Who left the city, or died, is accompanied no longer.
        let gain = if city.is_resident(person) {
            wanted.min(run)
        } else {
            0
        };
        if known == 12 {
            let months = without.count_ones() as u8;
            city.participations[place].months_after = Some((months, months + gain));
        }
        if joined && gain > 0 {
            city.jobs.push(Job {
                person,
                kind: FIXED_TERM,
                part_time: true,
                sector: SECTOR,
                from: first_of(year, first),
                to: first_of(year, first + gain),
            });
            city.persons[person as usize].months += f32::from(gain);
            *worked.0.entry(person).or_default() |= bits(first, first + gain - 1);
        }
    }
}

/// Last ISEE of the year by member, in cents.
fn declared(city: &City, year: i32) -> BTreeMap<u32, i64> {
    let mut last: BTreeMap<u32, (Day, i64)> = BTreeMap::new();
    for declaration in city
        .declarations
        .iter()
        .filter(|own| own.day.year() == year)
    {
        for member in &declaration.members {
            let own = last
                .entry(*member)
                .or_insert((declaration.day, declaration.isee));
            if declaration.day >= own.0 {
                *own = (declaration.day, declaration.isee);
            }
        }
    }
    last.into_iter()
        .map(|(person, (_, isee))| (person, isee))
        .collect()
}

/// Those registered as unemployed in the year, and whether they still are at its end.
fn registered(city: &City, quarter: Quarter) -> BTreeMap<u32, bool> {
    let (first, last) = (Day::new(quarter.year, 1, 1), quarter.last());
    let mut registered = BTreeMap::new();
    for own in &city.registrations {
        if own.from <= last && own.to > first {
            *registered.entry(own.person).or_default() |= own.to > last;
        }
    }
    registered
}

fn enrol(city: &mut City, quarter: Quarter, worked: &MonthsWorked) {
    let year = quarter.year;
    let aided: BTreeSet<u32> = city
        .aids
        .iter()
        .filter(|own| own.day.year() == year && aid::MUNICIPAL.contains(&own.measure))
        .map(|own| own.household)
        .collect();
    let declared = declared(city, year);
    let mut draw = Draw::new(city.seed, Process::Accompaniment, year as u64);
    for (person, registered) in registered(city, quarter) {
        let Some(isee) = declared.get(&person).copied() else {
            continue;
        };
        let age = city.age(person, quarter.last());
        let plan = &city.plan.accompaniment;
        let is_of_age = (plan.ages.0..=plan.ages.1).contains(&age);
        if !city.is_resident(person) || !is_of_age || isee > plan.isee_max {
            continue;
        }
        let household = city.person(person).household;
        if city.household(household).institution {
            continue;
        }
        let own = Participation {
            person,
            year,
            joined: false,
            chance: 0.0,
            isee,
            months_before: worked.of_person(person).count_ones() as u8,
            aided: aided.contains(&household),
            registered,
            age,
            months_after: None,
        };
        let chance = chance(&plan.joins, &own);
        let joined = draw.chance(chance);
        let day = Day::new(year, 11, 1).plus(draw.whole(0, 45));
        city.participations.push(Participation {
            chance,
            joined,
            ..own
        });
        if joined {
            pay(
                city,
                person,
                household,
                day.max(city.household(household).since),
            );
        }
    }
}

/// The chance of joining: a logit in what the bodies know.
fn chance(joins: &[f64; 6], own: &Participation) -> f64 {
    let [constant, isee, months, aided, registered, age] = joins;
    let flag = |is: bool| f64::from(u8::from(is));
    let logit = constant
        + isee * own.isee as f64 / 100_000.0
        + months * f64::from(own.months_before)
        + aided * flag(own.aided)
        + registered * flag(own.registered)
        + age * f64::from(own.age - 40);
    1.0 / (1.0 + (-logit).exp())
}

fn pay(city: &mut City, person: u32, household: u32, day: Day) {
    let amount = city.plan.accompaniment.allowance;
    city.income_mut(person, day.year()).exempt += amount as i32;
    city.aids.push(Aid {
        person,
        household,
        measure: aid::ACCOMPANIMENT,
        amount,
        day,
        note: 0,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_without_work() {
        assert_eq!(free(0, 12), (1, 12));
        assert_eq!(free(0b1111_1111_1111, 12), (1, 0));
        assert_eq!(free(0b0000_0000_0111, 12), (4, 9));
        assert_eq!(free(0b0000_0100_0011, 12), (8, 5));
        assert_eq!(free(0b0000_0000_0111, 9), (4, 6));
        assert_eq!(first_of(2024, 13), Day::new(2025, 1, 1));
    }
}
