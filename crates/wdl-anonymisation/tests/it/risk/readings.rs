//! Missing values, in both readings, against a count of pairs.

use proptest::prelude::*;
use wdl_anonymisation::risk::{KeyTable, MissingReading, RiskError, frequencies};

use crate::files::table;

#[test]
fn a_missing_value_is_a_category_of_its_own_or_agrees_with_all() {
    let keys = table(&["ab", "ab", "a.", ".b", "cd", ".."]);
    assert_eq!(
        frequencies(&keys, None, MissingReading::OwnCategory)
            .unwrap()
            .sample,
        [2, 2, 1, 1, 1, 1]
    );
    assert_eq!(
        frequencies(&keys, None, MissingReading::AnyValue)
            .unwrap()
            .sample,
        [5, 5, 5, 5, 2, 6]
    );
}

fn records() -> impl Strategy<Value = Vec<Vec<Option<u32>>>> {
    (1_usize..4, 1_usize..30).prop_flat_map(|(columns, rows)| {
        prop::collection::vec(
            prop::collection::vec(prop::option::weighted(0.8, 0_u32..3), rows),
            columns,
        )
    })
}

proptest! {
    #[test]
    fn both_readings_count_pairs(columns in records()) {
        let keys = KeyTable::new(&columns).unwrap();
        let strict = frequencies(&keys, None, MissingReading::OwnCategory).unwrap();
        let open = frequencies(&keys, None, MissingReading::AnyValue).unwrap();
        for a in 0..keys.rows() {
            let same = |b: &usize| columns.iter().all(|c| c[a] == c[*b]);
            let agree = |b: &usize| columns.iter().all(|c| c[a].is_none() || c[*b].is_none() || c[a] == c[*b]);
            prop_assert_eq!(strict.sample[a] as usize, (0..keys.rows()).filter(same).count());
            prop_assert_eq!(open.sample[a] as usize, (0..keys.rows()).filter(agree).count());
            prop_assert!(strict.sample[a] <= open.sample[a]);
            prop_assert_eq!(open.population[a], f64::from(open.sample[a]));
        }
    }

    /// Rows with a missing value stay in: the smallest class of the whole is never larger than that of the complete rows.
    #[test]
    fn incomplete_rows_never_hide_an_exposed_one(columns in records()) {
        let keys = KeyTable::new(&columns).unwrap();
        let all = frequencies(&keys, None, MissingReading::OwnCategory).unwrap().sample;
        let complete: Vec<usize> = (0..keys.rows()).filter(|row| columns.iter().all(|c| c[*row].is_some())).collect();
        let part: Vec<Vec<Option<u32>>> = columns.iter().map(|c| complete.iter().map(|row| c[*row]).collect()).collect();
        let alone = frequencies(&KeyTable::new(&part).unwrap(), None, MissingReading::OwnCategory).unwrap().sample;
        prop_assert!(all.iter().min() <= alone.iter().min() || alone.is_empty());
    }
}

#[test]
fn tables_that_are_none_are_refused() {
    assert_eq!(KeyTable::new(&[]), Err(RiskError::NoColumns));
    assert_eq!(
        KeyTable::new(&vec![vec![Some(1)]; 65]),
        Err(RiskError::TooManyColumns {
            columns: 65,
            most: 64
        })
    );
    assert_eq!(
        KeyTable::new(&[vec![Some(1)], vec![]]),
        Err(RiskError::Lengths {
            column: 2,
            actual: 0,
            expected: 1
        })
    );
}
