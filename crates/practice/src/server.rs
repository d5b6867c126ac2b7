//! The same world on a port, for any client: HTTP/1.1, on 127.0.0.1 unless told otherwise. What is let
//! in is the gate's to say.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener as StdListener, TcpStream as StdStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use super::clients::Client;
use super::error::PracticeError;
use super::guests::{Bounds, HEAD, House, Lost, Stay};
use super::{Gate, Practice, Unreached};

/// The stack of a thread that serves requests, in bytes. What AWS's limits let through needs less than
/// half of it even in a debug build: the tests of the limits ask the extremes on 512 KiB and 1 MiB.
const STACK: usize = 2 << 20;
/// Accepting again after an error such as too many open files.
pub(super) const BREATH: Duration = Duration::from_millis(50);
/// The same where somebody could make room.
const SHORT_BREATH: Duration = Duration::from_millis(2);

/// Where a world listens, and whom it lets in.
#[derive(Clone, Debug)]
pub struct Listen {
    /// The address: of this machine alone unless told otherwise.
    pub address: IpAddr,
    /// The port; 0 finds a free one.
    pub port: u16,
    /// So many threads: more than one for a server under load.
    pub threads: usize,
    /// Whom it lets in.
    pub gate: Gate,
    /// What it allows those who connect.
    pub bounds: Bounds,
}

impl Default for Listen {
    fn default() -> Self {
        Listen {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            threads: 1,
            gate: Gate::default(),
            bounds: Bounds::default(),
        }
    }
}

/// What every connection needs.
#[derive(Debug)]
struct Served {
    practice: Practice,
    gate: Gate,
    house: Arc<House>,
}

/// A running server; it stops when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as `--endpoint-url` takes it.
    #[must_use]
    pub fn url(&self) -> String {
        // Who listens everywhere listens here too.
        let mut address = self.address;
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("http://{address}")
    }

    /// Stops listening and waits until the connections are let go.
    pub fn stop(mut self) {
        self.stop.send_replace(true);
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl Practice {
    /// Offers this world on 127.0.0.1 (`port` 0 finds a free one), on a thread of its own.
    ///
    /// # Errors
    /// `Listen` when the port is taken or may not be used.
    pub fn serve(&self, port: u16) -> Result<Server, PracticeError> {
        self.serve_as(Listen { port, ..Listen::default() })
    }

    /// As `serve`, as told.
    ///
    /// # Errors
    /// `Listen` when the address or port is taken or may not be used.
    pub fn serve_as(&self, how: Listen) -> Result<Server, PracticeError> {
        let Listen { address: ip, port, threads, gate, bounds } = how;
        let asked = SocketAddr::new(ip, port);
        let listen = |source| PracticeError::Listen { address: asked, source };
        let listener = StdListener::bind(asked).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let served = Arc::new(Served { practice: self.clone(), gate, house: House::new(bounds) });
        let (stop, stopped) = watch::channel(false);
        let mut workers = Vec::new();
        let mut seats = Vec::new();
        for _ in 1..threads.max(1) {
            let (seat, arrivals) = mpsc::unbounded_channel();
            seats.push(seat);
            let served = Arc::clone(&served);
            workers.push(start(stopped.clone(), move || work(served, arrivals)).map_err(listen)?);
        }
        workers.push(start(stopped, move || accept(served, listener, seats)).map_err(listen)?);
        Ok(Server { address, stop, workers })
    }
}

/// Runs a future on a thread with a runtime of its own until the server stops. One thread a core and
/// no work stealing: a connection's requests stay where their caches are warm.
pub(super) fn start<F: Future<Output = ()>>(
    mut stopped: watch::Receiver<bool>,
    task: impl FnOnce() -> F + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("practice".into()).stack_size(STACK).spawn(move || {
        runtime.block_on(async move {
            tokio::select! {
                () = task() => {}
                _ = stopped.wait_for(|stop| *stop) => {}
            }
        });
    })
}

/// Accepts connections and deals them out in turn, this thread included.
async fn accept(served: Arc<Served>, listener: StdListener, seats: Vec<mpsc::UnboundedSender<StdStream>>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let driver = served.practice.clone();
    tokio::spawn(async move { driver.drive().await });
    let mut turn = 0;
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                let room = no_descriptors(&error) && served.house.make_room();
                tokio::time::sleep(if room { SHORT_BREATH } else { BREATH }).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        match seats.get(turn) {
            None => converse(&served, stream),
            Some(seat) => {
                if let Ok(stream) = stream.into_std() {
                    let _ = seat.send(stream);
                }
            }
        }
        turn = (turn + 1) % (seats.len() + 1);
    }
}

/// Whether the system had no descriptor left for a connection.
fn no_descriptors(error: &io::Error) -> bool {
    #[cfg(unix)]
    let codes = [libc::EMFILE, libc::ENFILE];
    // WSAEMFILE
    #[cfg(not(unix))]
    let codes = [10_024];
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

async fn work(served: Arc<Served>, mut arrivals: mpsc::UnboundedReceiver<StdStream>) {
    while let Some(stream) = arrivals.recv().await {
        if let Ok(stream) = TcpStream::from_std(stream) {
            converse(&served, stream);
        }
    }
}

fn converse(served: &Arc<Served>, stream: TcpStream) {
    let (served, stay) = (Arc::clone(served), Arc::new(served.house.enter()));
    let head = served.house.bounds().head;
    tokio::spawn(async move {
        let guest = Arc::clone(&stay);
        let service = service_fn(move |request| {
            let (served, guest) = (Arc::clone(&served), Arc::clone(&guest));
            async move { respond(&served, &guest, request).await }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .pipeline_flush(true)
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .max_buf_size(HEAD)
            .serve_connection(TokioIo::new(stream), service);
        // A client that goes away in the middle is no matter of ours.
        tokio::select! {
            _ = connection => {}
            () = stay.wait_for_dismissal() => {}
        }
    });
}

/// The answer; an error closes the connection, as that of a server that is gone.
async fn respond(
    served: &Served,
    guest: &Stay,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Unreached> {
    if let Some((status, why)) = served.gate.refusal(&request) {
        return Ok(plain(status, why));
    }
    answer(&served.practice, &served.gate, guest, request).await
}

/// The answer to one who was let in, by this door or by the proxy's.
pub(super) async fn answer(
    practice: &Practice,
    gate: &Gate,
    guest: &Stay,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Unreached> {
    let (head, body) = request.into_parts();
    match guest.body(body).await {
        Ok((body, _answering)) => {
            let client = Client::of(&head);
            let response = practice.receive(Request::from_parts(head, body), gate).await?;
            if let (Some(client), true) = (client, response.status().is_success()) {
                practice.remember_client(client);
            }
            Ok(response.map(Full::new))
        }
        Err(lost) => Ok(body_refusal(practice, lost, Request::from_parts(head, Bytes::new()))),
    }
}

/// The answer to one whose body was not taken. What was left of it cannot be told from a next request, so the
/// connection is closed.
fn body_refusal(practice: &Practice, lost: Lost, request: Request<Bytes>) -> Response<Full<Bytes>> {
    let mut response = match lost {
        Lost::Late => practice.refuse_late(&request).map(Full::new),
        Lost::NoRoom => practice.refuse_crowd(&request).map(Full::new),
        Lost::TooLong => plain(StatusCode::PAYLOAD_TOO_LARGE, "The body is longer than 64 MiB.\n"),
        Lost::Broken => plain(StatusCode::BAD_REQUEST, "The body broke off.\n"),
    };
    response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}

pub(super) fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/plain"));
    response
}
