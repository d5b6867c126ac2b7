//! The programs that run in a world: at which sites its workload is installed, each started when its site is
//! first asked, and kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::site::Site;
use super::workload::{Program, Surroundings, Workload};

/// What runs in a world.
#[derive(Debug)]
pub(crate) struct Programs {
    workload: Option<Arc<dyn Workload>>,
    started: Mutex<HashMap<Site, Program>>,
}

impl Programs {
    /// Those of a workload; without one nothing runs anywhere.
    pub fn new(workload: Option<Arc<dyn Workload>>) -> Programs {
        Programs { workload, started: Mutex::default() }
    }

    /// Whether something runs at a site. It may be asked while the world is locked.
    pub fn runs_at(&self, site: &Site) -> bool {
        self.workload.as_ref().is_some_and(|workload| workload.claims(site))
    }

    /// What runs at a site.
    pub fn at(&self, site: &Site, surroundings: impl FnOnce() -> Surroundings) -> Option<Program> {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(program) = started.get(site) {
            return Some(program.clone());
        }
        let program = self.workload.as_ref()?.start(site, surroundings())?;
        started.insert(site.clone(), program.clone());
        Some(program)
    }
}
