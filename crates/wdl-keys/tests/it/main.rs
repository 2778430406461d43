//! The service as a process: what it answers and whom it refuses.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use wdl_crypto::oprf::wire::{MAX_REQUEST_BYTES, Question, Response};
use wdl_crypto::oprf::{self, Blinded, PublicKey};
use wdl_crypto::{Realm, SigningKey};
use wdl_vocab::{BodyId, DatasetId, Period};

const PROGRAM: &str = env!("CARGO_BIN_EXE_wdl-keys");

/// A running service, ended with the test.
struct Running {
    child: Child,
    folder: tempfile::TempDir,
    address: String,
    public_key: PublicKey,
    comune: SigningKey,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn init(folder: &Path) -> std::process::Output {
    Command::new(PROGRAM)
        .args([
            "init",
            "--id",
            "custodian_a",
            "--key-period",
            "2026",
            "--lang",
            "en",
            "--dir",
        ])
        .arg(folder)
        .output()
        .unwrap()
}

fn start(options: &[&str]) -> Running {
    let folder = tempfile::tempdir().unwrap();
    assert!(init(&folder.path().join("a")).status.success());
    let bodies = folder.path().join("bodies");
    std::fs::create_dir(&bodies).unwrap();
    let comune = SigningKey::generate();
    comune
        .verifying_key()
        .write(&bodies.join("comune.pub"))
        .unwrap();
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--listen", "127.0.0.1:0", "--dir"])
        .arg(folder.path().join("a"))
        .arg("--bodies")
        .arg(&bodies)
        .args(options)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    Running {
        child,
        folder,
        address: said["listening"].as_str().unwrap().to_owned(),
        public_key: said["public_key"].as_str().unwrap().parse().unwrap(),
        comune,
    }
}

fn question(body: &str, key_period: &str, blinded: Blinded, key: &SigningKey) -> Question {
    let realm = Realm::new("modena", "welfare", key_period).unwrap();
    let body = BodyId::parse(body).unwrap();
    let dataset = DatasetId::parse("residenti").unwrap();
    Question::sign(
        &realm,
        (&body, &dataset, Period::quarter(2026, 3)),
        blinded,
        key,
    )
    .unwrap()
}

impl Running {
    fn send(&self, bytes: &[u8]) -> (u16, Vec<u8>) {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent: ureq::Agent = config.build().into();
        let mut response = agent
            .post(format!("{}/v1/evaluate", self.address))
            .send(bytes)
            .unwrap();
        let status = response.status().as_u16();
        (status, response.body_mut().read_to_vec().unwrap())
    }

    fn refused(&self, bytes: &[u8], status: u16, code: &str) {
        let (actual, body) = self.send(bytes);
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((actual, body["code"].as_str()), (status, Some(code)));
        assert!(body["it"].is_string() && body["en"].is_string());
    }
}

#[test]
fn a_signed_question_is_answered_and_the_proof_holds() {
    let mut service = start(&[]);
    let (blinding, blinded) = oprf::blind(&[b"one", b"two"]).unwrap();
    let asked = question("comune", "2026", blinded, &service.comune);
    let (status, bytes) = service.send(&asked.to_bytes());
    assert_eq!(status, 200);
    let response = Response::from_bytes(&bytes).unwrap();
    let outputs = blinding
        .finalize(&response.evaluated, &service.public_key)
        .unwrap();
    assert_eq!(outputs.len(), 2);

    let mut told = ureq::get(format!("{}/v1/public-key", service.address))
        .call()
        .unwrap();
    let told: Value = serde_json::from_str(&told.body_mut().read_to_string().unwrap()).unwrap();
    assert_eq!(told["custodian"], "custodian_a");
    assert_eq!(told["key_period"], "2026");
    assert_eq!(told["public_key"], service.public_key.to_string());

    let _ = service.child.kill();
    let mut log = String::new();
    let mut stderr = service.child.stderr.take().unwrap();
    stderr.read_to_string(&mut log).unwrap();
    let line: Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    assert_eq!(line["values"], 2);
    assert!(service.folder.path().join("a/oprf.key").exists());
}

#[test]
fn who_is_not_a_body_or_did_not_sign_is_refused() {
    let service = start(&[]);
    let ask = |body: &str, period: &str, key: &SigningKey| {
        let (_, blinded) = oprf::blind(&[b"one"]).unwrap();
        question(body, period, blinded, key).to_bytes()
    };
    let stranger = SigningKey::generate();
    service.refused(&ask("comune", "2026", &stranger), 401, "WDL-K009");
    service.refused(&ask("questura", "2026", &stranger), 403, "WDL-K008");
    service.refused(&ask("comune", "2025", &service.comune), 409, "WDL-K010");
}

#[test]
fn what_does_not_read_or_is_too_large_is_refused() {
    let service = start(&[]);
    service.refused(b"hello", 400, "WDL-K006");
    service.refused(b"", 400, "WDL-K006");
    let no_points = Blinded::from_elements(vec![[0xff; 32]]);
    let asked = question("comune", "2026", no_points, &service.comune);
    service.refused(&asked.to_bytes(), 422, "WDL-K011");
    let mut changed = asked.to_bytes();
    *changed.last_mut().unwrap() ^= 1;
    service.refused(&changed, 400, "WDL-K006");
    service.refused(&vec![0; MAX_REQUEST_BYTES + 1], 413, "WDL-K007");
}

#[test]
fn one_delivery_cannot_ask_without_end() {
    let service = start(&["--max-values", "3"]);
    let ask = || {
        let (_, blinded) = oprf::blind(&[b"one", b"two"]).unwrap();
        question("comune", "2026", blinded, &service.comune).to_bytes()
    };
    assert_eq!(service.send(&ask()).0, 200);
    service.refused(&ask(), 429, "WDL-K018");
}

#[test]
fn a_prepared_folder_keeps_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let first = init(folder.path());
    assert!(first.status.success());
    let told: Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!(told["custodian"], "custodian_a");
    let second = init(folder.path());
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("WDL-K003"));
}
