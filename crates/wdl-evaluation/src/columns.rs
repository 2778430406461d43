//! The columns a request is about, as whoever read them hands them over.

use std::collections::BTreeMap;

/// A column of names: each row has the place of its name, or none.
// INVARIANT: a code is the place of a name; `missing`, where it is there, has a mark for each code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    codes: Vec<u32>,
    missing: Option<Vec<bool>>,
    names: Names,
}

/// The names of a column: words, or whole numbers as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// Words.
    Words(Vec<String>),
    /// Whole numbers.
    Whole(Vec<i64>),
}

impl Default for Names {
    fn default() -> Names {
        Names::Words(Vec::new())
    }
}

impl Names {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Names::Words(words) => words.len(),
            Names::Whole(numbers) => numbers.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of a code.
    ///
    /// # Panics
    /// When there is no such code.
    pub fn of(&self, code: u32) -> String {
        match self {
            Names::Words(words) => words[code as usize].clone(),
            Names::Whole(numbers) => numbers[code as usize].to_string(),
        }
    }

    /// These codes in the order of their names: of numbers when all of these are numbers.
    fn sort(&self, codes: &mut [u32]) {
        let words = match self {
            Names::Whole(numbers) => return codes.sort_by_key(|code| numbers[*code as usize]),
            Names::Words(words) => words,
        };
        let word = |code: u32| words[code as usize].as_str();
        let number = |code: &u32| {
            word(*code)
                .parse::<f64>()
                .ok()
                .filter(|own| own.is_finite())
        };
        let numbers: Option<Vec<f64>> = codes.iter().map(number).collect();
        match numbers {
            Some(numbers) => {
                let mut pairs: Vec<(f64, u32)> =
                    numbers.into_iter().zip(codes.iter().copied()).collect();
                pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| word(a.1).cmp(word(b.1))));
                for (code, pair) in codes.iter_mut().zip(pairs) {
                    *code = pair.1;
                }
            }
            None => codes.sort_by(|a, b| word(*a).cmp(word(*b))),
        }
    }
}

impl Labels {
    /// Codes, where there is none, and the names.
    ///
    /// # Panics
    /// When a code is the place of no name, or there are marks for other rows: the caller coded one column.
    pub fn new(codes: Vec<u32>, missing: Option<Vec<bool>>, names: Names) -> Labels {
        let rows = missing.as_ref().map_or(codes.len(), Vec::len);
        assert_eq!(codes.len(), rows, "all marks are of one column");
        let most = codes.iter().max().map_or(0, |code| *code as usize + 1);
        assert!(
            most <= names.len() || missing.is_some(),
            "every code has a name"
        );
        Labels {
            codes,
            missing,
            names,
        }
    }

    /// The names of rows, coded in the order in which they are met.
    pub fn of<S: AsRef<str>>(cells: &[Option<S>]) -> Labels {
        let mut places = BTreeMap::new();
        let mut names = Vec::new();
        let mut codes = Vec::with_capacity(cells.len());
        for cell in cells {
            let code = cell.as_ref().map(|cell| {
                *places.entry(cell.as_ref().to_owned()).or_insert_with(|| {
                    names.push(cell.as_ref().to_owned());
                    u32::try_from(names.len() - 1).expect("fewer names than rows")
                })
            });
            codes.push(code.unwrap_or_default());
        }
        let missing: Vec<bool> = cells.iter().map(Option::is_none).collect();
        Labels {
            codes,
            missing: missing.contains(&true).then_some(missing),
            names: Names::Words(names),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The code of each row; of no meaning where the row has no name.
    pub(crate) fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// Which rows have no name; nothing when every row has one.
    pub(crate) fn missing(&self) -> Option<&[bool]> {
        self.missing.as_deref()
    }

    /// The names.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The codes that occur among some of them, in the order of their names.
    pub(crate) fn occurring(&self, codes: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut occurs = vec![false; self.names.len()];
        for code in codes {
            occurs[code as usize] = true;
        }
        let codes = 0..u32::try_from(occurs.len()).expect("fewer names than rows");
        let mut codes: Vec<u32> = codes.filter(|code| occurs[*code as usize]).collect();
        self.names.sort(&mut codes);
        codes
    }
}

/// A column of numbers, and which rows have none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    /// The value of each row; of no meaning where there is none.
    pub(crate) values: Vec<f64>,
    /// Which rows have none; nothing when every row has one.
    pub(crate) missing: Option<Vec<bool>>,
}

impl Numbers {
    /// The value of a row, or nothing.
    pub(crate) fn at(&self, row: usize) -> Option<f64> {
        let is_missing = self.missing.as_ref().is_some_and(|own| own[row]);
        (!is_missing).then(|| self.values[row])
    }
}

/// Columns of one table, by name; one column may be there as numbers and as names.
// INVARIANT: every column has `rows` rows.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    rows: usize,
    numbers: BTreeMap<String, Numbers>,
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
    pub fn with_numbers(self, name: &str, values: Vec<Option<f64>>) -> Columns {
        let missing: Vec<bool> = values.iter().map(Option::is_none).collect();
        let missing = missing.contains(&true).then_some(missing);
        let values = values.into_iter().map(Option::unwrap_or_default).collect();
        self.with_values(name, values, missing)
    }

    /// Adds a column of numbers with the marks of the rows that have none; without marks every row has one.
    ///
    /// # Panics
    /// When it has another number of rows: the caller reads all columns from one table.
    #[must_use]
    pub fn with_values(
        mut self,
        name: &str,
        values: Vec<f64>,
        missing: Option<Vec<bool>>,
    ) -> Columns {
        let marks = missing.as_ref().map_or(self.rows, Vec::len);
        assert_eq!(values.len(), self.rows, "all columns are of one table");
        assert_eq!(marks, self.rows, "all columns are of one table");
        self.numbers
            .insert(name.to_owned(), Numbers { values, missing });
        self
    }

    /// Adds a column of names.
    ///
    /// # Panics
    /// When it has another number of rows: the caller reads all columns from one table.
    #[must_use]
    pub fn with_labels(mut self, name: &str, labels: Labels) -> Columns {
        assert_eq!(labels.len(), self.rows, "all columns are of one table");
        self.labels.insert(name.to_owned(), labels);
        self
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// A column as numbers, when it was read so.
    pub(crate) fn numbers(&self, name: &str) -> Option<&Numbers> {
        self.numbers.get(name)
    }

    /// A column as names, when it was read so.
    pub fn labels(&self, name: &str) -> Option<&Labels> {
        self.labels.get(name)
    }
}
