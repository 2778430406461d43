//! One pass over a file's chunks: columns read side by side, rows held against each other, accepted ones counted.

use rayon::prelude::*;
use wdl_contract::Contract;
use wdl_intake::{Chunk, Reading};
use wdl_vocab::Digest;

use crate::batch::{Batch, Counter};
use crate::column::{ColumnReader, ReadCells};
use crate::digest::{self, Tally};
use crate::summary::Summary;
use crate::terms::Terms;

/// What is kept from chunk to chunk.
pub(crate) struct Pass<'a> {
    contract: &'a Contract,
    width: usize,
    pub(crate) counter: Counter,
    pub(crate) readers: Vec<ColumnReader<'a>>,
    tallies: Vec<Tally<'a>>,
    /// Rows counted as accepted.
    pub(crate) tallied: u64,
}

/// The rows of one chunk as read.
pub(crate) struct ReadRows<'c> {
    pub(crate) batch: Batch<'c>,
    pub(crate) lines: Vec<u64>,
    pub(crate) cells: Vec<ReadCells>,
    /// For each row, whether a cell of it is wrong.
    pub(crate) wrong: Vec<bool>,
}

impl<'a> Pass<'a> {
    pub(crate) fn new(reading: &Reading, terms: Terms<'a>) -> Pass<'a> {
        let contract = terms.contract;
        let columns = || contract.columns.iter();
        Pass {
            contract,
            width: reading.header().len(),
            counter: Counter::default(),
            readers: columns()
                .enumerate()
                .map(|(index, column)| {
                    let found = (reading.place(index), reading.form(index));
                    ColumnReader::new((index, column), found, terms)
                })
                .collect(),
            tallies: columns().map(Tally::new).collect(),
            tallied: 0,
        }
    }

    /// Reads the rows of a chunk, the columns side by side: what is found does not depend on how many threads do it.
    pub(crate) fn read<'c>(&mut self, chunk: &'c Chunk) -> ReadRows<'c> {
        let batch = self.counter.take(chunk, self.width);
        let cells: Vec<ReadCells> = self
            .readers
            .par_iter_mut()
            .map(|reader| reader.read(&batch))
            .collect();
        let mut wrong = vec![false; batch.len()];
        for row in cells.iter().flat_map(|cells| &cells.wrong) {
            wrong[*row] = true;
        }
        ReadRows {
            lines: batch.lines.clone(),
            batch,
            cells,
            wrong,
        }
    }

    /// Counts the accepted rows of a chunk.
    pub(crate) fn tally(&mut self, rows: &ReadRows<'_>, rejected: &[bool]) {
        self.tallies
            .par_iter_mut()
            .zip(&rows.cells)
            .for_each(|(tally, cells)| tally.take(cells, rejected));
        self.tallied += rejected.iter().filter(|is_out| !**is_out).count() as u64;
    }

    pub(crate) fn fingerprint(&self, rows: u64) -> Digest {
        digest::fingerprint(self.contract, &self.tallies, rows)
    }

    pub(crate) fn summary(&self, rows: u64) -> Summary {
        digest::summary(&self.tallies, rows)
    }
}

impl ReadRows<'_> {
    /// For each row, whether it is rejected by number.
    pub(crate) fn rejected(&self, is_rejected: impl Fn(u64) -> bool) -> Vec<bool> {
        self.batch
            .numbers
            .iter()
            .map(|number| is_rejected(*number))
            .collect()
    }
}
