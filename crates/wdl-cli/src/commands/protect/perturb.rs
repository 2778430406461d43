//! `wdl protect perturb FILE`: a table of the records of a plain file, each count with the noise that its records carry.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;
use wdl_lab::Stopped;
use wdl_perturbation::cell_key::{
    NoiseDesign, PTable, PTableError, RecordKey, RecordSecret, cell_key,
};
use wdl_perturbation::rounding::Relation;
use wdl_plain::PlainTable;
use wdl_suppression::form::FormError;
use wdl_suppression::hierarchy::Hierarchy;
use wdl_suppression::table::{Dimension, Entry, Table};
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{Diagnostic, Text};

use super::changed::{Changed, Source, check_out, relation};
use super::secret::Secret;
use super::table_faults as faults;
use crate::answer::Answer;

/// Counts records into a table, each count with noise that its records carry (cell keys)
#[derive(clap::Args)]
pub(crate) struct Perturb {
    /// The CSV or Parquet file, one record in each row
    file: PathBuf,
    /// The columns the table is broken down by; a missing value is a category, NA
    #[arg(long, value_name = "COL,…", value_delimiter = ',', required = true)]
    dimensions: Vec<String>,
    /// The column of the pseudonyms, from which with the secret the keys of the records follow
    #[arg(long, value_name = "COL", required_unless_present = "cell_keys")]
    record: Option<String>,
    /// The column of the keys of the records, numbers from 0 to below 1, where they are kept in the file
    #[arg(long, value_name = "COL", conflicts_with_all = ["record", "key", "seed"])]
    cell_keys: Option<String>,
    /// The largest noise, up or down
    #[arg(long, value_name = "D", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    deviation: u32,
    /// The variance of the noise, at every count but 0
    #[arg(long, value_name = "V", default_value_t = 2.0)]
    variance: f64,
    /// Counts from 1 to N are never shown
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=20))]
    hidden_up_to: u32,
    /// Write the changed table as CSV
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    secret: Secret,
}

/// What the total of a dimension is called.
const TOTAL: &str = "T";
/// What a missing value is called.
const MISSING: &str = "NA";

impl Perturb {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        check_out(&self.file, self.out.as_deref())?;
        let noise = self.noise()?;
        let key_column = self.cell_keys.as_ref().or(self.record.as_ref());
        let mut wanted: Vec<&str> = self.dimensions.iter().map(String::as_str).collect();
        wanted.extend(key_column.map(String::as_str));
        let records = PlainTable::read(&self.file, &wanted)?;
        if records.rows() == 0 {
            return Err(Stopped::new(
                Diagnostic::new(codes::NO_RECORDS).with("file", self.file.display()),
            ));
        }
        let keys = self.keys(&records)?;
        let labels = self.labels(&records);
        let table = self.table(&labels)?;
        let system = table.system().map_err(|fault| self.form(fault.into()))?;
        let mut of_cells = vec![RecordKey::default(); system.len()];
        for (row, key) in keys.iter().enumerate() {
            let own: Vec<&str> = labels.iter().map(|of| of[row].as_str()).collect();
            for cell in above(&table, &own) {
                of_cells[cell] = cell_key(&[of_cells[cell], *key]);
            }
        }
        let values = table.cells().iter().zip(&of_cells);
        let values = values
            .map(|(cell, key)| noise.perturb(cell.units, *key))
            .collect();
        let relations: Vec<Relation> = system
            .equations()
            .iter()
            .map(|form| relation(form))
            .collect();
        let written = table.cells().iter().map(|cell| {
            let nodes = cell.key.iter().zip(table.dimensions());
            nodes
                .map(|(node, one)| one.hierarchy.label(*node).to_owned())
                .collect()
        });
        let source = Source::made(
            system.names().to_vec(),
            system.values().to_vec(),
            relations,
            self.dimensions.clone(),
            written.collect(),
        );
        let changed = Changed {
            source: &source,
            method: "cell_key",
            values,
            told: json!({
                "deviation": self.deviation,
                "variance": self.variance,
                "standard_error": self.variance.sqrt(),
                "hidden_up_to": self.hidden_up_to,
                "chance": if self.cell_keys.is_some() { "file" } else { self.secret.name() },
            }),
            words: self.words(),
        };
        changed.answer(self.out.as_deref())
    }

    fn noise(&self) -> Result<PTable, Stopped> {
        if !(self.variance.is_finite() && self.variance > 0.0) {
            return Err(Stopped::new(
                Diagnostic::new(codes::NOISE_PARAMETER).with("option", "--variance"),
            ));
        }
        let design = NoiseDesign {
            deviation: self.deviation,
            variance: self.variance,
            hidden_up_to: self.hidden_up_to,
        };
        PTable::of_most_entropy(design).map_err(|fault| {
            let count = match fault {
                PTableError::Unreachable { count, .. } => count.to_string(),
                PTableError::Chances { row } => row.to_string(),
            };
            Stopped::new(
                Diagnostic::new(codes::NOISE_DESIGN)
                    .with("maximum", self.deviation)
                    .with("count", count),
            )
        })
    }

    /// The key of each record.
    fn keys(&self, records: &PlainTable) -> Result<Vec<RecordKey>, Stopped> {
        if let Some(name) = &self.cell_keys {
            let numbers = records.numbers(name)?;
            let keys: Vec<Option<RecordKey>> = numbers
                .iter()
                .map(|number| number.and_then(RecordKey::new))
                .collect();
            return every(keys).map_err(|(count, row)| {
                Stopped::new(
                    Diagnostic::new(codes::RECORD_KEYS)
                        .with("file", self.file.display())
                        .with("count", count)
                        .with("column", name)
                        .with("line", records.line(row)),
                )
            });
        }
        let name = self.record.as_deref().unwrap_or_default();
        let secret = RecordSecret::of_secret(&self.secret.bytes()?);
        let keys: Vec<Option<RecordKey>> = records
            .cells(name)
            .map(|pseudonym| pseudonym.map(|it| secret.key_of(it.as_bytes())))
            .collect();
        every(keys).map_err(|(_, row)| {
            Stopped::new(
                Diagnostic::new(codes::TABLE_FIELD)
                    .with("file", self.file.display())
                    .with("field", name)
                    .with("of", records.line(row)),
            )
        })
    }

    /// The label of each record, by dimension.
    fn labels(&self, records: &PlainTable) -> Vec<Vec<String>> {
        let column = |name: &String| {
            let cells = records.cells(name);
            cells
                .map(|cell| cell.unwrap_or(MISSING).to_owned())
                .collect()
        };
        self.dimensions.iter().map(column).collect()
    }

    /// The records counted, with all margins.
    fn table(&self, labels: &[Vec<String>]) -> Result<Table, Stopped> {
        let mut dimensions = Vec::new();
        for (name, labels) in self.dimensions.iter().zip(labels) {
            let found: BTreeSet<&String> = labels.iter().collect();
            let found: Vec<String> = found.into_iter().cloned().collect();
            let hierarchy = Hierarchy::flat(TOTAL, &found).map_err(|source| {
                self.form(FormError::Hierarchy {
                    dimension: name.clone(),
                    source,
                })
            })?;
            dimensions.push(Dimension {
                name: name.clone(),
                hierarchy,
            });
        }
        let mut counts = std::collections::BTreeMap::<Vec<&String>, u64>::new();
        for row in 0..labels[0].len() {
            let key = labels.iter().map(|of| &of[row]).collect();
            *counts.entry(key).or_default() += 1;
        }
        let entries: Vec<Entry> = counts
            .into_iter()
            .map(|(key, units)| Entry {
                key: key.into_iter().cloned().collect(),
                units,
                value: i64::try_from(units).unwrap_or(i64::MAX),
                contributions: Vec::new(),
            })
            .collect();
        Table::new(dimensions, 0, &entries).map_err(|fault| self.form(fault.into()))
    }

    fn form(&self, fault: FormError) -> Stopped {
        let file: &Path = &self.file;
        faults::form(file, &fault)
    }

    fn words(&self) -> Vec<Text> {
        let (deviation, variance) = (self.deviation, self.variance);
        let method = Text::new(
            format!(
                "chiavi di cella: rumore di media 0 e varianza {variance}, al più {deviation}; lo 0 resta 0; gli stessi record hanno lo stesso rumore; i totali non tornano"
            ),
            format!(
                "cell keys: noise of mean 0 and variance {variance}, at most {deviation}; 0 stays 0; the same records have the same noise; totals do not add up"
            ),
        );
        let leaves_open = Text::fixed(
            "non protegge due gruppi che differiscono di una persona: il loro rumore è diverso, e la differenza si intravede",
            "it does not protect two groups that differ by one person: their noise is unrelated, and the difference shines through",
        );
        let chance = match self.cell_keys {
            Some(_) => None,
            None => Some(self.secret.words()),
        };
        [method, leaves_open].into_iter().chain(chance).collect()
    }
}

/// All of them, or how many are lacking and where the first is.
fn every<T>(all: Vec<Option<T>>) -> Result<Vec<T>, (usize, usize)> {
    match all.iter().position(Option::is_none) {
        Some(first) => Err((all.iter().filter(|one| one.is_none()).count(), first)),
        None => Ok(all.into_iter().flatten().collect()),
    }
}

/// The cells that count a record with these labels: its own and every margin.
fn above(table: &Table, own: &[&str]) -> Vec<usize> {
    let sides = own.len();
    (0..1usize << sides)
        .filter_map(|totals| {
            let key: Vec<String> = own
                .iter()
                .enumerate()
                .map(|(side, label)| match totals >> side & 1 {
                    1 => TOTAL.to_owned(),
                    _ => (*label).to_owned(),
                })
                .collect();
            table.place(&key).ok()
        })
        .collect()
}
