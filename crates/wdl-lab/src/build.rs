//! The base is brought up to date, and with it the results: drafts evaluated, then protected.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::mpsc::{Sender, channel};

use rayon::prelude::*;
use serde::Serialize;
use wdl_base::{Models, Persons, Plan, Reason, Snapshot, Span};
use wdl_contract::Contracts;
use wdl_disclosure::between::CellName;
use wdl_disclosure::{
    Checked, Member, Protected, Report, hold_back, protect_family, too_few_behind,
};
use wdl_indicators::{Audience, Context, EvaluateError, Indicator, Indicators, evaluate};
use wdl_ledger::{Act, Entry};
use wdl_protocol::{Act as Permission, Counted, DisclosureRules};
use wdl_register::{Accepted, Register, in_force};
use wdl_result::{Draft, Table};
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{BodyId, DatasetId, Diagnostic, Digest, IndicatorId, Period, SnapshotId, Text};

use crate::agreed;
use crate::desk::{Desk, Done};
use crate::home::Part;
use crate::linkage::{self, Linked};
use crate::office::Secrets;
use crate::receive::accepted;
use crate::{Home, Stopped, write};

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

fn nothing_built() -> Stopped {
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

/// The results of a snapshot, checked.
#[derive(Debug, Default)]
pub struct Results {
    /// The tables.
    pub tables: Vec<Checked<Table>>,
    /// What was hidden in them, indicator by indicator.
    pub reports: Vec<Report>,
    /// The datasets they rest on, sorted.
    pub sources: BTreeSet<(BodyId, DatasetId)>,
}

/// Every table of the snapshot that stands and that can be released, checked.
///
/// # Errors
/// [`Stopped`] when nothing is built, or a result cannot be made or protected.
pub fn results(desk: &Desk, tell: &mut dyn FnMut(Progress)) -> Result<Results, Stopped> {
    let ground = Standing::of(desk)?;
    ground.checked(
        desk,
        &|indicator| indicator.audience() == Audience::Public,
        tell,
    )
}

/// Every table of the snapshot that stands, checked, also those that stay inside the lab; with the definitions.
pub(crate) fn all_results(
    desk: &Desk,
    tell: &mut dyn FnMut(Progress),
) -> Result<(Indicators, Vec<Checked<Table>>), Stopped> {
    let ground = Standing::of(desk)?;
    let tables = ground.checked(desk, &|_| true, tell)?.tables;
    Ok((ground.indicators, tables))
}

/// The snapshot that stands, and what its results are made by.
struct Standing {
    snapshot: Snapshot,
    indicators: Indicators,
    accepted: Vec<Accepted>,
}

impl Standing {
    fn of(desk: &Desk) -> Result<Standing, Stopped> {
        let id = latest(desk.ledger.entries()).ok_or_else(nothing_built)?;
        let contracts = Contracts::read(&desk.home.lab())?;
        Ok(Standing {
            snapshot: Snapshot::read(&desk.home.state(), &id)?,
            indicators: Indicators::read(&desk.home.lab(), contracts.lists())?,
            accepted: in_force(&accepted(desk.ledger.entries())),
        })
    }

    fn checked(
        &self,
        desk: &Desk,
        is_wanted: &dyn Fn(&Indicator) -> bool,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<Results, Stopped> {
        checked(
            desk,
            &self.accepted,
            &self.indicators,
            &self.snapshot,
            is_wanted,
            tell,
        )
    }
}

fn checked(
    desk: &Desk,
    accepted: &[Accepted],
    indicators: &Indicators,
    snapshot: &Snapshot,
    is_wanted: &dyn Fn(&Indicator) -> bool,
    tell: &mut dyn FnMut(Progress),
) -> Result<Results, Stopped> {
    let context = Context {
        synthetic: desk.lab.synthetic,
        data_date: data_date(desk.ledger.entries()),
        code_version: CODE_VERSION.to_owned(),
    };
    let cache = cache(&desk.home);
    let secrets = Secrets::read(&desk.home)?;
    let mut members: BTreeMap<&IndicatorId, Member> = BTreeMap::new();
    let mut held_back: BTreeMap<&IndicatorId, BTreeSet<CellName>> = BTreeMap::new();
    let evaluated = evaluated(indicators, snapshot, &context, &cache, tell);
    for (indicator, drafts) in indicators.list().iter().zip(evaluated) {
        let mut drafts = drafts?;
        key_inputs(&mut drafts, &secrets);
        if !drafts.is_empty() {
            let sources = sources(&drafts, accepted);
            let minimum = minimum(&desk.lab.disclosure, &drafts, &sources);
            let few = too_few_behind(&mut drafts, indicator.output_rule(), minimum);
            held_back.insert(indicator.id(), few);
            let member = Member {
                sources,
                tables: drafts,
                counted: Counted::default(),
            };
            members.insert(indicator.id(), member);
        }
    }
    let rests_on: BTreeMap<IndicatorId, Vec<(BodyId, DatasetId)>> = members
        .iter()
        .map(|(id, member)| ((*id).clone(), member.sources.clone()))
        .collect();
    let mut protected = protect_all(&desk.lab.disclosure, indicators, members)?;
    let mut results = Results::default();
    for indicator in indicators.list().iter().filter(|one| is_wanted(one)) {
        let Some(one) = protected.remove(indicator.id()) else {
            continue;
        };
        let few = held_back.remove(indicator.id()).unwrap_or_default();
        let one = hold_back(one, &few);
        results.tables.extend(one.tables);
        results.reports.push(one.report);
        let sources = rests_on.get(indicator.id()).into_iter().flatten();
        results.sources.extend(sources.cloned());
    }
    Ok(results)
}

/// The drafts of every indicator, in their order, made side by side.
fn evaluated(
    indicators: &Indicators,
    snapshot: &Snapshot,
    context: &Context,
    cache: &Path,
    tell: &mut dyn FnMut(Progress),
) -> Vec<Result<Vec<Draft<Table>>, EvaluateError>> {
    let list = indicators.list();
    let (finished, receiver) = channel();
    std::thread::scope(|scope| {
        let work = scope.spawn(|| {
            let one = |finished: &mut Sender<String>, indicator: &Indicator| {
                let drafts = evaluate(indicator, snapshot, context, cache);
                // Whoever listens lives until every sender is gone.
                let _ = finished.send(indicator.id().to_string());
                drafts
            };
            list.par_iter().map_with(finished, one).collect()
        });
        for (done, name) in receiver.iter().enumerate() {
            tell(Progress::Indicator {
                done: done + 1,
                total: list.len(),
                name,
            });
        }
        work.join()
            .expect("an evaluation answers and does not panic")
    })
}

/// Digests of the base become digests that only the lab can compute: lineage is public, and a small table could be searched for by a plain one.
fn key_inputs(drafts: &mut [Draft<Table>], secrets: &Secrets) {
    for draft in drafts {
        for input in &mut draft.0.header.lineage.inputs {
            input.digest = Digest(secrets.ids.hash("lineage", &input.digest.0));
        }
    }
}

/// The least units a cell of an indicator may rest on.
fn minimum(
    rules: &DisclosureRules,
    drafts: &[Draft<Table>],
    sources: &[(BodyId, DatasetId)],
) -> u64 {
    let tables = drafts.iter().map(|draft| &draft.0);
    let dimensions = tables.clone().flat_map(|table| &table.dimensions);
    let indicators = tables.map(|table| table.header.indicator.as_str());
    let variables: Vec<&str> = dimensions
        .map(|dimension| dimension.id.as_str())
        .chain(indicators)
        .collect();
    let rule = rules.for_table(sources, &variables);
    rule.minimum_frequency.get()
}

/// Every indicator protected: together with those that count the same units, else by itself.
fn protect_all<'i>(
    rules: &DisclosureRules,
    indicators: &Indicators,
    mut members: BTreeMap<&'i IndicatorId, Member>,
) -> Result<BTreeMap<&'i IndicatorId, Protected>, Stopped> {
    let mut sets: Vec<Vec<(&IndicatorId, Member)>> = Vec::new();
    for same_units in rules.same_units() {
        let mut set = Vec::new();
        for (id, counted) in same_units {
            if !indicators.list().iter().any(|known| known.id() == id) {
                let unknown = Diagnostic::new(codes::UNKNOWN_INDICATOR);
                return Err(Stopped::new(unknown.with("indicator", id.to_string())));
            }
            if let Some((id, member)) = members.remove_entry(id) {
                let counted = counted.clone();
                set.push((id, Member { counted, ..member }));
            }
        }
        sets.push(set);
    }
    sets.extend(members.into_iter().map(|one| vec![one]));
    let answers: Vec<_> = sets
        .into_par_iter()
        .map(|set| {
            let (ids, members): (Vec<_>, Vec<_>) = set.into_iter().unzip();
            protect_family(members, rules).map(|all| ids.into_iter().zip(all).collect::<Vec<_>>())
        })
        .collect();
    let mut protected = BTreeMap::new();
    for answer in answers {
        protected.extend(answer?);
    }
    Ok(protected)
}

fn cache(home: &Home) -> std::path::PathBuf {
    home.of(Part::Results).join("cells")
}

/// The day the last delivery came in.
fn data_date(entries: &[Entry]) -> String {
    entries
        .iter()
        .rev()
        .find(|entry| entry.outcome.is_done() && matches!(entry.act, Act::Received(_)))
        .map_or_else(String::new, |entry| {
            entry.time.strftime("%Y-%m-%d").to_string()
        })
}

/// The datasets that drafts rest on.
fn sources(drafts: &[Draft<Table>], accepted: &[Accepted]) -> Vec<(BodyId, DatasetId)> {
    let used: BTreeSet<&str> = drafts
        .iter()
        .flat_map(|draft| &draft.0.header.lineage.inputs)
        .flat_map(|input| &input.deliveries)
        .map(String::as_str)
        .collect();
    let mut sources: Vec<(BodyId, DatasetId)> = accepted
        .iter()
        .filter(|one| used.contains(one.delivery.as_str()))
        .map(|one| (one.body.clone(), one.dataset.clone()))
        .collect();
    sources.sort();
    sources.dedup();
    sources
}
