//! `AWS::RDS::GlobalCluster`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{AGAIN, failure, name, optional_flag, scene, tags};
use crate::providers::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, Updating};
use crate::rds::globals::{self, NewGlobal};
use crate::services::Services;

#[derive(Debug)]
pub(super) struct Global;

impl Provider for Global {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let new = NewGlobal {
            id: name(cx, "GlobalClusterIdentifier"),
            source: cx.text("SourceDBClusterIdentifier"),
            engine: cx.text("Engine"),
            version: cx.text("EngineVersion"),
            database: cx.text("DatabaseName"),
            encrypted: optional_flag(cx, "StorageEncrypted"),
            protected: cx.flag("DeletionProtection"),
            tags: tags(cx),
        };
        let (id, scene) = (new.id.to_ascii_lowercase(), scene(services, cx));
        globals::create(services.rds, &scene, new).map_err(failure(cx))?;
        Ok(Started { attributes: attributes(services, &id), physical_id: id, takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        services: &mut Services<'_>,
        _cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(attributes(services, physical_id))
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
        old: &Value,
    ) -> Result<Updating, Failure> {
        let version =
            cx.text("EngineVersion").filter(|_| cx.props.get("EngineVersion") != old.get("EngineVersion"));
        let protected = optional_flag(cx, "DeletionProtection");
        globals::modify(services.rds, physical_id, None, version.as_deref(), protected)
            .map_err(failure(cx))?;
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    fn delete(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Deleting, Failure> {
        let Some(global) = services.rds.global(physical_id) else {
            return Ok(Deleting { takes: Duration::ZERO });
        };
        // The handler takes the cluster that the template named out first; any other is in the way.
        let source = cx.text("SourceDBClusterIdentifier").filter(|s| global.member(s).is_some());
        let scene = scene(services, cx);
        if let Some(source) = source {
            globals::remove_member(services.rds, &scene, physical_id, &source, AGAIN).map_err(failure(cx))?;
        }
        globals::delete(services.rds, physical_id).map_err(failure(cx))?;
        Ok(Deleting { takes: cx.deleting() })
    }

    fn finish_deletion(
        &self,
        _services: &mut Services<'_>,
        _cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<(), Failure> {
        Ok(())
    }
}

fn attributes(services: &Services<'_>, id: &str) -> Attributes {
    let mut out = Attributes::new();
    if let Some(global) = services.rds.global(id) {
        out.insert("GlobalEndpoint.Address".into(), json!(global.endpoint()));
    }
    out
}
