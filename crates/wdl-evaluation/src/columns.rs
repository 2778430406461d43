//! The columns a request is about, as whoever read them hands them over.

use std::collections::BTreeMap;

/// A column of names: each row has the place of its name, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// The place of each row's name in `names`; nothing where it is missing.
    pub codes: Vec<Option<u32>>,
    /// The names.
    pub names: Vec<String>,
}

impl Labels {
    /// The names of rows, coded in the order in which they are met.
    pub fn of<S: AsRef<str>>(cells: &[Option<S>]) -> Labels {
        let mut places = BTreeMap::new();
        let mut labels = Labels::default();
        for cell in cells {
            let code = cell.as_ref().map(|cell| {
                *places.entry(cell.as_ref().to_owned()).or_insert_with(|| {
                    labels.names.push(cell.as_ref().to_owned());
                    u32::try_from(labels.names.len() - 1).expect("fewer names than rows")
                })
            });
            labels.codes.push(code);
        }
        labels
    }
}

/// Columns of one table, by name; one column may be there as numbers and as names.
// INVARIANT: every column has `rows` rows.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    rows: usize,
    numbers: BTreeMap<String, Vec<Option<f64>>>,
    labels: BTreeMap<String, Labels>,
}

impl Columns {
    /// A table of so many rows and no column.
    pub fn new(rows: usize) -> Columns {
        Columns {
            rows,
            ..Columns::default()
        }
    }

    /// Adds a column of numbers.
    ///
    /// # Panics
    /// When it has another number of rows: the caller reads all columns from one table.
    #[must_use]
    pub fn with_numbers(mut self, name: &str, values: Vec<Option<f64>>) -> Columns {
        assert_eq!(values.len(), self.rows, "all columns are of one table");
        self.numbers.insert(name.to_owned(), values);
        self
    }

    /// Adds a column of names.
    ///
    /// # Panics
    /// When it has another number of rows: the caller reads all columns from one table.
    #[must_use]
    pub fn with_labels(mut self, name: &str, labels: Labels) -> Columns {
        assert_eq!(
            labels.codes.len(),
            self.rows,
            "all columns are of one table"
        );
        self.labels.insert(name.to_owned(), labels);
        self
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// A column as numbers, when it was read so.
    pub fn numbers(&self, name: &str) -> Option<&[Option<f64>]> {
        self.numbers.get(name).map(Vec::as_slice)
    }

    /// A column as names, when it was read so.
    pub fn labels(&self, name: &str) -> Option<&Labels> {
        self.labels.get(name)
    }
}
