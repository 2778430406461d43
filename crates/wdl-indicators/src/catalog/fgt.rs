//! `fgt`: the Foster–Greer–Thorbecke index of a power.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Argument, Kernel, Statistic, UnitsKernel};

/// The mean gap.
const USUAL: f64 = 1.0;

pub(super) const ENTRY: Statistic = Statistic {
    name: "fgt",
    version: 1,
    label: Text::fixed("indice di povertà FGT", "FGT poverty index"),
    additivity: Additivity::None,
    rule: |_| OutputRule::UnderLine,
    is_whole_population: false,
    argument: Some(Argument {
        label: Text::fixed("potenza", "power"),
        usual: Some(USUAL),
        from: 0.0,
        to: 9.0,
    }),
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: false,
        estimate: |terms, sample, power| {
            measures::fgt(sample, terms.threshold(None)?, power.unwrap_or(USUAL))
        },
        scores: Some(|terms, sample, power| {
            terms.scored(None, |threshold| {
                scores::fgt(sample, threshold, power.unwrap_or(USUAL), terms.method)
            })
        }),
        n_with: Some(|terms, sample, _| Ok(measures::poor(sample, terms.threshold(None)?) as u64)),
    }),
};
