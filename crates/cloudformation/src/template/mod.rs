//! A CloudFormation template as a pure library: reading YAML (short tags) and JSON, parameters,
//! conditions, intrinsics, the dependency graph, what a stack would need. For the engine, the
//! templates' own tests and anyone who asks what a template says; it never talks to anything.
//!
//! The usual way through: [`Template::parse`], [`Template::bind`] (parameters), [`Template::plan`]
//! (which resources, in what order), [`Template::evaluate`] (one value, when what it needs exists).

mod admit;
mod bind;
mod budget;
mod capabilities;
mod check;
mod compare;
mod conditions;
mod declare;
mod dynamic;
mod error;
mod evaluate;
mod functions;
mod limits;
mod model;
mod parameter;
mod plan;
mod pseudo;
mod read;
mod references;
mod resolver;
mod rules;
mod source;
mod sub;
mod summary;

pub use bind::{Bindings, Bound};
pub use capabilities::Capability;
pub use compare::{PropertyChange, property_changes};
pub use error::{Fault, Span, TemplateError};
pub use model::{Export, Keep, Output, Resource, Rule, Template};
pub use parameter::{Parameter, ParameterType};
pub use plan::Plan;
pub use pseudo::Pseudo;
pub use resolver::{EmptyResolver, Resolver};
pub use summary::Summary;
