//! The results of the base that stands: drafts evaluated, then protected.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::mpsc::{Sender, channel};

use rayon::prelude::*;
use wdl_base::Snapshot;
use wdl_contract::Contracts;
use wdl_disclosure::between::{CellName, UnitSet};
use wdl_disclosure::{
    CellKey, Checked, Contributions, Dominated, Member, Protected, Report, dominated, hold_back,
    protect_family, too_few_behind,
};
use wdl_indicators::{
    Audience, Behind, BehindCell, Context, EvaluateError, Evaluated, Indicator, Indicators, SetsOf,
    evaluate_behind,
};
use wdl_ledger::{Act, Entry};
use wdl_protocol::{Counted, DisclosureRules, Rule};
use wdl_register::{Accepted, in_force};
use wdl_result::{Draft, Table};
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{BodyId, DatasetId, Diagnostic, Digest, IndicatorId};

use crate::build::{CODE_VERSION, Progress, latest, nothing_built};
use crate::change::{Paid, UnitsOf, change};
use crate::desk::Desk;
use crate::home::Part;
use crate::office::Secrets;
use crate::receive::accepted;
use crate::study::study_results;
use crate::{Home, Stopped};

/// The results of a snapshot, checked.
#[derive(Debug, Default)]
pub struct Results {
    /// The tables.
    pub tables: Vec<Checked<Table>>,
    /// What was hidden in them, indicator by indicator.
    pub reports: Vec<Report>,
    /// The datasets they rest on, sorted.
    pub sources: BTreeSet<(BodyId, DatasetId)>,
    /// What noise on each population has cost, where there is any.
    pub paid: Vec<Paid>,
    /// The sets of units that their cells count, where the definitions say who they are; they stay in the lab.
    pub units: BTreeMap<CellName, UnitSet>,
}

/// Every table of the snapshot that stands and that can be released, checked, and those of the studies that were run.
///
/// # Errors
/// [`Stopped`] when nothing is built, or a result cannot be made or protected.
pub fn results(desk: &Desk, tell: &mut dyn FnMut(Progress)) -> Result<Results, Stopped> {
    let ground = Standing::of(desk)?;
    let is_public = |indicator: &Indicator| indicator.audience() == Audience::Public;
    let mut results = ground.checked(desk, &is_public, tell)?;
    for (study, sources) in study_results(desk)? {
        results.tables.extend(study.tables);
        results.reports.extend(study.reports);
        results.sources.extend(sources);
    }
    Ok(results)
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

pub(crate) fn checked(
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
    let sets = SetsOf {
        key: set_key(&secrets),
        capacity: capacity(&desk.lab.disclosure),
    };
    let making = Making {
        snapshot,
        context: &context,
        cache: &cache,
        sets: &sets,
    };
    let evaluated = evaluated(indicators, &making, tell);
    let mut units: UnitsOf<'_> = BTreeMap::new();
    for (indicator, evaluated) in indicators.list().iter().zip(evaluated) {
        let Evaluated {
            tables: mut drafts,
            behind,
        } = evaluated?;
        key_inputs(&mut drafts, &secrets);
        if !drafts.is_empty() {
            let sources = sources(&drafts, accepted);
            let rule = rule(&desk.lab.disclosure, &drafts, &sources);
            let minimum = rule.minimum_frequency.get();
            let few = too_few_behind(&mut drafts, indicator.output_rule(), minimum);
            held_back.insert(indicator.id(), few);
            let member = Member {
                sources,
                tables: drafts,
                counted: Counted::default(),
                dominated: dominated_by(&behind, rule),
            };
            units.insert(indicator.id(), sets_of(indicator.id(), behind));
            members.insert(indicator.id(), member);
        }
    }
    let rests_on: BTreeMap<IndicatorId, Vec<(BodyId, DatasetId)>> = members
        .iter()
        .map(|(id, member)| ((*id).clone(), member.sources.clone()))
        .collect();
    let (changed, paid) = change(desk, indicators, &mut members, &units)?;
    let mut protected = protect_all(&desk.lab.disclosure, indicators, members)?;
    protected.extend(changed);
    let mut results = Results {
        paid,
        ..Results::default()
    };
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
        results
            .units
            .append(&mut units.remove(indicator.id()).unwrap_or_default());
    }
    Ok(results)
}

/// What every indicator is made from.
struct Making<'m> {
    snapshot: &'m Snapshot,
    context: &'m Context,
    cache: &'m Path,
    sets: &'m SetsOf,
}

/// The key under which ids go into sets of units: a secret of the lab, and of no other use.
fn set_key(secrets: &Secrets) -> [u64; 2] {
    let hash = secrets.ids.hash("sets of units", &[]);
    let word = |at: usize| {
        hash[at..][..8]
            .iter()
            .fold(0, |word, byte| word << 8 | u64::from(*byte))
    };
    [word(0), word(8)]
}

/// Sets are told apart up to the highest minimum that the lab has.
fn capacity(rules: &DisclosureRules) -> usize {
    let overrides = rules.overrides().iter().map(|one| one.rule);
    let all = overrides.chain([rules.general()]);
    let highest = all.map(|rule| rule.minimum_frequency.get()).max();
    highest.unwrap_or_default() as usize
}

/// The amounts that the rule hides although their counts are large enough.
fn dominated_by(behind: &[BehindCell], rule: Rule) -> Dominated {
    let contributions: Vec<(CellKey, Contributions)> = behind
        .iter()
        .map(|cell| {
            let Behind {
                contributors,
                largest,
                total,
                ..
            } = &cell.behind;
            let own = Contributions {
                contributors: *contributors,
                largest: largest.clone(),
                total: *total,
            };
            ((cell.period, cell.keys.clone()), own)
        })
        .collect();
    let cells = contributions.iter().map(|(key, own)| (key.clone(), own));
    dominated(cells, rule)
}

/// The sets of units that are known, by cell.
fn sets_of(indicator: &IndicatorId, behind: Vec<BehindCell>) -> BTreeMap<CellName, UnitSet> {
    let known = behind.into_iter().filter_map(|cell| {
        let name = CellName {
            indicator: indicator.clone(),
            period: cell.period,
            keys: cell.keys,
        };
        Some((name, UnitSet::from(cell.behind.units?)))
    });
    known.collect()
}

/// The drafts of every indicator, in their order, made side by side.
fn evaluated(
    indicators: &Indicators,
    making: &Making<'_>,
    tell: &mut dyn FnMut(Progress),
) -> Vec<Result<Evaluated, EvaluateError>> {
    let list = indicators.list();
    let (finished, receiver) = channel();
    std::thread::scope(|scope| {
        let work = scope.spawn(|| {
            let one = |finished: &mut Sender<String>, indicator: &Indicator| {
                let Making {
                    snapshot,
                    context,
                    cache,
                    sets,
                } = making;
                let drafts = evaluate_behind(indicator, *snapshot, context, cache, sets);
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
pub(crate) fn key_inputs(drafts: &mut [Draft<Table>], secrets: &Secrets) {
    for draft in drafts {
        for input in &mut draft.0.header.lineage.inputs {
            input.digest = Digest(secrets.ids.hash("lineage", &input.digest.0));
        }
    }
}

/// The rule for an indicator.
fn rule(rules: &DisclosureRules, drafts: &[Draft<Table>], sources: &[(BodyId, DatasetId)]) -> Rule {
    let tables = drafts.iter().map(|draft| &draft.0);
    let dimensions = tables.clone().flat_map(|table| &table.dimensions);
    let indicators = tables.map(|table| table.header.indicator.as_str());
    let variables: Vec<&str> = dimensions
        .map(|dimension| dimension.id.as_str())
        .chain(indicators)
        .collect();
    rules.for_table(sources, &variables)
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
pub(crate) fn data_date(entries: &[Entry]) -> String {
    entries
        .iter()
        .rev()
        .find(|entry| entry.outcome.is_done() && matches!(entry.act, Act::Received(_)))
        .map_or_else(String::new, |entry| {
            entry.time.strftime("%Y-%m-%d").to_string()
        })
}

/// The datasets that drafts rest on.
pub(crate) fn sources(drafts: &[Draft<Table>], accepted: &[Accepted]) -> Vec<(BodyId, DatasetId)> {
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
