//! The documentation of a lab's indicators and of the catalog of statistics, as Markdown made from the definitions themselves.
//!
//! Place in the flow: beside it; nothing reads these pages but people.
//! Every sentence comes from a definition, from the catalog or from this folder: a page is never edited by hand.

mod catalog;
mod page;
mod words;

use std::collections::BTreeMap;

use wdl_vocab::{Lang, Text};

use crate::definition::{Indicator, Indicators};
use words::say;

/// A theme of the lab: its id, and its title as people read it.
pub type Theme = (String, Text);

/// Every page of the documentation: its path, with `/` between folders, and its Markdown.
///
/// An index in each language, one page per indicator in each, one of the statistics in each, and a first page that leads to them.
pub fn documents(indicators: &Indicators, themes: &[Theme]) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::from([("README.md".to_owned(), front(indicators))]);
    for lang in Lang::ALL {
        let folder = lang.code();
        pages.insert(
            format!("{folder}/README.md"),
            index(indicators, themes, lang),
        );
        pages.insert(format!("{folder}/statistics.md"), catalog::page(lang));
        for indicator in indicators.list() {
            let path = format!("{folder}/indicators/{}.md", indicator.id());
            pages.insert(path, page::of(indicator, themes, lang));
        }
    }
    pages
}

fn front(indicators: &Indicators) -> String {
    let count = indicators.list().len();
    format!(
        "# Indicatori · Indicators\n\n{}\n\n- [Italiano: {count} indicatori](it/README.md) · [statistiche](it/statistics.md)\n- [English: {count} indicators](en/README.md) · [statistics](en/statistics.md)\n",
        words::GENERATED
    )
}

/// The indicators by theme, in the order of the lab's menu; a theme that the lab does not name comes last.
fn index(indicators: &Indicators, themes: &[Theme], lang: Lang) -> String {
    let mut text = format!(
        "# {}\n\n{}\n",
        say(&words::INDICATORS, lang),
        words::GENERATED
    );
    let mut left: Vec<&Indicator> = indicators.list().iter().collect();
    for (id, title) in themes {
        let (of_theme, others): (Vec<&Indicator>, Vec<&Indicator>) =
            left.into_iter().partition(|each| each.theme() == id);
        left = others;
        text.push_str(&group(title.get(lang), &of_theme, lang));
    }
    text.push_str(&group(say(&words::OTHERS, lang), &left, lang));
    text.push_str(&format!(
        "\n[{}](statistics.md)\n",
        say(&words::STATISTICS, lang)
    ));
    text
}

fn group(title: &str, indicators: &[&Indicator], lang: Lang) -> String {
    if indicators.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n## {title}\n\n| {} | {} | {} | {} |\n|---|---|---|---|\n",
        say(&words::INDICATOR, lang),
        say(&words::STATISTIC, lang),
        say(&words::PERIOD, lang),
        say(&words::OBSERVED, lang),
    );
    for each in indicators {
        text.push_str(&format!(
            "| [{}](indicators/{}.md) | `{}` | {} | {} |\n",
            cell(each.title().get(lang)),
            each.id(),
            each.statistic().name(),
            say(&words::span(each.span()), lang),
            say(&words::observed(each.observable_from()), lang),
        ));
    }
    text
}

/// Text inside a cell of a table.
fn cell(text: &str) -> String {
    let one_line: Vec<&str> = text.split_whitespace().collect();
    one_line.join(" ").replace('|', "\\|")
}

/// Sentences one to a line.
///
/// A stop ends a sentence when a capital letter follows the space after it: abbreviations before numbers (`art. 5`) stay whole.
fn lines(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut shown = String::new();
    for (place, word) in words.iter().enumerate() {
        shown.push_str(word);
        let next = words.get(place + 1).and_then(|next| next.chars().next());
        let ends = word.ends_with(['.', '?', '!']) && word.chars().count() > 2;
        match next {
            Some(next) if ends && next.is_uppercase() => shown.push('\n'),
            Some(_) => shown.push(' '),
            None => {}
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_to_a_line() {
        assert_eq!(
            lines("One. Two, see art. 5 of it. Three"),
            "One.\nTwo, see art. 5 of it.\nThree"
        );
        assert_eq!(lines(""), "");
    }

    #[test]
    fn a_cell_stays_in_its_table() {
        assert_eq!(cell("a | b\nc"), "a \\| b c");
    }
}
