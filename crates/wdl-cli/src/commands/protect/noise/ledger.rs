//! The account of a population on disk: its limit, and every answer that was given, with its price.
//!
//! A question is known by a keyed digest, so that the file does not hold the counts that were asked about; the noisy answers it holds were given out.
//! One run holds the file at a time, through the file beside it that becomes the new one.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wdl_lab::Stopped;
use wdl_perturbation::privacy::{Account, Answers, Limit, Mechanism, PrivacyError};
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::disclosure as codes;

use super::{DELTA, stopped};
use crate::commands::protect::secret::{drawn, hex, private};

/// What is asked: counts of groups, in the order of the table.
pub(super) struct Question<'a> {
    pub(super) cells: Vec<&'a str>,
    pub(super) counts: Vec<i64>,
    pub(super) mechanism: Mechanism,
    pub(super) sensitivity: u32,
}

/// An account that this run holds.
pub(super) struct Ledger {
    path: PathBuf,
    held: Held,
    form: LedgerForm,
    account: Account,
}

/// The file beside the account; it goes away with the run unless it became the account.
struct Held {
    path: PathBuf,
    file: File,
    is_moved: bool,
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.is_moved {
            // Nothing is lost when it cannot be removed: the next run says that it is there.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The account as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerForm {
    form: String,
    population: String,
    epsilon: f64,
    delta: f64,
    secret: String,
    answers: Vec<AnswerForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerForm {
    question: String,
    mechanism: Kind,
    scale: f64,
    sensitivity: u32,
    counts: Vec<i64>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Laplace,
    Gaussian,
}

/// What the file says it is.
const FORM: &str = "wdl noise account 1";

impl Ledger {
    /// Opens an account, or begins one with a limit.
    pub(super) fn open(
        path: &Path,
        limit: Option<f64>,
        delta: Option<f64>,
    ) -> Result<Ledger, Stopped> {
        let held = hold(path)?;
        let unfit = |option: &str| {
            Stopped::new(
                Diagnostic::new(codes::NOISE_LIMIT)
                    .with("file", path.display())
                    .with("option", option),
            )
        };
        let form = match std::fs::read(path) {
            Ok(bytes) => {
                let form = read(path, &bytes)?;
                if limit.is_some_and(|limit| limit != form.epsilon) {
                    return Err(unfit("--limit"));
                }
                if delta.is_some_and(|delta| delta != form.delta) {
                    return Err(unfit("--delta"));
                }
                form
            }
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
                let epsilon = limit.ok_or_else(|| unfit("--limit"))?;
                begun(path, epsilon, delta.unwrap_or(DELTA))?
            }
            Err(fault) => return Err(Stopped::file(path, &fault)),
        };
        let account = form.account(path)?;
        Ok(Ledger {
            path: path.to_owned(),
            held,
            form,
            account,
        })
    }

    /// Answers, from the record or by a draw that the account pays for.
    pub(super) fn answer(&mut self, question: &Question<'_>) -> Result<Answers, Stopped> {
        let digest = self.form.digest(question);
        let known = self.form.answers.iter().find(|answer| {
            answer.question == digest && answer.counts.len() == question.counts.len()
        });
        let recorded = known.map(|answer| answer.counts.clone());
        let answers = self
            .account
            .answer_all(
                recorded.as_deref(),
                &question.counts,
                question.mechanism,
                question.sensitivity,
            )
            .map_err(|fault| stopped(&fault, &self.form.population))?;
        if answers.is_new {
            let (mechanism, scale) = match question.mechanism {
                Mechanism::Laplace { scale } => (Kind::Laplace, scale),
                Mechanism::Gaussian { scale } => (Kind::Gaussian, scale),
            };
            self.form.answers.push(AnswerForm {
                question: digest,
                mechanism,
                scale,
                sensitivity: question.sensitivity,
                counts: answers.counts.clone(),
            });
        }
        Ok(answers)
    }

    /// ε of everything answered so far.
    pub(super) fn spent(&self) -> Result<f64, Stopped> {
        self.account
            .spent()
            .map_err(|fault| stopped(&fault, &self.form.population))
    }

    pub(super) fn limit(&self) -> Limit {
        Limit {
            epsilon: self.form.epsilon,
            delta: self.form.delta,
        }
    }

    pub(super) fn population(&self) -> &str {
        &self.form.population
    }

    /// Puts the account with its new answers in place of the old one.
    pub(super) fn keep(mut self) -> Result<(), Stopped> {
        let mut text = serde_json::to_string_pretty(&self.form).expect("numbers and text");
        text.push('\n');
        self.held
            .file
            .write_all(text.as_bytes())
            .and_then(|()| self.held.file.sync_all())
            .and_then(|()| std::fs::rename(&self.held.path, &self.path))
            .map_err(|fault| Stopped::file(&self.path, &fault))?;
        // From here on a file of this name is another run's.
        self.held.is_moved = true;
        Ok(())
    }
}

impl LedgerForm {
    /// The account with everything that was answered.
    fn account(&self, path: &Path) -> Result<Account, Stopped> {
        let none = |fault: PrivacyError| unreadable(path, &fault);
        let limit = Limit {
            epsilon: self.epsilon,
            delta: self.delta,
        };
        let mut account = Account::new(limit).map_err(none)?;
        for answer in &self.answers {
            let mechanism = match answer.mechanism {
                Kind::Laplace => Mechanism::Laplace {
                    scale: answer.scale,
                },
                Kind::Gaussian => Mechanism::Gaussian {
                    scale: answer.scale,
                },
            };
            account.enter(mechanism.loss(answer.sensitivity).map_err(none)?);
        }
        Ok(account)
    }

    /// What a question is known by: cells, counts, noise and sensitivity under the account's secret.
    fn digest(&self, question: &Question<'_>) -> String {
        let (kind, scale) = match question.mechanism {
            Mechanism::Laplace { scale } => ("laplace", scale),
            Mechanism::Gaussian { scale } => ("gaussian", scale),
        };
        let asked = (
            &question.cells,
            &question.counts,
            kind,
            scale.to_bits(),
            question.sensitivity,
        );
        let mut hash = Sha256::new_with_prefix(b"question of a noise account");
        hash.update(self.secret.as_bytes());
        hash.update([0]);
        hash.update(serde_json::to_vec(&asked).expect("numbers and text"));
        hex(&hash.finalize())
    }
}

/// A new account.
fn begun(path: &Path, epsilon: f64, delta: f64) -> Result<LedgerForm, Stopped> {
    Account::new(Limit { epsilon, delta }).map_err(|fault| stopped(&fault, "--limit, --delta"))?;
    Ok(LedgerForm {
        form: FORM.to_owned(),
        population: path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        epsilon,
        delta,
        secret: hex(&drawn()),
        answers: Vec::new(),
    })
}

fn read(path: &Path, bytes: &[u8]) -> Result<LedgerForm, Stopped> {
    let form: LedgerForm = serde_json::from_slice(bytes)
        .map_err(|fault| unreadable(path, &format!("{}:{}", fault.line(), fault.column())))?;
    match form.form == FORM {
        true => Ok(form),
        false => Err(unreadable(path, &"`form`")),
    }
}

fn unreadable(path: &Path, detail: &dyn std::fmt::Display) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::NOISE_ACCOUNT)
            .with("file", path.display())
            .with("detail", detail),
    )
}

/// Takes the account for this run alone.
fn hold(path: &Path) -> Result<Held, Stopped> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".held");
    let beside = PathBuf::from(beside);
    match private(&beside) {
        Ok(file) => Ok(Held {
            path: beside,
            file,
            is_moved: false,
        }),
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => Err(Stopped::new(
            Diagnostic::new(codes::NOISE_HELD)
                .with("file", path.display())
                .with("other", beside.display()),
        )),
        Err(fault) => Err(Stopped::file(path, &fault)),
    }
}
