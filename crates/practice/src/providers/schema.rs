//! What is known of every published resource type: what identifies it and which properties cannot
//! change without a new physical resource. Facts of the types' published schemas, kept as data.

use std::collections::HashMap;
use std::sync::OnceLock;

const TYPES: &str = include_str!("../../../../assets/data/resource_types.txt");
const ATTRIBUTES: &str = include_str!("../../../../assets/data/attributes.txt");

/// One published resource type.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    identity: &'static str,
    create_only: &'static str,
}

/// One part of what identifies a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// A property that the template may set (`BucketName`).
    Property(&'static str),
    /// Given by the service (`InstanceId`, `TopicArn`).
    Given(&'static str),
}

impl Kind {
    /// The parts of the identity, in order; one for most types.
    pub fn identity(self) -> impl Iterator<Item = Identity> {
        self.identity.split(',').filter(|part| !part.is_empty()).map(|part| match part.strip_prefix('*') {
            Some(given) => Identity::Given(given),
            None => Identity::Property(part),
        })
    }
}

/// The published facts of a type, or `None` for one not known here (newer, private, or mistyped).
#[must_use]
pub fn kind(name: &str) -> Option<Kind> {
    static INDEX: OnceLock<HashMap<&'static str, Kind>> = OnceLock::new();
    INDEX.get_or_init(index).get(name).copied()
}

/// What an attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text, as most are.
    Text,
    /// A list of texts.
    List,
    Number,
    /// True or false.
    Truth,
}

/// What attribute `attribute` (dots kept) of type `kind` is; a text when nothing else is published.
#[must_use]
pub fn shape(kind: &str, attribute: &str) -> Shape {
    static INDEX: OnceLock<HashMap<(&'static str, &'static str), Shape>> = OnceLock::new();
    INDEX.get_or_init(shapes).get(&(kind, attribute)).copied().unwrap_or(Shape::Text)
}

fn shapes() -> HashMap<(&'static str, &'static str), Shape> {
    let read = |line: &'static str| {
        let mut columns = line.split('\t');
        let (kind, attribute) = (columns.next()?, columns.next()?);
        let shape = match columns.next()? {
            "list" => Shape::List,
            "number" => Shape::Number,
            "truth" => Shape::Truth,
            _ => return None,
        };
        Some(((kind, attribute), shape))
    };
    ATTRIBUTES.lines().filter(|line| !line.starts_with('#')).filter_map(read).collect()
}

/// Whether any published type belongs to this family (`S3`).
#[must_use]
pub fn family(name: &str) -> bool {
    TYPES
        .lines()
        .filter_map(|line| line.strip_prefix("AWS::"))
        .any(|line| line.split("::").next() == Some(name))
}

/// Whether a change of `property` replaces a resource of type `name`.
#[must_use]
pub fn create_only(name: &str, property: &str) -> bool {
    kind(name).is_some_and(|kind| kind.create_only.split(',').any(|fixed| fixed == property))
}

fn index() -> HashMap<&'static str, Kind> {
    TYPES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let name = columns.next()?;
            let (identity, create_only) = (columns.next()?, columns.next()?);
            Some((name, Kind { identity, create_only }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_known_by_its_name_which_cannot_change() {
        let bucket = kind("AWS::S3::Bucket").unwrap();
        assert_eq!(bucket.identity().collect::<Vec<_>>(), [Identity::Property("BucketName")]);
        assert!(create_only("AWS::S3::Bucket", "BucketName"));
        assert!(!create_only("AWS::S3::Bucket", "VersioningConfiguration"));
        assert_eq!(
            kind("AWS::SNS::Topic").unwrap().identity().collect::<Vec<_>>(),
            [Identity::Given("TopicArn")]
        );
        assert!(kind("AWS::S3::Bukket").is_none());
    }
}
