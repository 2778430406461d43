//! Large tables: the choice is improved module by module, from the top of the hierarchies down, and the gap to the joint bound is told.
//!
//! A module is a table without further levels: one category of each dimension with its parts.
//! Its cells are chosen anew by whole programmes over all cuts known, while every other cell stays as it is; what a new choice lacks is asked of the attacker on the whole table, never of the module alone.
//! So a module's answer protects the whole, and every cut learned there holds everywhere.

use crate::cuts::Ask;
use crate::master::Master;
use crate::optimum::{Effort, OptimumError, closeness};
use crate::programme::{Row, Whole, minimise_whole};
use crate::repair::degree;

/// Modules smaller than this are taken together with the next ones: the solver decides so many cells at once with ease.
const SMALL_MODULE: usize = 400;

/// Improves a choice of hidden cells, and the bound below it.
pub(crate) fn search(
    master: &mut Master<'_>,
    asked: &[Ask],
    effort: Effort,
    leaning: &[f64],
    best: &mut Vec<bool>,
) -> Result<(), OptimumError> {
    if effort.passes == 0 {
        return Ok(());
    }
    let modules = together(&master.problem.modules);
    let mut leaning = leaning.to_vec();
    for _ in 0..effort.passes {
        let before = master.problem.cost(best);
        if before - master.at_least <= closeness(before) {
            return Ok(());
        }
        let likely: Vec<bool> = leaning
            .iter()
            .zip(best.iter())
            .map(|(degree, hidden)| *hidden || *degree > 1e-6)
            .collect();
        master.improve(asked, &likely, effort, best)?;
        for module in &modules {
            let mut is_free = vec![false; best.len()];
            module.iter().for_each(|cell| is_free[*cell] = true);
            master.improve(asked, &is_free, effort, best)?;
        }
        // What was learned in the modules raises the bound of the whole.
        leaning = master.relax(asked, effort.rounds)?;
        if before - master.problem.cost(best) <= closeness(before) {
            break;
        }
    }
    master.bound(effort, best)
}

/// Neighbouring modules as one until they are large enough.
fn together(modules: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut joined: Vec<Vec<usize>> = Vec::new();
    for module in modules {
        match joined.last_mut() {
            Some(last) if last.len() + module.len() <= SMALL_MODULE => {
                last.extend(module);
                last.sort_unstable();
                last.dedup();
            }
            _ => joined.push(module.clone()),
        }
    }
    joined
}

/// The master problem over some cells, while the others stay as they are.
pub(crate) struct Reduced {
    /// The cells, by column.
    pub(crate) cells: Vec<usize>,
    costs: Vec<f64>,
    bounds: Vec<(f64, f64)>,
    rows: Vec<Row>,
    start: Vec<f64>,
}

impl Reduced {
    /// The programme of the free cells; `fixed` says how the others stay, and `start` is a choice that protects.
    pub(crate) fn new(
        master: &Master<'_>,
        is_free: &[bool],
        fixed: &[bool],
        start: &[bool],
    ) -> Reduced {
        let bounds = master.bounds();
        let cells: Vec<usize> = (0..is_free.len())
            .filter(|cell| is_free[*cell] && bounds[*cell] == (0.0, 1.0))
            .collect();
        let mut column = vec![None; is_free.len()];
        for (at, cell) in cells.iter().enumerate() {
            column[*cell] = Some(at);
        }
        let rows = master.rows.iter().filter_map(|row| {
            let mut least = row.least;
            let mut terms = Vec::new();
            for (cell, by) in &row.terms {
                match column[*cell] {
                    Some(at) => terms.push((at, *by)),
                    None if fixed[*cell] => least -= by,
                    None => {}
                }
            }
            let floor: f64 = terms.iter().map(|(_, by)| by.min(0.0)).sum();
            let says = floor < least - 1e-9 && !terms.is_empty();
            says.then_some(Row {
                least,
                most: f64::INFINITY,
                terms,
            })
        });
        let start = degree(start);
        Reduced {
            costs: cells
                .iter()
                .map(|cell| master.problem.costs[*cell])
                .collect(),
            bounds: vec![(0.0, 1.0); cells.len()],
            start: cells.iter().map(|cell| start[*cell]).collect(),
            rows: rows.collect(),
            cells,
        }
    }

    /// The cheapest choice of the free cells by the cuts that are known.
    pub(crate) fn solve(&self, nodes: i32) -> Result<Whole, OptimumError> {
        let start = Some(&self.start[..]);
        let (found, _) = minimise_whole(&self.costs, &self.bounds, &self.rows, start, nodes)?;
        Ok(found)
    }
}
