//! Schemas of plain files: read and written, their fingerprint, and both ways of encoding against each other.

use proptest::prelude::*;
use wdl_encoding::{
    Cut, EncodingKey, FieldCells, Filter, Grams, NormalForm, RecordCache, SaltPart, Schema,
    SchemaEncoder, SchemaField,
};

use crate::key;

fn schema() -> Schema {
    let field = |name: &str, form, grams, weight, grams_mean| SchemaField {
        name: name.to_owned(),
        columns: vec![format!("col {name}")],
        form,
        grams,
        weight,
        grams_mean,
    };
    let part = |field: &str, cut| SaltPart {
        field: field.to_owned(),
        cut,
    };
    Schema {
        fill: 0.4,
        diffusion: 3,
        fields: vec![
            field("surname", NormalForm::Surname, Grams::Letters(2), 3.0, 8.0),
            field("given", NormalForm::GivenName, Grams::Letters(2), 3.0, 7.0),
            field("born", NormalForm::Date, Grams::Places, 3.0, 8.0),
            field("street", NormalForm::Street, Grams::Letters(2), 1.0, 10.5),
        ],
        filters: vec![
            Filter::default(),
            Filter {
                salt: vec![part("born", Cut::Year)],
            },
            Filter {
                salt: vec![part("surname", Cut::Initial), part("given", Cut::Whole)],
            },
            Filter {
                salt: vec![part("surname", Cut::Start), part("born", Cut::Day)],
            },
        ],
    }
}

#[test]
fn what_is_written_is_read() {
    let schema = schema();
    let text = schema.write();
    assert_eq!(Schema::read("s.yaml", &text).unwrap(), schema, "{text}");
    assert_eq!(
        schema.salts(),
        [
            "",
            "born.year",
            "surname.initial + given",
            "surname.start + born.day"
        ]
    );
}

#[test]
fn the_fingerprint_covers_all_that_must_agree() {
    let mine = schema();
    let changes: [fn(&mut Schema); 9] = [
        |schema| schema.fill = 0.41,
        |schema| schema.diffusion = 4,
        |schema| schema.fields[0].weight = 2.5,
        |schema| schema.fields[0].grams_mean = 8.5,
        |schema| schema.fields[0].grams = Grams::Letters(3),
        |schema| schema.fields[0].form = NormalForm::Text,
        |schema| schema.fields.swap(0, 1),
        |schema| schema.filters[1].salt[0].cut = Cut::Whole,
        |schema| schema.filters.truncate(2),
    ];
    for (nth, change) in changes.into_iter().enumerate() {
        let mut other = schema();
        change(&mut other);
        assert_ne!(mine.fingerprint(), other.fingerprint(), "change {nth}");
    }
    let mut other = schema();
    other.fields[0].columns.clear();
    assert_eq!(
        mine.fingerprint(),
        other.fingerprint(),
        "headers need not agree"
    );
}

#[test]
fn faults_are_told_at_their_place() {
    for (from, to, expected) in [
        (
            "fill: 0.4",
            "fill: 0.9",
            "5:7: `fill` is between 0.05 and 0.6",
        ),
        ("born.year", "birth.year", "`birth.year` is not in `fields`"),
        ("form: date", "form: dato", "`dato` is not one of"),
        (
            "grams: places",
            "grams: letters_9",
            "`letters_9` is not one of",
        ),
        (
            "format: wdl-clk-2",
            "format: wdl-clk-9",
            "`wdl-clk-9` is not one of",
        ),
        (
            "length: 1024",
            "length: 2048",
            "`length` is between 1024 and 1024",
        ),
        (
            "field: given",
            "field: surname",
            "`surname` stands twice in `fields`",
        ),
    ] {
        let text = schema().write().replacen(from, to, 1);
        let error = Schema::read("s.yaml", &text).unwrap_err();
        let faults: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
        assert!(
            faults.iter().any(|fault| fault.contains(expected)),
            "{expected}: {faults:?}"
        );
    }
}

#[test]
fn the_check_value_tells_keys_apart_and_is_no_key() {
    let agreed = schema().fingerprint();
    let mine = key().check_value(&agreed.0);
    assert_eq!(mine, key().check_value(&agreed.0));
    let other = EncodingKey::from_secret(b"another project").check_value(&agreed.0);
    assert_ne!(mine, other);
    assert_ne!(mine, key().check_value(b"another schema"));
}

#[test]
fn a_missing_salt_leaves_its_vector_out() {
    let encoder = SchemaEncoder::new(&schema(), &key());
    let mut cache = RecordCache::default();
    let has = |cache: &mut RecordCache, cells: [&str; 4]| -> Vec<bool> {
        let vectors = encoder.encode(cache, cells);
        vectors.iter().map(Option::is_some).collect()
    };
    let cache = &mut cache;
    assert_eq!(has(cache, ["ROSSI", "ADA", "1980-05-17", ""]), [true; 4]);
    assert_eq!(
        has(cache, ["ROSSI", "ADA", "1900-01-01", "VIA EMILIA"]),
        [true, false, true, false]
    );
    assert_eq!(
        has(cache, ["N.D.", "ADA", "1980-05-17", "VIA EMILIA"]),
        [true, true, false, false]
    );
    assert_eq!(
        has(cache, ["ROSSI", "ADA", "", ""]),
        [false; 4],
        "two fields"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn columns_and_rows_give_the_same(
        rows in proptest::collection::vec(
            ("[A-C' ]{0,4}", "[A-B]{0,3}", "(19[78][0-9]-0[1-3]-1[0-9]|)", ".{0,12}"),
            1..30,
        ),
        cached in any::<bool>(),
    ) {
        let encoder = SchemaEncoder::new(&schema(), &key());
        let rows: Vec<[&str; 4]> = rows.iter().map(|(a, b, c, d)| [a.as_str(), b, c, d]).collect();
        let columns: Vec<(Vec<&str>, Vec<u32>)> = (0..4)
            .map(|field| {
                let mut values: Vec<&str> = rows.iter().map(|row| row[field]).collect();
                values.sort_unstable();
                values.dedup();
                let place = |row: &[&str; 4]| values.binary_search(&row[field]).unwrap() as u32;
                let cells = rows.iter().map(place).collect();
                (values, cells)
            })
            .collect();
        let columns: Vec<FieldCells<'_>> = columns
            .iter()
            .map(|(values, cells)| FieldCells { values, cells })
            .collect();
        let by_columns = encoder.encode_columns(&columns);
        let mut cache = RecordCache::default();
        for (row, cells) in rows.iter().enumerate() {
            if !cached {
                cache = RecordCache::default();
            }
            let by_row = encoder.encode(&mut cache, *cells);
            for (filter, vector) in by_row.iter().enumerate() {
                prop_assert_eq!(vector.is_some(), by_columns[filter].present[row]);
                prop_assert_eq!(vector.unwrap_or([0; 128]), by_columns[filter].bits[row]);
            }
        }
    }
}

/// The columns of rows: surname, given name, birth date and street.
fn columns_of<'v>(rows: &'v [[&'v str; 4]]) -> ([Vec<&'v str>; 4], Vec<u32>) {
    let column = |nth: usize| rows.iter().map(|row| row[nth]).collect();
    ([0, 1, 2, 3].map(column), (0..).take(rows.len()).collect())
}

fn apart(rows: &[[&str; 4]]) -> wdl_encoding::Apart {
    let (values, cells) = columns_of(rows);
    let columns = values.each_ref().map(|values| FieldCells {
        values,
        cells: &cells,
    });
    SchemaEncoder::new(&schema(), &key()).encode_apart(&columns)
}

/// How many of 1024 bits two vectors differ in; of unrelated ones about half.
fn off(a: &[u8; 128], b: &[u8; 128]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}

const TWINS: [[&str; 4]; 5] = [
    ["GUERZONI", "MARTA", "1987-05-04", "VIA DELLE ROSE"],
    ["GUERZONI", "ELISA", "1987-05-04", "VIA DELLE ROSE"],
    ["LUGLI", "ANTONIO", "1987-11-23", "CORSO CANALCHIARO"],
    ["RIGHI", "SARA", "1990-01-30", "VIA EMILIA"],
    ["RIGHI", "SARA", "1990-01-30", "VIA EMILIA"],
];

#[test]
fn twins_of_one_file_are_not_alike() {
    let apart = apart(&TWINS);
    assert_eq!(apart.pairs, [(0, 1)], "equal rows are no two people");
    for (nth, (before, after)) in apart.before.iter().zip(&apart.vectors).enumerate() {
        let is_shown = off(&before.bits[0], &before.bits[1]) < 400;
        // The one without salt is for the schema to answer for; the given name as a salt tells twins apart.
        assert_eq!(is_shown, nth != 2, "vector {nth}");
        let changed: Vec<usize> = (0..5)
            .filter(|row| before.bits[*row] != after.bits[*row])
            .collect();
        let is_apart = off(&after.bits[0], &after.bits[1]) > 420;
        match nth {
            0 | 2 => assert_eq!(changed, [0_usize; 0]),
            _ => assert!(
                changed.len() == 1 && changed[0] < 2 && is_apart,
                "{nth}: {changed:?}"
            ),
        }
        assert_eq!(after.bits[3], after.bits[4]);
    }
}

#[test]
fn who_is_changed_does_not_depend_on_the_order_of_rows() {
    let mut turned = TWINS;
    turned.reverse();
    let (one, other) = (apart(&TWINS), apart(&turned));
    for (one, other) in one.vectors.iter().zip(&other.vectors) {
        let mut back = other.bits.clone();
        back.reverse();
        assert_eq!(one.bits, back);
    }
}

/// Two bodies that have the same two people change the same one, in the same way.
#[test]
fn two_files_of_the_same_people_still_agree() {
    let (one, other) = (apart(&TWINS[..2]), apart(&TWINS));
    for (one, other) in one.vectors.iter().zip(&other.vectors) {
        assert_eq!(one.bits[..2], other.bits[..2]);
    }
}

#[test]
fn of_nobody_nothing_is_made() {
    let apart = apart(&[]);
    assert_eq!((apart.pairs.len(), apart.vectors.len()), (0, 4));
}
