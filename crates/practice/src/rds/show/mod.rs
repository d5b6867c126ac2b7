//! Databases as RDS's XML shows them.

mod cluster;
mod instance;
mod others;

pub use cluster::{cluster, endpoint, global, hosted_zone, reader_endpoint, snapshot};
pub use instance::{address, instance, subnet_group};
pub use others::{event, orderable, parameter_group, version};

use super::Tags;
use crate::wire::Xml;

/// A tag list.
pub fn tags(xml: &mut Xml, name: &str, tags: &Tags) {
    xml.list(name, "Tag", tags, |xml, (key, value)| {
        xml.text("Key", key);
        xml.text("Value", value);
    });
}

/// Security groups as memberships.
fn security_groups(xml: &mut Xml, groups: &[String]) {
    xml.list("VpcSecurityGroups", "VpcSecurityGroupMembership", groups, |xml, id| {
        xml.text("VpcSecurityGroupId", id);
        xml.text("Status", "active");
    });
}
