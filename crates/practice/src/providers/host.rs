//! Practice's services as the engine's host: each resource goes to the provider of its type.

use std::time::Duration;

use serde_json::Value;

use super::{generic, provider};
use crate::durations;
use crate::services::Services;
use ::cloudformation::engine::Engine;
use ::cloudformation::engine::host::{Cx, Deleting, Failure, Host, Lookup, Started, Updating};
use ::cloudformation::engine::resource::Attributes;

impl Lookup for Services<'_> {
    fn parameter(&self, region: &str, name: &str) -> Option<String> {
        self.sources().parameter(region, name)
    }

    fn secret(&self, region: &str, id: &str) -> Option<String> {
        self.sources().secret(region, id)
    }

    fn zones(&self, region: &str) -> Vec<String> {
        self.sources().zones(region)
    }
}

impl Host for Services<'_> {
    fn seed(&self) -> u64 {
        self.seed
    }

    fn scale(&self) -> f64 {
        self.scenario.duration_scale
    }

    fn planned_failure(&self, stack_name: &str, logical_id: &str) -> Option<String> {
        let means = |said: &str, name: &str| said == "*" || said == name;
        let mut planned = self.scenario.failure.iter();
        planned
            .find(|failure| means(&failure.stack, stack_name) && means(&failure.resource, logical_id))
            .map(|failure| failure.reason.clone())
    }

    fn template(&self, url: &str) -> Result<String, String> {
        self.sources().template(url)
    }

    fn creating(&self, kind: &str) -> Duration {
        durations::create(kind)
    }

    fn replaces(&self, cx: &Cx<'_>, changed: &[String]) -> bool {
        provider(cx.kind).replaces(cx, changed)
    }

    fn attribute(&self, cx: &Cx<'_>, physical_id: &str, name: &str) -> Option<Value> {
        provider(cx.kind).attribute(cx, physical_id, name)
    }

    fn create(&mut self, cx: &Cx<'_>, others: &Engine) -> Result<Started, Failure> {
        let provider = provider(cx.kind);
        if provider.is_named_once() {
            generic::check_name(others, cx)?;
        }
        provider.create(self, cx)
    }

    fn finish_creation(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<Attributes, Failure> {
        provider(cx.kind).finish_creation(self, cx, physical_id)
    }

    fn update(&mut self, cx: &Cx<'_>, physical_id: &str, old_props: &Value) -> Result<Updating, Failure> {
        provider(cx.kind).update(self, cx, physical_id, old_props)
    }

    fn finish_update(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<Attributes, Failure> {
        provider(cx.kind).finish_update(self, cx, physical_id)
    }

    fn delete(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<Deleting, Failure> {
        provider(cx.kind).delete(self, cx, physical_id)
    }

    fn finish_deletion(&mut self, cx: &Cx<'_>, physical_id: &str) -> Result<(), Failure> {
        provider(cx.kind).finish_deletion(self, cx, physical_id)
    }
}
