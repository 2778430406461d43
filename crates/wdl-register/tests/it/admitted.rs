//! What comes in, and what the effective rows are.

use std::path::{Path, PathBuf};

use wdl_crypto::{HashKey, SealingKey};
use wdl_register::{Accepted, Register, RegisterError};
use wdl_vocab::Diagnose as _;

use crate::invented::{Home, Lab, homes, numbers, passi, words};

const HISTORY: [Home; 4] = [
    (1, Some(11), "F", 10),
    (2, Some(12), "M", 20),
    (3, None, "F", 30),
    (4, Some(11), "F", 40),
];

#[test]
fn a_delivery_comes_in_and_its_rows_are_the_labs() {
    let lab = Lab::new();
    let delivery = lab.homes(1, &HISTORY);
    let id = delivery.id().clone();
    let accepted = lab.admit(delivery, &[]).unwrap();
    assert_eq!((accepted.rows, accepted.rows_without_person), (4, 1));
    assert_eq!(accepted.delivery, id);

    let contract = lab.contract("comune", "case");
    let rows = lab
        .register
        .dataset(contract, std::slice::from_ref(&accepted))
        .unwrap();
    assert_eq!(rows.schema(), Register::schema(contract));
    assert_eq!(rows.num_rows(), 4);
    let records = numbers(&rows, "record");
    assert!(records.is_sorted() && records.iter().all(|id| id.is_some_and(|id| id >= 0)));
    let mut persons = numbers(&rows, "person");
    persons.sort_unstable();
    persons.dedup();
    assert_eq!(persons.len(), 3, "two people and one unknown");
    assert!(persons.contains(&Some(lab.id_key.number("person", &[11; 32]))));
    assert_eq!(words(&rows, "delivery_period"), vec!["2026-Q1"; 4]);
    assert_eq!(
        words(&rows, "delivery"),
        vec![accepted.delivery.to_string(); 4]
    );
    assert_eq!(lab.register.sealed(&accepted).unwrap().id(), &id);

    let text = serde_json::to_string(&accepted).unwrap();
    assert_eq!(serde_json::from_str::<Accepted>(&text).unwrap(), accepted);
}

#[test]
fn a_later_row_replaces_the_earlier_one() {
    let lab = Lab::new();
    let first = lab.admit(lab.homes(1, &HISTORY), &[]).unwrap();
    let news = [(2, Some(12), "F", 21), (9, Some(19), "M", 90)];
    let second = lab
        .admit(lab.homes(2, &news), std::slice::from_ref(&first))
        .unwrap();
    let contract = lab.contract("comune", "case");
    let rows = lab
        .register
        .dataset(contract, &[second.clone(), first.clone()])
        .unwrap();
    assert_eq!(rows.num_rows(), 5);
    let place = numbers(&rows, "record")
        .iter()
        .position(|id| *id == Some(lab.id_key.number("record", &[2; 32])))
        .unwrap();
    assert_eq!(words(&rows, "sex")[place], "F");
    assert_eq!(words(&rows, "delivery_period")[place], "2026-Q2");
    let periods = words(&rows, "delivery_period");
    assert_eq!(
        periods.iter().filter(|period| *period == "2026-Q1").count(),
        3
    );
    assert_eq!(
        rows,
        lab.register.dataset(contract, &[first, second]).unwrap()
    );
}

#[test]
fn the_slow_and_obvious_way_agrees() {
    let lab = Lab::new();
    let mut accepted = Vec::new();
    let mut expected = std::collections::BTreeMap::new();
    for quarter in 1..=3_i8 {
        let mut rows: Vec<Home> = Vec::new();
        for step in 0..30_u8 {
            let record = (step * 7 + quarter.unsigned_abs() * 13) % 101;
            let day = i32::from(quarter) * 1000 + i32::from(step);
            if rows.iter().all(|row| row.0 != record) {
                rows.push((record, Some(record / 2), "M", day));
                expected.insert(lab.id_key.number("record", &[record; 32]), (day, quarter));
            }
        }
        accepted.push(lab.admit(lab.homes(quarter, &rows), &accepted).unwrap());
    }
    let rows = lab
        .register
        .dataset(lab.contract("comune", "case"), &accepted)
        .unwrap();
    let days = arrow::compute::cast(
        rows.column_by_name("valid_from").unwrap(),
        &arrow::datatypes::DataType::Int32,
    )
    .unwrap();
    let days = arrow::array::AsArray::as_primitive::<arrow::datatypes::Int32Type>(&days);
    let actual: Vec<(i64, (i32, i8))> = numbers(&rows, "record")
        .into_iter()
        .zip(days.values())
        .zip(words(&rows, "delivery_period"))
        .map(|((id, day), period)| (id.unwrap(), (*day, period[6..].parse().unwrap())))
        .collect();
    assert_eq!(actual, expected.into_iter().collect::<Vec<_>>());
}

#[test]
fn an_aggregate_is_known_by_its_year_and_group() {
    let lab = Lab::new();
    let seal = |quarter, rows: &[(i64, &str, i128)]| {
        lab.seal(lab.declaration("ausl", "passi", quarter), &passi(rows))
    };
    let first = seal(
        1,
        &[(2025, "M", 5000), (2024, "F", 4000), (2025, "F", 6000)],
    );
    let first = lab.admit(first, &[]).unwrap();
    assert_eq!(first.rows_without_person, 0);
    let second = lab
        .admit(seal(2, &[(2025, "F", 6100)]), std::slice::from_ref(&first))
        .unwrap();
    let rows = lab
        .register
        .dataset(lab.contract("ausl", "passi"), &[first, second])
        .unwrap();
    assert_eq!(
        numbers(&rows, "reference_year"),
        [Some(2024), Some(2025), Some(2025)]
    );
    assert_eq!(words(&rows, "group"), ["F", "F", "M"]);
    assert_eq!(
        words(&rows, "delivery_period"),
        ["2026-Q1", "2026-Q2", "2026-Q1"]
    );
    let twice = seal(3, &[(2023, "F", 1), (2023, "F", 2), (2023, "M", 2)]);
    let answer = lab.answer(twice, &[]).unwrap();
    assert_eq!(
        (answer.accepted.rows, answer.accepted.rows_rejected),
        (1, 2)
    );
}

#[test]
fn nothing_delivered_is_an_empty_dataset() {
    let lab = Lab::new();
    let contract = lab.contract("comune", "case");
    let rows = lab.register.dataset(contract, &[]).unwrap();
    assert_eq!(
        (rows.num_rows(), rows.schema()),
        (0, Register::schema(contract))
    );
    let empty = lab.admit(lab.homes(1, &[]), &[]).unwrap();
    assert_eq!(
        lab.register.dataset(contract, &[empty]).unwrap().num_rows(),
        0
    );
}

#[test]
fn the_order_of_the_rows_leaves_no_trace() {
    let lab = Lab::new();
    let mut other = Lab::new();
    // The same secrets in another lab: only the order of the rows differs.
    let key = lab.folder.path().join("id.key");
    lab.id_key.write(&key).unwrap();
    other.id_key = HashKey::read(&key).unwrap();
    let mut turned = HISTORY;
    turned.reverse();
    let one = lab.admit(lab.homes(1, &HISTORY), &[]).unwrap();
    let two = other.admit(other.homes(1, &turned), &[]).unwrap();
    assert_eq!(one.content, two.content);
    other.id_key = HashKey::generate();
    other.sealing_key = SealingKey::generate();
    let three = other.admit(other.homes(2, &turned), &[]).unwrap();
    assert_ne!(one.content, three.content);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

#[test]
fn no_token_and_no_half_file_stands_on_the_disk() {
    let lab = Lab::new();
    lab.admit(lab.homes(1, &HISTORY), &[]).unwrap();
    let files = files(&lab.folder.path().join("state"));
    assert_eq!(files.len(), 2, "{files:?}");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        for token in [1, 2, 3, 4, 11, 12] {
            assert!(
                !bytes.windows(12).any(|window| window == [token; 12]),
                "{file:?}"
            );
        }
        assert_ne!(file.extension().unwrap(), "part");
    }
}

#[test]
fn a_changed_file_of_the_register_is_seen() {
    let lab = Lab::new();
    let accepted = lab.admit(lab.homes(1, &HISTORY), &[]).unwrap();
    let path = lab.folder.path().join("state").join(&accepted.file);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let contract = lab.contract("comune", "case");
    let refused = lab
        .register
        .dataset(contract, std::slice::from_ref(&accepted))
        .unwrap_err();
    assert!(matches!(refused, RegisterError::Damaged { .. }));
    std::fs::remove_file(&path).unwrap();
    let refused = lab.register.dataset(contract, &[accepted]).unwrap_err();
    assert_eq!(refused.diagnostic().code.id, "WDL-R001");
}

#[test]
fn what_came_in_before_a_crash_comes_in_again() {
    // The files were written, the ledger was not: the same delivery is received again, with the same outcome.
    let lab = Lab::new();
    let delivery = lab.homes(1, &HISTORY);
    let again = wdl_delivery::Delivery::from_bytes(&delivery.to_bytes().unwrap()).unwrap();
    let first = lab.admit(delivery, &[]).unwrap();
    assert_eq!(lab.admit(again, &[]).unwrap(), first);
    assert_eq!(homes(&HISTORY).num_rows() as u64, first.rows);
}
