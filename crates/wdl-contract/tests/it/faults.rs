//! Every fault of a contract or a code list: its code, its line and, where a word is misspelt, the word that was meant.

use std::collections::BTreeSet;

use wdl_vocab::diagnostics::codes;
use wdl_vocab::{Diagnose, Diagnostic, Lang, diagnostics};

use crate::folder::{Copy, DWELLINGS, PASSI, RESIDENTS, SEX};

/// One small edit and what must be said about it.
#[derive(Clone)]
struct Case {
    file: &'static str,
    from: &'static str,
    to: &'static str,
    code: &'static str,
    /// The place: the line on which this text stands first, after the edit.
    at: &'static str,
    meant: Option<&'static str>,
}

/// A fault of one of the files, whose place is where the edit was made.
fn case(file: &'static str, from: &'static str, to: &'static str, code: &'static str) -> Case {
    let at = to;
    Case {
        file,
        from,
        to,
        code,
        at,
        meant: None,
    }
}

impl Case {
    fn at(mut self, text: &'static str) -> Case {
        self.at = text;
        self
    }

    fn meant(mut self, name: &'static str) -> Case {
        self.meant = Some(name);
        self
    }
}

/// The faults of keys.
fn keys() -> Vec<Case> {
    let shape = "  - property: wdl.shape\n    value: episode\n";
    let label =
        "          - property: wdl.label\n            value: { it: \"sesso\", en: \"sex\" }\n";
    vec![
        case(
            RESIDENTS,
            "domain: welfare",
            "\tdomain: welfare",
            "WDL-G002",
        )
        .at("status: active"),
        case(RESIDENTS, "status:", "statsu:", "WDL-G003").meant("status"),
        case(
            RESIDENTS,
            "physicalName: SESSO",
            "phisicalName: SESSO",
            "WDL-G003",
        )
        .meant("physicalName"),
        case(RESIDENTS, "wdl.encoding", "wdl.encodign", "WDL-G003").meant("wdl.encoding"),
        case(RESIDENTS, "wdl.treatment", "wdl.treatmnet", "WDL-G003").meant("wdl.treatment"),
        case(RESIDENTS, shape, "", "WDL-G004").at("- property: wdl.body"),
        case(RESIDENTS, label, "", "WDL-G004").at("- name: sex"),
        case(RESIDENTS, "        physicalName: SESSO\n", "", "WDL-G004").at("- name: sex"),
        case(
            RESIDENTS,
            "tenant: comune",
            "tenant: comune\ntenant: ausl",
            "WDL-G007",
        )
        .at("tenant: ausl"),
        case(RESIDENTS, "wdl.dataset", "wdl.body", "WDL-G007").at("wdl.body\n    value: residenti"),
    ]
}

/// The faults of values and words.
fn values() -> Vec<Case> {
    vec![
        case(RESIDENTS, "required: true", "required: yes", "WDL-G005"),
        case(RESIDENTS, "value: 40", "value: forty", "WDL-G005"),
        case(RESIDENTS, "version: 1.0.0", "version: 1.0", "WDL-G005"),
        case(
            RESIDENTS,
            "value: comune\n",
            "value: Comune di Modena\n",
            "WDL-G005",
        )
        .at("value: Comune di"),
        case(PASSI, "value: 6\n", "value: 60\n", "WDL-G005").at("value: 60"),
        case(
            RESIDENTS,
            "apiVersion: v3.1.0",
            "apiVersion: v3.0.2",
            "WDL-G006",
        )
        .meant("v3.1.0"),
        case(
            RESIDENTS,
            "logicalType: date",
            "logicalType: data",
            "WDL-G006",
        )
        .meant("date"),
        case(RESIDENTS, "value: keyed", "value: keyd", "WDL-G006").meant("keyed"),
        case(RESIDENTS, "value: tax_code", "value: taxcode", "WDL-G006").meant("tax_code"),
        case(RESIDENTS, "value: episode", "value: episodes", "WDL-G006").meant("episode"),
        case(
            RESIDENTS,
            "value: windows-1252",
            "value: cp1252",
            "WDL-G006",
        ),
        case(RESIDENTS, "value: sesso", "value: sessi", "WDL-G009").meant("sesso"),
        case(SEX, "code,it,en", "codice,it,en", "WDL-C010"),
        case(SEX, "M,maschi,men", "M,maschi", "WDL-C010"),
        case(SEX, "M,maschi,men", "M,,men", "WDL-C010"),
        case(SEX, "M,maschi,men", "F,maschi,men", "WDL-G008").at("F,femmine"),
    ]
}

/// Columns that do not make a dataset.
fn columns() -> Vec<Case> {
    vec![
        case(
            RESIDENTS,
            "- name: nome",
            "- name: cognome # twice",
            "WDL-G008",
        ),
        case(
            RESIDENTS,
            "physicalName: NOME",
            "physicalName: COGNOME # twice",
            "WDL-G008",
        ),
        case(
            RESIDENTS,
            "primaryKey: true",
            "primaryKey: false",
            "WDL-C011",
        )
        .at("- name: residenti"),
        case(RESIDENTS, "- name: valid_to", "- name: until", "WDL-C011").at("- name: residenti"),
        case(RESIDENTS, "value: oprf", "value: keep", "WDL-C011").at("- name: person"),
        case(
            RESIDENTS,
            "- name: residenti",
            "- name: abitanti",
            "WDL-C011",
        ),
        case(PASSI, "name: reference_year", "name: anno", "WDL-C011").at("- name: passi"),
        case(DWELLINGS, "value: keep", "value: coarsen_month", "WDL-C011").at("- name: rione"),
    ]
}

/// What the law and other programs need.
fn law() -> Vec<Case> {
    let head = "- property: wdl.body";
    let notice = "wdl.notice\n    value:\n      it:";
    vec![
        case(
            RESIDENTS,
            "wdl.legal_basis",
            "other.legal_basis",
            "WDL-C012",
        )
        .at(head),
        case(RESIDENTS, "wdl.notice", "other.notice", "WDL-C012").at(head),
        case(RESIDENTS, "wdl.controller", "other.controller", "WDL-C012").at(head),
        case(RESIDENTS, "wdl.processors", "other.processors", "WDL-C012").at(head),
        case(RESIDENTS, "wdl.purpose", "other.purpose", "WDL-C012").at(head),
        case(RESIDENTS, "wdl.retention", "other.retention", "WDL-C012").at(head),
        case(
            RESIDENTS,
            "wdl.controller\n    value: comune",
            "wdl.controller\n    value: \"\"",
            "WDL-C012",
        )
        .at("\"\""),
        case(
            RESIDENTS,
            notice,
            "wdl.notice\n    value:\n      ti:",
            "WDL-G003",
        )
        .at("ti: \"Informativa"),
        case(
            RESIDENTS,
            "logicalType: date",
            "logicalType: string # a date",
            "WDL-C013",
        ),
        case(
            DWELLINGS,
            "    properties:\n",
            "    quality: [{ id: one, type: sql, query: SELECT 1, customProperties: [{ property: wdl.message, value: { it: x, en: x } }, { property: wdl.fix, value: { it: x, en: x } }] }]\n    properties:\n",
            "WDL-C015",
        ),
    ]
}

/// Properties that do not go together.
fn together() -> Vec<Case> {
    let length = "wdl.max_length\n            value: 80";
    let end = "wdl.kind\n            value: date\n";
    vec![
        case(
            RESIDENTS,
            length,
            "wdl.max_length\n            value: 80\n          - property: wdl.min\n            value: 1",
            "WDL-G005",
        )
        .at("value: 1\n"),
        case(
            RESIDENTS,
            end,
            "wdl.kind\n            value: date\n          - property: wdl.not_before\n            value: valid_form\n",
            "WDL-G009",
        )
        .at("value: valid_form")
        .meant("valid_from"),
        case(
            RESIDENTS,
            end,
            "wdl.kind\n            value: date\n          - property: wdl.not_before\n            value: sex\n",
            "WDL-C011",
        )
        .at("- name: residenti"),
        case(RESIDENTS, "- name: cognome", "- name: Cognome", "WDL-C011"),
        case(RESIDENTS, "- name: cognome", "- name: line", "WDL-C011"),
        case(RESIDENTS, "due_days: 30", "due_days: -1", "WDL-G005").at("{ due_days"),
        case(RESIDENTS, "due_days: 30", "due_days: 30, last_days: 20", "WDL-G005").at("{ due_days"),
        case(
            RESIDENTS,
            "value: windows-1252",
            "value: windows-1252\n  - property: wdl.layout\n    value: fixed_width",
            "WDL-C011",
        )
        .at("- name: residenti"),
    ]
}

/// What is said of a slip is what must be said, in both languages.
fn check(case: &Case) -> Result<(), String> {
    let copy = Copy::new();
    copy.edit(case.file, case.from, case.to);
    let Err(error) = copy.read() else {
        return Err(format!("`{}` passed", case.to));
    };
    let found: Vec<Diagnostic> = error.faults().iter().map(Diagnose::diagnostic).collect();
    let Some(diagnostic) = found.iter().find(|one| one.code.id == case.code) else {
        return Err(format!("`{}` is not {} but {error}", case.to, case.code));
    };
    let text = copy.text(case.file);
    let before = text.find(case.at).map(|place| &text[..place]);
    let line = 1 + before.unwrap().matches('\n').count();
    let Some(place) = diagnostic.place.as_ref() else {
        return Err(format!("`{}` has no place: {error}", case.to));
    };
    let is_there = place.file.ends_with(case.file) && place.line == line;
    if !is_there || diagnostic.suggestion.as_deref() != case.meant {
        return Err(format!("`{}` is at line {line}: {diagnostic:?}", case.to));
    }
    for lang in Lang::ALL {
        let message = diagnostics::message(diagnostic, lang);
        assert!(!message.contains(['<', '{']), "{message}");
    }
    Ok(())
}

#[test]
fn every_slip_has_its_code_place_and_suggestion() {
    let slipped: Vec<String> = [keys(), values(), columns(), law(), together()]
        .concat()
        .iter()
        .filter_map(|case| check(case).err())
        .collect();
    assert!(slipped.is_empty(), "{}", slipped.join("\n"));
}

#[test]
fn a_column_is_told_to_the_letter() {
    let copy = Copy::new();
    copy.edit(
        RESIDENTS,
        "wdl.treatment\n            value: keyed",
        "wdl.treatment\n            value: keyd",
    );
    let error = copy.read().unwrap_err();
    let fault = &error.faults()[0];
    assert_eq!(fault.column, 20, "{fault}");
}

#[test]
fn what_is_not_text_is_told() {
    for (file, code) in [(RESIDENTS, "WDL-G001"), (SEX, "WDL-C010")] {
        let copy = Copy::new();
        copy.write(file, b"code,it,en\nA,citt\xe0,city\n");
        assert_eq!(
            copy.read().unwrap_err().diagnostic().code.id,
            code,
            "{file}"
        );
    }
    let copy = Copy::new();
    std::fs::remove_dir_all(copy.path().join("contracts")).unwrap();
    assert_eq!(copy.read().unwrap_err().diagnostic().code.id, "WDL-G001");
}

#[test]
fn a_contract_stands_at_its_place() {
    let copy = Copy::new();
    let text = copy.text(RESIDENTS);
    copy.write("contracts/comune/abitanti.odcs.yaml", text.as_bytes());
    let error = copy.read().unwrap_err();
    let found: Vec<&str> = error
        .faults()
        .iter()
        .map(|one| one.diagnostic().code.id)
        .collect();
    assert_eq!(found, ["WDL-G008", "WDL-G005"]);
}

#[test]
fn faults_of_many_files_are_told_at_once() {
    let copy = Copy::new();
    copy.edit(RESIDENTS, "value: keyed", "value: keyd")
        .edit(DWELLINGS, "value: rioni", "value: rione")
        .edit(PASSI, "status:", "stauts:");
    let error = copy.read().unwrap_err();
    assert_eq!(error.faults().len(), 3, "{:#?}", error.faults());
}

#[test]
fn every_code_of_the_station_is_met() {
    let cases = [keys(), values(), columns(), law(), together()].concat();
    let met: BTreeSet<&str> = cases
        .iter()
        .map(|case| case.code)
        .filter(|id| id.starts_with("WDL-C"))
        .chain(["WDL-C014"])
        .collect();
    let all: BTreeSet<&str> = codes::all()
        .map(|code| code.id)
        .filter(|id| id.starts_with("WDL-C"))
        .collect();
    assert_eq!(met, all);
}
