//! Keys in what lies over the panes: its own command's key closes it, other letters do not, and every
//! key is the keymap's.

use espera::app::command::{Course, Drill, Lesson, Program, World};
use espera::app::{Code, Command, Context, Key, Keymap, Model, Msg, Overlay, update};
use ground::lang::Lang;

use super::{drills, overlays};

/// What lies over the panes, by name, and the command that opens it.
const OPENED: [(&str, Option<Command>); 18] = [
    ("help", Some(Command::Program(Program::Help))),
    ("log", Some(Command::Program(Program::Log))),
    ("palette", Some(Command::Program(Program::Palette))),
    ("quit", Some(Command::Program(Program::Quit))),
    ("search", None),
    ("links", Some(Command::Lesson(Lesson::Links))),
    ("steps", Some(Command::Course(Course::Steps))),
    ("actions", Some(Command::Course(Course::Act))),
    ("confirm", Some(Command::Course(Course::Act))),
    ("hint-deeper", Some(Command::Course(Course::Hint))),
    ("solution", Some(Command::Course(Course::Solution))),
    ("quiz", Some(Command::Course(Course::Quiz))),
    ("quiz-wrong", Some(Command::Course(Course::Quiz))),
    ("quiz-right", Some(Command::Course(Course::Quiz))),
    ("stop", Some(Command::Drill(Drill::Stop))),
    ("faults", Some(Command::World(World::Faults))),
    ("break", None),
    ("unfinished", None),
];

fn opened() -> Vec<(&'static str, Model, Option<Command>)> {
    let mut all = overlays::all(Lang::En);
    all.extend(drills::all(Lang::En).into_iter().filter(|(name, _)| *name != "help"));
    let find = |name: &str| all.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("no {name}"));
    OPENED.iter().map(|(name, by)| (*name, find(name).1.clone(), *by)).collect()
}

fn pressed(model: &Model, key: Key) -> Model {
    let mut model = model.clone();
    update(&mut model, Msg::Key(key));
    model
}

fn typed(c: char) -> Key {
    Key::plain(Code::Char(c))
}

/// Keys of the keymap that may close what is open without having opened it.
fn closing(keymap: &Keymap, overlay: &Overlay) -> Vec<Key> {
    let commands: &[&str] = match overlay {
        Overlay::Confirm { .. }
        | Overlay::ConfirmQuit { .. }
        | Overlay::ConfirmStop { .. }
        | Overlay::ConfirmFault { .. } => &["Over(Close)", "Dialog(Yes)", "Dialog(No)"],
        Overlay::Solution { .. } => &["Over(Close)", "Page(CopyCommands)"],
        _ => &["Over(Close)"],
    };
    let bindings = keymap.bindings().iter();
    let closing = bindings.filter(|b| commands.contains(&format!("{:?}", b.command).as_str()));
    closing.flat_map(|b| b.keys.clone()).collect()
}

#[test]
fn the_key_that_opens_an_overlay_closes_it() {
    for (name, model, by) in opened() {
        let Some(by) = by else { continue };
        let bindings = model.keymap.bindings().iter().filter(|b| b.command == by && b.works_in(model.focus));
        let keys: Vec<Key> = bindings.flat_map(|b| b.keys.clone()).collect();
        assert!(!keys.is_empty(), "{name} has no key");
        for key in keys.into_iter().filter(|k| name != "palette" || k.typed_char().is_none()) {
            let after = pressed(&model, key);
            assert!(after.overlay.is_none(), "{key} opened {name} and does not close it");
            assert_eq!(after.running, model.running, "{key} in {name} began something");
        }
        assert!(pressed(&model, Key::plain(Code::Esc)).overlay.is_none(), "Esc closes {name}");
    }
}

#[test]
fn no_other_letter_closes_an_overlay() {
    for (name, model, by) in opened() {
        let overlay = model.overlay.clone().unwrap();
        let own =
            model.keymap.bindings().iter().filter(|b| Some(b.command) == by).flat_map(|b| b.keys.clone());
        // A step's questions are its action too, and cancelling a drill is ending it.
        let mut may: Vec<Key> = own.chain(closing(&model.keymap, &overlay)).collect();
        if name.starts_with("quiz") {
            may.push(typed('d'));
        }
        for c in ('!'..='~').chain(['ñ']).filter(|c| !may.contains(&typed(*c))) {
            let after = pressed(&model, typed(c));
            assert!(after.overlay.is_some(), "{c} closes {name}");
            let opens = matches!(after.overlay, Some(Overlay::Solution { .. }));
            let same = std::mem::discriminant(&after.overlay) == std::mem::discriminant(&model.overlay);
            assert!(same && (!opens || c == 's' || name == "solution"), "{c} leads away from {name}");
        }
    }
}

#[test]
fn a_list_opened_by_one_letter_stays_open_at_the_letters_of_others() {
    let (_, steps) = overlays::all(Lang::En).into_iter().find(|(n, _)| *n == "steps").unwrap();
    for c in ['a', 'o', 'd', 'B'] {
        assert_eq!(pressed(&steps, typed(c)).overlay, steps.overlay, "{c}");
    }
    assert!(pressed(&steps, typed('g')).overlay.is_none());
}

#[test]
fn every_key_of_a_context_does_something_there() {
    let keymap = Keymap::embedded().unwrap();
    for binding in keymap.bindings() {
        let Some(context) = binding.context else { continue };
        for key in &binding.keys {
            assert_eq!(keymap.command_in(*key, &[context]), Some(binding.command), "{key} in {context:?}");
        }
        let (command, in_form) = (binding.command, context == Context::Form);
        let fits = match command {
            Command::Form(_) => in_form,
            Command::Text(_) => in_form || context == Context::Text,
            Command::Over(_) => matches!(context, Context::Over | Context::List),
            Command::List(_) => context == Context::List,
            Command::Dialog(_) => context == Context::Dialog,
            Command::Page(_) => context == Context::Page,
            _ => true,
        };
        assert!(fits, "{command:?} does nothing in {context:?}");
    }
}

#[test]
fn the_help_tells_the_keys_of_dialogs_and_of_the_form_where_they_are_met() {
    for (focus_drill, name) in [(false, "help"), (true, "help")] {
        let all = if focus_drill { drills::all(Lang::En) } else { overlays::all(Lang::En) };
        let (_, mut model) = all.into_iter().find(|(n, _)| *n == name).unwrap();
        let mut seen = String::new();
        let mut views = espera::ui::Viewports::default();
        for _ in 0..12 {
            seen += &super::grid::text(&super::grid::draw(&model, &mut views, 60, 20));
            update(&mut model, Msg::Key("pagedown".parse().unwrap()));
        }
        for words in ["Questions of yes or no", "y Y s S", "Go to the row of that number", "While typing"] {
            assert!(seen.contains(words), "{words}\n{seen}");
        }
        assert_eq!(seen.contains("The drill's form"), focus_drill, "{seen}");
    }
}
