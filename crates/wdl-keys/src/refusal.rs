//! Why a declaration or a question is not answered: a status, a code and a sentence in both languages.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use wdl_crypto::Moment;
use wdl_crypto::oprf::OprfError;
use wdl_crypto::oprf::wire::{MAX_ELEMENTS, WireError};
use wdl_vocab::diagnostics::codes::keys as codes;
use wdl_vocab::diagnostics::message;
use wdl_vocab::{BodyId, Diagnose, Diagnostic, Lang};

/// Why a declaration or a question is not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// It does not read.
    #[error("the message does not read")]
    Wire(#[from] WireError),
    /// It is larger than the bound.
    #[error("the message is too large")]
    TooLarge,
    /// It did not arrive whole in time.
    #[error("the message did not arrive in time")]
    TooSlow,
    /// No certificate of that body.
    #[error("body `{0}` is not known")]
    UnknownBody(BodyId),
    /// The body did not sign it.
    #[error("not signed by body `{0}`")]
    Unsigned(BodyId),
    /// Another body signed it in this one's name.
    #[error("signed by another body than `{0}`")]
    OtherBody(BodyId),
    /// The body's certificate has run out.
    #[error("the certificate of body `{body}` ended")]
    Expired {
        /// Who asks.
        body: BodyId,
        /// When it ended.
        at: Moment,
    },
    /// The body's certificate has not begun.
    #[error("the certificate of body `{body}` has not begun")]
    NotYet {
        /// Who asks.
        body: BodyId,
        /// When it begins.
        at: Moment,
    },
    /// It is for another lab or project.
    #[error("the declaration is for the project `{actual}`")]
    Project {
        /// The custodian's, `lab/project`.
        expected: String,
        /// The declaration's.
        actual: String,
    },
    /// It is for another key period.
    #[error("the declaration is for key period `{actual}`")]
    KeyPeriod {
        /// The custodian's.
        expected: String,
        /// The declaration's.
        actual: String,
    },
    /// The body's clock and the custodian's are too far apart, or the declaration is too old.
    #[error("the declaration is {days} days from the custodian's clock")]
    Clock {
        /// By how many days.
        days: i64,
        /// The bound.
        maximum: i64,
    },
    /// No such declaration.
    #[error("the delivery was not declared")]
    Undeclared,
    /// The delivery asks for more than it declared.
    #[error("the delivery of body `{body}` declared {maximum} values and asks for more")]
    MoreThanDeclared {
        /// Who asks.
        body: BodyId,
        /// What it declared.
        maximum: u64,
    },
    /// The delivery declares more than the custodian answers.
    #[error("the delivery of body `{body}` declares more than {maximum} values")]
    TooMuch {
        /// Who asks.
        body: BodyId,
        /// The bound.
        maximum: u64,
    },
    /// Another batch took that place.
    #[error("body `{0}` asked another batch at a place that is taken")]
    Replayed(BodyId),
    /// The body has asked for too much today.
    #[error("body `{body}` has asked for more than {maximum} in one day")]
    Rate {
        /// Who asks.
        body: BodyId,
        /// The bound.
        maximum: u64,
    },
    /// The count could not be kept, so no answer leaves.
    #[error("the count could not be kept: {0}")]
    NotCounted(String),
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
            Refusal::Wire(WireError::TooMany { .. })
            | Refusal::TooLarge
            | Refusal::TooMuch { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Wire(_) => StatusCode::BAD_REQUEST,
            Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Refusal::Unsigned(_) => StatusCode::UNAUTHORIZED,
            Refusal::UnknownBody(_)
            | Refusal::OtherBody(_)
            | Refusal::Expired { .. }
            | Refusal::NotYet { .. }
            | Refusal::Clock { .. } => StatusCode::FORBIDDEN,
            Refusal::Project { .. }
            | Refusal::KeyPeriod { .. }
            | Refusal::Undeclared
            | Refusal::MoreThanDeclared { .. }
            | Refusal::Replayed(_) => StatusCode::CONFLICT,
            Refusal::Oprf(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::Rate { .. } => StatusCode::TOO_MANY_REQUESTS,
            Refusal::NotCounted(_) | Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Stopped => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl Diagnose for Refusal {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            Refusal::Wire(source) => source.diagnostic(),
            Refusal::TooLarge => new(codes::REQUEST_TOO_LARGE).with("maximum", MAX_ELEMENTS),
            Refusal::TooSlow => new(codes::REQUEST_MALFORMED).with("detail", self),
            Refusal::UnknownBody(body) => new(codes::UNKNOWN_BODY).with("body", body),
            Refusal::Unsigned(body) => new(codes::REQUEST_UNSIGNED).with("body", body),
            Refusal::OtherBody(body) => new(codes::SIGNED_BY_ANOTHER).with("body", body),
            Refusal::Expired { body, at } => new(codes::CERTIFICATE_EXPIRED)
                .with("body", body)
                .with("maximum", at),
            Refusal::NotYet { body, at } => new(codes::CERTIFICATE_NOT_YET)
                .with("body", body)
                .with("minimum", at),
            Refusal::Project { expected, actual } => new(codes::WRONG_PROJECT)
                .with("expected", expected)
                .with("actual", actual),
            Refusal::KeyPeriod { expected, actual } => new(codes::WRONG_KEY_PERIOD)
                .with("expected", expected)
                .with("actual", actual),
            Refusal::Clock { days, maximum } => new(codes::CLOCK)
                .with("count", days)
                .with("maximum", maximum),
            Refusal::Undeclared => new(codes::UNDECLARED),
            Refusal::MoreThanDeclared { body, maximum } => new(codes::BUDGET)
                .with("body", body)
                .with("maximum", maximum),
            Refusal::TooMuch { body, maximum } => new(codes::DELIVERY_TOO_LARGE)
                .with("body", body)
                .with("maximum", maximum),
            Refusal::Replayed(body) => new(codes::REPLAYED).with("body", body),
            Refusal::Rate { body, maximum } => {
                new(codes::RATE).with("body", body).with("maximum", maximum)
            }
            Refusal::NotCounted(detail) => new(codes::NOT_COUNTED).with("detail", detail),
            Refusal::Oprf(source) => source.diagnostic(),
            Refusal::Busy => new(codes::BUSY),
            Refusal::Stopped => new(codes::STOPPED),
        }
    }
}

/// A refusal as it travels.
#[derive(Serialize)]
struct OnWire {
    code: &'static str,
    it: String,
    en: String,
    /// What the sentences are filled with, so that the body's tool says them in its own words.
    args: BTreeMap<&'static str, String>,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let diagnostic = self.diagnostic();
        let body = OnWire {
            code: diagnostic.code.id,
            it: message(&diagnostic, Lang::It),
            en: message(&diagnostic, Lang::En),
            args: diagnostic.args,
        };
        (self.status(), as_json(&body)).into_response()
    }
}

/// A value of strings and numbers as a JSON answer.
pub(crate) fn as_json(value: &impl Serialize) -> impl IntoResponse {
    let text = serde_json::to_string(value).expect("strings and numbers are JSON");
    ([(CONTENT_TYPE, "application/json")], text)
}
