//! Plain files as they come, and what is said of those that cannot be read.
#![expect(clippy::unwrap_used, reason = "tests")]

mod groups;

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use wdl_frame::{RecordBatch, write_parquet};
use wdl_plain::{PlainError, PlainTable};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn read(&self, text: &str, wanted: &[&str]) -> Result<PlainTable, PlainError> {
        PlainTable::read(&self.file(text.as_bytes()), wanted)
    }
}

fn texts(table: &PlainTable, name: &str) -> Vec<String> {
    let text = table.text(name).into_iter();
    text.map(|value| value.unwrap_or("–".to_owned())).collect()
}

#[test]
fn names_stay_what_they_are_and_numbers_are_read_on_request() {
    let folder = Folder::new();
    let text = "istat,household,income\n036023,9007199254740992,1\n36023,9007199254740993,-0\n036023,1.0,NA\n,1,2.5\n";
    let table = folder
        .read(text, &["istat", "household", "income"])
        .unwrap();
    assert_eq!(table.rows(), 4);
    assert_eq!(texts(&table, "istat"), ["036023", "36023", "036023", "–"]);
    let households = table.coded("household");
    assert_eq!(households.1.len(), 4);
    assert_eq!(table.coded("istat").0, [Some(0), Some(1), Some(0), None]);
    assert_eq!(
        table.numbers("income").unwrap(),
        [Some(1.0), Some(-0.0), None, Some(2.5)]
    );
    assert_eq!(table.numbers("istat").unwrap()[0], Some(36023.0));
}

#[test]
fn decimal_commas_are_read_where_commas_part_no_columns() {
    let folder = Folder::new();
    let table = folder
        .read(
            "reddito;zona\n1.234,50;A\n1.234;B\n\"7,5\";A\n",
            &["reddito", "zona"],
        )
        .unwrap();
    assert_eq!(
        table.numbers("reddito").unwrap(),
        [Some(1234.5), Some(1234.0), Some(7.5)]
    );
    let points = folder
        .read("reddito;zona\n1.234;B\n2.5;A\n", &["reddito"])
        .unwrap();
    assert_eq!(points.numbers("reddito").unwrap(), [Some(1.234), Some(2.5)]);
    let grouped = folder
        .read("reddito;zona\n1.234;B\n1.234.567;A\n", &["reddito"])
        .unwrap();
    assert_eq!(
        grouped.numbers("reddito").unwrap(),
        [Some(1234.0), Some(1_234_567.0)]
    );
    let quoted = folder
        .read("reddito,zona\n\"1,5\",B\n", &["reddito"])
        .unwrap();
    assert!(matches!(
        quoted.numbers("reddito"),
        Err(PlainError::NotNumeric { line: 2, .. })
    ));
}

#[test]
fn a_point_that_could_be_of_thousands_is_refused_and_not_guessed() {
    let folder = Folder::new();
    let told = |text: &str| {
        let table = folder.read(text, &["reddito"]).unwrap();
        table.numbers("reddito").map(<[_]>::to_vec)
    };
    for text in [
        "reddito;peso\n950;1\n1.500;1\n800;1\n12.000;1\n",
        "reddito\tpeso\n950\t1\n1.500\t1\n",
    ] {
        assert!(matches!(
            told(text),
            Err(PlainError::TwoWays { line: 3, .. })
        ));
    }
    // Where commas part the columns a number has no other mark than the point.
    assert_eq!(
        told("reddito,peso\n950,1\n1.500,1\n").unwrap(),
        [Some(950.0), Some(1.5)]
    );
    // A word makes it no column of numbers at all.
    assert!(matches!(
        told("reddito;peso\n1.500;1\nabc;1\n"),
        Err(PlainError::NotNumeric { line: 3, .. })
    ));
}

#[test]
fn naples_is_a_name_and_a_missing_number_is_none() {
    let folder = Folder::new();
    let text = "prov,zone,x\nMO,1,10\nNA,2,NA\nNA,NA,30\nRE,,5\n";
    let table = folder.read(text, &["prov", "zone", "x"]).unwrap();
    assert_eq!(texts(&table, "prov"), ["MO", "NA", "NA", "RE"]);
    assert_eq!(table.coded("prov").0, [Some(0), Some(1), Some(1), Some(2)]);
    assert_eq!(texts(&table, "zone"), ["1", "2", "–", "–"]);
    assert_eq!(
        table.numbers("x").unwrap(),
        [Some(10.0), None, Some(30.0), Some(5.0)]
    );
    let only = folder.read("prov,x\nNA,1\n", &["prov"]).unwrap();
    assert_eq!(texts(&only, "prov"), ["NA"], "a file of Naples alone");
}

#[test]
fn the_order_of_rows_follows_from_what_they_hold() {
    let folder = Folder::new();
    let rows = ["b,2,x", "a,1,y", "b,1,z", "a,1,x"];
    let read = |order: [usize; 4]| {
        let lines: Vec<&str> = order.iter().map(|row| rows[*row]).collect();
        let text = format!("h,x,g\n{}\n", lines.join("\n"));
        let table = folder.read(&text, &["g", "h", "x"]).unwrap();
        assert_eq!(table.numbers("x").unwrap().len(), 4);
        table.in_order_of(&["h", "x"])
    };
    let table = read([0, 1, 2, 3]);
    assert_eq!(texts(&table, "g"), ["x", "y", "z", "x"]);
    assert_eq!(texts(&table, "h"), ["a", "a", "b", "b"]);
    assert_eq!(table.numbers("x").unwrap()[3], Some(2.0));
    assert_eq!([0, 1, 2, 3].map(|row| table.line(row)), [5, 3, 4, 2]);
    let other = read([3, 2, 1, 0]);
    for name in ["g", "h", "x"] {
        assert_eq!(texts(&table, name), texts(&other, name));
    }
}

#[test]
fn any_encoding_of_an_office_is_read() {
    let folder = Folder::new();
    let latin = folder.file(b"citt\xe0;y\nForl\xec;1\n");
    let table = PlainTable::read(&latin, &["città", "y"]).unwrap();
    assert_eq!(texts(&table, "città"), ["Forlì"]);
    let marked = folder.file("\u{feff}y\r\n1\r\n2\r\n".as_bytes());
    assert_eq!(PlainTable::read(&marked, &["y"]).unwrap().rows(), 2);
    assert_eq!(PlainTable::names(&marked).unwrap(), ["y"]);
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let folder = Folder::new();
    let fault = |text: &str, wanted: &[&str]| folder.read(text, wanted).unwrap_err();
    assert!(matches!(
        fault("y,y\n1,2\n", &["y"]),
        PlainError::Twice { .. }
    ));
    assert!(folder.read("y,x,x\n1,2,3\n", &["y"]).is_ok());
    let meant = fault("reddito\n1\n", &["redito"]);
    assert!(matches!(meant, PlainError::NoColumn { meant: Some(meant), .. } if meant == "reddito"));
    let uneven = fault("y,z\n1,\"a\nb\"\n2,a,b\n", &["y"]);
    assert!(matches!(
        uneven,
        PlainError::Uneven {
            line: 4,
            actual: 3,
            expected: 2,
            ..
        }
    ));
    let words = folder.read("y\n1\n\nabc\n", &["y"]).unwrap();
    assert!(matches!(
        words.numbers("y"),
        Err(PlainError::NotNumeric { line: 4, .. })
    ));
    assert!(matches!(fault("", &["y"]), PlainError::NoColumn { .. }));
    let missing = PlainTable::read(&folder.0.path().join("none"), &["y"]);
    assert!(matches!(missing, Err(PlainError::Read { .. })));
    assert!(matches!(
        PlainTable::read(folder.0.path(), &["y"]),
        Err(PlainError::Read { .. })
    ));
    let damaged = PlainTable::read(&folder.file(b"PAR1nothing"), &["y"]);
    assert!(matches!(damaged, Err(PlainError::Read { .. })));
}

#[test]
fn parquet_keeps_its_types() {
    let folder = Folder::new();
    let path = folder.0.path().join("a.bin");
    let columns: [(&str, ArrayRef); 3] = [
        (
            "id",
            Arc::new(Int64Array::from(vec![
                9_007_199_254_740_993,
                9_007_199_254_740_992,
            ])),
        ),
        (
            "y",
            Arc::new(Float64Array::from(vec![Some(0.1 + 0.2), None])),
        ),
        ("zona", Arc::new(StringArray::from(vec!["01", "1"]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    write_parquet(&path, &batch.schema(), &[batch]).unwrap();
    let table = PlainTable::read(&path, &["id", "y", "zona"]).unwrap();
    assert_eq!(table.coded("id").1.len(), 2);
    assert_eq!(table.numbers("y").unwrap(), [Some(0.1 + 0.2), None]);
    assert_eq!(texts(&table, "zona"), ["01", "1"]);
    assert_eq!(PlainTable::names(&path).unwrap(), ["id", "y", "zona"]);
}
