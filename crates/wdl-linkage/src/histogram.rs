//! All pairs that were looked at, by what is believed of them in the end.
//!
//! A pair that was weighed stands at the odds of its probability, calibrated and beside its rivals, as it was decided on.
//! The others are too unlike for that: they stand where their pattern alone puts them.

use std::collections::BTreeMap;

use crate::engine::Engine;
use crate::estimate::Seen;
use crate::outcome::{Bin, Scored};
use crate::passes::WEIGHT_MIN;

/// Odds beyond these tell no probabilities apart.
const FARTHEST: f64 = 60.0;

#[derive(Default)]
struct Bins(BTreeMap<i64, (f64, f64)>);

impl Bins {
    fn add(&mut self, weight: f64, pairs: f64, matches: f64) {
        let from = weight.clamp(-FARTHEST, FARTHEST).floor() as i64;
        let bin = self.0.entry(from).or_default();
        bin.0 += pairs;
        bin.1 += matches;
    }
}

/// The bins, one wide; `weighed` are all pairs that were weighed, those with a small probability among them.
pub(crate) fn histogram(engine: &Engine, seen: &[Seen], weighed: &[Scored]) -> Vec<Bin> {
    let mut bins = Bins::default();
    for pair in weighed {
        let odds = pair.probability / (1.0 - pair.probability);
        bins.add(odds.log2(), 1.0, pair.probability);
    }
    let unlike: Vec<(f64, f64)> = seen
        .iter()
        .filter_map(|seen| {
            let (matches, others) = engine.mixture.expected(seen);
            let weight = (matches / others.max(f64::MIN_POSITIVE)).log2();
            (weight < WEIGHT_MIN).then(|| (engine.curve.odds(weight), seen.pairs))
        })
        .collect();
    // Rarity takes some pairs across the bound: the sum stays that of the pairs looked at.
    let all: f64 = seen.iter().map(|seen| seen.pairs).sum();
    let below: f64 = unlike.iter().map(|(_, pairs)| pairs).sum();
    let scale = (all - weighed.len() as f64).max(0.0) / below.max(1.0);
    for (weight, pairs) in unlike {
        let pairs = pairs * scale;
        bins.add(weight, pairs, pairs / (1.0 + (-weight).exp2()));
    }
    bins.0
        .into_iter()
        .map(|(from, (pairs, matches))| Bin {
            from: from as f64,
            to: from as f64 + 1.0,
            pairs,
            matches,
        })
        .collect()
}
