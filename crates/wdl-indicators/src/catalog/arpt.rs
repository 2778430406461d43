//! `arpt`: the at-risk-of-poverty threshold: 60 % of the median over persons.

use wdl_result::Additivity;
use wdl_vocab::Text;

use super::{Kernel, Statistic, UnitsKernel};

pub(super) const ENTRY: Statistic = Statistic {
    name: "arpt",
    version: 1,
    label: Text::fixed(
        "soglia di rischio di povertà",
        "at-risk-of-poverty threshold",
    ),
    additivity: Additivity::None,
    is_whole_population: true,
    kernel: Kernel::Units(UnitsKernel {
        is_one_units_value: true,
        estimate: |population, _| population.threshold(),
        scores: Some(|population, _| Some(population.scored_threshold()?.scores.clone())),
        n_with: None,
    }),
};
