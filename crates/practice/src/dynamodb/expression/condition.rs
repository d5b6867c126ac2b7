//! Conditions and filters: the tree and its parser. `eval` says whether an item meets one.

use std::sync::Arc;

use super::lexer::Token;
use super::parser::{OPERANDS_OF_IN, Parser};
use super::path::Path;
use super::{Kind, Substitutes, Value};

/// A condition on an item. Chains of AND and OR are flat, however long; what nests, nests by operators
/// or parentheses, of which an expression holds few.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of them.
    And(Vec<Condition>),
    /// One of them at least.
    Or(Vec<Condition>),
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
    Value(Arc<Value>),
    /// `size(path)`.
    Size(Path),
}

/// Parses a condition or filter.
///
/// # Errors
/// DynamoDB's message.
pub fn parse(kind: Kind, text: &str, substitutes: &Substitutes<'_>) -> Result<Condition, String> {
    let mut parser = Parser::new(kind, text, substitutes)?;
    let condition = tree(&mut parser)?;
    parser.end()?;
    Ok(condition)
}

/// What is open while a condition is read: the whole, or what stands between parentheses.
#[derive(Default)]
struct Level {
    /// The parts of the OR that are whole.
    any: Vec<Condition>,
    /// The parts of the AND that goes on.
    all: Vec<Condition>,
    /// How many NOTs wait for the next part.
    nots: usize,
}

impl Level {
    fn part(&mut self, mut part: Condition) {
        for _ in 0..std::mem::take(&mut self.nots) {
            part = Condition::Not(Box::new(part));
        }
        self.all.push(part);
    }

    fn end_of_and(&mut self) {
        self.any.extend(join_parts(std::mem::take(&mut self.all), Condition::And));
    }

    fn whole(mut self) -> Option<Condition> {
        self.end_of_and();
        join_parts(self.any, Condition::Or)
    }
}

/// One part alone, or several under `join`.
fn join_parts(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Option<Condition> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(join(parts)),
    }
}

/// Reads a condition with a stack of its own, so that parentheses cost none of the thread's.
fn tree(p: &mut Parser<'_>) -> Result<Condition, String> {
    let mut outer: Vec<Level> = Vec::new();
    let mut level = Level::default();
    loop {
        // Before a part: NOTs and parentheses that open.
        while p.keyword("NOT") {
            p.operator()?;
            level.nots += 1;
        }
        if p.sign("(") {
            outer.push(std::mem::take(&mut level));
            continue;
        }
        level.part(primary(p)?);
        // After a part: parentheses that close, then an operator or the end.
        let mut closed = false;
        while let Some(around) = outer.pop() {
            if !p.sign(")") {
                outer.push(around);
                break;
            }
            let alone = level.any.is_empty() && level.all.len() == 1;
            if closed && alone && !matches!(level.all.first(), Some(Condition::Not(_))) {
                return Err(p.redundant());
            }
            let inner = std::mem::replace(&mut level, around);
            level.part(inner.whole().ok_or_else(|| p.syntax_error())?);
            closed = true;
        }
        if p.keyword("AND") {
            p.operator()?;
        } else if p.keyword("OR") {
            p.operator()?;
            level.end_of_and();
        } else if outer.is_empty() {
            return level.whole().ok_or_else(|| p.syntax_error());
        } else {
            return Err(p.syntax_error());
        }
    }
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
                Operand::Value(v) if !matches!(**v, Value::S(_) | Value::B(_)) => {
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
    let Operand::Value(letter) = letter else {
        return Err(kind
            .invalid("Operator or function requires a document path; operator or function: attribute_type"));
    };
    match (path, &*letter) {
        (Operand::Path(path), Value::S(t)) if TYPES.contains(&t.as_str()) => {
            Ok(Condition::Type(path, t.clone()))
        }
        (_, Value::S(t)) => Err(kind.invalid(format_args!(
            "Invalid attribute type name found; type: {t}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
        ))),
        (_, other) => Err(wrong_operand(kind, "attribute_type", other)),
    }
}

fn one_path(p: &mut Parser<'_>) -> Result<Path, String> {
    p.operator()?;
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
    p.operator()?;
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
        p.operator()?;
        let low = operand(p)?;
        if !p.keyword("AND") {
            return Err(p.syntax_error());
        }
        let high = operand(p)?;
        return Ok(Condition::Between(left, low, high));
    }
    if p.keyword("IN") {
        p.operator()?;
        p.expect("(")?;
        let mut list = vec![operand(p)?];
        while p.sign(",") {
            list.push(operand(p)?);
        }
        p.expect(")")?;
        if list.len() > OPERANDS_OF_IN {
            return Err(p.kind.invalid(format_args!(
                "The IN operator is provided with too many operands; number of operands: {}",
                list.len()
            )));
        }
        return Ok(Condition::In(left, list));
    }
    let comparator = comparator(p).ok_or_else(|| p.syntax_error())?;
    p.operator()?;
    Ok(Condition::Compare(comparator, left, operand(p)?))
}
