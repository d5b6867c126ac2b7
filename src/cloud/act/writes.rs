//! Sending the writes to another Region: the primary's pages name that Region's API. The edge cannot do
//! it, since it fails over reads alone.

use super::super::action::Notes;
use super::super::facts::Role;
use super::super::ours::OurStack;
use super::super::{ActionError, Cloud, Note, names};

impl Cloud {
    /// Lets the primary's `config.json` name the API of `to`, as that Region's own pages do. Naming the
    /// primary's again undoes it.
    ///
    /// # Errors
    /// When a stack is not there or the primary's bucket cannot be written.
    pub async fn switch_writes(
        &self,
        to: Role,
        note: &(dyn Fn(Note) + Send + Sync),
    ) -> Result<(), ActionError> {
        let primary = self.require_stack(Role::Primary, names::PRIMARY).await?;
        let named = match to {
            Role::Primary => primary.clone(),
            Role::Standby => self.require_stack(to, names::STANDBY).await?,
        };
        let bucket = self.own_bucket(Role::Primary, &primary, "PagesBucket").await?;
        self.put(&bucket, "config.json", config(to, &named)).await?;
        self.say_switched(to, note);
        Ok(())
    }

    fn say_switched(&self, to: Role, note: Notes<'_>) {
        let region = to.region();
        self.tell(
            note,
            format!("Las páginas de la Región primaria llaman ahora a la API de {region}."),
            format!("The primary Region's pages now call the API of {region}."),
        );
    }
}

/// The `config.json` that names a Region's API.
pub(super) fn config(role: Role, stack: &OurStack) -> Vec<u8> {
    let host = stack.output("ApiUrl");
    serde_json::json!({ "host": host, "region": role.region() }).to_string().into_bytes()
}
