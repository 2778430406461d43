//! Qualitative evidence, from what coders wrote to what may be told: the codebook, the codings, how far coders agree, what they agree on, themes by group, themes beside effects.
//!
//! Place in the flow: transcripts stay sealed in the lab, and here nothing of them comes but names: of a transcript, of a segment, of a code.
//! It must not know what anybody said.

mod agreement;
mod changes;
mod codebook;
mod consensus;
mod effects;
mod error;
mod joint;
mod sheet;
mod themes;
mod themes_file;

pub use agreement::{Agreement, CodeAgreement, Coefficient, Disagreement, agreement};
pub use changes::{Became, Comparison, compare};
pub use codebook::{Codebook, CodebookError, CodebookFault, CodebookId, Entry, EntryId};
pub use consensus::{Basis, Consensus, Decided, Undecided, consensus};
pub use effects::{Effect, Effects, OfStudy};
pub use error::CodingError;
pub use joint::{
    Expected, Joint, JointRule, JointRuleError, JointRuleFault, Line, Match, RuleOf, Said, Verdict,
};
pub use sheet::{Codings, Raw, Segment};
pub use themes::{Fieldwork, Labels, Participant, Theme, Themes, count, protect};
pub use themes_file::{ThemeCell, ThemesFile};
