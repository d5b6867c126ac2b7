//! The templates that come along with the workshop, as text.

/// The shop in one Region: `Role` is `primary` or `standby`.
pub const UNISHOP: &str = include_str!("../../../assets/templates/unishop.yaml");
/// The distribution before both Regions' pages.
pub const EDGE: &str = include_str!("../../../assets/templates/edge.yaml");
