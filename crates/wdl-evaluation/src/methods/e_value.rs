//! The E-value of an estimate.

use wdl_causal::sensitivity::{Measure, e_value};
use wdl_vocab::Text;

use crate::answer::{Estimate, Evaluation, Kept, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `e-value`.
pub(super) struct EValue;

const OPTIONS: &[Opt] = &[
    Opt::required("estimate", Kind::Real, "la stima", "the estimate"),
    Opt::new(
        "lower",
        Kind::Real,
        "l'estremo inferiore del suo intervallo",
        "the lower end of its interval",
    ),
    Opt::new(
        "upper",
        Kind::Real,
        "l'estremo superiore del suo intervallo",
        "the upper end of its interval",
    ),
    Opt::new(
        "measure",
        Kind::Choice(&[
            "risk-ratio",
            "odds-ratio-rare",
            "odds-ratio-common",
            "hazard-ratio-rare",
            "hazard-ratio-common",
            "standardised-difference",
        ]),
        "che cosa misura la stima; raro è un esito di meno di 15 su 100",
        "what the estimate measures; rare is an outcome of fewer than 15 in 100",
    ),
];

impl Method for EValue {
    fn name(&self) -> &'static str {
        "e-value"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Quanto forte deve essere un fattore non osservato per annullare una stima (E-value)",
            "How strong an unobserved factor must be to undo an estimate (E-value)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Measure
    }

    fn reads_a_table(&self) -> bool {
        false
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let interval = match (request.real("lower"), request.real("upper")) {
            (Some(lower), Some(upper)) => Some((lower, upper)),
            (None, None) => None,
            _ => {
                return Err(EvaluationError::options(
                    "upper",
                    "gli estremi si danno entrambi o nessuno",
                    "both ends are given, or none",
                ));
            }
        };
        let measure = match request.choice("measure") {
            "odds-ratio-rare" => Measure::OddsRatioRare,
            "odds-ratio-common" => Measure::OddsRatioCommon,
            "hazard-ratio-rare" => Measure::HazardRatioRare,
            "hazard-ratio-common" => Measure::HazardRatioCommon,
            "standardised-difference" => Measure::StandardisedDifference,
            _ => Measure::RiskRatio,
        };
        let estimate = request.real("estimate").unwrap_or(f64::NAN);
        let own = e_value(measure, estimate, interval).ok_or_else(|| {
            EvaluationError::options(
                "estimate",
                "serve un rapporto positivo dentro il suo intervallo",
                "it takes a positive ratio inside its interval",
            )
        })?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Forza minima, come rapporto tra rischi, dei legami di un fattore non osservato con trattamento ed esito",
                "Least strength, as a risk ratio, of an unobserved factor's ties to treatment and outcome",
            ),
            Kept::default(),
        );
        answer
            .estimates
            .push(Estimate::point("e-value", own.estimate));
        if let Some(limit) = own.limit {
            answer.estimates.push(Estimate::point("limit", limit));
        }
        answer.figure("risk_ratio", own.risk_ratio);
        if !matches!(
            measure,
            Measure::RiskRatio | Measure::OddsRatioRare | Measure::HazardRatioRare
        ) {
            answer.note(
                NoteKind::Convention,
                "as_risk_ratio",
                "la misura è portata a un rapporto tra rischi con le approssimazioni di VanderWeele e Ding (2017)",
                "the measure is brought to a risk ratio by the approximations of VanderWeele and Ding (2017)",
            );
        }
        Ok(answer)
    }
}
