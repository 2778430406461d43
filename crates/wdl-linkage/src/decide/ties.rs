//! Among matchings of the same greatest gain, the one whose list of pairs comes first in the order of (a, b).
//!
//! By complementary slackness a matching is of greatest gain exactly when all its edges bind under the dual values and every row and column with a dual above zero is matched.
//! So each row in turn is given its first column with which the rest can still be completed; whether it can is told by two alternating paths (Mendelsohn and Dulmage, *Canadian Journal of Mathematics* 10, 1958: what covers the rows and what covers the columns can be had together).

use super::matching::{Matching, Problem};

/// Looks at edges before the search for an earlier solution is given up.
const STEPS_MAX: u64 = 50_000_000;

/// Turns a matching of greatest gain into the first of them.
pub(super) fn resolve(problem: &Problem, matching: &mut Matching) {
    let mut search = Search::new(problem, matching);
    for row in 0..problem.rows() as u32 {
        search.settle(row);
        if search.steps > STEPS_MAX {
            return;
        }
    }
}

/// A change of the matching that can be taken back.
#[derive(Clone, Copy)]
enum Change {
    Row(u32, Option<u32>),
    Column(u32, Option<u32>),
}

struct Search<'a> {
    problem: &'a Problem,
    matching: &'a mut Matching,
    /// The edges that bind, by column; where those of each column end.
    by_column: Vec<u32>,
    column_ends: Vec<u32>,
    /// Columns given to rows already settled.
    is_fixed: Vec<bool>,
    changes: Vec<Change>,
    /// The round in which a row or column was last met, and by which edge.
    met_rows: Vec<(u32, u32)>,
    met_columns: Vec<(u32, u32)>,
    round: u32,
    steps: u64,
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem, matching: &'a mut Matching) -> Search<'a> {
        let mut by_column: Vec<u32> = (0..problem.gains.len() as u32)
            .filter(|edge| binds(problem, matching, *edge))
            .collect();
        by_column.sort_by_key(|edge| problem.column_of[*edge as usize]);
        let mut column_ends = vec![0; problem.columns];
        for edge in &by_column {
            column_ends[problem.column_of[*edge as usize] as usize] += 1;
        }
        let mut end = 0;
        for column_end in &mut column_ends {
            end += *column_end;
            *column_end = end;
        }
        Search {
            by_column,
            column_ends,
            is_fixed: vec![false; problem.columns],
            changes: Vec::new(),
            met_rows: vec![(0, 0); problem.rows()],
            met_columns: vec![(0, 0); problem.columns],
            round: 0,
            steps: 0,
            problem,
            matching,
        }
    }

    /// Gives a row its first possible column, for good.
    fn settle(&mut self, row: u32) {
        for edge in self.problem.edges_of(row) {
            if self.matching.of_row[row as usize] == Some(edge) {
                break;
            }
            self.steps += 1;
            let column = self.problem.column_of[edge as usize];
            if self.is_fixed[column as usize] || !binds(self.problem, self.matching, edge) {
                continue;
            }
            if self.force(row, edge) {
                break;
            }
            self.take_back();
        }
        self.changes.clear();
        if let Some(edge) = self.matching.of_row[row as usize] {
            self.is_fixed[self.problem.column_of[edge as usize] as usize] = true;
        }
    }

    /// Matches an edge and completes the rest; whether it could be completed.
    fn force(&mut self, row: u32, edge: u32) -> bool {
        let column = self.problem.column_of[edge as usize];
        let left_row = self.matching.of_column[column as usize];
        let left_column =
            self.matching.of_row[row as usize].map(|edge| self.problem.column_of[edge as usize]);
        if let Some(left) = left_row {
            self.set_row(left, None);
        }
        if let Some(left) = left_column {
            self.set_column(left, None);
        }
        self.set_row(row, Some(edge));
        self.set_column(column, Some(row));
        self.is_fixed[column as usize] = true;
        let is_complete = left_row.is_none_or(|left| self.cover_row(left, row))
            && left_column.is_none_or(|left| self.cover_column(left, row));
        self.is_fixed[column as usize] = false;
        is_complete
    }

    /// Finds a column for a row that must have one, among the rows after `settled`.
    fn cover_row(&mut self, row: u32, settled: u32) -> bool {
        if self.matching.row_duals[row as usize] == 0 {
            return true;
        }
        self.round += 1;
        let mut open = vec![row];
        while let Some(from) = open.pop() {
            for edge in self.problem.edges_of(from) {
                self.steps += 1;
                let column = self.problem.column_of[edge as usize];
                let met = &mut self.met_columns[column as usize];
                if met.0 == self.round
                    || self.is_fixed[column as usize]
                    || !binds(self.problem, self.matching, edge)
                {
                    continue;
                }
                *met = (self.round, edge);
                let Some(next) = self.matching.of_column[column as usize] else {
                    self.turn_rows(row, column);
                    return true;
                };
                debug_assert!(next > settled, "rows before have fixed columns");
                if self.matching.row_duals[next as usize] == 0 {
                    self.set_row(next, None);
                    self.turn_rows(row, column);
                    return true;
                }
                open.push(next);
            }
        }
        false
    }

    /// Changes partners from a column back to the row that had none.
    fn turn_rows(&mut self, row: u32, mut column: u32) {
        loop {
            let edge = self.met_columns[column as usize].1;
            let by = self.problem.row_of[edge as usize];
            let before = self.matching.of_row[by as usize];
            self.set_row(by, Some(edge));
            self.set_column(column, Some(by));
            if by == row {
                return;
            }
            let before = before.expect("a row on the path had a column");
            column = self.problem.column_of[before as usize];
        }
    }

    /// Finds a row for a column that must have one, among the rows after `settled`.
    fn cover_column(&mut self, column: u32, settled: u32) -> bool {
        let is_covered = self.matching.of_column[column as usize].is_some();
        if is_covered || self.matching.column_duals[column as usize] == 0 {
            return true;
        }
        self.round += 1;
        let mut open = vec![column];
        while let Some(from) = open.pop() {
            for place in self.edges_of_column(from) {
                self.steps += 1;
                let edge = self.by_column[place];
                let row = self.problem.row_of[edge as usize];
                let met = &mut self.met_rows[row as usize];
                if met.0 == self.round || row <= settled {
                    continue;
                }
                *met = (self.round, edge);
                let Some(held) = self.matching.of_row[row as usize] else {
                    self.turn_columns(column, row);
                    return true;
                };
                let next = self.problem.column_of[held as usize];
                if self.matching.column_duals[next as usize] == 0 {
                    self.set_column(next, None);
                    self.turn_columns(column, row);
                    return true;
                }
                open.push(next);
            }
        }
        false
    }

    /// Changes partners from a row back to the column that had none.
    fn turn_columns(&mut self, column: u32, mut row: u32) {
        loop {
            let edge = self.met_rows[row as usize].1;
            let by = self.problem.column_of[edge as usize];
            let before = self.matching.of_column[by as usize];
            self.set_row(row, Some(edge));
            self.set_column(by, Some(row));
            if by == column {
                return;
            }
            row = before.expect("a column on the path had a row");
        }
    }

    fn edges_of_column(&self, column: u32) -> std::ops::Range<usize> {
        let column = column as usize;
        let start = column
            .checked_sub(1)
            .map_or(0, |before| self.column_ends[before]);
        start as usize..self.column_ends[column] as usize
    }

    fn set_row(&mut self, row: u32, edge: Option<u32>) {
        let before = std::mem::replace(&mut self.matching.of_row[row as usize], edge);
        self.changes.push(Change::Row(row, before));
    }

    fn set_column(&mut self, column: u32, row: Option<u32>) {
        let before = std::mem::replace(&mut self.matching.of_column[column as usize], row);
        self.changes.push(Change::Column(column, before));
    }

    fn take_back(&mut self) {
        while let Some(change) = self.changes.pop() {
            match change {
                Change::Row(row, edge) => self.matching.of_row[row as usize] = edge,
                Change::Column(column, row) => self.matching.of_column[column as usize] = row,
            }
        }
    }
}

/// Whether the duals of an edge sum to its gain.
fn binds(problem: &Problem, matching: &Matching, edge: u32) -> bool {
    let edge = edge as usize;
    let row = matching.row_duals[problem.row_of[edge] as usize];
    let column = matching.column_duals[problem.column_of[edge] as usize];
    row + column == problem.gains[edge]
}
