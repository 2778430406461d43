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
/// How many pairs the model's own probability weighs in a bin.
const MODEL: f64 = 2.0;

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

    /// The curve by which the decoys are as many as they are.
    ///
    /// Pairs and decoys come with their weight and how many they count for.
    pub(crate) fn of(
        pairs: impl Iterator<Item = (f64, f64)>,
        decoys: impl Iterator<Item = (f64, f64)>,
    ) -> Curve {
        let place = |weight: f64| (weight / BIN).floor() as i64;
        let mut bins: std::collections::BTreeMap<i64, (f64, f64)> = Default::default();
        for (weight, count) in pairs {
            bins.entry(place(weight)).or_default().0 += count;
        }
        for (weight, count) in decoys {
            bins.entry(place(weight)).or_default().1 += count;
        }
        let bins = bins.into_iter().map(|(place, (pairs, false_pairs))| {
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
            let odds = (share / (1.0 - share).max(f64::MIN_POSITIVE)).log2();
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
