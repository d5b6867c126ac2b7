//! The keymap: data from `assets/keymap.toml`, checked when read, and the one source of help and key hints.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::command::Command;
use super::key::Key;
use super::model::Pane;
use crate::lang::Said;

/// Why a keymap cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeymapError {
    /// Not the TOML it should be.
    #[error("keymap: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A key that has no such name.
    #[error("keymap: {0}: write keys as in `q`, `ctrl-p`, `shift-tab`, `pageup`")]
    Key(String),
    /// The same key twice for the same pane.
    #[error("keymap: the key {0} is bound twice; give one of the two another key")]
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
    /// The pane the keys are limited to, if any.
    pub pane: Option<Pane>,
    /// Id of its group in the help.
    pub group: String,
    /// What it is called.
    pub title: Said,
    /// Its short name in the key bar, for commands shown there.
    pub hint: Option<Said>,
}

/// All keys of the workshop.
#[derive(Clone, Debug)]
pub struct Keymap {
    groups: Vec<Group>,
    bindings: Vec<Binding>,
    by_key: BTreeMap<(Key, Option<Pane>), Command>,
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
    pane: Option<RawPane>,
    group: String,
    title: Said,
    hint: Option<Said>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawPane {
    Lesson,
    Stacks,
    Architecture,
    Drill,
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
            let pane = raw.pane.map(|p| match p {
                RawPane::Lesson => Pane::Lesson,
                RawPane::Stacks => Pane::Stacks,
                RawPane::Architecture => Pane::Architecture,
                RawPane::Drill => Pane::Drill,
            });
            for key in &keys {
                if map.by_key.insert((*key, pane), raw.command).is_some() {
                    return Err(KeymapError::Twice(*key));
                }
            }
            // Elsewhere there is no job control, and nothing may be offered that does nothing.
            if raw.command == Command::Suspend && !cfg!(unix) {
                continue;
            }
            let Raw { command, group, title, hint, .. } = raw;
            map.bindings.push(Binding { command, keys, pane, group, title, hint });
        }
        Ok(map)
    }

    /// The command a key means where the focus is.
    #[must_use]
    pub fn command(&self, key: Key, focus: Pane) -> Option<Command> {
        let found = self.by_key.get(&(key, Some(focus))).or_else(|| self.by_key.get(&(key, None)));
        found.copied().filter(|c| c.works_in(focus))
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
}
