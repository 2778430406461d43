//! What an evaluation asks of the linked base, so that it can be tried on tables in memory.

use std::collections::BTreeSet;

use wdl_base::{Grain, Snapshot};
use wdl_frame::{Scope, TableName};
use wdl_result::Input;
use wdl_vocab::{Diagnose, Period, SnapshotId};

use crate::definition::Span;

/// One version of the linked base, read period by period.
pub trait Base: Sync {
    /// Its id.
    fn id(&self) -> SnapshotId;

    /// The reference periods it holds, sorted.
    fn periods(&self, span: Span) -> Vec<Period>;

    /// The tables as of a period.
    ///
    /// # Errors
    /// [`BaseFault`] when a table does not exist or cannot be read.
    fn scope(&self, tables: &BTreeSet<TableName>, period: Period) -> Result<Scope, BaseFault>;

    /// The same, of which only columns that are among the words will be read; whole tables serve as well.
    ///
    /// # Errors
    /// As [`Base::scope`].
    fn scope_of_columns(
        &self,
        tables: &BTreeSet<TableName>,
        _words: &BTreeSet<String>,
        period: Period,
    ) -> Result<Scope, BaseFault> {
        self.scope(tables, period)
    }

    /// What the tables were made from, sorted.
    fn inputs(&self, tables: &BTreeSet<TableName>, period: Period) -> Vec<Input>;
}

/// The base could not give a table.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BaseFault(pub Box<dyn Diagnose + Send + Sync>);

impl Base for Snapshot {
    fn id(&self) -> SnapshotId {
        Snapshot::id(self).clone()
    }

    fn periods(&self, span: Span) -> Vec<Period> {
        let grain = match span {
            Span::Quarter => Grain::Quarter,
            Span::Year => Grain::Year,
        };
        Snapshot::periods(self, grain)
    }

    fn scope(&self, tables: &BTreeSet<TableName>, period: Period) -> Result<Scope, BaseFault> {
        Snapshot::scope(self, tables, period).map_err(|fault| BaseFault(Box::new(fault)))
    }

    fn scope_of_columns(
        &self,
        tables: &BTreeSet<TableName>,
        words: &BTreeSet<String>,
        period: Period,
    ) -> Result<Scope, BaseFault> {
        let is_read = |column: &str| words.contains(&column.to_lowercase());
        Snapshot::scope_of_columns(self, tables, &is_read, period)
            .map_err(|fault| BaseFault(Box::new(fault)))
    }

    fn inputs(&self, tables: &BTreeSet<TableName>, period: Period) -> Vec<Input> {
        Snapshot::inputs(self, tables, period)
    }
}
