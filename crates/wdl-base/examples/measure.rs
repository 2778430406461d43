//! How long a base of a whole city takes: `cargo run -p wdl-base --example measure -- 185000 FOLDER`.
//!
//! The rows are drawn, not lived: numbers of rows and of moves are those of a city, nothing else is.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{ArrayRef, Int64Array, StringArray, new_null_array};
use arrow::compute::cast;
use wdl_base::{Effective, Models, Source, SourceFault, Span};
use wdl_contract::{Contract, Contracts, Kind};
use wdl_frame::{DataType, RecordBatch, TableName};
use wdl_register::Register;
use wdl_vocab::{DeliveryId, Digest, Period};

struct Drawn(BTreeMap<TableName, (Effective, RecordBatch)>);

impl Source for Drawn {
    fn effective(&self) -> Vec<Effective> {
        let mut all: Vec<Effective> = self.0.values().map(|(one, _)| one.clone()).collect();
        all.sort();
        all
    }

    fn rows(&self, table: &TableName) -> Result<RecordBatch, SourceFault> {
        Ok(self.0[table].1.clone())
    }
}

/// Rows of a dataset per hundred residents.
fn rows_of(table: &str, residents: i64) -> i64 {
    let per_hundred = match table {
        "comune_residenti" => 200,
        "comune_redditi" => 560,
        "agenzia_lavoro_rapporti_lavoro" => 120,
        "comune_alloggi" => 50,
        "comune_contratti_affitto" => 30,
        "comune_isee" => 100,
        "comune_aiuti" => 30,
        "agenzia_lavoro_disoccupazione" => 30,
        "ausl_passi" => return 1,
        _ => 3,
    };
    residents * per_hundred / 100
}

fn mix(row: i64, salt: i64) -> i64 {
    let mixed = (row + 1)
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(salt.wrapping_mul(1_442_695_040_888_963_407));
    ((mixed >> 20) ^ mixed) & i64::MAX
}

fn column(
    contracts: &Contracts,
    contract: &Contract,
    name: &str,
    kind: &DataType,
    rows: i64,
    residents: i64,
) -> ArrayRef {
    let each = |value: &dyn Fn(i64) -> Option<i64>| -> ArrayRef {
        let numbers: Int64Array = (0..rows).map(value).collect();
        Arc::new(numbers)
    };
    let is_key = contract.column(name).is_some_and(|column| column.is_key);
    let days = |array: ArrayRef| {
        let narrow = cast(&array, &DataType::Int32).expect("days are small");
        cast(&narrow, &DataType::Date32).expect("days are days")
    };
    let list = contract.column(name).map(|column| &column.kind);
    match (name, list, kind) {
        _ if is_key => each(&|row| Some(mix(row, 7))),
        ("person", ..) => each(&|row| (row % 97 > 0).then_some(row % residents)),
        ("household", ..) => each(&|row| Some(row % residents / 2)),
        ("dwelling" | "tenant", ..) => each(&|row| Some(row % residents / 2)),
        ("birth_month", ..) => days(each(&|row| Some(mix(row, 3) % 29_000 - 10_000))),
        ("valid_from", ..) => days(each(&|row| {
            Some(if row < residents {
                15_000
            } else {
                17_200 + mix(row, 5) % 3_400
            })
        })),
        ("valid_to", ..) => days(each(&|row| {
            (row >= residents || row % 10 == 0).then_some(20_700)
        })),
        ("event_date", ..) => days(each(&|row| Some(17_200 + mix(row, 5) % 3_400))),
        ("reference_year", ..) => each(&|row| Some(2017 + row * 8 / rows)),
        (_, Some(Kind::Code { list }), _) => {
            let codes = contracts.lists().get(list).expect("a list of the contract");
            let codes: Vec<&str> = codes.rows().iter().map(|row| row.code.as_str()).collect();
            let pick = |row: i64| codes[usize::try_from(mix(row, 11)).unwrap_or(0) % codes.len()];
            Arc::new(
                (0..rows)
                    .map(|row| Some(pick(row)))
                    .collect::<StringArray>(),
            )
        }
        (_, _, DataType::Decimal128(..) | DataType::Int64) => {
            let numbers = each(&|row| Some(mix(row, 13) % 900));
            cast(&numbers, kind).expect("small numbers fit")
        }
        (_, _, kind) => new_null_array(kind, usize::try_from(rows).unwrap_or(0)),
    }
}

fn drawn(contracts: &Contracts, residents: i64) -> Drawn {
    let mut tables = BTreeMap::new();
    for contract in contracts.iter() {
        let rows = rows_of(&contract.table(), residents);
        let schema = Register::schema(contract);
        let columns = schema
            .fields()
            .iter()
            .map(|field| match field.name().as_str() {
                "delivery" | "delivery_period" => {
                    let text: StringArray = (0..rows).map(|_| Some("one")).collect();
                    cast(&text, field.data_type()).expect("text has a dictionary")
                }
                name => column(
                    contracts,
                    contract,
                    name,
                    field.data_type(),
                    rows,
                    residents,
                ),
            })
            .collect();
        let effective = Effective {
            body: contract.body.clone(),
            dataset: contract.dataset.clone(),
            period: Period::quarter(2025, 4),
            delivery: DeliveryId::parse("one").expect("a plain word"),
            content: Digest::of(b"drawn"),
        };
        let batch = RecordBatch::try_new(schema, columns).expect("columns of the contract");
        tables.insert(effective.table(), (effective, batch));
    }
    Drawn(tables)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let residents: i64 = arguments.next().ok_or("residents")?.parse()?;
    let state = arguments.next().ok_or("a folder")?;
    let lab = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena"));
    let span = Span::new(Period::quarter(2017, 1), Period::quarter(2026, 3)).ok_or("a span")?;
    let start = Instant::now();
    let contracts = Contracts::read(lab)?;
    println!("contracts {:?}", start.elapsed());
    let models = Models::read(lab, &contracts)?;
    println!("models {:?}", start.elapsed());
    let source = Box::new(drawn(&contracts, residents));
    println!("drawn {:?}", start.elapsed());
    let start = Instant::now();
    let plan = wdl_base::plan_from(&models, source, span, Path::new(&state), None)?;
    println!("plan of {} steps {:?}", plan.steps().len(), start.elapsed());
    let mut spent: BTreeMap<String, (u64, std::time::Duration)> = BTreeMap::new();
    let mut last = Instant::now();
    let snapshot = wdl_base::build(plan, &mut |progress| {
        let entry = spent.entry(progress.table.to_string()).or_default();
        entry.0 += progress.rows;
        entry.1 += last.elapsed();
        last = Instant::now();
    })?;
    println!("built {} {:?}", snapshot.id(), start.elapsed());
    for (table, (rows, time)) in spent {
        println!("  {table}: {rows} rows, {time:?} of wall between finishes");
    }
    Ok(())
}
