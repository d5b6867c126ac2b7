//! Subnet groups and parameter groups.

use super::errors;
use super::model::{ParameterGroup, Scope, SubnetGroup, Tags};
use super::{Drawn, Rds, Scene};
use crate::call::AwsError;

impl Rds {
    /// The subnet group of this name in a Region.
    #[must_use]
    pub fn subnet_group(&self, region: &str, name: &str) -> Option<&SubnetGroup> {
        let name = name.to_ascii_lowercase();
        self.subnet_groups.values().find(|g| g.region == region && g.name == name)
    }

    /// The parameter group of this name in a Region.
    #[must_use]
    pub fn parameter_group(&self, region: &str, scope: Scope, name: &str) -> Option<&ParameterGroup> {
        let name = name.to_ascii_lowercase();
        self.parameter_groups.values().find(|g| g.region == region && g.scope == scope && g.name == name)
    }

    /// Puts a subnet group in place (new or changed).
    pub fn put_subnet_group(&mut self, scene: &Scene<'_>, group: SubnetGroup) -> String {
        let name = group.name.to_ascii_lowercase();
        let arn = scene.arn("subgrp", &name);
        let region = scene.region.to_owned();
        self.subnet_groups.insert(arn.clone(), SubnetGroup { arn: arn.clone(), region, name, ..group });
        arn
    }

    /// Deletes a subnet group.
    ///
    /// # Errors
    /// A missing one, or one in use.
    pub fn delete_subnet_group(&mut self, region: &str, name: &str) -> Result<(), AwsError> {
        let group = self.subnet_group(region, name).ok_or_else(|| errors::no_subnet_group(name))?;
        let used_by = |r: &str, g: &str| r == region && g == group.name;
        let used = self.clusters.values().any(|c| used_by(&c.region, &c.subnet_group))
            || self.instances.values().any(|i| used_by(&i.region, &i.subnet_group));
        if used {
            return Err(AwsError::new(
                "InvalidDBSubnetGroupStateFault",
                format!(
                    "Cannot delete the subnet group '{name}' because at least one database instance or cluster is still using it."
                ),
            ));
        }
        let arn = group.arn.clone();
        self.subnet_groups.remove(&arn);
        Ok(())
    }

    /// Makes a parameter group.
    ///
    /// # Errors
    /// A name that is taken.
    pub fn create_parameter_group(
        &mut self,
        scene: &Scene<'_>,
        group: ParameterGroup,
    ) -> Result<String, AwsError> {
        let name = group.name.to_ascii_lowercase();
        if self.parameter_group(scene.region, group.scope, &name).is_some() {
            let message = format!("Parameter group {name} already exists");
            return Err(AwsError::new("DBParameterGroupAlreadyExists", message));
        }
        let kind = match group.scope {
            Scope::Cluster => "cluster-pg",
            Scope::Instance => "pg",
        };
        let arn = scene.arn(kind, &name);
        let region = scene.region.to_owned();
        self.parameter_groups.insert(arn.clone(), ParameterGroup { arn: arn.clone(), region, name, ..group });
        Ok(arn)
    }

    /// Sets parameters of a group.
    ///
    /// # Errors
    /// A missing group.
    pub fn set_parameters(
        &mut self,
        region: &str,
        scope: Scope,
        name: &str,
        set: Tags,
    ) -> Result<(), AwsError> {
        let missing = || errors::no_parameter_group(scope, name);
        let arn = self.parameter_group(region, scope, name).ok_or_else(missing)?.arn.clone();
        self.parameter_groups.get_mut(&arn).ok_or_else(missing)?.parameters.extend(set);
        Ok(())
    }

    /// Deletes a parameter group.
    ///
    /// # Errors
    /// A missing one, or one in use.
    pub fn delete_parameter_group(&mut self, region: &str, scope: Scope, name: &str) -> Result<(), AwsError> {
        let group = self
            .parameter_group(region, scope, name)
            .ok_or_else(|| errors::no_parameter_group(scope, name))?;
        let used = match scope {
            Scope::Cluster => {
                self.clusters.values().any(|c| c.region == region && c.parameter_group == group.name)
            }
            Scope::Instance => {
                self.instances.values().any(|i| i.region == region && i.parameter_group == group.name)
            }
        };
        if used {
            return Err(AwsError::new(
                "InvalidDBParameterGroupState",
                "One or more database instances are still members of this parameter group, so the group cannot be deleted",
            ));
        }
        let arn = group.arn.clone();
        self.parameter_groups.remove(&arn);
        Ok(())
    }
}
