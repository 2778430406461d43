//! What the tool says while it works; it never says a cell.

use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use wdl_vocab::diagnostics::message;
use wdl_vocab::{Lang, Severity};

use super::args::Format;
use super::{Desk, Made};
use crate::check::{Finding, Findings};
use crate::report::Shareable;
use crate::seal::{Progress, SealedFile};
use crate::words::{count, say};

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
            ("errors", number(counts.error)),
            ("justify", number(counts.to_justify)),
            ("notes", number(counts.note)),
        ];
        self.line("file-line", &args);
        for finding in findings.iter() {
            let told = self.finding(file, finding);
            let _ = writeln!(self.world.err, "{told}");
        }
    }

    fn finding(&self, file: &str, finding: &Finding) -> String {
        let mut told = finding
            .counted()
            .with("count", count(self.lang, finding.count));
        if let Some(example) = finding.examples.first() {
            let line = usize::try_from(example.line).unwrap_or(usize::MAX);
            told = told.at(file, line, 0);
        }
        match told.severity {
            Severity::Note => message(&told, self.lang),
            Severity::Error | Severity::ToJustify => {
                let mut text = told.render(self.lang);
                let more = finding.count.saturating_sub(1);
                if more > 0 && !finding.examples.is_empty() {
                    let words = [("count", count(self.lang, more))];
                    text.push_str("\n  ");
                    text.push_str(&say(self.lang, "more-kind", &words));
                }
                text
            }
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
}

impl Bar {
    pub(super) fn new(lang: Lang) -> Bar {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
            .expect("the template is fixed");
        bar.set_style(style);
        bar.set_message(say(lang, "asking", &[]));
        Bar { bar }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn begin(&self, people: u64) {
        self.bar.inc_length(people);
    }

    fn advance(&self, people: u64) {
        self.bar.inc(people);
    }
}
