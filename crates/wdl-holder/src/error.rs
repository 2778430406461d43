//! What stops the steward's tool.
//!
//! No variant holds a cell: names of files, columns, bodies and counts only.

use std::path::{Path, PathBuf};

use wdl_contract as contract;
use wdl_crypto::KeyError;
use wdl_protocol::LabError;
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Diagnose, Diagnostic, Period};

/// Why the tool stopped; nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum HolderError {
    /// A file cannot be read or written.
    #[error("the file `{}` cannot be read or written", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The lab folder is wrong.
    #[error("the lab folder cannot be read")]
    Lab(#[source] LabError),
    /// A contract of the lab is wrong.
    #[error("the contracts of the lab cannot be read")]
    Contracts(#[source] contract::ContractError),
    /// The lab has no such body.
    #[error("the body `{body}` is not in the lab")]
    UnknownBody {
        /// The body.
        body: String,
        /// The bodies there are.
        known: Vec<String>,
    },
    /// The body delivers no such dataset.
    #[error("no contract of `{body}` is about `{dataset}`")]
    UnknownDataset {
        /// The file.
        file: String,
        /// The body.
        body: BodyId,
        /// The name of the file without its ending.
        dataset: String,
        /// The datasets there are.
        known: Vec<String>,
    },
    /// Two files hold one dataset.
    #[error("two files are about the same dataset `{0}`")]
    SameDataset(DatasetId),
    /// A delivery period that is not a quarter.
    #[error("`{0}` is not a quarter")]
    NotAQuarter(Period),
    /// Keys are there already.
    #[error("the folder `{}` already holds the body's keys", .0.display())]
    AlreadyInitialised(PathBuf),
    /// A key of the body is missing.
    #[error("a key of the body cannot be read")]
    Key {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// The body's own description is missing or unreadable.
    #[error("the folder `{}` holds no keys of a body", .0.display())]
    NotInitialised(PathBuf),
    /// The keys are another body's.
    #[error("the folder `{}` holds the keys of `{actual}`", folder.display())]
    OtherBody {
        /// The folder.
        folder: PathBuf,
        /// Whose it is.
        actual: BodyId,
        /// Whose it should be.
        expected: BodyId,
    },
    /// The local page cannot be opened.
    #[error("the local page cannot be opened on port {port}")]
    Page {
        /// The port asked for.
        port: u16,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The recipient's key is missing.
    #[error("the recipient's key cannot be read")]
    Recipient {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// A file cannot be checked.
    #[error(transparent)]
    Check(#[from] wdl_check::CheckError),
    /// The data hold errors.
    #[error("nothing was sealed: {count} errors")]
    NotSealed {
        /// How many.
        count: u64,
        /// In which files.
        files: Vec<String>,
    },
    /// Not two custodians.
    #[error("two custodians are needed, {0} named")]
    CustodiansNeeded(usize),
    /// The authorities of the custodians' connections do not read.
    #[error("the certificates `{}` cannot be read: {detail}", path.display())]
    CustodianRoot {
        /// The file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// A custodian failed.
    #[error(transparent)]
    Custodian(#[from] CustodianError),
    /// What the body's folder remembers, or a file of justifications, does not read.
    #[error("`{}` does not read: {detail}", path.display())]
    Memory {
        /// The file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// A justification that cannot be taken.
    #[error("a justification cannot be taken")]
    Justified(#[from] wdl_check::JustifiedError),
    /// A word of the command line that is not of the form `NAME=VALUE`.
    #[error("`{0}` is not of the form NAME=VALUE")]
    WordForm(String),
    /// A contract names a code list that is not there.
    #[error("the contract `{contract}` names the code list `{list}`, which is not there")]
    CodeListMissing {
        /// The contract.
        contract: String,
        /// The list.
        list: String,
    },
    /// A receipt that is not the lab's answer to a delivery of this folder.
    #[error("the receipt `{}` cannot be taken: {detail}", path.display())]
    Receipt {
        /// The file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// The lab's key was never given.
    #[error("the lab's key is needed to believe its receipts")]
    LabKeyNeeded,
    /// Another key of the lab was given before.
    #[error("the lab's key is not the one in `{}`", .0.display())]
    LabKeyChanged(PathBuf),
    /// A delivery that was not sealed here.
    #[error("the delivery `{0}` was not sealed with this folder")]
    UnknownDelivery(DeliveryId),
    /// A reason would carry a code of a person out.
    #[error("the reason of a delivery holds a code that identifies a person")]
    ReasonIdentifies,
    /// Another run of the tool works in the body's folder.
    #[error("another run of the tool works in `{}`", .0.display())]
    InUse(PathBuf),
    /// A correction is one file.
    #[error("a correction is one file, not {0}")]
    OneCorrection(usize),
    /// The map of people does not open.
    #[error("the map of people `{}` does not open: {detail}", path.display())]
    PersonMap {
        /// The file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// A contract names a recipe that the lab does not have.
    #[error("the contract `{contract}` names the recipe `{recipe}`")]
    UnknownRecipe {
        /// The contract.
        contract: String,
        /// The recipe.
        recipe: String,
        /// The recipes there are.
        known: Vec<String>,
    },
    /// A recipe of the lab is wrong.
    #[error("the recipes of the lab cannot be read")]
    Recipes(#[source] wdl_encoding::RecipeError),
    /// The sealed file could not be made.
    #[error("the delivery `{dataset}` cannot be sealed: {detail}")]
    Seal {
        /// The dataset.
        dataset: DatasetId,
        /// Why.
        detail: String,
    },
}

/// Why a custodian's answer is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("custodian `{address}`: {fault}")]
pub struct CustodianError {
    /// Which.
    pub address: String,
    /// What is wrong.
    pub fault: CustodianFault,
}

/// What is wrong with a custodian's answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustodianFault {
    /// No answer.
    #[error("no answer: {0}")]
    Down(String),
    /// A refusal.
    #[error("refused: {0}")]
    Refused(String),
    /// A refusal with its reason.
    #[error("refused: {}", .0.code.id)]
    Told(Box<Diagnostic>),
    /// An answer whose proof does not hold, or that is no answer.
    #[error("the answer is not valid: {0}")]
    Answer(String),
    /// Another key than the first time.
    #[error("the key is not the one first used")]
    KeyChanged,
    /// A name that the lab does not know.
    #[error("`{name}` is not a custodian of the lab")]
    Unknown {
        /// The name it gives itself.
        name: String,
        /// The lab's custodians.
        known: String,
    },
    /// It serves another project or key period.
    #[error("serves `{actual}`, not `{expected}`")]
    Realm {
        /// The custodian's.
        actual: String,
        /// The lab's.
        expected: String,
    },
    /// The certificate of its connection is not believed.
    #[error("the connection is not trusted: {0}")]
    Untrusted(String),
    /// Both custodians have one key.
    #[error("both custodians have the same key")]
    SameKey,
    /// An address that is not on this machine.
    #[error("the address is not allowed")]
    Address,
}

impl HolderError {
    /// Everything to tell: a lab folder may hold several faults.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        match self {
            HolderError::Lab(source) => source.diagnostics(),
            HolderError::Contracts(source) => {
                source.faults().iter().map(Diagnose::diagnostic).collect()
            }
            HolderError::Recipes(source) => source.diagnostics(),
            HolderError::Custodian(CustodianError {
                fault: CustodianFault::Told(told),
                ..
            }) => vec![self.diagnostic(), (**told).clone()],
            other => vec![other.diagnostic()],
        }
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> HolderError {
        let path = path.to_owned();
        move |source| HolderError::File { path, source }
    }
}

impl Diagnose for HolderError {
    fn diagnostic(&self) -> Diagnostic {
        let new = Diagnostic::new;
        match self {
            HolderError::File { path, source } => new(codes::FILE)
                .with("file", path.display())
                .with("detail", source),
            HolderError::Lab(source) => source.diagnostic(),
            HolderError::Contracts(source) => source.diagnostic(),
            HolderError::UnknownBody { body, known } => new(codes::UNKNOWN_BODY)
                .with("body", body)
                .with("expected", known.join(", "))
                .suggest(nearest(body, known)),
            HolderError::UnknownDataset {
                file,
                body,
                dataset,
                known,
            } => new(codes::UNKNOWN_DATASET)
                .with("file", file)
                .with("body", body)
                .with("dataset", dataset)
                .with("expected", known.join(", "))
                .suggest(nearest(dataset, known)),
            HolderError::SameDataset(dataset) => new(codes::SAME_DATASET).with("dataset", dataset),
            HolderError::NotAQuarter(period) => new(codes::NOT_A_QUARTER).with("period", period),
            HolderError::AlreadyInitialised(folder) => {
                new(codes::ALREADY_INITIALISED).with("directory", folder.display())
            }
            HolderError::Key { path, source } => new(codes::NOT_INITIALISED)
                .with("file", path.display())
                .with("detail", chain(source)),
            HolderError::NotInitialised(path) => new(codes::NOT_INITIALISED)
                .with("file", path.display())
                .with("detail", "body.json"),
            HolderError::OtherBody {
                folder,
                actual,
                expected,
            } => new(codes::OTHER_BODY)
                .with("directory", folder.display())
                .with("actual", actual)
                .with("body", expected),
            HolderError::Page { port, source } => new(codes::PAGE)
                .with("address", format_args!("127.0.0.1:{port}"))
                .with("detail", source),
            HolderError::Recipient { path, source } => new(codes::RECIPIENT)
                .with("file", path.display())
                .with("detail", chain(source)),
            HolderError::Check(error) => error.diagnostic(),
            HolderError::NotSealed { count, files } => new(codes::NOT_SEALED)
                .with("count", count)
                .with("file", files.join(", ")),
            HolderError::CustodiansNeeded(count) => {
                new(codes::CUSTODIANS_NEEDED).with("count", count)
            }
            HolderError::CustodianRoot { path, detail } => new(codes::CUSTODIAN_ROOT)
                .with("file", path.display())
                .with("detail", detail),
            HolderError::Custodian(error) => error.diagnostic(),
            HolderError::Memory { path, detail } => new(codes::MEMORY)
                .with("file", path.display())
                .with("detail", detail),
            HolderError::Justified(source) => source.diagnostic(),
            HolderError::WordForm(word) => new(codes::WORD_FORM).with("detail", word),
            HolderError::CodeListMissing { contract, list } => new(codes::CODE_LIST_MISSING)
                .with("contract", contract)
                .with("name", list),
            HolderError::Receipt { path, detail } => new(codes::RECEIPT)
                .with("file", path.display())
                .with("detail", detail),
            HolderError::LabKeyNeeded => new(codes::LAB_KEY_NEEDED),
            HolderError::LabKeyChanged(path) => {
                new(codes::LAB_KEY_CHANGED).with("file", path.display())
            }
            HolderError::UnknownDelivery(delivery) => {
                new(codes::UNKNOWN_DELIVERY).with("delivery", delivery)
            }
            HolderError::ReasonIdentifies => new(codes::REASON_IDENTIFIES),
            HolderError::InUse(folder) => new(codes::IN_USE).with("directory", folder.display()),
            HolderError::OneCorrection(count) => new(codes::ONE_CORRECTION).with("count", count),
            HolderError::PersonMap { path, detail } => new(codes::PERSON_MAP)
                .with("file", path.display())
                .with("detail", detail),
            HolderError::UnknownRecipe {
                contract,
                recipe,
                known,
            } => new(codes::UNKNOWN_RECIPE)
                .with("contract", contract)
                .with("name", recipe)
                .with("expected", known.join(", "))
                .suggest(nearest(recipe, known)),
            HolderError::Recipes(source) => source.diagnostic(),
            HolderError::Seal { dataset, detail } => new(codes::SEAL)
                .with("dataset", dataset)
                .with("detail", detail),
        }
    }
}

impl Diagnose for CustodianError {
    fn diagnostic(&self) -> Diagnostic {
        let (code, detail) = match &self.fault {
            CustodianFault::Down(detail) => (codes::CUSTODIAN_DOWN, detail.as_str()),
            CustodianFault::Refused(detail) => (codes::CUSTODIAN_REFUSED, detail.as_str()),
            CustodianFault::Told(told) => (codes::CUSTODIAN_REFUSED, told.code.id),
            CustodianFault::Answer(detail) => (codes::CUSTODIAN_ANSWER, detail.as_str()),
            CustodianFault::KeyChanged => (codes::CUSTODIAN_CHANGED, ""),
            CustodianFault::Unknown { name, known } => {
                return Diagnostic::new(codes::CUSTODIAN_UNKNOWN)
                    .with("address", &self.address)
                    .with("name", name)
                    .with("expected", known);
            }
            CustodianFault::Realm { actual, expected } => {
                return Diagnostic::new(codes::CUSTODIAN_REALM)
                    .with("address", &self.address)
                    .with("actual", actual)
                    .with("expected", expected);
            }
            CustodianFault::Untrusted(detail) => (codes::CUSTODIAN_UNTRUSTED, detail.as_str()),
            CustodianFault::SameKey => (codes::SAME_CUSTODIAN, ""),
            CustodianFault::Address => (codes::ADDRESS, ""),
        };
        Diagnostic::new(code)
            .with("address", &self.address)
            .with("detail", detail)
    }
}

fn nearest<'a>(typed: &str, known: &'a [String]) -> Option<&'a str> {
    wdl_vocab::did_you_mean(typed, known.iter().map(String::as_str))
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut shown = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        shown.push_str(": ");
        shown.push_str(&cause.to_string());
        source = cause.source();
    }
    shown
}
