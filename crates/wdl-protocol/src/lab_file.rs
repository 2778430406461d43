//! The wire form of `lab.yaml` and its conversion.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use wdl_vocab::{BodyId, DatasetId, Digest, IndicatorId, Lang, Period, Text, did_you_mean};
use wdl_yaml::{Placed, Source};

use crate::agreement::Agreement;
use crate::disclosure_rules::{
    Counted, DisclosureRules, Method, MinimumFrequency, Override, Rule, Selection,
};
use crate::dominance::{Dominance, DominanceClause, NoClause};
use crate::error::{Fault, FaultKind, LabFault};
use crate::ids::{ActorId, CustodianId, KeyPeriod, LabId, MunicipalityCode, ProjectId, ThemeId};
use crate::lab::{
    Actor, Body, BodyRole, Cadence, Calendar, CheckpointRule, CheckpointWhen, Custodian, Lab,
    Licence, Publication, ReleaseRules, ReviewersOverride, ReviewersRequired, Territory, Theme,
};
use crate::permission::Role;

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

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct DisclosureFile {
    #[serde(default)]
    minimum_frequency: Option<Placed<u64>>,
    #[serde(default)]
    suppress_zero: Option<bool>,
    #[serde(default)]
    suppress_hundred_percent: Option<bool>,
    #[serde(default)]
    dominance: Vec<Placed<DominanceFile>>,
    #[serde(default)]
    overrides: Vec<Placed<OverrideFile>>,
    #[serde(default)]
    same_units: Vec<Vec<CountedFile>>,
    #[serde(default)]
    methods: Vec<MethodFile>,
}

/// How the counts of an indicator are changed instead of hidden.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodFile {
    indicator: Placed<IndicatorId>,
    method: MethodName,
    base: Placed<u32>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MethodName {
    ControlledRounding,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountedFile {
    indicator: Placed<IndicatorId>,
    #[serde(default)]
    n: Selection,
    #[serde(default)]
    with: Option<Selection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverrideFile {
    #[serde(default)]
    body: Option<Placed<BodyId>>,
    #[serde(default)]
    dataset: Option<DatasetId>,
    #[serde(default)]
    variable: Option<String>,
    #[serde(default)]
    minimum_frequency: Option<Placed<u64>>,
    #[serde(default)]
    suppress_zero: Option<bool>,
    #[serde(default)]
    suppress_hundred_percent: Option<bool>,
    #[serde(default)]
    dominance: Vec<Placed<DominanceFile>>,
}

/// `{ n, k }`, `{ p }` or `{ p, q }`, in percent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DominanceFile {
    #[serde(default)]
    n: Option<u32>,
    #[serde(default)]
    k: Option<f64>,
    #[serde(default)]
    p: Option<f64>,
    #[serde(default)]
    q: Option<f64>,
}

impl DominanceFile {
    fn clause(&self) -> Option<DominanceClause> {
        match (self.n, self.k, self.p, self.q) {
            (Some(n), Some(k), None, None) => Some(DominanceClause::Nk { n, k }),
            (None, None, Some(p), q) => Some(DominanceClause::Pq {
                p,
                q: q.unwrap_or(100.0),
            }),
            _ => None,
        }
    }
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

    fn disclosure(&mut self, file: DisclosureFile) -> Option<DisclosureRules> {
        let strict = Rule::default();
        let minimum_frequency = match &file.minimum_frequency {
            Some(given) => self.frequency(given),
            None => Some(strict.minimum_frequency),
        };
        let general = Rule {
            minimum_frequency: minimum_frequency?,
            suppress_zero: file.suppress_zero.unwrap_or(strict.suppress_zero),
            suppress_hundred_percent: file
                .suppress_hundred_percent
                .unwrap_or(strict.suppress_hundred_percent),
            dominance: self.dominance(&file.dominance),
        };
        let overrides = file
            .overrides
            .iter()
            .filter_map(|entry| self.stricter(general, entry))
            .collect();
        self.unique(
            "same_units",
            file.same_units.iter().flatten().map(|one| &one.indicator),
        );
        let methods = self.methods(&file);
        let same_units = file.same_units.into_iter().map(|set| {
            let counted = |one: CountedFile| {
                let counted = Counted {
                    n: one.n,
                    with: one.with,
                };
                (one.indicator.value, counted)
            };
            set.into_iter().map(counted).collect()
        });
        let rules = DisclosureRules::new(general, overrides).tying(same_units.collect());
        Some(rules.changing(methods))
    }

    /// The indicators whose counts are changed; none is tied to others, whose true counts would give them away.
    fn methods(&mut self, file: &DisclosureFile) -> BTreeMap<IndicatorId, Method> {
        self.unique("methods", file.methods.iter().map(|one| &one.indicator));
        let tied: BTreeSet<&IndicatorId> = file
            .same_units
            .iter()
            .flatten()
            .map(|one| &one.indicator.value)
            .collect();
        let mut methods = BTreeMap::new();
        for one in &file.methods {
            let id = &one.indicator.value;
            if tied.contains(id) {
                let name = id.to_string();
                self.fault(&one.indicator, LabFault::MethodTied { name });
            }
            let base = one.base.value;
            if u64::from(base) < MinimumFrequency::FLOOR {
                let value = u64::from(base);
                self.fault(&one.base, LabFault::ThresholdTooLow { value });
            }
            let MethodName::ControlledRounding = one.method;
            methods.insert(id.clone(), Method::ControlledRounding { base });
        }
        methods
    }

    /// The clauses on who may give most of an amount; those that cannot be go to the faults.
    fn dominance(&mut self, files: &[Placed<DominanceFile>]) -> Dominance {
        let mut all = Dominance::default();
        for file in files {
            let read = file.value.clause().ok_or(NoClause);
            match read.and_then(|clause| all.with(clause)) {
                Ok(more) => all = more,
                Err(fault) => self.fault(file, FaultKind::wrong(fault.to_string())),
            }
        }
        all
    }

    fn stricter(&mut self, general: Rule, place: &Placed<OverrideFile>) -> Option<Override> {
        let file = &place.value;
        if let Some(body) = &file.body {
            self.body(body);
        }
        if file.body.is_none() && file.dataset.is_none() && file.variable.is_none() {
            let key = "dataset".to_owned();
            self.fault(place, FaultKind::MissingKey { key });
        }
        let minimum_frequency = match &file.minimum_frequency {
            Some(given) => self.frequency(given)?,
            None => general.minimum_frequency,
        };
        let rule = Rule {
            minimum_frequency,
            suppress_zero: file.suppress_zero.unwrap_or(general.suppress_zero),
            suppress_hundred_percent: file
                .suppress_hundred_percent
                .unwrap_or(general.suppress_hundred_percent),
            dominance: general.dominance.stricter(self.dominance(&file.dominance)),
        };
        if rule == general || rule.stricter(general) != rule {
            self.fault(place, LabFault::LooserOverride);
        }
        Some(Override {
            body: file.body.as_ref().map(|body| body.value.clone()),
            dataset: file.dataset.clone(),
            variable: file.variable.clone(),
            rule,
        })
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
