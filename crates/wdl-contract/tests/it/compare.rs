//! What a change between two versions of a contract is: in words, compatible or not, and the version it asks for.

use std::fs;

use wdl_contract::{CodeList, Contract, Raise, Versions, What, diff, diff_codes};
use wdl_vocab::Lang;

use crate::folder::{RESIDENTS, modena};

fn residents() -> String {
    fs::read_to_string(modena().join(RESIDENTS)).unwrap()
}

fn parse(text: &str) -> Contract {
    match Contract::parse("contract", text) {
        Ok(contract) => contract,
        Err(error) => panic!("{:#?}", error.faults()),
    }
}

/// One edit of the residents' contract is these changes and no others.
fn check(from: &str, to: &str, due: &[(What, &str, Raise)]) {
    let text = residents();
    assert!(text.contains(from), "{from}");
    let (old, new) = (parse(&text), parse(&text.replacen(from, to, 1)));
    let changes = diff(&old, &new);
    let found: Vec<(What, &str, Raise)> = changes
        .iter()
        .map(|change| (change.what, change.about.as_str(), change.asks))
        .collect();
    assert_eq!(found, due, "{from} → {to}");
    for change in &changes {
        assert!(change.text.get(Lang::It) != change.text.get(Lang::En));
    }
    let versions = Versions::of(&old, &new, &changes);
    assert!(
        !versions.is_right(),
        "the version is still {}",
        versions.new
    );
}

#[test]
fn each_change_is_named_and_weighed() {
    use Raise::{Major, Minor, Patch};
    let surname = "max_length\n            value: 80";
    check(
        surname,
        "max_length\n            value: 100",
        &[(What::Range, "cognome", Minor)],
    );
    check(
        surname,
        "max_length\n            value: 60",
        &[(What::Range, "cognome", Major)],
    );
    check(
        "value: coarsen_month",
        "value: keep",
        &[(What::Treatment, "birth_month", Major)],
    );
    check(
        "value: poverta",
        "value: casa",
        &[(What::Law, "wdl.purpose", Major)],
    );
    check(
        "value: [custode_secchia, custode_panaro]",
        "value: [custode_secchia]",
        &[(What::Law, "wdl.processors", Major)],
    );
    check(
        "it: \"Informativa",
        "it: \"Nuova informativa",
        &[(What::Law, "wdl.notice", Minor)],
    );
    check(
        "value: windows-1252",
        "value: utf8",
        &[(What::Form, "wdl.encoding", Minor)],
    );
    check(
        "due_days: 30",
        "due_days: 20",
        &[(What::Timing, "wdl.late_rule, wdl.drift", Minor)],
    );
    check(
        "physicalName: SESSO",
        "physicalName: GENERE",
        &[(What::PhysicalName, "sex", Major)],
    );
    check(
        "it: \"sesso\"",
        "it: \"genere\"",
        &[(What::Wording, "sex", Patch)],
    );
    check(
        "value: person.sex",
        "value: other.sex",
        &[(What::Semantic, "sex", Minor)],
    );
    check(
        "required: false",
        "required: true",
        &[(What::Constraint, "person", Major)],
    );
    check(
        "tenant: comune",
        "tenant: altro",
        &[(What::Wording, "", Patch)],
    );
    check(
        "value: to_justify",
        "value: note",
        &[(What::Rule, "episode-keeps-its-start", Minor)],
    );
    check(
        "en: \"Complete the date",
        "en: \"Fill in the date",
        &[(What::Rule, "end-has-its-reason", Patch)],
    );
}

/// The text of a column of the residents' contract, from its name to the next column.
fn column(text: &str, name: &str) -> String {
    let start = text.find(&format!("      - name: {name}\n")).unwrap();
    let rest = &text[start + 1..];
    let end = rest
        .find("      - name: ")
        .map_or(text.len(), |end| start + 1 + end);
    text[start..end].to_owned()
}

#[test]
fn columns_come_and_go() {
    let text = residents();
    let citizenship = column(&text, "citizenship");
    let old = parse(&text);
    let without = parse(&text.replace(&citizenship, ""));
    let gone = diff(&old, &without);
    assert_eq!((gone[0].what, gone.len()), (What::ColumnRemoved, 1));
    assert!(!gone[0].is_compatible());
    let back = diff(&without, &old);
    assert_eq!(
        (back[0].what, back[0].is_compatible()),
        (What::ColumnAdded, false)
    );
    let optional = text.replace(
        &citizenship,
        &citizenship.replace("required: true", "required: false"),
    );
    let added = diff(&without, &parse(&optional));
    assert_eq!(
        (added[0].what, added[0].is_compatible()),
        (What::ColumnAdded, true)
    );
}

#[test]
fn a_version_is_raised_as_far_as_the_changes_ask() {
    let text = residents();
    let treatment = text.replacen("value: coarsen_month", "value: keep", 1);
    for (version, is_right) in [
        ("1.0.1", false),
        ("1.1.0", false),
        ("2.0.0", true),
        ("0.9.0", false),
    ] {
        let old = parse(&text);
        let new = parse(&treatment.replacen("version: 1.0.0", &format!("version: {version}"), 1));
        let versions = Versions::of(&old, &new, &diff(&old, &new));
        assert_eq!(versions.is_right(), is_right, "{version}");
        assert_eq!(versions.due(), "2.0.0");
    }
    let same = Versions::of(&parse(&text), &parse(&text), &[]);
    assert!(same.is_right());
}

#[test]
fn a_list_that_loses_a_code_is_not_compatible() {
    let folder = tempfile::tempdir().unwrap();
    let list = |name: &str, text: &str| {
        let path = folder.path().join(name).join("fasi.csv");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        CodeList::read(&path).unwrap()
    };
    let old = list("old", "code,it,en\nA,uno,one\nB,due,two\nC,tre,three\n");
    let new = list("new", "code,it,en\nA,uno,one\nC,3,three\nD,quattro,four\n");
    let found: Vec<(String, Raise)> = diff_codes(&old, &new)
        .into_iter()
        .map(|change| (change.about, change.asks))
        .collect();
    let due = [
        ("fasi.B", Raise::Major),
        ("fasi.C", Raise::Patch),
        ("fasi.D", Raise::Minor),
    ];
    assert_eq!(found, due.map(|(about, asks)| (about.to_owned(), asks)));
}
