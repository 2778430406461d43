//! Parquet files of many groups of rows and kinds of columns, against the same values read one by one.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float32Array, Float64Array, Int32Array, Int64Array,
    StringArray, UInt64Array,
};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use wdl_frame::RecordBatch;
use wdl_plain::{Names, PlainTable};

const ROWS: usize = 50_000;

/// A file with groups of a thousand rows.
fn write<const COLUMNS: usize>(path: &Path, columns: [(&str, ArrayRef); COLUMNS]) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(1_000));
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn whole(row: usize) -> Option<i64> {
    (row % 7 != 3).then(|| (row as i64 * 7_919) % 1_009 - 500)
}

fn far(row: usize) -> i64 {
    (row as i64 % 13 - 6) * 1_000_000_000_000_000_000
}

fn real(row: usize) -> Option<f64> {
    (row % 11 != 5).then(|| match row % 5 {
        0 => f64::NAN,
        1 => -0.0,
        _ => row as f64 / 3.0,
    })
}

#[test]
fn every_group_of_rows_is_read_to_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let rows = || 0..ROWS;
    write(
        &path,
        [
            ("whole", Arc::new(Int64Array::from_iter(rows().map(whole)))),
            (
                "far",
                Arc::new(Int64Array::from_iter_values(rows().map(far))),
            ),
            ("real", Arc::new(Float64Array::from_iter(rows().map(real)))),
            (
                "word",
                Arc::new(StringArray::from_iter(
                    rows().map(|row| (row % 3 != 0).then(|| format!(" w{} ", row % 17))),
                )),
            ),
        ],
    );
    let mut table = PlainTable::read(&path, &["word", "real", "far", "whole"]).unwrap();
    assert_eq!(table.rows(), ROWS);
    let text = |name: &str| table.text(name);
    assert_eq!(
        text("whole"),
        rows()
            .map(|row| whole(row).map(|own| own.to_string()))
            .collect::<Vec<_>>()
    );
    assert_eq!(
        text("far"),
        rows()
            .map(|row| Some(far(row).to_string()))
            .collect::<Vec<_>>()
    );
    assert_eq!(
        text("word"),
        rows()
            .map(|row| (row % 3 != 0).then(|| format!("w{}", row % 17)))
            .collect::<Vec<_>>()
    );
    for (row, cell) in text("real").into_iter().enumerate() {
        let read: Option<f64> = cell.map(|cell| cell.parse().unwrap());
        assert_eq!(read.map(f64::to_bits), real(row).map(f64::to_bits), "{row}");
    }
    for name in ["whole", "far", "real", "word"] {
        let (codes, names) = table.coded(name);
        let again: Vec<Option<String>> = codes
            .iter()
            .map(|code| code.map(|code| names[code as usize].clone()))
            .collect();
        assert_eq!(again, table.text(name), "{name}");
        let mut met = 0;
        for code in codes.into_iter().flatten() {
            assert!(code <= met, "{name}: in the order they are met");
            met = met.max(code + 1);
        }
        assert_eq!(met as usize, names.len());
    }
    assert!(matches!(table.codes("far").names, Names::Whole(own) if own.len() == 13));
    let seen: Vec<Option<f64>> = table.numbers("whole").unwrap().to_vec();
    assert_eq!(
        seen,
        rows()
            .map(|row| whole(row).map(|own| own as f64))
            .collect::<Vec<_>>()
    );
    assert!(table.is_of_numbers("whole") && !table.is_of_numbers("word"));
    let taken = table.take_numbers("whole").unwrap();
    assert_eq!(taken.iter().collect::<Vec<_>>(), seen);
    let taken = table.take_numbers("real").unwrap();
    for (row, own) in taken.iter().enumerate() {
        assert_eq!(own.map(f64::to_bits), real(row).map(f64::to_bits));
    }
    assert_eq!(
        taken.missing.unwrap().iter().filter(|own| **own).count(),
        rows().filter(|row| real(*row).is_none()).count()
    );
    assert!(table.take_numbers("word").is_err());
}

#[test]
fn other_kinds_of_columns_are_text_and_numbers_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    write(
        &path,
        [
            (
                "small",
                Arc::new(Int32Array::from(vec![Some(-1), None, Some(7)])),
            ),
            ("short", Arc::new(Float32Array::from(vec![0.1, 2.0, -3.5]))),
            ("large", Arc::new(UInt64Array::from(vec![u64::MAX, 0, 1]))),
            (
                "flag",
                Arc::new(BooleanArray::from(vec![true, false, true])),
            ),
            ("day", Arc::new(Date32Array::from(vec![0, 1, 19_723]))),
        ],
    );
    let table = PlainTable::read(&path, &["day", "flag", "large", "short", "small"]).unwrap();
    let text = |name: &str| {
        table
            .text(name)
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect::<Vec<_>>()
    };
    assert_eq!(text("small"), ["-1", "", "7"]);
    assert_eq!(text("short"), ["0.1", "2.0", "-3.5"]);
    assert_eq!(text("large"), ["18446744073709551615", "0", "1"]);
    assert_eq!(text("flag"), ["true", "false", "true"]);
    assert_eq!(text("day"), ["1970-01-01", "1970-01-02", "2024-01-01"]);
    assert_eq!(table.numbers("short").unwrap()[0], Some(f64::from(0.1_f32)));
    assert_eq!(table.numbers("large").unwrap()[0], Some(u64::MAX as f64));
    assert!(table.numbers("day").is_err() && table.numbers("flag").is_err());
    assert_eq!(PlainTable::read(&path, &[]).unwrap().rows(), 3);
}
