//! `wdl protect round FILE`: a table of multiples of a base, by chance or so that it still adds up.

use serde_json::json;
use wdl_lab::Stopped;
use wdl_perturbation::rounding::{
    AdditiveTable, NearlyRounded, RoundingError, RoundingKey, round_by_chance, round_nearly,
};
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{Diagnostic, Text};

use super::changed::{Changed, OfFile, Source};
use super::secret::Secret;
use crate::answer::Answer;

/// Rounds a table to multiples of a base so that it still adds up, as near as can be
#[derive(clap::Args)]
pub(crate) struct Round {
    #[command(flatten)]
    table: OfFile,
    /// The base: 3, 5, 10 …
    #[arg(long, value_name = "B", value_parser = clap::value_parser!(u32).range(3..=1_000_000))]
    base: u32,
    /// Each cell by itself, up or down by chance and right on average; the table then does not add up
    #[arg(long)]
    random: bool,
    #[command(flatten)]
    secret: Secret,
}

impl Round {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let source = self.table.read()?;
        // The base is in the unit of the table, its numbers in parts of that.
        let base = 10u32
            .checked_pow(source.decimals)
            .and_then(|scale| self.base.checked_mul(scale))
            .ok_or_else(|| self.too_large())?;
        let changed = match self.random {
            true => self.by_chance(&source, base)?,
            false => self.whole(&source, base)?,
        };
        changed.answer(self.table.out.as_deref())
    }

    fn by_chance<'a>(&self, source: &'a Source, base: u32) -> Result<Changed<'a>, Stopped> {
        let key = RoundingKey::of_secret(&self.secret.bytes()?);
        let cells = source.names.iter().zip(&source.values);
        let values = cells.map(|(name, value)| round_by_chance(*value, base, name, &key));
        let line = Text::new(
            format!(
                "arrotondamento casuale a {}: ogni cella al multiplo sopra o sotto, giusto in media; i totali non tornano",
                self.base
            ),
            format!(
                "random rounding to {}: each cell to the multiple above or below, right on average; totals do not add up",
                self.base
            ),
        );
        Ok(Changed {
            source,
            method: "random_rounding",
            values: values.collect(),
            told: json!({ "base": self.base, "chance": self.secret.name() }),
            words: vec![line, self.secret.words()],
        })
    }

    fn whole<'a>(&self, source: &'a Source, base: u32) -> Result<Changed<'a>, Stopped> {
        let table = AdditiveTable::new(source.values.clone(), source.relations.clone());
        let rounded = table.and_then(|table| round_nearly(&table, base));
        let found = rounded.map_err(|fault| match fault {
            RoundingError::Base => self.too_large(),
            RoundingError::NotAdditive { total } => Stopped::new(
                Diagnostic::new(codes::TABLE_NOT_ADDITIVE)
                    .with("file", self.table.file.display())
                    .with("cell", &source.names[total]),
            ),
            RoundingError::NoSuchCell { .. }
            | RoundingError::Infeasible { .. }
            | RoundingError::Solver => {
                Stopped::new(Diagnostic::new(codes::TABLE_SOLVER).with("detail", fault))
            }
        })?;
        let in_the_way: Vec<&str> = found
            .in_the_way
            .iter()
            .map(|at| source.names[*at].as_str())
            .collect();
        let told = json!({
            "base": self.base,
            "distance": found.table.distance as f64 / 10f64.powi(source.decimals as i32),
            "proved": true,
            "zero_restricted": found.steps == 0,
            "steps": found.steps,
            "in_the_way": in_the_way,
        });
        Ok(Changed {
            source,
            method: "controlled_rounding",
            words: vec![self.words(&found, &in_the_way)],
            values: found.table.cells,
            told,
        })
    }

    fn words(&self, found: &NearlyRounded, in_the_way: &[&str]) -> Text {
        let base = self.base;
        if found.steps == 0 {
            return Text::new(
                format!(
                    "arrotondamento controllato a {base}: ogni cella al multiplo sopra o sotto, i totali tornano, nessuna scelta è più vicina (dimostrato)"
                ),
                format!(
                    "controlled rounding to {base}: each cell to the multiple above or below, totals add up, no choice is nearer (proved)"
                ),
            );
        }
        let (steps, names) = (found.steps, in_the_way.join(", "));
        Text::new(
            format!(
                "arrotondamento controllato a {base}: con i soli multipli sopra e sotto nessuna tabella torna (dimostrato; si oppone: {names}); le celle arrivano fino a {steps} multipli oltre, con meno non si può, e nessuna scelta è più vicina (dimostrato)"
            ),
            format!(
                "controlled rounding to {base}: with the multiples above and below alone no table adds up (proved; in the way: {names}); cells go up to {steps} multiples beyond, with fewer it cannot be, and no choice is nearer (proved)"
            ),
        )
    }

    fn too_large(&self) -> Stopped {
        Stopped::new(
            Diagnostic::new(codes::ROUND_BASE)
                .with("file", self.table.file.display())
                .with("value", self.base),
        )
    }
}
