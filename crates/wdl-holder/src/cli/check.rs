//! `check`, and what `seal` does before it seals.

use std::collections::BTreeMap;
use std::path::Path;

use wdl_check::{CheckError, History, Justified, NoHistory, Said};
use wdl_intake::Answers;
use wdl_vocab::{DatasetId, Exit, Period};

use super::Desk;
use super::answer::Answer;
use super::args::{Format, Quarter};
use crate::body::Body;
use crate::error::HolderError;
use crate::report::{self, Comparison, Rows, Shareable};
use crate::seal::Remembered;
use crate::work::{Asked, Examined, Examining, Ground, Memory, examine};

/// What is said on the command line of how files are read.
pub(super) struct Spoken {
    answers: Answers,
    justified: Vec<Justified>,
    mapping: BTreeMap<String, String>,
}

impl Spoken {
    pub(super) fn of(quarter: &Quarter) -> Result<Spoken, HolderError> {
        let mut answers = Answers::default();
        for (key, value) in pairs(&quarter.answer)? {
            answers.set(key, value);
        }
        Ok(Spoken {
            answers,
            justified: match &quarter.justify {
                Some(path) => justified(path)?,
                None => Vec::new(),
            },
            mapping: pairs(&quarter.column)?.into_iter().collect(),
        })
    }

    /// Keeps what was said for the next delivery of a dataset.
    pub(super) fn keep(
        &self,
        memory: &Memory,
        (dataset, period): (&DatasetId, Period),
    ) -> Result<(), HolderError> {
        if !self.mapping.is_empty() {
            memory.keep_mapping(dataset, &self.mapping)?;
        }
        if self.answers.iter().next().is_some() {
            memory.keep_answers(dataset, &self.answers)?;
        }
        match self.justified.as_slice() {
            [] => Ok(()),
            justified => memory.keep_justified(dataset, period, justified),
        }
    }

    /// The same, as files are held against it.
    pub(super) fn asked<'a, 's>(
        &'s self,
        (ground, quarter): (&'a Ground, &Quarter),
        (memory, history): (Option<&'s Memory>, &'s dyn History),
    ) -> Asked<'a, 's> {
        Asked {
            ground,
            period: quarter.period,
            memory,
            history,
            mapping: &self.mapping,
            answers: &self.answers,
            justified: &self.justified,
        }
    }
}

/// Words of the form `NAME=VALUE`.
pub(super) fn pairs(words: &[String]) -> Result<Vec<(String, String)>, HolderError> {
    let pair = |word: &String| match word.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(HolderError::WordForm(word.chars().take(60).collect())),
    };
    words.iter().map(pair).collect()
}

/// The justifications of a file: a JSON list.
fn justified(path: &Path) -> Result<Vec<Justified>, HolderError> {
    let bytes = std::fs::read(path).map_err(HolderError::file(path))?;
    let said: Vec<Said> = serde_json::from_slice(&bytes).map_err(|error| HolderError::Memory {
        path: path.to_owned(),
        detail: error.to_string(),
    })?;
    said.into_iter()
        .map(|one| Justified::try_from(one).map_err(HolderError::Justified))
        .collect()
}

impl Desk<'_> {
    pub(super) fn check(
        &mut self,
        ground: &Ground,
        quarter: &Quarter,
        (dir, reports): (Option<&Path>, Option<&Path>),
    ) -> Result<Exit, HolderError> {
        let body = dir.map(|dir| Body::open(dir, ground.body())).transpose()?;
        let memory = dir.map(Memory::of);
        let remembered = body
            .as_ref()
            .map(|body| Remembered::before(body, quarter.period));
        let history: &dyn History = match &remembered {
            Some(remembered) => remembered,
            None => &NoHistory,
        };
        let spoken = Spoken::of(quarter)?;
        let asked = spoken.asked((ground, quarter), (memory.as_ref(), history));
        let mut files = examine(&quarter.files, asked)?;
        let answer = self.tell_all(&mut files, asked, reports)?;
        if self.format == Format::Json {
            self.json(&answer);
        }
        let is_sealable =
            |file: &Examined<'_>| file.checked().is_some_and(|checked| checked.is_sealable());
        match files.iter().all(is_sealable) {
            true => Ok(Exit::Done),
            false => Ok(Exit::ChecksFailed),
        }
    }

    /// Says what was found and writes the reports; a file that waits for an answer stops the run.
    pub(super) fn tell_all(
        &mut self,
        files: &mut [Examined<'_>],
        asked: Asked<'_, '_>,
        reports: Option<&Path>,
    ) -> Result<Answer, HolderError> {
        let mut waiting = Vec::new();
        for file in files.iter() {
            if let Examining::Asks { questions, .. } = &file.outcome {
                self.tell_questions(&file.file, questions);
                waiting.extend(questions.iter().map(|question| question.key.clone()));
            }
        }
        if let (false, Some(file)) = (waiting.is_empty(), files.first()) {
            return Err(CheckError::OpenQuestions {
                file: file.file.clone(),
                questions: waiting,
            }
            .into());
        }
        let mut answer = Answer::default();
        for file in files {
            self.tell_one(file, asked, (reports, &mut answer))?;
        }
        Ok(answer)
    }

    fn tell_one(
        &mut self,
        file: &mut Examined<'_>,
        asked: Asked<'_, '_>,
        (reports, answer): (Option<&Path>, &mut Answer),
    ) -> Result<(), HolderError> {
        let Some(checked) = file.checked() else {
            return Ok(());
        };
        let dataset = &file.contract.dataset;
        let pasts = [
            asked.history.previous(dataset),
            asked.history.same_quarter_last_year(dataset),
        ];
        let comparisons: Vec<Comparison> = pasts
            .iter()
            .flatten()
            .map(|past| Comparison::of(file.contract, &checked.summary, past))
            .collect();
        let about = report::About {
            contract: file.contract,
            period: asked.period,
            synthetic: asked.ground.is_synthetic(),
            comparisons: &comparisons,
        };
        let shareable = Shareable::of(about, checked);
        self.tell_check(&checked.file, &shareable, &checked.findings);
        self.tell_suggestions(file);
        if let (Some(folder), Some(checked)) = (reports, file.checked_mut()) {
            let rows: Rows = checked.rows_found()?;
            let written = report::write(folder, about, checked, &rows)?;
            self.tell_reports(&written);
            answer.reports.extend(written);
        }
        if let Some(checked) = file.checked() {
            answer.add(checked, shareable);
        }
        Ok(())
    }
}
