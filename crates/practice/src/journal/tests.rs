//! Opening what a kill, an earlier Espera, a newer one or a poisonous request left behind.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};

use super::read::Replayer;
use super::record::Event;
use super::suspect::{self, Guard, Place, Sentence};
use super::{Entry, Notice, Opened, PracticeError, load, replay};
use crate::call::{Caller, RequestId, Service};
use crate::file_header;
use crate::route::{Parts, Target};
use crate::scenario::Scenario;
use crate::world::World;
use ground::clock::Moment;
use ground::disk::{Disk, FaultyDisk};

const FOLDER: &str = "/state/world";
const START: Moment = Moment(1_795_392_000_000);

fn fresh() -> World {
    World::new(7, Scenario::default(), START)
}

fn open(disk: &FaultyDisk, replayer: Replayer) -> Result<Opened, PracticeError> {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    load::open(&disk, Path::new(FOLDER), fresh, replayer)
}

fn open_world(disk: &FaultyDisk) -> Opened {
    open(disk, Replayer::default()).unwrap()
}

/// Writes the making of buckets, and that each was carried out but for what ends its process.
fn make(opened: &mut Opened, names: &[&str]) {
    write(opened, names, |name| name != "poison");
}

fn write(opened: &mut Opened, names: &[&str], is_carried_out: fn(&str) -> bool) {
    for name in names {
        let (method, query, headers) = (&Method::PUT, "", &HeaderMap::new());
        let path = format!("/{name}");
        let parts = Parts { method, host: "localhost", path: &path, query, headers, body: &Bytes::new() };
        let to = (Target::Service(Service::S3), "us-east-1", Caller::Account);
        let mut entry = Entry::request(RequestId(1), to, parts);
        let at = opened.world.now;
        let journal = opened.journal.as_ref().unwrap();
        journal.append(&mut entry, at, &opened.world).unwrap();
        if is_carried_out(name) {
            journal.carried_out();
            journal.note_carried_out();
        }
    }
}

fn buckets(opened: &Opened) -> Vec<String> {
    opened.world.s3.buckets.keys().map(ToString::to_string).collect()
}

fn is_poison(event: &Event) -> bool {
    matches!(event, Event::Request(request) if request.path.contains("poison"))
}

/// As a process that a request ends.
fn deadly() -> Replayer {
    let carry_out = |world: &mut World, event: &Event, at| {
        assert!(!is_poison(event), "the process ends here");
        replay::replay(world, event, at);
    };
    // Nobody looks whether it is slow to end: how fast this machine is decides nothing.
    Replayer { carry_out, look: Duration::from_secs(3600), ..Replayer::default() }
}

/// As a request that does not end.
fn endless() -> Replayer {
    let carry_out = |world: &mut World, event: &Event, at| {
        while is_poison(event) {
            std::thread::park();
        }
        replay::replay(world, event, at);
    };
    Replayer { carry_out, patience: Duration::ZERO, ..Replayer::default() }
}

fn dies(disk: &FaultyDisk) -> bool {
    let died = catch_unwind(AssertUnwindSafe(|| open(disk, deadly()).map(drop))).is_err();
    disk.revive();
    died
}

#[test]
fn a_request_that_ended_the_process_is_set_aside_at_the_next_start_but_one() {
    let disk = FaultyDisk::new();
    make(&mut open_world(&disk), &["one", "poison"]);
    disk.revive();
    assert!(dies(&disk), "the first start carries it out again");
    let after = open(&disk, deadly()).unwrap();
    assert_eq!(buckets(&after), ["one"]);
    let [Notice::EntrySetAside { what, to, .. }] = after.notices.as_slice() else {
        panic!("{:?}", after.notices)
    };
    assert_eq!(what, "s3 PUT /poison (us-east-1)");
    assert!(disk.content(to).unwrap().windows(6).any(|part| part == b"poison"), "it is kept");
    drop(after);
    let again = open(&disk, deadly()).unwrap();
    assert_eq!((buckets(&again), again.notices), (vec!["one".to_owned()], vec![]));
}

#[test]
fn one_that_is_not_the_last_needs_to_end_two_starts() {
    let disk = FaultyDisk::new();
    make(&mut open_world(&disk), &["one", "poison", "two"]);
    disk.revive();
    assert!(dies(&disk) && dies(&disk));
    let after = open(&disk, deadly()).unwrap();
    assert_eq!((buckets(&after), after.notices.len()), (vec!["one".to_owned(), "two".to_owned()], 1));
}

#[test]
fn an_answered_request_is_not_blamed_for_one_kill_though_it_was_the_last() {
    let disk = FaultyDisk::new();
    write(&mut open_world(&disk), &["one", "poison"], |_| true);
    disk.revive();
    assert!(dies(&disk));
    let after = open_world(&disk);
    assert_eq!((buckets(&after).len(), after.notices.clone()), (2, vec![]));
    drop(after);
    // And what it was blamed for is forgotten.
    assert!(dies(&disk));
    let after = open_world(&disk);
    assert_eq!((buckets(&after).len(), after.notices), (2, vec![]));
}

#[test]
fn a_request_that_is_only_slow_is_blamed_for_many_kills_and_not_for_two() {
    const SLOW: Duration = Duration::from_millis(50);
    let (disk, patience) = (FaultyDisk::new(), Duration::from_secs(30));
    let disk: Arc<dyn Disk> = Arc::new(disk);
    let folder = Path::new(FOLDER);
    let mut kills = 0;
    loop {
        let guard = Guard::new(&disk, folder, &BTreeSet::new(), true);
        if guard.judge(5, Place::Within, b"slow") != Sentence::Goes {
            break;
        }
        assert!(!guard.watches(5, SLOW, patience) && !guard.watches(4, SLOW, patience));
        kills += 1;
    }
    assert_eq!(kills, suspect::ENOUGH);
    let guard = Guard::new(&disk, folder, &BTreeSet::new(), true);
    assert_eq!(guard.judge(6, Place::Last, b"endless"), Sentence::Goes);
    assert!(guard.watches(6, patience * 2, patience));
    let guard = Guard::new(&disk, folder, &BTreeSet::new(), true);
    assert_eq!(guard.judge(6, Place::Last, b"endless"), Sentence::GoesOut);
}

#[test]
fn a_request_that_was_only_there_when_a_start_was_killed_is_carried_out() {
    let disk = FaultyDisk::new();
    make(&mut open_world(&disk), &["one", "poison", "two"]);
    disk.revive();
    assert!(dies(&disk));
    let after = open_world(&disk);
    assert_eq!((buckets(&after).len(), after.notices), (3, vec![]));
}

#[test]
fn a_request_that_does_not_end_is_told_and_set_aside() {
    let disk = FaultyDisk::new();
    make(&mut open_world(&disk), &["one", "poison"]);
    disk.revive();
    let Err(PracticeError::Outlasted { number: 2, .. }) = open(&disk, endless()) else { panic!("opened") };
    disk.revive();
    let after = open(&disk, endless()).unwrap();
    assert_eq!((buckets(&after), after.notices.len()), (vec!["one".to_owned()], 1));
}

/// A folder as version 1 wrote it: a snapshot and three ticks.
fn first(disk: &FaultyDisk) {
    let body = serde_json::to_vec(&fresh()).unwrap();
    let line = format!("espera-world 1 {:08x} 1\n", crc32fast::hash(&body));
    disk.put(&Path::new(FOLDER).join("world"), &[line.as_bytes(), &body].concat());
    let mut journal = Vec::new();
    for second in 1..=3 {
        let body = [&[0][..], &START.after(Duration::from_secs(second)).0.to_be_bytes()].concat();
        journal.extend_from_slice(&u32::try_from(body.len()).unwrap().to_be_bytes());
        journal.extend_from_slice(&crc32fast::hash(&body).to_be_bytes());
        journal.extend_from_slice(&body);
    }
    disk.put(&Path::new(FOLDER).join("journal-1"), &journal);
}

#[test]
fn a_world_of_version_1_is_opened_and_goes_on_as_one_of_this_version() {
    let disk = FaultyDisk::new();
    first(&disk);
    let mut world = open_world(&disk);
    assert_eq!((world.world.now, world.notices.clone()), (START.after(Duration::from_secs(3)), vec![]));
    assert!(!world.keyed, "it never had keys, and none are missed");
    make(&mut world, &["new"]);
    drop(world);
    assert_eq!(buckets(&open_world(&disk)), ["new"]);
    // Its own files stay until two generations have proved themselves, and can be gone back to.
    disk.put(&Path::new(FOLDER).join("world-2"), b"damaged");
    let back = open_world(&disk);
    assert_eq!(buckets(&back), ["new"]);
    assert!(
        back.notices.iter().any(|notice| matches!(notice, Notice::WentBack { .. })),
        "{:?}",
        back.notices
    );
}

#[test]
fn a_newer_folder_is_refused_and_not_touched() {
    for (name, word) in [
        ("world-3", "espera-world"),
        ("journal-1", "espera-journal"),
        ("mark", "espera-mark"),
        ("keys", "espera-keys"),
        ("clock", "espera-clock"),
        ("replaying", "espera-replaying"),
    ] {
        let disk = FaultyDisk::new();
        make(&mut open_world(&disk), &["one"]);
        disk.revive();
        let line = format!("{word} 4 something else\n");
        disk.put(&Path::new(FOLDER).join(name), line.as_bytes());
        let before: Vec<_> = disk.files().iter().map(|file| disk.content(file)).collect();
        let Err(PracticeError::Newer { version: 4, file }) = open(&disk, Replayer::default()) else {
            panic!("opened")
        };
        assert!(file.ends_with(name));
        let after: Vec<_> = disk.files().iter().map(|file| disk.content(file)).collect();
        assert_eq!(before, after);
    }
    assert_eq!(file_header::VERSION, 3);
}

#[test]
fn what_a_kill_left_of_a_beginning_is_no_world_and_no_damage() {
    for after in 0..14 {
        let disk = FaultyDisk::new();
        disk.fail(after, ground::disk::Failure::Kill);
        drop(open(&disk, Replayer::default()));
        disk.revive();
        let world = open_world(&disk);
        assert_eq!(world.notices, [], "killed at {after}: {:?}", disk.files());
        assert!(world.journal.is_some() && world.trouble.is_none());
    }
}

#[test]
fn a_snapshot_gone_bad_costs_nothing_as_the_one_before_is_there() {
    let disk = FaultyDisk::new();
    let mut world = open_world(&disk);
    let journal = world.journal.take().unwrap();
    let folded = journal.fold(&world.world).unwrap();
    journal.store(&folded).unwrap();
    world.journal = Some(journal);
    make(&mut world, &["one"]);
    drop(world);
    let newest = PathBuf::from(FOLDER).join("world-2");
    let mut bytes = disk.content(&newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    disk.put(&newest, &bytes);
    let back = open_world(&disk);
    assert_eq!(buckets(&back), ["one"]);
    assert!(back.notices.iter().any(|notice| matches!(notice, Notice::SetAside { .. })));
}
