//! `arpr`: the share below the threshold of the whole population.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Argument, Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "arpr",
    version: 1,
    label: Text::fixed("tasso di rischio di povertà", "at-risk-of-poverty rate"),
    additivity: Additivity::Share,
    rule: |_| OutputRule::Units,
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
        estimate: |terms, sample, part| measures::arpr(sample, terms.threshold(part)?),
        scores: Some(|terms, sample, part| {
            terms.scored(part, |threshold| {
                scores::arpr(sample, threshold, terms.method)
            })
        }),
        n_with: Some(|terms, sample, part| {
            Ok(measures::poor(sample, terms.threshold(part)?) as u64)
        }),
    }),
};
