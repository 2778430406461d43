//! The encrypted connection of the service: TLS by rustls, with the provider named here and nowhere else.
//!
//! A connection is greeted on its own, within a time, so that one that says nothing holds up nobody.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::error::KeysError;

/// Connections that are being greeted at once.
const MAX_GREETING: usize = 64;
/// How long a greeting may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The certificate and key of the connection.
pub(crate) struct Tls(TlsAcceptor);

impl Tls {
    /// Reads a chain of certificates and the key of the first, in PEM.
    pub(crate) fn read(certificate: &Path, key: &Path) -> Result<Tls, KeysError> {
        let fault = |file: &Path, detail: &dyn std::fmt::Display| KeysError::Tls {
            file: file.to_owned(),
            detail: detail.to_string(),
        };
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| fault(certificate, &error))?;
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| fault(key, &error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| fault(certificate, &error))?
            .with_no_client_auth()
            .with_single_cert(chain, secret)
            .map_err(|error| fault(certificate, &error))?;
        Ok(Tls(TlsAcceptor::from(Arc::new(config))))
    }
}

/// A connection that has been greeted.
type Greeted = (TlsStream<TcpStream>, SocketAddr);

/// Greets the connections of a listener.
pub(crate) struct TlsListener {
    greeted: mpsc::Receiver<Greeted>,
    address: SocketAddr,
}

impl TlsListener {
    /// Begins to greet.
    pub(crate) fn new(listener: TcpListener, tls: Tls) -> TlsListener {
        let address = listener
            .local_addr()
            .expect("a listener that is bound has an address");
        let (send, greeted) = mpsc::channel(MAX_GREETING);
        tokio::spawn(greet(listener, tls.0, send));
        TlsListener { greeted, address }
    }
}

async fn greet(mut listener: TcpListener, acceptor: TlsAcceptor, send: mpsc::Sender<Greeted>) {
    let places = Arc::new(Semaphore::new(MAX_GREETING));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        // The listener of the web server waits when the system is out of connections.
        let (stream, address) = Listener::accept(&mut listener).await;
        let (acceptor, send) = (acceptor.clone(), send.clone());
        tokio::spawn(async move {
            let greeting = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await;
            drop(place);
            if let Ok(Ok(stream)) = greeting {
                let _ = send.send((stream, address)).await;
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.greeted.recv().await {
            Some(greeted) => greeted,
            // Nobody greets any more: the service is ending.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}
