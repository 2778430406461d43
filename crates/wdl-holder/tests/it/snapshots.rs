//! Both reports in both languages, and the JSON, as people get them.

use wdl_holder::report::{self, About, CodesChanged, Comparison, Line, Rows, Unit};

use wdl_vocab::{Period, Text};

use crate::support::{Aid, Ground, aid_file, quarter};

#[test]
fn reports() {
    let mut rows: Vec<Aid> = (0..12).map(Aid::good).collect();
    rows[1].tax_code = "STP0361230000001".into();
    rows[2].tax_code.clear();
    rows[3].tax_code = "RSSMRA80A01F257X".into();
    rows[4].measure = "utenza".into();
    rows[5].amount = "12O,50".into();
    for row in &mut rows[6..] {
        row.date = "31/02/2026".into();
    }
    rows[11].note = "<b>bis</b> & ter".repeat(3);
    let ground = Ground::of_snapshots();
    let checked = ground.check("aiuti", aid_file(&rows).as_bytes());
    let folder = tempfile::tempdir().unwrap();
    let line = |label: (&'static str, &'static str), unit, before, now| Line {
        label: Text::fixed(label.0, label.1),
        unit,
        before,
        now,
    };
    let comparisons = [Comparison {
        with: Period::quarter(2025, 4),
        lines: vec![
            line(("Righe", "Rows"), Unit::Count, 15.0, 12.0),
            line(("Totale", "Total"), Unit::Euro, 1871.25, 1260.0),
            line(("Senza nota", "Without a note"), Unit::Percent, 80.0, 91.7),
        ],
        codes: vec![CodesChanged {
            column: "MISURA".to_owned(),
            appeared: vec!["utenze".to_owned()],
            gone: vec!["affitto".to_owned()],
        }],
    }];
    let about = About {
        contract: ground.contract("aiuti"),
        period: quarter(),
        synthetic: true,
        comparisons: &comparisons,
    };
    let digest = ground.contract("aiuti").digest.to_string();
    for path in report::write(folder.path(), about, &checked, &Rows::default()).unwrap() {
        if path.extension().is_some_and(|ending| ending == "xlsx") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        insta::assert_snapshot!(name, text.replace(&digest, "[digest of the contract]"));
    }
}
