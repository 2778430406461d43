//! Accidents at work: who is hurt, where, and when INAIL recognises it.

use crate::calendar::{Day, Quarter};
use crate::city::City;
use crate::places::MUNICIPALITIES;
use crate::random::{Draw, Process};
use crate::rows::Accident;
use crate::work::SECTORS;

/// The quarter's accidents among those who have a job.
pub(crate) fn quarter(city: &mut City, quarter: Quarter) {
    let mut draw = Draw::new(city.seed, Process::Accidents, quarter.serial());
    let weights: Vec<f64> = MUNICIPALITIES.iter().map(|place| place.1).collect();
    for index in 0..city.persons.len() {
        let Some(job) = city.jobs.get(city.persons[index].job as usize) else {
            continue;
        };
        let first = quarter.first().max(job.from);
        let last = quarter.last().0.min(job.to.0 - 1);
        let yearly = city.plan.accidents_per_100 / 100.0 * SECTORS[usize::from(job.sector)].2;
        if first.0 > last || !draw.chance(yearly / 4.0) {
            continue;
        }
        let day = Day(draw.whole(first.0, last));
        let recognised = match draw.chance(0.68) {
            true => day.plus(draw.whole(25, 160)),
            false => Day::OPEN,
        };
        let place = MUNICIPALITIES[draw.weighted(&weights)].0;
        city.accidents.push(Accident {
            person: index as u32,
            day,
            place,
            recognised,
            commuting: draw.chance(0.17),
        });
    }
}
