//! The page of an invented run.

use wdl_chart::linkage::{
    BlockingCount, ClusterEdge, ClusterNode, ClusterView, FieldWeights, LevelWeight, Outcome,
    SelfWeights, Step, Tie, Waterfall, WeightBin,
};
use wdl_linkage::Kind;
use wdl_linkage::quality::{NameRates, Unlinkable};
use wdl_vocab::{Lang, Text};

use super::super::columns::ColumnTold;
use super::facts::{Estimate, Example, Facts, Group, Measure, Repair, Why};
use super::page::page;

fn field(name: &str, levels: &[(&'static str, &'static str, f64, f64)]) -> FieldWeights {
    FieldWeights {
        label: name.to_owned(),
        levels: levels
            .iter()
            .map(|(it, en, m, u)| LevelWeight {
                label: Text::fixed(it, en),
                m: *m,
                u: *u,
                weight: (m / u).log2(),
            })
            .collect(),
    }
}

fn bins() -> Vec<WeightBin> {
    (-20..30)
        .map(|step| {
            let from = f64::from(step);
            let false_ones = 300_000.0 * (-(from + 15.0).powi(2) / 16.0).exp();
            let true_ones = 620.0 * (-(from - 17.0).powi(2) / 36.0).exp();
            let pairs = (false_ones + true_ones).round();
            WeightBin {
                from,
                to: from + 1.0,
                pairs: pairs as u64,
                expected_matches: true_ones.min(pairs),
            }
        })
        .collect()
}

fn waterfall(level: &str, weight: f64) -> Waterfall {
    let step = |label: &str, level: &str, weight, rarity| Step {
        label: label.to_owned(),
        level: level.to_owned(),
        weight,
        rarity,
    };
    Waterfall {
        prior: -12.9,
        steps: vec![
            step("cognome", "uguale", 8.1, 1.4),
            step("nome", level, weight, 0.0),
            step("data_nascita", "giorno e mese scambiati", 8.5, 0.0),
            step("sesso", "uguale", 1.0, 0.0),
        ],
        cut: 0.0,
        outcome: if weight > 0.0 {
            Outcome::Link
        } else {
            Outcome::NoLink
        },
    }
}

fn cluster() -> ClusterView {
    let edge = |a, b, weight, tie| ClusterEdge { a, b, weight, tie };
    ClusterView {
        sources: vec!["anagrafe".into(), "ausl".into()],
        nodes: (0..5)
            .map(|place| ClusterNode {
                label: (place + 1).to_string(),
                source: place % 2,
            })
            .collect(),
        edges: vec![
            edge(0, 1, 18.2, Tie::Kept),
            edge(1, 2, 2.2, Tie::Cut),
            edge(2, 3, 14.9, Tie::Kept),
            edge(3, 4, 9.1, Tie::Kept),
        ],
    }
}

fn columns() -> Vec<ColumnTold> {
    let reason = |it, en| Text::fixed(it, en);
    vec![
        ColumnTold {
            column: "cognome".to_owned(),
            kind: Some(Kind::Surname),
            reason: "values",
            why: reason("dai valori", "from the values"),
            seen: Some((0.0125, 4_310)),
        },
        ColumnTold {
            column: "note".to_owned(),
            kind: None,
            reason: "free_text",
            why: reason("esclusa: testo libero", "left out: free text"),
            seen: Some((0.4, 9_002)),
        },
    ]
}

fn facts() -> Facts {
    let rule = |label: &str, pairs, new_pairs, values_left_out| BlockingCount {
        label: label.to_owned(),
        pairs,
        new_pairs,
        values_left_out,
    };
    Facts {
        sources: vec![("anagrafe".to_owned(), 10_000), ("ausl".to_owned(), 9_512)],
        possible: 95_120_000.0,
        links: 6_541,
        cut: 0.5,
        cluster_sizes: vec![(2, 6_480), (3, 61)],
        estimated: Estimate {
            precision: Some(0.9982),
            recall: Some(0.9871),
            blocking_recall: 0.9911,
            matches: 6_614.0,
        },
        measured: Some(Measure {
            pairs: 6_602,
            precision: Some(0.9985),
            recall: Some(0.9893),
            f1: Some(0.9939),
        }),
        groups: vec![Group {
            label: Text::fixed("nati all’estero", "born abroad"),
            records: 1_204,
            linked: 702,
            precision: Some(0.991),
            recall: Some(0.941),
            unlinkable: Some(0.004),
        }],
        unsure: 118,
        prior: -12.9,
        fields: vec![
            field(
                "cognome",
                &[
                    ("uguale", "same", 0.87, 0.0031),
                    ("diverso", "different", 0.13, 0.9969),
                ],
            ),
            field(
                "data_nascita",
                &[
                    ("uguale", "same", 0.93, 0.000_04),
                    ("diversa", "different", 0.07, 0.999_96),
                ],
            ),
            field(
                "cittadinanza",
                &[
                    ("uguale", "same", 0.97, 0.81),
                    ("diversa", "different", 0.03, 0.19),
                ],
            ),
        ],
        crossed: vec![field(
            "nome, cognome",
            &[
                ("ciascuno al suo posto", "each in its own place", 0.98, 0.99),
                ("scambiati fra loro", "exchanged", 0.02, 0.01),
            ],
        )],
        rules: vec![
            rule("codice_fiscale", 5_230, 5_230, 0),
            rule("data_nascita & sesso", 104_411, 99_902, 2),
            rule("telefono", 3_804, 0, 0),
        ],
        bins: bins(),
        selves: vec![
            SelfWeights {
                weight: -4.0,
                records: 31,
            },
            SelfWeights {
                weight: 16.0,
                records: 2_481,
            },
            SelfWeights {
                weight: 24.0,
                records: 17_000,
            },
        ],
        unlinkable: Unlinkable {
            records: 19_512,
            unlinkable: 31,
        },
        examples: vec![
            Example {
                why: Why::Usual,
                ids: ("A-0077".to_owned(), "B-1182".to_owned()),
                waterfall: waterfall("uguale", 7.2),
            },
            Example {
                why: Why::FirstOut,
                ids: ("A-0102".to_owned(), "B-3310".to_owned()),
                waterfall: waterfall("diverso", -6.4),
            },
        ],
        cluster: Some(cluster()),
        repairs: vec![Repair {
            reason: Text::fixed(
                "due record di una fonte senza doppioni",
                "two records of a source without duplicates",
            ),
            clusters: 3,
            cut: 4,
        }],
        names: Some(NameRates {
            clusters: 13_000,
            homonymous: 410,
            varied: 655,
        }),
        columns: columns(),
        model: "fields:\n  - column: cognome\n    kind: surname\n".to_owned(),
    }
}

fn nothing() -> Facts {
    Facts {
        sources: vec![("vuoto".to_owned(), 0)],
        possible: 0.0,
        links: 0,
        cut: 0.5,
        cluster_sizes: Vec::new(),
        estimated: Estimate {
            precision: None,
            recall: None,
            blocking_recall: 1.0,
            matches: 0.0,
        },
        measured: None,
        groups: Vec::new(),
        unsure: 0,
        prior: f64::NEG_INFINITY,
        fields: Vec::new(),
        crossed: Vec::new(),
        rules: Vec::new(),
        bins: Vec::new(),
        selves: Vec::new(),
        unlinkable: Unlinkable::default(),
        examples: Vec::new(),
        cluster: None,
        repairs: Vec::new(),
        names: None,
        columns: Vec::new(),
        model: String::new(),
    }
}

/// The page without its drawings, which have snapshots of their own.
fn words(html: &str) -> String {
    let mut shown = String::new();
    let mut rest = html;
    while let Some(begin) = rest.find("<svg ") {
        shown.push_str(&rest[..begin]);
        shown.push_str("<svg/>");
        let end = rest.find("</svg>").expect("every drawing ends");
        rest = &rest[end + 6..];
    }
    shown + rest
}

#[test]
fn the_page_tells_a_run_in_both_languages() {
    for lang in Lang::ALL {
        let html = page(&facts(), lang);
        let text = words(&html);
        let begin = text.find("<body>").expect("a body");
        insta::assert_snapshot!(format!("page_{lang}"), &text[begin..]);
        assert_eq!(html, page(&facts(), lang), "same run, same bytes");
    }
}

#[test]
fn the_page_stands_alone() {
    for (facts, lang) in [(facts(), Lang::It), (nothing(), Lang::En)] {
        let html = page(&facts, lang);
        assert!(html.contains("default-src 'none'"));
        assert!(!html.contains("<script") && !html.contains("<link") && !html.contains("src=\""));
        assert!(
            !html
                .replace("http://www.w3.org/2000/svg", "")
                .contains("http:")
        );
        assert!(!html.contains("https:") && !html.contains("url(") && !html.contains("@import"));
        assert!(!html.contains("NaN"), "{html}");
        // A key without words stands between angle brackets.
        let after = |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_lowercase());
        assert!(!html.split("&#60;").skip(1).any(after), "{html}");
    }
}

#[test]
fn every_id_is_on_the_page_once() {
    let html = page(&facts(), Lang::It);
    let mut ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn names_of_columns_are_escaped() {
    let mut facts = facts();
    facts.sources[0].0 = "<b>&\"".to_owned();
    facts.fields[0].label = "<img>".to_owned();
    facts.model = "</code></pre><b>".to_owned();
    let html = page(&facts, Lang::It);
    assert!(!html.contains("<b>") && !html.contains("<img>"));
}
