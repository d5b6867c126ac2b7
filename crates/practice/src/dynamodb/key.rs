//! Keys as bytes: a hash of the partition key, the partition key, then the sort key in an encoding
//! that sorts as the values do. One ordered map of them serves get, query and scan.

use super::value::{Binary, Item, Value};

/// The longest value of a partition key, in bytes (developer guide, "Constraints").
pub const HASH_LIMIT: usize = 2048;
/// The longest value of a sort key, in bytes (the same page).
pub const RANGE_LIMIT: usize = 1024;

/// An encoded primary key.
pub type Key = Box<[u8]>;

/// The bytes all items of a partition start with.
#[must_use]
pub fn partition(value: &Value) -> Vec<u8> {
    let mut plain = Vec::with_capacity(48);
    sortable(value, &mut plain);
    let mut out = Vec::with_capacity(plain.len() + 48);
    out.extend_from_slice(&scatter(&plain).to_be_bytes());
    out.extend_from_slice(&u32::try_from(plain.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(&plain);
    out
}

/// The key of the item with these key values.
#[must_use]
pub fn encode(hash: &Value, range: Option<&Value>) -> Key {
    let mut out = partition(hash);
    if let Some(range) = range {
        sortable(range, &mut out);
    }
    out.into_boxed_slice()
}

/// Bytes of a key value that compare as DynamoDB sorts it.
pub fn sortable(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::S(s) => out.extend_from_slice(s.as_bytes()),
        Value::B(Binary(b)) => out.extend_from_slice(b),
        Value::N(n) => n.sortable(out),
        // Other types never pass the schema check that comes before.
        _ => {}
    }
}

/// Spreads partitions over the map, so that a scan's order says nothing about the keys (FNV-1a,
/// finished so that the high bits depend on all input).
fn scatter(bytes: &[u8]) -> u64 {
    let fnv = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    let h = (fnv ^ (fnv >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^ (h >> 29)
}

/// The key attributes of a table or an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Schema {
    /// Partition key: name and type letter.
    pub hash: (String, String),
    /// Sort key, if there is one.
    pub range: Option<(String, String)>,
}

impl Schema {
    /// The attributes in order: partition key, then sort key.
    pub fn attributes(&self) -> impl Iterator<Item = &(String, String)> {
        std::iter::once(&self.hash).chain(&self.range)
    }

    /// Whether `name` is one of the key attributes.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.attributes().any(|(n, _)| n == name)
    }

    /// The key of `item`, if it has all key attributes (index keys may be missing).
    #[must_use]
    pub fn key_of(&self, item: &Item) -> Option<Key> {
        let hash = item.get(&self.hash.0)?;
        let range = match &self.range {
            Some((name, _)) => Some(item.get(name)?),
            None => None,
        };
        Some(encode(hash, range))
    }

    /// Only the key attributes of `item`.
    #[must_use]
    pub fn only_key(&self, item: &Item) -> Item {
        self.attributes().filter_map(|(n, _)| item.get(n).map(|v| (n.clone(), v.clone()))).collect()
    }

    /// Why `item` lacks a usable key, in DynamoDB's words.
    ///
    /// # Errors
    /// A missing key attribute, a wrong type, or an empty value.
    pub fn check(&self, item: &Item) -> Result<(), String> {
        const PREFIX: &str = "One or more parameter values were invalid:";
        for (name, kind) in self.attributes() {
            let Some(value) = item.get(name) else {
                return Err(format!("{PREFIX} Missing the key {name} in the item"));
            };
            if value.kind() != kind {
                let actual = value.kind();
                return Err(format!(
                    "{PREFIX} Type mismatch for key {name} expected: {kind} actual: {actual}"
                ));
            }
            self.check_value(name, value)?;
        }
        Ok(())
    }

    /// Refuses an empty or too long value of the key attribute `name`.
    ///
    /// # Errors
    /// In DynamoDB's words.
    pub fn check_value(&self, name: &str, value: &Value) -> Result<(), String> {
        if let Some(what) = empty(value) {
            return Err(format!(
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty {what} value. Key: {name}"
            ));
        }
        self.check_size(name, value)
    }

    /// The same for a key attribute of the index `index`.
    ///
    /// # Errors
    /// In DynamoDB's words.
    pub fn check_index_value(&self, name: &str, value: &Value, index: &str) -> Result<(), String> {
        if let Some(what) = empty(value) {
            return Err(format!(
                "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty {what} value. IndexName: {index}, IndexKey: {name}"
            ));
        }
        self.check_size(name, value)
    }

    fn check_size(&self, name: &str, value: &Value) -> Result<(), String> {
        const PREFIX: &str = "One or more parameter values were invalid:";
        // Numbers are always short enough.
        let (Value::S(_) | Value::B(_)) = value else { return Ok(()) };
        let size = value.size();
        if name == self.hash.0 && size > HASH_LIMIT {
            // The missing blank is DynamoDB's.
            return Err(format!(
                "{PREFIX} Size of hashkey has exceeded the maximum size limit of{HASH_LIMIT} bytes"
            ));
        }
        if name != self.hash.0 && size > RANGE_LIMIT {
            return Err(format!(
                "{PREFIX} Aggregated size of all range keys has exceeded the size limit of {RANGE_LIMIT} bytes"
            ));
        }
        Ok(())
    }

    /// The same for a `Key` parameter, which must hold the key attributes and nothing else.
    ///
    /// # Errors
    /// When it does not match the schema.
    pub fn check_exact(&self, key: &Item) -> Result<(), String> {
        if key.len() != self.attributes().count()
            || self.attributes().any(|(n, k)| key.get(n).is_none_or(|v| v.kind() != k))
        {
            return Err("The provided key element does not match the schema".into());
        }
        self.attributes().try_for_each(|(n, _)| self.check_value(n, &key[n]))
    }
}

/// What kind of key value is empty, if it is.
fn empty(value: &Value) -> Option<&'static str> {
    match value {
        Value::S(s) if s.is_empty() => Some("string"),
        Value::B(b) if b.0.is_empty() => Some("binary"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_a_partition_lie_together_in_the_order_of_their_sort_key() {
        let n = |t: &str| Value::N(t.parse().unwrap());
        let p = Value::S("u".into());
        let sorted = ["-1e20", "-3", "-2.5", "0", "0.1", "2", "10", "1e5"];
        let keys: Vec<Key> = sorted.iter().map(|t| encode(&p, Some(&n(t)))).collect();
        assert!(keys.is_sorted());
        assert!(keys.iter().all(|k| k.starts_with(&partition(&p))));
        assert!(!encode(&Value::S("ux".into()), None).starts_with(&partition(&p)));
    }
}
