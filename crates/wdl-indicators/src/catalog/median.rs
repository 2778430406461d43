//! `median`: the median.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::scores;
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "median",
    version: 1,
    label: Text::fixed("mediana", "median"),
    additivity: Additivity::None,
    rule: |_| OutputRule::Position { below: 0.5 },
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: true,
        needs_positive: false,
        estimate: |terms, sample, _| terms.quantile(sample, 0.5),
        scores: Some(|terms, sample, _| scores::quantile(sample, 0.5, terms.method)),
        n_with: None,
    }),
};
