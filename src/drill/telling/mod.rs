//! A drill in words: what everything is called, every figure with its value and what it means, the steps,
//! the writes lost, and why something is unknown. The one telling: the screen, the linear text, the
//! command line, the JSON and the exported pages only lay it out.

mod amount;
pub mod figures;
mod meaning;
mod metric;
mod narrator;
pub mod plan;
pub mod rows;
pub mod terms;
mod why;

pub use amount::{Amount, as_set, time};
pub use figures::{Figure, Target};
pub use metric::Metric;
pub use narrator::Narrator;
