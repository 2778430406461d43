//! How probable each pair is once the constraint is known: the share of all admissible sets of links, each weighted by its odds, that hold the pair.

use rayon::prelude::*;

use super::components::Components;
use super::exact::Table;
use super::{Constraint, Edge, belief, bounded};

/// The probability of each edge under the constraint, in the order of `edges`.
///
/// Without a constraint it is `o / (1 + o)` with `o = 2^weight`.
/// Where one side matches one record at most, the edges of a record share a sum: `o / (1 + Σ o)`.
/// Under a one-to-one constraint the sum over all matchings of the component is exact where the component is a tree or narrow (one of its sides has so few records, ten at most, that all their sets can be kept), and in the tangled rest it is the fixed point of belief propagation, which is unique for matchings.
/// A weight that is no number has probability zero.
pub fn marginals(edges: &[Edge], constraint: Constraint) -> Vec<f64> {
    match constraint {
        Constraint::ManyToMany => edges
            .par_iter()
            .with_min_len(4096)
            .map(|edge| alone(edge.weight))
            .collect(),
        Constraint::ManyToOne => shared(edges, |edge| edge.a),
        Constraint::OneToMany => shared(edges, |edge| edge.b),
        Constraint::OneToOne => matched(edges),
    }
}

/// The probability of a pair without a rival.
fn alone(weight: f64) -> f64 {
    1.0 / (1.0 + (-bounded(weight)).exp2())
}

/// Edges that share the record of a side.
fn shared(edges: &[Edge], record: impl Fn(&Edge) -> u32) -> Vec<f64> {
    let count = u32::try_from(edges.len()).expect("fewer edges than places have numbers");
    let mut order: Vec<(u32, u32)> = (0..count)
        .map(|edge| (record(&edges[edge as usize]), edge))
        .collect();
    order.par_sort_unstable();
    let mut probabilities = vec![0.0; edges.len()];
    let mut weights = Vec::new();
    for group in order.chunk_by(|x, y| x.0 == y.0) {
        weights.clear();
        weights.extend(
            group
                .iter()
                .map(|(_, edge)| bounded(edges[*edge as usize].weight)),
        );
        // Summed from the smallest, so that the order of the edges leaves no trace.
        weights.sort_unstable_by(f64::total_cmp);
        let (shift, total) = total(&weights);
        for (_, edge) in group {
            let edge = *edge as usize;
            probabilities[edge] = (bounded(edges[edge].weight) - shift).exp2() / total;
        }
    }
    probabilities
}

/// The sum of one and of the odds, as `2^shift · total`.
fn total(weights: &[f64]) -> (f64, f64) {
    let shift = weights.iter().copied().fold(0.0, f64::max);
    let odds = weights.iter().map(|weight| (weight - shift).exp2());
    (shift, (-shift).exp2() + odds.sum::<f64>())
}

fn matched(edges: &[Edge]) -> Vec<f64> {
    let components = Components::of(edges, |_| true);
    let mut probabilities = vec![0.0; edges.len()];
    for edge in &components.singles {
        probabilities[*edge as usize] = alone(edges[*edge as usize].weight);
    }
    let in_groups: Vec<f64> = components
        .groups()
        .flat_map_iter(|group| {
            in_component(group.iter().map(|edge| edges[*edge as usize]).collect())
        })
        .collect();
    for (edge, probability) in components.members().iter().zip(in_groups) {
        probabilities[*edge as usize] = probability;
    }
    probabilities
}

/// The probabilities of the edges of one component, given in the order of (a, b).
fn in_component(mut edges: Vec<Edge>) -> Vec<f64> {
    for edge in &mut edges {
        edge.weight = bounded(edge.weight);
    }
    if edges.iter().all(|edge| edge.a == edges[0].a)
        || edges.iter().all(|edge| edge.b == edges[0].b)
    {
        return star(&edges);
    }
    match Table::of(&edges) {
        Some(table) => table.probabilities(),
        None => belief::in_graph(&edges),
    }
}

/// Edges that all share one record.
fn star(edges: &[Edge]) -> Vec<f64> {
    let weights: Vec<f64> = edges.iter().map(|edge| edge.weight).collect();
    let (shift, total) = total(&weights);
    weights
        .into_iter()
        .map(|weight| (weight - shift).exp2() / total)
        .collect()
}

/// The logarithm, to the base 2, of a sum of two numbers known by theirs.
pub(super) fn log_sum(x: f64, y: f64) -> f64 {
    let (high, low) = if x > y { (x, y) } else { (y, x) };
    if low == f64::NEG_INFINITY {
        return high;
    }
    high + (low - high).exp2().ln_1p() * std::f64::consts::LOG2_E
}
