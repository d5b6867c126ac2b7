//! The workshop as a state machine: `update(&mut Model, Msg) -> Vec<Effect>`. No terminal, no
//! network, no time of its own; so every route through it can be tested by keys alone.

pub mod account;
pub mod command;
mod drill_screen;
mod initial_state;
mod judge;
mod key;
mod keymap;
mod model;
mod msg;
mod next;
mod palette;
mod pane;
mod update;

pub use account::Account;
pub use command::Command;
pub use drill_screen::{CutOffChoice, CutOffRun, DrillRun, DrillScreen, DrillView, Field, Form, RunState};
pub use initial_state::InitialState;
pub use key::{Code, Key};
pub use keymap::{Binding, Context, Group, Keymap, KeymapError};
pub use model::*;
pub use msg::{Effect, Motion, Msg, Target};
pub use next::Next;
pub use pane::Pane;
pub use update::{farewell, update};
