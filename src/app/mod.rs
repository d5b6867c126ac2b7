//! The workshop as a state machine: `update(&mut Model, Msg) -> Vec<Effect>`. No terminal, no
//! network, no time of its own; so every route through it can be tested by keys alone.

mod command;
mod key;
mod keymap;
mod model;
mod msg;
mod palette;
mod start;
mod update;

pub use command::Command;
pub use key::{Code, Key};
pub use keymap::{Binding, Group, Keymap, KeymapError};
pub use model::*;
pub use msg::{Effect, Motion, Msg, Target};
pub use start::Start;
pub use update::update;
