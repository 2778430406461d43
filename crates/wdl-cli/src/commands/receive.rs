//! `wdl receive FILE…`: deliveries come in.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::json;
use wdl_lab::{Reception, Stopped, receive};
use wdl_vocab::{Exit, Lang, Text};

use crate::answer::Answer;
use crate::manner::Manner;

/// Receives sealed deliveries
#[derive(clap::Args)]
pub(crate) struct Receive {
    /// The sealed files
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Receive {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let mut desk = manner.desk()?;
        let receptions = receive(&mut desk, &self.files)?;
        let text = Text::new(words(&receptions, Lang::It), words(&receptions, Lang::En));
        let refused = receptions.iter().find_map(|one| one.outcome.as_ref().err());
        let exit = refused.map_or(Exit::Done, |stopped| stopped.code().exit);
        let value: Vec<_> = receptions
            .iter()
            .map(|one| value(one, manner.lang()))
            .collect();
        Ok(Answer::new(text, json!({ "files": value })).exit(exit))
    }
}

fn words(receptions: &[Reception], lang: Lang) -> String {
    let mut shown = String::new();
    for reception in receptions {
        let file = reception.file.display();
        let _ = match (&reception.outcome, lang) {
            (Ok(accepted), Lang::It) => writeln!(
                shown,
                "accettata  {file}: {} {} {}, {} righe, conferimento {}",
                accepted.body,
                accepted.dataset,
                accepted.period,
                lang.number(accepted.rows as f64, 0),
                accepted.delivery
            ),
            (Ok(accepted), Lang::En) => writeln!(
                shown,
                "accepted  {file}: {} {} {}, {} rows, delivery {}",
                accepted.body,
                accepted.dataset,
                accepted.period,
                lang.number(accepted.rows as f64, 0),
                accepted.delivery
            ),
            (Err(stopped), Lang::It) => {
                writeln!(
                    shown,
                    "rifiutata  {file}: {}",
                    stopped.diagnostic().render(lang)
                )
            }
            (Err(stopped), Lang::En) => {
                writeln!(
                    shown,
                    "refused  {file}: {}",
                    stopped.diagnostic().render(lang)
                )
            }
        };
    }
    shown
}

fn value(reception: &Reception, lang: Lang) -> serde_json::Value {
    match &reception.outcome {
        Ok(accepted) => json!({
            "file": reception.file,
            "accepted": accepted,
            "receipt": reception.receipt,
        }),
        Err(stopped) => json!({
            "file": reception.file,
            "refused": stopped.diagnostic(),
            "message": stopped.diagnostic().render(lang),
        }),
    }
}
