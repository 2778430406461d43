//! The list for the office: read back with the reader of the bodies' files, as an office opens it.

use std::collections::BTreeMap;

use wdl_holder::report::{About, Full, Rows, Shareable, workbook};
use wdl_intake::{Answers, Chunk, Hints, Native, Reading};
use wdl_vocab::Lang;

use crate::support::{Aid, Ground, aid_file, quarter};

#[test]
fn del_csv_injection() {
    // Days after the twelfth, so that nothing is asked about the dates.
    let mut rows: Vec<Aid> = (14..20).map(Aid::good).collect();
    for (row, start) in rows.iter_mut().zip(["=", "+", "-", "@"]) {
        row.measure = format!("{start}cmd|' /C calc'!A0");
    }
    let ground = Ground::of_snapshots();
    let checked = ground.check("aiuti", aid_file(&rows).as_bytes());
    let about = About {
        contract: ground.contract("aiuti"),
        period: quarter(),
        synthetic: true,
        comparisons: &[],
    };
    let lines = rows
        .iter()
        .zip(2..)
        .map(|(row, line)| (line, vec![row.id.clone(), row.measure.clone()]));
    let rows = Rows {
        header: vec!["ID_EROGAZIONE".to_owned(), "MISURA".to_owned()],
        lines: lines.collect(),
    };
    let full = Full {
        file: "aiuti.csv",
        findings: &checked.findings,
        comparisons: &[],
        rows: &rows,
    };
    let report = Shareable::of(about, &checked);
    let bytes = workbook(&report, full, Lang::It);
    assert_eq!(
        bytes,
        workbook(&report, full, Lang::It),
        "the same check, the same bytes"
    );
    let zipped = String::from_utf8_lossy(&bytes);
    assert!(zipped.starts_with("PK"));
    let place = checked
        .findings
        .iter()
        .position(|finding| finding.column() == Some("MISURA"))
        .unwrap();
    let mut answers = Answers::default();
    answers.set("sheet", format!("{} MISURA", place + 1));
    let hints = Hints {
        contract: ground.contract("aiuti"),
        mapping: &BTreeMap::new(),
        answers: &answers,
    };
    let mut reading = Reading::from_bytes("aiuti.xlsx", bytes, hints).unwrap();
    let mut chunk = Chunk::new();
    let (mut seen, mut texts) = (0, 0);
    while reading.chunk(&mut chunk).unwrap() {
        for row in 0..chunk.rows() {
            for place in 0..chunk.width(row) {
                let cell = chunk.cell(row, place);
                seen += usize::from(cell.text.contains("cmd|"));
                texts += usize::from(cell.text.contains("cmd|") && cell.native == Native::Text);
            }
        }
    }
    // Each stands twice: as the value, and in its row.
    assert_eq!((seen, texts), (8, 8), "every cell of the file is text");
}
