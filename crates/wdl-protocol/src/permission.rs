//! Who may do what, and why not: the table of permissions of the agreement.
//!
//! The table is part of `agreement.yaml`, so that a refusal cites an article the reader can open.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use wdl_vocab::diagnostics::codes;
use wdl_vocab::{Diagnose, Diagnostic, Text};

use crate::ids::ArticleId;

/// What somebody is in the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Keeps the lab at the university: receives, builds, publishes what was released.
    DataManager,
    /// Writes an analysis and asks for its release.
    Author,
    /// Reads what was asked for and votes.
    Reviewer,
    /// A committee seat of a signatory body (*firmatario*).
    SeatFirmatario,
    /// A committee seat of the wider circle (*allargato*): business, unions, third sector.
    SeatAllargato,
    /// Anybody.
    Public,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] = [
        Role::DataManager,
        Role::Author,
        Role::Reviewer,
        Role::SeatFirmatario,
        Role::SeatAllargato,
        Role::Public,
    ];

    /// The role as the files of the lab write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::DataManager => "data_manager",
            Role::Author => "author",
            Role::Reviewer => "reviewer",
            Role::SeatFirmatario => "seat_firmatario",
            Role::SeatAllargato => "seat_allargato",
            Role::Public => "public",
        }
    }

    /// The role in words.
    pub fn label(self) -> Text {
        match self {
            Role::DataManager => Text::fixed("responsabile tecnico dei dati", "data manager"),
            Role::Author => Text::fixed("autore dell'analisi", "author of the analysis"),
            Role::Reviewer => Text::fixed("revisore", "reviewer"),
            Role::SeatFirmatario => Text::fixed(
                "componente firmatario del Comitato di Indirizzo",
                "signatory member of the steering committee",
            ),
            Role::SeatAllargato => Text::fixed(
                "componente allargato del Comitato di Indirizzo",
                "wider member of the steering committee",
            ),
            Role::Public => Text::fixed("chiunque", "anybody"),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the agreement allows or refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Take a delivery in.
    Receive,
    /// Build the base and the results.
    Build,
    /// Decide on a doubt of the linkage.
    DecideDoubt,
    /// Register and run an evaluation study.
    RunStudy,
    /// Read a result that was not released.
    ReadDraft,
    /// Seal a transcript into the lab, or destroy it when its consent is withdrawn.
    KeepTranscript,
    /// Read a transcript.
    ReadTranscript,
    /// Ask for the release of a result.
    RequestRelease,
    /// Vote on a request.
    ReviewRelease,
    /// Publish what was released, or take it back.
    Publish,
    /// Verify the ledger and what was published.
    Verify,
}

impl Act {
    /// Every act.
    pub const ALL: [Act; 11] = [
        Act::Receive,
        Act::Build,
        Act::DecideDoubt,
        Act::RunStudy,
        Act::ReadDraft,
        Act::KeepTranscript,
        Act::ReadTranscript,
        Act::RequestRelease,
        Act::ReviewRelease,
        Act::Publish,
        Act::Verify,
    ];

    /// The act as the files of the lab write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Act::Receive => "receive",
            Act::Build => "build",
            Act::DecideDoubt => "decide_doubt",
            Act::RunStudy => "run_study",
            Act::ReadDraft => "read_draft",
            Act::KeepTranscript => "keep_transcript",
            Act::ReadTranscript => "read_transcript",
            Act::RequestRelease => "request_release",
            Act::ReviewRelease => "review_release",
            Act::Publish => "publish",
            Act::Verify => "verify",
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who can change a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// The controller of the data (*titolare*), by its own act.
    Titolare,
    /// The steering committee (*Comitato di Indirizzo*), by a vote.
    Comitato,
    /// Nobody: the law or the design of the lab forbids it.
    Nobody,
}

impl Authority {
    /// The authority in words.
    pub fn label(self) -> Text {
        match self {
            Authority::Titolare => {
                Text::fixed("il titolare del trattamento", "the data controller")
            }
            Authority::Comitato => {
                Text::fixed("il Comitato di Indirizzo", "the steering committee")
            }
            Authority::Nobody => Text::fixed("nessuno", "nobody"),
        }
    }
}

/// One line of the table: who may do an act, under which article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The roles that may.
    pub roles: Vec<Role>,
    /// The article that says so.
    pub article: ArticleId,
    /// Why the others may not.
    pub reason: Text,
    /// Who can change it.
    pub lifted_by: Authority,
}

/// The whole table: one line for every act.
#[derive(Clone, Debug, PartialEq, Eq)]
// INVARIANT: every act of `Act::ALL` has a line, and no line lets a wider seat or the public read a draft or a transcript.
pub struct Permissions(BTreeMap<Act, Permission>);

impl Permissions {
    /// Takes a table whose completeness the reader of `agreement.yaml` has checked.
    pub(crate) fn checked(lines: BTreeMap<Act, Permission>) -> Permissions {
        debug_assert!(Act::ALL.iter().all(|act| lines.contains_key(act)));
        Permissions(lines)
    }

    /// The line of an act.
    pub fn line(&self, act: Act) -> &Permission {
        self.0
            .get(&act)
            .expect("the reader of the agreement refuses a table that leaves an act out")
    }

    /// Whether a role may do an act.
    ///
    /// # Errors
    /// [`Refusal`] with the article, the reason, who may, and who can change it.
    pub fn may(&self, role: Role, act: Act) -> Result<(), Refusal> {
        let line = self.line(act);
        if line.roles.contains(&role) {
            return Ok(());
        }
        Err(Refusal {
            role,
            act,
            article: line.article.clone(),
            reason: line.reason.clone(),
            allowed: line.roles.clone(),
            lifted_by: line.lifted_by,
        })
    }
}

/// Why a role may not do an act.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{role}` may not `{act}`: article `{article}` of the agreement")]
pub struct Refusal {
    /// Who asked.
    pub role: Role,
    /// For what.
    pub act: Act,
    /// The article.
    pub article: ArticleId,
    /// The reason, in the words of the agreement.
    pub reason: Text,
    /// The roles that may.
    pub allowed: Vec<Role>,
    /// Who can change it.
    pub lifted_by: Authority,
}

impl Diagnose for Refusal {
    fn diagnostic(&self) -> Diagnostic {
        let allowed: Vec<&str> = self.allowed.iter().map(|role| role.as_str()).collect();
        let code = match self.lifted_by {
            Authority::Titolare => codes::lab::NOT_PERMITTED_TITOLARE,
            Authority::Comitato => codes::lab::NOT_PERMITTED_COMITATO,
            Authority::Nobody => codes::lab::NOT_PERMITTED,
        };
        Diagnostic::new(code)
            .with("role", self.role)
            .with("command", self.act)
            .with("entry", &self.article)
            .with("expected", allowed.join(", "))
    }
}
