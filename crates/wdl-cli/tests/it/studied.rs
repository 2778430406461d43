//! A study in a lab: nothing of its outcome is read before it is registered, what it gives leaves by release alone, and what changes later is told.

use std::fs;

use serde_json::Value;

use crate::stage::{BODIES, HISTORY, Stage, said, well};

/// Whether those aged 18 to 34 are poorer: no measure, but a question that any lab's base can be asked.
const STUDY: &str = r#"
id: prova
theme: poverta
title: { it: I giovani e il reddito, en: The young and income }
question: { it: I giovani hanno meno reddito?, en: Do the young have less income? }
estimand: { it: Differenza dei redditi medi, en: Difference of mean incomes }
population: { it: Persone da 18 a 64 anni, en: Persons aged 18 to 64 }
treatment: { it: Avere meno di 35 anni, en: Being under 35 }
outcome:
  column: income
  label: { it: reddito equivalente, en: equivalised income }
  unit: euro
  decimals: 0
  better: higher
arms:
  column: young
  treated: { it: sotto i 35, en: under 35 }
  others: { it: dai 35, en: from 35 }
n_label: { it: persone, en: persons }
n_unit: persons
period: { last: 2023 }
key: [record]
frame: |
  SELECT record, quartiere, age_years, CASE WHEN age_group = '18_34' THEN 1 ELSE 0 END AS young
  FROM base.income_year
  WHERE age_group IN ('18_34', '35_64')
outcomes: |
  SELECT record, CAST(income AS DOUBLE) AS income FROM base.income_year
design:
  method: difference
  options: { treatment: young }
assumptions: []
robustness:
  - id: regression
    label: { it: regressione, en: regression }
    method: regression
    options: { treatment: [young], fixed-effects: [quartiere] }
subgroups:
  - column: quartiere
    label: { it: quartiere, en: district }
    values: { Q1: { it: Centro, en: Centre } }
power:
  method: power
  basis: { it: supposta, en: assumed }
  options: { deviation: 8000 }
tables: [effects, p_values, sample, means]
how: { it: Si confrontano le medie, en: Means are compared }
for_whom: { it: La città inventata, en: The invented city }
limits: []
source: { it: prova, en: test }
coverage: { it: chi ha una dichiarazione, en: those with a return }
"#;

/// What people of two districts say of their income, as `wdl themes --out` writes it.
const THEMES: &str = "\
theme,label_it,label_en,by,group,participants,share,status,period
reddito,Il reddito,Income,quartiere,,40,0.5,shown,2026
reddito,Il reddito,Income,quartiere,Q1,20,0.6,shown,2026
reddito,Il reddito,Income,quartiere,Q2,20,0.4,shown,2026
";
const RULE: &str = "\
outcome: { it: Euro di reddito in meno, en: Euros of income less }
themes:
  - { theme: reddito, expects: decrease, said_from: 0.3 }
";

fn json(output: &std::process::Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(output)))
}

#[test]
fn a_study_is_registered_before_its_outcome_is_read() {
    let stage = Stage::set();
    for body in BODIES {
        let sealed = stage.seal_all(body, HISTORY);
        well(stage.receive(&sealed));
    }
    well(stage.wdl("gestione_dati", &["build", "--yes"]));
    let file = stage.home().join("lab/studies/prova.yaml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();

    // What is wrong in a file is told with its place.
    fs::write(&file, STUDY.replace("treatment: young", "tretment: young")).unwrap();
    let wrong = stage.wdl("analisi", &["study", "check"]);
    assert_eq!(wrong.status.code(), Some(1));
    let words = said(&wrong);
    assert!(
        words.contains("WDL-V032") && words.contains("prova.yaml:"),
        "{words}"
    );
    assert!(words.contains("`treatment`"), "{words}");
    fs::write(&file, STUDY).unwrap();
    well(stage.wdl("analisi", &["study", "check"]));

    // The agreement lets the author alone; a stranger to it leaves a refusal.
    let manager = stage.wdl("gestione_dati", &["study", "register", "prova"]);
    assert_eq!(manager.status.code(), Some(3), "{}", said(&manager));

    let planned = json(&well(
        stage.wdl("analisi", &["study", "plan", "prova", "--format", "json"]),
    ));
    assert!(planned["least_effect"].as_f64().unwrap() > 0.0);

    // Not registered, nothing is read.
    let early = stage.wdl("analisi", &["study", "run", "prova"]);
    assert_eq!(early.status.code(), Some(3));
    assert!(said(&early).contains("WDL-V036"), "{}", said(&early));
    let none = stage.wdl("analisi", &["study", "report", "prova"]);
    assert_eq!(none.status.code(), Some(5), "{}", said(&none));

    // --plan does nothing.
    let before = stage.record().len();
    well(stage.wdl("analisi", &["study", "register", "prova", "--plan"]));
    well(stage.wdl("analisi", &["study", "run", "prova", "--plan"]));
    assert_eq!(stage.record().len(), before);

    let registered = stage.wdl(
        "analisi",
        &["study", "register", "prova", "--format", "json"],
    );
    let digest = json(&well(registered))["digest"]
        .as_str()
        .unwrap()
        .to_owned();
    let line = stage.record().pop().unwrap();
    assert!(
        line.contains("\"study_registered\"") && line.contains(&digest),
        "{line}"
    );
    let again = stage.wdl("analisi", &["study", "register", "prova"]);
    assert!(said(&again).contains("WDL-V037"), "{}", said(&again));

    // Another kernel after registration: the report says so, with the reason.
    let changed = STUDY.replace("deviation: 8000", "deviation: 9000")
        + "deviations:\n  - key: power\n    reason: { it: era poco, en: it was too little }\n";
    fs::write(&file, changed).unwrap();
    let run = well(stage.wdl("analisi", &["study", "run", "prova"]));
    let words = said(&run);
    for part in [
        "power.options.deviation",
        "8000",
        "9000",
        "it was too little",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(words.contains("before the outcome was read"), "{words}");
    assert!(
        stage
            .record()
            .pop()
            .unwrap()
            .contains("\"registered\":true")
    );

    // The plain difference is the difference of the two means, to the cent.
    let report = stage.wdl("analisi", &["study", "report", "prova", "--format", "json"]);
    let report = json(&well(report));
    let tables = report["tables"].as_array().unwrap();
    let cells = |part: &str| -> Vec<Value> {
        let table = tables
            .iter()
            .find(|own| own["header"]["study"]["part"] == part);
        table.unwrap()["cells"].as_array().unwrap().clone()
    };
    let value = |cells: &[Value], keys: &[&str]| {
        let is_it = |cell: &&Value| {
            let own = cell["keys"].as_array().unwrap().iter();
            own.map(|key| key.as_str().unwrap_or(""))
                .eq(keys.iter().copied())
        };
        cells.iter().find(is_it).unwrap()["estimate"]
            .as_f64()
            .unwrap()
    };
    let (means, effects) = (cells("means"), cells("effects"));
    let plain = value(&means, &["treated"]) - value(&means, &["others"]);
    assert!((value(&effects, &["main", "estimate"]) - plain).abs() < 1e-6);

    // Beside what people say the effect is that of the report, and one that is hidden there stays hidden.
    let beside = |report: &Value| {
        fs::write(stage.path("report.json"), report.to_string()).unwrap();
        fs::write(stage.path("themes.csv"), THEMES).unwrap();
        fs::write(stage.path("rule.yaml"), RULE).unwrap();
        let (report, themes, rule) = (
            stage.path("report.json"),
            stage.path("themes.csv"),
            stage.path("rule.yaml"),
        );
        let words = [
            "joint",
            &report,
            &themes,
            "--rule",
            &rule,
            "--by",
            "quartiere",
            "--format",
            "json",
        ];
        stage.wdl("analisi", &words)
    };
    let joint = json(&well(beside(&report)));
    assert_eq!(joint["study"]["id"], "prova");
    assert_eq!(joint["study"]["outcome_read_before"], false);
    assert!(joint["study"]["registered_on"].is_string());
    let total = &joint["lines"][0];
    assert_eq!(total["effect"]["name"], "main");
    let estimate = total["effect"]["estimate"].as_f64().unwrap();
    assert!((estimate - plain).abs() < 1e-6);
    assert_eq!(joint["lines"][1]["effect"]["name"], "quartiere.Q1");
    assert_eq!(joint["lines"][1]["group_label"]["en"], "Centre");
    assert_eq!(joint["study"]["synthetic"], true);
    assert!(joint["lines"][2]["effect"].is_null());
    assert_eq!(joint["unmatched"], Value::Array(Vec::new()));
    let hiding = |has_number: bool| {
        let mut hiding = report.clone();
        for table in hiding["tables"].as_array_mut().unwrap() {
            if table["header"]["study"]["part"] == "effects" {
                for cell in table["cells"].as_array_mut().unwrap() {
                    if cell["keys"][0] == "main" {
                        cell["status"] = "suppressed_primary".into();
                        if !has_number {
                            cell["estimate"] = Value::Null;
                        }
                    }
                }
            }
        }
        hiding
    };
    let leaking = beside(&hiding(true));
    assert!(said(&leaking).contains("WDL-V080"), "{}", said(&leaking));
    let joint = json(&well(beside(&hiding(false))));
    let hidden = &joint["lines"][0];
    assert_eq!(hidden["is_effect_hidden"], true);
    assert!(hidden["effect"].is_null() && hidden["verdict"] == "silent");

    // A page and a sheet, both saying that data are invented.
    let page = well(stage.wdl("analisi", &["study", "report", "prova", "--format", "html"]));
    assert!(String::from_utf8_lossy(&page.stdout).contains("SYNTHETIC DATA"));
    let sheet = stage.path("sheet.pdf");
    well(stage.wdl("analisi", &["study", "report", "prova", "--sheet", &sheet]));
    assert!(fs::read(&sheet).unwrap().starts_with(b"%PDF"));

    // What a run gave cannot be changed behind the record.
    let entry: Value = stage
        .record()
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .rfind(|entry| entry["act"]["kind"] == "study_run" && !entry["object"].is_null())
        .unwrap();
    let name = entry["object"].as_str().unwrap();
    let folder = stage.home().join("state/studies");
    let kept = fs::read_dir(&folder)
        .unwrap()
        .map(|own| own.unwrap().path())
        .find(|path| name.starts_with(path.file_stem().unwrap().to_str().unwrap()))
        .unwrap();
    let bytes = fs::read(&kept).unwrap();
    fs::write(&kept, b"{}").unwrap();
    let broken = stage.wdl("analisi", &["study", "report", "prova"]);
    assert!(said(&broken).contains("WDL-V038"), "{}", said(&broken));
    fs::write(&kept, bytes).unwrap();
    well(stage.wdl("analisi", &["study", "report", "prova"]));
    well(stage.wdl("analisi", &["audit", "verify"]));
}

#[test]
fn a_study_run_too_early_is_marked_for_good() {
    let stage = Stage::set();
    let sealed = stage.seal_all("comune", HISTORY);
    well(stage.receive(&sealed));
    well(stage.wdl("gestione_dati", &["build", "--yes"]));
    let file = stage.home().join("lab/studies/prova.yaml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, STUDY).unwrap();
    let run = ["study", "run", "prova", "--before-registration"];
    let early = well(stage.wdl("analisi", &run));
    assert!(
        said(&early).contains("Outcome read before registration"),
        "{}",
        said(&early)
    );
    assert!(
        stage
            .record()
            .pop()
            .unwrap()
            .contains("\"registered\":false")
    );
    let late = stage.wdl("analisi", &["study", "register", "prova"]);
    assert!(said(&late).contains("WDL-V037"), "{}", said(&late));
    let list = well(stage.wdl("analisi", &["study", "list"]));
    assert!(
        said(&list).contains("outcome read before registration"),
        "{}",
        said(&list)
    );
}
