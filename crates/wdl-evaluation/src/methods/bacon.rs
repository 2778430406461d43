//! The coefficient of treatment beside effects of units and periods, and the comparisons it averages (Goodman-Bacon).

use wdl_causal::did::two_way::{Against, NoTwoWay, decompose, effect};
use wdl_vocab::Text;

use super::did::panel::{
    CLUSTER, FIRST_TREATED, GAPS, LEVEL, OUTCOME, PERIOD, Read, UNIT, WEIGHTS, tell,
};
use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::options::Opt;
use crate::request::Request;

/// `bacon`.
pub(super) struct Bacon;

const OPTIONS: &[Opt] = &[
    OUTCOME,
    UNIT,
    PERIOD,
    FIRST_TREATED,
    WEIGHTS,
    CLUSTER,
    GAPS,
    LEVEL,
];

impl Method for Bacon {
    fn name(&self) -> &'static str {
        "bacon"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Il coefficiente a due vie (unità e periodo) e i confronti di cui è la media (Goodman-Bacon)",
            "The two-way coefficient (unit and period) and the comparisons it is an average of (Goodman-Bacon)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Untold {
            table: "comparisons",
        }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let level = request.level();
        let mut read = Read::of(request)?;
        let panel = read.panel(request)?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Coefficiente del trattamento accanto agli effetti di unità e periodo: una media di confronti, non sempre un effetto",
                "Coefficient of treatment beside effects of units and periods: an average of comparisons, not always an effect",
            ),
            read.kept(),
        );
        let two_way = effect(&panel).map_err(no_effect)?;
        answer.about(
            "tra chi è trattato e chi non lo è, a parità di unità e periodo",
            "of the treated from the untreated, units and periods being equal",
        );
        answer.estimates.push(match two_way.error {
            Some(error) => {
                let degrees = (two_way.clusters - 1) as f64;
                Estimate::with_error(
                    "treatment",
                    two_way.coefficient,
                    error,
                    Some(degrees),
                    level,
                )
            }
            None => Estimate::point("treatment", two_way.coefficient),
        });
        tell(&mut answer, panel.findings());
        match decompose(&panel) {
            Ok(split) => {
                for (against, weight, estimate) in [
                    (
                        Against::Never,
                        "weight_against_never",
                        "estimate_against_never",
                    ),
                    (
                        Against::Later,
                        "weight_against_later",
                        "estimate_against_later",
                    ),
                    (
                        Against::Earlier,
                        "weight_against_earlier",
                        "estimate_against_earlier",
                    ),
                ] {
                    let (own, mean) = split.of(against);
                    answer.figure(weight, own);
                    answer.figure(estimate, mean);
                }
                let rows = split.comparisons.iter().map(|own| {
                    vec![
                        (own.cohort as f64).into(),
                        own.control.map(|own| own as f64).into(),
                        Cell::word(match own.against {
                            Against::Never => "never_treated",
                            Against::Later => "treated_later",
                            Against::Earlier => "treated_earlier",
                        }),
                        own.weight.into(),
                        own.estimate.into(),
                    ]
                });
                answer.tables.push(Table {
                    key: "comparisons",
                    title: Text::fixed(
                        "I confronti e i loro pesi",
                        "The comparisons and their weights",
                    ),
                    columns: vec![
                        ("cohort", Text::fixed("coorte", "cohort")),
                        (
                            "control",
                            Text::fixed("coorte di confronto", "cohort compared with"),
                        ),
                        ("against", Text::fixed("tipo", "kind")),
                        ("weight", Text::fixed("peso", "weight")),
                        ("estimate", Text::fixed("stima", "estimate")),
                    ],
                    rows: rows.collect(),
                });
            }
            Err(_) => answer.note(
                NoteKind::Warning,
                "no_decomposition",
                "la scomposizione vuole ogni unità in ogni periodo: qui c'è solo il coefficiente",
                "the decomposition needs every unit in every period: here is the coefficient alone",
            ),
        }
        answer.note(
            NoteKind::Warning,
            "earlier_comparisons",
            "i confronti con chi è già trattato sbagliano quando gli effetti cambiano nel tempo",
            "comparisons with those already treated go wrong when effects change over time",
        );
        Ok(answer)
    }
}

fn no_effect(why: NoTwoWay) -> EvaluationError {
    match why {
        NoTwoWay::Absorbed => EvaluationError::not_estimable(
            "il trattamento è assorbito dagli effetti di unità e periodo",
            "treatment is absorbed by the effects of units and periods",
        ),
        NoTwoWay::Unbalanced | NoTwoWay::NotSolved => EvaluationError::not_estimable(
            "gli effetti di unità e periodo non si possono risolvere",
            "the effects of units and periods cannot be solved",
        ),
    }
}
