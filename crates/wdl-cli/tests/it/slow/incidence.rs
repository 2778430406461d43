//! Cumulative incidence with competing risks, day by day over everybody.

use std::collections::BTreeSet;

use super::errors;
use super::table::{Cell, Unit};

/// A spell in whole days.
pub(super) struct Spell {
    /// How long it had lasted the day before its observation began; nothing when it is observed from its first day.
    pub(super) entry: Option<i64>,
    /// How long it had lasted when observation stopped.
    pub(super) exit: i64,
    /// Whether it ended in the way that is measured; nothing while it lasts.
    pub(super) ending: Option<bool>,
    /// Who is drawn together.
    pub(super) cluster: usize,
}

impl Spell {
    fn is_at_risk(&self, day: i64) -> bool {
        self.entry.is_none_or(|entry| entry < day) && day <= self.exit
    }

    fn ends(&self, day: i64) -> bool {
        self.ending.is_some() && self.exit == day
    }

    fn is_event(&self, day: i64) -> bool {
        self.ends(day) && self.ending == Some(true)
    }
}

/// The incidence among the units of a cell by a horizon, with its error when clusters of all spells are drawn.
pub(super) fn cell(spells: &[Spell], units: &[&Unit], horizon: i64) -> Cell {
    let is_observed = |spell: &&Spell| spell.entry.is_none_or(|entry| entry < spell.exit);
    let here: Vec<&Spell> = units
        .iter()
        .map(|unit| &spells[unit.serial])
        .filter(is_observed)
        .collect();
    let value = incidence(&here, horizon);
    let error = value.and_then(|_| {
        let steps = steps(&here, horizon);
        let clusters = spells.iter().map(|spell| spell.cluster).max()? + 1;
        let mut is_used = vec![false; clusters];
        let mut totals = vec![0.0; clusters];
        for spell in spells {
            is_used[spell.cluster] = true;
        }
        for spell in &here {
            totals[spell.cluster] += derivative(&steps, spell);
        }
        let used = totals.iter().zip(is_used).filter(|(_, is_used)| *is_used);
        let used: Vec<f64> = used.map(|(total, _)| *total).collect();
        errors::spread(&used)
    });
    let with = here
        .iter()
        .filter(|spell| spell.ending == Some(true) && spell.exit <= horizon);
    Cell {
        is_collected: true,
        value,
        standard_error: error,
        n: here.len() as u64,
        n_with: Some(with.count() as u64),
        coverage: None,
    }
}

/// Nothing when there is a day on which somebody should be looked at and nobody is.
fn incidence(here: &[&Spell], horizon: i64) -> Option<f64> {
    let (mut lasting, mut incidence) = (1.0, 0.0);
    if here.is_empty() {
        return None;
    }
    for day in 0..=horizon {
        let at_risk = here.iter().filter(|spell| spell.is_at_risk(day)).count();
        let ends = here.iter().filter(|spell| spell.ends(day)).count();
        let events = here.iter().filter(|spell| spell.is_event(day)).count();
        if at_risk == 0 && day > 0 {
            return None;
        }
        if at_risk > 0 {
            incidence += lasting * events as f64 / at_risk as f64;
            lasting *= 1.0 - ends as f64 / at_risk as f64;
        }
        if ends > 0 && ends == at_risk {
            return Some(incidence);
        }
    }
    Some(incidence)
}

/// A day on which some end: those at risk, those who end in the way that is measured, those who end.
struct Step {
    day: i64,
    at_risk: f64,
    events: f64,
    ends: f64,
}

fn steps(here: &[&Spell], horizon: i64) -> Vec<Step> {
    let ended = here.iter().filter(|spell| spell.ending.is_some());
    let days: BTreeSet<i64> = ended.map(|spell| spell.exit).collect();
    let mut steps = Vec::new();
    for day in days.into_iter().filter(|day| *day <= horizon) {
        let count = |is: &dyn Fn(&Spell) -> bool| here.iter().filter(|one| is(one)).count() as f64;
        let step = Step {
            day,
            at_risk: count(&|one| one.is_at_risk(day)),
            events: count(&|one| one.is_event(day)),
            ends: count(&|one| one.ends(day)),
        };
        let is_last = step.ends == step.at_risk;
        steps.push(step);
        if is_last {
            break;
        }
    }
    steps
}

/// How the incidence moves with the weight of one spell, carried along beside it from day to day.
fn derivative(steps: &[Step], of: &Spell) -> f64 {
    let (mut lasting, mut by_lasting, mut by_incidence) = (1.0, 0.0, 0.0);
    for step in steps {
        let (events, ends) = (step.events / step.at_risk, step.ends / step.at_risk);
        let is_here = f64::from(of.is_at_risk(step.day));
        let by_events = (f64::from(of.is_event(step.day)) - events * is_here) / step.at_risk;
        let by_ends = (f64::from(of.ends(step.day)) - ends * is_here) / step.at_risk;
        by_incidence += by_lasting * events + lasting * by_events;
        by_lasting = by_lasting * (1.0 - ends) - lasting * by_ends;
        lasting *= 1.0 - ends;
    }
    by_incidence
}
