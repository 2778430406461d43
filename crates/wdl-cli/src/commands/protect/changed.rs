//! A table of which the numbers are changed instead of hidden: how it is read, what it shows then, and what that costs in use.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use wdl_lab::Stopped;
use wdl_perturbation::rounding::Relation;
use wdl_perturbation::utility::{TableUtility, table_utility};
use wdl_suppression::form::TableForm;
use wdl_vocab::diagnostics::codes::{disclosure as codes, usage};
use wdl_vocab::{Diagnostic, Lang, Text};

use super::table::{OfCsv, is_json, read_form, read_json, several};
use super::table_faults as faults;
use crate::answer::Answer;

/// The table to be changed.
#[derive(clap::Args)]
pub(super) struct OfFile {
    /// The table: JSON with hierarchies and leaves, or CSV with a row for each cell
    pub(super) file: PathBuf,
    /// The table to take from a JSON file that holds several
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write the changed table as CSV
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    #[command(flatten)]
    columns: OfCsv,
}

/// A table as read.
pub(super) struct Source {
    /// What each cell is called.
    pub(super) names: Vec<String>,
    /// Values in units of `10^-decimals`.
    pub(super) values: Vec<i64>,
    pub(super) decimals: u32,
    pub(super) relations: Vec<Relation>,
    /// Whether it holds amounts beside counts.
    pub(super) has_amounts: bool,
    /// The columns of a written table, before the numbers.
    headers: Vec<String>,
    labels: Vec<Vec<String>>,
    ignored: Vec<String>,
}

impl OfFile {
    pub(super) fn read(&self) -> Result<Source, Stopped> {
        check_out(&self.file, self.out.as_deref())?;
        let form = read_form(&self.file, self.value()?)?;
        let material = form
            .material()
            .map_err(|fault| faults::form(&self.file, &fault))?;
        let system = &material.system;
        let (headers, labels) = self.labels(&form, system.names())?;
        Ok(Source {
            names: system.names().to_vec(),
            values: system.values().to_vec(),
            decimals: system.decimals(),
            relations: system
                .equations()
                .iter()
                .map(|form| relation(form))
                .collect(),
            has_amounts: system.decimals() > 0
                || form
                    .leaves
                    .iter()
                    .any(|leaf| leaf.value.is_some() || !leaf.contributions.is_empty()),
            headers,
            labels,
            ignored: form.ignored().into_iter().map(str::to_owned).collect(),
        })
    }

    fn value(&self) -> Result<Value, Stopped> {
        if !is_json(&self.file) {
            return self.columns.read(&self.file);
        }
        let (mut values, _) = several(read_json(&self.file)?);
        if let Some(name) = &self.name {
            values.retain(|value| value.get("name").and_then(Value::as_str) == Some(name));
        }
        match (values.pop(), values.is_empty()) {
            (Some(value), true) => Ok(value),
            _ => Err(Stopped::new(
                Diagnostic::new(codes::TABLE_MISSING)
                    .with("file", self.file.display())
                    .with("field", "--name"),
            )),
        }
    }

    /// The columns that name a cell, and what stands in them.
    fn labels(
        &self,
        form: &TableForm,
        names: &[String],
    ) -> Result<(Vec<String>, Vec<Vec<String>>), Stopped> {
        if form.hierarchies.is_empty() {
            let labels = names.iter().map(|name| vec![name.clone()]).collect();
            return Ok((vec!["cell".to_owned()], labels));
        }
        let table = form
            .table(form.decimals())
            .map_err(|fault| faults::form(&self.file, &fault))?;
        let dimensions = table.dimensions();
        let headers = dimensions.iter().map(|one| one.name.clone()).collect();
        let of_cell = |cell: &wdl_suppression::table::Cell| {
            let nodes = cell.key.iter().zip(dimensions);
            nodes
                .map(|(node, one)| one.hierarchy.label(*node).to_owned())
                .collect()
        };
        Ok((headers, table.cells().iter().map(of_cell).collect()))
    }
}

impl Source {
    /// A table of counts that was made here, with the columns of its labels.
    pub(super) fn made(
        names: Vec<String>,
        values: Vec<i64>,
        relations: Vec<Relation>,
        headers: Vec<String>,
        labels: Vec<Vec<String>>,
    ) -> Source {
        Source {
            names,
            values,
            decimals: 0,
            relations,
            has_amounts: false,
            headers,
            labels,
            ignored: Vec::new(),
        }
    }

    /// A number of the table in its own unit.
    fn amount(&self, value: i64) -> Value {
        match self.decimals {
            0 => json!(value),
            _ => json!(value as f64 / self.scale()),
        }
    }

    fn scale(&self) -> f64 {
        10f64.powi(self.decimals as i32)
    }
}

/// `Σ parts − total = 0` as a total and its parts.
pub(super) fn relation(form: &[(usize, i64)]) -> Relation {
    let total = form.iter().find(|(_, by)| *by < 0).map_or(0, |(at, _)| *at);
    let parts = form.iter().filter(|(_, by)| *by > 0).map(|(at, _)| *at);
    Relation {
        total,
        parts: parts.collect(),
    }
}

/// A changed table.
pub(super) struct Changed<'a> {
    pub(super) source: &'a Source,
    /// The method, as a key.
    pub(super) method: &'static str,
    /// The changed values, in the order of the cells.
    pub(super) values: Vec<i64>,
    /// What is told of the method, by key.
    pub(super) told: Value,
    /// The same in words, a line each.
    pub(super) words: Vec<Text>,
}

impl Changed<'_> {
    /// The answer; the table is written first where that is asked.
    pub(super) fn answer(&self, out: Option<&Path>) -> Result<Answer, Stopped> {
        let source = self.source;
        if let Some(path) = out {
            let number = if source.has_amounts { "value" } else { "n" };
            let headers = source.headers.iter().map(String::as_str).chain([number]);
            let rows = source
                .labels
                .iter()
                .zip(&self.values)
                .map(|(labels, value)| {
                    let number = source.amount(*value).to_string();
                    labels.iter().cloned().chain([number]).collect()
                });
            write_csv(path, &headers.collect::<Vec<_>>(), rows)?;
        }
        let utility = table_utility(&source.values, &self.values, &source.relations);
        let text = |lang| self.text(utility.as_ref(), lang);
        Ok(Answer::new(
            Text::new(text(Lang::It), text(Lang::En)),
            self.value(utility.as_ref()),
        ))
    }

    fn value(&self, utility: Option<&TableUtility>) -> Value {
        let source = self.source;
        let cells = source.names.iter().zip(&self.values);
        let cells: Map<String, Value> = cells
            .map(|(name, value)| (name.clone(), source.amount(*value)))
            .collect();
        let mut value = json!({ "method": self.method });
        if let (Value::Object(value), Value::Object(told)) = (&mut value, &self.told) {
            value.extend(told.clone());
        }
        value["cells"] = cells.into();
        value["utility"] = match utility {
            None => json!({ "reason": "the table has no cell" }),
            Some(told) => json!({
                "cells": source.names.len(),
                "changed": told.changed,
                "mean_absolute": told.mean_absolute / source.scale(),
                "root_mean_square": told.root_mean_square / source.scale(),
                "largest": source.amount(told.largest),
                "mean_relative": told.mean_relative,
                "mean_of_roots": told.mean_of_roots.map(|mean| mean / source.scale().sqrt()),
                "totals_that_do_not_add_up": told.broken.iter().map(|at| &source.names[*at]).collect::<Vec<_>>(),
            }),
        };
        value["ignored"] = json!(source.ignored);
        value
    }

    fn text(&self, utility: Option<&TableUtility>, lang: Lang) -> String {
        let source = self.source;
        let mut shown = String::new();
        for line in &self.words {
            let _ = writeln!(shown, "{}", line.get(lang));
        }
        if let Some(told) = utility {
            let number = |value: f64| lang.number(value / source.scale(), 2);
            let (cells, changed) = (source.names.len(), told.changed);
            let (mean, square) = (number(told.mean_absolute), number(told.root_mean_square));
            let largest = number(told.largest as f64);
            let broken = told.broken.len();
            let _ = match lang {
                Lang::It => writeln!(
                    shown,
                    "{cells} celle, {changed} cambiate: scarto medio {mean}, quadratico {square}, massimo {largest}; totali che non tornano: {broken} (solo per chi sceglie il metodo)"
                ),
                Lang::En => writeln!(
                    shown,
                    "{cells} cells, {changed} changed: mean difference {mean}, root mean square {square}, largest {largest}; totals that do not add up: {broken} (for whoever chooses the method only)"
                ),
            };
        }
        if !source.ignored.is_empty() {
            let ignored = source.ignored.join(", ");
            let _ = match lang {
                Lang::It => writeln!(shown, "campi senza significato qui: {ignored}"),
                Lang::En => writeln!(shown, "fields that mean nothing here: {ignored}"),
            };
        }
        for (name, value) in source.names.iter().zip(&self.values) {
            let value = lang.number(*value as f64 / source.scale(), source.decimals as usize);
            let _ = writeln!(shown, "  {name}: {value}");
        }
        shown
    }
}

/// What is read is not written over.
pub(super) fn check_out(read: &Path, out: Option<&Path>) -> Result<(), Stopped> {
    let Some(out) = out else {
        return Ok(());
    };
    match (read.canonicalize(), out.canonicalize()) {
        (Ok(one), Ok(other)) if one == other => Err(Stopped::new(
            Diagnostic::new(usage::BAD_OPTION)
                .with("option", "--out")
                .with("value", out.display())
                .with("expected", "FILE"),
        )),
        _ => Ok(()),
    }
}

/// Writes a CSV file; it is whole or not there.
pub(super) fn write_csv(
    path: &Path,
    headers: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), Stopped> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let write = || -> Result<(), csv::Error> {
        let mut out = csv::Writer::from_path(&beside)?;
        out.write_record(headers)?;
        for row in rows {
            out.write_record(&row)?;
        }
        out.flush()?;
        Ok(())
    };
    write().map_err(|fault| Stopped::file(path, &fault))?;
    std::fs::rename(&beside, path).map_err(|fault| Stopped::file(path, &fault))
}
