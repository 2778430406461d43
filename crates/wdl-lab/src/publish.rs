//! What was released becomes the public site, with the record and its checkpoint beside it.

use std::path::Path;

use serde::Serialize;
use wdl_contract::Contracts;
use wdl_indicators::Indicators;
use wdl_ledger::Act;
use wdl_protocol::{Act as Permission, Lab};
use wdl_publication::{PublicationFile, Site, SiteInput, SourceFace};
use wdl_release::{Release, Withdrawal, admitted, latest, standing};
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, IndicatorId};

use crate::desk::{Desk, Done, known_keys};
use crate::release::counter;
use crate::{Home, Stopped, read};

/// What was published.
#[derive(Clone, Debug, Serialize)]
pub struct Published {
    /// The digest of every path and byte of the site.
    pub site: String,
    /// Its tables.
    pub tables: usize,
    /// Its files.
    pub files: usize,
    /// Its pages.
    pub pages: usize,
}

/// Makes the site from the newest release of every table, in place of the one that stood.
///
/// # Errors
/// [`Stopped`] when nothing is released, a release does not hold, or the site cannot be made; the earlier site then stands.
pub fn publish(desk: &mut Desk) -> Result<Published, Stopped> {
    let tried = Act::Published {
        site: None,
        tables: 0,
    };
    let keys = known_keys(&desk.home, &desk.lab)?;
    desk.act(Permission::Publish, tried, |desk| {
        let counter = counter(desk, &keys);
        let (releases, withdrawn) = (counter.load_all()?, counter.withdrawals()?);
        // A site without a table takes the place of one whose tables were all taken back.
        if releases.is_empty() && withdrawn.is_empty() {
            return Err(nothing_released(&desk.lab));
        }
        let releases = standing(releases, &withdrawn);
        let site = make(desk, &releases, withdrawn)?;
        for (path, bytes) in site
            .files()
            .iter()
            .filter(|(path, _)| path.starts_with("data/"))
        {
            admitted(Path::new(path), bytes)?;
        }
        let report = site.write(&desk.home.site())?;
        let tables = latest(&releases).len();
        let digest = site.digest();
        Ok(Done {
            act: Act::Published {
                site: Some(digest),
                tables: tables as u64,
            },
            object: Some(digest),
            value: Published {
                site: digest.to_string(),
                tables,
                files: report.files,
                pages: report.pages,
            },
        })
    })
}

fn make(desk: &Desk, releases: &[Release], withdrawn: Vec<Withdrawal>) -> Result<Site, Stopped> {
    let signer = (&desk.office.actor.id, &desk.office.key);
    let checkpoint = desk.ledger.checkpoint(signer, desk.now);
    Ok(Site::make(&SiteInput {
        lab: &desk.lab,
        tables: latest(releases),
        withdrawn,
        defined: defined(&desk.home)?,
        sources: sources(&desk.home)?,
        acts: desk.ledger.entries(),
        checkpoint: Some(&checkpoint),
        publications: texts(&desk.home, "publications", "md")?,
        areas: texts(&desk.home, "geo", "geojson")?,
    })?)
}

pub(crate) fn nothing_released(lab: &Lab) -> Stopped {
    let needed = lab.release.reviewers_required.get();
    Stopped::new(Diagnostic::new(codes::NOTHING_RELEASED).with("count", needed))
}

fn defined(home: &Home) -> Result<Vec<IndicatorId>, Stopped> {
    let contracts = Contracts::read(&home.lab())?;
    let indicators = Indicators::read(&home.lab(), contracts.lists())?;
    let ids = indicators.list().iter();
    Ok(ids.map(|indicator| indicator.id().clone()).collect())
}

/// The datasets that the contracts agree, as they name them.
fn sources(home: &Home) -> Result<Vec<SourceFace>, Stopped> {
    let contracts = Contracts::read(&home.lab())?;
    let face = |contract: &wdl_contract::Contract| SourceFace {
        body: contract.body.clone(),
        dataset: contract.dataset.clone(),
        title: contract.title.clone(),
    };
    Ok(contracts.iter().map(face).collect())
}

/// The text files of a folder of the lab with an ending, sorted by name; a lab without the folder has none.
fn texts(home: &Home, folder: &str, wanted: &str) -> Result<Vec<PublicationFile>, Stopped> {
    let folder = home.lab().join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|fault| Stopped::file(&folder, &fault))?
            .path();
        if path.extension().is_some_and(|ending| ending == wanted) {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text =
                String::from_utf8(read(&path)?).map_err(|fault| Stopped::file(&path, &fault))?;
            files.push(PublicationFile { name, text });
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}
