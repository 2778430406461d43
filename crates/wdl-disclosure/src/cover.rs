//! Secondary suppression: cells are hidden, the cheapest first, until every hidden cell is in doubt.

use microlp::OptimizationDirection;

use crate::attack;
use crate::moves::{self, Wanted, extent, scaled};
use crate::problem::{Move, Problem};

/// Moves are repeated at most this often when they cost nothing: a doubt this wide is wide enough.
const FAR: i64 = 1 << 20;

/// Protects one slice.
pub(crate) struct Cover<'p, 'a> {
    problem: &'p mut Problem<'a>,
    breakdowns: Vec<Vec<usize>>,
    sizes: &'p [u16],
}

/// A hidden cell can be computed whatever else is hidden.
pub(crate) struct Hopeless;

impl<'p, 'a> Cover<'p, 'a> {
    pub(crate) fn new(problem: &'p mut Problem<'a>, sizes: &'p [u16]) -> Cover<'p, 'a> {
        let breakdowns = moves::breakdowns(problem);
        Cover {
            problem,
            breakdowns,
            sizes,
        }
    }

    /// Hides what is needed, then shows again what was not.
    pub(crate) fn run(mut self) -> Result<(), Hopeless> {
        loop {
            let exposed = self.problem.exposed();
            let Some(first) = exposed.into_iter().find(|cell| !self.is_protected(*cell)) else {
                // Proofs for one cell may have come before the hiding of another; all are looked at again.
                match self.problem.exposed().is_empty() {
                    true => break,
                    false => continue,
                }
            };
            self.hide_for(first)?;
        }
        self.thin_out();
        Ok(())
    }

    /// Whether a hidden cell is in doubt in every layer: by moves at hand, else by the attacker's own programme.
    fn is_protected(&mut self, cell: usize) -> bool {
        if !self.problem.exposed_layers(cell).is_empty() {
            self.move_hidden(cell);
        }
        for layer in self.problem.exposed_layers(cell) {
            for direction in [
                OptimizationDirection::Maximize,
                OptimizationDirection::Minimize,
            ] {
                if self.problem.lacking(layer, cell) == 0 {
                    break;
                }
                if let Some(change) = attack::furthest(self.problem, layer, cell, direction) {
                    self.problem.prove(layer, change);
                }
            }
        }
        self.problem.exposed_layers(cell).is_empty()
    }

    fn wanted<'w>(&'w self, may_touch: &'w dyn Fn(usize) -> bool) -> Wanted<'w> {
        Wanted {
            breakdowns: &self.breakdowns,
            sizes: self.sizes,
            may_touch,
        }
    }

    /// Tries the moves that touch only hidden cells.
    fn move_hidden(&mut self, cell: usize) {
        let mut at_hand: Vec<Move> = Vec::new();
        let problem = &*self.problem;
        let is_hidden = |at| problem.is_free(at);
        let hidden_only = self.wanted(&is_hidden);
        moves::each(problem, &hidden_only, cell, &mut |change| {
            at_hand.push(change.clone());
        });
        for change in at_hand {
            let exposed = self.problem.exposed_layers(cell);
            if exposed.is_empty() {
                return;
            }
            for layer in exposed {
                let room = &self.problem.layer(layer).room;
                for (forwards, sign) in [(true, 1), (false, -1)] {
                    let times = extent(room, &change, forwards, FAR);
                    if times > 0 {
                        self.problem.prove(layer, scaled(&change, sign * times));
                    }
                }
            }
        }
    }

    /// Hides the cells of the cheapest move that puts a cell in doubt.
    fn hide_for(&mut self, cell: usize) -> Result<(), Hopeless> {
        let exposed = self.problem.exposed_layers(cell);
        let problem = &*self.problem;
        let mut best: Option<(f64, Move)> = None;
        let any = self.wanted(&|_| true);
        moves::each(problem, &any, cell, &mut |change| {
            let cost: u64 = change.iter().map(|(at, _)| problem.cost(*at)).sum();
            let least = best.as_ref().map_or(f64::INFINITY, |(least, _)| *least);
            // Not even if it helped in every layer.
            if cost as f64 / exposed.len() as f64 >= least {
                return;
            }
            let helped = exposed
                .iter()
                .filter(|layer| helps(problem, **layer, cell, change))
                .count();
            if helped == 0 {
                return;
            }
            let price = cost as f64 / helped as f64;
            if price < least {
                best = Some((price, change.clone()));
            }
        });
        let Some((_, change)) = best else {
            return self.hide_neighbours(cell);
        };
        let needed: Vec<(usize, i64)> = exposed
            .iter()
            .filter(|layer| helps(problem, **layer, cell, &change))
            .filter_map(|layer| Some((*layer, times_needed(problem, *layer, cell, &change)?)))
            .collect();
        for (at, _) in &change {
            self.hide(*at);
        }
        for (layer, times) in needed {
            self.problem.prove(layer, scaled(&change, times));
        }
        Ok(())
    }

    /// When no move by construction helps, everything that is added up with the cell is hidden.
    fn hide_neighbours(&mut self, cell: usize) -> Result<(), Hopeless> {
        let mut hidden_any = false;
        let ours: Vec<usize> = (0..self.problem.hidden.len())
            .filter(|at| *at == cell || self.problem.hidden[*at])
            .collect();
        for at in ours {
            for sum in self.problem.sums_of[at].clone() {
                let sum = &self.problem.slice.sums[sum];
                for next in sum.parts.iter().chain([&sum.total]) {
                    hidden_any |= !self.problem.is_free(*next);
                    self.hide(*next);
                }
            }
        }
        match hidden_any {
            true => Ok(()),
            false => Err(Hopeless),
        }
    }

    fn hide(&mut self, cell: usize) {
        if !self.problem.is_free(cell) {
            self.problem.hidden[cell] = true;
        }
    }

    /// Shows again, the dearest first, each cell whose hiding turned out not to be needed.
    fn thin_out(&mut self) {
        let problem = &*self.problem;
        let mut secondary: Vec<usize> = (0..problem.hidden.len())
            .filter(|cell| problem.hidden[*cell] && problem.layers.reasons[*cell].is_none())
            .collect();
        secondary.sort_by_key(|cell| (std::cmp::Reverse(problem.layers.units[*cell]), *cell));
        for cell in secondary {
            let saved = self.problem.save();
            self.problem.show(cell);
            let exposed = self.problem.exposed();
            if !exposed.into_iter().all(|other| self.is_protected(other)) {
                self.problem.restore(saved);
            }
        }
    }
}

/// How often a one-step move must be repeated, backwards when negative, so that the doubt about a cell is wide enough.
fn times_needed(problem: &Problem<'_>, layer: usize, cell: usize, change: &Move) -> Option<i64> {
    let (low, high) = problem.reach(layer, cell);
    let lay = problem.layer(layer);
    let (up, down) = (lay.needed[cell] + low, lay.needed[cell] - high);
    if extent(&lay.room, change, true, up) >= up {
        return Some(up);
    }
    (extent(&lay.room, change, false, down) >= down).then_some(-down)
}

/// Whether a one-step move, repeated, puts a cell in doubt; between indicators not every move by construction keeps every sum.
fn helps(problem: &Problem<'_>, layer: usize, cell: usize, change: &Move) -> bool {
    times_needed(problem, layer, cell, change).is_some_and(|times| {
        !problem.slice.is_linked || problem.holds(layer, &scaled(change, times))
    })
}
