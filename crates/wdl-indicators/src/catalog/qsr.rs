//! `qsr`: the sum of the upper fifth over the sum of the lower fifth.

use wdl_result::Additivity;
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "qsr",
    version: 1,
    label: Text::fixed(
        "rapporto interquintilico S80/S20",
        "income quintile share ratio S80/S20",
    ),
    additivity: Additivity::None,
    is_whole_population: false,
    kernel: Kernel::Units(UnitsKernel {
        is_one_units_value: false,
        estimate: |population, part| wdl_stats::qsr(part, population.rule()),
        scores: Some(|population, part| wdl_stats::scores::qsr(part, population.rule())),
        n_with: None,
    }),
};
