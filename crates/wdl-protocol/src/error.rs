//! What may be wrong with a lab's folder: every fault with its file, line and column.

use wdl_vocab::diagnostics::codes::lab as codes;
use wdl_vocab::{Diagnose, Diagnostic, Lang};

use crate::ids::ArticleId;

/// The lab's folder cannot be used; every fault found is listed.
#[derive(Debug, thiserror::Error)]
#[error("{first}{more}", first = self.first(), more = self.more())]
// INVARIANT: at least one fault.
pub struct LabError {
    faults: Vec<Fault>,
}

impl LabError {
    pub(crate) fn new(mut faults: Vec<Fault>) -> LabError {
        debug_assert!(!faults.is_empty(), "an error has a reason");
        faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        LabError { faults }
    }

    /// Every fault, by file and line.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Every fault as a diagnostic.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.faults.iter().map(Diagnose::diagnostic).collect()
    }

    fn first(&self) -> &Fault {
        self.faults.first().expect("an error has a reason")
    }

    fn more(&self) -> String {
        match self.faults.len() {
            1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        }
    }
}

impl From<Fault> for LabError {
    fn from(fault: Fault) -> LabError {
        LabError::new(vec![fault])
    }
}

impl Diagnose for LabError {
    fn diagnostic(&self) -> Diagnostic {
        self.first().diagnostic()
    }
}

/// One fault of the lab's folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {kind}")]
pub struct Fault {
    /// The file, as the user named its folder.
    pub file: String,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// The column, from 1; 0 when the whole line is meant.
    pub column: usize,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong at a place of the lab's folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The file is missing or is not text.
    #[error("the file cannot be read: {detail}")]
    Unreadable {
        /// Why.
        detail: String,
    },
    /// The file is not YAML.
    #[error("this is not YAML: {detail}")]
    Syntax {
        /// What the reader stumbled over.
        detail: String,
    },
    /// A key that does not exist.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
        /// The key that was probably meant.
        meant: Option<String>,
        /// The keys that exist here.
        known: String,
    },
    /// A key that must be there.
    #[error("missing key `{key}`")]
    MissingKey {
        /// The key.
        key: String,
    },
    /// A value of the wrong kind.
    #[error("wrong value: {detail}")]
    WrongValue {
        /// What was expected.
        detail: String,
    },
    /// A word that is not in its list.
    #[error("`{value}` is not one of {known}")]
    UnknownWord {
        /// The word.
        value: String,
        /// The word that was probably meant.
        meant: Option<String>,
        /// The words that exist.
        known: String,
    },
    /// The same key twice.
    #[error("key `{key}` stands twice")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// The same name twice in a list.
    #[error("`{name}` stands twice in `{list}`")]
    DuplicateName {
        /// The list.
        list: &'static str,
        /// The name.
        name: String,
    },
    /// A name that nothing has.
    #[error("`{name}` is not in `{list}`")]
    UnknownName {
        /// Where names are defined.
        list: &'static str,
        /// The name.
        name: String,
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// A threshold under the floor of the deontological rules.
    #[error("a minimum frequency of {value} is under 3")]
    ThresholdTooLow {
        /// The threshold.
        value: u64,
    },
    /// An override that is not stricter than the general rule.
    #[error("the override does not make the general rule stricter")]
    LooserOverride,
    /// Too few reviewers for a release.
    #[error("{value} reviewers are too few: two at least")]
    TooFewReviewers {
        /// The number.
        value: usize,
    },
    /// Too few people with the role of reviewer.
    #[error("{have} people can review and {need} must")]
    ReviewersMissing {
        /// People with the role.
        have: usize,
        /// People needed, beside an author who is a reviewer too.
        need: usize,
    },
    /// Not two custodians.
    #[error("{count} custodians: there must be two")]
    NotTwoCustodians {
        /// The number.
        count: usize,
    },
    /// A custodian that is a body of the agreement.
    #[error("custodian `{name}` is a body of the agreement")]
    CustodianNotIndependent {
        /// The custodian.
        name: String,
    },
    /// No controller.
    #[error("no body is `titolare`")]
    NoTitolare,
    /// A language is missing.
    #[error("language `{lang}` is missing")]
    LanguageMissing {
        /// The language.
        lang: Lang,
    },
    /// A quorum that cannot be reached, or that nobody needs to reach.
    #[error("a quorum of {value} does not fit {seats} seats")]
    Quorum {
        /// The quorum.
        value: usize,
        /// The seats it counts.
        seats: usize,
    },
    /// A seat and its body do not agree.
    #[error("seat `{name}` must have a body if and only if it is `firmatario`")]
    SeatBody {
        /// The seat.
        name: String,
    },
    /// A draft shown to somebody who never sees drafts.
    #[error("`{role}` never reads drafts")]
    DraftsToOutsiders {
        /// The role.
        role: &'static str,
    },
    /// The agreement ends before it begins.
    #[error("the agreement ends before it begins")]
    TermReversed,
    /// The articles are not in the form of the lab.
    #[error("{detail}")]
    ArticleShape {
        /// What was expected.
        detail: String,
    },
    /// An article without one of its languages.
    #[error("article `{article}` has no text in `{lang}`")]
    ArticleLanguage {
        /// The article.
        article: ArticleId,
        /// The language.
        lang: Lang,
    },
}

impl Diagnose for Fault {
    fn diagnostic(&self) -> Diagnostic {
        let diagnostic = self.kind.diagnostic().with("file", &self.file);
        match self.line {
            0 => diagnostic,
            line => diagnostic.at(&self.file, line, self.column),
        }
    }
}

impl FaultKind {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            FaultKind::Unreadable { detail } => new(codes::UNREADABLE).with("detail", detail),
            FaultKind::Syntax { detail } => new(codes::SYNTAX).with("detail", detail),
            FaultKind::UnknownKey { key, meant, known } => new(codes::UNKNOWN_KEY)
                .with("key", key)
                .with("expected", known)
                .suggest(meant.as_deref()),
            FaultKind::MissingKey { key } => new(codes::MISSING_KEY).with("key", key),
            FaultKind::WrongValue { detail } => new(codes::WRONG_VALUE).with("detail", detail),
            FaultKind::UnknownWord {
                value,
                meant,
                known,
            } => new(codes::UNKNOWN_WORD)
                .with("value", value)
                .with("expected", known)
                .suggest(meant.as_deref()),
            FaultKind::DuplicateKey { key } => new(codes::DUPLICATE_KEY).with("key", key),
            FaultKind::DuplicateName { list, name } => new(codes::DUPLICATE_NAME)
                .with("list", list)
                .with("name", name),
            FaultKind::UnknownName { list, name, meant } => new(codes::UNKNOWN_NAME)
                .with("list", list)
                .with("name", name)
                .suggest(meant.as_deref()),
            FaultKind::ThresholdTooLow { value } => new(codes::THRESHOLD_TOO_LOW)
                .with("value", value)
                .with("minimum", crate::MinimumFrequency::FLOOR),
            FaultKind::LooserOverride => new(codes::LOOSER_OVERRIDE),
            FaultKind::TooFewReviewers { value } => {
                new(codes::TOO_FEW_REVIEWERS).with("value", value)
            }
            FaultKind::ReviewersMissing { have, need } => new(codes::REVIEWERS_MISSING)
                .with("actual", have)
                .with("expected", need),
            FaultKind::NotTwoCustodians { count } => {
                new(codes::NOT_TWO_CUSTODIANS).with("count", count)
            }
            FaultKind::CustodianNotIndependent { name } => {
                new(codes::CUSTODIAN_NOT_INDEPENDENT).with("name", name)
            }
            FaultKind::NoTitolare => new(codes::NO_TITOLARE),
            FaultKind::LanguageMissing { lang } => new(codes::LANGUAGE_MISSING).with("value", lang),
            FaultKind::Quorum { value, seats } => new(codes::QUORUM)
                .with("value", value)
                .with("maximum", seats),
            FaultKind::SeatBody { name } => new(codes::SEAT_BODY).with("name", name),
            FaultKind::DraftsToOutsiders { role } => {
                new(codes::DRAFTS_TO_OUTSIDERS).with("role", role)
            }
            FaultKind::TermReversed => new(codes::TERM_REVERSED),
            FaultKind::ArticleShape { detail } => new(codes::ARTICLE_SHAPE).with("detail", detail),
            FaultKind::ArticleLanguage { article, lang } => new(codes::ARTICLE_LANGUAGE)
                .with("entry", article)
                .with("value", lang),
        }
    }
}
