//! `part_of_total`: what a group has of the total of everybody, the height of a step of the Lorenz curve when the groups are ordered.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{Undefined, measures};
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "part_of_total",
    version: 1,
    label: Text::fixed(
        "quota del totale di tutti che ha un gruppo",
        "share of the total of everybody that a group has",
    ),
    additivity: Additivity::None,
    is_whole_population: false,
    argument: None,
    rule: |_| OutputRule::AllValues,
    kernel: Kernel::Units(UnitsKernel {
        // Groups of ordered units end at one unit: their exact parts beside other exact parts would give its amount.
        is_rounded: true,
        needs_positive: false,
        estimate: |terms, sample, _| match measures::total(terms.reference) {
            whole if whole > 0.0 => Ok(measures::total(sample) / whole),
            _ => Err(Undefined::SumNotPositive),
        },
        scores: None,
        n_with: None,
    }),
};
