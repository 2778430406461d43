//! `wdl contract …`: contracts checked, compared, described and exchanged, with a lab or without.

mod check;
mod diff;
mod exchange;

use std::path::{Path, PathBuf};

use wdl_lab::Stopped;

use crate::answer::Answer;
use crate::manner::Manner;

/// Checks, compares and exchanges data contracts
#[derive(clap::Args)]
pub(crate) struct Contract {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Check(check::Check),
    Diff(diff::Diff),
    /// The JSON Schema of the lab's own properties, for editors
    Schema,
    Export(exchange::Export),
    Import(exchange::Import),
}

impl Contract {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match &self.what {
            What::Check(command) => command.run(manner),
            What::Diff(command) => command.run(),
            What::Schema => Ok(exchange::schema()),
            What::Export(command) => command.run(manner),
            What::Import(command) => command.run(manner),
        }
    }
}

/// The lab folder in which a contract stands (`contracts/<body>/<dataset>.odcs.yaml`), when it stands in one.
fn lab_around(file: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(file).ok()?;
    let lab = file.ancestors().nth(3)?;
    let is_lab = lab.join("codes").is_dir() && file.starts_with(lab.join("contracts"));
    is_lab.then(|| lab.to_owned())
}
