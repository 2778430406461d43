//! Edges taken apart into components: only edges that share a record, directly or through others, decide about one another.
//!
//! The two sides are different records even where their numbers are the same.

use rayon::prelude::*;

use super::Edge;
use crate::cluster::UnionFind;

/// Edges by component; each edge is its place in the slice it came from.
pub(super) struct Components {
    /// All edges in the order of (a, b).
    pub(super) order: Vec<u32>,
    /// Edges that share no record with another, in the order of (a, b).
    pub(super) singles: Vec<u32>,
    /// The edges of the other components, one component after another, each in the order of (a, b).
    members: Vec<u32>,
    /// Where each component ends in `members`.
    ends: Vec<u32>,
}

impl Components {
    /// The components of the edges that are eligible.
    pub(super) fn of(edges: &[Edge], eligible: impl Fn(&Edge) -> bool) -> Components {
        let order = ordered(edges, eligible);
        let at = |edge: &u32| &edges[*edge as usize];
        let a = Places::of(order.iter().map(|edge| at(edge).a));
        let b = Places::of(order.iter().map(|edge| at(edge).b));
        let mut degree_a = vec![0_u8; a.len()];
        let mut degree_b = vec![0_u8; b.len()];
        for edge in order.iter().map(at) {
            let (a, b) = (a.place(edge.a), b.place(edge.b));
            degree_a[a] = degree_a[a].saturating_add(1);
            degree_b[b] = degree_b[b].saturating_add(1);
        }
        let is_single =
            |edge: &Edge| degree_a[a.place(edge.a)] == 1 && degree_b[b.place(edge.b)] == 1;
        let (singles, rest): (Vec<u32>, Vec<u32>) =
            order.iter().partition(|edge| is_single(at(edge)));
        let (members, ends) = grouped(&rest, a.len() + b.len(), |edge| {
            let edge = at(&edge);
            (a.place(edge.a), a.len() + b.place(edge.b))
        });
        Components {
            order,
            singles,
            members,
            ends,
        }
    }

    /// The components of more than one edge.
    pub(super) fn groups(&self) -> impl IndexedParallelIterator<Item = &[u32]> {
        (0..self.ends.len()).into_par_iter().map(|group| {
            let start = group.checked_sub(1).map_or(0, |before| self.ends[before]);
            &self.members[start as usize..self.ends[group] as usize]
        })
    }

    /// The edges of those components, in the order of `groups`.
    pub(super) fn members(&self) -> &[u32] {
        &self.members
    }
}

/// The places of eligible edges in the order of (a, b), equal pairs by weight, the greatest first.
fn ordered(edges: &[Edge], eligible: impl Fn(&Edge) -> bool) -> Vec<u32> {
    let count = u32::try_from(edges.len()).expect("fewer edges than places have numbers");
    let mut order: Vec<u32> = (0..count)
        .filter(|edge| eligible(&edges[*edge as usize]))
        .collect();
    let compare = |x: &u32, y: &u32| {
        let (x, y) = (&edges[*x as usize], &edges[*y as usize]);
        (x.a, x.b)
            .cmp(&(y.a, y.b))
            .then_with(|| y.weight.total_cmp(&x.weight))
    };
    if !order.is_sorted_by(|x, y| compare(x, y).is_le()) {
        order.par_sort_unstable_by(compare);
    }
    order
}

/// Edges by connected component, components in the order of their first edge.
fn grouped(
    edges: &[u32],
    nodes: usize,
    ends_of: impl Fn(u32) -> (usize, usize),
) -> (Vec<u32>, Vec<u32>) {
    if edges.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let mut union = UnionFind::new(nodes);
    for edge in edges {
        let (a, b) = ends_of(*edge);
        union.join(a as u32, b as u32);
    }
    const UNSEEN: u32 = u32::MAX;
    let mut number_of = vec![UNSEEN; nodes];
    let mut counts: Vec<u32> = Vec::new();
    let numbers: Vec<u32> = edges
        .iter()
        .map(|edge| {
            let number = &mut number_of[union.find(ends_of(*edge).0 as u32) as usize];
            if *number == UNSEEN {
                *number = counts.len() as u32;
                counts.push(0);
            }
            counts[*number as usize] += 1;
            *number
        })
        .collect();
    let mut ends = Vec::with_capacity(counts.len());
    let mut next = 0;
    for count in counts {
        ends.push(next);
        next += count;
    }
    let mut members = vec![0; edges.len()];
    for (edge, number) in edges.iter().zip(numbers) {
        // Until all are placed, an end is where the component's next edge goes.
        let end = &mut ends[number as usize];
        members[*end as usize] = *edge;
        *end += 1;
    }
    (members, ends)
}

/// Where the records of a side stand in a table: at their number when numbers are close together, else at their rank.
enum Places {
    Direct { first: u32, len: usize },
    Ranked(Vec<u32>),
}

impl Places {
    fn of(records: impl Iterator<Item = u32> + Clone) -> Places {
        let (mut first, mut last, mut count) = (u32::MAX, 0, 0_usize);
        for record in records.clone() {
            first = first.min(record);
            last = last.max(record);
            count += 1;
        }
        if count == 0 {
            return Places::Ranked(Vec::new());
        }
        let span = (last - first) as usize + 1;
        if span <= 8 * count + 65_536 {
            return Places::Direct { first, len: span };
        }
        let mut ranks: Vec<u32> = records.collect();
        ranks.par_sort_unstable();
        ranks.dedup();
        Places::Ranked(ranks)
    }

    fn len(&self) -> usize {
        match self {
            Places::Direct { len, .. } => *len,
            Places::Ranked(ranks) => ranks.len(),
        }
    }

    fn place(&self, record: u32) -> usize {
        match self {
            Places::Direct { first, .. } => (record - first) as usize,
            Places::Ranked(ranks) => ranks
                .binary_search(&record)
                .expect("every record of the side is ranked"),
        }
    }
}
