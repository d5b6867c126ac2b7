//! What all expression parsers share: a cursor over tokens, paths, operands, reserved words.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use super::lexer::{Placed, Token, tokens};
use super::path::{Path, Step};
use super::{Kind, Substitutes};

const RESERVED: &str = include_str!("../../../../../assets/data/dynamodb_reserved.txt");

fn is_reserved(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| RESERVED.split_whitespace().collect());
    words.contains(word.to_ascii_lowercase().as_str())
}

/// The longest expression, in bytes as sent: names and values are not filled in before it is counted
/// (developer guide, "Constraints", expression parameters).
pub const LONGEST: usize = 4096;
/// How many operators and functions an expression may hold (the same page). Parentheses, commas and
/// the `=` of a SET are none; an IN is one, whatever the length of its list.
pub const OPERATORS: usize = 300;
/// How many values an IN may list.
pub const OPERANDS_OF_IN: usize = 100;
/// How deep a document path may lead: the levels of a document.
pub const LEVELS: usize = 32;

/// A cursor over an expression's tokens.
#[derive(Debug)]
pub struct Parser<'a> {
    /// Which expression this is.
    pub kind: Kind,
    /// Names and values to fill in.
    pub substitutes: &'a Substitutes<'a>,
    text: &'a str,
    tokens: Vec<Placed>,
    at: usize,
    operators: usize,
}

impl<'a> Parser<'a> {
    pub fn new(kind: Kind, text: &'a str, substitutes: &'a Substitutes<'a>) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(too_long(kind, text.len()));
        }
        Ok(Parser { kind, substitutes, text, tokens: tokens(kind, text)?, at: 0, operators: 0 })
    }

    pub fn peek(&self) -> &Token {
        // The list ends with `End`, and the cursor never passes it.
        &self.tokens[self.at.min(self.tokens.len() - 1)].token
    }

    pub fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    /// Takes the sign if it is next.
    pub fn sign(&mut self, sign: &'static str) -> bool {
        let there = *self.peek() == Token::Sign(sign);
        if there {
            self.next();
        }
        there
    }

    pub fn expect(&mut self, sign: &'static str) -> Result<(), String> {
        if self.sign(sign) { Ok(()) } else { Err(self.syntax_error()) }
    }

    /// Takes the keyword, whatever its case, if it is next.
    pub fn keyword(&mut self, word: &str) -> bool {
        let there = matches!(self.peek(), Token::Word(w) if w.eq_ignore_ascii_case(word));
        if there {
            self.next();
        }
        there
    }

    /// The name of a function that is called next, if one is.
    pub fn function(&self) -> Option<String> {
        let called = self.tokens.get(self.at + 1).is_some_and(|t| t.token == Token::Sign("("));
        match self.peek() {
            Token::Word(w) if called => Some(w.clone()),
            _ => None,
        }
    }

    pub fn end(&self) -> Result<(), String> {
        if *self.peek() == Token::End { Ok(()) } else { Err(self.syntax_error()) }
    }

    /// The syntax error at the cursor.
    pub fn syntax_error(&self) -> String {
        let here = &self.tokens[self.at.min(self.tokens.len() - 1)];
        let token = if here.token == Token::End { "<EOF>" } else { &self.text[here.from..here.to] };
        let before = self.at.checked_sub(1).map_or(here.from, |i| self.tokens[i].from);
        let after = self.tokens.get(self.at + 1).map_or(here.to, |t| t.to);
        let near = &self.text[before..after];
        self.kind.invalid(format_args!("Syntax error; token: \"{token}\", near: \"{near}\""))
    }

    /// Counts an operator or function. DynamoDB stops at the first one too many, so it never tells of
    /// more than 301.
    pub fn operator(&mut self) -> Result<(), String> {
        self.operators += 1;
        if self.operators <= OPERATORS {
            return Ok(());
        }
        Err(self.kind.invalid(format_args!(
            "The expression contains too many operators; operator count: {}",
            self.operators
        )))
    }

    /// The refusal of parentheses directly within parentheses.
    pub fn redundant(&self) -> String {
        self.kind.invalid("The expression has redundant parentheses;")
    }

    pub fn path(&mut self) -> Result<Path, String> {
        let mut steps = vec![Step::Name(self.attribute()?)];
        loop {
            if self.sign(".") {
                steps.push(Step::Name(self.attribute()?));
            } else if self.sign("[") {
                let Token::Integer(index) = *self.peek() else { return Err(self.syntax_error()) };
                self.next();
                self.expect("]")?;
                steps.push(Step::Index(index));
            } else if steps.len() > LEVELS {
                return Err(self.kind.invalid(format_args!(
                    "The document path has too many nesting levels; nesting levels: {}",
                    steps.len()
                )));
            } else {
                return Ok(Path(steps));
            }
        }
    }

    fn attribute(&mut self) -> Result<Arc<str>, String> {
        match self.peek().clone() {
            Token::Word(word) if is_reserved(&word) => Err(self
                .kind
                .invalid(format_args!("Attribute name is a reserved keyword; reserved keyword: {word}"))),
            Token::Word(word) => {
                self.next();
                Ok(word.into())
            }
            Token::Name(placeholder) => {
                self.next();
                self.substitutes.name(self.kind, &placeholder)
            }
            _ => Err(self.syntax_error()),
        }
    }

    /// `:value`, looked up.
    pub fn value(&mut self) -> Result<Option<Arc<super::Value>>, String> {
        match self.peek().clone() {
            Token::Value(placeholder) => {
                self.next();
                self.substitutes.value(self.kind, &placeholder).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// An update's refusal does not tell the size (aws/aws-sdk-java-v2#4597), the others' do.
fn too_long(kind: Kind, size: usize) -> String {
    let text = "Expression size has exceeded the maximum allowed size;";
    match kind {
        Kind::Update => kind.invalid(text),
        _ => kind.invalid(format_args!("{text} expression size: {size}")),
    }
}
