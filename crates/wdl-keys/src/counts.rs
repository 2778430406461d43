//! What was declared and what was answered, kept across restarts in a file that only grows.
//!
//! The file holds names of deliveries, counts and digests of signed batches; never a value, blinded or not.
//! A line is on the disk before the answer it counts leaves: a service that is killed never forgets what it gave.
//!
//! **Invariant:** a declared delivery gets no more answers than it declared, and a place of it gets one batch; the same batch again costs nothing and gives nothing new.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wdl_crypto::Moment;
use wdl_crypto::oprf::declaration::{CLOCK_LIMIT_SECONDS, DeclarationId, Declared, TokenKind};
use wdl_crypto::oprf::wire::{Batch, Question};
use wdl_vocab::{BodyId, DatasetId, Digest, Period};

use crate::error::KeysError;
use crate::refusal::Refusal;

/// Declarations of one body in one day.
pub(crate) const MAX_DECLARATIONS_A_DAY: u64 = 2_000;

/// How much is answered; published by the service.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Limits {
    /// Values of one declared delivery.
    #[serde(rename = "values_of_a_delivery")]
    pub(crate) delivery: u64,
    /// Values for one body in one day from which the alarm is raised.
    #[serde(rename = "alarm_values_a_day")]
    pub(crate) alarm: u64,
    /// Values for one body in one day.
    #[serde(rename = "values_a_day")]
    pub(crate) day: u64,
}

/// A declared delivery.
struct Opened {
    body: BodyId,
    dataset: DatasetId,
    period: Period,
    kind: TokenKind,
    created: Moment,
    values: u64,
    answered: u64,
    /// The digest of the batch that took each place.
    places: BTreeMap<u32, Digest>,
}

/// What one body did in one day.
#[derive(Default)]
struct Day {
    declarations: u64,
    values: u64,
}

/// One line of the file.
#[derive(Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    Declared {
        id: DeclarationId,
        at: Moment,
        body: BodyId,
        dataset: DatasetId,
        period: Period,
        kind: TokenKind,
        rows: u64,
        values: u64,
        created: Moment,
    },
    Answered {
        id: DeclarationId,
        at: Moment,
        place: u32,
        values: u64,
        batch: Digest,
    },
}

/// Whether a batch takes its place or has it already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It is counted.
    New,
    /// It was counted before.
    Again,
}

/// What a batch came to, for the log.
#[derive(Serialize)]
pub(crate) struct Counted {
    at: Moment,
    body: BodyId,
    dataset: DatasetId,
    period: Period,
    kind: TokenKind,
    place: u32,
    values: u64,
    delivery_total: u64,
    declared: u64,
    day_total: u64,
    again: bool,
    /// Whether this batch brought the body's day to the alarm.
    #[serde(skip)]
    pub(crate) is_alarming: bool,
}

/// The counts of one custodian's key.
pub(crate) struct Counts {
    file: File,
    path: PathBuf,
    /// The bytes of whole lines.
    len: u64,
    limits: Limits,
    open: HashMap<DeclarationId, Opened>,
    days: BTreeMap<(i64, BodyId), Day>,
}

impl Counts {
    /// Reads the counts of a folder, or begins them; one service at a time holds them.
    pub(crate) fn open(path: &Path, limits: Limits, now: Moment) -> Result<Counts, KeysError> {
        let fault = |detail: String| KeysError::Counts {
            file: path.to_owned(),
            detail,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| fault(error.to_string()))?;
        file.try_lock().map_err(|error| fault(error.to_string()))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)
            .map_err(|error| fault(error.to_string()))?;
        // A last line without its end was never acknowledged: the service stopped while it wrote.
        let whole = text.iter().rposition(|byte| *byte == b'\n');
        let whole = whole.map_or(0, |end| end + 1);
        let mut counts = Counts {
            file,
            path: path.to_owned(),
            len: whole as u64,
            limits,
            open: HashMap::new(),
            days: BTreeMap::new(),
        };
        for (number, line) in text[..whole]
            .split_inclusive(|byte| *byte == b'\n')
            .enumerate()
        {
            let line: Line =
                serde_json::from_slice(line).map_err(|_| fault(format!("line {}", number + 1)))?;
            counts
                .take(line)
                .ok_or_else(|| fault(format!("line {}", number + 1)))?;
        }
        counts.forget(now);
        counts.cut().map_err(|error| fault(error.to_string()))?;
        Ok(counts)
    }

    /// Opens a declared delivery; the same declaration again changes nothing.
    pub(crate) fn declare(&mut self, declared: &Declared, now: Moment) -> Result<(), Refusal> {
        let id = declared.id();
        if self.open.contains_key(&id) {
            return Ok(());
        }
        self.forget(now);
        let declaration = declared.declaration();
        if declaration.values > self.limits.delivery {
            return Err(Refusal::TooMuch {
                body: declaration.body.clone(),
                maximum: self.limits.delivery,
            });
        }
        let day = self.days.get(&(now.day(), declaration.body.clone()));
        if day.is_some_and(|day| day.declarations >= MAX_DECLARATIONS_A_DAY) {
            return Err(Refusal::Rate {
                body: declaration.body.clone(),
                maximum: MAX_DECLARATIONS_A_DAY,
            });
        }
        self.write(Line::Declared {
            id,
            at: now,
            body: declaration.body.clone(),
            dataset: declaration.dataset.clone(),
            period: declaration.period,
            kind: declaration.kind.clone(),
            rows: declaration.rows,
            values: declaration.values,
            created: declaration.created,
        })
    }

    /// Who declared the delivery of a batch, and when.
    pub(crate) fn declarer(&self, batch: &Batch) -> Result<(BodyId, Moment), Refusal> {
        let opened = self.opened(batch)?;
        Ok((opened.body.clone(), opened.created))
    }

    fn opened(&self, batch: &Batch) -> Result<&Opened, Refusal> {
        self.open.get(&batch.declaration).ok_or(Refusal::Undeclared)
    }

    /// Whether a batch may be answered.
    pub(crate) fn turn(&self, question: &Question, now: Moment) -> Result<Turn, Refusal> {
        let batch = question.batch();
        let opened = self.opened(batch)?;
        let body = || opened.body.clone();
        match opened.places.get(&batch.place) {
            Some(known) if *known == question.digest() => return Ok(Turn::Again),
            Some(_) => return Err(Refusal::Replayed(body())),
            None => {}
        }
        let count = batch.count as u64;
        if opened.answered.saturating_add(count) > opened.values {
            return Err(Refusal::MoreThanDeclared {
                body: body(),
                maximum: opened.values,
            });
        }
        match self.day_values(&opened.body, now).saturating_add(count) > self.limits.day {
            true => Err(Refusal::Rate {
                body: body(),
                maximum: self.limits.day,
            }),
            false => Ok(Turn::New),
        }
    }

    /// Counts a batch that was evaluated, before its answer leaves.
    pub(crate) fn count(&mut self, question: &Question, now: Moment) -> Result<Counted, Refusal> {
        let turn = self.turn(question, now)?;
        let batch = question.batch();
        let before = self.day_values(&self.opened(batch)?.body, now);
        if turn == Turn::New {
            self.write(Line::Answered {
                id: batch.declaration,
                at: now,
                place: batch.place,
                values: batch.count as u64,
                batch: question.digest(),
            })?;
        }
        let opened = self.opened(batch)?;
        let after = self.day_values(&opened.body, now);
        Ok(Counted {
            at: now,
            body: opened.body.clone(),
            dataset: opened.dataset.clone(),
            period: opened.period,
            kind: opened.kind.clone(),
            place: batch.place,
            values: batch.count as u64,
            delivery_total: opened.answered,
            declared: opened.values,
            day_total: after,
            again: turn == Turn::Again,
            is_alarming: before < self.limits.alarm && self.limits.alarm <= after,
        })
    }

    fn day_values(&self, body: &BodyId, now: Moment) -> u64 {
        let day = self.days.get(&(now.day(), body.clone()));
        day.map_or(0, |day| day.values)
    }

    /// Takes a line into account; `None` when it does not follow from those before.
    fn take(&mut self, line: Line) -> Option<()> {
        match line {
            Line::Declared {
                id,
                at,
                body,
                dataset,
                period,
                kind,
                rows: _,
                values,
                created,
            } => {
                let day = self.days.entry((at.day(), body.clone())).or_default();
                day.declarations += 1;
                let opened = Opened {
                    body,
                    dataset,
                    period,
                    kind,
                    created,
                    values,
                    answered: 0,
                    places: BTreeMap::new(),
                };
                // A clock that was set back makes a forgotten declaration come again: what it was given stays counted.
                self.open.entry(id).or_insert(opened);
                Some(())
            }
            Line::Answered {
                id,
                at,
                place,
                values,
                batch,
            } => {
                let opened = self.open.get_mut(&id)?;
                opened.answered = opened.answered.checked_add(values)?;
                opened.places.insert(place, batch);
                let day = self.days.entry((at.day(), opened.body.clone()));
                let day = day.or_default();
                day.values = day.values.checked_add(values)?;
                Some(())
            }
        }
    }

    /// Forgets what can no longer be asked: declarations that the clock refuses, and days gone by.
    fn forget(&mut self, now: Moment) {
        self.open
            .retain(|_, opened| now.since(opened.created) <= CLOCK_LIMIT_SECONDS);
        let today = now.day();
        self.days.retain(|(day, _), _| *day >= today);
    }

    /// Writes a line to the disk, then takes it into account.
    fn write(&mut self, line: Line) -> Result<(), Refusal> {
        let mut text = serde_json::to_vec(&line).expect("a line of texts and numbers is JSON");
        text.push(b'\n');
        let written = self
            .file
            .write_all(&text)
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a line would spoil the next; when even the cut fails, the next start makes it.
            let _ = self.cut();
            return Err(Refusal::NotCounted(error.to_string()));
        }
        self.len += text.len() as u64;
        self.take(line)
            .ok_or_else(|| Refusal::NotCounted(self.path.display().to_string()))
    }

    /// Leaves whole lines only, and stands behind the last.
    fn cut(&mut self) -> std::io::Result<()> {
        self.file.set_len(self.len)?;
        self.file.seek(SeekFrom::Start(self.len)).map(|_| ())
    }
}
