//! Choosing the file of a delivery, and what the contract expects of it.

use askama::Template;
use wdl_contract::Contract;
use wdl_vocab::{Lang, Period};

use super::{Step, drawn, stepper};
use crate::report::Fate;
use crate::ui::shell::{Menu, Shell};
use crate::ui::view::{About, Scope};
use crate::words::say;

#[derive(Template)]
#[template(path = "send.html")]
struct Page<'a> {
    stepper: String,
    shell: Shell<'a>,
    is_rejected: bool,
    action: String,
    expected: String,
    columns: Vec<Column>,
    facts: Vec<(String, String)>,
}

struct Column {
    name: String,
    label: String,
    needed: String,
    fate: String,
}

/// The end of the address that says what a file replaces.
pub(in crate::ui) fn query(scope: Scope) -> &'static str {
    match scope {
        Scope::Whole => "",
        Scope::Rejected => "?scope=rejected",
    }
}

/// The page on which a file is chosen.
pub(in crate::ui) fn send(
    about: &About,
    lang: Lang,
    (contract, period): (&Contract, Period),
    scope: Scope,
) -> String {
    let shell = Shell {
        lang,
        about,
        title: format!("{}, {}", contract.title.get(lang), period.label(lang)),
        path: format!("send/{}/{period}{}", contract.dataset, query(scope)),
        menu: Menu::Elsewhere,
    };
    let columns = contract.columns.iter().map(|column| Column {
        name: column.physical_name.clone(),
        label: column.label.get(lang).to_owned(),
        needed: shell.say(if column.required { "ui-yes" } else { "ui-no" }),
        fate: shell.say(Fate::of(&column.treatment).key()),
    });
    let version = [
        ("contract", contract.id.clone()),
        ("version", contract.version.clone()),
    ];
    drawn(&Page {
        stepper: stepper(&shell, Step::File),
        is_rejected: scope == Scope::Rejected,
        action: shell.href(&shell.path),
        expected: say(
            lang,
            "ui-expected-file",
            &[
                ("file", contract.file_name()),
                ("count", contract.columns.len().to_string()),
            ],
        ),
        columns: columns.collect(),
        facts: vec![
            (shell.say("contract"), say(lang, "contract-value", &version)),
            (shell.say("ui-legal-basis"), contract.legal_basis.clone()),
            (
                shell.say("ui-notice"),
                contract.notice.text.get(lang).to_owned(),
            ),
            (shell.say("ui-retention"), contract.retention.clone()),
        ],
        shell,
    })
}
