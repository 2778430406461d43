//! `arpt`: the poverty threshold, a part of the median of everybody.

use wdl_result::{Additivity, OutputRule};
use wdl_vocab::Text;

use super::{Argument, Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "arpt",
    version: 1,
    label: Text::fixed(
        "soglia di rischio di povertà",
        "at-risk-of-poverty threshold",
    ),
    additivity: Additivity::None,
    rule: |_| OutputRule::Position { below: 0.5 },
    is_whole_population: true,
    argument: Some(Argument {
        label: Text::fixed("parte della mediana", "part of the median"),
        usual: None,
        from: 0.01,
        to: 2.0,
    }),
    kernel: Kernel::Units(UnitsKernel {
        is_rounded: true,
        needs_positive: false,
        estimate: |terms, _, part| terms.threshold(part),
        scores: Some(|terms, _, part| terms.of_threshold(part)),
        n_with: None,
    }),
};
