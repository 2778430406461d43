//! Every refusal of a custodian, with its code and its status.

use wdl_crypto::oprf::Blinded;
use wdl_crypto::oprf::declaration::{Declaration, Declared, MAX_DECLARATION_BYTES};
use wdl_crypto::oprf::wire::{MAX_REQUEST_BYTES, Question};
use wdl_crypto::{Certificate, Realm, SigningKey};
use wdl_vocab::BodyId;

use crate::running::{Agreement, batch, days_from_now, declaration, signed};

/// The bytes of a message with its signature wiped out.
fn unsigned(message: &[u8]) -> Vec<u8> {
    let len = u32::from_be_bytes(message[8..12].try_into().unwrap()) as usize;
    let mut message = message.to_vec();
    message[12 + len..12 + len + 64].fill(0);
    message
}

#[test]
fn oprf_unsigned_batch() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    let declared = signed(3, &agreement.comune);
    service.refuses(
        "/v2/declare",
        &unsigned(&declared.to_bytes()),
        401,
        "WDL-K009",
    );
    service.declared(&declared);
    let asked = batch(&declared, 0, 1, &agreement.comune);
    service.refuses(
        "/v2/evaluate",
        &unsigned(&asked.to_bytes()),
        401,
        "WDL-K009",
    );
    let stranger = batch(&declared, 0, 1, &SigningKey::generate());
    service.refuses_question(&stranger, 401, "WDL-K009");
}

#[test]
fn oprf_signature_of_another_body() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    service.refuses_declaration(&signed(3, &agreement.ausl), 403, "WDL-K021");
    let declared = signed(3, &agreement.comune);
    service.declared(&declared);
    let asked = batch(&declared, 0, 1, &agreement.ausl);
    service.refuses_question(&asked, 403, "WDL-K021");
}

#[test]
fn oprf_unknown_body() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    let stranger = SigningKey::generate();
    let body = BodyId::parse("questura").unwrap();
    let declared = Declared::sign(
        Declaration {
            body,
            ..declaration(1)
        },
        &stranger,
    );
    service.refuses_declaration(&declared.unwrap(), 403, "WDL-K008");
}

#[test]
fn oprf_undeclared_delivery() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    let declared = signed(3, &agreement.comune);
    let asked = batch(&declared, 0, 1, &agreement.comune);
    service.refuses_question(&asked, 409, "WDL-K022");
    service.declared(&declared);
    assert_eq!(service.ask(&asked).0, 200);
}

#[test]
fn oprf_more_values_than_declared() {
    let agreement = Agreement::new();
    let service = agreement.start(&["--max-values", "10"]);
    let key = &agreement.comune;
    let declared = signed(3, key);
    service.declared(&declared);
    assert_eq!(service.ask(&batch(&declared, 0, 2, key)).0, 200);
    service.refuses_question(&batch(&declared, 1, 2, key), 409, "WDL-K018");
    assert_eq!(service.ask(&batch(&declared, 1, 1, key)).0, 200);
    service.refuses_question(&batch(&declared, 2, 1, key), 409, "WDL-K018");
    service.refuses_declaration(&signed(11, key), 413, "WDL-K023");
}

#[test]
fn oprf_replayed_batch() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    let key = &agreement.comune;
    let declared = signed(4, key);
    service.declared(&declared);
    let asked = batch(&declared, 0, 2, key);
    assert_eq!(service.ask(&asked).0, 200);
    // Other values at the same place.
    service.refuses_question(&batch(&declared, 0, 2, key), 409, "WDL-K024");
    // The same again costs nothing: the other two may still be asked.
    assert_eq!(service.ask(&asked).0, 200);
    assert_eq!(service.ask(&asked).0, 200);
    service.declared(&declared);
    assert_eq!(service.ask(&batch(&declared, 1, 2, key)).0, 200);
    let log = service.log();
    let again: Vec<bool> = log
        .iter()
        .filter_map(|line| line["again"].as_bool())
        .collect();
    assert_eq!(again, [false, true, true, false]);
    assert_eq!(log.last().unwrap()["delivery_total"], 4);
    assert_eq!(log.last().unwrap()["day_total"], 4);
}

#[test]
fn oprf_wrong_project_and_key_period() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    let of = |lab: &str, project: &str, key_period: &str| {
        let realm = Realm::new(lab, project, key_period).unwrap();
        let declaration = Declaration {
            realm,
            ..declaration(1)
        };
        Declared::sign(declaration, &agreement.comune).unwrap()
    };
    service.refuses_declaration(&of("modena", "health", "2026"), 409, "WDL-K025");
    service.refuses_declaration(&of("bologna", "welfare", "2026"), 409, "WDL-K025");
    service.refuses_declaration(&of("modena", "welfare", "2025"), 409, "WDL-K010");
}

#[test]
fn cert_expired() {
    let agreement = Agreement::new();
    agreement.certify("comune", &agreement.comune, (-30, -1));
    agreement.certify("ausl", &agreement.ausl, (1, 30));
    let service = agreement.start(&[]);
    service.refuses_declaration(&signed(1, &agreement.comune), 403, "WDL-K026");
    let body = BodyId::parse("ausl").unwrap();
    let early = Declaration {
        body,
        ..declaration(1)
    };
    let early = Declared::sign(early, &agreement.ausl).unwrap();
    service.refuses_declaration(&early, 403, "WDL-K027");
    drop(service);

    // One that runs out between the declaration and the batch is refused all the same.
    agreement.certify("comune", &agreement.comune, (-1, 1));
    let service = agreement.start(&[]);
    let declared = signed(1, &agreement.comune);
    service.declared(&declared);
    drop(service);
    agreement.certify("comune", &agreement.comune, (-30, -1));
    let service = agreement.start(&[]);
    let asked = batch(&declared, 0, 1, &agreement.comune);
    service.refuses_question(&asked, 403, "WDL-K026");
}

#[test]
fn cert_revoked() {
    let agreement = Agreement::new();
    std::fs::remove_file(agreement.bodies().join("comune.cert.json")).unwrap();
    let service = agreement.start(&[]);
    service.refuses_declaration(&signed(1, &agreement.comune), 403, "WDL-K008");
}

#[test]
fn a_renewed_key_works_beside_the_old_one() {
    let agreement = Agreement::new();
    let renewed = SigningKey::generate();
    let certificate = Certificate {
        lab: "modena".to_owned(),
        body: BodyId::parse("comune").unwrap(),
        key: renewed.verifying_key(),
        not_before: days_from_now(-1),
        not_after: days_from_now(300),
    };
    let file = agreement.bodies().join("comune-2.cert.json");
    certificate
        .sign(&agreement.key)
        .unwrap()
        .write(&file)
        .unwrap();
    let service = agreement.start(&[]);
    service.declared(&signed(1, &renewed));
    service.declared(&signed(1, &agreement.comune));
}

#[test]
fn a_certificate_of_another_agreement_or_lab_stops_the_start() {
    let agreement = Agreement::new();
    let certificate = |lab: &str| Certificate {
        lab: lab.to_owned(),
        body: BodyId::parse("inail").unwrap(),
        key: SigningKey::generate().verifying_key(),
        not_before: days_from_now(-1),
        not_after: days_from_now(1),
    };
    let file = agreement.bodies().join("inail.cert.json");
    let stranger = SigningKey::generate();
    let forged = certificate("modena").sign(&stranger).unwrap();
    forged.write(&file).unwrap();
    agreement.does_not_start(&[], "WDL-K028");
    let other = certificate("bologna").sign(&agreement.key).unwrap();
    other.write(&file).unwrap();
    agreement.does_not_start(&[], "WDL-K034");
    std::fs::write(&file, "{}").unwrap();
    agreement.does_not_start(&[], "WDL-K028");
}

#[test]
fn clock_skew() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    let days = |days: i64| {
        let created = days_from_now(days);
        let declaration = Declaration {
            created,
            ..declaration(1)
        };
        Declared::sign(declaration, &agreement.comune).unwrap()
    };
    for off in [10, -10] {
        let declared = days(off);
        let told = service.declared(&declared)["clock_off_seconds"].as_i64();
        assert_eq!(told.unwrap().signum(), off.signum());
        let asked = batch(&declared, 0, 1, &agreement.comune);
        assert_eq!(service.ask(&asked).0, 200);
    }
    service.refuses_declaration(&days(17), 403, "WDL-K029");
    service.refuses_declaration(&days(-17), 403, "WDL-K029");
    let log = service.log();
    let warnings = log.iter().filter(|line| line["warning"] == "clock-skew");
    assert_eq!(warnings.count(), 2);
}

#[test]
fn oprf_invalid_point() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    let key = &agreement.comune;
    let declared = signed(1, key);
    service.declared(&declared);
    // The identity, something beyond the field, a number that is no point.
    for bad in [[0; 32], [0xff; 32], [1; 32]] {
        let asked = Question::sign(&declared, 0, Blinded::from_elements(vec![bad]), key);
        service.refuses_question(&asked.unwrap(), 422, "WDL-K011");
    }
    // What cannot be evaluated has cost nothing.
    assert_eq!(service.ask(&batch(&declared, 0, 1, key)).0, 200);
}

#[test]
fn what_does_not_read_or_is_too_large_is_refused() {
    let agreement = Agreement::new();
    let service = agreement.start(&[]);
    for (path, most) in [
        ("/v2/declare", MAX_DECLARATION_BYTES),
        ("/v2/evaluate", MAX_REQUEST_BYTES),
    ] {
        service.refuses(path, b"hello", 400, "WDL-K006");
        service.refuses(path, b"", 400, "WDL-K006");
        service.refuses(path, &vec![0; most + 1], 413, "WDL-K007");
    }
    let declared = signed(1, &agreement.comune);
    service.declared(&declared);
    let mut changed = batch(&declared, 0, 1, &agreement.comune).to_bytes();
    *changed.last_mut().unwrap() ^= 1;
    service.refuses("/v2/evaluate", &changed, 400, "WDL-K006");
}
