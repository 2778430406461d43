//! `wdl protect noise FILE`: counts with differentially private noise, paid for from the account of their population.

use std::path::PathBuf;

use serde_json::json;
use wdl_lab::{NoiseAccount, NoiseQuestion, Stopped, noise_stopped};
use wdl_perturbation::privacy::Mechanism;
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{Diagnostic, Lang, Text};

use super::changed::{Changed, OfFile, Source};
use crate::answer::Answer;

/// Gives the counts of a table noise with differential privacy, within the budget of their population
#[derive(clap::Args)]
pub(crate) struct Noise {
    #[command(flatten)]
    table: OfFile,
    /// The price of this table, with Laplace noise
    #[arg(
        long,
        value_name = "E",
        required_unless_present = "rho",
        conflicts_with = "rho"
    )]
    epsilon: Option<f64>,
    /// The price of this table, with Gaussian noise (zero-concentrated)
    #[arg(long, value_name = "R")]
    rho: Option<f64>,
    /// In how many of the finest cells one person can count, in all
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    sensitivity: u32,
    /// The account of the population: made when it does not exist; kept as a key is kept
    #[arg(long, value_name = "FILE")]
    account: PathBuf,
    /// For a new account: how much all tables of the population may cost together
    #[arg(long, value_name = "E")]
    limit: Option<f64>,
    /// For a new account: the chance that the limit does not hold, well below one over the people
    #[arg(long, value_name = "D", requires = "limit")]
    delta: Option<f64>,
}

impl Noise {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let source = self.table.read()?;
        if source.has_amounts {
            return Err(Stopped::new(
                Diagnostic::new(codes::NOISE_COUNTS).with("file", self.table.file.display()),
            ));
        }
        let leaves = leaves(&source);
        let mechanism = self.mechanism()?;
        let mut ledger = NoiseAccount::open(&self.account, self.limit, self.delta)?;
        let question = NoiseQuestion {
            cells: leaves.iter().map(|at| source.names[*at].as_str()).collect(),
            counts: leaves.iter().map(|at| source.values[*at]).collect(),
            mechanism,
            sensitivity: self.sensitivity,
        };
        let answers = ledger.answer(&question)?;
        let values = self.sums(&source, &leaves, &answers.counts)?;
        let facts = Facts {
            is_new: answers.is_new,
            spent: ledger.spent()?,
            limit: ledger.limit(),
            name: ledger.population().to_owned(),
            accuracy: mechanism
                .accuracy(0.05)
                .map_err(|fault| noise_stopped(&fault, ""))?,
        };
        let (kind, scale) = match mechanism {
            Mechanism::Laplace { scale } => ("laplace", scale),
            Mechanism::Gaussian { scale } => ("gaussian", scale),
        };
        // The record of the answer is on the disk before anybody sees it.
        ledger.keep()?;
        let changed = Changed {
            source: &source,
            method: "differential_privacy",
            values,
            told: json!({
                "mechanism": kind,
                "scale": scale,
                "epsilon": self.epsilon,
                "rho": self.rho,
                "sensitivity": self.sensitivity,
                "is_new": facts.is_new,
                "accuracy_95": facts.accuracy,
                "population": facts.name,
                "spent": facts.spent,
                "limit": facts.limit.epsilon,
                "delta": facts.limit.delta,
            }),
            words: facts.words(kind),
        };
        changed.answer(self.table.out.as_deref())
    }

    fn mechanism(&self) -> Result<Mechanism, Stopped> {
        let made = match (self.epsilon, self.rho) {
            (Some(epsilon), _) => Mechanism::laplace_for(epsilon, self.sensitivity),
            (None, rho) => Mechanism::gaussian_for(rho.unwrap_or(f64::NAN), self.sensitivity),
        };
        let option = if self.epsilon.is_some() {
            "--epsilon"
        } else {
            "--rho"
        };
        made.map_err(|fault| noise_stopped(&fault, option))
    }

    /// The finest cells with noise, and every total as their sum.
    fn sums(&self, source: &Source, leaves: &[usize], noisy: &[i64]) -> Result<Vec<i64>, Stopped> {
        let mut known: Vec<Option<i64>> = vec![None; source.values.len()];
        for (at, count) in leaves.iter().zip(noisy) {
            known[*at] = Some(*count);
        }
        let refused = |total: usize| {
            Stopped::new(
                Diagnostic::new(codes::TABLE_NOT_ADDITIVE)
                    .with("file", self.table.file.display())
                    .with("cell", &source.names[total]),
            )
        };
        let sum = |known: &[Option<i64>], parts: &[usize]| -> Option<i64> {
            parts
                .iter()
                .try_fold(0i64, |sum, part| sum.checked_add(known[*part]?))
        };
        loop {
            let before = known.iter().flatten().count();
            for relation in &source.relations {
                if known[relation.total].is_none() {
                    known[relation.total] = sum(&known, &relation.parts);
                }
            }
            if known.iter().flatten().count() == before {
                break;
            }
        }
        // Two ways to a total must come to the same: otherwise its parts are not all there is.
        for relation in &source.relations {
            if sum(&known, &relation.parts) != known[relation.total] {
                return Err(refused(relation.total));
            }
        }
        let lacking = known.iter().position(Option::is_none);
        match lacking {
            Some(cell) => Err(refused(cell)),
            None => Ok(known.into_iter().flatten().collect()),
        }
    }
}

/// The cells that are no total.
fn leaves(source: &Source) -> Vec<usize> {
    let mut is_total = vec![false; source.values.len()];
    for relation in &source.relations {
        is_total[relation.total] = true;
    }
    (0..is_total.len()).filter(|at| !is_total[*at]).collect()
}

/// What is told of an answer beside its numbers.
struct Facts {
    is_new: bool,
    spent: f64,
    limit: wdl_perturbation::privacy::Limit,
    name: String,
    accuracy: f64,
}

impl Facts {
    fn words(&self, kind: &str) -> Vec<Text> {
        let said = |lang: Lang| {
            (
                lang.number(self.accuracy, 1),
                lang.number(self.spent, 3),
                lang.number(self.limit.epsilon, 3),
            )
        };
        let (near, spent, limit) = said(Lang::It);
        let (near_en, spent_en, limit_en) = said(Lang::En);
        let (kind_it, kind_en) = match kind {
            "laplace" => ("di Laplace", "Laplace"),
            _ => ("gaussiano", "Gaussian"),
        };
        let noise = Text::new(
            format!(
                "rumore {kind_it} con riservatezza differenziale: 95 celle minute su 100 distano meno di {near} dal vero; i totali sono le loro somme; un conteggio può essere negativo"
            ),
            format!(
                "{kind_en} noise with differential privacy: 95 of 100 finest cells are less than {near_en} from the truth; totals are their sums; a count may be negative"
            ),
        );
        let budget = match self.is_new {
            true => Text::new(
                format!("`{}`: speso finora ε = {spent} di {limit}", self.name),
                format!("`{}`: spent so far ε = {spent_en} of {limit_en}", self.name),
            ),
            false => Text::new(
                format!(
                    "`{}`: risposta già data, dal registro, senza costo; speso finora ε = {spent} di {limit}",
                    self.name
                ),
                format!(
                    "`{}`: answered before, from the record, at no price; spent so far ε = {spent_en} of {limit_en}",
                    self.name
                ),
            ),
        };
        vec![noise, budget]
    }
}
