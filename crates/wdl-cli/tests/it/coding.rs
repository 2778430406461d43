//! Codebooks, codings, themes and joint displays as people ask for them, on plain files, in both languages.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const BOOK: &str = "\
id: casa
version: 2
title: { it: Casa, en: Housing }
theme: casa
codes:
  - { id: arretrati, label: { it: Arretrati, en: Arrears }, definition: { it: D, en: D } }
  - { id: contributo, label: { it: Il contributo aiuta, en: Support helps }, definition: { it: D, en: D } }
changes:
  - { version: 2, renamed: { morosita: arretrati } }
";
const OLD: &str = "\
id: casa
version: 1
title: { it: Casa, en: Housing }
theme: casa
codes:
  - { id: morosita, label: { it: Morosità, en: Arrears }, definition: { it: D, en: D } }
  - { id: contributo, label: { it: Il contributo aiuta, en: Support helps }, definition: { it: D, en: D } }
";
const RULE: &str = "\
outcome: { it: Effetto del contributo sui mesi in arretrato, en: Effect of the support on months in arrears }
themes:
  - { theme: contributo, expects: decrease, said_from: 0.4 }
";

fn wdl(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wdl"))
        .current_dir(folder)
        .args(words)
        .env("LC_ALL", "en_GB.UTF-8")
        .output()
        .unwrap()
}

fn split(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

fn json(folder: &Path, line: &str) -> Value {
    let output = wdl(folder, &[split(line), vec!["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{line}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The exit code and what is said.
fn told(folder: &Path, line: &str) -> (i32, String) {
    let output = wdl(folder, &split(line));
    let both = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(both).unwrap(),
    )
}

/// Two coders, sixty people of three districts; in the third there is one alone.
fn desk() -> TempDir {
    let folder = TempDir::new().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    put("casa.yaml", BOOK);
    fs::create_dir(folder.path().join("v1")).unwrap();
    put("v1/casa.yaml", OLD);
    put("rule.yaml", RULE);
    let (mut anna, mut bruno) = (
        String::from("transcript,segment,coder,code,version\n"),
        String::from("transcript;segment;coder;code;version\n"),
    );
    let mut people = String::from("participant,quartiere\n");
    for at in 0..61 {
        let district = match at {
            60 => "Q3",
            _ if at % 2 == 0 => "Q1",
            _ => "Q2",
        };
        people.push_str(&format!("p{at},{district}\n"));
        let code = match (district, at % 3) {
            ("Q1", 0 | 1) | ("Q3", _) => "contributo",
            ("Q1", _) => "",
            (_, 0) => "morosita",
            _ => "",
        };
        let version = if code == "morosita" { 1 } else { 2 };
        anna.push_str(&format!("p{at},1,anna,{code},{version}\n"));
        let other = if at == 4 { "arretrati" } else { code };
        let version = if other == "morosita" { 1 } else { 2 };
        bruno.push_str(&format!("p{at};1;bruno;{other};{version}\n"));
    }
    put("anna.csv", &anna);
    put("bruno.csv", &bruno);
    put("people.csv", &people);
    put(
        "dora.csv",
        "transcript,segment,coder,code,version\np4,1,dora,contributo,2\n",
    );
    put(
        "effects.json",
        r#"{"method":"regression","estimates":[
{"name":"Q1","estimate":-0.6,"interval":[-1.0,-0.2],"level":0.95},
{"name":"Q2","estimate":-0.1,"interval":[-0.5,0.3],"level":0.95},
{"name":"Q3","estimate":-0.9,"interval":[-1.5,-0.3],"level":0.95}]}"#,
    );
    folder
}

#[test]
fn a_codebook_and_its_versions_are_told() {
    let folder = desk();
    let folder = folder.path();
    let book = json(folder, "codebook check casa.yaml");
    assert_eq!(book["version"], 2);
    assert_eq!(book["entries"][1]["id"], "contributo");
    let (code, shown) = told(folder, "codebook diff v1/casa.yaml casa.yaml --lang it");
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("morosita: ora si chiama arretrati"),
        "{shown}"
    );
    fs::write(
        folder.join("casa.yaml"),
        BOOK.replace("renamed: { morosita: arretrati }", "dropped: []"),
    )
    .unwrap();
    let (code, shown) = told(folder, "codebook diff v1/casa.yaml casa.yaml --lang en");
    assert!(
        code == 1 && shown.contains("WDL-V055") && shown.contains("morosita"),
        "{shown}"
    );
    fs::write(
        folder.join("casa.yaml"),
        BOOK.replace("version: 2\n", "version: due\n"),
    )
    .unwrap();
    let (code, shown) = told(folder, "codebook check casa.yaml");
    assert!(code == 2 && shown.contains("casa.yaml:2:10"), "{shown}");
}

#[test]
fn codings_are_checked_compared_and_decided() {
    let folder = desk();
    let folder = folder.path();
    let checked = json(
        folder,
        "codings check anna.csv bruno.csv --codebook casa.yaml",
    );
    assert_eq!(checked["segments"], 61);
    assert_eq!(checked["double"], 61);
    assert_eq!(checked["files"][0]["brought"], 10);
    let found = json(
        folder,
        "codings agreement anna.csv bruno.csv --codebook casa.yaml --draws 200",
    );
    let all = found["disagreements"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    assert!(found["overall"]["alpha"].as_f64().unwrap() > 0.9);
    for (lang, word) in [("it", "Disaccordi: 2"), ("en", "Disagreements: 2")] {
        let (_, shown) = told(
            folder,
            &format!("codings agreement anna.csv bruno.csv --codebook casa.yaml --lang {lang}"),
        );
        assert!(shown.contains(word) && shown.contains("p4/1"), "{shown}");
    }
    let line = "codings consensus anna.csv bruno.csv --codebook casa.yaml";
    assert_eq!(json(folder, line)["undecided"].as_array().unwrap().len(), 2);
    let decided = json(
        folder,
        &format!("{line} --decisions dora.csv --out agreed.csv"),
    );
    assert_eq!(decided["undecided"], serde_json::json!([]));
    let written = fs::read_to_string(folder.join("agreed.csv")).unwrap();
    assert!(
        written.contains("p4,1,,consensus,contributo,2,adjudicated"),
        "{written}"
    );
    // What was written is read again as codings.
    assert_eq!(
        json(folder, "codings check agreed.csv --codebook casa.yaml")["segments"],
        61
    );
    let (code, shown) = told(folder, &format!("{line} --out anna.csv"));
    assert!(code == 2 && shown.contains("WDL-U015"), "{shown}");
}

#[test]
fn faults_of_codings_are_all_told() {
    let folder = desk();
    let folder = folder.path();
    let bad = "transcript,segment,coder,code,version\np1,1,anna,contribuo,2\np2,tante parole di qualcuno,anna,,2\np3,1,anna,,7\n";
    fs::write(folder.join("bad.csv"), bad).unwrap();
    let (code, shown) = told(
        folder,
        "codings check bad.csv --codebook casa.yaml --lang it",
    );
    assert_eq!(code, 1);
    for word in [
        "WDL-V060",
        "bad.csv:2",
        "contributo",
        "WDL-V062",
        "bad.csv:3",
        "WDL-V063",
        "bad.csv:4",
    ] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    assert!(!shown.contains("tante parole"), "{shown}");
    fs::write(
        folder.join("none.csv"),
        "transcript,segment,coder,code,version\n",
    )
    .unwrap();
    let (code, shown) = told(
        folder,
        "codings agreement anna.csv none.csv --codebook casa.yaml",
    );
    assert!(code == 1 && shown.contains("WDL-V064"), "{shown}");
    fs::write(
        folder.join("short.csv"),
        "transcript,segment,coder,code\np1,1,anna,\n",
    )
    .unwrap();
    let (code, shown) = told(folder, "codings check short.csv --codebook casa.yaml");
    assert!(code != 0 && shown.contains("version"), "{shown}");
    let (code, shown) = told(
        folder,
        "codings agreement anna.csv anna.csv --codebook casa.yaml",
    );
    assert!(code == 1 && shown.contains("WDL-V066"), "{shown}");
    let (code, shown) = told(folder, "codings agreement anna.csv --codebook casa.yaml");
    assert!(code == 1 && shown.contains("WDL-V065"), "{shown}");
}

#[test]
fn themes_and_effects_stand_side_by_side_and_hidden_cells_stay_hidden() {
    let folder = desk();
    let folder = folder.path();
    let line = "themes anna.csv bruno.csv --codebook casa.yaml --decisions dora.csv --participants people.csv --by quartiere --period 2026 --show-zero --out themes.csv";
    let themes = json(folder, line);
    assert_eq!(themes["minimum_frequency"], 5);
    let written = fs::read_to_string(folder.join("themes.csv")).unwrap();
    let row = |group: &str| {
        let start = "contributo,";
        let line = written
            .lines()
            .find(|line| line.starts_with(start) && line.contains(&format!(",{group},")));
        line.unwrap().to_owned()
    };
    // One person alone in Q3: neither how many nor how many with.
    assert!(row("Q3").ends_with(",,,hidden,2026"), "{written}");
    let joint = "joint effects.json themes.csv --rule rule.yaml --by quartiere";
    let value = json(folder, joint);
    let lines = value["lines"].as_array().unwrap();
    for line in lines {
        let is_hidden = line["said"] == "hidden";
        assert_eq!(
            is_hidden,
            line["share"].is_null() && line["participants"].is_null(),
            "{line}"
        );
        if is_hidden {
            assert_eq!(line["verdict"], "silent");
        }
    }
    for (lang, hidden, rule) in [
        ("it", "nascosta", "regola dell&#39;autore"),
        ("en", "hidden", "author&#39;s rule"),
    ] {
        let (code, shown) = told(folder, &format!("{joint} --lang {lang}"));
        assert!(code == 0 && shown.contains(hidden), "{shown}");
        let (code, page) = told(folder, &format!("{joint} --lang {lang} --format html"));
        assert_eq!(code, 0);
        assert!(
            page.contains("<svg") && page.contains(hidden) && page.contains(rule),
            "{lang}"
        );
        assert!(page.contains(&format!("<html lang=\"{lang}\">")));
    }
    let (code, shown) = told(
        folder,
        "joint people.csv themes.csv --rule rule.yaml --by quartiere",
    );
    assert!(code == 1 && shown.contains("WDL-V080"), "{shown}");
    let (code, shown) = told(
        folder,
        "joint effects.json people.csv --rule rule.yaml --by quartiere",
    );
    assert!(code != 0 && shown.contains("WDL-S"), "{shown}");
}
