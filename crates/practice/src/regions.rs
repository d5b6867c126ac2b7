//! Regions and zones of practice AWS.

/// The Regions an account has without asking for more, with their zones' letters.
const REGIONS: [(&str, &str); 17] = [
    ("ap-northeast-1", "acd"),
    ("ap-northeast-2", "abcd"),
    ("ap-northeast-3", "abc"),
    ("ap-south-1", "abc"),
    ("ap-southeast-1", "abc"),
    ("ap-southeast-2", "abc"),
    ("ca-central-1", "abd"),
    ("eu-central-1", "abc"),
    ("eu-north-1", "abc"),
    ("eu-west-1", "abc"),
    ("eu-west-2", "abc"),
    ("eu-west-3", "abc"),
    ("sa-east-1", "abc"),
    ("us-east-1", "abcdef"),
    ("us-east-2", "abc"),
    // An account has two of this Region's zones, and not always the first.
    ("us-west-1", "bc"),
    ("us-west-2", "abcd"),
];

/// Every Region.
pub fn all() -> impl Iterator<Item = &'static str> {
    REGIONS.iter().map(|(region, _)| *region)
}

/// The names of a Region's zones; none for an unknown Region.
#[must_use]
pub fn zones(region: &str) -> Vec<String> {
    let letters = REGIONS.iter().find(|(name, _)| *name == region).map_or("", |(_, letters)| *letters);
    letters.chars().map(|letter| format!("{region}{letter}")).collect()
}

/// The short form in zone ids: `use1`, `usw1`, `apne1`.
#[must_use]
pub fn short(region: &str) -> String {
    let mut parts = region.split('-');
    let area = parts.next().unwrap_or_default();
    let side = match parts.next().unwrap_or_default() {
        "north" => "n",
        "south" => "s",
        "east" => "e",
        "west" => "w",
        "northeast" => "ne",
        "northwest" => "nw",
        "southeast" => "se",
        "southwest" => "sw",
        _ => "c",
    };
    format!("{area}{side}{}", parts.next().unwrap_or("1"))
}
