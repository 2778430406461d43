//! The receipts: what was sealed, what the lab answered, and the rows to send again.

use askama::Template;
use wdl_vocab::diagnostics::codes::all;
use wdl_vocab::diagnostics::message;
use wdl_vocab::{Diagnostic, Lang};

use super::deliveries::state;
use super::send::query;
use super::{Light, Mark, day_of, drawn};
use crate::ui::shell::{Menu, Shell};
use crate::ui::view::{About, Kept, Reject, Scope, State};
use crate::words::say;

#[derive(Template)]
#[template(path = "receipts.html")]
struct List<'a> {
    shell: Shell<'a>,
    receipts: Vec<Row>,
}

struct Row {
    href: String,
    delivery: String,
    title: String,
    period: String,
    created: String,
    rows: String,
    mark: String,
    state: String,
}

/// Every receipt.
pub(in crate::ui) fn receipts(about: &About, lang: Lang, kept: &[Kept]) -> String {
    let shell = Shell {
        lang,
        about,
        title: say(lang, "ui-receipts", &[]),
        path: "receipts".to_owned(),
        menu: Menu::Receipts,
    };
    let rows = kept.iter().map(|one| {
        let (mark, words) = state(&shell, state_of(one));
        Row {
            href: shell.href(&format!("receipts/{}", one.delivery)),
            delivery: one.delivery.to_string(),
            title: shell.text(&one.title).to_owned(),
            period: one.period.label(lang),
            created: day_of(lang, &one.created),
            rows: shell.count(&one.rows),
            mark: mark.svg(),
            state: words,
        }
    });
    drawn(&List {
        receipts: rows.collect(),
        shell,
    })
}

/// How far a sealed delivery is.
fn state_of(kept: &Kept) -> State {
    match &kept.answer {
        None => State::Sealed,
        Some(answer) if answer.rejects.is_empty() => State::Received,
        Some(answer) => State::Rejects(answer.rejects.len() as u64),
    }
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct One<'a> {
    shell: Shell<'a>,
    light: Light,
    what: String,
    facts: Vec<(String, String)>,
    base: String,
    again: String,
    rejected: String,
    rejects: Vec<Rejected>,
}

struct Rejected {
    line: String,
    row: String,
    why: String,
    code: String,
}

/// One receipt.
pub(in crate::ui) fn receipt(about: &About, lang: Lang, kept: &Kept) -> String {
    let shell = Shell {
        lang,
        about,
        title: say(
            lang,
            "ui-receipt",
            &[("delivery", kept.delivery.to_string())],
        ),
        path: format!("receipts/{}", kept.delivery),
        menu: Menu::Receipts,
    };
    let (light, what) = match state_of(kept) {
        State::ToSend | State::Sealed => (
            Light::new(Mark::Blue, lang, "ui-receipt-sealed"),
            shell.say("ui-receipt-sealed-what"),
        ),
        State::Received => (
            Light::new(Mark::Green, lang, "ui-receipt-received"),
            shell.say("ui-receipt-received-what"),
        ),
        State::Rejects(count) => (
            Light::new(Mark::Amber, lang, "ui-receipt-rejects"),
            shell.with("ui-receipt-rejects-what", "count", shell.count(&count)),
        ),
    };
    let rejects = kept
        .answer
        .as_ref()
        .map_or(&[][..], |answer| &answer.rejects);
    drawn(&One {
        light,
        what,
        facts: facts(&shell, kept),
        base: shell.href(&format!("receipts/{}", kept.delivery)),
        again: shell.href(&format!(
            "send/{}/{}{}",
            kept.dataset,
            kept.period,
            query(Scope::Rejected)
        )),
        rejected: shell.with("ui-rejects", "count", shell.count(&(rejects.len() as u64))),
        rejects: rejects.iter().map(|one| rejected(&shell, one)).collect(),
        shell,
    })
}

fn facts(shell: &Shell<'_>, kept: &Kept) -> Vec<(String, String)> {
    let lang = shell.lang;
    let mut facts = vec![
        (shell.say("ui-dataset"), shell.text(&kept.title).to_owned()),
        (shell.say("ui-period"), kept.period.label(lang)),
        (shell.say("ui-sealed-on"), day_of(lang, &kept.created)),
        (shell.say("ui-rows-left"), shell.count(&kept.rows)),
        (shell.say("ui-rows-stayed"), shell.count(&kept.stayed)),
    ];
    if let Some(replaced) = &kept.replaces {
        facts.push((shell.say("ui-replaces-short"), replaced.to_string()));
    }
    if let Some(answer) = &kept.answer {
        facts.push((shell.say("ui-received-on"), day_of(lang, &answer.received)));
        facts.push((shell.say("ui-rows-taken"), shell.count(&answer.accepted)));
    }
    facts.push((shell.say("ui-sealed-file"), kept.file.display().to_string()));
    facts.push((shell.say("ui-digest"), kept.digest.clone()));
    facts
}

fn rejected(shell: &Shell<'_>, reject: &Reject) -> Rejected {
    let known = all().find(|code| code.id == reject.code);
    Rejected {
        line: reject
            .line
            .map_or_else(|| "–".to_owned(), |line| shell.count(&line)),
        row: shell.count(&reject.row),
        why: known.map_or_else(String::new, |code| {
            message(&Diagnostic::new(code), shell.lang)
        }),
        code: reject.code.clone(),
    }
}
