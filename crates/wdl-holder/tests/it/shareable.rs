//! The shareable report holds no cell of the file, whatever is in it.

use proptest::prelude::*;
use wdl_holder::check::Checked;
use wdl_holder::report::{self, About, Rows};

use crate::support::{AID_HEADER, Ground, quarter};

/// The shareable report in all its forms, and the full one; the workbook is read back as the office reads it.
fn reports(ground: &Ground, dataset: &str, checked: &Checked) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let about = About {
        contract: ground.contract(dataset),
        period: quarter(),
        synthetic: true,
        comparisons: &[],
    };
    let (mut shareable, mut full) = (String::new(), String::new());
    for path in report::write(folder.path(), about, checked, &Rows::default()).unwrap() {
        let name = path.to_string_lossy().into_owned();
        if name.ends_with(".xlsx") {
            assert!(name.contains(".full."), "the workbook never travels");
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        match name.contains(".full.") {
            true => full.push_str(&text),
            false => shareable.push_str(&text),
        }
    }
    (shareable, full)
}

/// A cell that stands nowhere else: a canary.
fn canary() -> impl Strategy<Value = String> {
    prop_oneof![
        "Q[XKWJ]{7}Q",
        "7[0-9]{9}7,13",
        "31/02/19[0-9]{2}7",
        "Q[xk]{6}@q\\.it"
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_cell_travels(rows in prop::collection::vec(prop::array::uniform7(canary()), 1..12)) {
        let ground = Ground::read();
        let mut text = format!("{AID_HEADER}\n");
        for row in &rows {
            text.push_str(&row.join(";"));
            text.push('\n');
        }
        let checked = ground.check("aiuti", text.as_bytes());
        prop_assert!(checked.findings.counts().error > 0);
        let (shareable, full) = reports(ground, "aiuti", &checked);
        for cell in rows.iter().flatten() {
            prop_assert!(!shareable.contains(cell.as_str()), "a cell travels");
        }
        // The same canaries are seen where they may be.
        prop_assert!(full.contains(rows[0][3].as_str()));
    }

    /// A name that the contract does not know may be a person's: the file's own name, and a column's.
    #[test]
    fn no_name_of_the_file_travels(name in "Q[xk]{5}", header in "Q[XK]{6}", cell in canary()) {
        let ground = Ground::read();
        let text = format!("{AID_HEADER};{header}\n{};{cell}\n", [cell.as_str(); 7].join(";"));
        let checked = ground.check_named(&format!("{name}.csv"), "aiuti", text.as_bytes());
        let (shareable, full) = reports(ground, "aiuti", &checked);
        for canary in [&name, &header, &cell] {
            prop_assert!(!shareable.contains(canary.as_str()), "a name travels");
        }
        prop_assert!(full.contains(name.as_str()));
    }

    #[test]
    fn no_row_read_as_a_header_travels(row in prop::array::uniform7(canary())) {
        let ground = Ground::read();
        let text = format!("{}\n{}\n", row.join(";"), row.join(";"));
        let checked = ground.check("aiuti", text.as_bytes());
        let (shareable, _) = reports(ground, "aiuti", &checked);
        for cell in &row {
            prop_assert!(!shareable.contains(cell.as_str()), "a cell travels");
        }
    }
}

#[test]
fn a_synthetic_lab_says_so_everywhere() {
    let ground = Ground::read();
    let checked = ground.check("aiuti", AID_HEADER.as_bytes());
    let (shareable, full) = reports(ground, "aiuti", &checked);
    // Two pages and the JSON's pair.
    assert_eq!(shareable.matches("DATI SINTETICI").count(), 2);
    assert_eq!(shareable.matches("SYNTHETIC DATA").count(), 2);
    assert_eq!(full.matches("DATI SINTETICI").count(), 1);
}
