//! What a saved world keeps although the command line asks otherwise: its seed and its scenario.

use super::options::GlobalOptions;
use ground::lang::Said;
use ground::tr;
use practice::Practice;
use practice::scenario::Scenario;

/// What to tell who asked for a seed or scenario that the saved world, begun with others, does not
/// take; nothing when they fit.
pub(super) fn kept_settings(options: &GlobalOptions, asked: &Scenario, practice: &Practice) -> Option<Said> {
    let (seed, scenario) = practice.begun_with();
    let other_seed = options.seed.is_some_and(|asked| asked != seed);
    let other_scenario = options.scenario.is_some() && *asked != scenario;
    let what = match (other_seed, other_scenario) {
        (false, false) => return None,
        (true, false) => "--seed",
        (false, true) => "--scenario",
        (true, true) => "--seed, --scenario",
    };
    Some(Said::with(|lang| {
        tr!(
            lang,
            "{what}: el mundo guardado sigue con lo suyo (semilla {seed}). Para empezar otro, `espera reset`, o una carpeta nueva con --state-dir.",
            "{what}: the saved world keeps its own (seed {seed}). To begin another: `espera reset`, or a new folder with --state-dir."
        )
    }))
}
