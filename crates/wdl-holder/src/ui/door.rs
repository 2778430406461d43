//! The door of the local page: who may come in, and what every answer says to the browser.
//!
//! The page listens on the loopback alone, but every site open in the same browser can send requests there.
//! So three things are asked of each request: the address the tool itself gave (against DNS rebinding), this tool's own pages as its origin (against forms of other sites), and the cookie that only the first address gives.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use wdl_crypto::HashKey;
use wdl_vocab::Lang;

use super::FILE_MAX;
use super::form::pairs;
use crate::words::say;

/// The path that gives the cookie, with the token of the first address.
pub(super) const ENTER: &str = "/enter";

/// What the browser may load: this tool's own files, and nothing else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Who may come in.
pub(super) struct Door {
    /// `127.0.0.1:PORT`, as a browser that was given the first address writes it.
    host: String,
    origin: String,
    /// A browser sends a cookie to every port of this machine: the name says whose it is.
    cookie: String,
    /// Made for this run and never written down.
    key: HashKey,
    lang: Lang,
}

impl Door {
    pub(super) fn new(port: u16, lang: Lang) -> Door {
        let host = format!("127.0.0.1:{port}");
        Door {
            origin: format!("http://{host}"),
            cookie: format!("wdl_session_{port}"),
            host,
            key: HashKey::generate(),
            lang,
        }
    }

    /// The first address: whoever has it may come in, until the tool ends.
    pub(super) fn address(&self) -> String {
        format!("{}{ENTER}?token={}", self.origin, self.secret("token"))
    }

    /// 32 bytes that nobody can guess, one value for each use.
    fn secret(&self, used_for: &str) -> String {
        let bytes = self.key.hash("local-page", used_for.as_bytes());
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Compares through the key, so that the time taken says nothing.
    fn is_secret(&self, used_for: &str, given: &str) -> bool {
        let hash = |text: &str| self.key.hash("local-page-compare", text.as_bytes());
        hash(given) == hash(&self.secret(used_for))
    }

    fn refusal(&self, request: &Request<Body>) -> Option<(StatusCode, &'static str)> {
        let headers = request.headers();
        if text(headers, &header::HOST) != Some(self.host.as_str()) {
            return Some((StatusCode::MISDIRECTED_REQUEST, "ui-refused-host"));
        }
        match *request.method() {
            Method::GET => {}
            Method::POST if self.is_own(headers) => {}
            Method::POST => return Some((StatusCode::FORBIDDEN, "ui-refused-origin")),
            _ => return Some((StatusCode::METHOD_NOT_ALLOWED, "ui-refused-method")),
        }
        let length = text(headers, &header::CONTENT_LENGTH).and_then(|text| text.parse().ok());
        if length.is_some_and(|length: u64| length > FILE_MAX as u64) {
            // Said before it is read.
            return Some((StatusCode::PAYLOAD_TOO_LARGE, "ui-refused-size"));
        }
        if request.uri().path() == ENTER || self.has_cookie(headers) {
            return None;
        }
        Some((StatusCode::FORBIDDEN, "ui-refused-token"))
    }

    /// Whether a form was sent by a page of this tool.
    fn is_own(&self, headers: &HeaderMap) -> bool {
        let site = HeaderName::from_static("sec-fetch-site");
        text(headers, &header::ORIGIN) == Some(self.origin.as_str())
            && text(headers, &site).is_none_or(|site| site == "same-origin")
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(name, value)| name == self.cookie && self.is_secret("cookie", value))
    }

    /// Exchanges the token of the first address for the cookie.
    pub(super) fn enter(&self, query: &str) -> Response {
        let given = pairs(query)
            .into_iter()
            .find(|(name, _)| name == "token")
            .map(|(_, value)| value)
            .unwrap_or_default();
        if !self.is_secret("token", &given) {
            return self.refuse(StatusCode::FORBIDDEN, "ui-refused-token");
        }
        let cookie = format!(
            "{}={}; Path=/; HttpOnly; SameSite=Strict",
            self.cookie,
            self.secret("cookie")
        );
        let home = format!("/{}/", self.lang);
        (
            StatusCode::SEE_OTHER,
            [(header::SET_COOKIE, cookie), (header::LOCATION, home)],
        )
            .into_response()
    }

    /// A refusal in plain text: whoever is refused sees no page of the tool.
    fn refuse(&self, status: StatusCode, key: &str) -> Response {
        let mut answer = (status, say(self.lang, key, &[]) + "\n").into_response();
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        answer.headers_mut().insert(header::CONTENT_TYPE, plain);
        answer
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Lets a request in or refuses it, and puts the headers of safety on the answer.
pub(super) async fn guard(
    State(door): State<std::sync::Arc<Door>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let mut answer = match door.refusal(&request) {
        Some((status, key)) => door.refuse(status, key),
        None => next.run(request).await,
    };
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: with it a browser hides the origin of our own forms.
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Every page may show personal data: no copy stays in the browser.
    let no_store = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    answer
}
