//! The run of a study: the outcome is read, every run of the study is estimated, and the tables are made.

use serde::{Deserialize, Serialize};
use wdl_evaluation::{Cell, Estimate, Evaluation, EvaluationError, NoteKind, Request, evaluate};
use wdl_frame::Scope;
use wdl_result::study::{CostFace, PowerFace, RegistrationFace, RunFace, StudyFace};
use wdl_result::{Draft, Input, Table};
use wdl_vocab::{Diagnose as _, Euro, SnapshotId, StudyId, Text};

use crate::counts::{Standing, Timed, Units};
use crate::fault::RunError;
use crate::plan::checked;
use crate::promise::promised;
use crate::registration::{Registration, deviations};
use crate::rows::Rows;
use crate::said::{Said, few, few_tables};
use crate::study::{Asked, Runs, Study};
use crate::tables;

/// What a run is told by the lab.
#[derive(Clone, Debug)]
pub struct Context {
    /// True when the data are invented.
    pub synthetic: bool,
    /// The day the data were last brought up to date, `2026-11-05`.
    pub data_date: String,
    /// The version of the program.
    pub code_version: String,
    /// The version of the base.
    pub snapshot: SnapshotId,
    /// What the queries read.
    pub inputs: Vec<Input>,
    /// When it is run, RFC 3339.
    pub on: String,
    /// What was registered, with when and the entry of the record.
    pub registration: Option<(Registration, String, u64)>,
    /// Whether an outcome of the study was read before it was registered.
    pub is_read_before: bool,
    /// The least units that a row may rest on: those that rest on fewer are named.
    pub smallest_group: u64,
}

/// A study that was run: its tables as drafts, and who stands behind them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ran {
    /// The study.
    pub study: StudyId,
    /// Its tables, seen by nobody.
    pub tables: Vec<Draft<Table>>,
    /// Those behind each run, the main one first.
    pub standing: Vec<Standing>,
    /// The largest outcomes of each arm and their sum, for outcomes in euros.
    pub amounts: Vec<Amounts>,
}

/// What few give of the outcomes of an arm.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Amounts {
    /// The arm.
    pub arm: String,
    /// Units that give something.
    pub contributors: u64,
    /// The largest, from above.
    pub largest: Vec<f64>,
    /// All together.
    pub total: f64,
}

/// A run that was estimated, or why it could not be.
pub(crate) struct Estimated<'s> {
    pub(crate) run: Runs<'s>,
    pub(crate) rows: Vec<usize>,
    pub(crate) answer: Result<Evaluation, EvaluationError>,
    pub(crate) standing: Standing,
}

impl Estimated<'_> {
    /// The estimate that is the run's answer.
    pub(crate) fn effect(&self) -> Option<&Estimate> {
        let answer = self.answer.as_ref().ok()?;
        chosen(answer, self.run.asked).filter(|own| own.estimate.is_finite())
    }

    /// Estimates named by the time since the measure began.
    pub(crate) fn times(&self) -> Vec<(i64, &Estimate)> {
        let Ok(answer) = &self.answer else {
            return Vec::new();
        };
        let asked = self.run.asked;
        // By cohort or by period the names are those of calendar times.
        let is_by_time = asked
            .column("aggregation")
            .is_none_or(|own| own == "dynamic");
        let is_timed = asked.column("first-treated").is_some() && is_by_time;
        let named = answer.estimates.iter().filter_map(|own| {
            let time = own.name.parse::<i64>().ok()?;
            Some((time, own))
        });
        let mut named: Vec<(i64, &Estimate)> = match is_timed {
            true => named.filter(|(_, own)| own.estimate.is_finite()).collect(),
            false => Vec::new(),
        };
        named.sort_by_key(|(time, _)| *time);
        named
    }
}

/// The estimate that a study asks for: the named one, else the first.
pub(crate) fn chosen<'a>(answer: &'a Evaluation, asked: &Asked) -> Option<&'a Estimate> {
    match &asked.estimate {
        Some(name) => answer.estimates.iter().find(|own| own.name == *name),
        None => answer.estimates.first(),
    }
}

/// A method on some rows.
pub(crate) fn estimate(
    study: &Study,
    table: &Rows,
    asked: &Asked,
    rows: &[usize],
    smallest_group: u64,
) -> Result<Result<Evaluation, EvaluationError>, RunError> {
    let method = asked.method();
    let given = asked.given();
    let columns = table.handed(study, &given.columns(method.options()), rows)?;
    Ok(Request::new(method.options(), &given, &columns)
        .and_then(|request| evaluate(method, &request, smallest_group)))
}

/// Joins design and outcome, estimates every run, and makes the tables; nothing of it has been through disclosure control.
///
/// # Errors
/// [`RunError`] when the queries do not give what the study reads, or the main run has no answer.
pub fn run(study: &Study, scopes: &[Scope], context: &Context) -> Result<Ran, RunError> {
    let design = design(study, scopes)?;
    let outcome = Rows::read(study, &study.outcomes, scopes)?;
    let table = design.join(study, outcome)?;
    let units = Units::of(study, &table)?.with_events(study, &table)?;
    // The outcome must be numbers, whatever the method reads.
    let outcome = &study.stated.outcome.column;
    table.numbers(study, outcome)?;
    let mut estimated = Vec::new();
    for run in study.runs() {
        estimated.push(one(study, &table, &units, run, context.smallest_group)?);
    }
    if let Some(main) = estimated.first() {
        let answer = main.answer.as_ref().map_err(Clone::clone)?;
        if chosen(answer, main.run.asked).is_none() {
            let names: Vec<&str> = answer
                .estimates
                .iter()
                .map(|own| own.name.as_str())
                .collect();
            let detail = format!("the method gives the estimates {}", names.join(", "));
            return Err(study.frame_fault(detail));
        }
    }
    let checks = checked(study, &table, &estimated, context.smallest_group)?;
    let power = power(study, &table, &units, &estimated, context.smallest_group)?;
    let cost = cost(study, &table, &units, &estimated)?;
    let face = face(study, &estimated, context, (power, cost));
    let making = tables::Making {
        study,
        table: &table,
        units: &units,
        estimated: &estimated,
        checks: &checks,
        context,
    };
    Ok(Ran {
        study: study.id().clone(),
        tables: making.drafts(face)?,
        amounts: making.amounts()?,
        standing: estimated.into_iter().map(|own| own.standing).collect(),
    })
}

/// The design alone, held to what it must give.
pub(crate) fn design(study: &Study, scopes: &[Scope]) -> Result<Rows, RunError> {
    let rows = Rows::read(study, &study.frame, scopes)?;
    let outcome = &study.stated.outcome.column;
    if rows.has(outcome) {
        return Err(study.frame_fault(format!("`frame` gives the outcome `{outcome}`")));
    }
    let mut keys = rows.keys(study)?;
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(study.frame_fault("`frame` gives a key twice"));
    }
    Ok(rows)
}

fn one<'s>(
    study: &'s Study,
    table: &Rows,
    units: &Units,
    run: Runs<'s>,
    smallest_group: u64,
) -> Result<Estimated<'s>, RunError> {
    let mut needed = run.asked.needed();
    needed.push(study.stated.outcome.column.clone());
    let complete = table.complete(study, &needed)?;
    let mut rows = Vec::new();
    for (row, is_complete) in complete.into_iter().enumerate() {
        let is_of = match run.only {
            None => true,
            Some((column, value)) => table.text(study, column, row)? == Some(value),
        };
        if is_complete && is_of {
            rows.push(row);
        }
    }
    let answer = match rows.is_empty() {
        true => Err(EvaluationError::Nothing),
        false => estimate(study, table, run.asked, &rows, smallest_group)?,
    };
    let mut own = Estimated {
        standing: standing(study, table, units, &run, (&rows, &answer))?,
        run,
        rows,
        answer,
    };
    let named: Vec<i64> = own.times().iter().map(|(time, _)| *time).collect();
    if let Some(timed) = Timed::of(study, table, &own.rows, own.run.asked)? {
        own.standing.times = units.times(&timed, &named);
    }
    Ok(own)
}

/// Those behind a run: its arms, the groups its method says it rests on, and their events.
fn standing(
    study: &Study,
    table: &Rows,
    units: &Units,
    run: &Runs<'_>,
    (rows, answer): (&[usize], &Result<Evaluation, EvaluationError>),
) -> Result<Standing, RunError> {
    let timed = Timed::of(study, table, rows, run.asked)?;
    let behind = answer.as_ref().map_or(&[][..], |own| own.behind.as_slice());
    let mut own = units.standing(&run.id, run.asked, rows, timed.as_ref(), behind);
    let Ok(answer) = answer else {
        return Ok(own);
    };
    let covariates = run.asked.options.get("covariates").map_or(0, Vec::len);
    own.parameters = (answer.estimates.len() + covariates + 1) as u64;
    if study.stated.behind.is_none() {
        own.least = chosen(answer, run.asked).and_then(|effect| effect.units);
        let fewer = own.arms.iter().min();
        let is_part = own.least.zip(fewer).is_some_and(|(own, all)| own < *all);
        let is_told = timed.is_some() || !behind.is_empty();
        own.is_untold = is_part && !is_told && units.counts_events();
    }
    Ok(own)
}

/// What the design promised, and how far the interval is from it.
fn power(
    study: &Study,
    table: &Rows,
    units: &Units,
    estimated: &[Estimated<'_>],
    smallest_group: u64,
) -> Result<Option<PowerFace>, RunError> {
    let stated = study.stated.power.as_ref();
    let promised = promised(study, table, units, smallest_group)?;
    let main = estimated.first().and_then(Estimated::effect);
    let came_out = main.and_then(|own| own.interval);
    let came_out = came_out.map(|[low, high]| (high - low) / 2.0);
    let face = |(stated, own): (&crate::study::PowerOf, crate::promise::Promised)| PowerFace {
        minimum: own.least_effect,
        power: stated.power(),
        basis: stated.basis.clone(),
        half_width: own.half_width,
        false_alarms: own.false_alarms,
        widened: own
            .half_width
            .zip(came_out)
            .map(|(promised, own)| own / promised)
            .filter(|own| own.is_finite()),
    };
    Ok(stated.zip(promised).map(face))
}

/// What the measure costs for each: as stated, or the mean of a column over those of the main run who have it.
fn cost(
    study: &Study,
    table: &Rows,
    units: &Units,
    estimated: &[Estimated<'_>],
) -> Result<Option<CostFace>, RunError> {
    let Some(stated) = &study.stated.cost else {
        return Ok(None);
    };
    let each = match (stated.each, &stated.column) {
        (Some(each), _) => Some(each),
        (None, None) => None,
        (None, Some(column)) => {
            let amounts = table.numbers(study, column)?;
            let rows = estimated.first().map_or(&[][..], |own| own.rows.as_slice());
            let treated = rows
                .iter()
                .filter(|row| units.is_treated[units.of_row[**row]]);
            let cents = treated.map(|row| (amounts[*row].unwrap_or(0.0) * 100.0).round() as i64);
            let cents: Vec<i64> = cents.collect();
            let sum: i64 = cents.iter().sum();
            let count = i64::try_from(cents.len()).unwrap_or(i64::MAX);
            (count > 0).then(|| Euro::from_cents(sum / count))
        }
    };
    Ok(each.map(|each| CostFace {
        each,
        source: stated.source.clone(),
    }))
}

fn face(
    study: &Study,
    estimated: &[Estimated<'_>],
    context: &Context,
    (power, cost): (Option<PowerFace>, Option<CostFace>),
) -> StudyFace {
    let stated = &study.stated;
    let said = Said::of(study);
    let notes = |kind: NoteKind| -> Vec<Text> {
        let answers = estimated.iter().filter_map(|own| own.answer.as_ref().ok());
        let mut texts: Vec<Text> = Vec::new();
        for note in answers.flat_map(|own| &own.notes) {
            let text = said.named(&note.text);
            if note.kind == kind && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    };
    let mut assumptions = stated.assumptions.clone();
    let main = estimated.first().and_then(|own| own.answer.as_ref().ok());
    let own = main.iter().flat_map(|answer| &answer.notes);
    let of_method = own.filter(|note| note.kind == NoteKind::Assumption);
    assumptions.extend(of_method.map(|note| said.named(&note.text)));
    let registration = context.registration.as_ref();
    StudyFace {
        title: stated.title.clone(),
        question: stated.question.clone(),
        estimand: stated.estimand.clone(),
        population: stated.population.clone(),
        treatment: stated.treatment.clone(),
        outcome: stated.outcome.label.clone(),
        treated: stated.arms.treated.clone(),
        others: stated.arms.others.clone(),
        better: stated.outcome.better,
        how: stated.how.clone(),
        for_whom: stated.for_whom.clone(),
        assumptions,
        limits: stated.limits.clone(),
        runs: estimated.iter().map(|own| run_face(own, &said)).collect(),
        warnings: notes(NoteKind::Warning),
        conventions: notes(NoteKind::Convention),
        warnings_kept: 0,
        power,
        cost,
        registration: registration.map(|(own, on, entry)| RegistrationFace {
            digest: own.digest(),
            on: on.clone(),
            entry: *entry,
            methods: own.methods.clone(),
            code_version: own.code_version.clone(),
        }),
        outcome_read_before: context.is_read_before || registration.is_none(),
        deviations: registration.map_or_else(Vec::new, |(own, ..)| {
            deviations(own, study, &context.code_version)
        }),
        run_on: context.on.clone(),
    }
}

fn run_face(own: &Estimated<'_>, said: &Said<'_>) -> RunFace {
    let asked = own.run.asked;
    let options = asked.options.iter().map(|(name, values)| {
        let words = match values.is_empty() {
            true => "true".to_owned(),
            false => values.join(", "),
        };
        (name.clone(), words)
    });
    let answer = own.answer.as_ref().ok();
    RunFace {
        id: own.run.id.clone(),
        label: own.run.label.clone(),
        kind: own.run.kind,
        method: asked.version(),
        method_title: asked.method().title(),
        options: options.collect(),
        columns: said.columns(asked),
        few: answer.map_or_else(Vec::new, few),
        few_tables: answer.map_or_else(Vec::new, few_tables),
        level: own.effect().map_or(0.95, |own| own.level),
        failed: own
            .answer
            .as_ref()
            .err()
            .map(|fault| said.named(&why(fault))),
    }
}

/// Why a run has no answer, in both languages.
fn why(fault: &EvaluationError) -> Text {
    let diagnostic = fault.diagnostic();
    wdl_vocab::Text::new(
        wdl_vocab::diagnostics::message(&diagnostic, wdl_vocab::Lang::It),
        wdl_vocab::diagnostics::message(&diagnostic, wdl_vocab::Lang::En),
    )
}

/// A figure of an answer, as a number.
pub(crate) fn figure(answer: &Evaluation, name: &str) -> Option<f64> {
    match answer.figures.get(name)? {
        Cell::Number(number) => Some(*number).filter(|own| own.is_finite()),
        Cell::Count(_) | Cell::Flag(_) | Cell::Words(_) | Cell::Said(_) | Cell::None => None,
    }
}
