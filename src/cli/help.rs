//! Puts the words of `assets/help.toml` into the command line, in the language asked for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{Arg, Command};
use serde::Deserialize;

use super::options_of;
use ground::lang::{Lang, Said};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    about: Said,
    after: Option<Said>,
    #[serde(default)]
    arg: BTreeMap<String, Said>,
}

/// The command line with its help in `lang`.
pub(super) fn localize(command: Command, lang: Lang) -> Command {
    // A broken file is caught by the test below; a program with bare help is still of use.
    let words: BTreeMap<String, Words> =
        toml::from_str(include_str!("../../assets/help.toml")).unwrap_or_default();
    let mut command = apply(command, ".", &words, lang);
    // Now the inherited options and clap's own (`help`, `version`) are there to be worded.
    command.build();
    finish(command, "", lang)
}

/// Takes what means nothing here out of the help, and clap's own words into `lang`.
fn finish(mut command: Command, path: &str, lang: Lang) -> Command {
    command = options_of::hide_others(command, path);
    if lang == Lang::Es {
        command = spanish(command);
    }
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        let below = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |c| finish(c, &below, lang));
    }
    command
}

/// The words that clap itself puts into help, in Spanish.
fn spanish(command: Command) -> Command {
    let mut command =
        command.subcommand_help_heading("Órdenes").subcommand_value_name("ORDEN").mut_args(spanish_arg);
    if command.get_name() == "help" {
        command = command.about("Muestra la ayuda de una orden");
    }
    let usage = command.render_usage().to_string();
    let style = *command.get_styles().get_usage();
    let heading = format!("{style}Uso:{style:#}");
    command.override_usage(usage_words(usage.trim_start_matches("Usage:").trim())).help_template(format!(
        "{{before-help}}{{about-with-newline}}\n{heading} {{usage}}\n\n{{all-args}}{{after-help}}"
    ))
}

fn spanish_arg(mut arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "help" => arg = arg.help("Muestra esta ayuda").long_help("Muestra esta ayuda"),
        "version" => arg = arg.help("Muestra la versión"),
        _ => {}
    }
    let named = arg.get_value_names().and_then(|names| names.first()).map(|name| name.as_str());
    if let Some((_, word)) = VALUES.iter().find(|(name, _)| named == Some(name)) {
        arg = arg.value_name(*word);
    }
    if arg.get_action().takes_values() {
        let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let values: Vec<String> = arg.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
        if values.iter().any(|value| !help.contains(value.as_str())) {
            let _ = write!(help, " [valores posibles: {}]", values.join(", "));
        }
        let defaults: Vec<_> = arg.get_default_values().iter().map(|v| v.to_string_lossy()).collect();
        if !defaults.is_empty() {
            let _ = write!(help, " [por defecto: {}]", defaults.join(", "));
        }
        arg = arg.help(help).hide_default_value(true).hide_possible_values(true);
    }
    let heading = if arg.is_positional() { "Argumentos" } else { "Opciones" };
    arg.help_heading(heading)
}

/// The names of values that are words.
const VALUES: [(&str, &str); 9] = [
    ("DIR", "CARPETA"),
    ("NAME", "NOMBRE"),
    ("NAME|FILE", "NOMBRE|FICHERO"),
    ("PORT", "PUERTO"),
    ("SHELL", "CONSOLA"),
    ("STEP", "PASO"),
    ("WIDTH", "COLUMNAS"),
    ("WORLD", "MUNDO"),
    ("FILE", "FICHERO"),
];

/// A line of usage with clap's own words in Spanish.
pub(super) fn usage_words(usage: &str) -> String {
    usage.replace("[OPTIONS]", "[OPCIONES]").replace("[COMMAND]", "[ORDEN]").replace("<COMMAND>", "<ORDEN>")
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

    use super::super::command_line::Cli;
    use super::*;

    fn list_unworded(
        command: &Command,
        path: &str,
        words: &BTreeMap<String, Words>,
        found: &mut Vec<String>,
    ) {
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
            list_unworded(sub, &below, words, found);
        }
    }

    #[test]
    fn every_command_and_option_has_its_words() {
        let words = toml::from_str(include_str!("../../assets/help.toml")).unwrap();
        let mut found = Vec::new();
        list_unworded(&Cli::command(), ".", &words, &mut found);
        assert!(found.is_empty(), "without words: {found:?}");
    }

    #[test]
    fn the_help_of_a_drill_names_every_fault() {
        for lang in Lang::ALL {
            let mut all = localize(Cli::command(), lang);
            let help = all.find_subcommand_mut("drill").unwrap().render_long_help().to_string();
            for fault in crate::cloud::Fault::ALL {
                assert!(help.contains(fault.as_str()), "{fault} in {lang:?}:\n{help}");
            }
        }
    }

    #[test]
    fn help_speaks_both_languages() {
        let help = |lang| localize(Cli::command(), lang).render_long_help().to_string();
        assert!(help(Lang::Es).contains("Para empezar"));
        assert!(help(Lang::En).contains("To begin"));
    }

    fn list_helps(command: &mut Command, found: &mut Vec<String>) {
        found.push(command.render_long_help().to_string());
        for sub in command.get_subcommands_mut() {
            list_helps(sub, found);
        }
    }

    #[test]
    fn spanish_help_has_no_english_of_claps() {
        let mut all = Vec::new();
        list_helps(&mut localize(Cli::command(), Lang::Es), &mut all);
        assert!(all.len() > 10 && all[0].contains("Uso: espera [OPCIONES] [ORDEN]"), "{}", all[0]);
        for text in all {
            assert!(text.contains("Uso: espera"), "{text}");
            let english = [
                "Usage",
                "Options",
                "Commands:",
                "Arguments",
                "Print ",
                "OPTIONS",
                "COMMAND",
                "[default",
                "possible",
            ];
            for word in english {
                assert!(!text.contains(word), "{word} in:\n{text}");
            }
        }
    }

    #[test]
    fn a_command_shows_the_options_it_uses() {
        let mut command = localize(Cli::command(), Lang::En);
        let check = command.find_subcommand_mut("lessons").unwrap().find_subcommand_mut("check").unwrap();
        let text = check.render_long_help().to_string();
        assert!(text.contains("--strict") && text.contains("--lang") && !text.contains("--speed"), "{text}");
        let walk = command.find_subcommand_mut("walk").unwrap().render_long_help().to_string();
        assert!(walk.contains("--speed") && !walk.contains("--ascii"), "{walk}");
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
