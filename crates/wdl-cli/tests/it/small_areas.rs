//! `wdl smallarea` as people call it: both models, in both languages, and what is refused.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Lehmer's generator.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = 48_271 * self.0 % 2_147_483_647;
        self.0 as f64 / 2_147_483_647.0
    }
}

fn wdl(folder: &Path, words: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wdl"))
        .current_dir(folder)
        .args(words.split_whitespace())
        .output()
        .unwrap()
}

fn json(folder: &Path, words: &str) -> Value {
    let output = wdl(folder, &format!("{words} --format json"));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words}: {told}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The exit code, and what was said.
fn refused(folder: &Path, words: &str) -> (i32, String) {
    let output = wdl(folder, words);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap(), told)
}

/// Twelve areas: the third without an error, the fourth with an error of zero, the fifth without an estimate.
fn areas(folder: &Path) {
    let mut draws = Draws(7);
    let mut text = "zona;stima;errore;disoccupati;residenti\n".to_owned();
    for area in 0..12 {
        let idle = draws.next();
        let estimate = 0.1 + 0.2 * idle + 0.05 * (draws.next() - 0.5);
        let error = 0.02 + 0.03 * draws.next();
        let (estimate, error) = match area {
            2 => (format!("{estimate:.6}"), String::new()),
            3 => ("0".to_owned(), "0".to_owned()),
            4 => (String::new(), String::new()),
            _ => (format!("{estimate:.6}"), format!("{error:.6}")),
        };
        let _ = writeln!(
            text,
            "0{area:02};{estimate};{error};{idle:.6};{}",
            500 + 100 * area
        );
    }
    std::fs::write(folder.join("aree.csv"), text).unwrap();
}

/// A register of eight zones and the sample of seven of them.
fn people(folder: &Path) {
    let mut draws = Draws(11);
    let (mut sample, mut register) = (
        "zona,lavora,peso,reddito\n".to_owned(),
        "zona,lavora\n".to_owned(),
    );
    for row in 0..1_600 {
        let zone = row % 8;
        let works = u8::from(draws.next() < 0.6);
        let noise = draws.next() + draws.next() + draws.next() - 1.5;
        let income = (9.3 + 0.4 * f64::from(works) + 0.03 * f64::from(zone) + 0.8 * noise).exp();
        let _ = writeln!(register, "z{zone},{works}");
        if row % 5 == 0 && zone != 7 {
            let _ = writeln!(
                sample,
                "z{zone},{works},{:.2},{income:.2}",
                1.0 + draws.next()
            );
        }
    }
    std::fs::write(folder.join("campione.csv"), sample).unwrap();
    std::fs::write(folder.join("registro.csv"), register).unwrap();
}

const AREAS: &str = "smallarea aree.csv --area zona --estimate stima --se errore --x disoccupati";
const PEOPLE: &str = "smallarea campione.csv --population registro.csv --area zona --income reddito --weight peso --x lavora --threshold 9000";

#[test]
fn areas_are_estimated_and_what_is_missing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    areas(folder.path());
    let of = |method: &str| json(folder.path(), &format!("{AREAS} --method {method}"));
    for method in ["reml", "ml", "fh"] {
        let answer = of(method);
        let areas = answer["areas"].as_array().unwrap();
        assert_eq!(areas.len(), 12);
        for area in areas {
            let estimate = area["estimate"].as_f64().unwrap();
            assert!((0.0..0.5).contains(&estimate), "{area}");
        }
        let flags = |at: usize| areas[at]["flags"].to_string();
        assert_eq!(areas[2]["area"], "002");
        assert!(flags(2).contains("no_sampling_variance"), "{}", areas[2]);
        assert!(flags(3).contains("zero_sampling_variance"), "{}", areas[3]);
        assert!(flags(4).contains("no_direct_estimate"), "{}", areas[4]);
    }
    assert_eq!(of("reml"), of("reml"));
    let shown = |lang: &str| {
        let output = wdl(folder.path(), &format!("{AREAS} --lang {lang}"));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(shown("it").contains("varianza tra aree"), "{}", shown("it"));
    assert!(shown("en").contains("variance between areas"));
}

#[test]
fn people_and_a_register_give_every_area_its_rate() {
    let folder = tempfile::tempdir().unwrap();
    people(folder.path());
    let words = format!("{PEOPLE} --transformation log --replicates 20 --seed 3");
    let answer = json(folder.path(), &words);
    let areas = answer["areas"].as_array().unwrap();
    assert_eq!(areas.len(), 8);
    for area in areas {
        let rate = &area["rate"];
        assert!(
            (0.0..1.0).contains(&rate["estimate"].as_f64().unwrap()),
            "{area}"
        );
        assert!(rate["rmse"].as_f64().unwrap() > 0.0, "{area}");
        assert_eq!(area["people"], 200);
    }
    assert!(
        areas[7]["flags"].to_string().contains("not_in_sample"),
        "{}",
        areas[7]
    );
    assert_eq!(answer, json(folder.path(), &words));
    let other = json(folder.path(), &words.replace("--seed 3", "--seed 4"));
    assert_eq!(
        answer["areas"][0]["rate"]["estimate"],
        other["areas"][0]["rate"]["estimate"]
    );
    assert_ne!(
        answer["areas"][0]["rate"]["rmse"],
        other["areas"][0]["rate"]["rmse"]
    );
    let without = json(folder.path(), &format!("{PEOPLE} --replicates 0"));
    assert!(without["areas"][0]["rate"]["rmse"].is_null());
}

#[test]
fn options_that_do_not_go_together_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    areas(folder.path());
    people(folder.path());
    let cases = [
        (format!("{AREAS} --method rmle"), 2, "WDL-I011"),
        (format!("{AREAS} --weight residenti"), 2, "--estimate"),
        (format!("{AREAS} --replicates 10"), 2, "--estimate"),
        (format!("{AREAS} --line 0.5"), 2, "--estimate"),
        (format!("{AREAS} --threshold 100"), 2, "--estimate"),
        (format!("{AREAS} --seed 1"), 2, "--estimate"),
        (format!("{AREAS} --transformation log"), 2, "--estimate"),
        (format!("{PEOPLE} --line 0.5"), 2, "--threshold"),
        (format!("{PEOPLE} --replicates 100001"), 2, "100000"),
        (AREAS.replace("disoccupati", "disocupati"), 2, "disoccupati"),
        (PEOPLE.replace("9000", "0"), 2, "WDL-I024"),
    ];
    for (words, exit, said) in cases {
        let (code, told) = refused(folder.path(), &words);
        assert_eq!(code, exit, "{words}: {told}");
        assert!(told.contains(said), "{words}: {told}");
    }
}
