//! One version of the linked base: what every analysis reads, and the only thing it reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use wdl_frame::{Scope, TableName, read_parquet_columns};
use wdl_result::Input;
use wdl_vocab::{Digest, Period, SnapshotId, did_you_mean};

use crate::fault::SnapshotError;
use crate::model::Grain;
use crate::plan::{periods, seen_in};
use crate::source::Effective;
use crate::store::{Span, Store};

/// The manifest, as it stands in `derived/snapshots/<id>.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    pub(crate) id: SnapshotId,
    pub(crate) method: String,
    pub(crate) span: Span,
    pub(crate) deliveries: Vec<Effective>,
    /// The linkage of persons it was read through, by the hash of what that was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) linkage: Option<Digest>,
    pub(crate) codes: Vec<CodesRecord>,
    pub(crate) partitions: Vec<PartitionRecord>,
}

/// One code list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CodesRecord {
    pub(crate) table: String,
    pub(crate) digest: Digest,
}

/// One partition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PartitionRecord {
    pub(crate) schema: String,
    pub(crate) table: String,
    pub(crate) period: Period,
    /// The hash of everything it was made from: its name on the disk.
    pub(crate) input: Digest,
    /// The digest of its file.
    pub(crate) digest: Digest,
    pub(crate) rows: u64,
    pub(crate) definition: Digest,
    pub(crate) inputs: BTreeMap<String, Digest>,
    pub(crate) deliveries: Vec<String>,
}

/// One version of the linked base.
#[derive(Clone, Debug)]
pub struct Snapshot {
    store: Store,
    manifest: Manifest,
    places: BTreeMap<(TableName, Period), usize>,
}

/// The table and the period that a name means: in 2024 `base_2y.income_year` is `base.income_year` of 2022.
fn meant(named: &TableName, period: Period) -> (TableName, Period) {
    let Some((table, years)) = named.of_earlier() else {
        return (named.clone(), period);
    };
    let quarters_or_years = match period {
        Period::Year(_) => years,
        Period::Quarter { .. } => 4 * years,
    };
    let earlier = (0..quarters_or_years).fold(period, |period, _| period.previous());
    (table, earlier)
}

impl Snapshot {
    pub(crate) fn of(store: Store, manifest: Manifest) -> Snapshot {
        let places = manifest
            .partitions
            .iter()
            .enumerate()
            .map(|(place, record)| {
                (
                    (TableName::new(&record.schema, &record.table), record.period),
                    place,
                )
            })
            .collect();
        Snapshot {
            store,
            manifest,
            places,
        }
    }

    /// Opens a snapshot of the folder of state.
    ///
    /// # Errors
    /// [`SnapshotError`] when there is none of that id or its manifest is damaged.
    pub fn read(state: &Path, id: &SnapshotId) -> Result<Snapshot, SnapshotError> {
        let store = Store::of(state);
        let bytes = std::fs::read(store.snapshot(id)).map_err(|_| {
            let known = Snapshot::ids(state);
            SnapshotError::Missing {
                id: id.to_string(),
                meant: did_you_mean(id.as_str(), known.iter().map(SnapshotId::as_str))
                    .map(str::to_owned),
            }
        })?;
        let damaged = |detail: String| SnapshotError::Damaged {
            id: id.to_string(),
            detail,
        };
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|fault| damaged(fault.to_string()))?;
        if manifest.id != *id || manifest.format != 1 {
            return Err(damaged("it is the manifest of something else".to_owned()));
        }
        Ok(Snapshot::of(store, manifest))
    }

    /// The snapshots of a folder of state, sorted by id.
    pub fn ids(state: &Path) -> Vec<SnapshotId> {
        let Ok(entries) = std::fs::read_dir(Store::of(state).snapshots()) else {
            return Vec::new();
        };
        let mut ids: Vec<SnapshotId> = entries
            .flatten()
            .filter_map(|entry| {
                let path = entry.path();
                let is_manifest = path
                    .extension()
                    .is_some_and(|extension| extension == "json");
                let id = path.file_stem()?.to_str()?;
                SnapshotId::parse(id).ok().filter(|_| is_manifest)
            })
            .collect();
        ids.sort();
        ids
    }

    /// Its id: the hash of its deliveries, definitions and method.
    pub fn id(&self) -> &SnapshotId {
        &self.manifest.id
    }

    /// The version of the method that made it.
    pub fn method(&self) -> &str {
        &self.manifest.method
    }

    /// The deliveries it rests on, sorted.
    pub fn deliveries(&self) -> &[Effective] {
        &self.manifest.deliveries
    }

    /// The linkage of persons it was read through, by its name in the lab's state.
    pub fn linkage(&self) -> Option<&Digest> {
        self.manifest.linkage.as_ref()
    }

    /// The periods of a grain, in order.
    pub fn periods(&self, grain: Grain) -> Vec<Period> {
        periods(self.manifest.span, grain)
    }

    /// The tables it holds, models and code lists, sorted.
    pub fn tables(&self) -> BTreeSet<TableName> {
        let models = self.places.keys().map(|(table, _)| table.clone());
        let codes = self
            .manifest
            .codes
            .iter()
            .map(|record| TableName::new("codes", &record.table));
        models.chain(codes).collect()
    }

    /// How often a table of the base is computed; nothing for a code list or a stranger.
    pub fn grain(&self, table: &TableName) -> Option<Grain> {
        let is_of = |((known, _), _): &(&(TableName, Period), &usize)| known == table;
        let ((_, period), _) = self.places.iter().find(is_of)?;
        Some(Grain::of(*period))
    }

    /// How many rows a table has in a period.
    ///
    /// # Errors
    /// [`SnapshotError`] when it has no such table or period.
    pub fn rows(&self, table: &TableName, period: Period) -> Result<u64, SnapshotError> {
        self.find(table, period).map(|record| record.rows)
    }

    pub(crate) fn partition(&self, table: &TableName, period: Period) -> Option<&PartitionRecord> {
        let place = self.places.get(&(table.clone(), period))?;
        Some(&self.manifest.partitions[*place])
    }

    /// The partition of a table that a period sees, or that an earlier year saw when the name says so.
    fn find(&self, named: &TableName, period: Period) -> Result<&PartitionRecord, SnapshotError> {
        let (table, period) = &meant(named, period);
        let period = *period;
        let Some(grain) = self.grain(table) else {
            let known: Vec<String> = self.tables().iter().map(ToString::to_string).collect();
            let table = table.to_string();
            return Err(SnapshotError::NoTable {
                meant: did_you_mean(&table, known.iter().map(String::as_str)).map(str::to_owned),
                table,
            });
        };
        self.partition(table, seen_in(period, grain))
            .ok_or_else(|| SnapshotError::NoPeriod {
                table: table.to_string(),
                period,
            })
    }

    /// The named tables as of a period; a year sees a quarterly table as of its last quarter.
    /// A table of `base_1y` to `base_3y` is that of the base so many years before, under that name.
    ///
    /// # Errors
    /// [`SnapshotError`] when a table or period is not there, or a file cannot be read.
    pub fn scope(
        &self,
        tables: &BTreeSet<TableName>,
        period: Period,
    ) -> Result<Scope, SnapshotError> {
        self.scope_of_columns(tables, &|_| true, period)
    }

    /// The same with the columns of the base that are read, and the first of each table: a column that nobody reads costs nothing.
    ///
    /// # Errors
    /// As [`Snapshot::scope`].
    pub fn scope_of_columns(
        &self,
        tables: &BTreeSet<TableName>,
        is_read: &dyn Fn(&str) -> bool,
        period: Period,
    ) -> Result<Scope, SnapshotError> {
        let mut scope = Scope::of(period);
        for table in tables {
            let file = match self.codes(table) {
                Some(record) => self.store.codes(table, &record.digest),
                None => {
                    let record = self.find(table, period)?;
                    let (own, _) = meant(table, period);
                    self.store.partition(&own, record.period, &record.input)
                }
            };
            let (schema, batches) = read_parquet_columns(&file, is_read)?;
            scope.put(table, schema, batches)?;
        }
        Ok(scope)
    }

    fn codes(&self, table: &TableName) -> Option<&CodesRecord> {
        let is_of = |record: &&CodesRecord| record.table == table.table;
        match table.schema.as_str() {
            "codes" => self.manifest.codes.iter().find(is_of),
            _ => None,
        }
    }

    /// What the named tables were made from in a period, sorted: the digest of each file and the deliveries its rows rest on.
    ///
    /// A table that is not there gives nothing; [`Snapshot::scope`] says so.
    pub fn inputs(&self, tables: &BTreeSet<TableName>, period: Period) -> Vec<Input> {
        let input = |table: &TableName| match self.codes(table) {
            Some(record) => Some(Input {
                table: table.to_string(),
                digest: record.digest,
                deliveries: Vec::new(),
            }),
            None => self.find(table, period).ok().map(|record| Input {
                table: format!("{}.{}/{}", record.schema, record.table, record.period),
                digest: record.digest,
                deliveries: record.deliveries.clone(),
            }),
        };
        let mut inputs: Vec<Input> = tables.iter().filter_map(input).collect();
        inputs.sort();
        inputs
    }
}
