//! The reference files of evaluation that stand outside the project: read where they are, skipped with a line where they are not.
//!
//! The tests of the qualitative kernel read it from here too.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The path of a reference file; says so and gives nothing when it is absent.
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    // A checkout may lie beside the references or deeper.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(3);
    let places = above.map(|folder| folder.join("shared/reference/evaluation").join(name));
    if let Some(path) = places.into_iter().find(|path| path.exists()) {
        return Some(path);
    }
    println!("skipped: ../shared/reference/evaluation/{name} is absent");
    None
}

/// The values computed elsewhere.
pub(crate) fn expected() -> Option<Value> {
    let text = std::fs::read_to_string(path("expected.json")?).expect("it is there");
    Some(serde_json::from_str(&text).expect("it is JSON"))
}

/// A table by column, as text.
#[derive(Debug)]
pub(crate) struct Table {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// The table of a CSV file, also packed.
    pub(crate) fn read(name: &str, delimiter: u8) -> Option<Table> {
        let file = std::fs::File::open(path(name)?).expect("it is there");
        let reader: Box<dyn std::io::Read> = match name.ends_with(".gz") {
            true => Box::new(flate2::read::GzDecoder::new(file)),
            false => Box::new(file),
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(reader);
        let names = reader.headers().expect("a header").iter();
        let names = names.map(str::to_owned).collect();
        let rows = reader
            .records()
            .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
            .collect();
        Some(Table { names, rows })
    }

    /// A column as it stands.
    pub(crate) fn text(&self, name: &str) -> Vec<&str> {
        let at = self.names.iter().position(|own| own == name);
        let at = at.expect("the column is there");
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }

    /// A column of numbers; not a number where it is none.
    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        let cells = self.text(name);
        cells
            .iter()
            .map(|cell| cell.parse().unwrap_or(f64::NAN))
            .collect()
    }
}
