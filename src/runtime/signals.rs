//! The signals that end the program in good order.

/// The signals that end the program in good order.
pub(super) struct Signals {
    #[cfg(unix)]
    list: Vec<tokio::signal::unix::Signal>,
}

impl Signals {
    #[cfg(unix)]
    pub(super) fn new() -> Signals {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt()];
        Signals { list: kinds.into_iter().filter_map(|k| signal(k).ok()).collect() }
    }

    #[cfg(not(unix))]
    pub(super) fn new() -> Signals {
        Signals {}
    }

    #[cfg(unix)]
    pub(super) async fn ended(&mut self) {
        let waits = self.list.iter_mut().map(|s| Box::pin(s.recv()));
        if waits.len() == 0 {
            return std::future::pending().await;
        }
        futures_util::future::select_all(waits).await;
    }

    #[cfg(not(unix))]
    pub(super) async fn ended(&mut self) {
        std::future::pending().await
    }
}

/// Waits until the system asks this process to end.
pub async fn asked_to_end() {
    Signals::new().ended().await;
}
