//! CloudFormation without AWS. `template` reads a template as AWS does, with AWS's refusals, and evaluates
//! it; `engine` carries stacks out: change sets, updates, rollbacks, nested stacks, imports between stacks.
//! What a resource *is* the engine does not know: it asks a [`engine::Host`], which makes, changes and
//! deletes it. Nothing here reads a clock, a file or the network.

pub mod template;

pub mod engine;
