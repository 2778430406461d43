//! Computes what a plan lists, two periods at a time, and writes the snapshot's manifest last.
//!
//! Until the manifest stands nothing has changed for anybody: partitions are new files under new names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use arrow::compute::{cast, concat_batches, take_record_batch};
use arrow::datatypes::Int64Type;
use arrow::row::{RowConverter, SortField};
use wdl_frame::{RecordBatch, SchemaRef, Scope, TableName, read_parquet};
use wdl_vocab::Period;

use crate::fault::BuildError;
use crate::model::{Grain, Model};
use crate::plan::{Plan, load, seen_in};
use crate::snapshot::{CodesRecord, Manifest, PartitionRecord, Snapshot};
use crate::store::{Written, sync_folder, write_json};

/// How far a build is: one partition was just finished.
#[derive(Clone, Debug)]
pub struct Progress {
    /// How many partitions are done.
    pub done: usize,
    /// How many there are to do.
    pub total: usize,
    /// The model just finished.
    pub table: TableName,
    /// Its period.
    pub period: Period,
    /// Its rows.
    pub rows: u64,
}

/// How many periods are computed at once: memory holds the register once and two periods.
const THREADS: usize = 2;

/// The missing partitions of one period, in the order of their models.
struct Job {
    period: Period,
    missing: Vec<usize>,
}

type Finished = Result<(usize, Written), BuildError>;

/// Computes what is missing and commits the snapshot.
///
/// # Errors
/// [`BuildError`] for the earliest period that fails; every earlier snapshot stands as it was.
pub fn build(
    mut plan: Plan<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Snapshot, BuildError> {
    load_missing(&mut plan)?;
    let total = plan.steps().len();
    let mut done = 0;
    for grain in [Grain::Quarter, Grain::Year] {
        let jobs = jobs(&plan, grain);
        let finished = run(&plan, &jobs, &mut |plan, place, written| {
            done += 1;
            let partition = &plan.partitions[place];
            progress(Progress {
                done,
                total,
                table: plan.models.all()[partition.model].name().clone(),
                period: partition.period,
                rows: written.rows,
            });
        })?;
        for (place, written) in finished {
            plan.partitions[place].written = Some(written);
        }
    }
    commit(&plan)
}

/// Reads the datasets that a missing partition needs and that planning did not have to read.
fn load_missing(plan: &mut Plan<'_>) -> Result<(), BuildError> {
    let mut tables = BTreeSet::new();
    for partition in &plan.partitions {
        if partition.written.is_none() {
            let read = plan.models.all()[partition.model].sql().tables();
            let unread = |table: &&TableName| {
                plan.models.datasets.contains_key(*table) && !plan.loaded.contains_key(*table)
            };
            tables.extend(read.iter().filter(unread).cloned());
        }
    }
    let delivered: BTreeSet<TableName> = plan.effective.iter().map(|one| one.table()).collect();
    let is_delivered =
        |table: &TableName| delivered.contains(&plan.models.datasets[table].in_register());
    let tables: Vec<TableName> = tables.into_iter().filter(is_delivered).collect();
    for (table, (prepared, _)) in load(plan.models, plan.source.as_ref(), &tables, None)? {
        plan.loaded.insert(table, prepared);
    }
    Ok(())
}

fn jobs(plan: &Plan<'_>, grain: Grain) -> Vec<Job> {
    let mut jobs: BTreeMap<Period, Vec<usize>> = BTreeMap::new();
    for (place, partition) in plan.partitions.iter().enumerate() {
        if partition.written.is_none() && Grain::of(partition.period) == grain {
            jobs.entry(partition.period).or_default().push(place);
        }
    }
    jobs.into_iter()
        .map(|(period, missing)| Job { period, missing })
        .collect()
}

/// Runs jobs on threads; the first fault in the order of periods is told, whichever thread met one first.
fn run(
    plan: &Plan<'_>,
    jobs: &[Job],
    tell: &mut dyn FnMut(&Plan<'_>, usize, Written),
) -> Result<BTreeMap<usize, Written>, BuildError> {
    let next = Mutex::new(jobs.iter());
    let mut finished = BTreeMap::new();
    let mut faults: BTreeMap<usize, BuildError> = BTreeMap::new();
    std::thread::scope(|scope| {
        let (sender, receiver) = channel();
        for _ in 0..THREADS.min(jobs.len()) {
            let sender = sender.clone();
            let (next, plan) = (&next, &plan);
            scope.spawn(move || {
                loop {
                    let job = next.lock().expect("no thread panics with the list").next();
                    let Some(job) = job else { return };
                    if run_job(plan, job, &sender).is_err() {
                        // A fault ends the build: nothing more is begun.
                        next.lock()
                            .expect("no thread panics with the list")
                            .by_ref()
                            .for_each(drop);
                    }
                }
            });
        }
        drop(sender);
        for (place, result) in receiver {
            match result {
                Ok((place, written)) => {
                    tell(plan, place, written);
                    finished.insert(place, written);
                }
                Err(fault) => {
                    faults.insert(place, fault);
                }
            }
        }
    });
    match faults.pop_first() {
        Some((_, fault)) => Err(fault),
        None => Ok(finished),
    }
}

/// A job met a fault; the fault itself was sent.
struct Stopped;

fn run_job(plan: &Plan<'_>, job: &Job, sender: &Sender<(usize, Finished)>) -> Result<(), Stopped> {
    let mut scope = Scope::of(job.period);
    for place in &job.missing {
        let result = compute(plan, &mut scope, *place);
        let stopped = result.is_err();
        // The receiver lives until every sender is gone.
        let _ = sender.send((*place, result.map(|written| (*place, written))));
        if stopped {
            return Err(Stopped);
        }
    }
    Ok(())
}

fn compute(plan: &Plan<'_>, scope: &mut Scope, place: usize) -> Result<Written, BuildError> {
    let partition = &plan.partitions[place];
    let model = &plan.models.all()[partition.model];
    let told = |fault| BuildError::Model {
        table: model.name().to_string(),
        period: partition.period,
        fault,
    };
    for table in model.sql().tables() {
        if !scope.has(table) {
            let (schema, batches) = input(plan, table, partition.period)?;
            scope.put(table, schema, batches).map_err(told)?;
        }
    }
    let (schema, batches) = scope.run(model.sql()).map_err(told)?;
    let rows = sorted(model, partition.period, &schema, &batches)?;
    let file = plan
        .store
        .partition(model.name(), partition.period, &partition.input);
    let written = plan.store.write(&file, model.schema(), &rows)?;
    scope
        .put(model.name(), model.schema().clone(), vec![rows])
        .map_err(told)?;
    Ok(written)
}

/// A table as a model sees it in a period.
fn input(
    plan: &Plan<'_>,
    table: &TableName,
    period: Period,
) -> Result<(SchemaRef, Vec<RecordBatch>), BuildError> {
    if let Some(dataset) = plan.models.datasets.get(table) {
        let rows = plan
            .loaded
            .get(table)
            .map(|prepared| prepared.slice(period));
        return Ok((dataset.schema.clone(), rows.into_iter().collect()));
    }
    if let Some(codes) = plan.models.codes.get(table) {
        return Ok((codes.batch.schema(), vec![codes.batch.clone()]));
    }
    let other = plan
        .models
        .place(table)
        .expect("a model reads tables that exist");
    let model = &plan.models.all()[other];
    let seen = seen_in(period, model.grain());
    let partition = plan
        .partitions
        .iter()
        .find(|partition| partition.model == other && partition.period == seen)
        .expect("a model's inputs are planned before it");
    let file = plan.store.partition(table, seen, &partition.input);
    Ok(read_parquet(&file)?)
}

/// The rows of a model in the order of its key, each key once, in the kinds that are stored.
fn sorted(
    model: &Model,
    period: Period,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> Result<RecordBatch, BuildError> {
    let answer =
        concat_batches(schema, batches).expect("the batches of one query share its schema");
    let columns: Vec<ArrayRef> = answer
        .columns()
        .iter()
        .zip(model.schema().fields())
        .map(|(column, field)| {
            cast(column, field.data_type())
                .expect("a model gives the same kinds as on empty tables")
        })
        .collect();
    let rows = RecordBatch::try_new(model.schema().clone(), columns)
        .expect("a model gives the same columns as on empty tables");
    let (order, repeated) = order(model, &rows);
    if repeated > 0 {
        return Err(BuildError::KeyNotUnique {
            table: model.name().to_string(),
            period,
            count: repeated,
        });
    }
    Ok(take_record_batch(&rows, &UInt32Array::from(order))
        .expect("the order names rows of the batch"))
}

/// The places of rows in the order of their key, and how many repeat a key.
fn order(model: &Model, rows: &RecordBatch) -> (Vec<u32>, usize) {
    let columns: Vec<ArrayRef> = model
        .key()
        .iter()
        .filter_map(|name| rows.column_by_name(name).cloned())
        .collect();
    let count = u32::try_from(rows.num_rows()).expect("a partition has fewer rows than 2^32");
    if let [column] = columns.as_slice()
        && let Some(numbers) = column.as_primitive_opt::<Int64Type>()
        && numbers.null_count() == 0
    {
        // The common case: one id.
        let numbers = numbers.values();
        return in_order((0..count).map(|row| (numbers[row as usize], row)));
    }
    let fields = columns
        .iter()
        .map(|column| SortField::new(column.data_type().clone()))
        .collect();
    let keys = RowConverter::new(fields)
        .and_then(|converter| converter.convert_columns(&columns))
        .expect("keys are numbers, days and text");
    in_order((0..count).map(|row| (keys.row(row as usize), row)))
}

fn in_order<K: Ord>(pairs: impl Iterator<Item = (K, u32)>) -> (Vec<u32>, usize) {
    let mut pairs: Vec<(K, u32)> = pairs.collect();
    pairs.sort_unstable();
    let repeated = pairs.windows(2).filter(|two| two[0].0 == two[1].0).count();
    (pairs.into_iter().map(|(_, row)| row).collect(), repeated)
}

/// Writes the code lists and the manifest: the snapshot exists from here on.
fn commit(plan: &Plan<'_>) -> Result<Snapshot, BuildError> {
    let mut codes = Vec::new();
    for (table, list) in &plan.models.codes {
        let file = plan.store.codes(table, &list.digest);
        if plan.store.written(&file).is_none() {
            plan.store.write(&file, &list.batch.schema(), &list.batch)?;
        }
        codes.push(CodesRecord {
            table: table.table.clone(),
            digest: list.digest,
        });
    }
    for folder in touched(plan) {
        sync_folder(&folder)?;
    }
    let record = |partition: &crate::plan::Planned| {
        let model = &plan.models.all()[partition.model];
        let written = partition
            .written
            .expect("every missing partition was computed");
        PartitionRecord {
            schema: model.name().schema.clone(),
            table: model.name().table.clone(),
            period: partition.period,
            input: partition.input,
            digest: written.digest,
            rows: written.rows,
            definition: model.definition(),
            inputs: partition
                .inputs
                .iter()
                .map(|(table, digest)| (table.to_string(), *digest))
                .collect(),
            deliveries: partition.deliveries.iter().cloned().collect(),
        }
    };
    let mut partitions: Vec<PartitionRecord> = plan.partitions.iter().map(record).collect();
    partitions
        .sort_by(|a, b| (&a.schema, &a.table, a.period).cmp(&(&b.schema, &b.table, b.period)));
    let manifest = Manifest {
        format: 1,
        id: plan.id.clone(),
        method: crate::METHOD_VERSION.to_owned(),
        span: plan.span,
        deliveries: plan.effective.clone(),
        linkage: plan.source.linkage_input(),
        codes,
        partitions,
    };
    let file = plan.store.snapshot(&plan.id);
    if !file.is_file() || !plan.steps().is_empty() {
        write_json(&file, &manifest)?;
        sync_folder(&plan.store.snapshots())?;
    }
    Ok(Snapshot::of(plan.store.clone(), manifest))
}

fn touched(plan: &Plan<'_>) -> BTreeSet<std::path::PathBuf> {
    plan.steps()
        .iter()
        .filter_map(|step| {
            let any = wdl_vocab::Digest::of(b"");
            let file = plan.store.partition(&step.table, step.period, &any);
            file.parent().map(Path::to_owned)
        })
        .collect()
}
