//! The keymap: data from `assets/keymap.toml`, checked when read, and the one source of help and key hints.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::command::{Command, Place, Program};
use super::key::Key;
use super::pane::Pane;
use ground::lang::Said;

/// Why a keymap cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeymapError {
    /// Not the TOML it should be.
    #[error("keymap: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A key that has no such name.
    #[error("keymap: {0}: write keys as in `q`, `ctrl-p`, `shift-tab`, `pageup`")]
    Key(String),
    /// The same key twice in the same context.
    #[error("keymap: the key {0} is bound twice in one context; give one of the two another key")]
    Twice(Key),
}

/// A group of the help.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its id, as bindings name it.
    pub id: String,
    /// Its heading.
    pub title: Said,
}

/// A command with its keys and words.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The command.
    pub command: Command,
    /// Its keys; the first is the one shown.
    pub keys: Vec<Key>,
    /// Where the keys mean this; without it, wherever the command works.
    pub context: Option<Context>,
    /// Id of its group in the help.
    pub group: String,
    /// What it is called.
    pub title: Said,
    /// Its short name in the key bar, for commands shown there.
    pub hint: Option<Said>,
}

impl Binding {
    /// Whether its command can be used where the focus is, with nothing over the panes.
    #[must_use]
    pub fn works_in(&self, focus: Pane) -> bool {
        let in_front = matches!(self.context, Some(Context::Form)) || self.lies_over();
        !in_front && works_in(self.command, focus)
    }

    /// Whether the help shows it where the focus is: what may come to lie over the panes included.
    #[must_use]
    pub fn is_met_in(&self, focus: Pane) -> bool {
        match self.context {
            Some(Context::Form) => focus == Pane::Drill,
            _ => self.lies_over() || works_in(self.command, focus),
        }
    }

    fn lies_over(&self) -> bool {
        use Context::{Dialog, List, Over, Page, Text};
        matches!(self.context, Some(Over | List | Dialog | Page | Text))
    }
}

/// Where a key means something of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Context {
    /// The lesson has the focus.
    Lesson,
    /// The stacks have it.
    Stacks,
    /// The architecture has it.
    Architecture,
    /// The drill's screen is in front.
    Drill,
    /// The form of the next drill is.
    Form,
    /// Something lies over the panes.
    Over,
    /// A list to choose from does.
    List,
    /// A question with yes and no does.
    Dialog,
    /// A text to read does.
    Page,
    /// Something is being typed there.
    Text,
}

impl Context {
    fn of(focus: Pane) -> Context {
        match focus {
            Pane::Lesson => Context::Lesson,
            Pane::Stacks => Context::Stacks,
            Pane::Architecture => Context::Architecture,
            Pane::Drill => Context::Drill,
        }
    }
}

/// All keys of the workshop.
#[derive(Clone, Debug)]
pub struct Keymap {
    groups: Vec<Group>,
    bindings: Vec<Binding>,
    by_key: BTreeMap<(Key, Option<Context>), Command>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    group: Vec<Group>,
    bind: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    command: Command,
    keys: Vec<String>,
    context: Option<Context>,
    group: String,
    title: Said,
    hint: Option<Said>,
}

impl Keymap {
    /// The keymap that comes with the program.
    ///
    /// # Errors
    /// When `assets/keymap.toml` was broken at build time; a test keeps that from happening.
    pub fn embedded() -> Result<Keymap, KeymapError> {
        Keymap::parse(include_str!("../../assets/keymap.toml"))
    }

    /// Reads a keymap.
    ///
    /// # Errors
    /// When it is not TOML of this form, names an unknown key or command, or binds a key twice.
    pub fn parse(text: &str) -> Result<Keymap, KeymapError> {
        let file: File = toml::from_str(text)?;
        let mut map = Keymap { groups: file.group, bindings: Vec::new(), by_key: BTreeMap::new() };
        for raw in file.bind {
            let keys = raw
                .keys
                .iter()
                .map(|k| k.parse())
                .collect::<Result<Vec<Key>, _>>()
                .map_err(KeymapError::Key)?;
            for key in &keys {
                if map.by_key.insert((*key, raw.context), raw.command).is_some() {
                    return Err(KeymapError::Twice(*key));
                }
            }
            // Elsewhere there is no job control, and nothing may be offered that does nothing.
            if raw.command == Command::Program(Program::Suspend) && !cfg!(unix) {
                continue;
            }
            let Raw { command, context, group, title, hint, .. } = raw;
            map.bindings.push(Binding { command, keys, context, group, title, hint });
        }
        Ok(map)
    }

    /// The command a key means where the focus is.
    #[must_use]
    pub fn command(&self, key: Key, focus: Pane) -> Option<Command> {
        let found =
            self.by_key.get(&(key, Some(Context::of(focus)))).or_else(|| self.by_key.get(&(key, None)));
        found.copied().filter(|c| works_in(*c, focus))
    }

    /// The command a key means in the first of these contexts that knows it.
    #[must_use]
    pub fn command_in(&self, key: Key, contexts: &[Context]) -> Option<Command> {
        contexts.iter().find_map(|context| self.by_key.get(&(key, Some(*context)))).copied()
    }

    /// Which of a command's keys this is, counted from 0.
    #[must_use]
    pub fn nth(&self, command: Command, key: Key) -> Option<usize> {
        let mut bindings = self.bindings.iter().filter(|b| b.command == command);
        bindings.find_map(|b| b.keys.iter().position(|k| *k == key))
    }

    /// All bindings in the order of the file.
    #[must_use]
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// The groups of the help in the order of the file.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The binding of a command.
    #[must_use]
    pub fn binding(&self, command: Command) -> Option<&Binding> {
        self.bindings.iter().find(|b| b.command == command)
    }
}

/// Whether a command can be used where the focus is.
pub(super) fn works_in(command: Command, focus: Pane) -> bool {
    match command.place() {
        Place::Workshop => focus != Pane::Drill,
        Place::Drill => focus == Pane::Drill,
        Place::Everywhere => true,
        Place::Over | Place::Form => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keymap_that_comes_along_is_sound() {
        let map = Keymap::embedded().unwrap();
        let groups: Vec<_> = map.groups().iter().map(|g| g.id.as_str()).collect();
        for b in map.bindings() {
            assert!(groups.contains(&b.group.as_str()), "{:?}: no group {}", b.command, b.group);
            assert!(!b.keys.is_empty(), "{:?} has no key", b.command);
            assert!(!b.title.es.is_empty() && !b.title.en.is_empty());
        }
    }

    /// The names of a group's commands, from what serde says of one that is none.
    fn names<G: serde::de::DeserializeOwned + std::fmt::Debug>() -> Vec<String> {
        let refusal = serde_json::from_str::<G>("\"none of them\"").unwrap_err().to_string();
        let (_, expected) = refusal.split_once("expected").unwrap();
        expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn every_command_has_a_binding() {
        use crate::app::command::*;
        let groups = [
            names::<Course>(),
            names::<Panes>(),
            names::<Lesson>(),
            names::<Drill>(),
            names::<Scroll>(),
            names::<World>(),
            names::<View>(),
            names::<Program>(),
            names::<Over>(),
            names::<List>(),
            names::<Dialog>(),
            names::<Page>(),
            names::<Text>(),
            names::<Form>(),
        ];
        let map = Keymap::embedded().unwrap();
        for name in groups.iter().flatten() {
            let command: Command = serde_json::from_value(name.as_str().into()).unwrap();
            assert!(map.binding(command).is_some(), "`{name}` has no `[[bind]]` in assets/keymap.toml");
        }
    }

    #[test]
    fn a_key_bound_twice_is_refused() {
        let twice = r#"
            group = [{ id = "g", title = { es = "g", en = "g" } }]
            bind = [
              { command = "quit", keys = ["q"], group = "g", title = { es = "a", en = "a" } },
              { command = "help", keys = ["q"], group = "g", title = { es = "b", en = "b" } },
            ]"#;
        assert!(matches!(Keymap::parse(twice), Err(KeymapError::Twice(_))));
    }

    #[test]
    fn a_command_nobody_knows_is_refused_with_its_line() {
        let unknown = r#"
            group = [{ id = "g", title = { es = "g", en = "g" } }]
            bind = [
              { command = "drill-explode", keys = ["q"], group = "g", title = { es = "a", en = "a" } },
            ]"#;
        let error = Keymap::parse(unknown).unwrap_err().to_string();
        assert!(error.contains("drill-explode") && error.contains("there is no such command"), "{error}");
    }
}
