//! Where deliveries stand: nothing of a run in its place before all of it is whole.

use std::fs;
use std::path::{Path, PathBuf};

use wdl_delivery::{DeliveryKind, Scope};
use wdl_vocab::{BodyId, DatasetId, Period};

use crate::error::HolderError;

/// The folder of a period's deliveries, and where they stand until all are whole.
pub(crate) struct Place {
    folder: PathBuf,
    partial: PathBuf,
}

/// The names of a delivery's two files.
pub(crate) struct Names {
    pub(crate) delivery: String,
    pub(crate) receipt: String,
}

impl Names {
    /// A correction has a name of its own beside what it corrects; a dataset sealed again takes the place of what was not sent.
    pub(crate) fn of(dataset: &DatasetId, kind: &DeliveryKind) -> Names {
        let what = match kind {
            DeliveryKind::Ordinary {} => String::new(),
            DeliveryKind::Substitutive {
                of,
                scope: Scope::Whole,
            } => format!(".replaces-{}", short(of.as_str())),
            DeliveryKind::Substitutive {
                of,
                scope: Scope::Rejected,
            } => format!(".completes-{}", short(of.as_str())),
            DeliveryKind::Cancelling { of } => format!(".cancels-{}", short(of.as_str())),
        };
        Names {
            delivery: format!("{dataset}{what}.wdld"),
            receipt: format!("{dataset}{what}.receipt.json"),
        }
    }
}

fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

impl Place {
    pub(crate) fn new(out: &Path, body: &BodyId, period: Period) -> Result<Place, HolderError> {
        let body = out.join(body.as_str());
        let folder = body.join(period.to_string());
        let partial = body.join(format!(".{period}.partial"));
        // What an interrupted run left is of no use.
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(HolderError::file(&partial))?;
        }
        Ok(Place { folder, partial })
    }

    /// Where a file stands for now.
    pub(crate) fn growing(&self, name: &str) -> Result<PathBuf, HolderError> {
        fs::create_dir_all(&self.partial).map_err(HolderError::file(&self.partial))?;
        Ok(self.partial.join(name))
    }

    /// Where a file will stand.
    pub(crate) fn target(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Moves files to their place, in this order.
    pub(crate) fn publish<'a>(
        &self,
        targets: impl Iterator<Item = &'a PathBuf>,
    ) -> Result<(), HolderError> {
        fs::create_dir_all(&self.folder).map_err(HolderError::file(&self.folder))?;
        for target in targets {
            let name = target.file_name().expect("a delivery has a name");
            fs::rename(self.partial.join(name), target).map_err(HolderError::file(target))?;
        }
        fs::remove_dir_all(&self.partial).map_err(HolderError::file(&self.partial))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A run that stopped leaves nothing behind; when the disk refuses, the next run cleans up.
        let _ = fs::remove_dir_all(&self.partial);
    }
}
