//! A register written by hand: rows as text, deliveries one after the other, a later row of a key replacing the earlier.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{ArrayRef, StringArray};
use arrow::compute::cast;
use wdl_base::{Effective, Models, Snapshot, Source, SourceFault, Span};
use wdl_contract::{Contract, Contracts};
use wdl_frame::{Columns, RecordBatch, Sql, TableName};
use wdl_register::Register;
use wdl_vocab::{DeliveryId, Digest, Period};

/// The lab folder of the project.
pub(crate) fn lab() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena")).to_owned()
}

pub(crate) fn contracts() -> Contracts {
    Contracts::read(&lab()).unwrap()
}

pub(crate) fn models() -> Models {
    Models::read(&lab(), &contracts()).unwrap()
}

pub(crate) fn quarter(text: &str) -> Period {
    text.parse().unwrap()
}

pub(crate) fn span(first: &str, last: &str) -> Span {
    Span::new(quarter(first), quarter(last)).unwrap()
}

type Row = BTreeMap<String, String>;

/// Rows of datasets by delivery period: `(table, period) → rows`.
#[derive(Clone, Default)]
pub(crate) struct City {
    rows: BTreeMap<(String, Period), Vec<Row>>,
    /// Whose the rows without a code are: `(table, record) → person`.
    links: BTreeMap<(String, String), String>,
}

/// A city as a source; counts how often rows are read.
pub(crate) struct Delivered {
    city: City,
    contracts: Contracts,
    pub(crate) reads: Arc<AtomicUsize>,
}

impl City {
    /// Adds the rows of one dataset in one delivery: a header line, then a line per row; `-` is missing.
    pub(crate) fn deliver(&mut self, table: &str, period: &str, text: &str) {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let names: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
        for line in lines {
            let cells: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(names.len(), cells.len(), "{line}");
            let row = names
                .iter()
                .zip(&cells)
                .filter(|(_, cell)| **cell != "-")
                .map(|(name, cell)| ((*name).to_owned(), (*cell).to_owned()))
                .collect();
            self.rows
                .entry((table.to_owned(), quarter(period)))
                .or_default()
                .push(row);
        }
    }

    /// Links a row without a code to a person.
    pub(crate) fn link(&mut self, table: &str, record: &str, person: &str) {
        let row = (table.to_owned(), record.to_owned());
        self.links.insert(row, person.to_owned());
    }

    pub(crate) fn reversed(&self) -> City {
        let mut city = self.clone();
        city.rows.values_mut().for_each(|rows| rows.reverse());
        city
    }

    pub(crate) fn source(&self) -> Delivered {
        Delivered {
            city: self.clone(),
            contracts: contracts(),
            reads: Arc::default(),
        }
    }
}

fn delivery_of(table: &str, period: Period) -> String {
    format!("{table}-{}", period.to_string().to_lowercase())
}

impl Source for Delivered {
    fn effective(&self) -> Vec<Effective> {
        let mut all: Vec<Effective> = Vec::new();
        for ((table, period), rows) in &self.city.rows {
            let contract = self.contracts.iter().find(|c| c.table() == *table).unwrap();
            let mut rows = rows.clone();
            rows.sort();
            all.push(Effective {
                body: contract.body.clone(),
                dataset: contract.dataset.clone(),
                period: *period,
                delivery: DeliveryId::parse(&delivery_of(table, *period)).unwrap(),
                content: Digest::of(format!("{rows:?}").as_bytes()),
            });
        }
        all.sort();
        all
    }

    fn rows(&self, table: &TableName) -> Result<RecordBatch, SourceFault> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let contract = self
            .contracts
            .iter()
            .find(|contract| contract.table() == table.table)
            .unwrap();
        let mut rows = self.latest(contract);
        for (row, _) in &mut rows {
            let record = contract.key().map(|key| row[&key.name].clone());
            let link = (table.table.clone(), record.unwrap_or_default());
            if let Some(person) = self.city.links.get(&link) {
                row.entry("person".to_owned()).or_insert(person.clone());
            }
        }
        Ok(batch(contract, &rows))
    }

    fn linkage(&self) -> Option<Digest> {
        let text = format!("{:?}", self.city.links);
        (!self.city.links.is_empty()).then(|| Digest::of(text.as_bytes()))
    }

    fn linkage_of(&self, table: &TableName) -> Option<Digest> {
        let links = self.city.links.iter();
        let own: Vec<_> = links.filter(|(row, _)| row.0 == table.table).collect();
        (!own.is_empty()).then(|| Digest::of(format!("{own:?}").as_bytes()))
    }
}

impl Delivered {
    /// The rows after all deliveries, with the delivery of each.
    pub(crate) fn latest(&self, contract: &Contract) -> Vec<(Row, String)> {
        let mut latest: BTreeMap<String, (Row, String)> = BTreeMap::new();
        for ((table, period), rows) in &self.city.rows {
            if *table != contract.table() {
                continue;
            }
            for row in rows {
                let key = match contract.key() {
                    Some(key) => row[&key.name].clone(),
                    None => format!("{row:?}"),
                };
                latest.insert(key, (row.clone(), delivery_of(table, *period)));
            }
        }
        latest.into_values().collect()
    }
}

fn batch(contract: &Contract, rows: &[(Row, String)]) -> RecordBatch {
    let schema = Register::schema(contract);
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .map(|field| {
            let texts: StringArray = rows
                .iter()
                .map(|(row, delivery)| match field.name().as_str() {
                    "delivery" => Some(delivery.clone()),
                    "delivery_period" => Some("2025-Q4".to_owned()),
                    name => row.get(name).cloned(),
                })
                .collect();
            cast(&texts, field.data_type()).unwrap()
        })
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

/// Plans and builds.
pub(crate) fn build(city: &City, span: Span, state: &Path) -> Snapshot {
    let models = models();
    let plan = wdl_base::plan_from(&models, Box::new(city.source()), span, state, None).unwrap();
    wdl_base::build(plan, &mut |_| {}).unwrap()
}

/// The answer to a query over a snapshot, a line per row; `-` is missing.
pub(crate) fn ask(snapshot: &Snapshot, period: Period, text: &str) -> String {
    let sql = Sql::parse("query.sql", text).unwrap();
    let tables: BTreeSet<TableName> = sql.tables().clone();
    let (schema, batches) = snapshot.scope(&tables, period).unwrap().run(&sql).unwrap();
    let columns = Columns::new(&schema, &batches);
    let cells: Vec<Vec<String>> = columns
        .names()
        .iter()
        .map(|name| {
            let column = columns.text(name).unwrap();
            let word = |code: &Option<u32>| {
                code.map_or("-".to_owned(), |code| column.values[code as usize].clone())
            };
            column.codes.iter().map(word).collect()
        })
        .collect();
    (0..columns.rows())
        .map(|row| {
            let line: Vec<&str> = cells.iter().map(|column| column[row].as_str()).collect();
            line.join(" ") + "\n"
        })
        .collect()
}

/// Lines without the indentation of the source.
pub(crate) fn lines(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n")
        .collect()
}
