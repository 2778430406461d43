//! `entropy`: the generalised entropy of a power (0 mean logarithmic deviation, 1 Theil), of positive values.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Argument, Kernel, Statistic, UnitsKernel};

/// Theil.
const USUAL: f64 = 1.0;

pub(super) const ENTRY: Statistic = Statistic {
    name: "entropy",
    version: 1,
    label: Text::fixed("entropia generalizzata", "generalised entropy"),
    additivity: Additivity::None,
    rule: |_| OutputRule::AllValues,
    is_whole_population: false,
    argument: Some(Argument {
        label: Text::fixed("potenza", "power"),
        usual: Some(USUAL),
        from: -3.0,
        to: 9.0,
    }),
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: true,
        estimate: |_, sample, power| measures::entropy(sample, power.unwrap_or(USUAL)),
        scores: Some(|_, sample, power| scores::entropy(sample, power.unwrap_or(USUAL))),
        n_with: None,
    }),
};
