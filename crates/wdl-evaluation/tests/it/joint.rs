//! Joint displays: what goes together by the author's rule, and what says nothing.

use serde_json::json;
use wdl_evaluation::coding::{Effects, Joint, JointRule, ThemesFile, Verdict};
use wdl_vocab::Diagnose as _;
use wdl_yaml::Source;

const RULE: &str = "\
outcome: { it: Mesi in arretrato, en: Months in arrears }
no_effect: [-0.1, 0.1]
themes:
  - theme: contributo
    expects: decrease
    said_from: 0.4
    why: { it: Chi ne parla dice di pagare in tempo., en: Who speaks of it says they pay in time. }
  - theme: attesa
    expects: none
    said_from: 0.3
";

fn rule(text: &str) -> Result<JointRule, Vec<(&'static str, usize)>> {
    JointRule::parse(&Source::of("rule.yaml", text)).map_err(|error| {
        let faults = error.into_faults();
        let of = |fault: &wdl_yaml::Fault<_>| (fault.diagnostic().code.id, fault.line);
        faults.iter().map(of).collect()
    })
}

fn effects() -> Effects {
    let answer = json!({
        "method": "regression",
        "estimates": [
            { "name": "total", "estimate": -0.5, "interval": [-0.8, -0.2], "level": 0.9 },
            { "name": "a", "estimate": -0.6, "interval": [-1.0, -0.2], "level": 0.9 },
            { "name": "b", "estimate": 0.7, "interval": [0.3, 1.1], "level": 0.9 },
            { "name": "c", "estimate": -0.2, "interval": [-0.9, 0.5], "level": 0.9 },
            { "name": "d", "estimate": 0.0, "interval": [-0.05, 0.05], "level": 0.9 },
            { "name": "e", "estimate": -0.4, "interval": null, "level": 0.9 },
            { "name": "elsewhere", "estimate": 1.0, "interval": [0.9, 1.1], "level": 0.9 },
        ]
    });
    Effects::read(&answer).unwrap()
}

/// Rows as the file of themes has them.
fn themes(rows: &[&str]) -> Result<ThemesFile, &'static str> {
    let mut file = ThemesFile::default();
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<Option<&str>> = row
            .split(',')
            .map(|cell| (!cell.is_empty()).then_some(cell))
            .collect();
        file.add(&cells, at + 2)
            .map_err(|fault| fault.diagnostic().code.id)?;
    }
    Ok(file)
}

const SAID: [&str; 9] = [
    "contributo,Aiuta,It helps,q,,40,0.5,shown,2026",
    "contributo,Aiuta,It helps,q,a,10,0.6,shown,2026",
    "contributo,Aiuta,It helps,q,b,10,0.5,shown,2026",
    "contributo,Aiuta,It helps,q,c,10,0.8,shown,2026",
    "contributo,Aiuta,It helps,q,d,10,0.7,shown,2026",
    "contributo,Aiuta,It helps,q,e,10,0.9,shown,2026",
    "contributo,Aiuta,It helps,q,f,,,hidden,2026",
    "contributo,Aiuta,It helps,q,g,10,0.1,shown,2026",
    "attesa,Attesa,Waiting,q,d,10,0.3,shown,2026",
];

#[test]
fn the_rule_of_the_author_decides_and_silence_is_no_agreement() {
    let file = themes(&SAID).unwrap();
    let joint = Joint::of(effects(), &file, rule(RULE).unwrap(), "q", &[]).unwrap();
    let told: Vec<(Option<&str>, Verdict)> = joint
        .lines
        .iter()
        .map(|line| (line.group.as_deref(), line.verdict))
        .collect();
    use Verdict::{Convergent, Divergent, Silent};
    assert_eq!(
        told,
        [
            (None, Convergent),
            (Some("a"), Convergent),
            (Some("b"), Divergent),
            // The interval leaves the direction open.
            (Some("c"), Silent),
            // So small that it counts for none, where a decrease was expected.
            (Some("d"), Divergent),
            // Without an interval.
            (Some("e"), Silent),
            // Hidden, and nothing was estimated.
            (Some("f"), Silent),
            // Hardly said.
            (Some("g"), Silent),
            (Some("d"), Convergent),
        ]
    );
    assert_eq!(joint.unmatched, ["elsewhere"]);
    let hidden = &joint.lines[6];
    assert_eq!((hidden.share, hidden.participants), (None, None));
    // Of another name, if somebody says so.
    let matches = [("elsewhere".to_owned(), Some("a".to_owned()))];
    let joint = Joint::of(effects(), &file, rule(RULE).unwrap(), "q", &matches).unwrap();
    assert_eq!(joint.lines[1].verdict, Divergent);
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let code = |file: ThemesFile, by: &str| {
        Joint::of(effects(), &file, rule(RULE).unwrap(), by, &[])
            .map_err(|fault| fault.diagnostic().code.id)
            .unwrap_err()
    };
    assert_eq!(code(themes(&SAID).unwrap(), "r"), "WDL-V083");
    assert_eq!(code(themes(&SAID[..8]).unwrap(), "q"), "WDL-V083");
    let strangers = [
        "contributo,A,A,q,x,10,0.5,shown,2026",
        "attesa,A,A,q,x,10,0.5,shown,2026",
    ];
    assert_eq!(code(themes(&strangers).unwrap(), "q"), "WDL-V081");
    for row in [
        "contributo,A,A,q,x,10,0.5,hidden,2026",
        "contributo,A,A,q,x,,0.5,hidden,2026",
        "contributo,A,A,q,x,10,1.5,shown,2026",
        "contributo,A,A,q,x,,,shown,2026",
        "contributo,A,A,q,x,10,0.5,,2026",
        "Non è un tema,A,A,q,x,10,0.5,shown,2026",
    ] {
        assert_eq!(themes(&[row]).unwrap_err(), "WDL-V083", "{row}");
    }
    for answer in [
        json!({}),
        json!([1, 2]),
        json!({ "estimates": [] }),
        json!({ "estimates": [{ "name": "a" }] }),
        json!({ "estimates": [{ "name": "a", "estimate": 1.0, "interval": [2.0, 1.0] }] }),
        json!({ "estimates": [{ "name": "a", "estimate": 1.0 }, { "name": "a", "estimate": 2.0 }] }),
    ] {
        let refused = Effects::read(&answer).unwrap_err();
        assert_eq!(refused.diagnostic().code.id, "WDL-V080", "{answer}");
    }
}

#[test]
fn a_rule_must_hold_together() {
    assert!(rule(RULE).is_ok());
    for (from, to, expected) in [
        ("[-0.1, 0.1]", "[0.1, 0.2]", ("WDL-V082", 2)),
        ("said_from: 0.4", "said_from: 40", ("WDL-V082", 6)),
        ("theme: attesa", "theme: contributo", ("WDL-V082", 8)),
        ("no_effect: [-0.1, 0.1]\n", "", ("WDL-V082", 8)),
        ("expects: decrease", "expects: less", ("WDL-G006", 5)),
        ("said_from: 0.4", "said: 0.4", ("WDL-G003", 6)),
    ] {
        let found = rule(&RULE.replacen(from, to, 1)).unwrap_err();
        assert_eq!(found, [expected], "{to}");
    }
}
