//! `mean`: the weighted mean of the values.

use wdl_result::Additivity;
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "mean",
    version: 1,
    label: Text::fixed("media", "mean"),
    additivity: Additivity::None,
    is_whole_population: false,
    kernel: Kernel::Units(UnitsKernel {
        is_one_units_value: false,
        estimate: |_, part| wdl_stats::mean(part),
        scores: Some(|_, part| wdl_stats::scores::mean(part)),
        n_with: None,
    }),
};
