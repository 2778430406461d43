//! The records told, as a CSV file.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use wdl_anonymisation::hierarchy::Hierarchy;
use wdl_anonymisation::local::Round;
use wdl_anonymisation::mondrian::Parts;
use wdl_lab::Stopped;

use super::Anonymise;
use super::input::Input;

/// Writes the records of each round at its levels, all in the order of the file.
pub(super) fn rounds(
    path: &Path,
    asked: &Anonymise,
    input: &Input,
    rounds: &[Round],
) -> Result<(), Stopped> {
    let mut told: Vec<Option<&Round>> = vec![None; input.records.rows()];
    for round in rounds {
        for row in &round.rows {
            told[*row] = Some(round);
        }
    }
    let quasi = input.records.quasi_identifiers();
    write(path, asked, input, |record| {
        let levels = &told[record]?.levels;
        let cells = quasi.iter().zip(levels).map(|(one, level)| {
            let leaf = one.codes[record] as usize;
            one.hierarchy
                .label(*level, one.hierarchy.of_leaf(*level)[leaf])
                .to_owned()
        });
        Some(cells.collect())
    })
}

/// Writes the records of each part as the ranges it covers, all in the order of the file.
pub(super) fn parts(
    path: &Path,
    asked: &Anonymise,
    input: &Input,
    parts: &Parts,
) -> Result<(), Stopped> {
    let quasi = input.records.quasi_identifiers();
    let mut told: Vec<usize> = vec![0; input.records.rows()];
    let mut ranges: Vec<Vec<String>> = Vec::new();
    for (number, part) in parts.parts.iter().enumerate() {
        ranges.push(
            quasi
                .iter()
                .zip(&part.leaves)
                .map(|(one, leaves)| range(&one.hierarchy, leaves))
                .collect(),
        );
        for row in &part.rows {
            told[*row as usize] = number;
        }
    }
    write(path, asked, input, |record| {
        Some(ranges[told[record]].clone())
    })
}

/// A range in words: one value, the node that covers just these, the first and last of numbers, or all of them.
fn range(hierarchy: &Hierarchy, leaves: &[u32]) -> String {
    let label = |leaf: &u32| hierarchy.label(0, hierarchy.of_leaf(0)[*leaf as usize]);
    if let [one] = leaves {
        return label(one).to_owned();
    }
    for level in 1..hierarchy.levels() {
        let node = hierarchy.of_leaf(level)[leaves[0] as usize];
        let is_it = leaves
            .iter()
            .all(|leaf| hierarchy.of_leaf(level)[*leaf as usize] == node);
        if is_it && hierarchy.leaves_under(level)[node as usize] as usize == leaves.len() {
            return hierarchy.label(level, node).to_owned();
        }
    }
    let labels: Vec<&str> = leaves
        .iter()
        .map(label)
        .map(|label| if label.is_empty() { "NA" } else { label })
        .collect();
    let numbers: Option<Vec<f64>> = labels.iter().map(|label| label.parse().ok()).collect();
    match numbers {
        Some(numbers) if numbers.is_sorted() => {
            format!("{}..{}", labels[0], labels[labels.len() - 1])
        }
        _ => labels.join("|"),
    }
}

/// Writes what is told of each record, then its sensitive columns and those kept as they are; a file is whole or not there.
fn write(
    path: &Path,
    asked: &Anonymise,
    input: &Input,
    told: impl Fn(usize) -> Option<Vec<String>>,
) -> Result<(), Stopped> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let fail = |fault: io::Error| Stopped::file(path, &fault);
    let mut out = BufWriter::new(std::fs::File::create(&beside).map_err(fail)?);
    table(&mut out, asked, input, told)
        .and_then(|()| out.flush())
        .map_err(fail)?;
    std::fs::rename(&beside, path).map_err(fail)
}

fn table(
    out: &mut dyn Write,
    asked: &Anonymise,
    input: &Input,
    told: impl Fn(usize) -> Option<Vec<String>>,
) -> io::Result<()> {
    let as_they_are: Vec<&String> = asked.sensitive.iter().chain(&asked.keep).collect();
    let columns: Vec<Vec<Option<String>>> = as_they_are
        .iter()
        .map(|name| input.table.text(name))
        .collect();
    let names = asked
        .quasi_identifiers
        .iter()
        .chain(as_they_are.iter().copied());
    row(out, names.map(String::as_str))?;
    for record in 0..input.records.rows() {
        let Some(cells) = told(record) else { continue };
        let others = columns
            .iter()
            .map(|column| column[record].as_deref().unwrap_or_default());
        row(out, cells.iter().map(String::as_str).chain(others))?;
    }
    Ok(())
}

fn row<'a>(out: &mut dyn Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        match cell.contains([',', '"', '\n', '\r']) {
            true => write!(out, "\"{}\"", cell.replace('"', "\"\""))?,
            false => out.write_all(cell.as_bytes())?,
        }
    }
    out.write_all(b"\n")
}
