//! DynamoDB (AWS JSON 1.0, 2012-08-10): tables, items, expressions and replicas in other Regions.

use self::refusal::Refusal;
use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::operation::{Operation, by_name};
use crate::scene::Scene;
use crate::wire::json::content_type;

pub mod admin;
mod batch;
pub mod create;
mod describe;
mod event;
pub mod expression;
mod items;
pub mod key;
mod lifecycle;
pub mod number;
mod query;
pub mod refusal;
pub mod replicas;
pub mod request;
mod settings;
mod state;
pub mod table;
mod transact;
pub mod transit;
pub mod value;

pub use lifecycle::{release, step};
pub use state::DynamoDb;

/// What answers a call.
pub(crate) type Read = fn(&DynamoDb, &Request<'_>) -> Outcome;
/// What answers a call and changes what there is.
pub(crate) type Change = fn(&mut DynamoDb, &Request<'_>) -> Outcome;
type Op = Operation<Read, Change>;

/// What DynamoDB answers.
pub(super) static OPERATIONS: &[Op] = &by_name([
    Op::reads("BatchGetItem", |w, c| read(w, c, batch::get)),
    Op::changes("BatchWriteItem", |w, c| change(w, c, batch::write)),
    Op::changes("CreateTable", |w, c| change(w, c, create::create_table)),
    Op::changes("DeleteItem", |w, c| change(w, c, items::delete)),
    Op::changes("DeleteTable", |w, c| change(w, c, admin::delete_table)),
    Op::reads("DescribeContinuousBackups", |w, c| read(w, c, settings::describe_backups)),
    Op::reads("DescribeEndpoints", |w, c| read(w, c, settings::endpoints)),
    Op::reads("DescribeLimits", |w, c| read(w, c, settings::limits)),
    Op::reads("DescribeTable", |w, c| read(w, c, admin::describe_table)),
    Op::reads("DescribeTimeToLive", |w, c| read(w, c, settings::describe_ttl)),
    Op::reads("GetItem", |w, c| read(w, c, items::get)),
    Op::reads("ListTables", |w, c| read(w, c, admin::list_tables)),
    Op::reads("ListTagsOfResource", |w, c| read(w, c, settings::list_tags)),
    Op::changes("PutItem", |w, c| change(w, c, items::put)),
    Op::reads("Query", |w, c| read(w, c, query::query)),
    Op::reads("Scan", |w, c| read(w, c, query::scan)),
    Op::changes("TagResource", |w, c| change(w, c, settings::tag)),
    Op::reads("TransactGetItems", |w, c| read(w, c, transact::get)),
    Op::changes("TransactWriteItems", |w, c| change(w, c, transact::write)),
    Op::changes("UntagResource", |w, c| change(w, c, settings::untag)),
    Op::changes("UpdateContinuousBackups", |w, c| change(w, c, settings::update_backups)),
    Op::changes("UpdateItem", |w, c| change(w, c, items::update)),
    Op::changes("UpdateTable", |w, c| change(w, c, admin::update_table)),
    Op::changes("UpdateTimeToLive", |w, c| change(w, c, settings::update_ttl)),
]);

/// Answers from the tables; the body is the request's JSON, the answer the response's.
fn read(
    dynamodb: &DynamoDb,
    call: &Request<'_>,
    answer: impl FnOnce(&DynamoDb, &Scene<'_>, &[u8]) -> Result<Vec<u8>, Refusal>,
) -> Outcome {
    let body = body(call)?;
    reply(call, answer(dynamodb, &call.scene, body))
}

/// As `read`, and changes them.
fn change(
    dynamodb: &mut DynamoDb,
    call: &Request<'_>,
    answer: impl FnOnce(&mut DynamoDb, &Scene<'_>, &[u8]) -> Result<Vec<u8>, Refusal>,
) -> Outcome {
    let body = body(call)?;
    reply(call, answer(dynamodb, &call.scene, body))
}

fn body<'c>(call: &'c Call<'_>) -> Result<&'c [u8], AwsError> {
    if call.body.len() > request::REQUEST_LIMIT {
        return Err(too_large());
    }
    Ok(if call.body.is_empty() { b"{}" } else { call.body })
}

fn reply(call: &Call<'_>, answer: Result<Vec<u8>, Refusal>) -> Outcome {
    match answer {
        Ok(json) => Ok(Reply::new(200, content_type(call.protocol), json)),
        Err(refusal) => {
            let mut error = AwsError::new(refusal.code, refusal.message);
            error.details = refusal.members;
            Err(error)
        }
    }
}

/// The refusal of a body that no call may have.
fn too_large() -> AwsError {
    let text = format!("HTTP content length exceeded {} bytes.", request::REQUEST_LIMIT);
    AwsError::with_status(413, "RequestEntityTooLargeException", text)
}
