//! Codebooks and codings as files: how they are found and read.

use std::path::{Path, PathBuf};

use wdl_evaluation::coding::{
    Codebook, CodebookId, CodingError, Codings, Consensus, EntryId, Raw, consensus,
};
use wdl_lab::Stopped;
use wdl_plain::PlainTable;
use wdl_vocab::diagnostics::codes::usage;
use wdl_vocab::{Diagnose as _, Diagnostic, Period};

use crate::manner::Manner;

/// The columns that codings must have.
const COLUMNS: [&str; 5] = ["transcript", "segment", "coder", "code", "version"];
/// The column of who speaks, in the codings of a focus group.
const PARTICIPANT: &str = "participant";

/// A wrong value of an option.
pub(crate) fn bad_option(option: &str, value: &str, expected: &str) -> Stopped {
    Stopped::new(
        Diagnostic::new(usage::BAD_OPTION)
            .with("option", option)
            .with("value", value)
            .with("expected", expected),
    )
}

/// A period of the command line.
pub(crate) fn period(typed: &str) -> Result<Period, Stopped> {
    let bad = |_| bad_option("--period", typed, "2026, 2026-Q2");
    typed.parse().map_err(bad)
}

/// Codes of the command line.
pub(crate) fn codes(typed: &[String]) -> Result<Vec<EntryId>, Stopped> {
    let one = |typed: &String| {
        EntryId::parse(typed).map_err(|fault| bad_option("--theme", typed, &fault.to_string()))
    };
    typed.iter().map(one).collect()
}

/// A codebook: of the lab by its name, or a file.
pub(crate) fn book(manner: &Manner, typed: &str) -> Result<Codebook, Stopped> {
    let of_lab = CodebookId::parse(typed).ok().map(|id| {
        let folder = manner.dir.join("lab").join("codebooks");
        folder.join(format!("{id}.yaml"))
    });
    let path = of_lab.filter(|path| path.is_file());
    Ok(Codebook::read(
        &path.unwrap_or_else(|| PathBuf::from(typed)),
    )?)
}

/// The codings of several coders, and of whoever decides between them.
#[derive(clap::Args)]
pub(crate) struct Sheets {
    /// The codings: CSV or Parquet with transcript, segment, coder, code, version, and participant for focus groups; a file for each coder
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The codebook: a name in the lab, or a file
    #[arg(long, value_name = "BOOK")]
    pub(crate) codebook: String,
    /// The codings of whoever decides where coders differ
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,
}

/// What is wrong with the rows of a file.
pub(crate) struct FileFaults {
    pub(crate) file: PathBuf,
    pub(crate) faults: Vec<CodingError>,
}

impl FileFaults {
    /// Each fault as a diagnostic.
    pub(crate) fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        let of = |fault: &CodingError| fault.of_file(&self.file);
        self.faults.iter().map(of)
    }
}

impl From<FileFaults> for Stopped {
    fn from(faults: FileFaults) -> Stopped {
        let first = faults.diagnostics().next();
        Stopped::new(first.expect("a file with faults has one"))
    }
}

impl Sheets {
    /// The codebook.
    pub(crate) fn book(&self, manner: &Manner) -> Result<Codebook, Stopped> {
        book(manner, &self.codebook)
    }

    /// The codings of all files.
    pub(crate) fn codings(&self, book: &Codebook) -> Result<Codings, Stopped> {
        let mut all: Option<Codings> = None;
        for file in &self.files {
            let own = of_file(book, file)??;
            all = Some(match all {
                None => own,
                Some(all) => all
                    .with(own)
                    .map_err(|fault| Stopped::new(fault.of_file(file)))?,
            });
        }
        Ok(all.expect("the command line asks for one file at least"))
    }

    /// What holds of each segment.
    pub(crate) fn consensus(
        &self,
        book: &Codebook,
        codings: &Codings,
    ) -> Result<Consensus, Stopped> {
        let decisions = match &self.decisions {
            Some(file) => Some(of_file(book, file)??),
            None => None,
        };
        consensus(book, codings, decisions.as_ref()).map_err(|fault| match &self.decisions {
            Some(file) => Stopped::new(fault.of_file(file)),
            None => Stopped::new(fault.diagnostic()),
        })
    }
}

/// The codings of one file; the faults of its rows apart from what makes it unreadable.
pub(crate) fn of_file(
    book: &Codebook,
    file: &Path,
) -> Result<Result<Codings, FileFaults>, Stopped> {
    let names = PlainTable::names(file)?;
    let has_participant = names.iter().any(|name| name == PARTICIPANT);
    let mut wanted = COLUMNS.to_vec();
    wanted.extend(has_participant.then_some(PARTICIPANT));
    let table = PlainTable::read(file, &wanted)?;
    let text = |name: &str| table.text(name);
    let [transcript, segment, coder, code, version] = COLUMNS.map(text);
    let participant = has_participant.then(|| table.text(PARTICIPANT));
    let rows = (0..table.rows()).map(|row| Raw {
        transcript: transcript[row].as_deref(),
        segment: segment[row].as_deref(),
        participant: participant.as_ref().and_then(|own| own[row].as_deref()),
        coder: coder[row].as_deref(),
        code: code[row].as_deref(),
        version: version[row].as_deref(),
        line: table.line(row),
    });
    Ok(Codings::read(book, rows).map_err(|faults| FileFaults {
        file: file.to_owned(),
        faults,
    }))
}
