//! `wdl protect suppress FILE`: blanks as few cells of a plain file as it takes for every record to have enough companions.

use std::fmt::Write as _;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use wdl_anonymisation::risk::KeyTable;
use wdl_anonymisation::suppress::{Reading, Requirement, SuppressError, Suppression, suppress};
use wdl_lab::Stopped;
use wdl_plain::PlainTable;
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{Diagnostic, Lang, Text};

use super::persons::Persons;
use super::risk;
use crate::answer::Answer;
use crate::manner::Manner;

/// Blanks cells of a plain file until nobody stands out
#[derive(clap::Args)]
pub(crate) struct Suppress {
    /// The CSV or Parquet file, one record in each row
    file: PathBuf,
    /// Columns that somebody outside may know of a person
    #[arg(long, value_name = "COL,…", value_delimiter = ',', required = true)]
    quasi_identifiers: Vec<String>,
    /// At least K records must agree, the record itself included
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(2..))]
    k: u32,
    /// The column of the persons, where one may have several records: K persons must agree then
    #[arg(long, value_name = "COL")]
    person: Option<String>,
    /// Only on every set of so many of the columns, not on all together
    #[arg(long, value_name = "SIZE", value_parser = clap::value_parser!(u32).range(1..))]
    each_set: Option<u32>,
    /// What a cell of a column costs, against 1 for the others: COL=2,…
    #[arg(long, value_name = "COL=N,…", value_delimiter = ',')]
    importance: Vec<String>,
    /// A blanked cell agrees only with another blanked cell
    #[arg(long, conflicts_with = "each_set")]
    strict: bool,
    /// Write the columns with the cells blanked, in the order of the file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Columns that are written as they are
    #[arg(long, value_name = "COL,…", value_delimiter = ',', requires = "out")]
    keep: Vec<String>,
}

impl Suppress {
    pub(crate) fn run(&self, _manner: &Manner) -> Result<Answer, Stopped> {
        super::check_out(self.out.as_deref(), &[self.file.as_path()])?;
        super::check_roles(&[
            ("--quasi-identifiers", &self.quasi_identifiers),
            ("--keep", &self.keep),
            (
                "--person",
                &self.person.iter().cloned().collect::<Vec<String>>(),
            ),
        ])?;
        let mut wanted: Vec<&str> = self
            .quasi_identifiers
            .iter()
            .chain(&self.keep)
            .map(String::as_str)
            .collect();
        wanted.extend(self.person.as_deref());
        wanted.sort_unstable();
        wanted.dedup();
        let table = PlainTable::read(&self.file, &wanted)?;
        let columns: Vec<Vec<Option<String>>> = self
            .quasi_identifiers
            .iter()
            .map(|name| table.text(name))
            .collect();
        let keys =
            KeyTable::of_texts(&columns).map_err(|fault| risk::refused(&self.file, &fault))?;
        let persons = Persons::new(&table, self.person.as_deref(), &keys.classes());
        let counted: Vec<Vec<Option<String>>> = columns
            .iter()
            .map(|column| persons.counted(column))
            .collect();
        let keys =
            KeyTable::of_texts(&counted).map_err(|fault| risk::refused(&self.file, &fault))?;
        // Nobody has more records than `most`: so many times k of them are of k persons at least.
        let k = self.k.saturating_mul(persons.most);
        let reading = if self.strict {
            Reading::OwnCategory
        } else {
            Reading::Groups
        };
        let requirements = match self.each_set {
            Some(size) => Requirement::on_each(&keys, size as usize, k),
            None => vec![Requirement::on_all(&keys, k)],
        };
        if requirements.is_empty() {
            return Err(Stopped::new(
                Diagnostic::new(codes::SUPPRESS_SETS).with("maximum", keys.columns()),
            ));
        }
        let costs = self.costs()?;
        let found = suppress(&keys, &requirements, &costs, reading)
            .map_err(|fault| self.refused(&fault))?;
        let found = of_rows(found, &persons, &costs);
        if let Some(out) = &self.out {
            let kept: Vec<Vec<Option<String>>> =
                self.keep.iter().map(|name| table.text(name)).collect();
            self.write(out, &columns, &kept, &found)?;
        }
        Ok(Answer::new(
            Text::new(self.words(&found, Lang::It), self.words(&found, Lang::En)),
            self.value(&found),
        ))
    }

    fn costs(&self) -> Result<Vec<u64>, Stopped> {
        let mut costs = vec![1; self.quasi_identifiers.len()];
        for one in &self.importance {
            let read = one.split_once('=').and_then(|(name, cost)| {
                let place = self
                    .quasi_identifiers
                    .iter()
                    .position(|known| known == name)?;
                cost.parse::<u32>()
                    .ok()
                    .filter(|cost| *cost > 0)
                    .map(|cost| (place, u64::from(cost)))
            });
            let (place, cost) = read.ok_or_else(|| {
                Stopped::new(Diagnostic::new(codes::SUPPRESS_IMPORTANCE).with("option", one))
            })?;
            costs[place] = cost;
        }
        Ok(costs)
    }

    fn refused(&self, fault: &SuppressError) -> Stopped {
        match fault {
            SuppressError::TooFewRows { rows, k } => Stopped::new(
                Diagnostic::new(codes::TOO_FEW_PERSONS)
                    .with("have", rows)
                    .with("need", k),
            ),
            SuppressError::Table(fault) => risk::refused(&self.file, fault),
            SuppressError::Importance => Stopped::new(
                Diagnostic::new(codes::SUPPRESS_IMPORTANCE)
                    .with("option", self.importance.join(",")),
            ),
            SuppressError::Requirement | SuppressError::StrictSubsets => Stopped::new(
                Diagnostic::new(codes::SUPPRESS_SETS).with("maximum", self.quasi_identifiers.len()),
            ),
        }
    }

    fn value(&self, found: &Suppression) -> Value {
        let cells = self
            .quasi_identifiers
            .iter()
            .cloned()
            .zip(found.cells.iter().map(|cells| json!(cells)));
        json!({
            "k": if self.strict { found.k_own_category } else { found.k_any_value },
            "cells": found.cells.iter().sum::<u64>(),
            "cost": found.cost,
            "cost_at_least": found.cost_at_least,
            "cells_by_column": cells.collect::<Map<String, Value>>(),
            "records": found.hidden.iter().filter(|set| **set != 0).count(),
            "blanked_agrees_with": if self.strict { "blanked" } else { "any value, within one group of records" },
            "k_blanked_agrees_with_any_value": found.k_any_value,
            "k_blanked_agrees_with_blanked": found.k_own_category,
        })
    }

    fn words(&self, found: &Suppression, lang: Lang) -> String {
        let mut shown = String::new();
        let count = |number: u64| lang.number(number as f64, 0);
        let (cells, least) = (count(found.cells.iter().sum()), count(found.cost_at_least));
        let (k, any, own) = (self.k, found.k_any_value, found.k_own_category);
        let cost = count(found.cost);
        let _ = match lang {
            Lang::It => writeln!(
                shown,
                "{cells} celle svuotate (costo {cost}, sotto {least} non si può); richiesti {k} record simili"
            ),
            Lang::En => writeln!(
                shown,
                "{cells} cells blanked (cost {cost}, below {least} it cannot be); {k} records alike were asked"
            ),
        };
        for (name, cells) in self
            .quasi_identifiers
            .iter()
            .zip(&found.cells)
            .filter(|(_, cells)| **cells > 0)
        {
            let _ = writeln!(shown, "  {name}: {}", count(*cells));
        }
        let _ = match lang {
            Lang::It => writeln!(
                shown,
                "riconteggiati: {any} se una cella vuota può valere qualunque cosa, {own} se è una categoria a sé"
            ),
            Lang::En => writeln!(
                shown,
                "counted again: {any} where a blanked cell may stand for anything, {own} where it is a category of its own"
            ),
        };
        shown
    }

    fn write(
        &self,
        path: &Path,
        columns: &[Vec<Option<String>>],
        kept: &[Vec<Option<String>>],
        found: &Suppression,
    ) -> Result<(), Stopped> {
        let fail = |fault: io::Error| Stopped::file(path, &fault);
        let beside = path.with_extension("part");
        let mut out = csv::Writer::from_writer(BufWriter::new(
            std::fs::File::create(&beside).map_err(fail)?,
        ));
        let names = self.quasi_identifiers.iter().chain(&self.keep);
        let rows = || -> Result<(), csv::Error> {
            out.write_record(names)?;
            for (row, hidden) in found.hidden.iter().enumerate() {
                let told = columns
                    .iter()
                    .enumerate()
                    .map(|(c, column)| column[row].as_deref().filter(|_| hidden >> c & 1 == 0));
                let others = kept.iter().map(|column| column[row].as_deref());
                out.write_record(told.chain(others).map(Option::unwrap_or_default))?;
            }
            out.flush()?;
            Ok(())
        };
        rows().map_err(|fault| fail(io::Error::other(fault)))?;
        std::fs::rename(&beside, path).map_err(fail)
    }
}

/// What was found for the records that count, told of all rows; how many companions there are is told in persons.
fn of_rows(found: Suppression, persons: &Persons, costs: &[u64]) -> Suppression {
    let hidden: Vec<u64> = persons.place.iter().map(|at| found.hidden[*at]).collect();
    let blanked = |column: usize| hidden.iter().map(|set| set >> column & 1).sum::<u64>();
    let cells: Vec<u64> = (0..costs.len()).map(blanked).collect();
    Suppression {
        cost: cells
            .iter()
            .zip(costs)
            .map(|(cells, cost)| cells * cost)
            .sum(),
        // More records than persons were asked: what persons alone would cost at least is not known.
        cost_at_least: match persons.most {
            1 => found.cost_at_least,
            _ => 0,
        },
        k_any_value: found.k_any_value / persons.most,
        k_own_category: found.k_own_category / persons.most,
        cells,
        hidden,
    }
}
