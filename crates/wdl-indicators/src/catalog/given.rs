//! `given`: numbers that a source has already computed, taken over cell by cell; margins are not derived from them.

use wdl_result::{Additivity, OutputRule};
use wdl_vocab::Text;

use super::{Kernel, Statistic};

pub(super) const ENTRY: Statistic = Statistic {
    name: "given",
    version: 1,
    label: Text::fixed("valore della fonte", "value of the source"),
    additivity: Additivity::None,
    rule: |_| OutputRule::Given,
    is_whole_population: false,
    argument: None,
    kernel: Kernel::Given,
};
