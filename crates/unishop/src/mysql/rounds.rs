//! A reading that is the same for everybody is made once for all who wait for it.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _, Shared, WeakShared};

/// How long a round that is under way holds up the next. A database that hangs must not make everybody
/// wait for the one request that met it first.
const HEAD_START: Duration = Duration::from_millis(500);

/// Asks in rounds: one is under way, and all who come meanwhile share the next. No answer is older than
/// its question, and a thousand readers need no thousand connections.
pub(super) struct Rounds<T> {
    /// The round made last, which others may join until it has begun.
    last: Mutex<Option<Round<T>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

struct Round<T> {
    begun: Arc<AtomicBool>,
    /// Kept by those who wait for it alone: when they have all gone, their connection is free again, and
    /// no reading keeps alive the store that it asks and that knows it.
    answer: WeakShared<BoxFuture<'static, T>>,
}

impl<T> Default for Rounds<T> {
    fn default() -> Self {
        Rounds { last: Mutex::default(), turn: Arc::default() }
    }
}

impl<T> fmt::Debug for Rounds<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rounds").finish_non_exhaustive()
    }
}

impl<T: Clone + Send + Sync + 'static> Rounds<T> {
    /// The answer to `question`, which is asked after this call, here or by another that shares it.
    /// All calls must bring the same question.
    pub(super) fn ask(
        &self,
        question: impl Future<Output = T> + Send + 'static,
    ) -> Shared<BoxFuture<'static, T>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let open = last.as_ref().filter(|round| !round.begun.load(Ordering::Acquire));
        if let Some(answer) = open.and_then(|round| round.answer.upgrade()) {
            return answer;
        }
        let begun = Arc::new(AtomicBool::new(false));
        let (turn, begins) = (self.turn.clone(), begun.clone());
        let answer = async move {
            let _turn = tokio::time::timeout(HEAD_START, turn.lock()).await;
            begins.store(true, Ordering::Release);
            question.await
        };
        let answer = answer.boxed().shared();
        *last = answer.downgrade().map(|answer| Round { begun, answer });
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    use tokio::sync::{Notify, Semaphore};

    /// A store that counts its readings and answers each with its number once it is let go.
    #[derive(Clone, Default)]
    struct Store {
        asked: Arc<AtomicUsize>,
        reached: Arc<Notify>,
        go: Option<Arc<Semaphore>>,
    }

    impl Store {
        fn held() -> Store {
            Store { go: Some(Arc::new(Semaphore::new(0))), ..Store::default() }
        }

        async fn read(self) -> usize {
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            self.reached.notify_one();
            if let Some(go) = self.go {
                go.acquire().await.unwrap().forget();
            }
            number
        }

        fn let_go(&self, count: usize) {
            self.go.as_ref().unwrap().add_permits(count);
        }
    }

    #[tokio::test]
    async fn all_who_come_during_a_round_share_the_next_one() {
        let (rounds, store) = (Arc::new(Rounds::default()), Store::held());
        let ask = || {
            let (rounds, store) = (rounds.clone(), store.clone());
            tokio::spawn(async move { rounds.ask(store.read()).await })
        };
        let first = ask();
        store.reached.notified().await;
        let later: Vec<_> = (0..1000).map(|_| ask()).collect();
        tokio::task::yield_now().await;
        store.let_go(1);
        assert_eq!(first.await.unwrap(), 1);
        store.reached.notified().await;
        store.let_go(1);
        for one in later {
            assert_eq!(one.await.unwrap(), 2, "its question was asked after it came, and once for all");
        }
        assert_eq!(store.asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn one_after_another_each_gets_a_reading_of_its_own() {
        let (rounds, store) = (Rounds::default(), Store::default());
        for number in 1..=5 {
            assert_eq!(rounds.ask(store.clone().read()).await, number);
        }
    }

    #[tokio::test]
    async fn who_goes_away_takes_nobody_along() {
        let (rounds, store) = (Arc::new(Rounds::default()), Store::held());
        let begun = rounds.ask(store.clone().read());
        let begun = tokio::spawn(begun);
        store.reached.notified().await;
        // One of the two who wait for this round leaves before it begins.
        let mut leaves = rounds.ask(store.clone().read());
        assert!((&mut leaves).now_or_never().is_none());
        let stays = tokio::spawn(rounds.ask(store.clone().read()));
        drop(leaves);
        // With the only one who waited for it the first round goes too, and with it the turn.
        begun.abort();
        assert!(begun.await.unwrap_err().is_cancelled());
        store.reached.notified().await;
        store.let_go(1);
        assert_eq!(stays.await.unwrap(), 2);
    }

    #[tokio::test]
    async fn a_reading_that_nobody_waits_for_any_more_is_given_up() {
        let rounds = Rounds::default();
        let held = Arc::new(());
        let connection = held.clone();
        let mut asked = rounds.ask(async move {
            std::future::pending::<()>().await;
            drop(connection);
        });
        assert!((&mut asked).now_or_never().is_none());
        assert_eq!(Arc::strong_count(&held), 2);
        drop(asked);
        assert_eq!(Arc::strong_count(&held), 1, "what the reading held is free");
    }

    #[tokio::test]
    async fn a_round_that_hangs_does_not_hold_up_the_next_for_ever() {
        let (rounds, store) = (Arc::new(Rounds::default()), Store::held());
        let hangs = tokio::spawn(rounds.ask(store.clone().read()));
        store.reached.notified().await;
        let next = tokio::spawn(rounds.ask(store.clone().read()));
        // Reached while the first one still hangs.
        store.reached.notified().await;
        assert!(!hangs.is_finished());
        store.let_go(2);
        assert_eq!((hangs.await.unwrap(), next.await.unwrap()), (1, 2));
    }
}
