//! The command line: words in, work done, words out.
//!
//! Standard output holds the answer, in text or as one JSON document; messages go to standard error.

mod answer;
mod args;
mod check;
mod send;
mod tell;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use wdl_vocab::{BodyId, Diagnose as _, Exit, Lang};

use crate::body::{Body, VERIFYING_KEY};
use crate::error::HolderError;
use crate::work::{Ground, Steward};
use args::{Format, MyDesk, Verb};

/// Where the tool writes, and what it is told of the world.
pub struct Surroundings<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// The locale of the system, such as `it_IT.UTF-8`.
    pub locale: &'a str,
    /// The clock.
    pub now: fn() -> Timestamp,
}

/// Runs one command; the answer is the number the process ends with.
pub fn run(arguments: Vec<OsString>, world: Surroundings<'_>) -> u8 {
    let lang = args::language(&arguments).unwrap_or_else(|| Lang::from_locale(world.locale));
    let command = match args::parse(arguments, lang) {
        Ok(command) => command,
        Err(args::Stop::Shown(text)) => {
            let _ = world.out.write_all(text.as_bytes());
            return Exit::Done.status();
        }
        Err(args::Stop::Wrong(diagnostic)) => {
            let _ = writeln!(world.err, "{}", diagnostic.render(lang));
            return diagnostic.code.exit.status();
        }
    };
    let mut desk = Desk {
        lang,
        format: command.format,
        world,
    };
    match desk.turn(&command.verb) {
        Ok(exit) => exit.status(),
        Err(error) => {
            for diagnostic in error.diagnostics() {
                let _ = writeln!(desk.world.err, "{}", diagnostic.render(lang));
            }
            error.diagnostic().code.exit.status()
        }
    }
}

/// One run of the tool.
struct Desk<'a> {
    lang: Lang,
    format: Format,
    world: Surroundings<'a>,
}

/// The answer of `init`.
#[derive(Serialize)]
struct Made {
    body: BodyId,
    directory: PathBuf,
    verifying_key: PathBuf,
}

impl Desk<'_> {
    fn turn(&mut self, verb: &Verb) -> Result<Exit, HolderError> {
        match verb {
            Verb::Init { dir, body } => self.init(dir, body),
            Verb::Check {
                quarter,
                lab,
                contract,
                body,
                dir,
                reports,
            } => {
                let ground = match (lab, contract) {
                    (_, Some(contract)) => Ground::of_contract(contract)?,
                    (Some(lab), None) => Ground::of_lab(lab, body.as_deref().unwrap_or_default())?,
                    (None, None) => unreachable!("one of the two is asked for"),
                };
                self.check(&ground, quarter, (dir.as_deref(), reports.as_deref()))
            }
            Verb::Seal {
                quarter,
                desk,
                sending,
                correction,
                reports,
                only_accepted,
            } => {
                let how = send::How {
                    sending,
                    correction,
                    only_accepted: *only_accepted,
                };
                self.seal(&sit(desk)?, quarter, (how, reports.as_deref()))
            }
            Verb::Cancel {
                delivery,
                desk,
                sending,
                reason,
            } => self.cancel(&sit(desk)?, sending, (delivery, reason)),
            Verb::Receipt {
                files,
                desk,
                lab_key,
            } => self.receipt(&sit(desk)?, files, lab_key.as_deref()),
            Verb::Ui {
                desk,
                sending,
                lab_key,
                port,
            } => self.page(sit(desk)?, (sending, lab_key.as_deref()), *port),
        }
    }

    fn init(&mut self, dir: &Path, body: &str) -> Result<Exit, HolderError> {
        let id = BodyId::parse(body).map_err(|_| HolderError::UnknownBody {
            body: body.chars().take(60).collect(),
            known: Vec::new(),
        })?;
        Body::init(dir, &id)?;
        let made = Made {
            body: id,
            directory: dir.to_owned(),
            verifying_key: dir.join(VERIFYING_KEY),
        };
        match self.format {
            Format::Json => self.json(&made),
            Format::Text => self.say_made(&made),
        }
        Ok(Exit::Done)
    }

    fn json(&mut self, value: &impl Serialize) {
        let mut out = std::io::BufWriter::new(&mut *self.world.out);
        // A reader that went away wants no more words.
        let _ = serde_json::to_writer_pretty(&mut out, value);
        let _ = writeln!(out);
    }
}

fn sit(desk: &MyDesk) -> Result<Steward, HolderError> {
    Steward::sit(&desk.lab, &desk.body, &desk.dir)
}
