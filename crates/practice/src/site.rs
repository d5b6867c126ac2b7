//! Where programs may run in a world.

use std::collections::BTreeMap;

use bytes::Bytes;

/// Where a stack lets a program run, with what tells which one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Site {
    /// An instance that runs.
    Instance {
        /// The AWS Region.
        region: String,
        /// Its start-up script (`UserData`), decoded.
        script: Bytes,
        /// The ARN of the Aurora cluster of its stack, if that has one.
        cluster: Option<String>,
    },
    /// A function. It keeps what it keeps in AWS's services.
    Function {
        /// The AWS Region.
        region: String,
        /// Its environment's variables.
        environment: BTreeMap<String, String>,
    },
}
