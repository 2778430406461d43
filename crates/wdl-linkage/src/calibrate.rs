//! Weights made odds that can be trusted: what pairs that are known not to match show.
//!
//! In a source without duplicates no pair of records matches, yet such pairs are weighed by the same rules as pairs between sources.
//! Their number at each weight, scaled to as many pairs as stand between the sources, is how many false pairs to expect there: the same thought as decoys in the search of spectra (Elias, Gygi, *Nature Methods* 4, 2007).
//! The share of true pairs may only grow with the weight (pool-adjacent-violators; Barlow and others, 1972).

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
    matches: f64,
}

impl Curve {
    /// Nothing is known: weights stay as they are.
    pub(crate) fn straight() -> Curve {
        Curve { points: Vec::new() }
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
        let bins = bins.into_iter().map(|(place, (pairs, decoys, by_model))| {
            if decoys >= TELLING {
                held = held.min(most_false(pairs) / decoys);
            }
            let false_pairs = match is_beside_model {
                true => (held * decoys).max(by_model),
                false => held * decoys,
            };
            let weight = (place as f64 + 0.5) * BIN;
            let by_model = 1.0 / (1.0 + (-weight).exp2());
            Bin {
                weight,
                pairs: pairs + MODEL,
                matches: (pairs - false_pairs).max(0.0) + MODEL * by_model,
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
fn pooled(bins: impl Iterator<Item = Bin>) -> Vec<Vec<Bin>> {
    let share = |pool: &[Bin]| {
        pool.iter().map(|bin| bin.matches).sum::<f64>()
            / pool.iter().map(|bin| bin.pairs).sum::<f64>()
    };
    let mut pools: Vec<Vec<Bin>> = Vec::new();
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
