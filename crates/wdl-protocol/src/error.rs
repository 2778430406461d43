//! What only the lab's folder may have wrong, beside what any of its files may have.

use wdl_vocab::diagnostics::codes::lab as codes;
use wdl_vocab::{Diagnose, Diagnostic, Lang};

use crate::ids::ArticleId;

/// The lab's folder cannot be used; every fault found is listed.
pub type LabError = wdl_yaml::FolderError<LabFault>;
/// One fault of the lab's folder.
pub type Fault = wdl_yaml::Fault<LabFault>;
/// What is wrong at a place of the lab's folder.
pub type FaultKind = wdl_yaml::FaultKind<LabFault>;

/// What `lab.yaml` and the agreement alone may have wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabFault {
    /// A threshold under the floor of the deontological rules.
    #[error("a minimum frequency of {value} is under 3")]
    ThresholdTooLow {
        /// The threshold.
        value: u64,
    },
    /// An override that is not stricter than the general rule.
    #[error("the override does not make the general rule stricter")]
    LooserOverride,
    /// An indicator whose counts are changed, tied to others whose counts are not.
    #[error("the counts of `{name}` are changed, and it is tied to other indicators")]
    MethodTied {
        /// The indicator.
        name: String,
    },
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

impl Diagnose for LabFault {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            LabFault::ThresholdTooLow { value } => new(codes::THRESHOLD_TOO_LOW)
                .with("value", value)
                .with("minimum", crate::MinimumFrequency::FLOOR),
            LabFault::LooserOverride => new(codes::LOOSER_OVERRIDE),
            LabFault::MethodTied { name } => new(codes::METHOD_TIED).with("indicator", name),
            LabFault::TooFewReviewers { value } => {
                new(codes::TOO_FEW_REVIEWERS).with("value", value)
            }
            LabFault::ReviewersMissing { have, need } => new(codes::REVIEWERS_MISSING)
                .with("actual", have)
                .with("expected", need),
            LabFault::NotTwoCustodians { count } => {
                new(codes::NOT_TWO_CUSTODIANS).with("count", count)
            }
            LabFault::CustodianNotIndependent { name } => {
                new(codes::CUSTODIAN_NOT_INDEPENDENT).with("name", name)
            }
            LabFault::NoTitolare => new(codes::NO_TITOLARE),
            LabFault::LanguageMissing { lang } => new(codes::LANGUAGE_MISSING).with("value", lang),
            LabFault::Quorum { value, seats } => new(codes::QUORUM)
                .with("value", value)
                .with("maximum", seats),
            LabFault::SeatBody { name } => new(codes::SEAT_BODY).with("name", name),
            LabFault::DraftsToOutsiders { role } => {
                new(codes::DRAFTS_TO_OUTSIDERS).with("role", role)
            }
            LabFault::TermReversed => new(codes::TERM_REVERSED),
            LabFault::ArticleShape { detail } => new(codes::ARTICLE_SHAPE).with("detail", detail),
            LabFault::ArticleLanguage { article, lang } => new(codes::ARTICLE_LANGUAGE)
                .with("entry", article)
                .with("value", lang),
        }
    }
}
