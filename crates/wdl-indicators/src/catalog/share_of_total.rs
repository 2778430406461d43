//! `share_of_total`: what the poorest part of the population has of the total, a point of the Lorenz curve.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{measures, scores};
use wdl_vocab::Text;

use super::{Argument, Kernel, Statistic, UnitsKernel};

/// The poorest half.
const USUAL: f64 = 0.5;

pub(super) const ENTRY: Statistic = Statistic {
    name: "share_of_total",
    version: 1,
    label: Text::fixed(
        "quota del totale dei più poveri",
        "share of the total of the poorest",
    ),
    additivity: Additivity::None,
    rule: |part| OutputRule::Part {
        part: part.unwrap_or(USUAL),
    },
    is_whole_population: false,
    argument: Some(Argument {
        label: Text::fixed(
            "parte della popolazione, dai più poveri",
            "part of the population, from the poorest",
        ),
        usual: Some(USUAL),
        from: 0.001,
        to: 0.999,
    }),
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: false,
        estimate: |_, sample, part| measures::quantile_share(sample, poorest(part)),
        scores: Some(|terms, sample, part| {
            scores::quantile_share(sample, poorest(part), terms.method.rule)
        }),
        n_with: None,
    }),
};

fn poorest(part: Option<f64>) -> measures::Share {
    measures::Share {
        from: 0.0,
        to: part.unwrap_or(USUAL),
    }
}
