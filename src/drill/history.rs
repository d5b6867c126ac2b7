//! The drills of earlier days: their list, one of them whole, and the one that was cut off.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::event::{Event, Undo, What};
use super::report::Report;
use super::{DrillError, fold, log};
use crate::cloud::Move;

/// An earlier drill in the list.
#[derive(Debug)]
pub struct Summary {
    /// The run's id.
    pub run: String,
    /// Its folder, which also holds the exported reports.
    pub folder: PathBuf,
    /// Its report, or why its log cannot be read.
    pub report: Result<Report, DrillError>,
}

/// A drill with all its events, for the chart and the exports.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Everything that happened.
    pub events: Vec<Event>,
    /// What it cost.
    pub report: Report,
    /// An earlier drill of the other mode to set beside it: planned beside unplanned.
    pub beside: Option<Report>,
}

impl Run {
    /// A drill from its events alone.
    #[must_use]
    pub fn of(events: Vec<Event>) -> Run {
        Run { report: fold(&events), events, beside: None }
    }

    /// Reads a drill, and finds the newest finished one of the other mode to set beside it.
    ///
    /// # Errors
    /// When its log cannot be read, is damaged, or comes from a later Espera.
    pub fn load(folder: &Path, run: &str) -> Result<Run, DrillError> {
        let own = Run::of(log::read(folder, run)?);
        let other = match own.report.plan.mode {
            Move::Failover => Move::Switchover,
            Move::Switchover => Move::Failover,
        };
        let finished = runs(folder).into_iter().filter_map(|s| s.report.ok());
        let beside = finished.into_iter().find(|r| r.plan.mode == other && r.ended.is_some());
        Ok(Run { beside, ..own })
    }
}

/// All drills in a folder, the newest first.
#[must_use]
pub fn runs(folder: &Path) -> Vec<Summary> {
    let summary = |run: String| {
        let report = log::read(folder, &run).map(|events| fold(&events));
        Summary { folder: folder.join(&run), run, report }
    };
    names(folder).into_iter().rev().map(summary).collect()
}

/// The runs' ids, which begin with the moment they began: in the order of time.
pub(super) fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    // A folder without a log has lost it; what begins with a dot is a run that did not come to be.
    let runs = entries.filter(|e| e.path().is_dir());
    runs.filter_map(|e| e.file_name().into_string().ok()).filter(|name| !name.starts_with('.')).collect()
}

/// A drill that was cut off: by a crash, a kill, or the end of its future.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// The run's id.
    pub run: String,
    /// What is known of it.
    pub report: Report,
    /// What still has to be undone, in the order of doing so.
    pub undo: Vec<Undo>,
    pub(super) events: Vec<Event>,
}

/// The newest drill in a folder that neither reached its end nor was undone.
#[must_use]
pub fn find_unfinished(folder: &Path) -> Option<Unfinished> {
    names(folder).into_iter().rev().find_map(|run| {
        let events = log::read(folder, &run).ok()?;
        let undo = outstanding_undos(&events);
        let report = fold(&events);
        (report.ended.is_none() && !events.is_empty() || !undo.is_empty()).then_some(Unfinished {
            run,
            report,
            undo,
            events,
        })
    })
}

/// What was done and not taken back. The fault comes first: what it broke may be needed for the rest.
pub(super) fn outstanding_undos(events: &[Event]) -> Vec<Undo> {
    let mut open = BTreeSet::new();
    for event in events {
        match &event.what {
            What::Undo { undo } => {
                open.insert(undo.clone());
            }
            What::Undone { undo } => {
                open.remove(undo);
            }
            _ => {}
        }
    }
    open.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::log::Log;
    use super::super::samples::Drill;
    use super::*;
    use crate::cloud::Fault;

    fn put(folder: &Path, run: &str, drill: &Drill) {
        Log::create(folder, run, &drill.events()).unwrap();
    }

    fn broken_drill() -> Drill {
        let mut drill = Drill::new();
        drill.at(1, What::Undo { undo: Undo::Writes });
        drill.at(1, What::Undo { undo: Undo::Mend { fault: Fault::Api } });
        drill
    }

    #[test]
    fn what_a_kill_left_broken_is_found_fault_first_until_it_is_undone() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(find_unfinished(folder.path()), None);
        let mut drill = broken_drill();
        put(folder.path(), "2026-a", &drill);
        let found = find_unfinished(folder.path()).expect("it has no end");
        assert_eq!(found.undo, [Undo::Mend { fault: Fault::Api }, Undo::Writes]);
        drill.at(2, What::Undone { undo: Undo::Writes });
        drill.at(2, What::Undone { undo: Undo::Mend { fault: Fault::Api } }).finish(3);
        fs::remove_dir_all(folder.path().join("2026-a")).unwrap();
        put(folder.path(), "2026-b", &drill);
        assert_eq!(find_unfinished(folder.path()), None);
    }

    #[test]
    fn the_list_is_newest_first_and_a_damaged_run_does_not_hide_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let mut drill = Drill::new();
        put(folder.path(), "2026-a", drill.finish(1));
        put(folder.path(), "2026-c", &drill);
        fs::create_dir(folder.path().join("2026-b")).unwrap();
        fs::write(folder.path().join("2026-b/log.jsonl"), "nonsense\n").unwrap();
        let runs = runs(folder.path());
        let names: Vec<_> = runs.iter().map(|r| (r.run.as_str(), r.report.is_ok())).collect();
        assert_eq!(names, [("2026-c", true), ("2026-b", false), ("2026-a", true)]);
    }

    #[test]
    fn a_planned_drill_stands_beside_an_unplanned_one() {
        use super::super::plan::Plan;
        let folder = tempfile::tempdir().unwrap();
        let mut planned = Drill::new();
        planned.plan = Plan::switchover();
        put(folder.path(), "2026-a", planned.finish(1));
        put(folder.path(), "2026-b", Drill::new().finish(1));
        let run = Run::load(folder.path(), "2026-b").unwrap();
        assert_eq!(run.beside.map(|r| r.plan.mode), Some(Move::Switchover));
    }
}
