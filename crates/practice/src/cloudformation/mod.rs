//! CloudFormation's API (awsQuery 2010-05-15) over the engine: one file a group of actions. Shapes,
//! codes and statuses are those of the service model, so that any client's waiters and errors work.

use super::call::{Outcome, Request};
use super::operation::{Operation, by_name};
use crate::services::Services;
use crate::sources::Sources;
use ::cloudformation::engine::Engine;

mod change_set_list;
mod change_sets;
mod create;
mod delete;
mod errors;
mod events;
mod exports;
mod input;
mod resources;
mod stack_xml;
mod stacks;
mod templates;
mod update;

/// What answers a call.
pub(crate) type Read = fn(&Engine, &Sources<'_>, &Request<'_>) -> Outcome;
/// What answers a call and changes what there is.
pub(crate) type Change = fn(&mut Engine, &mut Services<'_>, &Request<'_>) -> Outcome;
type Op = Operation<Read, Change>;

/// What CloudFormation answers.
pub(super) static OPERATIONS: &[Op] = &by_name([
    Op::changes("CancelUpdateStack", update::cancel_update),
    Op::changes("ContinueUpdateRollback", update::continue_rollback),
    Op::changes("CreateChangeSet", change_sets::create),
    Op::changes("CreateStack", create::create_stack),
    Op::changes("DeleteChangeSet", change_sets::delete),
    Op::changes("DeleteStack", delete::delete_stack),
    Op::reads("DescribeAccountLimits", exports::account_limits),
    Op::reads("DescribeChangeSet", change_set_list::describe),
    Op::reads("DescribeEvents", events::operation_events),
    Op::reads("DescribeStackEvents", events::stack_events),
    Op::reads("DescribeStackResource", resources::describe_one),
    Op::reads("DescribeStackResources", resources::describe_all),
    Op::reads("DescribeStacks", stacks::describe),
    Op::changes("ExecuteChangeSet", change_sets::execute),
    Op::reads("GetTemplate", templates::get),
    Op::reads("GetTemplateSummary", templates::summary),
    Op::reads("ListChangeSets", change_set_list::list),
    Op::reads("ListExports", exports::list),
    Op::reads("ListImports", exports::imports),
    Op::reads("ListStackResources", resources::list),
    Op::reads("ListStacks", stacks::list),
    Op::changes("RollbackStack", update::rollback_stack),
    Op::changes("SignalResource", resources::signal),
    Op::changes("UpdateStack", update::update_stack),
    Op::changes("UpdateTerminationProtection", delete::termination_protection),
    Op::reads("ValidateTemplate", templates::validate),
]);
