//! Errors in each protocol's shape.

use serde_json::{Map, Value};

use crate::call::{AwsError, Origin, Reply, RequestId, Service};

use super::{Protocol, Xml, cbor, json};

/// The HTTP answer of an error. `service` and `resource` (a path) refine S3's.
#[must_use]
pub fn reply(
    error: &AwsError,
    protocol: Protocol,
    service: Option<Service>,
    resource: &str,
    id: RequestId,
) -> Reply {
    match protocol {
        Protocol::Json10 | Protocol::Json11 | Protocol::Cbor => json_error(error, protocol, service),
        Protocol::Ec2 => ec2_error(error, id),
        Protocol::Rest if service == Some(Service::S3) => s3_error(error, resource, id),
        Protocol::Query | Protocol::Rest => query_error(error, service, id),
    }
}

fn json_error(error: &AwsError, protocol: Protocol, service: Option<Service>) -> Reply {
    let mut object = Map::new();
    // DynamoDB qualifies its own errors with their name space; clients cut it off at `#`.
    let kind = match (service, error.code.as_str()) {
        (Some(Service::DynamoDb), code @ ("ValidationException" | "SerializationException")) => {
            format!("com.amazon.coral.validate#{code}")
        }
        (Some(Service::DynamoDb), code) => format!("com.amazonaws.dynamodb.v20120810#{code}"),
        (Some(Service::CloudWatch), code) => format!("com.amazonaws.cloudwatch#{}", of_cloudwatch(code)),
        (_, code) => code.to_owned(),
    };
    object.insert("__type".into(), Value::String(kind));
    let text = if error.code == "TransactionCanceledException" { "Message" } else { "message" };
    object.insert(text.into(), Value::String(error.message.clone()));
    for (name, value) in &error.details {
        object.insert((*name).to_owned(), value.clone());
    }
    let reply = match protocol {
        Protocol::Cbor => cbor::reply(error.status, &Value::Object(object)),
        _ => {
            let body = serde_json::to_vec(&object).unwrap_or_default();
            Reply::new(error.status, json::content_type(protocol), body)
        }
    };
    // CloudWatch spoke awsQuery first; clients go by the codes of then.
    if service == Some(Service::CloudWatch) && !error.code.ends_with("Exception") {
        let fault = if error.origin == Origin::Sender { "Sender" } else { "Receiver" };
        return reply.with("x-amzn-query-error", format!("{};{fault}", error.code));
    }
    reply
}

/// The name in CloudWatch's model of what awsQuery calls by a code.
fn of_cloudwatch(code: &str) -> &str {
    match code {
        "InvalidParameterValue" => "InvalidParameterValueException",
        "InvalidParameterCombination" => "InvalidParameterCombinationException",
        "MissingParameter" => "MissingRequiredParameterException",
        other => other,
    }
}

fn query_error(error: &AwsError, service: Option<Service>, id: RequestId) -> Reply {
    let mut xml = Xml::new();
    xml.open_with("ErrorResponse", &[("xmlns", service.map_or("", Service::namespace))]);
    xml.nest("Error", |xml| {
        xml.text("Type", if error.origin == Origin::Sender { "Sender" } else { "Receiver" });
        xml.text("Code", &error.code);
        xml.text("Message", &error.message);
        details(xml, error);
    });
    xml.display("RequestId", id);
    xml.close("ErrorResponse");
    Reply::new(error.status, "text/xml", xml.finish())
}

fn ec2_error(error: &AwsError, id: RequestId) -> Reply {
    let mut xml = Xml::document();
    xml.nest("Response", |xml| {
        xml.nest("Errors", |xml| {
            xml.nest("Error", |xml| {
                xml.text("Code", &error.code);
                xml.text("Message", &error.message);
            });
        });
        xml.display("RequestID", id);
    });
    Reply::new(error.status, "text/xml;charset=UTF-8", xml.finish())
}

fn s3_error(error: &AwsError, resource: &str, id: RequestId) -> Reply {
    if error.status == 304 {
        return Reply::empty(304);
    }
    let mut xml = Xml::document();
    xml.nest("Error", |xml| {
        xml.text("Code", &error.code);
        xml.text("Message", &error.message);
        details(xml, error);
        xml.text("Resource", resource);
        xml.display("RequestId", id);
        xml.display("HostId", id);
    });
    Reply::new(error.status, "application/xml", xml.finish())
}

fn details(xml: &mut Xml, error: &AwsError) {
    for (name, value) in &error.details {
        match value {
            Value::String(text) => xml.text(name, text),
            other => xml.text(name, other.to_string()),
        }
    }
}
