//! How a command that works for a while ends: by itself, or because the system asks it to. Asked once, it
//! ends in good order; asked again, at once.

use std::cell::{Cell, RefCell};
use std::process::ExitCode;

use tokio::sync::mpsc;

use super::outcome::{FAILED, fail};
use crate::drill::Order;
use crate::runtime::Signals;

/// What must be done before the command may be left: a drill under way, whose fault is undone first.
#[derive(Default)]
pub(super) struct Brake {
    orders: RefCell<Option<mpsc::Sender<Order>>>,
    pulled: Cell<bool>,
}

impl Brake {
    /// A drill takes orders from now on.
    pub(super) fn set(&self, orders: mpsc::Sender<Order>) {
        self.orders.replace(Some(orders));
    }

    /// The drill is over.
    pub(super) fn release(&self) {
        self.orders.replace(None);
    }

    /// Ends the drill under way; answers whether there is one.
    fn pull(&self) -> bool {
        match &*self.orders.borrow() {
            // Full or gone: the drill is at its end already.
            Some(orders) => drop(orders.try_send(Order::Stop)),
            None => return false,
        }
        self.pulled.set(true);
        true
    }

    /// Whether a drill was ended by it: nothing else is begun then.
    pub(super) fn was_pulled(&self) -> bool {
        self.pulled.get()
    }
}

/// Does `work`, which answers with its exit code, until it ends or the system asks to end: then the code is
/// 128 and the signal's number, unless the work failed. With the brake set, work is waited for after the
/// first request.
pub(super) async fn run_until_asked(work: impl Future<Output = u8>, brake: &Brake) -> u8 {
    let mut signals = Signals::new();
    let mut work = std::pin::pin!(work);
    let mut asked = None;
    loop {
        tokio::select! {
            code = &mut work => return match asked {
                None => code,
                Some(_) if code == FAILED => FAILED,
                Some(by) => by,
            },
            ending = signals.wait_for_end() => {
                if asked.is_some() || !brake.pull() {
                    return asked.unwrap_or(ending.code());
                }
                asked = Some(ending.code());
            }
        }
    }
}

/// Runs `work` in a runtime of its own and leaves without waiting for what still hangs on AWS.
pub(super) fn run(work: impl Future<Output = u8>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string()),
    };
    let code = runtime.block_on(work);
    runtime.shutdown_background();
    ExitCode::from(code)
}
