//! Reading a saved world: the newest snapshot that is sound, then every journal since. What is damaged is told
//! and copied before anything is cut; what comes behind a gap is not guessed at.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::error::{Notice, PracticeError};
use crate::world::World;
use ground::clock::Moment;
use ground::disk::{self, Disk};

use super::entry::{End, Entries, Found};
use super::files::Files;
use super::mark::{self, Life, Mark};
use super::names::{JOURNAL, JOURNAL_FIELDS, path};
use super::record::Event;
use super::snapshot::{self, Snapshot};
use super::suspect::{Guard, Place, Sentence};
use super::{first, replay};
use crate::file_header::{self, FileHeader};

/// How entries are carried out again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Replayer {
    pub carry_out: fn(&mut World, &Event, Moment),
    /// How long one entry may take, in real time.
    pub patience: Duration,
    /// How often who waits looks whether it still gets on.
    pub look: Duration,
}

impl Default for Replayer {
    fn default() -> Replayer {
        Replayer {
            carry_out: replay::replay,
            patience: Duration::from_secs(30),
            look: Duration::from_millis(5),
        }
    }
}

/// Which entry is being carried out, and since when: for who waits for it.
#[derive(Debug)]
pub(super) struct Progress {
    begun: Instant,
    number: AtomicU64,
    since: AtomicU64,
    abandoned: AtomicBool,
}

impl Progress {
    pub fn new() -> Progress {
        Progress {
            begun: Instant::now(),
            number: AtomicU64::new(0),
            since: AtomicU64::new(0),
            abandoned: AtomicBool::new(false),
        }
    }

    fn at(&self, number: u64) {
        self.since.store(self.millis(), Ordering::Relaxed);
        self.number.store(number, Ordering::Relaxed);
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The entry under way, and for how long it has been.
    pub fn under_way(&self) -> Option<(u64, Duration)> {
        let number = self.number.load(Ordering::Relaxed);
        let lasted = self.millis().saturating_sub(self.since.load(Ordering::Relaxed));
        (number > 0).then_some((number, Duration::from_millis(lasted)))
    }

    /// Gives the reading up.
    pub fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }
}

/// A saved world as it was read.
pub(super) struct Saved {
    pub world: Box<World>,
    /// The number of the last entry.
    pub number: u64,
    /// Whether it is as version 1 wrote it.
    pub first: bool,
    /// Where to go on; `None` asks for a new snapshot at once.
    pub go_on: Option<GoOn>,
    /// Damaged journals of which copies are kept, and how far each is good.
    pub damaged: Vec<(PathBuf, u64)>,
}

impl Saved {
    /// A world up to an entry, and nothing that goes on from it.
    pub fn up_to(number: u64, world: Box<World>) -> Saved {
        Saved { world, number, first: false, go_on: None, damaged: Vec::new() }
    }
}

/// The journal to go on in.
#[derive(Clone, Copy, Debug)]
pub(super) struct GoOn {
    pub generation: u64,
    pub length: u64,
    /// The number of the last entry before it.
    pub begun: u64,
    /// Whether what stands behind `length` is to be cut off.
    pub cut: bool,
}

/// Whether what is found damaged may be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// The folder is held.
    Mends,
    /// It can only be read.
    Looks,
}

/// One reading of a folder.
pub(super) struct Reading {
    pub disk: Arc<dyn Disk>,
    pub folder: PathBuf,
    pub hand: Hand,
    pub replayer: Replayer,
    pub progress: Arc<Progress>,
    pub guard: Arc<Guard>,
    pub notices: Vec<Notice>,
    /// Whether a new snapshot is wanted, though all is there.
    pub anew: bool,
}

/// How the journals ended.
enum Chain {
    /// All is there.
    Whole,
    /// From here on it is not.
    Broken,
}

impl Reading {
    /// Reads; `None` when nothing is saved, or nothing of it can be read, which is then told.
    pub fn read(&mut self, files: &Files) -> Result<Option<Saved>, PracticeError> {
        let marked = match &files.mark {
            Some(file) => match mark::read(&self.bytes(file)?) {
                mark::Read::Mark(mark, _) => Some(mark),
                _ => None,
            },
            None => None,
        };
        let Some(base) = self.base(files)? else {
            return self.nothing(files, marked).map(|()| None);
        };
        if marked.is_none() && !base.first {
            self.notices.push(Notice::Unmarked { file: mark::path(&self.folder) });
        }
        let mut saved = Saved { first: base.first, ..Saved::up_to(base.number, base.world) };
        let (start, was_first) = (base.generation, base.first);
        let last = files.journals.keys().next_back().copied().unwrap_or(start).max(start);
        let life = marked.map_or(Life::Open, |mark| mark.life);
        let mut chain = Chain::Whole;
        for generation in start..=last {
            let file = path(&self.folder, generation);
            if matches!(chain, Chain::Broken) {
                if files.journals.contains_key(&generation) {
                    self.move_aside(&file);
                }
                continue;
            }
            chain = match files.journals.get(&generation) {
                Some(_) => {
                    self.journal(files, generation, (was_first, generation == last, life), &mut saved)?
                }
                // Version 1 stored a snapshot before the journal that goes on from it.
                None if was_first && generation == start => Chain::Whole,
                None => {
                    self.notices.push(Notice::Gone { file });
                    Chain::Broken
                }
            };
            if matches!(chain, Chain::Broken) {
                saved.go_on = saved.go_on.filter(|go_on| go_on.generation == generation && go_on.cut);
            }
        }
        if let Some(mark) = marked.filter(|mark| mark.number > saved.number) {
            let file = path(&self.folder, mark.generation);
            self.notices.push(Notice::Short { file, missing: mark.number - saved.number });
            saved.go_on = None;
        }
        if was_first || self.anew {
            saved.go_on = None;
        }
        self.guard.acquit(saved.number);
        Ok(Some(saved))
    }

    fn bytes(&self, file: &Path) -> Result<Vec<u8>, PracticeError> {
        self.disk.read(file).map_err(|source| PracticeError::Unreadable { file: file.to_owned(), source })
    }

    /// The newest snapshot that is sound. Those that are not are set aside.
    fn base(&mut self, files: &Files) -> Result<Option<Snapshot>, PracticeError> {
        let mut newest = true;
        for file in files.snapshots.values().rev().chain(&files.first) {
            match snapshot::decode(&self.bytes(file)?) {
                snapshot::Read::World(snapshot) => {
                    if !newest {
                        self.notices.push(Notice::WentBack { at: snapshot.world.now });
                    }
                    return Ok(Some(snapshot));
                }
                snapshot::Read::Newer(version) => {
                    return Err(PracticeError::Newer { file: file.clone(), version });
                }
                snapshot::Read::Damaged => self.move_aside(file),
            }
            newest = false;
        }
        Ok(None)
    }

    /// Without a snapshot there is nothing to go on from. That is told unless nothing was ever there.
    fn nothing(&mut self, files: &Files, marked: Option<Mark>) -> Result<(), PracticeError> {
        let begun = marked.unwrap_or_default().generation > 0;
        let mut empty = !begun && files.snapshots.is_empty() && files.first.is_none();
        for file in files.journals.values() {
            let bytes = self.bytes(file)?;
            // A process that was killed while it began a world leaves the first line of a journal.
            empty &= matches!(file_header::read(&bytes, JOURNAL, JOURNAL_FIELDS),
                FileHeader::Ours { fields, length, .. } if fields[1] == 0 && length == bytes.len());
        }
        if empty {
            if self.hand == Hand::Mends {
                for file in files.journals.values() {
                    let _ = self.disk.remove(file);
                }
            }
            return Ok(());
        }
        if files.snapshots.is_empty() && files.first.is_none() {
            let generation = marked.map_or(1, |mark| mark.generation);
            self.notices.push(Notice::Gone { file: snapshot::path(&self.folder, generation) });
        }
        for file in files.journals.values().chain(&files.mark) {
            self.move_aside(file);
        }
        Ok(())
    }

    /// Carries out what a journal holds, if it is the next one.
    fn journal(
        &mut self,
        files: &Files,
        generation: u64,
        (was_first, is_last, life): (bool, bool, Life),
        saved: &mut Saved,
    ) -> Result<Chain, PracticeError> {
        let file = path(&self.folder, generation);
        let bytes = Bytes::from(self.bytes(&file)?);
        let begun = saved.number;
        let last = is_last && life == Life::Open;
        let stands =
            |found: &Found| if last && found.end == bytes.len() { Place::Last } else { Place::Within };
        let (place, end) = match file_header::read(&bytes, JOURNAL, JOURNAL_FIELDS) {
            FileHeader::Ours { version, fields, length } if fields[..] == [generation, saved.number] => {
                // What is written from now on would be damage to a program that reads that version.
                self.anew |= version < file_header::VERSION;
                let mut entries = Entries::new(&bytes, length, saved.number);
                let mut start = length;
                for found in entries.by_ref() {
                    self.carry_out(&found, stands(&found), &bytes.slice(start..found.end), saved)?;
                    start = found.end;
                }
                (entries.good().0, entries.end().unwrap_or(End::Clean))
            }
            // Nothing that later versions write can be taken for version 1.
            _ if was_first && !bytes.starts_with(b"espera") => {
                let (mut start, mut failed) = (0, None);
                let (place, _, end) = first::read(&bytes, saved.number, |found| {
                    let entry = bytes.slice(start..found.end);
                    start = found.end;
                    if failed.is_none() {
                        failed = self.carry_out(&found, stands(&found), &entry, saved).err();
                    }
                });
                if let Some(error) = failed {
                    return Err(error);
                }
                (place, end)
            }
            _ => (0, End::Damaged),
        };
        let go_on = GoOn { generation, length: place as u64, begun, cut: false };
        if saved.number > begun {
            self.guard.clear_suspicion();
        }
        Ok(match end {
            End::Clean => {
                saved.go_on = Some(go_on);
                Chain::Whole
            }
            // What is behind the last entry of a journal that was gone on from is a refused one's remains.
            End::Torn | End::Damaged if self.goes_on(files, generation + 1, saved.number) => Chain::Whole,
            End::Torn => {
                let tail = bytes.slice(place..);
                let to = self.copy_aside(&file, "end", &tail).ok();
                let cut = to.is_some() && is_last && place > 0;
                self.notices.push(Notice::Torn { file, bytes: tail.len() as u64, to });
                saved.go_on = cut.then_some(GoOn { cut: true, ..go_on });
                Chain::Broken
            }
            End::Damaged => {
                let to = self.copy_aside(&file, "damaged", &bytes).ok();
                saved.damaged.extend(to.is_some().then(|| (file.clone(), place as u64)));
                self.notices.push(Notice::damaged(&file, to));
                saved.go_on = None;
                Chain::Broken
            }
        })
    }

    /// Whether the journal of a generation goes on right after an entry.
    fn goes_on(&self, files: &Files, generation: u64, number: u64) -> bool {
        let Some(file) = files.journals.get(&generation) else { return false };
        let Ok(start) = self.disk.read_start(file) else { return false };
        matches!(file_header::read(&start, JOURNAL, JOURNAL_FIELDS),
            FileHeader::Ours { fields, .. } if fields[..] == [generation, number])
    }

    fn carry_out(
        &mut self,
        found: &Found,
        stands: Place,
        bytes: &[u8],
        saved: &mut Saved,
    ) -> Result<(), PracticeError> {
        saved.number = found.number;
        match self.guard.judge(found.number, stands, bytes) {
            Sentence::IsOut => {}
            Sentence::Goes => {
                self.progress.at(found.number);
                (self.replayer.carry_out)(&mut saved.world, &found.event, found.at);
                self.progress.at(0);
                if self.progress.abandoned.load(Ordering::Relaxed) {
                    // Nobody waits any more, and the folder is no longer held.
                    let folder = self.folder.clone();
                    return Err(PracticeError::Outlasted { folder, number: found.number });
                }
            }
            Sentence::GoesOut if self.hand == Hand::Looks => {}
            Sentence::GoesOut => {
                // Once there is a snapshot without it, it is never come to again.
                self.anew = true;
                let file = super::suspect::aside(&self.folder, found.number);
                let wrong = |source| PracticeError::Unreadable { file, source };
                let to = self.guard.put_aside(found.number, bytes).map_err(wrong)?;
                self.notices.push(Notice::EntrySetAside { what: found.event.words(), at: found.at, to });
            }
        }
        Ok(())
    }

    /// Keeps a copy of what will be cut off or swept away.
    fn copy_aside(&self, file: &Path, word: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        if self.hand == Hand::Looks {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        let to = disk::free_name(&*self.disk, file, word)?;
        disk::write_atomically(&*self.disk, &to, bytes)?;
        Ok(to)
    }

    /// Moves a file to a name not used before, and tells so.
    fn move_aside(&mut self, file: &Path) {
        let moved = match self.hand {
            Hand::Mends => disk::move_aside(&*self.disk, file, "damaged").ok(),
            Hand::Looks => None,
        };
        self.notices.push(Notice::damaged(file, moved));
    }
}
