//! The review by people: a sample of pairs, two who judge it apart from one another and without the weights, and what follows for precision and recall.
//!
//! Reviewers see levels of comparison in words, never a value, an id or a weight; who runs the review keeps the key that says which pair a number is.
//!
//! **Invariants:** the same pairs, ids and seed give the same sample and the same numbers, in any order of rows; no number of one reviewer tells anything about those of the other.

mod agreement;
mod answers;
mod design;
mod estimate;
mod sheet;

pub use agreement::Kappa;
pub use answers::{Answers, Disagreement, Review, ReviewError, Verdict, review};
pub use design::{Allocation, Asked, Candidate, Design, Sample, Stratum, draw};
pub(crate) use estimate::wilson;
pub use estimate::{Interval, StratumAnswers};
pub use sheet::{Reviewer, Sheet, SheetRow, sheet};

/// The normal quantile of 97.5 %, for intervals of 95 %.
const NORMAL_95: f64 = 1.959_963_984_540_054;
