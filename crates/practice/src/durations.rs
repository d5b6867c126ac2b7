//! How long CloudFormation takes for a resource type, as measured: the table
//! `assets/data/durations.toml`, in seconds, read once.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use toml::{Table, Value};

const MEASURED: &str = include_str!("../../../assets/data/durations.toml");

/// The mean time to create a resource of type `kind`.
#[must_use]
pub fn create(kind: &str) -> Duration {
    table().of("create", kind)
}

/// The mean time to change a resource of type `kind` in place.
#[must_use]
pub fn update(kind: &str) -> Duration {
    table().of("update", kind)
}

/// The mean time to delete a resource of type `kind`.
#[must_use]
pub fn delete(kind: &str) -> Duration {
    table().of("delete", kind)
}

#[derive(Debug, Default)]
struct Measured {
    seconds: HashMap<(&'static str, String), f64>,
}

impl Measured {
    fn of(&self, operation: &'static str, kind: &str) -> Duration {
        let seconds = self
            .seconds
            .get(&(operation, kind.to_owned()))
            .or_else(|| self.seconds.get(&(operation, "default".to_owned())))
            .copied()
            .unwrap_or(5.0);
        Duration::from_secs_f64(seconds.clamp(0.0, 86_400.0))
    }
}

fn table() -> &'static Measured {
    static TABLE: OnceLock<Measured> = OnceLock::new();
    TABLE.get_or_init(|| read(&MEASURED.parse().unwrap_or_default()))
}

fn read(file: &Table) -> Measured {
    let mut measured = Measured::default();
    for operation in ["create", "update", "delete"] {
        let rows = file.get(operation).and_then(Value::as_table);
        for (kind, value) in rows.into_iter().flatten() {
            if let Some(seconds) = number(value) {
                measured.seconds.insert((operation, kind.clone()), seconds);
            }
        }
    }
    measured
}

fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|n| n as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_readable_and_knows_the_slow_ones() {
        assert!(MEASURED.parse::<Table>().is_ok());
        assert!(create("AWS::RDS::DBInstance") > create("AWS::EC2::VPC"));
        assert!(create("Custom::Anything") > Duration::ZERO);
    }
}
