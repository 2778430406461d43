//! The page of the catalog of statistics.

use std::fmt::Write as _;

use wdl_vocab::Lang;

use super::cell;
use super::words::{self, say};
use crate::catalog::{Kernel, STATISTICS, Statistic};

/// The Markdown of the catalog in one language.
pub(super) fn page(lang: Lang) -> String {
    let heads = [
        &words::NAME,
        &words::WHAT,
        &words::VERSION,
        &words::ARGUMENT,
        &words::COLUMNS,
        &words::ADDS_UP,
        &words::ERROR,
        &words::NOTES,
    ];
    let heads = heads.map(|head| say(head, lang)).join(" | ");
    let mut text = format!(
        "# {}\n\n{}\n\n{}\n\n| {heads} |\n|---|---|---|---|---|---|---|---|\n",
        say(&words::STATISTICS, lang),
        words::GENERATED,
        say(&words::CATALOG_LEAD, lang),
    );
    for statistic in STATISTICS {
        let columns = statistic.columns();
        let columns: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} | {} | {} |",
            statistic.name,
            cell(statistic.label.get(lang)),
            statistic.version,
            argument(statistic, lang),
            columns.join(", "),
            say(&words::additivity(statistic.additivity), lang),
            error(statistic, lang),
            notes(statistic, lang),
        );
    }
    text
}

fn argument(statistic: &Statistic, lang: Lang) -> String {
    let Some(argument) = &statistic.argument else {
        return String::new();
    };
    let bounds = format!(
        "{}, {} – {}",
        cell(argument.label.get(lang)),
        argument.from,
        argument.to
    );
    match argument.usual {
        Some(usual) => format!("{bounds}; {usual} {}", say(&words::USUAL, lang)),
        None => bounds,
    }
}

fn error(statistic: &Statistic, lang: Lang) -> String {
    let text = match &statistic.kernel {
        Kernel::Given => &words::ITS_OWN,
        Kernel::Units(kernel) if kernel.scores.is_some() => &words::LINEARISED,
        Kernel::Spells(_) => &words::LINEARISED,
        Kernel::Units(_) | Kernel::Sums(_) => &words::NO_ERROR,
    };
    say(text, lang).to_owned()
}

fn notes(statistic: &Statistic, lang: Lang) -> String {
    let (is_positive, is_rounded) = match &statistic.kernel {
        Kernel::Units(kernel) => (kernel.needs_positive, kernel.is_rounded),
        Kernel::Sums(_) | Kernel::Spells(_) | Kernel::Given => (false, false),
    };
    let notes = [
        (statistic.is_whole_population, &words::WHOLE_ONLY),
        (is_positive, &words::POSITIVE),
        (is_rounded, &words::ROUNDED),
    ];
    let notes: Vec<String> = notes
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, note)| say(note, lang).to_owned())
        .collect();
    notes.join("; ")
}
