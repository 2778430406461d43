//! `gini`: the Gini coefficient.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "gini",
    version: 1,
    label: Text::fixed("indice di Gini", "Gini coefficient"),
    additivity: Additivity::None,
    rule: |_| OutputRule::AllValues,
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: false,
        estimate: |_, sample, _| measures::gini(sample),
        scores: Some(|_, sample, _| scores::gini(sample)),
        n_with: None,
    }),
};
