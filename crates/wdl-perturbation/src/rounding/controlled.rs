//! Controlled rounding (Cox 1987; Salazar-González 2005): a table of multiples of the base that still adds up, as near as can be to the true one.
//!
//! Zero-restricted ([`round_table`]): each cell becomes one of the two multiples around it, and a multiple stays.
//! One binary unknown per cell, solved to proved optimality.
//! Tables of two dimensions always have a solution; of three or more they may have none, and then the totals that cannot be met are named.
//! [`round_nearly`] then lets every cell go one multiple farther, and one more where that is not enough; a nought stays a nought.

use highs::{Col, HighsModelStatus, RowProblem, Sense};

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

/// The rounded table, and how far from zero-restricted it had to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearlyRounded {
    /// The table; no other with the same steps has less distance.
    pub table: RoundedTable,
    /// Multiples beyond the two around it that a cell may go to: 0 is zero-restricted; with any fewer the solver proved that no table adds up.
    pub steps: u32,
    /// Where there are steps: totals that miss the sum of their parts in the zero-restricted table that comes nearest to adding up.
    pub in_the_way: Vec<usize>,
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
    let step = table.step(base)?;
    match solve(table, step, Room::Around)?.0 {
        Some(multiples) => Ok(table.rounded(step, &multiples)),
        None => {
            let (_, totals) = solve(table, step, Room::Missing)?;
            Err(RoundingError::Infeasible { base, totals })
        }
    }
}

/// As [`round_table`], and where no such table adds up, with the fewest steps beyond the multiples around a cell.
///
/// There always is one: nothing but noughts adds up too.
///
/// # Errors
/// A base below 2.
pub fn round_nearly(table: &AdditiveTable, base: u32) -> Result<NearlyRounded, RoundingError> {
    let step = table.step(base)?;
    let in_the_way = match round_table(table, base) {
        Ok(table) => {
            return Ok(NearlyRounded {
                table,
                steps: 0,
                in_the_way: Vec::new(),
            });
        }
        Err(RoundingError::Infeasible { totals, .. }) => totals,
        Err(fault) => return Err(fault),
    };
    let mut steps = 1;
    loop {
        if let (Some(multiples), _) = solve(table, step, Room::Beyond(steps))? {
            return Ok(NearlyRounded {
                table: table.rounded(step, &multiples),
                steps,
                in_the_way,
            });
        }
        steps += 1;
    }
}

impl AdditiveTable {
    /// The relations between the cells.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    fn step(&self, base: u32) -> Result<i64, RoundingError> {
        let is_good = base >= 2 && self.cells.iter().all(|cell| cell.abs() < LARGEST);
        is_good
            .then_some(i64::from(base))
            .ok_or(RoundingError::Base)
    }

    fn rounded(&self, step: i64, multiples: &[i64]) -> RoundedTable {
        let cells: Vec<i64> = multiples.iter().map(|multiple| multiple * step).collect();
        let holds = |relation: &Relation| {
            relation.parts.iter().map(|cell| cells[*cell]).sum::<i64>() == cells[relation.total]
        };
        assert!(self.relations.iter().all(holds), "a rounded table adds up");
        let distance = cells
            .iter()
            .zip(&self.cells)
            .map(|(rounded, cell)| (rounded - cell).abs())
            .sum();
        RoundedTable { cells, distance }
    }
}

/// Where a cell may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// To the two multiples around it; a multiple stays.
    Around,
    /// So many multiples beyond; a nought stays, and no count becomes negative, no negative number positive.
    Beyond(u32),
    /// Around it, while totals may miss their parts at a price.
    Missing,
}

impl Room {
    /// The least and the largest multiple, less that below the cell.
    fn bounds(self, cell: i64, step: i64) -> (i64, i64) {
        let up = i64::from(cell.rem_euclid(step) != 0);
        match self {
            Room::Around | Room::Missing => (0, up),
            Room::Beyond(_) if cell == 0 => (0, 0),
            Room::Beyond(steps) => {
                let (below, steps) = (cell.div_euclid(step), i64::from(steps));
                match cell > 0 {
                    true => ((-steps).max(-below), up + steps),
                    false => (-steps, (up + steps).min(-below)),
                }
            }
        }
    }
}

/// The multiple of each cell, if the table can add up with this room; where totals may miss their parts, those that do are told.
fn solve(
    table: &AdditiveTable,
    step: i64,
    room: Room,
) -> Result<(Option<Vec<i64>>, Vec<usize>), RoundingError> {
    let mut problem = RowProblem::default();
    let up: Vec<_> = table
        .cells
        .iter()
        .map(|cell| column(&mut problem, *cell, step, room))
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
        if room == Room::Missing {
            let (more, less) = (
                problem.add_integer_column(1.0, 0.0..),
                problem.add_integer_column(1.0, 0.0..),
            );
            row.extend([(more, 1.0), (less, -1.0)]);
            misses.push((relation.total, more, less));
        }
        problem.add_row(float(lacks)..=float(lacks), row);
    }
    let Some(columns) = least(problem)? else {
        return Ok((None, Vec::new()));
    };
    let is_missed = |col: Col| columns[col.index()] > 0.5;
    let missing = misses
        .iter()
        .filter(|(_, more, less)| is_missed(*more) || is_missed(*less));
    let mut totals: Vec<usize> = missing.map(|(total, ..)| *total).collect();
    totals.sort_unstable();
    totals.dedup();
    let multiples = table
        .cells
        .iter()
        .zip(&up)
        .map(|(cell, col)| cell.div_euclid(step) + whole(columns[col.index()]));
    Ok((Some(multiples.collect()), totals))
}

/// The unknown of a cell: multiples above the one below it, at the price of the distance.
fn column(problem: &mut RowProblem, cell: i64, step: i64, room: Room) -> Col {
    let (least, most) = room.bounds(cell, step);
    let remainder = cell.rem_euclid(step);
    let bounds = float(least)..=float(most);
    match room {
        Room::Missing => problem.add_integer_column(0.0, bounds),
        Room::Around => problem.add_integer_column(float(step - 2 * remainder), bounds),
        Room::Beyond(_) => {
            // |step · up − remainder| as the least number above both sides.
            let up = problem.add_integer_column(0.0, bounds);
            let away = problem.add_column(1.0, 0.0..);
            problem.add_row(float(-remainder).., [(away, 1.0), (up, float(-step))]);
            problem.add_row(float(remainder).., [(away, 1.0), (up, float(step))]);
            up
        }
    }
}

/// The columns of the optimum; nothing where the solver proved that there is none.
fn least(problem: RowProblem) -> Result<Option<Vec<f64>>, RoundingError> {
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
        HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => {
            Ok(Some(solved.get_solution().columns().to_vec()))
        }
        HighsModelStatus::Infeasible => Ok(None),
        _ => Err(RoundingError::Solver),
    }
}

#[expect(clippy::cast_precision_loss, reason = "below 2^52")]
fn float(value: i64) -> f64 {
    value as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "whole and within the bounds of its column"
)]
fn whole(value: f64) -> i64 {
    value.round() as i64
}
