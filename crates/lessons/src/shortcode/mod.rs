//! Hugo shortcodes as they are written: `scan` finds the tags in a text, `tree` pairs openings with closings
//! into calls. What a call becomes is told by `expansion`.

mod call;
pub mod scan;
pub mod tree;

pub use call::{Call, Inner, Piece};
