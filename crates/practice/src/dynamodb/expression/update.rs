//! Update expressions: SET, REMOVE, ADD and DELETE, parsed and applied. All operands are read from
//! the item as it was before the update.

use std::sync::Arc;

use super::lexer::Token;
use super::parser::Parser;
use super::path::{Path, Step};
use super::{Item, Kind, Substitutes, Value};
use crate::dynamodb::number::{Number, NumberError};
use crate::dynamodb::value::ITEM_LIMIT;

/// A parsed update expression.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Update {
    sets: Vec<(Path, Term)>,
    removes: Vec<Path>,
    adds: Vec<(Path, Arc<Value>)>,
    deletes: Vec<(Path, Arc<Value>)>,
}

/// The right side of a SET.
#[derive(Clone, Debug, PartialEq)]
enum Term {
    Value(Arc<Value>),
    Path(Path),
    IfNotExists(Path, Box<Term>),
    ListAppend(Box<Term>, Box<Term>),
    Plus(Box<Term>, Box<Term>),
    Minus(Box<Term>, Box<Term>),
}

const NO_ATTRIBUTE: &str = "The provided expression refers to an attribute that does not exist in the item";
const BAD_TYPE: &str = "An operand in the update expression has an incorrect data type";
const TOO_LARGE: &str = "Item size to update has exceeded the maximum allowed size";
const BAD_PATH: &str = "The document path provided in the update expression is invalid for update";

impl Update {
    /// Parses an update expression.
    ///
    /// # Errors
    /// DynamoDB's message: syntax, a clause given twice, paths that overlap.
    pub fn parse(text: &str, substitutes: &Substitutes<'_>) -> Result<Update, String> {
        let mut p = Parser::new(Kind::Update, text, substitutes)?;
        let (mut update, mut seen) = (Update::default(), Vec::new());
        while p.end().is_err() {
            let clauses = ["SET", "REMOVE", "ADD", "DELETE"];
            let clause = clauses.into_iter().find(|c| p.keyword(c)).ok_or_else(|| p.syntax_error())?;
            if seen.contains(&clause) {
                return Err(Kind::Update.invalid(format_args!(
                    "The \"{clause}\" section can only be used once in an update expression;"
                )));
            }
            seen.push(clause);
            loop {
                update.action(clause, &mut p)?;
                if !p.sign(",") {
                    break;
                }
            }
        }
        update.no_overlap()?;
        Ok(update)
    }

    fn action(&mut self, clause: &str, p: &mut Parser<'_>) -> Result<(), String> {
        let path = p.path()?;
        match clause {
            "SET" => {
                p.expect("=")?;
                self.sets.push((path, sum(p)?));
            }
            "REMOVE" => self.removes.push(path),
            _ => {
                let value = p.value()?.ok_or_else(|| p.syntax_error())?;
                let fits = match clause {
                    "ADD" => matches!(*value, Value::N(_) | Value::SS(_) | Value::NS(_) | Value::BS(_)),
                    _ => matches!(*value, Value::SS(_) | Value::NS(_) | Value::BS(_)),
                };
                if !fits {
                    return Err(Kind::Update.invalid(format_args!(
                        "Incorrect operand type for operator or function; operator: {clause}, operand type: {}, typeSet: ALLOWED_FOR_{clause}_OPERAND",
                        value.kind_name()
                    )));
                }
                if clause == "ADD" { &mut self.adds } else { &mut self.deletes }.push((path, value));
            }
        }
        Ok(())
    }

    /// All paths it writes.
    pub fn targets(&self) -> impl Iterator<Item = &Path> {
        let valued = self.adds.iter().chain(&self.deletes).map(|(p, _)| p);
        self.sets.iter().map(|(p, _)| p).chain(&self.removes).chain(valued)
    }

    fn no_overlap(&self) -> Result<(), String> {
        let paths: Vec<&Path> = self.targets().collect();
        for (i, a) in paths.iter().enumerate() {
            for b in &paths[i + 1..] {
                let what = match (a.overlaps(b), a.conflicts(b)) {
                    (true, _) => "overlap",
                    (_, true) => "conflict",
                    _ => continue,
                };
                return Err(Kind::Update.invalid(format_args!(
                    "Two document paths {what} with each other; must remove or rewrite one of these paths; path one: {a}, path two: {b}"
                )));
            }
        }
        Ok(())
    }

    /// The item after the update.
    ///
    /// # Errors
    /// DynamoDB's message when an operand is missing or of the wrong type, or a path leads nowhere.
    pub fn apply(&self, before: &Item) -> Result<Item, String> {
        let mut after = before.clone();
        // The targets do not overlap, so what is set is at least what the item will hold: an update that
        // would blow an item up ends here, before it has.
        let mut written = 0;
        for (path, term) in &self.sets {
            let value = term.of(before)?;
            written += value.size();
            if written > ITEM_LIMIT {
                return Err(TOO_LARGE.into());
            }
            path.set(&mut after, value).map_err(|_| BAD_PATH)?;
        }
        for (path, value) in &self.adds {
            let sum = add(path.get(before), value)?;
            path.set(&mut after, sum).map_err(|_| BAD_PATH)?;
        }
        for (path, value) in &self.deletes {
            let Some(old) = path.get(before) else { continue };
            match taken_out(old, value)? {
                Some(left) => path.set(&mut after, left).map_err(|_| BAD_PATH)?,
                None => path.remove(&mut after).map_err(|_| BAD_PATH)?,
            }
        }
        // From the highest index down, so that the positions of the others stay true.
        let mut removes: Vec<&Path> = self.removes.iter().collect();
        removes.sort_by_key(|p| match p.0.last() {
            Some(Step::Index(i)) => std::cmp::Reverse(*i),
            _ => std::cmp::Reverse(0),
        });
        for path in removes {
            path.remove(&mut after).map_err(|_| BAD_PATH)?;
        }
        Ok(after)
    }
}

/// What is open while the right side of a SET is read.
enum Open {
    /// A sum, in parentheses or whole, and its left operand with its sign once that is read.
    Sum { parentheses: bool, left: Option<(Sign, Term)> },
    /// `if_not_exists` after its path.
    IfNotExists(Path),
    /// `list_append`, and its first list once that is read.
    ListAppend(Option<Term>),
}

enum Sign {
    Plus,
    Minus,
}

/// Reads the right side of a SET, with a stack of its own.
fn sum(p: &mut Parser<'_>) -> Result<Term, String> {
    let mut open = vec![Open::Sum { parentheses: false, left: None }];
    loop {
        let Some(mut term) = operand(p, &mut open)? else { continue };
        // Hands the term to what it belongs to, until that asks for another one.
        while let Some(around) = open.pop() {
            match around {
                Open::Sum { parentheses, left: None } if p.sign("+") => {
                    p.operator()?;
                    open.push(Open::Sum { parentheses, left: Some((Sign::Plus, term)) });
                    break;
                }
                Open::Sum { parentheses, left: None } if p.sign("-") => {
                    p.operator()?;
                    open.push(Open::Sum { parentheses, left: Some((Sign::Minus, term)) });
                    break;
                }
                Open::Sum { parentheses, left } => {
                    term = match left {
                        Some((Sign::Plus, left)) => Term::Plus(Box::new(left), Box::new(term)),
                        Some((Sign::Minus, left)) => Term::Minus(Box::new(left), Box::new(term)),
                        None => term,
                    };
                    if !parentheses {
                        return Ok(term);
                    }
                    p.expect(")")?;
                }
                Open::IfNotExists(path) => {
                    p.expect(")")?;
                    term = Term::IfNotExists(path, Box::new(term));
                }
                Open::ListAppend(None) => {
                    p.expect(",")?;
                    open.push(Open::ListAppend(Some(term)));
                    break;
                }
                Open::ListAppend(Some(first)) => {
                    p.expect(")")?;
                    term = Term::ListAppend(Box::new(first), Box::new(term));
                }
            }
        }
    }
}

/// The operand that is next; `None` when it only opens something.
fn operand(p: &mut Parser<'_>, open: &mut Vec<Open>) -> Result<Option<Term>, String> {
    if let Some(value) = p.value()? {
        return Ok(Some(Term::Value(value)));
    }
    if p.sign("(") {
        // Parentheses in parentheses would nest without an operator between them.
        if *p.peek() == Token::Sign("(") {
            return Err(p.redundant());
        }
        open.push(Open::Sum { parentheses: true, left: None });
        return Ok(None);
    }
    let Some(function) = p.function() else { return p.path().map(Term::Path).map(Some) };
    p.operator()?;
    p.next();
    p.expect("(")?;
    match function.as_str() {
        "if_not_exists" => {
            let path = p.path()?;
            p.expect(",")?;
            open.push(Open::IfNotExists(path));
        }
        "list_append" => open.push(Open::ListAppend(None)),
        _ => return Err(p.kind.invalid(format_args!("Invalid function name; function: {function}"))),
    }
    Ok(None)
}

impl Term {
    fn of(&self, item: &Item) -> Result<Value, String> {
        match self {
            Term::Value(value) => Ok(Value::clone(value)),
            Term::Path(path) => path.get(item).cloned().ok_or_else(|| NO_ATTRIBUTE.into()),
            Term::IfNotExists(path, other) => match path.get(item) {
                Some(value) => Ok(value.clone()),
                None => other.of(item),
            },
            Term::ListAppend(a, b) | Term::Plus(a, b) | Term::Minus(a, b) => {
                self.combine_operands(a.of(item)?, b.of(item)?)
            }
        }
    }

    /// What a term of two operands yields. It is apart from `of`, which follows what nests, so that a
    /// level costs little stack.
    fn combine_operands(&self, a: Value, b: Value) -> Result<Value, String> {
        match self {
            Term::ListAppend(..) => append(a, b),
            Term::Plus(..) => compute(a, b, Number::plus),
            Term::Minus(..) => compute(a, b, Number::minus),
            Term::Value(_) | Term::Path(_) | Term::IfNotExists(..) => Err(BAD_TYPE.into()),
        }
    }
}

fn append(a: Value, b: Value) -> Result<Value, String> {
    let (Value::L(mut a), Value::L(b)) = (a, b) else { return Err(BAD_TYPE.into()) };
    a.extend(b);
    let list = Value::L(a);
    if list.size() > ITEM_LIMIT { Err(TOO_LARGE.into()) } else { Ok(list) }
}

fn compute(
    a: Value,
    b: Value,
    how: fn(Number, Number) -> Result<Number, NumberError>,
) -> Result<Value, String> {
    let (Value::N(a), Value::N(b)) = (a, b) else { return Err(BAD_TYPE.into()) };
    how(a, b).map(Value::N).map_err(|e| e.to_string())
}

fn add(old: Option<&Value>, value: &Value) -> Result<Value, String> {
    Ok(match (old, value) {
        (None, value) => value.clone(),
        (Some(Value::N(a)), Value::N(b)) => Value::N(a.plus(*b).map_err(|e| e.to_string())?),
        (Some(Value::SS(a)), Value::SS(b)) => Value::SS(a | b),
        (Some(Value::NS(a)), Value::NS(b)) => Value::NS(a | b),
        (Some(Value::BS(a)), Value::BS(b)) => Value::BS(a | b),
        _ => return Err(BAD_TYPE.into()),
    })
}

/// The set without the given members; `None` when nothing is left.
fn taken_out(old: &Value, value: &Value) -> Result<Option<Value>, String> {
    let left = match (old, value) {
        (Value::SS(a), Value::SS(b)) => Value::SS(a - b),
        (Value::NS(a), Value::NS(b)) => Value::NS(a - b),
        (Value::BS(a), Value::BS(b)) => Value::BS(a - b),
        _ => return Err(BAD_TYPE.into()),
    };
    Ok((left.length() != Some(0)).then_some(left))
}
