//! The practice world that this process runs, and the ports of this machine through which others reach it.

use ground::lang::Said;
use practice::{Gate, Practice, Proxy, Server, Trouble};

/// Whether other clients may reach the practice world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    /// On a port of 127.0.0.1.
    Open,
    /// In this process only.
    Closed,
}

/// A practice world and its ports, which are closed when this is dropped.
#[derive(Debug)]
pub struct Host {
    pub(super) practice: Practice,
    /// Where clients of AWS reach it; `None` when nobody may, or no port is to be had.
    pub(super) server: Option<Server>,
    /// Where those do that know AWS's own addresses only.
    pub(super) proxy: Option<Proxy>,
}

impl Host {
    /// Opens the ports of a world, and lets time pass in it. What cannot be opened is added to `warnings`.
    /// Call it within a tokio runtime.
    pub(super) fn open(practice: Practice, loopback: Loopback, warnings: &mut Vec<Said>) -> Host {
        let server = match loopback {
            Loopback::Open => match practice.serve(0) {
                Ok(server) => Some(server),
                Err(error) => {
                    warnings.push(Said::with(|l| error.text(l)));
                    None
                }
            },
            Loopback::Closed => None,
        };
        let proxy = server.as_ref().and_then(|server| {
            match practice.proxy(Some(server.address()), Gate::default()) {
                Ok(proxy) => Some(proxy),
                Err(error) => {
                    warnings.push(Said::with(|l| error.text(l)));
                    None
                }
            }
        });
        let driven = practice.clone();
        tokio::spawn(async move { driven.drive().await });
        Host { practice, server, proxy }
    }

    /// Saves the world for the last time, and closes its ports.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub(super) fn close(self) -> Result<(), Trouble> {
        self.practice.close()
    }
}
