//! Whatever an answer holds has words in both languages, numbers that people read, and a count of those behind it.

mod invented;

use std::collections::BTreeSet;
use std::path::Path;

use wdl_evaluation::glossary::{self, Unit};
use wdl_evaluation::numbers::Digits;
use wdl_evaluation::{Cell, Estimate, Evaluation, method, methods, shown};
use wdl_vocab::{Lang, Text};

use self::invented::{ASKED, panel, people};
use crate::asked::{File, ask};

fn answers() -> Vec<(&'static str, File, Evaluation)> {
    let asked = ASKED.iter().map(|(name, file, options)| {
        let file = file();
        let answer = ask(name, &file, options).unwrap_or_else(|why| panic!("{name}: {why}"));
        (*name, file, answer)
    });
    asked.collect()
}

fn is_of_the_data(words: &str, file: &File) -> bool {
    let name = words.split('=').next().unwrap_or_default();
    file.has(name)
}

/// Two languages that say something, and no key of a machine.
fn is_said(text: &Text) -> bool {
    let plain = |words: &str| !words.is_empty() && !words.contains('_');
    plain(&text.it) && plain(&text.en)
}

#[test]
fn every_method_of_the_catalog_is_asked() {
    let asked: BTreeSet<&str> = ASKED.iter().map(|own| own.0).collect();
    let names: BTreeSet<&str> = methods().map(|own| own.name()).collect();
    assert_eq!(asked, names, "give each method a line in ASKED");
}

#[test]
fn estimates_figures_and_tables_have_words_in_both_languages() {
    for (name, file, answer) in answers() {
        for own in &answer.estimates {
            let is_ours = own.label.it != own.label.en;
            assert!(
                is_said(&own.label) && (is_ours || is_of_the_data(&own.label.it, &file)),
                "{name}: estimate `{}` has no words: a line in glossary/rows.rs",
                own.name
            );
        }
        for key in answer.figures.keys() {
            let own = glossary::figure(key);
            let own =
                own.unwrap_or_else(|| panic!("{name}: `{key}` has no line in glossary/figures.rs"));
            assert!(is_said(&own.name), "{name}: {key}");
        }
        for table in &answer.tables {
            assert!(
                is_said(&table.title) && table.title.it != table.title.en,
                "{name}: {}",
                table.key
            );
            for (key, title) in &table.columns {
                assert!(is_said(title), "{name}: {} {key}", table.key);
            }
        }
        assert!(
            !answer.summary.it.is_empty() && answer.summary.it != answer.summary.en,
            "{name}"
        );
    }
}

#[test]
fn words_in_cells_are_of_the_data_or_of_the_glossary() {
    for (name, file, answer) in answers() {
        let tables = answer
            .tables
            .iter()
            .flat_map(|own| own.rows.iter().flatten());
        for cell in tables.chain(answer.figures.values()) {
            match cell {
                Cell::Words(words) => assert!(
                    glossary::word(words).is_none() || file.has(words) || words.len() == 1,
                    "{name}: `{words}` is a word of ours: Cell::word"
                ),
                Cell::Said(said) => {
                    let is_bare = said.text.it == said.key && said.text.en == said.key;
                    assert!(
                        !is_bare,
                        "{name}: `{}` has no line in glossary/rows.rs",
                        said.key
                    );
                }
                Cell::Number(_) | Cell::Count(_) | Cell::Flag(_) | Cell::None => {}
            }
        }
    }
}

/// The keys in the sources, also of figures that no case of this file brings about.
#[test]
fn every_figure_in_the_sources_is_in_the_glossary_and_the_other_way_round() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/methods");
    let mut sources = String::new();
    read(&folder, &mut sources);
    let written = sources.split(".figure(").skip(1);
    for after in written {
        let Some(rest) = after.trim_start().strip_prefix('"') else {
            continue;
        };
        let key = rest.split('"').next().unwrap_or_default();
        assert!(
            glossary::figure(key).is_some(),
            "`{key}` has no line in glossary/figures.rs"
        );
    }
    for own in glossary::figures() {
        assert!(
            sources.contains(&format!("\"{}\"", own.key)),
            "nobody says `{}`",
            own.key
        );
    }
}

fn read(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => read(&path, into),
            false => into.push_str(&std::fs::read_to_string(path).unwrap()),
        }
    }
}

#[test]
fn people_never_see_powers_of_ten() {
    let is_power = |words: &str| {
        let letters: Vec<char> = words.chars().collect();
        letters.windows(3).any(|own| {
            own[0].is_ascii_digit() && own[1] == 'e' && (own[2] == '-' || own[2].is_ascii_digit())
        })
    };
    for (name, _, answer) in answers() {
        for lang in Lang::ALL {
            let digits = Digits::Person;
            let mut all = shown::estimates(&answer.estimates, lang, digits).concat();
            for own in &answer.tables {
                all.extend(shown::table(own, lang, digits).concat());
            }
            for key in answer.figures.keys() {
                all.extend(shown::figure(&answer, key, lang, digits));
            }
            all.push(answer.summary.get(lang).to_owned());
            for words in all {
                assert!(!is_power(&words), "{name}: {words}");
                assert!(!words.contains("NaN") && words != "inf", "{name}: {words}");
            }
        }
    }
}

#[test]
fn every_table_says_how_many_stand_behind_its_rows() {
    for (name, _, answer) in answers() {
        let own = method(name).unwrap();
        let told: BTreeSet<&str> = own.rests_on().iter().map(|own| own.table()).collect();
        for table in &answer.tables {
            assert!(
                told.contains(table.key),
                "{name}: nothing is said of `{}`",
                table.key
            );
        }
    }
}

#[test]
fn small_groups_are_named_below_the_threshold_alone() {
    let (outcome, unit) = (("outcome", "y"), ("unit", "unit"));
    let rest = [
        ("period", "year"),
        ("first-treated", "first"),
        ("draws", "0"),
    ];
    let options = [outcome, unit, rest[0], rest[1], rest[2]];
    let answer = ask("did", &panel(), &options).unwrap();
    // Three units are treated from 2006 on, four from 2004, five never.
    assert_eq!(answer.smallest_group, Some(3));
    assert!(answer.small_groups.is_empty() && shown::small_groups(&answer, Lang::It).is_none());
    let stricter = crate::asked::ask_with("did", &panel(), &options, 4).unwrap();
    assert!(stricter.small_groups.iter().all(|own| own.units == 3));
    let named = shown::small_groups(&stricter, Lang::It).unwrap();
    assert!(named.contains("prima dell'inizio"), "{named}");
    let is_of = |own: &wdl_evaluation::SmallGroup| own.row.it.starts_with("coorte 2006");
    assert!(stricter.small_groups.iter().any(is_of), "{named}");
    let cohort = stricter
        .small_groups
        .iter()
        .any(|own| own.row.it.starts_with("coorte 2004"));
    assert!(!cohort, "{named}");
    // A synthetic control tells of units by their names.
    let options = [outcome, unit, rest[0], ("treatment", "d")];
    let answer = ask("synthetic-control", &panel(), &options).unwrap();
    assert_eq!(answer.smallest_group, Some(1));
    // People in two large groups: nobody is named.
    let answer = ask("difference", &people(), &[outcome, ("treatment", "d")]).unwrap();
    assert!(answer.small_groups.is_empty() && answer.smallest_group > Some(90));
}

/// A sentence for everybody: sizes, ends, what is known of chance.
#[test]
fn the_sentence_says_no_more_than_is_known() {
    let say = |estimate: f64, error: f64| {
        let mut answer = ask(
            "difference",
            &people(),
            &[("outcome", "y"), ("treatment", "d")],
        )
        .unwrap();
        answer.estimates[0] = Estimate::with_error("difference", estimate, error, None, 0.95);
        shown::estimates(&answer.estimates, Lang::It, Digits::Person).remove(1)
    };
    assert_eq!(
        say(-0.039_951, 0.011_9),
        [
            "differenza tra le medie",
            "\u{2212}0,040",
            "0,012",
            "< 0,001",
            "[\u{2212}0,063; \u{2212}0,017]"
        ]
    );
    assert_eq!(
        say(1_234.567, 345.6),
        [
            "differenza tra le medie",
            "1.235",
            "346",
            "< 0,001",
            "[557; 1.912]"
        ]
    );
    let answer = ask(
        "difference",
        &people(),
        &[("outcome", "y"), ("treatment", "d")],
    )
    .unwrap();
    let it = &answer.summary.it;
    assert!(
        it.starts_with("Differenza stimata di `y`, tra i trattati e gli altri: "),
        "{it}"
    );
    assert!(
        it.contains(" in più (intervallo di confidenza al 95%: da "),
        "{it}"
    );
    assert!(
        !it.contains("ffetto"),
        "a plain difference is no effect: {it}"
    );
    let effect = ask(
        "did",
        &panel(),
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("first-treated", "first"),
            ("draws", "0"),
        ],
    )
    .unwrap();
    assert!(
        effect
            .summary
            .en
            .starts_with("Estimated effect on `y`, for those who received the measure"),
        "{}",
        effect.summary.en
    );
}

#[test]
fn units_of_columns_are_those_of_the_table_first() {
    assert_eq!(glossary::unit("curve", "standard_error"), Unit::Share);
    assert_eq!(glossary::unit("group_time", "standard_error"), Unit::Effect);
    assert_eq!(glossary::unit("group_time", "cohort"), Unit::Period);
}
