//! The attacker: how far each hidden form can be moved while everything published stays as it is.
//!
//! For cells hidden to the degree `x` (0 shown, 1 hidden, between them while an optimum is sought) his programme is
//! `max form · d` under `Σ coefficient · d = 0` for each equation and `-room below · x ≤ d ≤ room above · x`.
//! The prices of the equations give a cut: Fischetti and Salazar (2001), section 3.

use rayon::prelude::*;

use crate::bounds::Form;
use crate::problem::{Problem, Target};
use crate::programme::{Outcome, Programme, Row, SolverError};

/// Which way a form is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Down,
    Up,
}

impl Way {
    pub(crate) fn sign(self) -> f64 {
        match self {
            Way::Down => -1.0,
            Way::Up => 1.0,
        }
    }
}

/// How far a form can be moved, in the solver's unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    pub(crate) value: f64,
    /// The move, by cell.
    pub(crate) deviation: Vec<(usize, f64)>,
    /// The price of each equation in the attacker's programme.
    pub(crate) prices: Vec<(usize, f64)>,
}

/// The cells that are hidden at all, cut into parts that no equation joins.
pub(crate) struct Parts {
    part_of: Vec<Option<usize>>,
    parts: Vec<Part>,
}

struct Part {
    cells: Vec<usize>,
    equations: Vec<usize>,
}

const NOTHING: f64 = 1e-9;

impl Parts {
    pub(crate) fn new(problem: &Problem, degree: &[f64]) -> Parts {
        let mut parent: Vec<usize> = (0..degree.len()).collect();
        let equations = problem.system.equations();
        let hidden = |equation: &Form| -> Vec<usize> {
            let cells = equation.iter().map(|(cell, _)| *cell);
            cells.filter(|cell| degree[*cell] > NOTHING).collect()
        };
        for equation in equations {
            for pair in hidden(equation).windows(2) {
                let (one, two) = (root(&mut parent, pair[0]), root(&mut parent, pair[1]));
                parent[one.max(two)] = one.min(two);
            }
        }
        let mut parts = Parts {
            part_of: vec![None; degree.len()],
            parts: Vec::new(),
        };
        for (cell, _) in degree.iter().enumerate().filter(|(_, by)| **by > NOTHING) {
            let top = root(&mut parent, cell);
            // The top is the first cell of its part.
            let part = *parts.part_of[top].get_or_insert_with(|| {
                parts.parts.push(Part {
                    cells: Vec::new(),
                    equations: Vec::new(),
                });
                parts.parts.len() - 1
            });
            parts.part_of[cell] = Some(part);
            parts.parts[part].cells.push(cell);
        }
        for (at, equation) in equations.iter().enumerate() {
            let part = hidden(equation)
                .first()
                .and_then(|cell| parts.part_of[*cell]);
            if let Some(part) = part {
                parts.parts[part].equations.push(at);
            }
        }
        parts
    }
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// One question of the attacker.
pub(crate) struct Question<'a> {
    pub(crate) target: &'a Target,
    pub(crate) way: Way,
    /// The reach that is enough, in the solver's unit; infinite when the furthest is wanted.
    pub(crate) enough: f64,
}

/// Answers questions for cells hidden to some degree.
///
/// A reach that is enough may be shorter than the furthest, and then comes without prices.
pub(crate) fn reaches(
    problem: &Problem,
    degree: &[f64],
    questions: &[Question<'_>],
) -> Result<Vec<Reach>, SolverError> {
    let parts = Parts::new(problem, degree);
    let mut by_part: Vec<Vec<usize>> = vec![Vec::new(); parts.parts.len()];
    for (at, question) in questions.iter().enumerate() {
        let mut touched: Vec<usize> = question
            .target
            .terms
            .iter()
            .filter_map(|(cell, _)| parts.part_of[*cell])
            .collect();
        touched.sort_unstable();
        touched.dedup();
        for part in touched {
            by_part[part].push(at);
        }
    }
    let answered: Vec<Vec<(usize, Reach)>> = by_part
        .par_iter()
        .enumerate()
        .filter(|(_, asked)| !asked.is_empty())
        .map(|(part, asked)| answer(problem, degree, &parts, part, questions, asked))
        .collect::<Result<_, _>>()?;
    let mut all = vec![Reach::default(); questions.len()];
    for (at, reach) in answered.into_iter().flatten() {
        all[at].value += reach.value;
        all[at].deviation.extend(reach.deviation);
        all[at].prices.extend(reach.prices);
    }
    Ok(all)
}

fn answer(
    problem: &Problem,
    degree: &[f64],
    parts: &Parts,
    part: usize,
    questions: &[Question<'_>],
    asked: &[usize],
) -> Result<Vec<(usize, Reach)>, SolverError> {
    let mut room = Room::new(problem, degree, parts, part)?;
    let mut found: Vec<Option<Reach>> = vec![None; asked.len()];
    for at in 0..asked.len() {
        if found[at].is_some() {
            continue;
        }
        let question = &questions[asked[at]];
        let reach = room.furthest(question.target, question.way)?;
        // One move often serves many forms, forwards or, shortened, backwards.
        for (other, slot) in found.iter_mut().enumerate().skip(at + 1) {
            let asks = &questions[asked[other]];
            if slot.is_none() && asks.enough.is_finite() {
                *slot = room.serves(&reach.deviation, asks, parts, part);
            }
        }
        found[at] = Some(reach);
    }
    Ok(asked
        .iter()
        .copied()
        .zip(found.into_iter().flatten())
        .collect())
}

/// The programme of one part.
struct Room<'a> {
    part: &'a Part,
    /// The rooms below and above, by place in the part.
    bounds: Vec<(f64, f64)>,
    programme: Programme,
}

impl<'a> Room<'a> {
    fn new(
        problem: &Problem,
        degree: &[f64],
        parts: &'a Parts,
        part: usize,
    ) -> Result<Room<'a>, SolverError> {
        let part = &parts.parts[part];
        let scale = problem.scale();
        let bounds: Vec<(f64, f64)> = part
            .cells
            .iter()
            .map(|cell| {
                let of = degree[*cell] / scale;
                let down = problem.room_down(*cell) as f64 * of;
                (0.0 - down, problem.room_up(*cell) as f64 * of)
            })
            .collect();
        let rows: Vec<Row> = part
            .equations
            .iter()
            .map(|at| Row {
                least: 0.0,
                most: 0.0,
                terms: problem.system.equations()[*at]
                    .iter()
                    .filter_map(|(cell, by)| {
                        let at = part.cells.binary_search(cell).ok()?;
                        Some((at, *by as f64))
                    })
                    .collect(),
            })
            .collect();
        let programme = Programme::new(&bounds, &rows)?;
        Ok(Room {
            part,
            bounds,
            programme,
        })
    }

    fn furthest(&mut self, target: &Target, way: Way) -> Result<Reach, SolverError> {
        let known: Vec<usize> = target
            .known
            .iter()
            .filter_map(|cell| self.part.cells.binary_search(cell).ok())
            .collect();
        for at in &known {
            self.programme.bound(*at, 0.0, 0.0);
        }
        let objective: Vec<(usize, f64)> = target
            .terms
            .iter()
            .filter_map(|(cell, by)| {
                let at = self.part.cells.binary_search(cell).ok()?;
                Some((at, -way.sign() * *by as f64))
            })
            .collect();
        let outcome = self.programme.minimise(&objective)?;
        for at in known {
            let (low, high) = self.bounds[at];
            self.programme.bound(at, low, high);
        }
        let Outcome::Least(least) = outcome else {
            // Standing still is always possible, and every room is bounded.
            return Err(SolverError::new(outcome));
        };
        let moved = least
            .at
            .iter()
            .enumerate()
            .filter(|(_, by)| by.abs() > NOTHING);
        let priced = least
            .prices
            .iter()
            .enumerate()
            .filter(|(_, by)| **by != 0.0);
        Ok(Reach {
            value: -least.value,
            deviation: moved.map(|(at, by)| (self.part.cells[at], *by)).collect(),
            prices: priced
                .map(|(at, by)| (self.part.equations[at], *by))
                .collect(),
        })
    }

    /// A move made for another question, if it answers this one too.
    fn serves(
        &self,
        deviation: &[(usize, f64)],
        question: &Question<'_>,
        parts: &Parts,
        part: usize,
    ) -> Option<Reach> {
        let by = |cell: usize| {
            deviation
                .binary_search_by_key(&cell, |(at, _)| *at)
                .map_or(0.0, |at| deviation[at].1)
        };
        let target = question.target;
        let is_here = target
            .terms
            .iter()
            .all(|(cell, _)| parts.part_of[*cell].is_none_or(|other| other == part));
        if !is_here || target.known.iter().any(|cell| by(*cell) != 0.0) {
            return None;
        }
        let moved: f64 = target
            .terms
            .iter()
            .map(|(cell, times)| by(*cell) * *times as f64)
            .sum();
        let along = moved * question.way.sign();
        let factor = if along >= 0.0 {
            1.0
        } else {
            -self.backwards(deviation)
        };
        let value = along * factor;
        (value >= question.enough).then(|| Reach {
            value,
            deviation: deviation
                .iter()
                .map(|(cell, by)| (*cell, by * factor))
                .collect(),
            prices: Vec::new(),
        })
    }

    /// How much of a move is possible backwards.
    fn backwards(&self, deviation: &[(usize, f64)]) -> f64 {
        let mut share: f64 = 1.0;
        for (cell, by) in deviation {
            if let Ok(at) = self.part.cells.binary_search(cell) {
                let (down, up) = self.bounds[at];
                let room = if *by > 0.0 { -down } else { up };
                share = share.min(room / by.abs());
            }
        }
        share.max(0.0)
    }
}

/// What each cell can contribute at most to a move of a form, by the prices of the equations: `form · d ≤ Σ capacity · x` for every `x`.
///
/// Holds for any prices whatever (weak duality); good prices make it narrow.
pub(crate) fn capacities(
    problem: &Problem,
    target: &Target,
    way: Way,
    prices: &[(usize, f64)],
) -> Vec<f64> {
    let mut reduced = vec![0.0; problem.system.len()];
    for (cell, by) in &target.terms {
        reduced[*cell] += way.sign() * *by as f64;
    }
    for (at, price) in prices {
        for (cell, by) in &problem.system.equations()[*at] {
            reduced[*cell] += price * *by as f64;
        }
    }
    for cell in &target.known {
        reduced[*cell] = 0.0;
    }
    let scale = problem.scale();
    for (cell, value) in reduced.iter_mut().enumerate() {
        let room = if *value > 0.0 {
            problem.room_up(cell)
        } else {
            problem.room_down(cell)
        };
        // What rounding leaves of a price of zero is no capacity, save where it could matter.
        let capacity = value.abs() * room as f64 / scale;
        *value = if capacity < 1e-9 { 0.0 } else { capacity };
    }
    reduced
}
