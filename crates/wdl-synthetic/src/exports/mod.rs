//! Each body's exports, as that body would write them, delivery by delivery.
//!
//! A row is written in the delivery where it first is known and again in each later one where it has changed.
//! It must not know how the city came to be.

mod comune;
mod line;
mod others;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::calendar::{Day, Quarter};
use crate::city::City;

pub(crate) use comune::{declared, returns, rione, rooms};
pub(crate) use line::{Encoding, Line};
pub(crate) use others::job_names;

/// A delivery: its period and what is known at its end.
pub(crate) const DELIVERIES: [(&str, Quarter); 4] = [
    (
        "2025-Q4",
        Quarter {
            year: 2025,
            quarter: 4,
        },
    ),
    (
        "2026-Q1",
        Quarter {
            year: 2026,
            quarter: 1,
        },
    ),
    (
        "2026-Q2",
        Quarter {
            year: 2026,
            quarter: 2,
        },
    ),
    (
        "2026-Q3",
        Quarter {
            year: 2026,
            quarter: 3,
        },
    ),
];

/// The version of a row known on a day, or nothing yet.
type Version<'a> = Box<dyn Fn(usize, Day) -> Option<u8> + Sync + 'a>;
/// Writes a row as known on a day.
type Write<'a> = Box<dyn Fn(usize, Day, &mut Line) + Sync + 'a>;

/// One dataset of one body.
pub(crate) struct Export<'a> {
    pub(crate) body: &'static str,
    pub(crate) dataset: &'static str,
    pub(crate) encoding: Encoding,
    pub(crate) header: &'static str,
    pub(crate) rows: usize,
    pub(crate) version: Version<'a>,
    pub(crate) write: Write<'a>,
}

/// A file written.
#[derive(serde::Serialize)]
pub struct Written {
    /// Path under the folder of the city.
    pub file: PathBuf,
    /// Data rows.
    pub rows: usize,
}

/// An episode is known from its first day; it changes when its end has come.
pub(crate) fn episode(from: Day, to: Day, on: Day) -> Option<u8> {
    (from <= on).then_some(u8::from(to <= on))
}

/// The end of an episode if it has come.
pub(crate) fn ended(to: Day, on: Day) -> Option<Day> {
    (to <= on).then_some(to)
}

/// Every dataset of the four bodies.
pub(crate) fn all(city: &City) -> Vec<Export<'_>> {
    let mut all = comune::exports(city);
    all.extend(others::exports(city));
    all
}

/// Writes every delivery of every body under `folder/exports`.
pub(crate) fn write(city: &City, folder: &Path) -> io::Result<Vec<Written>> {
    let exports = all(city);
    let files: Vec<(usize, usize)> = (0..exports.len())
        .flat_map(|export| (0..DELIVERIES.len()).map(move |delivery| (export, delivery)))
        .collect();
    let written: Vec<io::Result<Option<Written>>> = files
        .par_iter()
        .map(|(export, delivery)| write_file(&exports[*export], *delivery, folder))
        .collect();
    let mut list = Vec::new();
    for file in written {
        list.extend(file?);
    }
    list.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(list)
}

/// A file of an earlier city in the same folder must not pass for one of this city.
fn forget(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write_file(export: &Export<'_>, delivery: usize, folder: &Path) -> io::Result<Option<Written>> {
    let (period, quarter) = DELIVERIES[delivery];
    let before = delivery
        .checked_sub(1)
        .map(|earlier| DELIVERIES[earlier].1.last());
    let on = quarter.last();
    let mut line = Line::new(export.encoding, export.header);
    let mut rows = 0;
    for row in 0..export.rows {
        let now = (export.version)(row, on);
        let earlier = before.and_then(|day| (export.version)(row, day));
        if now.is_some() && now != earlier {
            (export.write)(row, on, &mut line);
            line.end();
            rows += 1;
        }
    }
    let file = Path::new("exports")
        .join(export.body)
        .join(period)
        .join(format!("{}.csv", export.dataset));
    let path = folder.join(&file);
    if rows == 0 {
        return forget(&path).map(|()| None);
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(&path, line.bytes())?;
    Ok(Some(Written { file, rows }))
}

/// The rows of a dataset that hold a person's code: the dataset, its number for the errors, the letter of its keys; serial, unit and person of each.
pub(crate) type Coded = (&'static str, u64, &'static str, Vec<(u32, u32, u32)>);

/// Every dataset with a code of a person, the registry apart.
pub(crate) fn coded(city: &City) -> Vec<Coded> {
    let mut all = comune::coded(city);
    all.extend(others::coded(city));
    all
}

/// Serial, unit and person where the row's number is both.
fn numbered(people: impl Iterator<Item = u32>) -> Vec<(u32, u32, u32)> {
    people
        .enumerate()
        .map(|(index, person)| (index as u32, index as u32, person))
        .collect()
}
