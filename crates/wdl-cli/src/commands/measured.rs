//! What the commands that measure plain files are asked alike: the weights, the poverty line, the bootstrap.

use wdl_indicators::Line;
use wdl_indicators::plain::{RESAMPLING, Resampling};

/// The options that `wdl indicators`, `wdl housing` and `wdl smallarea` share.
#[derive(clap::Args)]
pub(super) struct Measured {
    /// The column of weights
    #[arg(long, value_name = "COL")]
    pub(super) weight: Option<String>,
    /// The poverty line as a part of the median: 0.6 unless said
    #[arg(long, value_name = "PART", conflicts_with = "threshold")]
    line: Option<f64>,
    /// A poverty line that is given, not estimated
    #[arg(long, value_name = "AMOUNT")]
    threshold: Option<f64>,
    /// How often the bootstrap draws: 1000 unless said
    #[arg(long, alias = "draws", value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    replicates: Option<u32>,
    /// The seed of the bootstrap
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl Measured {
    /// The poverty line: Eurostat's unless another is asked for.
    pub(super) fn line(&self) -> Line {
        match (self.threshold, self.line) {
            (Some(amount), _) => Line::Fixed(amount),
            (None, Some(part)) => Line::OfMedian(part),
            (None, None) => Line::default(),
        }
    }

    /// How often the bootstrap draws, and from which seed.
    pub(super) fn resampling(&self, usual: u32) -> Resampling {
        Resampling {
            replicates: self.replicates.unwrap_or(usual),
            seed: self.seed.unwrap_or(RESAMPLING.seed),
        }
    }
}
