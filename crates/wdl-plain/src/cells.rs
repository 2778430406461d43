//! The cells of a column of text, one after the other in one piece of memory.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use wdl_frame::Values;

use crate::codes::{Coded, Names};

/// What stands for a missing number beside an empty cell: the word that R writes. Among names it is one: the province of Naples.
pub(crate) const MISSING: &str = "NA";

/// Cells as they stand in a file, without the blanks around them.
// INVARIANT: the lengths add up to that of the text, and each cell ends where a character does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    text: String,
    lengths: Vec<u32>,
    /// Whether some cell is [`MISSING`].
    has_missing: bool,
}

impl Cells {
    #[inline]
    pub(crate) fn push(&mut self, cell: &str) {
        let cell = trimmed(cell);
        self.text.push_str(cell);
        self.has_missing |= cell == MISSING;
        let length =
            u32::try_from(cell.len()).expect("a row has fewer than four thousand million bytes");
        self.lengths.push(length);
    }

    /// Whether some cell is [`MISSING`].
    pub(crate) fn has_missing(&self) -> bool {
        self.has_missing
    }

    /// The same cells where [`MISSING`] is an empty one.
    pub(crate) fn without_missing(&self) -> Cells {
        let mut cells = Cells::default();
        for cell in self.iter() {
            cells.push(cell.filter(|cell| *cell != MISSING).unwrap_or(""));
        }
        cells
    }

    /// The same cells in another order of the rows.
    pub(crate) fn in_order(&self, rows: &[usize]) -> Cells {
        let own: Vec<&str> = self.iter().map(Option::unwrap_or_default).collect();
        let mut cells = Cells::default();
        rows.iter().for_each(|row| cells.push(own[*row]));
        cells
    }

    /// Each cell in order; none where it is empty.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        let mut start = 0;
        self.lengths.iter().map(move |length| {
            let end = start + *length as usize;
            let cell = &self.text[start..end];
            start = end;
            (!cell.is_empty()).then_some(cell)
        })
    }

    /// Whole numbers as cells.
    pub(crate) fn of_whole(values: &Values<i64>) -> Cells {
        let mut cells = Cells::default();
        let mut text = String::new();
        for value in values.iter() {
            text.clear();
            if let Some(value) = value {
                write!(text, "{value}").expect("a text takes what is written");
            }
            cells.push(&text);
        }
        cells
    }

    /// Which distinct cell each row has, numbered in the order they are met, and the cells.
    pub(crate) fn coded(&self) -> Coded {
        let mut known: FxHashMap<&str, u32> = FxHashMap::default();
        let mut names = Vec::new();
        let mut codes = Vec::with_capacity(self.lengths.len());
        for cell in self.iter() {
            codes.push(cell.map_or(0, |cell| {
                *known.entry(cell).or_insert_with(|| {
                    names.push(cell.to_owned());
                    u32::try_from(names.len() - 1).expect("fewer distinct values than rows")
                })
            }));
        }
        let missing = self.lengths.contains(&0);
        Coded {
            codes,
            missing: missing.then(|| self.lengths.iter().map(|length| *length == 0).collect()),
            names: Names::Words(names),
        }
    }
}

/// The cell without the blanks around it; most have none.
#[inline]
fn trimmed(cell: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    match is_plain(cell.as_bytes().first()) && is_plain(cell.as_bytes().last()) {
        true => cell,
        false => cell.trim(),
    }
}
