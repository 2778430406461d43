//! How alike the strangers of a file were before their likeness was taken away: counts of pairs, of nobody in particular.
//!
//! Without them whoever links would take strangers for less alike than they are, and a twin in the one file for the twin in the other.

use super::candidates::{Measure, Side, scored};
use super::file::Encoded;

/// An agreement of 1 in steps; a step is less than chance strays.
const STEPS: u16 = 1_000;
/// A record was alike to so many others at most on average: a file that says more is none.
const EACH_MAX: u64 = 20_000;

/// Pairs of one file by how far they agreed, the most alike first: the step of the agreement, and how many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hidden(Vec<(u16, u64)>);

impl Hidden {
    /// The counts of some pairs of rows of a file that still shows them; `ids` are the rows' own.
    pub(super) fn of(shown: &Encoded, ids: &[&str], pairs: &[(u32, u32)]) -> Hidden {
        let mut order: Vec<u32> = (0..ids.len() as u32).collect();
        order.sort_by_key(|row| ids[*row as usize]);
        let mut place = vec![0_u32; ids.len()];
        for (nth, row) in order.iter().enumerate() {
            place[*row as usize] = nth as u32;
        }
        let pairs: Vec<(u32, u32)> = pairs
            .iter()
            .map(|(a, b)| (place[*a as usize], place[*b as usize]))
            .collect();
        let side = Side::of(shown);
        let mut steps: Vec<(u16, u64)> = Vec::new();
        for pair in scored((&side, &side), &pairs, Measure::Agreement) {
            let step = (pair.score.clamp(0.0, 1.0) * f64::from(STEPS)).ceil() as u16;
            match steps.last_mut() {
                Some((last, count)) if *last == step => *count += 1,
                _ => steps.push((step, 1)),
            }
        }
        Hidden(steps)
    }

    /// What a file of so many records says; nothing when it cannot be.
    pub(super) fn read(steps: Vec<(u16, u64)>, records: u64) -> Option<Hidden> {
        let falls = steps.windows(2).all(|two| two[0].0 > two[1].0);
        let fits = steps
            .iter()
            .all(|(step, count)| *step <= STEPS && *count > 0);
        let sum = steps
            .iter()
            .try_fold(0_u64, |sum, (_, count)| sum.checked_add(*count))?;
        let is_right = falls && fits && sum <= records.saturating_mul(EACH_MAX);
        is_right.then_some(Hidden(steps))
    }

    /// Counts by agreement, the greatest first, each as [`Hidden::scores`] has it.
    pub(super) fn of_agreements(agreements: impl Iterator<Item = (f64, u64)>) -> Hidden {
        let step = |score: f64| (score * f64::from(STEPS)).round() as u16;
        Hidden(
            agreements
                .map(|(score, count)| (step(score), count))
                .collect(),
        )
    }

    /// The agreements, the greatest first, with how many pairs each has.
    pub(super) fn scores(&self) -> impl Iterator<Item = (f64, u64)> {
        let score = |step: u16| f64::from(step) / f64::from(STEPS);
        self.0
            .iter()
            .map(move |(step, count)| (score(*step), *count))
    }

    /// As they stand in the file.
    pub(super) fn steps(&self) -> &[(u16, u64)] {
        &self.0
    }

    /// Whether nothing was hidden.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many pairs.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// The agreements, the greatest first, with how many pairs each stands for: each pair by itself as far as the tail of strangers is drawn from them.
    pub(super) fn agreements(&self, singly: u64) -> impl Iterator<Item = (f64, f64)> {
        let mut left = singly;
        self.0.iter().flat_map(move |(step, count)| {
            let score = f64::from(*step) / f64::from(STEPS);
            let alone = left.min(*count);
            left -= alone;
            let rest = count - alone;
            let together = (rest > 0).then_some((score, rest as f64));
            std::iter::repeat_n((score, 1.0), alone as usize).chain(together)
        })
    }
}
