//! Pictures of an invented linkage, with their tables and their words.

use wdl_chart::linkage::{
    Blocking, BlockingCount, Chances, ClusterEdge, ClusterNode, ClusterView, CutChooser,
    FieldWeights, LevelWeight, MatchWeights, Origin, Outcome, Picture, Place, SelfWeights, Step,
    Tie, Unlinkables, Waterfall, WeightBin, WeightHistogram, probability_of,
};
use wdl_chart::{DataTable, Width};
use wdl_vocab::{Lang, Text};

use crate::tables::shown;

fn field(name: &str, levels: &[(&'static str, &'static str, f64, f64)]) -> FieldWeights {
    let level = |(it, en, m, u): &(&'static str, &'static str, f64, f64)| LevelWeight {
        label: Text::fixed(it, en),
        m: *m,
        u: *u,
        weight: (m / u).log2(),
    };
    FieldWeights {
        label: name.to_owned(),
        levels: levels.iter().map(level).collect(),
    }
}

fn fields() -> Vec<FieldWeights> {
    vec![
        field(
            "cognome",
            &[
                ("uguale", "same", 0.87, 0.0031),
                ("stesso suono", "same sound", 0.051, 0.0009),
                (
                    "simile (Jaro-Winkler ≥ 0,92)",
                    "close (Jaro–Winkler ≥ 0.92)",
                    0.043,
                    0.0021,
                ),
                ("diverso", "different", 0.036, 0.9939),
            ],
        ),
        field(
            "data_nascita",
            &[
                ("uguale", "same", 0.93, 0.000_04),
                (
                    "giorno e mese scambiati",
                    "day and month swapped",
                    0.011,
                    0.000_03,
                ),
                ("diversa", "different", 0.059, 0.999_93),
            ],
        ),
        field(
            "sesso",
            &[
                ("uguale", "same", 0.991, 0.5),
                ("diverso", "different", 0.009, 0.5),
            ],
        ),
    ]
}

fn bins() -> Vec<WeightBin> {
    (-20..30)
        .map(|step| {
            let from = f64::from(step);
            let false_ones = 400_000.0 * (-(from + 13.0).powi(2) / 18.0).exp();
            let true_ones = 900.0 * (-(from - 18.0).powi(2) / 30.0).exp();
            let pairs = (false_ones + true_ones).round();
            WeightBin {
                from,
                to: from + 1.0,
                pairs: pairs as u64,
                expected_matches: pairs * probability_of(from + 0.5),
            }
        })
        .collect()
}

fn waterfall() -> Waterfall {
    let step = |label: &str, level: &str, weight, rarity| Step {
        label: label.to_owned(),
        level: level.to_owned(),
        weight,
        rarity,
    };
    Waterfall {
        prior: -14.3,
        steps: vec![
            step("cognome", "uguale", 8.1, 2.4),
            step("nome", "stesso suono", 5.8, -1.1),
            step("data_nascita", "giorno e mese scambiati", 8.5, 0.0),
            step("sesso", "uguale", 1.0, 0.0),
            step("cap", "diverso", -2.7, 0.0),
            step("telefono", "manca un valore", 0.0, 0.0),
        ],
        cut: 3.2,
        outcome: Outcome::Link,
    }
}

fn cluster() -> ClusterView {
    let node = |place: usize| ClusterNode {
        label: (place + 1).to_string(),
        source: place % 3,
    };
    let edge = |a, b, weight, tie| ClusterEdge { a, b, weight, tie };
    ClusterView {
        sources: vec!["anagrafe".into(), "ausl".into(), "inail".into()],
        nodes: (0..7).map(node).collect(),
        edges: vec![
            edge(0, 1, 18.2, Tie::Kept),
            edge(0, 2, 14.9, Tie::Kept),
            edge(1, 2, 12.1, Tie::Kept),
            edge(2, 3, 4.1, Tie::Cut),
            edge(3, 4, 20.3, Tie::Kept),
            edge(3, 5, 9.4, Tie::Kept),
            edge(4, 5, 11.0, Tie::Kept),
            edge(5, 6, 7.5, Tie::Kept),
        ],
    }
}

fn blocking() -> Blocking {
    let rule = |label: &str, pairs, new_pairs, values_left_out| BlockingCount {
        label: label.to_owned(),
        pairs,
        new_pairs,
        values_left_out,
    };
    Blocking {
        rules: vec![
            rule("codice_fiscale", 41_230, 41_230, 0),
            rule("data_nascita + sesso", 1_204_411, 1_163_902, 2),
            rule(
                "suono del cognome + iniziale del nome + anno di nascita",
                384_120,
                201_877,
                0,
            ),
            rule("telefono", 38_004, 0, 1),
        ],
        possible: 1e10,
    }
}

fn unlinkables() -> Unlinkables {
    let records = [
        (-9.2, 12),
        (1.1, 40),
        (2.9, 3),
        (9.8, 300),
        (14.0, 4_200),
        (21.5, 95_445),
    ];
    Unlinkables {
        records: records
            .iter()
            .map(|(weight, records)| SelfWeights {
                weight: *weight,
                records: *records,
            })
            .collect(),
        cut: 3.2,
    }
}

fn pictures() -> Vec<(&'static str, Box<dyn Picture>)> {
    vec![
        (
            "weights",
            Box::new(MatchWeights {
                prior: -14.3,
                fields: fields(),
            }),
        ),
        ("chances", Box::new(Chances { fields: fields() })),
        (
            "histogram",
            Box::new(WeightHistogram {
                bins: bins(),
                cut: 3.0,
            }),
        ),
        ("waterfall", Box::new(waterfall())),
        ("blocking", Box::new(blocking())),
        ("cut", Box::new(CutChooser::estimated(&bins(), 0.993, 3.0))),
        ("unlinkables", Box::new(unlinkables())),
        ("cluster", Box::new(cluster())),
    ]
}

fn empty() -> Vec<Box<dyn Picture>> {
    vec![
        Box::new(MatchWeights {
            prior: f64::NEG_INFINITY,
            fields: vec![field("vuoto", &[])],
        }),
        Box::new(Chances { fields: Vec::new() }),
        Box::new(WeightHistogram {
            bins: Vec::new(),
            cut: 0.0,
        }),
        Box::new(Waterfall {
            prior: f64::NEG_INFINITY,
            steps: Vec::new(),
            cut: 0.0,
            outcome: Outcome::NoLink,
        }),
        Box::new(Blocking {
            rules: Vec::new(),
            possible: 0.0,
        }),
        Box::new(CutChooser::estimated(&[], 1.0, 0.0)),
        Box::new(Unlinkables {
            records: Vec::new(),
            cut: 0.0,
        }),
        Box::new(ClusterView {
            sources: Vec::new(),
            nodes: Vec::new(),
            edges: Vec::new(),
        }),
    ]
}

fn place(id: &'static str, width: Width) -> Place<'static> {
    Place {
        id,
        title: "Un titolo che dice che cosa si vede",
        width,
        origin: Origin::Unsaid,
    }
}

#[test]
fn every_kind_is_drawn() {
    for (name, picture) in pictures() {
        let wide = picture.draw(&place(name, Width::Wide), Lang::It);
        insta::assert_snapshot!(format!("linkage_{name}"), wide.svg);
        let narrow = picture.draw(&place(name, Width::Narrow), Lang::En);
        insta::assert_snapshot!(format!("linkage_{name}_narrow"), narrow.svg);
        assert!(narrow.svg.contains("viewBox=\"0 0 360 "), "{name}");
        assert!(
            !narrow.svg.contains("NaN") && !narrow.svg.contains("inf"),
            "{name}"
        );
        assert_eq!(
            wide,
            picture.draw(&place(name, Width::Wide), Lang::It),
            "{name}"
        );
    }
}

#[test]
fn every_kind_has_its_table_and_its_words() {
    for (name, picture) in pictures() {
        let mut text = String::new();
        for lang in Lang::ALL {
            text += &format!("{}\n{}\n", picture.alt(lang), table(&picture.table(lang)));
        }
        assert!(
            !text.contains("NaN") && !text.contains("<column"),
            "{name}: {text}"
        );
        insta::assert_snapshot!(format!("linkage_{name}_table"), text);
    }
}

fn table(table: &DataTable) -> String {
    shown(table)
}

#[test]
fn nothing_is_drawn_of_nothing() {
    for picture in empty() {
        for lang in Lang::ALL {
            let drawn = picture.draw(&place("x", Width::Narrow), lang);
            assert!(
                !drawn.svg.contains("NaN") && !drawn.svg.contains(">inf"),
                "{}",
                drawn.svg
            );
            assert!(
                !drawn.alt.is_empty() && !drawn.alt.contains("NaN"),
                "{}",
                drawn.alt
            );
            let _ = picture.table(lang);
        }
    }
}

#[test]
fn invented_records_are_told_and_only_they() {
    let mut place = place("x", Width::Wide);
    for (name, picture) in pictures() {
        assert!(
            !picture.draw(&place, Lang::It).svg.contains("SINTETICI"),
            "{name}"
        );
    }
    place.origin = Origin::Synthetic;
    for (name, picture) in pictures() {
        assert!(
            picture
                .draw(&place, Lang::En)
                .svg
                .contains("SYNTHETIC DATA"),
            "{name}"
        );
    }
}

#[test]
fn a_large_cluster_is_told_and_not_drawn() {
    let mut large = cluster();
    for place in 7..40 {
        large.nodes.push(ClusterNode {
            label: place.to_string(),
            source: 0,
        });
    }
    let drawn = large.draw(&place("x", Width::Wide), Lang::En);
    assert!(drawn.svg.contains("40 records"), "{}", drawn.svg);
    assert!(!drawn.svg.contains("<path"));
}

#[test]
fn the_steps_of_a_pair_add_up() {
    let pair = waterfall();
    assert!((pair.total() - 7.7).abs() < 1e-9);
    let table = pair.table(Lang::En);
    let last = table.rows.last().unwrap();
    assert_eq!(last.cells[0].text, "+7.7");
    assert!(last.is_total);
}
