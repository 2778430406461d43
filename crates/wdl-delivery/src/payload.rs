//! The table under the seal, as Parquet: the same rows in the same order are the same bytes.

use arrow::compute::concat_batches;
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

/// Writes a table.
pub(crate) fn write(batch: &RecordBatch) -> Result<Vec<u8>, ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("wdl".to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))?;
    writer.write(batch)?;
    writer.close()?;
    Ok(bytes)
}

/// Reads a table of as many rows as were declared.
pub(crate) fn read(bytes: Vec<u8>, rows: u64) -> Result<RecordBatch, ParquetError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes))?;
    let found = builder.metadata().file_metadata().num_rows();
    if u64::try_from(found).ok() != Some(rows) {
        return Err(ParquetError::General(format!(
            "{found} rows instead of {rows}"
        )));
    }
    let schema = builder.schema().clone();
    let batches: Result<Vec<RecordBatch>, _> = builder.with_batch_size(65_536).build()?.collect();
    Ok(concat_batches(&schema, &batches?)?)
}
