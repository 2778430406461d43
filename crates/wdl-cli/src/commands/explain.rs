//! `wdl explain CODE`: what a code means and what to do.

use wdl_lab::Stopped;
use wdl_vocab::diagnostics::codes::{self, usage};
use wdl_vocab::diagnostics::explain;
use wdl_vocab::{Diagnostic, Lang, Text, did_you_mean};

use crate::answer::Answer;

/// Says what a code means and what to do
#[derive(clap::Args)]
pub(crate) struct Explain {
    /// The code, such as WDL-G003
    code: String,
}

impl Explain {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        match (explain(&self.code, Lang::It), explain(&self.code, Lang::En)) {
            (Some(it), Some(en)) => {
                let value =
                    serde_json::json!({ "code": self.code.to_uppercase(), "it": it, "en": en });
                Ok(Answer::new(Text::new(it, en), value))
            }
            _ => Err(Stopped::new(
                Diagnostic::new(usage::UNKNOWN_CODE)
                    .with("code", self.code.chars().take(40).collect::<String>())
                    .suggest(did_you_mean(&self.code, codes::all().map(|code| code.id))),
            )),
        }
    }
}
