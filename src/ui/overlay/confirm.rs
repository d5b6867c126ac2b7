//! The question before an action: what it creates, where, for how long and for how much; and the
//! question before leaving while something runs.

use super::super::scene::Scene;
use super::super::text::firm;
use super::super::theme::Role;
use super::super::top_bar::money;
use super::popup::Popup;
use crate::app::{Choice, World, account};
use crate::cloud::facts::Role as Part;
use crate::cloud::{ActionId, Claim};
use crate::course::Task;
use ground::clock::{Speed, span};
use ground::tr;

pub(super) fn action(scene: &Scene<'_>, id: ActionId, choice: Choice, typed: &str) -> Popup {
    let action = scene.model.action(id);
    let title = action.map_or(id.as_str(), |a| a.title.get(scene.lang)).to_owned();
    let keys = scene.say("←→ elegir · Intro aceptar · Esc no", "←→ choose · Enter accept · Esc no");
    let mut popup = Popup::new(scene, title).keys(keys).buttons(choice);
    let Some(action) = action else { return popup };
    whose(scene, &mut popup);
    if !action.creates.is_empty() {
        popup.say(scene, scene.say("Esto es lo que hará:", "This is what it will do:"), Role::Text);
        for made in &action.creates {
            popup.item(scene, scene.signs.bullet(), made.get(scene.lang), Role::Strong);
        }
        popup.gap();
    }
    let region = regions(id);
    popup.say(scene, &tr!(scene.lang, "Región: {region}", "Region: {region}"), Role::Text);
    popup.say(scene, &duration(scene, action.minutes), Role::Text);
    let (price, role) = price(scene, action.usd_per_hour);
    popup.say(scene, &price, role);
    if let Some(word) = scene.model.to_type(id) {
        let told = tr!(
            scene.lang,
            "Para aceptar escribe las cuatro últimas cifras de la cuenta ({word}) e Intro: {typed}_",
            "To agree, type the account's last four digits ({word}) and Enter: {typed}_"
        );
        popup.gap();
        popup.say(scene, &told, Role::Warning);
    }
    popup
}

/// The account that a question is about, in its first lines; nothing in practice.
pub(super) fn whose(scene: &Scene<'_>, popup: &mut Popup) {
    let Some(account) = scene.model.account() else { return };
    for line in account.told(scene.lang) {
        popup.say(scene, &line, Role::Account);
    }
    popup.gap();
}

/// Asks whether what an earlier session began in this account goes on.
pub(super) fn resume(scene: &Scene<'_>, id: ActionId, choice: Choice) -> Popup {
    let keys = scene.say("←→ elegir · Intro aceptar · Esc luego", "←→ choose · Enter accept · Esc later");
    let title = scene.say("¿Seguir donde se cortó?", "Go on where it was cut off?");
    let mut popup = Popup::new(scene, title).keys(keys).buttons(choice);
    whose(scene, &mut popup);
    let title = scene.model.action(id).map_or(id.as_str(), |a| a.title.get(scene.lang));
    popup.say(scene, &account::resume(title, scene.lang), Role::Text);
    popup
}

/// Asks whether things of another run are the learner's.
pub(super) fn take_over(scene: &Scene<'_>, id: ActionId, claims: &[Claim], choice: Choice) -> Popup {
    let keys = scene.say("←→ elegir · Intro aceptar · Esc no", "←→ choose · Enter accept · Esc no");
    let title = scene.say("¿Es tuyo?", "Is it yours?");
    let mut popup = Popup::new(scene, title).keys(keys).buttons(choice);
    whose(scene, &mut popup);
    for claim in claims {
        let told = account::claim(claim, scene.lang);
        popup.item(scene, scene.signs.bullet(), &told, Role::Strong);
    }
    popup.gap();
    popup.say(scene, &account::take_over(id, scene.lang), Role::Text);
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

fn duration(scene: &Scene<'_>, minutes: u32) -> String {
    if minutes == 0 {
        return tr!(scene.lang, "Duración: un momento", "Duration: a moment");
    }
    match &scene.model.world {
        World::Practice { speed: Speed::Times(n), .. } if *n > 1.0 => {
            let here = firm(&span(std::time::Duration::from_secs_f64(f64::from(minutes) * 60.0 / n)));
            tr!(
                scene.lang,
                "Duración: unos {minutes} min en AWS; aquí, a ×{n}, unos {here}",
                "Duration: about {minutes} min in AWS; here, at ×{n}, about {here}"
            )
        }
        _ => tr!(scene.lang, "Duración: unos {minutes} min", "Duration: about {minutes} min"),
    }
}

fn price(scene: &Scene<'_>, usd_per_hour: f64) -> (String, Role) {
    let usd = money(usd_per_hour, scene.lang);
    match &scene.model.world {
        World::Practice { .. } if usd_per_hour > 0.0 => (
            tr!(
                scene.lang,
                "Precio: nada, es la práctica (en AWS, unos {usd} USD por hora más)",
                "Price: nothing, this is practice (in AWS, about {usd} USD an hour more)"
            ),
            Role::Ok,
        ),
        World::Practice { .. } => (tr!(scene.lang, "Precio: nada", "Price: nothing"), Role::Ok),
        World::Aws(_) if usd_per_hour > 0.0 => (
            tr!(
                scene.lang,
                "Precio: unos {usd} USD por hora más en tu cuenta, hasta la limpieza",
                "Price: about {usd} USD an hour more on your account, until you clean up"
            ),
            Role::Account,
        ),
        World::Aws(_) => (tr!(scene.lang, "Precio: nada apreciable", "Price: next to nothing"), Role::Ok),
    }
}

pub(super) fn quit(scene: &Scene<'_>, choice: Choice) -> Popup {
    let keys = scene.say("←→ elegir · Intro aceptar · Esc no", "←→ choose · Enter accept · Esc no");
    let title = scene.say("¿Salir ahora?", "Leave now?");
    let mut popup = Popup::new(scene, title).keys(keys).buttons(choice);
    whose(scene, &mut popup);
    let running = scene.model.running.as_ref().and_then(|r| scene.model.action(r.action));
    if let Some(action) = running {
        let title = action.title.get(scene.lang);
        let told = tr!(scene.lang, "«{title}» está en marcha.", "\"{title}\" is under way.");
        popup.say(scene, &told, Role::Strong);
    }
    let told = match &scene.model.world {
        _ if scene.model.running.as_ref().is_some_and(|r| r.action == Task::Drill) => scene.say(
            "El simulacro termina y su avería se deshace antes de salir. Si algo lo corta, al volver a abrir Espera se ofrece deshacerla.",
            "The drill ends and its fault is undone before leaving. If something cuts that off, Espera offers to undo it at the next start.",
        ),
        World::Practice { .. } => scene.say(
            "Todo queda guardado: al volver a abrir Espera sigue donde estaba.",
            "Everything is kept: when you open Espera again it goes on where it was.",
        ),
        World::Aws(_) => scene.say(
            "Lo que AWS ha empezado sigue su curso y cuesta dinero hasta la limpieza. Al volver a abrir Espera se retoma.",
            "What AWS has begun goes on and costs money until you clean up. Open Espera again to take it up.",
        ),
    };
    popup.say(scene, told, Role::Text);
    popup
}
