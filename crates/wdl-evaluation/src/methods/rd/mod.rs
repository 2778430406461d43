//! Regression discontinuity: the jump of an outcome where a rule begins to hold.

pub(super) mod options;
pub(super) mod told;

use std::borrow::Cow;

use wdl_causal::discontinuity::design::{Kernel, Options, Rows};
use wdl_causal::discontinuity::estimate as discontinuity;
use wdl_vocab::Text;

use self::options::{
    BANDWIDTH, BIAS_BANDWIDTH, BIAS_DEGREE, CLUSTER, COVARIATES, CUTOFF, DEGREE, DERIVATIVE,
    EFFECTIVE_MIN, KERNEL, LEVEL, MASS_POINTS, NEIGHBOURS, OUTCOME, REGULARISATION, RHO, RUNNING,
    SELECTOR, TREATMENT, VARIANCE, WEIGHTS,
};
use self::told::fault;
use crate::answer::{Behind, Estimate, Evaluation, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::Opt;
use crate::request::Request;
use crate::sample::{Covariate, Sample};

/// `rd`.
pub(super) struct Rd;

const OPTIONS: &[Opt] = &[
    OUTCOME,
    RUNNING,
    CUTOFF,
    TREATMENT,
    COVARIATES,
    CLUSTER,
    WEIGHTS,
    KERNEL,
    DEGREE,
    BIAS_DEGREE,
    DERIVATIVE,
    SELECTOR,
    BANDWIDTH,
    BIAS_BANDWIDTH,
    RHO,
    REGULARISATION,
    VARIANCE,
    NEIGHBOURS,
    MASS_POINTS,
    EFFECTIVE_MIN,
    LEVEL,
];

impl Method for Rd {
    fn name(&self) -> &'static str {
        "rd"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Discontinuità: il salto dell'esito alla soglia di una regola, con intervallo robusto",
            "Regression discontinuity: the jump of the outcome at the cut-off of a rule, with a robust interval",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[
            Rests::Counted {
                table: "sides",
                names: 1,
                columns: &["effective"],
            },
            Rests::Counted {
                table: "bins",
                names: 3,
                columns: &["rows"],
            },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let options = options::options(request)?;
        let design = Design::of(request)?;
        let covariates = design.covariates();
        let rows = design.rows(&covariates);
        let (found, bins) = discontinuity::with_picture(&rows, &options).map_err(fault)?;
        let mut answer = Evaluation::new(
            self.name(),
            estimand(&design, &options),
            design.sample.kept.clone(),
        );
        answer
            .sample
            .leave_out(found.rows_without_weight, "senza peso", "without weight");
        answer.opening.whom = Some(whom(&design, &options));
        answer.estimates = estimates("", &found.effect, options.level);
        if let Some(first) = &found.first_stage {
            answer
                .estimates
                .extend(estimates("first stage, ", first, options.level));
        }
        answer.tables = vec![told::sides(&found), told::points(&bins)];
        let fewest = found.effective[0].min(found.effective[1]) as u64;
        for own in &mut answer.estimates {
            own.units = Some(fewest);
        }
        answer.behind = behind(&design, &options, &found);
        if let Some([below, above]) = found.clusters {
            answer.figure("clusters_below", below);
            answer.figure("clusters_above", above);
        }
        for place in &found.covariates_left_out {
            let name = &design.covariates[*place].name;
            answer.note(
                NoteKind::Warning,
                "covariate_left_out",
                format!("`{name}` segue dalle altre covariate: lasciata fuori"),
                format!("`{name}` follows from the other covariates: left out"),
            );
        }
        told::cautions(&mut answer, &found.cautions);
        told::assumptions(&mut answer);
        Ok(answer)
    }
}

/// The columns of a design.
pub(super) struct Design<'a> {
    pub(super) sample: Sample<'a>,
    outcome: Cow<'a, [f64]>,
    running: Cow<'a, [f64]>,
    treatment: Option<Vec<f64>>,
    pub(super) covariates: Vec<Covariate>,
    weights: Option<Vec<f64>>,
    clusters: Option<Vec<usize>>,
}

impl<'a> Design<'a> {
    pub(super) fn of(request: &Request<'a>) -> Result<Design<'a>, EvaluationError> {
        let sample = request.sample()?;
        let weights = sample.numbers("weights");
        if weights.iter().flatten().any(|own| *own < 0.0) {
            return Err(EvaluationError::data(
                "ci sono pesi negativi",
                "there are negative weights",
            ));
        }
        let clusters = sample.labels("cluster");
        Ok(Design {
            outcome: sample.values("outcome").unwrap_or_default(),
            running: sample.values("running").unwrap_or_default(),
            treatment: sample.numbers("treatment"),
            covariates: sample.covariates("covariates"),
            weights,
            clusters: clusters.map(|(codes, _)| codes.iter().map(|own| *own as usize).collect()),
            sample,
        })
    }

    pub(super) fn covariates(&self) -> Vec<&[f64]> {
        let own = self.covariates.iter();
        own.map(|own| own.values.as_slice()).collect()
    }

    pub(super) fn rows<'b>(&'b self, covariates: &'b [&'b [f64]]) -> Rows<'b> {
        Rows {
            running: &self.running,
            outcome: &self.outcome,
            treatment: self.treatment.as_deref(),
            covariates,
            weights: self.weights.as_deref(),
            clusters: self.clusters.as_deref(),
        }
    }
}

/// The rows with a weight on each side, of the estimate and of its correction for bias.
fn behind(design: &Design<'_>, options: &Options, found: &discontinuity::Estimate) -> Vec<Behind> {
    let bandwidths = [found.bandwidths.main, found.bandwidths.bias];
    let names = [["below", "above"], ["below_bias", "above_bias"]];
    let has_weight = |row: usize| design.weights.as_ref().is_none_or(|own| own[row] > 0.0);
    let is_within = |distance: f64, bandwidth: f64| match options.kernel {
        Kernel::Uniform => distance.abs() <= bandwidth,
        // At the end of the bandwidth the weight is zero.
        Kernel::Triangular | Kernel::Epanechnikov => distance.abs() < bandwidth,
    };
    let group = |name, side: usize, bandwidth: f64| Behind {
        group: name,
        rows: (0..design.running.len())
            .filter(|row| {
                let distance = design.running[*row] - options.cutoff;
                let own_side = usize::from(distance >= 0.0);
                own_side == side && is_within(distance, bandwidth) && has_weight(*row)
            })
            .map(|row| design.sample.row(row))
            .collect(),
    };
    let pairs = names.iter().zip(bandwidths);
    pairs
        .flat_map(|(names, own)| [0, 1].map(|side| group(names[side], side, own[side])))
        .collect()
}

/// For whom, in plain words.
fn whom(design: &Design<'_>, options: &Options) -> Text {
    match (options.derivative, design.treatment.is_some()) {
        (0, false) => Text::fixed("per chi sta alla soglia", "for those at the cut-off"),
        (0, true) => Text::fixed(
            "per chi sta alla soglia e riceve il trattamento per via della regola",
            "for those at the cut-off who receive the treatment because of the rule",
        ),
        _ => Text::fixed(
            "come cambio di pendenza alla soglia",
            "as a change of slope at the cut-off",
        ),
    }
}

fn estimand(design: &Design<'_>, options: &Options) -> Text {
    match (options.derivative, design.treatment.is_some()) {
        (0, false) => Text::fixed(
            "Effetto della regola su chi sta alla soglia",
            "Effect of the rule on those at the cut-off",
        ),
        (0, true) => Text::fixed(
            "Effetto del trattamento su chi, alla soglia, lo riceve per via della regola",
            "Effect of the treatment on those at the cut-off who receive it because of the rule",
        ),
        (_, false) => Text::fixed(
            "Cambio di pendenza dell'esito alla soglia",
            "Change of the slope of the outcome at the cut-off",
        ),
        (_, true) => Text::fixed(
            "Cambio di pendenza dell'esito per cambio di pendenza del trattamento, alla soglia",
            "Change of the slope of the outcome for a change of the slope of the treatment, at the cut-off",
        ),
    }
}

/// The robust reading first.
pub(super) fn estimates(prefix: &str, effect: &discontinuity::Effect, level: f64) -> Vec<Estimate> {
    let readings = [
        ("robust", effect.robust),
        ("conventional", effect.conventional),
        ("bias-corrected", effect.bias_corrected),
    ];
    let own = readings.into_iter().map(|(name, figure)| {
        let name = format!("{prefix}{name}");
        Estimate::with_error(name, figure.value, figure.standard_error, None, level)
    });
    own.collect()
}
