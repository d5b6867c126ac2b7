//! API Gateway: HTTP and WebSocket APIs (version 2) and REST APIs (version 1).

use super::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, generic};
use crate::services::Services;
use ground::seed::LOWER;

/// The provider of a type of the `ApiGateway` or `ApiGatewayV2` family.
#[must_use]
pub fn provider(_kind: &str) -> Option<&'static dyn Provider> {
    Some(&Api)
}

#[derive(Debug)]
struct Api;

impl Provider for Api {
    fn create(&self, _services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let physical_id = physical_id(cx);
        Ok(Started { attributes: attributes(cx, &physical_id), physical_id, takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(attributes(cx, physical_id))
    }

    fn delete(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<Deleting, Failure> {
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

/// What `Ref` gives: a stage's name, a domain's name, and the id of everything else.
fn physical_id(cx: &Cx<'_>) -> String {
    let resource = cx.kind.rsplit("::").next().unwrap_or_default();
    match resource {
        "Stage" => cx.text("StageName").unwrap_or_else(|| "default".to_owned()),
        "DomainName" => cx.text("DomainName").unwrap_or_else(|| cx.name()),
        "Account" | "UsagePlanKey" | "GatewayResponse" | "Method" | "BasePathMapping" => {
            generic::physical_id(cx)
        }
        "RestApi" | "Api" => cx.letters(10, LOWER),
        "Resource" | "Deployment" | "Authorizer" => cx.letters(6, LOWER),
        _ => cx.letters(7, LOWER),
    }
}

fn attributes(cx: &Cx<'_>, physical_id: &str) -> Attributes {
    let mut attributes = Attributes::new();
    let mut set = |name: &str, value: String| attributes.insert(name.to_owned(), value.into());
    match cx.kind {
        "AWS::ApiGatewayV2::Api" => {
            set("ApiId", physical_id.to_owned());
            let scheme =
                if cx.text("ProtocolType").as_deref() == Some("WEBSOCKET") { "wss" } else { "https" };
            set("ApiEndpoint", format!("{scheme}://{physical_id}.execute-api.{}.amazonaws.com", cx.region));
        }
        "AWS::ApiGateway::RestApi" => {
            set("RestApiId", physical_id.to_owned());
            set("RootResourceId", ground::seed::letters(cx.hash("root"), 10, LOWER));
        }
        _ => {}
    }
    attributes
}
