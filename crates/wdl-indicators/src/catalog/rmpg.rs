//! `rmpg`: how far the median of those below the threshold lies under it.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Argument, Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "rmpg",
    version: 1,
    label: Text::fixed(
        "divario mediano di povertà",
        "relative median at-risk-of-poverty gap",
    ),
    additivity: Additivity::None,
    rule: |_| OutputRule::MedianUnderLine,
    is_whole_population: false,
    argument: Some(Argument {
        label: Text::fixed("parte della mediana", "part of the median"),
        usual: None,
        from: 0.01,
        to: 2.0,
    }),
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: false,
        estimate: |terms, sample, part| {
            measures::rmpg(sample, terms.threshold(part)?, terms.method.rule)
        },
        scores: Some(|terms, sample, part| {
            terms.scored(part, |threshold| {
                scores::rmpg(sample, threshold, terms.method)
            })
        }),
        n_with: Some(|terms, sample, part| {
            Ok(measures::poor(sample, terms.threshold(part)?) as u64)
        }),
    }),
};
