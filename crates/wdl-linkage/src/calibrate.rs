//! Weights made odds that can be trusted: what pairs that are known not to match show.
//!
//! In a source without duplicates no pair of records matches, yet such pairs are weighed by the same rules as pairs between sources.
//! Their number at each weight, scaled to as many pairs as stand between the sources, is how many false pairs to expect there: the same thought as decoys in the search of spectra (Elias, Gygi, *Nature Methods* 4, 2007).
//! The share of true pairs may only grow with the weight (pool-adjacent-violators; Barlow and others, 1972).

use std::f64::consts::LN_2;

/// From the weight of the model to the logarithm of odds that hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Curve {
    /// Weights in ascending order, each with its calibrated one.
    points: Vec<(f64, f64)>,
}

/// The width of a bin of weights.
const BIN: f64 = 0.5;
/// No weight says more than one error in a million million.
const ODDS_MAX: f64 = 40.0;
/// How many pairs the model's own probability weighs in a bin.
const MODEL: f64 = 2.0;

/// A pair or a decoy: its weight, and how many it counts for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Counted {
    pub(crate) weight: f64,
    pub(crate) count: f64,
}

/// So many decoys in a bin tell whether their number fits.
const TELLING: f64 = 20.0;

/// The most false pairs that so many pairs can be: all of them, and what chance adds (two deviations of a count).
fn most_false(pairs: f64) -> f64 {
    pairs + 2.0 * (pairs + 1.0).sqrt()
}

/// What a bin of weights holds.
#[derive(Clone, Copy, Debug)]
struct Bin {
    weight: f64,
    pairs: f64,
    /// How many of them are false, as the decoys say; by chance they can be more.
    false_pairs: f64,
}

/// A bin with the share of its pairs that match.
#[derive(Clone, Copy, Debug)]
struct Pooled {
    weight: f64,
    pairs: f64,
    matches: f64,
}

fn probability(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp2())
}

/// Whether pairs stand out among the decoys at all: from some weight on there are more of them than two equal shares of the same lot can differ by chance (a test of their likelihoods).
///
/// An estimation finds some class of matches wherever it looks; where nothing matches, as many decoys as pairs are of it.
/// Beyond the highest decoy each pair counts for more the farther it stands, at half of what its weight says.
fn stand_out(bins: &[Bin]) -> bool {
    let Some(lowest) = bins.first() else {
        return true;
    };
    let from_above = || bins.iter().rev();
    let mut sum = 0.0;
    let highest_false = from_above().find(|bin| {
        sum += bin.false_pairs;
        sum >= 0.5
    });
    let highest_false = highest_false.unwrap_or(lowest).weight;
    let (mut pairs, mut false_pairs) = (0.0, 0.0);
    let part = |part: f64, all: f64| match part > 0.0 {
        true => part * (2.0 * part / all).ln(),
        false => 0.0,
    };
    from_above().any(|bin| {
        pairs += bin.pairs;
        false_pairs += bin.false_pairs;
        let all = pairs + false_pairs;
        let beyond = (bin.weight - highest_false).max(0.0) / 2.0;
        let evidence = part(pairs, all) + part(false_pairs, all) + pairs * beyond * LN_2;
        pairs > false_pairs && evidence >= EVIDENCE
    })
}

/// Odds of ten thousand to one: a run looks at some tens of weights.
const EVIDENCE: f64 = 9.2;

/// By how much the weights about a bin say too much.
///
/// A bin of few pairs and decoys tells nothing alone: as many of the heavier bins are taken with it, and only then of the lighter ones, as it takes to count [`TELLING`] false ones, or to see that pairs stand without any.
/// Of the lighter ones the bulk is of strangers, whose chance would drown the few.
/// Inside, the weights tell true from false as well as the model says, and one shift makes the false pairs as many as the decoys: no bin is cut off at none, so that chance adds no matches.
fn shift(bins: &[Bin], place: usize) -> f64 {
    let (mut from, mut to) = (place, place + 1);
    let counted = |bins: &[Bin]| {
        let sum = |of: fn(&Bin) -> f64| bins.iter().map(of).sum::<f64>();
        (sum(|bin| bin.pairs), sum(|bin| bin.false_pairs))
    };
    loop {
        let (pairs, false_pairs) = counted(&bins[from..to]);
        let is_told = false_pairs >= TELLING || (pairs >= TELLING && to - from >= WIDE);
        if is_told || (from == 0 && to == bins.len()) {
            break;
        }
        match to < bins.len() {
            true => to += 1,
            false => from -= 1,
        }
    }
    let bins = &bins[from..to];
    let (_, false_pairs) = counted(bins);
    let centre = bins[place - from].weight;
    // The model's own word for a few pairs of the bin's own weight.
    let wanted = false_pairs + MODEL * (1.0 - probability(centre));
    let said = |shift: f64| {
        let of_bins = bins
            .iter()
            .map(|bin| bin.pairs * (1.0 - probability(bin.weight - shift)));
        of_bins.sum::<f64>() + MODEL * (1.0 - probability(centre - shift))
    };
    let (mut low, mut high) = (-SHIFT_MAX, SHIFT_MAX);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        match said(middle) < wanted {
            true => low = middle,
            false => high = middle,
        }
    }
    (low + high) / 2.0
}

/// So many bins show how weights fare where hardly a pair is false.
const WIDE: usize = 5;
/// No weights say more than so much too much or too little.
const SHIFT_MAX: f64 = 80.0;

impl Curve {
    /// Nothing is known: weights stay as they are.
    pub(crate) fn straight() -> Curve {
        Curve { points: Vec::new() }
    }

    /// Nothing shows that any two records match: no weight makes it likely.
    fn none() -> Curve {
        Curve {
            points: vec![(0.0, -ODDS_MAX / 2.0)],
        }
    }

    /// The curve by which false pairs are as many as the decoys say.
    ///
    /// At no weight can there be more false pairs than pairs.
    /// Where decoys outnumber the pairs by more than chance, people in common are in both sources together or in none (a household is registered as one), and who is free of partners has no relatives on the other side; the higher the weight, the more of the decoys are such, so that from there on no greater share of them holds.
    pub(crate) fn of(pairs: &[Counted], decoys: &[Counted]) -> Curve {
        Curve::made(pairs, decoys, false)
    }

    /// The same where the model may know of false pairs that no decoy stands for: of the two numbers the greater holds.
    pub(crate) fn beside_model(pairs: &[Counted], decoys: &[Counted]) -> Curve {
        Curve::made(pairs, decoys, true)
    }

    fn made(pairs: &[Counted], decoys: &[Counted], is_beside_model: bool) -> Curve {
        let place = |weight: f64| (weight / BIN).floor() as i64;
        let mut bins: std::collections::BTreeMap<i64, (f64, f64, f64)> = Default::default();
        for pair in pairs {
            let bin = bins.entry(place(pair.weight)).or_default();
            bin.0 += pair.count;
            bin.2 += pair.count / (1.0 + pair.weight.exp2());
        }
        for decoy in decoys {
            bins.entry(place(decoy.weight)).or_default().1 += decoy.count;
        }
        let mut held: f64 = 1.0;
        let bins: Vec<Bin> = bins
            .into_iter()
            .map(|(place, (pairs, decoys, by_model))| {
                if decoys >= TELLING {
                    held = held.min(most_false(pairs) / decoys);
                }
                Bin {
                    weight: (place as f64 + 0.5) * BIN,
                    pairs,
                    false_pairs: match is_beside_model {
                        true => (held * decoys).max(by_model),
                        false => held * decoys,
                    },
                }
            })
            .collect();
        if !stand_out(&bins) {
            return Curve::none();
        }
        let bins = (0..bins.len()).map(|place| {
            let odds = bins[place].weight - shift(&bins, place);
            Pooled {
                weight: bins[place].weight,
                pairs: bins[place].pairs + MODEL,
                matches: (bins[place].pairs + MODEL) * probability(odds),
            }
        });
        let mut points = Vec::new();
        for pool in pooled(bins) {
            let share = pool.iter().map(|bin| bin.matches).sum::<f64>()
                / pool.iter().map(|bin| bin.pairs).sum::<f64>();
            let odds = (share / (1.0 - share)).log2().clamp(-ODDS_MAX, ODDS_MAX);
            points.extend(pool.iter().map(|bin| (bin.weight, odds)));
        }
        Curve { points }
    }

    /// The logarithm of the odds of a weight.
    pub(crate) fn odds(&self, weight: f64) -> f64 {
        let Some((first, last)) = self.points.first().zip(self.points.last()) else {
            return weight;
        };
        if weight <= first.0 {
            return first.1 + (weight - first.0);
        }
        if weight >= last.0 {
            return last.1;
        }
        let after = self.points.partition_point(|point| point.0 < weight);
        let ((x0, y0), (x1, y1)) = (self.points[after - 1], self.points[after]);
        y0 + (y1 - y0) * (weight - x0) / (x1 - x0)
    }
}

/// Bins brought together until the share of matches grows from pool to pool.
fn pooled(bins: impl Iterator<Item = Pooled>) -> Vec<Vec<Pooled>> {
    let share = |pool: &[Pooled]| {
        pool.iter().map(|bin| bin.matches).sum::<f64>()
            / pool.iter().map(|bin| bin.pairs).sum::<f64>()
    };
    let mut pools: Vec<Vec<Pooled>> = Vec::new();
    for bin in bins {
        pools.push(vec![bin]);
        while let [.., before, last] = pools.as_slice()
            && share(before) > share(last)
        {
            let last = pools.pop().expect("two pools stand there");
            pools
                .last_mut()
                .expect("two pools stood there")
                .extend(last);
        }
    }
    pools
}
