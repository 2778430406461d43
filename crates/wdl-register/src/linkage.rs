//! What a delivery carries for linkage: read once from the vault, re-keyed, and kept beside the register.
//!
//! A token becomes a number as a person's does, with a secret of the lab and in a domain of its own.
//! The bits of an encoding change places by a permutation made with the same secret: likeness stays, and whoever takes the file can hold it against no encoding that travels.
//! A file here can always be made again from the vault, and is when it is missing or damaged.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray, FixedSizeBinaryArray, FixedSizeBinaryBuilder, Int64Array,
    UInt32Array,
};
use arrow::compute::take_record_batch;
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use wdl_contract::{Contract, Treatment};
use wdl_crypto::{HashKey, SealingKey};
use wdl_vocab::Digest;

use crate::accepted::Accepted;
use crate::columns::register_schema;
use crate::error::RegisterError;
use crate::rekey::numbers;
use crate::store::{Register, decode, encode, make_folder, write_whole};

/// A column of tokens that the lab compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkColumn {
    /// Its name in a delivery.
    pub name: String,
    /// In which its tokens become numbers: the plain form and the variants of a combination share one, and so they meet.
    pub domain: String,
    /// The fingerprint of what made it; a delivery that was made by another recipe cannot be compared and counts as if it had no such column.
    pub fingerprint: String,
}

/// The columns that the lab compares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkColumns {
    /// Those of tokens, in order.
    pub tokens: Vec<LinkColumn>,
    /// That of encodings.
    pub encoding: Option<LinkColumn>,
}

/// What a delivery carries for linkage: its accepted rows, ascending by record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkRows {
    /// The number of each row.
    pub records: Vec<i64>,
    /// The person of its code.
    pub persons: Vec<Option<i64>>,
    /// Its tokens, column by column.
    pub tokens: Vec<Vec<Option<i64>>>,
    /// The encodings of the rows that have one, ascending by row.
    pub encodings: Vec<(u32, [u8; 128])>,
}

const RECORD: &str = "record";
const PERSON: &str = "person";
const ENCODING: &str = "encoding";
/// The version of how tokens and encodings are re-keyed.
const METHOD: &str = "link-rows/1";
/// Under which a column says which recipe made it.
const FINGERPRINT: &str = "wdl.recipe";
const BITS: usize = 1024;

/// The lab's secrets that linkage needs: what opens deliveries, and what makes numbers.
#[derive(Clone, Copy)]
pub struct LinkSecrets<'a> {
    /// Opens deliveries.
    pub sealing: &'a SealingKey,
    /// Turns tokens into numbers.
    pub ids: &'a HashKey,
}

impl Register {
    /// What an accepted delivery carries for linkage.
    ///
    /// # Errors
    /// [`RegisterError`] when the sealed file or the register's is missing or damaged, or the disk refuses.
    pub fn link_rows(
        &self,
        contract: &Contract,
        accepted: &Accepted,
        columns: &LinkColumns,
        secrets: LinkSecrets<'_>,
    ) -> Result<LinkRows, RegisterError> {
        let path = self.link_file(accepted, columns);
        let known = std::fs::read(&path).ok();
        let known = known.and_then(|bytes| decode(bytes).ok());
        if let Some(rows) = known.and_then(|batch| from_batch(&batch, columns)) {
            return Ok(rows);
        }
        let rows = self.read_link_rows(contract, accepted, columns, secrets)?;
        let damaged = |source| RegisterError::Columns {
            dataset: accepted.dataset.clone(),
            source,
        };
        let batch = to_batch(&rows, columns).map_err(damaged)?;
        let salt = secrets.ids.hash("salt", b"linkage");
        let bytes = encode(&batch, &salt).map_err(|source| RegisterError::Parquet {
            file: path.clone(),
            source,
        })?;
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        write_whole(&path, &bytes)?;
        Ok(rows)
    }

    fn link_file(&self, accepted: &Accepted, columns: &LinkColumns) -> PathBuf {
        let said = Digest::of(format!("{METHOD} {columns:?} {}", accepted.content).as_bytes());
        let name = format!(
            "{}-{}-{}",
            accepted.period,
            accepted.delivery,
            said.short(16)
        );
        self.state()
            .join("linkage")
            .join("records")
            .join(accepted.body.as_str())
            .join(accepted.dataset.as_str())
            .join(format!("{name}.parquet").to_lowercase())
    }

    /// From the vault.
    fn read_link_rows(
        &self,
        contract: &Contract,
        accepted: &Accepted,
        columns: &LinkColumns,
        secrets: LinkSecrets<'_>,
    ) -> Result<LinkRows, RegisterError> {
        let sealed = self.sealed(accepted)?;
        let opened = sealed
            .open(secrets.sealing)
            .map_err(|_| RegisterError::Damaged {
                file: self.vault(accepted.delivery.as_str()),
            })?;
        let damaged = |source| RegisterError::Columns {
            dataset: accepted.dataset.clone(),
            source,
        };
        let kept = self.rows(accepted, &register_schema(contract))?;
        let batch = rekeyed(contract, opened.batch(), columns, secrets.ids).map_err(damaged)?;
        let batch = accepted_only(contract, batch, &kept).map_err(damaged)?;
        Ok(from_batch(&batch, columns).unwrap_or_default())
    }
}

/// The columns for linkage of a delivery, as numbers and permuted bits.
fn rekeyed(
    contract: &Contract,
    batch: &RecordBatch,
    columns: &LinkColumns,
    key: &HashKey,
) -> Result<RecordBatch, ArrowError> {
    let rows = batch.num_rows();
    let none = || -> ArrayRef { Arc::new(Int64Array::new_null(rows)) };
    let number = |name: &str, domain: &str| match batch.column_by_name(name) {
        Some(values) if values.data_type() == &DataType::FixedSizeBinary(32) => {
            numbers(values.as_fixed_size_binary(), domain, key)
        }
        _ => none(),
    };
    let hashed = |column: Option<&wdl_contract::Column>| match column {
        Some(column) => match &column.treatment {
            Treatment::Oprf(domain) | Treatment::Keyed(domain) => number(&column.name, domain),
            Treatment::Keep | Treatment::Drop | Treatment::CoarsenMonth => none(),
        },
        None => none(),
    };
    let mut arrays = vec![hashed(contract.key()), hashed(person_column(contract))];
    let is_ours = |column: &LinkColumn| {
        let schema = batch.schema();
        let field = schema.field_with_name(&column.name);
        field.is_ok_and(|field| field.metadata().get(FINGERPRINT) == Some(&column.fingerprint))
    };
    for column in &columns.tokens {
        arrays.push(match is_ours(column) {
            true => number(&column.name, &column.domain),
            false => none(),
        });
    }
    if let Some(column) = &columns.encoding {
        let values = batch
            .column_by_name(&column.name)
            .filter(|_| is_ours(column));
        let values = values.and_then(|values| values.as_fixed_size_binary_opt());
        arrays.push(permuted(
            values.filter(|values| values.value_length() == 128),
            rows,
            key,
        )?);
    }
    RecordBatch::try_new(schema(columns), arrays)
}

/// The column whose tokens are the person a row is about: the one that rows without a code lack.
pub fn person_column(contract: &Contract) -> Option<&wdl_contract::Column> {
    contract
        .delivered()
        .filter(|column| matches!(column.treatment, Treatment::Oprf(_)))
        .last()
}

fn schema(columns: &LinkColumns) -> Arc<Schema> {
    let mut fields = vec![
        Field::new(RECORD, DataType::Int64, true),
        Field::new(PERSON, DataType::Int64, true),
    ];
    let tokens = columns.tokens.iter();
    fields.extend(tokens.map(|column| Field::new(&column.name, DataType::Int64, true)));
    if columns.encoding.is_some() {
        fields.push(Field::new(ENCODING, DataType::FixedSizeBinary(128), true));
    }
    Arc::new(Schema::new(fields))
}

/// Encodings with their bits in the lab's order.
fn permuted(
    values: Option<&FixedSizeBinaryArray>,
    rows: usize,
    key: &HashKey,
) -> Result<ArrayRef, ArrowError> {
    let places = permutation(key);
    let mut built = FixedSizeBinaryBuilder::with_capacity(rows, 128);
    for row in 0..rows {
        match values {
            Some(values) if values.is_valid(row) => {
                built.append_value(permute(values.value(row), &places))?;
            }
            _ => built.append_null(),
        }
    }
    Ok(Arc::new(built.finish()))
}

/// Where each bit goes: the places in the order of their keyed hashes.
fn permutation(key: &HashKey) -> Vec<usize> {
    let mut places: Vec<([u8; 32], usize)> = (0..BITS)
        .map(|bit| (key.hash("link_clk/bit", &(bit as u64).to_be_bytes()), bit))
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(_, bit)| bit).collect()
}

fn permute(bytes: &[u8], places: &[usize]) -> [u8; 128] {
    let mut out = [0; 128];
    for (to, from) in places.iter().enumerate() {
        let bit = bytes[from / 8] >> (from % 8) & 1;
        out[to / 8] |= bit << (to % 8);
    }
    out
}

/// The rows that came in, ascending by record.
fn accepted_only(
    contract: &Contract,
    batch: RecordBatch,
    kept: &RecordBatch,
) -> Result<RecordBatch, ArrowError> {
    let key = contract.key().map(|column| column.name.as_str());
    let kept = key.and_then(|name| kept.column_by_name(name));
    let Some(kept) = kept.and_then(|column| column.as_primitive_opt::<Int64Type>()) else {
        return Ok(batch.slice(0, 0));
    };
    let mut known: Vec<i64> = kept.iter().flatten().collect();
    known.sort_unstable();
    let records = batch.column(0).as_primitive::<Int64Type>();
    let mut rows: Vec<(i64, u32)> = records
        .iter()
        .zip(0..)
        .filter_map(|(record, row)| Some((record?, row)))
        .filter(|(record, _)| known.binary_search(record).is_ok())
        .collect();
    rows.sort_unstable();
    rows.dedup_by_key(|(record, _)| *record);
    let rows: UInt32Array = rows.into_iter().map(|(_, row)| Some(row)).collect();
    take_record_batch(&batch, &rows)
}

fn to_batch(rows: &LinkRows, columns: &LinkColumns) -> Result<RecordBatch, ArrowError> {
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(rows.records.clone())),
        Arc::new(Int64Array::from(rows.persons.clone())),
    ];
    for tokens in &rows.tokens {
        arrays.push(Arc::new(Int64Array::from(tokens.clone())));
    }
    if columns.encoding.is_some() {
        let mut built = FixedSizeBinaryBuilder::with_capacity(rows.records.len(), 128);
        let mut encodings = rows.encodings.iter().peekable();
        for row in 0..rows.records.len() {
            match encodings.next_if(|(at, _)| *at as usize == row) {
                Some((_, bytes)) => built.append_value(bytes)?,
                None => built.append_null(),
            }
        }
        arrays.push(Arc::new(built.finish()));
    }
    RecordBatch::try_new(schema(columns), arrays)
}

/// Nothing when the batch is not of these columns.
fn from_batch(batch: &RecordBatch, columns: &LinkColumns) -> Option<LinkRows> {
    let expected = schema(columns);
    let is_same = batch.num_columns() == expected.fields().len()
        && batch
            .schema()
            .fields()
            .iter()
            .zip(expected.fields())
            .all(|(a, b)| a.name() == b.name() && a.data_type() == b.data_type());
    if !is_same {
        return None;
    }
    let numbers = |place: usize| batch.column(place).as_primitive::<Int64Type>().iter();
    let mut encodings = Vec::new();
    if columns.encoding.is_some() {
        let values = batch.column(batch.num_columns() - 1).as_fixed_size_binary();
        for (row, value) in (0..).zip(values.iter()) {
            let bytes: Option<[u8; 128]> = value.and_then(|bytes| bytes.try_into().ok());
            encodings.extend(bytes.map(|bytes| (row, bytes)));
        }
    }
    Some(LinkRows {
        records: numbers(0).collect::<Option<Vec<i64>>>()?,
        persons: numbers(1).collect(),
        tokens: (0..columns.tokens.len())
            .map(|column| numbers(column + 2).collect())
            .collect(),
        encodings,
    })
}

/// The folder of the lab's state where what linkage keeps stands.
pub fn linkage_folder(state: &Path) -> PathBuf {
    state.join("linkage")
}

#[cfg(test)]
mod tests {
    use super::{permutation, permute};
    use wdl_crypto::HashKey;

    #[test]
    fn permuted_bits_keep_their_likeness() {
        let key = HashKey::generate();
        let places = permutation(&key);
        let (mut a, mut b) = ([0_u8; 128], [0_u8; 128]);
        (a[3], a[90], b[3], b[17]) = (0b1011, 0xFF, 0b0011, 1);
        let common = |a: &[u8], b: &[u8]| -> u32 {
            a.iter().zip(b).map(|(a, b)| (a & b).count_ones()).sum()
        };
        let (pa, pb) = (permute(&a, &places), permute(&b, &places));
        assert_eq!(common(&a, &b), common(&pa, &pb));
        assert_eq!(common(&a, &a), common(&pa, &pa));
        assert_ne!(a, pa);
    }
}
