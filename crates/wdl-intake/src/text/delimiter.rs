//! Which mark separates the columns: the one whose rows hold the contract's columns, or are most regular.

use csv::{ReaderBuilder, StringRecord, Terminator};

use crate::header::Names;
use crate::limits::HEADER_ROWS_MAX;

/// The marks a text may have.
const CANDIDATES: [u8; 4] = *b";,\t|";

const ROWS_LOOKED_AT: usize = 200;

/// How a text looks when cut at one mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    /// Columns of the contract found in the best row.
    found: usize,
    /// Rows, in thousandths, as wide as the most common width when that is more than one.
    regular: usize,
    /// The most common width.
    width: usize,
    mark: u8,
}

/// The marks a text may be cut at, the likelier one first; one when it is clear.
///
/// Looks at the first rows cut at each mark; equal readings are decided by what the contract says.
pub(crate) fn choose(sample: &str, names: &Names<'_>, expected: u8) -> Vec<u8> {
    let mut marks = CANDIDATES.to_vec();
    if !marks.contains(&expected) {
        marks.push(expected);
    }
    let mut looked: Vec<Candidate> = marks
        .into_iter()
        .map(|mark| look(sample, mark, |row| names.count(row.iter())))
        .collect();
    looked.sort_by_key(|candidate| std::cmp::Reverse(*candidate));
    let best = looked[0];
    let as_expected = looked.iter().find(|candidate| candidate.mark == expected);
    let is_as_good = |other: &Candidate| {
        other.found == best.found
            && (best.found > 0 || other.width > 1 && other.regular + 50 >= best.regular)
    };
    match as_expected {
        Some(candidate) if is_as_good(candidate) || best.width < 2 => vec![expected],
        _ if best.found > 0 => vec![best.mark],
        _ => looked
            .iter()
            .filter(|candidate| is_as_good(candidate))
            .map(|candidate| candidate.mark)
            .collect(),
    }
}

/// The mark at which the rows of a sample are most regular, for a text that no contract describes; a comma when none is.
pub(crate) fn most_regular(sample: &str) -> u8 {
    let none = |_: &StringRecord| 0;
    let best = CANDIDATES
        .iter()
        .map(|mark| look(sample, *mark, none))
        .max();
    match best {
        Some(best) if best.width > 1 => best.mark,
        _ => b',',
    }
}

/// Whether a row of the sample, cut at any mark, holds names of the contract's columns.
pub(crate) fn has_header(sample: &str, names: &Names<'_>) -> bool {
    let mut looked = CANDIDATES
        .iter()
        .map(|mark| look(sample, *mark, |row| names.count(row.iter())));
    looked.any(|candidate| candidate.found > 1)
}

fn look(sample: &str, mark: u8, found_in: impl Fn(&StringRecord) -> usize) -> Candidate {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(mark)
        .terminator(Terminator::Any(b'\n'))
        .from_reader(sample.as_bytes());
    let mut record = StringRecord::new();
    let mut widths: Vec<usize> = Vec::new();
    let mut found = 0;
    while widths.len() < ROWS_LOOKED_AT && matches!(reader.read_record(&mut record), Ok(true)) {
        if widths.len() < HEADER_ROWS_MAX {
            found = found.max(found_in(&record));
        }
        widths.push(record.len());
    }
    if widths.len() > 1 {
        // The sample may end inside a row.
        widths.pop();
    }
    let (width, rows) = most_common(&mut widths);
    let regular = match width {
        0 | 1 => 0,
        _ => rows * 1000 / widths.len().max(1),
    };
    Candidate {
        found,
        regular,
        width,
        mark,
    }
}

fn most_common(widths: &mut [usize]) -> (usize, usize) {
    widths.sort_unstable();
    widths
        .chunk_by(|one, other| one == other)
        .map(|same| (same.len(), same[0]))
        .max()
        .map_or((0, 0), |(rows, width)| (width, rows))
}
