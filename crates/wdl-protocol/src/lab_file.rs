//! The wire form of `lab.yaml` and its conversion.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use wdl_vocab::{BodyId, DatasetId, Digest, Lang, Period, Text, did_you_mean};
use wdl_yaml::{Placed, Source};

use crate::agreement::Agreement;
use crate::disclosure_rules::{DisclosureRules, MinimumFrequency};
use crate::error::{Fault, FaultKind, LabFault};
use crate::ids::{ActorId, CustodianId, KeyPeriod, LabId, MunicipalityCode, ProjectId, ThemeId};
use crate::lab::{
    Actor, Body, BodyRole, Cadence, Calendar, CheckpointRule, CheckpointWhen, Custodian, Lab,
    Licence, Publication, ReleaseRules, ReviewersOverride, ReviewersRequired, Territory, Theme,
};
use crate::permission::Role;

mod disclosure;

use disclosure::DisclosureFile;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabFile {
    id: LabId,
    name: Text,
    about: Text,
    synthetic: bool,
    languages: Placed<Vec<Lang>>,
    pseudonyms: PseudonymsFile,
    territory: TerritoryFile,
    calendar: CalendarFile,
    themes: Vec<ThemeFile>,
    host: Placed<BodyId>,
    bodies: Placed<Vec<BodyFile>>,
    custodians: Placed<Vec<CustodianFile>>,
    people: Placed<Vec<ActorFile>>,
    disclosure: DisclosureFile,
    release: ReleaseFile,
    publication: PublicationFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PseudonymsFile {
    project: ProjectId,
    key_period: KeyPeriod,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TerritoryFile {
    municipality: MunicipalityCode,
    name: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    first_period: Placed<Period>,
    cadence: Cadence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    id: Placed<ThemeId>,
    title: Text,
    about: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyFile {
    id: Placed<BodyId>,
    name: Text,
    role: BodyRole,
    verifying_key: Placed<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustodianFile {
    id: Placed<CustodianId>,
    name: Text,
    role: CustodianRole,
    verifying_key: Placed<PathBuf>,
}

/// A custodian is a processor and can be nothing else.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum CustodianRole {
    Responsabile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActorFile {
    id: Placed<ActorId>,
    name: Text,
    body: Placed<BodyId>,
    roles: Vec<Role>,
    verifying_key: Placed<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseFile {
    reviewers_required: Placed<usize>,
    #[serde(default)]
    overrides: Vec<ReviewersFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReviewersFile {
    body: Placed<BodyId>,
    #[serde(default)]
    dataset: Option<DatasetId>,
    reviewers_required: Placed<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublicationFile {
    publisher: Text,
    contact: Placed<String>,
    licence: LicenceFile,
    checkpoint: CheckpointFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LicenceFile {
    id: String,
    name: Text,
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointFile {
    when: CheckpointWhen,
    file: Placed<PathBuf>,
}

/// Everything of a [`Lab`] that `lab.yaml` says.
pub(crate) struct LabParts {
    file: LabFile,
    custodians: [Custodian; 2],
    bodies: Vec<Body>,
    people: Vec<Actor>,
    disclosure: DisclosureRules,
    release: ReleaseRules,
}

impl LabParts {
    /// Joins what `lab.yaml` says with the agreement.
    pub(crate) fn into_lab(self, folder: &Path, agreement: Agreement, digest: Digest) -> Lab {
        let LabParts { file, .. } = self;
        Lab {
            folder: folder.to_owned(),
            id: file.id,
            name: file.name,
            about: file.about,
            synthetic: file.synthetic,
            project: file.pseudonyms.project,
            key_period: file.pseudonyms.key_period,
            bodies: self.bodies,
            host: file.host.value,
            custodians: self.custodians,
            territory: Territory {
                municipality: file.territory.municipality,
                name: file.territory.name,
            },
            calendar: Calendar {
                first_period: file.calendar.first_period.value,
                cadence: file.calendar.cadence,
            },
            themes: file.themes.into_iter().map(theme).collect(),
            languages: file.languages.value,
            disclosure: self.disclosure,
            release: self.release,
            publication: Publication {
                publisher: file.publication.publisher,
                contact: file.publication.contact.value,
                licence: Licence {
                    id: file.publication.licence.id,
                    name: file.publication.licence.name,
                    url: file.publication.licence.url,
                },
                checkpoint: CheckpointRule {
                    when: file.publication.checkpoint.when,
                    file: file.publication.checkpoint.file.value,
                },
            },
            people: self.people,
            agreement,
            digest,
        }
    }
}

fn theme(file: ThemeFile) -> Theme {
    Theme {
        id: file.id.value,
        title: file.title,
        about: file.about,
    }
}

/// The names of the bodies, for the agreement to look up.
pub(crate) fn body_ids(file: &LabFile) -> Vec<BodyId> {
    let bodies = file.bodies.value.iter();
    bodies.map(|body| body.id.value.clone()).collect()
}

/// Turns the file into the parts of a lab; what is wrong goes to `faults`.
pub(crate) fn convert(
    mut file: LabFile,
    source: &Source,
    faults: &mut Vec<Fault>,
) -> Option<LabParts> {
    let ids = body_ids(&file);
    let mut check = Check {
        source,
        bodies: &ids,
        faults,
    };
    check.frame(&file);
    let bodies = check.all_bodies(&file.bodies);
    let custodians = check.custodians(&file.custodians);
    let people = check.people(&file.people);
    let disclosure = check.disclosure(std::mem::take(&mut file.disclosure));
    let release = check.release(&file.release, &people);
    Some(LabParts {
        custodians: custodians?,
        bodies,
        people,
        disclosure: disclosure?,
        release: release?,
        file,
    })
}

/// What the conversion looks names up in, and where faults go.
struct Check<'a> {
    source: &'a Source,
    bodies: &'a [BodyId],
    faults: &'a mut Vec<Fault>,
}

impl Check<'_> {
    fn fault<T>(&mut self, place: &Placed<T>, kind: impl Into<FaultKind>) {
        self.faults.push(self.source.fault_at(place, kind));
    }

    fn body(&mut self, cited: &Placed<BodyId>) {
        if self.bodies.contains(&cited.value) {
            return;
        }
        let known = self.bodies.iter().map(BodyId::as_str);
        let kind = FaultKind::UnknownName {
            list: "bodies".to_owned(),
            name: cited.value.to_string(),
            meant: did_you_mean(cited.value.as_str(), known).map(str::to_owned),
        };
        self.fault(cited, kind);
    }

    fn unique<'p, T: ToString + 'p>(
        &mut self,
        list: &'static str,
        names: impl Iterator<Item = &'p Placed<T>>,
    ) {
        let mut seen = BTreeSet::new();
        for place in names {
            let name = place.value.to_string();
            if !seen.insert(name.clone()) {
                let list = list.to_owned();
                self.fault(place, FaultKind::DuplicateName { list, name });
            }
        }
    }

    /// A path that stays inside the folder it is meant for.
    fn inside(&mut self, path: &Placed<PathBuf>) -> PathBuf {
        let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_));
        if path.value.as_os_str().is_empty() || !path.value.components().all(is_plain) {
            self.fault(
                path,
                FaultKind::wrong("expected a path inside its folder, without `..`"),
            );
        }
        path.value.clone()
    }

    fn frame(&mut self, file: &LabFile) {
        for lang in Lang::ALL {
            if !file.languages.value.contains(&lang) {
                self.fault(&file.languages, LabFault::LanguageMissing { lang });
            }
        }
        if matches!(file.calendar.first_period.value, Period::Year(_)) {
            self.fault(
                &file.calendar.first_period,
                FaultKind::wrong("expected a quarter as 2017-Q1"),
            );
        }
        self.body(&file.host);
        self.unique("themes", file.themes.iter().map(|theme| &theme.id));
        let contact = &file.publication.contact;
        // Enough to see that a name or a telephone number slipped in; whether mail arrives is found out by writing.
        let is_address = |text: &str| {
            text.split_once('@')
                .is_some_and(|(who, place)| !who.is_empty() && place.contains('.'))
                && !text.contains(char::is_whitespace)
        };
        if !is_address(&contact.value) {
            self.fault(contact, FaultKind::wrong("expected an address of e-mail"));
        }
        self.inside(&file.publication.checkpoint.file);
    }

    fn all_bodies(&mut self, files: &Placed<Vec<BodyFile>>) -> Vec<Body> {
        self.unique("bodies", files.value.iter().map(|body| &body.id));
        let is_titolare = |body: &BodyFile| body.role == BodyRole::Titolare;
        if !files.value.iter().any(is_titolare) {
            self.fault(files, LabFault::NoTitolare);
        }
        let convert = |body: &BodyFile| Body {
            id: body.id.value.clone(),
            name: body.name.clone(),
            role: body.role,
            verifying_key: self.inside(&body.verifying_key),
        };
        files.value.iter().map(convert).collect()
    }

    fn custodians(&mut self, files: &Placed<Vec<CustodianFile>>) -> Option<[Custodian; 2]> {
        self.unique(
            "custodians",
            files.value.iter().map(|custodian| &custodian.id),
        );
        let mut made = Vec::new();
        for file in &files.value {
            // Neither the university nor a source's office may hold a key: they hold the data the key protects.
            let name = file.id.value.to_string();
            if self.bodies.iter().any(|body| body.as_str() == name) {
                self.fault(&file.id, LabFault::CustodianNotIndependent { name });
            }
            let CustodianRole::Responsabile = file.role;
            made.push(Custodian {
                id: file.id.value.clone(),
                name: file.name.clone(),
                verifying_key: self.inside(&file.verifying_key),
            });
        }
        let count = made.len();
        let pair = made.try_into().ok();
        if pair.is_none() {
            self.fault(files, LabFault::NotTwoCustodians { count });
        }
        pair
    }

    fn people(&mut self, files: &Placed<Vec<ActorFile>>) -> Vec<Actor> {
        self.unique("people", files.value.iter().map(|actor| &actor.id));
        let convert = |actor: &ActorFile| {
            self.body(&actor.body);
            Actor {
                id: actor.id.value.clone(),
                name: actor.name.clone(),
                body: actor.body.value.clone(),
                roles: actor.roles.clone(),
                verifying_key: self.inside(&actor.verifying_key),
            }
        };
        files.value.iter().map(convert).collect()
    }

    fn frequency(&mut self, file: &Placed<u64>) -> Option<MinimumFrequency> {
        let made = MinimumFrequency::new(file.value);
        if made.is_err() {
            let value = file.value;
            self.fault(file, LabFault::ThresholdTooLow { value });
        }
        made.ok()
    }

    fn release(&mut self, file: &ReleaseFile, people: &[Actor]) -> Option<ReleaseRules> {
        let reviewers_required = self.reviewers(&file.reviewers_required, people)?;
        let mut overrides = Vec::new();
        for entry in &file.overrides {
            self.body(&entry.body);
            let more = self.reviewers(&entry.reviewers_required, people)?;
            if more <= reviewers_required {
                self.fault(&entry.reviewers_required, LabFault::LooserOverride);
            }
            overrides.push(ReviewersOverride {
                body: entry.body.value.clone(),
                dataset: entry.dataset.clone(),
                reviewers_required: more,
            });
        }
        Some(ReleaseRules {
            reviewers_required,
            overrides,
        })
    }

    fn reviewers(
        &mut self,
        required: &Placed<usize>,
        people: &[Actor],
    ) -> Option<ReviewersRequired> {
        let Some(made) = ReviewersRequired::new(required.value) else {
            let value = required.value;
            self.fault(required, LabFault::TooFewReviewers { value });
            return None;
        };
        let is_reviewer = |actor: &&Actor| actor.roles.contains(&Role::Reviewer);
        let have = people.iter().filter(is_reviewer).count();
        if have < made.get() {
            let need = made.get();
            self.fault(required, LabFault::ReviewersMissing { have, need });
        }
        Some(made)
    }
}
