//! E-values of estimates in a file.

use wdl_causal::sensitivity::{Measure, e_value};
use wdl_vocab::Text;

use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `e-value`.
pub(super) struct EValue;

const OPTIONS: &[Opt] = &[
    Opt::required(
        "estimate",
        Kind::Number,
        "la colonna delle stime",
        "the column of the estimates",
    ),
    Opt::new(
        "lower",
        Kind::Number,
        "la colonna degli estremi inferiori degli intervalli",
        "the column of the lower ends of the intervals",
    ),
    Opt::new(
        "upper",
        Kind::Number,
        "la colonna degli estremi superiori",
        "the column of the upper ends",
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
        "che cosa misurano le stime",
        "what the estimates measure",
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

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        if request.has("lower") != request.has("upper") {
            return Err(EvaluationError::options(
                "upper",
                "gli estremi si danno entrambi",
                "both ends are given, or none",
            ));
        }
        let sample = request.sample()?;
        let measure = match request.choice("measure") {
            "odds-ratio-rare" => Measure::OddsRatioRare,
            "odds-ratio-common" => Measure::OddsRatioCommon,
            "hazard-ratio-rare" => Measure::HazardRatioRare,
            "hazard-ratio-common" => Measure::HazardRatioCommon,
            "standardised-difference" => Measure::StandardisedDifference,
            _ => Measure::RiskRatio,
        };
        let estimates = sample.numbers("estimate").unwrap_or_default();
        let ends = sample.numbers("lower").zip(sample.numbers("upper"));
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Forza minima, come rapporto tra rischi, del legame di un fattore non osservato con trattamento ed esito",
                "Least strength, as a risk ratio, of an unobserved factor's ties to treatment and outcome",
            ),
            sample.kept,
        );
        let mut rows = Vec::with_capacity(estimates.len());
        for (at, estimate) in estimates.iter().enumerate() {
            let interval = ends.as_ref().map(|(lower, upper)| (lower[at], upper[at]));
            let Some(own) = e_value(measure, *estimate, interval) else {
                let row = at + 1;
                return Err(EvaluationError::data(
                    format!("la riga {row} non è un rapporto positivo dentro il suo intervallo"),
                    format!("row {row} is no positive ratio inside its interval"),
                ));
            };
            answer
                .estimates
                .push(Estimate::point((at + 1).to_string(), own.estimate));
            rows.push(vec![
                Cell::Count(at as u64 + 1),
                own.risk_ratio.into(),
                own.estimate.into(),
                own.limit.into(),
            ]);
        }
        answer.tables.push(Table {
            key: "e_values",
            title: Text::fixed("E-value", "E-values"),
            columns: vec![
                ("row", Text::fixed("riga", "row")),
                ("risk_ratio", Text::fixed("rapporto tra rischi", "risk ratio")),
                ("estimate", Text::fixed("della stima", "of the estimate")),
                ("limit", Text::fixed("dell'estremo più vicino", "of the nearer limit")),
            ],
            rows,
        });
        answer.note(
            NoteKind::Convention,
            "approximations",
            "rapporti comuni e differenze standardizzate sono portati a rapporti tra rischi con le approssimazioni di VanderWeele e Ding (2017)",
            "common ratios and standardised differences are brought to risk ratios by the approximations of VanderWeele and Ding (2017)",
        );
        Ok(answer)
    }
}
