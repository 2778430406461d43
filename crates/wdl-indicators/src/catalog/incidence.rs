//! `incidence`: how likely a spell ends in one way by a horizon, when it may also end in others (Aalen and Johansen 1978).
//!
//! Protected like a share: of the spells that are observed, those that end so by the horizon.

use wdl_result::{Additivity, OutputRule};
use wdl_stats::{cumulative_incidence, incidence_scores, observed_spells};
use wdl_vocab::Text;

use super::{Argument, Kernel, SpellsKernel, Statistic};

pub(super) const ENTRY: Statistic = Statistic {
    name: "incidence",
    version: 1,
    label: Text::fixed(
        "incidenza cumulata, con rischi competitivi",
        "cumulative incidence, with competing risks",
    ),
    additivity: Additivity::Share,
    rule: |_| OutputRule::Units,
    is_whole_population: false,
    argument: Some(Argument {
        label: Text::fixed(
            "orizzonte, nell'unità del valore",
            "horizon, in the unit of the value",
        ),
        usual: Some(365.0),
        from: 0.001,
        to: 36_525.0,
    }),
    kernel: Kernel::Spells(SpellsKernel {
        estimate: cumulative_incidence,
        scores: incidence_scores,
        observed: observed_spells,
    }),
};
