//! What is refused, each reason under its own code, and nothing of it kept but in quarantine.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use arrow::record_batch::RecordBatch;
use wdl_crypto::{Certificate, Realm, SealingKey, SigningKey};
use wdl_delivery::{Declaration, Delivery, Sealed};
use wdl_vocab::{BodyId, DatasetId, Diagnose as _, Digest, Period};

use crate::invented::{Home, Lab, homes, passi};

const ROWS: [Home; 2] = [(1, Some(11), "F", 10), (2, Some(12), "M", 20)];

fn check(lab: &Lab, delivery: Delivery<Sealed>, code: &str) {
    let refused = lab.admit(delivery, &[]).unwrap_err();
    assert_eq!(refused.diagnostic().code.id, code, "{refused}");
    let kept = std::fs::read_dir(lab.folder.path().join("state/vault")).unwrap();
    assert_eq!(kept.count(), 0, "{code}");
}

fn declared(change: impl FnOnce(&mut Declaration), code: &str) {
    let lab = Lab::new();
    let mut declaration = lab.declaration("comune", "case", 1);
    change(&mut declaration);
    check(&lab, lab.seal(declaration, &homes(&ROWS)), code);
}

#[test]
fn what_is_not_for_this_lab_is_refused() {
    let realm = |lab, project, period| Realm::new(lab, project, period).unwrap();
    declared(
        |said| said.realm = realm("bologna", "welfare", "2026"),
        "WDL-R003",
    );
    declared(
        |said| said.realm = realm("modena", "salute", "2026"),
        "WDL-R003",
    );
    declared(
        |said| said.realm = realm("modena", "welfare", "2025"),
        "WDL-R003",
    );
}

#[test]
fn del_contract_mismatch() {
    let other = DatasetId::parse("altro").unwrap();
    declared(
        |said| said.body = BodyId::parse("inail").unwrap(),
        "WDL-R004",
    );
    declared(|said| said.dataset = other, "WDL-R005");
    declared(
        |said| said.contract_version = "0.9.0".to_owned(),
        "WDL-R006",
    );
    declared(
        |said| said.contract_digest = Digest::of(b"other"),
        "WDL-R007",
    );
}

#[test]
fn a_purpose_that_is_not_agreed_is_refused() {
    declared(|said| said.purpose = "fisco".to_owned(), "WDL-R016");
}

#[test]
fn an_agreement_or_a_contract_that_has_ended_is_refused() {
    let retired = Lab::with_homes(&|text| text.replace("status: active", "status: retired"));
    check(&retired, retired.homes(1, &ROWS), "WDL-R023");
    let mut ended = Lab::new();
    ended.term.1 = jiff::civil::date(2026, 10, 5);
    check(&ended, ended.homes(1, &ROWS), "WDL-R023");
    ended.term.1 = jiff::civil::date(2026, 10, 6);
    assert!(
        ended.admit(ended.homes(1, &ROWS), &[]).is_ok(),
        "the last day counts"
    );
}

#[test]
fn cert_expired_and_cert_revoked() {
    let certified = |from: &str, until: &str| {
        let mut lab = Lab::new();
        let body = BodyId::parse("comune").unwrap();
        let certificate = Certificate {
            lab: "modena".to_owned(),
            key: lab.comune.verifying_key(),
            not_before: from.parse().unwrap(),
            not_after: until.parse().unwrap(),
            body: body.clone(),
        };
        lab.certificates.insert(body, certificate);
        lab
    };
    let good = certified("2026-10-01T00:00:00Z", "2026-10-06T09:00:00Z");
    assert!(good.admit(good.homes(1, &ROWS), &[]).is_ok());
    let ended = certified("2026-10-01T00:00:00Z", "2026-10-06T08:59:59Z");
    check(&ended, ended.homes(1, &ROWS), "WDL-R024");
    let not_yet = certified("2026-10-06T09:00:01Z", "2027-10-06T09:00:00Z");
    check(&not_yet, not_yet.homes(1, &ROWS), "WDL-R024");
    let mut other_key = certified("2026-10-01T00:00:00Z", "2027-10-06T09:00:00Z");
    for certificate in other_key.certificates.values_mut() {
        certificate.key = SigningKey::generate().verifying_key();
    }
    check(&other_key, other_key.homes(1, &ROWS), "WDL-R024");
    let revoked = good.declaration("ausl", "passi", 1);
    let revoked = good.seal(revoked, &passi(&[(2025, "F", 1)]));
    assert_eq!(
        good.admit(revoked, &[]).unwrap_err().diagnostic().code.id,
        "WDL-R024",
        "certificates are given, and this body has none"
    );
}

#[test]
fn clock_skew() {
    let created = |time: &str, code: &str| {
        let time = time.to_owned();
        declared(|said| said.created = time, code);
    };
    created("2026-11-10T08:00:00Z", "WDL-R019");
    created("2025-11-10T08:00:00Z", "WDL-R019");
    created("yesterday", "WDL-R019");
    let lab = Lab::new();
    let notes = |time: &str| {
        let mut said = lab.declaration("comune", "case", 1);
        said.created = time.to_owned();
        let answer = lab.answer(lab.seal(said, &homes(&ROWS)), &[]).unwrap();
        let code = |note: &wdl_vocab::Diagnostic| note.code.id;
        answer.notes.iter().map(code).collect::<Vec<_>>()
    };
    assert_eq!(notes("2026-10-06T09:05:00Z"), [""; 0]);
    assert_eq!(notes("2026-04-05T08:00:00Z"), [""; 0]);
    assert_eq!(
        notes("2026-10-16T09:00:00Z"),
        ["WDL-R020"],
        "ten days ahead"
    );
    assert_eq!(
        notes("2025-12-25T09:00:00Z"),
        ["WDL-R020"],
        "before the quarter began"
    );
}

#[test]
fn a_period_that_cannot_be_is_refused() {
    declared(|said| said.period = Period::quarter(2026, 4), "WDL-R015");
    declared(|said| said.period = Period::quarter(2025, 3), "WDL-R015");
    declared(|said| said.period = Period::Year(2026), "WDL-R015");
}

#[test]
fn who_did_not_sign_or_was_not_meant_is_refused() {
    let lab = Lab::new();
    let declaration = || lab.declaration("comune", "case", 1);
    let (batch, recipient) = (homes(&ROWS), lab.sealing_key.recipient());
    let stranger = SigningKey::generate();
    let forged = Delivery::seal(declaration(), &batch, &recipient, &stranger).unwrap();
    check(&lab, forged, "WDL-D009");
    let other = SealingKey::generate().recipient();
    let sent_wrong = Delivery::seal(declaration(), &batch, &other, &lab.comune).unwrap();
    check(&lab, sent_wrong, "WDL-D011");
    let mut bytes = lab.homes(1, &ROWS).to_bytes().unwrap();
    let signature = 12 + u32::from_be_bytes(bytes[8..12].try_into().unwrap()) as usize + 32;
    bytes[signature] ^= 1;
    check(&lab, Delivery::from_bytes(&bytes).unwrap(), "WDL-D008");
}

#[test]
fn del_missing_column_and_del_extra_column() {
    let lab = Lab::new();
    let good = homes(&ROWS);
    let names: Vec<String> = good
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let again = |columns: Vec<(String, ArrayRef)>| {
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns
                .into_iter()
                .map(|(name, values)| (name, values, true)),
        );
        lab.seal(lab.declaration("comune", "case", 1), &batch.unwrap())
    };
    let columns: Vec<(String, ArrayRef)> = names.into_iter().zip(good.columns().to_vec()).collect();

    let mut fewer = columns.clone();
    fewer.remove(3);
    check(&lab, again(fewer), "WDL-R008");
    let mut more = columns.clone();
    more.push(("surname".to_owned(), Arc::clone(&columns[2].1)));
    check(&lab, again(more), "WDL-R009");
    let mut swapped = columns.clone();
    swapped.swap(2, 3);
    check(&lab, again(swapped), "WDL-R010");
    let mut other_kind = columns.clone();
    other_kind[1].1 = Arc::new(Int64Array::from(vec![1, 2]));
    check(&lab, again(other_kind), "WDL-R010");
    let mut twice = columns.clone();
    twice.push(columns[2].clone());
    check(&lab, again(twice), "WDL-R009");
}

#[test]
fn del_replay() {
    let lab = Lab::new();
    let delivery = lab.homes(1, &ROWS);
    let same = Delivery::from_bytes(&delivery.to_bytes().unwrap()).unwrap();
    let accepted = [lab.admit(delivery, &[]).unwrap()];
    let code = |delivery| {
        lab.admit(delivery, &accepted)
            .unwrap_err()
            .diagnostic()
            .code
            .id
    };
    assert_eq!(code(same), "WDL-R013");
    assert_eq!(
        code(lab.homes(1, &ROWS)),
        "WDL-R013",
        "sealed again, the same rows"
    );
    assert_eq!(code(lab.homes(1, &ROWS[..1])), "WDL-R014");
    assert!(lab.admit(lab.homes(2, &ROWS[..1]), &accepted).is_ok());
}

#[test]
fn a_refused_file_is_kept_apart_with_its_code() {
    let lab = Lab::new();
    let path = lab.folder.path().join("arrived.wdl");
    lab.homes(4, &ROWS).write(&path).unwrap();
    let refused = lab.admit(Delivery::read(&path).unwrap(), &[]).unwrap_err();
    let kept = lab.register.quarantine(&path, &refused).unwrap();
    assert_eq!(std::fs::read(&kept).unwrap(), std::fs::read(&path).unwrap());
    let about = std::fs::read_to_string(kept.with_extension("json")).unwrap();
    let about: serde_json::Value = serde_json::from_str(&about).unwrap();
    assert_eq!(about["code"], "WDL-R015");
    assert_eq!(lab.register.quarantine(&path, &refused).unwrap(), kept);
}
