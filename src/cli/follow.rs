//! Looking on: the clock of the Espera that holds the state, read at its world's port.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::app::{Pace, Watched};
use crate::clock::{Clock, Reading};

/// Between two readings, in real time: as often as the screen's own clock moves.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a reading may take, in real time: it comes from this machine.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest answer taken, in bytes.
const LONGEST: usize = 1 << 10;

/// Sets `clock` by the one at `endpoint`, now and each second as long as the receiver lives, which tells what
/// is heard. While nothing answers the clock goes on as it did.
pub(super) async fn follow(endpoint: String, clock: Clock) -> watch::Receiver<Watched> {
    let (sender, mut receiver) = watch::channel(hear(&endpoint, &clock).await);
    receiver.mark_changed();
    tokio::spawn(async move {
        while !sender.is_closed() {
            tokio::time::sleep(PAUSE).await;
            let new = hear(&endpoint, &clock).await;
            sender.send_if_modified(|old| std::mem::replace(old, new) != new);
        }
    });
    receiver
}

async fn hear(endpoint: &str, clock: &Clock) -> Watched {
    let Ok(Some(reading)) = tokio::time::timeout(PATIENCE, read(endpoint)).await else {
        return Watched::Silent;
    };
    clock.follow(reading);
    Watched::Going(reading.speed, if reading.paused { Pace::Paused } else { Pace::Running })
}

/// What the clock at `endpoint` shows; `None` when it does not say.
async fn read(endpoint: &str) -> Option<Reading> {
    let host = endpoint.strip_prefix("http://")?;
    let stream = TcpStream::connect(host).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    let request = Request::get(crate::practice::CLOCK).header(header::HOST, host).body(Empty::<Bytes>::new());
    let answer = sender.send_request(request.ok()?).await.ok()?;
    let body = Limited::new(answer.into_body(), LONGEST).collect().await.ok()?;
    serde_json::from_slice(&body.to_bytes()).ok()?
}
