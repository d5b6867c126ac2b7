//! The workshop as linear text, for screen readers and pipes: no colours, no cursor movement, status
//! in words. Pure: each function answers lines for a state.

use crate::app::{Choice, CutOffChoice, Model, Overlay, World, account};
use crate::cloud::facts::{Health, Phase, Role, Whose};
use crate::course::Verdict;
use crate::drill::telling::{plan, terms};
use ground::clock::span;
use ground::lang::printable;
use ground::look::{Charset, Scheme};
use ground::tr;

use super::lesson::{Look, Marks, render};
use super::theme::Theme;

pub mod drill;

/// Columns of linear text: what a braille line or a pipe expects at most.
pub const WIDTH: u16 = 78;

/// The first lines: what this is and how to go on.
#[must_use]
pub fn welcome(model: &Model) -> Vec<String> {
    let lang = model.lang;
    let world = match &model.world {
        World::Practice { speed, .. } => {
            tr!(lang, "Práctica {speed}: nada cuesta.", "Practice {speed}: nothing costs.")
        }
        World::Aws(account) => {
            let title = account.title();
            tr!(lang, "Tu cuenta de AWS {title}: cuesta.", "Your AWS account {title}: it costs.")
        }
    };
    let mut lines = vec![format!("Espera. {}. {world}", model.course.title.get(lang))];
    lines.extend(model.account().map(|account| account.describe(lang)).unwrap_or_default());
    lines.push(
        tr!(
            lang,
            "Escribe una orden y pulsa Intro: d hacer, c comprobar, h pista, n siguiente, «pilas», «lección», ? ayuda, q salir.",
            "Type a command and press Enter: d do it, c check, h hint, n next, \"stacks\", \"lesson\", ? help, q quit."
        ),
    );
    lines
}

/// The current step: title, lesson, checks.
#[must_use]
pub fn step(model: &Model) -> Vec<String> {
    let theme = Theme::new(Scheme::Plain);
    let look = Look { symbols: Charset::Ascii, marks: Marks::Text, ..Look::new(&theme, model.lang) };
    let step = model.step();
    let mut lines =
        vec![String::new(), format!("# {}. {}", step.weight, step.title.get(model.lang)), String::new()];
    let rendered = render(&model.lesson, WIDTH, &look);
    lines.extend((0..rendered.lines.len()).map(|i| rendered.text(i).trim_end().to_owned()));
    lines.extend(checks(model));
    lines
}

/// The checks of the step, each with its verdict in a word.
#[must_use]
pub fn checks(model: &Model) -> Vec<String> {
    let lang = model.lang;
    let mut lines = vec![tr!(lang, "Comprobaciones:", "Checks:")];
    for check in &model.step().checks {
        let (word, why) = match model.verdict(check) {
            Verdict::Pass => (tr!(lang, "superada", "passed"), String::new()),
            Verdict::Doing { why } => (tr!(lang, "en curso", "under way"), format!(" ({})", why.get(lang))),
            Verdict::NotYet { why } => (tr!(lang, "pendiente", "not yet"), format!(" ({})", why.get(lang))),
        };
        lines.push(format!("- {word}: {}{why}", check.title.get(lang)));
    }
    lines
}

/// The stacks and what else is known of the cloud, as sentences.
#[must_use]
pub fn stacks(model: &Model) -> Vec<String> {
    let (lang, facts) = (model.lang, &model.facts);
    let mut lines = Vec::new();
    for (role, stack) in facts.stacks() {
        let (done, all) = (stack.done_count(), stack.expected.max(stack.resources.len()));
        let mut line = tr!(
            lang,
            "{} en {}: {}, {done} de {all} recursos",
            "{} in {}: {}, {done} of {all} resources",
            stack.name,
            role.region(),
            stack.status
        );
        if let Some(left) = stack.left.filter(|_| stack.status.phase().is_moving()) {
            let left = span(left);
            line.push_str(&tr!(lang, "; faltan unos {left}", "; about {left} left"));
        }
        match stack.whose {
            Whose::Ours => {}
            Whose::Claimable => line.push_str(&tr!(
                lang,
                "; es de Espera, pero no de este estado",
                "; it is Espera's, but not of this state"
            )),
            Whose::Foreign => line.push_str(&tr!(
                lang,
                "; es ajena y Espera no la toca",
                "; it is somebody else's and Espera does not touch it"
            )),
        }
        lines.push(format!("{line}."));
        if let Some(error) = stack.first_error.as_ref().filter(|_| stack.status.phase() != Phase::Done) {
            let reason = printable(&error.reason);
            lines.push(tr!(
                lang,
                "  Primer error, {}: {reason}",
                "  First error, {}: {reason}",
                error.logical_id
            ));
        }
    }
    for role in Role::ALL {
        if model.is_unknown(role) {
            lines.push(tr!(
                lang,
                "No se sabe qué hay en {}: aún no ha contestado.",
                "What {} holds is unknown: it has not answered yet.",
                role.region()
            ));
        }
        if let Health::Impaired { symptom } = &facts.region(role).health {
            lines.push(tr!(lang, "{} está rota: {symptom}.", "{} is broken: {symptom}.", role.region()));
        }
    }
    if let Some(writer) = facts.writer_region() {
        lines.push(tr!(lang, "La base de datos escribe en {writer}.", "The database writes in {writer}."));
    }
    if let Some(region) = facts.edge.as_ref().and_then(|e| e.served_by.as_ref()) {
        lines.push(tr!(lang, "El borde sirve desde {region}.", "The edge serves from {region}."));
    }
    if lines.is_empty() {
        lines.push(tr!(lang, "Aún no hay pilas.", "There are no stacks yet."));
    }
    lines.iter().map(|l| printable(l).into_owned()).collect()
}

/// What lies over the panes, with how to answer it.
#[must_use]
pub fn overlay(model: &Model) -> Vec<String> {
    let lang = model.lang;
    match &model.overlay {
        None => Vec::new(),
        Some(Overlay::Help { .. }) => help(model),
        Some(Overlay::Confirm { action, .. }) => confirm(model, *action),
        Some(Overlay::Resume { action, .. }) => {
            let title = model.action(*action).map_or(action.as_str(), |a| a.title.get(lang));
            question(model, vec![account::resume_question(title, lang)])
        }
        Some(Overlay::TakeOver { action, claims, .. }) => {
            let mut lines: Vec<String> =
                claims.iter().map(|c| format!("- {}", account::describe_claim(c, lang))).collect();
            lines.push(account::take_over_question(*action, lang));
            question(model, lines)
        }
        Some(Overlay::ConfirmQuit { .. }) => {
            let mut lines = account_lines(model);
            lines.push(tr!(
                lang,
                "Hay algo en marcha; al volver seguirá. ¿Salir? s o n",
                "Something is running; it goes on when you come back. Leave? y or n"
            ));
            lines
        }
        Some(Overlay::Hint { check, depth }) => {
            let hint = model.step().checks.get(*check).and_then(|c| c.hints.get(*depth));
            let more = tr!(lang, "(h: una pista más honda)", "(h: a deeper hint)");
            hint.map(|h| vec![h.get(lang).to_owned(), if *depth == 0 { more } else { String::new() }])
                .unwrap_or_default()
        }
        Some(Overlay::Solution { .. }) => {
            let solution = &model.step().solution;
            let mut lines = vec![solution.text.get(lang).to_owned()];
            lines.extend(solution.commands.iter().cloned());
            lines
        }
        Some(Overlay::Quiz { question, given, .. }) => quiz(model, *question, *given),
        Some(Overlay::Actions { .. }) => {
            rows(lang, model.step().actions.iter().map(|a| a.title.get(lang).to_owned()))
        }
        Some(Overlay::Steps { .. }) => {
            rows(lang, model.course.steps.iter().map(|s| s.title.get(lang).to_owned()))
        }
        Some(Overlay::Links { .. }) => rows(lang, model.lesson.links().into_iter().map(|l| l.label)),
        Some(Overlay::Palette { .. } | Overlay::Search { .. }) => Vec::new(),
        Some(Overlay::ConfirmStop { .. }) => {
            let mut lines = account_lines(model);
            lines.push(plan::effect_of_stopping(lang).to_owned());
            lines.push(tr!(lang, "¿Terminar el simulacro? s o n", "End the drill? y or n"));
            lines
        }
        Some(Overlay::Faults { .. }) => {
            rows(lang, model.drill_screen.offers.iter().map(|f| terms::fault(*f, lang).to_owned()))
        }
        Some(Overlay::ConfirmFault { fault, .. }) => {
            let mut lines = account_lines(model);
            lines.push(plan::effect(*fault, lang).to_owned());
            lines.push(tr!(lang, "Se deshace: {}", "Undone: {}", plan::undo(*fault, lang)));
            lines.push(plan::how_long_it_stays(lang).to_owned());
            lines.push(tr!(lang, "¿Romperlo? s o n", "Break it? y or n"));
            lines
        }
        Some(Overlay::Unfinished { .. }) => {
            let mut lines = drill::unfinished_run(model);
            lines
                .extend(rows(lang, CutOffChoice::ALL.into_iter().map(|settle| settle.name(lang).to_owned())));
            lines
        }
        Some(Overlay::Log { .. }) => {
            model.log.iter().map(|l| printable(l.text.get(lang)).into_owned()).collect()
        }
    }
}

/// The account that a question is about; nothing in practice.
fn account_lines(model: &Model) -> Vec<String> {
    model.account().map(|account| account.describe(model.lang)).unwrap_or_default()
}

/// A question about the account, with how to answer it.
fn question(model: &Model, lines: Vec<String>) -> Vec<String> {
    let mut all = account_lines(model);
    all.extend(lines);
    all.push(tr!(model.lang, "s o n", "y or n"));
    all
}

fn rows(lang: ground::lang::Lang, titles: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines =
        vec![tr!(lang, "Elige un número (punto para cerrar):", "Choose a number (a full stop closes):")];
    lines.extend(titles.enumerate().map(|(i, t)| format!("{}. {t}", i + 1)));
    lines
}

fn quiz(model: &Model, question: usize, given: Option<usize>) -> Vec<String> {
    let lang = model.lang;
    let Some(quiz) = model.step().quiz.get(question) else { return Vec::new() };
    if given == Some(quiz.answer) {
        let why = quiz.why.get(lang);
        return vec![tr!(lang, "Correcto. {why} (Intro para seguir)", "Right. {why} (Enter to go on)")];
    }
    let mut lines = Vec::new();
    if given.is_some() {
        lines.push(tr!(lang, "No es esa. Prueba otra.", "Not that one. Try another."));
    }
    lines.push(quiz.question.get(lang).to_owned());
    lines.extend(rows(lang, quiz.options.iter().map(|o| o.get(lang).to_owned())));
    lines
}

fn confirm(model: &Model, id: crate::cloud::ActionId) -> Vec<String> {
    let lang = model.lang;
    let Some(action) = model.action(id) else { return Vec::new() };
    let mut lines = vec![action.title.get(lang).to_owned()];
    lines.extend(account_lines(model));
    lines.extend(action.creates.iter().map(|c| format!("- {}", c.get(lang))));
    let (price, minutes) = (action.usd_per_hour, action.minutes);
    lines.push(tr!(
        lang,
        "En AWS: unos {minutes} minutos y {price:.2} USD más por hora. ¿Adelante? s o n",
        "In AWS: about {minutes} minutes and {price:.2} USD more an hour. Go ahead? y or n"
    ));
    if let Some(word) = model.word_to_type(id) {
        lines.push(tr!(
            lang,
            "Para aceptar, en vez de s escribe las cuatro últimas cifras de la cuenta ({word}).",
            "To agree, instead of y type the account's last four digits ({word})."
        ));
    }
    debug_assert_eq!(Choice::default(), Choice::No, "an empty answer must never confirm");
    lines
}

fn help(model: &Model) -> Vec<String> {
    let mut lines = Vec::new();
    for group in model.keymap.groups() {
        let here = |b: &&crate::app::Binding| b.group == group.id && b.works_in(model.focus);
        let mut bindings = model.keymap.bindings().iter().filter(here).peekable();
        if bindings.peek().is_some() {
            lines.push(format!("{}:", group.title.get(model.lang)));
        }
        for binding in bindings {
            lines.push(format!("- {}: {}", binding.keys[0], binding.title.get(model.lang)));
        }
    }
    lines
}
