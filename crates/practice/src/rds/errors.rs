//! RDS's errors, in its words.

use crate::call::AwsError;

/// A value that cannot be (`InvalidParameterValue`).
pub fn value(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterValue", message)
}

/// Values that do not go together (`InvalidParameterCombination`).
pub fn combination(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterCombination", message)
}

/// The cluster's state forbids it.
pub fn cluster_state(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidDBClusterStateFault", message)
}

/// The global cluster's state forbids it.
pub fn global_state(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidGlobalClusterStateFault", message)
}

/// The instance's state forbids it.
pub fn instance_state(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidDBInstanceState", message)
}

/// No such cluster.
pub fn no_cluster(id: &str) -> AwsError {
    AwsError::with_status(404, "DBClusterNotFoundFault", format!("DBCluster {id} not found."))
}

/// No such instance.
pub fn no_instance(id: &str) -> AwsError {
    AwsError::with_status(404, "DBInstanceNotFound", format!("DBInstance {id} not found."))
}

/// No such global cluster.
pub fn no_global(id: &str) -> AwsError {
    AwsError::with_status(404, "GlobalClusterNotFoundFault", format!("Global cluster {id} not found"))
}

/// No such subnet group.
pub fn no_subnet_group(name: &str) -> AwsError {
    let message = format!("DB subnet group '{name}' does not exist.");
    AwsError::with_status(404, "DBSubnetGroupNotFoundFault", message)
}

/// No such parameter group.
pub fn no_parameter_group(scope: super::Scope, name: &str) -> AwsError {
    let (code, what) = match scope {
        super::Scope::Cluster => ("DBClusterParameterGroupNotFound", "DBClusterParameterGroup"),
        super::Scope::Instance => ("DBParameterGroupNotFound", "DBParameterGroup"),
    };
    AwsError::with_status(404, code, format!("{what} not found: {name}"))
}

/// No such snapshot.
pub fn no_snapshot(id: &str) -> AwsError {
    let message = format!("DBClusterSnapshot {id} not found.");
    AwsError::with_status(404, "DBClusterSnapshotNotFoundFault", message)
}

/// Refuses an identifier that RDS would refuse.
///
/// # Errors
/// `InvalidParameterValue`, naming the parameter.
pub fn check_identifier(parameter: &str, id: &str) -> Result<(), AwsError> {
    let letter = id.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if letter && plain && id.len() <= 63 && !id.ends_with('-') && !id.contains("--") {
        return Ok(());
    }
    Err(value(format!(
        "The parameter {parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens."
    )))
}

/// Refuses a master password that RDS would refuse: 8 to 41 characters, no `/ " @` or space.
///
/// # Errors
/// `InvalidParameterValue`.
pub fn check_password(password: &str) -> Result<(), AwsError> {
    const START: &str = "The parameter MasterUserPassword is not a valid password";
    if password.len() < 8 {
        return Err(value(format!("{START} because it is shorter than 8 characters.")));
    }
    if password.len() > 41 {
        return Err(value(format!("{START} because it is longer than 41 characters.")));
    }
    let fine = |b: u8| b.is_ascii_graphic() && !b"/@\"".contains(&b);
    if !password.bytes().all(fine) {
        return Err(value(format!(
            "{START}. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used."
        )));
    }
    Ok(())
}
