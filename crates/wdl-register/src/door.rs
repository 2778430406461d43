//! The door: what a delivery must be to come in, and which of its rows do.
//!
//! From the cheapest check to the dearest; the first that fails refuses the whole delivery.
//! Rows that break the contract are rejected alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use arrow::array::{AsArray, BooleanArray};
use arrow::compute::{filter_record_batch, is_null, or};
use arrow::datatypes::Date32Type;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use jiff::Timestamp;
use jiff::civil::Date;
use wdl_contract::{Contract, Contracts, Treatment};
use wdl_crypto::{Certificate, HashKey, Realm, SealingKey, VerifyingKey};
use wdl_delivery::{Delivery, Header, Opened, Sealed};
use wdl_vocab::{BodyId, DeliveryId, Digest, Period};

use crate::accepted::{Accepted, Admitted};
use crate::columns::{self, key_columns};
use crate::effective;
use crate::error::{ReceiveError, RegisterError};
use crate::rekey::rekey;
use crate::rows::{self, Rejects};
use crate::store::Register;

/// What the lab holds a delivery against.
pub struct Door<'a> {
    /// The lab, its project and the custodians' key period.
    pub realm: &'a Realm,
    /// The purposes the agreement allows.
    pub purposes: &'a BTreeSet<String>,
    /// The first and the last day of the agreement.
    pub term: (Date, Date),
    /// The contracts in force.
    pub contracts: &'a Contracts,
    /// The key of each body.
    pub bodies: &'a BTreeMap<BodyId, VerifyingKey>,
    /// The certificates of the bodies' keys; once the lab certifies any, a body without one is refused.
    pub certificates: &'a BTreeMap<BodyId, Certificate>,
    /// The lab's key that opens deliveries.
    pub sealing_key: &'a SealingKey,
    /// The lab's secret that turns identifiers into its own numbers.
    pub id_key: &'a HashKey,
    /// The first and the last quarter a delivery may be for.
    pub periods: (Period, Period),
    /// The lab's clock.
    pub now: Timestamp,
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
    ) -> Result<Admitted, ReceiveError> {
        door.check_signature(&delivery)?;
        let contract = door.check_header(delivery.header())?;
        let notes = door.check_clock(delivery.header())?;
        door.check_news(&delivery, already)?;
        let opened = delivery.open(door.sealing_key)?;
        let (rows, rejects) = accepted_rows(contract, door, &opened)?;
        let damaged = |source| RegisterError::Columns {
            dataset: contract.dataset.clone(),
            source,
        };
        let rows_without_person = without_person(contract, &rows).map_err(damaged)?;
        let kept = rekey(contract, &rows, door.id_key).map_err(damaged)?;
        let (kept, _) = effective::sorted(&kept, &key_columns(contract)).map_err(damaged)?;
        let file = file_of(opened.header(), opened.id());
        let salt = door.id_key.hash("salt", contract.id.as_bytes());
        let content = self.keep(&opened, &kept, &salt, &file)?;
        let declared = &opened.header().declared;
        let accepted = Accepted {
            delivery: opened.id().clone(),
            body: contract.body.clone(),
            dataset: contract.dataset.clone(),
            period: declared.period,
            kind: declared.kind.clone(),
            contract_version: contract.version.clone(),
            rows: rows.num_rows() as u64,
            rows_rejected: rejects.len() as u64,
            rows_without_person,
            sealed_content: door.keyed(opened.header().content_digest),
            content,
            file,
        };
        Ok(Admitted {
            accepted,
            rejected_rows: rejects.told(),
            notes,
        })
    }
}

/// The rows that come in, in their order, and why the others do not.
fn accepted_rows(
    contract: &Contract,
    door: &Door<'_>,
    opened: &Delivery<Opened>,
) -> Result<(RecordBatch, Rejects), ReceiveError> {
    let declared = &opened.header().declared;
    let batch = opened.batch();
    let encodings = columns::encodings(contract, &declared.encodings, &batch.schema())?;
    let damaged = |source| RegisterError::Columns {
        dataset: contract.dataset.clone(),
        source,
    };
    // What was made for linkage stays in the vault.
    let ours: Vec<usize> = (0..batch.num_columns() - encodings).collect();
    let batch = batch.project(&ours).map_err(damaged)?;
    columns::check(contract, &batch.schema())?;
    check_coarse(contract, &batch)?;
    let about = (key_columns(contract), declared.period);
    let about = (about.0.as_slice(), about.1);
    let rejects = rows::check(contract, door.contracts.lists(), &batch, about).map_err(damaged)?;
    if rejects.len() > 0 && rejects.len() == batch.num_rows() {
        return Err(ReceiveError::AllRejected {
            count: rejects.len(),
        });
    }
    let kept = filter_record_batch(&batch, &rejects.kept(batch.num_rows())).map_err(damaged)?;
    Ok((kept, rejects))
}

/// A column that travels as a month holds no days: more than was agreed does not come in.
fn check_coarse(contract: &Contract, batch: &RecordBatch) -> Result<(), ReceiveError> {
    for (column, values) in contract.delivered().zip(batch.columns()) {
        if column.treatment != Treatment::CoarsenMonth {
            continue;
        }
        let Some(days) = values.as_primitive_opt::<Date32Type>() else {
            continue;
        };
        let is_first = |day: i32| {
            let day =
                jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(i64::from(day)));
            day.is_ok_and(|day| day.day() == 1)
        };
        if !days.iter().flatten().all(is_first) {
            return Err(ReceiveError::ColumnKind {
                contract: contract.id.clone(),
                column: column.name.clone(),
                detail: "01".to_owned(),
            });
        }
    }
    Ok(())
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
    pub(crate) fn keyed(&self, digest: Digest) -> Digest {
        Digest(self.id_key.hash("content", &digest.0))
    }
}

/// Rows in which a pseudonym of a person is missing; none where no row is a person.
fn without_person(contract: &Contract, batch: &RecordBatch) -> Result<u64, ArrowError> {
    let mut missing = BooleanArray::from(vec![false; batch.num_rows()]);
    for (column, values) in contract.delivered().zip(batch.columns()) {
        if matches!(column.treatment, Treatment::Oprf(_)) {
            missing = or(&missing, &is_null(values)?)?;
        }
    }
    Ok(missing.true_count() as u64)
}
