//! Cinelli and Hazlett: how much a variable left out must explain to undo a coefficient.

use nalgebra::{DMatrix, DVector};
use wdl_causal::dense;
use wdl_causal::sensitivity::{Benchmark, Coefficient, NoRobustness};
use wdl_vocab::Text;

use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::{Covariate, independent};

/// `robustness-value`.
pub(super) struct RobustnessValue;

const OPTIONS: &[Opt] = &[
    Opt::required(
        "outcome",
        Kind::Number,
        "la colonna dell'esito",
        "the column of the outcome",
    ),
    Opt::required(
        "treatment",
        Kind::Number,
        "la colonna del trattamento",
        "the column of the treatment",
    ),
    Opt::new(
        "covariates",
        Kind::Covariates,
        "le colonne delle covariate",
        "the columns of the covariates",
    ),
    Opt::new(
        "benchmark",
        Kind::Covariates,
        "le covariate con cui confrontare la forza, insieme: si aggiungono alle altre",
        "the covariates to compare strength with, together: they are added to the others",
    ),
    Opt::new(
        "times",
        Kind::Reals,
        "quante volte la forza del confronto: 1,2,3",
        "how many times the strength of the benchmark: 1,2,3",
    ),
    Opt::new(
        "part",
        Kind::Real,
        "la parte della stima da annullare: 1",
        "the part of the estimate to take away: 1",
    ),
    Opt::new(
        "level",
        Kind::Level,
        "il livello di confidenza: 0.95",
        "the level of confidence: 0.95",
    ),
];

impl Method for RobustnessValue {
    fn name(&self) -> &'static str {
        "robustness-value"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Quanto deve spiegare una variabile omessa per annullare un coefficiente (Cinelli e Hazlett)",
            "How much a variable left out must explain to undo a coefficient (Cinelli and Hazlett)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Whole { table: "bounds" }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let sample = request.sample()?;
        let alpha = 1.0 - request.level();
        let part = request.real("part").unwrap_or(1.0);
        let outcome = sample.numbers("outcome").unwrap_or_default();
        let treatment = sample.numbers("treatment").unwrap_or_default();
        let plain = sample.covariates("covariates");
        let mut columns = sample.covariates("benchmark");
        let benchmarks: Vec<String> = columns.iter().map(|own| own.name.clone()).collect();
        let mut all: Vec<Covariate> = plain
            .into_iter()
            .filter(|own| !benchmarks.contains(&own.name))
            .collect();
        all.append(&mut columns);
        let (all, repeated) = independent(all, sample.len());
        let is_benchmark = |own: &Covariate| benchmarks.contains(&own.name);
        let without: Vec<Covariate> = all
            .iter()
            .filter(|own| !is_benchmark(own))
            .cloned()
            .collect();
        let fit = fit(&outcome, Some(&treatment), &all)?;
        let own = Coefficient::new(fit.estimate, fit.error, fit.degrees).map_err(fault)?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Coefficiente del trattamento, e la forza di una variabile omessa che lo annulla",
                "Coefficient of the treatment, and the strength of a variable left out that undoes it",
            ),
            sample.kept,
        );
        answer.estimates.push(Estimate::with_error(
            "treatment",
            fit.estimate,
            fit.error,
            Some(fit.degrees),
            1.0 - alpha,
        ));
        answer.about(
            "con un'unità in più di trattamento, a parità delle covariate",
            "with one unit more of treatment, the covariates being equal",
        );
        answer.figure("partial_r2", own.partial_r2());
        answer.figure("robustness_value", own.robustness_value(part));
        answer.figure(
            "robustness_value_of_significance",
            own.robustness_value_of_significance(part, alpha),
        );
        if without.len() < all.len() {
            let benchmark = benchmark(&outcome, &treatment, &all, &without)?;
            answer.figure("benchmark_with_treatment", benchmark.with_treatment);
            answer.figure("benchmark_with_outcome", benchmark.with_outcome);
            let times = match request.has("times") {
                true => request.reals("times"),
                false => vec![1.0, 2.0, 3.0],
            };
            answer.tables.push(bounds(&own, benchmark, &times)?);
        }
        if !repeated.is_empty() {
            let names = repeated.join(", ");
            answer.note(
                NoteKind::Warning,
                "repeated_columns",
                format!("lasciate fuori perché seguono dalle altre: {names}"),
                format!("left out since they follow from the others: {names}"),
            );
        }
        answer.note(
            NoteKind::Convention,
            "classical_errors",
            "errori standard classici dei minimi quadrati",
            "classical standard errors of least squares",
        );
        Ok(answer)
    }
}

struct Fit {
    estimate: f64,
    error: f64,
    degrees: f64,
    squares: f64,
}

/// Least squares on a constant, the treatment and covariates; the first coefficient is the treatment's.
fn fit(
    outcome: &[f64],
    treatment: Option<&[f64]>,
    covariates: &[Covariate],
) -> Result<Fit, EvaluationError> {
    let ones = vec![1.0; outcome.len()];
    let mut columns: Vec<&[f64]> = treatment.into_iter().collect();
    columns.push(&ones);
    columns.extend(covariates.iter().map(|own| own.values.as_slice()));
    if outcome.len() <= columns.len() + 1 {
        return Err(EvaluationError::not_estimable(
            "meno righe di quante servono per tante covariate",
            "fewer rows than so many covariates need",
        ));
    }
    // The treatment last: it is the one that follows from the others when something does.
    let mut order: Vec<&[f64]> = columns[1..].to_vec();
    order.push(columns[0]);
    if dense::independent(&order, dense::COLLINEAR).len() < order.len() {
        return Err(EvaluationError::not_estimable(
            "il trattamento non varia, o segue dalle covariate",
            "the treatment does not vary, or follows from the covariates",
        ));
    }
    let x = DMatrix::from_fn(outcome.len(), columns.len(), |row, column| {
        columns[column][row]
    });
    let own = dense::least_squares(&x, &DVector::from_column_slice(outcome), None);
    let own = own.ok_or_else(|| {
        EvaluationError::not_estimable(
            "le covariate seguono l'una dall'altra",
            "the covariates follow from each other",
        )
    })?;
    let degrees = (outcome.len() - columns.len()) as f64;
    let squares = own.residuals.norm_squared();
    Ok(Fit {
        estimate: own.coefficients[0],
        error: (squares / degrees * own.bread[(0, 0)]).sqrt(),
        degrees,
        squares,
    })
}

/// What the benchmark explains of the rest of treatment and outcome.
fn benchmark(
    outcome: &[f64],
    treatment: &[f64],
    all: &[Covariate],
    without: &[Covariate],
) -> Result<Benchmark, EvaluationError> {
    let share = |less: Fit, more: Fit| (less.squares - more.squares) / less.squares;
    let on_outcome = share(
        fit(outcome, Some(treatment), without)?,
        fit(outcome, Some(treatment), all)?,
    );
    let on_treatment = share(fit(treatment, None, without)?, fit(treatment, None, all)?);
    Ok(Benchmark {
        with_treatment: on_treatment,
        with_outcome: on_outcome,
    })
}

fn bounds(
    own: &Coefficient,
    benchmark: Benchmark,
    times: &[f64],
) -> Result<Table, EvaluationError> {
    let mut rows = Vec::with_capacity(times.len());
    for times in times {
        rows.push(match own.benchmarked(benchmark, *times) {
            Ok(adjusted) => vec![
                (*times).into(),
                adjusted.with_treatment.into(),
                adjusted.with_outcome.into(),
                adjusted.estimate.into(),
                adjusted.standard_error.into(),
                adjusted.statistic.into(),
            ],
            // So strong a variable cannot be: its row says so by being empty.
            Err(NoRobustness::Impossible) => {
                let mut row: Vec<Cell> = vec![(*times).into()];
                row.resize(6, Cell::None);
                row
            }
            Err(error) => return Err(fault(error)),
        });
    }
    Ok(Table {
        key: "bounds",
        title: Text::fixed(
            "Il coefficiente con una variabile forte quanto il confronto",
            "The coefficient with a variable as strong as the benchmark",
        ),
        columns: vec![
            ("times", Text::fixed("volte", "times")),
            (
                "with_treatment",
                Text::fixed("R² con il trattamento", "R² with treatment"),
            ),
            (
                "with_outcome",
                Text::fixed("R² con l'esito", "R² with outcome"),
            ),
            ("estimate", Text::fixed("stima", "estimate")),
            (
                "standard_error",
                Text::fixed("errore standard", "standard error"),
            ),
            ("statistic", Text::fixed("t", "t")),
        ],
        rows,
    })
}

fn fault(error: NoRobustness) -> EvaluationError {
    let it = match error {
        NoRobustness::NotACoefficient => {
            "servono una stima finita, un errore standard positivo e più di un grado di libertà"
        }
        NoRobustness::NotAShare => "un R² parziale sta tra zero e uno",
        NoRobustness::Impossible => "una variabile così forte non può esistere",
    };
    EvaluationError::not_estimable(it, error.to_string())
}
