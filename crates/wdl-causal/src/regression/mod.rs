//! Linear regression with many fixed effects, weights and instruments, Poisson regression, and every kind of standard error.
//!
//! [`fit`] fits once; the [`Fit`] then answers with any [`Variance`], a wild cluster bootstrap or randomisation inference.
//! Fixed effects are removed and never estimated as columns: the one with most groups exactly, the others through the equations that are left, solved directly when they are few and by conjugate gradients otherwise.
//! It must not know names of columns: regressors are counted from zero in the order they come.
//!
//! **Invariant:** a row or a column that does not count is told with its reason; sums run in an order that does not depend on the number of threads.

mod absorb;
mod conjugate;
mod design;
mod expanded;
mod fitting;
mod groups;
mod inference;
mod instruments;
mod jackknife;
mod leverage;
mod model;
mod poisson;
mod randomisation;
mod variance;
mod wild;

pub use absorb::Absorption;
pub use fitting::{Fit, fit};
pub use inference::{Coefficient, Inference, Note, Wald};
pub use instruments::{FirstStage, Strength, first_stage};
pub use model::{Column, LeftOut, Model, Place, RegressionError, Term};
pub use poisson::{Poisson, poisson};
pub use randomisation::{Randomisation, RandomisationAsked, randomise};
pub use variance::{ClusterFactor, JackknifeFactor, Variance};
pub use wild::{Draws, Wild, WildAsked};
