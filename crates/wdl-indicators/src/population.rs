//! The rows of one period as the kernel sees them, with the threshold they all share.

use std::sync::OnceLock;

use wdl_stats::scores::{self, Threshold};
use wdl_stats::{QuantileRule, Sample, arpt};

/// A whole population and its threshold, which is computed once and only when asked for.
#[derive(Debug)]
pub struct Population {
    sample: Sample,
    rule: QuantileRule,
    threshold: OnceLock<Option<f64>>,
    scored: OnceLock<Option<Threshold>>,
}

impl Population {
    /// A population under a quantile rule.
    pub fn new(sample: Sample, rule: QuantileRule) -> Population {
        Population {
            sample,
            rule,
            threshold: OnceLock::new(),
            scored: OnceLock::new(),
        }
    }

    /// Everybody.
    pub fn sample(&self) -> &Sample {
        &self.sample
    }

    /// The quantile rule.
    pub fn rule(&self) -> QuantileRule {
        self.rule
    }

    /// The at-risk-of-poverty threshold over everybody.
    pub fn threshold(&self) -> Option<f64> {
        *self.threshold.get_or_init(|| arpt(&self.sample, self.rule))
    }

    /// The threshold with the scores of its estimation.
    pub fn scored_threshold(&self) -> Option<&Threshold> {
        self.scored
            .get_or_init(|| scores::threshold(&self.sample, self.rule))
            .as_ref()
    }
}
