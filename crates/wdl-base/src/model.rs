//! The models of the base: `base/*.sql` of the lab folder, each one SELECT with four header lines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use serde::{Deserialize, Serialize};
use wdl_contract::{CodeList, Contract, Contracts, Kind, Shape, Treatment};
use wdl_frame::{
    DataType, EARLIER_YEARS, Field, RecordBatch, Schema, SchemaRef, Scope, Sql, SqlError, TableName,
};
use wdl_vocab::{Digest, Period, Text, did_you_mean};

use crate::fault::ModelError;

/// How often a model is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// Once a quarter, as of its last day.
    Quarter,
    /// Once a year, as of 31 December.
    Year,
}

impl Grain {
    /// The grain of a period.
    pub fn of(period: Period) -> Grain {
        match period {
            Period::Quarter { .. } => Grain::Quarter,
            Period::Year(_) => Grain::Year,
        }
    }
}

/// One model.
#[derive(Clone, Debug)]
pub struct Model {
    name: TableName,
    label: Text,
    key: Vec<String>,
    grain: Grain,
    sql: Sql,
    definition: Digest,
    schema: SchemaRef,
}

impl Model {
    /// Its table: `base.person_period`.
    pub fn name(&self) -> &TableName {
        &self.name
    }

    /// What people call it.
    pub fn label(&self) -> &Text {
        &self.label
    }

    /// The columns that name a row.
    pub fn key(&self) -> &[String] {
        &self.key
    }

    /// How often it is computed.
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// The SELECT.
    pub fn sql(&self) -> &Sql {
        &self.sql
    }

    /// The digest of what it means: comments and spacing do not count.
    pub fn definition(&self) -> Digest {
        self.definition
    }

    /// The columns it gives.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }
}

/// A dataset of the register, as the models see it.
#[derive(Clone, Debug)]
pub(crate) struct Dataset {
    pub(crate) contract: Contract,
    pub(crate) schema: SchemaRef,
    /// The places of the columns that only the end of an episode brings.
    pub(crate) at_end: Vec<usize>,
    /// Which of its rows a period sees.
    pub(crate) reach: Reach,
}

/// How far back a period sees the rows of a dataset that speak of one day or one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those of the period itself: `register.…`.
    Period,
    /// Those of the period and of everything before it: `history.…`.
    History,
}

impl Reach {
    /// The schema of the lab's SQL that has it.
    fn schema(self) -> &'static str {
        match self {
            Reach::Period => "register",
            Reach::History => "history",
        }
    }
}

/// A code list as a table of text.
#[derive(Clone, Debug)]
pub(crate) struct CodeTable {
    pub(crate) batch: RecordBatch,
    pub(crate) digest: Digest,
}

/// The models of a lab, in an order in which each reads only earlier ones, with the tables they may read.
#[derive(Clone, Debug)]
// INVARIANT: every table a model reads is an earlier model, a dataset or a code list; every model plans over empty tables.
pub struct Models {
    models: Vec<Model>,
    pub(crate) datasets: BTreeMap<TableName, Dataset>,
    pub(crate) codes: BTreeMap<TableName, CodeTable>,
}

impl Dataset {
    /// Its table in the register, whatever its reach.
    pub(crate) fn in_register(&self) -> TableName {
        TableName::new(Reach::Period.schema(), self.contract.table())
    }
}

impl Models {
    /// Reads `base/*.sql` of a lab folder and tries every model on empty tables.
    ///
    /// # Errors
    /// [`ModelError`] for the first model that cannot be used.
    pub fn read(lab: &Path, contracts: &Contracts) -> Result<Models, ModelError> {
        let mut models = Models {
            models: Vec::new(),
            datasets: contracts.iter().flat_map(datasets).collect(),
            codes: contracts.lists().iter().map(code_table).collect(),
        };
        let mut drafts = BTreeMap::new();
        for path in sql_files(&lab.join("base"))? {
            let draft = draft(lab, &path)?;
            drafts.insert(draft.name.clone(), draft);
        }
        models.refuse_unknown_tables(&drafts)?;
        models.models = in_order(drafts)?;
        models.refuse_grains()?;
        models.try_on_empty_tables()?;
        Ok(models)
    }

    /// The models, each after those it reads.
    pub fn iter(&self) -> impl Iterator<Item = &Model> {
        self.models.iter()
    }

    /// A model by its table.
    pub fn get(&self, name: &TableName) -> Option<&Model> {
        self.models.iter().find(|model| model.name == *name)
    }

    pub(crate) fn all(&self) -> &[Model] {
        &self.models
    }

    pub(crate) fn place(&self, name: &TableName) -> Option<usize> {
        self.models.iter().position(|model| model.name == *name)
    }

    /// Every table an analysis may read, without rows: an indicator's SQL can be tried on it.
    ///
    /// # Errors
    /// [`SqlError`] when the engine refuses a table.
    pub fn empty_scope(&self, period: Period) -> Result<Scope, SqlError> {
        let mut scope = Scope::of(period);
        for model in &self.models {
            let earlier = (1..=EARLIER_YEARS).filter_map(|years| model.name.earlier(years));
            for name in std::iter::once(model.name.clone()).chain(earlier) {
                scope.put(&name, model.schema.clone(), Vec::new())?;
            }
        }
        for (name, table) in &self.codes {
            scope.put(name, table.batch.schema(), vec![table.batch.clone()])?;
        }
        Ok(scope)
    }

    fn refuse_unknown_tables(&self, drafts: &BTreeMap<TableName, Model>) -> Result<(), ModelError> {
        let known: BTreeSet<&TableName> = self
            .datasets
            .keys()
            .chain(self.codes.keys())
            .chain(drafts.keys())
            .collect();
        for model in drafts.values() {
            let Some(name) = model.sql.tables().iter().find(|name| !known.contains(name)) else {
                continue;
            };
            let names: Vec<String> = known.iter().map(ToString::to_string).collect();
            let name = name.to_string();
            let (line, column) = model.sql.place_of(&name);
            return Err(ModelError::Sql(SqlError::UnknownTable {
                file: model.sql.file().to_owned(),
                meant: did_you_mean(&name, names.iter().map(String::as_str)).map(str::to_owned),
                name,
                line,
                column,
            }));
        }
        Ok(())
    }

    fn refuse_grains(&self) -> Result<(), ModelError> {
        let is_yearly = |name: &&TableName| {
            let is_yearly_model = self
                .get(name)
                .is_some_and(|model| model.grain == Grain::Year);
            let is_yearly_dataset = self.datasets.get(*name).is_some_and(|dataset| {
                matches!(dataset.contract.shape, Shape::Yearly | Shape::Aggregate)
            });
            is_yearly_model || is_yearly_dataset
        };
        for model in self
            .models
            .iter()
            .filter(|model| model.grain == Grain::Quarter)
        {
            if let Some(table) = model.sql.tables().iter().find(is_yearly) {
                return Err(ModelError::Grain {
                    file: model.sql.file().to_owned(),
                    table: table.to_string(),
                });
            }
        }
        Ok(())
    }

    fn try_on_empty_tables(&mut self) -> Result<(), ModelError> {
        // Any period serves: only names and types are tried.
        let mut scope = Scope::of(Period::quarter(2020, 4));
        for (name, dataset) in &self.datasets {
            scope.put(name, dataset.schema.clone(), Vec::new())?;
        }
        for (name, table) in &self.codes {
            scope.put(name, table.batch.schema(), Vec::new())?;
        }
        for model in &mut self.models {
            let (schema, _) = scope.run(&model.sql)?;
            model.schema = plain_schema(&schema);
            for column in &model.key {
                if model.schema.index_of(column).is_err() {
                    return Err(ModelError::KeyColumn {
                        file: model.sql.file().to_owned(),
                        column: column.clone(),
                    });
                }
            }
            scope.put(&model.name, model.schema.clone(), Vec::new())?;
        }
        Ok(())
    }
}

/// The schema as it is stored: one type for text, every column nullable, nothing of the engine's own.
pub(crate) fn plain_schema(schema: &SchemaRef) -> SchemaRef {
    let plain = |field: &Arc<Field>| {
        let kind = match field.data_type() {
            DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
            DataType::Dictionary(_, value) => (**value).clone(),
            DataType::Null => DataType::Utf8,
            other => other.clone(),
        };
        Field::new(field.name(), kind, true)
    };
    let fields: Vec<Field> = schema.fields().iter().map(plain).collect();
    Arc::new(Schema::new(fields))
}

/// A dataset as the register has it, and with its history: an episode is seen from its beginning on anyway.
fn datasets(contract: &Contract) -> Vec<(TableName, Dataset)> {
    let reaches: &[Reach] = match contract.shape {
        Shape::Episode => &[Reach::Period],
        Shape::Event | Shape::Yearly | Shape::Aggregate => &[Reach::Period, Reach::History],
    };
    reaches
        .iter()
        .map(|reach| dataset(contract, *reach))
        .collect()
}

fn dataset(contract: &Contract, reach: Reach) -> (TableName, Dataset) {
    let columns: Vec<_> = contract.delivered().collect();
    let fields: Vec<Field> = columns
        .iter()
        .map(|column| {
            Field::new(
                &column.name,
                register_type(&column.kind, &column.treatment),
                true,
            )
        })
        .collect();
    let is_at_end = |name: &str, known_at_end: bool| {
        contract.shape == Shape::Episode && (known_at_end || name == "valid_to")
    };
    let at_end = (0..columns.len())
        .filter(|place| is_at_end(&columns[*place].name, columns[*place].known_at_end))
        .collect();
    let dataset = Dataset {
        contract: contract.clone(),
        schema: Arc::new(Schema::new(fields)),
        at_end,
        reach,
    };
    (TableName::new(reach.schema(), contract.table()), dataset)
}

/// The type a column has in the register: ids are whole numbers there.
fn register_type(kind: &Kind, treatment: &Treatment) -> DataType {
    match treatment {
        Treatment::Oprf(_) | Treatment::Keyed(_) => return DataType::Int64,
        Treatment::CoarsenMonth => return DataType::Date32,
        Treatment::Keep | Treatment::Drop => {}
    }
    match kind {
        Kind::Text { .. } | Kind::Code { .. } | Kind::TaxCode => DataType::Utf8,
        Kind::Integer { .. } => DataType::Int64,
        Kind::Money { .. } => DataType::Decimal128(14, 2),
        Kind::Decimal {
            precision, scale, ..
        } => DataType::Decimal128(*precision, *scale),
        Kind::Date => DataType::Date32,
    }
}

fn code_table(list: &CodeList) -> (TableName, CodeTable) {
    let mut names = vec!["code", "it", "en"];
    names.extend(list.extra_columns().iter().map(String::as_str));
    let cells = |place: usize| -> Vec<&str> {
        list.rows()
            .iter()
            .map(|row| match place {
                0 => row.code.as_str(),
                1 => row.label.get(wdl_vocab::Lang::It),
                2 => row.label.get(wdl_vocab::Lang::En),
                extra => row.extra[extra - 3].as_str(),
            })
            .collect()
    };
    let fields: Vec<Field> = names
        .iter()
        .map(|name| Field::new(*name, DataType::Utf8, true))
        .collect();
    let columns: Vec<ArrayRef> = (0..names.len())
        .map(|place| Arc::new(StringArray::from(cells(place))) as ArrayRef)
        .collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .expect("every column of a list has its rows");
    let table = CodeTable {
        batch,
        digest: list.digest(),
    };
    (TableName::new("codes", list.name()), table)
}

fn sql_files(folder: &Path) -> Result<Vec<PathBuf>, ModelError> {
    let unreadable = |fault: std::io::Error| ModelError::Unreadable {
        path: folder.to_owned(),
        detail: fault.to_string(),
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

const HEADERS: [&str; 4] = ["label.it", "label.en", "key", "period"];

/// Reads one file; its columns are known only once it was tried.
fn draft(lab: &Path, path: &Path) -> Result<Model, ModelError> {
    let text = std::fs::read_to_string(path).map_err(|fault| ModelError::Unreadable {
        path: path.to_owned(),
        detail: fault.to_string(),
    })?;
    let file = path.strip_prefix(lab).unwrap_or(path).display().to_string();
    let headers = headers(&file, &text)?;
    let header = |name: &'static str| {
        headers
            .get(name)
            .cloned()
            .ok_or_else(|| ModelError::HeaderMissing {
                file: file.clone(),
                name,
            })
    };
    let impossible = |name: &'static str, (line, value): (usize, String)| ModelError::HeaderValue {
        file: file.clone(),
        name,
        value,
        line,
    };
    let (line, period) = header("period")?;
    let grain = match period.as_str() {
        "quarter" => Grain::Quarter,
        "year" => Grain::Year,
        _ => return Err(impossible("period", (line, period))),
    };
    let (line, key) = header("key")?;
    let columns: Vec<String> = key
        .split(',')
        .map(|column| column.trim().to_owned())
        .collect();
    if columns.iter().any(String::is_empty) {
        return Err(impossible("key", (line, key)));
    }
    let label = Text::new(header("label.it")?.1, header("label.en")?.1);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let sql = Sql::parse(&file, &text)?;
    let definition = Digest::of_parts([
        sql.canonical().as_bytes(),
        key.as_bytes(),
        period.as_bytes(),
    ]);
    Ok(Model {
        name: TableName::new("base", stem),
        label,
        key: columns,
        grain,
        sql,
        definition,
        schema: Arc::new(Schema::empty()),
    })
}

/// The lines `-- name: value` at the top of a file, with their line numbers.
fn headers(file: &str, text: &str) -> Result<BTreeMap<&'static str, (usize, String)>, ModelError> {
    let mut headers = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let Some((name, value)) = line
            .strip_prefix("--")
            .and_then(|comment| comment.split_once(':'))
        else {
            break;
        };
        let name = name.trim();
        let Some(known) = HEADERS.iter().find(|known| **known == name) else {
            return Err(ModelError::HeaderUnknown {
                file: file.to_owned(),
                name: name.to_owned(),
                meant: did_you_mean(name, HEADERS).map(str::to_owned),
                line: number + 1,
            });
        };
        headers.insert(*known, (number + 1, value.trim().to_owned()));
    }
    Ok(headers)
}

/// The models in an order in which each reads only earlier ones, by name where there is a choice.
fn in_order(mut drafts: BTreeMap<TableName, Model>) -> Result<Vec<Model>, ModelError> {
    let mut ordered: Vec<Model> = Vec::new();
    while !drafts.is_empty() {
        let waits = |model: &Model| {
            model
                .sql
                .tables()
                .iter()
                .any(|name| drafts.contains_key(name))
        };
        let Some(name) = drafts
            .values()
            .find(|model| !waits(model))
            .map(|model| model.name.clone())
        else {
            return Err(circle(&drafts));
        };
        ordered.extend(drafts.remove(&name));
    }
    Ok(ordered)
}

/// Every remaining model waits for another: following them comes back to one.
fn circle(drafts: &BTreeMap<TableName, Model>) -> ModelError {
    let mut walk: Vec<&TableName> = drafts.keys().take(1).collect();
    loop {
        let at = walk[walk.len() - 1];
        let next = drafts[at]
            .sql
            .tables()
            .iter()
            .find(|name| drafts.contains_key(name))
            .expect("a model that waits reads another that waits");
        if let Some(start) = walk.iter().position(|name| *name == next) {
            let names = walk[start..].iter().chain([&next]);
            return ModelError::Cycle {
                circle: names.map(ToString::to_string).collect(),
            };
        }
        walk.push(next);
    }
}
