//! Origin access controls and policies of stacks.

use serde_json::{Value, json};

use super::{convert, failure, scene};
use crate::cloudfront::documents::Kind;
use crate::providers::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, Updating};
use crate::services::Services;

#[derive(Debug)]
pub(super) struct Documents(pub Kind);

impl Documents {
    fn config(&self, cx: &Cx<'_>) -> crate::wire::Node {
        let name = format!("{}Config", self.0.element());
        convert::plain(&name, cx.props.get(name.as_str()).unwrap_or(&Value::Null))
    }
}

impl Provider for Documents {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let scene = scene(services, cx);
        let id = services.cloudfront.create_document(&scene, self.0, self.config(cx)).map_err(failure(cx))?;
        Ok(Started { attributes: attributes(cx, &id), physical_id: id, takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(attributes(cx, physical_id))
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
        _old: &Value,
    ) -> Result<Updating, Failure> {
        let scene = scene(services, cx);
        let config = self.config(cx);
        services.cloudfront.update_document(&scene, self.0, physical_id, config).map_err(failure(cx))?;
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    fn delete(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Deleting, Failure> {
        if services.cloudfront.document(self.0, physical_id).is_some() {
            services.cloudfront.delete_document(self.0, physical_id).map_err(failure(cx))?;
        }
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

fn attributes(cx: &Cx<'_>, id: &str) -> Attributes {
    let mut out = Attributes::new();
    out.insert("Id".into(), json!(id));
    out.insert("LastModifiedTime".into(), json!(cx.now.iso8601()));
    out
}
