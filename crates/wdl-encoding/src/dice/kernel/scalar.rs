//! One word at a time, on any machine.

use super::{Group, Near, Scan};
use crate::dice::{LANES, WORDS};

/// Adds each pair of a filter of the quad and a filter of the tile whose distance is within the filter's limit.
///
/// So many words a turn of the loop: where a word is counted in one instruction, the turn's own cost is felt.
#[inline(always)]
pub(super) fn scan<const TURN: usize>(scan: &Scan<'_>, near: &mut Vec<Near>) {
    for (row, limit) in scan.limits.into_iter().enumerate() {
        let Ok(limit) = u32::try_from(limit) else {
            continue;
        };
        let filter: [u64; WORDS] = std::array::from_fn(|word| scan.quad.0[word][row]);
        let (first, rest) = filter.split_at(scan.words);
        for (nth, group) in scan.tile.iter().enumerate() {
            let mut distances = add::<TURN>([0; LANES], first, group, 0);
            if distances.iter().all(|distance| *distance > limit) {
                continue;
            }
            distances = add::<TURN>(distances, rest, group, scan.words);
            for (lane, distance) in distances.into_iter().enumerate() {
                if distance <= limit {
                    near.push(Near::new(row, nth * LANES + lane, distance));
                }
            }
        }
    }
}

/// The distances of the lanes grown by some words, of which the first is word `from` of the group.
#[inline(always)]
fn add<const TURN: usize>(
    mut distances: [u32; LANES],
    words: &[u64],
    group: &Group,
    from: usize,
) -> [u32; LANES] {
    let (turns, rest) = words.as_chunks::<TURN>();
    let lanes = &group.0[from..from + words.len()];
    let (lane_turns, lane_rest) = lanes.as_chunks::<TURN>();
    for (words, lanes) in turns.iter().zip(lane_turns) {
        for (word, lanes) in words.iter().zip(lanes) {
            grow(&mut distances, *word, lanes);
        }
    }
    for (word, lanes) in rest.iter().zip(lane_rest) {
        grow(&mut distances, *word, lanes);
    }
    distances
}

#[inline(always)]
fn grow(distances: &mut [u32; LANES], word: u64, lanes: &[u64; LANES]) {
    for (distance, lane) in distances.iter_mut().zip(lanes) {
        *distance = distance.wrapping_add((word ^ lane).count_ones());
    }
}
