//! CloudFormation's API (awsQuery 2010-05-15) over the engine: one file a group of actions. Shapes,
//! codes and statuses are those of the service model, so that any client's waiters and errors work.

use super::call::{Call, Outcome};
use super::operation::{self, Operation, Run, by_name, changes, reads};
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

/// What CloudFormation answers.
pub(super) static OPERATIONS: &[Operation] = &by_name([
    changes("CancelUpdateStack", update::cancel_update),
    changes("ContinueUpdateRollback", update::continue_rollback),
    changes("CreateChangeSet", change_sets::create),
    changes("CreateStack", create::create_stack),
    changes("DeleteChangeSet", change_sets::delete),
    changes("DeleteStack", delete::delete_stack),
    reads("DescribeAccountLimits", exports::account_limits),
    reads("DescribeChangeSet", change_set_list::describe),
    reads("DescribeEvents", events::operation_events),
    reads("DescribeStackEvents", events::stack_events),
    reads("DescribeStackResource", resources::describe_one),
    reads("DescribeStackResources", resources::describe_all),
    reads("DescribeStacks", stacks::describe),
    changes("ExecuteChangeSet", change_sets::execute),
    reads("GetTemplate", templates::get),
    reads("GetTemplateSummary", templates::summary),
    reads("ListChangeSets", change_set_list::list),
    reads("ListExports", exports::list),
    reads("ListImports", exports::imports),
    reads("ListStackResources", resources::list),
    reads("ListStacks", stacks::list),
    changes("RollbackStack", update::rollback_stack),
    changes("SignalResource", resources::signal),
    changes("UpdateStack", update::update_stack),
    changes("UpdateTerminationProtection", delete::termination_protection),
    reads("ValidateTemplate", templates::validate),
]);

/// Carries out one call on a world that has been advanced to its moment.
///
/// # Errors
/// As AWS answers them.
pub fn handle(world: &mut World, call: &Call<'_>) -> Outcome {
    match operation::run(call) {
        Run::Reads(read) => read(world, call),
        Run::Changes(change) => change(world, call),
    }
}
