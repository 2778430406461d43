//! Tests that a manifest turns off: a crate without unit tests says so, and is compiled once less; one that has them may not.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// What makes a file one with unit tests.
const UNIT: [&str; 2] = ["#[test]", "cfg(test)"];

/// Every library or program whose manifest turns off tests that its source has, in words; `metadata` is what cargo tells of the workspace.
pub(crate) fn faults(metadata: &Value) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    let members: Vec<&Value> = list(&metadata["workspace_members"]).collect();
    for package in list(&metadata["packages"]).filter(|package| members.contains(&&package["id"])) {
        for target in list(&package["targets"]) {
            let kinds: Vec<&str> = list(&target["kind"]).filter_map(Value::as_str).collect();
            let is_library = kinds.contains(&"lib");
            if !is_library && !kinds.contains(&"bin") {
                continue;
            }
            let lines = source(Path::new(target["src_path"].as_str().unwrap_or_default()))?;
            let name = package["name"].as_str().unwrap_or_default();
            if target["test"] == Value::Bool(false) && has_unit_tests(&lines) {
                faults.push(format!("`{name}` has unit tests, and `test = false`"));
            }
            if is_library && target["doctest"] == Value::Bool(false) && has_examples(&lines) {
                faults.push(format!(
                    "`{name}` has examples in its documentation, and `doctest = false`"
                ));
            }
        }
    }
    Ok(faults)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The lines of every source file in the folder of a target's root file.
fn source(root: &Path) -> Result<Vec<String>, String> {
    let mut folders = vec![root.parent().unwrap_or(root).to_path_buf()];
    let mut lines = Vec::new();
    while let Some(folder) = folders.pop() {
        let told = |fault: std::io::Error| format!("{}: {fault}", folder.display());
        for entry in fs::read_dir(&folder).map_err(told)? {
            let path = entry.map_err(told)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                lines.extend(
                    fs::read_to_string(&path)
                        .map_err(told)?
                        .lines()
                        .map(str::to_owned),
                );
            }
        }
    }
    Ok(lines)
}

fn has_unit_tests(lines: &[String]) -> bool {
    lines.iter().any(|line| {
        UNIT.iter()
            .any(|mark| line.trim_start().starts_with('#') && line.contains(mark))
    })
}

fn has_examples(lines: &[String]) -> bool {
    let is_open = |line: &String| {
        let line = line.trim_start();
        ["/// ```", "//! ```"]
            .iter()
            .any(|fence| line.starts_with(fence))
    };
    lines.iter().any(is_open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_turned_off_is_found() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        assert!(has_unit_tests(&lines("    #[cfg(test)]\n    mod tests {}")));
        assert!(!has_unit_tests(&lines(
            "// words about cfg(test) are no test"
        )));
        assert!(has_examples(&lines("/// ```\n/// assert!(true);\n/// ```")));
        assert!(!has_examples(&lines("/// `` ` `` is a mark")));
    }
}
