//! The edge: the distribution's status, and from which Region it really serves, asked like any visitor.

use super::super::facts::{DistributionStatus, Edge, Facts};
use super::super::{Cloud, error, names};
use super::data::live_stack;

impl Cloud {
    pub(super) async fn edge(&self, facts: &mut Facts) {
        let Some(stack) = live_stack(facts, names::EDGE) else { return };
        let made = stack.resources.iter().find(|r| r.kind == "AWS::CloudFront::Distribution");
        let Some(id) = made.and_then(|r| r.physical_id.clone()) else { return };
        let request = self.clients.cloudfront.get_distribution().id(&id);
        let distribution = match request.send().await {
            Ok(answer) => answer.distribution,
            Err(e) if error::code_of(&e) == "NoSuchDistribution" => None,
            Err(_) => {
                facts.edge = self.memory.lock().edge.clone().filter(|edge| edge.id == id);
                return;
            }
        };
        let Some(distribution) = distribution else { return };
        let mut edge = Edge {
            id,
            domain: distribution.domain_name.clone(),
            status: distribution.status.as_str().into(),
            ..Edge::default()
        };
        if edge.status == DistributionStatus::Deployed
            && let Some(answer) = self.clients.fetch.edge_page(&edge.id, &edge.domain, "config.json").await
        {
            edge.last_code = Some(answer.code);
            edge.served_by = region_of(&answer.body).filter(|_| answer.code == 200);
        }
        self.memory.lock().edge = Some(edge.clone());
        facts.edge = Some(edge);
    }
}

/// The Region a `config.json` names.
fn region_of(body: &str) -> Option<String> {
    let config: serde_json::Value = serde_json::from_str(body).ok()?;
    Some(config.get("region")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_json_names_its_region() {
        assert_eq!(region_of(r#"{"host":"https://x","region":"us-west-1"}"#).as_deref(), Some("us-west-1"));
        assert_eq!(region_of("<html>"), None);
    }
}
