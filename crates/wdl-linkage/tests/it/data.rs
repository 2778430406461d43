//! Records taken in: the same whatever their order, found by their ids, refused when ids are not unique.

use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_linkage::{Builder, Data, DataError};

type Row = (String, [String; 3]);

/// Rows of which some values repeat and some do not, more than are taken in at once.
fn rows(count: usize, seed: u64) -> Vec<Row> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..count)
        .map(|place| {
            let name = format!("NAME{}", random.random_range(0..200));
            let code = format!("{:016}", random.random_range(0..1_000_000_u64));
            let sex = ["M", "F", " F ", "", "\u{a0}M"][random.random_range(0..5)];
            (format!("{place:06}"), [name, code, sex.to_owned()])
        })
        .collect()
}

fn data(sources: &[&[Row]]) -> Result<Data, DataError> {
    let mut builder = Builder::new(["name", "code", "sex"].map(str::to_owned));
    for (place, rows) in sources.iter().enumerate() {
        builder.source(&format!("source {place}"));
        for (id, values) in *rows {
            builder.push(id, values.iter().map(String::as_str))?;
        }
    }
    builder.finish()
}

#[test]
fn the_order_of_the_rows_does_not_matter() {
    let mut one = rows(5000, 1);
    let mut other = rows(3001, 2);
    let first = data(&[&one, &other]).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(3);
    one.shuffle(&mut random);
    other.shuffle(&mut random);
    assert_eq!(first, data(&[&one, &other]).unwrap());
}

#[test]
fn every_value_comes_back_trimmed() {
    let rows = rows(4500, 4);
    let data = data(&[&rows]).unwrap();
    for (id, values) in &rows {
        let record = data.find(0, id).unwrap();
        assert_eq!(data.ids.get(record), id);
        for (column, value) in data.columns.iter().zip(values) {
            let place = column.cells[record as usize];
            assert_eq!(column.values.get(place), value.trim());
            assert_eq!(place == 0, value.trim().is_empty());
        }
    }
    assert_eq!(data.find(0, "4500"), None);
    assert_eq!(data.column("sex").unwrap().values.len(), 3);
}

#[test]
fn a_record_with_fewer_values_has_the_rest_missing() {
    let mut builder = Builder::new(["a", "b"].map(str::to_owned));
    builder.source("one");
    builder.push("1", ["x"]).unwrap();
    builder.push("2", ["y", "z", "beyond"]).unwrap();
    let data = builder.finish().unwrap();
    assert_eq!(data.columns[1].cells, [0, 1]);
}

#[test]
fn ids_are_there_and_stand_once_in_their_source() {
    let mut doubled = rows(10, 5);
    doubled.extend(rows(2, 6));
    let twice = DataError::DuplicateIds {
        source_name: "source 0".to_owned(),
        count: 2,
    };
    assert_eq!(data(&[&doubled]).unwrap_err(), twice);
    let once = rows(10, 5);
    assert!(
        data(&[&once, &once]).is_ok(),
        "another source may have them"
    );
    let mut without = rows(2, 7);
    without[1].0.clear();
    assert!(matches!(
        data(&[&without]),
        Err(DataError::NoId { place: 2, .. })
    ));
}

#[test]
fn nothing_is_a_table_too() {
    assert!(data(&[&[]]).unwrap().is_empty());
    let mut builder = Builder::new([]);
    builder.source("one");
    builder.push("1", []).unwrap();
    assert_eq!(builder.finish().unwrap().len(), 1);
}
