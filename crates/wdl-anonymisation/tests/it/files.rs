//! Reference files, when they are there.

use std::path::PathBuf;

use wdl_anonymisation::risk::KeyTable;

/// The quasi-identifiers of the household survey.
pub(crate) const SURVEY_KEYS: [&str; 7] = [
    "urbrur", "roof", "walls", "water", "electcon", "relat", "sex",
];

/// A delimited file as text by column.
pub(crate) struct Columns {
    names: Vec<String>,
    columns: Vec<Vec<String>>,
}

impl Columns {
    pub(crate) fn texts(&self, name: &str) -> &[String] {
        let place = self.names.iter().position(|n| n == name).unwrap();
        &self.columns[place]
    }

    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        self.texts(name)
            .iter()
            .map(|text| text.parse().unwrap())
            .collect()
    }

    pub(crate) fn keys(&self, names: &[&str]) -> KeyTable {
        let columns: Vec<Vec<Option<&str>>> = names
            .iter()
            .map(|name| self.texts(name).iter().map(|t| Some(t.as_str())).collect())
            .collect();
        KeyTable::of_texts(&columns).unwrap()
    }
}

/// The file, or `None` with a word on the standard output.
pub(crate) fn read(path: &str, delimiter: u8) -> Option<Columns> {
    let path = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/reference/disclosure"
    ))
    .join(path);
    if !path.exists() {
        println!("skipped: the reference on disclosure is absent");
        return None;
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_path(path)
        .unwrap();
    let names: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let mut columns = vec![Vec::new(); names.len()];
    for record in reader.records() {
        record
            .unwrap()
            .iter()
            .enumerate()
            .for_each(|(c, text)| columns[c].push(text.to_owned()));
    }
    Some(Columns { names, columns })
}

/// The household survey with what sdcMicro 5.8.1 computed on it.
pub(crate) fn survey() -> Option<Columns> {
    read("sdcmicro/testdata_expected.csv", b',')
}

/// The census income records.
pub(crate) fn adult() -> Option<Columns> {
    read("adult/adult.csv", b';')
}

/// Sets of columns as masks, for tables written out in tests: `.` is a missing value.
pub(crate) fn table(rows: &[&str]) -> KeyTable {
    let columns = rows[0].len();
    let column = |c: usize| {
        rows.iter()
            .map(|row| Some(&row[c..=c]).filter(|text| *text != "."))
            .collect()
    };
    KeyTable::of_texts(&(0..columns).map(column).collect::<Vec<Vec<Option<&str>>>>()).unwrap()
}
