//! Moves by construction: a cell goes up, another in the same row goes down, and so on in each dimension.
//!
//! Such a move is the image of a change of single units between categories, so that it keeps every sum of every table at once.

use std::collections::BTreeSet;

use crate::cells::Origin;
use crate::problem::{Move, Problem};

/// At most this many ways of choosing partners are tried for one cell and one set of dimensions.
const MOST_CHOICES: usize = 4096;

/// The sets of dimensions that cells of a slice are broken down by.
pub(crate) fn breakdowns(problem: &Problem<'_>) -> Vec<Vec<usize>> {
    let sets: BTreeSet<Vec<usize>> = problem
        .slice
        .slots
        .iter()
        .filter(|slot| slot.origin != Origin::Unavailable)
        .map(|slot| axes(&slot.key))
        .collect();
    sets.into_iter().collect()
}

fn axes(key: &[u16]) -> Vec<usize> {
    (0..key.len()).filter(|axis| key[*axis] > 0).collect()
}

/// Shows `take` every move of one step that takes a cell up by one.
pub(crate) fn each(
    problem: &Problem<'_>,
    breakdowns: &[Vec<usize>],
    sizes: &[u16],
    cell: usize,
    take: &mut dyn FnMut(&Move),
) {
    // A sum of several categories goes up with each of them.
    if let Some(union) = problem.slice.unions.iter().find(|sum| sum.total == cell) {
        for part in &union.parts {
            each(problem, breakdowns, sizes, *part, &mut |change| {
                if change.contains(&(cell, 1)) {
                    take(change);
                }
            });
        }
        return;
    }
    let key = &problem.slice.slots[cell].key;
    let own = axes(key);
    // All dimensions balanced first: such a move leaves every margin alone.
    for mask in (0..1_usize << own.len()).rev() {
        let balanced: Vec<usize> = own
            .iter()
            .enumerate()
            .filter(|(at, _)| mask >> at & 1 == 1)
            .map(|(_, axis)| *axis)
            .collect();
        let touched: Vec<&Vec<usize>> = breakdowns
            .iter()
            .filter(|set| balanced.iter().all(|axis| set.contains(axis)))
            .collect();
        let others: BTreeSet<usize> = touched
            .iter()
            .flat_map(|set| set.iter().copied())
            .filter(|axis| !own.contains(axis))
            .collect();
        let chosen: Vec<usize> = balanced.iter().copied().chain(others).collect();
        choices(key, &chosen, sizes, &mut |partner| {
            if let Some(change) = image(problem, key, &balanced, partner, &touched) {
                take(&change);
            }
        });
    }
}

/// Shows every choice of a partner category in the chosen dimensions, never the cell's own.
fn choices(key: &[u16], chosen: &[usize], sizes: &[u16], take: &mut dyn FnMut(&[u16])) {
    let mut partner = key.to_vec();
    let options: Vec<Vec<u16>> = chosen
        .iter()
        .map(|axis| {
            (1..=sizes[*axis])
                .filter(|place| *place != key[*axis])
                .collect()
        })
        .collect();
    let total: usize = options.iter().map(Vec::len).product();
    for choice in 0..total.min(MOST_CHOICES) {
        let mut rest = choice;
        for (axis, places) in chosen.iter().zip(&options) {
            partner[*axis] = places[rest % places.len()];
            rest /= places.len();
        }
        take(&partner);
    }
}

/// The image, in every breakdown it touches, of the change that moves a unit between the cell and its partner.
fn image(
    problem: &Problem<'_>,
    key: &[u16],
    balanced: &[usize],
    partner: &[u16],
    touched: &[&Vec<usize>],
) -> Option<Move> {
    let mut change = Vec::new();
    for set in touched {
        for corner in 0..1_usize << balanced.len() {
            let mut place = vec![0; key.len()];
            for axis in set.iter() {
                place[*axis] = if key[*axis] > 0 {
                    key[*axis]
                } else {
                    partner[*axis]
                };
            }
            for (at, axis) in balanced.iter().enumerate() {
                if corner >> at & 1 == 1 {
                    place[*axis] = partner[*axis];
                }
            }
            let cell = match problem.slice.index.get(&place) {
                Some(cell) => *cell,
                None if problem.slice.is_linked => continue,
                None => return None,
            };
            if problem.slice.slots[cell].origin == Origin::Unavailable {
                return None;
            }
            let sign = if corner.count_ones().is_multiple_of(2) {
                1
            } else {
                -1
            };
            change.push((cell, sign));
        }
    }
    for union in &problem.slice.unions {
        let moved = change.iter().filter(|(cell, _)| union.parts.contains(cell));
        let by: i64 = moved.map(|(_, by)| by).sum();
        if by != 0 {
            change.push((union.total, by));
        }
    }
    Some(change)
}

/// How many steps a one-step move can be repeated, forwards or backwards.
pub(crate) fn extent(room: &[i64], change: &Move, forwards: bool, most: i64) -> i64 {
    change
        .iter()
        .filter(|(_, by)| (*by < 0) == forwards)
        .map(|(cell, _)| room[*cell])
        .fold(most, i64::min)
}

/// A one-step move repeated.
pub(crate) fn scaled(change: &Move, times: i64) -> Move {
    change
        .iter()
        .map(|(cell, by)| (*cell, by * times))
        .collect()
}
