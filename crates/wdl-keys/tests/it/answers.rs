//! What the service answers, and what it says of it.

use serde_json::Value;
use wdl_crypto::oprf::wire::{Question, Response};
use wdl_crypto::oprf::{self};

use crate::running::{Agreement, init, signed};

#[test]
fn a_declared_and_signed_question_is_answered_and_the_proof_holds() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    let declared = signed(2, &agreement.comune);
    let accepted = service.declared(&declared);
    assert!(accepted["clock_off_seconds"].as_i64().unwrap().abs() < 3600);
    let (blinding, blinded) = oprf::blind(&[b"one", b"two"]).unwrap();
    let asked = Question::sign(&declared, 0, blinded, &agreement.comune).unwrap();
    let (status, bytes) = service.ask(&asked);
    assert_eq!(status, 200);
    let response = Response::from_bytes(&bytes).unwrap();
    let outputs = blinding
        .finalize(&response.evaluated, &service.public_key)
        .unwrap();
    assert_eq!(outputs.len(), 2);

    let log = service.log();
    let counted = log.iter().find(|line| line["place"] == 0).unwrap();
    assert_eq!(counted["values"], 2);
    assert_eq!(counted["body"], "comune");
    assert_eq!(counted["kind"], "person");
    assert_eq!(counted["delivery_total"], 2);
}

#[test]
fn anybody_may_know_whose_key_it_is_and_what_for() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    let mut told = ureq::get(format!("{}/v2/public-key", service.address))
        .call()
        .unwrap();
    let told: Value = serde_json::from_str(&told.body_mut().read_to_string().unwrap()).unwrap();
    assert_eq!(told["custodian"], "custodian_a");
    assert_eq!(told["lab"], "modena");
    assert_eq!(told["project"], "welfare");
    assert_eq!(told["key_period"], "2026");
    assert_eq!(told["public_key"], service.public_key.to_string());
    assert_eq!(told["limits"]["values_of_a_delivery"], 1_000_000);
    assert_eq!(told["limits"]["alarm_values_a_day"], 500_000);
    assert_eq!(told["limits"]["values_a_day"], 2_000_000);
}

#[test]
fn neither_the_log_nor_the_file_of_counts_holds_a_value() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    let declared = signed(2, &agreement.comune);
    service.declared(&declared);
    let (_, blinded) = oprf::blind(&[b"one", b"two"]).unwrap();
    let elements: Vec<String> = blinded
        .elements()
        .iter()
        .map(|element| element.iter().map(|byte| format!("{byte:02x}")).collect())
        .collect();
    let asked = Question::sign(&declared, 0, blinded, &agreement.comune).unwrap();
    let (_, answer) = service.ask(&asked);
    let answered: String = answer[44..76]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let kept = std::fs::read_to_string(agreement.custodian().join("counts.jsonl")).unwrap();
    assert_eq!(kept.lines().count(), 2);
    let log: String = service.log().iter().map(Value::to_string).collect();
    for text in elements.iter().chain([&answered]) {
        assert!(!kept.contains(text) && !log.contains(text));
    }
}

#[test]
fn a_prepared_folder_keeps_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let first = init(folder.path());
    assert!(first.status.success());
    let told: Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!(told["custodian"], "custodian_a");
    assert_eq!(told["project"], "welfare");
    let second = init(folder.path());
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("WDL-K003"));
}

#[test]
fn a_preparation_that_was_interrupted_is_finished_with_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let first = init(folder.path());
    let key = std::fs::read(folder.path().join("oprf.key")).unwrap();
    std::fs::remove_file(folder.path().join("custodian.json")).unwrap();
    let again = init(folder.path());
    assert!(again.status.success());
    assert_eq!(again.stdout, first.stdout);
    assert_eq!(std::fs::read(folder.path().join("oprf.key")).unwrap(), key);
}
