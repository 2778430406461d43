//! Why a delivery is refused at the door, and why the register cannot be used; no error holds a cell.

use std::path::PathBuf;

use arrow::error::ArrowError;
use jiff::civil::Date;
use parquet::errors::ParquetError;
use wdl_crypto::Moment;
use wdl_delivery::{OpenError, VerifyError};
use wdl_vocab::diagnostics::codes::register as codes;
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Diagnose, Diagnostic, Period};

/// Why a delivery is refused.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The lab has no key of that body.
    #[error("the lab has no key of body `{body}`")]
    UnknownBody {
        /// The body.
        body: BodyId,
    },
    /// The body did not sign it.
    #[error("the delivery is not signed by its body")]
    Signature(#[from] VerifyError),
    /// It is for another lab, project or key period.
    #[error("the delivery is for `{actual}`, the lab is `{expected}`")]
    OtherLab {
        /// This lab, project, key period.
        expected: String,
        /// The delivery's.
        actual: String,
    },
    /// No contract is about this dataset.
    #[error("no contract is about dataset `{dataset}` of body `{body}`")]
    UnknownContract {
        /// The body.
        body: BodyId,
        /// The dataset.
        dataset: DatasetId,
    },
    /// It follows another version.
    #[error(
        "contract `{contract}` is in force in version {expected}, the delivery follows {actual}"
    )]
    ContractVersion {
        /// The contract.
        contract: String,
        /// In force.
        expected: String,
        /// The delivery's.
        actual: String,
    },
    /// The same version has another text at the body.
    #[error("contract `{contract}` version {version} has another text at the body")]
    ContractText {
        /// The contract.
        contract: String,
        /// The version.
        version: String,
    },
    /// The same delivery was received before.
    #[error("delivery `{delivery}` was received before")]
    Replay {
        /// The delivery received before.
        delivery: DeliveryId,
    },
    /// Another delivery of the same dataset and period was accepted.
    #[error(
        "`{dataset}` of body `{body}` for {period} was accepted before as delivery `{delivery}`"
    )]
    PeriodTaken {
        /// The body.
        body: BodyId,
        /// The dataset.
        dataset: DatasetId,
        /// The period.
        period: Period,
        /// The delivery accepted before.
        delivery: DeliveryId,
    },
    /// The period cannot be.
    #[error("period {period} is not a quarter from {minimum} to {maximum}")]
    PeriodImplausible {
        /// The delivery's.
        period: Period,
        /// The first.
        minimum: Period,
        /// The last.
        maximum: Period,
    },
    /// It does not open.
    #[error("the delivery does not open")]
    Open(#[from] OpenError),
    /// A column of the contract is missing.
    #[error("column `{column}` of contract `{contract}` is missing")]
    ColumnMissing {
        /// The contract.
        contract: String,
        /// The column.
        column: String,
    },
    /// A column the contract does not have.
    #[error("column `{column}` is not in contract `{contract}`")]
    ColumnUnexpected {
        /// The contract.
        contract: String,
        /// The column.
        column: String,
    },
    /// A column of another kind or in another place.
    #[error("column `{column}` is not as contract `{contract}` wants it: {detail}")]
    ColumnKind {
        /// The contract.
        contract: String,
        /// The column.
        column: String,
        /// What differs.
        detail: String,
    },
    /// The body's key is not certified today.
    #[error("the key of body `{body}` is not certified today")]
    Certificate {
        /// The body.
        body: BodyId,
        /// The last moment of its certificate, when it has one.
        not_after: Option<Moment>,
    },
    /// The agreement or the contract holds no longer, or not yet.
    #[error("contract `{contract}` is {status}, the agreement holds from {first} to {last}")]
    NotInTerm {
        /// The contract.
        contract: String,
        /// Its status.
        status: String,
        /// The agreement's first day.
        first: Date,
        /// Its last day.
        last: Date,
    },
    /// The contract's purpose is not the agreement's, or not the delivery's.
    #[error(
        "the delivery does not serve the purpose `{expected}` of contract `{contract}` under the agreement"
    )]
    Purpose {
        /// The contract.
        contract: String,
        /// Its purpose.
        expected: String,
    },
    /// What it corrects or cancels is not in force here.
    #[error("delivery `{delivery}` is not in force for this dataset and period")]
    NotInForce {
        /// The delivery it names.
        delivery: DeliveryId,
    },
    /// A later period came before, and no reason is given.
    #[error("`{dataset}` for {period} comes after {newest} without a reason")]
    OldAfterNew {
        /// The dataset.
        dataset: DatasetId,
        /// The delivery's period.
        period: Period,
        /// The newest that was received.
        newest: Period,
    },
    /// The time of sealing cannot be.
    #[error("the time of sealing is off by more than {limit} days")]
    Clock {
        /// Days that are let pass.
        limit: i64,
    },
    /// A column made for linkage is not as declared, or the contract provides for none.
    #[error("column `{column}` is not an encoding that contract `{contract}` provides for")]
    Encoding {
        /// The contract.
        contract: String,
        /// The column.
        column: String,
    },
    /// No row is as the contract wants it.
    #[error("all {count} rows break the contract")]
    AllRejected {
        /// How many.
        count: usize,
    },
    /// The register cannot be written.
    #[error("the register cannot be written")]
    Register(#[from] RegisterError),
}

impl Diagnose for ReceiveError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            ReceiveError::Signature(source) => source.diagnostic(),
            ReceiveError::Open(source) => source.diagnostic(),
            ReceiveError::Register(source) => source.diagnostic(),
            ReceiveError::OtherLab { expected, actual } => Diagnostic::new(codes::OTHER_LAB)
                .with("expected", expected)
                .with("actual", actual),
            ReceiveError::UnknownContract { body, dataset } => {
                Diagnostic::new(codes::UNKNOWN_CONTRACT)
                    .with("body", body)
                    .with("dataset", dataset)
            }
            ReceiveError::ContractVersion {
                contract,
                expected,
                actual,
            } => Diagnostic::new(codes::CONTRACT_VERSION)
                .with("contract", contract)
                .with("expected", expected)
                .with("actual", actual),
            ReceiveError::ContractText { contract, version } => {
                Diagnostic::new(codes::CONTRACT_TEXT)
                    .with("contract", contract)
                    .with("version", version)
            }
            ReceiveError::Replay { delivery } => {
                Diagnostic::new(codes::REPLAY).with("delivery", delivery)
            }
            ReceiveError::PeriodTaken {
                body,
                dataset,
                period,
                delivery,
            } => Diagnostic::new(codes::PERIOD_TAKEN)
                .with("body", body)
                .with("dataset", dataset)
                .with("period", period)
                .with("delivery", delivery),
            ReceiveError::PeriodImplausible {
                period,
                minimum,
                maximum,
            } => Diagnostic::new(codes::PERIOD_IMPLAUSIBLE)
                .with("period", period)
                .with("minimum", minimum)
                .with("maximum", maximum),
            ReceiveError::UnknownBody { body } => {
                Diagnostic::new(codes::UNKNOWN_BODY).with("body", body)
            }
            ReceiveError::ColumnMissing { contract, column } => {
                Diagnostic::new(codes::COLUMN_MISSING)
                    .with("contract", contract)
                    .with("column", column)
            }
            ReceiveError::ColumnUnexpected { contract, column } => {
                Diagnostic::new(codes::COLUMN_UNEXPECTED)
                    .with("contract", contract)
                    .with("column", column)
            }
            ReceiveError::ColumnKind {
                contract,
                column,
                detail,
            } => Diagnostic::new(codes::COLUMN_KIND)
                .with("contract", contract)
                .with("column", column)
                .with("detail", detail),
            ReceiveError::Certificate { body, not_after } => {
                Diagnostic::new(codes::CERTIFICATE).with("body", body).with(
                    "maximum",
                    not_after.map_or("-".to_owned(), |at| at.to_string()),
                )
            }
            ReceiveError::NotInTerm {
                contract,
                status,
                first,
                last,
            } => Diagnostic::new(codes::NOT_IN_TERM)
                .with("contract", contract)
                .with("detail", status)
                .with("minimum", first)
                .with("maximum", last),
            ReceiveError::Purpose { contract, expected } => Diagnostic::new(codes::PURPOSE)
                .with("contract", contract)
                .with("expected", expected),
            ReceiveError::NotInForce { delivery } => {
                Diagnostic::new(codes::NOT_IN_FORCE).with("delivery", delivery)
            }
            ReceiveError::OldAfterNew {
                dataset,
                period,
                newest,
            } => Diagnostic::new(codes::OLD_AFTER_NEW)
                .with("dataset", dataset)
                .with("period", period)
                .with("actual", newest),
            ReceiveError::Clock { limit } => Diagnostic::new(codes::CLOCK).with("count", limit),
            ReceiveError::Encoding { contract, column } => Diagnostic::new(codes::ENCODING)
                .with("contract", contract)
                .with("column", column),
            ReceiveError::AllRejected { count } => {
                Diagnostic::new(codes::ALL_REJECTED).with("count", count)
            }
        }
    }
}

/// Why the register cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The disk refuses.
    #[error("the file `{}` of the register cannot be used", file.display())]
    State {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is not the one that was accepted.
    #[error("the file `{}` of the register is not the one that was accepted", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
    },
    /// A file cannot be written or read as Parquet.
    #[error("the file `{}` of the register is not Parquet", file.display())]
    Parquet {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: ParquetError,
    },
    /// The columns of an accepted delivery do not fit the contract in force.
    #[error("an accepted delivery of `{dataset}` does not fit the contract in force")]
    Columns {
        /// The dataset.
        dataset: DatasetId,
        /// Why.
        #[source]
        source: ArrowError,
    },
}

impl Diagnose for RegisterError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            RegisterError::State { file, source } => Diagnostic::new(codes::STATE)
                .with("file", file.display())
                .with("detail", source),
            RegisterError::Damaged { file } => {
                Diagnostic::new(codes::DAMAGED).with("file", file.display())
            }
            RegisterError::Parquet { file, .. } => Diagnostic::new(codes::STATE)
                .with("file", file.display())
                .with("detail", "Parquet"),
            RegisterError::Columns { dataset, .. } => Diagnostic::new(codes::STATE)
                .with("file", dataset)
                .with("detail", "Arrow"),
        }
    }
}
