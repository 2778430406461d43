//! From a published cell back to the deliveries, contracts, code and approvals it rests on.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use wdl_ledger::{Act, Entry, verify};
use wdl_protocol::Lab;
use wdl_publication::CellAddress;
use wdl_release::{Released, Withdrawal, latest, standing};
use wdl_result::{Cell, Input, Protection, Status, Table, Unit};
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, IndicatorId, Period, did_you_mean};

use crate::desk::known_keys;
use crate::home::Part;
use crate::publish::nothing_released;
use crate::{Home, Stopped};

/// The name of the breakdown without a dimension.
const TOTAL: &str = "total";

/// Which cell.
#[derive(Clone, Debug)]
pub struct CellName {
    /// The indicator.
    pub indicator: String,
    /// The reference period; the newest with a value without it.
    pub period: Option<Period>,
    /// Dimension and category, in any order; a category that is `None` is the total of its dimension.
    pub keys: BTreeMap<String, Option<String>>,
}

impl From<&CellAddress> for CellName {
    fn from(address: &CellAddress) -> CellName {
        // The breakdown `total` has no dimension, and no category either.
        let dimensions = address.breakdown.split('-').map(str::to_owned);
        CellName {
            indicator: address.indicator.to_string(),
            period: Some(address.period),
            keys: dimensions.zip(address.keys.iter().cloned()).collect(),
        }
    }
}

/// A cell with everything it rests on.
#[derive(Clone, Debug, Serialize)]
pub struct Traced {
    /// The indicator.
    pub indicator: String,
    /// The table: its dimensions.
    pub table: String,
    /// The digest of the table as it was checked and released.
    pub table_digest: String,
    /// The cell as it was released.
    pub cell: Cell,
    /// How its number was changed instead of hiding small ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protection: Option<Protection>,
    /// The unit of its number.
    pub unit: Unit,
    /// The decimals that people are shown, of the percent for shares.
    pub decimals: u8,
    /// The statistic and its version.
    pub statistic: String,
    /// The digest of the indicator's definition.
    pub definition: String,
    /// The version of the program.
    pub code_version: String,
    /// The snapshot of the linked base.
    pub snapshot: String,
    /// The tables of the base it was made from.
    pub inputs: Vec<Input>,
    /// The deliveries they rest on, as the record has them.
    pub deliveries: Vec<TracedDelivery>,
    /// The approvals.
    pub release: TracedRelease,
}

/// A delivery behind a cell.
#[derive(Clone, Debug, Serialize)]
pub struct TracedDelivery {
    /// Its id.
    pub delivery: String,
    /// From whom.
    pub body: String,
    /// Which dataset.
    pub dataset: String,
    /// For which delivery period.
    pub period: Period,
    /// Under which version of the contract.
    pub contract_version: String,
    /// How many rows.
    pub rows: u64,
    /// The entry of the record that accepted it.
    pub entry: u64,
}

/// The approvals behind a cell.
#[derive(Clone, Debug, Serialize)]
pub struct TracedRelease {
    /// The release.
    pub id: String,
    /// Who asked, and when.
    pub requested: (String, String),
    /// Who agreed, and when.
    pub reviews: Vec<(String, String)>,
    /// Who released, and when.
    pub released: (String, String),
}

/// Traces a published cell; nobody needs to act for it, and nothing is recorded.
///
/// # Errors
/// [`Stopped`] when nothing is released, or no released table has the cell.
pub fn trace(home: &Home, name: &CellName) -> Result<Traced, Stopped> {
    let lab = Lab::read(&home.lab())?;
    let keys = known_keys(home, &lab)?;
    let record = verify(&home.of(Part::Ledger), &keys)?;
    let desk = wdl_release::Desk::new(&home.of(Part::Release), &lab, &keys, record.entries());
    let (releases, withdrawn) = (desk.load_all()?, desk.withdrawals()?);
    if releases.is_empty() && withdrawn.is_empty() {
        return Err(nothing_released(&lab));
    }
    let releases = standing(releases, &withdrawn);
    let released = match find_table(&latest(&releases), name) {
        Ok(released) => released,
        Err(unknown) => return Err(taken_back(&withdrawn, name).unwrap_or(unknown)),
    };
    let cell = find_cell(released.get(), name)?;
    Ok(traced(released, cell, record.entries()))
}

/// That the table of a cell was taken back, with the reason; `None` when it was not.
fn taken_back(withdrawn: &[Withdrawal], name: &CellName) -> Option<Stopped> {
    let wanted: BTreeSet<&str> = name.keys.keys().map(String::as_str).collect();
    let is_it = |(indicator, breakdown): &(IndicatorId, String)| {
        let dimensions: BTreeSet<&str> = breakdown.split('-').collect();
        // The breakdown `total` has no dimension.
        let is_total = wanted.is_empty() && breakdown == TOTAL;
        indicator.as_str() == name.indicator && (is_total || dimensions == wanted)
    };
    let latest = withdrawn.iter().rev();
    let one = latest
        .into_iter()
        .find(|one| one.tables.iter().any(is_it))?;
    Some(Stopped::new(
        Diagnostic::new(codes::TAKEN_BACK)
            .with("indicator", &name.indicator)
            .with("entry", &one.release)
            .with("value", one.on.strftime("%Y-%m-%d"))
            .with("detail", &one.why),
    ))
}

fn find_table<'a>(
    released: &[&'a Released<Table>],
    name: &CellName,
) -> Result<&'a Released<Table>, Stopped> {
    let id = |table: &Table| table.header.indicator.to_string();
    let ours: Vec<&&Released<Table>> = released
        .iter()
        .filter(|released| id(released.get()) == name.indicator)
        .collect();
    if ours.is_empty() {
        let known: BTreeSet<String> = released.iter().map(|released| id(released.get())).collect();
        return Err(Stopped::new(
            Diagnostic::new(codes::UNKNOWN_INDICATOR)
                .with("indicator", &name.indicator)
                .suggest(did_you_mean(
                    &name.indicator,
                    known.iter().map(String::as_str),
                )),
        ));
    }
    let wanted: BTreeSet<&str> = name.keys.keys().map(String::as_str).collect();
    let dimensions = |table: &Table| -> BTreeSet<String> {
        table
            .dimensions
            .iter()
            .map(|dimension| dimension.id.clone())
            .collect()
    };
    ours.iter()
        .find(|released| {
            dimensions(released.get())
                .iter()
                .map(String::as_str)
                .eq(wanted.iter().copied())
        })
        .map(|released| **released)
        .ok_or_else(|| {
            let known = ours.iter().map(|released| released.get().breakdown());
            unknown(&join(&wanted), &known.collect::<Vec<_>>())
        })
}

fn join(words: &BTreeSet<&str>) -> String {
    words.iter().copied().collect::<Vec<_>>().join("-")
}

fn unknown(name: &str, known: &[String]) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::UNKNOWN_CELL)
            .with("name", name)
            .with("expected", known.join(", "))
            .suggest(did_you_mean(name, known.iter().map(String::as_str))),
    )
}

fn find_cell<'a>(table: &'a Table, name: &CellName) -> Result<&'a Cell, Stopped> {
    let mut keys: Vec<Option<&str>> = Vec::new();
    for dimension in &table.dimensions {
        let Some(wanted) = name.keys[&dimension.id].as_deref() else {
            keys.push(None);
            continue;
        };
        let known: Vec<String> = dimension
            .categories
            .iter()
            .map(|category| category.id.clone())
            .collect();
        if !known.iter().any(|id| id == wanted) {
            return Err(unknown(wanted, &known));
        }
        keys.push(Some(wanted));
    }
    let periods = table.periods();
    let has_value = |period: &Period| {
        table
            .cell(*period, &keys)
            .is_some_and(|cell| cell.status == Status::Value)
    };
    let newest = periods.iter().rev().copied().find(has_value);
    let wanted = name.period.or(newest).or(periods.last().copied());
    let cell = wanted.and_then(|period| table.cell(period, &keys));
    cell.ok_or_else(|| {
        let known: Vec<String> = periods.iter().map(Period::to_string).collect();
        unknown(
            &wanted.map_or(String::new(), |period| period.to_string()),
            &known,
        )
    })
}

fn traced(released: &Released<Table>, cell: &Cell, entries: &[Entry]) -> Traced {
    let table = released.get();
    let lineage = &table.header.lineage;
    let inputs = lineage.inputs.clone();
    let used: BTreeSet<&str> = inputs
        .iter()
        .flat_map(|input| &input.deliveries)
        .map(String::as_str)
        .collect();
    let facts = released.facts();
    let stamp =
        |actor: &wdl_protocol::ActorId, on: jiff::Timestamp| (actor.to_string(), on.to_string());
    Traced {
        indicator: table.header.indicator.to_string(),
        table: table.breakdown(),
        table_digest: released.digest().to_string(),
        cell: cell.clone(),
        protection: table.header.protection,
        unit: table.header.unit,
        decimals: table.header.decimals,
        statistic: table.header.statistic.clone(),
        definition: lineage.definition.to_string(),
        code_version: lineage.code_version.clone(),
        snapshot: lineage.snapshot.to_string(),
        deliveries: deliveries(entries, &used),
        inputs,
        release: TracedRelease {
            id: facts.id.to_string(),
            requested: stamp(&facts.requested_by, facts.requested_on),
            reviews: facts
                .reviews
                .iter()
                .map(|review| stamp(&review.by, review.on))
                .collect(),
            released: stamp(&facts.released_by, facts.released_on),
        },
    }
}

fn deliveries(entries: &[Entry], used: &BTreeSet<&str>) -> Vec<TracedDelivery> {
    let of = |entry: &Entry| match &entry.act {
        Act::Received(received) if used.contains(received.delivery.as_str()) => {
            Some(TracedDelivery {
                delivery: received.delivery.to_string(),
                body: received.body.to_string(),
                dataset: received.dataset.to_string(),
                period: received.period,
                contract_version: received.contract_version.as_str().to_owned(),
                rows: received.rows.get(),
                entry: entry.sequence,
            })
        }
        _ => None,
    };
    entries
        .iter()
        .filter(|entry| entry.outcome.is_done())
        .filter_map(of)
        .collect()
}
