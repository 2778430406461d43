//! The rows that a study's queries give, by column, joined by key.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use wdl_evaluation::{Columns, Labels, Role};
use wdl_frame::{Columns as Answer, DataType, Scope, Sql};

use crate::fault::RunError;
use crate::study::Study;

/// One column: as text always, as numbers where the query gives numbers.
#[derive(Clone, Debug, Default)]
struct Column {
    texts: Vec<Option<u32>>,
    names: Vec<String>,
    numbers: Option<Vec<Option<f64>>>,
}

/// Rows by column.
// INVARIANT: every column has `count` rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    count: usize,
    columns: BTreeMap<String, Column>,
}

impl Rows {
    /// The rows of a query as of every period, one period after another.
    pub(crate) fn read(study: &Study, query: &Sql, scopes: &[Scope]) -> Result<Rows, RunError> {
        let mut rows = Rows::default();
        for (at, scope) in scopes.iter().enumerate() {
            let (schema, batches) = scope.run(query)?;
            let answer = Answer::new(&schema, &batches);
            let names = answer.names();
            let is_new = |name: &String| !rows.columns.contains_key(name);
            if at > 0 && (names.len() != rows.columns.len() || names.iter().any(is_new)) {
                return Err(study.frame_fault("a query gives other columns in other periods"));
            }
            let fields = schema.fields().iter();
            for (name, kind) in fields.map(|field| (field.name(), field.data_type())) {
                let column = rows.columns.entry(name.clone()).or_insert_with(|| Column {
                    numbers: Some(Vec::new()),
                    ..Column::default()
                });
                let fault = |fault: wdl_frame::ColumnError| study.frame_fault(fault.to_string());
                column.add_texts(&answer.text(name).map_err(fault)?);
                let is_number = kind.is_numeric() || *kind == DataType::Boolean;
                column.numbers = match (column.numbers.take(), is_number) {
                    (Some(mut numbers), true) => {
                        numbers.extend(answer.numbers(name).map_err(fault)?);
                        Some(numbers)
                    }
                    (_, false) | (None, true) => None,
                };
            }
            rows.count += answer.rows();
        }
        Ok(rows)
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    fn column(&self, study: &Study, name: &str) -> Result<&Column, RunError> {
        self.columns
            .get(name)
            .ok_or_else(|| study.frame_fault(format!("no column `{name}`")))
    }

    /// A column as numbers.
    pub(crate) fn numbers(&self, study: &Study, name: &str) -> Result<&[Option<f64>], RunError> {
        let column = self.column(study, name)?;
        let numbers = column.numbers.as_deref();
        numbers.ok_or_else(|| study.frame_fault(format!("column `{name}` is not of numbers")))
    }

    /// The text of a row in a column.
    pub(crate) fn text(
        &self,
        study: &Study,
        name: &str,
        row: usize,
    ) -> Result<Option<&str>, RunError> {
        let column = self.column(study, name)?;
        Ok(column.texts[row].map(|code| column.names[code as usize].as_str()))
    }

    /// The distinct texts of a column over some rows, as places; a missing one has none.
    pub(crate) fn places(&self, study: &Study, name: &str) -> Result<&[Option<u32>], RunError> {
        Ok(&self.column(study, name)?.texts)
    }

    /// Whether each row has a value in every one of the columns.
    pub(crate) fn complete(&self, study: &Study, names: &[String]) -> Result<Vec<bool>, RunError> {
        let mut complete = vec![true; self.count];
        for name in names {
            let column = self.column(study, name)?;
            for (row, own) in complete.iter_mut().enumerate() {
                *own &= column.texts[row].is_some();
            }
        }
        Ok(complete)
    }

    /// The columns of some rows as a method reads them.
    pub(crate) fn handed(
        &self,
        study: &Study,
        wanted: &[(String, Role)],
        rows: &[usize],
    ) -> Result<Columns, RunError> {
        let mut columns = Columns::new(rows.len());
        for (name, role) in wanted {
            let column = self.column(study, name)?;
            let as_numbers = match role {
                Role::Number => true,
                Role::Label => false,
                Role::Either => column.numbers.is_some(),
            };
            columns = match as_numbers {
                true => {
                    let numbers = self.numbers(study, name)?;
                    let own = rows.iter().map(|row| numbers[*row]).collect();
                    columns.with_numbers(name, own)
                }
                false => {
                    let own = rows.iter().map(|row| column.texts[*row]);
                    let cells: Vec<Option<&str>> = own
                        .map(|code| code.map(|code| column.names[code as usize].as_str()))
                        .collect();
                    columns.with_labels(name, Labels::of(&cells))
                }
            };
        }
        Ok(columns)
    }

    /// Adds the columns of the outcome, row by row by the key; a row of the design without an outcome has none.
    pub(crate) fn join(mut self, study: &Study, outcome: Rows) -> Result<Rows, RunError> {
        let keys = self.keys(study)?;
        let mut places: HashMap<String, usize> = HashMap::new();
        for (row, key) in outcome.keys(study)?.into_iter().enumerate() {
            if places.insert(key, row).is_some() {
                return Err(study.frame_fault("`outcomes` gives a key twice"));
            }
        }
        let found: Vec<Option<usize>> = keys.iter().map(|key| places.get(key).copied()).collect();
        let key: BTreeSet<&String> = study.stated.key.iter().collect();
        for (name, column) in outcome.columns {
            if key.contains(&name) {
                continue;
            }
            if self.columns.contains_key(&name) {
                let detail = format!("both queries give `{name}`, which is not of the key");
                return Err(study.frame_fault(detail));
            }
            let own = Column {
                texts: found.iter().map(|row| column.texts[(*row)?]).collect(),
                numbers: column
                    .numbers
                    .map(|numbers| found.iter().map(|row| numbers[(*row)?]).collect()),
                names: column.names,
            };
            self.columns.insert(name, own);
        }
        Ok(self)
    }

    /// The key of every row, which must be there and differ.
    pub(crate) fn keys(&self, study: &Study) -> Result<Vec<String>, RunError> {
        let key = &study.stated.key;
        let mut keys = Vec::with_capacity(self.count);
        for row in 0..self.count {
            let mut own = String::new();
            for name in key {
                let Some(text) = self.text(study, name, row)? else {
                    return Err(study.frame_fault(format!("the key `{name}` is missing in a row")));
                };
                own.push_str(text);
                own.push('\u{1f}');
            }
            keys.push(own);
        }
        Ok(keys)
    }
}

impl Column {
    fn add_texts(&mut self, answer: &wdl_frame::TextColumn) {
        let known: HashMap<String, u32> = self
            .names
            .iter()
            .enumerate()
            .map(|(place, name)| (name.clone(), place as u32))
            .collect();
        let mut places = Vec::new();
        for value in &answer.values {
            places.push(known.get(value).copied().unwrap_or_else(|| {
                self.names.push(value.clone());
                self.names.len() as u32 - 1
            }));
        }
        let codes = answer.codes.iter();
        self.texts
            .extend(codes.map(|code| code.map(|code| places[code as usize])));
    }
}

impl Study {
    pub(crate) fn frame_fault(&self, detail: impl Into<String>) -> RunError {
        RunError::Frame {
            study: self.id().clone(),
            detail: detail.into(),
        }
    }
}
