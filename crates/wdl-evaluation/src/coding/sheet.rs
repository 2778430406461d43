//! Codings: who looked at which segment of which transcript, and which codes they gave it.
//!
//! A row is one code of one segment; a row without a code says that the coder looked and found nothing, which is another thing than not having looked.

use std::collections::{BTreeMap, BTreeSet};

use super::codebook::{Codebook, EntryId};
use super::error::CodingError;

/// The longest name of a transcript, a segment, a participant, a coder: too short for a sentence.
pub(super) const NAME_MAX: usize = 40;

/// The cells of one row as they stand in a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Raw<'a> {
    /// The transcript.
    pub transcript: Option<&'a str>,
    /// The segment of it.
    pub segment: Option<&'a str>,
    /// Who speaks; without it the transcript has one participant, who is called as it is.
    pub participant: Option<&'a str>,
    /// The coder.
    pub coder: Option<&'a str>,
    /// The code; none when the coder found nothing.
    pub code: Option<&'a str>,
    /// The version of the codebook it was coded with.
    pub version: Option<&'a str>,
    /// The line.
    pub line: usize,
}

/// A segment: its transcript and its name there.
pub type Segment = (String, String);

/// What was written about a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Coded {
    pub(super) participant: Option<String>,
    /// Each coder who looked, with the codes given.
    pub(super) by: BTreeMap<String, BTreeSet<EntryId>>,
}

/// Codings in the codes of one version of a codebook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
// INVARIANT: every code is one of the codebook it was read by; names are short and of the alphabet of names.
pub struct Codings {
    pub(super) segments: BTreeMap<Segment, Coded>,
    coders: BTreeSet<String>,
    /// Rows that said what another had said.
    repeated: usize,
    /// Rows whose code has another name now.
    brought: usize,
}

impl Codings {
    /// Reads the rows of one file; all faults are collected.
    ///
    /// # Errors
    /// Every row that cannot be used, each with its line.
    pub fn read<'a>(
        book: &Codebook,
        rows: impl Iterator<Item = Raw<'a>>,
    ) -> Result<Codings, Vec<CodingError>> {
        let mut codings = Codings::default();
        let mut faults = Vec::new();
        for row in rows {
            if let Err(fault) = codings.add(book, row) {
                faults.push(fault.at_line(row.line));
            }
        }
        if codings.segments.is_empty() && faults.is_empty() {
            faults.push(CodingError::Nothing);
        }
        match faults.is_empty() {
            true => Ok(codings),
            false => Err(faults),
        }
    }

    fn add(&mut self, book: &Codebook, row: Raw<'_>) -> Result<(), CodingError> {
        let must = |cell: Option<&str>, column| name(cell.unwrap_or_default(), column);
        let transcript = must(row.transcript, "transcript")?;
        let segment = must(row.segment, "segment")?;
        let coder = must(row.coder, "coder")?;
        let participant = row
            .participant
            .map(|cell| name(cell, "participant"))
            .transpose()?;
        let version: u32 = row
            .version
            .and_then(|cell| cell.parse().ok())
            .filter(|version| (1..=book.version()).contains(version))
            .ok_or(CodingError::Version {
                now: book.version(),
                line: 0,
            })?;
        let code = match row.code {
            None => None,
            Some(cell) => {
                let cell = name(cell, "code")?;
                let old = EntryId::parse(&cell).map_err(|_| CodingError::Cell {
                    column: "code",
                    line: 0,
                })?;
                let now = book.brought(&old, version)?;
                self.brought += usize::from(now != old);
                Some(now)
            }
        };
        let own = self.segments.entry((transcript, segment)).or_default();
        match (&own.participant, participant) {
            (Some(known), Some(new)) if *known != new => {
                return Err(CodingError::TwoGroups {
                    column: "participant".to_owned(),
                    line: 0,
                });
            }
            (None, Some(new)) => own.participant = Some(new),
            (Some(_) | None, _) => {}
        }
        self.coders.insert(coder.clone());
        let is_first = !own.by.contains_key(&coder);
        let given = own.by.entry(coder).or_default();
        let is_new = match code {
            Some(code) => given.insert(code),
            None => is_first,
        };
        self.repeated += usize::from(!is_new);
        Ok(())
    }

    /// These codings and those of other coders.
    ///
    /// # Errors
    /// [`CodingError::CoderTwice`] when a coder is in both, [`CodingError::TwoGroups`] when they say two people speak in one segment.
    pub fn with(mut self, other: Codings) -> Result<Codings, CodingError> {
        if let Some(coder) = other.coders.intersection(&self.coders).next() {
            let coder = coder.clone();
            return Err(CodingError::CoderTwice { coder });
        }
        for (segment, coded) in other.segments {
            let own = self.segments.entry(segment).or_default();
            own.by.extend(coded.by);
            match (&own.participant, coded.participant) {
                (Some(known), Some(new)) if *known != new => {
                    return Err(CodingError::TwoGroups {
                        column: "participant".to_owned(),
                        line: 0,
                    });
                }
                (None, new) => own.participant = new,
                (Some(_), _) => {}
            }
        }
        self.coders.extend(other.coders);
        self.repeated += other.repeated;
        self.brought += other.brought;
        Ok(self)
    }

    /// The coders.
    pub fn coders(&self) -> &BTreeSet<String> {
        &self.coders
    }

    /// The transcripts that are named.
    pub fn transcripts(&self) -> BTreeSet<&str> {
        let names = self.segments.keys();
        names.map(|(transcript, _)| transcript.as_str()).collect()
    }

    /// How many segments somebody looked at.
    pub fn segments(&self) -> usize {
        self.segments.len()
    }

    /// How many of them two coders or more looked at.
    pub fn double(&self) -> usize {
        let of = self.segments.values();
        of.filter(|coded| coded.by.len() >= 2).count()
    }

    /// Rows that said again what another row had said.
    pub fn repeated(&self) -> usize {
        self.repeated
    }

    /// Rows whose code is called otherwise in this version.
    pub fn brought(&self) -> usize {
        self.brought
    }

    /// How many segments have a code, by coder.
    pub fn uses(&self, code: &EntryId) -> BTreeMap<&str, usize> {
        let mut uses: BTreeMap<&str, usize> =
            self.coders.iter().map(|own| (own.as_str(), 0)).collect();
        for (coder, given) in self.segments.values().flat_map(|coded| &coded.by) {
            if given.contains(code) {
                *uses.entry(coder).or_default() += 1;
            }
        }
        uses
    }

    /// The same without some transcripts.
    #[must_use]
    pub fn without(mut self, is_out: &dyn Fn(&str) -> bool) -> Codings {
        self.segments
            .retain(|(transcript, _), _| !is_out(transcript));
        self
    }
}

/// A name in the alphabet of names, in lower case.
fn name(cell: &str, column: &'static str) -> Result<String, CodingError> {
    let is_legal = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
    match (1..=NAME_MAX).contains(&cell.len()) && cell.bytes().all(is_legal) {
        true => Ok(cell.to_ascii_lowercase()),
        false => Err(CodingError::Cell { column, line: 0 }),
    }
}
