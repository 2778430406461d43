//! `palma`: the sum above the 90 % quantile over the sum up to the 40 % quantile.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "palma",
    version: 1,
    label: Text::fixed("rapporto di Palma", "Palma ratio"),
    additivity: Additivity::None,
    rule: |_| OutputRule::Part { part: 0.1 },
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: false,
        estimate: |terms, sample, _| measures::palma(sample, terms.method.rule),
        scores: Some(|terms, sample, _| scores::palma(sample, terms.method)),
        n_with: None,
    }),
};
