//! What is said about a command line that cannot be read. English is clap's own; Spanish is made here
//! from what clap found out: the kind of error and its context.

use std::error::Error as _;
use std::fmt::Write as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The error in Spanish; `None` for what is no error (help, version).
pub(super) fn spanish(error: &clap::Error) -> Option<String> {
    let mut text = format!("error: {}", what_is_wrong(error)?);
    for tip in tips(error) {
        let _ = write!(text, "\n\n  sugerencia: {tip}");
    }
    if let Some(usage) = context_value(error, ContextKind::Usage) {
        let usage = usage.trim().trim_start_matches("Usage:").trim();
        let _ = write!(text, "\n\nUso: {}", super::help::usage_words(usage));
    }
    let _ = write!(text, "\n\nPara saber más, prueba con '--help'.");
    Some(text)
}

fn what_is_wrong(error: &clap::Error) -> Option<String> {
    let get = |kind| context_value(error, kind).unwrap_or_default();
    let (arg, value) = (get(ContextKind::InvalidArg), get(ContextKind::InvalidValue));
    Some(match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        ErrorKind::UnknownArgument => format!("no se esperaba el argumento '{arg}'"),
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("falta un valor para '{arg}'{}", choices(error))
        }
        ErrorKind::InvalidValue => format!("el valor '{value}' no vale para '{arg}'{}", choices(error)),
        ErrorKind::ValueValidation => format!("el valor '{value}' no vale para '{arg}'{}", reason(error)),
        ErrorKind::InvalidSubcommand => {
            format!("no hay ninguna orden '{}'", get(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => {
            let valid = get(ContextKind::ValidSubcommand);
            format!("'{}' necesita una orden\n  [órdenes: {valid}]", get(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("faltan estos argumentos: {arg}"),
        ErrorKind::ArgumentConflict
            if get(ContextKind::PriorArg).is_empty() || get(ContextKind::PriorArg) == arg =>
        {
            format!("el argumento '{arg}' no puede darse más de una vez")
        }
        ErrorKind::ArgumentConflict => {
            format!("el argumento '{arg}' no puede ir con '{}'", get(ContextKind::PriorArg))
        }
        ErrorKind::NoEquals => format!("hace falta el signo igual al dar un valor a '{arg}'"),
        ErrorKind::TooManyValues => format!("sobra el valor '{value}' en '{arg}'"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("'{arg}' no lleva tantos valores como se le han dado")
        }
        ErrorKind::InvalidUtf8 => "hay un argumento que no es texto UTF-8".to_owned(),
        _ => "la línea de órdenes no se puede leer".to_owned(),
    })
}

/// Why a value does not do, as far as it is not an English sentence of a library.
fn reason(error: &clap::Error) -> String {
    let Some(source) = error.source().map(ToString::to_string) else { return String::new() };
    if let Some((_, range)) = source.split_once(" is not in ") {
        return format!(": tiene que estar en {range}");
    }
    let number = ["invalid digit", "cannot parse", "too large", "too small", "invalid float"];
    match number.iter().any(|words| source.contains(words)) {
        true => ": se espera un número entero".to_owned(),
        false => format!(": {source}"),
    }
}

fn choices(error: &clap::Error) -> String {
    context_value(error, ContextKind::ValidValue)
        .filter(|values| !values.is_empty())
        .map_or_else(String::new, |values| format!("\n  [valores posibles: {values}]"))
}

fn tips(error: &clap::Error) -> Vec<String> {
    let tip =
        |kind, noun: &str| context_value(error, kind).map(|name| format!("hay {noun} parecida: '{name}'"));
    [
        tip(ContextKind::SuggestedArg, "una opción"),
        tip(ContextKind::SuggestedSubcommand, "una orden"),
        context_value(error, ContextKind::SuggestedValue)
            .map(|name| format!("hay un valor parecido: '{name}'")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn context_value(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::None => None,
        ContextValue::StyledStr(text) => Some(text.to_string()),
        value => Some(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use crate::cli::command_line::Cli;
    use crate::cli::help;
    use ground::lang::Lang;

    fn refusal_of(args: &[&str]) -> String {
        let args = std::iter::once("espera").chain(args.iter().copied());
        let error = help::localize(Cli::command(), Lang::Es).try_get_matches_from(args).unwrap_err();
        super::spanish(&error).unwrap()
    }

    #[test]
    fn every_kind_of_mistake_is_told_in_spanish() {
        for (args, words) in [
            (&["--spedd", "3"][..], &["no se esperaba", "--spedd", "una opción parecida: '--speed'"][..]),
            (&["wlak"], &["orden 'wlak'", "una orden parecida: 'walk'"]),
            (&["--world", "mars"], &["'mars' no vale", "practice, aws"]),
            (&["--world"], &["falta un valor", "--world"]),
            (&["--seed", "x"], &["'x' no vale", "número entero"]),
            (&["lessons", "show", "primary", "--width", "5"], &["10..=1000"]),
            (&["--ascii", "--ascii"], &["más de una vez"]),
            (&["completions"], &["faltan", "Uso: espera completions"]),
            (&["status", "more"], &["no se esperaba", "more"]),
        ] {
            let text = refusal_of(args);
            assert!(words.iter().all(|w| text.contains(w)), "{args:?}: {text}");
            assert!(text.contains("--help"), "{text}");
            for english in
                ["Usage", "OPTIONS", "COMMAND", "error: unexpected", "possible values", "tip:", "invalid"]
            {
                assert!(!text.contains(english), "{args:?}: {english} in: {text}");
            }
        }
    }
}
