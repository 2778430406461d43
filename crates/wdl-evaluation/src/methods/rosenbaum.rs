//! Rosenbaum's bounds: how large a hidden bias the effect in matched pairs bears.

use wdl_causal::sensitivity::{NoBounds, Pairs};
use wdl_vocab::Text;

use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::Sample;

/// `rosenbaum`.
pub(super) struct Rosenbaum;

const OPTIONS: &[Opt] = &[
    Opt::required(
        "outcome",
        Kind::Number,
        "la colonna dell'esito",
        "the column of the outcome",
    ),
    Opt::required(
        "treatment",
        Kind::Number,
        "la colonna del trattamento: 0 e 1",
        "the column of the treatment: 0 and 1",
    ),
    Opt::required(
        "pair",
        Kind::Label,
        "la colonna della coppia: un trattato e un controllo ciascuna",
        "the column of the pair: one treated and one control each",
    ),
    Opt::new(
        "gammas",
        Kind::Reals,
        "quante volte più probabile poteva essere il trattamento: 1,1.5,2,3",
        "how many times as likely treatment may have been: 1,1.5,2,3",
    ),
    Opt::new(
        "level",
        Kind::Level,
        "il livello di confidenza: 0.95",
        "the level of confidence: 0.95",
    ),
];

impl Method for Rosenbaum {
    fn name(&self) -> &'static str {
        "rosenbaum"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Quanta distorsione nascosta regge l'effetto in coppie abbinate (limiti di Rosenbaum)",
            "How large a hidden bias the effect in matched pairs bears (Rosenbaum's bounds)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Whole { table: "bounds" }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let sample = request.sample()?;
        let alpha = 1.0 - request.level();
        let pairs = Pairs::new(&differences(&sample)?).map_err(fault)?;
        let gammas = match request.has("gammas") {
            true => request.reals("gammas"),
            false => vec![1.0, 1.5, 2.0, 3.0],
        };
        let bounds = gammas.iter().map(|gamma| pairs.bounds(*gamma, alpha));
        let bounds = bounds.collect::<Result<Vec<_>, _>>().map_err(fault)?;
        let unbiased = pairs.bounds(1.0, alpha).map_err(fault)?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Effetto additivo nelle coppie (Hodges e Lehmann)",
                "Additive effect in the pairs (Hodges and Lehmann)",
            ),
            sample.kept,
        );
        let mut estimate = Estimate::point("hodges-lehmann", unbiased.estimate.0);
        estimate.level = 1.0 - alpha;
        estimate.interval = Some([unbiased.interval.0, unbiased.interval.1]);
        answer.about("nelle coppie abbinate", "in the matched pairs");
        answer.estimates.push(estimate);
        answer.figure("signed_rank", pairs.statistic());
        answer.figure("pairs_without_difference", pairs.zeros());
        answer.figure("critical_gamma", pairs.critical_gamma(alpha));
        let rows = bounds.iter().map(|own| {
            vec![
                own.gamma.into(),
                own.p_value.0.into(),
                own.p_value.1.into(),
                own.estimate.0.into(),
                own.estimate.1.into(),
                own.interval.0.into(),
                own.interval.1.into(),
            ]
        });
        answer.tables.push(Table {
            key: "bounds",
            title: Text::fixed("Limiti per gamma", "Bounds by gamma"),
            columns: vec![
                ("gamma", Text::fixed("gamma", "gamma")),
                ("p_least", Text::fixed("p minimo", "least p")),
                ("p_largest", Text::fixed("p massimo", "largest p")),
                (
                    "estimate_least",
                    Text::fixed("stima minima", "least estimate"),
                ),
                (
                    "estimate_largest",
                    Text::fixed("stima massima", "largest estimate"),
                ),
                ("lower", Text::fixed("da", "from")),
                ("upper", Text::fixed("a", "to")),
            ],
            rows: rows.collect::<Vec<Vec<Cell>>>(),
        });
        answer.note(
            NoteKind::Convention,
            "signed_rank",
            "p a una coda, di un effetto maggiore di zero; approssimazione normale, senza correzione per la continuità",
            "one-sided p, of an effect above zero; normal approximation without correction for continuity",
        );
        Ok(answer)
    }
}

/// Treated less control in each pair, in the order of the pairs' names.
fn differences(sample: &Sample<'_>) -> Result<Vec<f64>, EvaluationError> {
    let outcome = sample.numbers("outcome").unwrap_or_default();
    let treated = sample.flags("treatment")?.unwrap_or_default();
    let (codes, names) = sample.labels("pair").unwrap_or_default();
    let mut members = vec![([0_u32; 2], 0.0); names.len()];
    for (row, code) in codes.iter().enumerate() {
        let own = &mut members[*code as usize];
        own.0[usize::from(treated[row])] += 1;
        own.1 += if treated[row] {
            outcome[row]
        } else {
            -outcome[row]
        };
    }
    let broken = members.iter().filter(|own| own.0 != [1, 1]).count();
    match broken {
        0 => Ok(members.into_iter().map(|own| own.1).collect()),
        count => Err(EvaluationError::data(
            format!("{count} coppie non hanno un trattato e un controllo"),
            format!("{count} pairs do not have one treated and one control"),
        )),
    }
}

fn fault(error: NoBounds) -> EvaluationError {
    let en = error.to_string();
    match error {
        NoBounds::Gamma(gamma) => {
            EvaluationError::options("gammas", format!("{gamma} non è un gamma da uno in su"), en)
        }
        NoBounds::TooFew => {
            EvaluationError::not_estimable("meno di due coppie hanno una differenza", en)
        }
        NoBounds::NotFinite(at) => {
            EvaluationError::data(format!("la coppia {at} non ha una differenza finita"), en)
        }
    }
}
