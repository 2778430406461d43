//! The master problem: the cuts that are known, and what they say of every sufficient choice of hidden cells.

use std::collections::BTreeSet;

use crate::cuts::{Ask, answers, benders, lonely, one_more};
use crate::modular::Reduced;
use crate::optimum::{Effort, OptimumError, closeness};
use crate::problem::{Problem, Treatment};
use crate::programme::{Outcome, Programme, Row, SolverError, Whole, minimise_whole};
use crate::repair::{degree, relieve, repair};

/// So many questions are asked of the same degrees at once, and so many cuts make a round.
const QUESTIONS_AT_ONCE: usize = 128;
const CUTS_IN_A_ROUND: usize = 64;

/// What things cost in units of work: a step of the simplex algorithm costs one for each row and cell, and a node of the search tree takes some steps.
const STEPS_OF_A_NODE: u64 = 30;
/// A question of the attacker costs one for so many cells.
const QUESTIONS_OF_A_UNIT: u64 = 8;
/// To make a choice sufficient and lean costs so much for each question and cell.
const UNITS_OF_A_REPAIR: u64 = 3;

/// The master problem of a search.
pub(crate) struct Master<'a> {
    pub(crate) problem: &'a Problem,
    /// Every cut found so far; each holds for every sufficient choice.
    pub(crate) rows: Vec<Row>,
    seen: BTreeSet<Vec<(usize, u64)>>,
    /// What every sufficient choice costs at least.
    pub(crate) at_least: f64,
    is_whole: bool,
}

impl<'a> Master<'a> {
    pub(crate) fn new(problem: &'a Problem) -> Master<'a> {
        Master {
            problem,
            rows: Vec::new(),
            seen: BTreeSet::new(),
            at_least: 0.0,
            is_whole: problem.costs.iter().all(|cost| cost.fract() == 0.0),
        }
    }

    pub(crate) fn bounds(&self) -> Vec<(f64, f64)> {
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
    pub(crate) fn add(&mut self, row: Row) -> bool {
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
    pub(crate) fn relax(&mut self, asked: &[Ask], rounds: usize) -> Result<Vec<f64>, SolverError> {
        let mut programme = Programme::new(&self.bounds(), &self.rows)?;
        let objective: Vec<(usize, f64)> = self.problem.costs.iter().copied().enumerate().collect();
        let mut before = Vec::new();
        let mut next = 0;
        loop {
            let Outcome::Least(least) = programme.minimise(&objective)? else {
                return Err(SolverError::new("relaxation"));
            };
            self.at_least = self.at_least.max(self.whole(least.value));
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

    /// Chooses whole cells until the best choice is proved or the work is done.
    pub(crate) fn decide(
        &mut self,
        asked: &[Ask],
        effort: Effort,
        best: &mut Vec<bool>,
    ) -> Result<(), OptimumError> {
        let mut left = effort.work;
        let mut round = 0;
        while left > 0 {
            let cost = self.problem.cost(best);
            if self.is_proved(cost) {
                return Ok(());
            }
            let size = (self.rows.len() + best.len()) as u64;
            let nodes = (left / (size * STEPS_OF_A_NODE)).clamp(1, effort.nodes as u64) as i32;
            let (chosen, steps) = minimise_whole(
                &self.problem.costs,
                &self.bounds(),
                &self.rows,
                Some(&degree(best)),
                nodes,
            )?;
            let (at, bound) = match chosen {
                Whole::Best { at, bound, .. } => (at, bound),
                Whole::Unknown { bound } => {
                    self.at_least = self.at_least.max(self.whole(bound).min(cost));
                    return Ok(());
                }
                Whole::Infeasible => return Err(SolverError::new("master").into()),
            };
            self.at_least = self.at_least.max(self.whole(bound).min(cost));
            if self.is_proved(cost) {
                return Ok(());
            }
            let hidden: Vec<bool> = at.iter().map(|degree| *degree > 0.5).collect();
            let questions = (asked.len() * best.len()) as u64;
            left = left.saturating_sub((steps + 1) * size + questions / QUESTIONS_OF_A_UNIT);
            round += 1;
            // What becomes of a choice is dear to find out, and its cuts are cheap: ever more rarely, and at the end.
            let from = self.rows.len();
            let is_enough = self.object(asked, &hidden)?;
            let has_learned = self.rows.len() > from;
            if is_enough || usize::is_power_of_two(round) || left == 0 || !has_learned {
                let is_better = self.mend(asked, hidden, best)?;
                left = left.saturating_sub(questions * UNITS_OF_A_REPAIR);
                if !is_better && !has_learned {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether a choice of this cost is known to be the best.
    fn is_proved(&self, cost: f64) -> bool {
        cost - self.at_least <= closeness(cost)
    }

    /// Chooses some cells anew while the others stay; true when the choice became cheaper.
    ///
    /// What a cheaper choice lacks is asked on the whole table.
    pub(crate) fn improve(
        &mut self,
        asked: &[Ask],
        is_free: &[bool],
        effort: Effort,
        best: &mut Vec<bool>,
    ) -> Result<bool, OptimumError> {
        let before = self.problem.cost(best);
        let close = closeness(before);
        for round in 0..effort.module_rounds {
            let reduced = Reduced::new(self, is_free, best, best);
            let Whole::Best { at, .. } = reduced.solve(effort.module_nodes)? else {
                break;
            };
            let mut hidden = best.clone();
            for (cell, degree) in reduced.cells.iter().zip(at) {
                hidden[*cell] = degree > 0.5;
            }
            if self.problem.cost(&hidden) >= before - close {
                break;
            }
            let from = self.rows.len();
            if self.object(asked, &hidden)? {
                *best = relieve(self.problem, asked, hidden)?;
                break;
            }
            let is_last = round + 1 == effort.module_rounds || self.rows.len() == from;
            if is_last {
                let flat = vec![0.0; hidden.len()];
                let repaired = repair(self.problem, asked, hidden, &flat)?;
                let cheaper = |one: &Vec<bool>| self.problem.cost(one) < before - close;
                if let Some(repaired) = repaired.filter(cheaper) {
                    *best = relieve(self.problem, asked, repaired)?;
                }
                break;
            }
        }
        Ok(self.problem.cost(best) < before - close)
    }

    /// Adds what a choice lacks as cuts; true when it lacks nothing.
    fn object(&mut self, asked: &[Ask], hidden: &[bool]) -> Result<bool, SolverError> {
        let at = degree(hidden);
        let mut is_enough = true;
        for row in lonely(self.problem, &at) {
            self.add(row);
        }
        for answer in answers(self.problem, &at, asked)? {
            if answer.is_enough() {
                continue;
            }
            is_enough = false;
            if let Some(row) = benders(self.problem, &answer) {
                self.add(one_more(&row, hidden));
                self.add(row);
            }
        }
        Ok(is_enough)
    }

    /// Raises the bound by the search tree over everything that a cheaper choice could hide.
    ///
    /// A cell whose reduced cost exceeds what is left between bound and cost is in no cheaper choice.
    pub(crate) fn bound(&mut self, effort: Effort, best: &[bool]) -> Result<(), OptimumError> {
        let cost = self.problem.cost(best);
        let is_free = self.could_be(cost)?;
        let must: Vec<bool> = self.bounds().iter().map(|(low, _)| *low > 0.5).collect();
        let kept = self.problem.cost(&must);
        let bound = match Reduced::new(self, &is_free, &must, best).solve(effort.bound_nodes)? {
            Whole::Best { bound, .. } | Whole::Unknown { bound } => kept + bound,
            // No choice of these cells satisfies the cuts: none is cheaper than what is known.
            Whole::Infeasible => cost,
        };
        self.at_least = self.at_least.max(self.whole(bound).min(cost));
        Ok(())
    }

    /// The cells that a choice no dearer than `cost` could hide.
    fn could_be(&self, cost: f64) -> Result<Vec<bool>, SolverError> {
        let mut programme = Programme::new(&self.bounds(), &self.rows)?;
        let objective: Vec<(usize, f64)> = self.problem.costs.iter().copied().enumerate().collect();
        let Outcome::Least(least) = programme.minimise(&objective)? else {
            return Err(SolverError::new("relaxation"));
        };
        let mut reduced = self.problem.costs.clone();
        for (row, price) in self.rows.iter().zip(&least.prices) {
            for (cell, by) in &row.terms {
                reduced[*cell] -= price * by;
            }
        }
        let room = cost - least.value + closeness(cost);
        let of = least.at.iter().zip(reduced);
        Ok(of
            .map(|(at, reduced)| *at > 1e-9 || reduced <= room)
            .collect())
    }

    /// A bound as a cost that can be: where every cost is a whole number, so is every sum of them.
    fn whole(&self, bound: f64) -> f64 {
        match self.is_whole {
            true => (bound - closeness(bound)).ceil(),
            false => bound,
        }
    }

    /// Makes a choice sufficient and takes it when it is better than the best known; true when it is.
    fn mend(
        &self,
        asked: &[Ask],
        hidden: Vec<bool>,
        best: &mut Vec<bool>,
    ) -> Result<bool, OptimumError> {
        let flat = vec![0.0; hidden.len()];
        let Some(repaired) = repair(self.problem, asked, hidden, &flat)? else {
            return Ok(false);
        };
        let repaired = relieve(self.problem, asked, repaired)?;
        let is_better = self.problem.cost(&repaired) < self.problem.cost(best) - closeness(0.0);
        if is_better {
            *best = repaired;
        }
        Ok(is_better)
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
mod tests {
    use super::Master;
    use crate::cuts::asks;
    use crate::cuts::tests::parts;

    #[test]
    fn degrees_that_lack_something_are_cut_off_until_the_bound_stands() {
        let problem = parts();
        let mut master = Master::new(&problem);
        master.relax(&asks(&problem.targets), 100).unwrap();
        // The first and the second part are hidden, and one more of the first takes one of the third or a tenth of the fourth.
        assert!((master.at_least - 3.0).abs() < 1e-6, "{}", master.at_least);
    }

    #[test]
    fn a_bound_is_a_sum_of_costs() {
        let mut problem = parts();
        let whole = Master::new(&problem);
        assert!((whole.whole(4.2) - 5.0).abs() < 1e-9);
        assert!((whole.whole(5.0 + 1e-9) - 5.0).abs() < 1e-9);
        problem.costs[2] = 0.5;
        assert!((Master::new(&problem).whole(4.2) - 4.2).abs() < 1e-9);
    }
}
