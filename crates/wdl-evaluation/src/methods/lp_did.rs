//! Differences-in-differences by local projections: newly treated beside those not yet treated, one regression for each time since treatment.

use wdl_causal::did::local_projections::{Averaging, NoProjection, Projected, local_projections};
use wdl_vocab::Text;

use super::did::panel::{
    CLUSTER, FIRST_TREATED, GAPS, LEVEL, OUTCOME, PERIOD, Read, UNIT, WEIGHTS, tell,
};
use crate::answer::{Estimate, Evaluation, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::glossary;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `lp-did`.
pub(super) struct LpDid;

const OPTIONS: &[Opt] = &[
    OUTCOME,
    UNIT,
    PERIOD,
    FIRST_TREATED,
    WEIGHTS,
    CLUSTER,
    GAPS,
    Opt::new(
        "averaging",
        Kind::Choice(&["by-variance", "by-treated"]),
        "come si mediano le coorti: come le pesa la regressione, o ogni unità appena trattata allo stesso modo",
        "how cohorts are averaged: as the regression weights them, or each newly treated unit alike",
    ),
    Opt::new(
        "horizon",
        Kind::Whole,
        "l'ultimo tempo dal trattamento dell'effetto complessivo; senza, non c'è effetto complessivo",
        "the last time since treatment of the effect over all; without it there is none",
    ),
    LEVEL,
];

impl Method for LpDid {
    fn name(&self) -> &'static str {
        "lp-did"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Differenza nelle differenze con proiezioni locali (Dube, Girardi, Jordà e Taylor)",
            "Difference-in-differences by local projections (Dube, Girardi, Jordà and Taylor)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let level = request.level();
        let mut read = Read::of(request)?;
        let panel = read.panel(request)?;
        let averaging = match request.choice("averaging") {
            "by-treated" => Averaging::ByTreated,
            _ => Averaging::ByVariance,
        };
        let horizon = request
            .whole("horizon")
            .map(|own| i64::try_from(own).unwrap_or(i64::MAX).min(10_000));
        let own = local_projections(&panel, averaging, horizon).map_err(no_projection)?;
        if horizon.is_some() && own.pooled.is_none() {
            return Err(EvaluationError::options(
                "horizon",
                "nessuna unità trattata è vista così a lungo accanto a una non trattata",
                "no treated unit is seen for so long beside one not treated",
            ));
        }
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Effetto medio sui trattati, per tempo dal trattamento",
                "Average effect on the treated, by time since treatment",
            ),
            read.kept(),
        );
        answer.about(
            "per chi ha ricevuto la misura, al tempo detto dal suo inizio",
            "for those who received the measure, at the time told since its start",
        );
        let shown = |name: String, own: &Projected| {
            Estimate::with_error(name, own.att, own.error, Some(own.degrees), level)
        };
        let pooled = own.pooled.iter();
        answer
            .estimates
            .extend(pooled.map(|own| shown("att".to_owned(), own)));
        for own in &own.effects {
            let label = glossary::since_start(own.event_time);
            let estimate = shown(own.event_time.to_string(), own).named(Some(label));
            answer.estimates.push(estimate);
        }
        // Without an effect over all, the first to be told is that of the start and not one before it.
        let first = |own: &Estimate| own.name == "att" || own.name == "0";
        answer.opening.headline = answer.estimates.iter().position(first).unwrap_or(0);
        tell(&mut answer, panel.findings());
        answer.figure("times_left_out", own.left_out.len());
        answer.note(
            NoteKind::Convention,
            "clean_controls",
            "a ogni tempo si confrontano gli appena trattati solo con chi non è ancora trattato alla fine del confronto; ciascun tempo può quindi riguardare coorti diverse",
            "at each time the newly treated are compared only with those not yet treated at the end of the comparison; each time may therefore speak of other cohorts",
        );
        answer.note(
            NoteKind::Convention,
            "errors",
            "errori standard a grappoli con il fattore G/(G-1) (N-1)/(N-K), intervalli della t con G-1 gradi",
            "clustered standard errors with the factor G/(G-1) (N-1)/(N-K), intervals from t with G-1 degrees",
        );
        Ok(answer)
    }
}

fn no_projection(why: NoProjection) -> EvaluationError {
    match why {
        NoProjection::NoComparison => EvaluationError::not_estimable(
            "nessuna unità appena trattata si può confrontare con una non ancora trattata",
            "no newly treated unit can be compared with one not yet treated",
        ),
        NoProjection::Regression(_) => EvaluationError::not_estimable(
            "le righe sono più di quante se ne possano contare",
            "there are more rows than can be counted",
        ),
    }
}
