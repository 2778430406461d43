//! `wdl protect`: disclosure control on plain files, outside any lab; a file for each kind.

mod anonymise;
mod audit;
mod hidden;
mod risk;
mod suppress;
mod table;
mod table_faults;
mod tables;

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
    Audit(audit::Audit),
    Risk(Box<risk::Risk>),
    Suppress(Box<suppress::Suppress>),
    Table(Box<table::Table>),
    Tables(tables::Tables),
}

impl Protect {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match &self.what {
            What::Anonymise(command) => command.run(manner),
            What::Audit(command) => command.run(),
            What::Risk(command) => command.run(manner),
            What::Suppress(command) => command.run(manner),
            What::Table(command) => command.run(),
            What::Tables(command) => command.run(),
        }
    }
}
