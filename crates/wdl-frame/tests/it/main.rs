//! The door to the engine, tested at its face.
#![expect(clippy::unwrap_used, reason = "tests")]

mod measures;
mod reading;

use std::sync::Arc;

use arrow::array::{Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use wdl_frame::{Columns, DataType, Field, Schema, Scope, Sql, SqlError, TableName};

fn scope() -> Scope {
    let schema = Arc::new(Schema::new(vec![
        Field::new("persona", DataType::Int64, true),
        Field::new("quartiere", DataType::Utf8, false),
        Field::new("importo", DataType::Decimal128(14, 2), false),
        Field::new("quota", DataType::Float64, false),
    ]));
    let batch = RecordBatch::try_new(
        schema.clone(),
        vec![
            Arc::new(Int64Array::from(vec![Some(1), Some(2), None])),
            Arc::new(StringArray::from(vec!["Q1", "Q2", "Q1"])),
            Arc::new(
                Decimal128Array::from(vec![1050, 250, 1])
                    .with_precision_and_scale(14, 2)
                    .unwrap(),
            ),
            Arc::new(Float64Array::from(vec![0.1, 0.2, 0.3])),
        ],
    )
    .unwrap();
    let mut scope = Scope::new();
    scope
        .put(&TableName::new("base", "t"), schema, vec![batch])
        .unwrap();
    scope
}

fn run(text: &str) -> Result<Columns, SqlError> {
    let (schema, batches) = scope().run(&Sql::parse("x.sql", text)?)?;
    Ok(Columns::new(&schema, &batches))
}

#[test]
fn a_select_answers_in_plain_columns() {
    let columns = run("SELECT quartiere, sum(importo) AS totale, count(*) AS n FROM base.t GROUP BY quartiere ORDER BY 1").unwrap();
    assert_eq!(
        columns.numbers("totale").unwrap(),
        vec![Some(10.51), Some(2.5)]
    );
    assert_eq!(columns.integers("n").unwrap(), vec![Some(2), Some(1)]);
    assert_eq!(columns.text("quartiere").unwrap().values, vec!["Q1", "Q2"]);
    assert!(columns.numbers("altro").is_err());
}

#[test]
fn dependencies_are_parsed_and_own_expressions_left_out() {
    let sql = Sql::parse("x.sql", "WITH a AS (SELECT * FROM register.comune_residenti) SELECT * FROM a JOIN codes.rioni USING (rione)").unwrap();
    let names: Vec<String> = sql.tables().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["codes.rioni", "register.comune_residenti"]);
}

#[test]
fn only_one_select_over_the_labs_schemas() {
    assert!(matches!(
        Sql::parse("x.sql", "SELEC 1"),
        Err(SqlError::Syntax { line: 1, .. } | SqlError::NotOneSelect { .. })
    ));
    for bad in [
        "DROP TABLE base.t",
        "SELECT 1; SELECT 2",
        "COPY base.t TO 'x'",
        "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
        "INSERT INTO base.t SELECT 1",
    ] {
        assert!(
            matches!(Sql::parse("x.sql", bad), Err(SqlError::NotOneSelect { .. })),
            "{bad}"
        );
    }
    assert!(matches!(
        Sql::parse("x.sql", "SELECT * FROM information_schema.tables"),
        Err(SqlError::UnknownSchema { .. })
    ));
    assert!(matches!(
        Sql::parse("x.sql", "SELECT * FROM t"),
        Err(SqlError::UnknownSchema { .. })
    ));
}

#[test]
fn floating_sums_are_refused_wherever_they_hide() {
    for bad in [
        "SELECT sum(quota) AS s FROM base.t",
        "SELECT avg(quota) FROM base.t",
        "SELECT * FROM (SELECT quartiere, sum(quota) AS s FROM base.t GROUP BY 1)",
        "SELECT sum(quota) OVER () FROM base.t",
        "SELECT (SELECT sum(quota) FROM base.t) AS s FROM base.t",
        "SELECT sum(importo * quota) FROM base.t",
        "SELECT stddev(persona) FROM base.t",
    ] {
        assert!(
            matches!(run(bad), Err(SqlError::FloatingSum { .. })),
            "{bad}"
        );
    }
    assert!(run("SELECT sum(importo), sum(persona) FROM base.t").is_ok());
}

#[test]
fn a_wrong_name_has_a_place_and_a_suggestion() {
    let column = run("SELECT\n  quartire FROM base.t").err().unwrap();
    assert!(
        matches!(&column, SqlError::UnknownColumn { meant: Some(meant), line: 2, column: 3, .. } if meant == "quartiere"),
        "{column:?}"
    );
    let qualified = run("SELECT a.quartire FROM base.t a").err().unwrap();
    assert!(
        matches!(&qualified, SqlError::UnknownColumn { meant: Some(meant), .. } if meant == "quartiere"),
        "{qualified:?}"
    );
    let table = run("SELECT 1 FROM base.u").err().unwrap();
    assert!(
        matches!(
            table,
            SqlError::UnknownTable {
                line: 1,
                column: 15,
                ..
            }
        ),
        "{table:?}"
    );
    assert!(matches!(
        run("SELECT quartiere + persona + DATE '2020-01-01' FROM base.t"),
        Err(SqlError::Plan { .. })
    ));
}

#[test]
fn a_run_fills_the_period() {
    let text = "SELECT $first_day AS f, $last_day AS l, $period AS p, $year AS y, $year - 1 AS b, CAST(date_part('year', $last_day) AS BIGINT) = $year AS same FROM base.t LIMIT 1";
    let sql = Sql::parse("x.sql", text).unwrap();
    assert!(matches!(scope().run(&sql), Err(SqlError::NoPeriod { .. })));
    let mut scope = Scope::of("2024-Q1".parse().unwrap());
    let schema = Arc::new(Schema::new(vec![Field::new("x", DataType::Int64, true)]));
    let one = RecordBatch::try_new(schema.clone(), vec![Arc::new(Int64Array::from(vec![1]))]);
    scope
        .put(&TableName::new("base", "t"), schema, vec![one.unwrap()])
        .unwrap();
    let (schema, batches) = scope.run(&sql).unwrap();
    assert_eq!(schema.field(0).data_type(), &DataType::Date32);
    assert_eq!(schema.field(3).data_type(), &DataType::Int64);
    let columns = Columns::new(&schema, &batches);
    assert_eq!(columns.text("f").unwrap().values, ["2024-01-01"]);
    assert_eq!(columns.text("l").unwrap().values, ["2024-03-31"]);
    assert_eq!(columns.text("p").unwrap().values, ["2024-Q1"]);
    assert_eq!(columns.integers("b").unwrap(), [Some(2023)]);
    assert_eq!(columns.text("same").unwrap().values, ["true"]);
    assert!(matches!(
        Sql::parse("x.sql", "SELECT $last_dai AS d FROM base.t"),
        Err(SqlError::UnknownParameter { meant: Some(meant), line: 1, column: 8, .. }) if meant == "$last_day"
    ));
}

#[test]
fn the_clock_and_chance_are_refused() {
    for bad in [
        "SELECT now() AS n FROM base.t",
        "SELECT current_date AS n FROM base.t",
        "SELECT random() AS n FROM base.t",
        "SELECT persona FROM base.t WHERE random() > 0.5",
    ] {
        assert!(
            matches!(run(bad), Err(SqlError::NotRepeatable { .. })),
            "{bad}"
        );
    }
}

#[test]
fn comments_do_not_change_the_meaning() {
    let one = Sql::parse("x.sql", "-- a\nSELECT  persona FROM base.t").unwrap();
    let two = Sql::parse("x.sql", "select persona\n  from base.t -- b").unwrap();
    assert_eq!(one.canonical(), two.canonical());
}

#[test]
fn parquet_keeps_rows_and_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (schema, batches) = scope()
        .run(&Sql::parse("x.sql", "SELECT * FROM base.t ORDER BY quota").unwrap())
        .unwrap();
    let (one, two) = (
        folder.path().join("a.parquet"),
        folder.path().join("b.parquet"),
    );
    wdl_frame::write_parquet(&one, &schema, &batches).unwrap();
    wdl_frame::write_parquet(&two, &schema, &batches).unwrap();
    assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
    let (_, again) = wdl_frame::read_parquet(&one).unwrap();
    assert_eq!(again, batches);
    assert!(wdl_frame::read_parquet(&folder.path().join("c.parquet")).is_err());
    std::fs::write(&one, b"PAR1nothing").unwrap();
    assert!(wdl_frame::read_parquet(&one).is_err());
}
