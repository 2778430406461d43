//! The agreement between the bodies: articles, purposes, roles in law, retention, committee.

use jiff::civil::Date;
use serde::Deserialize;
use wdl_vocab::{BodyId, Text};

use crate::ids::{ArticleId, PurposeId, SeatId};
use crate::permission::Permissions;

/// The agreement, as `protocol/agreement.yaml` and `protocol/articles.md` say it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Agreement {
    /// Its title.
    pub title: Text,
    /// Its version; a new version is a new signature of all bodies.
    pub version: u32,
    /// When it holds.
    pub term: Term,
    /// The articles, in their order.
    pub articles: Vec<Article>,
    /// What the data may be used for; anything else is not allowed.
    pub purposes: Vec<Purpose>,
    /// Who is what in data-protection law.
    pub roles: Vec<LegalRole>,
    /// How long things are kept.
    pub retention: Vec<Retention>,
    /// The steering committee (*Comitato di Indirizzo*).
    pub committee: Committee,
    /// Who may do what.
    pub permissions: Permissions,
}

/// The days on which the agreement holds, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

impl Term {
    /// Whether the agreement holds on a day.
    pub fn holds_on(self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// One article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its number, from 1.
    pub number: u32,
    /// The name other files cite it by.
    pub id: ArticleId,
    /// Its title.
    pub title: Text,
    /// Its text, in Markdown.
    pub text: Text,
}

/// One thing the data may be used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The name other files cite it by.
    pub id: PurposeId,
    /// Its title.
    pub title: Text,
    /// What it covers and what not.
    pub text: Text,
    /// The legal basis.
    pub legal_basis: Text,
    /// The article.
    pub article: ArticleId,
}

/// One role in data-protection law and what it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalRole {
    /// The Italian term of the law: `titolare`, `contitolare`, `responsabile`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// What it decides or does here.
    pub text: Text,
    /// The article.
    pub article: ArticleId,
}

/// How long a thing is kept, and what happens then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The name: `deliveries`, `base`, `ledger`.
    pub id: String,
    /// What is kept.
    pub what: Text,
    /// For how many months; `None` is for ever (the ledger and what was published).
    pub months: Option<u32>,
    /// What happens then.
    pub then: Text,
    /// The article.
    pub article: ArticleId,
}

/// What a seat of the committee may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeatKind {
    /// A body that signed the agreement.
    Firmatario,
    /// The wider circle: it never sees drafts.
    Allargato,
}

/// One seat of the committee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The name other files cite it by.
    pub id: SeatId,
    /// Whom it stands for.
    pub name: Text,
    /// Of the signatories or of the wider circle.
    pub kind: SeatKind,
    /// The signatory body.
    pub body: Option<BodyId>,
}

/// The steering committee (*Comitato di Indirizzo*): it advises and approves uses; the *titolare* decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committee {
    /// Its name.
    pub name: Text,
    /// Its seats.
    pub seats: Vec<Seat>,
    /// How many seats must be present.
    pub quorum: usize,
    /// How many seats of signatories must be present.
    pub quorum_firmatari: usize,
    /// The article.
    pub article: ArticleId,
}

impl Agreement {
    /// An article by its name.
    pub fn article(&self, id: &ArticleId) -> Option<&Article> {
        self.articles.iter().find(|article| article.id == *id)
    }

    /// A purpose by its name.
    pub fn purpose(&self, id: &PurposeId) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.id == *id)
    }
}
