//! The rows of a dataset with their persons: the new code where it was replaced, the linked person where there is none.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array};
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;
use wdl_contract::{Contract, Treatment};
use wdl_register::person_column;

use super::Persons;

impl Persons {
    /// The rows as the models read them; they come back untouched when nothing bears on them.
    pub(crate) fn apply(&self, contract: &Contract, batch: RecordBatch) -> RecordBatch {
        let links = self.links.get(&contract.table());
        if self.replaced.is_empty() && links.is_none() {
            return batch;
        }
        let key = contract
            .key()
            .and_then(|key| batch.column_by_name(&key.name).cloned());
        let key = key
            .as_ref()
            .and_then(|key| key.as_primitive_opt::<Int64Type>());
        let linked = person_column(contract).filter(|_| links.is_some());
        let linked = linked.map(|column| column.name.clone());
        let mut columns = batch.columns().to_vec();
        for column in contract.delivered() {
            let is_person = matches!(column.treatment, Treatment::Oprf(_));
            let Some((place, _)) = batch.schema().column_with_name(&column.name) else {
                continue;
            };
            let Some(codes) = columns[place]
                .as_primitive_opt::<Int64Type>()
                .filter(|_| is_person)
            else {
                continue;
            };
            let rows = key.filter(|_| linked.as_ref() == Some(&column.name));
            let person = |row: usize, code: Option<i64>| match code {
                Some(code) => Some(self.replaced.get(&code).copied().unwrap_or(code)),
                None => links?.get(&rows?.value(row)).copied(),
            };
            let persons: Int64Array = codes
                .iter()
                .enumerate()
                .map(|(row, code)| person(row, code))
                .collect();
            let persons: ArrayRef = Arc::new(persons);
            columns[place] = persons;
        }
        RecordBatch::try_new(batch.schema(), columns).expect("persons are numbers, as before")
    }
}
