//! The lessons that are part of the program, one line a file.

/// Path in the content, text.
pub(super) const FILES: &[(&str, &str)] = &[
    ("es/_index.md", include_str!("../../lessons/es/_index.md")),
    ("es/introduction.md", include_str!("../../lessons/es/introduction.md")),
    ("es/prerequisites.md", include_str!("../../lessons/es/prerequisites.md")),
    ("es/primary.md", include_str!("../../lessons/es/primary.md")),
    ("es/standby.md", include_str!("../../lessons/es/standby.md")),
    ("es/global.md", include_str!("../../lessons/es/global.md")),
    ("es/edge.md", include_str!("../../lessons/es/edge.md")),
    ("es/failover.md", include_str!("../../lessons/es/failover.md")),
    ("es/clean-up.md", include_str!("../../lessons/es/clean-up.md")),
    ("en/_index.md", include_str!("../../lessons/en/_index.md")),
    ("en/introduction.md", include_str!("../../lessons/en/introduction.md")),
    ("en/prerequisites.md", include_str!("../../lessons/en/prerequisites.md")),
    ("en/primary.md", include_str!("../../lessons/en/primary.md")),
    ("en/standby.md", include_str!("../../lessons/en/standby.md")),
    ("en/global.md", include_str!("../../lessons/en/global.md")),
    ("en/edge.md", include_str!("../../lessons/en/edge.md")),
    ("en/failover.md", include_str!("../../lessons/en/failover.md")),
    ("en/clean-up.md", include_str!("../../lessons/en/clean-up.md")),
];
