//! Every hostile input the house promises to refuse has a test that bears its name.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The inputs of deliveries, tax codes and pseudonyms, by the names under which `SECURITY.md` speaks of them.
const NAMES: &[&str] = &[
    "del-truncated",
    "del-bitflip",
    "del-wrong-recipient",
    "del-replay",
    "del-old-after-new",
    "del-contract-mismatch",
    "del-extra-column",
    "del-missing-column",
    "del-cf-in-free-text",
    "del-identifier-in-metadata",
    "del-encoding",
    "del-csv-injection",
    "del-zip-bomb",
    "del-huge-row",
    "del-duplicate-rows",
    "cf-bad-check",
    "cf-omocodia",
    "cf-collision",
    "cf-numeric-11",
    "cf-company",
    "cf-unicode",
    "cf-century",
    "oprf-invalid-point",
    "oprf-key-mismatch",
    "oprf-rate",
    "oprf-evaluator-down",
    "key-rotation-midway",
    "clock-skew",
    "cert-expired",
];

/// The functions marked as tests in a file, without what follows the name.
fn tests_of(text: &str, found: &mut BTreeSet<String>) {
    let mut is_marked = false;
    for line in text.lines().map(str::trim) {
        match line
            .strip_prefix("fn ")
            .or_else(|| line.strip_prefix("async fn "))
        {
            Some(rest) if is_marked => {
                let name = rest.split('(').next().unwrap_or_default();
                found.insert(name.to_owned());
                is_marked = false;
            }
            _ if line == "#[test]" => is_marked = true,
            // What may stand between the mark and the function: other attributes, comments.
            _ if line.starts_with('#') || line.starts_with("//") => {}
            _ => is_marked = false,
        }
    }
}

fn walk(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the workspace can be read") {
        let path = entry.expect("the workspace can be read").path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            tests_of(&fs::read_to_string(&path).expect("a source is text"), found);
        }
    }
}

#[test]
fn every_bad_input_has_its_test() {
    let mut found = BTreeSet::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates"),
        &mut found,
    );
    let missing: Vec<&str> = NAMES
        .iter()
        .copied()
        .filter(|name| {
            let function = name.replace('-', "_");
            // `del_truncated` itself, or a case of it: `del_truncated_inside_a_batch`.
            !found.iter().any(|test| {
                test.strip_prefix(&function)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            })
        })
        .collect();
    assert!(missing.is_empty(), "no test is named for {missing:?}");
}
