//! `total`: the weighted sum of values, of a sample that stands for a population.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "total",
    version: 1,
    label: Text::fixed("totale stimato", "estimated total"),
    additivity: Additivity::None,
    rule: |_| OutputRule::AllValues,
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: false,
        estimate: |_, sample, _| Ok(measures::total(sample)),
        scores: Some(|_, sample, _| Ok(scores::total(sample))),
        n_with: None,
    }),
};
