//! Colours for code: syntect reads the code, our roles give the colours. The syntaxes take longer to
//! load than a first frame may, so a `Highlighter` is made after it, off the drawing path.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::ui::theme::Role;

/// The most bytes of a block that are coloured.
const LIMIT: usize = 20_000;
/// The most bytes of a line that are coloured.
const LINE: usize = 1_000;
/// The most blocks kept.
const KEPT: usize = 512;

/// A line of code in parts.
pub type Coloured = Vec<(Role, String)>;

/// Coloured blocks by language and text.
type Kept = HashMap<(String, String), Arc<Vec<Coloured>>>;

/// Colours code, and keeps what it coloured.
pub struct Highlighter {
    syntaxes: SyntaxSet,
    scopes: Vec<(Scope, Role)>,
    kept: Mutex<Kept>,
}

impl Default for Highlighter {
    fn default() -> Highlighter {
        Highlighter::new()
    }
}

impl Highlighter {
    /// Loads the syntaxes: tens of milliseconds.
    #[must_use]
    pub fn new() -> Highlighter {
        let scopes = [
            ("comment", Role::CodeComment),
            ("punctuation.definition.comment", Role::CodeComment),
            ("string", Role::CodeString),
            ("punctuation.definition.string", Role::CodeString),
            ("constant", Role::CodeNumber),
            ("keyword.operator", Role::CodePunctuation),
            ("keyword", Role::CodeKeyword),
            ("storage", Role::CodeKeyword),
            ("variable.language", Role::CodeKeyword),
            ("entity.name", Role::CodeName),
            ("entity.other", Role::CodeName),
            ("support", Role::CodeName),
            ("variable.function", Role::CodeName),
            ("variable.parameter", Role::CodeNumber),
            ("punctuation", Role::CodePunctuation),
        ];
        let scopes = scopes.iter().filter_map(|(name, role)| Some((Scope::new(name).ok()?, *role))).collect();
        Highlighter { syntaxes: SyntaxSet::load_defaults_newlines(), scopes, kept: Mutex::default() }
    }

    /// The lines of `text` in parts; `None` when the language isn't known or the text too long.
    #[must_use]
    pub fn lines(&self, language: &str, text: &str) -> Option<Arc<Vec<Coloured>>> {
        if text.len() > LIMIT {
            return None;
        }
        let syntax = self.syntax(language)?;
        let key = (language.to_owned(), text.to_owned());
        if let Some(found) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Some(Arc::clone(found));
        }
        let lines = Arc::new(self.read(syntax, text)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&lines));
        Some(lines)
    }

    fn syntax(&self, language: &str) -> Option<&SyntaxReference> {
        let token = match language.to_ascii_lowercase().as_str() {
            "shell" | "console" | "sh" | "zsh" | "shell-session" | "shellscript" | "bash" => "sh",
            "yml" | "cloudformation" | "cfn" | "yaml" => "yaml",
            "typescript" | "ts" | "jsx" | "tsx" | "node" | "javascript" => "js",
            "python3" | "py" => "python",
            "jsonc" | "json5" => "json",
            "golang" => "go",
            "text" | "txt" | "plain" | "plaintext" | "output" | "none" => return None,
            other => return self.syntaxes.find_syntax_by_token(other),
        };
        self.syntaxes.find_syntax_by_token(token)
    }

    fn read(&self, syntax: &SyntaxReference, text: &str) -> Option<Vec<Coloured>> {
        let mut state = ParseState::new(syntax);
        let mut stack = ScopeStack::new();
        let mut out = Vec::new();
        for line in text.lines() {
            if line.len() > LINE {
                return None;
            }
            let full = format!("{line}\n");
            let ops = state.parse_line(&full, &self.syntaxes).ok()?;
            let mut parts = Coloured::new();
            let mut from = 0;
            for (at, op) in ops {
                self.part(&mut parts, line.get(from..at.min(line.len())).unwrap_or_default(), &stack);
                from = at.min(line.len());
                stack.apply(&op).ok()?;
            }
            self.part(&mut parts, line.get(from..).unwrap_or_default(), &stack);
            out.push(parts);
        }
        Some(out)
    }

    fn part(&self, parts: &mut Coloured, text: &str, stack: &ScopeStack) {
        if text.is_empty() {
            return;
        }
        let role = self.role(stack);
        match parts.last_mut() {
            Some((last, before)) if *last == role => before.push_str(text),
            _ => parts.push((role, text.to_owned())),
        }
    }

    /// The role of the innermost scope that has one.
    fn role(&self, stack: &ScopeStack) -> Role {
        let of =
            |scope: &Scope| self.scopes.iter().find(|(s, _)| s.is_prefix_of(*scope)).map(|(_, role)| *role);
        stack.as_slice().iter().rev().find_map(of).unwrap_or(Role::CodeBlock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_gets_roles_and_keeps_its_text() {
        let h = Highlighter::new();
        let text = "# note\nName: \"x\"\nSize: 3";
        let lines = h.lines("yaml", text).unwrap();
        let joined: Vec<String> = lines.iter().map(|l| l.iter().map(|(_, t)| t.as_str()).collect()).collect();
        assert_eq!(joined.join("\n"), text);
        assert_eq!(lines[0][0].0, Role::CodeComment);
        assert!(lines[1].iter().any(|(r, t)| *r == Role::CodeString && t.contains('x')), "{:?}", lines[1]);
        assert!(lines[2].iter().any(|(r, t)| *r == Role::CodeNumber && t == "3"), "{:?}", lines[2]);
        assert!(h.lines("nonsense", text).is_none());
    }

    #[test]
    fn the_languages_of_the_lessons_are_known() {
        let h = Highlighter::new();
        for language in
            ["bash", "console", "sh", "yaml", "json", "python", "html", "sql", "js", "go", "rust", "java"]
        {
            assert!(h.syntax(language).is_some(), "{language}");
        }
    }
}
