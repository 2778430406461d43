//! Options that would do nothing where they stand are refused: whoever gives one must not believe that it counted.

use super::Desk;
use super::people::Sheet;
use crate::stage::said;

/// Two sheets, a finished run in `run`, and a secret.
fn desk() -> Desk {
    let desk = Desk::new();
    let (a, b) = Sheet::two(400, 200);
    desk.write("a.csv", a.csv("a", ',', false));
    desk.write("b.csv", b.csv("b", ',', false));
    desk.write("secret", "a secret of the project, long enough");
    desk.write("m.yaml", "fields: []\n");
    desk
}

#[test]
fn an_option_that_would_do_nothing_is_refused() {
    let desk = desk();
    let plain = ["a.csv", "b.csv", "--id", "id"].as_slice();
    let encode = [
        "a.csv", "--id", "id", "--encode", "--secret", "secret", "--out", "x",
    ]
    .as_slice();
    let clk = ["a.wdl", "b.wdl", "--clk"].as_slice();
    let explain = ["explain", "a00001", "b00001", "--in", "run"].as_slice();
    let sample = ["review", "sample", "--in", "run", "--out", "sheets"].as_slice();
    let propose = [plain, &["--propose"]].concat();
    let cases: [(&[&str], &[&[&str]]); 6] = [
        // A run in the clear must not pass for a protected one.
        (
            plain,
            &[&["--secret", "secret"], &["--schema", "s"], &["--plain"]],
        ),
        (
            encode,
            &[
                &["--model", "m.yaml"],
                &["--cut", "0.9"],
                &["--cardinality", "auto"],
                &["--threads", "2"],
                &["--seed", "2"],
                &["--propose"],
                &["--truth", "t.csv"],
                &["--save-model", "m"],
                &["--clk"],
            ],
        ),
        (
            clk,
            &[
                &["--id", "id"],
                &["--ignore", "who"],
                &["--model", "m.yaml"],
                &["--cut", "0.9"],
                &["--cardinality", "auto"],
                &["--threads", "2"],
                &["--seed", "2"],
                &["--propose"],
                &["--truth-column", "who"],
                &["--save-model", "m"],
                &["--secret", "secret"],
            ],
        ),
        (
            explain,
            &[
                &["--id", "id"],
                &["--ignore", "who"],
                &["--model", "m.yaml"],
                &["--cut", "0.9"],
                &["--cardinality", "auto"],
                &["--seed", "2"],
            ],
        ),
        (
            &propose,
            &[&["--out", "x"], &["--truth", "t.csv"], &["--seed", "2"]],
        ),
        (
            sample,
            &[
                &["--model", "m.yaml"],
                &["--cut", "0.9"],
                &["--cardinality", "auto"],
            ],
        ),
    ];
    for (words, options) in cases {
        for option in options {
            let output = desk.run(&[words, option].concat());
            assert_eq!(output.status.code(), Some(2), "{words:?} {option:?}");
            // It is named, or what it needs beside it is.
            let told = said(&output);
            assert!(
                told.contains(option[0]) || told.contains("WDL-U022"),
                "{told}"
            );
            assert!(output.stdout.is_empty());
        }
    }
    for made in ["x", "sheets", "m"] {
        assert!(!desk.path(made).exists(), "{made}");
    }
}

#[test]
fn a_model_is_never_saved_over_what_is_read() {
    let desk = desk();
    let text = desk.read("a.csv");
    for target in ["a.csv", "./b.csv", "."] {
        let words = ["a.csv", "b.csv", "--id", "id", "--save-model", target];
        let (_, exit, told) = desk.refusal(&words);
        assert_eq!(exit, 2, "{told}");
        assert!(told.contains("--save-model"), "{told}");
    }
    assert_eq!(desk.read("a.csv"), text);
}

#[cfg(unix)]
#[test]
fn a_part_of_a_file_is_not_written_through_a_link() {
    let desk = desk();
    desk.write("victim", "mine");
    let words = [
        "a.csv", "b.csv", "--id", "id", "--ignore", "who", "--out", "run",
    ];
    desk.answer(&words);
    std::os::unix::fs::symlink(desk.path("victim"), desk.path("run/pairs.csv.part")).unwrap();
    desk.answer(&words);
    assert_eq!(desk.read("victim"), "mine");
}

#[test]
fn the_seed_of_a_review_draws_other_pairs_and_sheets_are_never_written_over() {
    let desk = desk();
    let run = [
        "a.csv",
        "b.csv",
        "--id",
        "id",
        "--truth-column",
        "who",
        "--out",
        "run",
    ];
    desk.answer(&run);
    let sample = |out: &str, seed: &str| {
        let words = [
            "review", "sample", "--in", "run", "--size", "30", "--out", out, "--seed", seed,
        ];
        desk.run(&words)
    };
    for (out, seed) in [("one", "1"), ("again", "1"), ("other", "2")] {
        assert!(sample(out, seed).status.success());
    }
    assert_eq!(desk.read("one/key.json"), desk.read("again/key.json"));
    assert_ne!(desk.read("one/key.json"), desk.read("other/key.json"));
    let filled = desk.read("one/first.csv").replace(",,", ",same person,");
    desk.write("one/first.csv", &filled);
    let words = ["review", "sample", "--in", "run", "--out", "one"];
    let (code, exit, told) = desk.refusal(&words);
    assert_eq!((code.as_str(), exit), ("WDL-N086", 3), "{told}");
    assert_eq!(desk.read("one/first.csv"), filled);
}

#[test]
fn a_run_is_asked_about_from_anywhere_and_only_while_its_files_are_the_same() {
    let desk = desk();
    let run = [
        "a.csv",
        "b.csv",
        "--id",
        "id",
        "--truth-column",
        "who",
        "--out",
        "run",
    ];
    desk.answer(&run);
    let explain = ["explain", "a00001", "b00001", "--in"];
    let here = desk.answer(&[&explain[..], &["run"]].concat());
    // Other files of the same names stand elsewhere: they are not those of the run.
    std::fs::create_dir(desk.path("elsewhere")).unwrap();
    desk.write("elsewhere/a.csv", "id,nome\n1,ADA\n");
    let output = std::process::Command::new(crate::stage::program("wdl"))
        .arg("link")
        .args(explain)
        .args(["../run", "--format", "json", "--lang", "en"])
        .current_dir(desk.path("elsewhere"))
        .output()
        .unwrap();
    let there: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(here, there);
    // The order of the rows is no other record.
    let text = desk.read("b.csv");
    let mut rows: Vec<&str> = text.lines().collect();
    rows[1..].reverse();
    desk.write("b.csv", rows.join("\n") + "\n");
    assert_eq!(desk.answer(&[&explain[..], &["run"]].concat()), here);
    desk.write("b.csv", rows[..300].join("\n") + "\n");
    let review = ["review", "sample", "--in", "run", "--out", "sheets"];
    for words in [[&explain[..], &["run"]].concat(), review.to_vec()] {
        let (code, exit, told) = desk.refusal(&words);
        assert_eq!((code.as_str(), exit), ("WDL-N024", 3), "{told}");
        assert!(told.contains("b.csv"), "{told}");
    }
}
