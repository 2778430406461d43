//! The codebook: a file of the lab folder that says what each code means, in which version, and what became of the codes of before.
//!
//! Sources: MacQueen, McLellan, Kay, Milstein, "Codebook Development for Team-Based Qualitative Analysis" (1998), on definitions with what is and what is not of a code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnose, Diagnostic, Digest, Text, did_you_mean};
use wdl_yaml::{FaultKind, FolderError, Placed, Source};

use super::error::CodingError;

wdl_vocab::id! {
    /// A codebook of the lab folder.
    CodebookId
}
wdl_vocab::id! {
    /// A code of a codebook.
    EntryId
}

/// What only the reader of a codebook can find wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodebookFault {
    /// The file has another name than the codebook.
    #[error("the codebook `{name}` must stand in `{name}.yaml`")]
    FileName {
        /// The codebook.
        name: CodebookId,
    },
    /// A code stands above itself.
    #[error("the code `{name}` stands above itself")]
    Circle {
        /// The code.
        name: EntryId,
    },
    /// A change between versions does not fit the codes.
    #[error("the change of `{name}`: {}", detail.en)]
    Change {
        /// The code.
        name: EntryId,
        /// Why.
        detail: Text,
    },
    /// Versions do not follow one another.
    #[error("{}", detail.en)]
    Version {
        /// Why.
        detail: Text,
    },
}

impl Diagnose for CodebookFault {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            CodebookFault::FileName { name } => Diagnostic::new(codes::CODEBOOK_FILE_NAME)
                .with("name", name)
                .with("expected", format!("{name}.yaml")),
            CodebookFault::Circle { name } => {
                Diagnostic::new(codes::CODEBOOK_PARENT).with("name", name)
            }
            CodebookFault::Change { name, detail } => Diagnostic::new(codes::CODEBOOK_CHANGE)
                .with("name", name)
                .with_words("detail", detail),
            CodebookFault::Version { detail } => {
                Diagnostic::new(codes::CODEBOOK_VERSION).with_words("detail", detail)
            }
        }
    }
}

/// A codebook that cannot be used, with every fault at its place.
pub type CodebookError = FolderError<CodebookFault>;

type Fault = wdl_yaml::Fault<CodebookFault>;
type Kind = FaultKind<CodebookFault>;

/// A code with what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The code.
    pub id: EntryId,
    /// Its name for people.
    pub label: Text,
    /// When a segment has it.
    pub definition: Text,
    /// Examples that have it; invented, never a participant's words.
    pub include: Vec<Text>,
    /// Examples that look as if and do not.
    pub exclude: Vec<Text>,
    /// The code it is a part of.
    pub parent: Option<EntryId>,
}

/// What the codes of one version became in the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Changes {
    pub(super) version: u32,
    pub(super) renamed: BTreeMap<EntryId, EntryId>,
    pub(super) split: BTreeMap<EntryId, Vec<EntryId>>,
    pub(super) merged: BTreeMap<EntryId, EntryId>,
    pub(super) dropped: BTreeSet<EntryId>,
}

/// A version of a codebook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
// INVARIANT: codes are unique and form a tree; `changes` rise by version up to this one, and each names codes that were there after it, and none that still are.
pub struct Codebook {
    id: CodebookId,
    version: u32,
    title: Text,
    theme: String,
    entries: Vec<Entry>,
    #[serde(skip)]
    pub(super) changes: Vec<Changes>,
    digest: Digest,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BookFile {
    id: Placed<CodebookId>,
    version: Placed<u32>,
    title: Text,
    theme: String,
    codes: Vec<EntryFile>,
    #[serde(default)]
    changes: Vec<ChangesFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    id: Placed<EntryId>,
    label: Text,
    definition: Text,
    #[serde(default)]
    include: Vec<Text>,
    #[serde(default)]
    exclude: Vec<Text>,
    #[serde(default)]
    parent: Option<Placed<EntryId>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangesFile {
    version: Placed<u32>,
    #[serde(default)]
    renamed: BTreeMap<EntryId, Placed<EntryId>>,
    #[serde(default)]
    split: BTreeMap<EntryId, Vec<Placed<EntryId>>>,
    #[serde(default)]
    merged: BTreeMap<EntryId, Placed<EntryId>>,
    #[serde(default)]
    dropped: Vec<Placed<EntryId>>,
}

impl Codebook {
    /// Reads a codebook; its file has its name.
    ///
    /// # Errors
    /// [`CodebookError`] with every fault at its line and column.
    pub fn read(path: &Path) -> Result<Codebook, CodebookError> {
        let source = Source::read(path)?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        Codebook::parse(&source, Some(&stem))
    }

    /// Reads a codebook from a text; `name` is that of its file, where it has one.
    ///
    /// # Errors
    /// [`CodebookError`] with every fault at its line and column.
    pub fn parse(source: &Source, name: Option<&str>) -> Result<Codebook, CodebookError> {
        let file: BookFile = source.parse()?;
        let mut faults = Vec::new();
        if name.is_some_and(|name| name != file.id.value.as_str()) {
            let own = CodebookFault::FileName {
                name: file.id.value.clone(),
            };
            faults.push(source.fault_at(&file.id, own));
        }
        if file.version.value == 0 {
            faults.push(version_fault(
                source,
                &file.version,
                "la prima versione è la 1",
                "the first version is 1",
            ));
        }
        if file.codes.is_empty() {
            let missing = Kind::MissingKey {
                key: "codes".to_owned(),
            };
            faults.push(source.fault_at(&file.id, missing));
        }
        check_codes(source, &file.codes, &mut faults);
        check_changes(source, &file, &mut faults);
        CodebookError::unless_empty(faults)?;
        Ok(Codebook {
            id: file.id.value,
            version: file.version.value,
            title: file.title,
            theme: file.theme,
            entries: file.codes.into_iter().map(entry).collect(),
            changes: file.changes.into_iter().map(changes).collect(),
            digest: source.digest(),
        })
    }

    /// Its name.
    pub fn id(&self) -> &CodebookId {
        &self.id
    }

    /// Its version, from 1.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Its title.
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// The theme of the lab under which its counts are shown.
    pub fn theme(&self) -> &str {
        &self.theme
    }

    /// Its codes, in their order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The digest of its file.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// A code.
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == *id)
    }

    /// The code itself and those it is a part of, from below.
    pub fn lineage<'b>(&'b self, id: &'b EntryId) -> impl Iterator<Item = &'b EntryId> {
        std::iter::successors(Some(id), move |below| self.entry(below)?.parent.as_ref())
    }

    /// The codes that are no part of another.
    pub fn roots(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.parent.is_none())
    }

    /// What a code of a version is now.
    ///
    /// # Errors
    /// [`CodingError`] when the version is none of the codebook, it never had the code, or only a coder can say what became of it.
    pub fn brought(&self, code: &EntryId, version: u32) -> Result<EntryId, CodingError> {
        if version == 0 || version > self.version {
            return Err(CodingError::Version {
                now: self.version,
                line: 0,
            });
        }
        let mut now = code.clone();
        for change in self.changes.iter().filter(|one| one.version > version) {
            let stale = |detail| CodingError::OldCode {
                code: code.clone(),
                version,
                detail,
                line: 0,
            };
            if change.dropped.contains(&now) {
                return Err(stale(Text::new(
                    format!("abbandonato nella {}", change.version),
                    format!("dropped in {}", change.version),
                )));
            }
            if let Some(parts) = change.split.get(&now) {
                let parts: Vec<&str> = parts.iter().map(EntryId::as_str).collect();
                let parts = parts.join(", ");
                return Err(stale(Text::new(
                    format!("diviso nella {}: {parts}", change.version),
                    format!("split in {}: {parts}", change.version),
                )));
            }
            if let Some(next) = change.renamed.get(&now).or(change.merged.get(&now)) {
                now = next.clone();
            }
        }
        match self.entry(&now) {
            Some(_) => Ok(now),
            None => Err(CodingError::UnknownCode {
                code: code.clone(),
                version,
                meant: self.meant(code),
                line: 0,
            }),
        }
    }

    /// The code that was probably meant.
    fn meant(&self, code: &EntryId) -> Option<String> {
        let known = self.entries.iter().map(|entry| entry.id.as_str());
        did_you_mean(code.as_str(), known).map(str::to_owned)
    }
}

fn entry(file: EntryFile) -> Entry {
    Entry {
        id: file.id.value,
        label: file.label,
        definition: file.definition,
        include: file.include,
        exclude: file.exclude,
        parent: file.parent.map(|parent| parent.value),
    }
}

fn changes(file: ChangesFile) -> Changes {
    let one = |(from, to): (EntryId, Placed<EntryId>)| (from, to.value);
    let several = |(from, to): (EntryId, Vec<Placed<EntryId>>)| {
        (from, to.into_iter().map(|one| one.value).collect())
    };
    Changes {
        version: file.version.value,
        renamed: file.renamed.into_iter().map(one).collect(),
        split: file.split.into_iter().map(several).collect(),
        merged: file.merged.into_iter().map(one).collect(),
        dropped: file.dropped.into_iter().map(|one| one.value).collect(),
    }
}

fn version_fault(source: &Source, at: &Placed<u32>, it: &str, en: &str) -> Fault {
    let detail = Text::new(it, en);
    source.fault_at(at, CodebookFault::Version { detail })
}

/// Codes are unique, and a code's parent is one of them and not below it.
fn check_codes(source: &Source, entries: &[EntryFile], faults: &mut Vec<Fault>) {
    let mut parents: BTreeMap<&EntryId, Option<&EntryId>> = BTreeMap::new();
    for entry in entries {
        let parent = entry.parent.as_ref().map(|parent| &parent.value);
        if parents.insert(&entry.id.value, parent).is_some() {
            let twice = Kind::DuplicateName {
                list: "codes".to_owned(),
                name: entry.id.value.to_string(),
            };
            faults.push(source.fault_at(&entry.id, twice));
        }
    }
    for entry in entries {
        let Some(parent) = &entry.parent else {
            continue;
        };
        if !parents.contains_key(&parent.value) {
            let known = parents.keys().map(|known| known.as_str());
            let unknown = Kind::UnknownName {
                list: "codes".to_owned(),
                name: parent.value.to_string(),
                meant: did_you_mean(parent.value.as_str(), known).map(str::to_owned),
            };
            faults.push(source.fault_at(parent, unknown));
            continue;
        }
        let mut above = Some(&parent.value);
        for _ in 0..=parents.len() {
            let Some(own) = above else { break };
            if *own == entry.id.value {
                let name = own.clone();
                faults.push(source.fault_at(parent, CodebookFault::Circle { name }));
                break;
            }
            above = parents.get(own).copied().flatten();
        }
    }
}

/// Changes rise by version, their targets are there after them, and what they say is gone is gone.
fn check_changes(source: &Source, file: &BookFile, faults: &mut Vec<Fault>) {
    let mut below = 1;
    for change in &file.changes {
        let version = change.version.value;
        if version <= below || version > file.version.value {
            faults.push(version_fault(
                source,
                &change.version,
                "i cambiamenti vanno dalla versione 2 a questa, ciascuna una volta",
                "changes go from version 2 to this one, each once",
            ));
        }
        below = below.max(version);
    }
    // Which codes there were, version by version, from this one back.
    let mut there: BTreeSet<&EntryId> = file.codes.iter().map(|own| &own.id.value).collect();
    for change in file.changes.iter().rev() {
        let to = targets(change);
        for (from, target) in &to {
            if !there.contains(&target.value) {
                let detail = Text::new(
                    format!("`{}` non è un codice di quella versione", target.value),
                    format!("`{}` is no code of that version", target.value),
                );
                let name = (*from).clone();
                faults.push(source.fault_at(target, CodebookFault::Change { name, detail }));
            }
        }
        let gone = to.iter().map(|(from, _)| *from);
        let dropped = change.dropped.iter().map(|own| &own.value);
        let gone: Vec<&EntryId> = gone.chain(dropped).collect();
        let mut told: BTreeSet<&EntryId> = BTreeSet::new();
        let splits: BTreeSet<&EntryId> = change.split.keys().collect();
        for own in gone {
            let is_twice = !told.insert(own) && !splits.contains(own);
            if there.contains(own) || is_twice {
                let detail = match is_twice {
                    true => Text::fixed("è detto due volte", "it is told twice"),
                    false => Text::fixed(
                        "è ancora un codice di quella versione",
                        "it is still a code of that version",
                    ),
                };
                let name = own.clone();
                let fault = CodebookFault::Change { name, detail };
                faults.push(source.fault_at(&change.version, fault));
            }
        }
        there.extend(told);
    }
}

/// Each code that became another, with what it became.
fn targets(change: &ChangesFile) -> Vec<(&EntryId, &Placed<EntryId>)> {
    let one = change.renamed.iter().chain(&change.merged);
    let several = change.split.iter();
    one.chain(several.flat_map(|(from, to)| to.iter().map(move |one| (from, one))))
        .collect()
}
