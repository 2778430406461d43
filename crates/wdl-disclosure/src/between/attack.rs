//! The three attacks on a new release with all earlier ones at hand.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use wdl_vocab::Period;

use crate::between::edition::{CellName, Edition, Ground};
use crate::between::explain;
use crate::between::finding::{Attack, Finding, Mention};
use crate::between::pool::{self, Place, Pool, Statement};
use crate::between::region::{Region, is_inside};
use crate::between::sets::UnitSet;
use crate::between::stack::{Bounds, Stack};
use crate::report::Quantity;

/// So many exposed cells of one population and period are traced to what exposes them; of the others only the cell is named.
const MOST_EXPLAINED: usize = 5;

/// What the check of a release found.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Every way in which it would give somebody away; none when it may leave.
    pub findings: Vec<Finding>,
    /// Cells whose bounds could not be proved, because what was told contradicts itself or is too large: one of each population and period.
    pub unproved: Vec<CellName>,
    /// How many earlier releases it was held against.
    pub earlier: usize,
    /// How many different statements were stacked.
    pub statements: usize,
}

/// Holds a new release against all earlier ones.
pub fn check(ground: &Ground, earlier: &[Edition<'_>], new: &Edition<'_>) -> Outcome {
    let mut editions: Vec<Edition<'_>> = earlier.to_vec();
    editions.push(new.clone());
    let pools = pool::gather(ground, &editions);
    let told: Vec<Told> = pools
        .par_iter()
        .map(|pool| {
            let attacker = Attacker {
                ground,
                editions: &editions,
                pool,
                new: earlier.len() as u32,
            };
            attacker.attack()
        })
        .collect();
    let mut outcome = Outcome {
        earlier: earlier.len(),
        statements: pools.iter().map(|pool| pool.statements.len()).sum(),
        ..Outcome::default()
    };
    for told in told {
        outcome.findings.extend(told.findings);
        outcome.unproved.extend(told.unproved);
    }
    outcome.findings.extend(cohorts(ground, earlier, new));
    outcome
}

/// What was found in one pool.
#[derive(Default)]
struct Told {
    findings: Vec<Finding>,
    unproved: Option<CellName>,
}

struct Attacker<'p> {
    ground: &'p Ground,
    editions: &'p [Edition<'p>],
    pool: &'p Pool<'p>,
    new: u32,
}

impl Attacker<'_> {
    fn attack(&self) -> Told {
        let mut told = Told::default();
        let is_told = |one: &Statement<'_>| one.is_in(self.new) && !is_absence(one);
        if !self.pool.statements.iter().any(is_told) {
            return told;
        }
        told.findings.extend(self.same_cells());
        told.findings.extend(self.one_inside());
        if self.says_more() {
            self.combine(&mut told);
        }
        told
    }

    /// The same cell on two versions of the base: too few units came or went.
    fn same_cells(&self) -> Vec<Finding> {
        let mut cells: BTreeMap<(&Region, &str, Quantity), Vec<&Statement<'_>>> = BTreeMap::new();
        for statement in self.pool.statements.iter().filter(|one| !is_absence(one)) {
            for place in &statement.places {
                let indicator = self.table(place).header.indicator.as_str();
                let all = cells
                    .entry((&statement.region, indicator, place.quantity))
                    .or_default();
                if !all
                    .last()
                    .is_some_and(|last| std::ptr::eq(*last, statement))
                {
                    all.push(statement);
                }
            }
        }
        let mut findings = Vec::new();
        for ((_, indicator, quantity), all) in cells {
            let is_it = |place: &&Place| {
                place.quantity == quantity
                    && self.table(place).header.indicator.as_str() == indicator
            };
            let place = |one: &Statement<'_>, is_new: bool| {
                let wanted = |place: &&Place| is_it(place) && (place.edition == self.new) == is_new;
                one.places.iter().rev().find(wanted).copied()
            };
            for now in all.iter().filter(|one| one.value.is_some()) {
                let Some(at) = place(now, true) else { continue };
                let near = all.iter().rev().find_map(|then| {
                    let before = place(then, false)?;
                    is_near(now, then).then_some((before, now.minimum.max(then.minimum)))
                });
                if let Some((before, minimum)) = near {
                    findings.push(Finding {
                        attack: Attack::SameCell,
                        target: self.mention(&at),
                        means: vec![self.mention(&before)],
                        minimum,
                    });
                }
            }
        }
        findings
    }

    /// A cell inside another of the same version that no one release told together: too few units lie between.
    fn one_inside(&self) -> Vec<Finding> {
        let shown = || {
            let all = self.pool.statements.iter();
            all.filter(|one| one.value.is_some() && !is_absence(one))
        };
        let mut by_region: HashMap<(u16, &Region), &Statement<'_>> = HashMap::new();
        let mut sets: BTreeMap<u16, BTreeSet<&Vec<u16>>> = BTreeMap::new();
        for statement in shown() {
            by_region
                .entry((statement.version, &statement.region))
                .or_insert(statement);
            for (axis, places) in &statement.region {
                sets.entry(*axis).or_default().insert(places);
            }
        }
        let mut findings = Vec::new();
        for inner in shown() {
            for outer in enclosing(&inner.region, &sets) {
                let Some(outer) = by_region.get(&(inner.version, &outer)) else {
                    continue;
                };
                let is_ours = inner.is_in(self.new) || outer.is_in(self.new);
                if !is_ours || inner.shares_edition(outer) {
                    continue;
                }
                let minimum = inner.minimum.max(outer.minimum);
                let between = outer.value.zip(inner.value);
                let is_few =
                    between.is_some_and(|(outer, inner)| outer > inner && outer - inner < minimum);
                if is_few {
                    findings.push(Finding {
                        attack: Attack::OneInside,
                        target: self.mention(&self.place(inner)),
                        means: vec![self.mention(&self.place(outer))],
                        minimum,
                    });
                }
            }
        }
        findings
    }

    /// Whether the new release tells more than one that is out already, or was not proved as a whole by itself.
    fn says_more(&self) -> bool {
        let told = |is_ours: &dyn Fn(&Statement<'_>) -> bool| -> BTreeSet<(&Region, Option<u64>)> {
            let all = self.pool.statements.iter();
            all.filter(|one| is_ours(one))
                .map(|one| (&one.region, one.value))
                .collect()
        };
        let ours = told(&|one| one.is_in(self.new));
        let versions: BTreeSet<u16> = self
            .pool
            .statements
            .iter()
            .filter(|one| one.is_before(self.new))
            .map(|one| one.version)
            .collect();
        let repeats = versions.iter().any(|version| {
            let theirs = told(&|one| one.is_before(self.new) && one.version == *version);
            ours.is_subset(&theirs)
        });
        if repeats {
            return false;
        }
        let theirs = told(&|one| one.is_before(self.new));
        let is_one_version = self.pool.versions == 1;
        let is_proved = theirs.is_empty() || (is_one_version && theirs.is_subset(&ours));
        self.ground.is_one_space() || !is_proved
    }

    /// Every hidden cell against everything that was told.
    fn combine(&self, told: &mut Told) {
        let statements = &self.pool.statements;
        let hidden: Vec<usize> = (0..statements.len())
            .filter(|at| statements[*at].value.is_none())
            .collect();
        let Some(first) = hidden.first() else { return };
        let unproved = || {
            Some(CellName::clone(
                &self.mention(&self.place(&statements[*first])).cell,
            ))
        };
        let Some(stack) = Stack::new(self.pool) else {
            told.unproved = unproved();
            return;
        };
        let all: Vec<usize> = (0..statements.len()).collect();
        let before: Vec<usize> = all
            .iter()
            .copied()
            .filter(|at| statements[*at].is_before(self.new))
            .collect();
        let (settled, settled_before) = (stack.settle(&all), stack.settle(&before));
        let mut explained = 0;
        for at in hidden.iter().copied() {
            let target = &statements[at];
            let exposed = |bounds| is_exposed(bounds, target);
            match exposed(stack.bounds(&settled, &target.region, target.version)) {
                None => {
                    told.unproved = told.unproved.take().or_else(unproved);
                    continue;
                }
                Some(false) => continue,
                Some(true) => {}
            }
            // What earlier releases gave away without this one cannot be taken back by holding this one.
            let before = stack.bounds(&settled_before, &target.region, target.version);
            if exposed(before) == Some(true) {
                continue;
            }
            explained += 1;
            let means = match explained <= MOST_EXPLAINED {
                true => self.explain(&stack, target),
                false => Vec::new(),
            };
            told.findings.push(Finding {
                attack: Attack::Combined,
                target: self.mention(&self.place(target)),
                means,
                minimum: target.minimum,
            });
        }
    }

    /// The cells that expose a hidden one, those of the new release first, then the latest.
    fn explain(&self, stack: &Stack<'_, '_>, target: &Statement<'_>) -> Vec<Mention> {
        let statements = &self.pool.statements;
        let mut shown: Vec<usize> = (0..statements.len())
            .filter(|at| statements[*at].value.is_some())
            .collect();
        let latest = |at: &usize| {
            statements[*at]
                .places
                .iter()
                .map(|place| place.edition)
                .max()
        };
        shown.sort_by_key(|at| (std::cmp::Reverse(latest(at)), *at));
        let is_enough = |some: &[usize]| {
            let settled = stack.settle(some);
            let bounds = stack.bounds(&settled, &target.region, target.version);
            is_exposed(bounds, target) == Some(true)
        };
        let means = explain::least(&shown, &is_enough);
        means
            .iter()
            .map(|at| &statements[*at])
            .filter(|one| !is_absence(one))
            .map(|one| self.mention(&self.place(one)))
            .collect()
    }

    fn table(&self, place: &Place) -> &wdl_result::Table {
        self.editions[place.edition as usize].tables[place.table as usize]
    }

    /// Where a statement is named from: the new release when it tells it, else the latest that did.
    fn place(&self, statement: &Statement<'_>) -> Place {
        let latest = statement.places.iter().map(|place| place.edition).max();
        let named = statement
            .places
            .iter()
            .find(|place| Some(place.edition) == latest);
        *named.expect("a statement stands somewhere")
    }

    fn mention(&self, place: &Place) -> Mention {
        let table = self.table(place);
        let edition = &self.editions[place.edition as usize];
        let release = (place.edition != self.new).then(|| edition.name.clone());
        Mention::new(
            release,
            table,
            &table.cells[place.cell as usize],
            place.quantity,
        )
    }
}

/// Whether a statement only says that nobody is in a category that its table leaves out.
fn is_absence(statement: &Statement<'_>) -> bool {
    statement.places[0].quantity == Quantity::Without
}

/// Whether two counts of a cell differ by fewer units than the minimum, and not by none.
fn is_near(now: &Statement<'_>, then: &Statement<'_>) -> bool {
    let minimum = now.minimum.max(then.minimum);
    let (Some(one), Some(other)) = (now.value, then.value) else {
        return false;
    };
    let apart = match (now.units, then.units) {
        (Some(now), Some(then)) => now.differs_by(then, minimum),
        _ if now.version == then.version => 0,
        _ => one.abs_diff(other),
    };
    0 < apart && apart < minimum
}

/// Whether the bounds of a hidden cell are tighter than they may be; `None` when they are not known.
fn is_exposed(bounds: Bounds, target: &Statement<'_>) -> Option<bool> {
    let (least, most) = match bounds {
        Bounds::Between(_, None) => return Some(false),
        Bounds::Between(least, Some(most)) => (least, most),
        Bounds::Contradiction | Bounds::Unknown => return None,
    };
    let width = most - least;
    let minimum = target.minimum as i64;
    Some(match target.needed {
        Some(needed) => width < needed as i64,
        None => width < 1 || (least < minimum && width < minimum),
    })
}

/// The regions around one that differ from it in one axis, among those that somebody tells.
fn enclosing(inner: &Region, sets: &BTreeMap<u16, BTreeSet<&Vec<u16>>>) -> Vec<Region> {
    let mut found = Vec::new();
    for at in 0..inner.len() {
        let mut without = inner.clone();
        let (axis, places) = without.remove(at);
        found.push(without);
        for wider in sets.get(&axis).into_iter().flatten() {
            let region = {
                let mut region = inner.clone();
                region[at].1 = (*wider).clone();
                region
            };
            if wider.len() > places.len() && is_inside(inner, &region) {
                found.push(region);
            }
        }
    }
    found
}

/// A cell by its breakdown, of whatever indicator.
type Spot<'e> = (Period, &'e [(String, String)]);

/// Populations of different indicators that differ by too few units, where the exact sets are known.
fn cohorts(ground: &Ground, earlier: &[Edition<'_>], new: &Edition<'_>) -> Vec<Finding> {
    let mut spots: BTreeMap<Spot<'_>, Vec<(usize, &CellName, &UnitSet)>> = BTreeMap::new();
    let editions: Vec<&Edition<'_>> = earlier.iter().chain([new]).collect();
    for (at, edition) in editions.iter().enumerate() {
        for (name, units) in edition.facts.sets() {
            let own = spots.entry((name.period, &name.keys)).or_default();
            if !own
                .iter()
                .any(|(_, other, set)| *other == name && *set == units)
            {
                own.push((at, name, units));
            }
        }
    }
    let last = earlier.len();
    let mut findings = Vec::new();
    for own in spots.values() {
        for (at, name, units) in own.iter().filter(|(at, ..)| *at == last) {
            let minimum = |edition: &Edition<'_>, name: &CellName| {
                table_of(edition, name).map_or(0, |table| pool::minimum(ground, edition, table))
            };
            let near = own.iter().find_map(|(other_at, other, set)| {
                let (space, _) = ground.space(&name.indicator);
                if space == ground.space(&other.indicator).0 {
                    return None;
                }
                let minimum = minimum(new, name).max(minimum(editions[*other_at], other));
                let apart = units.differs_by(set, minimum);
                (0 < apart && apart < minimum).then_some((*other_at, *other, minimum))
            });
            let Some((other_at, other, minimum)) = near else {
                continue;
            };
            let mention = |at: usize, name: &CellName| {
                let release = (at != last).then(|| editions[at].name.clone());
                shown_cell(editions[at], name)
                    .map(|(table, cell)| Mention::new(release, table, cell, Quantity::Units))
            };
            if let (Some(target), Some(means)) = (mention(*at, name), mention(other_at, other)) {
                findings.push(Finding {
                    attack: Attack::SameCell,
                    target,
                    means: vec![means],
                    minimum,
                });
            }
        }
    }
    findings
}

fn table_of<'e>(edition: &Edition<'e>, name: &CellName) -> Option<&'e wdl_result::Table> {
    let mut tables = edition.tables.iter().copied();
    tables.find(|table| table.header.indicator == name.indicator)
}

/// The cell of a name where a table shows it.
fn shown_cell<'e>(
    edition: &Edition<'e>,
    name: &CellName,
) -> Option<(&'e wdl_result::Table, &'e wdl_result::Cell)> {
    let tables = edition.tables.iter().copied();
    tables
        .filter(|table| table.header.indicator == name.indicator)
        .find_map(|table| {
            let is_it =
                |cell: &&wdl_result::Cell| cell.n.is_some() && CellName::of(table, cell) == *name;
            table.cells.iter().find(is_it).map(|cell| (table, cell))
        })
}
