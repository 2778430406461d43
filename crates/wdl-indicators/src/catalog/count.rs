//! `count`: how many units.

use wdl_result::{Additivity, OutputRule};
use wdl_vocab::Text;

use super::{Kernel, Statistic, SumsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "count",
    version: 1,
    label: Text::fixed("numero", "number"),
    additivity: Additivity::Count,
    rule: |_| OutputRule::Units,
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Sums(SumsKernel {
        column: None,
        estimate: |sums| Some(sums.n as f64),
    }),
};
