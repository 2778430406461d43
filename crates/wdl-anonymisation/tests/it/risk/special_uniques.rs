//! The search for special uniques against all sets of columns, one by one.

use proptest::prelude::*;
use wdl_anonymisation::risk::{KeyTable, MinimalUnique, RiskError, SudaSettings, suda};

use crate::files::table;

fn one_by_one(columns: &[Vec<Option<u32>>], largest: usize) -> Vec<MinimalUnique> {
    let rows = columns[0].len();
    let unique = |row: usize, set: u64| {
        let chosen: Vec<&Vec<Option<u32>>> = columns
            .iter()
            .enumerate()
            .filter(|(c, _)| set >> c & 1 == 1)
            .map(|(_, c)| c)
            .collect();
        chosen.iter().all(|c| c[row].is_some())
            && (0..rows).all(|other| other == row || chosen.iter().any(|c| c[other] != c[row]))
    };
    let mut found = Vec::new();
    for row in 0..rows {
        for set in 1..1_u64 << columns.len() {
            let smaller = (0..columns.len())
                .filter(|c| set >> c & 1 == 1)
                .any(|c| unique(row, set & !(1 << c)));
            if set.count_ones() as usize <= largest && unique(row, set) && !smaller {
                found.push(MinimalUnique {
                    row: u32::try_from(row).unwrap(),
                    columns: set,
                });
            }
        }
    }
    found
}

proptest! {
    #[test]
    fn the_search_finds_all_and_only_the_minimal_sets(
        columns in (1_usize..6, 2_usize..25).prop_flat_map(|(columns, rows)| {
            prop::collection::vec(prop::collection::vec(prop::option::weighted(0.9, 0_u32..3), rows), columns)
        }),
        largest in 1_usize..6,
    ) {
        let largest = largest.min(columns.len());
        let keys = KeyTable::new(&columns).unwrap();
        let found = suda(&keys, &SudaSettings { largest_set: Some(largest), sampling_fraction: 0.1 }).unwrap();
        prop_assert_eq!(&found.minimal, &one_by_one(&columns, largest));
        prop_assert!(found.dis.iter().zip(&found.score).all(|(dis, score)| (*dis > 0.0) == (*score > 0.0) && *dis <= 1.0));
    }
}

/// Elliot's score with sets of at most three among four columns: one column gives (4−1)(4−2), two give (4−2), three give 1.
#[test]
fn scores_follow_the_size_of_the_sets() {
    let keys = table(&[
        "zaaa", "aaaa", "aaaa", "abca", "abaa", "abaa", "aaca", "aaca",
    ]);
    let found = suda(
        &keys,
        &SudaSettings {
            largest_set: Some(3),
            sampling_fraction: 0.1,
        },
    )
    .unwrap();
    assert_eq!(found.score, [6.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(found.contribution.unwrap(), [0.75, 0.25, 0.25, 0.0]);
}

#[test]
fn files_without_uniques_have_no_contribution() {
    let found = suda(
        &table(&["ab", "ab"]),
        &SudaSettings {
            largest_set: None,
            sampling_fraction: 0.5,
        },
    )
    .unwrap();
    assert_eq!((found.score, found.contribution), (vec![0.0, 0.0], None));
    let none = SudaSettings {
        largest_set: None,
        sampling_fraction: 0.0,
    };
    assert!(matches!(
        suda(&table(&["ab"]), &none),
        Err(RiskError::Share { .. })
    ));
}
