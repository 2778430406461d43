//! The lab: what `lab.yaml` says, with the agreement beside it.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Deserialize;
use wdl_vocab::{BodyId, DatasetId, Digest, Lang, Period, Text};
use wdl_yaml::Source;

use crate::agreement::Agreement;
use crate::disclosure_rules::DisclosureRules;
use crate::error::LabError;
use crate::ids::{ActorId, CustodianId, KeyPeriod, LabId, MunicipalityCode, ProjectId, ThemeId};
use crate::permission::{Act, Refusal, Role};
use crate::{agreement_file, articles, lab_file};

/// A lab as its folder describes it. Only [`Lab::read`] makes one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lab {
    /// The folder it was read from.
    pub folder: PathBuf,
    /// Its short name.
    pub id: LabId,
    /// Its name.
    pub name: Text,
    /// What it is, in one sentence.
    pub about: Text,
    /// True when its data are invented: everything it shows then says so.
    pub synthetic: bool,
    /// The project its pseudonyms belong to.
    pub project: ProjectId,
    /// The period of the custodians' keys.
    pub key_period: KeyPeriod,
    /// The bodies of the agreement.
    pub bodies: Vec<Body>,
    /// The body that keeps the lab.
    pub host: BodyId,
    /// The two custodians of the pseudonym keys, in the order their answers are hashed.
    pub custodians: [Custodian; 2],
    /// Where.
    pub territory: Territory,
    /// Since when, how often.
    pub calendar: Calendar,
    /// The themes, in the order in which they are shown.
    pub themes: Vec<Theme>,
    /// The languages, the first is the agreement's own.
    pub languages: Vec<Lang>,
    /// How small a cell may be shown.
    pub disclosure: DisclosureRules,
    /// How a result is released.
    pub release: ReleaseRules,
    /// How it is published.
    pub publication: Publication,
    /// Who acts in the lab.
    pub people: Vec<Actor>,
    /// The agreement.
    pub agreement: Agreement,
    /// The digest of the three files.
    pub digest: Digest,
}

/// What a body is in data-protection law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyRole {
    /// Controller of its data (GDPR art. 4(7)).
    Titolare,
    /// Joint controller (GDPR art. 26).
    Contitolare,
}

/// A body of the agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its short name.
    pub id: BodyId,
    /// Its name.
    pub name: Text,
    /// What it is in law.
    pub role: BodyRole,
    /// The file of its verifying key, inside the lab's folder of public keys.
    pub verifying_key: PathBuf,
}

/// A custodian of a pseudonym key: processor (*responsabile*, GDPR art. 28), neither the university nor an office of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custodian {
    /// Its short name.
    pub id: CustodianId,
    /// Its name.
    pub name: Text,
    /// The file of its verifying key, inside the lab's folder of public keys.
    pub verifying_key: PathBuf,
}

/// Where the lab looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Territory {
    /// The ISTAT code, as text.
    pub municipality: MunicipalityCode,
    /// The name.
    pub name: Text,
}

/// A theme: indicators and pages stand under one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The name other files cite it by.
    pub id: ThemeId,
    /// Its title.
    pub title: Text,
    /// What it is about, in one sentence.
    pub about: Text,
}

/// How often the lab is brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cadence {
    /// Every quarter.
    Quarterly,
}

/// Since when, how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// INVARIANT: the first period is a quarter.
pub struct Calendar {
    pub(crate) first_period: Period,
    pub(crate) cadence: Cadence,
}

impl Calendar {
    /// The first quarter.
    pub fn first_period(self) -> Period {
        self.first_period
    }

    /// How often.
    pub fn cadence(self) -> Cadence {
        self.cadence
    }

    /// The quarters from the first to the last, both included; none when the last comes before the first.
    pub fn quarters(self, last: Period) -> impl Iterator<Item = Period> {
        std::iter::successors(Some(self.first_period), |period| Some(period.next()))
            .take_while(move |period| *period <= last)
    }
}

/// How many different people must approve a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
// INVARIANT: at least 2.
pub struct ReviewersRequired(pub(crate) usize);

impl ReviewersRequired {
    /// The least the program accepts, whatever a lab writes.
    pub const FLOOR: usize = 2;

    /// Takes a number of people; `None` under the floor.
    pub fn new(people: usize) -> Option<ReviewersRequired> {
        (people >= ReviewersRequired::FLOOR).then_some(ReviewersRequired(people))
    }

    /// The number of people.
    pub fn get(self) -> usize {
        self.0
    }
}

/// How a result is released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseRules {
    /// How many approvals.
    pub reviewers_required: ReviewersRequired,
    /// More of them for what comes from a body or a dataset.
    pub overrides: Vec<ReviewersOverride>,
}

/// More reviewers for what comes from a body, or from one of its datasets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewersOverride {
    /// The body.
    pub body: BodyId,
    /// Only this dataset of it.
    pub dataset: Option<DatasetId>,
    /// How many approvals.
    pub reviewers_required: ReviewersRequired,
}

impl ReleaseRules {
    /// How many approvals a release takes that rests on some datasets: the most that any of them asks.
    pub fn reviewers_for(&self, sources: &[(BodyId, DatasetId)]) -> usize {
        let is_from = |entry: &&ReviewersOverride| {
            sources.iter().any(|(body, dataset)| {
                *body == entry.body && entry.dataset.as_ref().is_none_or(|one| one == dataset)
            })
        };
        let asked = self.overrides.iter().filter(is_from);
        asked
            .map(|entry| entry.reviewers_required)
            .chain([self.reviewers_required])
            .max()
            .map_or(ReviewersRequired::FLOOR, ReviewersRequired::get)
    }
}

/// The licence of what is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// The SPDX identifier: `CC-BY-4.0`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Its address.
    pub url: String,
}

/// When a checkpoint of the ledger is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckpointWhen {
    /// With every publication.
    EveryPublication,
    /// With every release.
    EveryRelease,
}

/// When and where checkpoints of the ledger are published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRule {
    /// When.
    pub when: CheckpointWhen,
    /// The file, inside the public site.
    pub file: PathBuf,
}

/// How results are published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Who answers for what is published.
    pub publisher: Text,
    /// Where to write: an address of e-mail.
    pub contact: String,
    /// Under which licence.
    pub licence: Licence,
    /// The checkpoints.
    pub checkpoint: CheckpointRule,
}

/// Somebody who acts in the lab: an office, never a person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The name of the signing key.
    pub id: ActorId,
    /// The office.
    pub name: Text,
    /// The body it belongs to.
    pub body: BodyId,
    /// What it is in the lab.
    pub roles: Vec<Role>,
    /// The file of its verifying key, inside the lab's folder of public keys.
    pub verifying_key: PathBuf,
}

/// The file that makes a folder a lab.
const LAB_FILE: &str = "lab.yaml";
const AGREEMENT_FILE: &str = "protocol/agreement.yaml";
const ARTICLES_FILE: &str = "protocol/articles.md";

impl Lab {
    /// Reads and checks the lab's folder: `lab.yaml`, `protocol/agreement.yaml`, `protocol/articles.md`.
    ///
    /// # Errors
    /// [`LabError`] with every fault found, each with file, line and column.
    pub fn read(folder: &Path) -> Result<Lab, LabError> {
        let lab = Source::read(&folder.join(LAB_FILE))?;
        let agreement = Source::read(&folder.join(AGREEMENT_FILE))?;
        let articles = Source::read(&folder.join(ARTICLES_FILE))?;
        let digest = Digest::of_parts([lab.bytes(), agreement.bytes(), articles.bytes()]);
        let wires = (lab.parse()?, agreement.parse()?);
        let mut faults = Vec::new();
        let articles = articles::parse(&articles, &mut faults);
        let bodies = lab_file::body_ids(&wires.0);
        let agreement =
            agreement_file::convert(wires.1, &agreement, articles, &bodies, &mut faults);
        let made = lab_file::convert(wires.0, &lab, &mut faults);
        match (made, agreement) {
            (Some(parts), Some(agreement)) if faults.is_empty() => {
                Ok(parts.into_lab(folder, agreement, digest))
            }
            _ => Err(LabError::new(faults)),
        }
    }

    /// Whether a role may do an act under the agreement.
    ///
    /// # Errors
    /// [`Refusal`] with the article, the reason and who can change it.
    pub fn may(&self, role: Role, act: Act) -> Result<(), Refusal> {
        self.agreement.permissions.may(role, act)
    }

    /// Whether an actor may do an act: one of its roles is enough.
    ///
    /// # Errors
    /// [`Refusal`] of its last role, or of the public for an actor without roles.
    pub fn actor_may(&self, actor: &Actor, act: Act) -> Result<(), Refusal> {
        let mut refusal = self.may(Role::Public, act);
        for role in &actor.roles {
            if refusal.is_ok() {
                break;
            }
            refusal = self.may(*role, act);
        }
        refusal
    }

    /// Whether the agreement holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.agreement.term.holds_on(day)
    }

    /// A body by its name.
    pub fn body(&self, id: &BodyId) -> Option<&Body> {
        self.bodies.iter().find(|body| body.id == *id)
    }

    /// An actor by the name of its key.
    pub fn actor(&self, id: &ActorId) -> Option<&Actor> {
        self.people.iter().find(|actor| actor.id == *id)
    }

    /// A theme by its name.
    pub fn theme(&self, id: &ThemeId) -> Option<&Theme> {
        self.themes.iter().find(|theme| theme.id == *id)
    }

    /// The actors with a role.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Actor> {
        self.people
            .iter()
            .filter(move |actor| actor.roles.contains(&role))
    }
}
