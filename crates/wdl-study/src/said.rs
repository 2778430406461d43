//! Columns by what they are called, and what rests on few: the words of a study that methods cannot know.

use wdl_evaluation::Evaluation;
use wdl_vocab::{Lang, Text};

use crate::study::{Asked, Study};

/// What the columns of a study are called.
pub(crate) struct Said<'s> {
    names: Vec<(&'s str, &'s Text)>,
}

impl<'s> Said<'s> {
    pub(crate) fn of(study: &'s Study) -> Said<'s> {
        let stated = &study.stated;
        let outcome = (stated.outcome.column.as_str(), &stated.outcome.label);
        let others = stated.columns.iter();
        let others = others.map(|(column, label)| (column.as_str(), label));
        Said {
            names: std::iter::once(outcome).chain(others).collect(),
        }
    }

    /// The columns that are named for a method, with what they are called.
    pub(crate) fn columns(&self, asked: &Asked) -> Vec<(String, Text)> {
        let read = asked.columns();
        let own = self
            .names
            .iter()
            .filter(|(column, _)| read.iter().any(|own| own == column));
        own.map(|(column, label)| ((*column).to_owned(), (*label).clone()))
            .collect()
    }

    /// Words of a method, in which columns stand between backticks.
    pub(crate) fn named(&self, text: &Text) -> Text {
        let said = |lang: Lang| {
            self.names
                .iter()
                .fold(text.get(lang).to_owned(), |words, (column, label)| {
                    words.replace(&format!("`{column}`"), &format!("“{}”", label.get(lang)))
                })
        };
        Text::new(said(Lang::It), said(Lang::En))
    }
}

/// The estimates of an answer that rest on few units, without how many.
pub(crate) fn few(answer: &Evaluation) -> Vec<Text> {
    let small = answer.small_groups.iter();
    let small = small.filter(|own| own.part == "estimates");
    small.map(|own| own.row.clone()).collect()
}

/// The tables of an answer with rows that rest on few units, by title.
pub(crate) fn few_tables(answer: &Evaluation) -> Vec<Text> {
    let is_small = |key: &str| answer.small_groups.iter().any(|own| own.part == key);
    let tables = answer.tables.iter().filter(|own| is_small(own.key));
    tables.map(|own| own.title.clone()).collect()
}
