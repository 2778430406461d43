//! The page of the documentation that lists every method with its options, made from the catalog.

use std::fmt::Write as _;

use crate::catalog::{Method, methods};
use crate::groups::Rests;
use crate::options::{Kind, Opt};

/// The page, in Markdown.
pub fn document() -> String {
    let mut page = String::from(
        "# Methods of evaluation\n\n<!-- Made by `cargo run -p wdl-evaluation --example methods`; a test compares. -->\n\nEvery method of `wdl evaluate METHOD FILE`, as the program's own catalog has it.\n[The page on evaluation](evaluation.md) says how to choose one, what the answer holds and what was measured.\n",
    );
    for method in methods() {
        of_method(&mut page, method);
    }
    page
}

fn of_method(page: &mut String, method: &dyn Method) {
    let title = method.title();
    let _ = write!(
        page,
        "\n## {}\n\n{}.\n*{}.*\n",
        method.name(),
        title.en,
        title.it
    );
    if !method.reads_a_table() {
        page.push_str("It reads no file.\n");
    }
    page.push_str("\n| option | takes | says |\n|---|---|---|\n");
    for option in method.options() {
        let must = if option.is_required { ", required" } else { "" };
        let _ = writeln!(
            page,
            "| `--{}` | {}{must} | {} |",
            option.name,
            takes(option),
            option.help.en.replace('|', "\\|")
        );
    }
    let rules = method.rests_on().iter().map(|own| behind(*own));
    let rules: Vec<String> = rules.collect();
    if !rules.is_empty() {
        let _ = writeln!(page, "\nBehind the rows: {}.", rules.join("; "));
    }
}

/// How many units stand behind the rows of a table, in words.
fn behind(rule: Rests) -> String {
    let table = rule.table();
    match rule {
        Rests::Counted { columns, .. } => {
            let columns: Vec<String> = columns.iter().map(|own| format!("`{own}`")).collect();
            format!("in `{table}` the least of {}", columns.join(", "))
        }
        Rests::Named { .. } => format!("in `{table}` one unit each, by name"),
        Rests::Whole { .. } => format!("in `{table}` all rows used"),
        Rests::Untold { .. } => format!("in `{table}` not told"),
    }
}

fn takes(option: &Opt) -> String {
    match option.kind {
        Kind::Number => "a column of numbers".to_owned(),
        Kind::NumberOrNone => "a column of numbers, empty where there is none".to_owned(),
        Kind::Numbers => "columns of numbers".to_owned(),
        Kind::Label => "a column".to_owned(),
        Kind::LabelColumns => "columns".to_owned(),
        Kind::Covariates => "columns: numbers, or categories".to_owned(),
        Kind::Choice(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            words.join(", ")
        }
        Kind::Level => "a number between 0 and 1".to_owned(),
        Kind::Real => "a number".to_owned(),
        Kind::Reals => "numbers".to_owned(),
        Kind::Whole => "a whole number".to_owned(),
        Kind::Flag => "nothing".to_owned(),
        Kind::Words => "words".to_owned(),
    }
}
