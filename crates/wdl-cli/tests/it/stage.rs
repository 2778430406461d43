//! A lab, its bodies and its custodians in a temporary folder, moved by the same commands that people use.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::leaks::files;

/// The first delivery period, which carries the history.
pub(crate) const HISTORY: &str = "2025-Q4";
pub(crate) const BODIES: [&str; 4] = ["agenzia_lavoro", "ausl", "comune", "inail"];

/// Everything on stage; services end when it is dropped.
pub(crate) struct Stage {
    folder: TempDir,
    custodians: Vec<(Child, String)>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        for (child, _) in &mut self.custodians {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A program of the lab: all stand in one folder.
pub(crate) fn program(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_wdl")).with_file_name(name);
    assert!(
        path.is_file(),
        "`{name}` is not built: run `cargo build --workspace`"
    );
    path
}

pub(crate) fn run(name: &str, arguments: &[&str]) -> Output {
    Command::new(program(name))
        .args(arguments)
        .env("LC_ALL", "en_GB.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

pub(crate) fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

pub(crate) fn well(output: Output) -> Output {
    assert!(output.status.success(), "{}", said(&output));
    output
}

/// A whole demo in a folder.
pub(crate) fn demo(folder: &Path, residents: &str, more: &[&str]) -> Value {
    let mut arguments = vec![
        "demo",
        "--no-serve",
        "--format",
        "json",
        "--residents",
        residents,
    ];
    arguments.extend(["--dir", folder.to_str().unwrap()]);
    arguments.extend(more);
    let output = well(run("wdl", &arguments));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A demo that many tests only read, with the wrong cells that archives have: the first that needs it makes it, the others wait for it.
pub(crate) fn shared_demo(residents: &str) -> PathBuf {
    // One run of the tests has one name under nextest, where each test is a process of its own.
    let run = std::env::var("NEXTEST_RUN_ID").unwrap_or_else(|_| std::process::id().to_string());
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demos");
    let home = shared.join(&run).join(residents);
    fs::create_dir_all(home.parent().unwrap()).unwrap();
    let turn = File::create(home.with_extension("lock")).unwrap();
    turn.lock().unwrap();
    let told = home.with_extension("json");
    if !told.is_file() {
        forget_earlier(&shared, &run);
        let value = demo(&home, residents, &[]);
        fs::write(told, value.to_string()).unwrap();
    }
    home
}

/// Demos of runs that began a day ago or more are nobody's any more.
fn forget_earlier(shared: &Path, run: &str) {
    const A_DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);
    for entry in fs::read_dir(shared).unwrap() {
        let entry = entry.unwrap();
        let age = entry
            .metadata()
            .and_then(|of| of.modified())
            .map(|at| at.elapsed());
        if entry.file_name() != run && age.is_ok_and(|age| age.is_ok_and(|age| age > A_DAY)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The shared demo in a folder of one's own, for a test that changes it, and what the command told.
pub(crate) fn own_demo(folder: &Path, residents: &str) -> Value {
    let shared = shared_demo(residents);
    copy(&shared, folder);
    let told = fs::read(shared.with_extension("json")).unwrap();
    serde_json::from_slice(&told).unwrap()
}

/// A folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&file, target).unwrap();
    }
}

impl Stage {
    /// A founded lab, bodies with keys and exports, two custodians that listen.
    pub(crate) fn set() -> Stage {
        let mut stage = Stage {
            folder: tempfile::tempdir().unwrap(),
            custodians: Vec::new(),
        };
        let home = stage.path("");
        well(run("wdl", &["new", &stage.path("home")]));
        well(run("wdl", &["init", "--dir", &stage.path("home")]));
        well(run(
            "wdl-synthetic",
            &[
                "--residents",
                "500",
                "--seed",
                "7",
                "--out",
                &format!("{home}/city"),
            ],
        ));
        for body in BODIES {
            let folder = stage.path(&format!("bodies/{body}"));
            well(run(
                "wdl-holder",
                &["init", "--dir", &folder, "--body", body],
            ));
            let public = stage.path(&format!("home/state/keys/public/bodies/{body}.pub"));
            fs::create_dir_all(Path::new(&public).parent().unwrap()).unwrap();
            fs::copy(format!("{folder}/verifying.pub"), public).unwrap();
        }
        well(stage.wdl("gestione_dati", &["certify"]));
        for custodian in ["custode_secchia", "custode_panaro"] {
            let started = stage.custodian(custodian);
            stage.custodians.push(started);
        }
        stage
    }

    fn custodian(&self, id: &str) -> (Child, String) {
        let dir = self.path(&format!("custodians/{id}"));
        well(run(
            "wdl-keys",
            &[
                "init",
                "--dir",
                &dir,
                "--id",
                id,
                "--lab",
                "modena",
                "--project",
                "welfare-modena",
                "--key-period",
                "2026-a",
            ],
        ));
        let public = self.path(&format!("home/state/keys/public/custodians/{id}.pub"));
        fs::create_dir_all(Path::new(&public).parent().unwrap()).unwrap();
        fs::copy(format!("{dir}/oprf.pub"), public).unwrap();
        let bodies = self.path("home/state/keys/public/bodies");
        let agreement = self.path("home/state/keys/public/agreement.pub");
        let mut child = Command::new(program("wdl-keys"))
            .args(["serve", "--dir", &dir, "--bodies", &bodies])
            .args(["--agreement", &agreement])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        (child, told["listening"].as_str().unwrap().to_owned())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub(crate) fn key(&self, office: &str) -> String {
        self.path(&format!("home/offices/{office}.key"))
    }

    pub(crate) fn export(&self, body: &str, period: &str, dataset: &str) -> PathBuf {
        self.folder
            .path()
            .join(format!("city/exports/{body}/{period}/{dataset}.csv"))
    }

    /// A body seals exports; `lab` and `recipient` are the lab's own unless a test says otherwise.
    pub(crate) fn seal(
        &self,
        body: &str,
        period: &str,
        exports: &[PathBuf],
        wishes: &Wishes,
    ) -> Output {
        let lab = wishes.lab.clone().unwrap_or_else(|| self.path("home/lab"));
        let recipient = wishes
            .recipient
            .clone()
            .unwrap_or_else(|| self.path("home/state/keys/public/lab.recipient"));
        let (dir, out) = (self.path(&format!("bodies/{body}")), self.path("out"));
        let addresses = wishes.custodians.clone().unwrap_or_else(|| {
            self.custodians
                .iter()
                .map(|(_, address)| address.clone())
                .collect()
        });
        let mut arguments = vec!["seal"];
        arguments.extend(exports.iter().map(|path| path.to_str().unwrap()));
        arguments.extend(["--lab", &lab, "--body", body, "--period", period]);
        arguments.extend(["--dir", &dir, "--recipient", &recipient, "--out", &out]);
        for address in &addresses {
            arguments.extend(["--custodian", address]);
        }
        run("wdl-holder", &arguments)
    }

    /// Every export of a body for a period, sealed.
    pub(crate) fn seal_all(&self, body: &str, period: &str) -> Vec<PathBuf> {
        let folder = self
            .folder
            .path()
            .join(format!("city/exports/{body}/{period}"));
        well(self.seal(body, period, &files(&folder), &Wishes::default()));
        self.sealed(body, period)
    }

    pub(crate) fn sealed(&self, body: &str, period: &str) -> Vec<PathBuf> {
        files(&self.folder.path().join(format!("out/{body}/{period}")))
            .into_iter()
            .filter(|path| path.extension().is_some_and(|ending| ending == "wdld"))
            .collect()
    }

    /// A command of the lab as an office.
    pub(crate) fn wdl(&self, office: &str, arguments: &[&str]) -> Output {
        let (home, key) = (self.path("home"), self.key(office));
        let mut all = arguments.to_vec();
        all.extend(["--dir", &home, "--as", &key]);
        run("wdl", &all)
    }

    pub(crate) fn receive(&self, sealed: &[PathBuf]) -> Output {
        let mut arguments = vec!["receive"];
        arguments.extend(sealed.iter().map(|path| path.to_str().unwrap()));
        self.wdl("gestione_dati", &arguments)
    }

    /// The lines of the record.
    pub(crate) fn record(&self) -> Vec<String> {
        let text = fs::read_to_string(self.home().join("state/ledger/ledger.jsonl")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// Everything of the state but the record and the quarantine: name and content of each file.
    pub(crate) fn state(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let is_watched = |path: &PathBuf| {
            !path
                .components()
                .any(|part| part.as_os_str() == "ledger" || part.as_os_str() == "quarantine")
        };
        files(&self.home().join("state"))
            .into_iter()
            .filter(is_watched)
            .map(|path| (path.clone(), fs::read(&path).unwrap()))
            .collect()
    }
}

/// What a test wants otherwise than usual when a body seals.
#[derive(Default)]
pub(crate) struct Wishes {
    pub(crate) lab: Option<String>,
    pub(crate) recipient: Option<String>,
    pub(crate) custodians: Option<Vec<String>>,
}
