//! Poisson regression with fixed effects, for counts and other outcomes that are not negative.

use wdl_causal::regression as kernel;
use wdl_vocab::Text;

use super::regression::{self, Columns};
use crate::answer::{Evaluation, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::opening::Scale;
use crate::options::Opt;
use crate::request::Request;

/// `poisson`.
pub(super) struct Poisson;

const OPTIONS: &[Opt] = &[
    regression::OUTCOME,
    regression::TREATMENT,
    regression::COVARIATES,
    regression::FIXED_EFFECTS,
    regression::WEIGHTS,
    regression::CLUSTER,
    regression::VARIANCE,
    regression::CLUSTER_FACTOR,
    regression::JACKKNIFE_FACTOR,
    regression::PERIOD,
    regression::UNIT,
    regression::LAG,
    regression::LEVEL,
    regression::SINGLETONS,
];

impl Method for Poisson {
    fn name(&self) -> &'static str {
        "poisson"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Regressione di Poisson con effetti fissi, per conteggi e importi non negativi",
            "Poisson regression with fixed effects, for counts and amounts that are not negative",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let columns = Columns::of(request, request.sample()?);
        let own = kernel::poisson(&columns.model()).map_err(|why| columns.fault(&why))?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Variazione del logaritmo dell'esito atteso per ciascun trattamento, a parità delle altre colonne e degli effetti fissi",
                "Change of the logarithm of the expected outcome for each treatment, the other columns and fixed effects being equal",
            ),
            columns.sample.kept.clone(),
        );
        columns.infer(request, &own.fit, &mut answer)?;
        answer.opening.scale =
            Scale::Multiplies(Text::fixed("l'esito atteso", "the expected outcome"));
        answer.sample.leave_out(
            own.zero_groups.len(),
            "in gruppi di un effetto fisso con esito sempre zero",
            "in groups of a fixed effect whose outcomes are all zero",
        );
        answer.sample.leave_out(
            own.separated.len(),
            "separate: le colonne ne dicono esattamente lo zero",
            "separated: the columns tell their zero exactly",
        );
        answer.figure("deviance", own.deviance);
        answer.figure("steps", own.steps);
        answer.note(
            NoteKind::Assumption,
            "conditional_mean",
            "l'esito atteso è l'esponenziale di una somma delle colonne; la distribuzione non deve essere di Poisson se gli errori standard sono robusti",
            "the expected outcome is the exponential of a sum of the columns; it need not be Poisson if the standard errors are robust",
        );
        Ok(answer)
    }
}
