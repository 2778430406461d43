//! Recipes: the shipped one, and every slip of one at its place.

use wdl_encoding::{Recipe, Rows};
use wdl_vocab::{Diagnose as _, Diagnostic};

use crate::shipped;

const GOOD: &str = "\
id: good
combinations:
  - id: names
    rows: all
    parts: [surname, given_name, birth_date]
    variants: [swapped_names]
clk:
  rows: without_code
  fill: 0.4
  salt: [birth_year]
  diffusion: 10
  fields:
    - { field: surname, grams: letters_2, weight: 1, grams_mean: 8 }
    - { field: given_name, grams: letters_2, weight: 1, grams_mean: 8 }
    - { field: birth_date, grams: places, weight: 1, grams_mean: 8 }
";

fn read(text: &str) -> Result<Recipe, Vec<Diagnostic>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("good.yaml");
    std::fs::write(&path, text).unwrap();
    Recipe::read(&path).map_err(|error| error.diagnostics())
}

/// One edit of the file, the code that is told and the line.
#[track_caller]
fn check(from: &str, to: &str, expected: &[(&str, usize)]) -> Vec<Diagnostic> {
    assert!(GOOD.contains(from), "{from}");
    let diagnostics = read(&GOOD.replacen(from, to, 1)).unwrap_err();
    let found: Vec<(&str, usize)> = diagnostics
        .iter()
        .map(|one| {
            (
                one.code.id,
                one.place.as_ref().map_or(0, |place| place.line),
            )
        })
        .collect();
    assert_eq!(found, expected);
    diagnostics
}

#[test]
fn the_shipped_recipe() {
    let recipe = shipped();
    assert_eq!(recipe.id, "person");
    let all: Vec<&str> = recipe
        .combinations
        .iter()
        .filter(|one| one.rows == Rows::All)
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(all, ["names_birth"]);
    assert_eq!(recipe.clk.unwrap().rows, Rows::WithoutCode);
    assert!(read(GOOD).is_ok());
}

#[test]
fn each_fault_at_its_place() {
    let unknown = check("given_name, birth", "given_nme, birth", &[("WDL-G006", 5)]);
    assert_eq!(unknown[0].suggestion.as_deref(), Some("given_name"));
    check(
        "variants: [swapped_names]",
        "variant: [swapped_names]",
        &[("WDL-G003", 6)],
    );
    check("rows: all", "rows: everybody", &[("WDL-G006", 4)]);
    check("fill: 0.4", "fill: 0.9", &[("WDL-G031", 9)]);
    check("diffusion: 10", "diffusion: 100", &[("WDL-G031", 11)]);
    check("[birth_year]", "[shoe_size]", &[("WDL-G006", 10)]);
    check(
        "parts: [surname, given_name, birth_date]",
        "parts: [surname, surname, birth_date]",
        &[("WDL-G008", 5)],
    );
    check("id: names", "id: Names of people", &[("WDL-G005", 3)]);
    check("id: good", "id: better", &[("WDL-G027", 1)]);
    check("field: given_name", "field: surname", &[("WDL-G008", 14)]);
    check(
        "    - { field: birth_date, grams: places, weight: 1, grams_mean: 8 }\n",
        "",
        &[("WDL-G029", 8)],
    );
    check(
        "parts: [surname, given_name, birth_date]",
        "parts: [surname, given_name.sound, birth_date]",
        &[("WDL-G030", 6)],
    );
    check("fill: 0.4", "fill: much", &[("WDL-G005", 9)]);
}

#[test]
fn what_many_share_is_refused() {
    for weak in [
        "[surname, birth_date]",
        "[surname, given_name, sex]",
        "[surname.initial, birth_date, sex]",
        "[birth_place, birth_date, sex]",
    ] {
        let text = GOOD
            .replace("[surname, given_name, birth_date]", weak)
            .replace("    variants: [swapped_names]\n", "");
        let codes: Vec<&str> = read(&text)
            .unwrap_err()
            .iter()
            .map(|one| one.code.id)
            .collect();
        assert_eq!(codes, ["WDL-G028"], "{weak}");
    }
    assert_eq!(read("id: good\n").unwrap_err()[0].code.id, "WDL-G032");
}

#[test]
fn all_faults_are_told() {
    let text = GOOD
        .replace("rows: all", "rows: some")
        .replace("fill: 0.4", "fill: 2")
        .replace("id: good", "id: bad");
    assert_eq!(read(&text).unwrap_err().len(), 3);
}

#[test]
fn a_lab_without_recipes_has_none() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Recipe::read_all(folder.path()).unwrap().is_empty());
    let lab = concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena");
    let recipes = Recipe::read_all(std::path::Path::new(lab)).unwrap();
    assert_eq!(recipes.keys().collect::<Vec<_>>(), ["person"]);
    let missing = Recipe::read(&folder.path().join("none.yaml")).unwrap_err();
    assert_eq!(missing.diagnostic().code.id, "WDL-G001");
}

#[test]
fn fingerprints_tell_recipes_apart() {
    let (one, mut other) = (read(GOOD).unwrap(), read(GOOD).unwrap());
    assert_eq!(
        one.combinations[0].fingerprint(),
        other.combinations[0].fingerprint()
    );
    other.combinations[0].parts.reverse();
    assert_ne!(
        one.combinations[0].fingerprint(),
        other.combinations[0].fingerprint()
    );
    let (rule, mut changed) = (one.clk.unwrap(), other.clk.unwrap());
    assert_eq!(rule.fingerprint(), changed.fingerprint());
    changed.fields[0].weight = 2.0;
    assert_ne!(rule.fingerprint(), changed.fingerprint());
}
