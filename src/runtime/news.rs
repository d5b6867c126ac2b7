//! What a world tells of itself, unasked. Whoever tells nothing, or has stopped telling, is silent: to wait
//! for its news is to wait for ever.

use tokio::sync::watch;

use crate::app::{Msg, Watched};
use ground::lang::Said;

/// What a world tells while it goes on, each the latest there is.
#[derive(Debug, Default)]
pub struct News {
    /// Moves whenever the world changed; for the watcher of the cloud.
    pub changed: Option<watch::Receiver<u64>>,
    /// Trouble of the world itself: it cannot be saved.
    pub trouble: Option<watch::Receiver<Option<Said>>>,
    /// What is heard of the Espera that this one watches.
    pub watched: Option<watch::Receiver<Watched>>,
}

impl News {
    /// Of a world that tells nothing by itself.
    #[must_use]
    pub fn silent() -> News {
        News::default()
    }

    /// The next message of the world's own; never when it is silent.
    pub(super) async fn next(&mut self) -> Msg {
        tokio::select! {
            Some(watched) = latest(&mut self.watched) => Msg::Watched(watched),
            Some(trouble) = latest(&mut self.trouble) => Msg::Trouble(trouble),
            else => std::future::pending().await,
        }
    }
}

/// What a channel tells next; `None` when it tells no more.
async fn latest<T: Clone>(channel: &mut Option<watch::Receiver<T>>) -> Option<T> {
    let channel = channel.as_mut()?;
    channel.changed().await.ok().map(|()| channel.borrow_and_update().clone())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn is_silent(news: &mut News) -> bool {
        tokio::time::timeout(Duration::from_millis(20), news.next()).await.is_err()
    }

    #[tokio::test]
    async fn silence_is_no_news_and_neither_is_the_end_of_telling() {
        assert!(is_silent(&mut News::silent()).await);
        let (tell, trouble) = watch::channel(None);
        let mut news = News { trouble: Some(trouble), ..News::silent() };
        assert!(is_silent(&mut news).await, "what stood there before is no news");
        assert!(tell.send(Some(Said::new("mal", "bad"))).is_ok());
        assert!(matches!(news.next().await, Msg::Trouble(Some(_))));
        drop(tell);
        assert!(is_silent(&mut news).await);
    }
}
