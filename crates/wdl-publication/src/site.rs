//! The site as files in memory, and its writing in place of the one before.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use wdl_chart::Geography;
use wdl_protocol::Lab;
use wdl_vocab::{Digest, Lang};

use crate::PublicationError;
use crate::formats::{csv, index, json_stat, lineage};
use crate::input::SiteInput;
use crate::model::{Model, newest};
use crate::pages;
use crate::parts::figures;
use crate::paths::{self, PageId};
use crate::release_face::ReleasedTable;
use crate::study::{self, Study};

/// What a server should send with every page: nothing from elsewhere, no script at all.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Files that are the same in every site.
const ASSETS: [(&str, &[u8]); 6] = [
    ("assets/NOTICE.txt", include_bytes!("../assets/NOTICE.txt")),
    ("assets/icon.svg", include_bytes!("../assets/icon.svg")),
    ("assets/site.css", include_bytes!("../assets/site.css")),
    (
        "assets/titillium-web-600.woff2",
        include_bytes!("../assets/titillium-web-600.woff2"),
    ),
    (
        "assets/titillium-web-700.woff2",
        include_bytes!("../assets/titillium-web-700.woff2"),
    ),
    (
        "assets/titillium-web-regular.woff2",
        include_bytes!("../assets/titillium-web-regular.woff2"),
    ),
];

/// A whole site in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    // INVARIANT: paths are relative, with `/`, and never climb.
    files: BTreeMap<String, Vec<u8>>,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The files.
    pub files: usize,
    /// Those that are pages.
    pub pages: usize,
    /// Their bytes together.
    pub bytes: usize,
}

impl Site {
    /// Makes every file of the site.
    ///
    /// # Errors
    /// [`PublicationError`] when tables contradict each other or the lab, a chart cannot be drawn, or a publication of the lab folder is wrong.
    pub fn make(input: &SiteInput<'_>) -> Result<Site, PublicationError> {
        let model = Model::new(input)?;
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let tables: Vec<&ReleasedTable<'_>> = model
            .indicators
            .iter()
            .flat_map(|each| &each.tables)
            .chain(model.studies.iter().flat_map(|each| &each.tables))
            .collect();
        let made: Vec<Vec<(String, Vec<u8>)>> = tables
            .par_iter()
            .map(|released| data_files(released, &model.areas))
            .collect::<Result<_, _>>()?;
        files.extend(made.into_iter().flatten());
        for own in &model.studies {
            files.extend(study_files(&own.study, input.lab)?);
        }
        files.insert(
            "data/acts.csv".to_owned(),
            csv::acts(input.acts, input.lab.synthetic),
        );
        files.extend(ledger_files(input));
        files.insert("index.json".to_owned(), index::document(&model, &files));
        let wanted: Vec<(PageId, Lang)> = pages::all(&model)
            .into_iter()
            .flat_map(|page| Lang::ALL.map(|lang| (page.clone(), lang)))
            .collect();
        let pages: Vec<(String, Vec<u8>)> = wanted
            .par_iter()
            .map(|(page, lang)| {
                let html = pages::html(&model, page, &files, *lang)?;
                Ok((page.path(*lang), html.into_bytes()))
            })
            .collect::<Result<_, PublicationError>>()?;
        files.extend(pages);
        files.extend(pages::withdrawn(&model));
        files.insert("index.html".to_owned(), pages::root(&model).into_bytes());
        files.extend(ASSETS.map(|(path, bytes)| (path.to_owned(), bytes.to_vec())));
        Ok(Site { files })
    }

    /// Reads a site as it stands in a folder, to compare it with what was published.
    ///
    /// # Errors
    /// [`PublicationError::Write`] when a file cannot be read.
    pub fn read(directory: &Path) -> Result<Site, PublicationError> {
        let mut files = BTreeMap::new();
        let mut waiting = vec![directory.to_owned()];
        while let Some(folder) = waiting.pop() {
            let fault = |source| PublicationError::Write {
                file: folder.clone(),
                source,
            };
            for entry in std::fs::read_dir(&folder).map_err(fault)? {
                let path = entry.map_err(fault)?.path();
                if path.is_dir() {
                    waiting.push(path);
                    continue;
                }
                let bytes = std::fs::read(&path).map_err(|source| PublicationError::Write {
                    file: path.clone(),
                    source,
                })?;
                let name = path.strip_prefix(directory).unwrap_or(&path);
                let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
                files.insert(parts.join("/"), bytes);
            }
        }
        Ok(Site { files })
    }

    /// The files, by path.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// The digest of every path and every byte.
    pub fn digest(&self) -> Digest {
        let parts = self
            .files
            .iter()
            .flat_map(|(path, bytes)| [path.as_bytes(), bytes.as_slice()]);
        Digest::of_parts(parts)
    }

    /// Writes the site in place of the one that stood in `directory`: beside it first, then one takes the name of the other.
    ///
    /// # Errors
    /// [`PublicationError::ForeignFolder`] when the folder holds something else than a site; [`PublicationError::Write`] when a file cannot be written.
    pub fn write(&self, directory: &Path) -> Result<Report, PublicationError> {
        refuse_foreign(directory)?;
        let new = beside(directory, "new");
        let old = beside(directory, "old");
        remove(&new)?;
        remove(&old)?;
        for (path, bytes) in &self.files {
            write_file(&new.join(path), bytes)?;
        }
        replace(directory, &new, &old)?;
        let is_page = |path: &&String| path.ends_with(".html");
        Ok(Report {
            files: self.files.len(),
            pages: self.files.keys().filter(is_page).count(),
            bytes: self.files.values().map(Vec::len).sum(),
        })
    }
}

/// The ledger itself and its checkpoint, so that anyone can verify them offline.
fn ledger_files(input: &SiteInput<'_>) -> Vec<(String, Vec<u8>)> {
    let mut lines = Vec::new();
    for entry in input.acts {
        lines.extend(entry.line());
        lines.push(b'\n');
    }
    let mut files = vec![(format!("ledger/{}", wdl_ledger::FILE), lines)];
    if let Some(checkpoint) = input.checkpoint {
        files.push((checkpoint_path(input.lab), checkpoint.to_bytes()));
    }
    files
}

/// Where the agreement wants the checkpoint.
pub(crate) fn checkpoint_path(lab: &Lab) -> String {
    let parts = lab.publication.checkpoint.file.components();
    let plain = parts.filter_map(|part| match part {
        std::path::Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    plain.collect::<Vec<_>>().join("/")
}

/// The pictures and the sheets of a study.
fn study_files(study: &Study<'_>, lab: &Lab) -> Result<Vec<(String, Vec<u8>)>, PublicationError> {
    let mut files = Vec::new();
    for lang in Lang::ALL {
        let sheet = study::sheet(study, lab.name.get(lang), lang);
        let sheet = sheet.map_err(|source| PublicationError::Sheet {
            study: study.id().to_owned(),
            source,
        })?;
        files.push((paths::sheet(study.id(), lang), sheet));
        if let Some(svg) = study::svg(study, lang) {
            let header = study.header();
            let breakdown = study.breakdown();
            let ending = format!("{}.svg", lang.code());
            let path = paths::data(header.indicator.as_str(), &breakdown, &ending);
            files.push((path, svg.into_bytes()));
        }
    }
    Ok(files)
}

/// The files of one table.
fn data_files(
    released: &ReleasedTable<'_>,
    areas: &[Geography],
) -> Result<Vec<(String, Vec<u8>)>, PublicationError> {
    let table = released.table();
    let breakdown = table.breakdown();
    let path = |ending: &str| paths::data(table.header.indicator.as_str(), &breakdown, ending);
    let mut files = vec![
        (path("csv"), csv::table(released, csv::Dialect::Standard)),
        (path("it.csv"), csv::table(released, csv::Dialect::Italian)),
        (path("lineage.json"), lineage::document(released)),
    ];
    if let Some(rules) = released.rules() {
        files.push((path("rules.json"), rules.to_vec()));
    }
    for lang in Lang::ALL {
        let code = lang.code();
        files.push((
            path(&format!("{code}.json")),
            json_stat::dataset(released, lang),
        ));
        if table.header.study.is_some() {
            continue;
        }
        let drawn = figures::of(table, newest(table), areas, "chart", lang)?;
        let pictures = [("", drawn.chart), ("map.", drawn.map)];
        for (kind, picture) in pictures {
            if let Some(picture) = picture {
                let ending = format!("{kind}{code}.svg");
                files.push((path(&ending), picture.svg.into_bytes()));
            }
        }
    }
    Ok(files)
}

/// A folder may be replaced when it is missing, empty, or a site of this program.
fn refuse_foreign(directory: &Path) -> Result<(), PublicationError> {
    let foreign = || PublicationError::ForeignFolder {
        directory: directory.to_owned(),
    };
    let mut entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(foreign()),
        Err(source) => return cannot_write(directory, source),
    };
    if entries.next().is_none() {
        return Ok(());
    }
    let index = fs::read(directory.join("index.json")).map_err(|_| foreign())?;
    let document: serde_json::Value = serde_json::from_slice(&index).map_err(|_| foreign())?;
    match document["generator"] == index::GENERATOR {
        true => Ok(()),
        false => Err(foreign()),
    }
}

/// `site` has `.site.new` beside it, on the same disk.
fn beside(directory: &Path, word: &str) -> PathBuf {
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    directory.with_file_name(format!(".{name}.{word}"))
}

fn remove(directory: &Path) -> Result<(), PublicationError> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => cannot_write(directory, error),
        _ => Ok(()),
    }
}

fn write_file(file: &Path, bytes: &[u8]) -> Result<(), PublicationError> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, bytes))
        .or_else(|source| cannot_write(file, source))
}

/// Exchanges the two folders in one step where the system can, in two where it cannot.
fn replace(directory: &Path, new: &Path, old: &Path) -> Result<(), PublicationError> {
    if !directory.exists() {
        return fs::rename(new, directory).or_else(|source| cannot_write(directory, source));
    }
    if exchange(new, directory) {
        return remove(new);
    }
    fs::rename(directory, old).or_else(|source| cannot_write(directory, source))?;
    if let Err(source) = fs::rename(new, directory) {
        // The earlier site takes its place again.
        let _ = fs::rename(old, directory);
        return cannot_write(directory, source);
    }
    remove(old)
}

#[cfg(target_os = "linux")]
fn exchange(new: &Path, directory: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, new, CWD, directory, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_new: &Path, _directory: &Path) -> bool {
    false
}

fn cannot_write<T>(file: &Path, source: io::Error) -> Result<T, PublicationError> {
    Err(PublicationError::Write {
        file: file.to_owned(),
        source,
    })
}
