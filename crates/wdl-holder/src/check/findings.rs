//! What a check found: counted by code and column, with at most five examples of a kind.
//!
//! The counts and the arguments may travel; the examples hold cells and never leave the body.

use std::collections::BTreeMap;

use wdl_vocab::{Code, Diagnostic, Severity};

/// What a finding is about; the order is that of the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The whole file.
    File,
    /// A name of the header, by its place from 0.
    Header(usize),
    /// A column of the contract, by its place from 0.
    Column(usize),
    /// A rule of the contract, by its place from 0.
    Rule(usize),
}

/// A row that shows what is meant. It holds personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The line of the file, from 1.
    pub line: u64,
    /// The cell.
    pub value: String,
    /// The code that was probably meant.
    pub suggestion: Option<String>,
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
    /// The first rows, at most [`EXAMPLES`].
    pub examples: Vec<Example>,
}

/// How many examples of a kind are kept.
pub const EXAMPLES: usize = 5;

impl Finding {
    /// The diagnostic with its count filled in.
    pub fn counted(&self) -> Diagnostic {
        self.diagnostic.clone().with("count", self.count)
    }
}

/// How many of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Errors.
    pub error: u64,
    /// Things to justify.
    pub to_justify: u64,
    /// Notes.
    pub note: u64,
}

/// Everything a check found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    groups: BTreeMap<(Severity, Subject, &'static str), Finding>,
}

impl Findings {
    /// Adds one finding; `describe` is asked only for the first of its kind.
    pub(crate) fn add(
        &mut self,
        key: (Severity, Subject, Code),
        example: Option<(u64, &str)>,
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
                examples: Vec::new(),
            });
        group.count += 1;
        if let Some((line, value)) = example
            && group.examples.len() < EXAMPLES
        {
            group.examples.push(Example {
                line,
                value: value.chars().take(80).collect(),
                suggestion: None,
            });
        }
        group
    }

    /// The findings: errors first, then by place.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.groups.values()
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
            match finding.diagnostic.severity {
                Severity::Error => counts.error += finding.count,
                Severity::ToJustify => counts.to_justify += finding.count,
                Severity::Note => counts.note += finding.count,
            }
        }
        counts
    }
}
