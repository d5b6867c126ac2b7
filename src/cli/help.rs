//! Puts the words of `assets/help.toml` into the command line, in the language asked for.

use std::collections::BTreeMap;

use clap::Command;
use serde::Deserialize;

use crate::course::Both;
use crate::lang::Lang;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    about: Both,
    after: Option<Both>,
    #[serde(default)]
    arg: BTreeMap<String, Both>,
}

/// The command line with its help in `lang`.
pub(super) fn localized(command: Command, lang: Lang) -> Command {
    // A broken file is caught by the test below; a program with bare help is still of use.
    let words: BTreeMap<String, Words> =
        toml::from_str(include_str!("../../assets/help.toml")).unwrap_or_default();
    apply(command, ".", &words, lang)
}

fn apply(mut command: Command, path: &str, words: &BTreeMap<String, Words>, lang: Lang) -> Command {
    if let Some(own) = words.get(path) {
        command = command.about(own.about.get(lang).to_owned());
        if let Some(after) = &own.after {
            command = command.after_help(after.get(lang).to_owned());
        }
        command = command.mut_args(|arg| match own.arg.get(arg.get_id().as_str()) {
            Some(text) => arg.help(text.get(lang).to_owned()),
            None => arg,
        });
    }
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        let below = if path == "." { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |c| apply(c, &below, words, lang));
    }
    command
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::Cli;
    use super::*;

    fn bare(command: &Command, path: &str, words: &BTreeMap<String, Words>, found: &mut Vec<String>) {
        let empty = Words::default();
        let own = words.get(path).unwrap_or(&empty);
        if own.about.es.is_empty() || own.about.en.is_empty() {
            found.push(path.to_owned());
        }
        for id in command.get_arguments().map(|a| a.get_id().as_str()) {
            // The global options are described once, at the top.
            let inherited = path != "." && words["."].arg.contains_key(id);
            if !["help", "version"].contains(&id) && !inherited && !own.arg.contains_key(id) {
                found.push(format!("{path}: {id}"));
            }
        }
        for sub in command.get_subcommands().filter(|c| c.get_name() != "help" && !c.is_hide_set()) {
            let name = sub.get_name();
            let below = if path == "." { name.to_owned() } else { format!("{path} {name}") };
            bare(sub, &below, words, found);
        }
    }

    #[test]
    fn every_command_and_option_has_its_words() {
        let words = toml::from_str(include_str!("../../assets/help.toml")).unwrap();
        let mut found = Vec::new();
        bare(&Cli::command(), ".", &words, &mut found);
        assert!(found.is_empty(), "without words: {found:?}");
    }

    #[test]
    fn help_speaks_both_languages() {
        let help = |lang| localized(Cli::command(), lang).render_long_help().to_string();
        assert!(help(Lang::Es).contains("Para empezar"));
        assert!(help(Lang::En).contains("To begin"));
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
