//! AWS's own parameters, which every account can read: machine images by Region, and the like.

use ground::seed;

/// Where the images of Amazon Linux are.
const LINUX: &str = "/aws/service/ami-amazon-linux-latest";
const IMAGES: [&str; 8] = [
    "al2023-ami-kernel-default-arm64",
    "al2023-ami-kernel-default-x86_64",
    "al2023-ami-kernel-6.1-arm64",
    "al2023-ami-kernel-6.1-x86_64",
    "al2023-ami-minimal-kernel-default-arm64",
    "al2023-ami-minimal-kernel-default-x86_64",
    "amzn2-ami-hvm-x86_64-gp2",
    "amzn2-ami-hvm-arm64-gp2",
];

/// The value of a public parameter: an image for whatever looks like one, a text for the rest.
#[must_use]
pub fn value(seed: u64, region: &str, name: &str) -> Option<String> {
    let rest = name.strip_prefix("/aws/service/")?;
    if rest.is_empty() || rest.ends_with('/') {
        return None;
    }
    if let Some(region) = rest.strip_prefix("global-infrastructure/regions/") {
        let region = region.strip_suffix("/longName").unwrap_or(region);
        return crate::regions::all().find(|r| *r == region).map(str::to_owned);
    }
    let draw = seed::hash(seed, &[region, name]);
    let image = rest.contains("ami") || rest.ends_with("image_id") || rest.ends_with("image-id");
    Some(match image {
        true => format!("ami-0{}", seed::letters(draw, 16, seed::HEX)),
        false => seed::letters(draw, 12, seed::LOWER),
    })
}

/// Names of public parameters directly under a path, as far as practice lists them.
pub(super) fn under(path: &str) -> Vec<String> {
    match path.trim_end_matches('/') {
        LINUX => IMAGES.iter().map(|image| format!("{LINUX}/{image}")).collect(),
        _ => Vec::new(),
    }
}
