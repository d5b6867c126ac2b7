//! Which engine versions and instance classes there are, and where (`assets/data/aurora.toml`).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

const DATA: &str = include_str!("../../../../assets/data/aurora.toml");

#[derive(Debug, Deserialize)]
struct Catalog {
    mysql: Mysql,
    postgresql: Postgresql,
    class: Vec<Family>,
}

#[derive(Debug, Deserialize)]
struct Mysql {
    family: String,
    prefix: String,
    default: String,
    versions: Vec<String>,
    community: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Postgresql {
    default: String,
    versions: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Family {
    family: String,
    sizes: Vec<String>,
    #[serde(default)]
    not_in: Vec<String>,
    #[serde(default)]
    burstable: bool,
}

/// One engine version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// `aurora-mysql` or `aurora-postgresql`.
    pub engine: &'static str,
    /// `8.0.mysql_aurora.3.10.0`.
    pub version: String,
    /// The parameter group family.
    pub family: String,
    /// `8.0` or the PostgreSQL major.
    pub major: String,
    /// What it is, in words.
    pub description: String,
    /// Whether a cluster that names no version gets it.
    pub default: bool,
}

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    #[expect(clippy::expect_used, reason = "the file is embedded and read by a test")]
    CATALOG.get_or_init(|| toml::from_str(DATA).expect("assets/data/aurora.toml is valid"))
}

/// All versions of an engine, oldest first; of every engine when it is empty.
#[must_use]
pub fn versions(engine: &str) -> Vec<Version> {
    let (my, pg) = (&catalog().mysql, &catalog().postgresql);
    let mysql = my.versions.iter().map(|v| Version {
        engine: "aurora-mysql",
        version: format!("{}{v}", my.prefix),
        family: my.family.clone(),
        major: "8.0".into(),
        description: format!(
            "Aurora MySQL {v} (compatible with MySQL {})",
            v.rsplit_once('.').and_then(|(minor, _)| my.community.get(minor)).map_or("8.0", String::as_str)
        ),
        default: *v == my.default,
    });
    let postgresql = pg.versions.iter().map(|v| {
        let major = v.split('.').next().unwrap_or(v).to_owned();
        Version {
            engine: "aurora-postgresql",
            version: v.clone(),
            family: format!("aurora-postgresql{major}"),
            major,
            description: format!("Aurora PostgreSQL (compatible with PostgreSQL {v})"),
            default: *v == pg.default,
        }
    });
    mysql.chain(postgresql).filter(|v| engine.is_empty() || v.engine == engine).collect()
}

/// The version a cluster gets that asks for `asked`: itself, the latest of a prefix, or the default.
#[must_use]
pub fn resolve(engine: &str, asked: Option<&str>) -> Option<Version> {
    let all = versions(engine);
    match asked.filter(|a| !a.is_empty()) {
        None => all.into_iter().find(|v| v.default),
        Some("8.0") => all.into_iter().find(|v| v.default),
        Some(asked) => {
            let within = |v: &Version| v.version == asked || v.version.starts_with(&format!("{asked}."));
            all.into_iter().rfind(within)
        }
    }
}

/// Whether a class is offered for Aurora in a Region.
#[must_use]
pub fn is_offered(class: &str, region: &str) -> bool {
    family(class).is_some_and(|f| !f.not_in.iter().any(|r| r == region))
}

/// Whether a class may serve in a global database: burstable ones may not.
#[must_use]
pub fn fits_global(class: &str) -> bool {
    family(class).is_some_and(|f| !f.burstable)
}

/// All classes of a Region.
#[must_use]
pub fn classes(region: &str) -> Vec<String> {
    let here = catalog().class.iter().filter(|f| !f.not_in.iter().any(|r| r == region));
    here.flat_map(|f| f.sizes.iter().map(move |s| format!("{}.{s}", f.family))).collect()
}

fn family(class: &str) -> Option<&'static Family> {
    let (family, size) = class.rsplit_once('.')?;
    catalog().class.iter().find(|f| f.family == family && f.sizes.iter().any(|s| s == size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_reads_and_knows_what_the_module_needs() {
        assert_eq!(versions("aurora-mysql").iter().filter(|v| v.default).count(), 1);
        let v = resolve("aurora-mysql", Some("8.0.mysql_aurora.3.10")).unwrap();
        assert_eq!(v.version, "8.0.mysql_aurora.3.10.4");
        assert_eq!(v.description, "Aurora MySQL 3.10.4 (compatible with MySQL 8.0.42)");
        assert!(resolve("aurora-mysql", Some("5.7.mysql_aurora.2.09.2")).is_none());
        assert!(is_offered("db.r6g.large", "us-east-1") && is_offered("db.r6g.large", "us-west-1"));
        assert!(is_offered("db.x2g.large", "us-east-1") && !is_offered("db.x2g.large", "us-west-1"));
        assert!(!fits_global("db.t4g.medium") && fits_global("db.serverless"));
    }
}
