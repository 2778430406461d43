//! The door: what a delivery must be to come in.
//!
//! From the cheapest check to the dearest; the first that fails refuses the whole delivery.

use std::collections::BTreeMap;
use std::path::PathBuf;

use arrow::array::{Array, BooleanArray};
use arrow::compute::{is_null, or};
use arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};
use wdl_contract::{Column, Contract, Contracts, Treatment};
use wdl_crypto::{HashKey, Realm, SealingKey, VerifyingKey};
use wdl_delivery::{Delivery, Header, Sealed};
use wdl_vocab::{BodyId, DatasetId, DeliveryId, Digest, Period};

use crate::columns::{self, key_columns};
use crate::effective;
use crate::error::{ReceiveError, RegisterError};
use crate::rekey::rekey;
use crate::store::Register;

/// What the lab holds a delivery against.
pub struct Door<'a> {
    /// The lab, its project and the custodians' key period.
    pub realm: &'a Realm,
    /// The contracts in force.
    pub contracts: &'a Contracts,
    /// The key of each body.
    pub bodies: &'a BTreeMap<BodyId, VerifyingKey>,
    /// The lab's key that opens deliveries.
    pub sealing_key: &'a SealingKey,
    /// The lab's secret that turns identifiers into its own numbers.
    pub id_key: &'a HashKey,
    /// The first and the last quarter a delivery may be for.
    pub periods: (Period, Period),
}

/// A delivery that came in: what the ledger records, and what the base is built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The delivery.
    pub delivery: DeliveryId,
    /// From whom.
    pub body: BodyId,
    /// Which dataset.
    pub dataset: DatasetId,
    /// For which delivery period.
    pub period: Period,
    /// Under which version of the contract.
    pub contract_version: String,
    /// How many rows.
    pub rows: u64,
    /// How many of them have no pseudonym of a person.
    pub rows_without_person: u64,
    /// The digest of what was under the seal, as the body declared it, keyed with the lab's secret: it is public, and a small table without persons could be searched for by a plain one.
    pub sealed_content: Digest,
    /// The digest of the register's file.
    pub content: Digest,
    /// The register's file, under the folder of state.
    pub file: PathBuf,
}

impl Register {
    /// Receives a delivery: checks it against the lab, the contract and what came before, and keeps it.
    ///
    /// The files written stay inert until the ledger names what is returned.
    ///
    /// # Errors
    /// [`ReceiveError`], one variant for each reason; nothing is written then, save by [`Register::quarantine`].
    pub fn admit(
        &self,
        delivery: Delivery<Sealed>,
        door: &Door<'_>,
        already: &[Accepted],
    ) -> Result<Accepted, ReceiveError> {
        let contract = door.check_header(&delivery)?;
        door.check_news(&delivery, already)?;
        let sealed = delivery.to_bytes();
        let opened = delivery.open(door.sealing_key)?;
        let batch = opened.batch();
        columns::check(contract, &batch.schema())?;
        check_values(contract, batch)?;
        let damaged = |source| RegisterError::Columns {
            dataset: contract.dataset.clone(),
            source,
        };
        let rows_without_person = without_person(contract, batch).map_err(damaged)?;
        let rows = rekey(contract, batch, door.id_key).map_err(damaged)?;
        let key = key_columns(contract);
        let (rows, repeated) = effective::sorted(&rows, &key).map_err(damaged)?;
        if repeated > 0 {
            return Err(ReceiveError::KeyTwice {
                column: key.join(", "),
                count: repeated,
            });
        }
        let file = file_of(opened.header(), opened.id());
        let salt = door.id_key.hash("salt", contract.id.as_bytes());
        let content = self.keep(&sealed, opened.id().as_str(), &rows, &salt, &file)?;
        Ok(Accepted {
            delivery: opened.id().clone(),
            body: contract.body.clone(),
            dataset: contract.dataset.clone(),
            period: opened.header().declared.period,
            contract_version: contract.version.clone(),
            rows: opened.header().rows,
            rows_without_person,
            sealed_content: door.keyed(opened.header().content_digest),
            content,
            file,
        })
    }
}

fn file_of(header: &Header, delivery: &DeliveryId) -> PathBuf {
    let declared = &header.declared;
    [
        "register",
        declared.body.as_str(),
        declared.dataset.as_str(),
    ]
    .iter()
    .collect::<PathBuf>()
    // Lower case: the ledger takes technical words only.
    .join(format!("{}-{delivery}.parquet", declared.period).to_lowercase())
}

impl Door<'_> {
    /// A digest that only the lab can compute.
    fn keyed(&self, digest: Digest) -> Digest {
        Digest(self.id_key.hash("content", &digest.0))
    }

    /// Who sends, for whom, under which contract, for when: all before anything is opened.
    fn check_header(&self, delivery: &Delivery<Sealed>) -> Result<&Contract, ReceiveError> {
        let declared = &delivery.header().declared;
        let key = self
            .bodies
            .get(&declared.body)
            .ok_or_else(|| ReceiveError::UnknownBody {
                body: declared.body.clone(),
            })?;
        delivery.verify(key)?;
        if declared.realm != *self.realm {
            return Err(ReceiveError::OtherLab {
                expected: shown(self.realm),
                actual: shown(&declared.realm),
            });
        }
        let contract = self
            .contracts
            .get(&declared.body, &declared.dataset)
            .ok_or_else(|| ReceiveError::UnknownContract {
                body: declared.body.clone(),
                dataset: declared.dataset.clone(),
            })?;
        check_contract(contract, delivery.header())?;
        self.check_period(declared.period)?;
        Ok(contract)
    }

    fn check_period(&self, period: Period) -> Result<(), ReceiveError> {
        let (minimum, maximum) = self.periods;
        let is_quarter = matches!(period, Period::Quarter { .. });
        match is_quarter && period >= minimum && period <= maximum {
            true => Ok(()),
            false => Err(ReceiveError::PeriodImplausible {
                period,
                minimum,
                maximum,
            }),
        }
    }

    /// Whether it is new: a period is delivered once, and corrections travel in a later one.
    fn check_news(
        &self,
        delivery: &Delivery<Sealed>,
        already: &[Accepted],
    ) -> Result<(), ReceiveError> {
        let header = delivery.header();
        let declared = &header.declared;
        let same_place = already.iter().find(|one| {
            one.body == declared.body
                && one.dataset == declared.dataset
                && one.period == declared.period
        });
        let same_file = already.iter().find(|one| one.delivery == *delivery.id());
        match (same_file, same_place) {
            (Some(one), _) => Err(ReceiveError::Replay {
                delivery: one.delivery.clone(),
            }),
            (None, Some(one)) if one.sealed_content == self.keyed(header.content_digest) => {
                Err(ReceiveError::Replay {
                    delivery: one.delivery.clone(),
                })
            }
            (None, Some(one)) => Err(ReceiveError::PeriodTaken {
                body: declared.body.clone(),
                dataset: declared.dataset.clone(),
                period: declared.period,
                delivery: one.delivery.clone(),
            }),
            (None, None) => Ok(()),
        }
    }
}

fn shown(realm: &Realm) -> String {
    format!("{}/{}/{}", realm.lab(), realm.project(), realm.key_period())
}

fn check_contract(contract: &Contract, header: &Header) -> Result<(), ReceiveError> {
    let declared = &header.declared;
    if (&declared.contract_id, &declared.contract_version) != (&contract.id, &contract.version) {
        return Err(ReceiveError::ContractVersion {
            contract: contract.id.clone(),
            expected: contract.version.clone(),
            actual: declared.contract_version.clone(),
        });
    }
    match declared.contract_digest == contract.digest {
        true => Ok(()),
        false => Err(ReceiveError::ContractText {
            contract: contract.id.clone(),
            version: contract.version.clone(),
        }),
    }
}

/// Whether every value that must be there is there; a person's pseudonym may always be missing, and is counted.
fn check_values(contract: &Contract, batch: &RecordBatch) -> Result<(), ReceiveError> {
    let must_be_there = |column: &Column| {
        let is_person = matches!(column.treatment, Treatment::Oprf(_));
        column.is_key || (column.required && !is_person && !column.known_at_end)
    };
    for (column, values) in contract.delivered().zip(batch.columns()) {
        if must_be_there(column) && values.null_count() > 0 {
            return Err(ReceiveError::ValuesMissing {
                column: column.name.clone(),
                count: values.null_count(),
            });
        }
    }
    Ok(())
}

/// Rows in which a pseudonym of a person is missing; none where no row is a person.
fn without_person(
    contract: &Contract,
    batch: &RecordBatch,
) -> Result<u64, arrow::error::ArrowError> {
    let mut missing = BooleanArray::from(vec![false; batch.num_rows()]);
    for (column, values) in contract.delivered().zip(batch.columns()) {
        if matches!(column.treatment, Treatment::Oprf(_)) {
            missing = or(&missing, &is_null(values)?)?;
        }
    }
    Ok(missing.true_count() as u64)
}
