//! Parquet in and out, the same rows always the same bytes.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use wdl_vocab::diagnostics::codes::sql as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// A Parquet file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("`{}`: {detail}", path.display())]
pub struct ParquetError {
    path: PathBuf,
    detail: String,
}

impl Diagnose for ParquetError {
    fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new(codes::PARQUET)
            .with("file", self.path.display())
            .with("detail", &self.detail)
    }
}

pub(crate) fn fail(path: &Path) -> impl Fn(&dyn std::fmt::Display) -> ParquetError {
    let path = path.to_owned();
    move |fault| ParquetError {
        path: path.clone(),
        detail: fault.to_string(),
    }
}

/// Reads a whole file.
///
/// # Errors
/// [`ParquetError`] when it is missing or damaged.
pub fn read(path: &Path) -> Result<(SchemaRef, Vec<RecordBatch>), ParquetError> {
    read_columns(path, &|_| true)
}

/// Reads the columns of a file that are wanted, and always the first one: a row is there whatever is read of it.
///
/// # Errors
/// [`ParquetError`] when it is missing or damaged.
pub fn read_columns(
    path: &Path,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<(SchemaRef, Vec<RecordBatch>), ParquetError> {
    let fail = fail(path);
    let file = File::open(path).map_err(|fault| fail(&fault))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|fault| fail(&fault))?;
    let whole = builder.schema().clone();
    let places: Vec<usize> = (0..whole.fields().len())
        .filter(|place| *place == 0 || is_wanted(whole.field(*place).name()))
        .collect();
    let schema = Arc::new(whole.project(&places).map_err(|fault| fail(&fault))?);
    let mask = ProjectionMask::roots(builder.parquet_schema(), places);
    let reader = builder
        .with_projection(mask)
        .with_batch_size(65_536)
        .build()
        .map_err(|fault| fail(&fault))?;
    let batches: Result<Vec<RecordBatch>, ArrowError> = reader.collect();
    Ok((schema, batches.map_err(|fault| fail(&fault))?))
}

/// The columns of a file, without its rows.
///
/// # Errors
/// [`ParquetError`] when it is missing or damaged.
pub fn schema(path: &Path) -> Result<SchemaRef, ParquetError> {
    let fail = fail(path);
    let file = File::open(path).map_err(|fault| fail(&fault))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|fault| fail(&fault))?;
    Ok(builder.schema().clone())
}

/// Writes rows to a new file beside `path` and moves it there when it is whole and on the disk.
///
/// # Errors
/// [`ParquetError`] when the disk refuses; nothing stands at `path` then.
pub fn write(path: &Path, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<(), ParquetError> {
    let fail = fail(path);
    let part = path.with_extension("part");
    let mut file = File::create(&part).map_err(|fault| fail(&fault))?;
    let mut writer = ArrowWriter::try_new(&mut file, schema.clone(), Some(properties(schema)))
        .map_err(|fault| fail(&fault))?;
    for batch in batches {
        writer.write(batch).map_err(|fault| fail(&fault))?;
    }
    writer.close().map_err(|fault| fail(&fault))?;
    file.flush().map_err(|fault| fail(&fault))?;
    file.sync_all().map_err(|fault| fail(&fault))?;
    std::fs::rename(&part, path).map_err(|fault| fail(&fault))
}

/// Whole files are read, so nothing is gained by statistics; ids hardly repeat, so a dictionary of them only costs.
fn properties(schema: &SchemaRef) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_created_by("wdl".to_owned());
    for field in schema.fields() {
        if *field.data_type() == DataType::Int64 {
            let column = ColumnPath::from(field.name().as_str());
            builder = builder.set_column_dictionary_enabled(column, false);
        }
    }
    builder.build()
}
