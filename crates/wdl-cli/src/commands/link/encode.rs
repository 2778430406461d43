//! `wdl link A --encode`: a plain file becomes a file of encodings, with a schema that is given or proposed.
//!
//! The secret is read from a file that only its owner should be able to read, and is wiped once the key is made of it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wdl_encoding::compare::DateOrder;
use wdl_encoding::{EncodingKey, Schema};
use wdl_lab::Stopped;
use wdl_linkage::Model;
use wdl_linkage::encoded::{DatesRead, encode, proposed_schema, terms_wanted};
use wdl_linkage::recognise::recognise;
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnostic, Lang, Text};
use zeroize::Zeroizing;

use super::cost::cpu_seconds;
use super::folder::Folder;
use super::input::note;
use super::run::Run;
use super::told::warnings;
use crate::answer::Answer;

/// The name of the file of encodings in the folder of results.
const ENCODED: &str = "encoded.wdl";
const SCHEMA: &str = "schema.yaml";
/// A shorter secret can be tried out.
const SECRET_MIN: usize = 16;

/// What is told about encodings
#[derive(clap::Args)]
pub(super) struct Encoding {
    /// Turns the file into encodings that can be linked without its values
    #[arg(
        long,
        requires_all = ["secret", "out", "id"],
        conflicts_with_all = ["clk", "model", "cardinality", "cut", "threads", "seed", "truth", "save_model", "propose"],
    )]
    pub(super) encode: bool,
    /// The files are encodings
    #[arg(
        long,
        conflicts_with_all = ["id", "ignore", "model", "cardinality", "cut", "threads", "seed", "truth_column", "save_model", "propose"],
    )]
    pub(super) clk: bool,
    /// The file of the secret that all who encode share; whoever links has none
    #[arg(long, value_name = "FILE", requires = "encode")]
    secret: Option<PathBuf>,
    /// How columns become encodings, the same file for all; without it one is proposed and written
    #[arg(long, value_name = "SCHEMA.yaml", requires = "encode")]
    schema: Option<PathBuf>,
    /// A proposed schema has one vector without salt and diffusion: it finds more and hides less
    #[arg(long, requires = "encode", conflicts_with = "schema")]
    plain: bool,
    /// Whether the day or the month comes first in the dates of the file; without it each column tells
    #[arg(long, value_name = "ORDER", requires = "encode")]
    date_order: Option<Order>,
}

/// How dates of numbers alone are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Order {
    /// As in 17/08/1960
    DayFirst,
    /// As in 08/17/1960
    MonthFirst,
}

impl From<Order> for DateOrder {
    fn from(order: Order) -> DateOrder {
        match order {
            Order::DayFirst => DateOrder::DayFirst,
            Order::MonthFirst => DateOrder::MonthFirst,
        }
    }
}

impl Encoding {
    /// Encodes the file of a run.
    pub(super) fn run(&self, run: &Run) -> Result<Answer, Stopped> {
        let (files, out) = (run.files_of(), run.out_of());
        if files.b.is_some() {
            return Err(Stopped::new(Diagnostic::new(codes::WRONG_FILES)));
        }
        let out = out.expect("the command line asks for it");
        let secret = self.secret.as_deref();
        let secret = secret.expect("the command line asks for it");
        let folder = Folder::take(out)?;
        let key = key(secret)?;
        let input = files.read(run.truth_column_of())?;
        let schema = match &self.schema {
            Some(path) => {
                let text = fs::read_to_string(path).map_err(|fault| Stopped::file(path, &fault))?;
                Schema::read(&path.display().to_string(), &text)
                    .map_err(|fault| Stopped::new(fault.diagnostics().swap_remove(0)))?
            }
            None => {
                let model = Model::proposed(&recognise(&input.data, &[]));
                proposed_schema(&input.data, &model.fields, !self.plain)?
            }
        };
        let mut notes = input.notes;
        if let Some(path) = &self.schema
            && let Some(wanted) = terms_wanted(&input.data, &schema)
        {
            let notice = note(codes::FEW_TERMS).with("file", path.display());
            notes.push(
                notice
                    .with("actual", schema.diffusion)
                    .with("expected", wanted),
            );
        }
        let order = self.date_order.map(DateOrder::from);
        let (encoded, dates) = encode(&input.data, 0, &schema, &key, order)?;
        notes.extend(dates.iter().flat_map(DatesRead::notes));
        folder.begin(None)?;
        folder.write(SCHEMA, |file| file.write_all(schema.write().as_bytes()))?;
        folder.write(ENCODED, |file| file.write_all(&encoded.write()))?;
        let fingerprint = encoded.agreed().schema.short(8);
        let value = json!({
            "records": encoded.len(),
            "without_vectors": encoded.without_vectors(),
            "vectors_per_record": schema.filters.len(),
            "salts": encoded.agreed().salts,
            "diffusion": schema.diffusion,
            "fill": round(encoded.fill()),
            "schema": encoded.agreed().schema.to_string(),
            "key_check": encoded.agreed().key_check_text(),
            "encoded_file": out.join(ENCODED).display().to_string(),
            "schema_file": out.join(SCHEMA).display().to_string(),
            "dates": dates.iter().map(of_dates).collect::<Vec<_>>(),
            "warnings": warnings(&notes),
            "cpu_seconds": cpu_seconds(),
        });
        let words = |lang: Lang| {
            let mut text = String::new();
            for one in &notes {
                let _ = writeln!(text, "{}\n", one.render(lang));
            }
            let [records, hollow] = [encoded.len(), encoded.without_vectors()]
                .map(|count| lang.number(count as f64, 0));
            text + &match lang {
                Lang::It => format!(
                    "{records} record codificati ({hollow} senza codifica: troppi campi mancanti)\nschema {fingerprint} in {SCHEMA}: chi codifica altri dati usa questo stesso file\ncodifiche in {ENCODED}: si danno a chi collega, mai insieme al segreto"
                ),
                Lang::En => format!(
                    "{records} records encoded ({hollow} without encoding: too many fields missing)\nschema {fingerprint} in {SCHEMA}: whoever encodes other data uses this very file\nencodings in {ENCODED}: they go to whoever links, never together with the secret"
                ),
            }
        };
        let text = Text::new(words(Lang::It), words(Lang::En));
        Ok(Answer::new(text, value))
    }
}

/// How a column of dates was read.
fn of_dates(read: &DatesRead) -> Value {
    let order = match read.order {
        DateOrder::DayFirst => "day-first",
        DateOrder::MonthFirst => "month-first",
    };
    json!({
        "field": read.field,
        "column": read.column,
        "order": order,
        "unreadable": read.unreadable,
        "without_century": read.without_century,
    })
}

/// The key of the secret in a file; a line's end behind it does not count.
fn key(path: &Path) -> Result<EncodingKey, Stopped> {
    let read = fs::read(path).map_err(|fault| Stopped::file(path, &fault))?;
    let secret = Zeroizing::new(read);
    let secret = secret.trim_ascii_end();
    if secret.len() < SECRET_MIN {
        return Err(Stopped::new(
            Diagnostic::new(codes::ENCODED_KEY_SHORT)
                .with("file", path.display())
                .with("count", secret.len())
                .with("expected", SECRET_MIN),
        ));
    }
    Ok(EncodingKey::from_secret(secret))
}

/// Four digits: more would only look exact.
pub(super) fn round(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}
