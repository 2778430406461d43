//! What leaves and what stays, in four lines; then the seal.

use askama::Template;
use wdl_vocab::Lang;

use super::{Step, drawn, stepper};
use crate::report::{Fate, Shareable};
use crate::ui::shell::{Menu, Shell};
use crate::ui::view::{About, CanSeal, Seen};
use crate::words::{count, say};

#[derive(Template)]
#[template(path = "seal.html")]
struct Page<'a> {
    stepper: String,
    shell: Shell<'a>,
    lines: Vec<(String, String)>,
    columns: Vec<Column>,
    base: String,
    only_accepted: Option<String>,
    replaces: Option<String>,
    saved_in: String,
    outbox: String,
}

struct Column {
    name: String,
    label: String,
    fate: String,
    filled: String,
}

/// The last page before the seal.
pub(in crate::ui) fn seal(about: &About, lang: Lang, id: u64, seen: &Seen) -> String {
    let report = &seen.shareable;
    let title = [
        ("dataset", report.title.get(lang).to_owned()),
        ("period", report.period.label(lang)),
    ];
    let shell = Shell {
        lang,
        about,
        title: say(lang, "ui-seal-page", &title),
        path: format!("check/{id}/seal"),
        menu: Menu::Elsewhere,
    };
    let counts = [
        ("accepted", count(lang, report.accepted)),
        ("rejected", count(lang, report.rejected)),
    ];
    drawn(&Page {
        stepper: stepper(&shell, Step::Seal),
        lines: four_lines(&shell, report),
        columns: columns(&shell, report),
        base: shell.href(&format!("check/{id}")),
        only_accepted: (seen.seal == CanSeal::AcceptedOnly)
            .then(|| say(lang, "ui-only-accepted", &counts)),
        replaces: seen
            .replaces
            .as_ref()
            .map(|delivery| shell.with("ui-replaces", "delivery", delivery)),
        saved_in: shell.say("ui-saved-in"),
        outbox: about.outbox.display().to_string(),
        shell,
    })
}

fn four_lines(shell: &Shell<'_>, report: &Shareable) -> Vec<(String, String)> {
    let lang = shell.lang;
    let with_fate = |wanted: &[Fate]| -> Vec<&str> {
        let columns = report.columns.iter();
        columns
            .filter(|column| wanted.contains(&column.fate))
            .map(|column| column.label.get(lang))
            .collect()
    };
    let leaving = report
        .columns
        .iter()
        .filter(|column| column.fate != Fate::Drop)
        .count();
    let custodians: Vec<&str> = shell
        .about
        .custodians
        .iter()
        .map(|name| name.get(lang))
        .collect();
    let (people, staying) = (with_fate(&[Fate::Oprf]), with_fate(&[Fate::Drop]));
    let leaves = [
        ("rows", count(lang, report.accepted)),
        ("columns", leaving.to_string()),
    ];
    let people_words = match people.is_empty() {
        true => shell.say("ui-four-nobody"),
        false => say(
            lang,
            "ui-four-people",
            &[
                ("columns", people.join(", ")),
                ("custodians", custodians.join(" + ")),
            ],
        ),
    };
    let stay_words = match staying.is_empty() {
        true => shell.say("ui-four-stays-file"),
        false => shell.with("ui-four-stays", "columns", staying.join(", ")),
    };
    vec![
        (shell.say("ui-leaves"), say(lang, "ui-four-leaves", &leaves)),
        (shell.say("ui-transformed"), people_words),
        (shell.say("ui-stays"), stay_words),
        (shell.say("ui-told"), shell.say("ui-four-told")),
    ]
}

fn columns(shell: &Shell<'_>, report: &Shareable) -> Vec<Column> {
    let columns = report.columns.iter().map(|column| Column {
        name: column.name.clone(),
        label: shell.text(&column.label).to_owned(),
        fate: shell.say(column.fate.key()),
        filled: column
            .filled
            .map_or_else(|| "–".to_owned(), |filled| shell.count(&filled)),
    });
    columns.collect()
}
