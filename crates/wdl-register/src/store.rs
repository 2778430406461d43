//! The files of the register: sealed deliveries in the vault, re-keyed rows as Parquet, refused files in quarantine.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, new_null_array};
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use wdl_contract::Contract;
use wdl_delivery::{Delivery, DeliveryFileError, Opened, Sealed, standing};
use wdl_vocab::{Diagnose, Digest, DigestWriter};

use crate::accepted::Accepted;
use crate::columns::{key_columns, register_schema};
use crate::effective::{self, Part};
use crate::error::RegisterError;

/// The register of a lab, under its folder of state: `register/`, `vault/`, `quarantine/`.
#[derive(Clone, Debug)]
pub struct Register {
    state: PathBuf,
}

impl Register {
    /// Opens the register under a lab's folder of state; an empty one is made when there is none.
    ///
    /// # Errors
    /// [`RegisterError::State`] when the disk refuses.
    pub fn open(state: &Path) -> Result<Register, RegisterError> {
        for folder in ["register", "vault", "quarantine"] {
            make_folder(&state.join(folder))?;
        }
        Ok(Register {
            state: state.to_owned(),
        })
    }

    pub(crate) fn state(&self) -> &Path {
        &self.state
    }

    /// The columns [`dataset`](Register::dataset) gives.
    pub fn schema(contract: &Contract) -> SchemaRef {
        effective::schema(&register_schema(contract))
    }

    /// The effective rows of a dataset: of rows with the same key the one of the latest delivery period and, within it, of what came last; sorted by key, marked with their delivery.
    ///
    /// Of the deliveries given, in the order they came, those in force count; those of other datasets are passed over.
    ///
    /// # Errors
    /// [`RegisterError`] when a file is missing, is not the one that was accepted, or does not fit the contract.
    pub fn dataset(
        &self,
        contract: &Contract,
        accepted: &[Accepted],
    ) -> Result<RecordBatch, RegisterError> {
        let mut ours: Vec<&Accepted> = standing(accepted)
            .into_iter()
            .map(|one| one.delivery)
            .filter(|one| one.body == contract.body && one.dataset == contract.dataset)
            .collect();
        // Stable: within a period what came later stays later.
        ours.sort_by_key(|one| one.period);
        let schema = register_schema(contract);
        let parts: Result<Vec<Part>, RegisterError> = ours
            .into_iter()
            .map(|one| {
                Ok(Part {
                    rows: self.rows(one, &schema)?,
                    period: one.period.to_string(),
                    delivery: one.delivery.to_string(),
                })
            })
            .collect();
        effective::effective(&schema, &key_columns(contract), &parts?).map_err(|source| {
            RegisterError::Columns {
                dataset: contract.dataset.clone(),
                source,
            }
        })
    }

    /// The rows of one accepted delivery, under the columns of the contract in force.
    pub(crate) fn rows(
        &self,
        accepted: &Accepted,
        schema: &SchemaRef,
    ) -> Result<RecordBatch, RegisterError> {
        let path = self.state.join(&accepted.file);
        let bytes = std::fs::read(&path).map_err(|source| state_error(&path, source))?;
        if Digest::of(&bytes) != accepted.content {
            return Err(RegisterError::Damaged { file: path });
        }
        let rows = decode(bytes).map_err(|source| RegisterError::Parquet { file: path, source })?;
        // A column that came with a later version of the contract is missing in an older delivery.
        let columns: Vec<ArrayRef> = schema
            .fields()
            .iter()
            .map(|field| match rows.column_by_name(field.name()) {
                Some(column) => column.clone(),
                None => new_null_array(field.data_type(), rows.num_rows()),
            })
            .collect();
        RecordBatch::try_new(schema.clone(), columns).map_err(|source| RegisterError::Columns {
            dataset: accepted.dataset.clone(),
            source,
        })
    }

    /// Keeps a refused file, with the code of its refusal, out of the way; the same file twice is kept once.
    ///
    /// # Errors
    /// [`RegisterError::State`] when the disk refuses.
    pub fn quarantine(&self, file: &Path, why: &dyn Diagnose) -> Result<PathBuf, RegisterError> {
        let unreadable = |source| state_error(file, source);
        let mut told = DigestWriter::new(std::io::sink());
        let mut read = std::fs::File::open(file).map_err(unreadable)?;
        std::io::copy(&mut read, &mut told).map_err(unreadable)?;
        let name = told.finish().2.short(16);
        let kept = self.state.join("quarantine").join(format!("{name}.wdl"));
        // Of any length: it is copied and never in memory.
        write_with(&kept, |out| {
            let mut read = std::fs::File::open(file)?;
            std::io::copy(&mut read, out).map(|_| ())
        })?;
        let diagnostic = why.diagnostic();
        let about = serde_json::json!({ "code": diagnostic.code.id, "args": diagnostic.args });
        write_whole(
            &kept.with_extension("json"),
            format!("{about}\n").as_bytes(),
        )?;
        Ok(kept)
    }

    /// Writes the sealed file to the vault and the re-keyed rows to the register; both stay inert until the ledger names them.
    pub(crate) fn keep(
        &self,
        delivery: &Delivery<Opened>,
        rows: &RecordBatch,
        salt: &[u8; 32],
        file: &Path,
    ) -> Result<Digest, RegisterError> {
        let path = self.state.join(file);
        let bytes = encode(rows, salt).map_err(|source| RegisterError::Parquet {
            file: path.clone(),
            source,
        })?;
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        write_with(&self.vault(delivery.id().as_str()), |out| {
            delivery.copy_sealed_to(out)
        })?;
        write_whole(&path, &bytes)?;
        Ok(Digest::of(&bytes))
    }

    pub(crate) fn vault(&self, delivery: &str) -> PathBuf {
        self.state.join("vault").join(format!("{delivery}.wdl"))
    }

    /// The sealed file of an accepted delivery, as it arrived.
    ///
    /// # Errors
    /// [`RegisterError`] when it is missing or is another.
    pub fn sealed(&self, accepted: &Accepted) -> Result<Delivery<Sealed>, RegisterError> {
        let path = self.vault(accepted.delivery.as_str());
        match Delivery::read(&path) {
            Ok(delivery) if *delivery.id() == accepted.delivery => Ok(delivery),
            Err(DeliveryFileError::Unreadable { source, .. }) => Err(state_error(&path, source)),
            _ => Err(RegisterError::Damaged { file: path }),
        }
    }
}

/// Rows as Parquet. The salt, made with a secret of the lab, stands in the file: its digest is public, and without the salt
/// somebody could try out what a small table without persons holds until the digest fits.
pub(crate) fn encode(rows: &RecordBatch, salt: &[u8; 32]) -> Result<Vec<u8>, ParquetError> {
    let salt = KeyValue::new(
        "wdl.salt".to_owned(),
        salt.map(|byte| format!("{byte:02x}")).concat(),
    );
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("wdl".to_owned())
        .set_key_value_metadata(Some(vec![salt]))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, rows.schema(), Some(properties))?;
    writer.write(rows)?;
    writer.close()?;
    Ok(bytes)
}

pub(crate) fn decode(bytes: Vec<u8>) -> Result<RecordBatch, ParquetError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes))?;
    let schema = builder.schema().clone();
    let batches: Result<Vec<RecordBatch>, _> = builder.with_batch_size(65_536).build()?.collect();
    Ok(concat_batches(&schema, &batches?)?)
}

/// Writes a file whole or not at all; one that stands there is replaced by the same content.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RegisterError> {
    write_with(path, |file| file.write_all(bytes))
}

fn write_with(
    path: &Path,
    fill: impl FnOnce(&mut File) -> std::io::Result<()>,
) -> Result<(), RegisterError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let write = || {
        let mut file = File::create(&part)?;
        fill(&mut file)?;
        file.sync_all()?;
        std::fs::rename(&part, path)
    };
    write().map_err(|source| state_error(path, source))
}

pub(crate) fn make_folder(folder: &Path) -> Result<(), RegisterError> {
    std::fs::create_dir_all(folder).map_err(|source| state_error(folder, source))
}

fn state_error(file: &Path, source: std::io::Error) -> RegisterError {
    RegisterError::State {
        file: file.to_owned(),
        source,
    }
}
