//! The same world on a loopback port, for any client: HTTP/1.1 on 127.0.0.1 alone, refusing hosts
//! that are not this machine's names, so that no web page can reach it by rebinding a name.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener, TcpStream as StdStream};
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

use super::guests::{Bounds, HEAD, House, Lost, Stay};
use super::route;
use super::trouble::PracticeError;
use super::{Practice, Unreached};

/// The stack of a thread that serves requests, in bytes. What AWS's limits let through needs less than
/// half of it even in a debug build: the tests of the limits ask the extremes on 512 KiB and 1 MiB.
const STACK: usize = 2 << 20;
/// Accepting again after an error such as too many open files, when somebody could make room and when nobody could.
const BREATHS: [Duration; 2] = [Duration::from_millis(2), Duration::from_millis(50)];

/// A running loopback server; it stops when dropped.
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
        format!("http://{}", self.address)
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
        self.serve_on(port, 1)
    }

    /// As `serve`, with so many threads: for a server under load.
    ///
    /// # Errors
    /// As `serve`.
    pub fn serve_on(&self, port: u16, threads: usize) -> Result<Server, PracticeError> {
        self.serve_within(port, threads, Bounds::default())
    }

    /// As `serve_on`, with other bounds on those who connect.
    ///
    /// # Errors
    /// As `serve`.
    pub fn serve_within(&self, port: u16, threads: usize, bounds: Bounds) -> Result<Server, PracticeError> {
        let listen = |source| PracticeError::Listen { port, source };
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let house = House::new(bounds);
        let (stop, stopped) = watch::channel(false);
        let mut workers = Vec::new();
        let mut seats = Vec::new();
        for _ in 1..threads.max(1) {
            let (seat, arrivals) = mpsc::unbounded_channel();
            seats.push(seat);
            let (practice, house) = (self.clone(), Arc::clone(&house));
            workers.push(start(stopped.clone(), move || work(practice, house, arrivals)).map_err(listen)?);
        }
        let practice = self.clone();
        workers.push(start(stopped, move || accept(practice, house, listener, seats)).map_err(listen)?);
        Ok(Server { address, stop, workers })
    }
}

/// Runs a future on a thread with a runtime of its own until the server stops. One thread a core and
/// no work stealing: a connection's requests stay where their caches are warm.
fn start<F: Future<Output = ()>>(
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
async fn accept(
    practice: Practice,
    house: Arc<House>,
    listener: StdListener,
    seats: Vec<mpsc::UnboundedSender<StdStream>>,
) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let driver = practice.clone();
    tokio::spawn(async move { driver.drive().await });
    let mut turn = 0;
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                let [soon, later] = BREATHS;
                let room = no_descriptors(&error) && house.crowded();
                tokio::time::sleep(if room { soon } else { later }).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        match seats.get(turn) {
            None => converse(practice.clone(), &house, stream),
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

async fn work(practice: Practice, house: Arc<House>, mut arrivals: mpsc::UnboundedReceiver<StdStream>) {
    while let Some(stream) = arrivals.recv().await {
        if let Ok(stream) = TcpStream::from_std(stream) {
            converse(practice.clone(), &house, stream);
        }
    }
}

fn converse(practice: Practice, house: &Arc<House>, stream: TcpStream) {
    let (stay, head) = (Arc::new(house.enter()), house.bounds().head);
    tokio::spawn(async move {
        let guest = Arc::clone(&stay);
        let service = service_fn(move |request| {
            let (practice, guest) = (practice.clone(), Arc::clone(&guest));
            async move { respond(&practice, &guest, request).await }
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
            () = stay.dismissed() => {}
        }
    });
}

/// The answer; an error closes the connection, as that of a server that is gone.
async fn respond(
    practice: &Practice,
    guest: &Stay,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Unreached> {
    if let Some(refusal) = refusal(&request) {
        return Ok(plain(StatusCode::FORBIDDEN, refusal));
    }
    let (head, body) = request.into_parts();
    match guest.body(body).await {
        Ok((body, _answering)) => Ok(practice.reach(Request::from_parts(head, body)).await?.map(Full::new)),
        Err(lost) => Ok(untaken(practice, lost, Request::from_parts(head, Bytes::new()))),
    }
}

/// The answer to one whose body was not taken. What was left of it cannot be told from a next request, so the
/// connection is closed.
fn untaken(practice: &Practice, lost: Lost, request: Request<Bytes>) -> Response<Full<Bytes>> {
    let mut response = match lost {
        Lost::Late => practice.refuse_late(&request).map(Full::new),
        Lost::NoRoom => practice.refuse_crowd(&request).map(Full::new),
        Lost::TooLong => plain(StatusCode::PAYLOAD_TOO_LARGE, "The body is longer than 64 MiB.\n"),
        Lost::Broken => plain(StatusCode::BAD_REQUEST, "The body broke off.\n"),
    };
    response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}

/// Why a request is not let in: a host name or a page's origin that is not this machine's.
fn refusal<B>(request: &Request<B>) -> Option<&'static str> {
    let text = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(header::HOST).or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    if !host.is_some_and(|host| route::is_local(route::without_port(host))) {
        return Some("Practice AWS answers only to localhost, 127.0.0.1, [::1] and *.localhost.\n");
    }
    let origin = text(header::ORIGIN)?;
    let origin = origin.split_once("://").map_or("", |(_, host)| host);
    (!route::is_local(route::without_port(origin)))
        .then_some("Practice AWS does not answer to pages of other hosts.\n")
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/plain"));
    response
}
