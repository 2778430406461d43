//! The records told, as a CSV file.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use wdl_lab::Stopped;

use super::Anonymise;
use super::input::Input;

/// Writes the records that are kept, in their order: quasi-identifiers at their levels, sensitive columns and those kept as they are.
pub(super) fn write(
    path: &Path,
    asked: &Anonymise,
    input: &Input,
    kept: &[usize],
    levels: &[usize],
) -> Result<(), Stopped> {
    let beside = path.with_extension("part");
    let fail = |fault: io::Error| Stopped::file(path, &fault);
    let mut out = BufWriter::new(std::fs::File::create(&beside).map_err(fail)?);
    table(&mut out, asked, input, kept, levels)
        .and_then(|()| out.flush())
        .map_err(fail)?;
    std::fs::rename(&beside, path).map_err(fail)
}

fn table(
    out: &mut dyn Write,
    asked: &Anonymise,
    input: &Input,
    kept: &[usize],
    levels: &[usize],
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
    let quasi = input.records.quasi_identifiers();
    for record in kept {
        let told = quasi.iter().zip(levels).map(|(one, level)| {
            let leaf = one.codes[*record] as usize;
            one.hierarchy
                .label(*level, one.hierarchy.of_leaf(*level)[leaf])
        });
        let others = columns
            .iter()
            .map(|column| column[*record].as_deref().unwrap_or_default());
        row(out, told.chain(others))?;
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
