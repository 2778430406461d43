//! The files of a delivery, read and checked, those that others' rules name first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wdl_check::{CheckError, History, Justified, NoHistory, Terms, named_elsewhere};
use wdl_contract::Contract;
use wdl_intake::{Answers, Decision, Hints, Question, Reading, Suggestion};
use wdl_vocab::Period;

use super::ground::{Ground, name, quarter};
use super::memory::Memory;
use crate::check::Checked;
use crate::error::HolderError;
use crate::ui::view::Proposal;

/// What the files of a delivery are held against.
#[derive(Clone, Copy)]
pub struct Asked<'a, 's> {
    /// The contracts.
    pub ground: &'a Ground,
    /// The delivery period.
    pub period: Period,
    /// What the body remembers of its files, when it has a folder.
    pub memory: Option<&'s Memory>,
    /// What it delivered before.
    pub history: &'s dyn History,
    /// Names of columns said now: header in the file → physical name in the contract.
    pub mapping: &'s BTreeMap<String, String>,
    /// Answers given now; they count before the remembered ones.
    pub answers: &'s Answers,
    /// Justifications given now, beside the remembered ones.
    pub justified: &'s [Justified],
}

/// How a file is read, and what was said about it.
#[derive(Clone, Debug, Default)]
pub struct ReadAs {
    /// Header in the file → physical name in the contract.
    pub mapping: BTreeMap<String, String>,
    /// The answers to the reader's questions.
    pub answers: Answers,
    /// What the steward justified.
    pub justified: Vec<Justified>,
}

impl ReadAs {
    /// What a body remembers of a dataset's file.
    ///
    /// # Errors
    /// [`HolderError::Memory`] when what was kept is damaged.
    pub fn remembered(
        memory: &Memory,
        contract: &Contract,
        period: Period,
    ) -> Result<ReadAs, HolderError> {
        let dataset = &contract.dataset;
        Ok(ReadAs {
            mapping: memory.mapping(dataset)?,
            answers: memory.answers(dataset)?,
            justified: memory.justified(dataset, period)?,
        })
    }

    /// Adds what is said now.
    pub fn add<'s>(
        &mut self,
        mapping: &BTreeMap<String, String>,
        answers: impl Iterator<Item = (&'s String, &'s String)>,
    ) {
        let said = mapping.iter();
        self.mapping
            .extend(said.map(|(header, column)| (header.clone(), column.clone())));
        for (key, value) in answers {
            self.answers.set(key.as_str(), value.as_str());
        }
    }

    /// The same, as the reader takes it.
    pub fn hints<'a>(&'a self, contract: &'a Contract) -> Hints<'a> {
        Hints {
            contract,
            mapping: &self.mapping,
            answers: &self.answers,
        }
    }
}

/// A file of the delivery.
pub struct Examined<'a> {
    /// The file, without its folder.
    pub file: String,
    /// Its contract.
    pub contract: &'a Contract,
    /// Names of the file that look like a column of the contract under another name.
    pub suggestions: Vec<Suggestion>,
    /// The columns of the contract that are not in the file, by their places.
    pub absent: Vec<usize>,
    /// What came of it.
    pub outcome: Examining<'a>,
}

/// What came of reading a file.
pub enum Examining<'a> {
    /// It can be read in more than one way: somebody must answer first.
    Asks {
        /// What is asked.
        questions: Vec<Question>,
        /// What was decided before.
        decisions: Vec<Decision>,
    },
    /// It was checked, and is open to be read again.
    Checked(Box<Checked<'a>>),
}

impl<'a> Examined<'a> {
    /// The check, when there was one.
    pub fn checked(&self) -> Option<&Checked<'a>> {
        match &self.outcome {
            Examining::Checked(checked) => Some(checked),
            Examining::Asks { .. } => None,
        }
    }

    /// The check, to read the file again.
    pub fn checked_mut(&mut self) -> Option<&mut Checked<'a>> {
        match &mut self.outcome {
            Examining::Checked(checked) => Some(checked),
            Examining::Asks { .. } => None,
        }
    }

    /// The check, for the seal.
    ///
    /// # Errors
    /// [`CheckError::OpenQuestions`] when somebody must answer first.
    pub fn into_checked(self) -> Result<Checked<'a>, HolderError> {
        match self.outcome {
            Examining::Checked(checked) => Ok(*checked),
            Examining::Asks { questions, .. } => Err(CheckError::OpenQuestions {
                file: self.file,
                questions: questions.into_iter().map(|one| one.key).collect(),
            }
            .into()),
        }
    }

    /// Whether somebody has said what every doubtful name of the file is.
    pub fn is_settled<'s>(&self, mut said: impl Iterator<Item = &'s String> + Clone) -> bool {
        self.suggestions
            .iter()
            .all(|one| said.by_ref().any(|header| *header == one.header))
    }

    /// The doubtful names of the file, each with the column it seems to be.
    pub fn proposals(&self) -> Vec<Proposal> {
        let column = |one: &Suggestion| self.contract.columns[one.column].physical_name.clone();
        let all = self.suggestions.iter();
        all.map(|one| Proposal {
            header: one.header.clone(),
            seems: Some((column(one), one.score)),
        })
        .collect()
    }

    /// The columns of the export that no name of the file stands for.
    pub fn free(&self) -> Vec<String> {
        let columns = self.absent.iter();
        columns
            .map(|place| self.contract.columns[*place].physical_name.clone())
            .collect()
    }
}

/// Reads and checks the files of a delivery; they come back in the order in which they were given.
///
/// # Errors
/// [`HolderError`] when a file is about no dataset or cannot be read, two are about one dataset, or a rule of a contract cannot be run.
pub fn examine<'a>(
    files: &[PathBuf],
    asked: Asked<'a, '_>,
) -> Result<Vec<Examined<'a>>, HolderError> {
    quarter(asked.period)?;
    let pairs = pairs(files, asked.ground)?;
    let mut done: Vec<Option<Examined<'a>>> = pairs.iter().map(|_| None).collect();
    for place in order(&pairs) {
        let (path, contract) = pairs[place];
        let siblings: Vec<&wdl_check::Checked> = done
            .iter()
            .flatten()
            .filter_map(Examined::checked)
            .map(Checked::found)
            .collect();
        let kept = named_elsewhere(contract, pairs.iter().map(|(_, other)| *other));
        let one = one((path, &shown(path)), contract, asked, (&siblings, &kept))?;
        done[place] = Some(one);
    }
    Ok(done.into_iter().flatten().collect())
}

/// Reads and checks one file whose contract is known; `name` is what people call it.
///
/// # Errors
/// As [`examine`].
pub fn examine_one<'a>(
    (path, name): (&Path, &str),
    contract: &'a Contract,
    asked: Asked<'a, '_>,
) -> Result<Examined<'a>, HolderError> {
    quarter(asked.period)?;
    one((path, name), contract, asked, (&[], &[]))
}

fn pairs<'a, 'f>(
    files: &'f [PathBuf],
    ground: &'a Ground,
) -> Result<Vec<(&'f Path, &'a Contract)>, HolderError> {
    let mut pairs: Vec<(&Path, &Contract)> = Vec::new();
    for file in files {
        let contract = ground.contract(file)?;
        if pairs.iter().any(|(_, seen)| seen.id == contract.id) {
            return Err(HolderError::SameDataset(contract.dataset.clone()));
        }
        pairs.push((file, contract));
    }
    Ok(pairs)
}

/// The places of the files, each after those its rules name; files that name each other keep the order they came in.
fn order(pairs: &[(&Path, &Contract)]) -> Vec<usize> {
    let names = |place: usize, other: usize| {
        place != other && !named_elsewhere(pairs[other].1, [pairs[place].1]).is_empty()
    };
    let mut waiting: Vec<usize> = (0..pairs.len()).collect();
    let mut order = Vec::with_capacity(pairs.len());
    while !waiting.is_empty() {
        let is_free = |place: &usize| !waiting.iter().any(|other| names(*place, *other));
        let next = waiting.iter().position(is_free).unwrap_or(0);
        order.push(waiting.remove(next));
    }
    order
}

/// The name of a file as messages show it: one that names a person is not repeated.
fn shown(path: &Path) -> String {
    let name = name(path);
    match wdl_identity::find_in_text(&name) {
        true => "…".to_owned(),
        false => name,
    }
}

/// The names that look like a missing column; where no name is a column's the row is no header, and its cells are not told.
fn suggestions(reading: &Reading, contract: &Contract, absent: &[usize]) -> Vec<Suggestion> {
    if absent.len() == contract.columns.len() {
        return Vec::new();
    }
    let is_name = |one: &&Suggestion| !wdl_identity::find_in_text(&one.header);
    reading
        .suggestions()
        .iter()
        .filter(is_name)
        .cloned()
        .collect()
}

fn one<'a>(
    (path, name): (&Path, &str),
    contract: &'a Contract,
    asked: Asked<'a, '_>,
    (siblings, kept): (&[&wdl_check::Checked], &[String]),
) -> Result<Examined<'a>, HolderError> {
    let mut read_as = match asked.memory {
        Some(memory) => ReadAs::remembered(memory, contract, asked.period)?,
        None => ReadAs::default(),
    };
    read_as.add(asked.mapping, std::iter::empty());
    for (key, value) in asked.answers.iter() {
        read_as.answers.set(key, value);
    }
    // What is said now comes first: the first reason that fits is the one that counts.
    read_as.justified = [asked.justified, &read_as.justified].concat();
    let reading = Reading::open(path, read_as.hints(contract)).map_err(CheckError::from)?;
    let columns = 0..contract.columns.len();
    let absent: Vec<usize> = columns
        .filter(|column| reading.place(*column).is_none())
        .collect();
    let suggestions = suggestions(&reading, contract, &absent);
    let outcome = match reading.questions() {
        [] => {
            let lasting = Terms {
                contract,
                codes: asked.ground.codes(),
                period: asked.period,
                history: &NoHistory,
                siblings: &[],
                kept: &[],
                justified: &[],
            };
            let terms = Terms {
                history: asked.history,
                siblings,
                kept,
                justified: &read_as.justified,
                ..lasting
            };
            Examining::Checked(Box::new(Checked::of(reading, terms, lasting)?.called(name)))
        }
        questions => Examining::Asks {
            questions: questions.to_vec(),
            decisions: reading.decisions().to_vec(),
        },
    };
    Ok(Examined {
        file: name.to_owned(),
        contract,
        suggestions,
        absent,
        outcome,
    })
}
