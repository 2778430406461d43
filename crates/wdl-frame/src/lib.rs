//! The only door to the query engine: SQL of the lab over columnar tables, Parquet files in and out, plain files for the commands outside a lab.
//!
//! Place in the flow: beneath the register, the linked base and the analyses.
//! It knows nothing of deliveries, bodies or indicators, and no other crate names the engine.
//!
//! **Invariant:** every query runs on one thread over one partition, so that the order of rows, and with it every byte, never depends on the machine; parallel work is several queries side by side.

mod columns;
mod file_columns;
mod measures;
mod parquet_file;
mod scope;
mod sql;

pub use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
pub use arrow::record_batch::RecordBatch;
pub use columns::{ColumnError, Columns, TextColumn};
pub use file_columns::{FileColumn, FileColumns, Values, read_file_columns, write_reals};
pub use parquet_file::{
    ParquetError, read as read_parquet, read_columns as read_parquet_columns,
    schema as parquet_schema, write as write_parquet,
};
pub use scope::Scope;
pub use sql::{EARLIER_YEARS, PARAMETERS, Sql, SqlError, TableName};
