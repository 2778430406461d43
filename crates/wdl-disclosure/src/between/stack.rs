//! The stack: every statement of a pool as an equation over the cells of the common refinement.
//!
//! A cell that is known not to have changed is one unknown on both versions; versions that share no unknown with those of the new release are left aside.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::between::pool::{Pool, Statement};
use crate::between::region::Region;

/// More cells than these are not crossed: the axes are then taken table by table.
const MOST_CROSSED: usize = 4096;
/// Blocks with more cells than these are not solved.
const MOST_CELLS: usize = 60_000;
/// Over all versions together no more cells than these are numbered.
const MOST_NUMBERED: usize = 50_000_000;

/// A set of axes that some table crosses, with its cells on every version of the base.
struct Block {
    axes: Vec<u16>,
    sizes: Vec<usize>,
    cells: usize,
    /// The unknown of each cell, version by version.
    unknowns: Vec<u32>,
}

/// The cells of each region that the statements name, in one block.
type CellsOf<'p> = HashMap<&'p Region, Vec<usize>>;

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
    fn kept<'p>(&self, regions: &[(&'p Region, bool)], cells: &CellsOf<'p>) -> Vec<bool> {
        let mut told: Vec<(&[usize], bool)> = regions
            .iter()
            .filter_map(|(region, is_same)| Some((cells.get(region)?.as_slice(), *is_same)))
            .collect();
        // The largest first; of two of one size what has changed has the last word.
        told.sort_by_key(|(cells, is_same)| (std::cmp::Reverse(cells.len()), !is_same));
        let mut is_kept = vec![false; self.cells];
        for (cells, is_same) in told {
            for cell in cells {
                is_kept[*cell] = is_same;
            }
        }
        is_kept
    }

    fn holds(&self, region: &Region) -> bool {
        region.iter().all(|(axis, _)| self.axes.contains(axis))
    }

    fn on(&self, version: usize) -> &[u32] {
        &self.unknowns[version * self.cells..][..self.cells]
    }
}

/// An equation, or a least value when it is not `is_exact`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) terms: Vec<(u32, i8)>,
    pub(crate) value: i64,
    pub(crate) is_exact: bool,
}

/// The cells of a pool and what ties them together, whatever was told of them.
pub(crate) struct Stack<'p, 'a> {
    pool: &'p Pool<'a>,
    blocks: Vec<Block>,
    /// The block of each region, and its cells there.
    cells_of: HashMap<&'p Region, (usize, Vec<usize>)>,
    unknowns: usize,
    ties: Vec<Row>,
    /// Whether a version shares an unknown, over others or not, with one that the new release tells of.
    is_near: Vec<bool>,
}

impl<'p, 'a> Stack<'p, 'a> {
    /// The stack of a pool, for whoever asks what the edition `new` adds; `None` when the pool crosses more cells than can be solved.
    pub(crate) fn new(pool: &'p Pool<'a>, new: u32) -> Option<Stack<'p, 'a>> {
        let blocks = blocks(pool)?;
        let cells: usize = blocks.iter().map(|block| block.cells).sum();
        if cells.saturating_mul(pool.versions) > MOST_NUMBERED {
            return None;
        }
        let mut cells_of: HashMap<&Region, (usize, Vec<usize>)> = HashMap::new();
        for statement in &pool.statements {
            cells_of.entry(&statement.region).or_insert_with(|| {
                let mut each = blocks.iter();
                let block = each.position(|block| block.holds(&statement.region));
                let block = block.expect("every region lies in a block");
                (block, blocks[block].cells_of(&statement.region))
            });
        }
        let mut stack = Stack {
            pool,
            blocks,
            cells_of,
            unknowns: 0,
            ties: Vec::new(),
            is_near: Vec::new(),
        };
        let has_kept = stack.number();
        stack.is_near = near(pool, new, &has_kept);
        stack.tie();
        Some(stack)
    }

    /// How many unknowns there are.
    pub(crate) fn unknowns(&self) -> usize {
        self.unknowns
    }

    /// Whether what a statement says can bear on the new release.
    pub(crate) fn bears(&self, statement: &Statement<'_>) -> bool {
        self.is_near[usize::from(statement.version)]
    }

    /// Gives every cell an unknown; a cell that is known not to have changed keeps the one of the version before.
    ///
    /// Tells for each version but the first whether it kept any.
    fn number(&mut self) -> Vec<bool> {
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
        let mut has_kept = vec![false; compared.len()];
        for block in &mut self.blocks {
            let held = self.cells_of.keys().filter(|region| block.holds(region));
            let cells: CellsOf<'_> = held
                .map(|region| (*region, block.cells_of(region)))
                .collect();
            let mut current: Vec<u32> = (0..block.cells)
                .map(|at| (self.unknowns + at) as u32)
                .collect();
            self.unknowns += block.cells;
            block.unknowns.extend(&current);
            for (at, regions) in compared.iter().enumerate() {
                let is_kept = block.kept(regions, &cells);
                for (cell, kept) in is_kept.into_iter().enumerate() {
                    has_kept[at] |= kept;
                    if !kept {
                        current[cell] = self.unknowns as u32;
                        self.unknowns += 1;
                    }
                }
                block.unknowns.extend(&current);
            }
        }
        has_kept
    }

    /// Two blocks that share axes have the same margins over them.
    fn tie(&mut self) {
        let mut rows: Vec<Row> = Vec::new();
        let mut seen: BTreeSet<Vec<(u32, i8)>> = BTreeSet::new();
        let pairs = (0..self.blocks.len())
            .flat_map(|one| (one + 1..self.blocks.len()).map(move |other| (one, other)));
        for (one, other) in pairs {
            let (one, other) = (&self.blocks[one], &self.blocks[other]);
            let shared: Vec<u16> = one
                .axes
                .iter()
                .copied()
                .filter(|axis| other.axes.contains(axis))
                .collect();
            let versions: Vec<usize> = (0..self.pool.versions)
                .filter(|at| self.is_near[*at])
                .filter(|at| {
                    let is_same = |block: &Block| *at > 0 && block.on(*at) == block.on(at - 1);
                    !(is_same(one) && is_same(other))
                })
                .collect();
            for margin in margins(&shared, &self.pool.sizes) {
                let (left, right) = (one.cells_of(&margin), other.cells_of(&margin));
                for version in &versions {
                    let plus = left.iter().map(|cell| (one.on(*version)[*cell], 1));
                    let minus = right.iter().map(|cell| (other.on(*version)[*cell], -1));
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

    /// What holds whatever was told.
    pub(crate) fn ties(&self) -> &[Row] {
        &self.ties
    }

    /// The unknowns of a statement's region on its version.
    pub(crate) fn unknowns_of(&self, statement: &Statement<'_>) -> Vec<u32> {
        let (block, cells) = &self.cells_of[&statement.region];
        let on = self.blocks[*block].on(usize::from(statement.version));
        cells.iter().map(|cell| on[*cell]).collect()
    }

    /// Some statements as equations, each said once: for what was said before, `said` holds the unknowns.
    pub(crate) fn rows(&self, told: &[usize], said: &mut BTreeSet<Vec<u32>>) -> Vec<Row> {
        let mut rows = Vec::new();
        for at in told {
            let statement = &self.pool.statements[*at];
            let (value, is_exact) = match statement.value {
                Some(value) => (value as i64, true),
                None if statement.least > 0 => (statement.least as i64, false),
                None => continue,
            };
            let unknowns = self.unknowns_of(statement);
            if statement.away > 0 && statement.value.is_some() {
                rows.extend(around(&unknowns, value, statement.away as i64));
                continue;
            }
            let terms = unknowns.iter().map(|unknown| (*unknown, 1)).collect();
            // Indicators of one family may count a few units less: the first that tells holds.
            if is_exact && !said.insert(unknowns) {
                continue;
            }
            rows.push(Row {
                terms,
                value,
                is_exact,
            });
        }
        rows
    }
}

/// A sum of unknowns that is known to within so much: a least value, and a least value of its opposite.
fn around(unknowns: &[u32], value: i64, away: i64) -> [Row; 2] {
    let row = |sign: i8, value: i64| Row {
        terms: unknowns.iter().map(|unknown| (*unknown, sign)).collect(),
        value,
        is_exact: false,
    };
    [row(1, (value - away).max(0)), row(-1, -(value + away))]
}

/// The versions that hang together with one that the new release tells of: neighbours that share an unknown.
fn near(pool: &Pool<'_>, new: u32, has_kept: &[bool]) -> Vec<bool> {
    let mut is_near = vec![false; pool.versions];
    for statement in pool.statements.iter().filter(|one| one.is_in(new)) {
        is_near[usize::from(statement.version)] = true;
    }
    for at in 1..pool.versions {
        is_near[at] |= is_near[at - 1] && has_kept[at - 1];
    }
    for at in (1..pool.versions).rev() {
        is_near[at - 1] |= is_near[at] && has_kept[at - 1];
    }
    is_near
}

/// What a version tells of each region, a number before a hidden one.
type Told<'p, 'a> = BTreeMap<&'p Region, &'p Statement<'a>>;

/// The regions that a version and the one before both tell, and whether they are the same in both.
fn compared<'p>(before: &Told<'p, '_>, now: &Told<'p, '_>) -> Vec<(&'p Region, bool)> {
    let is_same = |now: &Statement<'_>, then: &Statement<'_>| match (now.units, then.units) {
        (Some(now), Some(then)) => Some(now.is_same(then)),
        // Two numbers that are not exact may be alike though the counts are not.
        _ if now.away + then.away > 0 => None,
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
