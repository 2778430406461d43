//! `wdl protect table FILE`: which cells of a table are hidden, at proved least cost.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wdl_lab::Stopped;
use wdl_plain::PlainTable;
use wdl_suppression::form::TableForm;
use wdl_suppression::form::cells::same_numbers;
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::disclosure as codes;

use super::hidden::{Protected, answer, protect, write_certificate};
use super::table_faults as faults;
use crate::answer::Answer;

/// Hides the cells of a table that give somebody away, and the fewest others
#[derive(clap::Args)]
pub(crate) struct Table {
    /// The table: JSON with hierarchies and leaves, or CSV with a row for each cell
    file: PathBuf,
    /// The table to take from a JSON file that holds several
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write the certificate, for whoever checks the lab: it holds the true values
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    columns: OfCsv,
}

/// What replaces what the file says.
#[derive(clap::Args)]
#[command(next_help_heading = "Rules, in place of those of the file")]
pub(super) struct Rules {
    /// The least number of units that may be shown, three or more
    #[arg(long, value_name = "N")]
    min_frequency: Option<u64>,
    /// How far from the truth a small cell must be kept
    #[arg(long, value_name = "AMOUNT")]
    protection_level: Option<f64>,
    /// What hiding costs: value, unit, units
    #[arg(long, value_name = "WEIGHTS")]
    weights: Option<String>,
    /// Judge sums of hidden cells like cells
    #[arg(long)]
    unions: bool,
    /// Contributors who know their own values attack too
    #[arg(long)]
    singletons: bool,
}

/// How a CSV file is read.
#[derive(clap::Args)]
#[command(next_help_heading = "CSV")]
pub(super) struct OfCsv {
    /// The columns of the dimensions
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    dimensions: Vec<String>,
    /// The column of the units
    #[arg(long, value_name = "COL", default_value = "n")]
    count: String,
    /// The column of the amounts
    #[arg(long, value_name = "COL")]
    value: Option<String>,
    /// A JSON file: for each dimension, each category that has parts and its parts
    #[arg(long, value_name = "FILE")]
    hierarchies: Option<PathBuf>,
}

impl Table {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let values = match is_json(&self.file) {
            true => several(read_json(&self.file)?),
            false => (vec![self.columns.read(&self.file)?], false),
        };
        let (values, is_list) = values;
        let mut forms = Vec::new();
        for value in values {
            let named = value.get("name").and_then(Value::as_str);
            if self.name.is_some() && self.name.as_deref() != named {
                continue;
            }
            forms.push(self.rules.form(&self.file, value)?);
        }
        let mut all = forms
            .iter()
            .map(|form| one(&self.file, form))
            .collect::<Result<Vec<_>, _>>()?;
        let name = |at: usize| {
            forms[at]
                .name
                .clone()
                .unwrap_or_else(|| (at + 1).to_string())
        };
        for (at, other) in same_numbers(&forms.iter().collect::<Vec<_>>()) {
            all[at].same_numbers.push(name(other));
            all[other].same_numbers.push(name(at));
        }
        if all.is_empty() {
            return Err(Stopped::new(
                Diagnostic::new(codes::TABLE_FIELD)
                    .with("file", self.file.display())
                    .with("field", "name")
                    .with("of", self.name.as_deref().unwrap_or("")),
            ));
        }
        if let Some(path) = &self.certificate {
            if all.len() > 1 {
                return Err(Stopped::new(
                    Diagnostic::new(codes::TABLE_MISSING)
                        .with("file", self.file.display())
                        .with("field", "--name"),
                ));
            }
            write_certificate(path, &all[0].certificate)?;
        }
        Ok(answer(&all, is_list && self.name.is_none()))
    }
}

impl Rules {
    /// The form of a table with the rules that were given.
    pub(super) fn form(&self, file: &Path, value: Value) -> Result<TableForm, Stopped> {
        let mut form = read_form(file, value)?;
        form.min_frequency = self.min_frequency.or(form.min_frequency);
        form.protection_level = self.protection_level.or(form.protection_level);
        if let Some(weights) = &self.weights {
            form.weights = Some(wdl_suppression::form::WeightsForm::Named(weights.clone()));
        }
        if self.unions {
            form.unions = Some(true);
        }
        if self.singletons {
            form.singletons = Some(true);
        }
        Ok(form)
    }
}

fn one(file: &Path, form: &TableForm) -> Result<Protected, Stopped> {
    let material = form
        .material()
        .map_err(|fault| faults::form(file, &fault))?;
    let wishes = form
        .wishes(&material)
        .map_err(|fault| faults::form(file, &fault))?;
    let percentages = form
        .percentages(&material.system)
        .map_err(|fault| faults::form(file, &fault))?;
    let ignored = form.ignored().into_iter().map(str::to_owned).collect();
    let mut protected = protect(form.name.clone(), material, &wishes, ignored)?;
    protected.percentages = percentages;
    Ok(protected)
}

/// Whether a file is told to be JSON by its name.
pub(super) fn is_json(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// A JSON file as it is.
pub(super) fn read_json(path: &Path) -> Result<Value, Stopped> {
    let text = std::fs::read_to_string(path).map_err(|fault| Stopped::file(path, &fault))?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|fault| {
        Stopped::new(
            Diagnostic::new(codes::TABLE_UNREADABLE)
                .with("file", path.display())
                .with("detail", format!("{}:{}", fault.line(), fault.column())),
        )
    })
}

/// A table as a form.
pub(super) fn read_form(path: &Path, value: Value) -> Result<TableForm, Stopped> {
    // Every field can stand alone: the first that cannot be read by itself is named.
    let alone = |(field, of): (&String, &Value)| {
        let one = Value::from_iter([(field.clone(), of.clone())]);
        serde_json::from_value::<TableForm>(one)
            .err()
            .map(|_| field.clone())
    };
    serde_json::from_value(value.clone()).map_err(|fault| {
        let field = value.as_object().and_then(|all| all.iter().find_map(alone));
        // Only what the reader expected is told: a value of the file could be a person's.
        let told = fault.to_string();
        let detail = match told.split_once("missing field ") {
            Some((_, field)) => field.to_owned(),
            None => told
                .rsplit_once("expected ")
                .map_or(String::new(), |(_, one)| one.to_owned()),
        };
        let detail = match field {
            Some(field) => format!("`{field}`: {detail}"),
            None => detail,
        };
        Stopped::new(
            Diagnostic::new(codes::TABLE_UNREADABLE)
                .with("file", path.display())
                .with("detail", detail),
        )
    })
}

/// The tables of a file, and whether they stood in a list.
pub(super) fn several(value: Value) -> (Vec<Value>, bool) {
    match value {
        Value::Array(values) => (values, true),
        value => (vec![value], false),
    }
}

impl OfCsv {
    /// A CSV or Parquet file in the form of the JSON files.
    pub(super) fn read(&self, file: &Path) -> Result<Value, Stopped> {
        if self.dimensions.is_empty() {
            return Err(Stopped::new(
                Diagnostic::new(codes::TABLE_MISSING)
                    .with("file", file.display())
                    .with("field", "--dimensions"),
            ));
        }
        let mut wanted: Vec<&str> = self.dimensions.iter().map(String::as_str).collect();
        wanted.push(&self.count);
        wanted.extend(self.value.as_deref());
        let table = PlainTable::read(file, &wanted)?;
        let labels: Vec<Vec<Option<String>>> = self
            .dimensions
            .iter()
            .map(|name| table.text(name))
            .collect();
        let counts = table.numbers(&self.count)?;
        let amounts = match &self.value {
            Some(name) => Some(table.numbers(name)?),
            None => None,
        };
        let mut leaves = Vec::new();
        for row in 0..table.rows() {
            let key: Option<Vec<&String>> = labels.iter().map(|of| of[row].as_ref()).collect();
            let (Some(key), Some(n)) = (key, counts[row]) else {
                return Err(Stopped::new(
                    Diagnostic::new(codes::TABLE_FIELD)
                        .with("file", file.display())
                        .with(
                            "field",
                            format!("{}, {}", self.dimensions.join(", "), self.count),
                        )
                        .with("of", table.line(row)),
                ));
            };
            let mut leaf = json!({ "key": key, "n": n });
            if let Some(amounts) = amounts {
                leaf["value"] = json!(amounts[row]);
            }
            leaves.push(leaf);
        }
        Ok(json!({
            "name": file.file_stem().map(|name| name.to_string_lossy()),
            "dimensions": self.dimensions,
            "hierarchies": self.trees(&labels)?,
            "leaves": leaves,
        }))
    }

    /// The hierarchies that were given, and for the other dimensions a total over all labels in order.
    fn trees(&self, labels: &[Vec<Option<String>>]) -> Result<Vec<Value>, Stopped> {
        let given = match &self.hierarchies {
            Some(path) => read_json(path)?,
            None => json!({}),
        };
        Ok(self
            .dimensions
            .iter()
            .zip(labels)
            .map(|(name, labels)| match given.get(name) {
                Some(tree) => tree.clone(),
                None => {
                    let found: BTreeMap<&String, ()> =
                        labels.iter().flatten().map(|label| (label, ())).collect();
                    let leaves: Vec<&&String> =
                        found.keys().filter(|label| **label != TOTAL).collect();
                    json!({ TOTAL: leaves })
                }
            })
            .collect())
    }
}

/// What the total of a dimension without hierarchy is called; rows with this label are margins and are compared.
const TOTAL: &str = "T";
