//! Bad input, each by its name: a code, one entry in the record, and nothing else changed.

use std::fs;
use std::path::{Path, PathBuf};

use wdl_crypto::SealingKey;

use crate::stage::{HISTORY, Stage, Wishes, copy, run, said, well};

/// Receives one file that must be refused: its code is told, one entry is left, the state is as it was.
fn refused(stage: &Stage, file: &Path, code: &str) {
    let (record, state) = (stage.record(), stage.state());
    let output = stage.receive(&[file.to_owned()]);
    assert!(!output.status.success(), "{code}: {}", said(&output));
    assert!(
        said(&output).contains(code),
        "{code} expected: {}",
        said(&output)
    );
    let after = stage.record();
    assert_eq!(after.len(), record.len() + 1, "{code}: one entry");
    assert!(
        after.last().unwrap().contains(code),
        "{code}: {:?}",
        after.last()
    );
    assert!(after.last().unwrap().contains("refused"));
    assert_eq!(after[..record.len()], record[..]);
    assert!(state == stage.state(), "{code}: the state has changed");
}

fn changed(stage: &Stage, sealed: &Path, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let mut bytes = fs::read(sealed).unwrap();
    change(&mut bytes);
    let path = PathBuf::from(stage.path(name));
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn del_truncated_and_del_bitflip_and_del_replay() {
    let stage = Stage::set();
    let sealed = stage.seal_all("inail", HISTORY);
    let good = &sealed[0];
    let truncated = changed(&stage, good, "truncated.wdld", |bytes| {
        bytes.truncate(bytes.len() / 2)
    });
    refused(&stage, &truncated, "WDL-D004");
    let flipped = changed(&stage, good, "flipped.wdld", |bytes| {
        let middle = bytes.len() * 3 / 4;
        bytes[middle] ^= 1;
    });
    refused(&stage, &flipped, "WDL-D010");
    let header = changed(&stage, good, "header.wdld", |bytes| bytes[60] ^= 1);
    refused(&stage, &header, "WDL-D006");
    let nothing = changed(&stage, good, "nothing.wdld", Vec::clear);
    refused(&stage, &nothing, "WDL-D003");

    let arguments = ["receive", good.to_str().unwrap(), "--format", "json"];
    let told = well(stage.wdl("gestione_dati", &arguments));
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let one = &told["files"][0];
    assert_eq!(one["outcome"], "accepted", "{told}");
    assert_eq!(one["rejected_rows"], serde_json::json!([]), "{told}");
    let lab = wdl_crypto::SigningKey::read(Path::new(&stage.key("gestione_dati"))).unwrap();
    let json = Path::new(one["receipt"]["json"].as_str().unwrap());
    let receipt = wdl_delivery::Receipt::read(json).unwrap();
    receipt.verify_lab(&lab.verifying_key()).unwrap();
    let reception = receipt.reception().unwrap();
    assert_eq!(one["accepted"]["rows"], reception.accepted);
    assert_eq!(one["receipt"]["number"], stage.record().len() as u64 - 1);
    let paper = fs::read(one["receipt"]["pdf"].as_str().unwrap()).unwrap();
    assert!(paper.starts_with(b"%PDF-1.7"));
    refused(&stage, good, "WDL-R013");
    let quarantine = crate::leaks::files(&stage.home().join("state/quarantine"));
    assert!(
        quarantine.len() >= 5,
        "refused files are kept apart: {quarantine:?}"
    );
}

#[test]
fn del_wrong_recipient_and_del_contract_mismatch() {
    let stage = Stage::set();
    let export = stage.export("ausl", HISTORY, "passi");
    let stranger = PathBuf::from(stage.path("stranger.recipient"));
    SealingKey::generate().recipient().write(&stranger).unwrap();
    let wishes = Wishes {
        recipient: Some(stranger.to_str().unwrap().to_owned()),
        ..Wishes::default()
    };
    well(stage.seal("ausl", HISTORY, std::slice::from_ref(&export), &wishes));
    refused(&stage, &stage.sealed("ausl", HISTORY)[0], "WDL-D011");

    let other = PathBuf::from(stage.path("other-lab"));
    copy(&stage.home().join("lab"), &other);
    let contract = other.join("contracts/ausl/passi.odcs.yaml");
    let text = fs::read_to_string(&contract).unwrap();
    assert!(text.contains("version: 1.0.0"));
    fs::write(&contract, text.replace("version: 1.0.0", "version: 1.1.0")).unwrap();
    fs::remove_dir_all(stage.path("out")).unwrap();
    let wishes = Wishes {
        lab: Some(other.to_str().unwrap().to_owned()),
        ..Wishes::default()
    };
    well(stage.seal("ausl", HISTORY, &[export], &wishes));
    refused(&stage, &stage.sealed("ausl", HISTORY)[0], "WDL-R006");
}

/// Seals a changed export that must be refused: the code is told and nothing is written.
fn holder_refuses(stage: &Stage, dataset: &str, change: impl FnOnce(String) -> String, code: &str) {
    let original = fs::read(stage.export("comune", HISTORY, dataset)).unwrap();
    let text: String = original.iter().map(|byte| char::from(*byte)).collect();
    let changed: Vec<u8> = change(text).chars().map(|letter| letter as u8).collect();
    let file = PathBuf::from(stage.path(&format!("changed/{dataset}.csv")));
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, changed).unwrap();
    let output = stage.seal("comune", HISTORY, &[file], &Wishes::default());
    assert!(!output.status.success(), "{}", said(&output));
    assert!(said(&output).contains(code), "{code}: {}", said(&output));
    assert!(
        !Path::new(&stage.path("out/comune")).exists(),
        "{code}: something was sealed"
    );
}

#[test]
fn an_export_that_breaks_its_contract_is_not_sealed() {
    let stage = Stage::set();
    let without_column = |text: String| text.replacen("IMPORTO", "IMPORTI", 1);
    holder_refuses(&stage, "aiuti", without_column, "WDL-H105");
    let with_the_same_column = |text: String| {
        let lines: Vec<String> = text.lines().map(|line| format!("{line};X")).collect();
        lines.join("\r\n").replacen(";X", ";NOTE", 1) + "\r\n"
    };
    holder_refuses(&stage, "aiuti", with_the_same_column, "WDL-H107");
    let with_identifier = |text: String| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let at = lines[0].split(';').position(|name| name == "NOTE").unwrap();
        let mut cells: Vec<String> = lines[1].split(';').map(str::to_owned).collect();
        // The worked example of the decree on the tax code: nobody's.
        cells[at] = "vedi RSSMRA85T10A562S".to_owned();
        lines[1] = cells.join(";");
        lines.join("\r\n") + "\r\n"
    };
    holder_refuses(&stage, "aiuti", with_identifier, "WDL-H132");
}

#[test]
fn without_a_custodian_nothing_is_sealed() {
    let stage = Stage::set();
    let wishes = Wishes {
        custodians: Some(vec![
            "http://127.0.0.1:9".to_owned(),
            "http://127.0.0.1:9".to_owned(),
        ]),
        ..Wishes::default()
    };
    let export = stage.export("inail", HISTORY, "infortuni");
    let output = stage.seal("inail", HISTORY, &[export], &wishes);
    assert!(!output.status.success());
    assert!(said(&output).contains("WDL-H012"), "{}", said(&output));
    assert!(!Path::new(&stage.path("out/inail")).exists());
}

#[test]
fn a_slip_in_a_file_of_the_lab_is_shown_with_its_place() {
    let stage = Stage::set();
    let file = stage.home().join("lab/lab.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("territory:", "teritory:", 1)).unwrap();
    let output = stage.wdl("gestione_dati", &["build", "--yes"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let shown = said(&output);
    assert!(
        shown.contains("WDL-G003") && shown.contains("lab.yaml:"),
        "{shown}"
    );
    assert!(shown.contains("`territory`?"), "{shown}");
}

#[test]
fn an_office_does_only_what_the_agreement_lets_it() {
    let stage = Stage::set();
    let sealed = stage.seal_all("inail", HISTORY);
    let before = stage.record().len();
    let output = stage.wdl("analisi", &["receive", sealed[0].to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let record = stage.record();
    assert_eq!(record.len(), before + 1);
    assert!(record.last().unwrap().contains("refused"));
    let stranger = stage.path("stranger.key");
    wdl_crypto::SigningKey::generate()
        .write(Path::new(&stranger))
        .unwrap();
    let home = stage.path("home");
    let output = run(
        "wdl",
        &["build", "--yes", "--dir", &home, "--as", &stranger],
    );
    assert!(said(&output).contains("WDL-U004"), "{}", said(&output));
}
