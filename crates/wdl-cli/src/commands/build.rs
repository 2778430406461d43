//! `wdl build`: the base and the results are brought up to date.

use std::fmt::Write as _;

use wdl_lab::{Built, Linked, Planned, Progress as At, Stopped, build, plan};
use wdl_vocab::{Lang, Text};

use crate::answer::Answer;
use crate::manner::{Format, Manner};
use crate::progress::Progress;

/// Brings the base and the results up to date
#[derive(clap::Args)]
pub(crate) struct Build {
    /// Only says what would be computed and why
    #[arg(long)]
    plan: bool,
    /// Does not ask
    #[arg(long)]
    yes: bool,
}

impl Build {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let mut desk = manner.desk()?;
        if self.plan {
            let planned = plan(&desk)?;
            let text = Text::new(
                plan_words(&planned, Lang::It),
                plan_words(&planned, Lang::En),
            );
            return Ok(Answer::new(text, planned));
        }
        if !self.yes && !agreed(&plan(&desk)?, manner) {
            let text = Text::fixed("Niente è stato cambiato.", "Nothing was changed.");
            return Ok(Answer::new(text, serde_json::json!({ "built": false })));
        }
        let progress = Progress::new(manner.format == Format::Json);
        let built = build(&mut desk, &mut |at| show(&progress, &at))?;
        let text = Text::new(words(&built, Lang::It), words(&built, Lang::En));
        Ok(Answer::new(text, built))
    }
}

/// Shows how far a build is.
pub(crate) fn show(progress: &Progress, at: &At) {
    match at {
        At::Partition { done, total, name } | At::Indicator { done, total, name } => {
            progress.at(*done, *total, name);
        }
    }
}

/// Asks on a terminal; elsewhere a plan that changes something waits for `--yes`.
fn agreed(planned: &Planned, manner: &Manner) -> bool {
    use std::io::IsTerminal as _;
    if planned.steps.is_empty() || !std::io::stdin().is_terminal() {
        return true;
    }
    let lang = manner.lang();
    eprintln!("{}", plan_words(planned, lang));
    let (question, yes) = match lang {
        Lang::It => ("Procedere? [s/N]", 's'),
        Lang::En => ("Go on? [y/N]", 'y'),
    };
    eprintln!("{question}");
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line).is_ok();
    read && line.trim().to_lowercase().starts_with(yes)
}

fn plan_words(planned: &Planned, lang: Lang) -> String {
    let mut shown = match (planned.steps.is_empty(), lang) {
        (true, Lang::It) => "Niente da fare: la base è aggiornata.\n".to_owned(),
        (true, Lang::En) => "Nothing to do: the base is up to date.\n".to_owned(),
        (false, Lang::It) => "Da calcolare:\n".to_owned(),
        (false, Lang::En) => "To compute:\n".to_owned(),
    };
    for step in &planned.steps {
        let _ = writeln!(
            shown,
            "  {:<28} {} – {}  ({}, {})",
            step.table,
            step.first.label(lang),
            step.last.label(lang),
            step.partitions,
            step.reason.get(lang)
        );
    }
    let _ = match lang {
        Lang::It => write!(shown, "Già presenti: {} partizioni.", planned.kept),
        Lang::En => write!(shown, "There already: {} partitions.", planned.kept),
    };
    shown
}

fn words(built: &Built, lang: Lang) -> String {
    let shown = match (built.is_unchanged(), lang) {
        (true, Lang::It) => format!(
            "Niente da fare: la versione {} è aggiornata.",
            built.snapshot
        ),
        (true, Lang::En) => format!("Nothing to do: version {} is up to date.", built.snapshot),
        (false, Lang::It) => format!(
            "Versione {}: {} partizioni calcolate, {} già presenti; {} tabelle controllate, {} celle nascoste.",
            built.snapshot, built.computed, built.kept, built.tables, built.hidden
        ),
        (false, Lang::En) => format!(
            "Version {}: {} partitions computed, {} there already; {} tables checked, {} cells hidden.",
            built.snapshot, built.computed, built.kept, built.tables, built.hidden
        ),
    };
    match &built.linkage {
        Some(linked) if linked.is_new => format!("{shown}\n{}", linked_words(linked, lang)),
        _ => shown,
    }
}

/// What was linked, by stage.
fn linked_words(linked: &Linked, lang: Lang) -> String {
    let stages: Vec<String> = linked
        .linked
        .iter()
        .map(|(stage, rows)| format!("{stage} {rows}"))
        .collect();
    let stages = stages.join(", ");
    match lang {
        Lang::It => format!(
            "Righe senza un codice valido: {}; collegate a una persona: {} ({stages}); tra loro: {}. Codici sostituiti: {}. Da decidere: {} (`wdl linkage doubts`).",
            linked.without_code,
            linked.linked.values().sum::<u64>(),
            linked.among_themselves,
            linked.replaced,
            linked.doubts
        ),
        Lang::En => format!(
            "Rows without a valid code: {}; linked to a person: {} ({stages}); among themselves: {}. Codes replaced: {}. To decide: {} (`wdl linkage doubts`).",
            linked.without_code,
            linked.linked.values().sum::<u64>(),
            linked.among_themselves,
            linked.replaced,
            linked.doubts
        ),
    }
}
