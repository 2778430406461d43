//! The measures as aggregate functions: by hand, by group, in any order, and what they refuse.

use std::sync::Arc;

use arrow::array::{Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use wdl_frame::{Columns, DataType, Field, Schema, Scope, Sql, SqlError, TableName};

/// Ten incomes from 100 to 1000 euro in a group, four equal ones in another, a missing one in both.
fn scope(is_turned: bool) -> Scope {
    let schema = Arc::new(Schema::new(vec![
        Field::new("gruppo", DataType::Utf8, false),
        Field::new("reddito", DataType::Decimal128(14, 2), true),
        Field::new("peso", DataType::Float64, false),
        Field::new("numero", DataType::Int64, false),
    ]));
    let ten = (1..=10).map(|step| ("dieci", Some(step * 10_000), 1.0));
    let four = (0..4).map(|_| ("quattro", Some(50_000), 2.5));
    let mut rows: Vec<(&str, Option<i128>, f64)> = ten.chain(four).collect();
    rows.push(("dieci", None, 1.0));
    rows.push(("quattro", None, 1.0));
    if is_turned {
        rows.reverse();
    }
    let numbers: Int64Array = (0..rows.len() as i64).map(Some).collect();
    let batch = RecordBatch::try_new(
        schema.clone(),
        vec![
            Arc::new(rows.iter().map(|row| Some(row.0)).collect::<StringArray>()),
            Arc::new(
                rows.iter()
                    .map(|row| row.1)
                    .collect::<Decimal128Array>()
                    .with_precision_and_scale(14, 2)
                    .unwrap(),
            ),
            Arc::new(rows.iter().map(|row| Some(row.2)).collect::<Float64Array>()),
            Arc::new(numbers),
        ],
    )
    .unwrap();
    let mut scope = Scope::new();
    scope
        .put(&TableName::new("base", "redditi"), schema, vec![batch])
        .unwrap();
    scope
}

fn ask(scope: &Scope, select: &str) -> Result<Vec<Option<f64>>, SqlError> {
    let text = format!("SELECT {select} AS x FROM base.redditi GROUP BY gruppo ORDER BY gruppo");
    let (schema, batches) = scope.run(&Sql::parse("prova.sql", &text).unwrap())?;
    Ok(Columns::new(&schema, &batches).numbers("x").unwrap())
}

#[test]
fn they_are_the_kernel_s_by_group_and_in_any_order() {
    for (select, ten, four) in [
        ("wquantile(reddito, peso, 0.5)", Some(550.0), Some(500.0)),
        ("wquantile(reddito, 1, 0.25)", Some(300.0), Some(500.0)),
        ("gini(reddito, peso)", Some(0.3), Some(0.0)),
        ("qsr(reddito, peso)", Some(1_900.0 / 300.0), None),
        ("arpr(reddito, peso, 330)", Some(0.3), Some(0.0)),
        ("fgt(reddito, peso, 200, 1)", Some(0.05), Some(0.0)),
        ("fgt(reddito, peso, 600, 2)", None, Some(1.0 / 36.0)),
    ] {
        let straight = ask(&scope(false), select).unwrap();
        assert_eq!(straight, ask(&scope(true), select).unwrap(), "{select}");
        for (got, want) in straight.iter().zip([ten, four]) {
            if let Some(want) = want {
                assert!((got.unwrap() - want).abs() < 1e-12, "{select}: {got:?}");
            }
        }
    }
}

#[test]
fn what_cannot_be_computed_is_null_and_what_makes_no_sense_is_told() {
    let scope = scope(false);
    let nobody = ask(
        &scope,
        "gini(CASE WHEN gruppo = 'dieci' THEN reddito END, peso)",
    )
    .unwrap();
    assert!(nobody[0].is_some() && nobody[1].is_none(), "{nobody:?}");
    let threshold = ask(&scope, "fgt(reddito, peso, 0, 1)").unwrap();
    assert_eq!(threshold, [None, None]);
    for (select, word) in [
        ("arpr(reddito, peso, numero)", "in all rows"),
        ("gini(reddito, -1)", "weight"),
        ("gini(DISTINCT reddito, peso)", "DISTINCT"),
    ] {
        let fault = ask(&scope, select).unwrap_err();
        assert!(fault.to_string().contains(word), "{select}: {fault}");
    }
    assert!(ask(&scope, "gini(reddito)").is_err(), "a weight is needed");
}
