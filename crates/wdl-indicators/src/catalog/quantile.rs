//! `quantile`: the value below which a part of the population lies.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::scores;
use wdl_vocab::Text;

use super::{Argument, Kernel, Statistic, UnitsKernel};

/// The median.
const USUAL: f64 = 0.5;

pub(super) const ENTRY: Statistic = Statistic {
    name: "quantile",
    version: 1,
    label: Text::fixed("quantile", "quantile"),
    additivity: Additivity::None,
    rule: |p| OutputRule::Position {
        below: p.unwrap_or(USUAL),
    },
    is_whole_population: false,
    argument: Some(Argument {
        label: Text::fixed("parte della popolazione", "part of the population"),
        usual: Some(USUAL),
        from: 0.001,
        to: 0.999,
    }),
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: true,
        needs_positive: false,
        estimate: |terms, sample, p| terms.quantile(sample, p.unwrap_or(USUAL)),
        scores: Some(|terms, sample, p| scores::quantile(sample, p.unwrap_or(USUAL), terms.method)),
        n_with: None,
    }),
};
