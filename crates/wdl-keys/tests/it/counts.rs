//! The counts: they survive a restart, and they bound what a body may ask.

use std::io::Write as _;

use wdl_crypto::oprf::wire::Response;

use crate::running::{Agreement, batch, signed};

#[test]
fn what_was_answered_is_known_after_a_restart() {
    let agreement = Agreement::new();
    let key = &agreement.comune;
    let declared = signed(4, key);
    let asked = batch(&declared, 0, 3, key);
    let service = agreement.start(&[]);
    service.declared(&declared);
    let first = Response::from_bytes(&service.ask(&asked).1).unwrap();
    drop(service);

    let service = agreement.start(&[]);
    service.refuses_question(&batch(&declared, 1, 2, key), 409, "WDL-K018");
    service.refuses_question(&batch(&declared, 0, 1, key), 409, "WDL-K024");
    let (status, again) = service.ask(&asked);
    assert_eq!(status, 200);
    let again = Response::from_bytes(&again).unwrap();
    assert_eq!(first.evaluated.len(), again.evaluated.len());
    assert_eq!(service.ask(&batch(&declared, 1, 1, key)).0, 200);
}

#[test]
fn oprf_rate() {
    let agreement = Agreement::new();
    let key = &agreement.comune;
    let limits = ["--alarm-values-a-day", "5", "--max-values-a-day", "8"];
    let service = agreement.start(&limits);
    // One who walks through all codes declares one delivery after the other.
    let walk = |service: &crate::running::Running| {
        let declared = signed(3, key);
        service.declared(&declared);
        batch(&declared, 0, 3, key)
    };
    assert_eq!(service.ask(&walk(&service)).0, 200);
    assert_eq!(service.ask(&walk(&service)).0, 200);
    let third = walk(&service);
    service.refuses_question(&third, 429, "WDL-K031");
    let log = service.log();
    let alarms: Vec<_> = log
        .iter()
        .filter(|line| line["alarm"] == "oprf-rate")
        .collect();
    assert_eq!(alarms.len(), 1);
    assert_eq!(alarms[0]["threshold"], 5);
    assert_eq!(alarms[0]["count"]["day_total"], 6);
    assert!(log.iter().any(|line| line["refused"] == "WDL-K031"));

    // Starting the service again does not begin the day again; another body has its own.
    let service = agreement.start(&limits);
    service.refuses_question(&third, 429, "WDL-K031");
}

#[test]
fn half_a_line_at_the_end_was_never_answered() {
    let agreement = Agreement::new();
    let key = &agreement.comune;
    let declared = signed(4, key);
    let service = agreement.start(&[]);
    service.declared(&declared);
    assert_eq!(service.ask(&batch(&declared, 0, 1, key)).0, 200);
    drop(service);
    let path = agreement.custodian().join("counts.jsonl");
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap();
    file.write_all(b"{\"what\":\"answered\",\"id\":\"").unwrap();
    drop(file);
    let service = agreement.start(&[]);
    assert_eq!(service.ask(&batch(&declared, 1, 3, key)).0, 200);
    service.refuses_question(&batch(&declared, 2, 1, key), 409, "WDL-K018");
    drop(service);
    let kept = std::fs::read_to_string(&path).unwrap();
    assert_eq!(kept.lines().count(), 3);
}

#[test]
fn damaged_counts_or_a_second_service_stop_the_start() {
    let agreement = Agreement::new();
    let running = agreement.start(&[]);
    agreement.does_not_start(&[], "WDL-K033");
    drop(running);
    let path = agreement.custodian().join("counts.jsonl");
    for damage in [
        "not a line\n",
        "{\"what\":\"answered\",\"id\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"at\":\"2026-01-01T00:00:00Z\",\"place\":0,\"values\":1,\"batch\":\"0000000000000000000000000000000000000000000000000000000000000000\"}\n",
    ] {
        std::fs::write(&path, damage).unwrap();
        agreement.does_not_start(&[], "WDL-K033");
    }
}
