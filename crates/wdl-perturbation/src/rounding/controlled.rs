//! Controlled rounding (Cox 1987; Salazar-González 2005): a table of multiples of the base that still adds up, as near as can be to the true one.
//!
//! Zero-restricted: each cell becomes one of the two multiples around it, and a multiple stays.
//! One binary unknown per cell, solved to proved optimality.
//! Tables of two dimensions always have a solution; of three or more they may have none, and then the totals that cannot be met are named.

use highs::{HighsModelStatus, RowProblem, Sense};

/// A total and its parts, as positions of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The cell that is the sum.
    pub total: usize,
    /// The cells it sums.
    pub parts: Vec<usize>,
}

/// Counts that add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdditiveTable {
    // INVARIANT: every relation names cells that are there and holds.
    cells: Vec<i64>,
    relations: Vec<Relation>,
}

/// The rounded table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundedTable {
    /// The cells, multiples of the base, in their order.
    pub cells: Vec<i64>,
    /// Sum of the distances to the true cells: no other such table has less.
    pub distance: i64,
}

/// Why a table cannot be rounded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoundingError {
    /// A relation names a cell that is not there.
    #[error("relation {relation} names a cell that is not there")]
    NoSuchCell {
        /// Position of the relation, from zero.
        relation: usize,
    },
    /// A total is not the sum of its parts.
    #[error("cell {total} is not the sum of its parts")]
    NotAdditive {
        /// Position of the total, from zero.
        total: usize,
    },
    /// A base that rounds nothing, or counts too large to compute with.
    #[error("the base must be at least 2, and counts below 2^50")]
    Base,
    /// No such table: these totals stand in the way.
    #[error("no table of multiples of {base} around the true counts adds up: {} totals cannot be met", .totals.len())]
    Infeasible {
        /// The base.
        base: u32,
        /// Totals that miss the sum of their parts in the table that comes nearest to adding up.
        totals: Vec<usize>,
    },
    /// The solver gave up.
    #[error("the solver ended without an answer")]
    Solver,
}

/// Counts up to here are exact in the solver.
const LARGEST: i64 = 1 << 50;

impl AdditiveTable {
    /// A table of cells with the relations between them.
    ///
    /// # Errors
    /// Relations that name no cell or do not hold.
    pub fn new(cells: Vec<i64>, relations: Vec<Relation>) -> Result<Self, RoundingError> {
        for (position, relation) in relations.iter().enumerate() {
            if relation
                .parts
                .iter()
                .chain([&relation.total])
                .any(|cell| *cell >= cells.len())
            {
                return Err(RoundingError::NoSuchCell { relation: position });
            }
            if relation
                .parts
                .iter()
                .map(|cell| i128::from(cells[*cell]))
                .sum::<i128>()
                != i128::from(cells[relation.total])
            {
                return Err(RoundingError::NotAdditive {
                    total: relation.total,
                });
            }
        }
        Ok(AdditiveTable { cells, relations })
    }
}

/// Rounds a whole table to multiples of `base` so that it adds up, at the least total distance.
///
/// # Errors
/// A base below 2; no such table, with the totals that stand in the way.
pub fn round_table(table: &AdditiveTable, base: u32) -> Result<RoundedTable, RoundingError> {
    if base < 2 || table.cells.iter().any(|cell| cell.abs() >= LARGEST) {
        return Err(RoundingError::Base);
    }
    let step = i64::from(base);
    let Some(up) = solve(table, step, false)?.0 else {
        let (_, totals) = solve(table, step, true)?;
        return Err(RoundingError::Infeasible { base, totals });
    };
    let cells: Vec<i64> = table
        .cells
        .iter()
        .zip(up)
        .map(|(cell, up)| cell - cell.rem_euclid(step) + i64::from(up) * step)
        .collect();
    let holds = |relation: &Relation| {
        relation.parts.iter().map(|cell| cells[*cell]).sum::<i64>() == cells[relation.total]
    };
    assert!(table.relations.iter().all(holds), "a rounded table adds up");
    let distance = cells
        .iter()
        .zip(&table.cells)
        .map(|(rounded, cell)| (rounded - cell).abs())
        .sum();
    Ok(RoundedTable { cells, distance })
}

/// Which cells go up, if the table can add up; with `loose`, totals may miss their parts at a price, and those that do are told.
fn solve(
    table: &AdditiveTable,
    step: i64,
    loose: bool,
) -> Result<(Option<Vec<bool>>, Vec<usize>), RoundingError> {
    let mut problem = RowProblem::default();
    let up: Vec<_> = table
        .cells
        .iter()
        .map(|cell| {
            let remainder = cell.rem_euclid(step);
            let cost = if loose {
                0.0
            } else {
                float(step - 2 * remainder)
            };
            problem.add_integer_column(cost, 0.0..=if remainder == 0 { 0.0 } else { 1.0 })
        })
        .collect();
    let mut misses = Vec::new();
    for relation in &table.relations {
        // In units of the base: Σ parts' steps − total's step = what the lower multiples lack.
        let lower = |cell: usize| table.cells[cell].div_euclid(step);
        let lacks =
            lower(relation.total) - relation.parts.iter().map(|cell| lower(*cell)).sum::<i64>();
        let mut row: Vec<_> = relation
            .parts
            .iter()
            .map(|cell| (up[*cell], 1.0))
            .chain([(up[relation.total], -1.0)])
            .collect();
        if loose {
            let (more, less) = (
                problem.add_integer_column(1.0, 0.0..),
                problem.add_integer_column(1.0, 0.0..),
            );
            row.extend([(more, 1.0), (less, -1.0)]);
            misses.push((relation.total, more, less));
        }
        problem.add_row(float(lacks)..=float(lacks), row);
    }
    let mut model = problem
        .try_optimise(Sense::Minimise)
        .map_err(|_| RoundingError::Solver)?;
    model.make_quiet();
    // One thread and no gap: the same table on every machine, and the least.
    model.set_option("threads", 1);
    model.set_option("mip_rel_gap", 0.0);
    model.set_option("mip_abs_gap", 0.0);
    let solved = model.try_solve().map_err(|_| RoundingError::Solver)?;
    match solved.status() {
        HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => {}
        HighsModelStatus::Infeasible => return Ok((None, Vec::new())),
        _ => return Err(RoundingError::Solver),
    }
    let solution = solved.get_solution();
    let columns = solution.columns();
    let missing = misses
        .iter()
        .enumerate()
        .filter(|(place, _)| (0..2).any(|side| columns[up.len() + 2 * place + side] > 0.5))
        .map(|(_, (total, ..))| *total);
    let mut totals: Vec<usize> = missing.collect();
    totals.sort_unstable();
    totals.dedup();
    Ok((
        Some(
            columns[..up.len()]
                .iter()
                .map(|value| *value > 0.5)
                .collect(),
        ),
        totals,
    ))
}

#[expect(clippy::cast_precision_loss, reason = "below 2^52")]
fn float(value: i64) -> f64 {
    value as f64
}
