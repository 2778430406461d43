//! Effects as outcomes less those imputed from untreated observations (Borusyak, Jaravel and Spiess).

use wdl_causal::did::imputation::{Imputed, NoImputation, Variance, impute};
use wdl_vocab::Text;

use super::did::panel::{
    CLUSTER, FIRST_TREATED, GAPS, LEVEL, OUTCOME, PERIOD, Read, UNIT, WEIGHTS, tell,
};
use crate::answer::{Estimate, Evaluation, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::glossary;
use crate::opening::Claim;
use crate::options::Opt;
use crate::request::Request;

/// `imputation`.
pub(super) struct Imputation;

pub(super) const OPTIONS: &[Opt] = &[
    OUTCOME,
    UNIT,
    PERIOD,
    FIRST_TREATED,
    WEIGHTS,
    CLUSTER,
    GAPS,
    LEVEL,
];

impl Method for Imputation {
    fn name(&self) -> &'static str {
        "imputation"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Effetti per imputazione dalle osservazioni non trattate (Borusyak, Jaravel e Spiess)",
            "Effects by imputation from untreated observations (Borusyak, Jaravel and Spiess)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let mut answer = imputed(self.name(), request, Variance::Imputation)?;
        answer.note(
            NoteKind::Convention,
            "conservative_errors",
            "errori standard prudenti, con gli effetti centrati dentro coorte e periodo; nessun fattore per campioni piccoli",
            "conservative standard errors, effects centred within cohort and period; no factor for small samples",
        );
        Ok(answer)
    }
}

/// The answer of either variance.
pub(super) fn imputed(
    name: &'static str,
    request: &Request<'_>,
    variance: Variance,
) -> Result<Evaluation, EvaluationError> {
    let level = request.level();
    let mut read = Read::of(request)?;
    let panel = read.panel(request)?;
    let own = impute(&panel, variance).map_err(no_imputation)?;
    let mut answer = Evaluation::new(
        name,
        Text::fixed(
            "Effetto medio sulle osservazioni trattate",
            "Average effect on treated observations",
        ),
        read.kept(),
    );
    answer.about(
        "per chi ha ricevuto la misura, in media dopo il suo inizio",
        "for those who received the measure, on average after its start",
    );
    let shown = |name: String, own: &Imputed| {
        let estimate = match own.error {
            Some(error) => Estimate::with_error(name, own.att, error, None, level),
            None => Estimate::point(name, own.att),
        };
        let label = own.event_time.map(glossary::since_start);
        estimate.named(label).resting_on(own.observations)
    };
    answer.estimates.push(shown("att".to_owned(), &own.overall));
    for effect in &own.effects {
        let name = effect
            .event_time
            .map(|at| at.to_string())
            .unwrap_or_default();
        answer.estimates.push(shown(name, effect));
    }
    tell(&mut answer, panel.findings());
    answer.figure("untreated_observations", own.untreated);
    answer.figure("treated_observations", own.overall.observations);
    answer.figure("not_imputed", own.left_out.len());
    if !own.left_out.is_empty() {
        let count = own.left_out.len();
        answer.note(
            NoteKind::Warning,
            "not_imputed",
            format!("{count} osservazioni trattate non si possono imputare e non sono nella media: manca l'unità o il periodo senza trattamento"),
            format!("{count} treated observations cannot be imputed and are not in the average: their unit or period is never seen untreated"),
        );
    }
    Ok(answer)
}

fn no_imputation(why: NoImputation) -> EvaluationError {
    match why {
        NoImputation::Nothing => EvaluationError::not_estimable(
            "nessuna osservazione trattata si può imputare",
            "no treated observation can be imputed",
        ),
        NoImputation::Covariates | NoImputation::NotSolved => EvaluationError::not_estimable(
            "gli effetti di unità e periodo non si possono risolvere",
            "the effects of units and periods cannot be solved",
        ),
    }
}
