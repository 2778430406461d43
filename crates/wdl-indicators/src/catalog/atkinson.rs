//! `atkinson`: the Atkinson index under an aversion to inequality, of positive values.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Argument, Kernel, Statistic, UnitsKernel};

/// The aversion most often published.
const USUAL: f64 = 1.0;

pub(super) const ENTRY: Statistic = Statistic {
    name: "atkinson",
    version: 1,
    label: Text::fixed("indice di Atkinson", "Atkinson index"),
    additivity: Additivity::None,
    rule: |_| OutputRule::AllValues,
    is_whole_population: false,
    argument: Some(Argument {
        label: Text::fixed("avversione alla disuguaglianza", "aversion to inequality"),
        usual: Some(USUAL),
        from: 0.01,
        to: 9.0,
    }),
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: true,
        estimate: |_, sample, aversion| measures::atkinson(sample, aversion.unwrap_or(USUAL)),
        scores: Some(|_, sample, aversion| scores::atkinson(sample, aversion.unwrap_or(USUAL))),
        n_with: None,
    }),
};
