//! Power by treatments that never were, drawn on the data before the start.

use wdl_causal::power::{Placebo, placebo};
use wdl_vocab::Text;

use super::power::{EFFECTS, LEVEL, POWER, asked, fault, table};
use crate::answer::{Estimate, Evaluation, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::Sample;

/// `placebo-power`.
pub(super) struct PlaceboPower;

const OPTIONS: &[Opt] = &[
    Opt::required(
        "outcome",
        Kind::Number,
        "la colonna dell'esito",
        "the column of the outcome",
    ),
    Opt::required(
        "unit",
        Kind::Label,
        "la colonna dell'unità",
        "the column of the unit",
    ),
    Opt::required(
        "period",
        Kind::Label,
        "la colonna del periodo: solo periodi prima dell'inizio vero",
        "the column of the period: only periods before the real start",
    ),
    Opt::required(
        "treated",
        Kind::Whole,
        "quante unità trattate in ogni estrazione",
        "how many units are treated in each draw",
    ),
    Opt::required(
        "before",
        Kind::Whole,
        "quanti periodi contano come prima dell'inizio; gli altri come dopo",
        "how many periods count as before the start; the others as after it",
    ),
    Opt::new(
        "draws",
        Kind::Whole,
        "quante estrazioni: 2000",
        "how many draws: 2000",
    ),
    Opt::new(
        "seed",
        Kind::Whole,
        "il seme dei numeri casuali: 1",
        "the seed of the random numbers: 1",
    ),
    POWER,
    EFFECTS,
    LEVEL,
];

/// The most draws: each holds an estimate in memory.
const DRAWS_MAX: u64 = 1_000_000;

impl Method for PlaceboPower {
    fn name(&self) -> &'static str {
        "placebo-power"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Il minimo effetto rilevabile, da trattamenti finti estratti sui propri dati",
            "The least effect detected, from placebo treatments drawn on one's own data",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Measure
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Whole { table: "power" }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let alpha = 1.0 - request.level();
        let wanted = request.real("power").unwrap_or(0.8);
        let sample = request.sample()?;
        let outcomes = outcomes(&sample)?;
        let slices: Vec<&[f64]> = outcomes.iter().map(Vec::as_slice).collect();
        let count = |option| {
            let own = request
                .whole(option)
                .and_then(|own| usize::try_from(own).ok());
            own.unwrap_or(usize::MAX)
        };
        let draws = request.whole("draws").unwrap_or(2000);
        if draws == 0 || draws > DRAWS_MAX {
            return Err(EvaluationError::options(
                "draws",
                format!("da 1 a {DRAWS_MAX}"),
                format!("1 to {DRAWS_MAX}"),
            ));
        }
        if count("treated") > slices.len() {
            return Err(EvaluationError::options(
                "treated",
                "più delle unità che ci sono",
                "more than there are units",
            ));
        }
        let ask = Placebo {
            treated: count("treated"),
            before: count("before"),
            draws: usize::try_from(draws).unwrap_or(usize::MAX),
            seed: request.whole("seed").unwrap_or(1),
        };
        let own = placebo(&slices, &ask).map_err(fault)?;
        let least = own
            .minimum_detectable_effect(alpha, wanted)
            .map_err(fault)?;
        let size = own.power(0.0, alpha);
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Minimo effetto rilevabile con una differenza nelle differenze",
                "Least effect detected by a difference in differences",
            ),
            sample.kept,
        );
        answer
            .estimates
            .push(Estimate::point("minimum-detectable-effect", least));
        asked(request.level(), wanted, &mut answer);
        answer.figure("true_size", size);
        answer.figure("true_error", own.true_error());
        answer.figure("units", slices.len());
        answer.figure("draws", own.draws.len());
        let rows = request.reals("effects").into_iter();
        let rows = rows.map(|effect| vec![effect.into(), own.power(effect, alpha).into()]);
        table(&mut answer, rows.collect());
        // Three standard errors of a share.
        let error = (alpha * (1.0 - alpha) / own.draws.len() as f64).sqrt();
        if size > alpha + 3.0 * error {
            answer.note(
                NoteKind::Warning,
                "rejects_too_often",
                "sui vostri dati il test rifiuta più spesso di quanto dice senza alcun effetto",
                "on your data the test rejects more often than it says without any effect",
            );
        }
        answer.note(
            NoteKind::Convention,
            "unit_changes",
            "ogni unità conta come un solo cambiamento, medie dopo meno medie prima, con l'errore di Welch",
            "each unit counts as one change, mean after less mean before, with Welch's error",
        );
        Ok(answer)
    }
}

/// The outcomes of each unit over all periods, in their order.
fn outcomes(sample: &Sample<'_>) -> Result<Vec<Vec<f64>>, EvaluationError> {
    let values = sample.numbers("outcome").unwrap_or_default();
    let (units, unit_names) = sample.labels("unit").unwrap_or_default();
    let (periods, period_names) = sample.labels("period").unwrap_or_default();
    let mut outcomes = vec![vec![f64::NAN; period_names.len()]; unit_names.len()];
    let mut repeated = 0;
    for (row, value) in values.iter().enumerate() {
        let cell = &mut outcomes[units[row] as usize][periods[row] as usize];
        repeated += usize::from(!cell.is_nan());
        *cell = *value;
    }
    let lacking = outcomes
        .iter()
        .filter(|own| own.iter().any(|cell| cell.is_nan()));
    let lacking = lacking.count();
    if repeated > 0 {
        return Err(EvaluationError::data(
            format!("{repeated} righe ripetono un'unità e un periodo"),
            format!("{repeated} rows repeat a unit and a period"),
        ));
    }
    match lacking {
        0 => Ok(outcomes),
        count => Err(EvaluationError::data(
            format!("a {count} unità manca un periodo"),
            format!("{count} units lack a period"),
        )),
    }
}
