//! Synthetic difference-in-differences.

use crate::asked::{File, ask};

const PANEL: &[(&str, &str)] = &[
    ("outcome", "PacksPerCapita"),
    ("unit", "State"),
    ("period", "Year"),
    ("treatment", "treated"),
];

#[test]
fn proposition_99() {
    let Some(file) = File::reference("prop99.csv", b';') else {
        return;
    };
    let answer = ask("sdid", &file, PANEL).unwrap();
    assert!((answer.estimates[0].estimate + 15.603_827_872_733_87).abs() < 1e-6);
    assert!((answer.estimates[1].estimate + 27.349_111_083_614_922).abs() < 1e-9);
    assert!(answer.estimates[0].interval.is_some());
    let again = ask("sdid", &file, PANEL).unwrap();
    assert_eq!(answer.estimates, again.estimates);
    let jackknife = [PANEL, &[("variance", "jackknife"), ("solver", "exact")]].concat();
    let answer = ask("sdid", &file, &jackknife).unwrap();
    assert_eq!(answer.estimates[0].standard_error, None);
    assert!(
        answer
            .notes
            .iter()
            .any(|note| note.key == "no_standard_error")
    );
}

#[test]
fn treatments_that_are_none() {
    let file = |treatment: [u8; 12]| {
        File::default()
            .with("y", &[1, 2, 3, 2, 3, 5, 1, 1, 2, 4, 5, 6])
            .with(
                "u",
                &["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"],
            )
            .with("t", &[1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
            .with("d", &treatment)
    };
    let options = [
        ("outcome", "y"),
        ("unit", "u"),
        ("period", "t"),
        ("treatment", "d"),
    ];
    let fault = |treatment| {
        ask("sdid", &file(treatment), &options)
            .unwrap_err()
            .to_string()
    };
    assert!(fault([0; 12]).contains("no unit is treated"));
    assert!(fault([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).contains("a ends"));
    assert!(fault([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]).contains("2 different periods"));
    assert!(fault([0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]).contains("1 periods before"));
    assert!(
        ask(
            "sdid",
            &file([0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            &options
        )
        .is_ok()
    );
    let many = [options.as_slice(), &[("draws", "1")]].concat();
    assert!(ask("sdid", &file([0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]), &many).is_err());
}
