//! The solver behind one small face: linear and mixed programmes in HiGHS, one thread, always the same answer for the same programme.
//!
//! It must not know what a column stands for.
//! A linear programme keeps its basis: the same rows are solved again and again with another objective.

use highs::{Col, HighsModelStatus, Model, RowProblem, Sense};

use crate::optimum::closeness;

/// The solver gave no answer that can be used; the text says in which state it stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the solver stopped without an answer: {state}")]
pub struct SolverError {
    /// The state in which it stopped, in its own words.
    pub state: String,
}

impl SolverError {
    pub(crate) fn new(state: impl std::fmt::Debug) -> SolverError {
        SolverError {
            state: format!("{state:?}"),
        }
    }
}

/// One row: `least ≤ Σ coefficient · column ≤ most`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) least: f64,
    pub(crate) most: f64,
    pub(crate) terms: Vec<(usize, f64)>,
}

/// What minimising gave.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The least value, where, and the price of each row.
    Least(Least),
    /// There is no least value.
    Unbounded,
    /// Nothing agrees with the rows.
    Infeasible,
}

/// A least value.
#[derive(Debug)]
pub(crate) struct Least {
    pub(crate) value: f64,
    /// By column.
    pub(crate) at: Vec<f64>,
    /// By row: how much the least value grows with the row's side.
    pub(crate) prices: Vec<f64>,
}

/// A linear programme whose objective and bounds change while its rows stay.
pub(crate) struct Programme {
    model: Option<Model>,
    columns: Vec<Col>,
    bounds: Vec<(f64, f64)>,
    rows: Vec<Row>,
    objective: Vec<usize>,
}

fn range(low: f64, high: f64) -> std::ops::RangeInclusive<f64> {
    low..=high
}

/// The model of columns under rows, quiet and repeatable: one thread, one seed.
fn model_of(mut problem: RowProblem, columns: &[Col], rows: &[Row]) -> Result<Model, SolverError> {
    for row in rows {
        let terms = row.terms.iter().map(|(at, by)| (columns[*at], *by));
        problem.add_row(range(row.least, row.most), terms.collect::<Vec<_>>());
    }
    let mut model = problem
        .try_optimise(Sense::Minimise)
        .map_err(SolverError::new)?;
    model.make_quiet();
    for (name, value) in [("threads", 1), ("random_seed", 0)] {
        model
            .try_set_option(name, value)
            .map_err(SolverError::new)?;
    }
    Ok(model)
}

impl Programme {
    /// A programme with the given bounds of columns and rows.
    pub(crate) fn new(bounds: &[(f64, f64)], rows: &[Row]) -> Result<Programme, SolverError> {
        let mut problem = RowProblem::default();
        let columns: Vec<Col> = bounds
            .iter()
            .map(|(low, high)| problem.add_column(0.0, range(*low, *high)))
            .collect();
        let model = model_of(problem, &columns, rows)?;
        Ok(Programme {
            model: Some(model),
            columns,
            bounds: bounds.to_vec(),
            rows: rows.to_vec(),
            objective: Vec::new(),
        })
    }

    /// The same programme without what the solver remembers: it may have led itself astray.
    fn afresh(&self) -> Result<Model, SolverError> {
        let mut other = Programme::new(&self.bounds, &self.rows)?;
        let mut model = other.model.take().ok_or_else(|| SolverError::new("lost"))?;
        model
            .try_set_option("presolve", "off")
            .map_err(SolverError::new)?;
        Ok(model)
    }

    /// Sets the bounds of a column.
    pub(crate) fn bound(&mut self, column: usize, low: f64, high: f64) {
        if self.bounds[column] == (low, high) {
            return;
        }
        self.bounds[column] = (low, high);
        let at = self.columns[column];
        if let Some(model) = &mut self.model {
            model.change_column_bounds(at, range(low, high));
        }
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, row: &Row) -> Result<(), SolverError> {
        let terms: Vec<_> = row
            .terms
            .iter()
            .map(|(at, by)| (self.columns[*at], *by))
            .collect();
        let model = self
            .model
            .as_mut()
            .ok_or_else(|| SolverError::new("lost"))?;
        model
            .try_add_row(range(row.least, row.most), terms)
            .map_err(SolverError::new)?;
        self.rows.push(row.clone());
        Ok(())
    }

    /// Minimises a form over the columns.
    pub(crate) fn minimise(&mut self, objective: &[(usize, f64)]) -> Result<Outcome, SolverError> {
        let mut model = self.model.take().ok_or_else(|| SolverError::new("lost"))?;
        for column in self.objective.drain(..) {
            model.change_column_cost(self.columns[column], 0.0);
        }
        for (column, by) in objective {
            model.change_column_cost(self.columns[*column], *by);
            self.objective.push(*column);
        }
        let solved = match model.try_solve() {
            Ok(solved) => solved,
            Err(_) => {
                let mut model = self.afresh()?;
                for (column, by) in objective {
                    model.change_column_cost(self.columns[*column], *by);
                }
                model.try_solve().map_err(SolverError::new)?
            }
        };
        let outcome = match solved.status() {
            HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => {
                let solution = solved.get_solution();
                let at = solution.columns().to_vec();
                Ok(Outcome::Least(Least {
                    value: objective.iter().map(|(column, by)| by * at[*column]).sum(),
                    prices: solution.dual_rows().to_vec(),
                    at,
                }))
            }
            HighsModelStatus::Infeasible => Ok(Outcome::Infeasible),
            HighsModelStatus::Unbounded => Ok(Outcome::Unbounded),
            HighsModelStatus::UnboundedOrInfeasible if objective.is_empty() => {
                Ok(Outcome::Infeasible)
            }
            HighsModelStatus::UnboundedOrInfeasible => {
                self.model = Some(Model::from(solved));
                return Ok(match self.minimise(&[])? {
                    Outcome::Least(_) => Outcome::Unbounded,
                    other => other,
                });
            }
            other => Err(SolverError::new(other)),
        };
        self.model = Some(Model::from(solved));
        outcome
    }
}

/// What a mixed programme gave.
#[derive(Debug)]
pub(crate) enum Whole {
    /// The best found, and a value that nothing can be below.
    Best {
        at: Vec<f64>,
        value: f64,
        bound: f64,
    },
    /// None was found within the nodes; nothing can be below the bound.
    Unknown { bound: f64 },
    /// Nothing agrees with the rows.
    Infeasible,
}

/// Minimises over whole columns, in at most `nodes` nodes of the search tree; `start` is an answer that is known to hold.
///
/// The steps of the simplex algorithm that it took come beside the answer: they are the same on every machine.
pub(crate) fn minimise_whole(
    costs: &[f64],
    bounds: &[(f64, f64)],
    rows: &[Row],
    start: Option<&[f64]>,
    nodes: i32,
) -> Result<(Whole, u64), SolverError> {
    let mut problem = RowProblem::default();
    let columns: Vec<Col> = bounds
        .iter()
        .zip(costs)
        .map(|((low, high), cost)| problem.add_integer_column(*cost, range(*low, *high)))
        .collect();
    let mut model = model_of(problem, &columns, rows)?;
    model
        .try_set_option("mip_max_nodes", nodes)
        .map_err(SolverError::new)?;
    for name in ["mip_rel_gap", "mip_abs_gap"] {
        model.try_set_option(name, 0.0).map_err(SolverError::new)?;
    }
    if let Some(start) = start {
        // A start that the solver refuses only costs time.
        let _ = model.try_set_solution(Some(start), None, None, None);
    }
    let solved = model.try_solve().map_err(SolverError::new)?;
    let steps = u64::try_from(solved.simplex_iteration_count()).unwrap_or(0);
    let bound = || {
        solved
            .double_info_value(c"mip_dual_bound")
            .map_err(SolverError::new)
    };
    let found = match solved.status() {
        HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => {
            let at = solved.get_solution().columns().to_vec();
            let value = at.iter().zip(costs).map(|(at, cost)| at * cost).sum();
            let bound = if rows.is_empty() { value } else { bound()? };
            // Presolve may make a cheaper choice of the start, and the solver then hands back the start and calls it the best.
            if start.is_some() && value > bound + closeness(value) {
                let (found, more) = minimise_whole(costs, bounds, rows, None, nodes)?;
                return Ok((found, steps + more));
            }
            Whole::Best { at, value, bound }
        }
        HighsModelStatus::Infeasible => Whole::Infeasible,
        HighsModelStatus::ReachedSolutionLimit
        | HighsModelStatus::ReachedIterationLimit
        | HighsModelStatus::ReachedTimeLimit => {
            let at = solved.get_solution().columns().to_vec();
            let is_found = solved.primal_solution_status() == highs::HighsSolutionStatus::Feasible;
            if !is_found || at.len() != costs.len() {
                return Ok((Whole::Unknown { bound: bound()? }, steps));
            }
            let value = at.iter().zip(costs).map(|(at, cost)| at * cost).sum();
            Whole::Best {
                at,
                value,
                bound: bound()?,
            }
        }
        other => return Err(SolverError::new(other)),
    };
    Ok((found, steps))
}
