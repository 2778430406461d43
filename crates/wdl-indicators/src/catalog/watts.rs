//! `watts`: the Watts index, of positive values.

use wdl_result::Additivity;
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "watts",
    version: 1,
    label: Text::fixed("indice di Watts", "Watts index"),
    additivity: Additivity::None,
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: true,
        estimate: |terms, sample, _| measures::watts(sample, terms.threshold(None)?),
        scores: Some(|terms, sample, _| {
            terms.scored(None, |threshold| scores::watts(sample, threshold))
        }),
        n_with: None,
    }),
};
