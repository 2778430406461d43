//! Codebooks, codings, agreement, consensus: what is read, what is refused, and what it comes to.

use std::collections::BTreeSet;

use wdl_evaluation::coding::{
    Basis, Codebook, Codings, EntryId, Raw, agreement, compare, consensus,
};
use wdl_vocab::{Diagnose as _, Lang};
use wdl_yaml::Source;

pub(crate) const BOOK: &str = "\
id: casa
version: 3
title: { it: Casa, en: Housing }
theme: casa
codes:
  - id: costi
    label: { it: Costi, en: Costs }
    definition: { it: Si parla di costi., en: It is about costs. }
  - id: arretrati
    label: { it: Arretrati, en: Arrears }
    definition: { it: Si parla di arretrati., en: It is about arrears. }
    parent: costi
  - id: perdita
    label: { it: Perdita, en: Loss }
    definition: { it: Si parla di sfratti., en: It is about evictions. }
  - id: attesa
    label: { it: Attesa, en: Waiting }
    definition: { it: Si parla di attesa., en: It is about waiting. }
changes:
  - version: 2
    renamed: { morosita: arretrati }
    dropped: [altro]
  - version: 3
    merged: { coda: attesa }
    split: { paura: [perdita, attesa] }
";

pub(crate) fn book(text: &str) -> Codebook {
    Codebook::parse(&Source::of("casa.yaml", text), Some("casa")).unwrap()
}

pub(crate) fn id(text: &str) -> EntryId {
    EntryId::parse(text).unwrap()
}

/// Rows written as `transcript segment coder code version participant`, `-` where there is nothing.
pub(crate) fn read(book: &Codebook, rows: &str) -> Result<Codings, Vec<(&'static str, usize)>> {
    let rows = rows.lines().enumerate().map(|(at, line)| {
        let cells: Vec<Option<&str>> = line
            .split_whitespace()
            .map(|cell| (cell != "-").then_some(cell))
            .collect();
        let cell = |at: usize| cells.get(at).copied().flatten();
        Raw {
            transcript: cell(0),
            segment: cell(1),
            coder: cell(2),
            code: cell(3),
            version: cell(4),
            participant: cell(5),
            line: at + 2,
        }
    });
    Codings::read(book, rows).map_err(|faults| {
        let of = |fault: &wdl_evaluation::coding::CodingError| {
            let told = fault.of_file(std::path::Path::new("c.csv"));
            for lang in Lang::ALL {
                assert!(!told.render(lang).contains('{'), "{}", told.render(lang));
            }
            (told.code.id, told.place.map_or(0, |place| place.line))
        };
        faults.iter().map(of).collect()
    })
}

#[test]
fn each_fault_of_a_codebook_has_its_place() {
    let faults = |text: &str| {
        let found = Codebook::parse(&Source::of("casa.yaml", text), Some("casa"));
        let found = found
            .err()
            .map(|error| error.into_faults())
            .unwrap_or_default();
        found
            .iter()
            .map(|fault| (fault.diagnostic().code.id, fault.line, fault.column))
            .collect::<Vec<_>>()
    };
    assert!(faults(BOOK).is_empty());
    for (from, to, expected) in [
        ("id: casa\n", "id: case\n", ("WDL-V050", 1, 5)),
        ("version: 3\n", "version: 0\n", ("WDL-V053", 2, 10)),
        ("parent: costi", "parent: arretrati", ("WDL-V051", 12, 13)),
        ("parent: costi", "parent: cosi", ("WDL-G009", 12, 13)),
        ("- id: attesa", "- id: perdita", ("WDL-G008", 16, 9)),
        ("version: 2\n", "version: 1\n", ("WDL-V053", 20, 14)),
        (
            "morosita: arretrati",
            "morosita: arretrato",
            ("WDL-V052", 21, 26),
        ),
        ("dropped: [altro]", "dropped: [costi]", ("WDL-V052", 20, 14)),
        ("theme: casa", "tema: casa", ("WDL-G003", 4, 1)),
        (
            "label: { it: Costi, en: Costs }",
            "label: { it: Costi }",
            ("WDL-G004", 7, 14),
        ),
    ] {
        let text = BOOK.replacen(from, to, 1);
        assert_ne!(text, BOOK, "{from}");
        let found = faults(&text);
        assert!(found.contains(&expected), "{to}: {found:?}");
    }
}

#[test]
fn codings_of_an_older_version_are_brought_along_or_refused() {
    let book = book(BOOK);
    let brought = |code: &str, version| {
        book.brought(&id(code), version)
            .map(|now| now.to_string())
            .map_err(|error| error.diagnostic().code.id)
    };
    assert_eq!(brought("morosita", 1), Ok("arretrati".to_owned()));
    assert_eq!(brought("arretrati", 2), Ok("arretrati".to_owned()));
    assert_eq!(brought("coda", 1), Ok("attesa".to_owned()));
    assert_eq!(brought("paura", 2), Err("WDL-V061"));
    assert_eq!(brought("altro", 1), Err("WDL-V061"));
    // In version 2 it was called otherwise already.
    assert_eq!(brought("morosita", 2), Err("WDL-V060"));
    assert_eq!(brought("altro", 2), Err("WDL-V060"));
    assert_eq!(brought("nulla", 3), Err("WDL-V060"));
    for version in [0, 4] {
        assert_eq!(brought("costi", version), Err("WDL-V063"));
    }
}

#[test]
fn versions_side_by_side_tell_what_became_of_each_code() {
    let old = "\
id: casa
version: 1
title: { it: Casa, en: Housing }
theme: casa
codes:
  - { id: costi, label: { it: C, en: C }, definition: { it: Altra., en: Other. } }
  - { id: morosita, label: { it: M, en: M }, definition: { it: Si parla di arretrati., en: It is about arrears. } }
  - { id: coda, label: { it: C, en: C }, definition: { it: D, en: D } }
  - { id: paura, label: { it: P, en: P }, definition: { it: D, en: D } }
  - { id: altro, label: { it: A, en: A }, definition: { it: D, en: D } }
  - { id: vicini, label: { it: V, en: V }, definition: { it: D, en: D } }
";
    let compared = compare(&book(old), &book(BOOK)).unwrap();
    let told: Vec<String> = compared
        .changes
        .iter()
        .map(|one| serde_json::to_string(one).unwrap())
        .collect();
    assert_eq!(
        told,
        [
            r#"{"change":"redefined","code":"costi"}"#,
            r#"{"change":"renamed","code":"morosita","to":"arretrati"}"#,
            r#"{"change":"merged","code":"coda","into":"attesa"}"#,
            r#"{"change":"split","code":"paura","into":["perdita","attesa"]}"#,
            r#"{"change":"dropped","code":"altro"}"#,
            r#"{"change":"untold","code":"vicini"}"#,
        ]
    );
    let untold = compared.untold().unwrap();
    assert_eq!(
        (untold.code.id, &*untold.args["list"]),
        ("WDL-V055", "vicini")
    );
    assert!(
        compare(&book(BOOK), &book(BOOK))
            .unwrap()
            .changes
            .is_empty()
    );
    let code = |old: &str, new: &str| {
        let [old, new] =
            [old, new].map(|text| Codebook::parse(&Source::of("x.yaml", text), None).unwrap());
        compare(&old, &new).map_err(|told| told.code.id).err()
    };
    assert_eq!(code(BOOK, old), Some("WDL-V053"));
    // One version with two texts.
    assert_eq!(code(BOOK, &BOOK.replace("Costs", "Cost")), Some("WDL-V053"));
    assert_eq!(
        code(&BOOK.replace("id: casa", "id: salute"), BOOK),
        Some("WDL-V054")
    );
}

#[test]
fn bad_rows_are_all_told_with_their_lines() {
    let book = book(BOOK);
    let rows = "\
t1 1 anna costi 3
t1 - anna costi 3
t1 2 anna cstoi 3
t1 3 anna costi -
t1 4 anna costi 9
t1 5 anna paura 2
t1 parole|dette|da|qualcuno anna costi 3
t1 questo-segmento-e-una-frase-intera-di-qualcuno anna costi 3
t2 1 anna costi 3 p1
t2 1 anna attesa 3 p2";
    assert_eq!(
        read(&book, rows).unwrap_err(),
        [
            ("WDL-V062", 3),
            ("WDL-V060", 4),
            ("WDL-V063", 5),
            ("WDL-V063", 6),
            ("WDL-V061", 7),
            ("WDL-V062", 8),
            ("WDL-V062", 9),
            ("WDL-V073", 11),
        ]
    );
    assert_eq!(read(&book, "").unwrap_err(), [("WDL-V064", 0)]);
}

#[test]
fn rows_are_read_as_they_are_meant() {
    let book = book(BOOK);
    let rows = "T1 1 Anna morosita 1\nt1 1 anna ARRETRATI 3\nt1 2 anna - 3\nt1 2 anna - 3";
    let codings = read(&book, rows).unwrap();
    assert_eq!((codings.segments(), codings.double()), (2, 0));
    assert_eq!((codings.repeated(), codings.brought()), (2, 1));
    assert_eq!(codings.uses(&id("arretrati"))["anna"], 1);
    let both = codings
        .clone()
        .with(read(&book, "t1 1 bruno - 3").unwrap())
        .unwrap();
    assert_eq!(both.double(), 1);
    let twice = codings.clone().with(codings).unwrap_err();
    assert_eq!(twice.diagnostic().code.id, "WDL-V066");
}

/// Two coders and ten segments: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section A, alpha 0.095.
#[test]
fn alpha_of_a_code_is_that_of_the_textbook() {
    let book = book(BOOK);
    let (meg, owen) = ("0100000010", "1110010000");
    let rows = |coder: &str, marks: &str| -> String {
        let row = |(at, mark)| {
            let code = if mark == '1' { "perdita" } else { "-" };
            format!("t1 {at} {coder} {code} 3")
        };
        marks
            .chars()
            .enumerate()
            .map(row)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let both = read(&book, &rows("meg", meg))
        .unwrap()
        .with(read(&book, &rows("owen", owen)).unwrap())
        .unwrap();
    let found = agreement(&book, &both, 200, 1).unwrap();
    let [only] = found.codes.as_slice() else {
        panic!("one code is used")
    };
    let alpha = only.agreement.alpha.unwrap();
    assert!((alpha - 0.095_238).abs() < 1e-6, "{alpha}");
    assert_eq!(only.agreement.observed, Some(0.6));
    let [low, high] = only.agreement.interval.unwrap();
    assert!(low < alpha && alpha < high);
    // With one code the set of codes says the same as the code.
    assert_eq!(found.overall.alpha, only.agreement.alpha);
    let told: Vec<&str> = found
        .disagreements
        .iter()
        .map(|one| one.segment.as_str())
        .collect();
    assert_eq!(told, ["0", "2", "5", "8"]);
    // The same draws whatever else happens.
    assert_eq!(agreement(&book, &both, 200, 1).unwrap(), found);
}

#[test]
fn agreement_is_undefined_where_nothing_is_double_or_all_is_alike() {
    let book = book(BOOK);
    let alone = read(&book, "t1 1 anna costi 3").unwrap();
    let refused = agreement(&book, &alone, 100, 1).unwrap_err();
    assert_eq!(refused.diagnostic().code.id, "WDL-V065");
    // A coder who looked at every segment and found nothing, like the other.
    let nothing = read(&book, "t1 1 anna - 3\nt1 2 anna - 3")
        .unwrap()
        .with(read(&book, "t1 1 bruno - 3\nt1 2 bruno - 3").unwrap())
        .unwrap();
    let found = agreement(&book, &nothing, 100, 1).unwrap();
    assert!(found.codes.is_empty() && found.overall.alpha.is_none());
    assert_eq!(found.overall.observed, Some(1.0));
    assert!(found.overall.why_not.is_some());
}

#[test]
fn consensus_is_agreement_or_a_decision_and_never_a_majority() {
    let book = book(BOOK);
    let codings = ["anna costi", "bruno costi", "carla -"].iter().fold(
        read(&book, "t1 9 zoe attesa 3").unwrap(),
        |all, one| {
            let rows = format!(
                "t1 1 {one} 3\nt1 2 {} costi 3",
                one.split(' ').next().unwrap()
            );
            all.with(read(&book, &rows).unwrap()).unwrap()
        },
    );
    let held = consensus(&book, &codings, None).unwrap();
    let codes = |held: &wdl_evaluation::coding::Consensus, at: usize| -> Vec<(String, Basis)> {
        let own = held.segments[at].codes.iter();
        own.map(|(code, basis)| (code.to_string(), *basis))
            .collect()
    };
    assert!(codes(&held, 0).is_empty());
    assert_eq!(codes(&held, 1), [("costi".to_owned(), Basis::Agreed)]);
    assert_eq!(codes(&held, 2), [("attesa".to_owned(), Basis::Single)]);
    assert_eq!(held.undecided.len(), 1);
    assert_eq!(held.undecided[0].not_by, ["carla"]);
    let decide = |rows: &str| {
        let decisions = read(&book, rows).unwrap();
        consensus(&book, &codings, Some(&decisions)).map_err(|fault| fault.diagnostic().code.id)
    };
    let yes = decide("t1 1 dora costi 3").unwrap();
    assert_eq!(codes(&yes, 0), [("costi".to_owned(), Basis::Adjudicated)]);
    assert!(yes.undecided.is_empty());
    let no = decide("t1 1 dora - 3").unwrap();
    assert!(codes(&no, 0).is_empty() && no.undecided.is_empty());
    // Where they agree, where one alone looked, of a code that nobody gave.
    for rows in [
        "t1 2 dora costi 3",
        "t1 9 dora attesa 3",
        "t1 1 dora perdita 3",
        "t8 1 dora - 3",
    ] {
        assert_eq!(decide(rows).unwrap_err(), "WDL-V067", "{rows}");
    }
}

#[test]
fn the_codebook_of_modena_is_one() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../labs/modena/codebooks/casa.yaml"
    );
    let book = Codebook::read(std::path::Path::new(path)).unwrap();
    let names: BTreeSet<&str> = book.entries().iter().map(|own| own.id.as_str()).collect();
    assert!(names.contains("contributo"));
    assert_eq!(book.brought(&id("morosita"), 1).unwrap(), id("arretrati"));
}
