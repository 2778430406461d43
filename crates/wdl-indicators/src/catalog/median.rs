//! `median`: the weighted median of the values, after Eurostat's rule.

use wdl_result::Additivity;
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "median",
    version: 1,
    label: Text::fixed("mediana", "median"),
    additivity: Additivity::None,
    is_whole_population: false,
    kernel: Kernel::Units(UnitsKernel {
        is_one_units_value: true,
        estimate: |population, part| wdl_stats::quantile(part, 0.5, population.rule()),
        scores: None,
        n_with: None,
    }),
};
