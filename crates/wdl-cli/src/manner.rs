//! What every command takes: where the lab is, who acts, in which language and form to answer.

use std::path::PathBuf;

use jiff::Timestamp;
use wdl_lab::{Desk, Home, Stopped};
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, Lang};

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One document with stable keys.
    Json,
}

/// A language of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum LangName {
    It,
    En,
}

/// Options of every command.
#[derive(clap::Args)]
pub(crate) struct Manner {
    /// The folder that holds the lab
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// The signing key of the office that acts
    #[arg(long = "as", global = true, value_name = "KEY")]
    pub(crate) key: Option<PathBuf>,
    /// The form of the answer
    #[arg(long, global = true, default_value = "text", value_name = "FORM")]
    pub(crate) format: Format,
    /// The language; without it, that of the locale
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<LangName>,
}

impl Manner {
    /// The desk of the office that acts.
    pub(crate) fn desk(&self) -> Result<Desk, Stopped> {
        match &self.key {
            Some(key) => Desk::open(&self.dir, key, Timestamp::now()),
            None => {
                Home::open(&self.dir)?;
                Err(Stopped::new(Diagnostic::new(codes::NOT_ACTING)))
            }
        }
    }

    pub(crate) fn lang(&self) -> Lang {
        match self.lang {
            Some(LangName::It) => Lang::It,
            Some(LangName::En) => Lang::En,
            None => ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .filter_map(|name| std::env::var(name).ok())
                .find(|value| !value.is_empty())
                .map_or(Lang::En, |locale| Lang::from_locale(&locale)),
        }
    }
}
