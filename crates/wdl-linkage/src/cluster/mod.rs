//! Records that are one person, from links between them: what hangs together, and where a chain of links hangs together wrongly.
//!
//! **Invariants:** no cluster breaks a rule, whatever the links; the clusters depend on the set of links alone, never on their order or on the number of threads; every link that does not hold is told with its reason.

mod merge;
mod union;

use rayon::prelude::*;

use crate::decide::Edge;
pub(crate) use union::UnionFind;

/// What no cluster may break.
#[derive(Clone, Copy)]
pub struct ClusterRules<'a> {
    /// The source of a record.
    pub source_of: &'a (dyn Fn(u32) -> usize + Sync),
    /// For each source, whether it holds a person once at most; a source beyond the last may hold one several times.
    pub without_duplicates: &'a [bool],
    /// For each record the number of a valid code of which a person has one only; 0 for none.
    pub exclusive: Option<&'a [u32]>,
    /// The most records of a cluster.
    pub size_max: usize,
    /// The logarithm, to the base 2, of the odds that two records match which were never compared, or were left far below the cut.
    ///
    /// With it two groups of records become one only when all their pairs together speak for it: the weights of those that were compared and this for each of the others, so that one wrong link cannot hold two persons together.
    /// It counts only between sources of which some records were compared: where `links` and `scored` have no pair at all between two sources, or within one, none was looked for.
    /// Without it only the pairs that were compared speak.
    pub absent_weight: Option<f64>,
    /// Pairs that were compared and are no links: with their weights they speak against a cluster.
    pub scored: &'a [Edge],
}

impl std::fmt::Debug for ClusterRules<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClusterRules")
            .field("without_duplicates", &self.without_duplicates)
            .field("size_max", &self.size_max)
            .field("absent_weight", &self.absent_weight)
            .field("scored", &self.scored.len())
            .finish_non_exhaustive()
    }
}

/// The clusters, and the chains that were cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    /// For each record, the smallest record of its cluster.
    pub cluster_of: Vec<u32>,
    /// What was cut, by the smallest record of the chain, then of the two clusters.
    pub repairs: Vec<Repair>,
}

/// Links between two clusters that do not make them one.
#[derive(Clone, Debug, PartialEq)]
pub struct Repair {
    /// The smallest record of all that the links hang together.
    pub chain: u32,
    /// The two clusters, each by its smallest record, the smaller first.
    pub clusters: (u32, u32),
    /// The links between them, in the order of (a, b).
    pub cut: Vec<Edge>,
    /// Why they stay two.
    pub reason: Reason,
}

/// Why two clusters with links between them stay two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// A source without duplicates has a record in each.
    SameSource {
        /// The source.
        source: usize,
        /// Its record in each cluster.
        records: (u32, u32),
    },
    /// Each holds a valid code, and the codes are two.
    TwoCodes {
        /// A record with a code in each cluster.
        records: (u32, u32),
    },
    /// Together they would be too large.
    TooLarge {
        /// How many records they are together.
        size: usize,
    },
    /// All their pairs together speak against it.
    Weak {
        /// The sum of the weights of their pairs.
        weight: f64,
        /// How many pairs were compared.
        compared: u64,
        /// How many were not.
        absent: u64,
    },
}

/// Pairs of one chain of links, each with the smaller record first.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pair {
    chain: u32,
    edge: Edge,
    is_link: bool,
}

/// The clusters of `records` records under the rules.
///
/// Each record begins by itself; of all groups with links between them the two with the greatest sum of weights become one, unless a rule forbids it, until none is left (greedy additive contraction, Keuper and others, ICCV 2015).
/// Equal sums are taken in the order of the smallest records.
/// Two records alone are joined by their link whatever its weight: the cut was the caller's.
/// The weights are those of the links, above the cut; links may be named in either direction, and of a link named twice the greater weight holds.
/// A chain with `e` pairs takes about `e log² e` steps, and with an absent weight, by which every offer of a cluster falls as it grows, at most as many times that as a cluster may have records.
pub fn clusters(records: u32, links: &[Edge], rules: &ClusterRules) -> Clusters {
    let mut union = UnionFind::new(records as usize);
    for link in links {
        union.join(link.a, link.b);
    }
    let mut cluster_of = union.into_roots();
    let mut sizes = vec![0_u32; records as usize];
    for root in &cluster_of {
        sizes[*root as usize] += 1;
    }
    let pairs = pairs_to_judge(links, &cluster_of, &sizes, rules);
    let compared = compared(links, rules);
    let chains: Vec<&[Pair]> = pairs.chunk_by(|x, y| x.chain == y.chain).collect();
    let outcomes: Vec<merge::Outcome> = chains
        .into_par_iter()
        .filter_map(|chain| merge::judge(chain, rules, &compared))
        .collect();
    let mut repairs = Vec::new();
    for outcome in outcomes {
        for (record, cluster) in outcome.moved {
            cluster_of[record as usize] = cluster;
        }
        repairs.extend(outcome.repairs);
    }
    Clusters {
        cluster_of,
        repairs,
    }
}

/// The pairs of sources between which there is a pair.
fn compared(links: &[Edge], rules: &ClusterRules) -> merge::Compared {
    let mut compared: Vec<(usize, usize)> = links
        .par_iter()
        .chain(rules.scored)
        .fold(Vec::new, |mut known, edge| {
            let (a, b) = ((rules.source_of)(edge.a), (rules.source_of)(edge.b));
            let pair = (a.min(b), a.max(b));
            if !known.contains(&pair) {
                known.push(pair);
            }
            known
        })
        .flatten_iter()
        .collect();
    compared.sort_unstable();
    compared.dedup();
    merge::Compared(compared)
}

/// The pairs of every chain that may break a rule, by chain and in the order of (a, b).
fn pairs_to_judge(links: &[Edge], roots: &[u32], sizes: &[u32], rules: &ClusterRules) -> Vec<Pair> {
    let pair = |edge: &Edge, is_link: bool| Pair {
        chain: roots[edge.a as usize],
        edge: Edge {
            a: edge.a.min(edge.b),
            b: edge.a.max(edge.b),
            weight: edge.weight,
        },
        is_link,
    };
    let is_chain = |edge: &Edge| edge.a != edge.b && sizes[roots[edge.a as usize] as usize] > 2;
    let linked = links
        .iter()
        .filter(|link| is_chain(link) || (link.a != link.b && merge::is_refused(link, rules)))
        .map(|link| pair(link, true));
    let scored = rules
        .scored
        .iter()
        .filter(|edge| is_chain(edge) && roots[edge.a as usize] == roots[edge.b as usize])
        .map(|edge| pair(edge, false));
    let mut pairs: Vec<Pair> = linked.chain(scored).collect();
    pairs.par_sort_unstable_by(|x, y| {
        (x.chain, x.edge.a, x.edge.b, !x.is_link)
            .cmp(&(y.chain, y.edge.a, y.edge.b, !y.is_link))
            .then_with(|| y.edge.weight.total_cmp(&x.edge.weight))
    });
    pairs.dedup_by_key(|pair| (pair.edge.a, pair.edge.b));
    pairs
}
