//! A proxy on 127.0.0.1 for clients that know nothing of endpoints: it answers AWS's own host names
//! from this world, over TLS of a throw-away authority, and lets nothing else through.

mod authority;

use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use super::error::PracticeError;
use super::guests::{Bounds, House};
use super::hosts::{self, host_of};
use super::{Gate, Practice, Unreached, server};
use authority::Authority;

/// How many connections are served at once; more wait until one ends.
const CONNECTIONS: usize = 256;
/// How long a client may take over what comes before its first request.
const PATIENCE: Duration = Duration::from_secs(30);
/// The first byte of a TLS connection.
const HANDSHAKE: u8 = 0x16;
/// What clients that do not show a refusal's text show in its place.
const REASON: &[u8] = b"Sealed by Espera: only practice AWS is reachable here";

/// A running proxy; it stops when dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    certificate: String,
    stop: watch::Sender<bool>,
    worker: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Where it listens, as `HTTPS_PROXY` takes it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of its authority (PEM), which clients must trust and nobody else should.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Stops listening and waits until the connections are let go.
    pub fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl Practice {
    /// Offers this world under AWS's names to clients that go through a proxy, on a free port of
    /// 127.0.0.1. `home` is where the world is served, if it is; `gate` says whose signatures are taken.
    ///
    /// # Errors
    /// `Listen` when no port or no key can be had.
    pub fn proxy(&self, home: Option<SocketAddr>, gate: Gate) -> Result<Proxy, PracticeError> {
        let listen = |source| PracticeError::Listen { address: (Ipv4Addr::LOCALHOST, 0).into(), source };
        let authority = Authority::new().map_err(|error| listen(std::io::Error::other(error)))?;
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let (stop, stopped) = watch::channel(false);
        let certificate = authority.pem();
        let world = Arc::new(World {
            practice: self.clone(),
            authority,
            home,
            gate,
            house: House::new(Bounds { connections: CONNECTIONS, ..Bounds::default() }),
        });
        let worker = server::start(stopped, move || accept(world, listener)).map_err(listen)?;
        Ok(Proxy { address, certificate, stop, worker: Some(worker) })
    }
}

/// What every connection needs.
#[derive(Debug)]
struct World {
    practice: Practice,
    authority: Authority,
    home: Option<SocketAddr>,
    gate: Gate,
    /// Bodies through the proxy have their deadlines and their room too.
    house: Arc<House>,
}

async fn accept(world: Arc<World>, listener: StdListener) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let seats = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(seat) = seats.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(server::BREATH).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let world = world.clone();
        tokio::spawn(async move {
            world.converse(stream).await;
            drop(seat);
        });
    }
}

/// Where a request wants to go, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    /// A name of AWS, or of this world on this machine.
    Practice,
    /// Anything else.
    Outside,
}

impl World {
    async fn converse(self: Arc<World>, stream: TcpStream) {
        let tunnels = Arc::new(tokio::sync::Mutex::new(tokio::task::JoinSet::new()));
        let service = service_fn(|request| {
            let (world, tunnels) = (self.clone(), tunnels.clone());
            async move { world.forward(request, &tunnels).await }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        // A client that goes away in the middle is no matter of ours.
        let _ = connection.await;
        // The seat is taken for as long as what goes through the connection.
        let mut tunnels = tunnels.lock().await;
        while tunnels.join_next().await.is_some() {}
    }

    /// A request as proxies get them: CONNECT, or one with its whole address.
    async fn forward(
        self: Arc<World>,
        request: Request<Incoming>,
        tunnels: &tokio::sync::Mutex<tokio::task::JoinSet<()>>,
    ) -> Result<Response<Full<Bytes>>, Unreached> {
        let Some(authority) = request.uri().authority().cloned() else {
            return Ok(server::plain(StatusCode::BAD_REQUEST, NO_PROXY_REQUEST));
        };
        if self.goal(authority.as_str()) == Goal::Outside {
            return Ok(refusal(authority.host()));
        }
        if request.method() != Method::CONNECT {
            let guest = self.house.enter();
            let request = with_host(request, authority.as_str());
            return server::answer(&self.practice, &self.gate, &guest, request).await;
        }
        let world = self.clone();
        tunnels.lock().await.spawn(async move {
            if let Ok(upgraded) = hyper::upgrade::on(request).await {
                world.tunnel(upgraded, authority.host()).await;
            }
        });
        Ok(Response::new(Full::default()))
    }

    /// Plays the host that a client believes to be connected to.
    async fn tunnel(&self, upgraded: Upgraded, name: &str) {
        let mut stream = BufReader::new(TokioIo::new(upgraded));
        let first = tokio::time::timeout(PATIENCE, stream.fill_buf()).await;
        let Ok(Ok(Some(first))) = first.map(|read| read.map(|bytes| bytes.first().copied())) else { return };
        if first != HANDSHAKE {
            return self.serve(stream, name).await;
        }
        let Ok(config) = self.authority.vouch(name) else { return };
        let handshake = TlsAcceptor::from(config).accept(stream);
        if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, handshake).await {
            self.serve(stream, name).await;
        }
    }

    async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin, name: &str) {
        let stay = self.house.enter();
        let guest = &stay;
        let service = service_fn(move |request: Request<Incoming>| async move {
            // Within a tunnel too: nothing but this world answers.
            let host = host_of(&request).to_owned();
            let inside = host.is_empty() || is_aws(&host) || hosts::is_local(&host);
            if !inside {
                return Ok(refusal(&host));
            }
            let request = if host.is_empty() { with_host(request, name) } else { request };
            server::answer(&self.practice, &self.gate, guest, request).await
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            _ = connection => {}
            () = stay.wait_for_dismissal() => {}
        }
    }

    fn goal(&self, authority: &str) -> Goal {
        let host = hosts::without_port(authority);
        // Other programs on this machine are none of this world's: only its own port is.
        let port = authority.strip_prefix(host).and_then(|rest| rest.strip_prefix(':')?.parse().ok());
        let ours = || self.home.map(|home| home.port()) == Some(port.unwrap_or(80));
        let inside = is_aws(host) || (hosts::is_local(host) && ours());
        if inside { Goal::Practice } else { Goal::Outside }
    }
}

/// Endings of AWS's host names, in all its partitions, and those it gives to customers.
const AWS: [&str; 8] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".on.aws",
    ".aws.dev",
    ".cloudfront.net",
    ".awsapps.com",
];

/// Whether a host (without port) is one of AWS's.
pub(super) fn is_aws(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    AWS.iter().any(|ending| host.ends_with(ending))
        || host == "amazonaws.com"
        || host.ends_with(".aws.amazon.com")
}

/// The request with the host it is for in its header.
fn with_host(mut request: Request<Incoming>, authority: &str) -> Request<Incoming> {
    if let Ok(host) = header::HeaderValue::from_str(authority) {
        request.headers_mut().insert(header::HOST, host);
    }
    request
}

/// What is said to one who speaks to the proxy as to a server.
const NO_PROXY_REQUEST: &str = "This is the proxy of Espera's practice AWS. Set HTTPS_PROXY to its address; `espera cloud env` does.\n\
     Este es el proxy del AWS de práctica de Espera. Pon su dirección en HTTPS_PROXY; `espera cloud env` lo hace.\n";

/// The answer to a request that would leave this machine.
fn refusal(host: &str) -> Response<Full<Bytes>> {
    let host = ground::lang::printable(host);
    let text = format!(
        "Nada sale de la terminal de práctica de Espera: {host} no es de AWS, así que no responde nadie. \
         Usa otra terminal para lo demás, o quita aquí el proxy: unset HTTPS_PROXY HTTP_PROXY https_proxy http_proxy\n\
         Nothing leaves Espera's practice terminal: {host} is not AWS's, so nobody answers. \
         Use another terminal for the rest, or take the proxy away here: unset HTTPS_PROXY HTTP_PROXY https_proxy http_proxy\n"
    );
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = StatusCode::FORBIDDEN;
    let kind = header::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.extensions_mut().insert(ReasonPhrase::from_static(REASON));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_is_known_by_its_names_and_by_no_look_alike() {
        for host in [
            "sts.amazonaws.com",
            "rds.us-east-1.amazonaws.com",
            "b.s3.dualstack.us-west-1.amazonaws.com",
            "pages.s3-website-us-east-1.amazonaws.com",
            "a1.execute-api.us-east-1.amazonaws.com",
            "D1.CloudFront.Net",
            "ec2.us-west-2.api.aws",
            "x.lambda-url.us-east-1.on.aws",
            "sts.cn-north-1.amazonaws.com.cn",
            "signin.aws.amazon.com",
            "sts.amazonaws.com.",
        ] {
            assert!(is_aws(host), "{host}");
        }
        for host in [
            "example.com",
            "amazonaws.com.evil.example",
            "xamazonaws.com",
            "amazon.com",
            "cloudfront.net.example",
            "169.254.169.254",
            "169.254.170.2",
            "fd00:ec2::254",
            "",
        ] {
            assert!(!is_aws(host), "{host}");
        }
    }
}
