//! `qsr`: the sum above the 80 % quantile over the sum up to the 20 % quantile.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
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
    rule: |_| OutputRule::Part { part: 0.2 },
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: false,
        estimate: |terms, sample, _| measures::qsr(sample, terms.method.rule),
        scores: Some(|terms, sample, _| scores::qsr(sample, terms.method)),
        n_with: None,
    }),
};
