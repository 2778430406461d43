//! The files in work: each with what was said of it, in this process only, and gone when the tool ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wdl_vocab::{DatasetId, Period};

use super::view::{Asks, Office, Outcome, Said, Scope, Seen, Task};
use crate::error::HolderError;

/// How many files are in work at once; a further one takes the place of the oldest.
const FILES_MAX: usize = 8;

/// A file in work.
pub(super) struct Work {
    pub(super) task: Task,
    pub(super) said: Said,
    pub(super) stage: Stage,
}

/// How far a file is.
#[derive(Clone)]
pub(super) enum Stage {
    /// Something must be known first.
    Asks(Arc<Asks>),
    /// It was checked.
    Seen(Arc<Seen>),
}

/// The files in work.
pub(super) struct Desk {
    office: Arc<dyn Office>,
    folder: PathBuf,
    open: Mutex<Open>,
    /// Keeps a second page out: it would clear the files of this one.
    _mine: std::fs::File,
}

#[derive(Default)]
struct Open {
    next: u64,
    works: BTreeMap<u64, Arc<Mutex<Work>>>,
}

impl Desk {
    /// An empty desk; what an earlier run left behind is removed.
    pub(super) fn new(office: Arc<dyn Office>) -> Result<Desk, HolderError> {
        let folder = office.about().incoming.clone();
        let beside = folder.parent().unwrap_or(&folder);
        let mine = crate::body::lock(beside, "page")?;
        clear(&folder).map_err(HolderError::file(&folder))?;
        crate::body::private_folder(&folder).map_err(HolderError::file(&folder))?;
        Ok(Desk {
            office,
            folder,
            open: Mutex::default(),
            _mine: mine,
        })
    }

    pub(super) fn office(&self) -> &dyn Office {
        &*self.office
    }

    /// Puts a file on the desk and checks it.
    pub(super) fn take(
        &self,
        (dataset, period): (DatasetId, Period),
        scope: Scope,
        name: &str,
        bytes: &[u8],
    ) -> Result<u64, HolderError> {
        let id = {
            let mut open = lock(&self.open);
            open.next += 1;
            open.next
        };
        let ending = Path::new(name)
            .extension()
            .and_then(|ending| ending.to_str());
        let ending =
            ending.filter(|ending| ending.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let path = self
            .folder
            .join(format!("{id}.{}", ending.unwrap_or("csv")));
        std::fs::write(&path, bytes).map_err(HolderError::file(&path))?;
        let task = Task {
            dataset,
            period,
            path,
            name: name.to_owned(),
            scope,
        };
        let said = Said::default();
        let stage = self
            .look(&task, &said)
            .inspect_err(|_| remove(&task.path))?;
        let work = Work { task, said, stage };
        let mut over = Vec::new();
        {
            let mut open = lock(&self.open);
            open.works.insert(id, Arc::new(Mutex::new(work)));
            while open.works.len() > FILES_MAX {
                over.extend(open.works.pop_first().map(|(_, oldest)| oldest));
            }
        }
        for oldest in over {
            // A file that is being checked or sealed this moment is left to its own end.
            if let Ok(work) = oldest.try_lock() {
                remove(&work.task.path);
            }
        }
        Ok(id)
    }

    /// A file in work.
    pub(super) fn work(&self, id: u64) -> Option<Arc<Mutex<Work>>> {
        lock(&self.open).works.get(&id).cloned()
    }

    /// Checks a file again after something was said of it; when that fails, what was said before holds.
    pub(super) fn again(&self, work: &mut Work, said: Said) -> Result<(), HolderError> {
        work.stage = self.look(&work.task, &said)?;
        work.said = said;
        Ok(())
    }

    /// Takes a sealed file off the desk.
    pub(super) fn done(&self, id: u64, task: &Task) {
        remove(&task.path);
        lock(&self.open).works.remove(&id);
    }

    fn look(&self, task: &Task, said: &Said) -> Result<Stage, HolderError> {
        Ok(match self.office.look(task, said)? {
            Outcome::Asks(asks) => Stage::Asks(Arc::new(asks)),
            Outcome::Checked(seen) => Stage::Seen(Arc::from(seen)),
        })
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // When the disk refuses, the next run clears what is left.
        let _ = clear(&self.folder);
    }
}

/// Locks; a request that failed while it held the lock left whole values behind.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn remove(path: &Path) {
    // What cannot be removed now is removed when the tool ends or begins.
    let _ = std::fs::remove_file(path);
}

fn clear(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
