//! CloudFormation's API (awsQuery 2010-05-15) over the engine: one file a group of actions. Shapes,
//! codes and statuses are those of the service model, so that any client's waiters and errors work.

use super::call::{AwsError, Call, Outcome};
use super::world::World;

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

pub use input::template_from_url;

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.action.as_str() {
        "CreateStack" => create::create_stack(world, call),
        "UpdateStack" => update::update_stack(world, call),
        "CancelUpdateStack" => update::cancel_update(world, call),
        "ContinueUpdateRollback" => update::continue_rollback(world, call),
        "RollbackStack" => update::rollback_stack(world, call),
        "DeleteStack" => delete::delete_stack(world, call),
        "UpdateTerminationProtection" => delete::termination_protection(world, call),
        "CreateChangeSet" => change_sets::create(world, call),
        "ExecuteChangeSet" => change_sets::execute(world, call),
        "DeleteChangeSet" => change_sets::delete(world, call),
        "DescribeChangeSet" => change_set_list::describe(world, call),
        "ListChangeSets" => change_set_list::list(world, call),
        "DescribeStacks" => stacks::describe(world, call),
        "ListStacks" => stacks::list(world, call),
        "DescribeStackEvents" => events::stack_events(world, call),
        "DescribeEvents" => events::operation_events(world, call),
        "DescribeStackResource" => resources::describe_one(world, call),
        "DescribeStackResources" => resources::describe_all(world, call),
        "ListStackResources" => resources::list(world, call),
        "SignalResource" => resources::signal(world, call),
        "GetTemplate" => templates::get(world, call),
        "GetTemplateSummary" => templates::summary(world, call),
        "ValidateTemplate" => templates::validate(world, call),
        "ListExports" => exports::list(world, call),
        "ListImports" => exports::imports(world, call),
        "DescribeAccountLimits" => exports::account_limits(call),
        _ => Err(AwsError::unknown_action(call)),
    }
}
