//! Hostile inputs at the public doors: HTTP requests, templates, expressions, lessons, scenarios and the files of the
//! state folder. `cargo test` runs a seeded share; CONTRIBUTING tells how to run more. A process of its own tries the
//! inputs, so that an abort, a hang or growth is told too, with the input that did it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot set its stage has failed")]

mod child;
mod mutate;
mod parent;
mod targets;

use parent::{found_again, run};

#[test]
fn requests() {
    run("requests");
}

#[test]
fn templates() {
    run("templates");
}

#[test]
fn expressions() {
    run("expressions");
}

#[test]
fn lessons() {
    run("lessons");
}

#[test]
fn scenarios() {
    run("scenarios");
}

#[test]
fn state() {
    run("state");
}

/// What once brought something down never does again.
#[test]
fn what_was_found_stays_mended() {
    found_again();
}

/// Not a test: the process that `run` starts.
#[test]
#[ignore = "started by the others"]
fn child() {
    child::work();
}
