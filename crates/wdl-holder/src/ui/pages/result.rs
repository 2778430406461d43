//! The result of a check: red, yellow or green, the most frequent problems and what to do.

use askama::Template;
use wdl_check::{Finding, Reason};
use wdl_vocab::{Lang, Severity};

use super::send::query;
use super::{Light, Mark, Step, drawn, stepper};
use crate::report::{FindingReport, severity_word, what, what_to_do, why};
use crate::ui::shell::{Menu, Shell};
use crate::ui::view::{About, CanSeal, Seen, Task};
use crate::words::{count, say};

/// How many problems are shown open.
const FIRST: usize = 5;

#[derive(Template)]
#[template(path = "result.html")]
struct Page<'a> {
    stepper: String,
    shell: Shell<'a>,
    light: Light,
    verdict: String,
    counts: Vec<(String, String)>,
    problems: String,
    first: Vec<Problem>,
    rest: Vec<Problem>,
    base: String,
    again: String,
    file: String,
    decisions: Vec<String>,
    can_seal: bool,
}

struct Problem {
    id: String,
    number: usize,
    class: &'static str,
    mark: String,
    severity: String,
    code: &'static str,
    message: String,
    cause: String,
    fix: String,
    has_meant: bool,
    examples: Vec<Example>,
    more: Option<String>,
    justified: Option<String>,
    form: Option<Form>,
}

struct Example {
    line: String,
    value: String,
    meant: Option<String>,
}

/// The form that justifies a problem.
struct Form {
    title: String,
    action: String,
    column: String,
    rule: String,
    note: String,
    reasons: Vec<Choice>,
}

struct Choice {
    value: &'static str,
    text: String,
    is_chosen: bool,
}

/// The page of a checked file.
pub(in crate::ui) fn result(
    about: &About,
    lang: Lang,
    (id, task): (u64, &Task),
    seen: &Seen,
) -> String {
    let report = &seen.shareable;
    let shell = Shell {
        lang,
        about,
        title: crate::report::title(report, lang),
        path: format!("check/{id}"),
        menu: Menu::Elsewhere,
    };
    let base = shell.href(&format!("check/{id}"));
    // The gravest first, and among them the most frequent; the sort is stable.
    let mut pairs: Vec<(&Finding, &FindingReport)> =
        seen.findings.iter().zip(&report.findings).collect();
    pairs.sort_by_key(|(finding, _)| (finding.diagnostic.severity, u64::MAX - finding.count));
    let mut problems: Vec<Problem> = pairs
        .into_iter()
        .enumerate()
        .map(|(place, pair)| problem(&shell, place, pair, &base))
        .collect();
    let rest = problems.split_off(problems.len().min(FIRST));
    drawn(&Page {
        stepper: stepper(&shell, Step::Check),
        light: light(lang, seen),
        verdict: say(lang, report.verdict(), &[]),
        counts: counts(&shell, seen),
        problems: shell.say(match rest.is_empty() {
            true => "ui-problems",
            false => "ui-problems-first",
        }),
        first: problems,
        rest,
        again: shell.href(&format!(
            "send/{}/{}{}",
            task.dataset,
            task.period,
            query(task.scope)
        )),
        file: shell.with("ui-file", "file", &task.name),
        decisions: report
            .decisions
            .iter()
            .map(|text| text.get(lang).to_owned())
            .collect(),
        can_seal: seen.seal != CanSeal::No,
        base,
        shell,
    })
}

fn light(lang: Lang, seen: &Seen) -> Light {
    let counts = seen.shareable.counts;
    match (counts.error, counts.to_justify) {
        (0, 0) => Light::new(Mark::Green, lang, "ui-green"),
        (0, _) => Light::new(Mark::Amber, lang, "ui-amber"),
        _ => Light::new(Mark::Red, lang, "ui-red"),
    }
}

fn counts(shell: &Shell<'_>, seen: &Seen) -> Vec<(String, String)> {
    let report = &seen.shareable;
    [
        ("rows", report.rows),
        ("accepted", report.accepted),
        ("rejected", report.rejected),
        ("to-justify", report.counts.to_justify),
        ("justified", report.counts.justified),
        ("notes", report.counts.note),
    ]
    .into_iter()
    .filter(|(key, value)| *value > 0 || matches!(*key, "rows" | "accepted" | "rejected"))
    .map(|(key, value)| (shell.count(&value), shell.say(key)))
    .collect()
}

fn problem(
    shell: &Shell<'_>,
    place: usize,
    (finding, report): (&Finding, &FindingReport),
    base: &str,
) -> Problem {
    let lang = shell.lang;
    let told = &finding.diagnostic;
    let examples = finding.examples.iter().map(|example| Example {
        line: shell.count(&example.line),
        value: example.value.clone(),
        meant: example.suggestion.clone(),
    });
    let more = finding.count.saturating_sub(finding.examples.len() as u64);
    let can_justify = told.severity == Severity::ToJustify;
    Problem {
        id: format!("problem-{place}"),
        number: place + 1,
        class: match told.severity {
            Severity::Error => "error",
            Severity::ToJustify => "to-justify",
            Severity::Note => "note",
        },
        mark: Mark::of(told.severity).svg(),
        severity: shell.say(severity_word(told.severity)),
        code: told.code.id,
        message: what(finding, told, lang),
        cause: why(finding, told, lang),
        fix: what_to_do(finding, told, lang),
        more: (more > 0 && !finding.examples.is_empty())
            .then(|| shell.with("more", "count", count(lang, more))),
        has_meant: finding.examples.iter().any(|one| one.suggestion.is_some()),
        examples: examples.collect(),
        justified: report.justified.as_ref().map(|said| {
            let reason = said.reason.text();
            match said.note.is_empty() {
                true => reason.get(lang).to_owned(),
                false => format!("{} – {}", reason.get(lang), said.note),
            }
        }),
        form: can_justify.then(|| form(shell, report, base)),
    }
}

fn form(shell: &Shell<'_>, report: &FindingReport, base: &str) -> Form {
    let said = report.justified.as_ref();
    Form {
        title: shell.say(match said.is_some() {
            true => "ui-justify-again",
            false => "ui-justify-open",
        }),
        action: format!("{base}/justify"),
        column: report.column.clone().unwrap_or_default(),
        rule: report.rule.clone().unwrap_or_default(),
        note: said.map(|said| said.note.clone()).unwrap_or_default(),
        reasons: Reason::ALL
            .into_iter()
            .map(|reason| Choice {
                value: reason.word(),
                text: reason.text().get(shell.lang).to_owned(),
                is_chosen: said.is_some_and(|said| said.reason == reason),
            })
            .collect(),
    }
}
