//! Stacks of a world: created, updated and deleted to their end, and read.

use super::World;

impl World {
    /// Creates a stack and lets it come to its end; gives its status. Parameters are key and value.
    ///
    /// # Panics
    /// If it is refused before it begins.
    pub fn create_stack(&self, region: &str, name: &str, template: &str, params: &[(&str, &str)]) -> String {
        self.change_stack("CreateStack", region, name, template, params)
    }

    /// Updates a stack and lets it come to its end; gives its status.
    ///
    /// # Panics
    /// If it is refused before it begins.
    pub fn update_stack(&self, region: &str, name: &str, template: &str, params: &[(&str, &str)]) -> String {
        self.change_stack("UpdateStack", region, name, template, params)
    }

    /// Deletes a stack and lets it come to its end; gives its status, or `gone`.
    ///
    /// # Panics
    /// If it is refused before it begins.
    pub fn delete_stack(&self, region: &str, name: &str) -> String {
        self.query("cloudformation", region, "DeleteStack", &[("StackName", name)]).expect("a deletion");
        self.settle();
        self.stack_status(region, name)
    }

    fn change_stack(
        &self,
        action: &str,
        region: &str,
        name: &str,
        template: &str,
        params: &[(&str, &str)],
    ) -> String {
        let member = |i: usize, part| format!("Parameters.member.{}.Parameter{part}", i + 1);
        let names: Vec<_> = (0..params.len()).map(|i| (member(i, "Key"), member(i, "Value"))).collect();
        let mut all = vec![
            ("StackName", name),
            ("TemplateBody", template),
            ("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
        ];
        for ((key_is, value_is), (key, value)) in names.iter().zip(params) {
            all.extend([(key_is.as_str(), *key), (value_is.as_str(), *value)]);
        }
        let begun = self.query("cloudformation", region, action, &all);
        assert!(begun.is_ok(), "{action} of {name}: {begun:?}");
        self.settle();
        self.stack_status(region, name)
    }

    /// A stack's status, or `gone`.
    #[must_use]
    pub fn stack_status(&self, region: &str, name: &str) -> String {
        let found = self.query("cloudformation", region, "DescribeStacks", &[("StackName", name)]);
        let status = found.ok().and_then(|f| f.at("Stacks/member/StackStatus").map(str::to_owned));
        status.unwrap_or_else(|| "gone".to_owned())
    }

    /// What a stack tells under a key, also while its Region is silent.
    ///
    /// # Panics
    /// If there is no such stack or output.
    #[must_use]
    pub fn output(&self, region: &str, name: &str, key: &str) -> String {
        self.practice.inspect(|world| {
            let stack = world.cloudformation.get(region, name).expect("a stack of that name");
            let found = stack.outputs.iter().find(|output| output.key == key);
            assert!(found.is_some(), "{name} is {:?} {:?} without {key}", stack.status, stack.reason);
            found.map(|output| output.value.clone()).unwrap_or_default()
        })
    }

    /// Every reason that a stack's events give, page by page.
    ///
    /// # Panics
    /// If there is no such stack.
    #[must_use]
    pub fn stack_reasons(&self, region: &str, name: &str) -> String {
        let (mut all, mut token) = (String::new(), String::new());
        loop {
            let params = [("StackName", name), ("NextToken", token.as_str())];
            let params = if token.is_empty() { &params[..1] } else { &params[..] };
            let page = self.query("cloudformation", region, "DescribeStackEvents", params);
            let page = page.expect("a page of events");
            let events = page.child("StackEvents").expect("events");
            all.extend(events.all("member").filter_map(|event| event.at("ResourceStatusReason")));
            match page.at("NextToken") {
                Some(next) => token = next.to_owned(),
                None => return all,
            }
        }
    }
}
