//! Which of the common options mean something to which command: the others are not shown there, and
//! refused, so that nobody believes in an effect that is not there.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use super::options::WorldChoice;
use ground::lang::Lang;
use ground::tr;

/// Options of practice alone, and of an account alone.
const PRACTICE: [&str; 3] = ["speed", "seed", "scenario"];
const ACCOUNT: [&str; 2] = ["profile", "endpoint_url"];
/// Every common option but the language, which all take.
const COMMON: [&str; 12] = [
    "world",
    "speed",
    "seed",
    "scenario",
    "state_dir",
    "lessons",
    "profile",
    "endpoint_url",
    "unishop",
    "presenter",
    "ascii",
    "light",
];
const WORLDS: &[&str] =
    &["world", "speed", "seed", "scenario", "state_dir", "profile", "endpoint_url", "unishop"];

/// The common options a command takes beside the language; `None` for all.
fn options_of(path: &str) -> Option<&'static [&'static str]> {
    Some(match path {
        "walk" | "status" => WORLDS,
        "lessons" | "lessons check" | "lessons show" => &["lessons"],
        "cloud" | "cloud serve" => &["speed", "seed", "scenario", "state_dir"],
        "cloud env" => &["state_dir", "profile"],
        "state" | "state verify" | "state repair" | "state restore" => &["state_dir"],
        "reset" => &["world", "state_dir", "profile"],
        "cloud operations" | "completions" | "man" => &[],
        _ => return None,
    })
}

/// Hides from a command's help what it does not take. The command must be built.
pub(super) fn hide_others(command: Command, path: &str) -> Command {
    match options_of(path) {
        None => command,
        Some(taken) => command.mut_args(|arg| {
            let id = arg.get_id().as_str();
            let idle = COMMON.contains(&id) && !taken.contains(&id);
            arg.hide(idle)
        }),
    }
}

/// Why what was given cannot be meant, if so.
pub(super) fn refusal(matches: &ArgMatches, lang: Lang) -> Option<String> {
    let (mut path, mut last) = (Vec::new(), matches);
    while let Some((name, below)) = last.subcommand() {
        path.push(name);
        last = below;
    }
    let path = path.join(" ");
    let given = |id: &&str| {
        last.try_contains_id(id).is_ok() && last.value_source(id) == Some(ValueSource::CommandLine)
    };
    let idle = |id: &&str| options_of(&path).is_some_and(|taken| !taken.contains(id));
    if let Some(option) = COMMON.iter().find(|id| given(id) && idle(id)).map(|id| spelling(id)) {
        return Some(tr!(
            lang,
            "`espera {path}` no usa --{option}. Quítala; `espera {path} --help` dice cuáles usa.",
            "`espera {path}` does not use --{option}. Leave it out; `espera {path} --help` tells which it uses."
        ));
    }
    let account = last.get_one::<WorldChoice>("world") == Some(&WorldChoice::Aws);
    let others: &[&str] = if account { &PRACTICE } else { &ACCOUNT };
    // There --profile is an option of the command itself.
    let own = |id: &&str| path == "cloud env" && *id == "profile";
    let option = others.iter().find(|id| given(id) && !own(id)).map(|id| spelling(id))?;
    Some(match account {
        true => tr!(
            lang,
            "--{option} es de la práctica: en una cuenta de AWS no hay nada que ajustar así.",
            "--{option} belongs to practice: an AWS account has nothing to set that way."
        ),
        false => tr!(
            lang,
            "--{option} es para una cuenta: añade --world aws. En la práctica no se lee ningún perfil tuyo.",
            "--{option} is for an account: add --world aws. Practice reads no profile of yours."
        ),
    })
}

fn spelling(id: &str) -> String {
    id.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::command_line::Cli;

    fn refusal_of(args: &[&str]) -> Option<String> {
        let args = std::iter::once("espera").chain(args.iter().copied());
        refusal(&Cli::command().try_get_matches_from(args).unwrap(), Lang::En)
    }

    #[test]
    fn an_option_without_effect_is_refused_and_others_are_not() {
        let told = refusal_of(&["lessons", "check", "--speed", "3"]).unwrap();
        assert!(told.contains("lessons check") && told.contains("--speed"), "{told}");
        assert!(refusal_of(&["--seed", "3", "reset"]).is_some(), "before the command too");
        assert!(refusal_of(&["--profile", "mine"]).unwrap().contains("--world aws"));
        assert!(refusal_of(&["--world", "aws", "--speed", "3"]).unwrap().contains("practice"));
        for fine in [
            &["--speed", "3", "--seed", "1"][..],
            &["--world", "aws", "--profile", "mine"],
            &["walk", "--speed", "max", "--lang", "es"],
            &["cloud", "serve", "--seed", "3"],
            &["reset", "--world", "aws", "--profile", "mine"],
            &["man", "--lang", "es"],
            &["cloud", "env", "--profile", "~/.aws/config"],
        ] {
            assert_eq!(refusal_of(fine), None, "{fine:?}");
        }
    }

    #[test]
    fn every_common_option_is_judged() {
        let ids: Vec<String> = Cli::command()
            .get_arguments()
            .filter(|a| a.is_global_set())
            .map(|a| a.get_id().to_string())
            .collect();
        let known = |id: &&String| COMMON.contains(&id.as_str()) || *id == "lang";
        assert!(ids.iter().all(|id| known(&id)), "{ids:?}");
    }
}
