//! The lab's answer to a delivery: a signed receipt, as a file and on paper.

use std::path::{Path, PathBuf};

use wdl_contract::Contract;
use wdl_crypto::VerifyingKey;
use wdl_delivery::{Delivery, Receipt, Reception, Sealed};
use wdl_register::Admitted;

use crate::home::write;
use crate::receipt_page::{Page, page};
use crate::{Desk, Part, Stopped};

/// A receipt that the lab has signed, and where it lies.
pub struct Answered {
    /// The receipt.
    pub receipt: Receipt,
    /// As a file.
    pub json: PathBuf,
    /// On paper.
    pub pdf: PathBuf,
}

/// The body's receipt that stands beside a delivery, when it is that delivery's and the body's; else what the delivery says of itself.
pub(crate) fn of_body(
    file: &Path,
    delivery: &Delivery<Sealed>,
    key: Option<&VerifyingKey>,
) -> Receipt {
    let plain = Receipt::of(delivery);
    let beside = Receipt::read(&file.with_extension("receipt.json")).ok();
    let is_right = |receipt: &Receipt| {
        let is_signed = key.is_some_and(|key| receipt.verify_body(key).is_ok());
        is_signed && receipt.says_the_same(&plain)
    };
    beside.filter(is_right).unwrap_or(plain)
}

/// Answers, signs and writes the receipt.
pub(crate) fn answer(
    desk: &Desk,
    contract: &Contract,
    receipt: Receipt,
    admitted: &Admitted,
) -> Result<Answered, Stopped> {
    let accepted = &admitted.accepted;
    let reception = Reception {
        number: desk.ledger.entries().len() as u64,
        received: desk.now.to_string(),
        accepted: accepted.rows,
        rejected: accepted.rows_rejected,
        rejected_rows: admitted.rejected_rows.clone(),
    };
    let receipt = receipt.answer(&desk.office.key, reception);
    let folder = desk.home.of(Part::Receipts);
    let json = folder.join(format!("{}.json", accepted.delivery));
    let pdf = folder.join(format!("{}.pdf", accepted.delivery));
    let bytes = receipt.to_bytes();
    write(&json, &bytes)?;
    let about = Page {
        lab: &desk.lab,
        contract,
        receipt: &receipt,
        file: &bytes,
        notes: &admitted.notes,
    };
    let paper = page(&about).map_err(|fault| Stopped::file(&pdf, &fault))?;
    write(&pdf, &paper)?;
    Ok(Answered { receipt, json, pdf })
}
