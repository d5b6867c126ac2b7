//! What the workshop asks before it does anything in an account: which account it is, what was cut off,
//! what is whose; and what it says about an account that has not answered.

use std::collections::BTreeSet;
use std::sync::Arc;

use espera::app::{
    Account, Appearance, Choice, Code, Effect, Ids, InitialState, Key, Keymap, Model, Msg, Overlay, Seat,
    World, update,
};
use espera::cloud::facts::{Facts, Identity, RegionFacts};
use espera::cloud::{ActionId, Fault, Run};
use espera::course::Course;
use espera::progress::Progress;
use espera::ui::{Clean, Viewports, plain, render};
use ground::clock::Moment;
use ground::lang::{Lang, Said};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn account() -> Account {
    Account {
        identity: Identity {
            account: "111122223333".to_owned(),
            arn: "arn:aws:sts::111122223333:assumed-role/Admin/ana".to_owned(),
            alias: Some("acme-lab".to_owned()),
        },
        from: "AWS_PROFILE=prod".to_owned(),
        endpoint: None,
    }
}

fn model(progress: Progress, ids: Ids) -> Model {
    Model::new(InitialState {
        lang: Lang::En,
        world: World::Aws(Box::new(account())),
        look: Appearance { ids, ..Appearance::default() },
        seat: Seat::Learner,
        keymap: Arc::new(Keymap::embedded().unwrap()),
        course: Arc::new(Course::embedded().unwrap()),
        library: Arc::new(espera::course::lessons::library()),
        progress,
        faults: vec![Fault::Bucket],
        size: (100, 30),
        now: Moment(1_795_000_000_000),
    })
}

fn screen(model: &Model) -> String {
    let mut terminal = Terminal::new(Clean::new(TestBackend::new(100, 30))).unwrap();
    let mut views = Viewports::default();
    terminal.draw(|frame| render(model, &mut views, frame)).unwrap();
    let buffer = terminal.backend().buffer().clone();
    let lines = buffer.content().chunks(100).map(|row| row.iter().map(|c| c.symbol()).collect::<String>());
    lines.collect::<Vec<_>>().join("\n")
}

fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for c in keys.chars() {
        let code = if c == '\n' { Code::Enter } else { Code::Char(c) };
        effects.extend(update(model, Msg::Key(Key::plain(code))));
    }
    effects
}

fn runs(effects: &[Effect]) -> bool {
    effects.iter().any(|e| matches!(e, Effect::Run(_)))
}

/// All that an overlay shows, on the screen and in linear text.
fn shown(model: &Model) -> String {
    format!("{}\n{}", screen(model), plain::overlay(model).join("\n"))
}

#[test]
fn header_and_every_question_name_account_alias_identity_and_credentials() {
    let mut model = model(Progress::default(), Ids::Shown);
    assert!(
        screen(&model).lines().next().unwrap().contains("AWS 111122223333 (acme-lab)"),
        "{}",
        screen(&model)
    );
    let welcome = plain::welcome(&model).join("\n");
    assert!(welcome.contains("111122223333 (acme-lab)") && welcome.contains("AWS_PROFILE=prod"), "{welcome}");
    let claims = Vec::new();
    for overlay in [
        Overlay::Confirm { action: ActionId::DeployStandby, choice: Choice::No, typed: String::new() },
        Overlay::Confirm { action: ActionId::CleanUp, choice: Choice::No, typed: String::new() },
        Overlay::ConfirmFault { fault: Fault::Bucket, choice: Choice::No },
        Overlay::Resume { action: ActionId::DeployPrimary, choice: Choice::No },
        Overlay::Unfinished { selected: 0 },
        Overlay::ConfirmStop { choice: Choice::No },
        Overlay::ConfirmQuit { choice: Choice::No },
        Overlay::TakeOver { action: ActionId::DeployPrimary, claims, choice: Choice::No },
    ] {
        model.overlay = Some(overlay.clone());
        for text in [screen(&model), plain::overlay(&model).join("\n")] {
            for word in ["111122223333 (acme-lab)", "assumed-role/Admin/ana", "AWS_PROFILE=prod"] {
                assert!(text.contains(word), "{overlay:?} does not name {word}:\n{text}");
            }
        }
    }
    model.look.ids = Ids::Masked;
    assert!(!screen(&model).contains("111122223333") && screen(&model).contains("1111****3333"));
}

#[test]
fn what_was_cut_off_goes_on_only_after_a_yes() {
    let cut = || Progress { running: Some(ActionId::DeployPrimary), ..Progress::default() };
    let mut model = model(cut(), Ids::Shown);
    assert!(!runs(&model.resume()), "nothing without a yes");
    assert!(shown(&model).contains("111122223333"), "{}", shown(&model));
    // Enter alone is no.
    let effects = press(&mut model, "\n");
    assert!(!runs(&effects) && model.progress.running.is_none());
    let mut again = self::model(cut(), Ids::Shown);
    again.resume();
    // Later: it is asked again at the next start.
    update(&mut again, Msg::Key(Key::plain(Code::Esc)));
    assert_eq!(again.progress.running, Some(ActionId::DeployPrimary));
    again.resume();
    assert!(runs(&press(&mut again, "y")));
}

#[test]
fn the_first_deploy_and_the_clean_up_are_typed() {
    for (action, run) in [(ActionId::DeployPrimary, None), (ActionId::CleanUp, Some(Run::begin()))] {
        let mut model = model(Progress { run, ..Progress::default() }, Ids::Shown);
        let ask = || Overlay::Confirm { action, choice: Choice::No, typed: String::new() };
        model.overlay = Some(ask());
        assert!(!runs(&press(&mut model, "y")), "{action}: a yes is not enough");
        assert!(!runs(&press(&mut model, "9999\n")), "{action}: nor another account's digits");
        model.overlay = Some(ask());
        assert!(runs(&press(&mut model, "3333\n")), "{action}");
    }
    let mut run = Run::begin();
    run.stacks.insert("arn:aws:cloudformation:us-east-1:111122223333:stack/unishop-primary/1".to_owned());
    let mut model = model(Progress { run: Some(run), ..Progress::default() }, Ids::Shown);
    model.overlay =
        Some(Overlay::Confirm { action: ActionId::DeployPrimary, choice: Choice::No, typed: String::new() });
    assert!(runs(&press(&mut model, "y")), "only the first");
}

#[test]
fn what_passed_is_not_believed_of_an_account_that_holds_none_of_it() {
    let passed =
        || BTreeSet::from(["primary-complete", "edge-serves-primary", "identity-known"].map(str::to_owned));
    let heard = || RegionFacts { heard: true, ..RegionFacts::default() };
    let facts = || Arc::new(Facts { primary: heard(), standby: heard(), ..Facts::default() });
    let mut gone = model(Progress { passed: passed(), ..Progress::default() }, Ids::Shown);
    let effects = update(&mut gone, Msg::Facts(facts()));
    assert_eq!(gone.progress.passed, ["identity-known".to_owned()].into());
    assert!(effects.iter().any(|e| matches!(e, Effect::Save(_))), "and that is kept");
    // After a clean-up it is history.
    let mut done = model(Progress { passed: passed(), ..Progress::default() }, Ids::Shown);
    let course = done.course.clone();
    let clean = course.steps.iter().find(|s| s.actions.iter().any(|a| a.id == ActionId::CleanUp)).unwrap();
    done.progress.passed.extend(clean.checks.iter().map(|c| c.id.clone()));
    update(&mut done, Msg::Facts(facts()));
    assert!(done.progress.passed.contains("primary-complete"));
}

#[test]
fn an_account_that_has_not_answered_is_unknown_and_never_empty() {
    let mut model = model(Progress::default(), Ids::Shown);
    let nothing =
        ["There is no stack yet", "There are no stacks yet", "0.00 USD", "no stacks", "does not exist"];
    let told = |model: &Model| {
        format!("{}\n{}\n{}", screen(model), plain::stacks(model).join("\n"), plain::checks(model).join("\n"))
    };
    for silent in [false, true] {
        if silent {
            let said = "AWS has not answered for 9 s: what has not been seen is unknown.";
            let trouble = Some(Said::alike(said));
            update(&mut model, Msg::Facts(Arc::new(Facts { trouble, ..Facts::default() })));
            assert!(screen(&model).contains("AWS has not answered for 9 s"), "{}", screen(&model));
        }
        for step in 0..3 {
            model.progress.step = step;
            for (zoomed, text) in [told(&model)].into_iter().enumerate() {
                let lie = nothing.iter().find(|n| text.contains(*n) && (silent || !n.contains("exist")));
                assert!(lie.is_none(), "{silent} {step} {zoomed}: {lie:?}\n{text}");
                assert!(text.contains("unknown"), "{text}");
            }
        }
        assert_eq!(model.usd_per_hour(), None);
    }
    // One Region alone has answered: the sum is still unknown, and the other is named.
    let primary = RegionFacts { heard: true, ..RegionFacts::default() };
    update(&mut model, Msg::Facts(Arc::new(Facts { primary, ..Facts::default() })));
    assert_eq!(model.usd_per_hour(), None);
    assert!(plain::stacks(&model).join("\n").contains("What us-west-1 holds is unknown"));
    let heard = || RegionFacts { heard: true, ..RegionFacts::default() };
    let both = Facts { primary: heard(), standby: heard(), ..Facts::default() };
    update(&mut model, Msg::Facts(Arc::new(both)));
    assert_eq!(model.usd_per_hour(), Some(0.0));
    assert!(plain::stacks(&model).join("\n").contains("There are no stacks yet"));
}
