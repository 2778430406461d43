//! From tables and rules to the problem: which cells are hidden for their own sake, which sums of hidden cells are as telling, and who knows what.

use std::collections::{BTreeMap, BTreeSet};

use crate::bounds::Form;
use crate::primary::{Contribution, Judged, Reason, Rules, Sensitive, sensitive};
use crate::problem::{Problem, System, Target, Treatment};
use crate::table::{Linked, Table};

/// Cells tied by sums, with what the rules look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Material {
    /// The cells.
    pub system: System,
    /// Units, by cell.
    pub units: Vec<u64>,
    /// Who contributes, by cell; empty where it is not known.
    pub contributions: Vec<Vec<Contribution>>,
    /// Whether a cell holds all units of a group, by cell.
    pub is_whole: Vec<bool>,
    /// Who alone contributes to a cell, by cell: equal numbers are the same contributor.
    pub sole: Vec<Option<usize>>,
    /// Cells that make a table without further levels, from the top down: where large tables are searched.
    pub modules: Vec<Vec<usize>>,
}

impl Material {
    /// Cells without contributors: a system of counts.
    pub fn counts(system: System) -> Material {
        let cells = system.len();
        let one = 10i64.pow(system.decimals());
        let values = system.values().iter();
        let units: Vec<u64> = values
            .map(|value| u64::try_from(value / one).unwrap_or(0))
            .collect();
        Material {
            sole: sole_units(&system, &units),
            modules: modules(&system),
            units,
            contributions: vec![Vec::new(); cells],
            is_whole: vec![false; cells],
            system,
        }
    }

    /// Tables that share cells, or one.
    pub fn linked(tables: &[Table], linked: Linked) -> Material {
        let cells = linked.system.len();
        let mut material = Material {
            system: linked.system,
            units: vec![0; cells],
            contributions: vec![Vec::new(); cells],
            is_whole: vec![false; cells],
            sole: vec![None; cells],
            modules: Vec::new(),
        };
        let mut holders: BTreeMap<String, usize> = BTreeMap::new();
        for (table, places) in tables.iter().zip(&linked.places) {
            for (at, place) in places.iter().enumerate() {
                let cell = &table.cells()[at];
                material.units[*place] = cell.units;
                material.is_whole[*place] |= table.is_whole(at);
                if material.contributions[*place].len() < cell.contributions.len() {
                    material.contributions[*place].clone_from(&cell.contributions);
                }
            }
            material.find_sole(table, places, &mut holders);
            let placed = |module: Vec<usize>| module.into_iter().map(|at| places[at]).collect();
            material
                .modules
                .extend(table.modules().into_iter().map(placed));
        }
        material
    }

    /// Takes over what cells known by their numbers count, where no table says it.
    pub fn count(&mut self, other: &Material, places: &[usize]) {
        let apart = self.sole.iter().flatten().max().map_or(0, |most| most + 1);
        for (at, place) in places.iter().enumerate() {
            if self.contributions[*place].is_empty() {
                self.units[*place] = self.units[*place].max(other.units[at]);
                self.sole[*place] = self.sole[*place].or(other.sole[at].map(|one| one + apart));
            }
        }
        let placed = |module: &Vec<usize>| module.iter().map(|at| places[*at]).collect();
        self.modules.extend(other.modules.iter().map(placed));
    }

    /// Who alone contributes: by name where contributors are named, else the one unit of a leaf.
    fn find_sole(
        &mut self,
        table: &Table,
        places: &[usize],
        holders: &mut BTreeMap<String, usize>,
    ) {
        for (at, place) in places.iter().enumerate() {
            let cell = &table.cells()[at];
            if let Some(first) = cell.contributions.first() {
                if cell.contributions.iter().all(|one| one.by == first.by) {
                    let next = holders.len();
                    let holder = *holders.entry(first.by.clone()).or_insert(next);
                    self.sole[*place] = Some(holder);
                }
            } else if cell.units == 1 && table.is_leaf(at) {
                let next = holders.len();
                let holder = *holders
                    .entry(format!("cell {}", self.system.names()[*place]))
                    .or_insert(next);
                for above in table.above(at) {
                    if table.cells()[above].units == 1 {
                        self.sole[places[above]].get_or_insert(holder);
                    }
                }
            }
        }
    }
}

/// For each total the cells below it, level by level, up to a number that can be decided at once.
fn modules(system: &System) -> Vec<Vec<usize>> {
    let mut sums_of: Vec<Vec<usize>> = vec![Vec::new(); system.len()];
    for (at, equation) in system.equations().iter().enumerate() {
        for (cell, _) in equation.iter().filter(|(_, by)| *by < 0) {
            sums_of[*cell].push(at);
        }
    }
    let below = |top: usize| {
        let mut cells = vec![top];
        let mut is_in = vec![false; system.len()];
        is_in[top] = true;
        let mut next = 0;
        while next < cells.len() && cells.len() < LARGE_MODULE {
            for sum in &sums_of[cells[next]] {
                for (cell, _) in &system.equations()[*sum] {
                    if !std::mem::replace(&mut is_in[*cell], true) {
                        cells.push(*cell);
                    }
                }
            }
            next += 1;
        }
        cells
    };
    (0..system.len())
        .filter(|cell| !sums_of[*cell].is_empty())
        .map(below)
        .collect()
}

/// So many cells of a table of sums are searched at once.
const LARGE_MODULE: usize = 600;

/// The one unit of each cell that counts one: that of a total is that of its part.
fn sole_units(system: &System, units: &[u64]) -> Vec<Option<usize>> {
    let mut holder: Vec<usize> = (0..units.len()).collect();
    // Few steps: a person climbs through no more levels than there are equations, and most climb two or three.
    loop {
        let before = holder.clone();
        for equation in system.equations() {
            let ones = equation.iter().filter(|(cell, _)| units[*cell] == 1);
            let ones: Vec<usize> = ones.map(|(cell, _)| *cell).collect();
            let is_one = equation
                .iter()
                .any(|(cell, by)| *by < 0 && units[*cell] == 1);
            let least = ones.iter().map(|cell| holder[*cell]).min();
            if let (true, Some(least)) = (is_one, least) {
                ones.iter().for_each(|cell| holder[*cell] = least);
            }
        }
        if before == holder {
            break;
        }
    }
    let sole = holder.into_iter().zip(units);
    sole.map(|(holder, units)| (*units == 1).then_some(holder))
        .collect()
}

/// What hiding a cell costs.
#[derive(Clone, Debug, PartialEq)]
pub enum Costs {
    /// Its value.
    Value,
    /// One.
    Unit,
    /// The units it counts.
    Units,
    /// What is given, by cell.
    Given(Vec<f64>),
}

/// How tables are to be protected.
#[derive(Clone, Debug, PartialEq)]
pub struct Wishes {
    /// Which cells are hidden for their own sake.
    pub rules: Rules,
    /// How far from the truth a small cell must be kept, in the unit of the table.
    pub level: f64,
    /// The same in percent of the cell's value; the larger of both holds.
    pub percent: f64,
    /// Whether empty cells may be hidden to protect others.
    pub may_hide_zeros: bool,
    /// Whether contributors who know their own values attack too.
    pub singletons: bool,
    /// Whether sums of hidden cells are judged like cells.
    pub unions: bool,
    /// What hiding costs.
    pub costs: Costs,
    /// Cells that need no protection of their own, because whoever they are about agreed or the law exempts them; with the reason.
    pub waivers: BTreeMap<usize, String>,
    /// Cells hidden because somebody asked.
    pub asked: BTreeSet<usize>,
    /// What everybody believes beforehand, by cell: the least and the greatest; without it the usual.
    pub beliefs: Option<(Vec<i64>, Vec<i64>)>,
}

/// A problem, and what stands behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The problem.
    pub problem: Problem,
    /// Why each cell that must be hidden is.
    pub reasons: Vec<Option<Reason>>,
    /// Cells that a rule would hide and a waiver shows.
    pub waived: Vec<usize>,
    /// Whether every sum and every attacker was considered, or only those close by because there are too many.
    pub is_complete: bool,
}

/// Beyond so many targets only those that share a sum with the attacker are held against him.
const MANY_TARGETS: usize = 20_000;

/// Nothing costs nothing: an empty cell is hidden before a full one, but not for its own sake.
const LEAST_COST: f64 = 1e-3;

/// The problem that tables and wishes set.
pub fn prepare(material: Material, wishes: &Wishes) -> Prepared {
    let cells = material.system.len();
    let judged: Vec<Option<Sensitive>> =
        (0..cells).map(|at| judge(&material, wishes, at)).collect();
    let waived: Vec<usize> = (0..cells)
        .filter(|at| judged[*at].is_some() && wishes.waivers.contains_key(at))
        .collect();
    let judged: Vec<Option<Sensitive>> = judged
        .into_iter()
        .enumerate()
        .map(|(at, one)| one.filter(|_| !wishes.waivers.contains_key(&at)))
        .collect();
    let mut targets: Vec<Target> = judged
        .iter()
        .enumerate()
        .filter_map(|(at, one)| Some(target(vec![(at, 1)], (*one)?)))
        .collect();
    let mut is_complete = true;
    if wishes.unions {
        is_complete &= add_unions(&material, wishes, &judged, &mut targets);
    }
    if wishes.singletons {
        is_complete &= add_singletons(&material, &judged, &mut targets);
    }
    let treatment = (0..cells)
        .map(|at| match judged[at] {
            Some(_) => Treatment::MustHide,
            None if is_empty(&material, at) && !wishes.may_hide_zeros => Treatment::MustShow,
            None => Treatment::MayHide,
        })
        .collect();
    let (least, most) = wishes
        .beliefs
        .clone()
        .unwrap_or_else(|| Problem::usual_beliefs(&material.system));
    let costs = costs(&material, &wishes.costs);
    Prepared {
        reasons: judged.iter().map(|one| one.map(|one| one.reason)).collect(),
        waived,
        is_complete,
        problem: Problem {
            system: material.system,
            least,
            most,
            costs,
            treatment,
            targets,
            modules: material.modules,
        },
    }
}

fn is_empty(material: &Material, at: usize) -> bool {
    material.units[at] == 0 && material.system.values()[at] == 0
}

fn judge(material: &Material, wishes: &Wishes, at: usize) -> Option<Sensitive> {
    let value = material.system.values()[at];
    let level = wishes
        .level
        .max(wishes.percent / 100.0 * (value as f64).abs());
    let cell = Judged {
        units: material.units[at],
        value,
        contributions: &material.contributions[at],
        is_whole: material.is_whole[at],
    };
    let found = sensitive(&cell, &wishes.rules, level);
    if found.is_some() || !wishes.asked.contains(&at) {
        return found;
    }
    let lower = if value >= 0 {
        level.min(value as f64)
    } else {
        level
    };
    Some(Sensitive {
        reason: Reason::Asked,
        upper: level,
        lower,
    })
}

fn target(terms: Form, of: Sensitive) -> Target {
    Target {
        terms,
        // Just under a whole number is that number: percentages of whole numbers leave such traces.
        lower: (of.lower - 1e-9).ceil() as i64,
        upper: (of.upper - 1e-9).ceil() as i64,
        sliding: 0,
        known: Vec::new(),
    }
}

/// What hiding costs in the search, by cell: what is said, and a trifle where that is nothing.
fn costs(material: &Material, costs: &Costs) -> Vec<f64> {
    declared_costs(material, costs)
        .into_iter()
        .map(|cost| if cost <= 0.0 { LEAST_COST } else { cost })
        .collect()
}

/// What hiding costs as it is said, by cell; what is told of a choice is computed from it.
pub fn declared_costs(material: &Material, costs: &Costs) -> Vec<f64> {
    let values = material.system.values().iter();
    let system = &material.system;
    match costs {
        Costs::Value => values
            .map(|value| system.amount(value.abs() as f64))
            .collect(),
        Costs::Unit => values.map(|_| 1.0).collect(),
        Costs::Units => material.units.iter().map(|units| *units as f64).collect(),
        Costs::Given(given) => given.clone(),
    }
}

/// Adds sums of hidden cells of one group that the rules would hide were they cells; false when there are too many.
fn add_unions(
    material: &Material,
    wishes: &Wishes,
    judged: &[Option<Sensitive>],
    targets: &mut Vec<Target>,
) -> bool {
    let mut found: BTreeSet<Vec<usize>> = BTreeSet::new();
    for equation in material.system.equations() {
        let parts: Vec<usize> = equation
            .iter()
            .filter(|(at, by)| {
                *by > 0
                    && !is_empty(material, *at)
                    && judged[*at].is_some_and(|one| {
                        matches!(
                            one.reason,
                            Reason::TooFew | Reason::Dominated | Reason::Estimable
                        )
                    })
            })
            .map(|(at, _)| *at)
            .collect();
        grow(material, wishes, &parts, &mut Vec::new(), 0, &mut found);
        if found.len() > MANY_TARGETS {
            return false;
        }
    }
    for cells in found {
        if let Some(of) = judge_union(material, wishes, &cells) {
            targets.push(target(cells.iter().map(|at| (*at, 1)).collect(), of));
        }
    }
    true
}

fn grow(
    material: &Material,
    wishes: &Wishes,
    parts: &[usize],
    union: &mut Vec<usize>,
    from: usize,
    found: &mut BTreeSet<Vec<usize>>,
) {
    if found.len() > MANY_TARGETS {
        return;
    }
    if union.len() > 1 {
        found.insert(union.clone());
    }
    for (at, part) in parts.iter().enumerate().skip(from) {
        union.push(*part);
        if union.len() < 2 || judge_union(material, wishes, union).is_some() {
            grow(material, wishes, parts, union, at + 1, found);
        }
        union.pop();
    }
}

fn judge_union(material: &Material, wishes: &Wishes, cells: &[usize]) -> Option<Sensitive> {
    let contributions: Vec<Contribution> = cells
        .iter()
        .flat_map(|at| material.contributions[*at].iter().cloned())
        .collect();
    let value = cells.iter().map(|at| material.system.values()[*at]).sum();
    let level = wishes
        .level
        .max(wishes.percent / 100.0 * (value as f64).abs());
    let cell = Judged {
        units: cells.iter().map(|at| material.units[*at]).sum(),
        value,
        contributions: &contributions,
        is_whole: false,
    };
    sensitive(&cell, &wishes.rules, level)
}

/// Adds, for each contributor who is alone in hidden cells, every other sensitive form against him; false when only those that share a sum with him could be.
fn add_singletons(
    material: &Material,
    judged: &[Option<Sensitive>],
    targets: &mut Vec<Target>,
) -> bool {
    let mut known: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, sole) in material.sole.iter().enumerate() {
        if let (Some(holder), Some(_)) = (sole, judged[at]) {
            known.entry(*holder).or_default().push(at);
        }
    }
    let open = targets.clone();
    let is_complete = known.len().saturating_mul(open.len()) <= MANY_TARGETS;
    let near = |cells: &[usize]| -> BTreeSet<usize> {
        let equations = material.system.equations().iter();
        equations
            .filter(|equation| equation.iter().any(|(at, _)| cells.contains(at)))
            .flatten()
            .map(|(at, _)| *at)
            .collect()
    };
    for cells in known.values() {
        let close = if is_complete {
            BTreeSet::new()
        } else {
            near(cells)
        };
        for target in &open {
            let is_own = target.terms.iter().all(|(at, _)| cells.contains(at));
            let is_close = is_complete || target.terms.iter().any(|(at, _)| close.contains(at));
            if !is_own && is_close {
                let mut against = target.clone();
                against.known.clone_from(cells);
                targets.push(against);
            }
        }
    }
    is_complete
}
