//! Both reports in both languages, and the JSON, as people get them.

use wdl_holder::report::{self, About};

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
    let about = About {
        contract: ground.contract("aiuti"),
        period: quarter(),
        synthetic: true,
    };
    let digest = ground.contract("aiuti").digest.to_string();
    for path in report::write(folder.path(), about, &checked).unwrap() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        insta::assert_snapshot!(name, text.replace(&digest, "[digest of the contract]"));
    }
}
