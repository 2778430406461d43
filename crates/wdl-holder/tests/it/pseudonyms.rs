//! The custodians as the body meets them: what each failure stops, and what a run after it asks for.

use wdl_crypto::Realm;
use wdl_crypto::oprf::OprfKey;
use wdl_holder::error::{CustodianFault, HolderError};
use wdl_vocab::Diagnose as _;

use crate::sealing::{Scene, ids, pair, token_of};
use crate::support::{Aid, Local, aid_file, aid_with, quarter, realm};

/// Enough people for several chunks.
const MANY: usize = 3000;

fn many() -> String {
    let row = |nth| Aid {
        amount: "10,00".into(),
        ..Aid::good(nth)
    };
    aid_file(&(0..MANY).map(row).collect::<Vec<Aid>>())
}

#[test]
fn oprf_evaluator_down() {
    let scene = Scene::new();
    let (a, mut b) = pair();
    b.is_down = true;
    let error = scene
        .seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b])
        .unwrap_err();
    let diagnostic = error.diagnostic();
    assert_eq!(
        (diagnostic.code.id, diagnostic.code.exit.status()),
        ("WDL-H012", 5)
    );
    assert_eq!(diagnostic.args["address"], "second");
    assert!(scene.is_untouched());
}

#[test]
fn oprf_key_mismatch() {
    let scene = Scene::new();
    let (a, mut b) = pair();
    b.public = OprfKey::generate().public_key();
    let error = scene
        .seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b])
        .unwrap_err();
    assert_eq!(error.diagnostic().code.id, "WDL-H014");
    assert!(scene.is_untouched());
}

#[test]
fn a_custodian_that_changed_its_key() {
    let scene = Scene::new();
    let (a, b) = pair();
    scene
        .seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b])
        .unwrap();
    let other = Local::new("second");
    let more = aid_file(&[Aid::good(50)]);
    let error = scene.seal(&[("aiuti", &more)], &[&a, &other]).unwrap_err();
    assert!(
        matches!(&error, HolderError::Custodian(error) if error.fault == CustodianFault::KeyChanged)
    );
}

#[test]
fn custodians_are_two_and_the_labs() {
    let scene = Scene::new();
    let (a, _) = pair();
    let text = aid_with(|_| {});
    let files = [("aiuti", text.as_str())];
    let code = |custodians: &[&Local]| {
        let error = scene.seal(&files, custodians).unwrap_err();
        error.diagnostic().code.id
    };
    assert_eq!(code(&[&a]), "WDL-H011");
    assert_eq!(code(&[&a, &Local::new("first")]), "WDL-H016");
    assert_eq!(code(&[&a, &Local::new("stranger")]), "WDL-H021");
    assert!(scene.is_untouched());
}

#[test]
fn oprf_evaluator_down_midway() {
    let scene = Scene::new();
    let (a, mut b) = pair();
    b.stops_after = 2;
    let text = many();
    let error = scene.seal(&[("aiuti", &text)], &[&a, &b]).unwrap_err();
    assert_eq!(error.diagnostic().code.id, "WDL-H012");
    assert!(!scene.out().join("comune").exists());
    let proved = b.asked();
    assert!(proved > 0 && proved < MANY as u64);

    b.stops_after = u64::MAX;
    let sealed = scene.seal(&[("aiuti", &text)], &[&a, &b]).unwrap();
    assert_eq!(sealed[0].people_known, proved);
    assert_eq!(sealed[0].people_asked, MANY as u64 - proved);
    assert_eq!(b.asked(), MANY as u64, "nobody was asked for twice");
    let batch = scene.open(&sealed[0]);
    for row in [0, 1, MANY - 1] {
        let token = token_of(&Aid::good(row).tax_code, (&a, &b));
        assert_eq!(
            ids(&batch, "person")[row],
            Some(token.as_bytes().as_slice())
        );
    }
}

#[test]
fn oprf_invalid_point() {
    let scene = Scene::new();
    let (a, mut b) = pair();
    b.answers_nonsense = true;
    let error = scene
        .seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b])
        .unwrap_err();
    assert_eq!(error.diagnostic().code.id, "WDL-H014");
    assert!(scene.is_untouched());
}

#[test]
fn what_is_declared_is_what_is_asked() {
    let scene = Scene::new();
    let (mut a, mut b) = pair();
    a.body = Some(scene.body.signing.verifying_key());
    b.body = a.body;
    let mut rows: Vec<Aid> = (0..20).map(Aid::good).collect();
    rows[3].tax_code = rows[2].tax_code.clone();
    rows[4].tax_code.clear();
    scene
        .seal(&[("aiuti", &aid_file(&rows))], &[&a, &b])
        .unwrap();
    let declared = a.declared();
    assert_eq!(declared, b.declared());
    let [one] = declared.as_slice() else {
        panic!("one delivery");
    };
    assert_eq!((one.rows, one.values), (20, 18));
    assert_eq!(one.kind.as_str(), "person");
    assert_eq!(one.realm, realm());
    assert_eq!(
        (one.body.as_str(), one.dataset.as_str()),
        ("comune", "aiuti")
    );
    assert_eq!(one.period, quarter());
    assert_eq!(one.created.to_string(), "2026-04-02T09:00:00Z");

    // The same people again: nothing is asked, so nothing is declared.
    scene
        .seal(&[("aiuti", &aid_file(&rows))], &[&a, &b])
        .unwrap();
    assert_eq!(a.declared().len(), 1);
}

#[test]
fn clock_skew() {
    let scene = Scene::new();
    let (a, mut b) = pair();
    b.clock_off_seconds = -10 * 86_400;
    scene
        .seal(&[("aiuti", &aid_with(|_| {}))], &[&a, &b])
        .unwrap();
    let warnings = scene.progress.0.lock().unwrap();
    let [warning] = warnings.as_slice() else {
        panic!("one warning");
    };
    assert_eq!(warning.code.id, "WDL-K030");
    assert_eq!(warning.args["address"], "second");
    assert_eq!(warning.args["count"], "10");
}

/// Two custodians of a realm.
fn of(realm: &Realm) -> (Local, Local) {
    let (first, second) = pair();
    (first.of(realm), second.of(realm))
}

#[test]
fn two_projects_cannot_be_joined() {
    let mut scene = Scene::new();
    let text = aid_with(|_| {});
    let welfare = pair();
    let first = scene
        .seal(&[("aiuti", &text)], &[&welfare.0, &welfare.1])
        .unwrap();
    let first = scene.open(&first[0]);

    scene.realm = Realm::new("modena", "health", "2026").unwrap();
    // The custodians of one project do not serve another.
    let error = scene
        .seal(&[("aiuti", &text)], &[&welfare.0, &welfare.1])
        .unwrap_err();
    assert_eq!(error.diagnostic().code.id, "WDL-H030");
    // Even with the same keys the tokens would have nothing in common.
    let mut health = of(&scene.realm);
    (health.0.key, health.0.public) = (copy(&welfare.0.key), welfare.0.public);
    (health.1.key, health.1.public) = (copy(&welfare.1.key), welfare.1.public);
    let second = scene
        .seal(&[("aiuti", &text)], &[&health.0, &health.1])
        .unwrap();
    assert_eq!(second[0].people_known, 0, "the map is the project's own");
    let second = scene.open(&second[0]);
    // Nor have the hashes the body makes alone.
    for name in ["person", "household", "record"] {
        let (first, second) = (ids(&first, name), ids(&second, name));
        assert!(first.iter().all(|id| !second.contains(id)), "{name}");
    }
}

/// The same key once more, by way of its file.
fn copy(key: &OprfKey) -> OprfKey {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    key.write(&path).unwrap();
    OprfKey::read(&path).unwrap()
}

#[test]
fn key_rotation_midway() {
    let mut scene = Scene::new();
    let text = many();
    let old = pair();
    let before = scene.seal(&[("aiuti", &text)], &[&old.0, &old.1]).unwrap();
    let before = scene.open(&before[0]);

    // One custodian has its new key and the other has not: nothing is asked of either.
    scene.realm = Realm::new("modena", "welfare", "2027").unwrap();
    let mut new = of(&scene.realm);
    let error = scene
        .seal(&[("aiuti", &text)], &[&new.0, &old.1])
        .unwrap_err();
    assert_eq!(error.diagnostic().code.id, "WDL-H030");
    assert_eq!(new.0.asked(), 0);

    // The re-delivery stops midway: the delivery under the old key stands as it was.
    new.1.stops_after = 1;
    let error = scene
        .seal(&[("aiuti", &text)], &[&new.0, &new.1])
        .unwrap_err();
    assert_eq!(error.diagnostic().code.id, "WDL-H012");
    let proved = new.1.asked();
    assert!(proved > 0);

    // It goes on with those that are missing, and every row is under the new keys.
    new.1.stops_after = u64::MAX;
    let after = scene.seal(&[("aiuti", &text)], &[&new.0, &new.1]).unwrap();
    assert_eq!(after[0].people_known, proved);
    assert_eq!(new.1.asked(), MANY as u64);
    let after = scene.open(&after[0]);
    let (before, after) = (ids(&before, "person"), ids(&after, "person"));
    for row in 0..MANY {
        assert_ne!(before[row], after[row]);
    }
    for row in [0, MANY / 2, MANY - 1] {
        let code = Aid::good(row).tax_code;
        let (old, new) = (
            token_of(&code, (&old.0, &old.1)),
            token_of(&code, (&new.0, &new.1)),
        );
        assert_eq!(before[row], Some(old.as_bytes().as_slice()));
        assert_eq!(after[row], Some(new.as_bytes().as_slice()));
    }
}
