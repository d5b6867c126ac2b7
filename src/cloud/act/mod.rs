//! The actions. Each first looks at what exists and goes on from there, so that one cut off by a
//! kill or a cancel is taken up again and nothing is done twice.
//!
//! From the ground up: `tell` and `wait`; the single deeds (`program`, `writes`, `publish`, `deploy`, `join`,
//! `fault`, `call_own_client`, `inspect`, `writer`, `unfinished`, `empty`, `sweep`); what is put together of them
//! (`switches`, `clean_up_partial`, `clean_up`); and `run`, which knows each by its name.

mod call_own_client;
mod clean_up;
mod clean_up_partial;
mod deploy;
mod empty;
mod fault;
mod inspect;
mod join;
mod program;
mod publish;
mod run;
mod sweep;
mod switches;
mod tell;
mod unfinished;
mod wait;
mod writer;
mod writes;
