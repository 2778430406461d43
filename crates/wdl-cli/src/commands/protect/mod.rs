//! `wdl protect`: disclosure control on plain files, outside any lab; a file for each kind.

mod anonymise;

use wdl_lab::Stopped;

use crate::answer::Answer;
use crate::manner::Manner;

/// Protects tables and records of plain files
#[derive(clap::Args)]
pub(crate) struct Protect {
    #[command(subcommand)]
    what: What,
}

/// What is protected.
#[derive(clap::Subcommand)]
enum What {
    Anonymise(Box<anonymise::Anonymise>),
}

impl Protect {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match &self.what {
            What::Anonymise(command) => command.run(manner),
        }
    }
}
