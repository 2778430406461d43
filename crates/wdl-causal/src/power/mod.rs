//! Power and the least effect that a design can detect.
//!
//! A design is the standard error of its estimate (and the degrees of freedom it is judged with); the same [`Design`] answers for every effect, every power and every size.

mod design;
mod drawn;
mod panel;
mod placebo;

pub use design::{Design, NoPower, Proportions, clusters, discontinuity, means};
pub use drawn::{Drawing, Noise, Outcomes, Rows, Seen, Seens};
pub use panel::{Dependence, Errors, panel};
pub use placebo::{Placebo, Placebos, placebo};
