//! The lab's year with the errors of life in it: no name anywhere, a record that holds, numbers that can be followed back.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use wdl_crypto::SealingKey;
use wdl_synthetic::CANARIES;
use wdl_vocab::Digest;

use crate::leaks::{files, leaks};
use crate::stage::{own_demo, run, said, shared_demo, well};

fn sealing(home: &Path) -> SealingKey {
    SealingKey::read(&home.join("state/keys/secret/sealing.key")).unwrap()
}

#[test]
fn no_name_and_no_code_is_in_the_lab() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("demo");
    own_demo(&home, "2000");
    let key = sealing(&home);
    let canaries: Vec<String> = CANARIES.iter().map(|name| (*name).to_string()).collect();
    // The search itself is tried on the exports, which are full of names.
    assert!(!leaks(&home.join("city/exports"), &key, &canaries).is_empty());
    for place in ["state", "site", "deliveries", "lab"] {
        assert_eq!(leaks(&home.join(place), &key, &canaries), [], "{place}");
    }
    planted(&home, &key, &canaries);
}

/// A leak that is planted must be found, in text and inside Parquet.
fn planted(home: &Path, key: &SealingKey, canaries: &[String]) {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, StringArray};
    use wdl_frame::{RecordBatch, write_parquet};

    let place = home.join("state/derived/planted");
    fs::create_dir_all(&place).unwrap();
    for secret in ["RSSMRA85T10A562S", canaries[0].as_str()] {
        let cells: ArrayRef = Arc::new(StringArray::from(vec!["nothing", secret]));
        let batch = RecordBatch::try_from_iter([("note", cells)]).unwrap();
        let file = place.join("planted.parquet");
        write_parquet(&file, &batch.schema(), &[batch]).unwrap();
        assert_eq!(
            leaks(&place, key, canaries).len(),
            1,
            "{secret} inside Parquet"
        );
        fs::remove_file(&file).unwrap();
        fs::write(place.join("planted.txt"), format!("a,{secret},b")).unwrap();
        assert_eq!(leaks(&place, key, canaries).len(), 1, "{secret} in text");
        fs::remove_file(place.join("planted.txt")).unwrap();
    }
}

#[test]
fn the_record_holds_and_shows_any_change() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("demo");
    let told = own_demo(&home, "500");
    let dir = home.to_str().unwrap();
    let audit = || run("wdl", &["audit", "verify", "--dir", dir]);
    well(audit());
    let key = home.join("offices/gestione_dati.key");
    let build = well(run(
        "wdl",
        &[
            "build",
            "--yes",
            "--dir",
            dir,
            "--as",
            key.to_str().unwrap(),
            "--format",
            "json",
        ],
    ));
    let built: Value = serde_json::from_slice(&build.stdout).unwrap();
    assert_eq!(built["computed"], 0);
    assert_eq!(built["snapshot"], told["snapshot"]);

    let traced = well(run(
        "wdl",
        &["trace", "residents", "--dir", dir, "--format", "json"],
    ));
    let traced: Value = serde_json::from_slice(&traced.stdout).unwrap();
    assert_eq!(traced["snapshot"], told["snapshot"]);
    // Two of other bodies, and one more since health data enter.
    assert_eq!(traced["release"]["reviews"].as_array().unwrap().len(), 3);
    assert!(
        traced["deliveries"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["dataset"] == "residenti")
    );
    let unknown = run("wdl", &["trace", "residnets", "--dir", dir]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        said(&unknown).contains("`residents`?"),
        "{}",
        said(&unknown)
    );

    let page = home.join("site/it/index.html");
    let shown = fs::read_to_string(&page).unwrap();
    fs::write(&page, shown.replacen("500", "501", 1) + " ").unwrap();
    assert!(
        said(&audit()).contains("WDL-U017"),
        "a changed site is seen"
    );
    fs::write(&page, shown).unwrap();
    well(audit());

    let ledger = home.join("state/ledger/ledger.jsonl");
    let whole = fs::read(&ledger).unwrap();
    let third: usize = whole
        .split_inclusive(|byte| *byte == b'\n')
        .take(3)
        .map(<[u8]>::len)
        .sum();
    let mut bytes = whole.clone();
    let digit = bytes[third..].iter().position(u8::is_ascii_digit).unwrap() + third;
    bytes[digit] = if bytes[digit] == b'1' { b'2' } else { b'1' };
    fs::write(&ledger, &bytes).unwrap();
    let output = audit();
    assert!(!output.status.success());
    assert!(
        said(&output).contains("WDL-L") && said(&output).contains(" 3"),
        "{}",
        said(&output)
    );

    let shorter: Vec<u8> = whole
        .split_inclusive(|byte| *byte == b'\n')
        .take(5)
        .flatten()
        .copied()
        .collect();
    fs::write(&ledger, shorter).unwrap();
    assert!(
        !audit().status.success(),
        "a record that was cut off is seen against the published checkpoint"
    );
}

/// A digest of a small table without persons could be searched for: no plain digest of a partition is public.
#[test]
fn no_plain_digest_of_the_base_is_public() {
    let home = shared_demo("500");
    let plain: BTreeSet<String> = files(&home.join("state/derived"))
        .iter()
        .map(|file| Digest::of(&fs::read(file).unwrap()).to_string())
        .collect();
    assert!(plain.len() > 300);
    let mut read = 0;
    for file in files(&home.join("site")) {
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let words = text.split(|letter: char| !letter.is_ascii_hexdigit());
        for word in words.filter(|word| word.len() == 64) {
            read += 1;
            assert!(!plain.contains(word), "{}", file.display());
        }
    }
    assert!(read > 300, "digests are published");
}

#[test]
fn every_file_of_the_site_says_that_the_data_are_invented() {
    let home = shared_demo("500");
    for file in files(&home.join("site")) {
        let is_text = ["html", "svg", "csv", "json"]
            .iter()
            .any(|ending| file.extension().is_some_and(|own| own == *ending));
        let is_ours = !file
            .components()
            .any(|part| part.as_os_str() == "assets" || part.as_os_str() == "ledger");
        if is_text && is_ours {
            let text = fs::read_to_string(&file).unwrap();
            assert!(
                text.contains("DATI SINTETICI") || text.contains("SYNTHETIC DATA"),
                "{}",
                file.display()
            );
        }
    }
}
