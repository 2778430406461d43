//! Counts that the lab changes instead of hiding small ones: what its agreement says of each, read again from the file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// How the counts of an indicator are changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Change {
    /// To multiples of a base, so that sums are still sums.
    Rounded { base: f64 },
    /// By noise that each cell carries with it.
    Keyed { deviation: f64, variance: f64 },
    /// By noise drawn for the finest cells; `scale` is that of its two exponentials.
    Noisy { scale: f64 },
}

/// The changes of a lab, by indicator.
pub(crate) fn changes(lab: &Path) -> BTreeMap<String, Change> {
    let text = fs::read_to_string(lab.join("lab.yaml")).unwrap();
    let list = text.split_once("\n  methods:\n").unwrap().1;
    let lines = list.lines().map_while(|line| line.strip_prefix("    "));
    let entries = lines.filter(|line| !line.starts_with('#'));
    entries.map(entry).collect()
}

/// `- { indicator: a, method: b, base: 5 }`
fn entry(line: &str) -> (String, Change) {
    let inside = line
        .strip_prefix("- {")
        .and_then(|rest| rest.strip_suffix('}'));
    let inside = inside.unwrap_or_else(|| panic!("`{line}` is no entry"));
    let pairs: BTreeMap<&str, &str> = inside
        .split(',')
        .map(|pair| pair.split_once(':').unwrap())
        .map(|(key, value)| (key.trim(), value.trim()))
        .collect();
    let number = |key: &str| pairs[key].parse::<f64>().unwrap();
    let change = match pairs["method"] {
        "controlled_rounding" => Change::Rounded {
            base: number("base"),
        },
        "cell_keys" => Change::Keyed {
            deviation: number("deviation"),
            variance: number("variance"),
        },
        "differential_privacy" => Change::Noisy {
            scale: number("contributions") / number("epsilon"),
        },
        other => panic!("nobody computes `{other}` again"),
    };
    (pairs["indicator"].to_owned(), change)
}
