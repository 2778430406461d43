//! What must be known before a file is checked: readings that are equally good, and names the contract does not know.

use askama::Template;
use wdl_contract::Contract;
use wdl_vocab::Lang;

use super::send::query;
use super::{Step, drawn, stepper};
use crate::ui::shell::{Menu, Shell};
use crate::ui::view::{About, Asks, Proposal, Task};
use crate::words::say;

#[derive(Template)]
#[template(path = "ask.html")]
struct Page<'a> {
    stepper: String,
    shell: Shell<'a>,
    lead: String,
    action: String,
    again: String,
    questions: Vec<Asked>,
    columns: Vec<Column>,
}

struct Asked {
    id: String,
    text: String,
    choices: Vec<Choice>,
}

struct Choice {
    id: String,
    value: String,
    text: String,
    is_chosen: bool,
}

struct Column {
    id: String,
    header: String,
    text: String,
    choices: Vec<Choice>,
}

/// The questions of a file.
pub(in crate::ui) fn ask(
    about: &About,
    lang: Lang,
    (id, task): (u64, &Task),
    (contract, asks): (&Contract, &Asks),
) -> String {
    let shell = Shell {
        lang,
        about,
        title: say(lang, "ui-ask", &[]),
        path: format!("check/{id}"),
        menu: Menu::Elsewhere,
    };
    let questions = asks.questions.iter().enumerate().map(|(place, question)| {
        let choices = question.choices.iter().enumerate();
        Asked {
            id: question.id.clone(),
            text: question.text.get(lang).to_owned(),
            choices: choices
                .map(|(nth, (value, text))| Choice {
                    id: format!("q{place}-{nth}"),
                    value: value.clone(),
                    text: text.get(lang).to_owned(),
                    is_chosen: false,
                })
                .collect(),
        }
    });
    let columns = asks.columns.iter().enumerate();
    drawn(&Page {
        stepper: stepper(&shell, Step::File),
        lead: say(lang, "ui-ask-lead", &[("file", task.name.clone())]),
        action: shell.href(&format!("check/{id}/answers")),
        again: shell.href(&format!(
            "send/{}/{}{}",
            task.dataset,
            task.period,
            query(task.scope)
        )),
        questions: questions.collect(),
        columns: columns
            .map(|(place, proposal)| column(lang, place, proposal, (contract, asks)))
            .collect(),
        shell,
    })
}

fn column(
    lang: Lang,
    place: usize,
    proposal: &Proposal,
    (contract, asks): (&Contract, &Asks),
) -> Column {
    let label = |name: &str| {
        let known = contract
            .columns
            .iter()
            .find(|one| one.physical_name == name);
        known
            .map_or(name, |column| column.label.get(lang))
            .to_owned()
    };
    let text = match &proposal.seems {
        Some((name, surely)) => say(
            lang,
            "ui-mapping-seems",
            &[
                ("header", proposal.header.clone()),
                ("column", label(name)),
                ("surely", surely.to_string()),
            ],
        ),
        None => say(
            lang,
            "ui-mapping-unknown",
            &[("header", proposal.header.clone())],
        ),
    };
    let choices = contract
        .columns
        .iter()
        .filter(|column| asks.free.contains(&column.physical_name))
        .map(|column| Choice {
            id: String::new(),
            value: column.physical_name.clone(),
            text: format!("{} ({})", column.physical_name, column.label.get(lang)),
            is_chosen: proposal
                .seems
                .as_ref()
                .is_some_and(|(name, _)| *name == column.physical_name),
        });
    Column {
        id: format!("column-{place}"),
        header: proposal.header.clone(),
        text,
        choices: choices.collect(),
    }
}
