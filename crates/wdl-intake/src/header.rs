//! The row of names: where it is, where each column of the contract stands, and which strangers look like which column.

use std::collections::BTreeMap;

use wdl_contract::{Column, Contract};

use crate::chunk::Chunk;
use crate::limits::NAMES_COMPARED_MAX;

/// The names the contract's columns may have in a file.
pub(crate) struct Names<'a> {
    contract: &'a Contract,
    mapping: &'a BTreeMap<String, String>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(contract: &'a Contract, mapping: &'a BTreeMap<String, String>) -> Names<'a> {
        Names { contract, mapping }
    }

    /// The column of the contract a name stands for: its own name first, then a remembered one.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        let of = |name: &str| {
            let mut columns = self.contract.columns.iter();
            columns.position(|column| column.physical_name == name)
        };
        let name = name.trim();
        of(name).or_else(|| self.mapping.get(name).and_then(|physical| of(physical)))
    }

    /// How many cells are names of columns.
    pub(crate) fn count<'c>(&self, cells: impl Iterator<Item = &'c str>) -> usize {
        cells.filter(|cell| self.column(cell).is_some()).count()
    }

    /// How many cells are names of columns or look like one.
    fn count_alike<'c>(&self, cells: impl Iterator<Item = &'c str>) -> usize {
        let columns = &self.contract.columns;
        cells
            .take(NAMES_COMPARED_MAX)
            .filter(|cell| {
                columns
                    .iter()
                    .any(|column| likeness(cell, column).is_some())
            })
            .count()
    }

    /// Which of the first rows holds the names: the one with most of them; else the one that looks most like it.
    pub(crate) fn row<S: AsRef<str>>(&self, rows: &[Vec<S>]) -> Option<usize> {
        fn cells<S: AsRef<str>>(row: &[S]) -> impl Iterator<Item = &str> {
            row.iter().map(AsRef::as_ref)
        }
        let best = |least: usize, count: &dyn Fn(&[S]) -> usize| {
            let counts = rows.iter().map(|row| count(row)).enumerate();
            counts
                .filter(|(_, count)| *count >= least)
                .max_by_key(|(place, count)| (*count, std::cmp::Reverse(*place)))
        };
        best(1, &|row| self.count(cells(row)))
            .or_else(|| best(2, &|row| self.count_alike(cells(row))))
            .map(|(place, _)| place)
    }

    /// For each column of the contract, where it stands.
    pub(crate) fn places(&self, header: &[String]) -> Vec<Option<usize>> {
        let mut places = vec![None; self.contract.columns.len()];
        for is_own in [true, false] {
            for (place, name) in header.iter().enumerate() {
                if let Some(column) = self.column(name)
                    && (name == &self.contract.columns[column].physical_name) == is_own
                    && places[column].is_none()
                {
                    places[column] = Some(place);
                }
            }
        }
        places
    }
}

/// A column of the file that looks like one of the contract's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Its name in the file.
    pub header: String,
    /// Its place in the file.
    pub place: usize,
    /// The place of the column in the contract.
    pub column: usize,
    /// How alike, in hundredths.
    pub score: u8,
    /// In what.
    pub why: Likeness,
}

/// In what a name looks like a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Likeness {
    /// The same letters: only case, spaces, accents or marks differ.
    SameLetters,
    /// It is what people or the lab call the column.
    Label,
    /// Its words are shortened: `COD_FISC`.
    Shortened,
    /// Nearly the same spelling.
    Spelling,
    /// Its values are tax codes.
    Values,
}

/// The least likeness worth telling, in hundredths.
const SCORE_MIN: u8 = 60;

/// Strangers of a header and the columns they may be, the surest first; each name and each column once.
pub(crate) fn suggestions(
    header: &[String],
    contract: &Contract,
    places: &[Option<usize>],
    is_tax_codes: &dyn Fn(usize) -> bool,
) -> Vec<Suggestion> {
    let missing = || (0..contract.columns.len()).filter(|column| places[*column].is_none());
    let mut all: Vec<Suggestion> = Vec::new();
    for (place, name) in header.iter().enumerate().take(NAMES_COMPARED_MAX) {
        if places.contains(&Some(place)) || name.trim().is_empty() {
            continue;
        }
        for column in missing() {
            let is_people = contract.columns[column].kind == wdl_contract::Kind::TaxCode;
            let by_values = || (is_people && is_tax_codes(place)).then_some((90, Likeness::Values));
            let Some((score, why)) = likeness(name, &contract.columns[column]).or_else(by_values)
            else {
                continue;
            };
            all.push(Suggestion {
                header: name.clone(),
                place,
                column,
                score,
                why,
            });
        }
    }
    all.sort_by_key(|found| (std::cmp::Reverse(found.score), found.place, found.column));
    let mut kept: Vec<Suggestion> = Vec::new();
    for found in all {
        let is_free =
            |other: &Suggestion| other.place != found.place && other.column != found.column;
        if kept.iter().all(is_free) {
            kept.push(found);
        }
    }
    kept
}

/// Whether nearly all values in a place have the shape of a person's tax code.
pub(crate) fn is_tax_codes(sample: &Chunk, place: usize) -> bool {
    let cells = (0..sample.rows()).map(|row| sample.cell(row, place).text);
    let (mut filled, mut shaped) = (0_usize, 0_usize);
    for cell in cells.filter(|cell| !cell.is_empty()) {
        filled += 1;
        shaped += usize::from(has_tax_code_shape(cell));
    }
    filled > 0 && shaped * 10 >= filled * 9
}

/// Six letters, then the letters and digits of a birth date, a place and a check character.
fn has_tax_code_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 16
        && bytes[..6].iter().all(u8::is_ascii_alphabetic)
        && bytes[6..].iter().all(u8::is_ascii_alphanumeric)
        && [8, 11, 15]
            .iter()
            .all(|place| bytes[*place].is_ascii_alphabetic())
}

/// How alike a name and a column are; nothing below [`SCORE_MIN`].
fn likeness(name: &str, column: &Column) -> Option<(u8, Likeness)> {
    let typed = words(name);
    let folded = typed.concat();
    if folded.is_empty() || folded.len() > 200 {
        return None;
    }
    let physical = words(&column.physical_name);
    if folded == physical.concat() {
        return Some((99, Likeness::SameLetters));
    }
    let called = [
        column.label.it.as_ref(),
        column.label.en.as_ref(),
        column.name.as_str(),
    ]
    .map(words);
    if called.iter().any(|called| called.concat() == folded) {
        return Some((95, Likeness::Label));
    }
    if is_shortened(&typed, &physical) || called.iter().any(|called| is_shortened(&typed, called)) {
        return Some((90, Likeness::Shortened));
    }
    let score = spelling(&folded, &physical.concat());
    (score >= SCORE_MIN).then_some((score, Likeness::Spelling))
}

/// The words of a name in small letters without accents.
fn words(name: &str) -> Vec<String> {
    let plain: String = name
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .map(plain)
        .collect();
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        other => other,
    }
}

/// Whether each word begins the word in its place, and together they are more than initials.
fn is_shortened(typed: &[String], whole: &[String]) -> bool {
    typed.len() == whole.len()
        && typed.iter().map(String::len).sum::<usize>() >= 4
        && typed
            .iter()
            .zip(whole)
            .all(|(typed, whole)| whole.starts_with(typed.as_str()))
}

/// Shared pairs of letters, in hundredths of all (Dice's coefficient).
fn spelling(one: &str, other: &str) -> u8 {
    fn pairs(text: &str) -> Vec<(char, char)> {
        let mut pairs: Vec<(char, char)> = text.chars().zip(text.chars().skip(1)).collect();
        pairs.sort_unstable();
        pairs
    }
    let (one, other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    if all == 0 {
        return 0;
    }
    let (mut left, mut right, mut shared) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(left), other.get(right)) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                left += 1;
                right += 1;
            }
        }
    }
    (shared * 200 / all).min(98) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_in_several_ways() {
        assert_eq!(words("Codice  Fiscale"), ["codice", "fiscale"]);
        assert_eq!(words("CITTÀ_DI-NASCITA"), ["citta", "di", "nascita"]);
        assert!(is_shortened(&words("COD_FISC"), &words("CODICE_FISCALE")));
        assert!(!is_shortened(&words("C_F"), &words("CODICE_FISCALE")));
        assert!(spelling("codicefiscale", "codicefiscle") > 85);
        assert!(spelling("cognome", "importo") < 20);
    }
}
