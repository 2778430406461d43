//! The lists for a home: flows, waiting, and how applications end, from the definitions for people.

use std::collections::BTreeMap;

use super::city::City;
use super::day::Period;
use super::figures::{at_home, count, mean, plan};
use super::incidence::{self, Spell};
use super::people;
use super::table::{Figures, Plan, Unit};

const FILED: Plan = plan(
    "housing_applications_filed",
    &[&["list"], &["list", "citizenship_group"]],
);
const CLOSED: Plan = plan(
    "housing_applications_closed",
    &[&["list"], &["list", "list_outcome"]],
);
const YEARS: Plan = plan(
    "housing_waiting_years",
    &[&["list"], &["list", "citizenship_group"]],
);

pub(super) fn quarter(city: &City, quarter: Period, figures: &mut Figures) {
    let on = quarter.last_day();
    let (mut filed, mut closed, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
    for application in &city.applications {
        let episode = application.episode;
        let unit = || {
            let known = people::last_known(city, application.person.as_deref(), on);
            at_home(city, known).at("list", Some(application.list.to_owned()))
        };
        if quarter.holds(episode.from) {
            filed.push(unit());
        }
        if episode.to.is_some_and(|to| quarter.holds(to)) {
            closed.push(unit().at("list_outcome", Some(application.outcome.clone())));
        }
        if episode.holds(on) {
            let mut unit = unit();
            unit.number = Some((on.number() - episode.from.number()) as f64 / 365.25);
            waiting.push(unit);
        }
    }
    figures.add(&city.codes, &FILED, quarter, &filed, &count);
    figures.add(&city.codes, &CLOSED, quarter, &closed, &count);
    let all = waiting.len();
    let measure = |units: &[&Unit]| mean(units, all);
    figures.add(&city.codes, &YEARS, quarter, &waiting, &measure);
}

const ALLOCATED: Plan = plan(
    "housing_allocated_within_three_years",
    &[&["list"], &["citizenship_group"]],
);
const WITHOUT: Plan = plan(
    "housing_closed_without_home_within_three_years",
    &[&["list"], &["citizenship_group"]],
);

pub(super) fn year(city: &City, year: Period, figures: &mut Figures) {
    let (first, last) = (year.first_day(), year.last_day());
    for (plan, is_allocation) in [(&ALLOCATED, true), (&WITHOUT, false)] {
        let (mut units, mut spells) = (Vec::new(), Vec::new());
        let mut households: BTreeMap<String, usize> = BTreeMap::new();
        for (number, application) in city.applications.iter().enumerate() {
            let episode = application.episode;
            let is_over = episode.to.is_some_and(|to| to < first);
            if is_over || !episode.has_begun(last) {
                continue;
            }
            let name = match &application.household {
                Some(household) => household.clone(),
                None => format!("application {number}"),
            };
            let next = households.len();
            let ended = episode.to.filter(|to| *to <= last);
            let known = people::last_known(city, application.person.as_deref(), last);
            let mut unit = at_home(city, known).at("list", Some(application.list.to_owned()));
            unit.serial = spells.len();
            units.push(unit);
            spells.push(Spell {
                entry: (episode.from < first).then(|| first.number() - episode.from.number() - 1),
                exit: ended.unwrap_or(last).number() - episode.from.number(),
                ending: ended.map(|_| (application.outcome == "A") == is_allocation),
                cluster: *households.entry(name).or_insert(next),
            });
        }
        let measure = |units: &[&Unit]| incidence::cell(&spells, units, 1_096);
        figures.add(&city.codes, plan, year, &units, &measure);
    }
}
