//! One-to-one links and the probabilities of pairs, against every matching counted one by one.

use proptest::prelude::*;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_linkage::decide::{Constraint, Edge, marginals, one_to_one};

fn edge(a: u32, b: u32, weight: f64) -> Edge {
    Edge { a, b, weight }
}

/// Every set of edges that the constraint admits, as places.
fn admissible(edges: &[Edge], constraint: Constraint) -> Vec<Vec<usize>> {
    let mut sets = vec![Vec::new()];
    for place in 0..edges.len() {
        let more: Vec<Vec<usize>> = sets
            .iter()
            .filter(|set: &&Vec<usize>| {
                set.iter().all(|other| {
                    let (x, y) = (&edges[place], &edges[*other]);
                    match constraint {
                        Constraint::OneToOne => x.a != y.a && x.b != y.b,
                        Constraint::ManyToOne => x.a != y.a,
                        Constraint::OneToMany => x.b != y.b,
                        Constraint::ManyToMany => true,
                    }
                })
            })
            .map(|set| [set.as_slice(), &[place]].concat())
            .collect();
        sets.extend(more);
    }
    sets
}

fn slow_marginals(edges: &[Edge], constraint: Constraint) -> Vec<f64> {
    let mut total = 0.0;
    let mut sums = vec![0.0; edges.len()];
    for set in admissible(edges, constraint) {
        let odds: f64 = set
            .iter()
            .map(|place| edges[*place].weight.exp2())
            .product();
        total += odds;
        for place in set {
            sums[place] += odds;
        }
    }
    sums.into_iter().map(|sum| sum / total).collect()
}

/// What an edge counts, in millionths.
fn worth(weight: f64, floor: f64) -> i64 {
    let worth = if floor < 0.0 {
        weight.exp2().ln_1p() / 2.0_f64.ln()
    } else {
        weight
    };
    (worth * 1_048_576.0).round() as i64
}

/// The first, in the order of (a, b), of the matchings with the greatest sum.
fn slow_one_to_one(edges: &[Edge], floor: f64) -> Vec<(u32, u32)> {
    let eligible: Vec<Edge> = edges
        .iter()
        .copied()
        .filter(|edge| edge.weight > floor)
        .collect();
    let mut best: Option<(i64, Vec<(u32, u32)>)> = None;
    for set in admissible(&eligible, Constraint::OneToOne) {
        let gain: i64 = set
            .iter()
            .map(|place| worth(eligible[*place].weight, floor))
            .sum();
        let mut pairs: Vec<(u32, u32)> = set
            .iter()
            .map(|place| (eligible[*place].a, eligible[*place].b))
            .collect();
        pairs.sort_unstable();
        // The longer of two lists that begin alike stands first: all gains are above zero, so it never ties.
        let is_better = best
            .as_ref()
            .is_none_or(|(known, first)| gain > *known || (gain == *known && pairs < *first));
        if is_better {
            best = Some((gain, pairs));
        }
    }
    best.expect("the empty matching").1
}

fn fast_one_to_one(edges: &[Edge], floor: f64) -> Vec<(u32, u32)> {
    let kept = one_to_one(edges, floor);
    kept.into_iter()
        .map(|place| (edges[place].a, edges[place].b))
        .collect()
}

/// Random edges, each pair once, over few records; whole weights make many ties.
fn edges(seed: u64, side: u32, count: usize, whole: bool) -> Vec<Edge> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut pairs: Vec<(u32, u32)> = (0..side)
        .flat_map(|a| (0..side).map(move |b| (a * 3, b * 5)))
        .collect();
    pairs.shuffle(&mut rng);
    pairs
        .into_iter()
        .take(count)
        .map(|(a, b)| {
            let weight = if whole {
                f64::from(rng.random_range(-2..4))
            } else {
                rng.random_range(-6.0..12.0)
            };
            edge(a, b, weight)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn one_to_one_is_the_first_of_the_best(seed: u64, side in 1_u32..7, count in 1_usize..15, floor in -3_i32..3) {
        let edges = edges(seed, side, count, true);
        let floor = f64::from(floor);
        prop_assert_eq!(fast_one_to_one(&edges, floor), slow_one_to_one(&edges, floor));
    }

    #[test]
    fn one_to_one_is_the_best_of_any_weights(seed: u64, side in 1_u32..7, count in 1_usize..15) {
        let edges = edges(seed, side, count, false);
        prop_assert_eq!(fast_one_to_one(&edges, 0.0), slow_one_to_one(&edges, 0.0));
    }

    #[test]
    fn probabilities_are_the_shares_of_the_matchings(seed: u64, side in 1_u32..7, count in 1_usize..15) {
        let edges = edges(seed, side, count, false);
        for constraint in [Constraint::OneToOne, Constraint::ManyToOne, Constraint::OneToMany, Constraint::ManyToMany] {
            let expected = slow_marginals(&edges, constraint);
            for (found, expected) in marginals(&edges, constraint).into_iter().zip(expected) {
                prop_assert!((found - expected).abs() < 1e-9, "{found} for {expected}");
            }
        }
    }

    #[test]
    fn the_order_of_the_edges_says_nothing(seed: u64, side in 2_u32..30, count in 1_usize..120, whole: bool) {
        let edges = edges(seed, side, count, whole);
        let mut mixed = edges.clone();
        mixed.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        prop_assert_eq!(fast_one_to_one(&edges, 0.0), fast_one_to_one(&mixed, 0.0));
        for constraint in [Constraint::OneToOne, Constraint::ManyToOne, Constraint::OneToMany] {
            let sorted = |edges: &[Edge]| {
                let mut found: Vec<(u32, u32, u64)> = edges
                    .iter()
                    .zip(marginals(edges, constraint))
                    .map(|(edge, probability)| (edge.a, edge.b, probability.to_bits()))
                    .collect();
                found.sort_unstable();
                found
            };
            prop_assert_eq!(sorted(&edges), sorted(&mixed));
        }
    }

    #[test]
    fn no_record_is_linked_twice_nor_more_probable_than_one(seed: u64, side in 2_u32..40, count in 1_usize..200) {
        let edges = edges(seed, side, count, false);
        let kept = fast_one_to_one(&edges, 0.0);
        let distinct = |side: &dyn Fn(&(u32, u32)) -> u32| {
            let mut records: Vec<u32> = kept.iter().map(side).collect();
            records.sort_unstable();
            records.dedup();
            records.len()
        };
        prop_assert_eq!(distinct(&|pair| pair.0), kept.len());
        prop_assert_eq!(distinct(&|pair| pair.1), kept.len());
        let probabilities = marginals(&edges, Constraint::OneToOne);
        for record in edges.iter().map(|edge| edge.a) {
            let own = edges.iter().zip(&probabilities).filter(|(edge, _)| edge.a == record);
            let sum: f64 = own.map(|(_, probability)| probability).sum();
            prop_assert!(sum <= 1.0 + 1e-6, "{sum}");
        }
    }
}

/// A chain is a tree too long to be counted set by set; transfer along it is an exact second way.
#[test]
fn a_long_chain_is_exact() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let edges: Vec<Edge> = (0..60)
        .map(|place| {
            edge(
                place / 2 + place % 2,
                place / 2,
                rng.random_range(-4.0..8.0),
            )
        })
        .collect();
    let odds: Vec<f64> = edges.iter().map(|edge| edge.weight.exp2()).collect();
    // before[i]: the sum over matchings of the first i edges; after[i]: of those from i on.
    let mut before = vec![1.0, 1.0 + odds[0]];
    for place in 1..odds.len() {
        before.push(before[place] + odds[place] * before[place - 1]);
    }
    let mut after = vec![1.0; odds.len() + 2];
    for place in (0..odds.len()).rev() {
        after[place] = after[place + 1] + odds[place] * after[place + 2];
    }
    for (place, found) in marginals(&edges, Constraint::OneToOne)
        .into_iter()
        .enumerate()
    {
        let left = before[place.saturating_sub(1)];
        let expected = odds[place] * left * after[place + 2] / after[0];
        assert!(
            (found - expected).abs() < 1e-12,
            "edge {place}: {found} for {expected}"
        );
    }
}

/// The exact sums of a component with few records `b`, set by set.
fn sums_by_sets(edges: &[Edge], side: u32) -> Vec<f64> {
    let sets = 1_usize << side;
    let all = |left_out: Option<usize>| -> f64 {
        let mut sums = vec![0.0; sets];
        sums[0] = 1.0;
        for a in 0..side {
            let mut next = sums.clone();
            for (place, edge) in edges.iter().enumerate() {
                if edge.a != a || left_out == Some(place) {
                    continue;
                }
                let bit = 1_usize << edge.b;
                for taken in (0..sets).filter(|taken| taken & bit == 0) {
                    next[taken | bit] += sums[taken] * edge.weight.exp2();
                }
            }
            sums = next;
        }
        sums.into_iter().sum()
    };
    let total = all(None);
    (0..edges.len())
        .map(|place| 1.0 - all(Some(place)) / total)
        .collect()
}

/// Where sets are too many to be kept, propagation stays close to the exact sums.
#[test]
fn a_tangled_component_is_close() {
    const SIDE: u32 = 12;
    let (mut worst, mut sum, mut count) = (0.0_f64, 0.0, 0.0);
    for seed in 0..12 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // Each record has a partner or not, and rivals that are less likely: a neighbourhood of namesakes.
        let mut edges = Vec::new();
        for a in 0..SIDE {
            for b in 0..SIDE {
                if a == b && rng.random_bool(0.8) {
                    edges.push(edge(a, b, rng.random_range(2.0..20.0)));
                } else if rng.random_bool(0.25) {
                    edges.push(edge(a, b, rng.random_range(-7.0..4.0)));
                }
            }
        }
        let exact = sums_by_sets(&edges, SIDE);
        for (close, exact) in marginals(&edges, Constraint::OneToOne)
            .into_iter()
            .zip(exact)
        {
            worst = worst.max((close - exact).abs());
            sum += (close - exact).abs();
            count += 1.0;
        }
    }
    assert!(
        worst < 0.1 && sum / count < 0.002,
        "worst {worst}, mean {}",
        sum / count
    );
}

#[test]
fn great_weights_do_not_overflow() {
    let edges: Vec<Edge> = (0..12)
        .flat_map(|a| (0..12).map(move |b| edge(a, b, if a == b { 200.0 } else { -200.0 })))
        .collect();
    for (edge, probability) in edges.iter().zip(marginals(&edges, Constraint::OneToOne)) {
        let expected = if edge.a == edge.b { 1.0 } else { 0.0 };
        assert!((probability - expected).abs() < 1e-12);
    }
    let odd = [
        edge(0, 0, f64::INFINITY),
        edge(0, 1, f64::NEG_INFINITY),
        edge(1, 1, f64::NAN),
    ];
    for constraint in [
        Constraint::OneToOne,
        Constraint::ManyToOne,
        Constraint::OneToMany,
        Constraint::ManyToMany,
    ] {
        assert_eq!(marginals(&odd, constraint), [1.0, 0.0, 0.0]);
    }
    assert_eq!(one_to_one(&odd, f64::NEG_INFINITY), [0]);
}

#[test]
fn a_pair_above_a_floor_below_zero_is_kept_when_alone() {
    let edges = [edge(0, 0, -1.0), edge(1, 1, -3.0), edge(2, 2, 4.0)];
    assert_eq!(one_to_one(&edges, -2.0), [0, 2]);
    assert_eq!(one_to_one(&edges, 0.0), [2]);
    assert_eq!(one_to_one(&[], 0.0), [0_usize; 0]);
}

/// Numbers far apart, as of ids that are no ranks.
#[test]
fn records_may_have_any_numbers() {
    let edges = [
        edge(u32::MAX, 0, 3.0),
        edge(u32::MAX, u32::MAX, 2.5),
        edge(0, 0, 2.0),
    ];
    assert_eq!(fast_one_to_one(&edges, 0.0), [(0, 0), (u32::MAX, u32::MAX)]);
}

/// Placeholders tie thousands of records together with one weight.
#[test]
fn a_giant_component_of_ties_is_solved() {
    let edges: Vec<Edge> = (0..3000)
        .flat_map(|a| (0..60).map(move |b| edge(a, (a + b) % 2500, 3.0)))
        .collect();
    let kept = fast_one_to_one(&edges, 0.0);
    assert_eq!(kept.len(), 2500);
    assert_eq!(kept[..3], [(0, 0), (1, 1), (2, 2)]);
}
