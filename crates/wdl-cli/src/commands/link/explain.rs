//! `wdl link explain ID1 ID2`: why two records are held to be the same person, or not.

use wdl_lab::Stopped;
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::linkage as codes;

use super::Files;
use crate::answer::Answer;
use crate::manner::Manner;

/// Tells why two records are linked or not, part by part
#[derive(clap::Args)]
pub(super) struct Explain {
    /// The id of the first record
    one: String,
    /// The id of the second record
    other: String,
    #[command(flatten)]
    files: Files,
}

impl Explain {
    pub(super) fn run(&self, _manner: &Manner) -> Result<Answer, Stopped> {
        let input = self.files.read(None)?;
        let last = input.data.sources.len() - 1;
        for (place, (source, id)) in [(0, &self.one), (last, &self.other)]
            .into_iter()
            .enumerate()
        {
            if input.data.find(source, id).is_none() {
                return Err(Stopped::new(
                    Diagnostic::new(codes::UNKNOWN_RECORD).with("count", place + 1),
                ));
            }
        }
        Err(Stopped::new(Diagnostic::new(codes::NOTHING_RUN)))
    }
}
