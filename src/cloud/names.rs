//! The fixed names of the workshop in the learner's cloud.

use super::facts::Role;

/// What the names of all that the workshop's stacks make begin with, and their own.
pub const PREFIX: &str = "unishop-";
/// The stack of the primary Region.
pub const PRIMARY: &str = "unishop-primary";
/// The stack of the standby Region.
pub const STANDBY: &str = "unishop-standby";
/// The stack of the edge, in the primary Region.
pub const EDGE: &str = "unishop-edge";
/// The tag all stacks of the workshop carry.
pub const TAG: (&str, &str) = ("espera", "module-4");
/// The tag that tells the run of the workshop that made something.
pub const RUN_TAG: &str = "espera-run";
/// The Aurora global database, unless a stack's output names another.
pub const GLOBAL: &str = "unishop-global";
/// Sid of the statement that blocks the primary's pages: the fault of step 6.
pub const FAULT_SID: &str = "EsperaFault";
/// What the name of the bucket with the shop's program begins with; account and Region follow.
pub const ARTIFACTS: &str = "espera-artifacts-";
/// The key of the shop's program in that bucket.
pub const PROGRAM: &str = "unishop.zip";
/// Prefix of the keys of probe baskets.
pub const PROBE_PREFIX: &str = "espera-probe-";

/// The stacks of a Region.
pub(super) fn stacks(role: Role) -> &'static [&'static str] {
    match role {
        Role::Primary => &[PRIMARY, EDGE],
        Role::Standby => &[STANDBY],
    }
}

/// All stacks with the role of their Region.
pub(super) fn all() -> impl Iterator<Item = (Role, &'static str)> {
    Role::ALL.into_iter().flat_map(|role| stacks(role).iter().map(move |name| (role, *name)))
}

/// The shop's stack in a Region.
pub(super) fn shop(role: Role) -> &'static str {
    match role {
        Role::Primary => PRIMARY,
        Role::Standby => STANDBY,
    }
}
