//! Drills at the keyboard and with the mouse: a lost Region told calmly, leaving in the middle, an early
//! end, and what is broken and mended by hand.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use espera::app::{Life, Msg, RunState};
use espera::cloud::Fault;
use espera::cloud::facts::Health;
use espera::drill::{Ending, Kind, Presence, Recovery, What, find_unfinished};
use ground::clock::Speed;
use ground::lang::Lang;

use super::{PATIENCE, Person, sitting};

/// A person who has deployed everything and stands at the step of the failover.
async fn at_the_failover(folder: &Path, size: (u16, u16)) -> Person {
    for (name, content) in deployed() {
        let file = folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    }
    let mut person = Person::sits_down(folder, Lang::En, size).await;
    person.presses("right");
    assert_eq!(person.driver.model.progress.step, 6);
    person
}

/// The state folder of somebody who has deployed everything by keys and left: done once for all that
/// begin there, since it is most of what each of them would take.
fn deployed() -> &'static [(PathBuf, Vec<u8>)] {
    static DEPLOYED: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
    DEPLOYED.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        // A thread and a runtime of its own: whoever comes first already has one.
        std::thread::spawn(move || {
            sitting(Speed::Max, &path, async |person| {
                for _ in 0..5 {
                    person.presses("right d");
                    if person.driver.model.overlay.is_some() {
                        person.presses("y");
                    }
                    person.waits().await;
                    person.has_passed().await;
                }
                person.presses("q");
                while !person.driver.is_leaving() {
                    person.lives_on().await;
                }
            });
        })
        .join()
        .unwrap();
        let mut files = Vec::new();
        read(folder.path(), folder.path(), &mut files);
        files
    })
}

/// All files below a folder, by their names in `root`.
fn read(root: &Path, folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else {
            files.push((path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap()));
        }
    }
}

impl Person {
    /// Sets the form of the drill: which fault, and the learner's own hands.
    fn prepares(&mut self, fault: Fault) {
        self.presses("D down");
        while self.driver.model.drill_screen.form.fault != fault {
            self.presses("right");
        }
        self.presses("down right down down down down");
    }

    /// Takes in the next thing that happens.
    async fn lives_on(&mut self) {
        let msg = tokio::time::timeout(PATIENCE, self.driver.next()).await.expect("nothing happens");
        self.driver.handle(msg);
    }

    fn is_drilling(&self) -> bool {
        self.driver.model.drill_screen.run.as_ref().is_some_and(espera::app::DrillRun::is_live)
    }

    /// The line of the drill's screen that says what to do next.
    fn reads_what_is_next(&mut self) -> Option<String> {
        let seen = self.sees();
        let line = seen.lines().find(|l| l.contains("▶ "))?.trim_matches(['"', '│', ' ']).to_owned();
        Some(line)
    }

    fn hears_of_the_fault(&self) -> bool {
        let events = self.driver.model.drill_screen.run.iter().flat_map(|r| &r.events);
        events.into_iter().any(|e| matches!(e.what, What::Fault { .. }))
    }

    /// Clicks on the middle of the first of these words on the screen.
    fn clicks(&mut self, words: &str) {
        let (x, y) = self.finds(words);
        let target = self.driver.views.hit(x, y).unwrap_or_else(|| panic!("{words} takes no click"));
        self.driver.handle(Msg::Click(target));
    }

    fn finds(&mut self, words: &str) -> (u16, u16) {
        let seen = self.sees();
        let lines = seen.lines().map(|l| l.strip_prefix('"').unwrap_or(l));
        let (y, x) = lines
            .enumerate()
            .find_map(|(y, l)| Some((y, l[..l.find(words)?].chars().count() + words.len() / 2)))
            .unwrap_or_else(|| panic!("{words} is not shown:\n{seen}"));
        (u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
    }
}

#[tokio::test]
async fn a_region_lost_on_purpose_is_told_calmly_and_what_is_next_stands_still() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = at_the_failover(folder.path(), (120, 40)).await;
    person.prepares(Fault::Region);
    person.driver.model.message = None;
    person.presses("enter");
    let mut advice: Vec<String> = Vec::new();
    let mut looked_away = false;
    while person.is_drilling() {
        person.lives_on().await;
        if !person.is_drilling() {
            break;
        }
        let seen = person.sees();
        assert!(!seen.contains("AWS says"), "{seen}");
        assert!(!seen.contains("does not answer"), "the drill's own screen says more than that:\n{seen}");
        assert_eq!(person.driver.model.message.as_ref().map(|m| &m.text.en), None, "{seen}");
        let next = person.reads_what_is_next().unwrap_or_default();
        if advice.last() != Some(&next) {
            advice.push(next.clone());
            if next.contains("press f") {
                person.presses("f");
            }
        }
        let lost = matches!(person.driver.model.facts.primary.health, Health::Impaired { .. });
        if lost && !looked_away {
            looked_away = true;
            person.presses("q");
            let seen = person.sees();
            assert_eq!(seen.matches("us-east-1 does not answer").count(), 1, "{seen}");
            person.presses("D");
        }
    }
    assert!(looked_away, "the Region was never seen lost");
    assert!(!advice.iter().any(|l| l.contains("press w")), "the edge has moved the writes: {advice:#?}");
    let mut told = advice.clone();
    told.sort();
    told.dedup();
    assert_eq!(told.len(), advice.len(), "what is next comes and goes: {advice:#?}");
}

#[tokio::test]
async fn leaving_the_drills_screen_lets_it_go_on_and_leaving_the_program_undoes_its_fault_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = at_the_failover(folder.path(), (120, 40)).await;
    person.prepares(Fault::Network);
    person.presses("enter");
    person.waits_for("press f").await;
    person.presses("q");
    assert!(person.is_drilling(), "q only leaves the screen");
    let foot = person.sees().lines().last().unwrap_or_default().to_owned();
    assert!(foot.contains("Drill"), "the key bar tells that it goes on: {foot}");
    person.presses("q");
    let asked = person.sees();
    assert!(asked.contains("its fault is undone"), "{asked}");
    person.presses("n");
    assert!(person.is_drilling() && person.driver.model.life == Life::Running);
    person.presses("q y");
    assert!(person.sees().contains("Ending"), "{}", person.sees());
    while !person.driver.is_leaving() {
        person.lives_on().await;
    }
    let run = person.driver.model.drill_screen.run.take().unwrap();
    assert!(run.events.iter().any(|e| matches!(e.what, What::Undone { .. })), "left broken");
    assert_eq!(run.report.unwrap().ending, Some(Ending::Stopped));
    assert_eq!(find_unfinished(&folder.path().join("practice/drills")), None);
}

#[tokio::test]
async fn a_drill_stopped_early_says_of_what_it_does_not_know_why() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = at_the_failover(folder.path(), (120, 60)).await;
    person.prepares(Fault::Region);
    person.presses("enter");
    while !person.hears_of_the_fault() {
        person.lives_on().await;
    }
    person.presses("x y");
    person.waits().await;
    let run = person.driver.model.drill_screen.run.clone().unwrap();
    let report = run.report.unwrap();
    assert_eq!(report.ending, Some(Ending::Stopped));
    for kind in Kind::WRITES {
        let loss = report.loss(kind).unwrap();
        let sum = loss.present + loss.lost.len() as u64 + loss.unknown.len() as u64;
        assert!(loss.acknowledged > 0 && loss.acknowledged == sum, "{loss:?}");
    }
    let found = run.events.iter().filter(|e| matches!(e.what, What::Found { .. })).count() as u64;
    let unsure = |p: &Presence| *p == Presence::Unknown;
    assert_eq!(found, report.users_lost.acknowledged + report.baskets_lost.acknowledged);
    assert!(!run.events.iter().any(|e| matches!(&e.what, What::Found { presence, .. } if unsure(presence))));
    let seen = person.sees();
    assert!(seen.contains("the drill was ended"), "{seen}");
    // What had come by then is the moment's to say; each that is unknown has its reason.
    let why = Kind::ALL.iter().filter_map(|kind| match report.service(*kind).recovery {
        Recovery::Unmeasured => Some("before an answer came"),
        Recovery::Away { .. } => Some("before it was back"),
        Recovery::Unbroken | Recovery::Back { .. } => None,
    });
    let why: Vec<_> = why.collect();
    assert!(!why.is_empty() && why.iter().all(|w| seen.contains(w)), "{why:?}\n{seen}");
    assert!(seen.contains("unknown"), "no target is said to be met or missed that was not measured:\n{seen}");
}

#[tokio::test]
async fn the_form_is_filled_in_and_the_result_is_read_with_the_mouse() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = at_the_failover(folder.path(), (100, 30)).await;
    person.presses("D");
    let before = person.driver.model.drill_screen.form.clone();
    person.clicks("Who recovers");
    assert_eq!(person.driver.model.drill_screen.form.hands, before.hands, "the first click selects");
    person.clicks("Who recovers");
    assert_ne!(person.driver.model.drill_screen.form.hands, before.hands, "the second one turns");
    person.clicks("Who recovers");
    person.clicks("At most");
    person.clicks("At most");
    assert!(person.driver.model.drill_screen.form.duration > before.duration);
    person.clicks("Kind");
    person.clicks("Kind");
    assert_ne!(person.driver.model.drill_screen.form.mode, before.mode);
    person.clicks("[ Start ]");
    assert!(person.is_drilling());
    person.waits().await;
    assert!(matches!(person.driver.model.drill_screen.run.as_ref().unwrap().state, RunState::Ended));
    let top = person.sees();
    let pane = person.driver.views.pane_at(50, 20).expect("the result takes the wheel");
    for _ in 0..3 {
        person.driver.handle(Msg::Wheel(pane, 3));
        person.sees();
    }
    let below = person.sees();
    assert_ne!(below, top, "the wheel scrolls");
    person.driver.handle(Msg::Wheel(pane, -90));
    person.driver.model.message = None;
    assert_eq!(person.sees().lines().nth(12), top.lines().nth(12), "and back");
}

#[tokio::test]
async fn a_region_is_broken_and_mended_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = at_the_failover(folder.path(), (120, 40)).await;
    person.presses("B");
    let at = person.driver.model.drill_screen.offers.iter().position(|f| *f == Fault::Region).unwrap();
    person.presses(&"down ".repeat(at));
    person.presses("enter");
    let asked = person.sees();
    assert!(asked.contains("Break: ") && asked.contains("It stays broken until you mend it"), "{asked}");
    person.presses("enter");
    assert!(person.driver.model.progress.broken.is_empty(), "Enter alone breaks nothing");
    person.presses("B");
    person.presses(&"down ".repeat(at));
    person.presses("enter y");
    person.waits_for("us-east-1 does not answer").await;
    let seen = person.sees();
    // The sign is that of the runner's locale.
    let lost = ["us-east-1 ✗", "us-east-1 x"].iter().any(|sign| seen.contains(sign));
    assert!(seen.contains("unishop-primary") && lost, "{seen}");
    assert!(!seen.contains("AWS says"), "{seen}");
    person.presses("B");
    assert!(person.sees().contains("broken by you"), "{}", person.sees());
    person.presses(&"down ".repeat(at));
    person.presses("enter");
    while person.driver.model.facts.primary.health != Health::Serving {
        person.lives_on().await;
    }
    let seen = person.sees();
    assert!(!seen.contains("does not answer") && seen.contains("Mended"), "{seen}");
    assert!(person.driver.model.progress.broken.is_empty());
}
