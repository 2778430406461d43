//! `wdl protect`: disclosure control on plain files, outside any lab; a file for each kind.

mod anonymise;
mod audit;
mod changed;
mod hidden;
mod mask;
mod noise;
mod output;
mod persons;
mod perturb;
mod risk;
mod round;
mod secret;
mod suppress;
mod table;
mod table_faults;
mod tables;

use std::path::Path;

use wdl_lab::Stopped;
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::disclosure as codes;

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
    Mask(Box<mask::Mask>),
    Noise(Box<noise::Noise>),
    Output(output::OutputOf),
    Perturb(Box<perturb::Perturb>),
    Risk(Box<risk::Risk>),
    Round(Box<round::Round>),
    Suppress(Box<suppress::Suppress>),
    Table(Box<table::Table>),
    Tables(tables::Tables),
}

impl Protect {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match &self.what {
            What::Anonymise(command) => command.run(manner),
            What::Audit(command) => command.run(),
            What::Mask(command) => command.run(),
            What::Noise(command) => command.run(),
            What::Output(command) => command.run(),
            What::Perturb(command) => command.run(),
            What::Risk(command) => command.run(manner),
            What::Round(command) => command.run(),
            What::Suppress(command) => command.run(manner),
            What::Table(command) => command.run(),
            What::Tables(command) => command.run(),
        }
    }
}

/// What is read is not written over.
fn check_out(out: Option<&Path>, read: &[&Path]) -> Result<(), Stopped> {
    let Some(out) = out else { return Ok(()) };
    let same = |read: &&Path| matches!((read.canonicalize(), out.canonicalize()), (Ok(read), Ok(out)) if read == out);
    match read.iter().any(same) {
        true => Err(anonymise::bad_option(
            "--out",
            &out.display().to_string(),
            &["FILE"],
        )),
        false => Ok(()),
    }
}

/// A column has one role, and is named once; each role is an option with its columns.
fn check_roles(roles: &[(&str, &[String])]) -> Result<(), Stopped> {
    let mut named: Vec<(&str, &str)> = Vec::new();
    for (role, columns) in roles {
        for column in *columns {
            if let Some((_, other)) = named.iter().find(|(known, _)| known == column) {
                let fault = Diagnostic::new(codes::TWO_ROLES)
                    .with("column", column)
                    .with("name", other)
                    .with("other", role);
                return Err(Stopped::new(fault));
            }
            named.push((column, role));
        }
    }
    Ok(())
}
