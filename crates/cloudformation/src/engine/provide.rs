//! Who makes a resource: the engine itself where it is a stack, the host for everything else.

use serde_json::Value;

use super::host::{Cx, Deleting, Failure, Host, Started, Updating};
use super::resource::Attributes;
use super::{Engine, nested};

pub(super) fn create(engine: &mut Engine, host: &mut dyn Host, cx: &Cx<'_>) -> Result<Started, Failure> {
    match cx.kind {
        nested::KIND => nested::create(engine, host, cx),
        _ => host.create(cx, engine),
    }
}

pub(super) fn finish_creation(
    engine: &Engine,
    host: &mut dyn Host,
    cx: &Cx<'_>,
    physical_id: &str,
) -> Result<Attributes, Failure> {
    match cx.kind {
        nested::KIND => nested::finish_creation(engine, physical_id),
        _ => host.finish_creation(cx, physical_id),
    }
}

pub(super) fn update(
    engine: &mut Engine,
    host: &mut dyn Host,
    cx: &Cx<'_>,
    physical_id: &str,
    old_props: &Value,
) -> Result<Updating, Failure> {
    match cx.kind {
        nested::KIND => nested::update(engine, host, cx, physical_id),
        _ => host.update(cx, physical_id, old_props),
    }
}

pub(super) fn finish_update(
    engine: &Engine,
    host: &mut dyn Host,
    cx: &Cx<'_>,
    physical_id: &str,
) -> Result<Attributes, Failure> {
    match cx.kind {
        nested::KIND => nested::finish_update(engine, physical_id),
        _ => host.finish_update(cx, physical_id),
    }
}

pub(super) fn delete(
    engine: &mut Engine,
    host: &mut dyn Host,
    cx: &Cx<'_>,
    physical_id: &str,
) -> Result<Deleting, Failure> {
    match cx.kind {
        nested::KIND => nested::delete(engine, host, cx, physical_id),
        _ => host.delete(cx, physical_id),
    }
}

pub(super) fn finish_deletion(
    engine: &Engine,
    host: &mut dyn Host,
    cx: &Cx<'_>,
    physical_id: &str,
) -> Result<(), Failure> {
    match cx.kind {
        nested::KIND => nested::finish_deletion(engine, physical_id),
        _ => host.finish_deletion(cx, physical_id),
    }
}
