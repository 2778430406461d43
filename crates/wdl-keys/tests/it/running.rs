//! A custodian with a key, an agreement with two bodies, a service that ends with the test.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use wdl_crypto::oprf::declaration::{Declaration, Declared, Nonce, TokenKind};
use wdl_crypto::oprf::wire::Question;
use wdl_crypto::oprf::{self, PublicKey};
use wdl_crypto::{Certificate, Moment, Realm, SigningKey};
use wdl_vocab::{BodyId, DatasetId, Period};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_wdl-keys");

/// The clock of this computer, some days off.
pub(crate) fn days_from_now(days: i64) -> Moment {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Moment::of_seconds(i64::try_from(now.as_secs()).unwrap() + days * 86_400).unwrap()
}

/// Runs the program to its end.
pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(words: &[S]) -> Output {
    Command::new(PROGRAM)
        .args(words)
        .env("LC_ALL", "en_GB.UTF-8")
        .output()
        .unwrap()
}

/// Prepares a custodian's folder.
pub(crate) fn init(folder: &Path) -> Output {
    let words = "init --id custodian_a --lab modena --project welfare --key-period 2026 --dir";
    let mut words: Vec<&std::ffi::OsStr> = words.split(' ').map(std::ffi::OsStr::new).collect();
    words.push(folder.as_os_str());
    run(&words)
}

/// The agreement: its key, two bodies with certificates in a folder, a prepared custodian.
pub(crate) struct Agreement {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) key: SigningKey,
    pub(crate) comune: SigningKey,
    pub(crate) ausl: SigningKey,
}

impl Agreement {
    pub(crate) fn new() -> Agreement {
        let folder = tempfile::tempdir().unwrap();
        assert!(init(&folder.path().join("a")).status.success());
        std::fs::create_dir(folder.path().join("bodies")).unwrap();
        let key = SigningKey::generate();
        key.verifying_key()
            .write(&folder.path().join("agreement.pub"))
            .unwrap();
        let made = Agreement {
            folder,
            key,
            comune: SigningKey::generate(),
            ausl: SigningKey::generate(),
        };
        made.certify("comune", &made.comune, (-1, 30));
        made.certify("ausl", &made.ausl, (-1, 30));
        made
    }

    /// Certifies a body's key from one day to another, counted from today.
    pub(crate) fn certify(&self, body: &str, key: &SigningKey, (from, to): (i64, i64)) {
        let certificate = Certificate {
            lab: "modena".to_owned(),
            body: BodyId::parse(body).unwrap(),
            key: key.verifying_key(),
            not_before: days_from_now(from),
            not_after: days_from_now(to),
        };
        let file = self.bodies().join(format!("{body}.cert.json"));
        certificate.sign(&self.key).unwrap().write(&file).unwrap();
    }

    pub(crate) fn bodies(&self) -> PathBuf {
        self.folder.path().join("bodies")
    }

    pub(crate) fn custodian(&self) -> PathBuf {
        self.folder.path().join("a")
    }

    fn serving(&self, options: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(["serve", "--dir"])
            .arg(self.custodian())
            .arg("--bodies")
            .arg(self.bodies())
            .arg("--agreement")
            .arg(self.folder.path().join("agreement.pub"))
            .args(options)
            .env("LC_ALL", "en_GB.UTF-8");
        command
    }

    /// What the service says when it does not start.
    pub(crate) fn does_not_start(&self, options: &[&str], code: &str) {
        let output = self.serving(options).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(code), "{said}");
    }

    /// Starts the service.
    pub(crate) fn start(&self, options: &[&str]) -> Running {
        let mut child = self
            .serving(options)
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
            address: said["listening"].as_str().unwrap().to_owned(),
            public_key: said["public_key"].as_str().unwrap().parse().unwrap(),
        }
    }
}

/// A running service.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: String,
    pub(crate) public_key: PublicKey,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    pub(crate) fn post(&self, path: &str, bytes: &[u8]) -> (u16, Vec<u8>) {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent: ureq::Agent = config.proxy(None).build().into();
        let mut response = agent
            .post(format!("{}{path}", self.address))
            .send(bytes)
            .unwrap();
        let status = response.status().as_u16();
        (status, response.body_mut().read_to_vec().unwrap())
    }

    pub(crate) fn ask(&self, question: &Question) -> (u16, Vec<u8>) {
        self.post("/v2/evaluate", &question.to_bytes())
    }

    /// Declares, and expects to be accepted.
    pub(crate) fn declared(&self, declared: &Declared) -> Value {
        let (status, body) = self.post("/v2/declare", &declared.to_bytes());
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(status, 200, "{body}");
        assert_eq!(body["declaration"], declared.id().to_string());
        body
    }

    pub(crate) fn refuses(&self, path: &str, bytes: &[u8], status: u16, code: &str) {
        let (actual, body) = self.post(path, bytes);
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((actual, body["code"].as_str()), (status, Some(code)));
        assert!(body["it"].is_string() && body["en"].is_string());
    }

    pub(crate) fn refuses_declaration(&self, declared: &Declared, status: u16, code: &str) {
        self.refuses("/v2/declare", &declared.to_bytes(), status, code);
    }

    pub(crate) fn refuses_question(&self, question: &Question, status: u16, code: &str) {
        self.refuses("/v2/evaluate", &question.to_bytes(), status, code);
    }

    /// Kills the service and reads its log.
    pub(crate) fn log(mut self) -> Vec<Value> {
        let _ = self.child.kill();
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        log.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// A declaration of today for `values` values, by the municipality.
pub(crate) fn declaration(values: u64) -> Declaration {
    Declaration {
        realm: Realm::new("modena", "welfare", "2026").unwrap(),
        body: BodyId::parse("comune").unwrap(),
        dataset: DatasetId::parse("residenti").unwrap(),
        period: Period::quarter(2026, 3),
        kind: TokenKind::parse("person").unwrap(),
        rows: values,
        values,
        nonce: Nonce::generate(),
        created: days_from_now(0),
    }
}

/// The same, signed.
pub(crate) fn signed(values: u64, key: &SigningKey) -> Declared {
    Declared::sign(declaration(values), key).unwrap()
}

/// A batch of invented values.
pub(crate) fn batch(declared: &Declared, place: u32, count: usize, key: &SigningKey) -> Question {
    let values: Vec<String> = (0..count).map(|nth| format!("value {nth}")).collect();
    let values: Vec<&[u8]> = values.iter().map(String::as_bytes).collect();
    let (_, blinded) = oprf::blind(&values).unwrap();
    Question::sign(declared, place, blinded, key).unwrap()
}
