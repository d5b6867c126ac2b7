//! Answers in the protocol of their call.

use serde_json::Value;

use super::call::{AwsError, Call, Reply};
use super::wire::{Xml, json, query};

impl Call<'_> {
    /// The JSON body; an empty body is an empty object.
    ///
    /// # Errors
    /// `SerializationException` when it is not JSON.
    pub fn json(&self) -> Result<Value, AwsError> {
        json::body(self)
    }
}

impl Reply {
    /// awsQuery: `<ActionResponse><ActionResult>` around what `write` writes, and the request id.
    pub fn query(call: &Call<'_>, write: impl FnOnce(&mut Xml)) -> Reply {
        query::reply(call, write)
    }

    /// ec2Query: `<ActionResponse>` with the request id and what `write` writes.
    pub fn ec2(call: &Call<'_>, write: impl FnOnce(&mut Xml)) -> Reply {
        query::ec2_reply(call, write)
    }

    /// REST-XML: a document whose root `root` has the service's name space, and what `write` writes in it.
    pub fn xml(call: &Call<'_>, status: u16, root: &str, write: impl FnOnce(&mut Xml)) -> Reply {
        let mut xml = Xml::document();
        xml.open_with(root, &[("xmlns", call.service.namespace())]);
        write(&mut xml);
        xml.close(root);
        Reply::new(status, "application/xml", xml.finish())
    }

    /// AWS JSON in the version of the call.
    pub fn json(call: &Call<'_>, value: &impl serde::Serialize) -> Reply {
        json::reply(call, value)
    }
}
