//! The tables of a study through disclosure control: what rests on too few does not leave.
//!
//! A run is kept back whole (estimate, interval, p-value) when few have the measure or few do not, when the method's own smallest group is of few, when few events stand behind a group it rests on, or few without one, when it rests on too few wholes or degrees of freedom, when its number of units must be hidden, or when the same method was shown on nearly the same units.
//!
//! Events are counted where the estimate is made: on each side of a cut-off within the bandwidth, in each arm before and after the start, then and in the period compared with.

use std::collections::{BTreeMap, BTreeSet};

use wdl_disclosure::between::CellName;
use wdl_disclosure::kinds::{OutputClauses, examine};
use wdl_disclosure::{
    CellKey, Checked, Contributions, DisclosureError, Dominated, Member, Report, dominated,
    hold_back, protect_family,
};
use wdl_protocol::{Counted, DisclosureRules, Rule};
use wdl_result::study::{ARM, ARMS, MAIN, Part, RUN, STEP, STEPS, StudyFace, TIME};
use wdl_result::{Draft, EventEffect, EventStudy, Output, Regression, Status, Table, Term};
use wdl_vocab::{BodyId, DatasetId, IndicatorId, Text};

use crate::counts::{Group, Standing, StandingTime, Tally};
use crate::run::Ran;
use crate::study::Study;
use crate::tables::time_id;

/// The tables that may be asked for, and what was hidden in them.
#[derive(Debug)]
pub struct Protected {
    /// The planned tables, that of effects first.
    pub tables: Vec<Checked<Table>>,
    /// What was hidden, for the lab alone.
    pub reports: Vec<Report>,
}

/// Protects the tables of a study that was run.
///
/// # Errors
/// [`DisclosureError`] when a table does not say what it rests on.
pub fn protect(
    study: &Study,
    ran: Ran,
    rules: &DisclosureRules,
    sources: &[(BodyId, DatasetId)],
) -> Result<Protected, DisclosureError> {
    let mut by_indicator: BTreeMap<IndicatorId, Vec<Draft<Table>>> = BTreeMap::new();
    let mut order: Vec<IndicatorId> = Vec::new();
    let rule = rule(&ran, rules, sources);
    let minimum = rule.minimum_frequency.get();
    for draft in ran.tables {
        let id = draft.0.header.indicator.clone();
        if !order.contains(&id) {
            order.push(id.clone());
        }
        by_indicator.entry(id).or_default().push(draft);
    }
    // The sample first: a run whose number of units is hidden is kept back.
    let place = |id: &IndicatorId| part_of(&by_indicator[id]) != Some(Part::Sample);
    order.sort_by_key(place);
    let mut out = Protected {
        tables: Vec::new(),
        reports: Vec::new(),
    };
    let mut kept: BTreeSet<String> = BTreeSet::new();
    for id in order {
        let Some(mut drafts) = by_indicator.remove(&id) else {
            continue;
        };
        let Some(part) = part_of(&drafts) else {
            continue;
        };
        for draft in &mut drafts {
            if let Some(face) = face_of(&mut draft.0) {
                shorten(face, &kept, minimum);
            }
        }
        let held = held(part, &drafts, &ran.standing, &kept, rule);
        let member = Member {
            sources: sources.to_vec(),
            dominated: dominated_of(part, &drafts, &ran.amounts, rule),
            tables: drafts,
            counted: Counted::default(),
        };
        let protected = protect_family(vec![member], rules)?.remove(0);
        let protected = hold_back(protected, &held);
        if part == Part::Sample {
            kept = kept_back(&protected.tables, &ran.standing, rule);
        }
        let is_planned = study.stated.tables.contains(&part);
        if is_planned {
            out.tables.extend(protected.tables);
            out.reports.push(protected.report);
        }
    }
    out.tables.sort_by_key(|own| part_in(own.get()));
    Ok(out)
}

/// One rule for all the tables of a study: the strictest that any of them has.
fn rule(ran: &Ran, rules: &DisclosureRules, sources: &[(BodyId, DatasetId)]) -> Rule {
    let tables = ran.tables.iter().map(|draft| &draft.0);
    let dimensions = tables.clone().flat_map(|table| &table.dimensions);
    let named = tables.map(|table| table.header.indicator.as_str());
    let variables: Vec<&str> = dimensions.map(|own| own.id.as_str()).chain(named).collect();
    rules.for_table(sources, &variables)
}

fn part_in(table: &Table) -> Option<Part> {
    table.header.study.as_ref().map(|own| own.part)
}

fn part_of(drafts: &[Draft<Table>]) -> Option<Part> {
    part_in(&drafts.first()?.0)
}

fn face_of(table: &mut Table) -> Option<&mut StudyFace> {
    table.header.study.as_mut()?.face.as_deref_mut()
}

/// What the words of a study may say: no warning that names few, no power of a design of few.
fn shorten(face: &mut StudyFace, kept: &BTreeSet<String>, minimum: u64) {
    let before = face.warnings.len();
    face.warnings.retain(|own| !names_few(own, minimum));
    face.warnings_kept += (before - face.warnings.len()) as u64;
    face.conventions.retain(|own| !names_few(own, minimum));
    if kept.contains(MAIN) {
        face.power = None;
        face.cost = None;
    }
    for run in &mut face.runs {
        if kept.contains(&run.id) {
            run.few.clear();
            run.few_tables.clear();
        }
        if run
            .failed
            .as_ref()
            .is_some_and(|own| names_few(own, minimum))
            || kept.contains(&run.id)
        {
            run.failed = run
                .failed
                .is_some()
                .then(|| Text::fixed("i dati non bastano", "there are not enough data"));
        }
    }
}

/// Whether words hold a whole number that could count a few: from 1 to below the minimum, standing alone.
pub(crate) fn names_few(text: &Text, minimum: u64) -> bool {
    let is_of_number = |sign: char| sign.is_alphanumeric() || ".,%/-".contains(sign);
    [&text.it, &text.en].into_iter().any(|words| {
        let tokens = words.split(|sign: char| !is_of_number(sign));
        let ends = |sign: char| ".,-".contains(sign);
        let mut numbers = tokens.filter_map(|token| token.trim_matches(ends).parse::<u64>().ok());
        numbers.any(|number| 0 < number && number < minimum)
    })
}

/// The runs that are kept back.
fn kept_back(sample: &[Checked<Table>], standing: &[Standing], rule: Rule) -> BTreeSet<String> {
    let minimum = rule.minimum_frequency.get();
    let clauses = OutputClauses {
        minimum_frequency: rule.minimum_frequency,
        ..OutputClauses::default()
    };
    let hidden: BTreeSet<String> = sample
        .iter()
        .flat_map(|own| hidden_runs(own.get()))
        .collect();
    let mut kept = BTreeSet::new();
    let mut shown: Vec<&Standing> = Vec::new();
    for own in standing {
        let total: u64 = own.arms.iter().sum();
        let few = |count: u64| 0 < count && count < minimum;
        let few_least = own.least.is_some_and(few);
        let few_events = own.is_untold || rests_on_few(&own.groups, rule);
        let is_near = shown.iter().any(|before| {
            let other: u64 = before.arms.iter().sum();
            before.method == own.method && few(before_and(total, other))
        });
        let is_hidden = hidden.contains(&own.run) || hidden.contains(MAIN);
        if is_hidden
            || few_least
            || few_events
            || is_near
            || !examine(&output(own), &clauses).is_empty()
        {
            kept.insert(own.run.clone());
        } else {
            shown.push(own);
        }
    }
    kept
}

/// Whether a group has some events but few, or all but few: what the lab hides of a share.
fn rests_on_few(groups: &[Group], rule: Rule) -> bool {
    groups.iter().any(|own| is_few(own.tally, rule))
}

fn is_few(tally: Tally, rule: Rule) -> bool {
    let minimum = rule.minimum_frequency.get();
    let Tally { with, without } = tally;
    match (with, without) {
        (0, _) => rule.suppress_zero,
        (_, Some(0)) => rule.suppress_hundred_percent,
        (with, without) => with < minimum || without.is_some_and(|own| own < minimum),
    }
}

fn before_and(one: u64, other: u64) -> u64 {
    one.abs_diff(other)
}

/// The runs whose number of units is hidden in a table of the sample: the main one, or a subgroup.
fn hidden_runs(table: &Table) -> Vec<String> {
    let at = |id: &str| table.dimensions.iter().position(|own| own.id == id);
    let (Some(step), Some(arm)) = (at(STEP), at(ARM)) else {
        return Vec::new();
    };
    let group = (0..table.dimensions.len()).find(|place| *place != step && *place != arm);
    let is_hidden = |cell: &&wdl_result::Cell| {
        let is_suppressed = matches!(
            cell.status,
            Status::SuppressedPrimary | Status::SuppressedSecondary
        );
        let is_used = cell.keys[step].as_deref() == Some(STEPS[0]);
        is_suppressed && is_used && cell.keys[arm].is_none()
    };
    let cells = table.cells.iter().filter(is_hidden);
    let run = |cell: &wdl_result::Cell| match group {
        None => Some(MAIN.to_owned()),
        Some(group) => Some(match &cell.keys[group] {
            Some(value) => format!("{}.{value}", table.dimensions[group].id),
            None => MAIN.to_owned(),
        }),
    };
    cells.filter_map(run).collect()
}

/// A run as a regression: a regressor of two values, who has the measure.
fn output(own: &Standing) -> Output {
    Output::Regression(Regression {
        observations: own.arms.iter().sum(),
        clusters: own.clusters,
        parameters: own.parameters,
        patterns: None,
        r_squared: None,
        terms: vec![Term {
            name: ARM.to_owned(),
            estimate: 0.0,
            standard_error: None,
            units: Some(own.arms),
        }],
    })
}

/// The cells of a table that are emptied.
fn held(
    part: Part,
    drafts: &[Draft<Table>],
    standing: &[Standing],
    kept: &BTreeSet<String>,
    rule: Rule,
) -> BTreeSet<CellName> {
    let few_times = match part {
        Part::Times => few_times(standing, rule),
        Part::Effects | Part::PValues | Part::Sample | Part::Means | Part::Checks => {
            BTreeSet::new()
        }
    };
    let mut held = BTreeSet::new();
    for Draft(table) in drafts {
        for cell in &table.cells {
            let name = CellName::of(table, cell);
            let key = |id: &str| {
                let found = name.keys.iter().find(|(dimension, _)| dimension == id);
                found.map(|(_, category)| category.clone())
            };
            let of_run = key(RUN).is_some_and(|run| kept.contains(&run));
            let of_time = key(RUN)
                .zip(key(TIME))
                .is_some_and(|own| few_times.contains(&own));
            let of_main = match part {
                Part::Means | Part::Checks => kept.contains(MAIN),
                Part::Effects | Part::PValues | Part::Times | Part::Sample => false,
            };
            if of_run || of_time || of_main {
                held.insert(name);
            }
        }
    }
    held
}

/// The times of runs that rest on too few, by run and time.
fn few_times(standing: &[Standing], rule: Rule) -> BTreeSet<(String, String)> {
    let clauses = OutputClauses {
        minimum_frequency: rule.minimum_frequency,
        ..OutputClauses::default()
    };
    let mut found = BTreeSet::new();
    for own in standing {
        let effect = |own: &StandingTime| EventEffect {
            time: own.time,
            estimate: 0.0,
            standard_error: None,
            treated: own.treated,
            compared: own.compared,
        };
        let effects = own.times.iter().map(effect).collect();
        let study = Output::EventStudy(EventStudy { effects });
        let places = examine(&study, &clauses)
            .into_iter()
            .filter_map(|own| own.place.parse().ok());
        let few = own.times.iter();
        let few = few.filter(|own| rests_on_few(&own.groups, rule));
        let mut hidden: BTreeSet<i64> = places.chain(few.map(|own| own.time)).collect();
        hidden.extend(companion(&own.times, &hidden));
        let named = hidden.into_iter();
        found.extend(named.map(|time| (own.run.clone(), time_id(time))));
    }
    found
}

/// Another time to hide where one alone is hidden from the beginning on: the answer is the mean of those times, and would give it away.
fn companion(times: &[StandingTime], hidden: &BTreeSet<i64>) -> Option<i64> {
    let after = times.iter().filter(|own| own.time >= 0);
    let (gone, shown): (Vec<&StandingTime>, Vec<&StandingTime>) =
        after.partition(|own| hidden.contains(&own.time));
    match gone.len() {
        1 => shown
            .into_iter()
            .min_by_key(|own| own.treated.min(own.compared))
            .map(|own| own.time),
        _ => None,
    }
}

fn dominated_of(
    part: Part,
    drafts: &[Draft<Table>],
    amounts: &[crate::run::Amounts],
    rule: Rule,
) -> Dominated {
    let period = drafts.first().and_then(|own| own.0.cells.first());
    let (Part::Means, Some(cell)) = (part, period) else {
        return Dominated::new();
    };
    let contributions: Vec<(CellKey, Contributions)> = amounts
        .iter()
        .filter(|own| ARMS.contains(&own.arm.as_str()))
        .map(|own| {
            let keys = vec![(ARM.to_owned(), own.arm.clone())];
            let behind = Contributions {
                contributors: own.contributors,
                largest: own.largest.clone(),
                total: own.total,
            };
            ((cell.period, keys), behind)
        })
        .collect();
    let cells = contributions.iter().map(|(key, own)| (key.clone(), own));
    dominated(cells, rule)
}
