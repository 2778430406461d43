//! The whole lattice, node by node: what each costs, what it loses, and which nodes are worth a choice between risk and loss.

use rayon::prelude::*;

use super::search::Walk;
use super::{LatticeError, Metric, Problem};
use crate::classes::{Classes, Raise, Scratch, wide};

/// The most nodes that are told one by one.
const MAXIMUM: u128 = 5_000_000;
/// Parts of the lattice with fewer nodes are walked by one thread.
const SHARED: u128 = 64;

/// A node with its losses in several metrics, whether or not it keeps to the limit.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeFigures {
    /// The level of each quasi-identifier, in their order.
    pub levels: Vec<usize>,
    /// Records left out; nothing when leaving records out does not mend what is told.
    pub suppressed: Option<u64>,
    /// The loss in each metric asked for; empty where records left out mend nothing.
    pub losses: Vec<f64>,
    /// Classes told.
    pub classes: u64,
    /// The fewest persons of a class told; 0 when none is.
    pub smallest: u32,
}

/// Every node of the lattice in the order of its levels, the last quasi-identifier fastest.
///
/// # Errors
/// [`LatticeError::TooManyNodes`] when there are more than can be told.
pub fn whole(problem: &Problem<'_>, metrics: &[Metric]) -> Result<Vec<NodeFigures>, LatticeError> {
    let nodes = problem.nodes();
    if nodes > MAXIMUM {
        return Err(LatticeError::TooManyNodes {
            nodes,
            maximum: MAXIMUM,
        });
    }
    Ok(wide!(problem.records(), W => all::<W>(problem, metrics)))
}

/// The nodes that keep to the limit and tell something, and that no other beats in both the largest risk of a record told (one in its class) and the loss; by ascending risk.
///
/// # Errors
/// [`LatticeError::TooManyNodes`] when there are more than can be told.
pub fn frontier(problem: &Problem<'_>) -> Result<Vec<NodeFigures>, LatticeError> {
    let mut nodes = whole(problem, &[problem.metric])?;
    nodes.retain(|node| {
        node.suppressed.is_some_and(|lost| lost <= problem.cap)
            && problem.tells(&node.levels, node.classes)
    });
    nodes.sort_by(|a, b| {
        let rank = |node: &NodeFigures| (node.suppressed, node.levels.iter().sum::<usize>());
        b.smallest
            .cmp(&a.smallest)
            .then_with(|| a.losses[0].total_cmp(&b.losses[0]))
            .then_with(|| rank(a).cmp(&rank(b)))
            .then_with(|| a.levels.cmp(&b.levels))
    });
    let mut least = f64::INFINITY;
    nodes.retain(|node| {
        let is_better =
            node.losses[0] < least - 1e-12 * least.abs().max(1.0) || least.is_infinite();
        if is_better {
            least = node.losses[0];
        }
        is_better
    });
    Ok(nodes)
}

fn all<const W: usize>(problem: &Problem<'_>, metrics: &[Metric]) -> Vec<NodeFigures> {
    let walk = Walk::<W>::new(problem);
    let mut scratch = Scratch::default();
    let bottom = walk.bottom(&mut scratch);
    let mut nodes = visit(
        &walk,
        &bottom,
        0,
        &vec![0; walk.order.len()],
        metrics,
        &mut scratch,
    );
    nodes.sort_unstable_by(|a, b| a.levels.cmp(&b.levels));
    nodes
}

fn visit<const W: usize>(
    walk: &Walk<'_, W>,
    classes: &Classes<W>,
    fixed: usize,
    levels: &[usize],
    metrics: &[Metric],
    scratch: &mut Scratch,
) -> Vec<NodeFigures> {
    if fixed == walk.order.len() {
        return vec![figures(walk, classes, levels, metrics)];
    }
    let column = walk.order[fixed];
    let at = |level: usize| {
        let mut levels = levels.to_vec();
        levels[column] = level;
        levels
    };
    if walk.left(fixed + 1) >= SHARED {
        let parts = (0..walk.levels_of(column)).into_par_iter().map_init(
            Scratch::default,
            |scratch, level| {
                if level == 0 {
                    return visit(walk, classes, fixed + 1, levels, metrics, scratch);
                }
                let to = walk.problem.records.quasi_identifiers()[column]
                    .hierarchy
                    .of_leaf(level);
                let raised = classes.raised(&walk.layout, &[Raise { column, to }], scratch);
                visit(walk, &raised, fixed + 1, &at(level), metrics, scratch)
            },
        );
        return parts.collect::<Vec<_>>().concat();
    }
    let mut nodes = visit(walk, classes, fixed + 1, levels, metrics, scratch);
    let mut raised: Option<Classes<W>> = None;
    for level in 1..walk.levels_of(column) {
        let next = walk.step(
            raised.as_ref().unwrap_or(classes),
            column,
            level - 1,
            scratch,
        );
        nodes.extend(visit(walk, &next, fixed + 1, &at(level), metrics, scratch));
        raised = Some(next);
    }
    nodes
}

fn figures<const W: usize>(
    walk: &Walk<'_, W>,
    classes: &Classes<W>,
    levels: &[usize],
    metrics: &[Metric],
) -> NodeFigures {
    let figures = walk.evaluate(classes, levels, u64::MAX, metrics);
    let losses = |figures: &super::Figures| {
        metrics
            .iter()
            .map(|metric| walk.marginals.cost(*metric, levels, figures))
            .collect()
    };
    NodeFigures {
        levels: levels.to_vec(),
        suppressed: figures.as_ref().map(|figures| figures.suppressed),
        losses: figures.as_ref().map(losses).unwrap_or_default(),
        classes: figures.as_ref().map_or(0, |figures| figures.kept_classes),
        smallest: figures
            .as_ref()
            .filter(|figures| figures.kept_classes > 0)
            .map_or(0, |figures| figures.smallest),
    }
}
