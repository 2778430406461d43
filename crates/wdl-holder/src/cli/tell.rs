//! What the tool says while it works; it never says a cell.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use wdl_vocab::diagnostics::{codes, message};
use wdl_vocab::{Diagnostic, Lang, Severity};

use wdl_check::{Finding, Findings};
use wdl_delivery::RejectReason;
use wdl_intake::Question;

use super::args::Format;
use super::{Desk, Made};
use crate::report::Shareable;
use crate::seal::{Progress, SealedFile};
use crate::words::{count, say};
use crate::work::{Examined, Sent};

impl Desk<'_> {
    fn line(&mut self, key: &str, args: &[(&str, String)]) {
        if self.format == Format::Text {
            let _ = writeln!(self.world.out, "{}", say(self.lang, key, args));
        }
    }

    pub(super) fn say_made(&mut self, made: &Made) {
        let directory = made.directory.display().to_string();
        let file = made.verifying_key.display().to_string();
        self.line("init-line", &[("directory", directory)]);
        self.line("init-public", &[("file", file)]);
        self.line("init-keep", &[]);
    }

    pub(super) fn tell_check(&mut self, file: &str, report: &Shareable, findings: &Findings) {
        let counts = report.counts;
        let number = |value| count(self.lang, value);
        let args = [
            ("file", file.to_owned()),
            ("rows", number(report.rows)),
            ("accepted", number(report.accepted)),
            ("rejected", number(report.rejected)),
            ("errors", number(counts.error)),
            ("justify", number(counts.to_justify)),
            ("notes", number(counts.note)),
        ];
        self.line("file-line", &args);
        for decision in &report.decisions {
            let _ = writeln!(self.world.err, "{}", decision.get(self.lang));
        }
        for finding in findings.iter() {
            let told = self.finding(file, finding);
            let _ = writeln!(self.world.err, "{told}");
        }
    }

    fn finding(&self, file: &str, finding: &Finding) -> String {
        let lang = self.lang;
        let severity = finding.diagnostic.severity;
        let code = finding.diagnostic.code.id;
        let mut text = format!("{} {code}: {}", severity.label(lang), finding.message(lang));
        let first = finding.lines.first();
        match first {
            Some(line) => text.push_str(&format!("\n  --> {file}:{line}")),
            None => text.push_str(&format!("\n  --> {file}")),
        }
        if severity == Severity::Note {
            return text;
        }
        for (key, words) in [("cause", finding.cause(lang)), ("fix", finding.fix(lang))] {
            if !words.is_empty() {
                text.push_str(&format!("\n  {}: {words}", say(lang, key, &[])));
            }
        }
        if let Some(meant) = &finding.diagnostic.suggestion {
            text.push_str(&format!("\n  {} `{meant}`?", say(lang, "meant", &[])));
        }
        let more = finding.count.saturating_sub(1);
        if more > 0 && first.is_some() {
            let words = [("count", count(lang, more))];
            text.push_str("\n  ");
            text.push_str(&say(lang, "more-kind", &words));
        }
        text
    }

    /// What must be answered before a file can be checked, with the words to answer.
    pub(super) fn tell_questions(&mut self, file: &str, questions: &[Question]) {
        for question in questions {
            let asked = message(&question.diagnostic, self.lang);
            let _ = writeln!(self.world.err, "{file}: {asked}");
            for choice in &question.choices {
                let words = format!("--answer \"{}={}\"", question.key, choice.value);
                let label = choice.label.get(self.lang);
                let _ = writeln!(self.world.err, "  {words}  ({label})");
            }
        }
    }

    /// Names of the file that look like a column that is missing, with the words to say so.
    pub(super) fn tell_suggestions(&mut self, file: &Examined<'_>) {
        for proposal in file.proposals() {
            let Some((column, _)) = &proposal.seems else {
                continue;
            };
            let args = [
                ("column", column.clone()),
                ("name", proposal.header.clone()),
                (
                    "words",
                    format!("--column \"{}={column}\"", proposal.header),
                ),
            ];
            let told = say(self.lang, "suggestion-line", &args);
            let _ = writeln!(self.world.err, "{}: {told}", file.file);
        }
    }

    /// The lab's answers, with the lines of the rows it did not take.
    pub(super) fn tell_answers(&mut self, taken: &[Sent]) {
        for sent in taken {
            let Some(answer) = &sent.answer else { continue };
            let number = |value| count(self.lang, value);
            let args = [
                ("dataset", sent.dataset.to_string()),
                ("delivery", sent.delivery.to_string()),
                ("accepted", number(answer.accepted)),
                ("rejected", number(answer.rejected)),
            ];
            self.line("answer-line", &args);
            for row in &answer.rows {
                let words = |one: &RejectReason| match codes::all().find(|code| code.id == one.code)
                {
                    Some(code) => {
                        let told = Diagnostic::new(code)
                            .with("column", one.column.as_deref().unwrap_or_default());
                        format!("{} ({})", message(&told, self.lang), code.id)
                    }
                    None => one.code.clone(),
                };
                let reasons: Vec<String> = row.reasons.iter().map(words).collect();
                let line = row.line.map_or_else(String::new, |line| line.to_string());
                let args = [
                    ("row", row.row.to_string()),
                    ("line", line),
                    ("codes", reasons.join("; ")),
                ];
                self.line("answer-row", &args);
            }
        }
    }

    pub(super) fn tell_page(&mut self, address: &str) {
        match self.format {
            Format::Json => self.json(&serde_json::json!({ "page": address })),
            Format::Text => self.line("page-line", &[("address", address.to_owned())]),
        }
        let _ = self.world.out.flush();
    }

    /// Takes the bar away and tells what the custodians warned of.
    pub(super) fn close(&mut self, bar: Bar) {
        for warning in bar.finish() {
            let _ = writeln!(self.world.err, "{}", warning.render(self.lang));
        }
    }

    pub(super) fn tell_reports(&mut self, written: &[PathBuf]) {
        let names: Vec<String> = written
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        self.line("reports-line", &[("files", names.join(", "))]);
    }

    pub(super) fn tell_sealed(&mut self, sealed: &[SealedFile]) {
        for one in sealed {
            let number = |value| count(self.lang, value);
            let (asked, known) = (number(one.people_asked), number(one.people_known));
            let args = [
                ("file", one.file.display().to_string()),
                ("rows", number(one.rows)),
                ("people", number(one.rows_without_person)),
            ];
            self.line("sealed-line", &args);
            if one.people_asked + one.people_known > 0 {
                self.line("people-line", &[("count", asked), ("known", known)]);
            }
            self.line("receipt-line", &[("delivery", one.delivery.to_string())]);
        }
    }
}

/// A bar on the terminal while the custodians answer; nothing elsewhere.
pub(super) struct Bar {
    bar: ProgressBar,
    warnings: Mutex<Vec<Diagnostic>>,
}

impl Bar {
    pub(super) fn new(lang: Lang) -> Bar {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
            .expect("the template is fixed");
        bar.set_style(style);
        bar.set_message(say(lang, "asking", &[]));
        Bar {
            bar,
            warnings: Mutex::default(),
        }
    }

    fn finish(self) -> Vec<Diagnostic> {
        self.bar.finish_and_clear();
        let warnings = self.warnings.into_inner();
        warnings.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Bar {
    fn begin(&self, people: u64) {
        self.bar.inc_length(people);
    }

    fn advance(&self, people: u64) {
        self.bar.inc(people);
    }

    fn warn(&self, warning: &Diagnostic) {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        warnings.push(warning.clone());
    }
}
