//! Of a table of the base only the columns that a query can mean are read, and the answer stays.

use wdl_frame::{Scope, Sql, TableName, read_parquet, read_parquet_columns, write_parquet};

use crate::scope;

fn words(text: &str) -> Option<Vec<String>> {
    let words = Sql::parse("x.sql", text).unwrap().words()?;
    Some(words.into_iter().collect())
}

#[test]
fn the_words_of_a_query_hold_its_columns() {
    let named = words("SELECT Quartiere, 3 * importo AS triplo -- persona\nFROM base.t").unwrap();
    for name in ["quartiere", "importo"] {
        assert!(named.iter().any(|word| word == name), "{name}: {named:?}");
    }
    assert!(!named.iter().any(|word| word == "persona"), "{named:?}");
    assert!(words("SELECT COUNT(*) AS n FROM base.t").is_some());
    for whole in [
        "SELECT * FROM base.t",
        "SELECT DISTINCT * FROM base.t",
        "SELECT t.* FROM base.t AS t",
        "SELECT quota, * FROM base.t",
        "SELECT quota FROM (SELECT *, 1 AS uno FROM base.t) AS u",
    ] {
        assert_eq!(words(whole), None, "{whole}");
    }
}

#[test]
fn an_answer_is_the_same_over_the_columns_that_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.parquet");
    let all = Sql::parse("x.sql", "SELECT * FROM base.t").unwrap();
    let (schema, batches) = scope().run(&all).unwrap();
    write_parquet(&file, &schema, &batches).unwrap();
    for text in [
        "SELECT quartiere, sum(importo) AS totale FROM base.t GROUP BY quartiere ORDER BY 1",
        "SELECT count(*) AS n FROM base.t",
    ] {
        let sql = Sql::parse("x.sql", text).unwrap();
        let words = sql.words().unwrap();
        let answer = |read| {
            let (schema, batches) = read;
            let mut scope = Scope::new();
            let name = TableName::new("base", "t");
            scope.put(&name, schema, batches).unwrap();
            scope.run(&sql).unwrap()
        };
        let few = read_parquet_columns(&file, &|column| words.contains(column)).unwrap();
        assert!(few.0.fields().len() < 4, "{text}");
        assert_eq!(answer(few), answer(read_parquet(&file).unwrap()), "{text}");
    }
}
