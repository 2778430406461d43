//! `top_share`: what the richest part of the population has of the total, the rest of the Lorenz curve.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Argument, Kernel, Statistic, UnitsKernel};

/// The richest tenth.
const USUAL: f64 = 0.1;

pub(super) const ENTRY: Statistic = Statistic {
    name: "top_share",
    version: 1,
    label: Text::fixed(
        "quota del totale dei più ricchi",
        "share of the total of the richest",
    ),
    additivity: Additivity::None,
    rule: |part| OutputRule::Part {
        part: part.unwrap_or(USUAL),
    },
    is_whole_population: false,
    argument: Some(Argument {
        label: Text::fixed(
            "parte della popolazione, dai più ricchi",
            "part of the population, from the richest",
        ),
        usual: Some(USUAL),
        from: 0.001,
        to: 0.999,
    }),
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: false,
        estimate: |_, sample, part| measures::quantile_share(sample, richest(part)),
        scores: Some(|terms, sample, part| {
            scores::quantile_share(sample, richest(part), terms.method.rule)
        }),
        n_with: None,
    }),
};

fn richest(part: Option<f64>) -> measures::Share {
    measures::Share {
        from: 1.0 - part.unwrap_or(USUAL),
        to: 1.0,
    }
}
