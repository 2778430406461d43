//! What a check found: counted by code and column, with every line and at most five examples of a kind.
//!
//! The counts and the arguments may travel; the lines and the examples never leave the body.

use std::collections::BTreeMap;

use wdl_vocab::diagnostics::{cause, fix, message};
use wdl_vocab::{Code, Diagnostic, Lang, Severity, Text};

use crate::terms::{Justified, Reason};

/// What a finding is about; the order is that of the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The whole file.
    File,
    /// A name of the header, by its place from 0.
    Header(usize),
    /// A column of the contract, by its place from 0.
    Column(usize),
    /// A rule that follows from the shape of the contract, by its place from 0.
    Rule(usize),
    /// A rule the contract writes in SQL, by its place from 0.
    Sql(usize),
}

/// A row that shows what is meant. It holds personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The line of the file, from 1; 0 when it is about no single row.
    pub line: u64,
    /// The cell; empty when it holds an identifier that must not be repeated.
    pub value: String,
    /// The value that was probably meant.
    pub suggestion: Option<String>,
    /// The earlier line it repeats or contradicts.
    pub other_line: Option<u64>,
}

/// All findings of one kind.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is about.
    pub subject: Subject,
    /// Code, severity and arguments: never a cell.
    pub diagnostic: Diagnostic,
    /// How many rows.
    pub count: u64,
    /// The lines of the rows, in order, at most [`LINES`].
    pub lines: Vec<u64>,
    /// The first rows, at most [`EXAMPLES`].
    pub examples: Vec<Example>,
    /// The words of the contract's own rule.
    pub words: Option<RuleWords>,
    /// Why it is so, when somebody said it.
    pub justified: Option<Justification>,
}

/// The words of a rule of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleWords {
    /// The name of the rule.
    pub id: String,
    /// What it says.
    pub message: Text,
    /// Why it may be broken.
    pub cause: Option<Text>,
    /// What to do.
    pub fix: Text,
}

/// Why a finding is right as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Justification {
    /// The reason.
    pub reason: Reason,
    /// What was added in words.
    pub note: String,
}

/// How many examples of a kind are kept.
pub const EXAMPLES: usize = 5;

/// How many lines of a kind are kept; the count goes on.
pub const LINES: usize = 100_000;

/// How many characters of a cell are shown.
const VALUE_MAX: usize = 80;

impl Finding {
    /// The diagnostic with its count filled in.
    pub fn counted(&self) -> Diagnostic {
        self.diagnostic.clone().with("count", self.count)
    }

    /// Whether there are more rows than lines kept.
    pub fn is_cut(&self) -> bool {
        self.count > self.lines.len() as u64 && !self.lines.is_empty()
    }

    /// What is wrong, in words: the rule's own when it is a rule of the contract.
    pub fn message(&self, lang: Lang) -> String {
        match &self.words {
            Some(words) => words.message.get(lang).to_owned(),
            None => message(&self.counted(), lang),
        }
    }

    /// Why, in words.
    pub fn cause(&self, lang: Lang) -> String {
        match self.words.as_ref().and_then(|words| words.cause.as_ref()) {
            Some(text) => text.get(lang).to_owned(),
            None => cause(&self.counted(), lang),
        }
    }

    /// What to do, in words.
    pub fn fix(&self, lang: Lang) -> String {
        match &self.words {
            Some(words) => words.fix.get(lang).to_owned(),
            None => fix(&self.counted(), lang),
        }
    }

    /// The column of the export it is about.
    pub fn column(&self) -> Option<&str> {
        self.diagnostic.args.get("column").map(String::as_str)
    }
}

/// How many rows of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Errors.
    pub error: u64,
    /// Things to justify.
    pub to_justify: u64,
    /// Notes.
    pub note: u64,
    /// Things that were to justify and are.
    pub justified: u64,
}

/// One thing seen, before it is counted with its kind.
pub(crate) struct Seen<'a> {
    pub(crate) line: u64,
    pub(crate) value: &'a str,
    pub(crate) suggestion: Option<String>,
    pub(crate) other_line: Option<u64>,
}

impl<'a> Seen<'a> {
    pub(crate) fn at(line: u64, value: &'a str) -> Seen<'a> {
        Seen {
            line,
            value,
            suggestion: None,
            other_line: None,
        }
    }
}

impl<'a> Seen<'a> {
    /// Something that stands in no single row.
    pub(crate) fn nowhere(value: &'a str) -> Seen<'a> {
        Seen::at(0, value)
    }
}

pub(crate) type Key = (Severity, Subject, Code);

/// Everything a check found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    groups: BTreeMap<(Severity, Subject, &'static str), Finding>,
}

impl Findings {
    /// Adds one finding; `describe` is asked only for the first of its kind.
    pub(crate) fn add(
        &mut self,
        key: Key,
        seen: Option<Seen<'_>>,
        describe: impl FnOnce() -> Diagnostic,
    ) -> &mut Finding {
        let (severity, subject, code) = key;
        let group = self
            .groups
            .entry((severity, subject, code.id))
            .or_insert_with(|| Finding {
                subject,
                diagnostic: describe().severity(severity),
                count: 0,
                lines: Vec::new(),
                examples: Vec::new(),
                words: None,
                justified: None,
            });
        group.count += 1;
        let Some(seen) = seen else { return group };
        if group.lines.len() < LINES && seen.line > 0 {
            group.lines.push(seen.line);
        }
        if group.examples.len() < EXAMPLES {
            group.examples.push(Example {
                line: seen.line,
                value: seen.value.chars().take(VALUE_MAX).collect(),
                suggestion: seen.suggestion,
                other_line: seen.other_line,
            });
        }
        group
    }

    /// Takes in the findings of another part of the file, which come after these.
    pub(crate) fn take(&mut self, other: Findings) {
        for (key, finding) in other.groups {
            match self.groups.entry(key) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(finding);
                }
                std::collections::btree_map::Entry::Occupied(mut place) => {
                    place.get_mut().append(finding);
                }
            }
        }
    }

    /// Marks what is to justify and was.
    pub(crate) fn justify(&mut self, justified: &[Justified]) {
        for finding in self.groups.values_mut() {
            if finding.diagnostic.severity != Severity::ToJustify {
                continue;
            }
            let said = justified.iter().find(|one| one.is_about(finding));
            finding.justified = said.map(|one| Justification {
                reason: one.reason(),
                note: one.note().to_owned(),
            });
        }
    }

    /// The findings: errors first, then by place.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.groups.values()
    }

    /// Fills the value of an example that was known by its line alone.
    pub(crate) fn show(&mut self, (subject, code, line): (Subject, Code, u64), value: &str) {
        let about =
            |finding: &&mut Finding| finding.subject == subject && finding.diagnostic.code == code;
        for finding in self.groups.values_mut().filter(about) {
            for example in finding.examples.iter_mut().filter(|one| one.line == line) {
                example.value = value.chars().take(VALUE_MAX).collect();
            }
        }
    }

    /// How many rows under a code.
    pub fn count(&self, code: Code) -> u64 {
        self.iter()
            .filter(|finding| finding.diagnostic.code == code)
            .map(|finding| finding.count)
            .sum()
    }

    /// How many of each severity.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for finding in self.iter() {
            match (finding.diagnostic.severity, &finding.justified) {
                (Severity::Error, _) => counts.error += finding.count,
                (Severity::ToJustify, None) => counts.to_justify += finding.count,
                (Severity::ToJustify, Some(_)) => counts.justified += finding.count,
                (Severity::Note, _) => counts.note += finding.count,
            }
        }
        counts
    }
}

impl Finding {
    fn append(&mut self, other: Finding) {
        self.count += other.count;
        let lines = LINES.saturating_sub(self.lines.len());
        self.lines.extend(other.lines.into_iter().take(lines));
        let examples = EXAMPLES.saturating_sub(self.examples.len());
        self.examples
            .extend(other.examples.into_iter().take(examples));
    }
}
