//! The folder that holds progress: `progress.json`, written to a new file that takes the old one's
//! place once it has been read back, the generation before it, and `lock`, held by the one Espera that
//! writes.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Progress;
use super::seal::{self, Content};
use super::trouble::{Instead, ProgressError, Warning};
use ground::disk::{private_file, private_folder};

/// The file that holds progress.
pub(super) const NAME: &str = "progress.json";
/// The generation before it.
pub(super) const PREVIOUS: &str = "progress.json.previous";
/// Each of them while it is being written.
const FRESH: &str = "progress.json.new";
const PREVIOUS_FRESH: &str = "progress.json.previous.new";

/// The right to write, or the knowledge that another Espera has it.
#[derive(Debug)]
pub enum Opened {
    /// This process writes.
    Writer(Store),
    /// Another Espera writes; this one may watch.
    InUse,
}

/// The folder, held for writing. The lock goes with it.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    world: Option<World>,
    _lock: File,
}

/// Makes what progress speaks of survive first.
struct World(Arc<dyn Fn() + Send + Sync>);

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

impl Store {
    /// Lets `settle` make the world survive a loss of power before each save, so that progress is never
    /// ahead of it.
    pub fn follow(&mut self, settle: Arc<dyn Fn() + Send + Sync>) {
        self.world = Some(World(settle));
    }

    /// Opens a folder, which is made when it does not exist, and reads what is kept there.
    ///
    /// # Errors
    /// When the folder cannot be used or its file comes from a newer Espera. A damaged file is no
    /// error: it is set aside and warned of.
    pub fn open(folder: &Path) -> Result<(Opened, Progress, Vec<Warning>), ProgressError> {
        let wrong = |source| ProgressError::Folder { folder: folder.to_owned(), source };
        private_folder(folder).map_err(wrong)?;
        let lock = private_file()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("lock"))
            .map_err(wrong)?;
        let opened = match lock.try_lock() {
            Ok(()) => Opened::Writer(Store { folder: folder.to_owned(), world: None, _lock: lock }),
            Err(TryLockError::WouldBlock) => Opened::InUse,
            Err(TryLockError::Error(source)) => return Err(wrong(source)),
        };
        let (progress, warnings) = read(folder, &opened)?;
        Ok((opened, progress, warnings))
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps progress: a new file is written, synced and read back, then takes the old one's place,
    /// which stays as the generation before.
    ///
    /// # Errors
    /// When the disk is full or the folder cannot be written; the old file is then untouched.
    pub fn save(&self, progress: &Progress) -> Result<(), ProgressError> {
        if let Some(World(settle)) = &self.world {
            settle();
        }
        let file = self.folder.join(NAME);
        self.replace(progress).map_err(|source| ProgressError::Write { file, source })
    }

    fn replace(&self, progress: &Progress) -> io::Result<()> {
        let [file, fresh, previous] = [NAME, FRESH, PREVIOUS].map(|name| self.folder.join(name));
        let bytes = seal::write(progress)?;
        write_synced(&fresh, &bytes)?;
        // A disk that lies is found out while the old file is still there.
        if fs::read(&fresh)? != bytes {
            return Err(io::Error::other("what was written reads back differently"));
        }
        self.keep_previous(&file, &previous, &bytes)?;
        fs::rename(&fresh, &file)?;
        sync_folder(&self.folder)
    }

    /// Copies the present file to where the generation before is kept. Copied rather than moved, so that
    /// there is a progress file at every moment.
    fn keep_previous(&self, file: &Path, previous: &Path, first: &[u8]) -> io::Result<()> {
        let before = match fs::read(file) {
            Ok(before) => before,
            // The first of all: with it kept twice, a file that goes missing is always told from none.
            Err(error) if error.kind() == io::ErrorKind::NotFound => first.to_vec(),
            Err(error) => return Err(error),
        };
        // What went bad on the disk since must not push out what is sound.
        if matches!(seal::read(&before), Content::Damaged(_)) {
            return Ok(());
        }
        let copy = self.folder.join(PREVIOUS_FRESH);
        write_synced(&copy, &before)?;
        fs::rename(&copy, previous)
    }
}

fn write_synced(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut out = private_file().create(true).truncate(true).write(true).open(file)?;
    out.write_all(bytes)?;
    out.sync_all()
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and its entries are durable with it.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn read(folder: &Path, opened: &Opened) -> Result<(Progress, Vec<Warning>), ProgressError> {
    let file = folder.join(NAME);
    let unusable = |source| ProgressError::Folder { folder: folder.to_owned(), source };
    let present = match fs::read(&file) {
        Ok(bytes) => match seal::read(&bytes) {
            Content::Sound(progress) | Content::Unsealed(progress) => return Ok((*progress, Vec::new())),
            Content::Newer(version) => return Err(ProgressError::Newer { file, version }),
            Content::Damaged(_) => true,
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(source) => return Err(unusable(source)),
    };
    let previous = read_previous(folder)?;
    let instead = if matches!(previous, Before::Sound(_)) { Instead::Previous } else { Instead::Nothing };
    let progress = match previous {
        // Nothing was ever kept here.
        Before::None if !present => return Ok((Progress::default(), Vec::new())),
        Before::Sound(progress) => *progress,
        Before::None | Before::Damaged => Progress::default(),
    };
    // Only who holds the lock may change files; a watcher leaves all as it is.
    let Opened::Writer(store) = opened else { return Ok((progress, vec![Warning::Watched(instead)])) };
    let warning = if present {
        let aside = free_name(&file);
        fs::rename(&file, &aside).map_err(unusable)?;
        Warning::SetAside { aside, instead }
    } else {
        Warning::Missing(instead)
    };
    // Kept at once, so that this is told once. Where that fails, the first save tells why.
    let _ = store.save(&progress);
    Ok((progress, vec![warning]))
}

/// The generation before the present one.
enum Before {
    None,
    Sound(Box<Progress>),
    Damaged,
}

fn read_previous(folder: &Path) -> Result<Before, ProgressError> {
    let file = folder.join(PREVIOUS);
    match fs::read(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Before::None),
        Err(_) => Ok(Before::Damaged),
        Ok(bytes) => match seal::read(&bytes) {
            Content::Sound(progress) | Content::Unsealed(progress) => Ok(Before::Sound(progress)),
            Content::Damaged(_) => Ok(Before::Damaged),
            Content::Newer(version) => Err(ProgressError::Newer { file, version }),
        },
    }
}

/// The first of `progress.json.damaged-1`, `-2`, ... that is not taken.
fn free_name(file: &Path) -> PathBuf {
    let name = |n: u32| file.with_extension(format!("json.damaged-{n}"));
    (1..).map(name).find(|p| !p.exists()).unwrap_or_else(|| name(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::lang::Lang;

    fn writer(folder: &Path) -> (Store, Progress, Vec<Warning>) {
        // A test beside this one that starts a program holds, between fork and exec, all files of this process,
        // the lock that was just given back among them.
        for _ in 0..10_000 {
            if let (Opened::Writer(store), progress, warnings) = Store::open(folder).unwrap() {
                return (store, progress, warnings);
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        panic!("in use")
    }

    #[test]
    fn what_is_kept_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let kept = Progress { step: 3, passed: ["a".to_owned()].into(), ..Progress::default() };
        let (store, ..) = writer(dir.path());
        store.save(&kept).unwrap();
        drop(store);
        assert_eq!(writer(dir.path()).1, kept);
    }

    #[test]
    fn a_damaged_file_is_set_aside_untouched_and_told() {
        let dir = tempfile::tempdir().unwrap();
        for n in 1..=2 {
            fs::write(dir.path().join(NAME), b"{half").unwrap();
            let _ = fs::remove_file(dir.path().join(PREVIOUS));
            let (_store, progress, warnings) = writer(dir.path());
            assert_eq!(progress, Progress::default());
            let aside = dir.path().join(format!("progress.json.damaged-{n}"));
            assert_eq!(warnings, [Warning::SetAside { aside: aside.clone(), instead: Instead::Nothing }]);
            assert_eq!(fs::read(aside).unwrap(), b"{half");
        }
    }

    /// Two generations, at steps 1 and 2.
    fn two(folder: &Path) {
        let (store, ..) = writer(folder);
        for step in 1..=2 {
            store.save(&Progress { step, ..Progress::default() }).unwrap();
        }
    }

    #[test]
    fn the_generation_before_takes_the_place_of_a_damaged_or_missing_file_once_and_told() {
        for damage in [Some("{half"), Some(""), None] {
            let dir = tempfile::tempdir().unwrap();
            two(dir.path());
            match damage {
                Some(text) => fs::write(dir.path().join(NAME), text).unwrap(),
                None => fs::remove_file(dir.path().join(NAME)).unwrap(),
            }
            let (store, progress, warnings) = writer(dir.path());
            assert_eq!(progress.step, 1);
            match (&warnings[..], damage) {
                ([Warning::SetAside { aside, instead: Instead::Previous }], Some(text)) => {
                    assert_eq!(fs::read_to_string(aside).unwrap(), text);
                }
                ([Warning::Missing(Instead::Previous)], None) => {}
                other => panic!("{other:?}"),
            }
            assert!(warnings[0].text(Lang::En).contains("before it"));
            drop(store);
            let (_store, progress, warnings) = writer(dir.path());
            assert_eq!((progress.step, warnings.len()), (1, 0));
        }
    }

    #[test]
    fn a_file_that_goes_missing_after_the_first_save_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let (store, ..) = writer(dir.path());
        store.save(&Progress { step: 4, ..Progress::default() }).unwrap();
        drop(store);
        fs::remove_file(dir.path().join(NAME)).unwrap();
        let (_store, progress, warnings) = writer(dir.path());
        assert_eq!((progress.step, &warnings[..]), (4, &[Warning::Missing(Instead::Previous)][..]));
    }

    #[test]
    fn a_damaged_file_does_not_push_out_the_sound_one_before_it() {
        let dir = tempfile::tempdir().unwrap();
        let (store, ..) = writer(dir.path());
        store.save(&Progress { step: 1, ..Progress::default() }).unwrap();
        store.save(&Progress { step: 2, ..Progress::default() }).unwrap();
        fs::write(dir.path().join(NAME), "{half").unwrap();
        store.save(&Progress { step: 3, ..Progress::default() }).unwrap();
        let Content::Sound(previous) = seal::read(&fs::read(dir.path().join(PREVIOUS)).unwrap()) else {
            panic!("it is not sound")
        };
        assert_eq!(previous.step, 1);
    }

    #[test]
    fn a_failed_save_leaves_the_old_file_and_a_later_one_works() {
        let dir = tempfile::tempdir().unwrap();
        two(dir.path());
        let (store, ..) = writer(dir.path());
        // A folder in the new file's place: it cannot be written, as on a full disk.
        fs::create_dir(dir.path().join(FRESH)).unwrap();
        let error = store.save(&Progress { step: 9, ..Progress::default() }).unwrap_err();
        assert!(matches!(error, ProgressError::Write { .. }), "{error}");
        fs::remove_dir(dir.path().join(FRESH)).unwrap();
        drop(store);
        let (store, progress, warnings) = writer(dir.path());
        assert_eq!((progress.step, warnings.len()), (2, 0));
        store.save(&Progress { step: 9, ..Progress::default() }).unwrap();
    }

    #[test]
    fn a_watcher_of_a_damaged_file_is_told_and_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        two(dir.path());
        let (_store, ..) = writer(dir.path());
        fs::write(dir.path().join(NAME), "{half").unwrap();
        let (opened, progress, warnings) = Store::open(dir.path()).unwrap();
        assert!(matches!(opened, Opened::InUse));
        assert_eq!((progress.step, &warnings[..]), (1, &[Warning::Watched(Instead::Previous)][..]));
        assert_eq!(fs::read(dir.path().join(NAME)).unwrap(), b"{half");
    }

    #[test]
    fn a_second_espera_is_told_and_may_watch() {
        let dir = tempfile::tempdir().unwrap();
        let (store, ..) = writer(dir.path());
        store.save(&Progress { step: 5, ..Progress::default() }).unwrap();
        let (opened, progress, _) = Store::open(dir.path()).unwrap();
        assert!(matches!(opened, Opened::InUse));
        assert_eq!(progress.step, 5);
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("progress.json"), br#"{"version": 99, "future": true}"#).unwrap();
        assert!(matches!(Store::open(dir.path()), Err(ProgressError::Newer { version: 99, .. })));
        assert!(dir.path().join("progress.json").exists());
        let newer = fs::read(dir.path().join(NAME)).unwrap();
        fs::write(dir.path().join(PREVIOUS), newer).unwrap();
        fs::write(dir.path().join(NAME), "{half").unwrap();
        assert!(matches!(Store::open(dir.path()), Err(ProgressError::Newer { version: 99, .. })));
        assert_eq!(fs::read(dir.path().join(NAME)).unwrap(), b"{half");
    }
}
