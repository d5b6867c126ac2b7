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

pub(super) fn created(
    engine: &Engine,
    host: &mut dyn Host,
    cx: &Cx<'_>,
    physical_id: &str,
) -> Result<Attributes, Failure> {
    match cx.kind {
        nested::KIND => nested::created(engine, physical_id),
        _ => host.created(cx, physical_id),
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

pub(super) fn updated(
    engine: &Engine,
    host: &mut dyn Host,
    cx: &Cx<'_>,
    physical_id: &str,
) -> Result<Attributes, Failure> {
    match cx.kind {
        nested::KIND => nested::updated(engine, physical_id),
        _ => host.updated(cx, physical_id),
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

pub(super) fn deleted(
    engine: &Engine,
    host: &mut dyn Host,
    cx: &Cx<'_>,
    physical_id: &str,
) -> Result<(), Failure> {
    match cx.kind {
        nested::KIND => nested::deleted(engine, physical_id),
        _ => host.deleted(cx, physical_id),
    }
}
