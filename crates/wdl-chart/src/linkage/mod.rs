//! The pictures of a linkage: how the model judges, what it found, how sure it is. One file per kind.
//!
//! Each kind is a plain struct of numbers and names, without a record's values, that draws itself and gives its table.
//! A weight is the binary logarithm of odds: one point more doubles them.

mod blocking;
mod chances;
mod cluster;
pub(crate) mod curves;
mod cut;
mod figures;
mod histogram;
mod unlinkables;
mod waterfall;
mod weights;

pub use blocking::{Blocking, BlockingCount};
pub use chances::Chances;
pub use cluster::{ClusterEdge, ClusterNode, ClusterView, MAX_NODES, Tie};
pub use cut::{CutChooser, CutPoint};
pub use figures::{chance, cut_chance, probability_of, share, signed};
pub use histogram::{WeightBin, WeightHistogram};
pub use unlinkables::{SelfWeights, Unlinkables};
pub use waterfall::{Outcome, Step, Waterfall};
pub use weights::{FieldWeights, LevelWeight, MatchWeights};

pub use crate::picture::{Origin, Picture, Place};

use wdl_vocab::Lang;

use crate::picture::{begin, finish, row, say, table, tell};
use crate::rows;

/// What stands at the line of a cut: its probability, as people choose it.
fn at_cut(cut: f64, lang: Lang) -> String {
    tell(lang, "at-cut", &[("chance", cut_chance(cut, lang))])
}
