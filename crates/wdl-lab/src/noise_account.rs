//! The account of a population on disk: its limit, and every answer that was given, with its price.
//!
//! A question is known by a keyed digest, so that the file does not hold the counts that were asked about; the noisy answers it holds were given out.
//! One run holds the file at a time, through the file beside it that becomes the new one.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wdl_perturbation::privacy::{Account, Answers, Limit, Mechanism, PrivacyError};
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{Diagnostic, Digest};

use crate::Stopped;

/// δ of an account that says nothing.
const DELTA: f64 = 1e-9;

/// What is asked: counts of groups, in the order of the table.
pub struct NoiseQuestion<'a> {
    /// The groups.
    pub cells: Vec<&'a str>,
    /// Their true counts.
    pub counts: Vec<i64>,
    /// The noise.
    pub mechanism: Mechanism,
    /// By how much one unit changes all counts together.
    pub sensitivity: u32,
}

/// An account that this run holds.
pub struct NoiseAccount {
    path: PathBuf,
    held: Held,
    form: AccountForm,
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
struct AccountForm {
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

impl NoiseAccount {
    /// Opens an account, or begins one with a limit; it is named after its file.
    ///
    /// # Errors
    /// [`Stopped`] when it is no account, has another limit or none, or another run holds it.
    pub fn open(
        path: &Path,
        limit: Option<f64>,
        delta: Option<f64>,
    ) -> Result<NoiseAccount, Stopped> {
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
        Ok(NoiseAccount {
            path: path.to_owned(),
            held,
            form,
            account,
        })
    }

    /// Opens an account under the limit that an agreement sets, also where it was another before; begins it where there is none.
    ///
    /// # Errors
    /// [`Stopped`] when it is no account, or another run holds it.
    pub fn under(path: &Path, epsilon: f64) -> Result<NoiseAccount, Stopped> {
        let held = hold(path)?;
        let form = match std::fs::read(path) {
            Ok(bytes) => AccountForm {
                epsilon,
                ..read(path, &bytes)?
            },
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => begun(path, epsilon, DELTA)?,
            Err(fault) => return Err(Stopped::file(path, &fault)),
        };
        let account = form.account(path)?;
        Ok(NoiseAccount {
            path: path.to_owned(),
            held,
            form,
            account,
        })
    }

    /// Answers, from the record or by a draw that the account pays for.
    ///
    /// # Errors
    /// [`Stopped`] when the budget does not reach; nothing is drawn then.
    pub fn answer(&mut self, question: &NoiseQuestion<'_>) -> Result<Answers, Stopped> {
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
            .map_err(|fault| noise_stopped(&fault, &self.form.population))?;
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
    ///
    /// # Errors
    /// [`Stopped`] when the prices cannot be put together.
    pub fn spent(&self) -> Result<f64, Stopped> {
        self.account
            .spent()
            .map_err(|fault| noise_stopped(&fault, &self.form.population))
    }

    /// What all answers together may cost.
    pub fn limit(&self) -> Limit {
        Limit {
            epsilon: self.form.epsilon,
            delta: self.form.delta,
        }
    }

    /// Whose account it is.
    pub fn population(&self) -> &str {
        &self.form.population
    }

    /// Puts the account with its new answers in place of the old one, and gives its digest.
    ///
    /// # Errors
    /// [`Stopped`] when the disk refuses: nothing of the answers may then be told.
    pub fn keep(mut self) -> Result<Digest, Stopped> {
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
        Ok(Digest::of(text.as_bytes()))
    }
}

impl AccountForm {
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
    fn digest(&self, question: &NoiseQuestion<'_>) -> String {
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
        let asked = serde_json::to_vec(&asked).expect("numbers and text");
        let parts = [
            b"question of a noise account".as_slice(),
            self.secret.as_bytes(),
            &asked,
        ];
        Digest::of_parts(parts).to_string()
    }
}

/// A new account.
fn begun(path: &Path, epsilon: f64, delta: f64) -> Result<AccountForm, Stopped> {
    Account::new(Limit { epsilon, delta })
        .map_err(|fault| noise_stopped(&fault, "--limit, --delta"))?;
    Ok(AccountForm {
        form: FORM.to_owned(),
        population: path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        epsilon,
        delta,
        secret: Digest::of(&wdl_crypto::nonce()).to_string(),
        answers: Vec::new(),
    })
}

fn read(path: &Path, bytes: &[u8]) -> Result<AccountForm, Stopped> {
    let form: AccountForm = serde_json::from_slice(bytes)
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

/// A file that is not there yet, and that its owner alone may read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A refusal of the kernel, in words.
pub fn noise_stopped(fault: &PrivacyError, option: &str) -> Stopped {
    Stopped::new(match fault {
        PrivacyError::Spent { after, limit } => Diagnostic::new(codes::NOISE_SPENT)
            .with("name", option)
            .with("actual", format!("{after:.6}"))
            .with("maximum", format!("{limit:.6}")),
        // Also scales that the library cannot draw with.
        PrivacyError::Parameter { .. } | PrivacyError::Library(_) => {
            Diagnostic::new(codes::NOISE_PARAMETER).with("option", option)
        }
    })
}
