//! The second pass: the accepted rows as typed columns, for the seal.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use wdl_contract::Contract;
use wdl_intake::{Chunk, Reading};

use crate::checked::Checked;
use crate::error::CheckError;
use crate::pass::Pass;
use crate::terms::Terms;
use crate::values::data_type;

/// Accepted rows, one column for each of the contract's, those that do not travel too.
///
/// They are personal data.
pub struct TypedBatch {
    /// The columns, by their names in the lab.
    pub batch: RecordBatch,
    /// The line of each row in the file.
    pub lines: Vec<u64>,
}

/// The accepted rows of a checked file, chunk after chunk.
pub struct Typed<'a> {
    reading: &'a mut Reading,
    checked: &'a Checked,
    pass: Pass<'a>,
    schema: SchemaRef,
    chunk: Chunk,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Reading,
    Done,
}

/// The columns of the typed rows of a dataset.
pub fn schema(contract: &Contract) -> Schema {
    let columns = contract.columns.iter();
    let fields = columns.map(|column| Field::new(&column.name, data_type(&column.kind), true));
    Schema::new(fields.collect::<Vec<_>>())
}

/// Reads the accepted rows of a file again.
///
/// When the rows are not those that were checked, the last item is [`CheckError::Changed`]: nothing of it may be sealed.
pub fn typed<'a>(reading: &'a mut Reading, terms: Terms<'a>, checked: &'a Checked) -> Typed<'a> {
    Typed {
        pass: Pass::new(reading, terms),
        reading,
        checked,
        schema: Arc::new(schema(terms.contract)),
        chunk: Chunk::new(),
        state: State::New,
    }
}

impl Typed<'_> {
    fn step(&mut self) -> Result<Option<TypedBatch>, CheckError> {
        if self.state == State::New {
            self.reading.rewind()?;
            self.state = State::Reading;
        }
        while self.checked.accepted > 0 && self.reading.chunk(&mut self.chunk)? {
            let rows = self.pass.read(&self.chunk);
            let rejected = rows.rejected(|number| self.checked.is_rejected(number));
            self.pass.tally(&rows, &rejected);
            let accepted = rejected.iter().filter(|is_rejected| !**is_rejected).count();
            if accepted == 0 {
                continue;
            }
            let lines = rows.lines.iter().zip(&rejected);
            let lines: Vec<u64> = lines
                .filter(|(_, out)| !**out)
                .map(|(line, _)| *line)
                .collect();
            let arrays: Vec<ArrayRef> = rows
                .cells
                .into_iter()
                .map(|cells| cells.values.array())
                .collect();
            let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
                .expect("every column has its type and the rows of the batch");
            let batch = match accepted == rejected.len() {
                true => batch,
                false => {
                    let keep: BooleanArray = rejected.iter().map(|out| Some(!out)).collect();
                    filter_record_batch(&batch, &keep).expect("the mask is as long as the batch")
                }
            };
            return Ok(Some(TypedBatch { batch, lines }));
        }
        self.state = State::Done;
        let is_same = self.checked.accepted == 0
            || self.pass.fingerprint(self.checked.accepted) == self.checked.fingerprint;
        match is_same {
            true => Ok(None),
            false => Err(CheckError::Changed),
        }
    }
}

impl Iterator for Typed<'_> {
    type Item = Result<TypedBatch, CheckError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Done {
            return None;
        }
        let step = self.step().transpose();
        if !matches!(step, Some(Ok(_))) {
            self.state = State::Done;
        }
        step
    }
}
