//! Which cells to hide at the least cost, with the proof that nothing less does.
//!
//! The cutting planes of Fischetti and Salazar (2001): a master problem chooses, the attacker shows what the choice lacks, and what he shows becomes a cut.
//! First over degrees of hiding, which gives a bound fast; then over whole choices, until the best choice is known to be the best or the work that was allowed is done.

use crate::cuts::{Ask, answers, asks};
use crate::master::Master;
use crate::modular;
use crate::problem::{Problem, Treatment};
use crate::programme::SolverError;
use crate::repair::{relieve, repair};

/// How much work is put into a proof; never a time, so that the same table gives the same answer on any machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Up to so many cells that may be hidden the optimum is sought over all at once; beyond, the gap is stated.
    pub cells: usize,
    /// Nodes of the search tree in each round at most; above zero.
    pub nodes: i32,
    /// Rounds of cuts over degrees of hiding.
    pub rounds: usize,
    /// Units of work of the joint search over whole choices: steps of the simplex algorithm times rows and cells, and the attacker's questions times cells.
    ///
    /// When they are used up the best choice known is told, with its bound and without a proof.
    pub work: u64,
    /// How often the modules of a table that is too large for the joint search are gone through at most; 0 leaves the first choice.
    pub passes: usize,
    /// Nodes of the search tree of a module in each round.
    pub module_nodes: i32,
    /// Rounds of cuts of a module.
    pub module_rounds: usize,
    /// Nodes of the search tree that raises the bound at the end.
    pub bound_nodes: i32,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort {
            cells: 2_000,
            nodes: 100_000,
            rounds: 100,
            work: 20_000_000,
            passes: 0,
            module_nodes: 30,
            module_rounds: 8,
            bound_nodes: 10,
        }
    }
}

/// Which cells are hidden, and how good the choice is known to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// By cell.
    pub is_hidden: Vec<bool>,
    /// What they cost.
    pub cost: f64,
    /// What every sufficient choice costs at least.
    pub at_least: f64,
    /// Whether no sufficient choice costs less.
    pub is_proved: bool,
    /// Whether the optimum was sought over all cells at once.
    pub is_joint: bool,
    /// Cuts that were needed.
    pub cuts: usize,
}

impl Pattern {
    /// How much dearer than the best choice it can be at most, as a share of the cost.
    pub fn gap(&self) -> f64 {
        match self.cost > 0.0 {
            true => ((self.cost - self.at_least) / self.cost).max(0.0),
            false => 0.0,
        }
    }
}

/// Why there is no choice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptimumError {
    /// Even with everything hidden that may be, a form can be learned too closely.
    #[error("`{name}` cannot be protected whatever else is hidden")]
    Infeasible {
        /// The form.
        name: String,
        /// Its place among the targets.
        target: usize,
    },
    /// The solver gave no answer.
    #[error(transparent)]
    Solver(#[from] SolverError),
}

/// The cheapest sufficient choice of hidden cells.
///
/// # Errors
/// [`OptimumError`] when a target cannot be protected, or the solver fails.
pub fn optimum(problem: &Problem, effort: Effort) -> Result<Pattern, OptimumError> {
    let asked = asks(&problem.targets);
    possible(problem, &asked)?;
    let mut master = Master::new(problem);
    let leaning = master.relax(&asked, effort.rounds)?;
    let mut best = first(problem, &asked, &leaning)?;
    let may_hide = problem
        .treatment
        .iter()
        .filter(|treatment| **treatment == Treatment::MayHide);
    let is_joint = may_hide.count() <= effort.cells;
    match is_joint {
        true => master.decide(&asked, effort, &mut best)?,
        false => modular::search(&mut master, &asked, effort, &leaning, &mut best)?,
    }
    let cost = problem.cost(&best);
    let at_least = master.at_least.min(cost);
    Ok(Pattern {
        is_proved: cost - at_least <= closeness(cost),
        is_hidden: best,
        cost,
        at_least,
        is_joint,
        cuts: master.rows.len(),
    })
}

/// Costs nearer than this are the same.
pub(crate) fn closeness(cost: f64) -> f64 {
    1e-6 * cost.abs().max(1.0)
}

/// Whether hiding everything that may be hidden protects every target.
fn possible(problem: &Problem, asked: &[Ask]) -> Result<(), OptimumError> {
    let all: Vec<f64> = problem
        .treatment
        .iter()
        .map(|treatment| f64::from(u8::from(*treatment != Treatment::MustShow)))
        .collect();
    let short = answers(problem, &all, asked)?
        .into_iter()
        .find(|answer| !answer.is_enough());
    match short {
        None => Ok(()),
        Some(answer) => Err(OptimumError::Infeasible {
            name: problem.targets[answer.ask.target()].name(&problem.system),
            target: answer.ask.target(),
        }),
    }
}

/// A sufficient choice to begin with: what must be hidden, and what the degrees lean to.
fn first(problem: &Problem, asked: &[Ask], leaning: &[f64]) -> Result<Vec<bool>, OptimumError> {
    let must: Vec<bool> = problem
        .treatment
        .iter()
        .map(|treatment| *treatment == Treatment::MustHide)
        .collect();
    let leant: Vec<bool> = must
        .iter()
        .zip(leaning)
        .map(|(must, degree)| *must || *degree > 0.7)
        .collect();
    let flat = vec![0.0; leaning.len()];
    let mut best: Option<Vec<bool>> = None;
    for (start, leaning) in [(leant, leaning), (must, &flat[..])] {
        let Some(hidden) = repair(problem, asked, start, leaning)? else {
            continue;
        };
        let hidden = relieve(problem, asked, hidden)?;
        if best
            .as_ref()
            .is_none_or(|best| problem.cost(&hidden) < problem.cost(best))
        {
            best = Some(hidden);
        }
    }
    match best {
        Some(best) => Ok(best),
        None => {
            // Everything together is sufficient: that was looked at before.
            let all = problem
                .treatment
                .iter()
                .map(|one| *one != Treatment::MustShow);
            Ok(relieve(problem, asked, all.collect())?)
        }
    }
}
