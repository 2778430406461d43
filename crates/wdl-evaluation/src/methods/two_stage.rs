//! Effects in two stages: untreated observations give the effects of units and periods, the rest is averaged (Gardner).

use wdl_causal::did::imputation::Variance;
use wdl_vocab::Text;

use super::imputation::{OPTIONS, imputed};
use crate::answer::{Evaluation, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::opening::Claim;
use crate::options::Opt;
use crate::request::Request;

/// `two-stage`.
pub(super) struct TwoStage;

impl Method for TwoStage {
    fn name(&self) -> &'static str {
        "two-stage"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Differenza nelle differenze in due stadi (Gardner)",
            "Difference-in-differences in two stages (Gardner)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let mut answer = imputed(self.name(), request, Variance::TwoStage)?;
        answer.note(
            NoteKind::Convention,
            "two_stage_errors",
            "errori standard del metodo generalizzato dei momenti sui due stadi insieme; nessun fattore per campioni piccoli",
            "standard errors of the generalised method of moments over both stages; no factor for small samples",
        );
        Ok(answer)
    }
}
