//! `sum`: a sum of amounts, exact to the cent.

use wdl_result::{Additivity, OutputRule};
use wdl_vocab::Text;

use super::{Kernel, Statistic, SumsKernel, column};

pub(super) const ENTRY: Statistic = Statistic {
    name: "sum",
    version: 1,
    label: Text::fixed("somma", "sum"),
    additivity: Additivity::Sum,
    rule: |_| OutputRule::AllValues,
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Sums(SumsKernel {
        column: Some(column::VALUE),
        estimate: |sums| Some(sums.cents as f64 / 100.0),
    }),
};
