//! `wdl-holder ui`: a local page for the steward, on this machine only.
//!
//! Place in the flow: the same work as the command line, drawn.
//! It knows the office ([`view::Office`]) and nothing of keys, custodians or the network; it loads nothing from elsewhere and works without JavaScript.
//!
//! **Invariants:** it listens on 127.0.0.1 alone; nobody comes in without the token of this run; a file given to it lies in the body's own folder until it is sealed or the tool ends.

mod desk;
mod door;
mod form;
mod pages;
mod room;
mod shell;
pub mod view;

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use wdl_vocab::Lang;

use crate::error::HolderError;
use desk::{Desk, lock};
use door::{Door, ENTER};
use view::Office;

/// The largest file the page takes: it is read whole. Larger ones go through the command line.
pub const FILE_MAX: usize = 200 * 1024 * 1024;

/// Opens the page and serves it until Ctrl-C or its own button.
///
/// `port` 0 takes a free one; `opened` is told the address to open, which holds the token of this run.
///
/// # Errors
/// [`HolderError`] when the port is taken or the body's folder does not write.
pub fn serve(
    office: Arc<dyn Office>,
    port: u16,
    lang: Lang,
    opened: &mut dyn FnMut(&str),
) -> Result<(), HolderError> {
    let refused = |source: std::io::Error| HolderError::Page { port, source };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(4)
        .enable_all()
        .build()
        .map_err(refused)?;
    let desk = Desk::new(office)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .await
            .map_err(refused)?;
        let port = listener.local_addr().map_err(refused)?.port();
        let house = Arc::new(House {
            door: Arc::new(Door::new(port, lang)),
            desk,
            bell: Bell::default(),
            lang,
        });
        opened(&house.door.address());
        let stop = until_asked(Arc::clone(&house));
        axum::serve(listener, router(house))
            .with_graceful_shutdown(stop)
            .await
            .map_err(refused)
    })
}

/// Everything a request needs.
struct House {
    door: Arc<Door>,
    desk: Desk,
    bell: Bell,
    lang: Lang,
}

fn router(house: Arc<House>) -> Router {
    let door = Arc::clone(&house.door);
    Router::new()
        .route("/", get(room::root))
        .route(ENTER, get(room::enter))
        .route("/assets/{name}", get(room::asset))
        .route("/{lang}/", get(room::deliveries))
        .route(
            "/{lang}/send/{dataset}/{period}",
            get(room::send).post(room::upload),
        )
        .route("/{lang}/check/{id}", get(room::check))
        .route("/{lang}/check/{id}/{part}", get(room::part).post(room::act))
        .route("/{lang}/receipts", get(room::receipts).post(room::answer))
        .route("/{lang}/receipts/{delivery}", get(room::receipt))
        .route("/{lang}/receipts/{delivery}/file", get(room::sealed))
        .route("/{lang}/quit", post(room::quit))
        .fallback(room::nowhere)
        .layer(DefaultBodyLimit::max(FILE_MAX))
        .layer(from_fn_with_state(door, door::guard))
        .with_state(house)
}

/// Waits for Ctrl-C or for the page's own button.
async fn until_asked(house: Arc<House>) {
    tokio::select! {
        result = tokio::signal::ctrl_c() => {
            if result.is_err() {
                // Without a signal handler the page's button and the end of the process remain.
                house.bell.rung().await;
            }
        }
        () = house.bell.rung() => {}
    }
}

/// Rung once, to end the tool.
#[derive(Default)]
struct Bell(Mutex<(bool, Option<Waker>)>);

impl Bell {
    fn ring(&self) {
        let mut state = lock(&self.0);
        state.0 = true;
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    }

    fn rung(&self) -> impl Future<Output = ()> {
        std::future::poll_fn(|context| {
            let mut state = lock(&self.0);
            if state.0 {
                return Poll::Ready(());
            }
            state.1 = Some(context.waker().clone());
            Poll::Pending
        })
    }
}
