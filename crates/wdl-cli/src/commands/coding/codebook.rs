//! `wdl codebook check | diff`: what codes mean, and what became of them from one version to the next.

use std::fmt::Write as _;

use serde_json::json;
use wdl_evaluation::coding::{Became, Codebook, Comparison, compare};
use wdl_lab::Stopped;
use wdl_vocab::{Exit, Lang, Text};

use super::{book, said};
use crate::answer::Answer;
use crate::manner::Manner;

/// Looks at a codebook, or at two versions of one
#[derive(clap::Args)]
pub(crate) struct CodebookCommand {
    #[command(subcommand)]
    step: Step,
}

#[derive(clap::Subcommand)]
enum Step {
    /// Reads a codebook and lists its codes; every fault has its line and column
    Check {
        /// The codebook: a name in the lab, or a file
        book: String,
    },
    /// What each code of the older version became in the newer one
    Diff {
        /// The older version
        old: String,
        /// The newer version
        new: String,
    },
}

impl CodebookCommand {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match &self.step {
            Step::Check { book: typed } => {
                let book = book(manner, typed)?;
                let text = |lang| listed(&book, lang);
                Ok(Answer::new(
                    Text::new(text(Lang::It), text(Lang::En)),
                    &book,
                ))
            }
            Step::Diff { old, new } => {
                let (old, new) = (book(manner, old)?, book(manner, new)?);
                let compared = compare(&old, &new).map_err(|told| Stopped::new(*told))?;
                let untold = compared.untold();
                let text = |lang| {
                    let mut shown = changed(&compared, lang);
                    if let Some(untold) = &untold {
                        let _ = write!(shown, "\n{}", untold.render(lang));
                    }
                    shown
                };
                let value = json!({
                    "codebook": new.id(),
                    "from": compared.from,
                    "to": compared.to,
                    "changes": compared.changes,
                });
                let answer = Answer::new(Text::new(text(Lang::It), text(Lang::En)), value);
                Ok(match untold {
                    Some(_) => answer.exit(Exit::ChecksFailed),
                    None => answer,
                })
            }
        }
    }
}

fn listed(book: &Codebook, lang: Lang) -> String {
    let mut shown = format!(
        "{} ({}), {} {}: {} {}\n",
        book.title().get(lang),
        book.id(),
        said(lang, "versione", "version"),
        book.version(),
        book.entries().len(),
        said(lang, "codici", "codes"),
    );
    for entry in book.entries() {
        let depth = book.lineage(&entry.id).count();
        let _ = writeln!(
            shown,
            "{}{}: {}",
            "  ".repeat(depth),
            entry.id,
            entry.label.get(lang)
        );
    }
    shown
}

fn changed(compared: &Comparison, lang: Lang) -> String {
    let mut shown = format!(
        "{} {} → {}\n",
        said(lang, "Dalla versione", "From version"),
        compared.from,
        compared.to
    );
    if compared.changes.is_empty() {
        shown.push_str(said(lang, "  nessun cambiamento", "  nothing changed"));
    }
    for one in &compared.changes {
        let _ = writeln!(shown, "  {}", words(one, lang));
    }
    shown
}

fn words(one: &Became, lang: Lang) -> String {
    let line = |it, en, code: &dyn std::fmt::Display| format!("{code}: {}", said(lang, it, en));
    match one {
        Became::Added { code } => line("nuovo", "added", code),
        Became::Renamed { code, to } => {
            format!("{} {to}", line("ora si chiama", "renamed", code))
        }
        Became::Merged { code, into } => {
            format!("{} {into}", line("unito in", "merged into", code))
        }
        Became::Split { code, into } => {
            let into: Vec<&str> = into.iter().map(|own| own.as_str()).collect();
            let parts = into.join(", ");
            format!("{} {parts}", line("diviso in", "split into", code))
        }
        Became::Dropped { code } => line("abbandonato", "dropped", code),
        Became::Redefined { code } => line("definito altrimenti", "defined otherwise", code),
        Became::Moved { code, under } => match under {
            Some(under) => format!("{} {under}", line("ora sotto", "moved under", code)),
            None => line(
                "ora non è parte di altri",
                "no longer a part of another",
                code,
            ),
        },
        Became::Untold { code } => line("sparito senza una parola", "gone without a word", code),
    }
}
