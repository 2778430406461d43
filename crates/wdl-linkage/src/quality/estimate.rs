//! How good links are when no truth is known: what their own probabilities say, as far as these are calibrated.

/// A pair that was compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// A record.
    pub a: u32,
    /// The other record.
    pub b: u32,
    /// How probable it is that they match.
    pub probability: f64,
    /// Whether they were linked.
    pub is_link: bool,
}

/// What is expected of a set of pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// How many links.
    pub links: u64,
    /// How many of them are expected to be right: the sum of their probabilities.
    pub right: f64,
    /// How many matches are expected in all, linked or not, those that no blocking rule found included.
    pub matches: f64,
}

impl Estimate {
    /// The expected share of links that are right; nothing without links.
    pub fn precision(&self) -> Option<f64> {
        (self.links > 0).then(|| self.right / self.links as f64)
    }

    /// The expected share of matches that are linked; nothing where none is expected, to the nearest whole one.
    pub fn recall(&self) -> Option<f64> {
        (self.matches >= 0.5).then(|| self.right / self.matches)
    }
}

/// What is expected of all pairs.
///
/// `unlisted` is how many matches are expected among pairs that were compared and are not in `pairs`, being so improbable one by one; `blocking_recall` the share of matches that were compared at all.
/// With probabilities `p`, precision is `Σ p / n` over the links, and recall `Σ p` over the links by `Σ p` over all, so that FDR and FNR are those of Enamorado, Fifield and Imai (*American Political Science Review* 113, 2019).
pub fn estimated(pairs: &[Judged], unlisted: f64, blocking_recall: f64) -> Estimate {
    let mut estimate = Estimate::default();
    for pair in pairs {
        estimate.add(pair);
    }
    estimate.matches = (estimate.matches + unlisted) / blocking_recall;
    estimate
}

impl Estimate {
    fn add(&mut self, pair: &Judged) {
        self.matches += pair.probability;
        if pair.is_link {
            self.links += 1;
            self.right += pair.probability;
        }
    }
}

/// What is expected in each group of records; `group_of` has the place of each record's group.
///
/// A pair counts in the group of each of its records, and once where both are in the same.
pub fn estimated_by_group(pairs: &[Judged], group_of: &[u32], groups: usize) -> Vec<Estimate> {
    let mut estimates = vec![Estimate::default(); groups];
    for pair in pairs {
        let (a, b) = (group_of[pair.a as usize], group_of[pair.b as usize]);
        estimates[a as usize].add(pair);
        if a != b {
            estimates[b as usize].add(pair);
        }
    }
    estimates
}

/// What linking all pairs from a probability upwards would mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutPoint {
    /// The probability.
    pub cut: f64,
    /// How many pairs have it or more.
    pub links: u64,
    /// The expected share of them that is wrong (false discovery rate); zero without links.
    pub fdr: f64,
    /// The expected share of all matches that is missed (false negative rate), those that no blocking rule found included; zero without matches.
    pub fnr: f64,
}

/// What each cut would mean, where so many `matches` are expected in all, compared or not: [`Estimate::matches`].
pub fn cuts(probabilities: &[f64], cuts: &[f64], matches: f64) -> Vec<CutPoint> {
    let mut sorted = probabilities.to_vec();
    sorted.sort_unstable_by(|x, y| y.total_cmp(x));
    let mut sum = 0.0;
    let sums: Vec<f64> = std::iter::once(0.0)
        .chain(sorted.iter().map(|probability| {
            sum += probability;
            sum
        }))
        .collect();
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let point = |cut: &f64| {
        let links = sorted.partition_point(|probability| probability >= cut);
        CutPoint {
            cut: *cut,
            links: links as u64,
            fdr: share(links as f64 - sums[links], links as f64),
            fnr: share(matches - sums[links], matches).max(0.0),
        }
    };
    cuts.iter().map(point).collect()
}

/// Pairs of like weight: what was said of them and what is true.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CalibrationBin {
    /// How many pairs.
    pub pairs: u64,
    /// How many matches their probabilities promise.
    pub promised: f64,
    /// How many are matches.
    pub matches: u64,
}

/// Promise and truth by weight: the bins are what lies below the first edge, between each two, and from the last edge upwards.
///
/// Pairs are given as weight, probability and whether they match; edges ascend.
pub fn calibration(pairs: &[(f64, f64, bool)], edges: &[f64]) -> Vec<CalibrationBin> {
    let mut bins = vec![CalibrationBin::default(); edges.len() + 1];
    for (weight, probability, is_match) in pairs {
        let bin = &mut bins[edges.partition_point(|edge| edge <= weight)];
        bin.pairs += 1;
        bin.promised += probability;
        bin.matches += u64::from(*is_match);
    }
    bins
}

/// The expected calibration error: the mean over pairs of how far the promise of their bin is from the truth of their bin.
pub fn calibration_error(bins: &[CalibrationBin]) -> f64 {
    let pairs: u64 = bins.iter().map(|bin| bin.pairs).sum();
    let apart = bins
        .iter()
        .map(|bin| (bin.promised - bin.matches as f64).abs());
    if pairs == 0 {
        return 0.0;
    }
    apart.sum::<f64>() / pairs as f64
}

/// How many matches the blocking rules may have lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockingRecall {
    /// Matches that a rule found.
    pub found: f64,
    /// Matches that no rule found, at least.
    pub missed: f64,
    /// The share of matches that a rule found, at most.
    pub recall: f64,
    /// An interval of 95 % for that share.
    pub interval: (f64, f64),
}

/// The share of matches found by at least one of several blocking rules, from how many rules find each.
///
/// `found_by[k]` is how many matches are found by exactly `k + 1` rules (sums of probabilities may stand for counts); it has as many entries as there are rules.
/// Rules take the part of occasions of capture: matches found once and twice tell how many are found never.
/// This is Chao's lower bound in its bias-corrected form, `(t−1)/t · f1 (f1−1) / (2 (f2+1))` (Chao, *Biometrics* 43, 1987), with her interval, whose logarithm is taken to be normal.
/// Rules that fail for the same records (a record with most fields missing) hide what they lose: the share is an upper bound.
/// Nothing is said with one rule, or when nothing was found.
pub fn blocking_recall(found_by: &[f64]) -> Option<BlockingRecall> {
    let found: f64 = found_by.iter().sum();
    let (once, twice) = (*found_by.first()?, *found_by.get(1)?);
    if found <= 0.0 {
        return None;
    }
    let occasions = found_by.len() as f64;
    let factor = (occasions - 1.0) / occasions;
    let missed = factor * once * (once - 1.0).max(0.0) / (2.0 * (twice + 1.0));
    let variance = missed
        + factor.powi(2)
            * (once * (2.0 * once - 1.0).powi(2) / (4.0 * (twice + 1.0).powi(2))
                + once.powi(2) * twice * (once - 1.0).powi(2) / (4.0 * (twice + 1.0).powi(4)));
    let all = |missed: f64| found / (found + missed);
    let interval = if missed > 0.0 {
        let spread = (NORMAL_95 * (variance / missed.powi(2)).ln_1p().sqrt()).exp();
        (all(missed * spread), all(missed / spread))
    } else {
        (1.0, 1.0)
    };
    Some(BlockingRecall {
        found,
        missed,
        recall: all(missed),
        interval,
    })
}

/// The normal quantile of 97.5 %.
const NORMAL_95: f64 = 1.959_963_984_540_054;
