//! How alike strangers are, and from what score on pairs are matches.
//!
//! The pairs within a file without duplicates are strangers, and strangers of the same kind as those between the files: households, namesakes, common names.
//! Pairs are taken from the most alike down, each record once.
//! A pair within a file counts as a stranger that could have been taken only if both its records are still free at its score: where nearly everybody has found a match, hardly a stranger is left to be taken.
//! The count of such pairs, times what one of them stands for among the pairs between the files, is how many of the pairs taken so far are expected to be strangers.
//! This is the estimate of false discoveries by decoys (Elias and Gygi, Nature Methods 4, 2007), with the records already taken left out.

use super::candidates::Pair;
use super::hidden::Hidden;

/// Beyond so many strangers of the highest scores the tail is drawn as an exponential.
const TAIL: usize = 40;
/// The evidence for any match at all is beyond chance when fewer strangers than this give as many pairs: one in a thousand.
const BY_CHANCE: f64 = 1e-3;

/// Expected strangers above a score: by two counts, of which the greater holds.
pub(super) struct Strangers {
    /// Those whose records are free, pair by pair; and all, as far as a share of all records is free.
    counts: Vec<Count>,
}

/// One count of strangers.
struct Count {
    /// Scores of strangers that were seen, the greatest first, each with how many there are up to it.
    seen: Vec<(f64, f64)>,
    tail: Tail,
}

/// Strangers beyond those that were seen.
enum Tail {
    Exponential {
        /// From this score on.
        from: f64,
        /// So many are above it.
        count: f64,
        /// By so much on average.
        excess: f64,
    },
    Normal {
        all: f64,
        mean: f64,
        spread: f64,
    },
}

/// Shares of random pairs, and how many standard deviations above the mean they begin in a normal curve.
const SHARES: [f64; 2] = [0.01, 0.002];
const DEVIATIONS: [f64; 2] = [2.326, 2.878];

/// The pairs taken, the most alike first, and how many records each side has.
pub(super) struct Taken<'t> {
    pub(super) pairs: &'t [Pair],
    pub(super) records: [usize; 2],
    /// Whether a side may hold several records of one person.
    pub(super) repeats: [bool; 2],
}

impl Taken<'_> {
    /// Strangers within the files, with what each stands for, as far as their records are free; and with the share of records that is free at their score.
    ///
    /// A pair of the first file is free as often as two of its records are; one between the files as often as one of each.
    ///
    /// Of those that were hidden nobody knows the records: they are free as often as any, each `hidden_each` times.
    fn could_be(
        &self,
        within: &[Vec<Pair>; 2],
        (hidden, hidden_each): ([&Hidden; 2], f64),
    ) -> [Vec<(f64, f64)>; 2] {
        let mut free = Vec::new();
        let mut shared = Vec::new();
        let is_once = self.repeats == [false, false];
        // Where a side repeats, its records stand in one pair each and the other's in any number.
        let stands_once = |side: usize| is_once || (self.repeats[side] && !self.repeats[1 - side]);
        let rest = |side: usize, score: f64| {
            let taken = self.pairs.partition_point(|one| one.score >= score);
            match stands_once(side) {
                true => 1.0 - taken as f64 / self.records[side] as f64,
                false => 1.0,
            }
        };
        for of in hidden {
            for (score, count) in of.agreements(TAIL as u64) {
                let share = rest(0, score).max(0.0) * rest(1, score).max(0.0);
                shared.push((score, share * count * hidden_each));
                free.push((score, share * count * hidden_each));
            }
        }
        for (side, decoys) in within.iter().enumerate() {
            let mut taken_at = vec![f64::MIN; self.records[side]];
            for pair in self.pairs {
                let record = [pair.a, pair.b][side];
                taken_at[record as usize] = pair.score;
            }
            for pair in decoys {
                let is_free = |record: u32| taken_at[record as usize] < pair.score;
                let (own, other) = (rest(side, pair.score), rest(1 - side, pair.score).max(0.0));
                shared.push((pair.score, own.max(0.0) * other));
                if !is_once {
                    free.push((pair.score, own.max(0.0) * other));
                } else if is_free(pair.a) && is_free(pair.b) {
                    free.push((pair.score, other / own));
                }
            }
        }
        [free, shared]
    }
}

impl Strangers {
    /// From pairs that are known as strangers, out of `looked` pairs; `all` pairs are between the files.
    pub(super) fn seen(
        taken: &Taken<'_>,
        (within, hidden): (&[Vec<Pair>; 2], [&Hidden; 2]),
        (looked, all): (f64, f64),
        spread: f64,
    ) -> Strangers {
        let each = all / looked.max(1.0);
        // Whoever encoded a file looked at all its pairs.
        let pairs = |records: usize| records as f64 * (records as f64 - 1.0).max(0.0) / 2.0;
        let looked_hidden = pairs(taken.records[0]) + pairs(taken.records[1]);
        let hidden_each = looked.max(1.0) / looked_hidden.max(1.0);
        let of_hidden = hidden.into_iter().flat_map(|of| of.agreements(1).take(1));
        let highest = within.iter().flatten().map(|pair| pair.score);
        let highest = highest.chain(of_hidden.map(|(score, _)| score));
        let highest = highest.fold(f64::MIN, f64::max);
        if highest == f64::MIN {
            return Strangers::unknown();
        }
        let counts = taken.could_be(within, (hidden, hidden_each)).into_iter();
        Strangers {
            counts: counts
                .map(|weighed| Count::of(weighed, each, (highest, spread)))
                .collect(),
        }
    }

    /// From random pairs of one file, whose scores come in any order; `all` pairs are in the file.
    ///
    /// Hardly one of many random pairs is a match, whatever the share of doubles: the hundredth and the five hundredth part that are most alike show the upper end of strangers, and a normal curve through both is drawn on.
    pub(super) fn extrapolated(mut random: Vec<f64>, all: f64) -> Strangers {
        random.sort_unstable_by(|a, b| b.total_cmp(a));
        let at = |share: f64| {
            let place = (share * random.len() as f64) as usize;
            random.get(place).copied()
        };
        let points = (at(SHARES[0]), at(SHARES[1]));
        let (Some(near), Some(far)) = points else {
            return Strangers::unknown();
        };
        let spread = ((far - near) / (DEVIATIONS[1] - DEVIATIONS[0])).max(1e-3);
        let tail = Tail::Normal {
            all,
            mean: near - DEVIATIONS[0] * spread,
            spread,
        };
        Strangers {
            counts: vec![Count {
                seen: Vec::new(),
                tail,
            }],
        }
    }

    /// Nobody is known as a stranger: nothing is a match.
    fn unknown() -> Strangers {
        let tail = Tail::Exponential {
            from: f64::MAX,
            count: f64::MAX,
            excess: 1.0,
        };
        Strangers {
            counts: vec![Count {
                seen: Vec::new(),
                tail,
            }],
        }
    }

    /// How many strangers are expected at or above a score.
    pub(super) fn above(&self, score: f64) -> f64 {
        let counts = self.counts.iter().map(|count| count.above(score));
        counts.fold(0.0, f64::max)
    }

    /// By how much the logarithm (base 2) of the odds rises with the score.
    pub(super) fn slope(&self) -> f64 {
        let scales = self.counts.iter().map(|count| match count.tail {
            Tail::Exponential { excess, .. } => excess,
            Tail::Normal { spread, .. } => spread,
        });
        std::f64::consts::LOG2_E / scales.fold(1e-6, f64::max)
    }
}

impl Count {
    /// From scores with what each stands for; the highest score of any stranger and the usual spread serve when there are few.
    fn of(mut weighed: Vec<(f64, f64)>, each: f64, (highest, spread): (f64, f64)) -> Count {
        weighed.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut sum = 0.0;
        for (_, weight) in &mut weighed {
            sum += *weight * each;
            *weight = sum;
        }
        let count = weighed.len().min(TAIL);
        // One more than was seen: that none was seen does not show that there is none.
        let tail = match count {
            0 => Tail::Exponential {
                from: highest,
                count: each,
                excess: spread,
            },
            count => {
                let from = weighed[count - 1].0;
                let excess: f64 = weighed[..count].iter().map(|(score, _)| score - from).sum();
                Tail::Exponential {
                    from,
                    count: weighed[count - 1].1.max(each.min(1.0)),
                    excess: (excess / count as f64).max(spread * 0.05),
                }
            }
        };
        Count {
            seen: weighed,
            tail,
        }
    }

    fn above(&self, score: f64) -> f64 {
        match self.tail {
            Tail::Normal { all, mean, spread } => all * beyond((score - mean) / spread),
            Tail::Exponential {
                from,
                count,
                excess,
            } if score > from => count * (-(score - from) / excess).exp(),
            Tail::Exponential { count, .. } => {
                let at_least = self.seen.partition_point(|(seen, _)| *seen >= score);
                let up_to = at_least
                    .checked_sub(1)
                    .map_or(0.0, |last| self.seen[last].1);
                count.max(up_to)
            }
        }
    }
}

/// The share of a normal curve beyond so many standard deviations: Birnbaum's bound of Mills' ratio, within two in a hundred from one deviation on.
fn beyond(deviations: f64) -> f64 {
    if deviations <= 0.0 {
        return 1.0;
    }
    let height = (-deviations * deviations / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    height * 2.0 / (deviations + (deviations * deviations + 4.0).sqrt())
}

/// Where to cut, and what is expected there.
pub(super) struct Cut {
    /// How many of the pairs, the most alike first, are taken.
    pub(super) count: usize,
    /// Strangers expected among them.
    pub(super) false_count: f64,
    /// The probability of each pair, taken or not, that it is a match.
    pub(super) probabilities: Vec<f64>,
}

/// The cut with the fewest expected errors, and at most a share of false ones.
pub(super) fn cut(taken: &[Pair], strangers: &Strangers, false_share_max: f64) -> Cut {
    let mut expected_before = 0.0;
    let mut rates = Vec::with_capacity(taken.len());
    for pair in taken {
        let expected = strangers.above(pair.score);
        rates.push((expected - expected_before).max(0.0));
        expected_before = expected_before.max(expected);
    }
    let mut best = (0, 0.0, 0.0);
    let mut false_count = 0.0;
    for (nth, rate) in rates.iter().enumerate() {
        false_count += rate;
        let count = (nth + 1) as f64;
        let gain = count - 2.0 * false_count;
        if gain > best.1
            && false_count <= false_share_max * count
            && is_beyond_chance(nth + 1, false_count)
        {
            best = (nth + 1, gain, false_count);
        }
    }
    let probabilities = rising(&rates).into_iter();
    Cut {
        count: best.0,
        false_count: best.2,
        probabilities: probabilities.map(|rate| 1.0 - rate.min(1.0)).collect(),
    }
}

/// Whether so many pairs, or more, come of so many expected strangers less than once in a thousand times (Poisson).
fn is_beyond_chance(pairs: usize, expected: f64) -> bool {
    if expected >= pairs as f64 {
        return false;
    }
    // Chernoff's bound: P(X ≥ n) ≤ exp(n - λ - n ln(n/λ)).
    let count = pairs as f64;
    let exponent = count - expected - count * (count / expected.max(1e-12)).ln();
    exponent < BY_CHANCE.ln()
}

/// The nearest rates that never fall along the way (pool adjacent violators).
fn rising(rates: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for rate in rates {
        let mut pool = (*rate, 1);
        while let Some((sum, count)) = pools.last().copied() {
            if sum * pool.1 as f64 <= pool.0 * count as f64 {
                break;
            }
            pools.pop();
            pool = (pool.0 + sum, pool.1 + count);
        }
        pools.push(pool);
    }
    let each = pools.into_iter();
    each.flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count))
        .collect()
}
