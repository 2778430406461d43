//! `share`: the share of units that have a property.

use wdl_result::{Additivity, OutputRule};
use wdl_vocab::Text;

use super::{Kernel, Statistic, SumsKernel, column};

pub(super) const ENTRY: Statistic = Statistic {
    name: "share",
    version: 1,
    label: Text::fixed("quota", "share"),
    additivity: Additivity::Share,
    rule: |_| OutputRule::Units,
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Sums(SumsKernel {
        column: Some(column::HAS_PROPERTY),
        estimate: |sums| (sums.n > 0).then(|| sums.n_with as f64 / sums.n as f64),
    }),
};
