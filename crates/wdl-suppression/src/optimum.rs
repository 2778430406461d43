//! Which cells to hide at the least cost, with the proof that nothing less does.
//!
//! The cutting planes of Fischetti and Salazar (2001): a master problem chooses, the attacker shows what the choice lacks, and what he shows becomes a cut.
//! First over degrees of hiding, which gives a bound fast; then over whole choices, until the best choice is known to be the best or the nodes run out.

use std::collections::BTreeSet;

use crate::cuts::{Ask, answers, asks, benders, lonely, one_more};
use crate::problem::{Problem, Treatment};
use crate::programme::{Outcome, Programme, Row, SolverError, Whole, minimise_whole};
use crate::repair::{degree, relieve, repair};

/// How much work is put into a proof; never a time, so that the same table gives the same answer on any machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Up to so many cells that may be hidden the optimum is sought over all at once; beyond, the gap is stated.
    pub cells: usize,
    /// Nodes of the search tree in each round.
    pub nodes: i32,
    /// Rounds of cuts over degrees of hiding.
    pub rounds: usize,
    /// Rounds of cuts over whole choices.
    pub whole_rounds: usize,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort {
            cells: 2_000,
            nodes: 100_000,
            rounds: 100,
            whole_rounds: 400,
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
    if is_joint {
        master.decide(&asked, effort, &mut best)?;
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
fn closeness(cost: f64) -> f64 {
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

/// So many questions are asked of the same degrees at once, and so many cuts make a round.
const QUESTIONS_AT_ONCE: usize = 128;
const CUTS_IN_A_ROUND: usize = 64;

struct Master<'a> {
    problem: &'a Problem,
    rows: Vec<Row>,
    seen: BTreeSet<Vec<(usize, u64)>>,
    at_least: f64,
}

impl<'a> Master<'a> {
    fn new(problem: &'a Problem) -> Master<'a> {
        Master {
            problem,
            rows: Vec::new(),
            seen: BTreeSet::new(),
            at_least: 0.0,
        }
    }

    fn bounds(&self) -> Vec<(f64, f64)> {
        self.problem
            .treatment
            .iter()
            .map(|treatment| match treatment {
                Treatment::MayHide => (0.0, 1.0),
                Treatment::MustHide => (1.0, 1.0),
                Treatment::MustShow => (0.0, 0.0),
            })
            .collect()
    }

    /// Adds a cut, unless it is there already.
    fn add(&mut self, row: Row) -> bool {
        let key = row
            .terms
            .iter()
            .map(|(cell, by)| (*cell, by.to_bits()))
            .collect();
        let is_new = self.seen.insert(key);
        if is_new {
            self.rows.push(row);
        }
        is_new
    }

    /// Degrees of hiding that no cut speaks against, and the bound they give.
    fn relax(&mut self, asked: &[Ask], rounds: usize) -> Result<Vec<f64>, SolverError> {
        let mut programme = Programme::new(&self.bounds(), &[])?;
        let objective: Vec<(usize, f64)> = self.problem.costs.iter().copied().enumerate().collect();
        let mut before = Vec::new();
        let mut next = 0;
        loop {
            let Outcome::Least(least) = programme.minimise(&objective)? else {
                return Err(SolverError::new("relaxation"));
            };
            self.at_least = self.at_least.max(least.value);
            let mut rows = lonely(self.problem, &least.at);
            if rows.is_empty() {
                rows = self.speak_against(&least.at, asked, &mut next)?;
                before.push(least.value);
            }
            let from = self.rows.len();
            for row in rows {
                self.add(row);
            }
            if self.rows.len() == from || before.len() > rounds || is_tailing(&before) {
                return Ok(least.at);
            }
            for row in &self.rows[from..] {
                programme.add(row)?;
            }
        }
    }

    /// Cuts that speak against degrees of hiding; with many questions those from `next` on until there are enough cuts for a round.
    fn speak_against(
        &self,
        at: &[f64],
        asked: &[Ask],
        next: &mut usize,
    ) -> Result<Vec<Row>, SolverError> {
        let mut rows = Vec::new();
        let mut looked = 0;
        while looked < asked.len() && rows.len() < CUTS_IN_A_ROUND {
            let many = QUESTIONS_AT_ONCE.min(asked.len() - looked);
            let some: Vec<Ask> = (0..many)
                .map(|step| asked[(*next + step) % asked.len()])
                .collect();
            let found = answers(self.problem, at, &some)?;
            rows.extend(
                found
                    .iter()
                    .filter(|answer| answer.reached() < answer.needed * (1.0 - 1e-4))
                    .filter_map(|answer| benders(self.problem, answer)),
            );
            looked += many;
            *next = (*next + many) % asked.len();
        }
        Ok(rows)
    }

    /// Chooses whole cells until the best choice is proved or the effort ends.
    fn decide(
        &mut self,
        asked: &[Ask],
        effort: Effort,
        best: &mut Vec<bool>,
    ) -> Result<(), OptimumError> {
        for _ in 0..effort.whole_rounds {
            let cost = self.problem.cost(best);
            if cost - self.at_least <= closeness(cost) {
                return Ok(());
            }
            let chosen = minimise_whole(
                &self.problem.costs,
                &self.bounds(),
                &self.rows,
                Some(&degree(best)),
                effort.nodes,
            )?;
            let (at, bound) = match chosen {
                Whole::Best { at, bound, .. } => (at, bound),
                Whole::Unknown { bound } => {
                    self.at_least = self.at_least.max(bound);
                    return Ok(());
                }
                Whole::Infeasible => return Err(SolverError::new("master").into()),
            };
            self.at_least = self.at_least.max(bound.min(cost));
            if cost - self.at_least <= closeness(cost) {
                return Ok(());
            }
            let hidden: Vec<bool> = at.iter().map(|degree| *degree > 0.5).collect();
            if !self.learn(asked, &hidden, best)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Adds what a choice lacks as cuts, and takes what becomes of it when it is better; false when nothing was learned.
    fn learn(
        &mut self,
        asked: &[Ask],
        hidden: &[bool],
        best: &mut Vec<bool>,
    ) -> Result<bool, OptimumError> {
        let at = degree(hidden);
        let from = self.rows.len();
        for row in lonely(self.problem, &at) {
            self.add(row);
        }
        for answer in answers(self.problem, &at, asked)? {
            if answer.is_enough() {
                continue;
            }
            if let Some(row) = benders(self.problem, &answer) {
                self.add(one_more(&row, hidden));
                self.add(row);
            }
        }
        let has_learned = self.rows.len() > from;
        let flat = vec![0.0; at.len()];
        if let Some(repaired) = repair(self.problem, asked, hidden.to_vec(), &flat)? {
            let repaired = relieve(self.problem, asked, repaired)?;
            if self.problem.cost(&repaired) < self.problem.cost(best) - closeness(0.0) {
                *best = repaired;
                return Ok(true);
            }
        }
        Ok(has_learned)
    }
}

/// Whether the bound has all but stopped to grow.
fn is_tailing(before: &[f64]) -> bool {
    let rounds = 12;
    let Some(then) = before.len().checked_sub(rounds) else {
        return false;
    };
    let now = before.last().copied().unwrap_or(0.0);
    now - before[then] <= 1e-4 * now.abs().max(1.0)
}
