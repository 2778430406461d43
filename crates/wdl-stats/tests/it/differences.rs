//! Sets told apart by their power sums: as sets of numbers tell it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wdl_stats::PowerSums;

/// A number spread over all bits for each unit (the finaliser of SplitMix64).
fn spread(unit: u64) -> u64 {
    let mut mixed = unit.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn sums(capacity: usize, units: &[u64]) -> PowerSums {
    let mut sums = PowerSums::new(capacity);
    for unit in units {
        sums.add(spread(*unit));
    }
    sums
}

/// The units that stand unequally often, by counting.
fn counted(one: &[u64], two: &[u64]) -> usize {
    let mut times: BTreeMap<u64, i64> = BTreeMap::new();
    for unit in one {
        *times.entry(*unit).or_default() += 1;
    }
    for unit in two {
        *times.entry(*unit).or_default() -= 1;
    }
    times.values().filter(|times| **times != 0).count()
}

proptest! {
    #[test]
    fn as_by_counting(one in prop::collection::vec(0_u64..40, 0..60), two in prop::collection::vec(0_u64..40, 0..60), capacity in 1_usize..24) {
        let apart = counted(&one, &two);
        let told = sums(capacity, &one).differs_by(&sums(capacity, &two));
        prop_assert_eq!(told, (apart < capacity).then_some(apart));
    }

    #[test]
    fn parts_add_up_to_the_whole(one in prop::collection::vec(any::<u64>(), 0..20), two in prop::collection::vec(any::<u64>(), 0..20)) {
        let mut joined = sums(8, &one);
        joined.join(&sums(8, &two));
        let all: Vec<u64> = one.iter().chain(&two).copied().collect();
        prop_assert_eq!(joined, sums(8, &all));
    }
}

#[test]
fn a_city_less_some_people() {
    let city: Vec<u64> = (0..185_000).collect();
    for gone in [0, 1, 2, 9, 15, 16, 40] {
        let told = sums(16, &city).differs_by(&sums(16, &city[gone..]));
        assert_eq!(told, (gone < 16).then_some(gone), "{gone}");
    }
    // As many, and not the same.
    let moved: Vec<u64> = (3..185_003).collect();
    assert_eq!(sums(16, &city).differs_by(&sums(16, &moved)), Some(6));
}

#[test]
fn numbers_that_cannot_be_sums() {
    assert!(PowerSums::of_numbers(vec![]).is_none());
    assert!(PowerSums::of_numbers(vec![1, 2, 3]).is_none());
    assert!(PowerSums::of_numbers(vec![1, u64::MAX]).is_none());
    let own = sums(4, &[7, 9]);
    assert_eq!(
        PowerSums::of_numbers(own.numbers().to_vec()),
        Some(own.clone())
    );
    assert_eq!(own.to_string().parse(), Ok(own));
    for text in [
        "",
        "00",
        "000000000000000g0000000000000000",
        "ffffffffffffffffffffffffffffffff",
        "+00000000000000100000000000000ab",
    ] {
        assert!(text.parse::<PowerSums>().is_err(), "{text}");
    }
}
