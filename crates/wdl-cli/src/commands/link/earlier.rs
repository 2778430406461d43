//! A finished run that is asked about again: its files, its model, and whether the files still hold what it read.
//!
//! The mark of a folder keeps where the files were, and a digest of their records; neither is in the report, so that the same records give the same report wherever they stand.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wdl_lab::Stopped;
use wdl_linkage::{Data, Linked, Options, link};
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnostic, Digest, DigestWriter};

use super::Files;
use super::faults::unfit;
use super::folder::{DONE, is_finished, mark_of};
use super::run::read_model;

/// What a run read, as its mark keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Read {
    /// Where the files were.
    files: Vec<PathBuf>,
    /// The digest of the compared columns and the ids.
    records: Digest,
}

impl Read {
    /// Of the files of a run and their records.
    pub(super) fn of(files: &Files, data: &Data) -> Read {
        let paths = files.a.iter().chain(&files.b);
        Read {
            files: paths
                .map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone()))
                .collect(),
            records: digest(data),
        }
    }

    fn line(text: &str) -> Option<Read> {
        text.lines()
            .nth(1)
            .and_then(|line| serde_json::from_str(line).ok())
    }
}

/// The same for the same records in any order, as `Data` itself is.
fn digest(data: &Data) -> Digest {
    let mut writer = io::BufWriter::with_capacity(1 << 16, DigestWriter::new(io::sink()));
    let mut write = || -> io::Result<()> {
        let mut texts = |texts: &mut dyn Iterator<Item = &str>| -> io::Result<()> {
            for text in texts {
                writer.write_all(&(text.len() as u64).to_le_bytes())?;
                writer.write_all(text.as_bytes())?;
            }
            Ok(())
        };
        for source in &data.sources {
            texts(&mut [source.name.as_str()].into_iter())?;
        }
        texts(&mut data.ids.iter())?;
        for column in &data.columns {
            texts(&mut [column.name.as_str()].into_iter())?;
            texts(&mut column.values.iter())?;
        }
        for source in &data.sources {
            writer.write_all(&(source.records.len() as u64).to_le_bytes())?;
        }
        for column in &data.columns {
            for cell in &column.cells {
                writer.write_all(&cell.to_le_bytes())?;
            }
        }
        Ok(())
    };
    write().expect("nothing is written anywhere");
    let writer = writer.into_inner().ok();
    writer.expect("nothing is written anywhere").finish().2
}

/// A finished run.
pub(super) struct Earlier {
    files: Files,
    read: Read,
    model: PathBuf,
    seed: u64,
}

impl Earlier {
    /// The run in a folder.
    pub(super) fn open(folder: &Path) -> Result<Earlier, Stopped> {
        let unfinished = || {
            Stopped::new(Diagnostic::new(codes::NOTHING_RUN).with("directory", folder.display()))
        };
        if !is_finished(folder) {
            return Err(unfinished());
        }
        let report = folder.join(DONE);
        let text =
            std::fs::read_to_string(&report).map_err(|fault| Stopped::file(&report, &fault))?;
        let told: Value = serde_json::from_str(&text).map_err(|_| unfinished())?;
        if told.get("schema").is_some() {
            return Err(Stopped::new(
                Diagnostic::new(codes::ENCODED_RUN).with("directory", folder.display()),
            ));
        }
        let read = Read::line(&mark_of(folder)?).ok_or_else(unfinished)?;
        let options = &told["options"];
        let word = |value: &Value| value.as_str().map(str::to_owned);
        let spared = options["ignore"].as_array().into_iter().flatten();
        let spared = spared.chain([&options["truth_column"]]);
        let files = Files {
            a: read.files.first().cloned(),
            b: read.files.get(1).cloned(),
            id: word(&options["id"]),
            ignore: spared.filter_map(word).collect(),
        };
        Ok(Earlier {
            files,
            read,
            model: folder.join("model.yaml"),
            seed: options["seed"].as_u64().ok_or_else(unfinished)?,
        })
    }

    /// Its records and links once more; refused when the files hold others now.
    pub(super) fn link(&self) -> Result<(Data, Linked), Stopped> {
        let data = self.files.read(None)?.data;
        if digest(&data) != self.read.records {
            let files: Vec<String> = self
                .read
                .files
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            return Err(Stopped::new(
                Diagnostic::new(codes::OTHER_RECORDS).with("file", files.join(", ")),
            ));
        }
        let model = read_model(&self.model)?;
        let linked = link(&data, &model, &Options { seed: self.seed });
        let linked = linked.map_err(|fault| unfit(&fault, &data))?;
        Ok((data, linked))
    }
}
