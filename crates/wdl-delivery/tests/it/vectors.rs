//! The kit of files that another implementation can be held to: every file of it has the outcome that its index says.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wdl_crypto::{SealingKey, VerifyingKey};
use wdl_delivery::Delivery;
use wdl_vocab::Diagnose;

fn kit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// The secret key of the kit, as a key file must stand: for its owner alone.
fn lab_key(folder: &Path) -> SealingKey {
    let path = folder.join("lab.key");
    fs::copy(kit().join("keys/lab.key"), &path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    SealingKey::read(&path).unwrap()
}

/// Where a file is stopped and by which code.
fn outcome(file: &Path, body: &VerifyingKey, lab: &SealingKey) -> (&'static str, &'static str) {
    let code = |fault: &dyn Diagnose| fault.diagnostic().code.id;
    let arrived = match Delivery::read(file) {
        Ok(arrived) => arrived,
        Err(fault) => return ("read", code(&fault)),
    };
    if let Err(fault) = arrived.verify(body) {
        return ("verify", code(&fault));
    }
    match arrived.open(lab) {
        Ok(_) => ("open", "accepted"),
        Err(fault) => ("open", code(&fault)),
    }
}

#[test]
fn every_vector_has_the_outcome_of_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let lab = lab_key(folder.path());
    let body = VerifyingKey::read(&kit().join("keys/body.pub")).unwrap();
    let index: Value =
        serde_json::from_slice(&fs::read(kit().join("index.json")).unwrap()).unwrap();
    let vectors = index["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 40, "{}", vectors.len());
    let mut named = Vec::new();
    for vector in vectors {
        let name = vector["file"].as_str().unwrap();
        let file = kit().join(name);
        let (stage, code) = outcome(&file, &body, &lab);
        let expected = (vector["stage"].as_str(), vector["outcome"].as_str());
        assert_eq!((Some(stage), Some(code)), expected, "{name}");
        if code == "accepted" {
            let delivery = Delivery::read(&file).unwrap();
            assert_eq!(vector["delivery"], delivery.id().as_str(), "{name}");
            assert_eq!(vector["rows"], delivery.header().rows, "{name}");
            let content = delivery.header().content_digest.to_string();
            assert_eq!(vector["content_digest"], content, "{name}");
        }
        named.push(name.to_owned());
    }
    let mut standing: Vec<String> = fs::read_dir(kit().join("files"))
        .unwrap()
        .map(|entry| format!("files/{}", entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    standing.sort();
    named.sort();
    assert_eq!(named, standing, "every file is in the index");
}
