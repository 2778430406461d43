//! `rmpg`: how far the median of those below the threshold lies under it.

use wdl_result::Additivity;
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "rmpg",
    version: 1,
    label: Text::fixed(
        "divario mediano di povertà",
        "relative median at-risk-of-poverty gap",
    ),
    additivity: Additivity::None,
    is_whole_population: false,
    kernel: Kernel::Units(UnitsKernel {
        is_one_units_value: false,
        estimate: |population, part| {
            wdl_stats::rmpg(part, population.threshold()?, population.rule())
        },
        scores: Some(|population, part| {
            wdl_stats::scores::rmpg(part, population.scored_threshold()?, population.rule())
        }),
        n_with: None,
    }),
};
