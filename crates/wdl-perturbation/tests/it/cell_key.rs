//! Cell keys and their table of noise.

use proptest::prelude::*;
use wdl_perturbation::cell_key::{
    NoiseDesign, PTable, PTableError, RecordKey, RecordSecret, cell_key,
};

fn keys(values: &[f64]) -> Vec<RecordKey> {
    values
        .iter()
        .map(|value| RecordKey::new(*value).unwrap())
        .collect()
}

/// Handbook on Statistical Disclosure Control, chapter 5: keys 0.9, 0.3 and 0.6 make 0.8; in the row of 3 the interval (0.7, 1] leads to 4.
#[test]
fn the_example_of_the_handbook() {
    let cell = cell_key(&keys(&[0.9, 0.3, 0.6]));
    let table = PTable::new(vec![
        vec![(0, 1.0)],
        vec![(0, 1.0)],
        vec![(0, 1.0)],
        vec![(-1, 0.3), (0, 0.4), (1, 0.3)],
    ])
    .unwrap();
    assert_eq!(table.perturb(3, cell), 4);
    assert_eq!(table.perturb(3, cell_key(&keys(&[0.9, 0.7, 0.6]))), 2);
    assert_eq!(table.perturb(0, cell), 0);
}

proptest! {
    /// Mean 0, variance V, nothing beyond D, no negative count, at every count of the table.
    #[test]
    fn the_noise_is_what_was_designed(deviation in 2_u32..9, share in 0.1_f64..0.9) {
        let variance = share * f64::from(deviation) * 0.5;
        let table = PTable::of_most_entropy(NoiseDesign { deviation, variance, hidden_up_to: 0 }).unwrap();
        for (count, (mean, spread)) in table.moments() {
            prop_assert!(mean.abs() < 1e-9);
            prop_assert!(count == 0 || (spread - variance).abs() < 1e-9, "at {} the variance is {}", count, spread);
            for (noise, _) in table.row(count as u64) {
                prop_assert!(noise.unsigned_abs() <= u64::from(deviation) && i64::try_from(count).unwrap() + noise >= 0);
            }
        }
    }

    /// The order of the records does not matter, and noise falls as often as its chance says.
    #[test]
    fn the_key_is_a_sum(values in prop::collection::vec(0.0_f64..1.0, 1..20)) {
        let mut records = keys(&values);
        let one = cell_key(&records);
        records.reverse();
        prop_assert_eq!(one, cell_key(&records));
    }
}

#[test]
fn noise_falls_as_often_as_its_chance() {
    let table = PTable::of_most_entropy(NoiseDesign {
        deviation: 4,
        variance: 2.0,
        hidden_up_to: 0,
    })
    .unwrap();
    let secret = RecordSecret::new([3; 32]);
    let draws = 100_000_u32;
    let mut seen = std::collections::BTreeMap::<i64, f64>::new();
    (0..draws).for_each(|person| {
        *seen
            .entry(table.perturb(20, secret.key_of(&person.to_le_bytes())) - 20)
            .or_default() += 1.0
    });
    for (noise, chance) in table.row(20) {
        assert!((seen.get(noise).copied().unwrap_or(0.0) / f64::from(draws) - chance).abs() < 0.01);
    }
}

/// Of all chances on ±1 and 0 with a variance there is one: entropy has no choice.
#[test]
fn the_smallest_table_by_hand() {
    let table = PTable::of_most_entropy(NoiseDesign {
        deviation: 1,
        variance: 0.5,
        hidden_up_to: 0,
    })
    .unwrap();
    for ((noise, chance), expected) in table.row(7).iter().zip([(-1, 0.25), (0, 0.5), (1, 0.25)]) {
        assert!(*noise == expected.0 && (chance - expected.1).abs() < 1e-9);
    }
}

#[test]
fn small_counts_can_be_kept_out() {
    let table = PTable::of_most_entropy(NoiseDesign {
        deviation: 5,
        variance: 4.0,
        hidden_up_to: 2,
    })
    .unwrap();
    for count in 1..10 {
        assert!(
            table
                .row(count)
                .iter()
                .all(|(noise, _)| ![1, 2].contains(&(i64::try_from(count).unwrap() + noise)))
        );
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let wide = NoiseDesign {
        deviation: 2,
        variance: 9.0,
        hidden_up_to: 0,
    };
    assert!(matches!(
        PTable::of_most_entropy(wide),
        Err(PTableError::Unreachable { count: 1, .. })
    ));
    assert_eq!(
        PTable::new(vec![vec![(0, 0.4)]]),
        Err(PTableError::Chances { row: 0 })
    );
    assert_eq!(RecordKey::new(1.0), None);
}
