//! Step 6: the fault and its exact undo.

use serde_json::{Value, json};

use super::super::action::Notes;
use super::super::facts::Role;
use super::super::ours::OurBucket;
use super::super::{ActionError, Cloud, error, names};

impl Cloud {
    /// Denies reading the primary's pages: one statement more in the bucket's policy, known by its Sid.
    pub(super) async fn break_primary(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let (bucket, mut policy) = self.pages_policy().await?;
        if take_fault(&mut policy) {
            self.tell(note, "La Región primaria ya estaba rota.", "The primary Region was broken already.");
            return Ok(());
        }
        let resource = format!("arn:aws:s3:::{}/*", bucket.name);
        let statement = json!({
            "Sid": names::FAULT_SID, "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": resource,
        });
        add(&mut policy, statement);
        self.set_policy(&bucket, &policy).await?;
        self.tell(
            note,
            "La Región primaria ya no entrega páginas (403). Con «m» se repara.",
            "The primary Region no longer hands out pages (403). \"m\" mends it.",
        );
        Ok(())
    }

    /// Takes the fault's statement out again and leaves the rest of the policy as it is.
    pub(super) async fn mend_primary(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let (bucket, mut policy) = self.pages_policy().await?;
        if take_fault(&mut policy) {
            self.set_policy(&bucket, &policy).await?;
            self.tell(
                note,
                "La Región primaria vuelve a entregar páginas.",
                "The primary Region hands out pages again.",
            );
        } else {
            self.tell(note, "La Región primaria no estaba rota.", "The primary Region was not broken.");
        }
        Ok(())
    }

    async fn pages_policy(&self) -> Result<(OurBucket, Value), ActionError> {
        let stack = self.require_stack(Role::Primary, names::PRIMARY).await?;
        let bucket = self.own_bucket(Role::Primary, &stack, "PagesBucket").await?;
        let client = &self.clients.at(Role::Primary).s3;
        let asked = client.get_bucket_policy().bucket(&bucket.name).expected_bucket_owner(&bucket.owner);
        let text = match asked.send().await {
            Ok(answer) => answer.policy.unwrap_or_default(),
            Err(e) if error::code_of(&e) == "NoSuchBucketPolicy" => String::new(),
            Err(e) => return Err(e.into()),
        };
        let policy =
            serde_json::from_str(&text).unwrap_or_else(|_| json!({"Version": "2012-10-17", "Statement": []}));
        Ok((bucket, policy))
    }

    async fn set_policy(&self, bucket: &OurBucket, policy: &Value) -> Result<(), ActionError> {
        let client = &self.clients.at(bucket.role).s3;
        let (name, owner) = (&bucket.name, &bucket.owner);
        if statements(policy).is_empty() {
            // A policy that says nothing is refused; having none is how the bucket was before.
            client.delete_bucket_policy().bucket(name).expected_bucket_owner(owner).send().await?;
            return Ok(());
        }
        let put = client.put_bucket_policy().bucket(name).expected_bucket_owner(owner);
        put.policy(policy.to_string()).send().await?;
        Ok(())
    }
}

/// The policy's statements as a list; AWS also takes a single object.
fn statements(policy: &Value) -> Vec<Value> {
    match &policy["Statement"] {
        Value::Array(list) => list.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    }
}

/// Adds a statement to a policy.
fn add(policy: &mut Value, statement: Value) {
    let mut list = statements(policy);
    list.push(statement);
    policy["Statement"] = Value::Array(list);
}

/// Takes the fault's statement out; answers whether it was there.
fn take_fault(policy: &mut Value) -> bool {
    let mut list = statements(policy);
    let before = list.len();
    list.retain(|s| s["Sid"] != names::FAULT_SID);
    let taken = list.len() != before;
    if taken {
        policy["Statement"] = Value::Array(list);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_undo_leaves_the_policy_as_it_was() {
        let original = json!({"Version": "2012-10-17", "Statement": [{"Sid": "Edge", "Effect": "Allow"}]});
        let mut policy = original.clone();
        add(&mut policy, json!({"Sid": names::FAULT_SID}));
        assert!(take_fault(&mut policy));
        assert_eq!(policy, original);
        assert!(!take_fault(&mut policy));
    }
}
