//! `gini`: the Gini coefficient.

use wdl_result::Additivity;
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "gini",
    version: 1,
    label: Text::fixed("indice di Gini", "Gini coefficient"),
    additivity: Additivity::None,
    is_whole_population: false,
    kernel: Kernel::Units(UnitsKernel {
        is_one_units_value: false,
        estimate: |_, part| wdl_stats::gini(part),
        scores: Some(|_, part| wdl_stats::scores::gini(part)),
        n_with: None,
    }),
};
