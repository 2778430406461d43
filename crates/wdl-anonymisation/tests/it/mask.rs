//! Masking: what each method promises, against slow searches and laws.

use proptest::prelude::*;
use wdl_anonymisation::mask::{
    MaskError, TransitionMatrix, aggregate, aggregate_one, categories_moved, numeric_utility,
    randomise, swap_ranks,
};

fn expected_after(matrix: &TransitionMatrix, frequencies: &[u64]) -> Vec<f64> {
    (0..frequencies.len())
        .map(|l| {
            frequencies
                .iter()
                .enumerate()
                .map(|(k, n)| *n as f64 * matrix.row(k)[l])
                .sum()
        })
        .collect()
}

proptest! {
    /// Frequencies are right in expectation, by both ways to an invariant matrix.
    #[test]
    fn invariant_matrices_keep_frequencies(frequencies in prop::collection::vec(0_u64..50, 2..6), keep in 0.0_f64..1.0, extra in 0.0_f64..1.0) {
        prop_assume!(frequencies.iter().sum::<u64>() > 0);
        let n = frequencies.len();
        let any = TransitionMatrix::new((0..n).map(|k| (0..n).map(|l| if k == l { 1.0 - extra } else { extra / (n - 1) as f64 }).collect()).collect()).unwrap();
        for matrix in [TransitionMatrix::proportional(&frequencies, keep).unwrap(), any.invariant(&frequencies).unwrap()] {
            for (after, before) in expected_after(&matrix, &frequencies).iter().zip(&frequencies) {
                prop_assert!((after - *before as f64).abs() < 1e-9);
            }
        }
    }

    /// The best cut of one column against all of them.
    #[test]
    fn one_column_is_cut_at_best(values in prop::collection::vec(-100_i32..100, 2..11), k in 1_usize..4) {
        prop_assume!(values.len() >= k);
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let found = aggregate_one(&values, k).unwrap();
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let spread = |part: &[f64]| { let mean = part.iter().sum::<f64>() / part.len() as f64; part.iter().map(|x| (x - mean).powi(2)).sum::<f64>() };
        let least = (0..1_u32 << (values.len() - 1)).filter_map(|cuts| {
            let mut parts = vec![vec![sorted[0]]];
            for (i, value) in sorted.iter().enumerate().skip(1) {
                if cuts >> (i - 1) & 1 == 1 { parts.push(Vec::new()); }
                parts.last_mut().unwrap().push(*value);
            }
            parts.iter().all(|part| part.len() >= k).then(|| parts.iter().map(|part| spread(part)).sum::<f64>())
        }).fold(f64::INFINITY, f64::min);
        let here: f64 = values.iter().zip(&found.columns[0]).map(|(x, y)| (x - y).powi(2)).sum();
        prop_assert!((here - least).abs() < 1e-6, "{here} is not {least}");
    }

    #[test]
    fn groups_are_large_enough_and_keep_means(values in prop::collection::vec((-50_i32..50, 0_i32..9), 6..60), k in 2_usize..5) {
        let columns = vec![values.iter().map(|v| f64::from(v.0)).collect::<Vec<_>>(), values.iter().map(|v| f64::from(v.1)).collect()];
        let found = aggregate(&columns, k).unwrap();
        let mut sizes = std::collections::BTreeMap::<u32, usize>::new();
        found.group.iter().for_each(|group| *sizes.entry(*group).or_default() += 1);
        prop_assert!(sizes.values().all(|size| (k..2 * k).contains(size)));
        let utility = numeric_utility(&columns, &found.columns).unwrap();
        prop_assert!(utility.mean_change.iter().all(|change| change.abs() < 1e-9));
        prop_assert!(utility.deviation_ratio.iter().flatten().all(|ratio| *ratio <= 1.0 + 1e-9) && (0.0..=1.0).contains(&found.information_loss));
    }

    /// The values stay the same set, none moves farther than the reach, the same seed gives the same file.
    #[test]
    fn swapped_values_are_the_same_set(values in prop::collection::vec(-1e6_f64..1e6, 2..80), reach in 0.0_f64..0.5, seed in 0_u64..99) {
        let swapped = swap_ranks(&values, reach, seed).unwrap();
        let sort = |values: &[f64]| { let mut sorted = values.to_vec(); sorted.sort_by(f64::total_cmp); sorted };
        let (before, after) = (sort(&values), sort(&swapped));
        prop_assert_eq!(&before, &after);
        let rank = |value: f64| before.partition_point(|other| *other < value);
        let window = (reach * values.len() as f64).floor() as usize;
        prop_assert!(values.iter().zip(&swapped).all(|(x, y)| rank(*x).abs_diff(rank(*y)) <= window));
        prop_assert_eq!(swapped, swap_ranks(&values, reach, seed).unwrap());
    }
}

#[test]
fn randomised_categories_follow_the_matrix() {
    let matrix = TransitionMatrix::new(vec![vec![0.7, 0.3], vec![0.1, 0.9]]).unwrap();
    let values = vec![Some(0); 20_000];
    let masked = randomise(&values, &matrix, 5).unwrap();
    assert!((categories_moved(&values, &masked).unwrap() - 0.3).abs() < 0.02);
    assert_eq!(masked, randomise(&values, &matrix, 5).unwrap());
    assert_eq!(randomise(&[None], &matrix, 5).unwrap(), [None]);
}

/// Two clusters far apart: MDAV finds them.
#[test]
fn clusters_become_groups() {
    let found = aggregate(&[vec![1.0, 100.0, 2.0, 101.0, 3.0, 102.0]], 3).unwrap();
    assert_eq!(found.columns[0], [2.0, 101.0, 2.0, 101.0, 2.0, 101.0]);
}

#[test]
fn what_cannot_be_masked_is_refused() {
    assert_eq!(
        aggregate(&[vec![1.0]], 2),
        Err(MaskError::Groups { rows: 1, k: 2 })
    );
    assert_eq!(
        aggregate_one(&[1.0, f64::NAN], 1),
        Err(MaskError::Values { rows: 1 })
    );
    assert_eq!(
        swap_ranks(&[1.0], 2.0, 0),
        Err(MaskError::Share { name: "the reach" })
    );
    assert_eq!(
        TransitionMatrix::new(vec![vec![0.5, 0.4], vec![0.0, 1.0]]),
        Err(MaskError::Matrix {
            row: 0,
            expected: 2
        })
    );
    let matrix = TransitionMatrix::proportional(&[1, 1], 0.5).unwrap();
    assert_eq!(
        randomise(&[Some(2)], &matrix, 0),
        Err(MaskError::Category { rows: 1 })
    );
}
