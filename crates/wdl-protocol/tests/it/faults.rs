//! Every fault of a lab's folder: its code, its line and, where a word is misspelt, the word that was meant.

use std::collections::BTreeSet;

use wdl_protocol::LabError;
use wdl_vocab::diagnostics::codes;
use wdl_vocab::{Diagnose, Diagnostic, Lang, diagnostics};

use crate::folder::{AGREEMENT, ARTICLES, Copy, LAB};

/// One small edit and what must be said about it.
#[derive(Clone)]
struct Case {
    file: &'static str,
    from: &'static str,
    to: &'static str,
    code: &'static str,
    /// The place: the line on which this text stands first, after the edit.
    at: &'static str,
    meant: Option<&'static str>,
}

fn case(
    file: &'static str,
    from: &'static str,
    to: &'static str,
    code: &'static str,
    at: &'static str,
) -> Case {
    Case {
        file,
        from,
        to,
        code,
        at,
        meant: None,
    }
}

impl Case {
    fn meant(mut self, name: &'static str) -> Case {
        self.meant = Some(name);
        self
    }
}

/// What is said of a slip is what must be said, in both languages.
fn check(case: &Case) -> Result<(), String> {
    let copy = Copy::that_hides();
    copy.edit(case.file, case.from, case.to);
    let Err(error) = copy.read() else {
        return Err(format!("`{}` passed", case.to));
    };
    let found: Vec<Diagnostic> = error.diagnostics();
    let Some(diagnostic) = found.iter().find(|one| one.code.id == case.code) else {
        return Err(format!("`{}` is not {} but {error}", case.to, case.code));
    };
    let text = copy.text(case.file);
    let line = 1 + text
        .lines()
        .position(|line| line.contains(case.at))
        .expect("a place");
    let place = diagnostic.place.as_ref().expect("a place");
    let is_there = place.file.ends_with(case.file) && place.line == line;
    if !is_there || diagnostic.suggestion.as_deref() != case.meant {
        return Err(format!(
            "`{}` is at line {line}, not {error}: {diagnostic:?}",
            case.to
        ));
    }
    for lang in Lang::ALL {
        let message = diagnostics::message(diagnostic, lang);
        assert!(!message.contains(['<', '{']), "{message}");
    }
    Ok(())
}

/// The faults of keys, words and values.
fn written() -> Vec<Case> {
    vec![
        case(
            LAB,
            "  cadence: quarterly",
            "\tcadence: quarterly",
            "WDL-G002",
            "first_period: 2017-Q1",
        ),
        case(LAB, "\nhost:", "\nhots:", "WDL-G003", "hots:").meant("host"),
        case(LAB, "cadence:", "cadense:", "WDL-G003", "cadense:").meant("cadence"),
        case(
            LAB,
            "  municipality: 036023\n",
            "",
            "WDL-G004",
            "name: { it: Modena, en: Modena }",
        ),
        case(
            LAB,
            "municipality: 036023",
            "municipality: 36023",
            "WDL-G005",
            "municipality: 36023",
        ),
        case(
            LAB,
            "municipality: 036023",
            "municipality: ",
            "WDL-G005",
            "municipality:",
        ),
        case(
            LAB,
            "synthetic: true",
            "synthetic: yes",
            "WDL-G005",
            "synthetic: yes",
        ),
        case(
            LAB,
            "  methods: []\n",
            "  methods:\n    - { indicator: residents, method: controlled_rounding, base: 2 }\n",
            "WDL-G010",
            "    - { indicator: residents",
        ),
        case(
            LAB,
            "  methods: []\n",
            "  methods:\n    - { indicator: gini, method: controlled_rounding, base: 5 }\n",
            "WDL-G033",
            "    - { indicator: gini, method",
        ),
        case(
            LAB,
            "  methods: []\n",
            "  methods:\n    - { indicator: residents, method: controlled_rounding }\n",
            "WDL-G004",
            "    - { indicator: residents",
        ),
        case(
            LAB,
            "  methods: []\n",
            "  methods:\n    - { indicator: residents, method: cell_keys, deviation: 5, variance: 4, base: 5 }\n",
            "WDL-G005",
            "    - { indicator: residents",
        ),
        case(
            LAB,
            "  methods: []\n",
            "  methods:\n    - { indicator: residents, method: cell_keys, deviation: 0, variance: 7 }\n",
            "WDL-G005",
            "    - { indicator: residents",
        ),
        case(
            LAB,
            "  methods: []\n",
            "  methods:\n    - { indicator: residents, method: cell_keys, deviation: 8, variance: 0.0001 }\n",
            "WDL-G005",
            "    - { indicator: residents",
        ),
        case(
            LAB,
            "  methods: []\n",
            "  methods:\n    - { indicator: residents, method: differential_privacy, epsilon: 0.5, population: residents }\n",
            "WDL-G005",
            "    - { indicator: residents",
        ),
        case(
            LAB,
            "  budgets: []\n",
            "  budgets: [{ population: Residenti, epsilon: 1 }]\n",
            "WDL-G005",
            "  budgets:",
        ),
        case(
            LAB,
            "minimum_frequency: 5",
            "minimum_frequency: five",
            "WDL-G005",
            "minimum_frequency: five",
        ),
        case(LAB, "2017-Q1", "2017", "WDL-G005", "first_period: 2017"),
        case(
            LAB,
            "bodies/comune.pub",
            "../comune.pub",
            "WDL-G005",
            "../comune.pub",
        ),
        case(
            LAB,
            "contact: welfare-datalab@example.org",
            "contact: Ufficio",
            "WDL-G005",
            "contact:",
        ),
        case(
            AGREEMENT,
            "from: 2026-01-01",
            "from: 01/01/2026",
            "WDL-G005",
            "01/01/2026",
        ),
        case(
            LAB,
            "role: titolare",
            "role: titolrae",
            "WDL-G006",
            "titolrae",
        )
        .meant("titolare"),
        case(LAB, "[author]", "[autor]", "WDL-G006", "[autor]").meant("author"),
        case(
            AGREEMENT,
            "kind: firmatario",
            "kind: firmatari",
            "WDL-G006",
            "kind: firmatari,",
        )
        .meant("firmatario"),
        case(
            LAB,
            "synthetic: true",
            "synthetic: true\nsynthetic: false",
            "WDL-G007",
            "synthetic: false",
        ),
    ]
}

/// The faults of names.
fn named() -> Vec<Case> {
    vec![
        case(
            LAB,
            "- id: ausl\n",
            "- id: comune # twice\n",
            "WDL-G008",
            "# twice",
        ),
        case(
            LAB,
            "- id: casa\n",
            "- id: poverta # twice\n",
            "WDL-G008",
            "# twice",
        ),
        case(
            LAB,
            "- { indicator: rent_per_m2 }",
            "- { indicator: gini } # twice",
            "WDL-G008",
            "# twice",
        ),
        case(
            AGREEMENT,
            "- id: valutazione",
            "- id: casa # twice",
            "WDL-G008",
            "# twice",
        ),
        case(
            ARTICLES,
            "## 3 ruoli",
            "## 3 finalita",
            "WDL-G008",
            "## 3 finalita",
        ),
        case(LAB, "host: unimore", "host: unimroe", "WDL-G009", "host:").meant("unimore"),
        case(
            AGREEMENT,
            "article: rilascio",
            "article: rilacio",
            "WDL-G009",
            "article: rilacio",
        )
        .meant("rilascio"),
        case(
            AGREEMENT,
            "body: inail",
            "body: inial",
            "WDL-G009",
            "body: inial",
        )
        .meant("inail"),
    ]
}

/// What the law or the design of the lab forbids.
fn forbidden() -> Vec<Case> {
    vec![
        case(
            LAB,
            "minimum_frequency: 5",
            "minimum_frequency: 2",
            "WDL-G010",
            "minimum_frequency: 2",
        ),
        case(
            LAB,
            "minimum_frequency: 10\n      suppress_zero: true",
            "minimum_frequency: 4",
            "WDL-G011",
            "- body: ausl",
        ),
        case(
            LAB,
            "reviewers_required: 2",
            "reviewers_required: 1",
            "WDL-G012",
            "reviewers_required",
        ),
        case(
            LAB,
            "reviewers_required: 2",
            "reviewers_required: 9",
            "WDL-G013",
            "reviewers_required",
        ),
        case(
            LAB,
            "- id: custode_panaro",
            "- id: ausl # a custodian",
            "WDL-G015",
            "# a custodian",
        ),
        case(
            LAB,
            "languages: [it, en]",
            "languages: [it]",
            "WDL-G017",
            "languages:",
        ),
        case(AGREEMENT, "quorum: 5", "quorum: 4", "WDL-G018", "quorum: 4"),
        case(
            AGREEMENT,
            "quorum_firmatari: 3",
            "quorum_firmatari: 6",
            "WDL-G018",
            "quorum_firmatari",
        ),
        case(
            AGREEMENT,
            "kind: allargato,",
            "kind: allargato, body: inail,",
            "WDL-G019",
            "allargato, body",
        ),
        case(
            AGREEMENT,
            "reviewer, seat_firmatario]",
            "reviewer, seat_allargato]",
            "WDL-G020",
            "reviewer, seat_allargato]",
        ),
        case(
            AGREEMENT,
            "roles: [reviewer]",
            "roles: [reviewer, public]",
            "WDL-G020",
            "[reviewer, public]",
        ),
        case(
            AGREEMENT,
            "until: 2028-12-31",
            "until: 2025-12-31",
            "WDL-G021",
            "until:",
        ),
        case(
            ARTICLES,
            "## 2 finalita",
            "## 4 finalita",
            "WDL-G022",
            "## 4 finalita",
        ),
        case(
            ARTICLES,
            "### en Roles",
            "### fr Rôles",
            "WDL-G022",
            "### fr",
        ),
        case(
            ARTICLES,
            "### en Roles\n",
            "### it Roles\n",
            "WDL-G023",
            "## 3 ruoli",
        ),
    ]
}

#[test]
fn every_slip_has_its_code_place_and_suggestion() {
    let slipped: Vec<String> = written()
        .iter()
        .chain(&named())
        .chain(&forbidden())
        .filter_map(|case| check(case).err())
        .collect();
    assert!(slipped.is_empty(), "{}", slipped.join("\n"));
}

/// The one code of an error.
fn code(error: &LabError) -> &'static str {
    error.diagnostic().code.id
}

#[test]
fn a_folder_that_is_no_lab_says_so() {
    for file in [LAB, AGREEMENT, ARTICLES] {
        let copy = Copy::new();
        copy.write(file, b"name: citt\xe0");
        assert_eq!(
            code(&copy.read().unwrap_err()),
            "WDL-G001",
            "{file} in cp1252"
        );
        copy.remove(file);
        assert_eq!(code(&copy.read().unwrap_err()), "WDL-G001", "no {file}");
    }
}

#[test]
fn there_are_two_custodians_and_a_controller() {
    let third =
        "  - { id: terzo, name: { it: T, en: T }, role: responsabile, verifying_key: t.pub }";
    let copy = Copy::new();
    copy.edit(
        LAB,
        "# Offices, never",
        &format!("{third}\n# Offices, never"),
    );
    assert_eq!(code(&copy.read().unwrap_err()), "WDL-G014");
    let copy = Copy::new();
    let text = copy
        .text(LAB)
        .replace("role: titolare", "role: contitolare");
    copy.write(LAB, text.as_bytes());
    assert_eq!(code(&copy.read().unwrap_err()), "WDL-G016");
}

#[test]
fn all_faults_are_told_at_once() {
    let copy = Copy::new();
    copy.edit(LAB, "languages: [it, en]", "languages: [it]")
        .edit(LAB, "reviewers_required: 2", "reviewers_required: 0")
        .edit(AGREEMENT, "quorum: 5", "quorum: 1");
    let error = copy.read().unwrap_err();
    let found: Vec<&str> = error.diagnostics().iter().map(|one| one.code.id).collect();
    assert_eq!(found, ["WDL-G017", "WDL-G012", "WDL-G018"]);
    assert!(error.to_string().ends_with("(and 2 more)"), "{error}");
}

#[test]
fn every_code_of_the_station_is_met() {
    // From G027 on they are the linkage recipes', met in the tests of wdl-encoding.
    let elsewhere = [
        "WDL-G001", "WDL-G014", "WDL-G016", "WDL-G024", "WDL-G025", "WDL-G026", "WDL-G027",
        "WDL-G028", "WDL-G029", "WDL-G030", "WDL-G031", "WDL-G032",
    ];
    let cases = [written(), named(), forbidden()].concat();
    let met: BTreeSet<&str> = cases
        .iter()
        .map(|case| case.code)
        .chain(elsewhere)
        .collect();
    let all: BTreeSet<&str> = codes::all()
        .map(|code| code.id)
        .filter(|id| id.starts_with("WDL-G"))
        .collect();
    assert_eq!(met, all);
}
