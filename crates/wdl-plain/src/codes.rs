//! The distinct values of a column as numbers from 0, in the order they are met.

use rustc_hash::FxHashMap;
use wdl_frame::Values;

/// A column as numbers of its distinct values.
#[derive(Clone, Debug, PartialEq)]
pub struct Coded {
    /// The place of each row's value among the names; 0 where it is missing.
    pub codes: Vec<u32>,
    /// Whether each row has no value; nothing when every row has one.
    pub missing: Option<Vec<bool>>,
    /// The distinct values.
    pub names: Names,
}

/// The distinct values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Names {
    /// Words, as they stand in the file.
    Words(Vec<String>),
    /// Whole numbers.
    Whole(Vec<i64>),
}

impl Names {
    /// The values as text.
    pub fn into_words(self) -> Vec<String> {
        match self {
            Names::Words(words) => words,
            Names::Whole(numbers) => numbers.iter().map(i64::to_string).collect(),
        }
    }
}

/// A code that no value has.
const NONE: u32 = u32::MAX;

/// Codes of whole numbers, and the numbers: by a table where they lie close, else by a hash.
pub(crate) fn of_whole(values: &Values<i64>) -> (Vec<u32>, Vec<i64>) {
    let least = values.iter().flatten().min().unwrap_or(0);
    let most = values.iter().flatten().max().unwrap_or(0);
    let width = usize::try_from(most.abs_diff(least)).unwrap_or(usize::MAX);
    if width > 4 * values.values.len() + 1024 {
        let mut known = FxHashMap::default();
        return coded(values, |value, next| *known.entry(value).or_insert(next));
    }
    let mut table = vec![NONE; width + 1];
    coded(values, |value, next| {
        let own = &mut table[value.abs_diff(least) as usize];
        if *own == NONE {
            *own = next;
        }
        *own
    })
}

/// Codes by a function that answers with the code of a value, or makes it the next.
fn coded(values: &Values<i64>, mut code_of: impl FnMut(i64, u32) -> u32) -> (Vec<u32>, Vec<i64>) {
    let mut codes = Vec::with_capacity(values.values.len());
    let mut names: Vec<i64> = Vec::new();
    // Rows of one value often stand together.
    let mut last = None;
    for value in values.iter() {
        let Some(value) = value else {
            codes.push(0);
            continue;
        };
        let code = match last {
            Some((known, code)) if known == value => code,
            _ => {
                let next = u32::try_from(names.len()).expect("fewer distinct values than rows");
                let code = code_of(value, next);
                if code == next {
                    names.push(value);
                }
                last = Some((value, code));
                code
            }
        };
        codes.push(code);
    }
    (codes, names)
}
