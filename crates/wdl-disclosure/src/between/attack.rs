//! The three attacks on a new release with all earlier ones at hand.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use wdl_vocab::Period;

use crate::between::bounds::{self, Asked, Equations, Failure, Verdict};
use crate::between::edition::{CellName, Edition, Ground};
use crate::between::explain;
use crate::between::finding::{Attack, Finding, Mention};
use crate::between::pool::{self, Place, Pool, Statement};
use crate::between::region::{Region, is_inside};
use crate::between::sets::UnitSet;
use crate::between::stack::{Row, Stack};
use crate::between::unproved::{Unproved, Why};
use crate::report::Quantity;

/// So many exposed cells of one population and period are traced to what exposes them; of the others only the cell is named.
const MOST_EXPLAINED: usize = 5;
/// So many releases that contradict the rest are looked for; with more of them the new release is bounded alone.
const MOST_SET_ASIDE: usize = 3;

/// What the check of a release found.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Every way in which it would give somebody away; none when it may leave.
    pub findings: Vec<Finding>,
    /// What could not be bounded, because what was told contradicts itself or is too large: a reviewer must see it.
    pub unproved: Vec<Unproved>,
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
    unproved: Vec<Unproved>,
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
        let all = || self.pool.statements.iter();
        let ours = all().filter(|one| one.is_in(self.new));
        let versions: BTreeSet<u16> = ours.map(|one| one.version).collect();
        let shown = || {
            let ours = all().filter(|one| versions.contains(&one.version));
            ours.filter(|one| one.value.is_some() && !is_absence(one))
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
                let is_few = match inner.away + outer.away {
                    0 => between
                        .is_some_and(|(outer, inner)| outer > inner && outer - inner < minimum),
                    _ => are_near(inner, outer, minimum) == Some(true),
                };
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
        type Cells<'c> = BTreeSet<(&'c Region, Option<u64>)>;
        let mut ours: Cells<'_> = BTreeSet::new();
        let mut theirs: BTreeMap<u16, Cells<'_>> = BTreeMap::new();
        for one in &self.pool.statements {
            if one.is_in(self.new) {
                ours.insert((&one.region, one.value));
            }
            if one.is_before(self.new) {
                let own = theirs.entry(one.version).or_default();
                own.insert((&one.region, one.value));
            }
        }
        if theirs.values().any(|theirs| ours.is_subset(theirs)) {
            return false;
        }
        let theirs: Cells<'_> = theirs.into_values().flatten().collect();
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
        let cell = self.mention(&self.place(&statements[*first]));
        let unproved = |why, at: &[usize], set_aside: &[u32]| Unproved {
            why,
            cells: match at {
                [] => vec![cell.clone()],
                some => {
                    let some = some.iter().take(MOST_EXPLAINED);
                    some.map(|at| self.mention(&self.place(&statements[*at])))
                        .collect()
                }
            },
            releases: set_aside.iter().map(|at| self.name(*at)).collect(),
        };
        let Some(stack) = Stack::new(self.pool, self.new) else {
            told.unproved.push(unproved(Why::TooLarge, &[], &[]));
            return;
        };
        let bears = |at: &usize| stack.bears(&statements[*at]);
        let hidden: Vec<usize> = hidden.into_iter().filter(bears).collect();
        let all: Vec<usize> = (0..statements.len()).filter(bears).collect();
        let mut combined = Combined {
            attacker: self,
            stack: &stack,
            told: all,
        };
        let verdicts = match combined.judge(&hidden) {
            Err(Failure::Contradiction) => {
                // What contradicts the rest is set aside, said so, and the rest is bounded.
                let set_aside = combined.reconcile();
                told.unproved
                    .push(unproved(Why::Contradiction, &[], &set_aside));
                combined.judge(&hidden)
            }
            other => other,
        };
        let verdicts = match verdicts {
            Ok(verdicts) => verdicts,
            Err(Failure::Contradiction) => return,
            Err(Failure::GaveUp) => {
                told.unproved.push(unproved(Why::GaveUp, &[], &[]));
                return;
            }
        };
        let doubtful: Vec<usize> = verdicts
            .iter()
            .filter(|(_, verdict)| **verdict == Verdict::Unproved)
            .map(|(at, _)| *at)
            .collect();
        if !doubtful.is_empty() {
            told.unproved.push(unproved(Why::GaveUp, &doubtful, &[]));
        }
        let exposed = verdicts
            .iter()
            .filter(|(_, verdict)| **verdict == Verdict::Exposed);
        for (count, (at, _)) in exposed.enumerate() {
            let target = &statements[*at];
            let means = match count < MOST_EXPLAINED {
                true => combined.explain(*at),
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

    fn name(&self, edition: u32) -> String {
        self.editions[edition as usize].name.clone()
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

/// The third attack on one pool.
struct Combined<'p> {
    attacker: &'p Attacker<'p>,
    stack: &'p Stack<'p, 'p>,
    /// The statements that are stacked.
    told: Vec<usize>,
}

impl Combined<'_> {
    fn statement(&self, at: usize) -> &Statement<'_> {
        &self.attacker.pool.statements[at]
    }

    fn asked(&self, at: usize) -> Asked {
        let statement = self.statement(at);
        Asked {
            unknowns: self.stack.unknowns_of(statement),
            needed: statement.needed,
            minimum: statement.minimum,
        }
    }

    /// What becomes of each hidden cell; cells that come to the same unknowns, as on versions between which nothing changed, are asked for once.
    fn judge(&self, hidden: &[usize]) -> Result<BTreeMap<usize, Verdict>, Failure> {
        let (before, added): (Vec<usize>, Vec<usize>) = self
            .told
            .iter()
            .copied()
            .partition(|at| self.statement(*at).is_before(self.attacker.new));
        let mut said = BTreeSet::new();
        let mut rows = self.stack.ties().to_vec();
        rows.extend(self.stack.rows(&before, &mut said));
        let equations = Equations {
            unknowns: self.stack.unknowns(),
            before: &rows,
            added: &self.stack.rows(&added, &mut said),
        };
        let mut asked: BTreeMap<Asked, Vec<usize>> = BTreeMap::new();
        for at in hidden {
            asked.entry(self.asked(*at)).or_default().push(*at);
        }
        let (questions, cells): (Vec<Asked>, Vec<Vec<usize>>) = asked.into_iter().unzip();
        let verdicts = equations.judge(&questions)?;
        let of_cells = verdicts.into_iter().zip(cells);
        Ok(of_cells
            .flat_map(|(verdict, cells)| cells.into_iter().map(move |at| (at, verdict)))
            .collect())
    }

    /// Sets the releases aside, latest first, that contradict this one and those after them; tells which.
    ///
    /// All that are left, when more than a few do; none when this one contradicts itself, which is then alone.
    fn reconcile(&mut self) -> Vec<u32> {
        let new = self.attacker.new;
        let all = std::mem::take(&mut self.told);
        let mut left: Vec<u32> = all
            .iter()
            .flat_map(|at| self.statement(*at).places.iter())
            .map(|place| place.edition)
            .filter(|edition| *edition != new)
            .collect::<BTreeSet<u32>>()
            .into_iter()
            .rev()
            .collect();
        let of = |editions: &BTreeSet<u32>| -> Vec<usize> {
            let is_of = |at: &usize| {
                let places = &self.statement(*at).places;
                places.iter().any(|place| editions.contains(&place.edition))
            };
            all.iter().copied().filter(is_of).collect()
        };
        let agree = |editions: &BTreeSet<u32>| {
            let mut rows = self.stack.ties().to_vec();
            rows.extend(self.stack.rows(&of(editions), &mut BTreeSet::new()));
            bounds::agree(self.stack.unknowns(), &rows).is_ok()
        };
        let with = |kept: &BTreeSet<u32>, more: &[u32]| -> BTreeSet<u32> {
            kept.iter().chain(more).copied().collect()
        };
        let mut kept = BTreeSet::from([new]);
        let mut set_aside = Vec::new();
        while !left.is_empty() && !agree(&with(&kept, &left)) {
            if set_aside.is_empty() && !agree(&kept) {
                left.clear();
                break;
            }
            if set_aside.len() == MOST_SET_ASIDE {
                set_aside.append(&mut left);
                break;
            }
            // The first that does not fit: those before it do, with it they do not.
            let (mut fit, mut too_many) = (0, left.len());
            while too_many - fit > 1 {
                let middle = fit.midpoint(too_many);
                match agree(&with(&kept, &left[..middle])) {
                    true => fit = middle,
                    false => too_many = middle,
                }
            }
            kept.extend(&left[..fit]);
            set_aside.push(left[fit]);
            left.drain(..=fit);
        }
        kept.extend(left);
        self.told = of(&kept);
        set_aside
    }

    /// The cells that expose a hidden one, those of the new release first, then the latest.
    fn explain(&self, target: usize) -> Vec<Mention> {
        let asked = self.asked(target);
        let told = self.told.iter().copied();
        let mut shown: Vec<usize> = told
            .filter(|at| self.statement(*at).value.is_some())
            .collect();
        let latest = |at: &usize| {
            let places = self.statement(*at).places.iter();
            places.map(|place| place.edition).max()
        };
        shown.sort_by_key(|at| (std::cmp::Reverse(latest(at)), *at));
        let is_enough = |some: &[usize]| {
            let rows = self.stack.rows(some, &mut BTreeSet::new());
            let all: Vec<&Row> = self.stack.ties().iter().chain(&rows).collect();
            bounds::exposes(&all, &asked)
        };
        // The fewest of the preferred that are enough: the rest would be left out anyway.
        let mut enough = 1;
        while enough < shown.len() && !is_enough(&shown[..enough]) {
            enough *= 2;
        }
        shown.truncate(enough);
        let means = explain::least(&shown, &is_enough);
        means
            .iter()
            .map(|at| self.statement(*at))
            .filter(|one| !is_absence(one))
            .map(|one| self.attacker.mention(&self.attacker.place(one)))
            .collect()
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
    if let Some(is_near) = are_near(now, then, minimum) {
        return is_near;
    }
    // Of numbers that are not exact the difference tells nothing for certain.
    if now.away + then.away > 0 {
        return false;
    }
    let apart = match now.version == then.version {
        true => 0,
        false => one.abs_diff(other),
    };
    0 < apart && apart < minimum
}

/// The same of the units themselves; `None` where they are not known.
fn are_near(one: &Statement<'_>, other: &Statement<'_>, minimum: u64) -> Option<bool> {
    let (one, other) = one.units.zip(other.units)?;
    one.is_near(other, minimum)
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
///
/// One of the two was told before: within one release they are the matter of disclosure control.
/// What earlier releases gave away without this one is no finding: holding this one would not take it back.
fn cohorts(ground: &Ground, earlier: &[Edition<'_>], new: &Edition<'_>) -> Vec<Finding> {
    let mut spots: BTreeMap<Spot<'_>, Vec<(usize, &CellName, &UnitSet)>> = new
        .facts
        .sets()
        .map(|(name, _)| ((name.period, name.keys.as_slice()), Vec::new()))
        .collect();
    if spots.is_empty() {
        return Vec::new();
    }
    let editions: Vec<&Edition<'_>> = earlier.iter().chain([new]).collect();
    let last = earlier.len();
    let mut seen: BTreeSet<(&CellName, &UnitSet)> = BTreeSet::new();
    // The latest first: of what is told again and again the last is named.
    for (at, edition) in editions.iter().enumerate().rev() {
        for (name, units) in edition.facts.sets() {
            let own = spots.get_mut(&(name.period, name.keys.as_slice()));
            if let Some(own) = own.filter(|_| at == last || seen.insert((name, units))) {
                own.push((at, name, units));
            }
        }
    }
    let mut findings = Vec::new();
    for own in spots.values() {
        for (at, name, units) in own.iter().filter(|(at, ..)| *at == last) {
            let minimum = |edition: &Edition<'_>, name: &CellName| {
                table_of(edition, name).map_or(0, |table| pool::minimum(ground, edition, table))
            };
            let mention = |at: usize, name: &CellName| {
                let release = (at != last).then(|| editions[at].name.clone());
                shown_cell(editions[at], name)
                    .map(|(table, cell)| Mention::new(release, table, cell, Quantity::Units))
            };
            let Some(target) = mention(*at, name) else {
                continue;
            };
            let near = own.iter().find_map(|(other_at, other, set)| {
                let (space, _) = ground.space(&name.indicator);
                if *other_at == last || space == ground.space(&other.indicator).0 {
                    return None;
                }
                let minimum = minimum(new, name).max(minimum(editions[*other_at], other));
                let was_near = own.iter().any(|(at, before, units)| {
                    *at != last && before == name && units.is_near(set, minimum) == Some(true)
                });
                let is_near = !was_near && units.is_near(set, minimum) == Some(true);
                let means = is_near.then(|| mention(*other_at, other)).flatten()?;
                Some((means, minimum))
            });
            if let Some((means, minimum)) = near {
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
