//! Rows that repeat: the same key, the same row, the same tax code for different people.
//!
//! The values are gone when a repetition shows: only fingerprints and lines are kept, and the few examples are read again.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use wdl_contract::{Contract, Kind, Shape};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, Diagnostic, Severity};

use crate::error::CheckError;
use crate::findings::{Findings, LINES, Seen, Subject};
use crate::pass::ReadRows;
use crate::people::People;
use crate::unique::{Keys, Mark, Marks};

/// What must differ from row to row, in fingerprints.
pub(crate) struct Repeats {
    keys: Keys,
    unique: Vec<(Group, Marks)>,
    /// Tax code, surname and name, where the contract has them.
    shared: Option<([usize; 3], Marks)>,
}

/// Columns whose values together stand in one row only.
#[derive(Clone)]
pub(crate) struct Group {
    columns: Vec<usize>,
    /// The column it is told under.
    told: usize,
}

/// A row that repeats an earlier one, in the order of the rows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Repetition {
    row: u64,
    line: u64,
    other_line: u64,
}

/// The first repetitions of a kind, and how many there are.
#[derive(Default)]
struct Repeated {
    // INVARIANT: at most `LINES`, those of the first rows.
    first: BinaryHeap<Repetition>,
    count: u64,
}

impl Repeated {
    fn push(&mut self, repetition: Repetition) {
        self.count += 1;
        self.first.push(repetition);
        if self.first.len() > LINES {
            self.first.pop();
        }
    }

    fn tell(
        self,
        (severity, group, code): (Severity, &Group, Code),
        describe: impl Fn() -> Diagnostic,
        findings: &mut Findings,
    ) {
        let key = (severity, Subject::Column(group.told), code);
        let untold = self.count - self.first.len() as u64;
        for repetition in self.first.into_sorted_vec() {
            let seen = Seen {
                other_line: Some(repetition.other_line),
                ..Seen::at(repetition.line, "")
            };
            findings.add(key, Some(seen), &describe);
        }
        if untold > 0 {
            findings.add(key, None, &describe).count += untold - 1;
        }
    }
}

impl Repeats {
    pub(crate) fn new(contract: &Contract, people: &People<'_>) -> Repeats {
        let groups = groups(contract).into_iter();
        Repeats {
            keys: Keys::new(),
            unique: groups.map(|group| (group, Marks::new())).collect(),
            shared: people.shared().map(|columns| (columns, Marks::new())),
        }
    }

    /// Takes the rows of a chunk.
    pub(crate) fn take(&mut self, rows: &ReadRows<'_>) -> Result<(), CheckError> {
        let mut bytes = Vec::new();
        let mut whole = Vec::new();
        for row in 0..rows.batch.len() {
            let mark = |key: u128, rest: u64| Mark {
                key,
                row: rows.batch.numbers[row],
                line: rows.lines[row],
                rest,
            };
            if !self.unique.is_empty() {
                let all = 0..rows.cells.len();
                write(rows, row, all, &mut whole);
            }
            for (group, marks) in &mut self.unique {
                let columns = group.columns.iter().copied();
                if write(rows, row, columns, &mut bytes) {
                    marks.push(mark(self.keys.wide(&bytes), self.keys.narrow(&whole)))?;
                }
            }
            let Some(([code, surname, name], marks)) = &mut self.shared else {
                continue;
            };
            let text = |column: usize| rows.cells[column].values.text(row);
            if let (Some(code), Some(surname), Some(name)) =
                (text(*code), text(*surname), text(*name))
            {
                let mut person = wdl_identity::bare_letters(surname);
                person.push(b' ');
                person.extend(wdl_identity::bare_letters(name));
                let key = self.keys.wide(code.as_bytes());
                marks.push(mark(key, self.keys.narrow(&person)))?;
            }
        }
        Ok(())
    }

    /// Tells what repeats; `reject` is told the rows and lines of repeated keys.
    pub(crate) fn finish(
        self,
        contract: &Contract,
        findings: &mut Findings,
        mut reject: impl FnMut(u64, u64),
    ) -> Result<(), CheckError> {
        for (group, marks) in self.unique {
            let (mut keys, mut rows) = (Repeated::default(), Repeated::default());
            marks.for_each_group(|marks| {
                let mut first: HashMap<u64, u64> = HashMap::from([(marks[0].rest, marks[0].line)]);
                for mark in &marks[1..] {
                    let twin = first.get(&mark.rest).copied();
                    first.entry(mark.rest).or_insert(mark.line);
                    let repetition = Repetition {
                        row: mark.row,
                        line: mark.line,
                        other_line: twin.unwrap_or(marks[0].line),
                    };
                    reject(mark.row, mark.line);
                    match twin {
                        Some(_) => rows.push(repetition),
                        None => keys.push(repetition),
                    }
                }
            })?;
            let describe = |code| {
                let shown = group
                    .columns
                    .iter()
                    .map(|column| physical(contract, *column));
                let names: Vec<&str> = shown.collect();
                move || Diagnostic::new(code).with("column", names.join(" + "))
            };
            let error = Severity::Error;
            let code = codes::DUPLICATE;
            keys.tell((error, &group, code), describe(code), findings);
            let code = codes::DUPLICATE_ROW;
            rows.tell((error, &group, code), describe(code), findings);
        }
        if let Some(([code, ..], marks)) = self.shared {
            shared(contract, code, marks, findings)?;
        }
        Ok(())
    }
}

/// Rows whose code is that of people with another name; the name most rows have is taken for the code's.
fn shared(
    contract: &Contract,
    column: usize,
    marks: Marks,
    findings: &mut Findings,
) -> Result<(), CheckError> {
    let mut repeated = Repeated::default();
    marks.for_each_group(|marks| {
        let usual = usual(marks);
        for mark in marks.iter().filter(|mark| mark.rest != usual.rest) {
            repeated.push(Repetition {
                row: mark.row,
                line: mark.line,
                other_line: usual.line,
            });
        }
    })?;
    let group = Group {
        columns: vec![column],
        told: column,
    };
    let code = codes::TAX_CODE_SHARED;
    let describe = || Diagnostic::new(code).with("column", physical(contract, column));
    repeated.tell((Severity::ToJustify, &group, code), describe, findings);
    Ok(())
}

/// The first row of the name that most rows of a code have; the earlier one when two are as many.
fn usual(marks: &[Mark]) -> &Mark {
    let mut counts: HashMap<u64, (usize, Reverse<usize>)> = HashMap::new();
    for (place, mark) in marks.iter().enumerate() {
        counts.entry(mark.rest).or_insert((0, Reverse(place))).0 += 1;
    }
    let most = counts.into_values().max();
    let (_, Reverse(first)) = most.expect("a group has marks");
    &marks[first]
}

fn physical(contract: &Contract, column: usize) -> &str {
    &contract.columns[column].physical_name
}

/// What must differ by the contract: keys, unique columns, the year and group of a figure.
fn groups(contract: &Contract) -> Vec<Group> {
    let columns = || contract.columns.iter().enumerate();
    let mut groups: Vec<Group> = columns()
        .filter(|(_, column)| column.unique || column.is_key)
        .map(|(place, _)| Group {
            columns: vec![place],
            told: place,
        })
        .collect();
    if contract.shape == Shape::Aggregate {
        // A figure has no key of its own: it is known by its year and its group.
        let group: Vec<usize> = columns()
            .filter(|(_, column)| {
                matches!(column.kind, Kind::Code { .. }) || column.name == "reference_year"
            })
            .map(|(place, _)| place)
            .collect();
        if let Some(first) = group.first() {
            groups.push(Group {
                told: *first,
                columns: group,
            });
        }
    }
    groups
}

/// Writes the values of some columns of a row; whether none of them is missing.
fn write(
    rows: &ReadRows<'_>,
    row: usize,
    columns: impl Iterator<Item = usize>,
    out: &mut Vec<u8>,
) -> bool {
    out.clear();
    let mut is_whole = true;
    for column in columns {
        match rows.cells[column].values.get(row) {
            Some(value) => {
                out.push(1);
                value.write_canonical(out);
            }
            None => {
                out.push(0);
                is_whole = false;
            }
        }
    }
    is_whole
}

/// The cells to read again for the examples of repetitions: for each line, the finding and its columns.
pub(crate) type Wanted = BTreeMap<u64, Vec<(Subject, Code, Vec<usize>)>>;

/// Which cells the examples of repetitions show.
pub(crate) fn wanted(contract: &Contract, findings: &Findings) -> Wanted {
    let groups = groups(contract);
    let mut wanted = Wanted::new();
    for finding in findings.iter() {
        let Subject::Column(told) = finding.subject else {
            continue;
        };
        let code = finding.diagnostic.code;
        let columns = match code {
            codes::TAX_CODE_SHARED => vec![told],
            codes::DUPLICATE | codes::DUPLICATE_ROW => {
                let group = groups.iter().find(|group| group.told == told);
                group.map_or_else(|| vec![told], |group| group.columns.clone())
            }
            _ => continue,
        };
        for example in &finding.examples {
            let entry = (finding.subject, code, columns.clone());
            wanted.entry(example.line).or_default().push(entry);
        }
    }
    wanted
}
