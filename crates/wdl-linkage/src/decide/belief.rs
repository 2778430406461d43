//! Belief propagation over matchings (the monomer–dimer model): exact where the component is a tree, a close account of the sum where it is not.
//!
//! The message of a record to a partner is how probable it is that nobody else takes it: `m(a→b) = 1 / (1 + Σ o(a,b') m(b'→a))` over its other partners `b'`.
//! Its fixed point is unique for matchings (Bayati, Gamarnik, Katz, Nair, Tetali, STOC 2007); messages are held as logarithms, so that no odds are too great.

use super::Edge;
use super::marginals::log_sum;
use super::matching::renumbered;

/// The most sweeps over a component; one is enough for a tree.
const SWEEPS_MAX: u32 = 200;

/// Messages have settled when none moves more than this, as a logarithm to the base 2.
const SETTLED: f64 = 1e-9;

/// The probability of each edge of a component.
pub(super) fn in_graph(edges: &[Edge]) -> Vec<f64> {
    let graph = Graph::of(edges);
    let mut messages = vec![[0.0; 2]; edges.len()];
    let is_tree = graph.order.len() == edges.len() + 1;
    let mut scratch = Scratch::default();
    for sweep in 0..SWEEPS_MAX {
        // The first sweep starts from nothing that would be worth keeping half of.
        let kept = if sweep == 0 { 0.0 } else { 0.5 };
        let order = graph.order.iter();
        let mut moved: f64 = 0.0;
        for node in order.clone().rev().chain(order) {
            moved = moved.max(graph.send(*node, kept, &mut messages, &mut scratch));
        }
        if is_tree || moved < SETTLED {
            break;
        }
    }
    edges
        .iter()
        .zip(messages)
        .map(|(edge, [from_a, from_b])| {
            let odds = edge.weight + from_a + from_b;
            1.0 / (1.0 + (-odds).exp2())
        })
        .collect()
}

#[derive(Default)]
struct Scratch {
    terms: Vec<f64>,
    after: Vec<f64>,
}

struct Graph<'a> {
    edges: &'a [Edge],
    /// The edges of each node: records `a` first, then records `b`; where those of each node end.
    edges_of: Vec<u32>,
    ends: Vec<usize>,
    /// How many nodes are records `a`.
    count_a: usize,
    /// The nodes from the first outwards, so that a tree is swept from its leaves and back.
    order: Vec<u32>,
}

impl<'a> Graph<'a> {
    fn of(edges: &'a [Edge]) -> Graph<'a> {
        let mut a: Vec<u32> = edges.iter().map(|edge| edge.a).collect();
        let mut b: Vec<u32> = edges.iter().map(|edge| edge.b).collect();
        let (count_a, count_b) = (renumbered(&mut a), renumbered(&mut b));
        let mut ends = vec![0; count_a + count_b];
        let nodes: Vec<[usize; 2]> = a
            .into_iter()
            .zip(b)
            .map(|(a, b)| [a as usize, count_a + b as usize])
            .collect();
        for node in nodes.iter().flatten() {
            ends[*node] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            (*end, total) = (total, total + *end);
        }
        let mut edges_of = vec![0; total];
        for (edge, both) in nodes.iter().enumerate() {
            for node in both {
                edges_of[ends[*node]] = edge as u32;
                ends[*node] += 1;
            }
        }
        let mut graph = Graph {
            edges,
            edges_of,
            ends,
            count_a,
            order: Vec::new(),
        };
        graph.order = graph.outwards(&nodes);
        graph
    }

    fn outwards(&self, nodes: &[[usize; 2]]) -> Vec<u32> {
        let mut is_met = vec![false; self.ends.len()];
        is_met[0] = true;
        let mut order = vec![0_u32];
        let mut next = 0;
        while let Some(node) = order.get(next).copied() {
            next += 1;
            for edge in self.of_node(node) {
                let [a, b] = nodes[*edge as usize];
                let other = if a == node as usize { b } else { a };
                if !std::mem::replace(&mut is_met[other], true) {
                    order.push(other as u32);
                }
            }
        }
        order
    }

    fn of_node(&self, node: u32) -> &[u32] {
        let node = node as usize;
        let start = node.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.edges_of[start..self.ends[node]]
    }

    /// Writes all messages of a node; how far the farthest moved.
    fn send(&self, node: u32, kept: f64, messages: &mut [[f64; 2]], scratch: &mut Scratch) -> f64 {
        let side = usize::from(node as usize >= self.count_a);
        let edges = self.of_node(node);
        let Scratch { terms, after } = scratch;
        terms.clear();
        terms.extend(
            edges
                .iter()
                .map(|edge| self.edges[*edge as usize].weight + messages[*edge as usize][1 - side]),
        );
        // Sums over the partners after each one; with those before it they leave it out without a subtraction.
        after.clear();
        after.resize(terms.len() + 1, f64::NEG_INFINITY);
        for place in (0..terms.len()).rev() {
            after[place] = log_sum(after[place + 1], terms[place]);
        }
        let mut before = 0.0;
        let mut moved: f64 = 0.0;
        for (place, edge) in edges.iter().enumerate() {
            let message = &mut messages[*edge as usize][side];
            let new = -log_sum(before, after[place + 1]);
            let damped = kept * *message + (1.0 - kept) * new;
            moved = moved.max((damped - *message).abs());
            *message = damped;
            before = log_sum(before, terms[place]);
        }
        moved
    }
}
