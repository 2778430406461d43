//! What a command gives back: words for people, a value for programs, an exit code.

use std::io::Write as _;

use serde::Serialize;
use wdl_vocab::{Exit, Lang, Text};

use crate::manner::{Format, Manner};

/// The answer of a command.
pub(crate) struct Answer {
    it: String,
    en: String,
    value: serde_json::Value,
    page: Option<Box<dyn Fn(Lang) -> String>>,
    pub(crate) exit: Exit,
}

impl Answer {
    /// An answer in both languages, and as a value.
    pub(crate) fn new(text: Text, value: impl Serialize) -> Answer {
        Answer {
            it: text.it.into_owned(),
            en: text.en.into_owned(),
            value: serde_json::to_value(value).expect("answers are numbers and text"),
            page: None,
            exit: Exit::Done,
        }
    }

    /// Adds a page that stands alone, drawn only when it is asked for.
    pub(crate) fn page(mut self, page: impl Fn(Lang) -> String + 'static) -> Answer {
        self.page = Some(Box::new(page));
        self
    }

    /// Ends the command in another way than "done".
    pub(crate) fn exit(mut self, exit: Exit) -> Answer {
        self.exit = exit;
        self
    }

    /// Prints it on standard output; a reader that went away is not a fault.
    pub(crate) fn print(&self, manner: &Manner) {
        let mut out = std::io::stdout().lock();
        let _ = match (manner.format, manner.lang()) {
            (Format::Html, lang) => match &self.page {
                Some(page) => writeln!(out, "{}", page(lang).trim_end()),
                None => Ok(()),
            },
            (Format::Json, _) => writeln!(out, "{}", self.value),
            (Format::Text, Lang::It) => writeln!(out, "{}", self.it.trim_end()),
            (Format::Text, Lang::En) => writeln!(out, "{}", self.en.trim_end()),
        };
    }
}
