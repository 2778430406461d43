//! The search: a walk over the lattice that fixes one quasi-identifier after the other, and leaves out what cannot be better.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::{Counting, Figures, Marginals, Mean, Metric, Node, Optimum, Problem};
use crate::classes::{Classes, Layout, Raise, Scratch};
use crate::models::Rules;

/// Parts of the lattice with fewer nodes are walked by one thread.
const SHARED: u128 = 64;
/// Parts with fewer nodes are not worth a look at their most general node first.
const LOOKED_UP: u128 = 4;
/// The most nodes whose bounds are counted one by one.
const COUNTED: u128 = 50_000_000;

/// By what steps are compared until a first node is found.
const DEARNESS: Metric = Metric::Loss(Mean::Arithmetic);

/// What every step of a walk reads.
pub(super) struct Walk<'a, const W: usize> {
    pub(super) problem: &'a Problem<'a>,
    pub(super) layout: Layout,
    pub(super) rules: Rules<'a>,
    pub(super) marginals: Marginals,
    /// The quasi-identifiers in the order they are fixed: those with most values first, so that what is walked most is walked over few classes.
    pub(super) order: Vec<usize>,
    necessary: Rules<'a>,
}

/// The best nodes so far; losses that differ by rounding are kept side by side.
struct Best {
    least: AtomicU64,
    nodes: Mutex<Vec<Node>>,
}

impl<'a, const W: usize> Walk<'a, W> {
    pub(super) fn new(problem: &'a Problem<'a>) -> Walk<'a, W> {
        let quasi = problem.records.quasi_identifiers();
        let mut order: Vec<usize> = (0..quasi.len()).collect();
        order.sort_by_key(|column| std::cmp::Reverse(quasi[*column].hierarchy.leaves()));
        let rules = problem.rules();
        // With nothing to be left out every model holds of a class when it holds of its parts.
        let necessary = if problem.cap == 0 {
            rules.clone()
        } else {
            rules.failing_in_parts()
        };
        Walk {
            problem,
            layout: Layout::of(problem.records),
            rules,
            marginals: Marginals::of(problem.records),
            order,
            necessary,
        }
    }

    pub(super) fn bottom(&self, scratch: &mut Scratch) -> Classes<W> {
        let levels = vec![0; self.order.len()];
        Classes::of(self.problem.records, &self.layout, &levels, scratch).0
    }

    /// The classes when a quasi-identifier is raised by one level.
    pub(super) fn step(
        &self,
        classes: &Classes<W>,
        column: usize,
        level: usize,
        scratch: &mut Scratch,
    ) -> Classes<W> {
        let to = self.problem.records.quasi_identifiers()[column]
            .hierarchy
            .parents(level);
        classes.raised(&self.layout, &[Raise { column, to }], scratch)
    }

    pub(super) fn levels_of(&self, column: usize) -> usize {
        self.problem.records.quasi_identifiers()[column]
            .hierarchy
            .levels()
    }

    /// The nodes that are left when the first `fixed` quasi-identifiers of the order have their levels.
    pub(super) fn left(&self, fixed: usize) -> u128 {
        self.order[fixed..]
            .iter()
            .map(|column| self.levels_of(*column) as u128)
            .fold(1, u128::saturating_mul)
    }

    pub(super) fn evaluate(
        &self,
        classes: &Classes<W>,
        levels: &[usize],
        cap: u64,
        metrics: &[Metric],
    ) -> Option<Figures> {
        if !classes.population.is_empty()
            && (0..classes.len()).any(|class| self.rules.absence_tells(classes, class))
        {
            return None;
        }
        let with_values = metrics.contains(&Metric::NonUniformEntropy);
        let counting = Counting {
            records: self.problem.records,
            layout: &self.layout,
            cap,
            with_values,
        };
        self.marginals.count(&counting, classes, levels, |class| {
            self.rules.hold(classes, class)
        })
    }

    fn node(&self, classes: &Classes<W>, levels: &[usize], cap: u64) -> Option<Node> {
        let metric = self.problem.metric;
        let figures = self.evaluate(classes, levels, cap, &[metric])?;
        Some(Node::new(
            levels,
            self.marginals.cost(metric, levels, &figures),
            &figures,
        ))
    }

    /// What every node of a part costs at least; `None` when even its most general node loses too many records.
    ///
    /// Records lost there are lost in the whole part, and the others cost at least what they cost at its most telling node.
    fn floor(
        &self,
        classes: &Classes<W>,
        fixed: usize,
        levels: &[usize],
        scratch: &mut Scratch,
    ) -> Option<f64> {
        let metric = self.problem.metric;
        if self.necessary.is_empty() || self.left(fixed) < LOOKED_UP {
            return Some(f64::NEG_INFINITY);
        }
        let quasi = self.problem.records.quasi_identifiers();
        let raise = |column: &usize| Raise {
            column: *column,
            to: quasi[*column]
                .hierarchy
                .of_leaf(self.levels_of(*column) - 1),
        };
        let raises: Vec<Raise<'_>> = self.order[fixed..].iter().map(raise).collect();
        let top = classes.raised(&self.layout, &raises, scratch);
        let holds: Vec<bool> = (0..top.len())
            .map(|class| top.rows[class] == 0 || self.necessary.hold(&top, class))
            .collect();
        let counting = Counting {
            records: self.problem.records,
            layout: &self.layout,
            cap: self.problem.cap,
            with_values: false,
        };
        let figures = self.marginals.count(&counting, classes, levels, |class| {
            holds[scratch.became()[class] as usize]
        })?;
        Some(match metric {
            // What suppression costs in this metric does not only grow with it.
            Metric::NonUniformEntropy => self.marginals.bound(metric, levels),
            Metric::Loss(_)
            | Metric::Discernibility
            | Metric::AverageClassSize
            | Metric::Precision
            | Metric::Height => self.marginals.cost(metric, levels, &figures),
        })
    }

    fn walk(
        &self,
        classes: &Classes<W>,
        fixed: usize,
        levels: &mut Vec<usize>,
        best: &Best,
        scratch: &mut Scratch,
    ) {
        let metric = self.problem.metric;
        if best.is_below(self.marginals.bound(metric, levels))
            || best.is_below(self.marginals.bound_of(metric, classes))
        {
            return;
        }
        if fixed == self.order.len() {
            if let Some(node) = self.node(classes, levels, self.problem.cap) {
                best.offer(node);
            }
            return;
        }
        match self.floor(classes, fixed, levels, scratch) {
            Some(floor) if !best.is_below(floor) => {}
            _ => return,
        }
        let column = self.order[fixed];
        if self.left(fixed + 1) >= SHARED {
            (0..self.levels_of(column)).into_par_iter().for_each_init(
                Scratch::default,
                |scratch, level| {
                    let mut levels = levels.clone();
                    levels[column] = level;
                    if best.is_below(self.marginals.bound(metric, &levels)) {
                        return;
                    }
                    if level == 0 {
                        return self.walk(classes, fixed + 1, &mut levels, best, scratch);
                    }
                    let to = self.problem.records.quasi_identifiers()[column]
                        .hierarchy
                        .of_leaf(level);
                    let raised = classes.raised(&self.layout, &[Raise { column, to }], scratch);
                    self.walk(&raised, fixed + 1, &mut levels, best, scratch);
                },
            );
            return;
        }
        self.walk(classes, fixed + 1, levels, best, scratch);
        let mut raised: Option<Classes<W>> = None;
        for level in 1..self.levels_of(column) {
            levels[column] = level;
            if best.is_below(self.marginals.bound(metric, levels)) {
                break;
            }
            let next = self.step(
                raised.as_ref().unwrap_or(classes),
                column,
                level - 1,
                scratch,
            );
            self.walk(&next, fixed + 1, levels, best, scratch);
            raised = Some(next);
        }
        levels[column] = 0;
    }

    /// A good node soon: up from the records, each time where most records are saved for what it costs, and the best on the way.
    fn greedy(&self, bottom: &Classes<W>, best: &Best, scratch: &mut Scratch) {
        let mut levels = vec![0; self.order.len()];
        let mut classes = bottom.clone();
        loop {
            if let Some(node) = self.node(&classes, &levels, self.problem.cap) {
                best.offer(node);
            }
            let lost = self.lost(&classes, &levels);
            let mut chosen: Option<(f64, usize, Classes<W>)> = None;
            for column in 0..levels.len() {
                if levels[column] + 1 == self.levels_of(column) {
                    continue;
                }
                let bound = self.marginals.bound(DEARNESS, &levels);
                let next = self.step(&classes, column, levels[column], scratch);
                levels[column] += 1;
                let saved = lost.saturating_sub(self.lost(&next, &levels)) as f64;
                let dearer = self.marginals.bound(DEARNESS, &levels) - bound;
                levels[column] -= 1;
                // The small numbers order steps that save nothing, or cost nothing.
                let worth = (saved + 1e-3) / (dearer + 1e-9);
                if chosen.as_ref().is_none_or(|(most, ..)| worth > *most) {
                    chosen = Some((worth, column, next));
                }
            }
            let Some((_, column, next)) = chosen else {
                return;
            };
            levels[column] += 1;
            classes = next;
            if best.is_below(self.marginals.bound(self.problem.metric, &levels)) {
                return;
            }
        }
    }

    fn lost(&self, classes: &Classes<W>, levels: &[usize]) -> u64 {
        let figures = self.evaluate(classes, levels, u64::MAX, &[]);
        figures.map_or(u64::MAX, |figures| figures.suppressed)
    }

    /// The nodes whose bound is not above a loss.
    fn within(&self, fixed: usize, levels: &mut Vec<usize>, loss: f64) -> u128 {
        if self.marginals.bound(self.problem.metric, levels) > loss {
            return 0;
        }
        if fixed == self.order.len() {
            return 1;
        }
        let column = self.order[fixed];
        let mut nodes = 0;
        for level in 0..self.levels_of(column) {
            levels[column] = level;
            let more = self.within(fixed + 1, levels, loss);
            if more == 0 {
                break;
            }
            nodes += more;
        }
        levels[column] = 0;
        nodes
    }
}

impl Best {
    fn new() -> Best {
        Best {
            least: AtomicU64::new(f64::INFINITY.to_bits()),
            nodes: Mutex::new(Vec::new()),
        }
    }

    fn least(&self) -> f64 {
        f64::from_bits(self.least.load(Ordering::Relaxed))
    }

    /// Whether the best is better than a bound by more than rounding.
    fn is_below(&self, bound: f64) -> bool {
        bound > with_rounding(self.least())
    }

    fn offer(&self, node: Node) {
        if self.is_below(node.loss) {
            return;
        }
        let mut nodes = self
            .nodes
            .lock()
            .expect("no thread stops while it holds the nodes");
        if node.loss < self.least() {
            self.least.store(node.loss.to_bits(), Ordering::Relaxed);
            nodes.retain(|other| other.loss <= with_rounding(node.loss));
        }
        if node.loss <= with_rounding(self.least()) {
            nodes.push(node);
        }
    }

    /// The first by the rule of ties, whatever the order of the threads.
    fn chosen(self) -> Option<Node> {
        let least = with_rounding(self.least());
        let nodes = self
            .nodes
            .into_inner()
            .expect("no thread stops while it holds the nodes");
        nodes
            .into_iter()
            .filter(|node| node.loss <= least)
            .min_by(|a, b| {
                let rank = |node: &Node| (node.suppressed, node.levels.iter().sum::<usize>());
                rank(a).cmp(&rank(b)).then_with(|| a.levels.cmp(&b.levels))
            })
    }
}

fn with_rounding(loss: f64) -> f64 {
    loss + 1e-12 * loss.abs().max(1.0)
}

pub(super) fn optimum<const W: usize>(problem: &Problem<'_>) -> Optimum {
    let walk = Walk::<W>::new(problem);
    let mut scratch = Scratch::default();
    let bottom = walk.bottom(&mut scratch);
    let best = Best::new();
    walk.greedy(&bottom, &best, &mut scratch);
    let mut levels = vec![0; walk.order.len()];
    walk.walk(&bottom, 0, &mut levels, &best, &mut scratch);
    let best = best.chosen();
    let nodes = problem.nodes();
    let has_bound = walk.marginals.bound(problem.metric, &levels) > f64::NEG_INFINITY;
    let bounded_out = best.as_ref().filter(|_| has_bound && nodes <= COUNTED);
    let bounded_out =
        bounded_out.map(|node| nodes - walk.within(0, &mut levels, with_rounding(node.loss)));
    let useful = best
        .as_ref()
        .is_some_and(|node| problem.tells(&node.levels, node.classes));
    Optimum {
        best,
        useful,
        nodes,
        bounded_out,
    }
}
