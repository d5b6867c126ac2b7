//! Conditions and filters: the tree and its parser. `eval` says whether an item meets one.

use super::lexer::Token;
use super::parser::Parser;
use super::path::Path;
use super::{Kind, Substitutes, Value};

/// A condition on an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Both.
    And(Box<Condition>, Box<Condition>),
    /// Either.
    Or(Box<Condition>, Box<Condition>),
    /// Not.
    Not(Box<Condition>),
    /// Two operands compared.
    Compare(Comparator, Operand, Operand),
    /// `a BETWEEN low AND high`, both included.
    Between(Operand, Operand, Operand),
    /// `a IN (…)`.
    In(Operand, Vec<Operand>),
    /// `attribute_exists`.
    Exists(Path),
    /// `attribute_not_exists`.
    Missing(Path),
    /// `attribute_type`, with the type's letter.
    Type(Path, String),
    /// `begins_with`.
    BeginsWith(Operand, Operand),
    /// `contains`.
    Contains(Operand, Operand),
}

/// A comparison sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `<>`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// Something with a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// An attribute of the item.
    Path(Path),
    /// A value of the request.
    Value(Value),
    /// `size(path)`.
    Size(Path),
}

/// Parses a condition or filter.
///
/// # Errors
/// DynamoDB's message.
pub fn parse(kind: Kind, text: &str, substitutes: &Substitutes<'_>) -> Result<Condition, String> {
    let mut parser = Parser::new(kind, text, substitutes)?;
    let condition = either(&mut parser)?;
    parser.end()?;
    Ok(condition)
}

fn either(p: &mut Parser<'_>) -> Result<Condition, String> {
    let mut left = both(p)?;
    while p.keyword("OR") {
        left = Condition::Or(Box::new(left), Box::new(both(p)?));
    }
    Ok(left)
}

fn both(p: &mut Parser<'_>) -> Result<Condition, String> {
    let mut left = negated(p)?;
    while p.keyword("AND") {
        left = Condition::And(Box::new(left), Box::new(negated(p)?));
    }
    Ok(left)
}

fn negated(p: &mut Parser<'_>) -> Result<Condition, String> {
    p.enter()?;
    let found = if p.keyword("NOT") {
        Condition::Not(Box::new(negated(p)?))
    } else if p.sign("(") {
        let inner = either(p)?;
        p.expect(")")?;
        inner
    } else {
        primary(p)?
    };
    p.leave();
    Ok(found)
}

fn primary(p: &mut Parser<'_>) -> Result<Condition, String> {
    match p.function().as_deref() {
        Some("attribute_exists") => one_path(p).map(Condition::Exists),
        Some("attribute_not_exists") => one_path(p).map(Condition::Missing),
        Some("attribute_type") => {
            let (a, b) = two_operands(p)?;
            attribute_type(p.kind, a, b)
        }
        Some("begins_with") => {
            let (a, b) = two_operands(p)?;
            match &b {
                Operand::Value(v) if !matches!(v, Value::S(_) | Value::B(_)) => {
                    Err(wrong_operand(p.kind, "begins_with", v))
                }
                _ => Ok(Condition::BeginsWith(a, b)),
            }
        }
        Some("contains") => two_operands(p).map(|(a, b)| Condition::Contains(a, b)),
        Some("size") | None => comparison(p),
        Some(other) => Err(p.kind.invalid(format_args!("Invalid function name; function: {other}"))),
    }
}

fn wrong_operand(kind: Kind, function: &str, value: &Value) -> String {
    kind.invalid(format_args!(
        "Incorrect operand type for operator or function; operator or function: {function}, operand type: {}",
        value.kind()
    ))
}

fn attribute_type(kind: Kind, path: Operand, letter: Operand) -> Result<Condition, String> {
    const TYPES: [&str; 10] = ["S", "N", "B", "SS", "NS", "BS", "BOOL", "NULL", "L", "M"];
    match (path, letter) {
        (Operand::Path(path), Operand::Value(Value::S(t))) if TYPES.contains(&t.as_str()) => {
            Ok(Condition::Type(path, t))
        }
        (_, Operand::Value(Value::S(t))) => Err(kind.invalid(format_args!(
            "Invalid attribute type name found; type: {t}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
        ))),
        (_, Operand::Value(v)) => Err(wrong_operand(kind, "attribute_type", &v)),
        _ => Err(kind
            .invalid("Operator or function requires a document path; operator or function: attribute_type")),
    }
}

fn one_path(p: &mut Parser<'_>) -> Result<Path, String> {
    let name = p.next();
    p.expect("(")?;
    if let (Token::Value(_), Token::Word(name)) = (p.peek(), name) {
        return Err(p.kind.invalid(format_args!(
            "Operator or function requires a document path; operator or function: {name}"
        )));
    }
    let path = p.path()?;
    p.expect(")")?;
    Ok(path)
}

fn two_operands(p: &mut Parser<'_>) -> Result<(Operand, Operand), String> {
    p.next();
    p.expect("(")?;
    let a = operand(p)?;
    p.expect(",")?;
    let b = operand(p)?;
    p.expect(")")?;
    Ok((a, b))
}

/// A path, a value, or `size(path)`.
pub(super) fn operand(p: &mut Parser<'_>) -> Result<Operand, String> {
    if let Some(value) = p.value()? {
        return Ok(Operand::Value(value));
    }
    match p.function().as_deref() {
        Some("size") => one_path(p).map(Operand::Size),
        Some(name) => Err(p.kind.invalid(format_args!(
            "The function is not allowed to be used this way in an expression; function: {name}"
        ))),
        None => p.path().map(Operand::Path),
    }
}

/// The comparison sign, if one is next.
pub(super) fn comparator(p: &mut Parser<'_>) -> Option<Comparator> {
    const ALL: [(&str, Comparator); 6] = [
        ("=", Comparator::Equal),
        ("<>", Comparator::Unequal),
        ("<", Comparator::Less),
        ("<=", Comparator::AtMost),
        (">", Comparator::Greater),
        (">=", Comparator::AtLeast),
    ];
    ALL.into_iter().find(|(sign, _)| p.sign(sign)).map(|(_, c)| c)
}

fn comparison(p: &mut Parser<'_>) -> Result<Condition, String> {
    let left = operand(p)?;
    if p.keyword("BETWEEN") {
        let low = operand(p)?;
        if !p.keyword("AND") {
            return Err(p.unexpected());
        }
        let high = operand(p)?;
        return Ok(Condition::Between(left, low, high));
    }
    if p.keyword("IN") {
        p.expect("(")?;
        let mut list = vec![operand(p)?];
        while p.sign(",") {
            list.push(operand(p)?);
        }
        p.expect(")")?;
        return Ok(Condition::In(left, list));
    }
    let comparator = comparator(p).ok_or_else(|| p.unexpected())?;
    Ok(Condition::Compare(comparator, left, operand(p)?))
}
