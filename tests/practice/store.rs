//! The store against everything that can happen to it: random histories of requests, time, kills, losses of
//! power, full and failing disks. What was acknowledged or shown never un-happens at a kill, what was
//! synced is there after a loss of power, and damage is never silent.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ground::disk::{Failure, FaultyDisk};
use practice::{Practice, PracticeError, TroubleKind};
use proptest::prelude::*;
use testbed::form;

use crate::world::{Act, act, put_object, request, setup};

const FOLDER: &str = "/state/world";
const TEMPLATE: &str = r#"{"Resources":{"P":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Value":"x"}},
    "T":{"Type":"AWS::EC2::VPC","Properties":{"CidrBlock":"10.0.0.0/16"}}}}"#;

fn try_open(disk: &FaultyDisk) -> Result<Practice, PracticeError> {
    Practice::open_on(Arc::new(disk.clone()), setup().saved_in(Path::new(FOLDER)).options())
}

fn open(disk: &FaultyDisk) -> Practice {
    try_open(disk).expect("opens")
}

/// What somebody who looks can see: the objects, and how far the stacks are.
fn seen(practice: &Practice) -> (String, String) {
    practice.inspect(|world| {
        let objects =
            world.s3.buckets.get("bucket").map(|bucket| serde_json::to_string(bucket).expect("text"));
        (objects.unwrap_or_default(), serde_json::to_string(&world.cloudformation).expect("text"))
    })
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8, u8),
    Delete(u8),
    Stack(u8),
    Time(u64),
    Settle,
    Close,
    Kill,
    PowerCut(u64),
    Fail(u64, Failure),
    Room(Option<usize>),
    Gone(bool),
}

fn steps() -> impl Strategy<Value = Step> {
    let failure =
        prop_oneof![Just(Failure::Short), Just(Failure::Full), Just(Failure::Broken), Just(Failure::Kill)];
    prop_oneof![
        8 => (0..4_u8, any::<u8>()).prop_map(|(key, value)| Step::Put(key, value)),
        2 => (0..4_u8).prop_map(Step::Delete),
        2 => (0..3_u8).prop_map(Step::Stack),
        3 => (1..200_u64).prop_map(Step::Time),
        3 => Just(Step::Settle),
        1 => Just(Step::Close),
        3 => Just(Step::Kill),
        2 => any::<u64>().prop_map(Step::PowerCut),
        3 => (0..12_u64, failure).prop_map(|(after, how)| Step::Fail(after, how)),
        2 => prop_oneof![Just(None), Just(Some(0)), (1..400_usize).prop_map(Some)].prop_map(Step::Room),
        1 => any::<bool>().prop_map(Step::Gone),
    ]
}

/// The status of a change; `None` for what is none.
fn carry_out(practice: &Practice, step: &Step) -> Option<u16> {
    match step {
        Step::Put(key, value) => Some(put_object(practice, &key.to_string(), &value.to_string())),
        Step::Delete(key) => {
            Some(act(practice, &request("s3", "us-east-1", "DELETE", &format!("/bucket/{key}"), "")))
        }
        Step::Stack(name) => {
            let name = format!("s{name}");
            let body = form(&[("Action", "CreateStack"), ("StackName", &name), ("TemplateBody", TEMPLATE)]);
            Some(act(practice, &request("cloudformation", "us-east-1", "POST", "/", &body)))
        }
        Step::Time(seconds) => {
            practice.clock().advance(Duration::from_secs(*seconds));
            None
        }
        _ => None,
    }
}

/// A process on the disk, and all that could be seen after each of its changes.
struct Lived {
    disk: FaultyDisk,
    practice: Option<Practice>,
    history: Vec<(String, String)>,
    /// Up to which of them all is synced.
    synced: usize,
}

impl Lived {
    fn begin() -> Lived {
        let disk = FaultyDisk::new();
        let practice = open(&disk);
        assert_eq!(act(&practice, &request("s3", "us-east-1", "PUT", "/bucket", "")), 200);
        practice.settle().expect("synced");
        let history = vec![seen(&practice)];
        Lived { disk, practice: Some(practice), history, synced: 0 }
    }

    fn practice(&self) -> &Practice {
        self.practice.as_ref().expect("it runs")
    }

    /// The process ends; a new one begins on what the disk has.
    fn restart(&mut self, end: impl FnOnce(&FaultyDisk)) -> (String, String) {
        self.disk.kill();
        self.practice = None;
        end(&self.disk);
        self.disk.set_gone(false);
        self.disk.set_room(None);
        self.practice = Some(open(&self.disk));
        seen(self.practice())
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let before = self.history.last().expect("never empty").clone();
        match step {
            Step::Kill => {
                let found = self.restart(FaultyDisk::revive);
                prop_assert_eq!(&found, &before, "a kill takes nothing back");
            }
            Step::PowerCut(seed) => {
                let found = self.restart(|disk| disk.cut_power(*seed));
                let kept = self.history.iter().rposition(|state| *state == found);
                prop_assert!(
                    kept.is_some_and(|kept| kept >= self.synced) || self.history[self.synced] == found,
                    "what was synced is there, and then the beginning of the rest: {:?} of {}, {} synced: {found:?} {:?}",
                    kept,
                    self.history.len(),
                    self.synced,
                    self.practice().notices()
                );
                self.history.push(found);
                self.practice().settle().expect("a sound disk");
                self.synced = self.history.len() - 1;
                return Ok(());
            }
            Step::Fail(after, how) => self.disk.fail(*after, *how),
            Step::Room(room) => self.disk.set_room(*room),
            Step::Gone(gone) => self.disk.set_gone(*gone),
            Step::Settle | Step::Close => {
                let done = match step {
                    Step::Settle => self.practice().settle(),
                    _ => self.practice().close(),
                };
                self.history.push(seen(self.practice()));
                if done.is_ok() && !self.disk.is_dead() {
                    self.synced = self.history.len() - 1;
                }
            }
            change => {
                let status = carry_out(self.practice(), change);
                if status.is_some_and(|status| status >= 500) && !self.disk.is_dead() {
                    let trouble = self.practice().trouble().borrow().clone();
                    prop_assert!(trouble.is_some_and(|trouble| trouble.kind == TroubleKind::Refusing));
                    let now = seen(self.practice());
                    prop_assert_eq!(&now.0, &before.0, "what was refused did not happen");
                }
                self.history.push(seen(self.practice()));
            }
        }
        if self.disk.is_dead() {
            // Nobody saw the end of what was under way: it happened, or it did not.
            let found = self.restart(FaultyDisk::revive);
            let done = matches!(step, Step::Put(..) | Step::Delete(_) | Step::Stack(_));
            prop_assert!(done || found == before || self.history.contains(&found), "{:?}", step);
            self.history.push(found);
        }
        Ok(())
    }
}

#[test]
fn histories_that_once_failed_hold() {
    let mut lived = Lived::begin();
    let steps = [
        Step::Fail(9, Failure::Kill),
        Step::Room(Some(30)),
        Step::Put(0, 0),
        Step::Close,
        Step::Stack(0),
        Step::Settle,
        Step::Put(0, 0),
        Step::PowerCut(132_087_154_961_334_243),
    ];
    for step in [Step::Kill, Step::Kill, Step::Kill].iter().chain(&steps) {
        lived.step(step).expect("it holds");
    }
    let steps = [
        Step::Stack(0),
        Step::Room(Some(30)),
        Step::Fail(0, Failure::Broken),
        Step::Put(0, 0),
        Step::Put(0, 0),
        Step::Put(0, 0),
        Step::Kill,
        Step::Settle,
        Step::Close,
        Step::PowerCut(1_636_182_086_117_297_885),
    ];
    let mut lived = Lived::begin();
    for step in &steps {
        lived.step(step).expect("it holds");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_acknowledged_or_shown_unhappens(steps in prop::collection::vec(steps(), 1..40)) {
        let mut lived = Lived::begin();
        for step in &steps {
            lived.step(step)?;
        }
        let last = lived.history.last().cloned();
        let found = lived.restart(FaultyDisk::revive);
        prop_assert_eq!(Some(found), last);
        // And it is a world that can be gone on with.
        prop_assert_eq!(put_object(lived.practice(), "last", "x"), 200);
        prop_assert_eq!(lived.practice().close(), Ok(()));
    }
}

#[test]
fn a_full_disk_refuses_changes_in_each_services_words_and_shows_none_of_them() {
    let disk = FaultyDisk::new();
    let practice = open(&disk);
    act(&practice, &request("s3", "us-east-1", "PUT", "/bucket", ""));
    put_object(&practice, "before", "x");
    let before = seen(&practice);
    disk.set_room(Some(0));
    let json = |service, target: &str| request(service, "us-east-1", "POST", target, "{}");
    assert_eq!(put_object(&practice, "refused", "x"), 503);
    assert_eq!(act(&practice, &json("dynamodb", "DynamoDB_20120810.PutItem")), 500);
    assert_eq!(act(&practice, &json("ssm", "AmazonSSM.PutParameter")), 500);
    assert_eq!(act(&practice, &json("secretsmanager", "secretsmanager.CreateSecret")), 500);
    assert_eq!(act(&practice, &request("rds", "us-east-1", "POST", "/", "Action=CreateDBCluster")), 503);
    assert_eq!(seen(&practice), before);
    let trouble = practice.trouble().borrow().clone().expect("it is said");
    assert!(trouble.text(ground::lang::Lang::Es).contains("Libera espacio"), "{trouble:?}");
    disk.set_room(None);
    assert_eq!(put_object(&practice, "after", "x"), 200);
    assert_eq!(*practice.trouble().borrow(), None);
    let lived = seen(&practice);
    drop(practice);
    let again = open(&disk);
    assert_eq!((seen(&again), again.notices()), (lived, &[][..]));
}

#[test]
fn while_nothing_can_be_written_time_stands_still() {
    let disk = FaultyDisk::new();
    let practice = open(&disk);
    assert_eq!(carry_out(&practice, &Step::Stack(1)), Some(200));
    let begun = seen(&practice);
    disk.set_room(Some(0));
    act(&practice, &Act::Time(3600));
    assert_eq!(seen(&practice), begun, "what nobody could be sure of is not shown");
    disk.set_room(None);
    let done = seen(&practice);
    assert!(done.1.contains("CREATE_COMPLETE"), "{done:?}");
    drop(practice);
    assert_eq!(seen(&open(&disk)), done);
}

#[test]
fn what_a_reader_saw_come_about_is_so_after_a_kill() {
    let disk = FaultyDisk::new();
    let practice = open(&disk);
    assert_eq!(carry_out(&practice, &Step::Stack(1)), Some(200));
    act(&practice, &Act::Time(3600));
    let shown = act(&practice, &request("cloudformation", "us-east-1", "POST", "/", "Action=DescribeStacks"));
    assert_eq!(shown, 200);
    let lived = seen(&practice);
    assert!(lived.1.contains("CREATE_COMPLETE"));
    drop(practice);
    assert_eq!(seen(&open(&disk)), lived);
}

/// A world in its second generation, with changes since, closed or killed.
fn saved(closed: bool) -> (FaultyDisk, (String, String)) {
    let disk = FaultyDisk::new();
    let practice = open(&disk);
    act(&practice, &request("s3", "us-east-1", "PUT", "/bucket", ""));
    put_object(&practice, "a", "x");
    practice.close().expect("saved");
    drop(practice);
    let practice = open(&disk);
    for key in ["b", "c", "d"] {
        put_object(&practice, key, "x");
    }
    if closed {
        practice.close().expect("saved");
    } else {
        practice.settle().expect("synced");
    }
    let lived = seen(&practice);
    (disk, lived)
}

fn damages(bytes: &[u8]) -> Vec<Option<Vec<u8>>> {
    let mut all = vec![None, Some(Vec::new())];
    for at in (0..bytes.len()).step_by(1 + bytes.len() / 40).chain(bytes.len().saturating_sub(2)..bytes.len())
    {
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 1 << (at % 8);
        all.push(Some(flipped));
    }
    all.extend((1..10).map(|tenth| Some(bytes[..bytes.len() * tenth / 10].to_vec())));
    all.extend([&b"garbage"[..], &[0; 4096]].map(|garbage| Some([bytes, garbage].concat())));
    all
}

#[test]
fn no_damage_to_any_file_is_silent_and_none_keeps_the_world_from_opening() {
    for closed in [true, false] {
        let (disk, lived) = saved(closed);
        for file in disk.files() {
            for (number, damage) in damages(&disk.content(&file).expect("its bytes")).into_iter().enumerate()
            {
                let damaged = copy(&disk, &file, damage.as_deref());
                let practice = open(&damaged);
                let told = !practice.notices().is_empty();
                assert!(told || seen(&practice) == lived, "{} {number} closed {closed}", file.display());
                act(&practice, &request("s3", "us-east-1", "PUT", "/bucket", ""));
                assert_eq!(put_object(&practice, "on", "x"), 200);
                let lived = seen(&practice);
                drop(practice);
                let again = open(&damaged);
                assert_eq!(seen(&again), lived, "{} {number} closed {closed}", file.display());
                assert_eq!(again.notices(), [], "{} {number} closed {closed}", file.display());
            }
        }
    }
}

/// The same disk with one file changed, or without it.
fn copy(disk: &FaultyDisk, changed: &PathBuf, content: Option<&[u8]>) -> FaultyDisk {
    let other = FaultyDisk::new();
    for file in disk.files() {
        match content {
            Some(content) if file == *changed => other.put(&file, content),
            None if file == *changed => {}
            _ => other.put(&file, &disk.content(&file).expect("its bytes")),
        }
    }
    other
}
