//! Encodings a second on one core, a JSON line for each way of encoding: from cells as they stand in a file to vectors of 1024 bits.
//!
//! Nine fields a record, as many different values as a city has; normal forms and caches are part of the time, reading the file is not.

use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;

use wdl_encoding::{
    BirthDate, Cache, Cut, Encoder, EncodingKey, FieldCells, Filter, Grams, NormalForm, Person,
    Recipe, RecordCache, SaltPart, Schema, SchemaEncoder, SchemaField, Values,
};

const COUNT: usize = 200_000;

fn main() {
    let records: Vec<[String; 9]> = (0..COUNT).map(record).collect();
    let plain = vec![Filter::default()];
    let part = |field: &str, cut| SaltPart {
        field: field.to_owned(),
        cut,
    };
    let salted = vec![
        Filter {
            salt: vec![part("date", Cut::Year)],
        },
        Filter {
            salt: vec![part("surname", Cut::Initial), part("given", Cut::Initial)],
        },
        Filter {
            salt: vec![part("post_code", Cut::Whole)],
        },
    ];
    measure("plain, one vector", &schema(0, plain.clone()), &records);
    measure("diffused, one vector", &schema(2, plain), &records);
    measure(
        "salted by the year and diffused, one vector",
        &schema(2, salted[..1].to_vec()),
        &records,
    );
    measure(
        "three salts and diffused, three vectors",
        &schema(2, salted),
        &records,
    );
    people(&records);
}

fn schema(diffusion: usize, filters: Vec<Filter>) -> Schema {
    use NormalForm::{Date, GivenName, Number, Street, Surname, Text};
    let field = |name: &str, form, grams, weight, grams_mean| SchemaField {
        name: name.to_owned(),
        columns: Vec::new(),
        form,
        grams,
        weight,
        grams_mean,
    };
    Schema {
        fill: 0.4,
        diffusion,
        fields: vec![
            field("given", GivenName, Grams::Letters(2), 3.0, 7.0),
            field("surname", Surname, Grams::Letters(2), 3.0, 8.0),
            field("number", Number, Grams::Places, 0.5, 2.5),
            field("street", Street, Grams::Letters(2), 1.0, 12.0),
            field("street_2", Street, Grams::Letters(2), 1.0, 10.0),
            field("suburb", Text, Grams::Letters(2), 1.0, 10.0),
            field("post_code", Number, Grams::Places, 0.5, 5.0),
            field("state", Text, Grams::Whole, 0.25, 1.0),
            field("date", Date, Grams::Places, 3.0, 8.0),
        ],
        filters,
    }
}

fn measure(what: &str, schema: &Schema, records: &[[String; 9]]) {
    let encoder = SchemaEncoder::new(schema, &EncodingKey::from_bytes(&[7; 32]));
    let start = cpu_seconds();
    let mut cache = RecordCache::default();
    for record in records {
        black_box(encoder.encode(&mut cache, record.iter().map(String::as_str)));
    }
    report(
        &format!("{what}, row by row"),
        9,
        cpu_seconds() - start,
        None,
    );
    let start = cpu_seconds();
    let columns: Vec<(Vec<&str>, Vec<u32>)> = (0..9)
        .map(|field| {
            let mut places: HashMap<&str, u32> = HashMap::new();
            let mut values = Vec::new();
            let cells = records.iter().map(|record| {
                *places.entry(&record[field]).or_insert_with(|| {
                    values.push(record[field].as_str());
                    values.len() as u32 - 1
                })
            });
            let cells = cells.collect();
            (values, cells)
        })
        .collect();
    let columns: Vec<FieldCells<'_>> = columns
        .iter()
        .map(|(values, cells)| FieldCells { values, cells })
        .collect();
    let vectors = encoder.encode_columns(&columns);
    let seconds = cpu_seconds() - start;
    let ones = vectors.iter().flat_map(|one| one.bits.iter().flatten());
    let ones: u64 = ones.map(|byte| u64::from(byte.count_ones())).sum();
    let fill = ones as f64 / (records.len() * schema.filters.len() * 1024) as f64;
    report(
        &format!("{what}, by columns, their values gathered first"),
        9,
        seconds,
        Some(fill),
    );
}

/// The people of a lab's recipe: five fields, one vector salted and diffused.
fn people(records: &[[String; 9]]) {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../labs/modena/linkage/person.yaml"
    );
    let recipe = Recipe::read(Path::new(path)).expect("the shipped recipe is right");
    let rule = recipe
        .clk
        .as_ref()
        .expect("the shipped recipe has an encoding");
    let encoder = Encoder::new(rule, &EncodingKey::from_bytes(&[7; 32]));
    let mut cache = Cache::default();
    let people: Vec<Person> = records
        .iter()
        .enumerate()
        .map(|(nth, record)| {
            Person::normal(&Values {
                surname: Some(&record[1]),
                given_name: Some(&record[0]),
                birth_date: BirthDate::new(
                    1930 + (nth % 90) as u16,
                    1 + (nth % 12) as u8,
                    1 + (nth % 28) as u8,
                ),
                sex: Some(if nth.is_multiple_of(2) { "F" } else { "M" }),
                birth_place: Some(&record[5]),
            })
        })
        .collect();
    let start = cpu_seconds();
    for person in &people {
        black_box(encoder.clk(&mut cache, person));
    }
    let seconds = cpu_seconds() - start;
    report(
        "the shipped recipe, from normal forms",
        rule.fields.len(),
        seconds,
        None,
    );
}

fn report(what: &str, fields: usize, seconds: f64, fill: Option<f64>) {
    let fill = fill.map_or("null".to_owned(), |fill| format!("{fill:.3}"));
    println!(
        "{{\"what\":\"{what}\",\"fields\":{fields},\"bits\":1024,\"records\":{COUNT},\"cpu_seconds\":{seconds:.3},\"records_per_second\":{:.0},\"mean_fill_out\":{fill}}}",
        COUNT as f64 / seconds
    );
}

/// The seconds that this thread has had a core, as Linux counts them: the machine may have other work.
fn cpu_seconds() -> f64 {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux counts");
    let nanoseconds = counted.split(' ').next().expect("three numbers");
    nanoseconds.parse::<f64>().expect("a number") / 1e9
}

/// An invented record, always the same for its number.
fn record(nth: usize) -> [String; 9] {
    let mut state = nth as u64;
    let mut draw = |below: u64| {
        // SplitMix64.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below
    };
    // A square makes the first of a list commoner than the last.
    let mut of = |count: u64| draw(count) * draw(count) / count;
    [
        word(of(600), 2),
        word(of(20_000), 3),
        of(260).to_string(),
        format!("{} {}", word(of(40), 2), word(of(1_800), 3)),
        word(of(900), 4),
        word(of(500), 4),
        format!("{}", 41_000 + of(120)),
        ["nsw", "vic", "qld", "wa", "sa"][of(5) as usize].to_owned(),
        format!("{:04}-{:02}-{:02}", 1930 + of(90), 1 + of(12), 1 + of(28)),
    ]
}

fn word(number: u64, syllables: u32) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "ber", "bo", "ca", "co", "da", "di", "fer", "ga", "gi", "la", "le", "li", "lo", "ma",
        "men", "na", "ni", "ra", "ri", "sa", "ta", "ti", "zo",
    ];
    let mut text = String::new();
    let mut rest = number * 7 + 3;
    for _ in 0..syllables {
        text.push_str(SYLLABLES[(rest % 24) as usize]);
        rest = rest / 24 + number * 31 % 97;
    }
    text
}
