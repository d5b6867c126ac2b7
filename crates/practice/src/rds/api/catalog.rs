//! What is on offer, and what happened: engine versions, classes, events.

use super::shape::many;
use crate::call::{Outcome, Request};
use crate::rds::Rds;
use crate::rds::catalog::{self, Version};
use crate::rds::{Note, listing, show};

pub fn versions(_: &Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let all = catalog::versions(p.get("Engine").unwrap_or_default());
    let known = ["db-parameter-group-family", "engine", "engine-mode", "engine-version", "status"];
    let filters = listing::filters(p, &known)?;
    let asked = p.get("EngineVersion");
    let within = |v: &Version| {
        asked.is_none_or(|a| v.version == a || v.version.starts_with(&format!("{a}.")))
            && p.get("DBParameterGroupFamily").is_none_or(|f| v.family == f)
            && (!p.flag("DefaultOnly").unwrap_or(false) || v.default)
            && listing::passes(&filters, |name| {
                vec![match name {
                    "db-parameter-group-family" => v.family.clone(),
                    "engine" => v.engine.to_owned(),
                    "engine-version" => v.version.clone(),
                    "engine-mode" => "provisioned".into(),
                    _ => "available".into(),
                }]
            })
    };
    let found = all.iter().enumerate().filter(|(_, v)| within(v)).map(|(i, v)| (format!("{i:05}"), v));
    let page = listing::page(p, found.collect())?;
    many(call, ("DBEngineVersions", "DBEngineVersion"), page, |xml, v| {
        let at = all.iter().position(|other| other.version == v.version).map_or(all.len(), |i| i + 1);
        let later: Vec<Version> =
            all[at..].iter().filter(|o| o.engine == v.engine && o.major == v.major).cloned().collect();
        show::version(xml, v, &later);
    })
}

pub fn orderable(_: &Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let engine = p.require("Engine")?;
    let versions = catalog::versions(engine);
    let wanted = |name: &str, has: &str| p.get(name).is_none_or(|v| v == has);
    let classes = catalog::classes(call.region);
    let all: Vec<(String, &Version)> = versions
        .iter()
        .filter(|v| wanted("EngineVersion", &v.version))
        .flat_map(|v| classes.iter().filter(|c| wanted("DBInstanceClass", c)).map(move |c| (c.clone(), v)))
        .collect();
    let page = listing::page(p, all.iter().enumerate().map(|(i, one)| (format!("{i:05}"), one)).collect())?;
    let zones: Vec<String> = ["a", "b"].iter().map(|z| format!("{}{z}", call.region)).collect();
    many(call, ("OrderableDBInstanceOptions", "OrderableDBInstanceOption"), page, |xml, (class, v)| {
        show::orderable(xml, class, v, &zones, catalog::fits_global(class));
    })
}

pub fn events(rds: &Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let minutes = p.number("Duration").unwrap_or(60);
    let since = call.now.0.saturating_sub(minutes * 60_000);
    let matches = |n: &Note| {
        n.region == call.region
            && n.at.0 >= since
            && p.get("SourceIdentifier").is_none_or(|s| n.source == s)
            && p.get("SourceType").is_none_or(|s| n.source_type == s)
    };
    let found = rds.notes.iter().enumerate().filter(|(_, n)| matches(n));
    let page = listing::page(p, found.map(|(i, n)| (format!("{i:08}"), n)).collect())?;
    many(call, ("Events", "Event"), page, show::event)
}
