//! What a build will compute and why, found without computing anything and, when no delivery is new, without reading any row.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use wdl_frame::TableName;
use wdl_register::{Accepted, Register};
use wdl_vocab::{Digest, Period, SnapshotId};

use crate::METHOD_VERSION;
use crate::fault::BuildError;
use crate::model::{Grain, Model, Models, Reach};
use crate::persons::Persons;
use crate::slices::{Loaded, Prepared, Slices, empty_slices};
use crate::snapshot::Snapshot;
use crate::source::{Effective, Source, SourceFault};
use crate::store::{Span, Store, Written, read_json, write_json};

/// Why a partition will be computed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The model or the period is new.
    New,
    /// The model's SQL says something else than before.
    Definition,
    /// These tables hold something else than before.
    Inputs(Vec<TableName>),
    /// It was made before and is not on the disk.
    Missing,
}

/// One partition that will be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The model.
    pub table: TableName,
    /// The period.
    pub period: Period,
    /// Why.
    pub reason: Reason,
}

/// One partition of the snapshot to be.
pub(crate) struct Planned {
    pub(crate) model: usize,
    pub(crate) period: Period,
    /// The hash of everything it is made from: its name.
    pub(crate) input: Digest,
    pub(crate) inputs: BTreeMap<TableName, Digest>,
    pub(crate) deliveries: BTreeSet<String>,
    pub(crate) written: Option<Written>,
}

/// What a build will do.
pub struct Plan<'a> {
    pub(crate) models: &'a Models,
    pub(crate) source: Box<dyn Source + 'a>,
    pub(crate) effective: Vec<Effective>,
    pub(crate) span: Span,
    pub(crate) store: Store,
    pub(crate) id: SnapshotId,
    pub(crate) partitions: Vec<Planned>,
    pub(crate) loaded: BTreeMap<TableName, Prepared>,
    steps: Vec<Step>,
}

impl Plan<'_> {
    /// The snapshot it leads to.
    pub fn id(&self) -> &SnapshotId {
        &self.id
    }

    /// What will be computed, by period.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many partitions of the snapshot are there already.
    pub fn kept(&self) -> usize {
        self.partitions.len() - self.steps.len()
    }

    /// Whether the snapshot stands already and nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.store.snapshot(&self.id).is_file()
    }
}

/// The accepted deliveries of a register, as the build reads them.
struct Registered<'a> {
    models: &'a Models,
    register: &'a Register,
    accepted: &'a [Accepted],
    persons: Option<&'a Persons>,
}

impl Source for Registered<'_> {
    fn effective(&self) -> Vec<Effective> {
        let effective = |accepted: &Accepted| Effective {
            body: accepted.body.clone(),
            dataset: accepted.dataset.clone(),
            period: accepted.period,
            delivery: accepted.delivery.clone(),
            content: accepted.content,
        };
        let mut all: Vec<Effective> = self.accepted.iter().map(effective).collect();
        all.sort();
        all
    }

    fn rows(&self, table: &TableName) -> Result<wdl_frame::RecordBatch, SourceFault> {
        let dataset = self
            .models
            .datasets
            .get(table)
            .ok_or_else(|| SourceFault::NoTable {
                table: table.to_string(),
            })?;
        let rows = self
            .register
            .dataset(&dataset.contract, self.accepted)
            .map_err(|fault| SourceFault::Told {
                table: table.to_string(),
                fault: Box::new(fault),
            })?;
        Ok(match self.persons {
            Some(persons) => persons.apply(&dataset.contract, rows),
            None => rows,
        })
    }

    fn linkage(&self) -> Option<Digest> {
        let persons = self.persons.filter(|persons| !persons.is_empty())?;
        Some(persons.linkage().digest)
    }

    fn linkage_of(&self, table: &TableName) -> Option<Digest> {
        let dataset = self.models.datasets.get(table)?;
        self.persons?.digest_of(&dataset.contract)
    }

    fn linkage_input(&self) -> Option<Digest> {
        Some(self.persons?.linkage().input)
    }
}

/// Plans the base over the accepted deliveries of a register, read through the persons that were linked.
///
/// `earlier` is the snapshot that stands, to say why something is computed again.
///
/// # Errors
/// [`BuildError`] when a dataset of the register cannot be read.
pub fn plan<'a>(
    models: &'a Models,
    register: &'a Register,
    accepted: &'a [Accepted],
    persons: Option<&'a Persons>,
    span: Span,
    state: &Path,
    earlier: Option<&Snapshot>,
) -> Result<Plan<'a>, BuildError> {
    let source = Registered {
        models,
        register,
        accepted,
        persons,
    };
    plan_from(models, Box::new(source), span, state, earlier)
}

/// Plans the base over any source of register rows.
///
/// # Errors
/// [`BuildError`] when a dataset cannot be read.
pub fn plan_from<'a>(
    models: &'a Models,
    source: Box<dyn Source + 'a>,
    span: Span,
    state: &Path,
    earlier: Option<&Snapshot>,
) -> Result<Plan<'a>, BuildError> {
    let store = Store::of(state);
    let effective = source.effective();
    let (slices, loaded) = all_slices(models, source.as_ref(), &effective, span, &store)?;
    let partitions = partitions(models, &slices, span, &store);
    let steps = partitions
        .iter()
        .filter(|partition| partition.written.is_none())
        .map(|partition| step(models, partition, earlier))
        .collect();
    Ok(Plan {
        id: snapshot_id(models, &effective, source.linkage(), span),
        models,
        source,
        effective,
        span,
        store,
        partitions,
        loaded,
        steps,
    })
}

fn step(models: &Models, planned: &Planned, earlier: Option<&Snapshot>) -> Step {
    let model = &models.all()[planned.model];
    Step {
        table: model.name().clone(),
        period: planned.period,
        reason: reason(model, planned, earlier),
    }
}

fn reason(model: &Model, planned: &Planned, earlier: Option<&Snapshot>) -> Reason {
    let Some(before) =
        earlier.and_then(|snapshot| snapshot.partition(model.name(), planned.period))
    else {
        return Reason::New;
    };
    if before.definition != model.definition() {
        return Reason::Definition;
    }
    let changed: Vec<TableName> = planned
        .inputs
        .iter()
        .filter(|(table, digest)| before.inputs.get(&table.to_string()) != Some(*digest))
        .map(|(table, _)| table.clone())
        .collect();
    match changed.is_empty() {
        true => Reason::Missing,
        false => Reason::Inputs(changed),
    }
}

/// The id covers the deliveries, who was linked to whom, the definitions, the code lists, the calendar and the version of the method.
fn snapshot_id(
    models: &Models,
    effective: &[Effective],
    linkage: Option<Digest>,
    span: Span,
) -> SnapshotId {
    let mut text = format!("{METHOD_VERSION}\n{:?}\n", span.quarters());
    for delivery in effective {
        text += &format!(
            "{} {} {} {} {}\n",
            delivery.body, delivery.dataset, delivery.period, delivery.delivery, delivery.content
        );
    }
    if let Some(linkage) = linkage {
        text += &format!("linkage {linkage}\n");
    }
    for model in models.iter() {
        text += &format!("{} {}\n", model.name(), model.definition());
    }
    for (name, table) in &models.codes {
        text += &format!("{name} {}\n", table.digest);
    }
    SnapshotId::parse(&Digest::of(text.as_bytes()).short(16))
        .expect("hexadecimal digits are an identifier")
}

type AllSlices = (BTreeMap<TableName, Slices>, BTreeMap<TableName, Prepared>);

/// The slices of every dataset that a model reads: remembered when its deliveries are those of before, else cut anew.
fn all_slices(
    models: &Models,
    source: &dyn Source,
    effective: &[Effective],
    span: Span,
    store: &Store,
) -> Result<AllSlices, BuildError> {
    let read: BTreeSet<&TableName> = models
        .iter()
        .flat_map(|model| model.sql().tables())
        .collect();
    let mut slices = BTreeMap::new();
    let mut unknown = Vec::new();
    for (table, dataset) in &models.datasets {
        if !read.contains(table) {
            continue;
        }
        let deliveries: Vec<&Effective> = effective
            .iter()
            .filter(|delivery| delivery.table() == dataset.in_register())
            .collect();
        if deliveries.is_empty() {
            slices.insert(table.clone(), empty_slices(table, dataset, span));
            continue;
        }
        let linkage = source.linkage_of(&dataset.in_register());
        let file = store.slices(table, &slices_key(dataset, &deliveries, linkage, span));
        match read_json::<Slices>(&file) {
            Some(known) => {
                slices.insert(table.clone(), known);
            }
            None => unknown.push((table.clone(), file)),
        }
    }
    let tables: Vec<TableName> = unknown.iter().map(|(table, _)| table.clone()).collect();
    let mut loaded = BTreeMap::new();
    for ((table, (prepared, cut)), (_, file)) in load(models, source, &tables, Some(span))?
        .into_iter()
        .zip(&unknown)
    {
        write_json(file, &cut)?;
        slices.insert(table.clone(), cut);
        loaded.insert(table, prepared);
    }
    Ok((slices, loaded))
}

/// What a dataset's slices follow from: its deliveries, whom its rows were linked to, its columns and the calendar.
fn slices_key(
    dataset: &crate::model::Dataset,
    deliveries: &[&Effective],
    linkage: Option<Digest>,
    span: Span,
) -> Digest {
    let mut text = format!(
        "{METHOD_VERSION}\n{:?}\n{:?}\n{:?}\n",
        span.quarters(),
        dataset.contract.shape,
        dataset.at_end
    );
    if dataset.reach == Reach::History {
        text += "history\n";
    }
    for field in dataset.schema.fields() {
        text += &format!("{} {}\n", field.name(), field.data_type());
    }
    for delivery in deliveries {
        text += &format!(
            "{} {} {}\n",
            delivery.period, delivery.delivery, delivery.content
        );
    }
    if let Some(linkage) = linkage {
        text += &format!("linkage {linkage}\n");
    }
    Digest::of(text.as_bytes())
}

/// Reads datasets on two threads; with a span their slices are cut too.
pub(crate) fn load(
    models: &Models,
    source: &dyn Source,
    tables: &[TableName],
    span: Option<Span>,
) -> Result<Vec<(TableName, Loaded)>, BuildError> {
    let next = Mutex::new(tables.iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            let Some((place, table)) = next.lock().expect("no thread panics with the list").next()
            else {
                return;
            };
            let result = load_one(models, source, table, span);
            done.lock()
                .expect("no thread panics with the results")
                .insert(place, result);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    let done = done
        .into_inner()
        .expect("no thread panics with the results");
    let mut loaded = Vec::new();
    for (table, (_, result)) in tables.iter().zip(done) {
        loaded.push((table.clone(), result?));
    }
    Ok(loaded)
}

fn load_one(
    models: &Models,
    source: &dyn Source,
    table: &TableName,
    span: Option<Span>,
) -> Result<Loaded, BuildError> {
    let dataset = &models.datasets[table];
    let rows = source.rows(&dataset.in_register())?;
    let prepared = Prepared::new(table, dataset, &rows)?;
    let cut = match span {
        Some(span) => prepared.digests(table, dataset, span),
        None => Slices::new(),
    };
    Ok((prepared, cut))
}

/// The periods of a grain.
pub(crate) fn periods(span: Span, grain: Grain) -> Vec<Period> {
    match grain {
        Grain::Quarter => span.quarters(),
        Grain::Year => span.years(),
    }
}

/// The period in which a table of one grain is read by a model of another: a year sees the state on 31 December.
pub(crate) fn seen_in(period: Period, grain: Grain) -> Period {
    match (period, grain) {
        (Period::Year(year), Grain::Quarter) => Period::quarter(year, 4),
        (period, _) => period,
    }
}

/// Every partition of the snapshot: quarters before years, models in their order.
fn partitions(
    models: &Models,
    slices: &BTreeMap<TableName, Slices>,
    span: Span,
    store: &Store,
) -> Vec<Planned> {
    let mut planned: Vec<Planned> = Vec::new();
    let mut places: BTreeMap<(usize, Period), usize> = BTreeMap::new();
    for grain in [Grain::Quarter, Grain::Year] {
        for period in periods(span, grain) {
            for (place, model) in models.all().iter().enumerate() {
                if model.grain() != grain {
                    continue;
                }
                let mut partition = Planned {
                    model: place,
                    period,
                    input: Digest::of(b""),
                    inputs: BTreeMap::new(),
                    deliveries: BTreeSet::new(),
                    written: None,
                };
                for table in model.sql().tables() {
                    let (digest, deliveries) = if let Some(slices) = slices.get(table) {
                        let slice = &slices[&period];
                        (slice.digest, slice.deliveries.clone())
                    } else if let Some(codes) = models.codes.get(table) {
                        (codes.digest, BTreeSet::new())
                    } else {
                        let other = models
                            .place(table)
                            .expect("a model reads tables that exist");
                        let seen = seen_in(period, models.all()[other].grain());
                        let before: &Planned = &planned[places[&(other, seen)]];
                        (before.input, before.deliveries.clone())
                    };
                    partition.inputs.insert(table.clone(), digest);
                    partition.deliveries.extend(deliveries);
                }
                partition.input = input_hash(model, &partition);
                let file = store.partition(model.name(), period, &partition.input);
                partition.written = store.written(&file);
                places.insert((place, period), planned.len());
                planned.push(partition);
            }
        }
    }
    planned
}

fn input_hash(model: &Model, partition: &Planned) -> Digest {
    let mut text = format!(
        "{METHOD_VERSION}\n{}\n{}\n{}\n",
        model.name(),
        model.definition(),
        partition.period
    );
    for (table, digest) in &partition.inputs {
        text += &format!("{table} {digest}\n");
    }
    Digest::of(text.as_bytes())
}
