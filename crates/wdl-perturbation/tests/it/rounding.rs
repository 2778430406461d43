//! Rounding by chance and of whole tables.

use proptest::prelude::*;
use wdl_perturbation::rounding::{
    AdditiveTable, Relation, RoundingError, RoundingKey, round_by_chance, round_table,
};

/// A table of two dimensions with margins, row by row, the margins last.
fn square(rows: &[Vec<i64>]) -> AdditiveTable {
    let (height, width) = (rows.len(), rows[0].len());
    let mut all: Vec<Vec<i64>> = rows
        .iter()
        .map(|row| [row.clone(), vec![row.iter().sum()]].concat())
        .collect();
    all.push(
        (0..=width)
            .map(|c| all.iter().map(|row| row[c]).sum())
            .collect(),
    );
    let at = |r: usize, c: usize| r * (width + 1) + c;
    let across = (0..=height).map(|r| Relation {
        total: at(r, width),
        parts: (0..width).map(|c| at(r, c)).collect(),
    });
    let down = (0..=width).map(|c| Relation {
        total: at(height, c),
        parts: (0..height).map(|r| at(r, c)).collect(),
    });
    AdditiveTable::new(all.concat(), across.chain(down).collect()).unwrap()
}

#[test]
fn rounding_by_chance_is_unbiased_and_the_same_each_time() {
    let key = RoundingKey::new([7; 32]);
    for count in [0, 1, 2, 3, 4, 5, 13, -7] {
        let mean = (0..40_000)
            .map(|cell| round_by_chance(count, 5, &cell.to_string(), &key))
            .sum::<i64>() as f64
            / 40_000.0;
        assert!((mean - count as f64).abs() < 0.05, "{count} became {mean}");
        let rounded = round_by_chance(count, 5, "men", &key);
        assert!(rounded % 5 == 0 && (rounded - count).abs() < 5);
        assert_eq!(rounded, round_by_chance(count, 5, "men", &key));
    }
    assert_eq!(round_by_chance(10, 5, "men", &key), 10);
}

/// A table of ones of two by two, base 3: the total 4 becomes 3 and one cell carries it.
#[test]
fn a_small_table_by_hand() {
    let rounded = round_table(&square(&[vec![1, 1], vec![1, 1]]), 3).unwrap();
    assert_eq!(*rounded.cells.last().unwrap(), 3);
    // Inner cells: one goes up (2), three down (3); margins 2, 2, 2, 2 of which two go up (2) and two down (4); total 1.
    assert_eq!(rounded.distance, 12);
}

proptest! {
    #[test]
    fn rounded_tables_add_up_and_stay_near(
        rows in (1_usize..4, 1_usize..4).prop_flat_map(|(h, w)| prop::collection::vec(prop::collection::vec(0_i64..20, w), h)),
        base in 2_u32..6,
    ) {
        let table = square(&rows);
        let rounded = round_table(&table, base).unwrap();
        let width = rows[0].len() + 1;
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                let there = rounded.cells[r * width + c];
                prop_assert!(there % i64::from(base) == 0 && (there - cell).abs() < i64::from(base) && (cell % i64::from(base) != 0 || there == *cell));
            }
            prop_assert_eq!(rounded.cells[r * width..(r + 1) * width - 1].iter().sum::<i64>(), rounded.cells[(r + 1) * width - 1]);
        }
    }

    /// Against all ways to go up or down, on tables of two by two.
    #[test]
    fn no_table_is_nearer(cells in prop::collection::vec(0_i64..9, 4), base in 2_i64..5) {
        let rounded = round_table(&square(&[cells[..2].to_vec(), cells[2..].to_vec()]), u32::try_from(base).unwrap()).unwrap();
        let near = |value: i64, rounded: i64| rounded % base == 0 && (rounded - value).abs() < base && (value % base != 0 || rounded == value);
        let margins = [cells[0] + cells[1], cells[2] + cells[3], cells[0] + cells[2], cells[1] + cells[3], cells.iter().sum()];
        let least = (0..16)
            .filter_map(|up: i64| {
                let inner: Vec<i64> = cells.iter().enumerate().map(|(i, v)| v - v % base + (up >> i & 1) * base).collect();
                let sums = [inner[0] + inner[1], inner[2] + inner[3], inner[0] + inner[2], inner[1] + inner[3], inner.iter().sum()];
                let good = cells.iter().zip(&inner).chain(margins.iter().zip(&sums)).all(|(value, rounded)| near(*value, *rounded));
                good.then(|| cells.iter().zip(&inner).chain(margins.iter().zip(&sums)).map(|(value, rounded)| (value - rounded).abs()).sum::<i64>())
            })
            .min();
        prop_assert_eq!(Some(rounded.distance), least);
    }
}

/// Three sums over the same cells that cannot all be met: a = b = c = 1 by pairs, base 2.
#[test]
fn what_cannot_add_up_names_its_totals() {
    let pair = |total: usize, a: usize, b: usize| Relation {
        total,
        parts: vec![a, b],
    };
    // 1 + 1 = 2 for each pair of three cells: 2 stays 2, so exactly one of each pair goes up, which three cells cannot.
    let table = AdditiveTable::new(
        vec![1, 1, 1, 2, 2, 2],
        vec![pair(3, 0, 1), pair(4, 1, 2), pair(5, 0, 2)],
    )
    .unwrap();
    let Err(RoundingError::Infeasible { base: 2, totals }) = round_table(&table, 2) else {
        panic!("must have no solution")
    };
    assert!(
        totals.len() == 1 && (3..=5).contains(&totals[0]),
        "{totals:?}"
    );
}

#[test]
fn tables_that_are_none_are_refused() {
    let sum = |total, parts: &[usize]| {
        vec![Relation {
            total,
            parts: parts.to_vec(),
        }]
    };
    assert_eq!(
        AdditiveTable::new(vec![1, 2, 4], sum(2, &[0, 1])),
        Err(RoundingError::NotAdditive { total: 2 })
    );
    assert_eq!(
        AdditiveTable::new(vec![1], sum(0, &[3])),
        Err(RoundingError::NoSuchCell { relation: 0 })
    );
    assert_eq!(
        round_table(&AdditiveTable::new(vec![1], vec![]).unwrap(), 1),
        Err(RoundingError::Base)
    );
}
