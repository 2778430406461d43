//! `kill -9` in the middle of a receipt or a build: what stood before stands, and the run can be repeated.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::leaks::files;
use crate::stage::{BODIES, HISTORY, Stage, program, said, well};

impl Stage {
    fn start(&self, arguments: &[&str]) -> Child {
        Command::new(program("wdl"))
            .args(arguments)
            .args([
                "--dir",
                &self.path("home"),
                "--as",
                &self.key("gestione_dati"),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn count(&self, part: &str) -> usize {
        let folder = self.home().join("state").join(part);
        if folder.is_dir() {
            files(&folder).len()
        } else {
            0
        }
    }
}

/// Kills a process as soon as something holds, or lets it end.
fn kill_when(mut child: Child, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if holds() || child.try_wait().unwrap().is_some() {
            break;
        }
        sleep(Duration::from_millis(2));
    }
    let _ = child.kill();
    child.wait().unwrap();
}

#[test]
fn a_killed_receipt_and_a_killed_build_can_be_repeated() {
    let stage = Stage::set();
    let sealed: Vec<_> = BODIES
        .iter()
        .flat_map(|body| stage.seal_all(body, HISTORY))
        .collect();

    let mut arguments = vec!["receive"];
    arguments.extend(sealed.iter().map(|path| path.to_str().unwrap()));
    kill_when(stage.start(&arguments), || stage.count("register") >= 3);
    let done = |stage: &Stage| {
        stage
            .record()
            .iter()
            .filter(|line| line.contains(r#""kind":"received""#))
            .count()
    };
    let before = done(&stage);
    let again = stage.receive(&sealed);
    let received = done(&stage);
    assert_eq!(
        received,
        sealed.len(),
        "every delivery is in once: {}",
        said(&again)
    );
    assert_eq!(
        said(&again).matches("WDL-R013").count(),
        before,
        "{}",
        said(&again)
    );

    kill_when(stage.start(&["build", "--yes"]), || {
        stage.count("derived") >= 40
    });
    let built = |stage: &Stage| {
        stage
            .record()
            .iter()
            .filter(|line| line.contains(r#""kind":"built""#))
            .count()
    };
    let first = built(&stage);
    well(stage.wdl("gestione_dati", &["build", "--yes"]));
    assert!(built(&stage) > first);
    let snapshot = fs::read_dir(stage.home().join("state/derived/snapshots"))
        .unwrap()
        .count();
    assert_eq!(snapshot, 1);

    // Another definition, killed half-way: the earlier snapshot is still what the results are made from.
    let model = stage.home().join("lab/base/person_period.sql");
    let text = fs::read_to_string(&model).unwrap();
    fs::write(&model, format!("{text}\n-- a word more\n")).unwrap();
    let partitions = stage.count("derived");
    kill_when(stage.start(&["build", "--yes"]), || {
        stage.count("derived") > partitions + 5
    });
    fs::write(&model, text).unwrap();
    let output = stage.wdl("gestione_dati", &["build", "--yes", "--format", "json"]);
    let output = well(output);
    let built: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(built["computed"], 0, "the earlier partitions all stand");
    let asked = stage.wdl("analisi", &["release", "request", "--why", "Le cifre del trimestre"]);
    assert_eq!(asked.status.code(), Some(4), "{}", said(&asked));
}
