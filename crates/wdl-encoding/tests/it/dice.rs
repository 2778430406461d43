//! The Dice search against a slow and obvious one, for every kernel of the machine that runs the tests.

use proptest::collection::vec;
use proptest::prelude::*;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_encoding::CLK_BYTES;
use wdl_encoding::dice::{
    Best, FilterError, Filters, Found, Kernel, NOBODY, Ratio, SearchError, Similarities, best_of,
    best_of_with, search, search_with, search_within, search_within_with,
};

type Bytes = [u8; CLK_BYTES];

fn filters(bytes: &[Bytes]) -> Filters {
    Filters::from_bytes(bytes.as_flattened()).unwrap()
}

fn ones(filter: &Bytes) -> u32 {
    filter.iter().map(|byte| byte.count_ones()).sum()
}

fn common(a: &Bytes, b: &Bytes) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a & b).count_ones()).sum()
}

/// Every pair that a test of whole numbers lets through: 2q|a∧b| ≥ p(|a|+|b|), and not 0/0.
fn slow_search(a: &[Bytes], b: &[Bytes], (p, q): (u32, u32), within: bool) -> Vec<Found> {
    let mut found = Vec::new();
    for (nth, left) in a.iter().enumerate() {
        for (other, right) in b.iter().enumerate() {
            if within && other <= nth {
                continue;
            }
            let (common, sum) = (common(left, right), ones(left) + ones(right));
            if sum > 0 && 2 * u64::from(q) * u64::from(common) >= u64::from(p) * u64::from(sum) {
                found.push(Found {
                    a: nth as u32,
                    b: other as u32,
                    common: common as u16,
                });
            }
        }
    }
    found
}

fn slow_best(a: &[Bytes], b: &[Bytes], skip_same_index: bool) -> Vec<Best> {
    let best = |(nth, left): (usize, &Bytes)| {
        // (Dice as a fraction, place); the sort keeps equals in the order of their places.
        let mut all: Vec<(u32, u32, u32)> = b
            .iter()
            .enumerate()
            .filter(|(other, _)| !(skip_same_index && *other == nth))
            .map(|(other, right)| {
                let sum = (ones(left) + ones(right)).max(1);
                (common(left, right), sum, other as u32)
            })
            .collect();
        all.sort_by(|one, other| (other.0 * one.1).cmp(&(one.0 * other.1)));
        let nth = |nth: usize| {
            all.get(nth)
                .map_or((NOBODY, 0), |near| (near.2, near.0 as u16))
        };
        Best {
            other: nth(0).0,
            common: nth(0).1,
            second: nth(1).0,
            second_common: nth(1).1,
        }
    };
    a.iter().enumerate().map(best).collect()
}

fn check(a: &[Bytes], b: &[Bytes], (p, q): (u32, u32)) {
    let threshold = Ratio::new(p, q).unwrap();
    let (left, right) = (filters(a), filters(b));
    let across = slow_search(a, b, (p, q), false);
    let within = slow_search(a, a, (p, q), true);
    let (best, best_within) = (slow_best(a, b, false), slow_best(a, a, true));
    for kernel in Kernel::available() {
        let name = kernel.name();
        let found = search_with(kernel, &left, &right, threshold, across.len());
        assert_eq!(found.unwrap(), across, "{name}");
        let found = search_within_with(kernel, &left, threshold, within.len());
        assert_eq!(found.unwrap(), within, "{name}");
        assert_eq!(best_of_with(kernel, &left, &right, false), best, "{name}");
        let own = best_of_with(kernel, &left, &left, true);
        assert_eq!(own, best_within, "{name}");
        if let Some(limit) = across.len().checked_sub(1) {
            let found = search_with(kernel, &left, &right, threshold, limit);
            assert_eq!(found, Err(SearchError::TooMany { limit }), "{name}");
        }
    }
}

/// Filters of one fill, and noisy copies of some of them.
fn planted(seed: u64, (a, b): (usize, usize), fill: f64) -> (Vec<Bytes>, Vec<Bytes>) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut filter = |share: f64| -> Bytes {
        let mut bytes = [0; CLK_BYTES];
        for place in 0..CLK_BYTES * 8 {
            bytes[place / 8] |= u8::from(random.random_bool(share)) << (place % 8);
        }
        bytes
    };
    let left: Vec<Bytes> = (0..a).map(|_| filter(fill)).collect();
    let right = (0..b).map(|nth| match left.get(nth * 3) {
        Some(copied) if nth % 2 == 0 => {
            let noise = filter(0.02 * (nth % 8) as f64);
            std::array::from_fn(|place| copied[place] ^ noise[place])
        }
        _ => filter(fill),
    });
    let right = right.collect();
    (left, right)
}

/// A filter of any kind: empty, full, sparse, dense, with few or many of its words the same as others'.
fn any_filter() -> impl Strategy<Value = Bytes> {
    let random =
        (any::<u64>(), 0.0..1.0f64).prop_map(|(seed, fill)| planted(seed, (1, 0), fill).0[0]);
    prop_oneof![
        1 => Just([0; CLK_BYTES]),
        1 => Just([0xFF; CLK_BYTES]),
        2 => (0..CLK_BYTES, any::<u8>()).prop_map(|(place, byte)| {
            let mut filter = [0; CLK_BYTES];
            filter[place] = byte;
            filter
        }),
        2 => (0..CLK_BYTES, any::<u8>()).prop_map(|(place, byte)| {
            let mut filter = [0x5A; CLK_BYTES];
            filter[place] = byte;
            filter
        }),
        4 => random,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_kernel_finds_what_the_slow_search_finds(
        a in vec(any_filter(), 0..40),
        b in vec(any_filter(), 0..40),
        (q, share) in (1..2000u32, 0.0..1.0f64),
    ) {
        let p = (f64::from(q) * share).ceil().max(1.0) as u32;
        check(&a, &b, (p.min(q), q));
    }
}

#[test]
fn planted_pairs_at_several_fills_and_thresholds() {
    for (nth, fill) in [0.1, 0.4, 0.5, 0.68, 0.9].into_iter().enumerate() {
        for threshold in [(4, 5), (3, 5), (72, 100), (1, 1), (1, u32::MAX)] {
            let (a, b) = planted(nth as u64, (150, 133), fill);
            check(&a, &b, threshold);
        }
    }
}

#[test]
fn more_than_a_tile_and_a_block() {
    let (a, b) = planted(9, (603, 701), 0.45);
    check(&a, &b, (4, 5));
    check(&b, &a, (7, 10));
}

#[test]
fn lengths_around_a_group_a_tile_and_none() {
    let (a, b) = planted(3, (260, 260), 0.5);
    for (left, right) in [
        (0, 0),
        (0, 5),
        (5, 0),
        (1, 1),
        (3, 7),
        (4, 8),
        (5, 9),
        (127, 128),
        (129, 257),
    ] {
        check(&a[..left], &b[..right], (3, 4));
    }
}

#[test]
fn empty_and_full_filters() {
    let (empty, full) = ([0; CLK_BYTES], [0xFF; CLK_BYTES]);
    let filters_all = [empty, full, empty, full, full];
    for threshold in [(1, 1), (1, 2), (1, 1000)] {
        check(&filters_all, &filters_all, threshold);
        check(&[empty; 20], &[empty; 9], threshold);
        check(&[full; 20], &[full; 9], threshold);
    }
    let two = filters(&[empty, empty]);
    let lowest = Ratio::new(1, u32::MAX).unwrap();
    assert_eq!(search_within(&two, lowest, 0), Ok(Vec::new()));
    assert_eq!(search(&two, &two, lowest, 0), Ok(Vec::new()));
}

#[test]
fn the_boundary_is_exact() {
    // 512 ones each, 400 shared: Dice 800/1024, exactly 25/32.
    let mut a: Bytes = [0; CLK_BYTES];
    let mut b = a;
    a[..64].fill(0xFF);
    b[14..78].fill(0xFF);
    let (left, right) = (filters(&[a]), filters(&[b]));
    let found = |p, q| {
        search(&left, &right, Ratio::new(p, q).unwrap(), 9)
            .unwrap()
            .len()
    };
    assert_eq!(left.common(0, &right, 0), 400);
    assert_eq!(found(25, 32), 1);
    assert_eq!(found(25_000_000, 32_000_000), 1);
    assert_eq!(found(25_000_001, 32_000_000), 0);
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let (a, b) = planted(5, (900, 800), 0.5);
    let (left, right) = (filters(&a), filters(&b));
    let threshold = Ratio::new(3, 5).unwrap();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let found = search(&left, &right, threshold, 1_000_000).unwrap();
            let within = search_within(&left, threshold, 1_000_000).unwrap();
            (found, within, best_of(&left, &right, true))
        })
    };
    let one = run(1);
    assert!(!one.0.is_empty());
    assert_eq!(run(2), one);
    assert_eq!(run(5), one);
}

#[test]
fn bytes_that_are_no_filters() {
    assert_eq!(
        Filters::from_bytes(&[0; 129]),
        Err(FilterError::Length { bytes: 129 })
    );
    assert!(Filters::from_bytes(&[]).unwrap().is_empty());
    assert_eq!(Ratio::new(0, 5), None);
    assert_eq!(Ratio::new(6, 5), None);
    assert_eq!(Ratio::nearest(f64::NAN), None);
    assert_eq!(Ratio::nearest(1.0), Ratio::new(1 << 16, 1 << 16));
}

#[test]
fn similarities_of_random_pairs_lie_around_the_fill() {
    let (a, b) = planted(11, (400, 0), 0.5);
    assert!(b.is_empty());
    let left = filters(&a);
    assert!((left.fill() - 0.5).abs() < 0.01);
    let sampled = Similarities::sampled(&left, &left, true, (10_000, 1));
    let count: u64 = sampled.bins.iter().sum();
    let mean: f64 = sampled
        .bins
        .iter()
        .enumerate()
        .map(|(bin, pairs)| (bin as f64 + 0.5) / 256.0 * *pairs as f64)
        .sum::<f64>()
        / count as f64;
    assert!((mean - 0.5).abs() < 0.01, "{mean}");
    // The nearest of a copy is itself, Dice 1.
    let best = Similarities::of_best(&left, &left, &best_of(&left, &left, false));
    assert_eq!(best.bins[256], 400);
}
