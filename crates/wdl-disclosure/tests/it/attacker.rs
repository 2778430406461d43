//! An attacker who tries every whole-numbered population: slow, obvious, and unaware of how cells were hidden.

use std::collections::{BTreeMap, BTreeSet};

use wdl_result::{Status, Table};

/// Every population of `cells` atoms with `total` units.
fn populations(cells: usize, total: u64) -> Vec<Vec<u64>> {
    if cells == 1 {
        return vec![vec![total]];
    }
    (0..=total)
        .flat_map(|first| {
            populations(cells - 1, total - first)
                .into_iter()
                .map(move |mut rest| {
                    rest.insert(0, first);
                    rest
                })
        })
        .collect()
}

/// The count of a cell in a population of atoms crossed by the dimensions of the table.
fn count(table: &Table, keys: &[Option<String>], atoms: &[u64]) -> u64 {
    let sizes: Vec<usize> = table
        .dimensions
        .iter()
        .map(|d| d.categories.len())
        .collect();
    atoms
        .iter()
        .enumerate()
        .filter(|(at, _)| {
            let mut rest = *at;
            (0..sizes.len()).rev().all(|axis| {
                let place = rest % sizes[axis];
                rest /= sizes[axis];
                keys[axis]
                    .as_ref()
                    .is_none_or(|name| table.dimensions[axis].categories[place].id == *name)
            })
        })
        .map(|(_, n)| n)
        .sum()
}

/// All values that each hidden cell of a fully crossed table of counts takes in populations that agree with what is published.
///
/// When the grand total is hidden, totals up to `most` are tried.
/// Of some cells he may know that they are not empty.
pub(crate) fn possible(
    table: &Table,
    most: u64,
    is_not_empty: &dyn Fn(&[Option<String>]) -> bool,
) -> BTreeMap<Vec<Option<String>>, BTreeSet<u64>> {
    let atoms: usize = table
        .dimensions
        .iter()
        .map(|d| d.categories.len())
        .product();
    let grand = vec![None; table.dimensions.len()];
    let known = table
        .cells
        .iter()
        .find(|cell| cell.keys == grand)
        .and_then(|cell| cell.n);
    let totals = match known {
        Some(total) => total..=total,
        None => 0..=most,
    };
    let mut found: BTreeMap<Vec<Option<String>>, BTreeSet<u64>> = BTreeMap::new();
    for population in totals.flat_map(|total| populations(atoms, total)) {
        let agrees = table
            .cells
            .iter()
            .filter_map(|cell| Some((cell, cell.n?)))
            .all(|(cell, n)| count(table, &cell.keys, &population) == n);
        let is_credible = || {
            table
                .cells
                .iter()
                .filter(|cell| cell.n.is_none() && is_not_empty(&cell.keys))
                .all(|cell| count(table, &cell.keys, &population) > 0)
        };
        if agrees && is_credible() {
            for cell in table
                .cells
                .iter()
                .filter(|c| c.status == Status::SuppressedPrimary)
            {
                let value = count(table, &cell.keys, &population);
                found.entry(cell.keys.clone()).or_default().insert(value);
            }
        }
    }
    found
}
