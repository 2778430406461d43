//! Two divisions of the same land: an area less those within it must be nobody, or enough.
//!
//! Only areas within one area are looked at, as a reader of two maps would; unions of several are what the checks between tables are for.

use std::collections::{BTreeMap, BTreeSet};

use wdl_result::{Areas, Piece};

use super::{Breach, OutputClauses, OutputFinding};

pub(super) fn examine(areas: &Areas, clauses: &OutputClauses) -> Vec<OutputFinding> {
    let one = |piece: &Piece| (piece.one.clone(), piece.other.clone());
    let other = |piece: &Piece| (piece.other.clone(), piece.one.clone());
    let mut found = slivers(areas, clauses, &one);
    found.extend(slivers(areas, clauses, &other));
    found
}

fn slivers(
    areas: &Areas,
    clauses: &OutputClauses,
    sides: &dyn Fn(&Piece) -> (String, String),
) -> Vec<OutputFinding> {
    // Where each inner area lies; a piece without units is no place.
    let mut lies_in: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let full = || areas.pieces.iter().filter(|piece| piece.units > 0);
    for piece in full() {
        let (outer, inner) = sides(piece);
        lies_in.entry(inner).or_default().insert(outer);
    }
    let mut rest: BTreeMap<String, (u64, bool)> = BTreeMap::new();
    for piece in full() {
        let (outer, inner) = sides(piece);
        let (left, holds_one) = rest.entry(outer).or_default();
        match lies_in[&inner].len() {
            1 => *holds_one = true,
            _ => *left += piece.units,
        }
    }
    rest.into_iter()
        .filter(|(_, (left, holds_one))| *holds_one && clauses.is_few(*left))
        .map(|(outer, _)| OutputFinding::new(outer, Breach::Sliver))
        .collect()
}
