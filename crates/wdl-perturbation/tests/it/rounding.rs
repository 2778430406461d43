//! Rounding by chance and of whole tables.

use proptest::prelude::*;
use wdl_perturbation::rounding::{
    AdditiveTable, Relation, RoundingError, RoundingKey, round_by_chance, round_nearly, round_table,
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

/// A cube of three dimensions with all its margins: cell (x, y, z), where 2 stands for the sum over that side.
fn cube(leaves: [i64; 8]) -> AdditiveTable {
    let at = |x: usize, y: usize, z: usize| (x * 3 + y) * 3 + z;
    let mut cells = vec![0; 27];
    for (leaf, count) in leaves.into_iter().enumerate() {
        let (x, y, z) = (leaf >> 2, leaf >> 1 & 1, leaf & 1);
        for (x, y, z) in [x, 2]
            .into_iter()
            .flat_map(|x| [y, 2].map(|y| (x, y)))
            .flat_map(|(x, y)| [z, 2].map(|z| (x, y, z)))
        {
            cells[at(x, y, z)] += count;
        }
    }
    let mut relations = Vec::new();
    for one in 0..3 {
        for two in 0..3 {
            let sides = [
                [at(0, one, two), at(1, one, two), at(2, one, two)],
                [at(one, 0, two), at(one, 1, two), at(one, 2, two)],
                [at(one, two, 0), at(one, two, 1), at(one, two, 2)],
            ];
            relations.extend(sides.map(|[first, second, total]| Relation {
                total,
                parts: vec![first, second],
            }));
        }
    }
    AdditiveTable::new(cells, relations).unwrap()
}

/// Whether some choice of the eight leaves, each up to `steps` beyond the multiples around it, makes a cube that stays as near everywhere.
fn is_there_a_cube(leaves: [i64; 8], base: i64, steps: i64) -> bool {
    let reach = |value: i64| -> Vec<i64> {
        let (below, up) = (value.div_euclid(base), i64::from(value % base != 0));
        match (value, steps) {
            (0, _) => vec![0],
            _ => ((below - steps).max(0)..=below + up + steps)
                .map(|k| k * base)
                .collect(),
        }
    };
    let is_near = |sums: &dyn Fn(usize) -> Option<(i64, i64)>| {
        (0..19)
            .all(|form| sums(form).is_none_or(|(truth, rounded)| reach(truth).contains(&rounded)))
    };
    // Every margin is the sum of the leaves that agree on some of the three sides.
    let margins: Vec<Vec<usize>> = (0..27)
        .map(|code: usize| (code / 9, code / 3 % 3, code % 3))
        .filter(|(x, y, z)| [x, y, z].into_iter().any(|side| *side == 2))
        .map(|(x, y, z)| {
            let agrees = |leaf: &usize| {
                [(x, leaf >> 2), (y, leaf >> 1 & 1), (z, leaf & 1)]
                    .into_iter()
                    .all(|(side, is)| side == 2 || side == is)
            };
            (0..8).filter(agrees).collect()
        })
        .collect();
    let mut chosen: Vec<Vec<i64>> = vec![Vec::new()];
    for leaf in leaves {
        chosen = chosen
            .into_iter()
            .flat_map(|so_far| {
                reach(leaf)
                    .into_iter()
                    .map(move |value| [so_far.clone(), vec![value]].concat())
            })
            .collect();
    }
    chosen.iter().any(|rounded| {
        is_near(&|form| {
            let margin = margins.get(form)?;
            let sum = |of: &[i64]| margin.iter().map(|leaf| of[*leaf]).sum::<i64>();
            Some((sum(&leaves), sum(rounded)))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// In three dimensions: zero-restricted where a search of all leaves finds such a table, one step beyond where it finds none.
    #[test]
    fn steps_are_taken_only_where_they_must(leaves in prop::array::uniform8(0_i64..4), base in 2_i64..4) {
        let table = cube(leaves);
        let found = round_nearly(&table, u32::try_from(base).unwrap()).unwrap();
        prop_assert_eq!(found.steps == 0, is_there_a_cube(leaves, base, 0));
        prop_assert!(found.steps < 2 || !is_there_a_cube(leaves, base, 1));
        prop_assert_eq!(found.steps == 0, found.in_the_way.is_empty());
        for relation in table.relations() {
            let parts: i64 = relation.parts.iter().map(|part| found.table.cells[*part]).sum();
            prop_assert_eq!(parts, found.table.cells[relation.total]);
        }
        prop_assert!(found.table.cells.iter().all(|cell| *cell >= 0 && cell % base == 0));
    }
}

/// The pairs that no zero-restricted table meets: one step beyond they are met, at the least distance by hand.
#[test]
fn where_nothing_around_adds_up_a_step_is_taken() {
    let pair = |total: usize, a: usize, b: usize| Relation {
        total,
        parts: vec![a, b],
    };
    let table = AdditiveTable::new(
        vec![1, 1, 1, 2, 2, 2],
        vec![pair(3, 0, 1), pair(4, 1, 2), pair(5, 0, 2)],
    )
    .unwrap();
    let found = round_nearly(&table, 2).unwrap();
    assert_eq!(found.steps, 1);
    assert_eq!(found.in_the_way.len(), 1);
    // One of three up: pairs 2, 2, 0, a distance of 3 + 2; two up: 2, 2, 4, the same. None or all up: 3 + 6.
    assert_eq!(found.table.distance, 5);
}

#[test]
fn negative_numbers_keep_their_sign() {
    let table = AdditiveTable::new(
        vec![-7, 4, -3],
        vec![Relation {
            total: 2,
            parts: vec![0, 1],
        }],
    )
    .unwrap();
    let found = round_nearly(&table, 5).unwrap();
    // To -5, 5, 0 or to -10, 5, -5: both are 6 away.
    assert_eq!((found.steps, found.table.distance), (0, 6));
    assert!(found.table.cells[0] < 0 && found.table.cells[1] == 5 && found.table.cells[2] <= 0);
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
