//! `wdl serve`: the public site on the loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use wdl_lab::{Home, Stopped};
use wdl_publication::CONTENT_SECURITY_POLICY;
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, Text};

use crate::answer::Answer;
use crate::manner::Manner;

/// Serves the public site on the loopback
#[derive(clap::Args)]
pub(crate) struct Serve {
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 8765)]
    port: u16,
}

impl Serve {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let home = Home::open(&manner.dir)?;
        serve(&home.site(), self.port)?;
        let text = Text::fixed(
            "Il sito non è più servito.",
            "The site is no longer served.",
        );
        Ok(Answer::new(text, serde_json::json!({ "served": true })))
    }
}

/// Serves a site until Ctrl-C; a port that is taken gives way to a free one only when it is 0.
pub(crate) fn serve(site: &Path, port: u16) -> Result<(), Stopped> {
    if !site.join("index.html").is_file() {
        return Err(Stopped::new(
            Diagnostic::new(codes::NO_SITE).with("directory", site.display()),
        ));
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let refused = |fault: std::io::Error| {
        Stopped::new(
            Diagnostic::new(codes::ADDRESS)
                .with("address", address)
                .with("detail", fault),
        )
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(refused)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let here = listener.local_addr().map_err(refused)?;
        eprintln!("http://{here}/  (Ctrl-C)");
        axum::serve(listener, router(site))
            .with_graceful_shutdown(interrupted())
            .await
            .map_err(refused)
    })
}

fn router(site: &Path) -> Router {
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    Router::new()
        .fallback_service(ServeDir::new(site))
        .layer(header(
            header::CONTENT_SECURITY_POLICY,
            CONTENT_SECURITY_POLICY,
        ))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
}

async fn interrupted() {
    // Without a signal handler the server only ends with the process, which is as good.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
