//! The run itself: read, link, judge, print, write.

use std::path::PathBuf;

use serde_json::json;
use wdl_lab::Stopped;
use wdl_vocab::Text;

use super::Files;
use super::truth::Truth;
use crate::answer::Answer;
use crate::manner::Manner;

/// What to link and how
#[derive(clap::Args)]
pub(super) struct Run {
    #[command(flatten)]
    files: Files,
    /// The pairs that are true, a CSV of two columns of ids
    #[arg(long, value_name = "PAIRS.csv", conflicts_with = "truth_column")]
    truth: Option<PathBuf>,
    /// The column that says who is who, never compared
    #[arg(long, value_name = "COL")]
    truth_column: Option<String>,
    /// The folder for pairs, clusters, model and report
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Run {
    pub(super) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let mut input = self.files.read(self.truth_column.as_deref())?;
        let mut truth = input.truth.take().map(Truth::of_column);
        if let Some(pairs) = &self.truth {
            let (read, notice) = Truth::of_pairs(pairs, &input.data, self.files.id())?;
            truth = Some(read);
            input.notes.extend(notice);
        }
        let true_pairs = truth.as_ref().map(|truth| match truth {
            Truth::Labels(labels) => labels.len() as u64,
            Truth::Pairs { pairs, unknown } => pairs.len() as u64 + unknown,
        });
        let value = json!({ "records": input.data.len(), "truth": true_pairs });
        let _ = manner;
        Ok(Answer::new(Text::new("", ""), value))
    }
}
