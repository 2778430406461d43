//! A delivery beside the last one and that of a year ago.

use askama::Template;
use wdl_vocab::Lang;

use super::{Step, drawn, stepper};
use crate::report::{self, Line};
use crate::ui::shell::{Menu, Shell};
use crate::ui::view::{About, Seen};
use crate::words::say;

#[derive(Template)]
#[template(path = "compare.html")]
struct Page<'a> {
    stepper: String,
    shell: Shell<'a>,
    base: String,
    comparisons: Vec<Comparison>,
}

struct Comparison {
    id: String,
    title: String,
    before: String,
    lines: Vec<Row>,
    legend: String,
    codes: Vec<String>,
}

struct Row {
    label: String,
    before: String,
    now: String,
    change: String,
    bars: (u32, u32),
    alt: String,
}

/// The comparison of a checked file.
pub(in crate::ui) fn compare(about: &About, lang: Lang, id: u64, seen: &Seen) -> String {
    let report = &seen.shareable;
    let shell = Shell {
        lang,
        about,
        title: say(
            lang,
            "ui-compare",
            &[("dataset", report.title.get(lang).to_owned())],
        ),
        path: format!("check/{id}/compare"),
        menu: Menu::Elsewhere,
    };
    let comparisons = seen.comparisons.iter().enumerate();
    drawn(&Page {
        stepper: stepper(&shell, Step::Compare),
        base: shell.href(&format!("check/{id}")),
        comparisons: comparisons
            .map(|(place, one)| comparison(&shell, place, one))
            .collect(),
        shell,
    })
}

fn comparison(shell: &Shell<'_>, place: usize, one: &report::Comparison) -> Comparison {
    let lang = shell.lang;
    let before = one.with.label(lang);
    let mut codes = Vec::new();
    for changed in &one.codes {
        for (key, list) in [
            ("codes-appeared", &changed.appeared),
            ("codes-gone", &changed.gone),
        ] {
            let args = [
                ("column", changed.column.clone()),
                ("codes", list.join("`, `")),
            ];
            codes.extend((!list.is_empty()).then(|| say(lang, key, &args)));
        }
    }
    Comparison {
        id: format!("comparison-{place}"),
        title: shell.with("comparison", "period", &before),
        lines: one
            .lines
            .iter()
            .map(|line| row(shell, line, &before))
            .collect(),
        legend: shell.with("comparison-legend", "period", &before),
        before,
        codes,
    }
}

fn row(shell: &Shell<'_>, line: &Line, period: &str) -> Row {
    let lang = shell.lang;
    let (before, now) = (line.shown(line.before, lang), line.shown(line.now, lang));
    Row {
        label: shell.text(&line.label).to_owned(),
        alt: say(
            lang,
            "comparison-alt",
            &[
                ("what", shell.text(&line.label).to_owned()),
                ("period", period.to_owned()),
                ("before", before.clone()),
                ("now", now.clone()),
            ],
        ),
        before,
        now,
        change: line.change(lang),
        bars: line.bars(),
    }
}
