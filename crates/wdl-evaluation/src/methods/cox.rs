//! Proportional hazards.

use nalgebra::{DMatrix, DVector};
use wdl_causal::survival::{CoxRequest, NoCox, Ties, cox};
use wdl_vocab::Text;

use super::survival::{COVARIATES, ENTRY, EVENT, TIME, independent_censoring, multiplies, spells};
use crate::answer::{Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::glossary;
use crate::groups::Rests;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::Covariate;

/// `cox`.
pub(super) struct Cox;

const OPTIONS: &[Opt] = &[
    TIME,
    EVENT,
    ENTRY,
    COVARIATES,
    Opt::new(
        "strata",
        Kind::Label,
        "la colonna degli strati, ciascuno con il suo rischio di base",
        "the column of the strata, each with its own baseline hazard",
    ),
    Opt::new(
        "cluster",
        Kind::Label,
        "la colonna dei gruppi entro cui le righe dipendono l'una dall'altra",
        "the column of the clusters within which rows depend on each other",
    ),
    Opt::new(
        "ties",
        Kind::Choice(&["efron", "breslow"]),
        "come si trattano gli eventi alla stessa durata",
        "how events at the same duration are treated",
    ),
    Opt::new(
        "robust",
        Kind::Flag,
        "errori robusti anche senza gruppi",
        "robust errors also without clusters",
    ),
];

/// Why there is no model, with names of columns.
pub(super) fn told(error: NoCox, covariates: &[Covariate]) -> EvaluationError {
    let name = |at: usize| covariates.get(at).map_or("?", |own| own.name.as_str());
    let (it, en) = match error {
        NoCox::Ragged => (
            "manca una covariata".to_owned(),
            "a covariate is missing".to_owned(),
        ),
        NoCox::NotFinite { column, .. } => (
            format!("`{}` ha valori che non sono numeri finiti", name(column)),
            format!("`{}` has values that are not finite numbers", name(column)),
        ),
        NoCox::Collinear(at) => (
            format!(
                "`{}` non varia o segue dalle covariate prima di essa",
                name(at)
            ),
            format!(
                "`{}` does not vary or follows from the covariates before it",
                name(at)
            ),
        ),
        NoCox::NoInformation => (
            "a nessun evento le covariate differiscono tra chi è a rischio".to_owned(),
            "at no event do the covariates differ among those at risk".to_owned(),
        ),
        NoCox::MonotoneLikelihood(at) => (
            format!(
                "la verosimiglianza cresce senza fine lungo `{}`: il suo coefficiente è infinito",
                name(at)
            ),
            format!(
                "the likelihood rises without end along `{}`: its coefficient is infinite",
                name(at)
            ),
        ),
        NoCox::NotConverged => (
            "la stima non converge".to_owned(),
            "the fit does not converge".to_owned(),
        ),
        NoCox::OneCluster => (
            "c'è un gruppo solo".to_owned(),
            "there is one cluster only".to_owned(),
        ),
    };
    EvaluationError::not_estimable(it, en)
}

/// Adds the logarithms of the ratios of hazards to the estimates, and gives the table of the ratios.
pub(super) fn ratios(
    (covariates, coefficients, covariance): (&[Covariate], &DVector<f64>, &DMatrix<f64>),
    title: Text,
    answer: &mut Evaluation,
) -> Table {
    let mut rows = Vec::new();
    for (at, covariate) in covariates.iter().enumerate() {
        let error = covariance[(at, at)].sqrt();
        let own = Estimate::with_error(&covariate.name, coefficients[at], error, None, 0.95);
        let end = |at: usize| own.interval.map(|ends| ends[at].exp());
        rows.push(vec![
            covariate.name.as_str().into(),
            own.estimate.exp().into(),
            end(0).into(),
            end(1).into(),
        ]);
        answer
            .estimates
            .push(own.called(glossary::column(&covariate.name)));
    }
    Table {
        key: "hazard_ratios",
        title,
        columns: vec![
            ("covariate", Text::fixed("covariata", "covariate")),
            ("hazard_ratio", Text::fixed("rapporto", "hazard ratio")),
            ("lower", Text::fixed("limite inferiore", "lower end")),
            ("upper", Text::fixed("limite superiore", "upper end")),
        ],
        rows,
    }
}

impl Method for Cox {
    fn name(&self) -> &'static str {
        "cox"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Rischi proporzionali di Cox, con strati, ingresso ritardato ed errori per gruppo",
            "Cox's proportional hazards, with strata, late entry and clustered errors",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[
            Rests::Whole {
                table: "hazard_ratios",
            },
            Rests::Whole {
                table: "proportional_hazards",
            },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let sample = request.sample()?;
        let event = sample.flags("event")?.unwrap_or_default();
        let spells = spells(&sample, &event)?;
        let covariates = sample.covariates("covariates");
        let columns: Vec<&[f64]> = covariates.iter().map(|own| own.values.as_slice()).collect();
        let codes = |option: &str| -> Option<Vec<usize>> {
            let codes = sample.labels(option)?.0;
            Some(codes.into_iter().map(|own| own as usize).collect())
        };
        let (strata, clusters) = (codes("strata"), codes("cluster"));
        let asked = CoxRequest {
            covariates: &columns,
            strata: strata.as_deref(),
            clusters: clusters.as_deref(),
            ties: match request.choice("ties") {
                "breslow" => Ties::Breslow,
                _ => Ties::Efron,
            },
            ..CoxRequest::default()
        };
        let model = cox(&spells, &asked).map_err(|error| told(error, &covariates))?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Logaritmo del rapporto tra i rischi per un'unità in più della covariata",
                "Logarithm of the hazard ratio for one unit more of the covariate",
            ),
            sample.kept.clone(),
        );
        let is_robust = clusters.is_some() || request.has("robust");
        let covariance = if is_robust {
            &model.robust
        } else {
            &model.covariance
        };
        let ratios = ratios(
            (&covariates, &model.coefficients, covariance),
            Text::fixed("Rapporti tra i rischi", "Hazard ratios"),
            &mut answer,
        );
        multiplies(
            &covariates,
            Text::fixed("il rischio dell'evento", "the hazard of the event"),
            &mut answer,
        );
        answer.figure("events", model.counts[1]);
        answer.figure("log_likelihood_null", model.log_likelihood[0]);
        answer.figure("log_likelihood", model.log_likelihood[1]);
        if let Some(count) = model.clusters {
            answer.figure("clusters", count);
        }
        answer.tables.push(ratios);
        if let Some(test) = &model.proportional {
            answer.figure("proportional_hazards_p_value", test.p_value_all);
            let rows = covariates.iter().enumerate().map(|(at, own)| {
                vec![
                    own.name.as_str().into(),
                    test.statistics[at].into(),
                    test.p_values[at].into(),
                ]
            });
            answer.tables.push(Table {
                key: "proportional_hazards",
                title: Text::fixed(
                    "Test dei rischi proporzionali",
                    "Test of proportional hazards",
                ),
                columns: vec![
                    ("covariate", Text::fixed("covariata", "covariate")),
                    ("chi_squared", Text::fixed("chi quadro", "chi-squared")),
                    ("p_value", Text::fixed("p", "p")),
                ],
                rows: rows.collect(),
            });
            if test.p_value_all < 0.05 {
                answer.note(
                    NoteKind::Warning,
                    "hazards_not_proportional",
                    "i rapporti tra i rischi cambiano con la durata: un solo coefficiente li riassume male",
                    "the hazard ratios change with the duration: one coefficient sums them up badly",
                );
            }
        }
        independent_censoring(&mut answer);
        answer.note(
            NoteKind::Assumption,
            "proportional_hazards",
            "il rapporto tra i rischi è lo stesso a ogni durata",
            "the hazard ratio is the same at every duration",
        );
        Ok(answer)
    }
}
