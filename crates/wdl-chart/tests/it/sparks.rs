//! Lines the size of a word.

use wdl_chart::{ChartError, spark};

use crate::invented;

#[test]
fn a_series_with_a_gap() {
    let drawn = spark(&invented::series(), &Vec::new()).unwrap().unwrap();
    insta::assert_snapshot!("spark", drawn);
    assert_eq!(
        drawn.matches('M').count(),
        2,
        "the line breaks where a value is missing"
    );
}

#[test]
fn nothing_to_draw() {
    let mut table = invented::series();
    table.cells.truncate(1);
    assert_eq!(spark(&table, &Vec::new()), Ok(None));
    table.cells.clear();
    assert!(matches!(
        spark(&table, &Vec::new()),
        Err(ChartError::Empty { .. })
    ));
    let keys = vec![Some("Q9".to_owned())];
    assert!(matches!(
        spark(&invented::by_quartiere(), &keys),
        Err(ChartError::UnknownCategory { .. })
    ));
}
