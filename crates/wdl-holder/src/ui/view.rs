//! What the page asks of the office behind it, and what it is told.
//!
//! The office knows contracts, keys and folders; the page knows only these words.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use wdl_check::{Findings, Justified};
use wdl_contract::Contract;
use wdl_vocab::{DatasetId, DeliveryId, Period, Text};

use crate::error::HolderError;
use crate::report::{Comparison, Rows, Shareable};

/// The work behind the page. Every call may take long: the page never calls from its own thread.
pub trait Office: Send + Sync {
    /// Who works here.
    fn about(&self) -> &About;

    /// The contract of a dataset of the body.
    fn contract(&self, dataset: &DatasetId) -> Option<&Contract>;

    /// What is to be delivered, the most urgent first.
    ///
    /// # Errors
    /// [`HolderError`] when the body's folder does not read.
    fn deliveries(&self) -> Result<Vec<Due>, HolderError>;

    /// Reads and checks a file, or says what must be known first.
    ///
    /// # Errors
    /// [`HolderError`] when the file is no table, or the disk refuses.
    fn look(&self, task: &Task, said: &Said) -> Result<Outcome, HolderError>;

    /// The rows of a checked file that have a problem, for the list of the office.
    ///
    /// # Errors
    /// As [`Office::look`].
    fn rows(&self, task: &Task, said: &Said, seen: &Seen) -> Result<Rows, HolderError>;

    /// Keeps what was said of the columns for the next file of the dataset.
    ///
    /// # Errors
    /// [`HolderError`] when the disk refuses.
    fn remember(
        &self,
        dataset: &DatasetId,
        mapping: &BTreeMap<String, String>,
    ) -> Result<(), HolderError>;

    /// Seals a checked file.
    ///
    /// # Errors
    /// [`HolderError`]; nothing was written then.
    fn seal(&self, task: &Task, said: &Said, order: &Order) -> Result<DeliveryId, HolderError>;

    /// The receipts that are kept, the newest first.
    ///
    /// # Errors
    /// [`HolderError`] when the folder does not read.
    fn receipts(&self) -> Result<Vec<Kept>, HolderError>;

    /// Keeps the lab's answer to a delivery.
    ///
    /// # Errors
    /// [`HolderError`] when it is no answer to a delivery of this body, or its signature does not hold.
    fn hear(&self, answer: &[u8]) -> Result<DeliveryId, HolderError>;
}

/// Who works here.
#[derive(Clone, Debug)]
pub struct About {
    /// The lab.
    pub lab: Text,
    /// The body.
    pub body: Text,
    /// Whether the lab's data are invented.
    pub is_synthetic: bool,
    /// The body's own folder for files in work: nobody else reads it.
    pub incoming: PathBuf,
    /// Where sealed deliveries are saved.
    pub outbox: PathBuf,
    /// The two custodians.
    pub custodians: Vec<Text>,
}

/// A delivery to be made.
#[derive(Clone, Debug)]
pub struct Due {
    /// The dataset.
    pub dataset: DatasetId,
    /// What it is called.
    pub title: Text,
    /// The quarter.
    pub period: Period,
    /// The last day, when the contract says one.
    pub by: Option<Date>,
    /// How far it is.
    pub state: State,
    /// The version of the contract.
    pub version: String,
    /// What changed in the contract since the last delivery, in words.
    pub changed: Changed,
}

/// What changed in a contract since the last delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Nothing was delivered yet.
    First,
    /// Nothing changed.
    Nothing,
    /// The version was another.
    Version(String),
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing was sealed.
    ToSend,
    /// Sealed; the lab has not answered.
    Sealed,
    /// The lab has it.
    Received,
    /// The lab has it but for some rows.
    Rejects(u64),
}

/// A file in work.
#[derive(Clone, Debug)]
pub struct Task {
    /// The dataset.
    pub dataset: DatasetId,
    /// The quarter.
    pub period: Period,
    /// Where the file lies, in the body's own folder.
    pub path: PathBuf,
    /// What the steward calls it.
    pub name: String,
    /// What of an earlier delivery it replaces.
    pub scope: Scope,
}

/// What of an earlier delivery of the quarter a file replaces, when there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    #[default]
    Whole,
    /// The rows that the lab rejected.
    Rejected,
}

/// What the steward has said of a file so far.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// For names of the file that the contract does not know, the column meant.
    pub mapping: BTreeMap<String, String>,
    /// For each question, the choice.
    pub answers: BTreeMap<String, String>,
    /// What was justified.
    pub justified: Vec<Justified>,
}

/// What reading a file came to.
pub enum Outcome {
    /// Something must be known first.
    Asks(Asks),
    /// It was checked.
    Checked(Box<Seen>),
}

/// What must be known before a file can be checked.
#[derive(Clone, Debug, Default)]
pub struct Asks {
    /// Two readings that are equally good.
    pub questions: Vec<Question>,
    /// Names that the contract does not know.
    pub columns: Vec<Proposal>,
    /// The columns of the export that no name of the file stands for.
    pub free: Vec<String>,
}

/// A question with its choices.
#[derive(Clone, Debug)]
pub struct Question {
    /// Its name in [`Said::answers`].
    pub id: String,
    /// The question.
    pub text: Text,
    /// The choices: what is kept, and what is shown.
    pub choices: Vec<(String, Text)>,
}

/// A name of the file and the column it seems to be.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The name in the file.
    pub header: String,
    /// The column of the export it seems to be, and how surely, in hundredths.
    pub seems: Option<(String, u8)>,
}

/// A checked file.
pub struct Seen {
    /// What may be told.
    pub shareable: Shareable,
    /// What was found, with examples.
    pub findings: Findings,
    /// Against earlier deliveries.
    pub comparisons: Vec<Comparison>,
    /// Whether it may be sealed.
    pub seal: CanSeal,
    /// The delivery that a new one would replace.
    pub replaces: Option<DeliveryId>,
}

/// Whether a file may be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanSeal {
    /// All of it.
    All,
    /// The accepted rows alone, when the steward says so.
    AcceptedOnly,
    /// Not yet.
    No,
}

/// How to seal.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Leave the rejected rows here.
    pub only_accepted: bool,
    /// Why a delivery replaces an earlier one, in the steward's words.
    pub reason: Option<String>,
}

/// A receipt that is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The delivery.
    pub delivery: DeliveryId,
    /// The dataset.
    pub dataset: DatasetId,
    /// What it is called.
    pub title: Text,
    /// The quarter.
    pub period: Period,
    /// When it was sealed (RFC 3339).
    pub created: String,
    /// Rows that left.
    pub rows: u64,
    /// Rows that stayed because of errors.
    pub stayed: u64,
    /// The sealed file.
    pub file: PathBuf,
    /// Its digest.
    pub digest: String,
    /// The delivery it replaces.
    pub replaces: Option<DeliveryId>,
    /// The lab's answer.
    pub answer: Option<LabAnswer>,
}

/// What the lab answered.
#[derive(Clone, Debug)]
pub struct LabAnswer {
    /// When (RFC 3339).
    pub received: String,
    /// Rows it took.
    pub accepted: u64,
    /// Rows it did not take: the line of the file when it is known here, and why.
    pub rejects: Vec<Reject>,
}

/// A row the lab did not take.
#[derive(Clone, Debug)]
pub struct Reject {
    /// The row of the delivery, from 1.
    pub row: u64,
    /// The line of the file it was made from.
    pub line: Option<u64>,
    /// Why, as a code.
    pub code: String,
}
