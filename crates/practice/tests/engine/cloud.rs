//! A world, a moment and a way to call CloudFormation in it.

use std::time::Duration;

use bytes::Bytes;
use ground::clock::Moment;
use http::{HeaderMap, Method};
use practice::call::{AwsError, Call, RequestId, Service};
use practice::scenario::Scenario;
use practice::wire::{Node, Params, Protocol};
use practice::world::World;
use practice::{advance, answer, time};

pub struct Cloud {
    pub world: World,
    pub now: Moment,
    pub region: &'static str,
}

/// One event: logical id, status, reason.
pub type Told = (String, String, String);

impl Cloud {
    pub fn new(seed: u64) -> Cloud {
        Cloud::with(seed, Scenario::default())
    }

    pub fn with(seed: u64, scenario: Scenario) -> Cloud {
        let now = Moment(1_800_000_000_000);
        Cloud { world: World::new(seed, scenario, now), now, region: "us-east-1" }
    }

    /// A scenario in which one resource of any stack fails.
    pub fn failing(seed: u64, resource: &str) -> Cloud {
        let text = format!("[[failure]]\nstack = \"*\"\nresource = \"{resource}\"\nreason = \"planned\"\n");
        Cloud::with(seed, toml::from_str(&text).unwrap())
    }

    pub fn try_call(&mut self, action: &str, params: &[(&str, &str)]) -> Result<Node, AwsError> {
        self.now = Moment(self.now.0 + 7);
        advance(&mut self.world, self.now);
        let call = Call {
            service: Service::CloudFormation,
            protocol: Protocol::Query,
            region: self.region,
            caller: practice::call::Caller::Account,
            action: action.to_owned(),
            now: self.now,
            method: &Method::POST,
            path: "/",
            query: "",
            headers: &HeaderMap::new(),
            body: &Bytes::new(),
            host: "cloudformation.us-east-1.amazonaws.com",
            params: params.iter().copied().collect::<Params>(),
            request_id: RequestId(1),
        };
        let reply = answer(&mut self.world, &call)?;
        let root = Node::parse(&reply.body).unwrap();
        Ok(root.child(&format!("{action}Result")).cloned().unwrap_or_default())
    }

    pub fn call(&mut self, action: &str, params: &[(&str, &str)]) -> Node {
        self.try_call(action, params).unwrap_or_else(|e| panic!("{action}: {} {}", e.code, e.message))
    }

    /// The error's message.
    pub fn refused(&mut self, action: &str, params: &[(&str, &str)]) -> String {
        self.try_call(action, params).expect_err("must be refused").message
    }

    pub fn create(&mut self, name: &str, template: &str) -> String {
        let result = self.call("CreateStack", &[("StackName", name), ("TemplateBody", template)]);
        result.at("StackId").unwrap().to_owned()
    }

    pub fn update(&mut self, name: &str, template: &str) {
        self.call("UpdateStack", &[("StackName", name), ("TemplateBody", template)]);
    }

    pub fn delete(&mut self, name: &str) {
        self.call("DeleteStack", &[("StackName", name)]);
    }

    pub fn wait(&mut self, time: Duration) {
        self.now = self.now.after(time);
        advance(&mut self.world, self.now);
    }

    /// Lets everything happen that is under way.
    pub fn settle(&mut self) {
        while let Some(due) = time::next_due(&self.world) {
            self.now = self.now.max(due);
            advance(&mut self.world, self.now);
        }
    }

    pub fn status(&mut self, name: &str) -> String {
        self.stack(name).at("StackStatus").unwrap().to_owned()
    }

    pub fn stack(&mut self, name: &str) -> Node {
        let found = self.call("DescribeStacks", &[("StackName", name)]);
        found.node("Stacks/member").unwrap().clone()
    }

    pub fn output(&mut self, name: &str, key: &str) -> Option<String> {
        let stack = self.stack(name);
        let outputs = stack.child("Outputs")?;
        let found = outputs.all("member").find(|output| output.at("OutputKey") == Some(key))?;
        found.at("OutputValue").map(str::to_owned)
    }

    /// All events, oldest first, gathered page by page.
    pub fn events(&mut self, name: &str) -> Vec<Told> {
        let mut told = Vec::new();
        let mut token = String::new();
        loop {
            let page = self.call("DescribeStackEvents", &[("StackName", name), ("NextToken", &token)]);
            let text = |node: &Node, name| node.at(name).unwrap_or_default().to_owned();
            told.extend(page.child("StackEvents").unwrap().all("member").map(|event| {
                let reason = text(event, "ResourceStatusReason");
                (text(event, "LogicalResourceId"), text(event, "ResourceStatus"), reason)
            }));
            match page.at("NextToken") {
                Some(next) => token = next.to_owned(),
                None => break,
            }
        }
        told.reverse();
        told
    }

    pub fn physical(&mut self, name: &str, logical: &str) -> String {
        let params = [("StackName", name), ("LogicalResourceId", logical)];
        let found = self.call("DescribeStackResource", &params);
        found.at("StackResourceDetail/PhysicalResourceId").unwrap_or_default().to_owned()
    }
}

/// Where in the events a resource reached a status.
pub fn place(events: &[Told], id: &str, status: &str) -> usize {
    events
        .iter()
        .position(|(i, s, _)| i == id && s == status)
        .unwrap_or_else(|| panic!("{id} never reached {status}: {events:#?}"))
}
