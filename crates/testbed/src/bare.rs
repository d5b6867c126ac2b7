//! `BareWorld`: a world's state without door, clock and locks, and CloudFormation called in it straight away: for
//! tests of the engine that make thousands of stacks.

use std::time::Duration;

use bytes::Bytes;
use ground::clock::Moment;
use http::{HeaderMap, Method};
use practice::call::{AwsError, Call, Caller, Reply, RequestId, Service};
use practice::scenario::{PlannedFailure, Scenario};
use practice::wire::{Node, Params, Protocol};
use practice::{advance, answer, time, world};

use super::{EAST, START};

/// A world's state, the moment it is there, and the Region that is called.
#[derive(Debug)]
pub struct BareWorld {
    /// All that the world is.
    pub world: world::World,
    /// The moment it is; a call takes 7 milliseconds.
    pub now: Moment,
    /// Where calls go.
    pub region: &'static str,
}

/// An event of a stack: logical id, status, reason.
pub type Told = (String, String, String);

/// A scenario in which one resource of any stack fails, with the reason `planned`.
#[must_use]
pub fn failing(resource: &str) -> Scenario {
    let failure =
        PlannedFailure { stack: "*".to_owned(), resource: resource.to_owned(), reason: "planned".to_owned() };
    Scenario { failure: vec![failure], ..Scenario::default() }
}

/// Where in the events a resource reached a status.
///
/// # Panics
/// If it never did.
pub fn place(events: &[Told], id: &str, status: &str) -> usize {
    let found = events.iter().position(|(i, s, _)| i == id && s == status);
    assert!(found.is_some(), "{id} never reached {status}: {events:#?}");
    found.unwrap_or_default()
}

impl BareWorld {
    /// A world in which nothing goes wrong.
    #[must_use]
    pub fn seeded(seed: u64) -> BareWorld {
        BareWorld::with(seed, Scenario::default())
    }

    /// A world with a scenario.
    #[must_use]
    pub fn with(seed: u64, scenario: Scenario) -> BareWorld {
        BareWorld { world: world::World::new(seed, scenario, START), now: START, region: EAST }
    }

    /// Calls CloudFormation at this moment.
    ///
    /// # Errors
    /// What CloudFormation refuses.
    pub fn answer(&mut self, action: &str, params: &[(&str, &str)]) -> Result<Reply, AwsError> {
        let call = Call {
            service: Service::CloudFormation,
            protocol: Protocol::Query,
            region: self.region,
            caller: Caller::Account,
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
        answer(&mut self.world, &call)
    }

    /// Calls CloudFormation a little later; gives the element with the result.
    ///
    /// # Errors
    /// What CloudFormation refuses.
    ///
    /// # Panics
    /// If the answer is no XML.
    pub fn try_call(&mut self, action: &str, params: &[(&str, &str)]) -> Result<Node, AwsError> {
        self.wait(Duration::from_millis(7));
        let reply = self.answer(action, params)?;
        let root = Node::parse(&reply.body).expect("an answer in XML");
        Ok(root.child(&format!("{action}Result")).cloned().unwrap_or_default())
    }

    /// As `try_call`, for what must be done.
    ///
    /// # Panics
    /// If it is refused.
    pub fn call(&mut self, action: &str, params: &[(&str, &str)]) -> Node {
        self.try_call(action, params).expect(action)
    }

    /// As `try_call`, for what must be refused: the error's message.
    ///
    /// # Panics
    /// If it is done.
    pub fn refused(&mut self, action: &str, params: &[(&str, &str)]) -> String {
        self.try_call(action, params).expect_err("must be refused").message
    }

    /// Begins a stack; gives its id.
    ///
    /// # Panics
    /// If it is refused.
    pub fn create(&mut self, name: &str, template: &str) -> String {
        let result = self.call("CreateStack", &[("StackName", name), ("TemplateBody", template)]);
        result.at("StackId").expect("an id").to_owned()
    }

    /// Begins an update.
    ///
    /// # Panics
    /// If it is refused.
    pub fn update(&mut self, name: &str, template: &str) {
        self.call("UpdateStack", &[("StackName", name), ("TemplateBody", template)]);
    }

    /// Begins a deletion.
    ///
    /// # Panics
    /// If it is refused.
    pub fn delete(&mut self, name: &str) {
        self.call("DeleteStack", &[("StackName", name)]);
    }

    /// Lets time pass, and happen what is due in it.
    pub fn wait(&mut self, time: Duration) {
        self.now = self.now.after(time);
        advance(&mut self.world, self.now);
    }

    /// Lets everything come to its end that is under way.
    pub fn settle(&mut self) {
        while let Some(due) = time::next_due(&self.world) {
            self.now = self.now.max(due);
            advance(&mut self.world, self.now);
        }
    }

    /// A stack's status.
    ///
    /// # Panics
    /// If there is no such stack.
    pub fn status(&mut self, name: &str) -> String {
        self.stack(name).at("StackStatus").expect("a status").to_owned()
    }

    /// A stack as `DescribeStacks` tells it.
    ///
    /// # Panics
    /// If there is no such stack.
    pub fn stack(&mut self, name: &str) -> Node {
        let found = self.call("DescribeStacks", &[("StackName", name)]);
        found.node("Stacks/member").expect("a stack").clone()
    }

    /// What a stack tells under a key, if it tells it.
    ///
    /// # Panics
    /// If there is no such stack.
    pub fn output(&mut self, name: &str, key: &str) -> Option<String> {
        let stack = self.stack(name);
        let outputs = stack.child("Outputs")?;
        let found = outputs.all("member").find(|output| output.at("OutputKey") == Some(key))?;
        found.at("OutputValue").map(str::to_owned)
    }

    /// All events of a stack, oldest first, gathered page by page.
    ///
    /// # Panics
    /// If there is no such stack.
    pub fn events(&mut self, name: &str) -> Vec<Told> {
        let mut told = Vec::new();
        let mut token = String::new();
        loop {
            let page = self.call("DescribeStackEvents", &[("StackName", name), ("NextToken", &token)]);
            let text = |node: &Node, name| node.at(name).unwrap_or_default().to_owned();
            told.extend(page.child("StackEvents").expect("events").all("member").map(|event| {
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

    /// The physical id of a stack's resource; empty while it has none.
    ///
    /// # Panics
    /// If there is no such resource.
    pub fn physical(&mut self, name: &str, logical: &str) -> String {
        let params = [("StackName", name), ("LogicalResourceId", logical)];
        let found = self.call("DescribeStackResource", &params);
        found.at("StackResourceDetail/PhysicalResourceId").unwrap_or_default().to_owned()
    }
}
