//! The event study by two-way fixed effects: dummies of the time since treatment, effects of unit and period.

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use wdl_causal::regression::{
    self as kernel, ClusterFactor, Column, Inference, LeftOut, Model, Term, Variance,
};
use wdl_vocab::Text;

use super::regression::{self, words};
use crate::answer::{Estimate, Evaluation, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::glossary;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::{Covariate, Sample};

/// `event-study`.
pub(super) struct EventStudy;

const OPTIONS: &[Opt] = &[
    regression::OUTCOME,
    Opt::required(
        "unit",
        Kind::Label,
        "la colonna dell'unità",
        "the column of the unit",
    ),
    Opt::required(
        "period",
        Kind::Number,
        "la colonna del periodo: numeri interi",
        "the column of the period: whole numbers",
    ),
    Opt::required(
        "first-treated",
        Kind::NumberOrNone,
        "la colonna del primo periodo trattato; vuota o zero per chi non lo è mai",
        "the column of the first treated period; empty or zero for the never treated",
    ),
    Opt::new(
        "reference",
        Kind::Real,
        "il tempo dal trattamento con cui si confrontano gli altri: -1 se non detto",
        "the time since treatment that the others are compared with: -1 unless said",
    ),
    regression::COVARIATES,
    regression::WEIGHTS,
    Opt::new(
        "cluster",
        Kind::LabelColumns,
        "le colonne dei grappoli: l'unità se non detto",
        "the columns of the clusters: the unit unless said",
    ),
    regression::CLUSTER_FACTOR,
    regression::LEVEL,
];

impl Method for EventStudy {
    fn name(&self) -> &'static str {
        "event-study"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Studio di evento con effetti fissi di unità e periodo",
            "Event study with fixed effects of unit and period",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let panel = Panel::of(request, request.sample()?)?;
        let model = panel.model();
        let name = |at: usize| panel.name(at);
        let fault = |why| words::fault(&why, &name);
        let fit = kernel::fit(&model).map_err(fault)?;
        let level = request.level();
        let own = fit
            .inference(&panel.variance(request), level)
            .map_err(fault)?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Differenza dell'esito rispetto al tempo di riferimento, per tempo dal trattamento",
                "Difference of the outcome from the time of reference, by time since treatment",
            ),
            panel.sample.kept.clone(),
        );
        let term = |term: Term| match term {
            Term::Constant => "constant".to_owned(),
            Term::Regressor(at) => name(at),
        };
        words::add_estimates(&own, level, term, &mut answer);
        panel.name_estimates(&mut answer);
        mean_after(&panel, &own, level, &mut answer);
        words::told(&fit, &own, &mut answer);
        for (at, why) in &fit.left_out {
            words::tell_left_out(&name(*at), *why, &mut answer);
        }
        answer.figure("reference", f64::from(panel.reference));
        answer.figure("never_treated_rows", panel.never);
        let is_left_out = |at: &usize| fit.left_out.iter().any(|(own, _)| own == at);
        let before: Vec<usize> = (0..panel.levels.len())
            .filter(|at| panel.levels[*at] < panel.reference.min(0) && !is_left_out(at))
            .collect();
        if !before.is_empty() {
            // Fewer clusters than coefficients leave no joint test.
            let wald = own.wald(&before).ok();
            answer.figure("pre_trends_f", wald.map(|own| own.f));
            answer.figure("pre_trends_p", wald.map(|own| own.p));
        }
        notes(&panel, &fit.left_out, &mut answer);
        Ok(answer)
    }
}

struct Panel<'a> {
    sample: Sample<'a>,
    outcome: Cow<'a, [f64]>,
    unit: Cow<'a, [u32]>,
    period: Vec<u32>,
    /// Time since treatment; that of reference for the never treated.
    relative: Vec<i32>,
    levels: Vec<i32>,
    reference: i32,
    /// Rows of the never treated.
    never: usize,
    /// Units treated at some time.
    treated: usize,
    covariates: Vec<Covariate>,
    weights: Option<Cow<'a, [f64]>>,
    clusters: Vec<(String, Vec<u32>, Vec<String>)>,
}

/// The first treated period of who never is.
const NEVER: i32 = i32::MIN;

impl<'a> Panel<'a> {
    fn of(request: &Request<'a>, sample: Sample<'a>) -> Result<Panel<'a>, EvaluationError> {
        let unit = sample.codes("unit").unwrap_or_default();
        let reference = request.real("reference").unwrap_or(-1.0);
        let first = || {
            let own = sample.numbers_or_none("first-treated");
            let own = own.into_iter().flatten();
            own.map(|own| own.filter(|own| *own != 0.0))
        };
        let times = sample.values("period").unwrap_or_default();
        whole("reference", std::iter::once(reference))?;
        whole("period", times.iter().copied())?;
        whole("first-treated", first().flatten())?;
        let reference = reference as i32;
        let first: Vec<i32> = first()
            .map(|own| own.map_or(NEVER, |own| own as i32))
            .collect();
        let pairs = times.iter().zip(&first);
        let relative: Vec<i32> = pairs
            .map(|(time, first)| match *first {
                NEVER => reference,
                first => *time as i32 - first,
            })
            .collect();
        let start = times.iter().copied().fold(f64::INFINITY, f64::min);
        let period: Vec<u32> = times.iter().map(|own| (own - start) as u32).collect();
        check(&unit, &period, &first)?;
        Ok(Panel {
            outcome: sample.values("outcome").unwrap_or_default(),
            covariates: sample.covariates("covariates"),
            weights: sample.values("weights"),
            clusters: sample.columns_of_labels("cluster"),
            never: first.iter().filter(|own| **own == NEVER).count(),
            treated: {
                let rows = unit.iter().zip(&first);
                let treated = rows.filter(|(_, first)| **first != NEVER);
                treated
                    .map(|(unit, _)| *unit)
                    .collect::<FxHashSet<u32>>()
                    .len()
            },
            unit,
            period,
            levels: levels(&relative, reference),
            relative,
            reference,
            sample,
        })
    }

    fn model(&self) -> Model<'_> {
        let dummies = self.levels.iter().map(|level| Column::Level {
            codes: &self.relative,
            level: *level,
        });
        let covariates = self.covariates.iter();
        let covariates = covariates.map(|own| Column::Values(&own.values));
        Model {
            outcome: &self.outcome,
            regressors: dummies.chain(covariates).collect(),
            fixed_effects: vec![&*self.unit, &self.period],
            weights: self.weights.as_deref(),
            ..Model::default()
        }
    }

    fn variance(&self, request: &Request) -> Variance<'_> {
        let ways: Vec<&[u32]> = self.clusters.iter().map(|own| own.1.as_slice()).collect();
        Variance::Cluster {
            ways: match ways.is_empty() {
                true => vec![&*self.unit],
                false => ways,
            },
            factor: match request.choice("cluster-factor") {
                "each-term" => ClusterFactor::EachTerm,
                "none" => ClusterFactor::None,
                _ => ClusterFactor::Least,
            },
        }
    }

    /// Calls the estimates by their time, and counts the units behind each.
    fn name_estimates(&self, answer: &mut Evaluation) {
        for (at, level) in self.levels.iter().enumerate() {
            let name = self.name(at);
            let found = answer.estimates.iter_mut().find(|own| own.name == name);
            if let Some(own) = found {
                own.label = glossary::since_start(i64::from(*level));
                let units = self.relative.iter().filter(|own| *own == level).count();
                own.units = Some(units as u64);
            }
        }
    }

    fn name(&self, at: usize) -> String {
        match self.levels.get(at) {
            Some(level) => level.to_string(),
            None => self.covariates[at - self.levels.len()].name.clone(),
        }
    }
}

/// Adds the mean of the coefficients from the start on, the main estimate of the opening sentence.
fn mean_after(panel: &Panel, own: &Inference, level: f64, answer: &mut Evaluation) {
    let terms = own.coefficients.iter().enumerate();
    let after: Vec<usize> = terms
        .filter(|(_, own)| match own.term {
            Term::Regressor(at) => panel.levels.get(at).is_some_and(|level| *level >= 0),
            Term::Constant => false,
        })
        .map(|(place, _)| place)
        .collect();
    if after.is_empty() {
        return;
    }
    let count = after.len() as f64;
    let mean = after
        .iter()
        .map(|at| own.coefficients[*at].estimate)
        .sum::<f64>()
        / count;
    let pairs = after
        .iter()
        .flat_map(|a| after.iter().map(move |b| (*a, *b)));
    let variance = pairs.map(|pair| own.covariance[pair]).sum::<f64>() / (count * count);
    let degrees = Some(own.degrees).filter(|own| own.is_finite());
    answer.opening.headline = answer.estimates.len();
    let is_time = |own: &usize| answer.estimates[*own].units.is_some();
    let mut pictured: Vec<usize> = (0..answer.estimates.len()).filter(is_time).collect();
    pictured.push(answer.estimates.len());
    answer.opening.pictured = Some(pictured);
    let units = panel.treated;
    let mean = Estimate::with_error("mean-effect", mean, variance.sqrt(), degrees, level);
    answer.estimates.push(mean.resting_on(units));
    answer.about(
        "per chi ha ricevuto la misura, in media sui periodi dal suo inizio",
        "for those who received the measure, on average over the periods from its start on",
    );
}

/// Periods are whole numbers of ordinary size.
fn whole(option: &'static str, values: impl Iterator<Item = f64>) -> Result<(), EvaluationError> {
    let wrong = values
        .filter(|own| own.fract() != 0.0 || own.abs() > 1e8)
        .count();
    match wrong {
        0 => Ok(()),
        count => Err(EvaluationError::options(
            option,
            format!("{count} valori non sono numeri interi"),
            format!("{count} values are no whole numbers"),
        )),
    }
}

/// The times since treatment that occur, ascending, without that of reference.
fn levels(relative: &[i32], reference: i32) -> Vec<i32> {
    let mut met = FxHashSet::default();
    let mut last = None;
    for own in relative {
        // Rows of one time often stand together.
        if last != Some(*own) {
            met.insert(*own);
            last = Some(*own);
        }
    }
    met.remove(&reference);
    let mut levels: Vec<i32> = met.into_iter().collect();
    levels.sort_unstable();
    levels
}

/// One row for each unit and period, one date of treatment for each unit.
fn check(unit: &[u32], period: &[u32], first: &[i32]) -> Result<(), EvaluationError> {
    let key = |row: usize| (unit[row], period[row]);
    let is_in_order = (1..unit.len()).all(|row| key(row - 1) < key(row));
    let mut order: Vec<usize> = match is_in_order {
        true => Vec::new(),
        false => (0..unit.len()).collect(),
    };
    order.sort_unstable_by_key(|row| (key(*row), *row));
    let at = |place: usize| order.get(place).copied().unwrap_or(place);
    let pairs = || (1..unit.len()).map(|place| (at(place - 1), at(place)));
    let twice = match is_in_order {
        true => 0,
        false => pairs().filter(|(a, b)| key(*a) == key(*b)).count(),
    };
    if twice > 0 {
        return Err(EvaluationError::data(
            format!("{twice} righe ripetono un'unità e un periodo già presenti"),
            format!("{twice} rows repeat a unit and period already there"),
        ));
    }
    let mut moved: Vec<u32> = pairs()
        .filter(|(a, b)| unit[*a] == unit[*b] && first[*a] != first[*b])
        .map(|(a, _)| unit[a])
        .collect();
    moved.dedup();
    match moved.len() {
        0 => Ok(()),
        count => Err(EvaluationError::data(
            format!("il primo periodo trattato cambia dentro {count} unità"),
            format!("the first treated period changes inside {count} units"),
        )),
    }
}

fn notes(panel: &Panel, left_out: &[(usize, LeftOut)], answer: &mut Evaluation) {
    answer.note(
        NoteKind::Assumption,
        "parallel_trends",
        "senza trattamento gli esiti dei trattati e degli altri si sarebbero mossi in parallelo, e nessuno anticipa il trattamento",
        "without treatment the outcomes of the treated and of the others would have moved in parallel, and nobody anticipates treatment",
    );
    answer.note(
        NoteKind::Warning,
        "two_way_effects",
        "se gli effetti cambiano tra gruppi trattati in tempi diversi, questi coefficienti li mescolano, anche quelli prima del trattamento: confrontateli con un metodo per gruppo e periodo",
        "when effects differ between groups treated at different times, these coefficients mix them, those before treatment too: compare with a method by group and period",
    );
    answer.note(
        NoteKind::Convention,
        "never_treated",
        "chi non è mai trattato sta nella categoria di riferimento",
        "the never treated stand in the category of reference",
    );
    let lost = left_out
        .iter()
        .filter(|own| own.0 < panel.levels.len())
        .count();
    if panel.never == 0 && lost > 0 {
        answer.note(
            NoteKind::Warning,
            "no_never_treated",
            "tutti prima o poi sono trattati: i tempi dal trattamento sono identificati solo a meno di una retta, e uno in più è stato posto a zero",
            "everybody is treated at some time: times since treatment are identified only up to a line, and one more was set to zero",
        );
    }
}
