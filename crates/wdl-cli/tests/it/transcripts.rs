//! What people said, in a lab: sealed at once, readable nowhere, read by who may, destroyed when they wish; only counts leave.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::leaks::files;
use crate::stage::{program, run, said, well};

const SENTENCE: &str = "da quando pago ottocento euro non dormo più";

/// A founded lab, and texts beside it.
struct Lab {
    folder: TempDir,
}

impl Lab {
    fn set() -> Lab {
        let lab = Lab {
            folder: tempfile::tempdir().unwrap(),
        };
        let home = lab.path("home");
        well(run("wdl", &["new", &home]));
        well(run("wdl", &["init", "--dir", &home]));
        lab
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn wdl(&self, office: &str, arguments: &[&str]) -> Output {
        let (home, key) = (
            self.path("home"),
            self.path(&format!("home/offices/{office}.key")),
        );
        let mut all = arguments.to_vec();
        all.extend(["--dir", &home, "--as", &key]);
        run("wdl", &all)
    }

    fn answer(&self, office: &str, arguments: &[&str]) -> Value {
        let output = self.wdl(office, &[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Seals a text of one participant of a district; gives its name.
    fn add(&self, text: &str, participant: &str, district: &str) -> String {
        let file = self.write("colloquio-con-la-signora-b.txt", text.as_bytes());
        let group = format!("quartiere={district}");
        let kept = self.answer(
            "analisi",
            &[
                "transcript",
                "add",
                &file,
                "--kind",
                "interview",
                "--consent",
                "casa",
                "--consented-on",
                "2026-05-04",
                "--participant",
                participant,
                "--group",
                &group,
            ],
        );
        kept["transcript"].as_str().unwrap().to_owned()
    }

    fn record(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("home/state/ledger/ledger.jsonl")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn vault(&self) -> Vec<PathBuf> {
        let folder = self.path("home/state/vault/transcripts");
        match Path::new(&folder).is_dir() {
            true => files(Path::new(&folder)),
            false => Vec::new(),
        }
    }

    /// Refused with its code, one line more in the record, nothing more in the vault, nothing of the text told.
    fn refused(&self, office: &str, arguments: &[&str], code: &str) {
        let before = (self.record().len(), self.vault());
        let output = self.wdl(office, arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let told = said(&output);
        assert!(told.contains(code), "{code}: {told}");
        assert!(
            !told.contains("RSSMRA") && !told.contains("2032311"),
            "{told}"
        );
        assert_eq!((self.record().len() - 1, self.vault()), before);
        let last = self.record().pop().unwrap();
        assert!(last.contains(code), "{last}");
    }

    /// Whether a word stands anywhere in the lab's folder, also in the names of its files.
    fn holds(&self, word: &str) -> bool {
        let root = self.folder.path().join("home");
        files(&root).into_iter().any(|path| {
            let bytes = fs::read(&path).unwrap();
            let in_name = path.to_string_lossy().contains(word);
            in_name
                || bytes
                    .windows(word.len())
                    .any(|part| part == word.as_bytes())
        })
    }
}

const ADD: [&str; 10] = [
    "--kind",
    "interview",
    "--consent",
    "casa",
    "--consented-on",
    "2026-05-04",
    "--participant",
    "p07",
    "--group",
    "quartiere=Q1",
];

#[test]
fn nothing_readable_is_left_and_each_reading_is_recorded() {
    let lab = Lab::set();
    let text = format!("INT: e la casa?\nP: {SENTENCE}.\n");
    let name = lab.add(&text, "p07quasiunnome", "Q1");
    let kept = lab.record().pop().unwrap();
    assert!(
        kept.contains("transcript_kept") && kept.contains(&name),
        "{kept}"
    );
    for word in [
        "non dormo",
        "p07quasiunnome",
        "colloquio-con",
        "2026-05-04",
        "ottocento",
    ] {
        assert!(!lab.holds(word), "{word}");
    }
    // A search that finds what is there.
    assert!(lab.holds("transcript_kept") && lab.holds(&name));
    let before = lab.vault();
    let open = ["transcript", "open", &name, "--for", "casa"];
    let shown = well(lab.wdl("analisi", &open));
    assert_eq!(String::from_utf8(shown.stdout).unwrap(), text);
    let last = lab.record().pop().unwrap();
    assert!(
        last.contains("transcript_read") && last.contains(&name),
        "{last}"
    );
    assert_eq!(lab.vault(), before);
    assert!(!lab.holds("non dormo"));
    // Who may not, for what nobody agreed to, of a name that nobody gave.
    lab.refused("gestione_dati", &open, "WDL-G025");
    lab.refused("revisione_comune", &open, "WDL-G025");
    let purpose = |purpose| ["transcript", "open", name.as_str(), "--for", purpose];
    lab.refused("analisi", &purpose("salute"), "WDL-V047");
    lab.refused("analisi", &purpose("svago"), "WDL-A018");
    lab.refused(
        "analisi",
        &["transcript", "open", "rossi-mario", "--for", "casa"],
        "WDL-V044",
    );
    assert!(!lab.holds("rossi"));
    let all = lab.answer("analisi", &["transcript", "list"]);
    assert_eq!(all["transcripts"][0]["readings"], 1);
    well(run("wdl", &["audit", "verify", "--dir", &lab.path("home")]));
    // Another sealed text in its place, or a byte changed, is seen.
    let file = &lab.vault()[0];
    let mut bytes = fs::read(file).unwrap();
    let at = bytes.len() - 1;
    bytes[at] ^= 1;
    fs::write(file, bytes).unwrap();
    lab.refused("analisi", &open, "WDL-V046");
}

#[test]
fn texts_that_cannot_be_kept_are_refused() {
    let lab = Lab::set();
    let refused = |name: &str, bytes: &[u8], more: &[&str], code: &str| {
        let file = lab.write(name, bytes);
        let mut all = vec!["transcript", "add", file.as_str()];
        all.extend(ADD);
        all.extend(more);
        lab.refused("analisi", &all, code);
    };
    refused("a.txt", b"", &[], "WDL-V040");
    refused("b.txt", b" \r\n\t", &[], "WDL-V040");
    refused("c.docx", b"PK\x03\x04\x00\x01\xff\xfe", &[], "WDL-V041");
    refused(
        "d.txt",
        "perch\u{e9}"
            .chars()
            .map(|c| c as u8)
            .collect::<Vec<_>>()
            .as_slice(),
        &[],
        "WDL-V041",
    );
    refused("e.txt", b"sono RSSMRA85T10A562S", &[], "WDL-V042");
    refused("f.txt", b"allo 059 2032311", &[], "WDL-V042");
    let fine = "parlo di casa".as_bytes();
    refused("g.txt", fine, &["--consent", "svago"], "WDL-A018");
    refused("h.txt", fine, &["--participant", "p08"], "WDL-V048");
    refused("i.txt", fine, &["--group", "quartiere=Q2"], "WDL-V048");
    refused("j.txt", fine, &["--group", "p99:sesso=f"], "WDL-V048");
    refused(
        "k.txt",
        fine,
        &["--group", "codice=RSSMRA85T10A562S"],
        "WDL-N106",
    );
    for (day, code) in [("2999-01-01", "WDL-V049"), ("ieri", "WDL-V049")] {
        let file = lab.write("l.txt", fine);
        let mut all = vec!["transcript", "add", file.as_str()];
        all.extend(ADD.map(|word| if word == "2026-05-04" { day } else { word }));
        lab.refused("analisi", &all, code);
    }
    let file = lab.write("m.txt", fine);
    let mut all = vec!["transcript", "add", file.as_str()];
    all.extend(ADD);
    lab.refused("revisione_ausl", &all, "WDL-G025");
    // Whoever says so keeps it, and is told.
    let file = lab.write("n.txt", b"allo 059 2032311");
    let mut all = vec!["transcript", "add", file.as_str(), "--with-identifiers"];
    all.extend(ADD);
    assert_eq!(lab.answer("analisi", &all)["identifiers"], 1);
    assert!(!lab.holds("2032311"));
    // From standard input, without a file at all.
    let mut child = Command::new(program("wdl"))
        .args(["transcript", "add", "-", "--dir", &lab.path("home")])
        .args(["--as", &lab.path("home/offices/analisi.key")])
        .args(ADD)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(fine).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    assert_eq!(lab.vault().len(), 2);
}

/// Twelve people of two districts, half of whom of each speak of arrears; the codings of all, and the names of the texts.
fn interviewed(lab: &Lab) -> (Vec<String>, String) {
    let mut rows = String::from("transcript,segment,coder,code,version\n");
    let names: Vec<String> = (0..24)
        .map(|at| {
            let district = if at < 12 { "Q1" } else { "Q2" };
            let name = lab.add(
                &format!("P: racconto {at}\n"),
                &format!("p{at:02}"),
                district,
            );
            let code = if at % 2 == 0 { "arretrati" } else { "" };
            rows.push_str(&format!("{name},1,anna,{code},2\n"));
            name
        })
        .collect();
    (names, lab.write("codings.csv", rows.as_bytes()))
}

#[test]
fn counts_of_themes_are_released_and_a_withdrawal_says_so() {
    let lab = Lab::set();
    let (names, codings) = interviewed(&lab);
    let request = |purpose, by| {
        [
            "transcript",
            "request",
            codings.as_str(),
            "--codebook",
            "casa",
            "--by",
            by,
            "--theme",
            "costi",
            "--period",
            "2026-Q2",
            "--for",
            purpose,
            "--why",
            "Chi è in difficoltà con i costi",
            "--format",
            "json",
        ]
    };
    lab.refused("analisi", &request("salute", "quartiere"), "WDL-V047");
    lab.refused("gestione_dati", &request("casa", "quartiere"), "WDL-G026");
    let asked = lab.wdl("analisi", &request("casa", "quartiere"));
    assert_eq!(asked.status.code(), Some(4), "{}", said(&asked));
    let asked: Value = serde_json::from_slice(&asked.stdout).unwrap();
    let id = asked["release"].as_str().unwrap();
    assert!(!lab.holds("racconto"));
    for office in ["revisione_comune", "revisione_lavoro"] {
        well(lab.wdl(office, &["release", "review", id, "--approve"]));
    }
    // The last to vote opened their own vote; the first opens theirs.
    well(lab.wdl("revisione_comune", &["release", "open", id]));
    well(lab.wdl("gestione_dati", &["release", "finish", id]));
    // What left has counts and words of the codebook, and no name of a person or of a text.
    let released: Vec<String> = files(Path::new(&lab.path("home/state/release")))
        .into_iter()
        .map(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned())
        .collect();
    assert!(
        released
            .iter()
            .any(|text| text.contains("themes_casa_costi"))
    );
    for text in &released {
        assert!(names.iter().all(|name| !text.contains(name)));
        assert!(!text.contains("\"p00\""));
    }
    // One of them withdraws: the text is gone, what counted it is told, and nothing counts it any more.
    let gone = names[3].as_str();
    let before = lab.vault().len();
    let told = lab.answer("analisi", &["transcript", "withdraw", gone]);
    assert_eq!(told["derived"][0]["release"], id);
    assert_eq!(told["derived"][0]["state"], "released");
    assert_eq!(lab.vault().len(), before - 1);
    assert!(
        !lab.vault()
            .iter()
            .any(|path| path.to_string_lossy().contains(gone))
    );
    lab.refused(
        "analisi",
        &["transcript", "open", gone, "--for", "casa"],
        "WDL-V045",
    );
    lab.refused("analisi", &["transcript", "withdraw", gone], "WDL-V045");
    lab.refused("analisi", &request("casa", "quartiere"), "WDL-V045");
    // Without the one who left, the difference from what is out would be what that person said.
    let rows = fs::read_to_string(&codings).unwrap();
    let kept = rows.lines().filter(|line| !line.starts_with(gone));
    fs::write(&codings, kept.collect::<Vec<_>>().join("\n")).unwrap();
    let output = lab.wdl("analisi", &request("casa", "quartiere"));
    assert!(said(&output).contains("WDL-X160"), "{}", said(&output));
    // Of somebody whom nothing counted.
    let other = lab.add("P: altro racconto\n", "p99", "Q1");
    let told = lab.answer("analisi", &["transcript", "withdraw", &other]);
    assert_eq!(told["derived"], serde_json::json!([]));
    well(run("wdl", &["audit", "verify", "--dir", &lab.path("home")]));
}

#[test]
fn a_transcript_is_no_kind_of_output() {
    let lab = Lab::set();
    let file = lab.write("output.json", br#"{"kind":"transcript"}"#);
    let judged = run("wdl", &["protect", "output", &file, "--format", "json"]);
    assert_eq!(judged.status.code(), Some(1), "{}", said(&judged));
    assert!(said(&judged).contains("own_words"), "{}", said(&judged));
    let with_words = format!(r#"{{"kind":"transcript","text":"{SENTENCE}"}}"#);
    let file = lab.write("output.json", with_words.as_bytes());
    let judged = run("wdl", &["protect", "output", &file]);
    assert!(
        !judged.status.success() && !said(&judged).contains("dormo"),
        "{}",
        said(&judged)
    );
    for name in ["racconto.txt", "racconto.md", "racconto.docx"] {
        let refused = wdl_release::admitted(Path::new(name), SENTENCE.as_bytes());
        assert!(refused.is_err(), "{name}");
    }
}
