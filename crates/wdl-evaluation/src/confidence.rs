//! The option `level` of a method, read once.

use crate::fault::EvaluationError;
use crate::request::Request;

/// One less the level of confidence asked for: 0.05 unless said.
///
/// # Errors
/// [`EvaluationError::Options`] when the level does not lie between 0 and 1.
pub(crate) fn alpha(request: &Request) -> Result<f64, EvaluationError> {
    let level = request.real("level").unwrap_or(0.95);
    match level > 0.0 && level < 1.0 {
        true => Ok(1.0 - level),
        false => Err(EvaluationError::options(
            "level",
            "sta tra 0 e 1",
            "it lies between 0 and 1",
        )),
    }
}
