//! Cost per outcome, of one group or of an additional outcome between two.

use wdl_causal::cost::{Arm, Comparison, FiellerSet, NoCost, cost_per_outcome};
use wdl_causal::distribution;
use wdl_vocab::Text;

use crate::answer::{Cell, Estimate, Evaluation, Kept, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `cost`.
pub(super) struct Cost;

const OPTIONS: &[Opt] = &[
    Opt::required(
        "cost",
        Kind::Number,
        "la colonna del costo di ogni persona",
        "the column of the cost of each person",
    ),
    Opt::required(
        "outcome",
        Kind::Number,
        "la colonna dell'esito, maggiore se migliore",
        "the column of the outcome, larger when better",
    ),
    Opt::new(
        "treatment",
        Kind::Number,
        "la colonna del trattamento, 0 e 1: il costo di un esito in più rispetto agli altri",
        "the column of the treatment, 0 and 1: the cost of an additional outcome over the others",
    ),
    Opt::new(
        "worths",
        Kind::Reals,
        "quanto può valere un esito: la probabilità che ne valga la pena",
        "what an outcome may be worth: the probability that it is worth it",
    ),
    Opt::new(
        "draws",
        Kind::Whole,
        "quante estrazioni del bootstrap: 2000",
        "how many draws of the bootstrap: 2000",
    ),
    Opt::new(
        "seed",
        Kind::Whole,
        "il seme dei numeri casuali: 1",
        "the seed of the random numbers: 1",
    ),
    Opt::new(
        "level",
        Kind::Level,
        "il livello di confidenza: 0.95",
        "the level of confidence: 0.95",
    ),
];

/// The most draws: each holds a pair in memory.
const DRAWS_MAX: u64 = 1_000_000;

impl Method for Cost {
    fn name(&self) -> &'static str {
        "cost"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Costo per esito, con intervalli di Fieller e bootstrap e curva di accettabilità",
            "Cost per outcome, with Fieller and bootstrap intervals and the acceptability curve",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Measure
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Whole {
            table: "acceptability",
        }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let alpha = 1.0 - request.level();
        let draws = request.whole("draws").unwrap_or(2000);
        if draws == 0 || draws > DRAWS_MAX {
            return Err(EvaluationError::options(
                "draws",
                format!("da 1 a {DRAWS_MAX}"),
                format!("1 to {DRAWS_MAX}"),
            ));
        }
        let sample = request.sample()?;
        let costs = sample.numbers("cost").unwrap_or_default();
        let outcomes = sample.numbers("outcome").unwrap_or_default();
        let treated = sample.flags("treatment")?;
        let group = |wanted: bool| -> (Vec<f64>, Vec<f64>) {
            let rows = costs.iter().zip(&outcomes).enumerate();
            let own =
                rows.filter(|(row, _)| treated.as_ref().is_none_or(|own| own[*row] == wanted));
            own.map(|(_, (cost, outcome))| (*cost, *outcome)).unzip()
        };
        let (own, other) = (group(true), group(false));
        let arm = Arm::new(&own.0, &own.1).map_err(fault)?;
        let comparison = match treated {
            None => cost_per_outcome(arm),
            Some(_) => Comparison::new(arm, Arm::new(&other.0, &other.1).map_err(fault)?),
        };
        let fewest = match treated.is_some() {
            true => own.0.len().min(other.0.len()),
            false => own.0.len(),
        };
        let ask = Ask {
            fewest,
            alpha,
            draws: usize::try_from(draws).unwrap_or(usize::MAX),
            seed: request.whole("seed").unwrap_or(1),
            worths: request.reals("worths"),
            is_incremental: treated.is_some(),
        };
        ask.answer(self.name(), &comparison, sample.kept)
    }
}

struct Ask {
    /// The persons of the smaller group.
    fewest: usize,
    alpha: f64,
    draws: usize,
    seed: u64,
    worths: Vec<f64>,
    is_incremental: bool,
}

impl Ask {
    fn answer(
        &self,
        name: &'static str,
        comparison: &Comparison<'_>,
        kept: Kept,
    ) -> Result<Evaluation, EvaluationError> {
        let ratio = comparison.ratio();
        if ratio.denominator == 0.0 {
            return Err(EvaluationError::not_estimable(
                "l'esito, o la sua differenza, è zero: il costo per esito non ha valore",
                "the outcome, or its difference, is zero: the cost per outcome has no value",
            ));
        }
        let mut answer = Evaluation::new(name, self.estimand(), kept);
        let critical = distribution::normal_quantile(1.0 - self.alpha / 2.0);
        let level = 1.0 - self.alpha;
        let mut point = Estimate::point("cost-per-outcome", ratio.estimate());
        point.level = level;
        let set = ratio.fieller(critical);
        if let FiellerSet::Between(low, high) = set {
            point.interval = Some([low, high]);
        }
        answer.estimates.push(point);
        for (name, value, variance) in [
            ("cost", ratio.numerator, ratio.numerator_variance),
            ("outcome", ratio.denominator, ratio.denominator_variance),
        ] {
            answer.estimates.push(Estimate::with_error(
                name,
                value,
                variance.sqrt(),
                None,
                level,
            ));
        }
        for own in &mut answer.estimates {
            own.units = Some(self.fewest as u64);
        }
        answer.opening.pictured = Some(vec![0]);
        unbounded(set, &mut answer);
        let drawn = comparison.bootstrap(self.draws, self.alpha, self.seed);
        let drawn = drawn.map_err(fault)?;
        answer.figure("bootstrap_lower", drawn.interval.map(|own| own.0));
        answer.figure("bootstrap_upper", drawn.interval.map(|own| own.1));
        answer.figure("bootstrap_other_sign", drawn.other_sign);
        if drawn.interval.is_none() {
            answer.note(
                NoteKind::Warning,
                "bootstrap_unbounded",
                "l'intervallo bootstrap non è limitato: in troppe estrazioni l'esito cambia segno",
                "the bootstrap interval is not bounded: in too many draws the outcome changes its sign",
            );
        }
        if !self.worths.is_empty() {
            answer.tables.push(acceptability(comparison, &self.worths));
        }
        answer.note(
            NoteKind::Convention,
            "fieller",
            "l'intervallo è quello di Fieller, con la normale; il bootstrap estrae le persone dentro il loro gruppo",
            "the interval is Fieller's, with the normal; the bootstrap draws persons within their group",
        );
        Ok(answer)
    }

    fn estimand(&self) -> Text {
        match self.is_incremental {
            true => Text::fixed(
                "Costo in più per un esito in più, trattati rispetto agli altri",
                "Additional cost of an additional outcome, treated over others",
            ),
            false => Text::fixed("Costo medio per esito medio", "Mean cost over mean outcome"),
        }
    }
}

/// Says so when the ratios that are not rejected go on without end.
fn unbounded(set: FiellerSet, answer: &mut Evaluation) {
    match set {
        FiellerSet::Between(..) => {}
        FiellerSet::Outside(low, high) => {
            answer.figure("fieller_up_to", low);
            answer.figure("fieller_from", high);
            answer.note(
                NoteKind::Warning,
                "fieller_outside",
                "l'esito non si distingue da zero: non sono rifiutati i costi fino al primo e dal secondo in su dei due valori di Fieller tra le cifre",
                "the outcome is not told from zero: costs up to the first and from the second on of Fieller's two values among the figures are not rejected",
            );
        }
        FiellerSet::Everything => answer.note(
            NoteKind::Warning,
            "fieller_everything",
            "i dati non dicono nulla del costo per esito: nessun valore è rifiutato",
            "the data tell nothing of the cost per outcome: no value is rejected",
        ),
    }
}

fn acceptability(comparison: &Comparison<'_>, worths: &[f64]) -> Table {
    let rows = comparison.acceptability(worths).into_iter().map(|own| {
        vec![
            own.worth.into(),
            own.net_benefit.into(),
            own.standard_error.into(),
            own.probability.into(),
        ]
    });
    Table {
        key: "acceptability",
        title: Text::fixed("Curva di accettabilità", "Acceptability curve"),
        columns: vec![
            (
                "worth",
                Text::fixed("valore di un esito", "worth of an outcome"),
            ),
            ("net_benefit", Text::fixed("beneficio netto", "net benefit")),
            (
                "standard_error",
                Text::fixed("errore standard", "standard error"),
            ),
            ("probability", Text::fixed("probabilità", "probability")),
        ],
        rows: rows.collect::<Vec<Vec<Cell>>>(),
    }
}

fn fault(error: NoCost) -> EvaluationError {
    let it = match error {
        NoCost::Length => "non c'è un esito per ogni costo",
        NoCost::NotFinite(_) => "un costo o un esito non è un numero finito",
        NoCost::TooFew => "un gruppo ha meno di due persone",
        NoCost::NoDraws => "serve almeno un'estrazione",
    };
    EvaluationError::not_estimable(it, error.to_string())
}
