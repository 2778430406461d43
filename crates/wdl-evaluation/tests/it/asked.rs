//! How the tests ask a method: columns by name, options by name.

use std::path::{Path, PathBuf};

use wdl_evaluation::{
    Columns, Evaluation, EvaluationError, Given, Labels, Request, Role, SMALLEST_GROUP, evaluate,
    method,
};

/// A table of text by column, as the commands read it.
#[derive(Debug, Default)]
pub(crate) struct File {
    columns: Vec<(String, Vec<Option<String>>)>,
}

impl File {
    /// A column of any values; empty text is missing.
    pub(crate) fn with<V: ToString>(mut self, name: &str, values: &[V]) -> File {
        let cells = values
            .iter()
            .map(|value| Some(value.to_string()).filter(|text| !text.is_empty() && text != "NA"));
        self.columns.push((name.to_owned(), cells.collect()));
        self
    }

    /// A reference file; says so and gives nothing when it is absent.
    pub(crate) fn reference(name: &str, delimiter: u8) -> Option<File> {
        let path = reference_path(name)?;
        let file = std::fs::File::open(path).unwrap();
        let reader: Box<dyn std::io::Read> = match name.ends_with(".gz") {
            true => Box::new(flate2::read::GzDecoder::new(file)),
            false => Box::new(file),
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(reader);
        let names: Vec<String> = reader
            .headers()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let columns = names.into_iter().enumerate().map(|(at, name)| {
            let cells = rows.iter().map(|row| {
                Some(row[at].to_owned()).filter(|text| !text.is_empty() && text != "NA")
            });
            (name, cells.collect())
        });
        Some(File {
            columns: columns.collect(),
        })
    }

    /// Whether there is such a column.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(own, _)| own == name)
    }

    fn cells(&self, name: &str) -> &[Option<String>] {
        let found = self.columns.iter().find(|(own, _)| own == name);
        &found.unwrap_or_else(|| panic!("column {name}")).1
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, cells)| cells.len())
    }
}

/// Runs a method on a file: an option and its values, with commas between them.
pub(crate) fn ask(
    name: &str,
    file: &File,
    options: &[(&str, &str)],
) -> Result<Evaluation, EvaluationError> {
    ask_with(name, file, options, SMALLEST_GROUP)
}

/// The same, with the fewest units a row may rest on unnamed.
pub(crate) fn ask_with(
    name: &str,
    file: &File,
    options: &[(&str, &str)],
    smallest_group: u64,
) -> Result<Evaluation, EvaluationError> {
    let method = method(name)?;
    let mut given = Given::default();
    for (option, value) in options {
        let values: Vec<&str> = value.split(',').collect();
        given = given.with(option, &values);
    }
    let mut columns = Columns::new(file.rows());
    for (name, role) in given.columns(method.options()) {
        let cells = file.cells(&name);
        let numbers: Option<Vec<Option<f64>>> = cells
            .iter()
            .map(|cell| {
                cell.as_ref()
                    .map_or(Some(None), |cell| cell.parse().ok().map(Some))
            })
            .collect();
        columns = match (role, numbers) {
            (Role::Number | Role::Either, Some(numbers)) => columns.with_numbers(&name, numbers),
            (Role::Number, None) => panic!("column {name} is none of numbers"),
            (Role::Label | Role::Either, _) => columns.with_labels(&name, Labels::of(cells)),
        };
    }
    let request = Request::new(method.options(), &given, &columns)?;
    evaluate(method, &request, smallest_group)
}

/// The path of a reference file; says so and gives nothing when it is absent.
pub(crate) fn reference_path(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/reference/evaluation")
        .join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: ../shared/reference/evaluation/{name} is absent");
    None
}
