//! Cases of eviction and how they go on, from the definitions for people.

use std::collections::BTreeMap;

use super::city::{City, Contract, Eviction};
use super::day::{Day, Period};
use super::figures::{at_home, count, plan, share};
use super::housing;
use super::incidence::{self, Spell};
use super::people;
use super::table::{Figures, Plan, Unit};

/// An order and the acts about the same dwelling until the next one.
pub(super) struct Case<'a> {
    first: &'a Eviction,
    ordered: Option<Day>,
    requested: Option<Day>,
    executed: Option<Day>,
    last_act: Day,
}

const STAGES: [&str; 3] = ["emesso", "richiesto", "eseguito"];

fn stage(act: &Eviction) -> usize {
    STAGES.iter().position(|stage| *stage == act.kind).unwrap()
}

/// The cases known on a day.
pub(super) fn cases(city: &City, on: Day) -> Vec<Case<'_>> {
    let mut places: BTreeMap<(bool, &str), Vec<&Eviction>> = BTreeMap::new();
    for act in city.evictions.iter().filter(|act| act.day <= on) {
        let place = match &act.dwelling {
            Some(dwelling) => (true, dwelling.as_str()),
            None => (false, act.record.as_str()),
        };
        places.entry(place).or_default().push(act);
    }
    let mut cases: Vec<Case<'_>> = Vec::new();
    for mut acts in places.into_values() {
        acts.sort_by_key(|act| (act.day, stage(act)));
        let same =
            |pair: &[&Eviction]| (pair[0].day, stage(pair[0])) == (pair[1].day, stage(pair[1]));
        assert!(
            !acts.windows(2).any(same),
            "{}: the definition does not say which act is the first",
            acts[0].record
        );
        for (place, act) in acts.iter().enumerate() {
            if place == 0 || act.kind == "emesso" {
                cases.push(Case {
                    first: act,
                    ordered: None,
                    requested: None,
                    executed: None,
                    last_act: act.day,
                });
            }
            let case = cases.last_mut().unwrap();
            case.last_act = act.day;
            let stage = match act.kind.as_str() {
                "emesso" => &mut case.ordered,
                "richiesto" => &mut case.requested,
                _ => &mut case.executed,
            };
            stage.get_or_insert(act.day);
        }
    }
    cases
}

impl Case<'_> {
    /// Whether it is about a contract: the last one of its dwelling that began by its first act.
    fn is_about(&self, city: &City, contract: &Contract) -> bool {
        let own = city.contracts.iter().filter(|one| {
            Some(&one.dwelling) == self.first.dwelling.as_ref()
                && one.episode.from <= self.first.day
        });
        own.map(|one| one.episode.from).max() == Some(contract.episode.from)
    }

    fn is_open(&self, period: Period) -> bool {
        self.executed.is_none() && self.last_act > period.two_years_before()
    }
}

/// Whether a contract has a case that is open at the end of a period.
pub(super) fn is_under_eviction(
    city: &City,
    cases: &[Case<'_>],
    contract: &Contract,
    period: Period,
) -> bool {
    cases.iter().any(|case| {
        case.first.dwelling.as_ref() == Some(&contract.dwelling)
            && case.is_open(period)
            && case.is_about(city, contract)
    })
}

/// Whether a contract got an order within a period.
pub(super) fn is_ordered(
    city: &City,
    cases: &[Case<'_>],
    contract: &Contract,
    period: Period,
) -> bool {
    cases.iter().any(|case| {
        case.first.dwelling.as_ref() == Some(&contract.dwelling)
            && case.ordered.is_some_and(|day| period.holds(day))
            && case.is_about(city, contract)
    })
}

const REASONS: Plan = plan("eviction_reasons", &[&["reason"]]);
const PENDING: Plan = plan("evictions_pending", &[&["kind"], &["quartiere"]]);
const REQUEST: Plan = plan("eviction_request_hazard", &[&["quarters_since"]]);
const EXECUTION: Plan = plan("eviction_execution_hazard", &[&["quarters_since"]]);

pub(super) fn quarter(city: &City, quarter: Period, figures: &mut Figures) {
    let on = quarter.last_day();
    let homes = housing::homes(city, on);
    let mut orders = Vec::new();
    for act in &city.evictions {
        if quarter.holds(act.day) && act.kind == "emesso" {
            orders.push(Unit::new().at("reason", Some(act.reason.clone())));
        }
    }
    let (mut pending, mut to_request, mut to_execution) = (Vec::new(), Vec::new(), Vec::new());
    for case in cases(city, on) {
        if case.is_open(quarter) {
            let stage = if case.requested.is_some() { 1 } else { 0 };
            let home = case.first.dwelling.as_deref();
            let home = home.and_then(|dwelling| homes.get(dwelling));
            let unit = Unit::new()
                .at("kind", Some(STAGES[stage].to_owned()))
                .at("quartiere", home.and_then(|home| home.quartiere.clone()));
            pending.push(unit);
        }
        let is_earlier = |day: Option<Day>| day.is_some_and(|day| day < quarter.first_day());
        if is_earlier(case.executed) {
            continue;
        }
        if let (Some(ordered), false) = (case.ordered, is_earlier(case.requested)) {
            to_request.extend(at_risk(quarter, ordered, case.requested));
        }
        if let Some(requested) = case.requested {
            to_execution.extend(at_risk(quarter, requested, case.executed));
        }
    }
    let codes = &city.codes;
    figures.add(codes, &REASONS, quarter, &orders, &count);
    figures.add(codes, &PENDING, quarter, &pending, &count);
    figures.add(codes, &REQUEST, quarter, &to_request, &share);
    figures.add(codes, &EXECUTION, quarter, &to_execution, &share);
}

/// A case at risk of passing on in a quarter, in the first two years.
fn at_risk(quarter: Period, since: Day, passed: Option<Day>) -> Option<Unit> {
    let quarters = quarter.last_day().quarter_number() - since.quarter_number();
    let category = match quarters {
        0..4 => format!("q{quarters}"),
        4..8 => "q4_7".to_owned(),
        _ => return None,
    };
    let mut unit = Unit::new().at("quarters_since", Some(category));
    unit.has = Some(passed.is_some());
    Some(unit)
}

const REQUESTED: Plan = plan(
    "eviction_requested_within_two_years",
    &[&["citizenship_group"]],
);
const EXECUTED: Plan = plan(
    "eviction_executed_within_two_years",
    &[&["citizenship_group"]],
);

pub(super) fn year(city: &City, year: Period, figures: &mut Figures) {
    let (first, last) = (year.first_day(), year.last_day());
    for (plan, horizon, is_request) in [(&REQUESTED, 730, true), (&EXECUTED, 730, false)] {
        let (mut units, mut spells) = (Vec::new(), Vec::new());
        for (number, case) in cases(city, last).iter().enumerate() {
            let passed = if is_request {
                case.requested
            } else {
                case.executed
            };
            let Some(ordered) = case.ordered else {
                continue;
            };
            if passed.is_some_and(|day| day < first) {
                continue;
            }
            let known = people::last_known(city, case.first.person.as_deref(), last);
            let mut unit = at_home(city, known);
            unit.serial = spells.len();
            units.push(unit);
            spells.push(Spell {
                entry: (ordered < first).then(|| first.number() - ordered.number() - 1),
                exit: passed.unwrap_or(last).number() - ordered.number(),
                ending: passed.map(|_| true),
                cluster: number,
            });
        }
        let measure = |units: &[&Unit]| incidence::cell(&spells, units, horizon);
        figures.add(&city.codes, plan, year, &units, &measure);
    }
}
