//! The faults that can be made with AWS's own calls, in an account as in practice: the public lab's
//! (its pages bucket denies reading) and a stopped instance. Each has an undo that repeats harmlessly.

use std::time::Duration;

use super::super::facts::Role;
use super::super::fault::Switching;
use super::super::guard::Patience;
use super::super::{ActionError, Cloud, Fault, Switchboard, names};
use super::wait::POLL;

/// The longest an instance may take to stop before it can be started again.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

impl Switchboard for Cloud {
    fn offers(&self) -> Vec<Fault> {
        vec![Fault::Bucket, Fault::Instance]
    }

    fn apply(&self, fault: Fault) -> Switching<'_> {
        Box::pin(async move {
            match fault {
                Fault::Bucket => self.break_primary(&|_| {}).await,
                Fault::Instance => self.stop_instance().await,
                other => Err(not_offered_error(other)),
            }
        })
    }

    fn undo(&self, fault: Fault) -> Switching<'_> {
        Box::pin(async move {
            match fault {
                Fault::Bucket => self.mend_primary(&|_| {}).await,
                Fault::Instance => self.start_instance().await,
                other => Err(not_offered_error(other)),
            }
        })
    }
}

impl Cloud {
    async fn stop_instance(&self) -> Result<(), ActionError> {
        let id = self.shop_instance().await?;
        self.power("StopInstances", &id)
            .await
            .then_some(())
            .ok_or_else(|| refused_error("StopInstances", &id))
    }

    /// An instance that is still stopping cannot be started: asked again until it can.
    async fn start_instance(&self) -> Result<(), ActionError> {
        let id = self.shop_instance().await?;
        let patience = Patience::new(self, PATIENCE, id.clone(), id.clone());
        while !self.power("StartInstances", &id).await {
            patience.pause(self, POLL).await.map_err(|_| refused_error("StartInstances", &id))?;
        }
        Ok(())
    }

    async fn shop_instance(&self) -> Result<String, ActionError> {
        let stack = self.require_stack(Role::Primary, names::PRIMARY).await?;
        stack.resource_of_output("AWS::EC2::Instance", "InstanceId")
    }

    /// Whether EC2 took the request.
    async fn power(&self, action: &str, id: &str) -> bool {
        let parameters = [("Action", action), ("Version", "2016-11-15"), ("InstanceId.1", id)];
        self.clients.fetch.query("ec2", Role::Primary.region(), &parameters).await.is_some()
    }
}

fn refused_error(action: &str, id: &str) -> ActionError {
    ActionError::new(
        "PowerRefused",
        format!(
            "EC2 no acepta {action} para {id}. Comprueba que tienes ese permiso y mira la instancia en la consola."
        ),
        format!(
            "EC2 does not accept {action} for {id}. Check that you have that permission and look at the instance in the console."
        ),
    )
}

fn not_offered_error(fault: Fault) -> ActionError {
    ActionError::new(
        "NotOffered",
        format!("Con llamadas de AWS no se puede romper «{fault}». Elige otro fallo."),
        format!("AWS's calls cannot break \"{fault}\". Choose another fault."),
    )
}
