//! The service: three routes, every message checked before it costs anything.
//!
//! The log on standard error is JSON, one line for each thing that happened: counts and codes, never a value.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use wdl_crypto::Moment;
use wdl_crypto::oprf::declaration::{
    CLOCK_LIMIT_SECONDS, CLOCK_WARNING_SECONDS, Declared, MAX_DECLARATION_BYTES,
};
use wdl_crypto::oprf::wire::{self, MAX_REQUEST_BYTES, Question};
use wdl_vocab::Diagnose as _;

use crate::bodies::Bodies;
use crate::counts::{Counted, Counts, Limits};
use crate::custodian::Custodian;
use crate::error::KeysError;
use crate::refusal::{Refusal, as_json};
use crate::tls::{Tls, TlsListener};

/// Messages that are read at once; one more is told to come later.
const MAX_WAITING: usize = 64;
/// Questions answered at once: each already uses every core.
const MAX_ANSWERING: usize = 2;
/// How long a message may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a service needs.
pub(crate) struct Parts {
    /// The key and whose it is.
    pub(crate) custodian: Custodian,
    /// Whom it answers.
    pub(crate) bodies: Bodies,
    /// What it has answered.
    pub(crate) counts: Counts,
    /// How much it answers.
    pub(crate) limits: Limits,
    /// The encrypted connection; without it the service listens to its own machine alone.
    pub(crate) tls: Option<Tls>,
}

struct Service {
    custodian: Custodian,
    bodies: Bodies,
    limits: Limits,
    counts: Mutex<Counts>,
    waiting: Semaphore,
    answering: Semaphore,
}

/// The custodian's clock.
pub(crate) fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Moment::of_seconds(seconds).ok())
        .expect("the clock stands within the calendar")
}

/// Listens until the process is told to stop.
pub(crate) fn serve(parts: Parts, address: SocketAddr) -> Result<(), KeysError> {
    if parts.tls.is_none() && !address.ip().is_loopback() {
        return Err(KeysError::Plain(address));
    }
    let listen_error = |source| KeysError::Listen { address, source };
    let service = Arc::new(Service {
        custodian: parts.custodian,
        bodies: parts.bodies,
        limits: parts.limits,
        counts: Mutex::new(parts.counts),
        waiting: Semaphore::new(MAX_WAITING),
        answering: Semaphore::new(MAX_ANSWERING),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(listen_error)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(listen_error)?;
        let bound = listener.local_addr().map_err(listen_error)?;
        let router = router(Arc::clone(&service));
        match parts.tls {
            Some(tls) => {
                announce(&service, "https", bound);
                let listener = TlsListener::new(listener, tls);
                axum::serve(listener, router)
                    .with_graceful_shutdown(stop())
                    .await
            }
            None => {
                announce(&service, "http", bound);
                axum::serve(listener, router)
                    .with_graceful_shutdown(stop())
                    .await
            }
        }
        .map_err(listen_error)
    })
}

/// One line on standard output: who listens where, and the thresholds it publishes.
fn announce(service: &Service, scheme: &str, address: SocketAddr) {
    let public = service.custodian.public();
    let line = json!({
        "listening": format!("{scheme}://{address}"),
        "custodian": public.custodian,
        "lab": public.realm.lab(),
        "project": public.realm.project(),
        "key_period": public.realm.key_period(),
        "public_key": public.public_key,
        "bodies": service.bodies.len(),
        "limits": service.limits,
    });
    println!("{line}");
}

/// One line of the log; a log that cannot be written stops nothing.
fn log(line: &Value) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}

async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/v2/public-key", get(public_key))
        .route("/v2/declare", post(declare))
        .route("/v2/evaluate", post(evaluate))
        .with_state(service)
}

async fn public_key(State(service): State<Arc<Service>>) -> Response {
    let mut told = json!(service.custodian.public());
    told["limits"] = json!(service.limits);
    as_json(&told).into_response()
}

async fn declare(State(service): State<Arc<Service>>, body: Body) -> Response {
    tell(in_turn(&service, declaration(Arc::clone(&service), body)).await)
}

async fn evaluate(State(service): State<Arc<Service>>, body: Body) -> Response {
    tell(in_turn(&service, answer(Arc::clone(&service), body)).await)
}

/// A message is read only when it has a place, so that what waits is bounded.
async fn in_turn(
    service: &Service,
    work: impl Future<Output = Result<Response, Refusal>>,
) -> Result<Response, Refusal> {
    let _place = service.waiting.try_acquire().map_err(|_| Refusal::Busy)?;
    work.await
}

fn tell(outcome: Result<Response, Refusal>) -> Response {
    outcome.unwrap_or_else(|refusal| {
        let diagnostic = refusal.diagnostic();
        let body = diagnostic.args.get("body");
        log(&json!({ "at": now(), "refused": diagnostic.code.id, "body": body }));
        refusal.into_response()
    })
}

async fn whole(body: Body, most: usize) -> Result<Bytes, Refusal> {
    tokio::time::timeout(PATIENCE, to_bytes(body, most))
        .await
        .map_err(|_| Refusal::TooSlow)?
        .map_err(|_| Refusal::TooLarge)
}

/// Work that waits for the disk or the processor, away from the connections.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Refusal::Stopped)?
}

async fn declaration(service: Arc<Service>, body: Body) -> Result<Response, Refusal> {
    let body = whole(body, MAX_DECLARATION_BYTES).await?;
    let declared = Declared::from_bytes(&body)?;
    let accepted = apart(move || service.declare(&declared, now())).await?;
    Ok(as_json(&accepted).into_response())
}

async fn answer(service: Arc<Service>, body: Body) -> Result<Response, Refusal> {
    let body = whole(body, MAX_REQUEST_BYTES).await?;
    let turn = Arc::clone(&service);
    let _turn = turn
        .answering
        .acquire()
        .await
        .map_err(|_| Refusal::Stopped)?;
    let bytes = apart(move || service.answer(&Question::from_bytes(&body)?, now())).await?;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

impl Service {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a delivery that a body of the agreement declares for the realm of this key.
    fn declare(&self, declared: &Declared, now: Moment) -> Result<Value, Refusal> {
        let declaration = declared.declaration();
        let body = &declaration.body;
        self.bodies
            .check(body, now, |key| declared.verify(key).is_ok())?;
        let (expected, actual) = (&self.custodian.public().realm, &declaration.realm);
        if (expected.lab(), expected.project()) != (actual.lab(), actual.project()) {
            return Err(Refusal::Project {
                expected: format!("{}/{}", expected.lab(), expected.project()),
                actual: format!("{}/{}", actual.lab(), actual.project()),
            });
        }
        if expected.key_period() != actual.key_period() {
            return Err(Refusal::KeyPeriod {
                expected: expected.key_period().to_owned(),
                actual: actual.key_period().to_owned(),
            });
        }
        let off = check_clock(declaration.created, now)?;
        self.counts().declare(declared, now)?;
        let id = declared.id();
        log(&json!({
            "at": now,
            "declared": id,
            "body": body,
            "dataset": declaration.dataset,
            "period": declaration.period,
            "kind": declaration.kind,
            "rows": declaration.rows,
            "values": declaration.values,
        }));
        if off.abs() > CLOCK_WARNING_SECONDS {
            log(&json!({ "at": now, "warning": "clock-skew", "body": body, "seconds": off }));
        }
        Ok(json!({ "declaration": id, "clock_off_seconds": off }))
    }

    /// Answers one batch of a declared delivery.
    ///
    /// It is counted after it was evaluated, so that one that cannot be costs nothing, and before its answer leaves.
    fn answer(&self, question: &Question, now: Moment) -> Result<Vec<u8>, Refusal> {
        let (body, created) = self.counts().declarer(question.batch())?;
        self.bodies
            .check(&body, now, |key| question.verify(key).is_ok())?;
        check_clock(created, now)?;
        self.counts().turn(question, now)?;
        let key = self.custodian.key();
        let evaluated = key.evaluate(question.blinded())?;
        let counted = self.counts().count(question, now)?;
        self.tell_counted(&counted);
        let response = wire::Response {
            public_key: key.public_key(),
            evaluated,
        };
        Ok(response.to_bytes())
    }

    fn tell_counted(&self, counted: &Counted) {
        log(&json!(counted));
        if counted.is_alarming {
            log(&json!({
                "alarm": "oprf-rate",
                "threshold": self.limits.alarm,
                "count": counted,
            }));
        }
    }
}

/// By how many seconds the body's clock is ahead, when that can still be accepted.
fn check_clock(created: Moment, now: Moment) -> Result<i64, Refusal> {
    let off = created.since(now);
    match off.abs() <= CLOCK_LIMIT_SECONDS {
        true => Ok(off),
        false => Err(Refusal::Clock {
            days: off.abs() / 86_400,
            maximum: CLOCK_LIMIT_SECONDS / 86_400,
        }),
    }
}
