//! The catalog says what it has.

use std::collections::BTreeSet;

use wdl_evaluation::{EvaluationError, method, methods};

#[test]
fn every_method_has_its_file_and_its_own_name() {
    let names: Vec<&str> = methods().map(|method| method.name()).collect();
    let set: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(set.len(), names.len());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/methods");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "mod.rs")
        .map(|name| name.trim_end_matches(".rs").replace('_', "-"))
        .collect();
    let missing: Vec<&String> = files
        .iter()
        .filter(|file| !set.contains(file.as_str()))
        .collect();
    assert!(missing.is_empty(), "files without a method: {missing:?}");
}

#[test]
fn options_are_told_once_in_both_languages() {
    for method in methods() {
        let mut seen = BTreeSet::new();
        for option in method.options() {
            assert!(
                seen.insert(option.name),
                "{} has `{}` twice",
                method.name(),
                option.name
            );
            assert!(
                option.help.it != option.help.en,
                "{} `{}`",
                method.name(),
                option.name
            );
        }
        assert!(!method.title().it.is_empty() && method.title().it != method.title().en);
    }
}

#[test]
fn a_name_that_is_none_is_told_with_the_one_meant() {
    let fault = method("diference").err();
    assert_eq!(
        fault,
        Some(EvaluationError::UnknownMethod {
            name: "diference".to_owned(),
            meant: Some("difference".to_owned()),
        })
    );
}

#[test]
fn the_page_of_methods_is_what_the_catalog_says() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/methods.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        page == wdl_evaluation::document(),
        "make it again: cargo run -p wdl-evaluation --example methods"
    );
}
