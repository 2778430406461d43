//! What is hidden in a slice, and the proofs that it stays hidden.
//!
//! A proof is a *move*: changes to hidden numbers that leave every sum and every published number as it is.
//! The table after the move agrees with everything published, so that the attacker cannot exclude it.

use crate::cells::{Origin, Slice};
use crate::layers::{Layer, Layers};

/// Changes to hidden cells, in steps of the layer, by cell.
pub(crate) type Move = Vec<(usize, i64)>;

/// A slice being protected.
pub(crate) struct Problem<'a> {
    pub(crate) slice: &'a Slice,
    pub(crate) layers: &'a Layers,
    /// The sums each cell takes part in.
    pub(crate) sums_of: Vec<Vec<usize>>,
    pub(crate) hidden: Vec<bool>,
    proofs: Vec<Proofs>,
}

/// The moves found in one layer, and how far they take each cell.
// INVARIANT: every move was checked by `Problem::holds` and touches only cells that are hidden or latent.
#[derive(Clone, Default)]
struct Proofs {
    moves: Vec<Move>,
    low: Vec<i64>,
    high: Vec<i64>,
}

/// A copy of what can be taken back.
pub(crate) struct Saved {
    hidden: Vec<bool>,
    proofs: Vec<Proofs>,
}

impl<'a> Problem<'a> {
    pub(crate) fn new(slice: &'a Slice, layers: &'a Layers) -> Problem<'a> {
        let cells = slice.slots.len();
        let mut sums_of = vec![Vec::new(); cells];
        for (at, sum) in slice.sums.iter().enumerate() {
            for cell in sum.parts.iter().chain([&sum.total]) {
                sums_of[*cell].push(at);
            }
        }
        let nothing = Proofs {
            moves: Vec::new(),
            low: vec![0; cells],
            high: vec![0; cells],
        };
        Problem {
            slice,
            layers,
            sums_of,
            hidden: layers.reasons.iter().map(Option::is_some).collect(),
            proofs: vec![nothing; layers.layers.len()],
        }
    }

    pub(crate) fn layer(&self, layer: usize) -> &'a Layer {
        &self.layers.layers[layer]
    }

    pub(crate) fn layer_count(&self) -> usize {
        self.layers.layers.len()
    }

    /// Whether the attacker does not know the number of a cell.
    pub(crate) fn is_free(&self, cell: usize) -> bool {
        self.hidden[cell] || self.slice.slots[cell].origin == Origin::Latent
    }

    /// The interval that the moves found so far reach, in steps from the true value.
    pub(crate) fn reach(&self, layer: usize, cell: usize) -> (i64, i64) {
        (self.proofs[layer].low[cell], self.proofs[layer].high[cell])
    }

    /// How many steps the interval of a hidden cell must still widen.
    pub(crate) fn lacking(&self, layer: usize, cell: usize) -> i64 {
        let (low, high) = self.reach(layer, cell);
        (self.layer(layer).needed[cell] - (high - low)).max(0)
    }

    /// The layers in which a hidden cell is not protected yet.
    pub(crate) fn exposed_layers(&self, cell: usize) -> Vec<usize> {
        (0..self.layer_count())
            .filter(|layer| self.hidden[cell] && self.lacking(*layer, cell) > 0)
            .collect()
    }

    /// The hidden cells that are not protected yet.
    pub(crate) fn exposed(&self) -> Vec<usize> {
        (0..self.hidden.len())
            .filter(|cell| !self.exposed_layers(*cell).is_empty())
            .collect()
    }

    /// What hiding a cell costs: the units it rests on. An empty published cell is hidden only when nothing else helps.
    pub(crate) fn cost(&self, cell: usize) -> u64 {
        match (self.is_free(cell), self.layers.units[cell]) {
            (true, _) => 0,
            (false, 0) => 1 << 40,
            (false, units) => units + 1,
        }
    }

    /// Whether a move keeps every sum and leaves every number possible, whoever is hidden.
    pub(crate) fn holds(&self, layer: usize, change: &Move) -> bool {
        let room = &self.layer(layer).room;
        let mut by_cell: Vec<(usize, i64)> = change.clone();
        by_cell.sort_unstable();
        let is_once = by_cell.windows(2).all(|pair| pair[0].0 != pair[1].0);
        let delta = |cell: &usize| {
            by_cell
                .binary_search_by_key(cell, |(at, _)| *at)
                .map_or(0, |at| by_cell[at].1)
        };
        let keeps = |sum: &usize| {
            let sum = &self.slice.sums[*sum];
            sum.parts.iter().map(delta).sum::<i64>() == delta(&sum.total)
        };
        is_once
            && by_cell
                .iter()
                .all(|(cell, by)| room[*cell].saturating_add(*by) >= 0)
            && by_cell
                .iter()
                .flat_map(|(cell, _)| &self.sums_of[*cell])
                .all(keeps)
    }

    /// Takes a move as a proof, when it holds and touches only what is not published.
    pub(crate) fn prove(&mut self, layer: usize, change: Move) -> bool {
        let is_ours = change.iter().all(|(cell, _)| self.is_free(*cell));
        if !is_ours || !self.holds(layer, &change) {
            return false;
        }
        let proofs = &mut self.proofs[layer];
        let mut widens = false;
        for (cell, by) in &change {
            widens |= *by < proofs.low[*cell] || *by > proofs.high[*cell];
            proofs.low[*cell] = proofs.low[*cell].min(*by);
            proofs.high[*cell] = proofs.high[*cell].max(*by);
        }
        if widens {
            proofs.moves.push(change);
        }
        widens
    }

    pub(crate) fn save(&self) -> Saved {
        Saved {
            hidden: self.hidden.clone(),
            proofs: self.proofs.clone(),
        }
    }

    pub(crate) fn restore(&mut self, saved: Saved) {
        self.hidden = saved.hidden;
        self.proofs = saved.proofs;
    }

    /// Publishes a hidden cell again: the moves that touch it prove nothing any more.
    pub(crate) fn show(&mut self, cell: usize) {
        self.hidden[cell] = false;
        for proofs in &mut self.proofs {
            let moves = std::mem::take(&mut proofs.moves);
            proofs.low.fill(0);
            proofs.high.fill(0);
            proofs.moves = moves
                .into_iter()
                .filter(|change| change.iter().all(|(at, _)| *at != cell))
                .collect();
            for (at, by) in proofs.moves.iter().flatten() {
                proofs.low[*at] = proofs.low[*at].min(*by);
                proofs.high[*at] = proofs.high[*at].max(*by);
            }
        }
    }
}
