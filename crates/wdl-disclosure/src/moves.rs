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

/// What is asked of every move that is shown: where it may go.
pub(crate) struct Wanted<'w> {
    pub(crate) breakdowns: &'w [Vec<usize>],
    pub(crate) sizes: &'w [u16],
    /// A move that touches a cell outside is passed over; most are, at their first cell.
    pub(crate) may_touch: &'w dyn Fn(usize) -> bool,
}

/// Shows `take` every move of one step that takes a cell up by one.
pub(crate) fn each(
    problem: &Problem<'_>,
    wanted: &Wanted<'_>,
    cell: usize,
    take: &mut dyn FnMut(&Move),
) {
    // A sum of several categories goes up with each of them.
    if let Some(union) = problem.slice.unions.iter().find(|sum| sum.total == cell) {
        for part in &union.parts {
            each(problem, wanted, *part, &mut |change| {
                if change.contains(&(cell, 1)) {
                    take(change);
                }
            });
        }
        return;
    }
    if !(wanted.may_touch)(cell) {
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
        let touched: Vec<&Vec<usize>> = wanted
            .breakdowns
            .iter()
            .filter(|set| balanced.iter().all(|axis| set.contains(axis)))
            .collect();
        let others: BTreeSet<usize> = touched
            .iter()
            .flat_map(|set| set.iter().copied())
            .filter(|axis| !own.contains(axis))
            .collect();
        let chosen: Vec<usize> = balanced.iter().copied().chain(others).collect();
        let mut image = Image {
            problem,
            may_touch: wanted.may_touch,
            key,
            balanced: &balanced,
            touched: &touched,
            place: vec![0; key.len()],
            change: Move::new(),
        };
        choices(key, &chosen, wanted.sizes, &mut |partner| {
            if image.of(partner) {
                take(&image.change);
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
struct Image<'i, 'a> {
    problem: &'i Problem<'a>,
    may_touch: &'i dyn Fn(usize) -> bool,
    key: &'i [u16],
    balanced: &'i [usize],
    touched: &'i [&'i Vec<usize>],
    place: Vec<u16>,
    change: Move,
}

impl Image<'_, '_> {
    /// Whether there is such a move within what may be touched; it is then the `change`.
    fn of(&mut self, partner: &[u16]) -> bool {
        self.change.clear();
        let corners = 1_usize << self.balanced.len();
        self.touched
            .iter()
            .all(|set| (0..corners).all(|corner| self.corner(set, corner, partner)))
            && self.carry_unions()
    }

    fn corner(&mut self, set: &[usize], corner: usize, partner: &[u16]) -> bool {
        self.place.fill(0);
        for axis in set {
            self.place[*axis] = match self.key[*axis] {
                0 => partner[*axis],
                own => own,
            };
        }
        for (at, axis) in self.balanced.iter().enumerate() {
            if corner >> at & 1 == 1 {
                self.place[*axis] = partner[*axis];
            }
        }
        let slice = self.problem.slice;
        let Some(cell) = slice.index.get(self.place.as_slice()).copied() else {
            return slice.is_linked;
        };
        if slice.slots[cell].origin == Origin::Unavailable || !(self.may_touch)(cell) {
            return false;
        }
        let is_even = corner.count_ones().is_multiple_of(2);
        self.change.push((cell, if is_even { 1 } else { -1 }));
        true
    }

    /// Sums of several categories change with their parts.
    fn carry_unions(&mut self) -> bool {
        let own = self.change.len();
        for union in &self.problem.slice.unions {
            let moved = self.change[..own]
                .iter()
                .filter(|(cell, _)| union.parts.contains(cell));
            let by: i64 = moved.map(|(_, by)| by).sum();
            if by != 0 {
                if !(self.may_touch)(union.total) {
                    return false;
                }
                self.change.push((union.total, by));
            }
        }
        true
    }
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
