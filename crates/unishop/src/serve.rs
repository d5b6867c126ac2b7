//! The shop as a server, with the database or the basket table behind it. It ends in good order when asked to.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};

use super::mysql::MySql;
use shop::store::StoreError;

/// How long answers under way may take after the request to end.
const FAREWELL: Duration = Duration::from_secs(10);
/// Between two tries to prepare a database that is away.
const PAUSE: Duration = Duration::from_secs(3);

/// Connections that may wait to be taken; the system has a limit of its own (Linux: `somaxconn`, 4,096).
/// The usual 128 are soon too few: whoever finds no place is refused or has to ask again.
const LINE: u32 = 4096;

/// Listens at `address`, which is a host, a colon and a port; port 0 leaves the choice to the system.
///
/// # Errors
/// When there is no such host here, or somebody else listens there.
pub async fn bind(address: &str) -> io::Result<TcpListener> {
    let mut failure = io::Error::new(io::ErrorKind::InvalidInput, "the name stands for no address");
    for address in tokio::net::lookup_host(address).await? {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        match socket.bind(address).and_then(|()| socket.listen(LINE)) {
            Ok(listener) => return Ok(listener),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// Serves `routes` until `ended`, then lets the answers under way go out.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    ended: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (say, mut said) = tokio::sync::watch::channel(false);
    let serving = axum::serve(listener, routes).with_graceful_shutdown(async move {
        ended.await;
        say.send_replace(true);
    });
    let late = async move {
        let _ = said.wait_for(|ended| *ended).await;
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::select! {
        served = serving => served,
        // A client that never finishes must not keep the shop from ending.
        () = late => Ok(()),
    }
}

/// Prepares the database as soon as it takes writes; ends when that is done.
pub async fn prepare(database: MySql) {
    loop {
        match database.prepare().await {
            Ok(()) => return tracing::info!("the database is prepared"),
            Err(StoreError::Away { .. }) => tracing::warn!("the database is away; trying again"),
            Err(error) => tracing::error!(%error, "the database cannot be prepared; trying again"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
