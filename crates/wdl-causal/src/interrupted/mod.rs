//! Interrupted time series: a regression with a change of level and of slope (Wagner, Soumerai, Zhang and Ross-Degnan 2002; Bernal, Cummins and Gasparrini 2017).

mod design;
mod diagnostics;
mod fit;

pub use design::{Season, Series, Term};
pub use diagnostics::{LjungBox, durbin_watson, ljung_box};
pub use fit::{Counterfactual, Errors, Fitted, Mean, NoFit, fit};
