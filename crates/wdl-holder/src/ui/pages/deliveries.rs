//! My deliveries: what is due, by when, how far it is.

use askama::Template;
use wdl_vocab::Lang;

use super::{Mark, day, drawn};
use crate::ui::shell::{Menu, Shell};
use crate::ui::view::{About, Changed, Due, State};

#[derive(Template)]
#[template(path = "deliveries.html")]
struct Page<'a> {
    shell: Shell<'a>,
    lead: String,
    deliveries: Vec<Row>,
    steps: Vec<String>,
}

struct Row {
    title: String,
    period: String,
    by: String,
    mark: String,
    state: String,
    changed: String,
    href: String,
    action: String,
}

/// The first page.
pub(in crate::ui) fn deliveries(about: &About, lang: Lang, due: &[Due]) -> String {
    let shell = Shell {
        lang,
        about,
        title: crate::words::say(lang, "ui-deliveries", &[]),
        path: String::new(),
        menu: Menu::Deliveries,
    };
    let open: Vec<&Due> = due
        .iter()
        .filter(|due| due.state == State::ToSend)
        .collect();
    let first = open.iter().filter_map(|due| due.by).min();
    let lead = match (open.len(), first) {
        (0, _) => shell.say("ui-deliveries-done"),
        (count, None) => shell.with("ui-deliveries-open", "count", count),
        (count, Some(by)) => crate::words::say(
            lang,
            "ui-deliveries-open-by",
            &[("count", count.to_string()), ("day", day(lang, by))],
        ),
    };
    let steps = [
        "ui-how-file",
        "ui-how-check",
        "ui-how-compare",
        "ui-how-seal",
    ];
    drawn(&Page {
        lead,
        deliveries: due.iter().map(|due| row(&shell, due)).collect(),
        steps: steps.map(|key| shell.say(key)).into(),
        shell,
    })
}

fn row(shell: &Shell<'_>, due: &Due) -> Row {
    let (mark, state) = state(shell, due.state);
    let path = format!("send/{}/{}", due.dataset, due.period);
    Row {
        title: shell.text(&due.title).to_owned(),
        period: due.period.label(shell.lang),
        by: due
            .by
            .map_or_else(|| shell.say("ui-by-none"), |by| day(shell.lang, by)),
        mark: mark.svg(),
        state,
        changed: match &due.changed {
            Changed::First => shell.say("ui-changed-first"),
            Changed::Nothing => shell.say("ui-changed-nothing"),
            Changed::Version(before) => crate::words::say(
                shell.lang,
                "ui-changed-version",
                &[("before", before.clone()), ("now", due.version.clone())],
            ),
        },
        href: shell.href(&path),
        action: shell.say(match due.state {
            State::ToSend => "ui-do-send",
            State::Sealed | State::Received | State::Rejects(_) => "ui-do-replace",
        }),
    }
}

/// A state in shape and words.
pub(super) fn state(shell: &Shell<'_>, state: State) -> (Mark, String) {
    match state {
        State::ToSend => (Mark::Plain, shell.say("ui-state-to-send")),
        State::Sealed => (Mark::Blue, shell.say("ui-state-sealed")),
        State::Received => (Mark::Green, shell.say("ui-state-received")),
        State::Rejects(count) => {
            let words = shell.with("ui-state-rejects", "count", shell.count(&count));
            (Mark::Amber, words)
        }
    }
}
