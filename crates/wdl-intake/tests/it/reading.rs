//! What is decided and what is asked about the columns of a text.

use wdl_intake::{DateForm, DecimalMark, Likeness};

use crate::support::{HEADER, contract, open, open_by, open_with, rows, told};

/// A file of `isee` with these days and these amounts.
fn file(days: &[&str], amounts: &[&str]) -> String {
    let mut text = HEADER.join(";") + "\n";
    for row in 0..days.len().max(amounts.len()) {
        let day = days.get(row).copied().unwrap_or_default();
        let amount = amounts.get(row).copied().unwrap_or_default();
        text += &format!("R{row};D;;{day};2024;{amount};1,00;1,00;1\n");
    }
    text
}

/// The forms found, the codes of decisions about columns, the codes of questions.
fn check(days: &[&str], amounts: &[&str], expected: (&str, &str, &[&str], &[&str])) {
    let reading = open(file(days, amounts).as_bytes()).unwrap();
    let (decided, asked) = told(&reading);
    let columns: Vec<&str> = decided
        .into_iter()
        .filter(|code| *code > "WDL-H224")
        .collect();
    let date = reading.form(3).date.to_string();
    let amount = reading.form(5).decimal.example();
    assert_eq!(
        (date.as_str(), amount, &columns[..], &asked[..]),
        expected,
        "{days:?} {amounts:?}"
    );
}

#[test]
fn one_cell_never_changes_its_column() {
    let days = [
        "15/07/2026",
        "16/07/2026",
        "2026-07-15",
        "31/02/2026",
        "17/07/2026",
        "45123",
    ];
    let amounts = ["120,50", "1.234,56", "120.50", "80,00", "7,10", "n.d."];
    check(&days, &amounts, ("dd/MM/yyyy", "1234,56", &[], &[]));
    check(
        &["2026-07-15"],
        &["120.50"],
        ("yyyy-MM-dd", "1234,56", &["WDL-H225"], &[]),
    );
}

#[test]
fn what_the_whole_column_says_is_adopted_and_told() {
    let iso = [
        "2026-07-15",
        "2026-07-16",
        "2026-08-01",
        "2026-02-03",
        "2026-09-30",
    ];
    check(
        &iso,
        &["1,00"],
        ("yyyy-MM-dd", "1234,56", &["WDL-H225"], &[]),
    );
    let american = [
        "07/15/2026",
        "07/16/2026",
        "08/01/2026",
        "02/03/2026",
        "09/30/2026",
    ];
    check(
        &american,
        &["1,00"],
        ("MM/dd/yyyy", "1234,56", &["WDL-H225"], &[]),
    );
    let moments = [
        "2026-07-15 00:00:00",
        "2026-07-16 00:00:00",
        "2026-08-01 00:00:00",
        "2026-02-03 00:00:00",
        "2026-01-01 00:00:00",
    ];
    check(
        &moments,
        &[],
        ("yyyy-MM-dd HH:mm:ss", "1234,56", &["WDL-H225"], &[]),
    );
    let grouped = ["1.234,56", "12,00", "21.500,10", "999,99", "1.000.000,00"];
    check(
        &[],
        &grouped,
        ("dd/MM/yyyy", "1.234,56", &["WDL-H226"], &[]),
    );
    let points = ["1234.56", "12.00", "21500.1", "999.99", "7"];
    check(&[], &points, ("dd/MM/yyyy", "1234.56", &["WDL-H226"], &[]));
    // Thousands without their mark beside thousands with it: not the whole column.
    let mixed = ["1.234,56", "1234,56", "21.500,10", "21500,00", "8,00"];
    check(&[], &mixed, ("dd/MM/yyyy", "1234,56", &[], &[]));
}

#[test]
fn days_that_read_two_ways_are_asked_for() {
    let key = "dates:DATA_PRESENTAZIONE";
    let mut silent = contract();
    silent.columns[3].format = None;
    let asked = |days: &[&str], answers: &[(&str, &str)]| {
        let reading = open_by(&silent, file(days, &[]).as_bytes(), &[], answers).unwrap();
        (told(&reading).1, reading.form(3).date.to_string())
    };
    let either = [
        "05/03/2026",
        "06/04/2026",
        "07/08/2026",
        "01/02/2026",
        "02/01/2026",
    ];
    assert_eq!(asked(&either, &[]).0, ["WDL-H243"]);
    // The first of a month is how months are written; and one day beyond 12 settles it.
    let firsts = [
        "01/03/2026",
        "01/04/2026",
        "01/08/2026",
        "01/02/2026",
        "01/01/2026",
    ];
    assert!(asked(&firsts, &[]).0.is_empty());
    let settled = [
        "05/03/2026",
        "06/04/2026",
        "07/08/2026",
        "01/02/2026",
        "13/01/2026",
    ];
    assert!(asked(&settled, &[]).0.is_empty());
    // So do the contract and an answer.
    check(&either, &[], ("dd/MM/yyyy", "1234,56", &[], &[]));
    assert_eq!(
        asked(&either, &[(key, "MM/dd/yyyy")]),
        (vec![], "MM/dd/yyyy".to_owned())
    );
    let wrong = open_with(file(&either, &[]).as_bytes(), &[], &[(key, "boh")]);
    assert_eq!(crate::hostile::code(wrong), "WDL-H214");
}

#[test]
fn the_contract_says_how_days_are_written() {
    let mut iso = contract();
    iso.columns[3].format = Some("yyyy-MM-dd".to_owned());
    let reading = |days: &[&str]| open_by(&iso, file(days, &[]).as_bytes(), &[], &[]).unwrap();
    let days = ["2026-07-15", "15/07/2026", "2026-07-16"];
    assert_eq!(reading(&days).form(3).date, DateForm::ISO);
    let other = reading(&[
        "15/07/2026",
        "16/07/2026",
        "17/07/2026",
        "18/07/2026",
        "19/07/2026",
    ]);
    assert_eq!(other.form(3).date, DateForm::ITALIAN);
    assert!(told(&other).0.contains(&"WDL-H225"));
}

#[test]
fn numbers_that_read_two_ways_are_asked_for() {
    // `1.460` is a scale of equivalence of 1,46 or of one thousand four hundred and sixty.
    let mut text = HEADER.join(";") + "\n";
    for row in 0..6 {
        text += &format!("R{row};D;;01/07/2026;2024;1,00;1,00;{}.460;1\n", row + 1);
    }
    assert_eq!(told(&open(text.as_bytes()).unwrap()).1, ["WDL-H244"]);
    let answer = |form: &'static str| [("decimals:SCALA_EQUIVALENZA", form)];
    let answered = open_with(text.as_bytes(), &[], &answer("1234.56")).unwrap();
    assert!(answered.questions().is_empty());
    assert_eq!(answered.form(7).decimal, DecimalMark::Point);
    let wrong = open_with(text.as_bytes(), &[], &answer("1 234"));
    assert_eq!(crate::hostile::code(wrong), "WDL-H214");
}

#[test]
fn a_delimiter_is_found_by_the_header_or_by_regular_rows() {
    let (_, asked) = told(&open(b"A|B;C\n1|2;3\n4|5;6\n").unwrap());
    assert!(asked.is_empty(), "the contract's own is as good");
    let reading = open(b"A|B,C\n1|2,3\n4|5,6\n").unwrap();
    assert_eq!(told(&reading).1, ["WDL-H242"]);
    let answered = open_with(b"A|B,C\n1|2,3\n4|5,6\n", &[], &[("delimiter", "|")]).unwrap();
    assert_eq!(answered.header(), ["A", "B,C"]);
}

#[test]
fn remembered_names_are_used_and_others_suggested() {
    let header = "ID_RIGA;Protocollo DSU;COD_FISC;DATA_PRESENTAZONE;XYZ;ISEE\n";
    let text = format!("{header}R1;1;RSSMRA80A41F257X;15/07/2026;a;1,00\n");
    let reading = open_with(text.as_bytes(), &[("XYZ", "ANNO_REDDITI")], &[]).unwrap();
    assert_eq!(reading.place(4), Some(4));
    assert!(told(&reading).0.contains(&"WDL-H230"));
    let found: Vec<(&str, usize, Likeness)> = reading
        .suggestions()
        .iter()
        .map(|found| (found.header.as_str(), found.column, found.why))
        .collect();
    assert_eq!(
        found,
        [
            ("Protocollo DSU", 1, Likeness::SameLetters),
            ("COD_FISC", 2, Likeness::Shortened),
            ("DATA_PRESENTAZONE", 3, Likeness::Spelling),
        ]
    );
    let by_values = open(b"ID_RIGA;Persona\nR1;RSSMRA80A41F257X\n").unwrap();
    assert_eq!(by_values.suggestions()[0].why, Likeness::Values);
}

#[test]
fn lines_are_those_of_the_file() {
    let mut text = HEADER.join(";") + "\r\n\r\n";
    text += "R1;\"two\r\nlines\";;;;;;;\r\n;;;;;;;;\r\n\r\nR2;b;;;;;;;\r\n;;;;;;;;\r\n;;;;;;;;\r\n";
    let mut reading = open(text.as_bytes()).unwrap();
    let read = rows(&mut reading).unwrap();
    let lines: Vec<(u64, &str)> = read
        .iter()
        .map(|(line, cells)| (*line, cells[0].as_str()))
        .collect();
    assert_eq!(lines, [(3, "R1"), (5, ""), (7, "R2")]);
    assert_eq!(read[0].1[1], "two\nlines");
    assert_eq!(reading.tail().trailing_blank_rows, 2);
}

#[test]
fn a_title_above_the_header_is_passed_over() {
    let text = format!(
        "Estrazione del 30/09/2026\n\n{}\nR1;;;;;;;;\n",
        HEADER.join(";")
    );
    let mut reading = open(text.as_bytes()).unwrap();
    assert_eq!(reading.header(), HEADER);
    assert_eq!(reading.header_line(), 3);
    assert!(told(&reading).0.contains(&"WDL-H227"));
    assert_eq!(rows(&mut reading).unwrap()[0].0, 4);
}
