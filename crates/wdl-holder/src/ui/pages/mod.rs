//! The pages, one module each: what the office says, put into words and tables.

mod ask;
mod compare;
mod deliveries;
mod problem;
mod receipts;
mod result;
mod seal;
mod send;

use askama::Template;
use wdl_vocab::{Lang, Severity};

use super::shell::Shell;
use crate::words::say;

pub(super) use ask::ask;
pub(super) use compare::compare;
pub(super) use deliveries::deliveries;
pub(super) use problem::{bye, problem};
pub(super) use receipts::{receipt, receipts};
pub(super) use result::result;
pub(super) use seal::seal;
pub(super) use send::{query, send};

/// A page as HTML.
fn drawn(page: &impl Template) -> String {
    page.render()
        .expect("a page is written to memory and calls nothing that fails")
}

/// A sign that says by its shape what its colour says too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// An octagon with a cross.
    Red,
    /// A triangle.
    Amber,
    /// A disc with a tick.
    Green,
    /// A square: sealed.
    Blue,
    /// A ring: nothing yet.
    Plain,
}

impl Mark {
    fn class(self) -> &'static str {
        match self {
            Mark::Red => "red",
            Mark::Amber => "amber",
            Mark::Green => "green",
            Mark::Blue => "blue",
            Mark::Plain => "plain",
        }
    }

    fn of(severity: Severity) -> Mark {
        match severity {
            Severity::Error => Mark::Red,
            Severity::ToJustify => Mark::Amber,
            Severity::Note => Mark::Plain,
        }
    }

    /// The drawing; the words stand beside it.
    fn svg(self) -> String {
        let shape = match self {
            Mark::Red => {
                r##"<path fill="currentColor" d="M7 1h10l6 6v10l-6 6H7l-6-6V7z"/><path stroke="#fff" stroke-width="3" d="M7.5 7.5l9 9m0-9l-9 9"/>"##
            }
            Mark::Amber => {
                r##"<path fill="currentColor" d="M12 1.5L23.5 22.5H.5z"/><path stroke="#fff" stroke-width="2.6" d="M12 8.5v7m0 2v2.6"/>"##
            }
            Mark::Green => {
                r##"<circle cx="12" cy="12" r="11" fill="currentColor"/><path fill="none" stroke="#fff" stroke-width="3" d="M6.5 12.5l4 4 7.5-8.5"/>"##
            }
            Mark::Blue => {
                r##"<rect x="2" y="2" width="20" height="20" rx="2" fill="currentColor"/><path fill="none" stroke="#fff" stroke-width="2.4" d="M8 11V8.5a4 4 0 018 0V11M6.5 11h11v7h-11z"/>"##
            }
            Mark::Plain => {
                r#"<circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="3"/>"#
            }
        };
        format!(
            r#"<svg class="wdl-mark wdl-mark-{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{shape}</svg>"#,
            self.class()
        )
    }
}

/// A verdict: its word, its shape, its colour.
struct Light {
    class: &'static str,
    mark: String,
    word: String,
}

impl Light {
    fn new(mark: Mark, lang: Lang, key: &str) -> Light {
        Light {
            class: mark.class(),
            mark: mark.svg(),
            word: say(lang, key, &[]),
        }
    }
}

/// The four steps of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    File,
    Check,
    Compare,
    Seal,
}

fn stepper(shell: &Shell<'_>, here: Step) -> String {
    let mut list = format!(
        "<ol class=\"wdl-stepper\" aria-label=\"{}\">",
        crate::report::escape(&shell.say("ui-steps"))
    );
    for (step, key) in [
        (Step::File, "ui-step-file"),
        (Step::Check, "ui-step-check"),
        (Step::Compare, "ui-step-compare"),
        (Step::Seal, "ui-step-seal"),
    ] {
        let current = match step == here {
            true => " aria-current=\"step\"",
            false => "",
        };
        let words = crate::report::escape(&shell.say(key));
        list.push_str(&format!("<li{current}>{words}</li>"));
    }
    list.push_str("</ol>");
    list
}

/// A day as readers of the language write it.
fn day(lang: Lang, date: jiff::civil::Date) -> String {
    let (day, month, year) = (date.day(), date.month(), date.year());
    match lang {
        Lang::It => format!("{day:02}/{month:02}/{year}"),
        Lang::En => format!(
            "{day} {} {year}",
            MONTHS[usize::from(month.unsigned_abs()) - 1]
        ),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The day of a time written as RFC 3339; the text itself when it is none.
fn day_of(lang: Lang, time: &str) -> String {
    let date = time.get(..10).and_then(|text| text.parse().ok());
    date.map_or_else(|| time.to_owned(), |date| day(lang, date))
}
