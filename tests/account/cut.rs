//! Actions that are cut off, as by a kill: each goes on from what it finds, wherever that was.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use espera::cloud::{ActionId, Run};
use tokio::sync::Notify;

use super::world::Account;

/// Carries an action out in pieces: cut off after so many calls, then, by a process that knows no more than what was
/// saved, after so many more, until it comes to its end. Answers how often it was cut off.
async fn in_pieces(account: &Account, run: &mut Run, action: ActionId, piece: usize) -> usize {
    for tries in 1.. {
        let (calls, cut) = (AtomicUsize::new(0), Arc::new(Notify::new()));
        let last = tries * piece;
        let cuts = Arc::clone(&cut);
        account.lies(move |_| {
            if calls.fetch_add(1, Ordering::Relaxed) + 1 == last {
                cuts.notify_one();
            }
            None
        });
        let cloud = account.espera(run);
        let done = tokio::select! {
            biased;
            () = cut.notified() => None,
            done = account.run(&cloud, action) => Some(done),
        };
        match done {
            None => assert!(tries < 500, "{action} comes to no end"),
            Some(Ok(())) => {
                *run = cloud.run_so_far();
                return tries - 1;
            }
            Some(Err(error)) => panic!("{action}, cut off {} times: {error}\n{}", tries - 1, account.told()),
        }
    }
    unreachable!("it is tried until it ends")
}

#[tokio::test]
async fn an_action_goes_on_wherever_it_was_cut_off() {
    for piece in [7, 23] {
        let account = Account::new().await;
        let mut run = Run::begin();
        let mut cuts = 0;
        for action in [
            ActionId::Inspect,
            ActionId::DeployPrimary,
            ActionId::DeployStandby,
            ActionId::JoinData,
            ActionId::DeployEdge,
            ActionId::BreakPrimary,
            ActionId::MendPrimary,
            ActionId::FailOver,
            ActionId::CleanUp,
        ] {
            cuts += in_pieces(&account, &mut run, action, piece).await;
        }
        assert!(cuts > 10, "pieces of {piece} calls: {cuts} cuts");
    }
}
