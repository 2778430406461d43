//! A contract of the tests' own, invented people, and files as a body writes them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::{Date, date};
use wdl_check::{CheckError, Checked, Terms, check};
use wdl_contract::{CodeLists, Contract};
use wdl_identity::{Registration, Sex, compose};
use wdl_intake::{Answers, Hints, Reading};
use wdl_vocab::{Code, Period, Severity};

/// The columns of the tests' contract: name, name in the export, what the lab says of it.
const COLUMNS: &[(&str, &str, &str)] = &[
    (
        "record",
        "ID",
        "kind: text, treatment: keyed, domain: record, key",
    ),
    (
        "person",
        "CODICE_FISCALE",
        "kind: tax_code, treatment: oprf, domain: person",
    ),
    (
        "surname",
        "COGNOME",
        "kind: text, treatment: drop, semantic_type: person.surname",
    ),
    (
        "given_name",
        "NOME",
        "kind: text, treatment: drop, semantic_type: person.given_name",
    ),
    (
        "birth_date",
        "DATA_NASCITA",
        "kind: date, treatment: drop, semantic_type: person.birth_date",
    ),
    (
        "sex",
        "SESSO",
        "kind: code, treatment: keep, code_list: sesso, semantic_type: person.sex",
    ),
    (
        "birth_place",
        "LUOGO",
        "kind: text, treatment: drop, semantic_type: person.birth_place",
    ),
    (
        "measure",
        "TIPO",
        "kind: code, treatment: keep, code_list: misure, required",
    ),
    (
        "event_date",
        "DATA_INIZIO",
        "kind: date, treatment: keep, required",
    ),
    (
        "end_date",
        "DATA_FINE",
        "kind: date, treatment: keep, known_at_end: true, not_before: event_date",
    ),
    (
        "amount",
        "IMPORTO",
        "kind: money, treatment: keep, min: 0, max: 100000, required",
    ),
    (
        "isee",
        "ISEE",
        "kind: money, treatment: keep, semantic_type: it.isee",
    ),
    (
        "municipality",
        "COMUNE",
        "kind: text, treatment: keep, semantic_type: it.istat_comune",
    ),
    (
        "section",
        "SEZIONE",
        "kind: code, treatment: keep, code_list: sezioni",
    ),
    (
        "post_code",
        "CAP",
        "kind: text, treatment: keep, semantic_type: it.cap",
    ),
    (
        "employer",
        "PARTITA_IVA",
        "kind: text, treatment: keep, semantic_type: it.partita_iva",
    ),
    (
        "account",
        "IBAN",
        "kind: text, treatment: drop, semantic_type: iban",
    ),
    (
        "note",
        "NOTE",
        "kind: text, treatment: keep, max_length: 80, semantic_type: text.free",
    ),
];

/// The contract of `interventi`, with more to say at the end of its object: rules of quality.
pub(crate) fn contract_with(rules: &str) -> Contract {
    written("interventi", "event", COLUMNS, ("", rules))
}

/// A contract as its file; `lab` are more properties of the whole, `rules` more of the object.
pub(crate) fn written(
    dataset: &str,
    shape: &str,
    columns: &[(&str, &str, &str)],
    (lab, rules): (&str, &str),
) -> Contract {
    let mut text = format!(
        "apiVersion: v3.1.0\nkind: DataContract\nid: comune-{dataset}\nname: Prova\nversion: 1.0.0\nstatus: active\ncustomProperties:\n"
    );
    let mut say = |key: &str, value: &str| {
        let _ = writeln!(text, "  - property: wdl.{key}\n    value: {value}");
    };
    for (key, value) in [
        ("body", "comune"),
        ("dataset", dataset),
        ("title", "{ it: Prova, en: Test }"),
        ("shape", shape),
        ("encoding", "windows-1252"),
        ("delimiter", "\";\""),
        ("legal_basis", "art. 89 GDPR"),
        ("purpose", "poverta"),
        ("retention", "36 mesi"),
        ("notice", "{ it: Informativa, en: Notice }"),
        ("controller", "comune"),
        ("processors", "[custode_a, custode_b]"),
    ] {
        say(key, value);
    }
    text.push_str(lab);
    let _ = writeln!(
        text,
        "schema:\n  - name: {dataset}\n    logicalType: object\n    physicalName: {dataset}.csv"
    );
    text.push_str(rules);
    text.push_str("    properties:\n");
    for column in columns {
        text.push_str(&column_text(column));
    }
    Contract::parse("prova.odcs.yaml", &text).unwrap()
}

fn column_text((name, physical, said): &(&str, &str, &str)) -> String {
    let said: Vec<&str> = said.split(", ").collect();
    let has = |word: &str| said.contains(&word);
    let kind = said[0].trim_start_matches("kind: ");
    let logical = match kind {
        "date" => "date",
        "integer" => "integer",
        "money" | "decimal" => "number",
        _ => "string",
    };
    let mut text = format!(
        "      - name: {name}\n        physicalName: {physical}\n        logicalType: {logical}\n        required: {}\n",
        has("required") || has("key")
    );
    if has("key") {
        text.push_str("        primaryKey: true\n        primaryKeyPosition: 1\n");
    }
    text.push_str("        customProperties:\n");
    for part in said.iter().filter_map(|part| part.split_once(": ")) {
        let _ = writeln!(
            text,
            "          - property: wdl.{}\n            value: {}",
            part.0, part.1
        );
    }
    let _ = writeln!(
        text,
        "          - property: wdl.label\n            value: {{ it: \"{name}\", en: \"{name}\" }}"
    );
    text
}

/// The code lists of the tests.
pub(crate) fn lists() -> CodeLists {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("codes")).unwrap();
    for (name, text) in [
        ("sesso", "code,it,en\nM,maschi,men\nF,femmine,women\n"),
        (
            "misure",
            "code,it,en\nAFFITTO,affitto,rent\nUTENZE,utenze,bills\nALIMENTI,alimenti,food\n",
        ),
        (
            "sezioni",
            "code,it,en\n0012,dodici,twelve\n0107,centosette,one hundred and seven\n1204,milleduecento,one thousand\n",
        ),
    ] {
        std::fs::write(folder.path().join(format!("codes/{name}.csv")), text).unwrap();
    }
    CodeLists::read(folder.path()).unwrap()
}

/// Contract and lists of a test.
pub(crate) struct Ground {
    pub(crate) contract: Contract,
    pub(crate) lists: CodeLists,
}

impl Ground {
    pub(crate) fn new() -> Ground {
        Ground::with("")
    }

    pub(crate) fn with(rules: &str) -> Ground {
        Ground {
            contract: contract_with(rules),
            lists: lists(),
        }
    }

    pub(crate) fn of(contract: Contract) -> Ground {
        Ground {
            contract,
            lists: lists(),
        }
    }

    pub(crate) fn terms(&self) -> Terms<'_> {
        Terms::alone(&self.contract, &self.lists, quarter())
    }

    pub(crate) fn open(&self, name: &str, bytes: &[u8]) -> Reading {
        open(&self.contract, name, bytes)
    }

    pub(crate) fn check(&self, text: &str) -> Checked {
        self.try_check(text).unwrap()
    }

    pub(crate) fn try_check(&self, text: &str) -> Result<Checked, CheckError> {
        check(
            &mut self.open("interventi.csv", text.as_bytes()),
            self.terms(),
        )
    }

    pub(crate) fn check_named(&self, name: &str, bytes: &[u8]) -> Checked {
        check(&mut self.open(name, bytes), self.terms()).unwrap()
    }
}

pub(crate) fn open(contract: &Contract, name: &str, bytes: &[u8]) -> Reading {
    let hints = Hints {
        contract,
        mapping: &BTreeMap::new(),
        answers: &Answers::default(),
    };
    Reading::from_bytes(name, bytes.to_vec(), hints).unwrap()
}

pub(crate) fn quarter() -> Period {
    Period::quarter(2026, 3)
}

/// An invented person.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) surname: String,
    pub(crate) name: String,
    pub(crate) sex: Sex,
    pub(crate) born: Date,
    pub(crate) place: &'static str,
}

impl Person {
    pub(crate) fn new(nth: usize) -> Person {
        let letters = |n: usize| {
            let letter = |n: usize| char::from(b"BCDFGLMNPRSTVZ"[n % 14]);
            format!("{}{}{}I", letter(n), letter(n / 14), letter(n / 196))
        };
        Person {
            surname: letters(nth),
            name: letters(nth * 5 + 3),
            sex: if nth.is_multiple_of(2) {
                Sex::Female
            } else {
                Sex::Male
            },
            born: date(1960, 1, 1)
                .saturating_add(jiff::Span::new().days(i64::try_from(nth).unwrap())),
            place: "F257",
        }
    }

    pub(crate) fn code(&self) -> String {
        let registration = Registration {
            surname: &self.surname,
            name: &self.name,
            sex: self.sex,
            born: self.born,
            place: self.place,
        };
        compose(&registration).unwrap().expose().to_owned()
    }
}

/// A row of `interventi`, cell by cell.
#[derive(Clone)]
pub(crate) struct Row(BTreeMap<&'static str, String>);

impl Row {
    /// A row with nothing wrong.
    pub(crate) fn good(nth: usize) -> Row {
        let person = Person::new(nth);
        let sex = match person.sex {
            Sex::Female => "F",
            Sex::Male => "M",
        };
        let (year, month, day) = (person.born.year(), person.born.month(), person.born.day());
        let cells = [
            ("ID", format!("A{nth:05}")),
            ("CODICE_FISCALE", person.code()),
            ("COGNOME", person.surname.clone()),
            ("NOME", person.name.clone()),
            ("DATA_NASCITA", format!("{day:02}/{month:02}/{year}")),
            ("SESSO", sex.to_owned()),
            ("LUOGO", person.place.to_owned()),
            (
                "TIPO",
                ["AFFITTO", "UTENZE", "ALIMENTI"][nth % 3].to_owned(),
            ),
            ("DATA_INIZIO", format!("{:02}/08/2026", 13 + nth % 10)),
            ("DATA_FINE", format!("{:02}/09/2026", 13 + nth % 10)),
            ("IMPORTO", format!("{},50", 100 + nth)),
            ("ISEE", format!("{},00", 5000 + nth)),
            ("COMUNE", "036023".to_owned()),
            ("SEZIONE", "0012".to_owned()),
            ("CAP", "41121".to_owned()),
            ("PARTITA_IVA", "00743110157".to_owned()),
            ("IBAN", "IT60X0542811101000000123456".to_owned()),
            ("NOTE", String::new()),
        ];
        Row(cells.into_iter().collect())
    }

    pub(crate) fn set(&mut self, column: &str, value: impl Into<String>) {
        *self.0.get_mut(column).unwrap() = value.into();
    }

    fn line(&self) -> String {
        let cells: Vec<&str> = COLUMNS
            .iter()
            .map(|(_, physical, _)| self.0[physical].as_str())
            .collect();
        cells.join(";")
    }
}

/// The header of `interventi`.
pub(crate) fn header() -> String {
    let names: Vec<&str> = COLUMNS.iter().map(|(_, physical, _)| *physical).collect();
    names.join(";")
}

/// A file of `interventi`.
pub(crate) fn file(rows: &[Row]) -> String {
    let mut text = header() + "\r\n";
    for row in rows {
        text.push_str(&row.line());
        text.push_str("\r\n");
    }
    text
}

/// Good rows.
pub(crate) fn good(rows: usize) -> Vec<Row> {
    (0..rows).map(Row::good).collect()
}

/// Twelve good rows, the fifth changed: it stands on line 6.
pub(crate) fn with(change: impl FnOnce(&mut Row)) -> String {
    among(12, change)
}

/// So many good rows, the fifth changed.
pub(crate) fn among(count: usize, change: impl FnOnce(&mut Row)) -> String {
    let mut rows = good(count);
    change(&mut rows[4]);
    file(&rows)
}

/// The findings of a check: code, severity, rows.
pub(crate) fn found(checked: &Checked) -> Vec<(&'static str, Severity, u64)> {
    let findings = checked.findings.iter();
    findings
        .map(|finding| {
            let diagnostic = &finding.diagnostic;
            (diagnostic.code.id, diagnostic.severity, finding.count)
        })
        .collect()
}

/// Changes one cell of the fifth row and asks for this finding alone, on its line.
///
/// Sixty rows, so that one cell in another form is a fault and not the form of its column.
pub(crate) fn told(column: &str, value: &str, code: Code, severity: Severity) {
    let checked = Ground::new().check(&among(60, |row| row.set(column, value)));
    assert_eq!(
        found(&checked),
        [(code.id, severity, 1)],
        "{column} = {value}"
    );
    assert_eq!(checked.findings.iter().next().unwrap().lines, [6]);
    let is_rejected = severity == Severity::Error;
    assert_eq!(checked.rejected, u64::from(is_rejected));
    assert_eq!(checked.accepted, 60 - checked.rejected);
    assert_eq!(checked.is_rejected(4), is_rejected);
}
