//! DynamoDB's number type: decimal, up to 38 significant digits, magnitudes 1E-130 to 9.9…E+125.
//! Kept exact so that prices add up and `1.0` equals `1`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const DIGITS: u32 = 38;
const LARGEST: i32 = 125;
const SMALLEST: i32 = -130;

/// `±coefficient × 10^exponent`; the coefficient has no trailing zero, and zero is `+0 × 10^0`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Number {
    negative: bool,
    coefficient: u128,
    exponent: i32,
}

/// Why a text is not a number DynamoDB can keep; `Display` is the service's own message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not written as a number.
    #[error("The parameter cannot be converted to a numeric value{}", after_colon(.0))]
    NotNumeric(String),
    /// More than 38 significant digits.
    #[error("Attempting to store more than 38 significant digits in a Number")]
    TooPrecise,
    /// Larger than 9.9…E+125.
    #[error("Number overflow. Attempting to store a number with magnitude larger than supported range")]
    Overflow,
    /// Smaller than 1E-130.
    #[error("Number underflow. Attempting to store a number with magnitude smaller than supported range")]
    Underflow,
}

fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

impl Number {
    fn within_bounds(
        negative: bool,
        mut coefficient: u128,
        mut exponent: i32,
    ) -> Result<Number, NumberError> {
        if coefficient == 0 {
            return Ok(Number::default());
        }
        while coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        let number = Number { negative, coefficient, exponent };
        match number.magnitude() {
            m if m > LARGEST => Err(NumberError::Overflow),
            m if m < SMALLEST => Err(NumberError::Underflow),
            _ if coefficient.ilog10() >= DIGITS => Err(NumberError::TooPrecise),
            _ => Ok(number),
        }
    }

    /// The power of ten of the leading digit.
    fn magnitude(&self) -> i32 {
        match self.coefficient {
            0 => i32::MIN,
            c => self.exponent + c.ilog10().cast_signed(),
        }
    }

    /// The sum, rounded to 38 digits when the operands lie too far apart.
    ///
    /// # Errors
    /// When the magnitude leaves the range.
    pub fn plus(self, other: Number) -> Result<Number, NumberError> {
        if self.coefficient == 0 {
            return Ok(other);
        }
        if other.coefficient == 0 {
            return Ok(self);
        }
        let (high, low) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        // Scale the higher one down to the lower's exponent as far as 38 digits allow; round the rest off.
        let gap = (high.exponent - low.exponent).unsigned_abs();
        let room = (DIGITS - 1).saturating_sub(high.coefficient.ilog10()).min(gap);
        let a = high.coefficient * 10u128.pow(room);
        let b = shifted_down(low.coefficient, gap - room);
        let exponent = high.exponent - room.cast_signed();
        if high.negative == low.negative {
            round(high.negative, a + b, exponent)
        } else if a >= b {
            round(high.negative, a - b, exponent)
        } else {
            round(low.negative, b - a, exponent)
        }
    }

    /// The difference `self - other`.
    ///
    /// # Errors
    /// When the magnitude leaves the range.
    pub fn minus(self, other: Number) -> Result<Number, NumberError> {
        self.plus(Number { negative: !other.negative && other.coefficient != 0, ..other })
    }

    /// Bytes that sort as the numbers do.
    pub fn sortable(&self, out: &mut Vec<u8>) {
        if self.coefficient == 0 {
            out.push(1);
            return;
        }
        let from = out.len();
        out.push(2);
        out.extend_from_slice(&(self.magnitude() - SMALLEST).unsigned_abs().to_be_bytes()[2..]);
        let left = self.coefficient * 10u128.pow(DIGITS - 1 - self.coefficient.ilog10().min(DIGITS - 1));
        out.extend_from_slice(&left.to_be_bytes());
        if self.negative {
            out[from..].iter_mut().for_each(|b| *b = !*b);
            out[from] = 0;
        }
    }

    /// How many bytes DynamoDB counts for it: two digits a byte, and one.
    #[must_use]
    pub fn size(&self) -> usize {
        let digits = if self.coefficient == 0 { 0 } else { self.coefficient.ilog10() as usize + 1 };
        digits.div_ceil(2) + 1 + usize::from(self.negative)
    }
}

fn shifted_down(coefficient: u128, places: u32) -> u128 {
    match 10u128.checked_pow(places) {
        Some(unit) => coefficient / unit + u128::from(coefficient % unit >= unit.div_ceil(2)),
        None => 0,
    }
}

fn round(negative: bool, coefficient: u128, exponent: i32) -> Result<Number, NumberError> {
    if coefficient != 0 && coefficient.ilog10() >= DIGITS {
        return Number::within_bounds(negative, shifted_down(coefficient, 1), exponent + 1);
    }
    Number::within_bounds(negative, coefficient, exponent)
}

impl From<u64> for Number {
    fn from(n: u64) -> Self {
        // At most twenty digits: always within range.
        Number::within_bounds(false, u128::from(n), 0).unwrap_or_default()
    }
}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let wrong = || NumberError::NotNumeric(text.to_owned());
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, power) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], rest[at + 1..].parse::<i32>().map_err(|_| wrong())?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(wrong());
        }
        let (mut coefficient, mut exponent, mut zeros) = (0u128, 0i32, 0u32);
        for (i, b) in whole.bytes().chain(fraction.bytes()).enumerate() {
            let digit = b.checked_sub(b'0').filter(|d| *d < 10).ok_or_else(wrong)?;
            exponent -= i32::from(i >= whole.len());
            // Zeros wait until a digit follows: trailing ones never count.
            if digit == 0 {
                zeros += 1;
                continue;
            }
            let scale = if coefficient == 0 { 0 } else { zeros + 1 };
            let scaled = 10u128.checked_pow(scale).and_then(|p| coefficient.checked_mul(p));
            coefficient =
                scaled.and_then(|c| c.checked_add(u128::from(digit))).ok_or(NumberError::TooPrecise)?;
            zeros = 0;
        }
        let exponent = exponent.saturating_add(zeros.cast_signed()).saturating_add(power);
        Number::within_bounds(negative, coefficient, exponent)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        let digits = self.coefficient.to_string();
        if self.exponent >= 0 {
            let zeros = if self.coefficient == 0 { 0 } else { self.exponent.unsigned_abs() as usize };
            return write!(f, "{digits}{:0<zeros$}", "");
        }
        let places = self.exponent.unsigned_abs() as usize;
        if digits.len() > places {
            let (whole, fraction) = digits.split_at(digits.len() - places);
            write!(f, "{whole}.{fraction}")
        } else {
            write!(f, "0.{digits:0>places$}")
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (Vec::with_capacity(20), Vec::with_capacity(20));
        self.sortable(&mut a);
        other.sortable(&mut b);
        a.cmp(&b)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number as a string")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
                text.parse().map_err(|e| E::custom(super::value::invalid(&e)))
            }
        }
        d.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn n(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_kept_exact_and_written_plainly() {
        for (given, kept) in [
            ("1.0", "1"),
            ("-0", "0"),
            ("100", "100"),
            ("1E2", "100"),
            ("0.1", "0.1"),
            (".5", "0.5"),
            ("1e-7", "0.0000001"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
            ("000123.4500", "123.45"),
            ("1010", "1010"),
        ] {
            assert_eq!(n(given).to_string(), kept);
        }
        assert_eq!(n("0.1").plus(n("0.2")), Ok(n("0.3")));
        assert_eq!(n("5").minus(n("7.25")), Ok(n("-2.25")));
        assert_eq!(n("1e100").plus(n("1")), Ok(n("1e100")));
    }

    #[test]
    fn what_dynamodb_refuses_is_refused_in_its_words() {
        let refused = |t: &str| t.parse::<Number>().unwrap_err().to_string();
        assert_eq!(refused("abc"), "The parameter cannot be converted to a numeric value: abc");
        assert_eq!(refused(""), "The parameter cannot be converted to a numeric value");
        assert!(refused("1e126").starts_with("Number overflow."));
        assert!(refused("1e-131").starts_with("Number underflow."));
        assert!(refused("123456789012345678901234567890123456789").contains("38 significant"));
        for odd in ["-", "1.2.3", "e5", "0x10", "1 ", "+-1", "1e"] {
            assert!(odd.parse::<Number>().is_err(), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn order_and_sums_agree_with_integers(a in -1_000_000_000_000i64..1_000_000_000_000, b in -1_000_000_000_000i64..1_000_000_000_000) {
            let (x, y) = (n(&a.to_string()), n(&b.to_string()));
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            prop_assert_eq!(x.plus(y).unwrap().to_string(), (a + b).to_string());
            prop_assert_eq!(x.minus(y).unwrap().to_string(), (a - b).to_string());
        }

        #[test]
        fn what_is_written_reads_back_the_same(c in 0u64.., e in -100i32..100) {
            let x = n(&format!("{c}e{e}"));
            prop_assert_eq!(n(&x.to_string()), x);
        }
    }
}
