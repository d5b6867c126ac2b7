//! What a template sees of the world while it is evaluated: its own stack's resources, the Region's
//! exports, zones, SSM parameters and secrets.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::Value;

use super::Engine;
use super::exports;
use super::host::Host;
use super::host::cx;
use super::stack::Stack;
use crate::template::Resolver;
use ground::clock::Moment;

/// The world through one stack's resolver; remembers which exports it looked at.
pub struct StackResolver<'a> {
    engine: &'a Engine,
    host: &'a dyn Host,
    stack: &'a Stack,
    at: Moment,
    imports: RefCell<BTreeSet<String>>,
}

impl<'a> StackResolver<'a> {
    /// The world as `stack` sees it at `at`.
    #[must_use]
    pub fn new(engine: &'a Engine, host: &'a dyn Host, stack: &'a Stack, at: Moment) -> StackResolver<'a> {
        StackResolver { engine, host, stack, at, imports: RefCell::default() }
    }

    /// The exports looked at.
    #[must_use]
    pub fn imports(self) -> BTreeSet<String> {
        self.imports.into_inner()
    }
}

impl Resolver for StackResolver<'_> {
    fn reference(&self, id: &str) -> Option<String> {
        self.stack.live(id)?.physical_id.clone()
    }

    fn attribute(&self, id: &str, name: &str) -> Option<Value> {
        let resource = self.stack.live(id)?;
        if let Some(known) = resource.attributes.get(name) {
            return Some(known.clone());
        }
        let physical_id = resource.physical_id.as_deref()?;
        self.host.attribute(&cx(self.host, self.stack, resource, self.at), physical_id, name)
    }

    fn import(&self, name: &str) -> Option<String> {
        self.imports.borrow_mut().insert(name.to_owned());
        exports::value(self.engine, &self.stack.region, name)
    }

    fn output(&self, stack: &str, name: &str, region: &str) -> Option<String> {
        let stack = self.engine.get(region, stack)?;
        stack.outputs.iter().find(|output| output.key == name).map(|output| output.value.clone())
    }

    fn zones(&self, region: &str) -> Vec<String> {
        self.host.zones(region)
    }

    fn dynamic(&self, reference: &str) -> Option<String> {
        let (service, rest) = reference.split_once(':')?;
        match service {
            "ssm" | "ssm-secure" => {
                let name =
                    rest.rsplit_once(':').filter(|(_, v)| v.parse::<u64>().is_ok()).map_or(rest, |(n, _)| n);
                self.host.parameter(&self.stack.region, name)
            }
            "secretsmanager" => self.secret(rest),
            _ => None,
        }
    }
}

impl StackResolver<'_> {
    /// `id:SecretString:key` of a secret that a stack of this Region made; the id may be an ARN.
    fn secret(&self, reference: &str) -> Option<String> {
        let (id, key) = reference.split_once(":SecretString").unwrap_or((reference, ""));
        let value = self.host.secret(&self.stack.region, id)?;
        let key = key.trim_start_matches(':').split(':').next().unwrap_or_default();
        match key {
            "" => Some(value),
            key => serde_json::from_str::<Value>(&value).ok()?.get(key)?.as_str().map(str::to_owned),
        }
    }
}
