//! `pareto`: the exponent of the upper tail above an amount.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{Undefined, measures, scores};
use wdl_vocab::Text;

use super::{Argument, Kernel, Statistic, UnitsKernel};

/// No amount of money is larger.
const AMOUNT_MAX: f64 = 1e15;

pub(super) const ENTRY: Statistic = Statistic {
    name: "pareto",
    version: 1,
    label: Text::fixed("esponente di Pareto", "Pareto exponent"),
    additivity: Additivity::None,
    rule: |_| OutputRule::AllValues,
    is_whole_population: false,
    argument: Some(Argument {
        label: Text::fixed(
            "importo da cui inizia la coda",
            "amount where the tail begins",
        ),
        usual: None,
        from: f64::MIN_POSITIVE,
        to: AMOUNT_MAX,
    }),
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: false,
        needs_positive: false,
        estimate: |terms, sample, amount| {
            let begin = match amount {
                Some(amount) => amount,
                None => measures::tail_begin(sample, terms.method.rule)?,
            };
            measures::hill(sample, begin)
        },
        // An amount that is itself estimated, from two quantiles and the mean, has no scores here: the bootstrap gives its error.
        scores: Some(|_, sample, amount| {
            scores::hill(sample, amount.ok_or(Undefined::NoStandardError)?)
        }),
        n_with: None,
    }),
};
