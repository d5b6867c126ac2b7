//! CBOR (RFC 8949) as Smithy's RPC v2 has it, read into JSON values and written from them: what today's SDKs
//! and `aws` speak with CloudWatch.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value};

use crate::call::{AwsError, Reply};

/// How deep a body may nest: several times what any call has.
const DEPTH: usize = 32;
/// The tag of a moment, as seconds since 1970.
const MOMENT: u64 = 1;

/// Reads a body. Moments become seconds, bytes base64.
///
/// # Errors
/// `SerializationException` when it is not one whole value, or nests too deeply.
pub(crate) fn read(body: &[u8]) -> Result<Value, AwsError> {
    let mut reader = Reader { left: body };
    match reader.value(0) {
        Some(value) if reader.left.is_empty() => Ok(value),
        _ => Err(AwsError::new("SerializationException", "Could not parse the request body as CBOR")),
    }
}

/// An answer in this protocol.
#[must_use]
pub(crate) fn reply(status: u16, value: &Value) -> Reply {
    let mut out = Vec::new();
    write(value, &mut out);
    Reply::new(status, "application/cbor", out).with("smithy-protocol", "rpc-v2-cbor")
}

struct Reader<'a> {
    left: &'a [u8],
}

/// What an item begins with: its length or number, or that its parts go on until a mark.
enum Head {
    Is(u64),
    Open,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let (taken, left) = self.left.split_at_checked(usize::try_from(count).ok()?)?;
        self.left = left;
        Some(taken)
    }

    fn number(&mut self, bytes: u64) -> Option<u64> {
        Some(self.take(bytes)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    fn head(&mut self, info: u8) -> Option<Head> {
        Some(match info {
            0..=23 => Head::Is(info.into()),
            24..=27 => Head::Is(self.number(1 << (info - 24))?),
            31 => Head::Open,
            _ => return None,
        })
    }

    /// Whether an item has another part; an open one ends at its mark.
    fn goes_on(&mut self, head: &mut Head) -> bool {
        match head {
            Head::Is(0) => false,
            Head::Is(left) => {
                *left -= 1;
                true
            }
            Head::Open if self.left.first() == Some(&0xff) => {
                self.left = self.left.get(1..).unwrap_or_default();
                false
            }
            Head::Open => true,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let first = *self.take(1)?.first()?;
        let (major, info) = (first >> 5, first & 31);
        if major == 7 {
            return self.simple(info);
        }
        let mut head = self.head(info)?;
        match (major, &head) {
            (0, Head::Is(n)) => Some((*n).into()),
            (1, Head::Is(n)) => i64::try_from(*n).ok().map(|n| (-1 - n).into()),
            (2 | 3, _) => {
                let bytes = self.bytes(major, head)?;
                match major {
                    2 => Some(STANDARD.encode(bytes).into()),
                    _ => String::from_utf8(bytes).ok().map(Value::from),
                }
            }
            (4 | 5, _) if depth >= DEPTH => None,
            (4, _) => {
                let mut items = Vec::new();
                while self.goes_on(&mut head) {
                    items.push(self.value(depth + 1)?);
                }
                Some(items.into())
            }
            (5, _) => {
                let mut members = Map::new();
                while self.goes_on(&mut head) {
                    let Value::String(name) = self.value(depth + 1)? else { return None };
                    members.insert(name, self.value(depth + 1)?);
                }
                Some(members.into())
            }
            // A tag says how to take what follows. Tags of tags nest too.
            (6, Head::Is(_)) if depth < DEPTH => self.value(depth + 1),
            _ => None,
        }
    }

    fn bytes(&mut self, major: u8, head: Head) -> Option<Vec<u8>> {
        let mut head = match head {
            Head::Is(length) => return self.take(length).map(<[u8]>::to_vec),
            open @ Head::Open => open,
        };
        let mut whole = Vec::new();
        while self.goes_on(&mut head) {
            let first = *self.take(1)?.first()?;
            match (first >> 5, self.head(first & 31)?) {
                (kind, Head::Is(length)) if kind == major => whole.extend_from_slice(self.take(length)?),
                _ => return None,
            }
        }
        Some(whole)
    }

    fn simple(&mut self, info: u8) -> Option<Value> {
        let float = match info {
            20 => return Some(false.into()),
            21 => return Some(true.into()),
            22 | 23 => return Some(Value::Null),
            25 => half(u16::try_from(self.number(2)?).ok()?),
            26 => f32::from_bits(u32::try_from(self.number(4)?).ok()?).into(),
            27 => f64::from_bits(self.number(8)?),
            _ => return None,
        };
        Number::from_f64(float).map(Value::Number)
    }
}

/// A number of 16 bits.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

fn head(major: u8, number: u64, out: &mut Vec<u8>) {
    let bytes = number.to_be_bytes();
    let (info, from) = match number {
        0..=23 => return out.push(major << 5 | bytes[7]),
        24..=0xff => (24, 7),
        0x100..=0xffff => (25, 6),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 0),
    };
    out.push(major << 5 | info);
    out.extend_from_slice(&bytes[from..]);
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(no) => out.push(0xf4 + u8::from(*no)),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(n), _) => head(0, n, out),
            (None, Some(n)) => head(1, n.unsigned_abs() - 1, out),
            _ => {
                out.push(0xfb);
                out.extend_from_slice(&number.as_f64().unwrap_or_default().to_bits().to_be_bytes());
            }
        },
        Value::String(text) => {
            head(3, text.len() as u64, out);
            out.extend_from_slice(text.as_bytes());
        }
        Value::Array(items) => {
            head(4, items.len() as u64, out);
            items.iter().for_each(|item| write(item, out));
        }
        Value::Object(members) => {
            head(5, members.len() as u64, out);
            for (name, value) in members {
                head(3, name.len() as u64, out);
                out.extend_from_slice(name.as_bytes());
                match (name.as_str(), value) {
                    ("Timestamp", moment) => write_moment(moment, out),
                    ("Timestamps", Value::Array(moments)) => {
                        head(4, moments.len() as u64, out);
                        moments.iter().for_each(|moment| write_moment(moment, out));
                    }
                    _ => write(value, out),
                }
            }
        }
    }
}

/// JSON has moments as plain numbers; here a tag tells them.
fn write_moment(seconds: &Value, out: &mut Vec<u8>) {
    head(6, MOMENT, out);
    write(seconds, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hex(text: &str) -> Vec<u8> {
        text.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    #[test]
    fn the_examples_of_the_rfc_are_read() {
        for (bytes, value) in [
            ("1bffffffffffffffff", json!(u64::MAX)),
            ("3903e7", json!(-1000)),
            ("f93c00", json!(1.0)),
            ("f90001", json!(5.960_464_477_539_063e-8)),
            ("f9c400", json!(-4.0)),
            ("fa47c35000", json!(100_000.0)),
            ("fbc010666666666666", json!(-4.1)),
            ("f4", json!(false)),
            ("f6", json!(null)),
            ("c11a514b67b0", json!(1_363_896_240)),
            ("4401020304", json!("AQIDBA==")),
            ("63e6b0b4", json!("水")),
            ("8301820203820405", json!([1, [2, 3], [4, 5]])),
            ("9f018202039f0405ffff", json!([1, [2, 3], [4, 5]])),
            ("a26161016162820203", json!({"a": 1, "b": [2, 3]})),
            ("bf6346756ef563416d7421ff", json!({"Fun": true, "Amt": -2})),
            ("7f657374726561646d696e67ff", json!("streaming")),
        ] {
            assert_eq!(read(&hex(bytes)).unwrap(), value, "{bytes}");
        }
    }

    #[test]
    fn what_is_broken_or_bottomless_is_refused() {
        let deep = |byte: u8| vec![byte; 1 << 20];
        for bytes in [
            vec![],
            hex("18"),
            hex("8201"),
            hex("a10102"),
            hex("9f01"),
            hex("7f4101ff"),
            hex("0000"),
            hex("ff"),
            hex("1c"),
            hex("5bffffffffffffffff"),
            hex("9bffffffffffffffff00"),
            hex("f97c00"),
            hex("61ff"),
            hex("df01"),
            deep(0x81),
            deep(0x9f),
            deep(0xc1),
            deep(0xbf),
        ] {
            assert_eq!(read(&bytes).unwrap_err().code, "SerializationException");
        }
    }

    #[test]
    fn what_is_written_reads_back_and_moments_bear_their_tag() {
        let value = json!({"Label": "lag", "Datapoints": [{"Timestamp": 1_795_392_000, "Average": 70.5, "Sum": -3}],
                           "long": "x".repeat(300), "none": null, "yes": true, "big": u64::MAX});
        let answer = reply(200, &value);
        assert_eq!(read(&answer.body).unwrap(), value);
        assert_eq!(answer.headers["smithy-protocol"], "rpc-v2-cbor");
        assert_eq!(reply(200, &json!({"Timestamps": [1]})).body[..], hex("a16a54696d657374616d707381c101"));
    }
}
