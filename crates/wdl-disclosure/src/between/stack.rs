//! The stack: every statement of a pool as an equation over the cells of the common refinement, and the least and greatest value of a region.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use crate::between::pool::{Pool, Statement};
use crate::between::region::Region;

/// More cells than these are not crossed: the axes are then taken table by table.
const MOST_CROSSED: usize = 4096;
/// Blocks with more cells than these are not solved.
const MOST_CELLS: usize = 60_000;
/// Programmes with more unknowns than these are not solved.
const MOST_UNKNOWNS: usize = 4_000;

/// A set of axes that some table crosses, with its cells on every version of the base.
struct Block {
    axes: Vec<u16>,
    sizes: Vec<usize>,
    cells: usize,
    /// The unknown of each cell, version by version.
    unknowns: Vec<u32>,
}

impl Block {
    /// The cells of a region of these axes.
    fn cells_of(&self, region: &Region) -> Vec<usize> {
        let mut cells = vec![0];
        for (axis, size) in self.axes.iter().zip(&self.sizes) {
            let chosen = region.iter().find(|(other, _)| other == axis);
            let all: Vec<usize> = match chosen {
                Some((_, places)) => places.iter().map(|place| usize::from(*place)).collect(),
                None => (0..*size).collect(),
            };
            cells = cells
                .into_iter()
                .flat_map(|cell| all.iter().map(move |place| cell * size + place))
                .collect();
        }
        cells
    }

    /// The cells that are known not to have changed: the smallest region around them that two versions tell is the same in both.
    fn kept(&self, regions: &[(&Region, bool)]) -> Vec<bool> {
        let mut told: Vec<(Vec<usize>, bool)> = regions
            .iter()
            .filter(|(region, _)| self.holds(region))
            .map(|(region, is_same)| (self.cells_of(region), *is_same))
            .collect();
        // The largest first; of two of one size what has changed has the last word.
        told.sort_by_key(|(cells, is_same)| (std::cmp::Reverse(cells.len()), !is_same));
        let mut is_kept = vec![false; self.cells];
        for (cells, is_same) in told {
            for cell in cells {
                is_kept[cell] = is_same;
            }
        }
        is_kept
    }

    fn holds(&self, region: &Region) -> bool {
        region.iter().all(|(axis, _)| self.axes.contains(axis))
    }
}

/// An equation, or a least value when it is not `is_exact`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Row {
    terms: Vec<(u32, i8)>,
    value: i64,
    is_exact: bool,
}

/// The cells of a pool and what ties them together, whatever was told of them.
pub(crate) struct Stack<'p, 'a> {
    pool: &'p Pool<'a>,
    blocks: Vec<Block>,
    unknowns: usize,
    ties: Vec<Row>,
}

/// What the stack says of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bounds {
    /// The least and the greatest value; no greatest when there is none.
    Between(i64, Option<i64>),
    /// What was told contradicts itself.
    Contradiction,
    /// Too large, or the solver gave up.
    Unknown,
}

impl<'p, 'a> Stack<'p, 'a> {
    /// `None` when the pool crosses more cells than can be solved.
    pub(crate) fn new(pool: &'p Pool<'a>) -> Option<Stack<'p, 'a>> {
        let mut stack = Stack {
            pool,
            blocks: blocks(pool)?,
            unknowns: 0,
            ties: Vec::new(),
        };
        stack.number();
        stack.tie();
        Some(stack)
    }

    /// Gives every cell an unknown; a cell that is known not to have changed keeps the one of the version before.
    fn number(&mut self) {
        let mut told: Vec<Told<'_, '_>> = vec![Told::new(); self.pool.versions];
        for statement in &self.pool.statements {
            let told = &mut told[usize::from(statement.version)];
            let known = told.entry(&statement.region).or_insert(statement);
            if known.value.is_none() {
                *known = statement;
            }
        }
        let pairs = told.windows(2);
        let compared: Vec<Vec<(&Region, bool)>> =
            pairs.map(|pair| compared(&pair[0], &pair[1])).collect();
        for block in &mut self.blocks {
            let mut current: Vec<u32> = (0..block.cells)
                .map(|at| (self.unknowns + at) as u32)
                .collect();
            self.unknowns += block.cells;
            block.unknowns.extend(&current);
            for regions in &compared {
                let is_kept = block.kept(regions);
                for (cell, kept) in is_kept.into_iter().enumerate() {
                    if !kept {
                        current[cell] = self.unknowns as u32;
                        self.unknowns += 1;
                    }
                }
                block.unknowns.extend(&current);
            }
        }
    }

    /// Two blocks that share axes have the same margins over them.
    fn tie(&mut self) {
        let mut ties: BTreeSet<(usize, usize)> = BTreeSet::new();
        for one in 0..self.blocks.len() {
            for other in one + 1..self.blocks.len() {
                ties.insert((one, other));
            }
        }
        let mut rows: Vec<Row> = Vec::new();
        let mut seen: BTreeSet<Vec<(u32, i8)>> = BTreeSet::new();
        for (one, other) in ties {
            let (one, other) = (&self.blocks[one], &self.blocks[other]);
            let shared: Vec<u16> = one
                .axes
                .iter()
                .copied()
                .filter(|axis| other.axes.contains(axis))
                .collect();
            for margin in margins(&shared, &self.pool.sizes) {
                let (left, right) = (one.cells_of(&margin), other.cells_of(&margin));
                for version in 0..self.pool.versions {
                    let unknown =
                        |block: &Block, cell: &usize| block.unknowns[version * block.cells + cell];
                    let plus = left.iter().map(|cell| (unknown(one, cell), 1));
                    let minus = right.iter().map(|cell| (unknown(other, cell), -1));
                    let terms: Vec<(u32, i8)> = plus.chain(minus).collect();
                    if seen.insert(terms.clone()) {
                        rows.push(Row {
                            terms,
                            value: 0,
                            is_exact: true,
                        });
                    }
                }
            }
        }
        self.ties = rows;
    }

    /// The unknowns of a region on a version.
    fn unknowns_of(&self, region: &Region, version: u16) -> Vec<u32> {
        let block = self
            .blocks
            .iter()
            .find(|block| block.holds(region))
            .expect("every region lies in a block");
        let start = usize::from(version) * block.cells;
        block
            .cells_of(region)
            .into_iter()
            .map(|cell| block.unknowns[start + cell])
            .collect()
    }

    /// What follows from some of the statements.
    pub(crate) fn settle(&self, told: &[usize]) -> Settled {
        let mut rows = self.ties.clone();
        let mut seen: BTreeMap<Vec<u32>, i64> = BTreeMap::new();
        let mut is_contradictory = false;
        for at in told {
            let statement = &self.pool.statements[*at];
            let unknowns = self.unknowns_of(&statement.region, statement.version);
            let (value, is_exact) = match statement.value {
                Some(value) => (value as i64, true),
                None if statement.least > 0 => (statement.least as i64, false),
                None => continue,
            };
            if is_exact {
                // Indicators of one family may count a few units less: the first that tells holds.
                if seen.contains_key(&unknowns) {
                    continue;
                }
                seen.insert(unknowns.clone(), value);
            }
            is_contradictory |= is_exact && unknowns.is_empty() && value != 0;
            rows.push(Row {
                terms: unknowns.into_iter().map(|unknown| (unknown, 1)).collect(),
                value,
                is_exact,
            });
        }
        Settled::new(rows, self.unknowns, is_contradictory)
    }

    /// The bounds of a region on a version.
    ///
    /// Regions that come to the same unknowns, as on versions between which nothing changed, have the same bounds.
    pub(crate) fn bounds(&self, settled: &Settled, region: &Region, version: u16) -> Bounds {
        let unknowns = self.unknowns_of(region, version);
        let known = settled.answers.borrow().get(&unknowns).copied();
        known.unwrap_or_else(|| {
            let bounds = settled.bounds(&unknowns);
            settled.answers.borrow_mut().insert(unknowns, bounds);
            bounds
        })
    }
}

/// What a version tells of each region, a number before a hidden one.
type Told<'p, 'a> = BTreeMap<&'p Region, &'p Statement<'a>>;

/// The regions that a version and the one before both tell, and whether they are the same in both.
fn compared<'p>(before: &Told<'p, '_>, now: &Told<'p, '_>) -> Vec<(&'p Region, bool)> {
    let is_same = |now: &Statement<'_>, then: &Statement<'_>| match (now.units, then.units) {
        (Some(now), Some(then)) => Some(now == then),
        _ => now.value.zip(then.value).map(|(now, then)| now == then),
    };
    now.iter()
        .filter_map(|(region, now)| Some((*region, is_same(now, before.get(region)?)?)))
        .collect()
}

/// Every combination of categories of some axes.
fn margins(axes: &[u16], sizes: &[usize]) -> Vec<Region> {
    let mut all = vec![Region::new()];
    for axis in axes {
        all = all
            .into_iter()
            .flat_map(|region| {
                (0..sizes[usize::from(*axis)]).map(move |place| {
                    let mut region = region.clone();
                    region.push((*axis, vec![place as u16]));
                    region
                })
            })
            .collect();
    }
    all
}

/// The sets of axes that tables cross, none inside another; all axes at once when they are few or hang together in a circle.
fn blocks(pool: &Pool<'_>) -> Option<Vec<Block>> {
    let sets: BTreeSet<Vec<u16>> = pool
        .statements
        .iter()
        .map(|one| one.region.iter().map(|(axis, _)| *axis).collect())
        .collect();
    let widest: Vec<&Vec<u16>> = sets
        .iter()
        .filter(|set| {
            let is_in = |other: &&Vec<u16>| {
                other.len() > set.len() && set.iter().all(|axis| other.contains(axis))
            };
            !sets.iter().any(|other| is_in(&other))
        })
        .collect();
    let cells = |axes: &[u16]| -> usize {
        axes.iter()
            .map(|axis| pool.sizes[usize::from(*axis)])
            .fold(1, usize::saturating_mul)
    };
    let all: BTreeSet<u16> = widest.iter().flat_map(|set| set.iter().copied()).collect();
    let all: Vec<u16> = all.into_iter().collect();
    let chosen = match !is_acyclic(&widest) && cells(&all) <= MOST_CROSSED {
        true => vec![all],
        false => widest.into_iter().cloned().collect(),
    };
    let block = |axes: Vec<u16>| Block {
        sizes: axes
            .iter()
            .map(|axis| pool.sizes[usize::from(*axis)])
            .collect(),
        cells: cells(&axes),
        axes,
        unknowns: Vec::new(),
    };
    let blocks: Vec<Block> = chosen.into_iter().map(block).collect();
    let cells: usize = blocks.iter().map(|block| block.cells).sum();
    (cells <= MOST_CELLS).then_some(blocks)
}

/// Whether sets of axes can be taken off one by one, each by what a single other one shares with all the rest (Graham's reduction): the margins then say everything.
fn is_acyclic(sets: &[&Vec<u16>]) -> bool {
    let mut left: Vec<BTreeSet<u16>> = sets
        .iter()
        .map(|set| set.iter().copied().collect())
        .collect();
    while left.len() > 1 {
        let ear = (0..left.len()).find(|at| {
            let others = || left.iter().enumerate().filter(|(other, _)| other != at);
            let shared: BTreeSet<u16> = left[*at]
                .iter()
                .copied()
                .filter(|axis| others().any(|(_, set)| set.contains(axis)))
                .collect();
            others().any(|(_, set)| shared.is_subset(set))
        });
        match ear {
            Some(at) => drop(left.remove(at)),
            None => return false,
        }
    }
    true
}

/// What follows at once from some statements, and the equations that are left.
pub(crate) struct Settled {
    fixed: Vec<Option<i64>>,
    rows: Vec<Row>,
    rows_of: HashMap<u32, Vec<usize>>,
    is_contradictory: bool,
    /// Answers that were given.
    answers: RefCell<HashMap<Vec<u32>, Bounds>>,
}

/// The equations each unknown stands in.
fn index(rows: &[Row]) -> HashMap<u32, Vec<usize>> {
    let mut rows_of: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        for (unknown, _) in &row.terms {
            rows_of.entry(*unknown).or_default().push(at);
        }
    }
    rows_of
}

impl Settled {
    fn new(rows: Vec<Row>, unknowns: usize, is_contradictory: bool) -> Settled {
        let mut settled = Settled {
            fixed: vec![None; unknowns],
            rows_of: index(&rows),
            rows,
            is_contradictory,
            answers: RefCell::default(),
        };
        settled.reduce();
        settled.compress();
        settled
    }

    /// What is known is taken out of the equations; many of them then say the same.
    fn compress(&mut self) {
        let mut seen: HashSet<Row> = HashSet::new();
        let mut left = Vec::new();
        for mut row in std::mem::take(&mut self.rows) {
            let mut rest = row.value;
            row.terms
                .retain(|(unknown, sign)| match self.fixed[*unknown as usize] {
                    Some(value) => {
                        rest -= value * i64::from(*sign);
                        false
                    }
                    None => true,
                });
            row.value = rest;
            row.terms.sort_unstable();
            if !row.terms.is_empty() && seen.insert(row.clone()) {
                left.push(row);
            }
        }
        self.rows_of = index(&left);
        self.rows = left;
    }

    /// An equation with one unknown left gives it; one of unknowns that add up to nothing gives them all.
    fn reduce(&mut self) {
        let mut waiting: Vec<usize> = (0..self.rows.len()).collect();
        while let Some(at) = waiting.pop() {
            let row = &self.rows[at];
            if !row.is_exact {
                continue;
            }
            let mut rest = row.value;
            let mut free = Vec::new();
            for (unknown, sign) in &row.terms {
                match self.fixed[*unknown as usize] {
                    Some(value) => rest -= value * i64::from(*sign),
                    None => free.push((*unknown, *sign)),
                }
            }
            let is_one_sided =
                free.iter().all(|(_, sign)| *sign == 1) || free.iter().all(|(_, sign)| *sign == -1);
            let found: Vec<(u32, i64)> = match free.as_slice() {
                [] => {
                    self.is_contradictory |= rest != 0;
                    Vec::new()
                }
                [(unknown, sign)] => vec![(*unknown, rest * i64::from(*sign))],
                all if rest == 0 && is_one_sided => {
                    all.iter().map(|(unknown, _)| (*unknown, 0)).collect()
                }
                _ => Vec::new(),
            };
            for (unknown, value) in found {
                self.is_contradictory |= value < 0;
                self.fixed[unknown as usize] = Some(value);
                waiting.extend(&self.rows_of[&unknown]);
            }
        }
    }

    fn bounds(&self, target: &[u32]) -> Bounds {
        if self.is_contradictory {
            return Bounds::Contradiction;
        }
        let known: i64 = target
            .iter()
            .filter_map(|unknown| self.fixed[*unknown as usize])
            .sum();
        let free: BTreeSet<u32> = target
            .iter()
            .copied()
            .filter(|unknown| self.fixed[*unknown as usize].is_none())
            .collect();
        if free.is_empty() {
            return Bounds::Between(known, Some(known));
        }
        let Some((unknowns, rows)) = self.around(&free) else {
            return Bounds::Unknown;
        };
        let least = self.solve(OptimizationDirection::Minimize, &free, &unknowns, &rows);
        let most = self.solve(OptimizationDirection::Maximize, &free, &unknowns, &rows);
        match (least, most) {
            (Solved::At(least), Solved::At(most)) => {
                Bounds::Between(known + up(least), Some(known + down(most)))
            }
            (Solved::At(least), Solved::Endless) => Bounds::Between(known + up(least), None),
            (Solved::Impossible, _) | (_, Solved::Impossible) => Bounds::Contradiction,
            _ => Bounds::Unknown,
        }
    }

    /// The unknowns that equations tie to some, and those equations.
    fn around(&self, free: &BTreeSet<u32>) -> Option<(BTreeSet<u32>, BTreeSet<usize>)> {
        let mut unknowns = free.clone();
        let mut rows = BTreeSet::new();
        let mut waiting: Vec<u32> = free.iter().copied().collect();
        while let Some(unknown) = waiting.pop() {
            for row in self.rows_of.get(&unknown).into_iter().flatten() {
                if !rows.insert(*row) {
                    continue;
                }
                for (next, _) in &self.rows[*row].terms {
                    if self.fixed[*next as usize].is_none() && unknowns.insert(*next) {
                        waiting.push(*next);
                    }
                }
            }
            if unknowns.len() > MOST_UNKNOWNS {
                return None;
            }
        }
        Some((unknowns, rows))
    }

    fn solve(
        &self,
        direction: OptimizationDirection,
        target: &BTreeSet<u32>,
        unknowns: &BTreeSet<u32>,
        rows: &BTreeSet<usize>,
    ) -> Solved {
        let mut programme = Problem::new(direction);
        let variables: BTreeMap<u32, Variable> = unknowns
            .iter()
            .map(|unknown| {
                let gain = f64::from(u8::from(target.contains(unknown)));
                (*unknown, programme.add_var(gain, (0.0, f64::INFINITY)))
            })
            .collect();
        for row in rows.iter().map(|row| &self.rows[*row]) {
            let mut rest = row.value;
            let mut terms: Vec<(Variable, f64)> = Vec::new();
            for (unknown, sign) in &row.terms {
                match self.fixed[*unknown as usize] {
                    Some(value) => rest -= value * i64::from(*sign),
                    None => terms.push((variables[unknown], f64::from(*sign))),
                }
            }
            let how = match row.is_exact {
                true => ComparisonOp::Eq,
                false => ComparisonOp::Ge,
            };
            if !terms.is_empty() {
                programme.add_constraint(terms, how, rest as f64);
            }
        }
        match programme.solve() {
            Ok(done) => match done.into_solution() {
                Ok(solution) => Solved::At(solution.objective()),
                Err(_) => Solved::GaveUp,
            },
            Err(microlp::Error::Unbounded) => Solved::Endless,
            Err(microlp::Error::Infeasible) => Solved::Impossible,
            Err(_) => Solved::GaveUp,
        }
    }
}

enum Solved {
    At(f64),
    Endless,
    Impossible,
    GaveUp,
}

/// The least whole number that is not below, but for what the solver leaves.
fn up(value: f64) -> i64 {
    (value - 1e-6).ceil() as i64
}

/// The greatest whole number that is not above, but for what the solver leaves.
fn down(value: f64) -> i64 {
    (value + 1e-6).floor() as i64
}
