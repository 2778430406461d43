//! The weight of a pair: the odds that it is a match, from its pattern and from how rare the values are that agree.
//!
//! Agreement on a rare value says more than on a common one.
//! Strangers share a value as often as it occurs; people in common share it for a reason, whatever its frequency, and beyond that as strangers do.

use rustc_hash::FxHashMap;

use crate::compare::{Glance, Pattern, level};
use crate::estimate::{Mixture, RELATED_MAX};
use crate::prepare::{MISSING, Records};

/// How often each value of each field occurs.
pub(crate) struct Frequencies {
    /// For each field, the share of the records with a value that have this one.
    fields: Vec<Vec<f32>>,
}

impl Frequencies {
    pub(crate) fn of(records: &Records) -> Frequencies {
        let width = records.fields.len();
        let mut counts: Vec<Vec<u32>> = (0..width)
            .map(|field| vec![0; records.dictionary(field).values.len()])
            .collect();
        for record in 0..records.len() as u32 {
            for (counts, value) in counts.iter_mut().zip(records.row(record)) {
                counts[*value as usize] += 1;
            }
        }
        let share = |counts: Vec<u32>| {
            let present: u64 = counts.iter().skip(1).map(|count| u64::from(*count)).sum();
            counts
                .iter()
                .map(|count| (f64::from(*count) / present.max(1) as f64) as f32)
                .collect()
        };
        Frequencies {
            fields: counts.into_iter().map(share).collect(),
        }
    }

    pub(crate) fn of_value(&self, field: usize, value: u32) -> f64 {
        f64::from(self.fields[field][value as usize])
    }
}

/// Weighs pairs by the classes of a mixture.
pub(crate) struct Scorer<'a> {
    mixture: &'a Mixture,
    frequencies: &'a Frequencies,
    /// For each related class and field, the share that agrees for a reason.
    reasons: Vec<Vec<f64>>,
    /// For each class of matches and field, the largest ratio to strangers when the values are not the same.
    best_unequal: Vec<Vec<f64>>,
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(
        mixture: &'a Mixture,
        frequencies: &'a Frequencies,
        levels: &[usize],
    ) -> Scorer<'a> {
        let strangers = &mixture.strangers.levels;
        let reasons = mixture
            .related
            .iter()
            .map(|class| {
                class
                    .levels
                    .iter()
                    .zip(strangers)
                    .map(|(mine, strangers)| {
                        ((mine[0] - strangers[0]) / (1.0 - strangers[0])).max(0.0)
                    })
                    .collect()
            })
            .collect();
        let best_unequal = mixture
            .matches
            .iter()
            .map(|class| {
                levels
                    .iter()
                    .enumerate()
                    .map(|(field, count)| {
                        (1..*count)
                            .map(|level| class.levels[field][level] / strangers[field][level])
                            .fold(0.0, f64::max)
                    })
                    .collect()
            })
            .collect();
        Scorer {
            mixture,
            frequencies,
            reasons,
            best_unequal,
        }
    }

    /// The logarithm, to base two, of the odds that a pair is a match.
    pub(crate) fn weight(&self, pattern: Pattern, a: &[u32], b: &[u32]) -> f64 {
        let Mixture {
            strangers,
            related,
            matches,
        } = self.mixture;
        let expected: f64 = matches.iter().map(|class| class.expected(pattern)).sum();
        let mut others = strangers.expected(pattern);
        let mut of_related = [0.0; RELATED_MAX];
        for (place, class) in of_related.iter_mut().zip(related) {
            *place = class.expected(pattern);
        }
        for field in 0..a.len() {
            if level(pattern, field) != 0 || a[field] != b[field] || a[field] == MISSING {
                continue;
            }
            let frequency = self.frequencies.of_value(field, a[field]);
            others *= frequency / strangers.levels[field][0];
            for ((place, class), reasons) in of_related.iter_mut().zip(related).zip(&self.reasons) {
                let reason = reasons[field];
                *place *= (reason + (1.0 - reason) * frequency) / class.levels[field][0];
            }
        }
        let others = others + of_related.iter().sum::<f64>();
        (expected / others.max(f64::MIN_POSITIVE)).log2()
    }

    /// No less than the weight of a pair that agrees on these fields, whatever the others turn out to be; frequencies of values apart.
    pub(crate) fn bound(&self, glance: Glance, fields: usize) -> f64 {
        let strangers = &self.mixture.strangers;
        let ratio: f64 = self
            .mixture
            .matches
            .iter()
            .zip(&self.best_unequal)
            .map(|(class, best)| {
                let mut ratio = class.pairs / strangers.pairs;
                for field in 0..fields {
                    if glance.missing >> field & 1 == 1 {
                        continue;
                    }
                    ratio *= match glance.same >> field & 1 == 1 {
                        true => class.levels[field][0] / strangers.levels[field][0],
                        false => best[field],
                    };
                }
                ratio
            })
            .sum();
        ratio.log2()
    }

    /// What the frequencies of the values that agree add to the weight against strangers.
    pub(crate) fn rarity(&self, glance: Glance, a: &[u32]) -> f64 {
        let mut ratio = 1.0;
        let mut same = glance.same;
        while same != 0 {
            let field = same.trailing_zeros() as usize;
            same &= same - 1;
            ratio *= self.mixture.strangers.levels[field][0]
                / self.frequencies.of_value(field, a[field]);
        }
        ratio.log2()
    }
}

/// Bounds known so far.
pub(crate) type Bounds = FxHashMap<Glance, f64>;
