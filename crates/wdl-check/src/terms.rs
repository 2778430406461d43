//! What a file is held against: the contract, what was delivered before, what was justified.

use arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};
use wdl_contract::{CodeLists, Contract};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{DatasetId, Diagnose, Diagnostic, Period, Text};

use crate::checked::Checked;
use crate::findings::{Finding, Subject};
use crate::summary::Summary;

/// What a file is held against.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// The contract of its dataset.
    pub contract: &'a Contract,
    /// The lab's code lists.
    pub codes: &'a CodeLists,
    /// The delivery period.
    pub period: Period,
    /// What the body delivered before.
    pub history: &'a dyn History,
    /// The other files of the delivery, checked already, for the rules between files.
    pub siblings: &'a [&'a Checked],
    /// The columns (lab names) of this dataset that rules of other datasets name.
    pub kept: &'a [String],
    /// What the steward justified.
    pub justified: &'a [Justified],
}

impl<'a> Terms<'a> {
    /// A file on its own: no history, no other files, nothing justified.
    pub fn alone(contract: &'a Contract, codes: &'a CodeLists, period: Period) -> Terms<'a> {
        Terms {
            contract,
            codes,
            period,
            history: &NoHistory,
            siblings: &[],
            kept: &[],
            justified: &[],
        }
    }
}

/// What a body remembers of its deliveries.
pub trait History: Sync {
    /// The last delivery of a dataset before this one.
    fn previous(&self, dataset: &DatasetId) -> Option<Past>;
    /// The delivery of the same quarter of last year.
    fn same_quarter_last_year(&self, dataset: &DatasetId) -> Option<Past>;
}

/// A delivery made before.
#[derive(Clone, Debug)]
pub struct Past {
    /// Its period.
    pub period: Period,
    /// Its counts.
    pub summary: Summary,
    /// Its rows as typed columns named as in the lab, for the rules between quarters, when the body kept them.
    pub rows: Option<Vec<RecordBatch>>,
}

/// A body that delivers for the first time.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHistory;

impl History for NoHistory {
    fn previous(&self, _: &DatasetId) -> Option<Past> {
        None
    }

    fn same_quarter_last_year(&self, _: &DatasetId) -> Option<Past> {
        None
    }
}

/// Why something unusual is right: a closed list, so that reasons can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Looked up at the source, and so it is.
    ConfirmedAtSource,
    /// The source does not hold it.
    NotHeld,
    /// It was registered late.
    RegisteredLate,
    /// A law or a rule of the body changed.
    RuleChanged,
    /// An office, a programme or a way of registering changed.
    SourceChanged,
    /// It will be corrected with the next delivery.
    CorrectedNextTime,
    /// Another reason, told in the note.
    Other,
}

impl Reason {
    /// Every reason, in the order in which they are offered.
    pub const ALL: [Reason; 7] = [
        Reason::ConfirmedAtSource,
        Reason::NotHeld,
        Reason::RegisteredLate,
        Reason::RuleChanged,
        Reason::SourceChanged,
        Reason::CorrectedNextTime,
        Reason::Other,
    ];

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Reason::ConfirmedAtSource => "confirmed_at_source",
            Reason::NotHeld => "not_held",
            Reason::RegisteredLate => "registered_late",
            Reason::RuleChanged => "rule_changed",
            Reason::SourceChanged => "source_changed",
            Reason::CorrectedNextTime => "corrected_next_time",
            Reason::Other => "other",
        }
    }

    /// The words for people.
    pub fn text(self) -> Text {
        match self {
            Reason::ConfirmedAtSource => Text::fixed(
                "verificato all'origine: è proprio così",
                "looked up at the source: so it is",
            ),
            Reason::NotHeld => Text::fixed(
                "l'ente non dispone del dato",
                "the body does not hold the value",
            ),
            Reason::RegisteredLate => Text::fixed("registrato in ritardo", "registered late"),
            Reason::RuleChanged => Text::fixed(
                "è cambiata una norma o una regola",
                "a law or a rule changed",
            ),
            Reason::SourceChanged => Text::fixed(
                "è cambiato un ufficio, un servizio o il modo di registrare",
                "an office, a service or the way of registering changed",
            ),
            Reason::CorrectedNextTime => Text::fixed(
                "sarà corretto con la prossima consegna",
                "it will be corrected with the next delivery",
            ),
            Reason::Other => Text::fixed("altro (vedi la nota)", "other (see the note)"),
        }
    }
}

/// A reason given for one kind of finding; it travels in the receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Said")]
// INVARIANT: the note holds no personal code and at most `NOTE_MAX` characters; `Other` has a note.
pub struct Justified {
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    reason: Reason,
    note: String,
}

/// The most characters of a note.
pub const NOTE_MAX: usize = 500;

/// A justification as a file or a page writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The code of the finding: `WDL-H151`.
    pub code: String,
    /// The column of the export, when the finding is about one.
    #[serde(default)]
    pub column: Option<String>,
    /// The contract's rule, when the finding is one's.
    #[serde(default)]
    pub rule: Option<String>,
    /// The reason.
    pub reason: Reason,
    /// More in words; needed for [`Reason::Other`].
    #[serde(default)]
    pub note: String,
}

/// A justification cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JustifiedError {
    /// The note would carry a personal code out.
    #[error("the note of a justification holds a code that identifies a person")]
    Identifier,
    /// The reason is "other" and nothing is said.
    #[error("the reason `other` needs a note")]
    NoNote,
    /// The note is too long.
    #[error("the note of a justification has more than {NOTE_MAX} characters")]
    TooLong,
}

impl Diagnose for JustifiedError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            JustifiedError::Identifier => Diagnostic::new(codes::NOTE_IDENTIFIES),
            JustifiedError::NoNote => Diagnostic::new(codes::NOTE_MISSING),
            JustifiedError::TooLong => {
                Diagnostic::new(codes::NOTE_TOO_LONG).with("maximum", NOTE_MAX)
            }
        }
    }
}

impl TryFrom<Said> for Justified {
    type Error = JustifiedError;

    fn try_from(said: Said) -> Result<Justified, JustifiedError> {
        let note = said.note.trim();
        if note.chars().count() > NOTE_MAX {
            return Err(JustifiedError::TooLong);
        }
        if wdl_identity::find_in_text(note) {
            return Err(JustifiedError::Identifier);
        }
        if said.reason == Reason::Other && note.is_empty() {
            return Err(JustifiedError::NoNote);
        }
        Ok(Justified {
            note: note.to_owned(),
            code: said.code,
            column: said.column,
            rule: said.rule,
            reason: said.reason,
        })
    }
}

impl Justified {
    /// The code of the finding.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The column of the export it is about.
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// The contract's rule it is about.
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// The reason.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// More in words.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Whether it speaks of a finding: the same code, and the same column or rule.
    pub(crate) fn is_about(&self, finding: &Finding) -> bool {
        let rule = finding.words.as_ref().map(|words| words.id.as_str());
        self.code == finding.diagnostic.code.id
            && match finding.subject {
                Subject::Sql(_) => self.rule() == rule,
                _ => self.column.is_none() || self.column() == finding.column(),
            }
    }
}
