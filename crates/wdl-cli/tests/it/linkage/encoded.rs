//! `wdl link --encode` and `--clk`: a round trip, and what is refused.

use std::path::Path;

use serde_json::Value;
use wdl_vocab::Digest;

use super::people::Sheet;
use super::{Desk, warnings};

const SECRET: &str = "a secret that is only good for tests";

/// Two sheets of people with their true pairs, and the secret.
fn desk() -> Desk {
    let desk = Desk::new();
    let (a, b) = Sheet::two(500, 250);
    desk.write("a.csv", a.csv("a", ',', false));
    desk.write("b.csv", b.csv("b", ',', true));
    let pairs = a.pairs("a", &b, "b");
    let rows = pairs.iter().map(|(one, other)| format!("{one},{other}\n"));
    desk.write(
        "pairs.csv",
        "one,other\n".to_owned() + &rows.collect::<String>(),
    );
    desk.write("secret", SECRET);
    desk.write("other", "another secret that is only good for tests");
    desk
}

fn encode(desk: &Desk, file: &str, secret: &str, out: &str, more: &[&str]) -> Value {
    let words = [
        file, "--id", "id", "--ignore", "who", "--encode", "--secret", secret, "--out", out,
    ];
    desk.answer(&[&words[..], more].concat())
}

fn link(desk: &Desk, a: &str, b: &str, more: &[&str]) -> Value {
    let (a, b) = (format!("{a}/encoded.wdl"), format!("{b}/encoded.wdl"));
    desk.answer(&[&[a.as_str(), b.as_str(), "--clk"], more].concat())
}

fn refused(desk: &Desk, a: &str, b: &str) -> (String, i32) {
    let (a, b) = (format!("{a}/encoded.wdl"), format!("{b}/encoded.wdl"));
    let (code, exit, _) = desk.refusal(&[&a, &b, "--clk"]);
    (code, exit)
}

#[test]
fn two_files_are_encoded_and_linked_without_their_values() {
    let desk = desk();
    for plain in [&["--plain"][..], &[]] {
        let name = |side: &str| format!("{side}{}", plain.len());
        let (one, other, out) = (name("a"), name("b"), name("links"));
        let told = encode(&desk, "a.csv", "secret", &one, plain);
        assert_eq!(told["records"], 500);
        assert!(warnings(&told).is_empty(), "{told}");
        let schema = format!("{one}/schema.yaml");
        let again = encode(&desk, "b.csv", "secret", &other, &["--schema", &schema]);
        assert_eq!(
            (&told["schema"], &told["key_check"]),
            (&again["schema"], &again["key_check"])
        );
        assert!(warnings(&again).is_empty(), "{again}");
        let answer = link(
            &desk,
            &one,
            &other,
            &["--truth", "pairs.csv", "--out", &out],
        );
        for key in [
            "pairs",
            "clusters",
            "precision",
            "recall",
            "f1",
            "cluster_f1",
            "estimated_precision",
            "estimated_recall",
            "cpu_seconds",
            "peak_rss_mb",
        ] {
            assert!(answer[key].is_number(), "{key}: {answer}");
        }
        assert!(answer["f1"].as_f64().unwrap() > 0.9, "{answer}");
        assert_eq!(answer["pairs"], answer["clusters"]);
        // Of values nothing is left in what is given away.
        let bytes = std::fs::read(desk.path(&format!("{one}/encoded.wdl"))).unwrap();
        let has = |text: &str| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        assert!(!has("VIA ") && !has("INI") && !has(SECRET));
        let pairs = desk.read(&format!("{out}/pairs.csv"));
        assert_eq!(
            pairs.lines().count() as u64,
            answer["pairs"].as_u64().unwrap() + 1
        );
        let (code, exit, _) = desk.refusal(&["explain", "a00001", "b00001", "--in", &out]);
        assert_eq!((code.as_str(), exit), ("WDL-N025", 2));
    }
}

#[test]
fn the_same_records_in_any_order_give_the_same_encodings() {
    let desk = desk();
    encode(&desk, "a.csv", "secret", "one", &["--plain"]);
    let text = desk.read("a.csv");
    let mut rows: Vec<&str> = text.lines().collect();
    rows[1..].reverse();
    desk.write("a.csv", rows.join("\n") + "\n");
    encode(&desk, "a.csv", "secret", "two", &["--plain"]);
    let bytes = |name: &str| std::fs::read(desk.path(name)).unwrap();
    assert!(bytes("one/encoded.wdl") == bytes("two/encoded.wdl"));
}

#[test]
fn encodings_that_do_not_fit_are_refused_and_never_linked_with_nothing() {
    let desk = desk();
    encode(&desk, "a.csv", "secret", "a", &["--plain"]);
    let schema = ["--schema", "a/schema.yaml"];
    encode(&desk, "b.csv", "secret", "b", &schema);
    encode(&desk, "b.csv", "other", "other_key", &schema);
    encode(&desk, "b.csv", "secret", "other_schema", &[]);
    let text = desk.read("a/schema.yaml");
    let fuller = text.replacen("weight: 3", "weight: 2", 1);
    assert_ne!(text, fuller);
    desk.write("fuller.yaml", fuller);
    let weight = ["--schema", "fuller.yaml"];
    encode(&desk, "b.csv", "secret", "other_weight", &weight);
    for (file, expected) in [
        ("other_schema", "WDL-N066"),
        ("other_weight", "WDL-N066"),
        ("other_key", "WDL-N067"),
    ] {
        assert_eq!(
            refused(&desk, "a", file),
            (expected.to_owned(), 3),
            "{file}"
        );
        assert_eq!(
            refused(&desk, file, "a"),
            (expected.to_owned(), 3),
            "{file}"
        );
    }
    // The same schema but for its salts, and but for its diffusion.
    encode(&desk, "a.csv", "secret", "salted", &[]);
    let salted = desk.read("salted/schema.yaml");
    let (before, _) = salted.split_once("  - salt: [").expect("it has salts");
    desk.write("unsalted.yaml", format!("{before}  - salt: []\n"));
    desk.write(
        "undiffused.yaml",
        salted.replace("diffusion: 2", "diffusion: 0"),
    );
    for name in ["unsalted", "undiffused"] {
        let schema = format!("{name}.yaml");
        assert_ne!(desk.read(&schema), salted);
        encode(&desk, "b.csv", "secret", name, &["--schema", &schema]);
        let expected = ("WDL-N066".to_owned(), 3);
        assert_eq!(refused(&desk, "salted", name), expected, "{name}");
        assert_eq!(refused(&desk, name, "salted"), expected, "{name}");
    }
    // Vectors of another length, in a file that is whole.
    let bytes = std::fs::read(desk.path("b/encoded.wdl")).unwrap();
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let shorter = head.replace("\"length\":1024", "\"length\":512");
    assert_ne!(head, shorter);
    let mut other = [shorter.as_bytes(), &bytes[end..bytes.len() - 32]].concat();
    other.extend(Digest::of(&other).0);
    std::fs::create_dir(desk.path("short")).unwrap();
    desk.write("short/encoded.wdl", &other);
    assert_eq!(refused(&desk, "a", "short"), ("WDL-N061".to_owned(), 2));
    // One bit on the way.
    let mut damaged = bytes.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    desk.write("short/encoded.wdl", &damaged);
    assert_eq!(refused(&desk, "a", "short"), ("WDL-N062".to_owned(), 1));
    desk.write("short/encoded.wdl", "id,nome\n1,ADA\n");
    assert_eq!(refused(&desk, "a", "short"), ("WDL-N060".to_owned(), 2));
}

/// Strangers who share a salt are more alike than others, and within one file nobody is known to be a stranger.
#[test]
fn duplicates_are_not_looked_for_within_one_file_of_salted_encodings() {
    let desk = desk();
    encode(&desk, "a.csv", "secret", "salted", &[]);
    encode(&desk, "a.csv", "secret", "plain", &["--plain"]);
    let (code, exit, _) = desk.refusal(&["salted/encoded.wdl", "--clk", "--out", "links"]);
    assert_eq!((code.as_str(), exit), ("WDL-N074", 3));
    assert!(!desk.path("links").exists());
    let answer = desk.answer(&["plain/encoded.wdl", "--clk"]);
    assert!(answer["pairs"].is_number(), "{answer}");
}

/// One record in four stands twice in each file: the answer says so, and what to do.
#[test]
fn files_that_both_hold_persons_several_times_are_told() {
    let desk = desk();
    let (a, b) = Sheet::two(500, 250);
    let twice = |csv: String| {
        let again = csv.lines().skip(1).step_by(4);
        let again: String = again.map(|row| format!("x{row}\n")).collect();
        csv + &again
    };
    desk.write("a.csv", twice(a.csv("a", ',', false)));
    desk.write("b.csv", twice(b.csv("b", ',', false)));
    encode(&desk, "a.csv", "secret", "a", &["--plain"]);
    encode(
        &desk,
        "b.csv",
        "secret",
        "b",
        &["--schema", "a/schema.yaml"],
    );
    let told = link(&desk, "a", "b", &[]);
    let duplicates = warnings(&told)
        .into_iter()
        .filter(|code| *code == "WDL-N078");
    assert_eq!(duplicates.count(), 2, "{told}");
}

#[test]
fn a_secret_that_can_be_guessed_is_refused_and_nothing_is_written() {
    let desk = desk();
    desk.write("short", "1234567890\n");
    let words = [
        "a.csv", "--id", "id", "--encode", "--secret", "short", "--out", "x",
    ];
    let (code, exit, told) = desk.refusal(&words);
    assert_eq!((code.as_str(), exit), ("WDL-N071", 3));
    assert!(!told.contains("1234567890"), "{told}");
    assert!(!desk.path("x").exists());
}

/// The schema that the documentation shows.
fn shown() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/encoded-files.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once("```yaml\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_schema_of_the_documentation_encodes_and_is_none_that_is_warned_of() {
    let desk = desk();
    let text = shown();
    desk.write("shown.yaml", &text);
    desk.write(
        "people.csv",
        "id,nome,cognome,data_nascita,via,cap\n\
         1,ADA,ROSSI,1950-01-02,VIA PO,41121\n\
         2,IVO,BIANCHI,1961-03-04,VIA ADIGE,41122\n",
    );
    let told = encode_people(&desk, "shown.yaml", "shown");
    assert!(warnings(&told).is_empty(), "{told}");
    assert_eq!(told["without_vectors"], 0);
    let line = text.lines().find(|line| line.starts_with("diffusion:"));
    let thin = text.replace(line.unwrap(), "diffusion: 1");
    desk.write("thin.yaml", thin);
    let told = encode_people(&desk, "thin.yaml", "thin");
    assert_eq!(warnings(&told), ["WDL-N073"], "{told}");
}

fn encode_people(desk: &Desk, schema: &str, out: &str) -> Value {
    let words = [
        "people.csv",
        "--id",
        "id",
        "--encode",
        "--secret",
        "secret",
        "--schema",
        schema,
        "--out",
        out,
    ];
    desk.answer(&words)
}

/// One sheet written with the month first, one with points and one with names of months: the encodings are the same bytes.
#[test]
fn dates_of_different_formats_give_the_same_encodings() {
    let desk = desk();
    desk.write("shown.yaml", shown());
    let sheet = |one: &str, other: &str| {
        format!(
            "id,nome,cognome,data_nascita,via,cap\n\
             1,ADA,ROSSI,{one},VIA PO,41121\n\
             2,IVO,BIANCHI,{other},VIA ADIGE,41122\n"
        )
    };
    let mut files = Vec::new();
    for (nth, (one, other)) in [
        ("1950-01-22", "1961-03-14"),
        ("22/01/1950", "14/03/1961"),
        ("01/22/1950", "03/14/1961"),
        ("22.1.50", "14 marzo 1961"),
    ]
    .into_iter()
    .enumerate()
    {
        desk.write("people.csv", sheet(one, other));
        let out = format!("dated{nth}");
        let told = encode_people(&desk, "shown.yaml", &out);
        assert!(warnings(&told).is_empty(), "{told}");
        assert_eq!(told["dates"][0]["unreadable"], 0, "{told}");
        files.push(std::fs::read(desk.path(&format!("{out}/encoded.wdl"))).unwrap());
    }
    assert!(files.iter().all(|file| *file == files[0]));
    // What the dates leave open is told, until it is said.
    desk.write("people.csv", sheet("02/01/1950", "ieri"));
    let told = encode_people(&desk, "shown.yaml", "open");
    assert_eq!(warnings(&told), ["WDL-N075", "WDL-N076"], "{told}");
    assert_eq!(told["dates"][0]["unreadable"], 1, "{told}");
    let words = [
        "people.csv",
        "--id",
        "id",
        "--encode",
        "--secret",
        "secret",
        "--schema",
        "shown.yaml",
        "--date-order",
        "month-first",
        "--out",
        "said",
    ];
    let told = desk.answer(&words);
    assert_eq!(warnings(&told), ["WDL-N076"], "{told}");
    assert_eq!(told["dates"][0]["order"], "month-first", "{told}");
}
