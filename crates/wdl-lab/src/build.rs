//! The base is brought up to date, and with it the results.

use std::collections::BTreeMap;

use serde::Serialize;
use wdl_base::{Models, Persons, Plan, Reason, Snapshot, Span};
use wdl_contract::Contracts;
use wdl_disclosure::Report;
use wdl_indicators::Indicators;
use wdl_ledger::{Act, Entry};
use wdl_protocol::Act as Permission;
use wdl_register::{Accepted, Register, in_force};
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, Digest, Period, SnapshotId, Text};

use crate::agreed;
use crate::desk::{Desk, Done};
use crate::home::Part;
use crate::linkage::{self, Linked};
use crate::receive::accepted;
use crate::results::{Results, checked};
use crate::{Stopped, write};

/// The version of the program, part of every result.
pub const CODE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// How far a build is.
#[derive(Clone, Debug)]
pub enum Progress {
    /// A partition of the base is done.
    Partition {
        /// So many are done.
        done: usize,
        /// Of so many.
        total: usize,
        /// The table and its period, for people.
        name: String,
    },
    /// An indicator is evaluated and protected.
    Indicator {
        /// So many are done.
        done: usize,
        /// Of so many.
        total: usize,
        /// Its id.
        name: String,
    },
}

/// What a build did.
#[derive(Clone, Debug, Serialize)]
pub struct Built {
    /// The snapshot that stands now.
    pub snapshot: SnapshotId,
    /// Partitions computed.
    pub computed: usize,
    /// Partitions that were there.
    pub kept: usize,
    /// Tables of results.
    pub tables: usize,
    /// Cells hidden in them.
    pub hidden: u64,
    /// Who was linked; nothing when no dataset is.
    pub linkage: Option<Linked>,
}

impl Built {
    /// Whether there was nothing to do.
    pub fn is_unchanged(&self) -> bool {
        self.computed == 0
    }
}

/// What a build would do.
#[derive(Clone, Debug, Serialize)]
pub struct Planned {
    /// The snapshot it leads to.
    pub snapshot: SnapshotId,
    /// How many partitions of each table would be computed, and why.
    pub steps: Vec<PlannedStep>,
    /// Partitions that are there already.
    pub kept: usize,
}

/// The partitions of one table that would be computed for one reason.
#[derive(Clone, Debug, Serialize)]
pub struct PlannedStep {
    /// The table.
    pub table: String,
    /// Why.
    pub reason: Text,
    /// How many partitions.
    pub partitions: usize,
    /// The first period.
    pub first: Period,
    /// The last.
    pub last: Period,
}

/// Everything a build reads before it computes.
struct Ground {
    contracts: Contracts,
    models: Models,
    register: Register,
    accepted: Vec<Accepted>,
    span: Span,
    /// The snapshot that stands.
    standing: Option<Snapshot>,
    persons: Option<Persons>,
}

impl Ground {
    fn of(desk: &Desk) -> Result<Ground, Stopped> {
        let lab = desk.home.lab();
        let contracts = agreed::contracts(&desk.home, &desk.lab)?;
        let models = Models::read(&lab, &contracts)?;
        let accepted = in_force(&accepted(desk.ledger.entries()));
        let last = accepted.iter().map(|one| one.period).max();
        let first = desk.lab.calendar.first_period();
        let span = last.and_then(|last| Span::new(first, last));
        let span = span.ok_or_else(|| Stopped::new(Diagnostic::new(codes::NOTHING_DELIVERED)))?;
        let register = Register::open(&desk.home.state())?;
        let standing = latest(desk.ledger.entries());
        let standing = standing.and_then(|id| Snapshot::read(&desk.home.state(), &id).ok());
        Ok(Ground {
            persons: linkage::persons(desk, &contracts, &register, &accepted, standing.as_ref())?,
            standing,
            register,
            span,
            contracts,
            models,
            accepted,
        })
    }

    fn plan(&self, desk: &Desk) -> Result<Plan<'_>, Stopped> {
        let state = desk.home.state();
        Ok(wdl_base::plan(
            &self.models,
            &self.register,
            &self.accepted,
            self.persons.as_ref(),
            self.span,
            &state,
            self.standing.as_ref(),
        )?)
    }
}

pub(crate) fn nothing_built() -> Stopped {
    Stopped::new(Diagnostic::new(codes::NOTHING_BUILT))
}

/// The snapshot that stands: the last one that a build recorded.
pub fn latest(entries: &[Entry]) -> Option<SnapshotId> {
    let built = |entry: &Entry| match &entry.act {
        Act::Built { snapshot, .. } if entry.outcome.is_done() => snapshot.clone(),
        _ => None,
    };
    entries.iter().rev().find_map(built)
}

/// What a build would do; nothing is computed and nothing recorded.
///
/// # Errors
/// [`Stopped`] when the lab folder or the register cannot be read.
pub fn plan(desk: &Desk) -> Result<Planned, Stopped> {
    let ground = Ground::of(desk)?;
    let plan = ground.plan(desk)?;
    let mut steps: BTreeMap<(String, Text), PlannedStep> = BTreeMap::new();
    for step in plan.steps() {
        let (table, reason) = (step.table.to_string(), words(&step.reason));
        let entry = steps
            .entry((table.clone(), reason.clone()))
            .or_insert(PlannedStep {
                table,
                reason,
                partitions: 0,
                first: step.period,
                last: step.period,
            });
        entry.partitions += 1;
        entry.first = entry.first.min(step.period);
        entry.last = entry.last.max(step.period);
    }
    Ok(Planned {
        snapshot: plan.id().clone(),
        kept: plan.kept(),
        steps: steps.into_values().collect(),
    })
}

/// Why a partition is computed, in words.
fn words(reason: &Reason) -> Text {
    match reason {
        Reason::New => Text::fixed("nuova", "new"),
        Reason::Definition => {
            Text::fixed("è cambiata la definizione", "its definition has changed")
        }
        Reason::Inputs(tables) => {
            let names: Vec<String> = tables.iter().map(ToString::to_string).collect();
            let names = names.join(", ");
            Text::new(
                format!("sono cambiati i dati di {names}"),
                format!("the data of {names} have changed"),
            )
        }
        Reason::Missing => Text::fixed("il file manca", "its file is missing"),
    }
}

/// Brings the base and the results up to date.
///
/// # Errors
/// [`Stopped`] when anything fails; the snapshot that stood before still stands.
pub fn build(desk: &mut Desk, tell: &mut dyn FnMut(Progress)) -> Result<Built, Stopped> {
    let tried = Act::Built {
        snapshot: None,
        computed: 0,
        kept: 0,
        period: None,
    };
    desk.act(Permission::Build, tried, |desk| {
        let ground = Ground::of(desk)?;
        let plan = ground.plan(desk)?;
        let (computed, kept) = (plan.steps().len(), plan.kept());
        let snapshot = match plan.is_empty() {
            true => Snapshot::read(&desk.home.state(), plan.id())?,
            false => wdl_base::build(plan, &mut |at| {
                tell(Progress::Partition {
                    done: at.done,
                    total: at.total,
                    name: format!("{} {}", at.table, at.period),
                });
            })?,
        };
        let summary = summarise(desk, &ground, &snapshot, tell)?;
        let built = Built {
            snapshot: snapshot.id().clone(),
            computed,
            kept,
            tables: summary.tables,
            hidden: summary.hidden,
            linkage: Linked::of(ground.persons.as_ref()),
        };
        Ok(Done {
            act: Act::Built {
                snapshot: Some(snapshot.id().clone()),
                computed: computed as u64,
                kept: kept as u64,
                period: ground.span.quarters().last().copied(),
            },
            object: None,
            value: built,
        })
    })
}

/// The note beside the results of a snapshot: what they were made under, and what was hidden.
#[derive(serde::Serialize, serde::Deserialize)]
struct Summary {
    made_under: Digest,
    tables: usize,
    hidden: u64,
    reports: Vec<Report>,
}

/// The results of a snapshot, evaluated unless they were under the same definitions and rules.
fn summarise(
    desk: &Desk,
    ground: &Ground,
    snapshot: &Snapshot,
    tell: &mut dyn FnMut(Progress),
) -> Result<Summary, Stopped> {
    let indicators = Indicators::read(&desk.home.lab(), ground.contracts.lists())?;
    let made_under = made_under(desk, &indicators);
    let file = desk
        .home
        .of(Part::Results)
        .join(format!("{}.json", snapshot.id()));
    let known = std::fs::read(&file)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Summary>(&bytes).ok())
        .filter(|summary| summary.made_under == made_under);
    if let Some(summary) = known {
        return Ok(summary);
    }
    let Results {
        tables, reports, ..
    } = checked(
        desk,
        &ground.accepted,
        &indicators,
        snapshot,
        &|_| true,
        tell,
    )?;
    let summary = Summary {
        made_under,
        tables: tables.len(),
        hidden: reports
            .iter()
            .map(|report| report.primary + report.secondary)
            .sum(),
        reports,
    };
    let bytes = serde_json::to_vec(&summary).expect("a summary is counts and names");
    write(&file, &bytes)?;
    Ok(summary)
}

fn made_under(desk: &Desk, indicators: &Indicators) -> Digest {
    let definitions: Vec<String> = indicators
        .list()
        .iter()
        .map(|indicator| indicator.digest().to_string())
        .collect();
    let parts = [desk.lab.digest.to_string(), CODE_VERSION.to_owned()];
    Digest::of_parts(definitions.iter().chain(&parts).map(String::as_bytes))
}
