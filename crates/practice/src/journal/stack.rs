//! A deep stack for reading: what was stored through one door must not overflow at another.

use std::sync::mpsc;
use std::thread::{self, Builder, JoinHandle};

/// Its size; memory is only taken as far as it is used.
const SIZE: usize = 64 << 20;

/// A thread with a deep stack.
pub(crate) fn builder() -> Builder {
    Builder::new().name("practice".into()).stack_size(SIZE)
}

/// Works on a deep stack and waits for it. A panic goes on in the caller.
pub(crate) fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let (give, take) = mpsc::channel();
        let begun = builder().spawn_scoped(scope, move || take.recv().map(|work: Box<_>| ran(work)));
        match begun {
            Ok(thread) => {
                let _ = give.send(Box::new(work));
                match thread.join() {
                    Ok(Ok(done)) => done,
                    Ok(Err(_)) => unreachable!("the work was sent"),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            // No thread to be had: the caller's stack must do.
            Err(_) => work(),
        }
    })
}

fn ran<T>(work: Box<impl FnOnce() -> T>) -> T {
    work()
}

/// What a thread came to; its panic goes on in the caller.
pub(crate) fn join<T>(thread: JoinHandle<T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
