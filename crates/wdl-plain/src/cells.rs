//! The cells of a column of text, one after the other in one piece of memory.

use std::collections::HashMap;

/// What stands for a missing value beside an empty cell: the word that R writes.
const MISSING: &str = "NA";

/// Cells as they stand in a file, without the blanks around them; a missing one is empty.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    pub(crate) fn push(&mut self, cell: &str) {
        let cell = cell.trim();
        if cell != MISSING {
            self.text.push_str(cell);
        }
        self.ends.push(self.text.len());
    }

    /// Each cell in order; none where the value is missing.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let cell = |(start, end): (&usize, &usize)| &self.text[*start..*end];
        starts
            .zip(&self.ends)
            .map(cell)
            .map(|cell| (!cell.is_empty()).then_some(cell))
    }

    /// Which distinct cell each row has, numbered in the order they are met, and the cells.
    pub(crate) fn coded(&self) -> (Vec<Option<u32>>, Vec<String>) {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut values = Vec::new();
        let mut codes = Vec::with_capacity(self.ends.len());
        for cell in self.iter() {
            codes.push(cell.map(|cell| {
                *known.entry(cell).or_insert_with(|| {
                    values.push(cell.to_owned());
                    u32::try_from(values.len() - 1).expect("fewer distinct values than rows")
                })
            }));
        }
        (codes, values)
    }
}
