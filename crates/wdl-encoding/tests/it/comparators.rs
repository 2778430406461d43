//! Comparators against published values, an established library, slow definitions and their laws.

use proptest::prelude::*;
use wdl_encoding::compare::{
    Date, DateLevel, DateOrder, HouseLevel, HouseNumber, Signature, Street, damerau_levenshtein,
    damerau_levenshtein_bound, damerau_levenshtein_within, date, distance_km, house_number,
    jaro_winkler, jaro_winkler_bound, number, post_code, read_date, read_date_in, read_number,
};

/// Porter and Winkler, "Approximate String Comparison and its Effect on an Advanced Record Linkage System" (1997), table 1, to three decimals.
#[test]
fn published_similarities() {
    for (a, b, expected) in [
        ("SHACKLEFORD", "SHACKELFORD", 0.982),
        ("DUNNINGHAM", "CUNNIGHAM", 0.896),
        ("NICHLESON", "NICHULSON", 0.956),
        ("JONES", "JOHNSON", 0.832),
        ("MASSEY", "MASSIE", 0.933),
        ("ABROMS", "ABRAMS", 0.922),
        ("JERALDINE", "GERALDINE", 0.926),
        ("MARHTA", "MARTHA", 0.961),
        ("MICHELLE", "MICHAEL", 0.921),
        ("JULIES", "JULIUS", 0.933),
        ("TANYA", "TONYA", 0.880),
        ("DWAYNE", "DUANE", 0.840),
        ("SEAN", "SUSAN", 0.805),
        ("JON", "JOHN", 0.933),
        ("JON", "JAN", 0.800),
    ] {
        assert!((jaro_winkler(a, b) - expected).abs() < 0.0006, "{a} {b}");
    }
}

#[test]
fn similarities_at_the_edge() {
    assert_eq!(jaro_winkler("", ""), 1.0);
    assert_eq!(jaro_winkler("", "A"), 0.0);
    assert_eq!(jaro_winkler("A", "A"), 1.0);
    assert_eq!(jaro_winkler("A", "B"), 0.0);
    assert_eq!(jaro_winkler("A\0", "A"), jaro_winkler("AB", "A"));
    let long = "ABCDEFGHIJ".repeat(1_000);
    assert_eq!(jaro_winkler(&long, &long), 1.0);
    assert_eq!(
        jaro_winkler_bound(&Signature::of(&long), &Signature::of(&long)),
        1.0
    );
    assert_eq!(damerau_levenshtein_within(&long, &long[1..], 3), Some(1));
    assert_eq!(
        damerau_levenshtein_within(&long, "A", usize::MAX),
        Some(9_999)
    );
}

/// A word of few letters, so that pairs have much in common, of any length around the limits of the fast forms.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-E]{0,10}",
        "[A-Z ']{0,20}",
        "[ABC]{0,70}",
        "[A-CÀÉшж]{0,12}",
        "[ABШ]{0,70}",
        any::<String>(),
    ]
}

/// The similarity from its definition, with the house's rule for the beginning.
fn slow_jaro_winkler(a: &str, b: &str) -> f64 {
    let jaro = strsim::jaro(a, b);
    let beginning = a
        .chars()
        .zip(b.chars())
        .take(4)
        .take_while(|(a, b)| a == b)
        .count();
    match jaro == 0.0 {
        true => 0.0,
        false => jaro + 0.1 * beginning as f64 * (1.0 - jaro),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn similarity_is_what_the_library_says(a in word(), b in word()) {
        let similarity = jaro_winkler(&a, &b);
        prop_assert!((similarity - slow_jaro_winkler(&a, &b)).abs() < 1e-12);
        prop_assert_eq!(similarity, jaro_winkler(&b, &a));
        prop_assert!((0.0..=1.0).contains(&similarity));
        if strsim::jaro(&a, &b) > 0.7 {
            prop_assert!((similarity - strsim::jaro_winkler(&a, &b)).abs() < 1e-12);
        }
    }

    #[test]
    fn no_similarity_passes_its_bound(a in word(), b in word()) {
        let bound = jaro_winkler_bound(&Signature::of(&a), &Signature::of(&b));
        prop_assert!(bound >= jaro_winkler(&a, &b), "{} < {}", bound, jaro_winkler(&a, &b));
        prop_assert!(bound <= 1.0);
        let least = damerau_levenshtein_bound(&Signature::of(&a), &Signature::of(&b));
        prop_assert!(least <= damerau_levenshtein(&a, &b));
    }

    #[test]
    fn distance_is_what_the_library_says(a in word(), b in word()) {
        let distance = damerau_levenshtein(&a, &b);
        prop_assert_eq!(distance, strsim::osa_distance(&a, &b));
        prop_assert_eq!(distance, damerau_levenshtein(&b, &a));
        for max in [0, 1, 2, 3, 5, 80, usize::MAX] {
            let expected = (distance <= max).then_some(distance);
            prop_assert_eq!(damerau_levenshtein_within(&a, &b, max), expected);
        }
    }

    #[test]
    fn reading_a_day_never_fails(text in "\\PC{0,30}|[0-9/. :T-]{0,24}") {
        for order in [DateOrder::DayFirst, DateOrder::MonthFirst] {
            if let Some(day) = read_date_in(&text, order) {
                prop_assert!(day.month() <= 99 && day.day() <= 99 && day.year() <= 9999);
            }
        }
        let _ = (read_number(&text), Street::of(&text), HouseNumber::of(&text));
    }

    #[test]
    fn days_read_back(year in 1850u16..2100, month in 1u8..=12, day in 1u8..=28) {
        let expected = Date::of_parts(year, month, day);
        for text in [
            format!("{year}-{month:02}-{day:02}"),
            format!("{year}/{month}/{day}"),
            format!("{day:02}/{month:02}/{year}"),
            format!("{day}.{month}.{year}"),
            format!("{year}-{month:02}-{day:02}T00:00:00Z"),
            format!("{day:02}/{month:02}/{year} 00:00"),
        ] {
            prop_assert_eq!(read_date(&text), expected, "{}", text);
        }
        let text = format!("{month:02}/{day:02}/{year}");
        prop_assert_eq!(read_date_in(&text, DateOrder::MonthFirst), expected);
    }

    #[test]
    fn days_differ_either_way(a in parts(), b in parts()) {
        let (a, b) = (Date::of_parts(a.0, a.1, a.2).unwrap(), Date::of_parts(b.0, b.1, b.2).unwrap());
        prop_assert_eq!(date(a, b), date(b, a));
        let is_whole = a.month() > 0 && a.day() > 0;
        prop_assert_eq!(date(a, a) == DateLevel::Same, is_whole);
    }
}

fn parts() -> impl Strategy<Value = (u16, u8, u8)> {
    (1958u16..1962, 0u8..14, 0u8..33)
}

#[test]
fn differences_of_days() {
    let check = |a: &str, b: &str, expected| {
        let (a, b) = (read_date(a).unwrap(), read_date(b).unwrap());
        assert_eq!(date(a, b), expected, "{a:?} {b:?}");
    };
    check("1960-08-17", "17/08/1960", DateLevel::Same);
    check("1960-08-17", "17/08/60", DateLevel::Same);
    check("1960-02-30", "30/02/1960", DateLevel::Same);
    check("1960-08-07", "1960-07-08", DateLevel::Swapped);
    check("1960-02-30", "1960-30-02", DateLevel::Swapped);
    check("1960-08-17", "1961-08-17", DateLevel::OneOff);
    check("1960-08-17", "1970-08-17", DateLevel::OneOff);
    check("1960-08-17", "1906-08-17", DateLevel::OneOff);
    check("1960-08-17", "1960-08-27", DateLevel::OneOff);
    check("1960-08-12", "1960-08-21", DateLevel::OneOff);
    check("1960-08-09", "1960-08-10", DateLevel::OneOff);
    check("1960-08-17", "1960-11-17", DateLevel::TwoPartsSame);
    check("1960-08-17", "1978-08-17", DateLevel::TwoPartsSame);
    check("1960-08-17", "1960-01-01", DateLevel::YearOnly);
    check("1960-08-17", "1960", DateLevel::YearOnly);
    check("1960", "1960", DateLevel::YearOnly);
    check("1960-08-17", "1985-03-02", DateLevel::Different);
}

#[test]
fn days_as_files_write_them() {
    let check = |text: &str, expected: (u16, u8, u8)| {
        let day = read_date(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((day.year(), day.month(), day.day()), expected, "{text}");
    };
    check("19600817", (1960, 8, 17));
    check("17081960", (1960, 8, 17));
    check("19600230", (1960, 2, 30));
    check("19601730", (1960, 17, 30));
    check("170860", (60, 8, 17));
    check("60-08-17", (60, 8, 17));
    check("17 agosto 1960", (1960, 8, 17));
    check("17-AUG-1960", (1960, 8, 17));
    check("August 17, 1960", (1960, 8, 17));
    check("17 ago 60", (60, 8, 17));
    check("08/17/1960", (1960, 8, 17));
    check("08/1960", (1960, 8, 0));
    check("1960", (1960, 0, 0));
    // Worksheet days: the number that a spreadsheet shows for the cell.
    check("22145", (1960, 8, 17));
    check("36526", (2000, 1, 1));
    check("2999-01-01", (2999, 1, 1));
    for text in [
        "",
        "N.D.",
        "17",
        "rossi",
        "1960-08-17-3",
        "0000-00-00",
        "12345678901",
        "--",
        "17/08/19601",
    ] {
        assert_eq!(read_date(text), None, "{text}");
    }
    let placeholder = |text| read_date(text).unwrap().is_placeholder();
    assert!(
        [
            "1900-01-01",
            "01/01/0001",
            "30/12/1899",
            "9999-12-31",
            "1111-11-11"
        ]
        .into_iter()
        .all(placeholder)
    );
    assert!(!placeholder("1960-01-01") && read_date("1960-01-01").unwrap().is_start_of_year());
}

#[test]
fn the_order_of_a_column() {
    assert_eq!(
        DateOrder::of(["03/04/1960", "08/17/1960", "x", ""]),
        DateOrder::MonthFirst
    );
    assert_eq!(
        DateOrder::of(["03/04/1960", "17/08/1960"]),
        DateOrder::DayFirst
    );
    assert_eq!(DateOrder::of(["03/04/1960"]), DateOrder::DayFirst);
}

#[test]
fn numbers_codes_and_places() {
    for (text, expected) in [
        ("1234.5", Some(1234.5)),
        ("1.234,50", Some(1234.5)),
        ("1,234.50", Some(1234.5)),
        ("1.234", Some(1234.0)),
        ("1.234.567", Some(1_234_567.0)),
        ("0.125", Some(0.125)),
        ("12,5", Some(12.5)),
        ("€ -300", Some(-300.0)),
        ("007", Some(7.0)),
        ("12A", None),
        ("", None),
        ("-", None),
    ] {
        assert_eq!(read_number(text), expected, "{text}");
    }
    assert_eq!(number(100.0, 90.0), 0.1);
    assert_eq!(number(0.0, 0.0), 0.0);
    assert_eq!(number(-1.0, 1.0), 2.0);
    assert_eq!(post_code("41121", "41126"), 4);
    assert_eq!(post_code("SW1A 1AA", "sw1a1ab"), 6);
    assert_eq!(post_code("SW1A1AA", "SW1A 1AA"), 7);
    assert_eq!(post_code("4112-1", "41121-9"), 5);
    assert_eq!(post_code("411à1", "411à2"), 4);
    assert_eq!(post_code("", "41121"), 0);
    // Modena and Bologna: about 37 km; a quarter of a meridian: 10,007.6 km on the mean sphere.
    let apart = distance_km((44.6458, 10.9257), (44.4938, 11.3387));
    assert!((36.0..38.0).contains(&apart), "{apart}");
    let quarter = distance_km((0.0, 0.0), (90.0, 0.0));
    assert!((quarter - 10_007.557).abs() < 0.001, "{quarter}");
}

#[test]
fn one_street_in_many_spellings() {
    let check = |raw: &str, whole: &str, number: Option<(u32, &str)>| {
        let street = Street::of(raw).unwrap_or_else(|| panic!("{raw}"));
        assert_eq!(street.whole(), whole, "{raw}");
        let found = street
            .number()
            .map(|number| (number.number(), number.suffix()));
        assert_eq!(found, number, "{raw}");
    };
    check("Via Giuseppe Verdi", "VIA GIUSEPPE VERDI", None);
    check("V. Giuseppe Verdi", "VIA GIUSEPPE VERDI", None);
    check("V.le Garibaldi, 12/A", "VIALE GARIBALDI", Some((12, "A")));
    check("VIALE GARIBALDI 12 A", "VIALE GARIBALDI", Some((12, "A")));
    check("viale garibaldi n. 12a", "VIALE GARIBALDI", Some((12, "A")));
    check("Viale Garibaldi n° 12", "VIALE GARIBALDI", Some((12, "")));
    check("P.zza XX Settembre 3", "PIAZZA XX SETTEMBRE", Some((3, "")));
    check("Via 4 Novembre", "VIA 4 NOVEMBRE", None);
    check("Via De' Rossi", "VIA DEROSSI", None);
    check("stanley street", "STREET STANLEY", None);
    check("Stanley St", "STREET STANLEY", None);
    check("12 Stanley St.", "STREET STANLEY", Some((12, "")));
    check("st georges crescent", "CRESCENT ST GEORGES", None);
    check("Via", "VIA", None);
    for raw in ["", "N.D.", "VIA NON NOTA", "Via Sconosciuta", "XXX", "\0"] {
        assert!(Street::of(raw).is_none(), "{raw}");
    }
}

#[test]
fn house_numbers() {
    let level =
        |a: &str, b: &str| house_number(&HouseNumber::of(a).unwrap(), &HouseNumber::of(b).unwrap());
    assert_eq!(level("12/A", "12 a"), HouseLevel::Same);
    assert_eq!(level("n. 12", "012"), HouseLevel::Same);
    assert_eq!(level("12/A", "12"), HouseLevel::SameNumber);
    assert_eq!(level("12", "13"), HouseLevel::Different);
    for raw in ["SNC", "", "0", "N.D.", "99999999999999999999"] {
        assert!(HouseNumber::of(raw).is_none(), "{raw}");
    }
}
