//! A sufficient choice of hidden cells, quickly: the cheapest moves, one target after the other, and then away with what is not needed.
//!
//! The moves are those of a linear programme: to move a form by what is needed at the least cost of the cells that move, where what is hidden already costs nothing (after Kelly, Golden and Assad 1992).

use crate::cuts::{Answer, Ask, answers};
use crate::problem::{Problem, Treatment};
use crate::programme::{Outcome, Programme, Row, SolverError};

/// Adds hidden cells until everything asked is answered; none when a target cannot be protected by all cells together.
pub(crate) fn repair(
    problem: &Problem,
    asks: &[Ask],
    mut is_hidden: Vec<bool>,
    leaning: &[f64],
) -> Result<Option<Vec<bool>>, SolverError> {
    let mut mover = Mover::new(problem)?;
    loop {
        let open: Vec<Answer> = answers(problem, &degree(&is_hidden), asks)?
            .into_iter()
            .filter(|answer| !answer.is_enough())
            .collect();
        if open.is_empty() {
            return Ok(Some(is_hidden));
        }
        let before = is_hidden.clone();
        for answer in open {
            // An earlier move may have answered it.
            let still = answers(problem, &degree(&is_hidden), &[answer.ask])?;
            if still.iter().all(Answer::is_enough) {
                continue;
            }
            if !mover.cover(problem, &answer, &mut is_hidden, leaning)? {
                return Ok(None);
            }
        }
        if before == is_hidden {
            return Ok(None);
        }
    }
}

/// Shows again what is not needed, the dearest first.
pub(crate) fn relieve(
    problem: &Problem,
    asks: &[Ask],
    mut is_hidden: Vec<bool>,
) -> Result<Vec<bool>, SolverError> {
    let mut proofs = answers(problem, &degree(&is_hidden), asks)?;
    let mut order: Vec<usize> = (0..is_hidden.len())
        .filter(|cell| is_hidden[*cell] && problem.treatment[*cell] == Treatment::MayHide)
        .collect();
    order.sort_by(|one, two| {
        problem.costs[*two]
            .total_cmp(&problem.costs[*one])
            .then(one.cmp(two))
    });
    for cell in order {
        is_hidden[cell] = false;
        let touched: Vec<usize> = (0..proofs.len())
            .filter(|at| proofs[*at].uses(cell))
            .collect();
        let again: Vec<Ask> = touched.iter().map(|at| proofs[*at].ask).collect();
        let anew = answers(problem, &degree(&is_hidden), &again)?;
        if !anew.iter().all(Answer::is_enough) {
            is_hidden[cell] = true;
            continue;
        }
        for (at, answer) in touched.into_iter().zip(anew) {
            proofs[at] = answer;
        }
    }
    Ok(is_hidden)
}

/// Degrees of a choice.
pub(crate) fn degree(is_hidden: &[bool]) -> Vec<f64> {
    is_hidden
        .iter()
        .map(|hidden| f64::from(u8::from(*hidden)))
        .collect()
}

/// The programme of cheapest moves: for each cell how far up and how far down, and one row for the form.
struct Mover {
    programme: Programme,
    cells: usize,
    rooms: Vec<(f64, f64)>,
}

impl Mover {
    fn new(problem: &Problem) -> Result<Mover, SolverError> {
        let cells = problem.system.len();
        let scale = problem.scale();
        let rooms: Vec<(f64, f64)> = (0..cells)
            .map(|cell| match problem.treatment[cell] {
                Treatment::MustShow => (0.0, 0.0),
                Treatment::MayHide | Treatment::MustHide => (
                    problem.room_up(cell) as f64 / scale,
                    problem.room_down(cell) as f64 / scale,
                ),
            })
            .collect();
        let ups = rooms.iter().map(|(up, _)| (0.0, *up));
        let downs = rooms.iter().map(|(_, down)| (0.0, *down));
        let bounds: Vec<(f64, f64)> = ups.chain(downs).collect();
        let rows: Vec<Row> = problem
            .system
            .equations()
            .iter()
            .map(|equation| Row {
                least: 0.0,
                most: 0.0,
                terms: both(equation, cells),
            })
            .collect();
        Ok(Mover {
            programme: Programme::new(&bounds, &rows)?,
            cells,
            rooms,
        })
    }

    /// Hides the cells of the cheapest moves that answer; false when there is none.
    fn cover(
        &mut self,
        problem: &Problem,
        answer: &Answer,
        is_hidden: &mut [bool],
        leaning: &[f64],
    ) -> Result<bool, SolverError> {
        let target = &problem.targets[answer.ask.target()];
        let mut open = answer.needed;
        for (way, _) in &answer.reach {
            self.hold(&target.known, true);
            let terms: Vec<(usize, i64)> = target.terms.clone();
            let costs = self.costs(problem, is_hidden, leaning, open);
            // What the form moves is paid for: enough to reach what is needed, if it can be reached.
            let reward = 1e4 * costs.iter().map(|(_, cost)| *cost).fold(1.0, f64::max);
            let moved = self.move_form(&terms, way.sign(), open, reward, &costs)?;
            self.hold(&target.known, false);
            let Some((by, at)) = moved else {
                return Ok(false);
            };
            for cell in 0..self.cells {
                let net = at[cell] - at[cell + self.cells];
                if net.abs() > 1e-7 && problem.treatment[cell] == Treatment::MayHide {
                    is_hidden[cell] = true;
                }
            }
            open -= by;
            if open <= 1e-7 {
                break;
            }
        }
        Ok(open <= 1e-6f64.min(answer.needed * 1e-3))
    }

    fn hold(&mut self, cells: &[usize], is_held: bool) {
        for cell in cells {
            let (up, down) = if is_held {
                (0.0, 0.0)
            } else {
                self.rooms[*cell]
            };
            self.programme.bound(*cell, 0.0, up);
            self.programme.bound(cell + self.cells, 0.0, down);
        }
    }

    fn costs(
        &self,
        problem: &Problem,
        is_hidden: &[bool],
        leaning: &[f64],
        needed: f64,
    ) -> Vec<(usize, f64)> {
        let mut costs = Vec::with_capacity(2 * self.cells);
        for cell in 0..self.cells {
            let (up, down) = self.rooms[cell];
            let whole = match is_hidden[cell] {
                true => 1e-9,
                false => problem.costs[cell] * (1.001 - leaning[cell].clamp(0.0, 1.0)),
            };
            // A cell that cannot move has no price: a tiny room would make a huge one.
            for (column, room) in [(cell, up), (cell + self.cells, down)] {
                if room > 0.0 {
                    costs.push((column, whole / room.min(needed)));
                }
            }
        }
        costs
    }

    /// Moves a form one way, by at most `needed`, as cheaply as possible.
    fn move_form(
        &mut self,
        terms: &[(usize, i64)],
        sign: f64,
        needed: f64,
        reward: f64,
        costs: &[(usize, f64)],
    ) -> Result<Option<(f64, Vec<f64>)>, SolverError> {
        let mut objective = vec![0.0; 2 * self.cells];
        for (column, cost) in costs {
            objective[*column] += cost;
        }
        for (column, by) in both(terms, self.cells) {
            objective[column] -= reward * sign * by;
        }
        // The form itself goes no further than needed: its own column is bounded, or for a sum each of its columns.
        for (cell, _) in terms {
            let (up, down) = self.rooms[*cell];
            self.programme.bound(*cell, 0.0, up.min(needed));
            self.programme
                .bound(cell + self.cells, 0.0, down.min(needed));
        }
        let objective: Vec<(usize, f64)> = objective.into_iter().enumerate().collect();
        let outcome = self.programme.minimise(&objective)?;
        for (cell, _) in terms {
            let (up, down) = self.rooms[*cell];
            self.programme.bound(*cell, 0.0, up);
            self.programme.bound(cell + self.cells, 0.0, down);
        }
        let Outcome::Least(least) = outcome else {
            return Ok(None);
        };
        let moved: f64 = both(terms, self.cells)
            .iter()
            .map(|(column, by)| sign * by * least.at[*column])
            .sum();
        Ok(Some((moved.min(needed), least.at)))
    }
}

fn both(terms: &[(usize, i64)], cells: usize) -> Vec<(usize, f64)> {
    let up = terms.iter().map(|(cell, by)| (*cell, *by as f64));
    let down = terms.iter().map(|(cell, by)| (cell + cells, -(*by as f64)));
    up.chain(down).collect()
}
