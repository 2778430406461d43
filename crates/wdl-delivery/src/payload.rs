//! The table under the seal, as Parquet: the same rows in the same order are the same bytes, however they were handed over.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard};

use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{ChunkReader, Length};
use wdl_crypto::OpenStream;

use crate::file::ReadSeek;

/// Rows of a group: what is held in memory on either side.
const GROUP_ROWS: usize = 65_536;

/// Writes a table as its rows come.
pub(crate) struct TableWriter<W: Write + Send> {
    schema: SchemaRef,
    writer: ArrowWriter<W>,
    waiting: Vec<RecordBatch>,
    waiting_rows: usize,
    rows: u64,
}

impl<W: Write + Send> TableWriter<W> {
    pub(crate) fn new(schema: SchemaRef, out: W) -> Result<TableWriter<W>, ParquetError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("wdl".to_owned())
            .build();
        Ok(TableWriter {
            writer: ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?,
            schema,
            waiting: Vec::new(),
            waiting_rows: 0,
            rows: 0,
        })
    }

    /// Takes rows; whole groups are written at once, so that how the rows were cut leaves no trace.
    pub(crate) fn push(&mut self, batch: &RecordBatch) -> Result<(), ParquetError> {
        if batch.schema_ref() != &self.schema {
            return Err(ParquetError::General("another schema".to_owned()));
        }
        self.rows += batch.num_rows() as u64;
        self.waiting_rows += batch.num_rows();
        self.waiting.push(batch.clone());
        if self.waiting_rows < GROUP_ROWS {
            return Ok(());
        }
        let all = concat_batches(&self.schema, &std::mem::take(&mut self.waiting))?;
        let mut from = 0;
        while all.num_rows() - from >= GROUP_ROWS {
            self.group(&all.slice(from, GROUP_ROWS))?;
            from += GROUP_ROWS;
        }
        self.waiting_rows = all.num_rows() - from;
        self.waiting.push(all.slice(from, self.waiting_rows));
        Ok(())
    }

    fn group(&mut self, rows: &RecordBatch) -> Result<(), ParquetError> {
        self.writer.write(rows)?;
        self.writer.flush()
    }

    /// Writes the end; gives the writer back and says how many rows there are.
    pub(crate) fn finish(mut self) -> Result<(W, u64), ParquetError> {
        if self.waiting_rows > 0 {
            let rest = concat_batches(&self.schema, &std::mem::take(&mut self.waiting))?;
            self.group(&rest)?;
        }
        Ok((self.writer.into_inner()?, self.rows))
    }
}

/// What the library of the table says, also where it stops on a broken one: a body can sign any bytes, and none may end the lab's program.
pub(crate) fn held<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    std::panic::catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ParquetError::General("a broken table".to_owned())))
}

/// Reads a table of as many rows as were declared.
pub(crate) fn read(content: Content, rows: u64) -> Result<ParquetRecordBatchReader, ParquetError> {
    held(|| open(content, rows))
}

fn open(content: Content, rows: u64) -> Result<ParquetRecordBatchReader, ParquetError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(content)?;
    let found = builder.metadata().file_metadata().num_rows();
    if u64::try_from(found).ok() != Some(rows) {
        return Err(ParquetError::General(format!(
            "{found} rows instead of {rows}"
        )));
    }
    builder.with_batch_size(GROUP_ROWS).build()
}

/// What is under the seal: a small one in memory, a large one deciphered again where it is read.
#[derive(Clone)]
pub(crate) enum Content {
    Memory(Bytes),
    Stream(Arc<Mutex<Stream>>, u64),
}

/// A stream of known length.
pub(crate) struct Stream {
    inner: OpenStream<Box<dyn ReadSeek>>,
    place: u64,
    len: u64,
}

impl Content {
    pub(crate) fn stream(inner: OpenStream<Box<dyn ReadSeek>>, len: u64) -> Content {
        let stream = Stream {
            inner,
            place: 0,
            len,
        };
        Content::Stream(Arc::new(Mutex::new(stream)), len)
    }
}

impl Stream {
    fn read_at(&mut self, place: u64, bytes: &mut [u8]) -> io::Result<usize> {
        if place != self.place {
            // The stream takes no step back from its very end; from its beginning it goes anywhere.
            if self.place >= self.len {
                self.inner.seek(SeekFrom::Start(0))?;
            }
            self.place = self.inner.seek(SeekFrom::Start(place))?;
        }
        let read = self.inner.read(bytes)?;
        self.place += read as u64;
        Ok(read)
    }
}

/// A reader of the content from a place on.
pub(crate) struct Reader {
    content: Content,
    place: u64,
}

impl Read for Reader {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = match &self.content {
            Content::Memory(content) => {
                let start = usize::try_from(self.place).unwrap_or(usize::MAX);
                content.get(start..).unwrap_or_default().read(bytes)?
            }
            Content::Stream(stream, _) => locked(stream).read_at(self.place, bytes)?,
        };
        self.place += read as u64;
        Ok(read)
    }
}

/// A reader that panicked left the stream at an unknown place, which is never relied on.
fn locked(stream: &Mutex<Stream>) -> MutexGuard<'_, Stream> {
    stream
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Length for Content {
    fn len(&self) -> u64 {
        match self {
            Content::Memory(content) => content.len() as u64,
            Content::Stream(_, len) => *len,
        }
    }
}

impl ChunkReader for Content {
    type T = BufReader<Reader>;

    fn get_read(&self, start: u64) -> Result<BufReader<Reader>, ParquetError> {
        Ok(BufReader::new(Reader {
            content: self.clone(),
            place: start,
        }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let end = start.checked_add(length as u64);
        if end.is_none_or(|end| end > self.len()) {
            return Err(ParquetError::EOF("beyond the content".to_owned()));
        }
        if let Content::Memory(content) = self {
            let start =
                usize::try_from(start).map_err(|fault| ParquetError::External(Box::new(fault)))?;
            return Ok(content.slice(start..start + length));
        }
        let mut bytes = vec![0; length];
        let mut from = Reader {
            content: self.clone(),
            place: start,
        };
        from.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}
