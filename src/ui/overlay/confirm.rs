//! The question before an action: what it creates, where, for how long and for how much; and the
//! question before leaving while something runs.

use super::super::draw_context::DrawContext;
use super::super::text::with_firm_blanks;
use super::super::theme::Role;
use super::super::top_bar::money;
use super::popup::Popup;
use crate::app::{Choice, World, account};
use crate::cloud::facts::Role as Part;
use crate::cloud::{ActionId, Claim};
use crate::course::Task;
use ground::clock::{Speed, span};
use ground::tr;

pub(super) fn action(context: &DrawContext<'_>, id: ActionId, choice: Choice, typed: &str) -> Popup {
    let action = context.model.action(id);
    let title = action.map_or(id.as_str(), |a| a.title.get(context.lang)).to_owned();
    let keys = context.say("←→ elegir · Intro aceptar · Esc no", "←→ choose · Enter accept · Esc no");
    let mut popup = Popup::new(context, title).keys(keys).buttons(choice);
    let Some(action) = action else { return popup };
    account_lines(context, &mut popup);
    if !action.creates.is_empty() {
        popup.say(context, context.say("Esto es lo que hará:", "This is what it will do:"), Role::Text);
        for made in &action.creates {
            popup.item(context, context.signs.bullet(), made.get(context.lang), Role::Strong);
        }
        popup.gap();
    }
    let region = regions(id);
    popup.say(context, &tr!(context.lang, "Región: {region}", "Region: {region}"), Role::Text);
    popup.say(context, &duration(context, action.minutes), Role::Text);
    let (price, role) = price(context, action.usd_per_hour);
    popup.say(context, &price, role);
    if let Some(word) = context.model.word_to_type(id) {
        let told = tr!(
            context.lang,
            "Para aceptar escribe las cuatro últimas cifras de la cuenta ({word}) e Intro: {typed}_",
            "To agree, type the account's last four digits ({word}) and Enter: {typed}_"
        );
        popup.gap();
        popup.say(context, &told, Role::Warning);
    }
    popup
}

/// The account that a question is about, in its first lines; nothing in practice.
pub(super) fn account_lines(context: &DrawContext<'_>, popup: &mut Popup) {
    let Some(account) = context.model.account() else { return };
    for line in account.describe(context.lang) {
        popup.say(context, &line, Role::Account);
    }
    popup.gap();
}

/// Asks whether what an earlier session began in this account goes on.
pub(super) fn resume(context: &DrawContext<'_>, id: ActionId, choice: Choice) -> Popup {
    let keys = context.say("←→ elegir · Intro aceptar · Esc luego", "←→ choose · Enter accept · Esc later");
    let title = context.say("¿Seguir donde se cortó?", "Go on where it was cut off?");
    let mut popup = Popup::new(context, title).keys(keys).buttons(choice);
    account_lines(context, &mut popup);
    let title = context.model.action(id).map_or(id.as_str(), |a| a.title.get(context.lang));
    popup.say(context, &account::resume_question(title, context.lang), Role::Text);
    popup
}

/// Asks whether things of another run are the learner's.
pub(super) fn take_over(context: &DrawContext<'_>, id: ActionId, claims: &[Claim], choice: Choice) -> Popup {
    let keys = context.say("←→ elegir · Intro aceptar · Esc no", "←→ choose · Enter accept · Esc no");
    let title = context.say("¿Es tuyo?", "Is it yours?");
    let mut popup = Popup::new(context, title).keys(keys).buttons(choice);
    account_lines(context, &mut popup);
    for claim in claims {
        let told = account::describe_claim(claim, context.lang);
        popup.item(context, context.signs.bullet(), &told, Role::Strong);
    }
    popup.gap();
    popup.say(context, &account::take_over_question(id, context.lang), Role::Text);
    popup
}

fn regions(id: ActionId) -> String {
    let (primary, standby) = (Part::Primary.region(), Part::Standby.region());
    match id {
        ActionId::DeployPrimary | ActionId::BreakPrimary | ActionId::MendPrimary => primary.to_owned(),
        ActionId::DeployStandby => standby.to_owned(),
        ActionId::FailOver => format!("{primary} → {standby}"),
        ActionId::DeployEdge => format!("{primary} + CloudFront"),
        ActionId::Inspect | ActionId::JoinData | ActionId::CleanUp | ActionId::Sweep => {
            format!("{primary} + {standby}")
        }
    }
}

fn duration(context: &DrawContext<'_>, minutes: u32) -> String {
    if minutes == 0 {
        return tr!(context.lang, "Duración: un momento", "Duration: a moment");
    }
    match &context.model.world {
        World::Practice { speed: Speed::Times(n), .. } if *n > 1.0 => {
            let here =
                with_firm_blanks(&span(std::time::Duration::from_secs_f64(f64::from(minutes) * 60.0 / n)));
            tr!(
                context.lang,
                "Duración: unos {minutes} min en AWS; aquí, a ×{n}, unos {here}",
                "Duration: about {minutes} min in AWS; here, at ×{n}, about {here}"
            )
        }
        _ => tr!(context.lang, "Duración: unos {minutes} min", "Duration: about {minutes} min"),
    }
}

fn price(context: &DrawContext<'_>, usd_per_hour: f64) -> (String, Role) {
    let usd = money(usd_per_hour, context.lang);
    match &context.model.world {
        World::Practice { .. } if usd_per_hour > 0.0 => (
            tr!(
                context.lang,
                "Precio: nada, es la práctica (en AWS, unos {usd} USD por hora más)",
                "Price: nothing, this is practice (in AWS, about {usd} USD an hour more)"
            ),
            Role::Ok,
        ),
        World::Practice { .. } => (tr!(context.lang, "Precio: nada", "Price: nothing"), Role::Ok),
        World::Aws(_) if usd_per_hour > 0.0 => (
            tr!(
                context.lang,
                "Precio: unos {usd} USD por hora más en tu cuenta, hasta la limpieza",
                "Price: about {usd} USD an hour more on your account, until you clean up"
            ),
            Role::Account,
        ),
        World::Aws(_) => (tr!(context.lang, "Precio: nada apreciable", "Price: next to nothing"), Role::Ok),
    }
}

pub(super) fn quit(context: &DrawContext<'_>, choice: Choice) -> Popup {
    let keys = context.say("←→ elegir · Intro aceptar · Esc no", "←→ choose · Enter accept · Esc no");
    let title = context.say("¿Salir ahora?", "Leave now?");
    let mut popup = Popup::new(context, title).keys(keys).buttons(choice);
    account_lines(context, &mut popup);
    let running = context.model.running.as_ref().and_then(|r| context.model.action(r.action));
    if let Some(action) = running {
        let title = action.title.get(context.lang);
        let told = tr!(context.lang, "«{title}» está en marcha.", "\"{title}\" is under way.");
        popup.say(context, &told, Role::Strong);
    }
    let told = match &context.model.world {
        _ if context.model.running.as_ref().is_some_and(|r| r.action == Task::Drill) => context.say(
            "El simulacro termina y su avería se deshace antes de salir. Si algo lo corta, al volver a abrir Espera se ofrece deshacerla.",
            "The drill ends and its fault is undone before leaving. If something cuts that off, Espera offers to undo it at the next start.",
        ),
        World::Practice { .. } => context.say(
            "Todo queda guardado: al volver a abrir Espera sigue donde estaba.",
            "Everything is kept: when you open Espera again it goes on where it was.",
        ),
        World::Aws(_) => context.say(
            "Lo que AWS ha empezado sigue su curso y cuesta dinero hasta la limpieza. Al volver a abrir Espera se retoma.",
            "What AWS has begun goes on and costs money until you clean up. Open Espera again to take it up.",
        ),
    };
    popup.say(context, told, Role::Text);
    popup
}
