//! `wdl receive FILE…`: deliveries come in.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::json;
use wdl_lab::{Reception, Stopped, TakenIn, receive};
use wdl_vocab::diagnostics::message;
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

/// What each file came to, in words: what came in, then what was rejected of it, or why it was refused.
fn words(receptions: &[Reception], lang: Lang) -> String {
    let mut shown = String::new();
    for reception in receptions {
        let file = reception.file.display();
        match &reception.outcome {
            Ok(taken) => shown.push_str(&accepted(&file.to_string(), taken, lang)),
            Err(stopped) => {
                let refused = Text::fixed("rifiutata", "refused");
                let why = stopped.diagnostic().render(lang);
                let _ = writeln!(shown, "{}  {file}: {why}", refused.get(lang));
            }
        }
    }
    shown
}

fn accepted(file: &str, taken: &TakenIn, lang: Lang) -> String {
    let one = &taken.admitted.accepted;
    let count = |rows: u64| lang.number(rows as f64, 0);
    let (rows, rejected) = (count(one.rows), count(one.rows_rejected));
    let (body, dataset, period) = (&one.body, &one.dataset, one.period);
    let (delivery, receipt) = (&one.delivery, taken.answered.pdf.display());
    let mut shown = match lang {
        Lang::It => format!(
            "accettata  {file}: {body} {dataset} {period}, {rows} righe, conferimento {delivery}\n"
        ),
        Lang::En => format!(
            "accepted  {file}: {body} {dataset} {period}, {rows} rows, delivery {delivery}\n"
        ),
    };
    if one.rows_rejected > 0 {
        let _ = match lang {
            Lang::It => writeln!(
                shown,
                "  {rejected} righe scartate, elencate nella ricevuta"
            ),
            Lang::En => writeln!(shown, "  {rejected} rows rejected, listed in the receipt"),
        };
    }
    for note in &taken.admitted.notes {
        let _ = writeln!(shown, "  {}", message(note, lang));
    }
    let _ = match lang {
        Lang::It => writeln!(shown, "  ricevuta {receipt}"),
        Lang::En => writeln!(shown, "  receipt {receipt}"),
    };
    shown
}

/// One file, with stable keys: `outcome` says which of the others are there.
fn value(reception: &Reception, lang: Lang) -> serde_json::Value {
    match &reception.outcome {
        Ok(taken) => {
            let answered = &taken.answered;
            let reception_of = answered.receipt.reception();
            json!({
                "file": reception.file,
                "outcome": "accepted",
                "accepted": taken.admitted.accepted,
                "rejected_rows": taken.admitted.rejected_rows,
                "notes": taken.admitted.notes,
                "receipt": {
                    "number": reception_of.map(|reception| reception.number),
                    "json": answered.json,
                    "pdf": answered.pdf,
                },
            })
        }
        Err(stopped) => json!({
            "file": reception.file,
            "outcome": "refused",
            "refused": stopped.diagnostic(),
            "message": stopped.diagnostic().render(lang),
        }),
    }
}
