//! How a key is kept: copies in escrow that are tried, restored, and periods that follow each other.

use std::path::{Path, PathBuf};

use serde_json::Value;
use wdl_crypto::oprf::wire::{Question, Response};
use wdl_crypto::oprf::{self};

use crate::running::{Agreement, run, signed};

/// Two keepers and a copy for both.
struct Escrow {
    agreement: Agreement,
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

impl Escrow {
    fn new() -> Escrow {
        let escrow = Escrow {
            agreement: Agreement::new(),
        };
        for keeper in ["notary", "archive"] {
            let output = run(&["escrow-key", "--out", text(&escrow.at(keeper))]);
            assert!(output.status.success());
        }
        let told = escrow.backup(&["notary.recipient", "archive.recipient"], "copy.json");
        assert_eq!(told["keepers"], 2);
        escrow
    }

    fn at(&self, name: &str) -> PathBuf {
        self.agreement.folder.path().join(name)
    }

    fn backup(&self, keepers: &[&str], out: &str) -> Value {
        let (dir, out) = (self.agreement.custodian(), self.at(out));
        let mut words = vec!["backup", "--dir", text(&dir), "--out", text(&out)];
        let keepers: Vec<PathBuf> = keepers.iter().map(|name| self.at(name)).collect();
        for keeper in &keepers {
            words.extend(["--to", text(keeper)]);
        }
        let output = run(&words);
        assert!(output.status.success());
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The code with which a copy is refused; empty when it is good.
    fn check(&self, keeper: &str) -> String {
        let (identity, copy) = (self.at(keeper), self.at("copy.json"));
        let output = run(&["backup-check", "--identity", text(&identity), text(&copy)]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.success(), said.is_empty());
        said.split_whitespace()
            .find(|word| word.contains("WDL-"))
            .unwrap_or_default()
            .trim_matches(|c: char| !c.is_ascii_alphanumeric())
            .to_owned()
    }

    fn change(&self, change: impl Fn(&mut Value)) {
        let path = self.at("copy.json");
        let mut copy: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        change(&mut copy);
        std::fs::write(&path, copy.to_string()).unwrap();
    }
}

#[test]
fn each_keeper_opens_the_copy_and_nobody_else() {
    let escrow = Escrow::new();
    assert_eq!(escrow.check("notary"), "");
    assert_eq!(escrow.check("archive"), "");
    assert!(
        run(&["escrow-key", "--out", text(&escrow.at("thief"))])
            .status
            .success()
    );
    assert_eq!(escrow.check("thief"), "WDL-K037");
}

#[test]
fn a_copy_says_what_it_is_and_holds_no_secret_in_the_clear() {
    let escrow = Escrow::new();
    let copy = std::fs::read_to_string(escrow.at("copy.json")).unwrap();
    let secret = std::fs::read_to_string(escrow.agreement.custodian().join("oprf.key")).unwrap();
    let secret = secret.split_whitespace().nth(1).unwrap();
    assert!(!copy.contains(secret));
    let copy: Value = serde_json::from_str(&copy).unwrap();
    let public = std::fs::read_to_string(escrow.agreement.custodian().join("oprf.pub")).unwrap();
    assert_eq!(
        copy["key"]["public_key"].as_str(),
        public.split_whitespace().nth(1)
    );
    assert_eq!(copy["key"]["key_period"], "2026");
    assert_eq!(copy["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn a_damaged_or_swapped_copy_is_found_out() {
    let damage: [fn(&mut Value); 4] = [
        |copy| {
            let sealed = copy["sealed"].as_str().unwrap().to_owned();
            copy["sealed"] = sealed[..sealed.len() - 2].into();
        },
        |copy| copy["digest"] = "00".repeat(32).into(),
        |copy| copy["check_value"] = "00".repeat(32).into(),
        |copy| copy["sealed"] = "zz".into(),
    ];
    for change in damage {
        let escrow = Escrow::new();
        escrow.change(change);
        assert_eq!(escrow.check("notary"), "WDL-K037");
    }
    // The public half of another key.
    let (escrow, other) = (Escrow::new(), Escrow::new());
    let key: Value =
        serde_json::from_slice(&std::fs::read(other.at("copy.json")).unwrap()).unwrap();
    escrow.change(|copy| copy["key"] = key["key"].clone());
    assert_eq!(escrow.check("notary"), "WDL-K037");
}

#[test]
fn a_copy_is_never_overwritten_and_needs_a_keeper() {
    let escrow = Escrow::new();
    let (dir, out) = (escrow.agreement.custodian(), escrow.at("copy.json"));
    let said = |words: &[&str]| String::from_utf8(run(words).stderr).unwrap();
    let keeper = escrow.at("notary.recipient");
    let again = said(&[
        "backup",
        "--dir",
        text(&dir),
        "--out",
        text(&out),
        "--to",
        text(&keeper),
    ]);
    assert!(again.contains("WDL-K003"), "{again}");
    let nobody = said(&[
        "backup",
        "--dir",
        text(&dir),
        "--out",
        text(&out),
        "--to",
        "age1nobody",
    ]);
    assert!(nobody.contains("WDL-K038"), "{nobody}");
}

#[test]
fn a_restored_custodian_answers_as_before() {
    let escrow = Escrow::new();
    let agreement = &escrow.agreement;
    let answer = || {
        let service = agreement.start(&[]);
        let declared = signed(1, &agreement.comune);
        service.declared(&declared);
        let (blinding, blinded) = oprf::blind(&[b"one"]).unwrap();
        let asked = Question::sign(&declared, 0, blinded, &agreement.comune).unwrap();
        let response = Response::from_bytes(&service.ask(&asked).1).unwrap();
        blinding
            .finalize(&response.evaluated, &service.public_key)
            .unwrap()
    };
    let before = answer();
    let restore = || {
        let (identity, dir, copy) = (
            escrow.at("archive"),
            agreement.custodian(),
            escrow.at("copy.json"),
        );
        run(&[
            "restore",
            "--identity",
            text(&identity),
            "--dir",
            text(&dir),
            text(&copy),
        ])
    };
    let refused = String::from_utf8(restore().stderr).unwrap();
    assert!(refused.contains("WDL-K003"), "{refused}");
    std::fs::remove_dir_all(agreement.custodian()).unwrap();
    assert!(restore().status.success());
    assert_eq!(answer(), before);
}

#[test]
fn key_rotation_midway() {
    let agreement = Agreement::new();
    let (old, new) = (agreement.custodian(), agreement.folder.path().join("b"));
    let before = std::fs::read(old.join("custodian.json")).unwrap();
    let rotate = || {
        run(&[
            "rotate",
            "--dir",
            text(&old),
            "--to",
            text(&new),
            "--key-period",
            "2027",
        ])
    };
    let first = rotate();
    assert!(first.status.success());
    let told: Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!(told["key_period"], "2027");
    assert_eq!(told["custodian"], "custodian_a");
    // The old key stays as it was, and the new one is another.
    assert_eq!(std::fs::read(old.join("custodian.json")).unwrap(), before);
    assert_ne!(
        std::fs::read(old.join("oprf.pub")).unwrap(),
        std::fs::read(new.join("oprf.pub")).unwrap()
    );
    // Stopped before the folder said what it is: the same key is finished.
    std::fs::remove_file(new.join("custodian.json")).unwrap();
    let again = rotate();
    assert!(again.status.success());
    assert_eq!(again.stdout, first.stdout);
    // Done: not done twice.
    assert!(!rotate().status.success());
}
