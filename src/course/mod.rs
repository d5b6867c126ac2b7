//! The course: its steps, checks, actions and questions as data, and the judging of checks against facts.

mod checks;
mod data;
pub mod lessons;
mod task;

pub use checks::{Verdict, judge};
pub use data::{Action, Check, Course, CourseError, Quiz, Solution, Step};
pub use task::Task;
