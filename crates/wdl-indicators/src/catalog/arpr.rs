//! `arpr`: the share below the threshold of the whole population.

use wdl_result::Additivity;
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "arpr",
    version: 1,
    label: Text::fixed("tasso di rischio di povertà", "at-risk-of-poverty rate"),
    additivity: Additivity::Share,
    is_whole_population: false,
    kernel: Kernel::Units(UnitsKernel {
        is_one_units_value: false,
        estimate: |population, part| wdl_stats::arpr(part, population.threshold()?),
        scores: Some(|population, part| {
            wdl_stats::scores::arpr(part, population.scored_threshold()?)
        }),
        n_with: Some(|population, part| {
            let threshold = population.threshold()?;
            let is_poor = |value: &f64| wdl_stats::is_below(*value, threshold);
            Some(part.values().partition_point(is_poor) as u64)
        }),
    }),
};
