//! Synthetic difference-in-differences, with plain difference-in-differences beside it.

use wdl_causal::synthetic::sdid::{Adoption, Solver, SyntheticDid, estimate};
use wdl_causal::synthetic::sdid_error::{Variance, standard_error};
use wdl_vocab::Text;

use super::synthetic_control::case::{Case, OUTCOME, PERIOD, UNIT, reason};
use crate::answer::{Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `sdid`.
pub(super) struct Sdid;

const OPTIONS: &[Opt] = &[
    OUTCOME,
    UNIT,
    PERIOD,
    Opt::required(
        "treatment",
        Kind::Number,
        "la colonna del trattamento: 1 per le unità trattate dal primo periodo trattato in poi, altrimenti 0",
        "the column of the treatment: 1 for the treated units from their first treated period on, else 0",
    ),
    Opt::new(
        "solver",
        Kind::Choice(&["compat", "exact"]),
        "come si trovano i pesi: con i passi del programma degli autori, o all'ottimo dimostrato",
        "how the weights are found: by the steps of the authors' program, or at the proved optimum",
    ),
    Opt::new(
        "variance",
        Kind::Choice(&["placebo", "jackknife", "bootstrap"]),
        "come si trova l'errore standard",
        "how the standard error is found",
    ),
    Opt::new(
        "draws",
        Kind::Whole,
        "quante estrazioni: 200",
        "how many draws: 200",
    ),
    Opt::new(
        "seed",
        Kind::Whole,
        "il seme delle estrazioni: 1",
        "the seed of the draws: 1",
    ),
    Opt::new(
        "level",
        Kind::Level,
        "il livello dell'intervallo: 0.95",
        "the level of the interval: 0.95",
    ),
];

/// More draws than anybody needs.
const DRAWS_MAX: u64 = 100_000;

impl Method for Sdid {
    fn name(&self) -> &'static str {
        "sdid"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Differenze nelle differenze sintetiche: pesi per le unità e per i periodi",
            "Synthetic difference-in-differences: weights for units and for periods",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[
            Rests::Named {
                table: "unit_weights",
            },
            Rests::Whole { table: "path" },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let case = Case::read(request)?;
        let (variance, level) = asked(request)?;
        let adoption = Adoption {
            treated: case.treated.clone(),
            donors: case.donors.clone(),
            start: case.start,
        };
        let solver = match request.choice("solver") {
            "exact" => Solver::Exact,
            _ => Solver::Compat,
        };
        let own = estimate(&case.panel, &adoption, solver).map_err(|why| case.say(&why))?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Effetto medio sulle unità trattate nei periodi trattati",
                "Mean effect on the treated units in the treated periods",
            ),
            case.kept.clone(),
        );
        answer.about(
            "per le unità trattate, in media dopo l'inizio del trattamento",
            "for the treated units, on average after the start of treatment",
        );
        match standard_error(&case.panel, &adoption, &own, variance) {
            Ok(error) => {
                let att = Estimate::with_error("att", own.att, error.value, None, level);
                answer.estimates.push(att.resting_on(case.treated.len()));
                answer.figure("distinct_fits", error.distinct);
                answer.figure("draws_made_again", error.redrawn);
            }
            Err(why) => {
                let (it, en) = reason(&why, &case.names);
                let att = Estimate::point("att", own.att);
                answer.estimates.push(att.resting_on(case.treated.len()));
                answer.note(
                    NoteKind::Warning,
                    "no_standard_error",
                    format!("non c'è errore standard: {it}"),
                    format!("there is no standard error: {en}"),
                );
            }
        }
        let did = Estimate::point("did", own.did);
        answer.estimates.push(did.resting_on(case.treated.len()));
        describe(&mut answer, &case, &own);
        notes(&mut answer, variance, solver);
        Ok(answer)
    }
}

fn asked(request: &Request) -> Result<(Variance, f64), EvaluationError> {
    let draws = request.whole("draws").unwrap_or(200);
    if !(2..=DRAWS_MAX).contains(&draws) {
        return Err(EvaluationError::options(
            "draws",
            format!("da 2 a {DRAWS_MAX}"),
            format!("from 2 to {DRAWS_MAX}"),
        ));
    }
    let level = request.level();
    let (draws, seed) = (draws as usize, request.whole("seed").unwrap_or(1));
    let variance = match request.choice("variance") {
        "jackknife" => Variance::Jackknife,
        "bootstrap" => Variance::Bootstrap { draws, seed },
        _ => Variance::Placebo { draws, seed },
    };
    Ok((variance, level))
}

fn describe(answer: &mut Evaluation, case: &Case, own: &SyntheticDid) {
    answer.figure("treated_units", case.treated.len());
    answer.figure("donors", case.donors.len());
    answer.figure("noise", own.noise);
    answer.figure("zeta_unit", own.zeta_unit);
    answer.figure("zeta_time", own.zeta_time);
    answer.figure("unit_kkt_residual", own.unit_certificate.residual);
    answer.figure("time_kkt_residual", own.time_certificate.residual);
    let mut weights: Vec<(usize, f64)> = case
        .donors
        .iter()
        .copied()
        .zip(own.unit_weights.iter().copied())
        .collect();
    weights.retain(|(_, weight)| *weight > 0.0);
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    answer.tables.push(Table {
        key: "unit_weights",
        title: Text::fixed(
            "Pesi delle unità (gli altri sono zero)",
            "Weights of units (the others are zero)",
        ),
        columns: vec![
            ("unit", Text::fixed("unità", "unit")),
            ("weight", Text::fixed("peso", "weight")),
        ],
        rows: weights
            .into_iter()
            .map(|(unit, weight)| vec![case.names[unit].as_str().into(), weight.into()])
            .collect(),
    });
    let periods = case.panel.periods();
    answer.tables.push(Table {
        key: "path",
        title: Text::fixed("Periodi", "Periods"),
        columns: vec![
            ("period", Text::fixed("periodo", "period")),
            ("weight", Text::fixed("peso", "weight")),
            ("gap", Text::fixed("differenza", "difference")),
        ],
        rows: (0..periods.len())
            .map(|at| {
                vec![
                    periods[at].to_string().into(),
                    own.time_weights.get(at).copied().into(),
                    own.gaps[at].into(),
                ]
            })
            .collect(),
    });
}

fn notes(answer: &mut Evaluation, variance: Variance, solver: Solver) {
    answer.note(
        NoteKind::Assumption,
        "parallel_after_weights",
        "senza il trattamento le unità trattate sarebbero andate parallele ai donatori pesati; nessun donatore risente del trattamento",
        "without the treatment the treated units would have gone parallel to the weighted donors; no donor is touched by the treatment",
    );
    if matches!(variance, Variance::Placebo { .. }) {
        answer.note(
            NoteKind::Assumption,
            "equal_variance",
            "l'errore con i placebo suppone che gli esiti dei trattati variino come quelli dei donatori",
            "the error by placebos supposes that the outcomes of the treated vary like those of the donors",
        );
    }
    let (it, en) = match solver {
        Solver::Compat => (
            "i pesi seguono i passi del programma degli autori, che si ferma poco prima dell'ottimo; `--solver exact` lo raggiunge",
            "the weights follow the steps of the authors' program, which stops a little short of the optimum; `--solver exact` reaches it",
        ),
        Solver::Exact => (
            "i pesi sono l'ottimo dimostrato: le cifre pubblicate si ottengono con `--solver compat`",
            "the weights are the proved optimum: published figures come out with `--solver compat`",
        ),
    };
    answer.note(NoteKind::Convention, "solver", it, en);
    answer.note(
        NoteKind::Convention,
        "did",
        "accanto c'è la differenza nelle differenze semplice, con pesi uguali",
        "beside it stands plain difference-in-differences, with equal weights",
    );
}
