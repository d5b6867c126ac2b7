//! The whole workshop by keys alone, over the practice world at full speed: what a person presses and
//! what they then read on the screen.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should fail loudly")]

use std::path::Path;
use std::time::Duration;

use espera::app::{Key, Msg, RunState};
use espera::cli::{Context, GlobalOptions, Loopback, session};
use espera::cloud::facts::Phase;
use espera::drill::Step;
use espera::runtime::Driver;
use espera::ui::Clean;
use ground::clock::Speed;
use ground::lang::Lang;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

#[path = "workshop/drilling.rs"]
mod drilling;

/// Real time no step comes near to, not on one core among many tests; it only ends one that would hang.
const PATIENCE: Duration = Duration::from_secs(900);

struct Person {
    driver: Driver,
    terminal: Terminal<Clean<TestBackend>>,
}

impl Person {
    async fn sits_down(folder: &Path, lang: Lang, size: (u16, u16)) -> Person {
        Person::at_speed(Speed::Max, folder, lang, size).await
    }

    async fn at_speed(speed: Speed, folder: &Path, lang: Lang, size: (u16, u16)) -> Person {
        let options = GlobalOptions {
            lang: Some(lang),
            speed: Some(speed),
            state_dir: Some(folder.to_owned()),
            ..GlobalOptions::default()
        };
        let context = Context::open(&options, Loopback::Closed).await.unwrap();
        let mut driver = Driver::new(session(context, &options));
        driver.handle(Msg::Resize(size.0, size.1));
        Person { driver, terminal: Terminal::new(Clean::new(TestBackend::new(size.0, size.1))).unwrap() }
    }

    /// Presses keys, written as the keymap writes them.
    fn presses(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            let key: Key = key.parse().unwrap();
            self.driver.handle(Msg::Key(key));
        }
    }

    /// Waits as a person would, until nothing moves any more.
    async fn waits(&mut self) {
        assert!(self.driver.run_until_idle(PATIENCE).await, "still busy:\n{}", self.sees());
    }

    fn sees(&mut self) -> String {
        let (driver, terminal) = (&mut self.driver, &mut self.terminal);
        terminal.draw(|frame| espera::ui::render(&driver.model, &mut driver.views, frame)).unwrap();
        terminal.backend().to_string()
    }

    /// Checks that every check of the current step has passed.
    async fn has_passed(&mut self) {
        // Facts may come a look later than the action's end.
        for _ in 0..200 {
            let model = &self.driver.model;
            if model.is_step_passed(model.step()) {
                return;
            }
            let msg = tokio::time::timeout(PATIENCE, self.driver.next()).await.unwrap();
            self.driver.handle(msg);
        }
        let log: Vec<_> = self.driver.model.log.iter().map(|l| l.text.en.clone()).collect();
        panic!("not passed:\n{}\n{}", self.sees(), log.join("\n"));
    }
}

/// The keys of all eight steps, with the answers to the questions and to the dialogs.
async fn whole_module(lang: Lang, size: (u16, u16)) {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::sits_down(folder.path(), lang, size).await;
    person.presses("a down down enter enter down enter enter");
    person.has_passed().await;
    let yes = if lang == Lang::Es { "s" } else { "y" };
    for keys in ["d", "d", "d", "d", "d"] {
        person.presses(&format!("right {keys}"));
        if person.driver.model.overlay.is_some() {
            person.presses(yes);
        }
        person.waits().await;
        person.has_passed().await;
    }
    person.presses("right");
    drills_by_hand(&mut person).await;
    person.presses(&format!("b {yes}"));
    person.waits().await;
    person.has_passed().await;
    person.presses("right d");
    person.presses("enter");
    person.presses(yes);
    person.waits().await;
    person.has_passed().await;
    let all = &person.driver.model;
    assert!(all.course.steps.iter().all(|s| all.is_step_passed(s)), "a step was left out");
}

impl Person {
    /// Waits until the screen shows the words.
    async fn waits_for(&mut self, words: &str) {
        for _ in 0..100_000 {
            if self.sees().contains(words) {
                return;
            }
            let msg = tokio::time::timeout(PATIENCE, self.driver.next()).await;
            let Ok(msg) = msg else { break };
            self.driver.handle(msg);
        }
        panic!("never shown: {words}\n{}", self.sees());
    }
}

/// The keys of a drill: the form set to "by hand", the failover and the writes as the screen suggests
/// them, the result looked at, exported, and left.
async fn drills_by_hand(person: &mut Person) {
    let es = person.driver.model.lang == Lang::Es;
    let say = |es_words: &'static str, en_words: &'static str| if es { es_words } else { en_words };
    person.presses("D");
    assert!(person.sees().contains(say("Se deshace", "Undone")), "{}", person.sees());
    // The fault: until it is the whole Region; then who recovers: by hand.
    person.presses("down");
    while person.driver.model.drill_screen.form.fault != espera::cloud::Fault::Region {
        person.presses("right");
    }
    person.presses("down right down down down down enter");
    person.waits_for(say("pulsa f", "press f")).await;
    person.presses("f");
    person.waits_for(say("En marcha: Conmutar Aurora", "Under way: Fail Aurora over")).await;
    // The edge has left the lost Region's pages: there is nothing to switch, and a try says so.
    person.presses("w");
    person.waits_for(say("recuperado", "recovered")).await;
    person.waits().await;
    let run = person.driver.model.drill_screen.run.as_ref().unwrap();
    assert!(matches!(run.state, RunState::Ended), "{:?}", run.state);
    let report = run.report.clone().unwrap();
    let steps: Vec<_> = report.steps.iter().map(|s| s.step).collect();
    assert_eq!(steps[..2], [Step::FailOver, Step::SwitchWrites], "{steps:?}");
    let trouble = report.steps[1].trouble.clone().expect("a lost Region takes no new page");
    assert!(trouble.en.starts_with("us-east-1 does not answer"), "{trouble:?}");
    assert!(report.users_lost.unknown.is_empty() && report.users.errors > 0, "{report:?}");
    person.presses("e");
    person.waits_for(say("Informe en", "Report in")).await;
    let folder = person.driver.model.drill_screen.exported.clone().unwrap();
    for form in ["md", "json", "html"] {
        assert!(folder.join(format!("report.{form}")).is_file(), "no report.{form} in {folder:?}");
    }
    person.presses("end L");
    assert!(person.sees().contains(say("Report: ", "Informe: ")), "{}", person.sees());
    person.presses("L q");
    assert!(person.sees().contains(say("Comprobaciones", "Checks")), "{}", person.sees());
}

#[tokio::test]
async fn all_eight_steps_by_keys_alone_in_spanish() {
    whole_module(Lang::Es, (80, 24)).await;
}

#[tokio::test]
async fn all_eight_steps_by_keys_alone_in_english() {
    whole_module(Lang::En, (120, 40)).await;
}

#[tokio::test]
async fn wrong_keys_do_no_harm_and_say_where_the_right_ones_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::sits_down(folder.path(), Lang::En, (100, 30)).await;
    person.presses("j k w 9 f7 ctrl-z esc esc ~");
    assert!(person.sees().contains("Press ? for the keys"), "{}", person.sees());
    assert_eq!(person.driver.model.progress.step, 0);
    assert!(person.driver.model.running.is_none());
}

#[tokio::test]
async fn the_language_switches_everything_at_once_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::sits_down(folder.path(), Lang::Es, (120, 40)).await;
    assert!(person.sees().contains("Comprobaciones"));
    person.presses("L");
    let seen = person.sees();
    assert!(seen.contains("Checks") && !seen.contains("Comprobaciones"), "{seen}");
}

#[tokio::test]
async fn a_dialog_shows_the_price_and_enter_alone_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::sits_down(folder.path(), Lang::En, (120, 40)).await;
    person.presses("g down down enter d");
    let seen = person.sees();
    assert!(seen.contains("USD"), "{seen}");
    person.presses("enter");
    assert!(person.driver.model.running.is_none(), "Enter alone must not deploy");
    assert!(person.sees().contains("Nothing was done"));
}

#[test]
fn a_deploy_cut_off_goes_on_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    // A runtime of its own, so that dropping it ends all tasks at once, as a kill would.
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let first = runtime();
    let id = first.block_on(async {
        let mut person = Person::sits_down(folder.path(), Lang::En, (100, 30)).await;
        person.presses("g down down enter d y");
        loop {
            let msg = tokio::time::timeout(PATIENCE, person.driver.next()).await.unwrap();
            person.driver.handle(msg);
            if let Some(stack) = person.driver.model.facts.stack("unishop-primary") {
                return stack.id.clone();
            }
        }
    });
    drop(first);
    runtime().block_on(async {
        let mut person = Person::sits_down(folder.path(), Lang::En, (100, 30)).await;
        assert!(person.sees().contains("Going on where it was"), "{}", person.sees());
        person.waits().await;
        person.has_passed().await;
        assert_eq!(person.driver.model.facts.stack("unishop-primary").unwrap().id, id, "created twice");
    });
}

/// Writes what the person sees, in both languages.
fn pictured(person: &mut Person, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for _ in Lang::ALL {
        person.presses("L");
        person.sees();
        let model = &person.driver.model;
        let title = format!("Espera · {}", model.course.title.get(model.lang));
        let svg = espera::ui::svg::picture(person.terminal.backend().buffer(), &title);
        std::fs::write(folder.join(format!("{name}.{}.svg", model.lang)), svg).unwrap();
    }
}

impl Person {
    async fn until(&mut self, seen: impl Fn(&Driver) -> bool) {
        let began = std::time::Instant::now();
        while !seen(&self.driver) {
            assert!(began.elapsed() < PATIENCE, "{}", self.sees());
            let msg = tokio::time::timeout(PATIENCE, self.driver.next()).await.unwrap();
            self.driver.handle(msg);
        }
    }
}

/// One sitting in a runtime of its own: its end ends all that runs, as leaving the program does.
fn sitting(speed: Speed, folder: &Path, does: impl AsyncFnOnce(&mut Person)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut person = Person::at_speed(speed, folder, Lang::En, (120, 40)).await;
        does(&mut person).await;
    });
}

/// The pictures of the README: the standby on its way, and a drill while Aurora fails over.
#[test]
#[ignore = "writes docs/pictures, at the speed a person has: two minutes"]
fn pictures_for_the_readme() {
    let (folder, usual) = (tempfile::tempdir().unwrap(), Speed::Times(20.0));
    sitting(Speed::Max, folder.path(), async |person| {
        person.presses("g down down enter d y");
        person.waits().await;
    });
    sitting(usual, folder.path(), async |person| {
        person.presses("right d y");
        let half = |d: &Driver| {
            let Some(stack) = d.model.facts.stack("unishop-standby") else { return false };
            let done = stack.resources.iter().filter(|r| r.status.phase() == Phase::Done).count();
            done > stack.resources.len().max(30) / 2
        };
        person.until(half).await;
        pictured(person, "screen");
    });
    sitting(Speed::Max, folder.path(), async |person| {
        person.waits().await;
        for _ in 0..2 {
            person.presses("right d y");
            person.waits().await;
            person.has_passed().await;
        }
    });
    sitting(usual, folder.path(), async |person| {
        person.presses("right D up enter");
        let late = |d: &Driver| {
            let run = d.model.drill_screen.run.as_ref();
            let last = run.and_then(|r| Some(r.events.last()?.at.since(r.began)));
            last.is_some_and(|t| t > Duration::from_secs(150))
        };
        person.until(late).await;
        pictured(person, "drill");
    });
}
