//! Two versions of a codebook side by side: what each code of the older one became.

use serde::Serialize;
use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnostic, Text};

use super::codebook::{Codebook, Entry, EntryId};
use super::error::CodingError;

/// What a code of the older version became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Became {
    /// It is new.
    Added {
        /// The code.
        code: EntryId,
    },
    /// It has another name.
    Renamed {
        /// The code.
        code: EntryId,
        /// Its name now.
        to: EntryId,
    },
    /// It and others are one now.
    Merged {
        /// The code.
        code: EntryId,
        /// What they are now.
        into: EntryId,
    },
    /// It is several now: what has it must be coded again.
    Split {
        /// The code.
        code: EntryId,
        /// What it is now.
        into: Vec<EntryId>,
    },
    /// It is no more.
    Dropped {
        /// The code.
        code: EntryId,
    },
    /// It has its name and means something else.
    Redefined {
        /// The code.
        code: EntryId,
    },
    /// It is a part of another code.
    Moved {
        /// The code.
        code: EntryId,
        /// The code it is a part of now.
        under: Option<EntryId>,
    },
    /// It went without a word.
    Untold {
        /// The code.
        code: EntryId,
    },
}

/// Two versions side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The older version.
    pub from: u32,
    /// The newer one.
    pub to: u32,
    /// What changed, in the order of the older codebook and then of the newer one.
    pub changes: Vec<Became>,
}

impl Comparison {
    /// What went without a word, as a diagnostic.
    pub fn untold(&self) -> Option<Diagnostic> {
        let untold: Vec<&str> = self
            .changes
            .iter()
            .filter_map(|one| match one {
                Became::Untold { code } => Some(code.as_str()),
                _ => None,
            })
            .collect();
        let told = Diagnostic::new(codes::CODEBOOK_UNTOLD)
            .with("count", untold.len())
            .with("list", untold.join(", "));
        (!untold.is_empty()).then_some(told)
    }
}

/// What became of the codes of an older version.
///
/// # Errors
/// [`Diagnostic`] when they are two codebooks, or the first is not the older one.
pub fn compare(old: &Codebook, new: &Codebook) -> Result<Comparison, Box<Diagnostic>> {
    if old.id() != new.id() {
        let other = Diagnostic::new(codes::CODEBOOK_OTHER);
        return Err(Box::new(
            other.with("first", old.id()).with("second", new.id()),
        ));
    }
    let is_same = old.version() == new.version() && old.digest() == new.digest();
    if old.version() >= new.version() && !is_same {
        let detail = Text::new(
            format!(
                "la prima è alla {}, la seconda alla {}; due testi diversi hanno due versioni",
                old.version(),
                new.version()
            ),
            format!(
                "the first is at {}, the second at {}; two texts have two versions",
                old.version(),
                new.version()
            ),
        );
        let told = Diagnostic::new(codes::CODEBOOK_VERSION).with_words("detail", &detail);
        return Err(Box::new(told));
    }
    let mut changes: Vec<Became> = old
        .entries()
        .iter()
        .filter_map(|entry| became(old, new, entry))
        .collect();
    let come_from = |entry: &&Entry| {
        let is_target = changes.iter().any(|one| match one {
            Became::Renamed { to: target, .. } | Became::Merged { into: target, .. } => {
                *target == entry.id
            }
            Became::Split { into, .. } => into.contains(&entry.id),
            Became::Added { .. }
            | Became::Dropped { .. }
            | Became::Redefined { .. }
            | Became::Moved { .. }
            | Became::Untold { .. } => false,
        });
        old.entry(&entry.id).is_none() && !is_target
    };
    let added: Vec<Became> = new
        .entries()
        .iter()
        .filter(come_from)
        .map(|entry| Became::Added {
            code: entry.id.clone(),
        })
        .collect();
    changes.extend(added);
    Ok(Comparison {
        from: old.version(),
        to: new.version(),
        changes,
    })
}

/// What became of one code; nothing when it is as it was.
fn became(old: &Codebook, new: &Codebook, entry: &Entry) -> Option<Became> {
    let code = entry.id.clone();
    match new.brought(&code, old.version()) {
        Ok(to) if to == code => {
            let now = new.entry(&code)?;
            if (&now.definition, &now.include, &now.exclude)
                != (&entry.definition, &entry.include, &entry.exclude)
            {
                return Some(Became::Redefined { code });
            }
            (now.parent != entry.parent).then(|| Became::Moved {
                code,
                under: now.parent.clone(),
            })
        }
        Ok(to) => {
            let later = new.changes.iter().filter(|one| one.version > old.version());
            let is_merged = later.clone().any(|one| {
                one.merged.contains_key(&code) || one.merged.values().any(|into| *into == to)
            });
            Some(match is_merged {
                true => Became::Merged { code, into: to },
                false => Became::Renamed { code, to },
            })
        }
        Err(CodingError::OldCode { .. }) => {
            // By the name it has when it is split or dropped.
            let mut now = &code;
            for one in new.changes.iter().filter(|one| one.version > old.version()) {
                if let Some(into) = one.split.get(now) {
                    let into = into.clone();
                    return Some(Became::Split { code, into });
                }
                if one.dropped.contains(now) {
                    break;
                }
                now = one.renamed.get(now).or(one.merged.get(now)).unwrap_or(now);
            }
            Some(Became::Dropped { code })
        }
        Err(_) => Some(Became::Untold { code }),
    }
}
