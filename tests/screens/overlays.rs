//! Every overlay, opened over a state in which a person would open it.

use espera::app::{Choice, Message, Model, Overlay, Search, Tone};
use espera::cloud::ActionId;
use ground::lang::{Lang, Said};

use super::states::{NOW, at_step, deploying, with};

/// Every overlay by its name; messages, banners and searches too.
pub fn all(lang: Lang) -> Vec<(&'static str, Model)> {
    let open = |overlay| with(deploying(lang), overlay);
    let mut idle = deploying(lang);
    idle.running = None;
    vec![
        ("help", open(Overlay::Help { scroll: 0 })),
        ("palette", open(Overlay::Palette { query: "le".to_owned(), selected: 1 })),
        ("steps", open(Overlay::Steps { selected: 3 })),
        ("actions", with(at_step(lang, 6), Overlay::Actions { selected: 1 })),
        (
            "confirm",
            with(
                idle,
                Overlay::Confirm {
                    action: ActionId::DeployStandby,
                    choice: Choice::No,
                    typed: String::new(),
                },
            ),
        ),
        ("quit", open(Overlay::ConfirmQuit { choice: Choice::No })),
        ("hint", open(Overlay::Hint { check: 0, depth: 0 })),
        ("hint-deeper", open(Overlay::Hint { check: 0, depth: 1 })),
        ("solution", open(Overlay::Solution { scroll: 0 })),
        ("quiz", with(at_step(lang, 0), Overlay::Quiz { question: 0, selected: 1, given: None })),
        ("quiz-wrong", with(at_step(lang, 0), Overlay::Quiz { question: 0, selected: 0, given: Some(0) })),
        ("quiz-right", with(at_step(lang, 0), Overlay::Quiz { question: 0, selected: 1, given: Some(1) })),
        ("links", open(Overlay::Links { selected: 0 })),
        ("log", with(logged(lang), Overlay::Log { scroll: 0 })),
        ("search", searching(lang)),
        ("message", told(lang)),
    ]
}

fn logged(lang: Lang) -> Model {
    let mut model = deploying(lang);
    for (seconds, tone, es, en) in [
        (400, Tone::Info, "Empieza: Desplegar la espera.", "Started: Deploy the standby."),
        (380, Tone::Info, "unishop-standby · CREATE_IN_PROGRESS", "unishop-standby · CREATE_IN_PROGRESS"),
        (60, Tone::Bad, "No se pudo leer el lag: Throttling.", "The lag could not be read: Throttling."),
        (10, Tone::Good, "Superada: La pila está completa", "Passed: The stack is complete"),
    ] {
        model.now = ground::clock::Moment(NOW.0 - seconds * 1000);
        model.note(tone, Said { es: es.to_owned(), en: en.to_owned() });
    }
    model.now = NOW;
    model
}

fn searching(lang: Lang) -> Model {
    let query = "region";
    let mut model = deploying(lang);
    model.search = Some(Search { query: query.to_owned(), current: 1 });
    with(model, Overlay::Search { query: query.to_owned() })
}

fn told(lang: Lang) -> Model {
    let mut model = deploying(lang);
    let text = Said {
        es: "Desplegar la espera: la pila volvió atrás. Mira el primer error en el panel de pilas y pulsa d otra vez."
            .to_owned(),
        en: "Deploy the standby: the stack rolled back. See the first error in the stacks pane and press d again."
            .to_owned(),
    };
    model.message = Some(Message { tone: Tone::Bad, text, ticks: 20 });
    model.banner = Some(Said {
        es: "El progreso no se puede guardar: el disco está lleno. Libera espacio; Espera lo intenta de nuevo.".to_owned(),
        en: "Progress can't be kept: the disk is full. Free some room; Espera tries again.".to_owned(),
    });
    model
}
