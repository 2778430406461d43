//! The fingerprint of the accepted rows and their counts: what is the same for any encoding and layout of a file.

use std::collections::BTreeMap;

use wdl_contract::{Column, Contract, Kind, Treatment};
use wdl_vocab::{Digest, Euro};

use crate::column::ReadCells;
use crate::summary::{ColumnSummary, Summary};
use crate::values::{Value, Values};

/// How many bytes are digested at a time; part of the fingerprint's definition.
const BLOCK: usize = 64 << 10;

/// A digest of bytes that come in pieces of any size.
///
/// The bytes are cut into blocks of [`BLOCK`]; each step digests the digest so far and the next block.
struct Chain {
    state: Digest,
    rest: Vec<u8>,
}

impl Chain {
    fn new() -> Chain {
        Chain {
            state: Digest::of(&[]),
            rest: Vec::with_capacity(2 * BLOCK),
        }
    }

    fn step(&mut self) {
        while self.rest.len() >= BLOCK {
            self.state = Digest::of_parts([&self.state.0[..], &self.rest[..BLOCK]]);
            self.rest.drain(..BLOCK);
        }
    }

    fn finish(&self) -> Digest {
        Digest::of_parts([&self.state.0[..], &self.rest])
    }
}

/// One column's part of the fingerprint and of the summary.
pub(crate) struct Tally<'a> {
    column: &'a Column,
    chain: Chain,
    filled: u64,
    codes: BTreeMap<String, u64>,
    total: i128,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(column: &'a Column) -> Tally<'a> {
        Tally {
            column,
            chain: Chain::new(),
            filled: 0,
            codes: BTreeMap::new(),
            total: 0,
        }
    }

    /// Takes the accepted rows of a batch.
    pub(crate) fn take(&mut self, cells: &ReadCells, rejected: &[bool]) {
        let is_code = matches!(self.column.kind, Kind::Code { .. });
        let values: &Values = &cells.values;
        for (row, is_rejected) in rejected.iter().enumerate() {
            if *is_rejected {
                continue;
            }
            let Some(value) = values.get(row) else {
                self.chain.rest.push(0);
                continue;
            };
            self.filled += 1;
            self.chain.rest.push(1);
            value.write_canonical(&mut self.chain.rest);
            match value {
                Value::Text(text) if is_code => self.count(text),
                Value::Decimal(units) => self.total += units,
                Value::Text(_) | Value::Integer(_) | Value::Date(_) => {}
            }
        }
        self.chain.step();
    }

    fn count(&mut self, code: &str) {
        match self.codes.get_mut(code) {
            Some(count) => *count += 1,
            None => {
                self.codes.insert(code.to_owned(), 1);
            }
        }
    }

    fn summary(&self) -> ColumnSummary {
        let is_money = matches!(self.column.kind, Kind::Money { .. });
        let cents = i64::try_from(self.total).unwrap_or(i64::MAX);
        ColumnSummary {
            filled: self.filled,
            codes: self.codes.clone(),
            total: is_money.then(|| Euro::from_cents(cents)),
        }
    }
}

/// The counts of the columns that travel.
pub(crate) fn summary(tallies: &[Tally<'_>], rows: u64) -> Summary {
    let travelling = tallies
        .iter()
        .filter(|tally| tally.column.treatment != Treatment::Drop);
    Summary {
        rows,
        columns: travelling
            .map(|tally| (tally.column.name.clone(), tally.summary()))
            .collect(),
    }
}

/// The fingerprint: the columns by name, each with the digest of its accepted values in order.
pub(crate) fn fingerprint(contract: &Contract, tallies: &[Tally<'_>], rows: u64) -> Digest {
    let rows = rows.to_le_bytes();
    let mut parts: Vec<Vec<u8>> = vec![b"wdl-check/1".to_vec(), rows.to_vec()];
    for (column, tally) in contract.columns.iter().zip(tallies) {
        parts.push(column.name.clone().into_bytes());
        parts.push(tally.chain.finish().0.to_vec());
    }
    Digest::of_parts(parts.iter().map(Vec::as_slice))
}
