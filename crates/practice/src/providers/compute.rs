//! What runs: EC2 instances and Lambda functions, with the refusals a learner meets.

use serde_json::Value;

use super::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, generic, naming};
use crate::regions::zones;
use crate::services::Services;

/// Runtimes that Lambda no longer creates or updates functions with.
const RETIRED: &[&str] = &[
    "java8",
    "nodejs",
    "nodejs4.3",
    "nodejs6.10",
    "nodejs8.10",
    "nodejs10.x",
    "nodejs12.x",
    "nodejs14.x",
    "nodejs16.x",
    "nodejs18.x",
    "python2.7",
    "python3.6",
    "python3.7",
    "python3.8",
    "ruby2.5",
    "ruby2.7",
    "dotnetcore1.0",
    "dotnetcore2.0",
    "dotnetcore2.1",
    "dotnetcore3.1",
    "dotnet6",
    "go1.x",
    "provided",
];

/// The provider of an instance or function type.
#[must_use]
pub fn provider(kind: &str) -> Option<&'static dyn Provider> {
    match kind {
        "AWS::EC2::Instance" => Some(&Instance),
        "AWS::Lambda::Function" => Some(&Function),
        _ => None,
    }
}

#[derive(Debug)]
struct Instance;

impl Provider for Instance {
    fn create(&self, _services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let physical_id = cx.hex_id("i");
        Ok(Started { attributes: addresses(cx), physical_id, takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(addresses(cx))
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
        services: &mut Services<'_>,
        _cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<(), Failure> {
        services.ec2.forget(physical_id);
        Ok(())
    }
}

fn addresses(cx: &Cx<'_>) -> Attributes {
    let hash = cx.hash("address");
    let parts = [hash % 256, (hash >> 8) % 256, 4 + (hash >> 16) % 250];
    let [a, b, c] = parts;
    let (inside, outside) = match cx.region {
        "us-east-1" => ("ec2.internal".to_owned(), "compute-1.amazonaws.com".to_owned()),
        region => (format!("{region}.compute.internal"), format!("{region}.compute.amazonaws.com")),
    };
    let private = cx.text("PrivateIpAddress").unwrap_or_else(|| format!("10.0.{}.{c}", a % 8));
    let mut attributes = Attributes::new();
    let mut set = |name: &str, value: String| attributes.insert(name.to_owned(), value.into());
    set("PrivateDnsName", format!("ip-{}.{inside}", private.replace('.', "-")));
    set("PrivateIp", private);
    set("PublicIp", format!("54.{a}.{b}.{c}"));
    set("PublicDnsName", format!("ec2-54-{a}-{b}-{c}.{outside}"));
    set(
        "AvailabilityZone",
        cx.text("AvailabilityZone")
            .unwrap_or_else(|| zones(cx.region).into_iter().next().unwrap_or_default()),
    );
    attributes
}

#[derive(Debug)]
struct Function;

impl Provider for Function {
    fn is_named_once(&self) -> bool {
        true
    }

    fn create(&self, _services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        refusals(cx)?;
        let physical_id = generic::physical_id(cx);
        Ok(Started { physical_id, attributes: Attributes::new(), takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        let mut attributes = Attributes::new();
        attributes.insert("Arn".to_owned(), naming::arn_of(cx, physical_id).into());
        Ok(attributes)
    }

    fn update(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        _physical_id: &str,
        _old_props: &Value,
    ) -> Result<super::Updating, Failure> {
        refusals(cx)?;
        Ok(super::Updating::InPlace { takes: cx.updating() })
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

fn refusals(cx: &Cx<'_>) -> Result<(), Failure> {
    let runtime = cx.text("Runtime").unwrap_or_default();
    let refused = |message: String| {
        Err(Failure::handler("InvalidRequest", format!("{message} (Service: Lambda, Status Code: 400)")))
    };
    if RETIRED.contains(&runtime.as_str()) {
        return refused(format!(
            "The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda \
             functions. We recommend you use a supported runtime while creating or updating functions."
        ));
    }
    let inline = cx.props.get("Code").and_then(|code| code.get("ZipFile")).is_some();
    if inline && !runtime.starts_with("nodejs") && !runtime.starts_with("python") {
        return refused(format!(
            "ZipFile can only be used when Runtime is set to a nodejs or python one; it is {runtime}."
        ));
    }
    Ok(())
}
