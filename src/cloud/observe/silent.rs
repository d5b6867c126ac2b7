//! Who does not answer: what a look leaves out.

use std::collections::BTreeMap;

use super::super::facts::Role;

/// The Regions that a look got no answer from about their stacks, with the error's code: they are not
/// asked for more in that look, and what they last said stands.
pub(super) type Silent = BTreeMap<Role, String>;
