//! The graph-matching attack: the likeness of encodings among themselves is the likeness of the people among themselves, whoever has the key.
//!
//! After Vidanage, Christen, Ranbaduge, Schnell, *A graph matching attack on privacy-preserving record linkage*, CIKM 2020, and Chen, Schnell, Armknecht, Heng, SECRYPT 2022.
//! The attacker encodes the plaintext with keys of its own, which gives the same graph up to chance.
//! Nodes are matched by features first (their nearest neighbours, the spread of their likenesses, how many bits are set);
//! the clearest matches become anchors, and a node is then known by its likeness to the anchors, round after round.
//! The whole weighted graph is used, not only its strong edges: at full overlap that is the stronger attack.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::encode::{Bits, Claims, Surface, Way};
use super::pairs::{evidence, strength};
use super::people::Known;

/// The attacker's own keys: the mean of several is nearer to what any key gives.
const OWN_KEYS: u8 = 3;
const ROUNDS: usize = 12;
/// Anchors of the last round, on all surfaces together; the first round begins with a sixth.
const ANCHORS_MAX: usize = 400;
/// Records that are compared with a person at once.
const TOGETHER: usize = 4;
/// The nearest neighbours that are features of a node.
const NEAREST: usize = 12;
/// The shares at which the spread of a node's likenesses is read.
const QUANTILES: [f64; 10] = [0.99, 0.98, 0.95, 0.9, 0.8, 0.65, 0.5, 0.35, 0.2, 0.05];

/// Likenesses of all nodes, row after row.
struct Graph {
    nodes: usize,
    weights: Vec<f32>,
    /// For each node, how many bits are set.
    ones: Vec<f32>,
}

impl Graph {
    fn of(surface: &Surface) -> Graph {
        let nodes = surface.len();
        let ones: Vec<u32> = surface.iter().map(ones).collect();
        let mut weights = vec![0.0; nodes * nodes];
        for a in 0..nodes {
            for b in 0..a {
                let both: u32 = (0..16)
                    .map(|word| (surface[a][word] & surface[b][word]).count_ones())
                    .sum();
                let dice = 2.0 * both as f32 / (ones[a] + ones[b]).max(1) as f32;
                weights[a * nodes + b] = dice;
                weights[b * nodes + a] = dice;
            }
        }
        Graph {
            nodes,
            weights,
            ones: ones.into_iter().map(|ones| ones as f32).collect(),
        }
    }

    /// All encodings of a record together, weighed as the linkage itself weighs them.
    fn together(surfaces: &[Surface]) -> Graph {
        let nodes = surfaces[0].len();
        let mut weights = vec![0.0; nodes * nodes];
        let mut each = Vec::with_capacity(surfaces.len());
        for a in 0..nodes {
            for b in 0..a {
                each.clear();
                each.extend(surfaces.iter().map(|surface| strength(surface, a, b)));
                let evidence = evidence(&mut each);
                weights[a * nodes + b] = evidence;
                weights[b * nodes + a] = evidence;
            }
        }
        let ones = |node: usize| surfaces.iter().map(|of| ones(&of[node])).sum::<u32>() as f32;
        Graph {
            nodes,
            weights,
            ones: (0..nodes).map(ones).collect(),
        }
    }

    fn add(&mut self, other: &Graph) {
        self.weights
            .iter_mut()
            .zip(&other.weights)
            .for_each(|(sum, one)| *sum += one);
        self.ones
            .iter_mut()
            .zip(&other.ones)
            .for_each(|(sum, one)| *sum += one);
    }

    fn divide(&mut self, by: f32) {
        self.weights
            .iter_mut()
            .chain(&mut self.ones)
            .for_each(|value| *value /= by);
    }

    fn row(&self, node: usize) -> &[f32] {
        &self.weights[node * self.nodes..][..self.nodes]
    }
}

fn ones(bits: &Bits) -> u32 {
    bits.iter().map(|word| word.count_ones()).sum()
}

/// Names a person for each record; some may be known beforehand.
pub(crate) fn attack(
    surfaces: &[Surface],
    people: &[Known],
    way: &Way,
    (known, view): (&[(usize, usize)], View),
) -> Claims {
    let encoded = view.graphs(surfaces);
    let plain = own_graphs(way, people, view);
    let nodes = people.len();
    let mut matches = match known.is_empty() {
        true => by_cosine(&features(&encoded), &features(&plain), nodes),
        false => known
            .iter()
            .map(|(record, person)| Match::new(*record, *person, 1.0))
            .collect(),
    };
    for round in 1..=ROUNDS {
        let share = ANCHORS_MAX / encoded.len() * (round + 1) / (ROUNDS + 1);
        let mut anchors: Vec<(usize, usize)> = known.to_vec();
        matches.sort_by(|a, b| b.margin.total_cmp(&a.margin).then(a.record.cmp(&b.record)));
        anchors.extend(
            matches
                .iter()
                .map(Match::pair)
                .filter(|(record, person)| {
                    known
                        .iter()
                        .all(|known| known.0 != *record && known.1 != *person)
                })
                .take(share.min(nodes)),
        );
        let of_records: Vec<usize> = anchors.iter().map(|pair| pair.0).collect();
        let of_people: Vec<usize> = anchors.iter().map(|pair| pair.1).collect();
        let a = to_anchors(&encoded, &of_records);
        let b = to_anchors(&plain, &of_people);
        let before: BTreeSet<(usize, usize)> = matches.iter().map(Match::pair).collect();
        matches = by_cosine(&a, &b, nodes);
        let kept = matches
            .iter()
            .filter(|found| before.contains(&found.pair()))
            .count();
        let is_settled = kept * 1000 > matches.len() * 998;
        // What is about to be solved keeps more than one match in fifty by then.
        let is_lost = round >= ROUNDS / 2 && kept * 50 < matches.len();
        if is_settled || is_lost {
            break;
        }
    }
    let mut claims = vec![None; nodes];
    for found in &matches {
        claims[found.record] = Some(found.person);
    }
    claims
}

/// How the encodings of a record are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// A graph for each.
    Each,
    /// One graph of all.
    Together,
}

impl View {
    fn graphs(self, surfaces: &[Surface]) -> Vec<Graph> {
        match self {
            View::Each => surfaces.iter().map(Graph::of).collect(),
            View::Together => vec![Graph::together(surfaces)],
        }
    }
}

fn own_graphs(way: &Way, people: &[Known], view: View) -> Vec<Graph> {
    let mut sums: Vec<Graph> = Vec::new();
    for own in 0..OWN_KEYS {
        let key = Sha256::digest([b'o', b'w', b'n', own]).into();
        let graphs = way.encode(&key, people);
        for (nth, graph) in view.graphs(&graphs).into_iter().enumerate() {
            match sums.get_mut(nth) {
                Some(sum) => sum.add(&graph),
                None => sums.push(graph),
            }
        }
    }
    sums.iter_mut()
        .for_each(|sum| sum.divide(f32::from(OWN_KEYS)));
    sums
}

/// Nodes as rows of numbers.
struct Vectors {
    width: usize,
    values: Vec<f32>,
}

impl Vectors {
    /// Rows of so many numbers, each column centred and scaled, then each row of length one.
    fn scaled(rows: Vec<Vec<f32>>, center_rows: bool) -> Vectors {
        let width = rows.first().map_or(0, Vec::len);
        let padded = width.next_multiple_of(8);
        let count = rows.len() as f32;
        let mut values = vec![0.0; rows.len() * padded];
        for column in 0..width {
            let mean = rows.iter().map(|row| row[column]).sum::<f32>() / count;
            let variance = rows
                .iter()
                .map(|row| (row[column] - mean).powi(2))
                .sum::<f32>()
                / count;
            let scale = 1.0 / variance.sqrt().max(1e-9);
            for (nth, row) in rows.iter().enumerate() {
                values[nth * padded + column] = (row[column] - mean) * scale;
            }
        }
        for row in values.chunks_exact_mut(padded.max(1)) {
            let row = &mut row[..width];
            let mean = match center_rows {
                true => row.iter().sum::<f32>() / width as f32,
                false => 0.0,
            };
            row.iter_mut().for_each(|value| *value -= mean);
            let length = row
                .iter()
                .map(|value| value * value)
                .sum::<f32>()
                .sqrt()
                .max(1e-9);
            row.iter_mut().for_each(|value| *value /= length);
        }
        Vectors {
            width: padded,
            values,
        }
    }

    fn row(&self, node: usize) -> &[f32] {
        &self.values[node * self.width..][..self.width]
    }
}

/// What a node shows by itself, in every graph.
fn features(graphs: &[Graph]) -> Vectors {
    let nodes = graphs.first().map_or(0, |graph| graph.nodes);
    let mut rows = vec![Vec::new(); nodes];
    for graph in graphs {
        let own: Vec<Vec<f32>> = (0..nodes).map(|node| profile(graph, node)).collect();
        let own = ranked(own);
        for (node, row) in rows.iter_mut().enumerate() {
            row.extend_from_slice(&own[node]);
            // The mean profile of the nearest, as an egonet shows it.
            let nearest = nearest(graph, node);
            let mean = |column: usize| {
                let sum: f32 = nearest.iter().map(|near| own[*near][column]).sum();
                sum / nearest.len().max(1) as f32
            };
            row.extend((0..own[node].len()).map(mean));
        }
    }
    Vectors::scaled(rows, false)
}

/// The nearest likenesses, the spread of all and the number of bits.
fn profile(graph: &Graph, node: usize) -> Vec<f32> {
    let mut sorted: Vec<f32> = graph
        .row(node)
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != node)
        .map(|(_, weight)| *weight)
        .collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let mut profile: Vec<f32> = (0..NEAREST)
        .map(|nth| sorted.get(nth).copied().unwrap_or(0.0))
        .collect();
    let at = |share: f64| ((1.0 - share) * sorted.len().saturating_sub(1) as f64) as usize;
    profile.extend(QUANTILES.map(|share| sorted.get(at(share)).copied().unwrap_or(0.0)));
    profile.push(graph.ones[node]);
    profile
}

/// Each column as ranks from 0 to 1: the two sides have the same people, whatever the noise of a key.
fn ranked(mut rows: Vec<Vec<f32>>) -> Vec<Vec<f32>> {
    let count = rows.len();
    for column in 0..rows.first().map_or(0, Vec::len) {
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|a, b| rows[*a][column].total_cmp(&rows[*b][column]));
        for (rank, node) in order.into_iter().enumerate() {
            rows[node][column] = rank as f32 / count as f32;
        }
    }
    rows
}

fn nearest(graph: &Graph, node: usize) -> Vec<usize> {
    let mut others: Vec<usize> = (0..graph.nodes).filter(|other| *other != node).collect();
    let row = graph.row(node);
    let by_weight = |a: &usize, b: &usize| row[*b].total_cmp(&row[*a]).then(a.cmp(b));
    if others.len() > NEAREST {
        others.select_nth_unstable_by(NEAREST, by_weight);
        others.truncate(NEAREST);
    }
    others
}

/// The likeness of each node to the anchors, in every graph.
fn to_anchors(graphs: &[Graph], anchors: &[usize]) -> Vectors {
    let nodes = graphs.first().map_or(0, |graph| graph.nodes);
    let rows = (0..nodes).map(|node| {
        let weights = graphs.iter().flat_map(|graph| {
            let row = graph.row(node);
            // An anchor's likeness to itself would name it for good.
            let mean = row.iter().sum::<f32>() / nodes as f32;
            anchors
                .iter()
                .map(move |anchor| if *anchor == node { mean } else { row[*anchor] })
        });
        weights.collect()
    });
    Vectors::scaled(rows.collect(), true)
}

struct Match {
    record: usize,
    person: usize,
    /// How much nearer than the next: large where the match is clear.
    margin: f32,
}

impl Match {
    fn pair(&self) -> (usize, usize) {
        (self.record, self.person)
    }

    fn new(record: usize, person: usize, margin: f32) -> Match {
        Match {
            record,
            person,
            margin,
        }
    }
}

/// A one-to-one matching by cosine: greedily, the nearest first.
fn by_cosine(records: &Vectors, people: &Vectors, nodes: usize) -> Vec<Match> {
    let mut near: Vec<(f32, u32, u32)> = Vec::with_capacity(nodes * 4);
    let mut margins = vec![0.0; nodes];
    let mut cosines = vec![[0.0; TOGETHER]; nodes];
    for (record, margin) in margins.iter_mut().enumerate() {
        let lane = record % TOGETHER;
        if lane == 0 {
            let rows = std::array::from_fn(|lane| records.row((record + lane).min(nodes - 1)));
            for (person, cosines) in cosines.iter_mut().enumerate() {
                *cosines = dots(rows, people.row(person));
            }
        }
        let mut best = [(f32::NEG_INFINITY, 0_u32); 6];
        for (person, cosine) in (0..).zip(cosines.iter().map(|cosines| &cosines[lane])) {
            if *cosine > best[5].0 {
                let place = best.partition_point(|other| other.0 >= *cosine);
                best[place..].rotate_right(1);
                best[place] = (*cosine, person);
            }
        }
        *margin = best[0].0 - best[1].0;
        let record = u32::try_from(record).expect("few nodes");
        near.extend(
            best.iter()
                .filter(|best| best.0.is_finite())
                .map(|best| (best.0, record, best.1)),
        );
    }
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut has_person, mut has_record) = (vec![false; nodes], vec![false; nodes]);
    let mut matches = Vec::with_capacity(nodes);
    for (_, record, person) in near {
        let (record, person) = (record as usize, person as usize);
        if !has_person[record] && !has_record[person] {
            has_person[record] = true;
            has_record[person] = true;
            matches.push(Match::new(record, person, margins[record]));
        }
    }
    matches
}

/// The products of some rows with one, in eight sums each, so that the compiler keeps them in registers.
fn dots(rows: [&[f32]; TOGETHER], with: &[f32]) -> [f32; TOGETHER] {
    let mut sums = [[0.0_f32; 8]; TOGETHER];
    let rows = rows.map(|row| row.as_chunks::<8>().0);
    for (nth, with) in with.as_chunks::<8>().0.iter().enumerate() {
        for (sums, row) in sums.iter_mut().zip(rows) {
            for lane in 0..8 {
                sums[lane] += row[nth][lane] * with[lane];
            }
        }
    }
    sums.map(|sums| sums.iter().sum())
}
