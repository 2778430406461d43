//! Belief propagation over matchings (the monomer–dimer model): exact where the component is a tree, a close account of the sum where it is not.
//!
//! The message of a record to a partner is how probable it is that nobody else takes it: `m(a→b) = 1 / (1 + Σ o(a,b') m(b'→a))` over its other partners `b'`.
//! Its fixed point is unique for matchings (Bayati, Gamarnik, Katz, Nair, Tetali, STOC 2007); messages are held as logarithms, so that no odds are too great.

use super::Edge;
use super::marginals::log_sum;
use super::matching::renumbered;

/// The most sweeps over a component; one is enough for a tree.
const SWEEPS_MAX: u32 = 100;

/// Sweeps without damping; most components settle in them.
const SWEEPS_FREE: u32 = 4;

/// In a component that is no tree a message that moves less than this, as a logarithm to the base 2, has settled.
const SETTLED: f64 = 1e-6;

/// The probability of each edge of a component.
pub(super) fn in_graph(edges: &[Edge]) -> Vec<f64> {
    let graph = Graph::of(edges);
    let is_tree = graph.order.len() == edges.len() + 1;
    let mut state = State {
        messages: vec![[0.0; 2]; edges.len()],
        is_due: vec![true; graph.order.len()],
        settled: if is_tree { 0.0 } else { SETTLED },
        terms: Vec::new(),
        after: Vec::new(),
    };
    for sweep in 0..SWEEPS_MAX {
        let kept = if sweep < SWEEPS_FREE { 0.0 } else { 0.5 };
        let mut is_settled = true;
        let order = graph.order.iter();
        for node in order.clone().rev().chain(order) {
            if std::mem::replace(&mut state.is_due[*node as usize], false) {
                is_settled = false;
                graph.send(*node, kept, &mut state);
            }
        }
        if is_tree || is_settled {
            break;
        }
    }
    edges
        .iter()
        .zip(state.messages)
        .map(|(edge, [from_a, from_b])| {
            let odds = edge.weight + from_a + from_b;
            1.0 / (1.0 + (-odds).exp2())
        })
        .collect()
}

/// The messages of each edge (from its `a`, from its `b`), and the nodes whose messages are due.
struct State {
    messages: Vec<[f64; 2]>,
    is_due: Vec<bool>,
    settled: f64,
    terms: Vec<f64>,
    after: Vec<f64>,
}

struct Graph<'a> {
    edges: &'a [Edge],
    /// The two nodes of each edge.
    nodes: Vec<[u32; 2]>,
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
        let nodes: Vec<[u32; 2]> = a
            .into_iter()
            .zip(b)
            .map(|(a, b)| [a, count_a as u32 + b])
            .collect();
        for node in nodes.iter().flatten() {
            ends[*node as usize] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            (*end, total) = (total, total + *end);
        }
        let mut edges_of = vec![0; total];
        for (edge, both) in nodes.iter().enumerate() {
            for node in both {
                let end = &mut ends[*node as usize];
                edges_of[*end] = edge as u32;
                *end += 1;
            }
        }
        let mut graph = Graph {
            edges,
            nodes,
            edges_of,
            ends,
            count_a,
            order: Vec::new(),
        };
        graph.order = graph.outwards();
        graph
    }

    fn outwards(&self) -> Vec<u32> {
        let mut is_met = vec![false; self.ends.len()];
        is_met[0] = true;
        let mut order = vec![0];
        let mut next = 0;
        while let Some(node) = order.get(next).copied() {
            next += 1;
            for edge in self.of_node(node) {
                let other = self.other(*edge, node);
                if !std::mem::replace(&mut is_met[other as usize], true) {
                    order.push(other);
                }
            }
        }
        order
    }

    fn other(&self, edge: u32, node: u32) -> u32 {
        let [a, b] = self.nodes[edge as usize];
        if a == node { b } else { a }
    }

    fn of_node(&self, node: u32) -> &[u32] {
        let node = node as usize;
        let start = node.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.edges_of[start..self.ends[node]]
    }

    /// Writes all messages of a node; those whom they move have their own due.
    fn send(&self, node: u32, kept: f64, state: &mut State) {
        let side = usize::from(node as usize >= self.count_a);
        let edges = self.of_node(node);
        let State {
            messages,
            is_due,
            settled,
            terms,
            after,
        } = state;
        terms.clear();
        terms.extend(edges.iter().map(|edge| {
            let edge = *edge as usize;
            self.edges[edge].weight + messages[edge][1 - side]
        }));
        // Sums over the partners after each one; with those before it they leave it out without a subtraction.
        after.clear();
        after.resize(terms.len() + 1, f64::NEG_INFINITY);
        for place in (1..terms.len()).rev() {
            after[place] = log_sum(after[place + 1], terms[place]);
        }
        let mut before = 0.0;
        for (place, edge) in edges.iter().enumerate() {
            let message = &mut messages[*edge as usize][side];
            let new = -log_sum(before, after[place + 1]);
            let damped = kept * *message + (1.0 - kept) * new;
            is_due[self.other(*edge, node) as usize] |= (damped - *message).abs() > *settled;
            is_due[node as usize] |= (new - damped).abs() > *settled;
            *message = damped;
            before = log_sum(before, terms[place]);
        }
    }
}
