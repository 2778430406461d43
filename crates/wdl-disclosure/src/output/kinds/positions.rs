//! Places of a distribution: as many units on either side as a cell must hold.

use wdl_result::Positions;

use super::{Breach, OutputClauses, OutputFinding};

pub(super) fn examine(positions: &Positions, clauses: &OutputClauses) -> Vec<OutputFinding> {
    let least = clauses.minimum_frequency.get();
    let of_few = positions
        .positions
        .iter()
        .filter(|one| one.at_or_below.min(one.at_or_above) < least);
    of_few
        .map(|one| OutputFinding::new(&one.name, Breach::FewBeyond))
        .collect()
}
