//! Why a question is not answered: a status, a code and a sentence in both languages.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use wdl_crypto::oprf::OprfError;
use wdl_crypto::oprf::wire::{MAX_ELEMENTS, WireError};
use wdl_vocab::diagnostics::codes::keys as codes;
use wdl_vocab::diagnostics::message;
use wdl_vocab::{BodyId, Diagnose, Diagnostic, Lang};

/// Why a question is not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// It does not read.
    #[error("the question does not read")]
    Wire(#[from] WireError),
    /// It is larger than the bound.
    #[error("the question is too large")]
    TooLarge,
    /// No key of that body.
    #[error("body `{0}` is not known")]
    UnknownBody(BodyId),
    /// The body did not sign it.
    #[error("not signed by body `{0}`")]
    Unsigned(BodyId),
    /// It is for another key period.
    #[error("the question is for key period `{actual}`")]
    KeyPeriod {
        /// The custodian's.
        expected: String,
        /// The question's.
        actual: String,
    },
    /// The delivery has asked for more than it may.
    #[error("the delivery of body `{body}` has asked for more than {maximum} values")]
    Budget {
        /// Who asks.
        body: BodyId,
        /// The bound.
        maximum: u64,
    },
    /// An element is no point.
    #[error("the values cannot be evaluated")]
    Oprf(#[from] OprfError),
    /// Too many questions at once.
    #[error("too many questions at once")]
    Busy,
    /// The evaluation stopped.
    #[error("the evaluation stopped")]
    Stopped,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Refusal::Wire(WireError::TooMany { .. }) | Refusal::TooLarge => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Refusal::Wire(_) => StatusCode::BAD_REQUEST,
            Refusal::UnknownBody(_) => StatusCode::FORBIDDEN,
            Refusal::Unsigned(_) => StatusCode::UNAUTHORIZED,
            Refusal::KeyPeriod { .. } => StatusCode::CONFLICT,
            Refusal::Budget { .. } => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Oprf(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Stopped => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl Diagnose for Refusal {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            Refusal::Wire(source) => source.diagnostic(),
            Refusal::TooLarge => {
                Diagnostic::new(codes::REQUEST_TOO_LARGE).with("maximum", MAX_ELEMENTS)
            }
            Refusal::UnknownBody(body) => Diagnostic::new(codes::UNKNOWN_BODY).with("body", body),
            Refusal::Unsigned(body) => Diagnostic::new(codes::REQUEST_UNSIGNED).with("body", body),
            Refusal::KeyPeriod { expected, actual } => Diagnostic::new(codes::WRONG_KEY_PERIOD)
                .with("expected", expected)
                .with("actual", actual),
            Refusal::Budget { body, maximum } => Diagnostic::new(codes::BUDGET)
                .with("body", body)
                .with("maximum", maximum),
            Refusal::Oprf(source) => source.diagnostic(),
            Refusal::Busy => Diagnostic::new(codes::BUSY),
            Refusal::Stopped => Diagnostic::new(codes::STOPPED),
        }
    }
}

/// A refusal as it travels.
#[derive(Serialize)]
struct OnWire {
    code: &'static str,
    it: String,
    en: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let diagnostic = self.diagnostic();
        let body = OnWire {
            code: diagnostic.code.id,
            it: message(&diagnostic, Lang::It),
            en: message(&diagnostic, Lang::En),
        };
        (self.status(), as_json(&body)).into_response()
    }
}

/// A value of strings and numbers as a JSON answer.
pub(crate) fn as_json(value: &impl Serialize) -> impl IntoResponse {
    let text = serde_json::to_string(value).expect("strings and numbers are JSON");
    ([(CONTENT_TYPE, "application/json")], text)
}
