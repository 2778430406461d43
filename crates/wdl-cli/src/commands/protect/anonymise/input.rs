//! The records of a plain file as codes, with the hierarchies of a folder.

use std::path::{Path, PathBuf};

use wdl_anonymisation::hierarchy::Hierarchy;
use wdl_anonymisation::models::Tree;
use wdl_anonymisation::records::{QuasiIdentifier, Records, Sensitive};
use wdl_intake::PlainText;
use wdl_lab::Stopped;
use wdl_plain::PlainTable;
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::disclosure as codes;

use super::{Anonymise, faults};

/// What was read.
pub(super) struct Input {
    pub(super) table: PlainTable,
    pub(super) records: Records,
    /// The hierarchy of each sensitive column, where the folder has one that ends in one value.
    pub(super) trees: Vec<Option<Tree>>,
    /// The missing values of each quasi-identifier that has some.
    pub(super) missing: Vec<(String, usize)>,
    /// Quasi-identifiers whose hierarchy does not end in one value.
    pub(super) open: Vec<String>,
}

impl Input {
    pub(super) fn read(asked: &Anonymise) -> Result<Input, Stopped> {
        let mut wanted: Vec<&str> = asked
            .quasi_identifiers
            .iter()
            .chain(&asked.sensitive)
            .chain(&asked.keep)
            .map(String::as_str)
            .collect();
        wanted.extend(asked.person.as_deref());
        let table = PlainTable::read(&asked.file, &wanted)?;
        let quasi_names: Vec<&str> = asked.quasi_identifiers.iter().map(String::as_str).collect();
        let register = asked
            .population
            .as_deref()
            .map(|path| PlainTable::read(path, &quasi_names))
            .transpose()?;
        let mut quasi = Vec::new();
        let mut population = Vec::new();
        let (mut missing, mut open) = (Vec::new(), Vec::new());
        for name in &quasi_names {
            let (codes, values) = table.coded(name);
            let there = register.as_ref().map(|register| register.coded(name));
            let mut hierarchy =
                hierarchy(&asked.hierarchies, name)?.ok_or_else(|| no_hierarchy(asked, name))?;
            let lacking = codes.iter().filter(|code| code.is_none()).count();
            if lacking > 0 {
                missing.push(((*name).to_owned(), lacking));
            }
            if lacking == 0
                && there
                    .as_ref()
                    .is_none_or(|(codes, _)| codes.iter().all(Option::is_some))
            {
                hierarchy = hierarchy.without_missing();
            }
            if !hierarchy.is_closed() {
                open.push((*name).to_owned());
            }
            if let (Some((codes, values)), Some(register)) = (&there, &register) {
                population.push(leaves(&hierarchy, name, register, codes, values)?);
            }
            let codes = leaves(&hierarchy, name, &table, &codes, &values)?;
            quasi.push(QuasiIdentifier { hierarchy, codes });
        }
        let fault = |fault| faults::records(&asked.file, &fault);
        let mut records = Records::new(quasi).map_err(fault)?;
        let mut trees = Vec::new();
        for name in &asked.sensitive {
            let (column, tree) = sensitive(asked, &table, name)?;
            records = records.with_sensitive(column).map_err(fault)?;
            trees.push(tree);
        }
        if let Some(name) = &asked.person {
            let (codes, values) = table.coded(name);
            // Records that do not say whose they are might all be one person's.
            let unknown = u32::try_from(values.len()).unwrap_or(u32::MAX);
            let persons = codes
                .into_iter()
                .map(|code| code.unwrap_or(unknown))
                .collect();
            records = records.with_persons(persons).map_err(fault)?;
        }
        if register.is_some() {
            records = records.with_population(population).map_err(fault)?;
        }
        Ok(Input {
            table,
            records,
            trees,
            missing,
            open,
        })
    }
}

fn no_hierarchy(asked: &Anonymise, column: &str) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::NO_HIERARCHY)
            .with("column", column)
            .with("directory", asked.hierarchies.display()),
    )
}

/// The leaf of each row; values that the hierarchy lacks are counted and placed, never told.
fn leaves(
    hierarchy: &Hierarchy,
    name: &str,
    table: &PlainTable,
    codes: &[Option<u32>],
    values: &[String],
) -> Result<Vec<u32>, Stopped> {
    match hierarchy.leaves_of(values) {
        Ok(leaves) => Ok(codes
            .iter()
            .map(|code| code.map_or(hierarchy.missing(), |code| leaves[code as usize]))
            .collect()),
        Err(absent) => {
            let is_absent = |code: &Option<u32>| {
                code.is_some_and(|code| absent.binary_search(&(code as usize)).is_ok())
            };
            let line = codes
                .iter()
                .position(is_absent)
                .map_or(0, |row| table.line(row));
            let fault = Diagnostic::new(codes::HIERARCHY_LACKS)
                .with("column", name)
                .with("count", absent.len())
                .with("line", line);
            Err(Stopped::new(fault))
        }
    }
}

/// A sensitive column with its values in order: as its hierarchy lists them, or numbers by size, or text by its letters.
fn sensitive(
    asked: &Anonymise,
    table: &PlainTable,
    name: &str,
) -> Result<(Sensitive, Option<Tree>), Stopped> {
    let (codes, values) = table.coded(name);
    let hierarchy = hierarchy(&asked.hierarchies, name)?;
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    let mut tree = None;
    if let Some(hierarchy) = &hierarchy {
        let present: Vec<Option<u32>> = codes.iter().copied().filter(Option::is_some).collect();
        leaves(hierarchy, name, table, &present, &values)?;
        let of_value = hierarchy.leaves_of(&values).unwrap_or_default();
        order.sort_by_key(|value| of_value[*value as usize]);
        let sorted: Vec<u32> = order
            .iter()
            .map(|value| of_value[*value as usize])
            .collect();
        tree = Tree::new(&hierarchy.clone().without_missing(), &sorted);
    } else {
        let numbers: Option<Vec<f64>> = values
            .iter()
            .map(|value| {
                value
                    .parse::<f64>()
                    .ok()
                    .filter(|number| number.is_finite())
            })
            .collect();
        order.sort_by(|a, b| {
            let (a, b) = (*a as usize, *b as usize);
            let by_number = numbers
                .as_ref()
                .map(|numbers| numbers[a].total_cmp(&numbers[b]));
            by_number
                .unwrap_or(std::cmp::Ordering::Equal)
                .then_with(|| values[a].cmp(&values[b]))
        });
    }
    let mut place = vec![0; values.len()];
    for (rank, value) in order.iter().enumerate() {
        place[*value as usize] = rank as u32;
    }
    let codes = codes
        .iter()
        .map(|code| code.map(|code| place[code as usize]))
        .collect();
    Ok((
        Sensitive {
            codes,
            values: values.len(),
        },
        tree,
    ))
}

/// The hierarchy of a column in a folder; nothing where it has none.
fn hierarchy(folder: &Path, column: &str) -> Result<Option<Hierarchy>, Stopped> {
    let Some(path) = file_of(folder, column)? else {
        return Ok(None);
    };
    let mut text = PlainText::open(&path).map_err(|fault| Stopped::file(&path, &fault))?;
    let clean = |cell: &str| match cell.trim() {
        // What R writes for a missing value, as the records are read.
        "NA" => String::new(),
        cell => cell.to_owned(),
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    if !text.header().is_empty() {
        rows.push(text.header().iter().map(|cell| clean(cell)).collect());
    }
    while let Some(row) = text
        .next_row()
        .map_err(|fault| Stopped::file(&path, &fault))?
    {
        rows.push((0..row.len()).map(|place| clean(row.cell(place))).collect());
    }
    let read = Hierarchy::from_rows(&rows).map_err(|fault| faults::hierarchy(&path, &fault))?;
    Ok(Some(read))
}

fn file_of(folder: &Path, column: &str) -> Result<Option<PathBuf>, Stopped> {
    let entries = std::fs::read_dir(folder).map_err(|fault| Stopped::file(folder, &fault))?;
    let ending = format!("_hierarchy_{column}.csv");
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let path = entry.map_err(|fault| Stopped::file(folder, &fault))?.path();
        if path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().ends_with(&ending))
        {
            found.push(path);
        }
    }
    found.sort();
    match found.as_slice() {
        [first, second, ..] => {
            let fault = Diagnostic::new(codes::HIERARCHY_TWICE)
                .with("column", column)
                .with("file", first.display())
                .with("other", second.display());
            Err(Stopped::new(fault))
        }
        _ => Ok(found.pop()),
    }
}
