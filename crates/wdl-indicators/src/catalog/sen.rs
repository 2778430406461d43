//! `sen`: the Sen index, in its form that copies of the population leave unchanged.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "sen",
    version: 1,
    label: Text::fixed("indice di Sen", "Sen index"),
    additivity: Additivity::None,
    rule: |_| OutputRule::UnderLine,
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: false,
        estimate: |terms, sample, _| measures::sen(sample, terms.threshold(None)?),
        scores: Some(|terms, sample, _| {
            terms.scored(None, |threshold| {
                scores::sen(sample, threshold, terms.method)
            })
        }),
        n_with: Some(|terms, sample, _| Ok(measures::poor(sample, terms.threshold(None)?) as u64)),
    }),
};
