//! Where a running practice world is, and how a client is led there: kept beside it, so that another
//! Espera can tell any other terminal.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::files;
use crate::runtime::Environment;

/// The folder within the state folder of all that is laid out for the learner's own hands.
pub(super) const FOLDER: &str = "shell";
/// The name of the file.
const NAME: &str = "world.json";
/// How long a world on this machine may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    /// The address of the world.
    pub endpoint: String,
    /// What leads a client there.
    pub environment: Environment,
}

impl Record {
    pub(super) fn of(endpoint: &str, environment: &Environment) -> Record {
        Record { endpoint: endpoint.to_owned(), environment: environment.clone() }
    }

    pub(super) fn store(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_vec(self)?;
        files::write(&folder.join(NAME), &text, files::READ)
    }

    /// What is kept in a state folder; `None` when there is nothing that can be read.
    pub(super) fn read(state: &Path) -> Option<Record> {
        let text = std::fs::read(state.join(FOLDER).join(NAME)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Whether that world is still there.
    pub(super) fn answers(&self) -> bool {
        self.health()
            .is_ok_and(|answer| answer.starts_with("HTTP/1.1 200") && answer.contains("broken_regions"))
    }

    fn health(&self) -> io::Result<String> {
        let unknown = || io::Error::from(io::ErrorKind::InvalidData);
        let address = self.endpoint.strip_prefix("http://").ok_or_else(unknown)?;
        let address: SocketAddr = address.parse().map_err(|_| unknown())?;
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let request = format!("GET /_espera/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.take(64 << 10).read_to_string(&mut answer)?;
        Ok(answer)
    }
}
