//! The service: two routes, every question checked before it costs anything.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use wdl_crypto::oprf::wire::{self, MAX_REQUEST_BYTES, Question, Request};
use wdl_vocab::{BodyId, DatasetId, Period};

use crate::custodian::{Bodies, Custodian};
use crate::error::KeysError;
use crate::refusal::{Refusal, as_json};

/// Questions that may wait at once; one more is told to come later.
const MAX_WAITING: usize = 64;
/// Questions answered at once: each already uses every core.
const MAX_ANSWERING: usize = 2;

/// What was answered for each declared delivery.
type Answered = BTreeMap<(BodyId, DatasetId, Period), u64>;

struct Service {
    custodian: Custodian,
    bodies: Bodies,
    max_values: u64,
    answered: Mutex<Answered>,
    waiting: Semaphore,
    answering: Semaphore,
}

/// Listens until the process is told to stop.
pub(crate) fn serve(
    custodian: Custodian,
    bodies: Bodies,
    address: SocketAddr,
    max_values: u64,
) -> Result<(), KeysError> {
    let listen_error = |source| KeysError::Listen { address, source };
    let service = Arc::new(Service {
        custodian,
        bodies,
        max_values,
        answered: Mutex::default(),
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
        announce(&service, bound);
        axum::serve(listener, router(service))
            .with_graceful_shutdown(stop())
            .await
            .map_err(listen_error)
    })
}

/// One line on standard output: who listens where.
fn announce(service: &Service, address: SocketAddr) {
    let public = service.custodian.public();
    let line = json!({
        "listening": format!("http://{address}"),
        "custodian": public.custodian,
        "key_period": public.key_period,
        "public_key": public.public_key,
        "bodies": service.bodies.len(),
    });
    println!("{line}");
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
        .route("/v1/public-key", get(public_key))
        .route("/v1/evaluate", post(evaluate))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .with_state(service)
}

async fn public_key(State(service): State<Arc<Service>>) -> Response {
    as_json(service.custodian.public()).into_response()
}

async fn evaluate(
    State(service): State<Arc<Service>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let outcome = answer(&service, body).await;
    if let Err(refusal) = &outcome {
        use wdl_vocab::Diagnose as _;
        eprintln!("{}", json!({ "refused": refusal.diagnostic().code.id }));
    }
    outcome
}

async fn answer(
    service: &Arc<Service>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let _place = service.waiting.try_acquire().map_err(|_| Refusal::Busy)?;
    let body = body.map_err(|_| Refusal::TooLarge)?;
    let question = Question::from_bytes(&body)?;
    service.check(&question)?;
    service.count(question.request())?;
    let _turn = service
        .answering
        .acquire()
        .await
        .map_err(|_| Refusal::Stopped)?;
    let evaluating = Arc::clone(service);
    let bytes = tokio::task::spawn_blocking(move || evaluating.evaluate(&question))
        .await
        .map_err(|_| Refusal::Stopped)??;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

impl Service {
    /// Whether a body of the agreement asks, for the period of this key.
    fn check(&self, question: &Question) -> Result<(), Refusal> {
        let request = question.request();
        let key = self
            .bodies
            .key(&request.body)
            .ok_or_else(|| Refusal::UnknownBody(request.body.clone()))?;
        question
            .verify(key)
            .map_err(|_| Refusal::Unsigned(request.body.clone()))?;
        let expected = &self.custodian.public().key_period;
        match request.realm.key_period() == expected {
            true => Ok(()),
            false => Err(Refusal::KeyPeriod {
                expected: expected.clone(),
                actual: request.realm.key_period().to_owned(),
            }),
        }
    }

    /// Counts what is asked for the declared delivery: nobody walks through all codes under one delivery's name.
    fn count(&self, request: &Request) -> Result<(), Refusal> {
        let delivery = (
            request.body.clone(),
            request.dataset.clone(),
            request.period,
        );
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let total = answered.entry(delivery).or_default();
        let wanted = total.saturating_add(request.count as u64);
        if wanted > self.max_values {
            return Err(Refusal::Budget {
                body: request.body.clone(),
                maximum: self.max_values,
            });
        }
        *total = wanted;
        eprintln!(
            "{}",
            json!({
                "body": request.body,
                "dataset": request.dataset,
                "period": request.period,
                "values": request.count,
                "delivery_total": wanted,
            })
        );
        Ok(())
    }

    fn evaluate(&self, question: &Question) -> Result<Vec<u8>, Refusal> {
        let key = self.custodian.key();
        let evaluated = key.evaluate(question.blinded())?;
        let response = wire::Response {
            public_key: key.public_key(),
            evaluated,
        };
        Ok(response.to_bytes())
    }
}
