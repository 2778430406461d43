//! What every command takes: where the lab is, who acts, in which language and form to answer.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ValueEnum as _;
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
    /// A page that stands alone, from the commands that have one.
    Html,
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

/// How people are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spoken {
    pub(crate) lang: Lang,
    pub(crate) format: Format,
}

impl Spoken {
    /// What a command line asks for that cannot be read as a whole: the language and the form are looked for among its words.
    pub(crate) fn of_words(words: impl IntoIterator<Item = OsString>) -> Spoken {
        let words: Vec<String> = words
            .into_iter()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        let asked = |option: &str| {
            let joined = format!("{option}=");
            words.iter().enumerate().find_map(|(place, word)| {
                let next = || words.get(place + 1).map(String::as_str);
                match word == option {
                    true => next(),
                    false => word.strip_prefix(&joined),
                }
            })
        };
        let lang = asked("--lang").and_then(|name| LangName::from_str(name, false).ok());
        let format = asked("--format").and_then(|name| Format::from_str(name, false).ok());
        Spoken {
            lang: named(lang),
            format: format.unwrap_or(Format::Text),
        }
    }
}

/// The language asked for, else that of the locale.
fn named(name: Option<LangName>) -> Lang {
    match name {
        Some(LangName::It) => Lang::It,
        Some(LangName::En) => Lang::En,
        None => ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .map_or(Lang::En, |locale| Lang::from_locale(&locale)),
    }
}

impl Manner {
    pub(crate) fn spoken(&self) -> Spoken {
        Spoken {
            lang: self.lang(),
            format: self.format,
        }
    }

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
        named(self.lang)
    }
}
