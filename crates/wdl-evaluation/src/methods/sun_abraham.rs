//! The event study with one coefficient for each cohort and time since treatment (Sun and Abraham).

use wdl_causal::did::sun_abraham::{Interacted, NoSunAbraham, Shares, sun_abraham};
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

/// `sun-abraham`.
pub(super) struct SunAbraham;

const OPTIONS: &[Opt] = &[
    OUTCOME,
    UNIT,
    PERIOD,
    FIRST_TREATED,
    Opt::new(
        "covariates",
        Kind::Covariates,
        "le colonne delle covariate che cambiano nel tempo",
        "the columns of covariates that change over time",
    ),
    WEIGHTS,
    CLUSTER,
    GAPS,
    Opt::new(
        "shares",
        Kind::Choice(&["fixed", "estimated"]),
        "le quote delle coorti negli errori standard: note o stimate",
        "the shares of cohorts in the standard errors: known or estimated",
    ),
    LEVEL,
];

impl Method for SunAbraham {
    fn name(&self) -> &'static str {
        "sun-abraham"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Studio di evento con un coefficiente per coorte e tempo dal trattamento (Sun e Abraham)",
            "Event study with one coefficient for each cohort and time since treatment (Sun and Abraham)",
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
        let shares = match request.choice("shares") {
            "estimated" => Shares::Estimated,
            _ => Shares::Fixed,
        };
        let own = sun_abraham(&panel, shares).map_err(no_study)?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Effetto medio sui trattati, pesato con le osservazioni di ogni coorte",
                "Average effect on the treated, weighted by the observations of each cohort",
            ),
            read.kept(),
        );
        answer.about(
            "per chi ha ricevuto la misura, in media dopo il suo inizio",
            "for those who received the measure, on average after its start",
        );
        let shown = |name: String, own: &Interacted| {
            let estimate = match own.error {
                Some(error) => Estimate::with_error(name, own.att, error, None, level),
                None => Estimate::point(name, own.att),
            };
            estimate.named(own.event_time.map(glossary::since_start))
        };
        answer
            .estimates
            .extend(own.overall.iter().map(|own| shown("att".to_owned(), own)));
        for effect in &own.effects {
            let name = effect
                .event_time
                .map(|at| at.to_string())
                .unwrap_or_default();
            answer.estimates.push(shown(name, effect));
        }
        tell(&mut answer, panel.findings());
        answer.figure("observations", own.observations);
        answer.figure("control_cohort", own.control.map(|own| own as f64));
        answer.figure("interactions_left_out", own.left_out.len());
        answer.note(
            NoteKind::Convention,
            "errors",
            "errori standard a grappoli con il fattore G/(G-1) (N-1)/(N-K), intervalli normali; gli effetti di unità non contano in K",
            "clustered standard errors with the factor G/(G-1) (N-1)/(N-K), normal intervals; unit effects are not counted in K",
        );
        let (it, en) = match shares {
            Shares::Fixed => (
                "le quote delle coorti sono prese per note",
                "the shares of cohorts are taken as known",
            ),
            Shares::Estimated => (
                "la varianza delle quote delle coorti è aggiunta",
                "the variance of the shares of cohorts is added",
            ),
        };
        answer.note(NoteKind::Convention, "shares", it, en);
        Ok(answer)
    }
}

fn no_study(why: NoSunAbraham) -> EvaluationError {
    match why {
        NoSunAbraham::NoControls => EvaluationError::not_estimable(
            "non ci sono unità mai trattate né una coorte successiva con cui confrontare",
            "there are no units never treated, and no later cohort to compare with",
        ),
        NoSunAbraham::Absorbed | NoSunAbraham::NotSolved => EvaluationError::not_estimable(
            "ogni effetto è assorbito dagli effetti di unità e periodo",
            "every effect is absorbed by the effects of units and periods",
        ),
    }
}
