//! Worlds that an earlier Espera saved: they open, come to what they came to then, and are gone on with.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use espera::guest::catalogue;
use ground::disk::{Failure, FaultyDisk};
use practice::keys::Keys;
use practice::{Notice, Practice};
use serde_json::Value;
use shop::wire::NewUser;
use shop::{Catalogue as _, StoreError};
use tempfile::{TempDir, tempdir};

use crate::world::{open, setup};

const EAST: &str = "arn:aws:rds:us-east-1:123456789012:cluster:db-us-east-1";
const WEST: &str = "arn:aws:rds:us-west-1:123456789012:cluster:db-us-west-1";
const ANA: &str = "6f1e9c1c-0000-4000-8000-000000000001";

/// A folder as the last program of version 2 left it when it was killed: a global database in both Regions, and in
/// the journal seven sign-ups of which three made a user (two of them without an id of their own). Beside
/// it `dataplane.json`, which that program had come to.
fn version_2() -> TempDir {
    let folder = tempdir().expect("a folder");
    for name in FILES {
        fs::copy(fixture(name), folder.path().join(name)).expect("copied");
    }
    folder
}

/// The files of that folder.
const FILES: [&str; 6] = ["world-1", "journal-1", "mark", "clock", "replaying", "keys"];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/world-2").join(name)
}

fn came_to() -> Value {
    serde_json::from_str(include_str!("../fixtures/world-2/dataplane.json")).expect("JSON")
}

fn dataplane(practice: &Practice) -> Value {
    practice.inspect(|world| serde_json::to_value(&world.dataplane).expect("JSON"))
}

fn ana() -> NewUser {
    NewUser {
        uuid: Some(ANA.parse().expect("a UUID")),
        email: "ana@example.com".into(),
        first_name: "Ana".into(),
        last_name: "Belén".into(),
    }
}

#[test]
fn sign_ups_of_version_2_make_the_same_users_again() {
    let folder = version_2();
    let keys = Keys::of(folder.path()).expect("of version 2, and read");
    let practice = open(folder.path());
    assert_eq!(practice.notices(), [] as [Notice; 0]);
    assert_eq!(*practice.keys(), keys);
    assert_eq!(dataplane(&practice), came_to());
}

#[tokio::test]
async fn who_signed_up_then_is_known_now_and_keeps_their_email() {
    let folder = version_2();
    let practice = open(folder.path());
    let (east, west) = (catalogue(&practice, EAST), catalogue(&practice, WEST));
    let ben = west.user("ben@example.com").await.expect("answers").expect("is known");
    assert_eq!(ben.uuid.to_string(), "34c439a8-062e-4dc1-9477-b0aa769dfd92", "as it was minted then");
    assert_eq!(east.add_user(ana()).await.expect("repeated").uuid.to_string(), ANA);
    assert_eq!(east.add_user(NewUser { uuid: None, ..ana() }).await, Err(StoreError::Taken));
    let other = NewUser { email: "other@example.com".into(), ..ana() };
    assert_eq!(west.add_user(other).await, Err(StoreError::Taken));
    assert_eq!(dataplane(&practice), came_to(), "none of this was a new user");
}

#[tokio::test]
async fn what_is_written_after_it_is_in_files_that_an_older_program_refuses() {
    let folder = version_2();
    let practice = open(folder.path());
    let new = NewUser { uuid: None, email: "new@example.com".into(), ..ana() };
    let made = catalogue(&practice, WEST).add_user(new).await.expect("made");
    let left = dataplane(&practice);
    drop(practice);
    let first_line = |name: &str| {
        let bytes = fs::read(folder.path().join(name)).expect(name);
        String::from_utf8_lossy(bytes.split(|byte| *byte == b'\n').next().unwrap_or_default()).into_owned()
    };
    assert!(first_line("journal-1").starts_with("espera-journal 2 "), "its own files stay as they are");
    for (name, start) in [("journal-2", "espera-journal 3 "), ("world-2", "espera-world 3 ")] {
        assert!(first_line(name).starts_with(start), "{name}");
    }
    let again = open(folder.path());
    assert_eq!(dataplane(&again), left);
    assert_eq!(catalogue(&again, EAST).user("new@example.com").await, Ok(Some(made)));
}

#[test]
fn a_kill_while_a_world_of_version_2_is_saved_anew_loses_nothing_of_it() {
    let folder = Path::new("/state/world");
    let open =
        |disk: &FaultyDisk| Practice::open_on(Arc::new(disk.clone()), setup().saved_in(folder).options());
    for after in 0..40 {
        let disk = FaultyDisk::new();
        for name in FILES {
            disk.put(&folder.join(name), &fs::read(fixture(name)).expect(name));
        }
        disk.fail(after, Failure::Kill);
        drop(open(&disk));
        disk.revive();
        let practice = open(&disk).expect("opens");
        assert_eq!(dataplane(&practice), came_to(), "killed at {after}: {:?}", disk.files());
    }
}
