//! Nothing of a contract is lost between reading and writing, whatever section of the standard it stands in.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use wdl_contract::{Contract, Drift, LateRule, Layout, Semantic};
use wdl_vocab::{Lang, Severity};
use wdl_yaml::{Node, Source};

use crate::folder::modena;

const FULL: &str = include_str!("cases/full.odcs.yaml");

/// Everything a text says, before any room has looked at it.
fn tree(text: &str) -> Node {
    let read = Source::of("contract", text).tree::<wdl_contract::ContractFault>();
    read.unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

fn parse(text: &str) -> Contract {
    match Contract::parse("contract", text) {
        Ok(contract) => contract,
        Err(error) => panic!("{:#?}\n{text}", error.faults()),
    }
}

/// What is written says the same as what was read, and is read as the same again.
fn check(text: &str) {
    let first = parse(text);
    let written = first.to_yaml();
    let second = parse(&written);
    assert_eq!(first.document(), second.document(), "{written}");
    assert_eq!(written, second.to_yaml());
    same_letters(&tree(text), &tree(&written));
}

/// Every letter of every scalar stands in both, in the same order: only quotes may differ.
fn same_letters(old: &Node, new: &Node) {
    assert_eq!(old.letters(), new.letters());
    assert_eq!(old.items().len(), new.items().len());
    assert_eq!(old.entries().len(), new.entries().len());
    for (old, new) in old.items().iter().zip(new.items()) {
        same_letters(old, new);
    }
    for ((key, old), (name, new)) in old.entries().iter().zip(new.entries()) {
        assert_eq!(key, name);
        same_letters(old, new);
    }
}

fn shipped_files() -> Vec<PathBuf> {
    let bodies = fs::read_dir(modena().join("contracts")).unwrap();
    let files = bodies.flat_map(|body| fs::read_dir(body.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn the_shipped_contracts_are_written_as_they_were_read() {
    let files = shipped_files();
    assert_eq!(files.len(), 14);
    for file in files {
        check(&fs::read_to_string(file).unwrap());
    }
}

#[test]
fn every_section_of_the_standard_is_written_as_it_was_read() {
    check(FULL);
}

#[test]
fn what_other_readers_misread_is_quoted() {
    let written = parse(FULL).to_yaml();
    for line in [
        "id: \"036023\"",
        "version: \"1.10.0\"",
        "domain: \"NO\"",
        "dataProduct: \"2026-01-31\"",
        "tags: [sociale, \"1.10\", \"on\"]",
        "{ it: \"NO\", en: \"036023\" }",
        // Of another program: a number stays the number it was, to the letter.
        "\"036023\", 036023]",
        "priceAmount: 0.00",
    ] {
        assert!(written.contains(line), "{line}\n{written}");
    }
}

#[test]
fn the_lab_reads_its_part_of_every_section() {
    let contract = parse(FULL);
    assert_eq!(
        (contract.id.as_str(), contract.version.as_str()),
        ("036023", "1.10.0")
    );
    assert_eq!(contract.title.get(Lang::It), "NO");
    assert_eq!(contract.retention, "36");
    assert_eq!(contract.layout, Layout::FixedWidth);
    assert_eq!(
        contract.notice.url.as_deref(),
        Some("https://example.org/i")
    );
    assert_eq!(contract.roles.joint_controllers, ["unimore"]);
    assert_eq!(contract.roles.processors, ["custode_a", "custode_b"]);
    let late = LateRule {
        due_days: 20,
        last_days: Some(60),
    };
    assert_eq!(contract.late, Some(late));
    let usual = Drift::default();
    let drift = Drift {
        rows: Some(0.5),
        ..usual
    };
    assert_eq!(contract.drift, drift);
    assert_eq!(contract.linkage.as_deref(), Some("person"));
    let person = contract.column("person").unwrap();
    assert_eq!(person.semantic, Some(Semantic::TaxCode));
    assert_eq!(person.width, Some((10, 16)));
    assert_eq!(
        contract.column("event_date").unwrap().format.as_deref(),
        Some("yyyyMMdd")
    );
    let [rule] = contract.sql_rules.as_slice() else {
        panic!("{:#?}", contract.sql_rules)
    };
    assert_eq!(
        (rule.id.as_str(), rule.counts, rule.severity),
        ("positive", true, Severity::Error)
    );
    assert_eq!(
        rule.lines,
        "SELECT count(*) FROM segnalazioni WHERE amount < 0"
    );
}

#[test]
fn a_contract_is_written_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("full.odcs.yaml");
    let contract = parse(FULL);
    contract.write(&path).unwrap();
    let again = Contract::read(&path).unwrap();
    assert_eq!(again.document(), contract.document());
}

proptest! {
    #[test]
    fn no_text_stops_the_reader(text in any::<String>()) {
        let _ = Contract::parse("any", &text);
    }

    #[test]
    fn no_cut_stops_the_reader(cut in 0..FULL.len()) {
        let start: String = FULL.chars().take(cut).collect();
        let _ = Contract::parse("cut", &start);
    }
}
