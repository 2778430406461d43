//! The realm of a pseudonym: within it the same person has the same token, across realms none can be joined.

use serde::{Deserialize, Serialize};
use wdl_vocab::{BodyId, IdError};

/// A part of the realm is not an identifier.
#[derive(Debug, thiserror::Error)]
#[error("`{part}` of the realm is not an identifier")]
pub struct RealmError {
    part: &'static str,
    #[source]
    source: IdError,
}

/// A lab, a project of it and the period of one pair of custodian keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "RealmOnPaper")]
// INVARIANT: each part passed the alphabet of identifiers, so no part can run into another.
pub struct Realm {
    lab: String,
    project: String,
    key_period: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RealmOnPaper {
    lab: String,
    project: String,
    key_period: String,
}

impl TryFrom<RealmOnPaper> for Realm {
    type Error = RealmError;
    fn try_from(paper: RealmOnPaper) -> Result<Realm, RealmError> {
        Realm::new(&paper.lab, &paper.project, &paper.key_period)
    }
}

impl Realm {
    /// Names a realm.
    ///
    /// # Errors
    /// [`RealmError`] when a part is not an identifier.
    pub fn new(lab: &str, project: &str, key_period: &str) -> Result<Realm, RealmError> {
        // Every identifier of the lab shares one alphabet, whatever it names.
        let check = |part, text: &str| match BodyId::parse(text) {
            Ok(_) => Ok(text.to_owned()),
            Err(source) => Err(RealmError { part, source }),
        };
        Ok(Realm {
            lab: check("lab", lab)?,
            project: check("project", project)?,
            key_period: check("key_period", key_period)?,
        })
    }

    /// The lab.
    pub fn lab(&self) -> &str {
        &self.lab
    }

    /// The project.
    pub fn project(&self) -> &str {
        &self.project
    }

    /// The period of the custodians' keys.
    pub fn key_period(&self) -> &str {
        &self.key_period
    }

    /// The domain of the tokens of one kind of thing (`person`) in this realm.
    pub fn token_domain(&self, kind: &str) -> String {
        format!("{}/{}/{}/{kind}", self.lab, self.project, self.key_period)
    }
}
