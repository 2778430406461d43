//! What can go wrong when models are read, a base is built, or a snapshot is opened.

use std::path::{Path, PathBuf};

use wdl_contract::ContractError;
use wdl_frame::{ParquetError, SqlError};
use wdl_vocab::diagnostics::codes::{build as codes, linkage};
use wdl_vocab::{Diagnose, Diagnostic, Period};

use crate::source::SourceFault;

/// A model of the lab folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The folder or a file cannot be read.
    #[error("`{}`: {detail}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// A header line is missing.
    #[error("`{file}` has no header line `-- {name}:`")]
    HeaderMissing {
        /// The file.
        file: String,
        /// The header.
        name: &'static str,
    },
    /// A header line that does not exist.
    #[error("`{file}` has the header line `-- {name}:`, which does not exist")]
    HeaderUnknown {
        /// The file.
        file: String,
        /// The header as written.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
        /// Line, from 1.
        line: usize,
    },
    /// A header line says something that it cannot.
    #[error("`{file}`: `-- {name}: {value}` is not possible")]
    HeaderValue {
        /// The file.
        file: String,
        /// The header.
        name: &'static str,
        /// What it says.
        value: String,
        /// Line, from 1.
        line: usize,
    },
    /// A model reads itself, by way of others.
    #[error("models read each other in a circle: {}", circle.join(" → "))]
    Cycle {
        /// The tables of the circle, the first again at the end.
        circle: Vec<String>,
    },
    /// A quarterly model reads what only a whole year has.
    #[error("`{file}` is quarterly and reads the yearly `{table}`")]
    Grain {
        /// The file.
        file: String,
        /// The yearly table.
        table: String,
    },
    /// The key names a column that the model does not give.
    #[error("`{file}` declares the key `{column}`, which it does not give")]
    KeyColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// The SQL cannot run.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// A code list cannot be read.
    #[error(transparent)]
    Codes(#[from] ContractError),
}

impl Diagnose for ModelError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            ModelError::Unreadable { path, detail } => Diagnostic::new(codes::MODEL_UNREADABLE)
                .with("file", path.display())
                .with("detail", detail),
            ModelError::HeaderMissing { file, name } => Diagnostic::new(codes::HEADER_MISSING)
                .with("file", file)
                .with("name", name)
                .at(file, 1, 0),
            ModelError::HeaderUnknown {
                file,
                name,
                meant,
                line,
            } => Diagnostic::new(codes::HEADER_UNKNOWN)
                .with("file", file)
                .with("name", name)
                .at(file, *line, 0)
                .suggest(meant.as_deref()),
            ModelError::HeaderValue {
                file,
                name,
                value,
                line,
            } => Diagnostic::new(codes::HEADER_VALUE)
                .with("file", file)
                .with("name", name)
                .with("value", value)
                .at(file, *line, 0),
            ModelError::Cycle { circle } => {
                Diagnostic::new(codes::CYCLE).with("detail", circle.join(" → "))
            }
            ModelError::Grain { file, table } => Diagnostic::new(codes::GRAIN)
                .with("file", file)
                .with("table", table),
            ModelError::KeyColumn { file, column } => Diagnostic::new(codes::KEY_COLUMN)
                .with("file", file)
                .with("column", column),
            ModelError::Sql(fault) => fault.diagnostic(),
            ModelError::Codes(fault) => fault.diagnostic(),
        }
    }
}

/// A base could not be planned or built; the earlier snapshot stands.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The register could not give a dataset.
    #[error(transparent)]
    Source(#[from] SourceFault),
    /// A model stopped.
    #[error("`{table}` in {period}")]
    Model {
        /// The model.
        table: String,
        /// The period.
        period: Period,
        /// Why.
        #[source]
        fault: SqlError,
    },
    /// Two rows have the same key: a broken invariant, and a figure would count somebody twice.
    #[error("`{table}` in {period} has {count} rows whose key stands twice")]
    KeyNotUnique {
        /// The model.
        table: String,
        /// The period.
        period: Period,
        /// How many rows too many.
        count: usize,
    },
    /// A contract names a recipe that is not there.
    #[error(
        "contract `{contract}` names the recipe `{recipe}`, which is not in the folder `linkage`"
    )]
    UnknownRecipe {
        /// The contract.
        contract: String,
        /// The recipe.
        recipe: String,
    },
    /// The register's rows do not have the columns of the contract.
    #[error("`{table}` of the register has no usable column `{column}`")]
    RegisterColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A Parquet file of the state.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    /// Another file of the state.
    #[error("`{}`: {detail}", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// The snapshot just built cannot be read back.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

impl BuildError {
    pub(crate) fn state(path: &Path) -> impl Fn(std::io::Error) -> BuildError {
        let path = path.to_owned();
        move |fault| BuildError::State {
            path: path.clone(),
            detail: fault.to_string(),
        }
    }
}

impl Diagnose for BuildError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            BuildError::Source(fault) => fault.diagnostic(),
            BuildError::Model { fault, .. } => fault.diagnostic(),
            BuildError::KeyNotUnique {
                table,
                period,
                count,
            } => Diagnostic::new(codes::KEY_NOT_UNIQUE)
                .with("table", table)
                .with("period", period)
                .with("count", count),
            BuildError::UnknownRecipe { contract, recipe } => Diagnostic::new(linkage::NO_RECIPE)
                .with("contract", contract)
                .with("name", recipe),
            BuildError::RegisterColumn { table, column } => Diagnostic::new(codes::REGISTER_COLUMN)
                .with("table", table)
                .with("column", column),
            BuildError::Parquet(fault) => fault.diagnostic(),
            BuildError::State { path, detail } => Diagnostic::new(codes::STATE)
                .with("file", path.display())
                .with("detail", detail),
            BuildError::Snapshot(fault) => fault.diagnostic(),
        }
    }
}

/// A snapshot cannot give what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// No snapshot of that id.
    #[error("there is no snapshot `{id}`")]
    Missing {
        /// The id.
        id: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// Its manifest does not read.
    #[error("the manifest of snapshot `{id}` is damaged: {detail}")]
    Damaged {
        /// The id.
        id: String,
        /// What is wrong.
        detail: String,
    },
    /// It has no such table.
    #[error("the snapshot has no table `{table}`")]
    NoTable {
        /// The table.
        table: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// It has the table, and not in that period.
    #[error("the snapshot has no `{table}` in {period}")]
    NoPeriod {
        /// The table.
        table: String,
        /// The period.
        period: Period,
    },
    /// A partition cannot be read.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    /// The engine refuses the rows.
    #[error(transparent)]
    Sql(#[from] SqlError),
}

impl Diagnose for SnapshotError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            SnapshotError::Missing { id, meant } => Diagnostic::new(codes::SNAPSHOT_MISSING)
                .with("snapshot", id)
                .suggest(meant.as_deref()),
            SnapshotError::Damaged { id, detail } => Diagnostic::new(codes::SNAPSHOT_DAMAGED)
                .with("snapshot", id)
                .with("detail", detail),
            SnapshotError::NoTable { table, meant } => Diagnostic::new(codes::NO_TABLE)
                .with("table", table)
                .suggest(meant.as_deref()),
            SnapshotError::NoPeriod { table, period } => Diagnostic::new(codes::NO_PERIOD)
                .with("table", table)
                .with("period", period),
            SnapshotError::Parquet(fault) => fault.diagnostic(),
            SnapshotError::Sql(fault) => fault.diagnostic(),
        }
    }
}
