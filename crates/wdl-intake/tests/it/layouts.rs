//! The same data in every layout give the same cells.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use wdl_contract::{Contract, Layout};
use wdl_intake::{Kind, Native};

use crate::support::{
    HEADER, contract, cp1252, invented, natives, open, open_by, rows, text, told, utf16,
};
use crate::written::{ods, xlsx};

fn check(name: &str, bytes: &[u8], kind: Kind, expected: &[Vec<String>]) {
    let mut reading = open(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(reading.kind(), kind, "{name}");
    assert_eq!(reading.header(), HEADER, "{name}");
    assert!(
        reading.questions().is_empty(),
        "{name}: {:?}",
        reading.questions()
    );
    assert!(
        (0..HEADER.len()).all(|column| reading.place(column) == Some(column)),
        "{name}"
    );
    for _ in 0..2 {
        let read = rows(&mut reading).unwrap();
        let cells: Vec<Vec<String>> = read.iter().map(|(_, cells)| cells.clone()).collect();
        assert_eq!(cells, expected, "{name}");
        let lines: Vec<u64> = read.iter().map(|(line, _)| *line).collect();
        let whole: Vec<u64> = (2..expected.len() as u64 + 2).collect();
        assert_eq!(lines, whole, "{name}");
        assert_eq!(reading.tail(), wdl_intake::Tail::default(), "{name}");
        reading.rewind().unwrap();
    }
}

#[test]
fn the_same_cells_from_every_layout() {
    let rows = invented(60);
    let marked = |text: String| format!("\u{feff}{text}").into_bytes();
    for end in ["\n", "\r\n", "\r"] {
        let plain = text(&rows, ';', end);
        check("utf-8", plain.as_bytes(), Kind::Delimited, &rows);
        check(
            "utf-8 with its mark",
            &marked(plain.clone()),
            Kind::Delimited,
            &rows,
        );
        check("cp1252", &cp1252(&plain), Kind::Delimited, &rows);
        check(
            "utf-16",
            &utf16(&text(&rows, '\t', end)),
            Kind::Delimited,
            &rows,
        );
        check(
            "utf-16 without its mark",
            &utf16(&plain)[2..],
            Kind::Delimited,
            &rows,
        );
        check(
            "bars",
            text(&rows, '|', end).as_bytes(),
            Kind::Delimited,
            &rows,
        );
        let quoted: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| format!("\"{cell}\"")).collect())
            .collect();
        check(
            "commas",
            text(&quoted, ',', end).as_bytes(),
            Kind::Delimited,
            &rows,
        );
    }
    check("xlsx", &xlsx(&HEADER, &rows), Kind::Xlsx, &rows);
    check("ods", &ods(&HEADER, &rows), Kind::Ods, &rows);
}

/// Amounts and days of a workbook are numbers there; read, they are written as the contract says.
#[test]
fn numbers_and_days_of_a_workbook_are_written_as_the_contract_says() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    HEADER.iter().enumerate().for_each(|(place, name)| {
        sheet.write(0, place as u16, *name).unwrap();
    });
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let date = ExcelDateTime::from_ymd(2026, 3, 5).unwrap();
    sheet.write_datetime_with_format(1, 3, &date, &day).unwrap();
    sheet.write(1, 4, 2024).unwrap();
    sheet.write(1, 5, 1234.5).unwrap();
    sheet.write(1, 6, true).unwrap();
    sheet
        .write_formula(
            1,
            7,
            rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A"),
        )
        .unwrap();
    let mut reading = open(&workbook.save_to_buffer().unwrap()).unwrap();
    let (line, cells) = rows(&mut reading).unwrap().remove(0);
    assert_eq!(line, 2);
    assert_eq!(
        cells[3..8],
        ["05/03/2026", "2024", "1234,5", "VERO", "#N/D"]
    );
    let expected = [
        Native::Date,
        Native::Number,
        Native::Number,
        Native::Bool,
        Native::Error,
    ];
    for (place, native) in (3..8).zip(expected) {
        reading.rewind().unwrap();
        assert_eq!(natives(&mut reading, place), [native]);
    }
}

#[test]
fn title_rows_blank_rows_and_other_sheets_are_told() {
    let mut workbook = Workbook::new();
    let notes = workbook.add_worksheet().set_name("Note").unwrap();
    notes.write(0, 0, "scritto a mano").unwrap();
    let hidden = workbook.add_worksheet().set_name("Vecchi").unwrap();
    hidden.set_hidden(true).write(0, 0, "ID_RIGA").unwrap();
    let sheet = workbook.add_worksheet().set_name("Dati").unwrap();
    let format = Format::new().set_bold();
    sheet
        .merge_range(0, 0, 0, 4, "Dichiarazioni ISEE, terzo trimestre", &format)
        .unwrap();
    HEADER.iter().enumerate().for_each(|(place, name)| {
        sheet.write(2, place as u16, *name).unwrap();
    });
    sheet.write(3, 0, "R1").unwrap();
    sheet.write(5, 0, "R2").unwrap();
    for row in 6..10 {
        sheet.write_blank(row, 0, &format).unwrap();
    }
    let mut reading = open(&workbook.save_to_buffer().unwrap()).unwrap();
    let (decided, asked) = told(&reading);
    assert_eq!(decided, ["WDL-H228", "WDL-H224", "WDL-H229", "WDL-H227"]);
    assert!(asked.is_empty());
    assert_eq!(reading.header_line(), 3);
    let read = rows(&mut reading).unwrap();
    let lines: Vec<(u64, bool)> = read
        .iter()
        .map(|(line, cells)| (*line, cells.iter().all(String::is_empty)))
        .collect();
    assert_eq!(lines, [(4, false), (5, true), (6, false)]);
    assert_eq!(reading.tail().trailing_blank_rows, 4);
}

#[test]
fn two_sheets_with_the_same_columns_are_asked_for() {
    let mut workbook = Workbook::new();
    for name in ["Uno", "Due"] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        HEADER.iter().enumerate().for_each(|(place, header)| {
            sheet.write(0, place as u16, *header).unwrap();
        });
        sheet.write(1, 0, name).unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let asking = open(&bytes).unwrap();
    let [question] = asking.questions() else {
        panic!()
    };
    assert_eq!(question.key, "sheet");
    let options: Vec<&str> = question
        .choices
        .iter()
        .map(|choice| choice.value.as_str())
        .collect();
    assert_eq!(options, ["Uno", "Due"]);
    let mut answered = crate::support::open_with(&bytes, &[], &[("sheet", "Due")]).unwrap();
    assert!(answered.questions().is_empty());
    assert_eq!(rows(&mut answered).unwrap()[0].1[0], "Due");
    let wrong = crate::support::open_with(&bytes, &[], &[("sheet", "Tre")]);
    assert_eq!(crate::hostile::code(wrong), "WDL-H211");
}

#[test]
fn days_of_a_workbook_follow_the_form_of_the_contract() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "DATA_PRESENTAZIONE").unwrap();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let date = ExcelDateTime::from_ymd(2026, 3, 5).unwrap();
    sheet.write_datetime_with_format(1, 0, &date, &day).unwrap();
    let mut iso = contract();
    iso.columns[3].format = Some("yyyy-MM-dd".to_owned());
    let bytes = workbook.save_to_buffer().unwrap();
    let mut reading = open_by(&iso, &bytes, &[], &[]).unwrap();
    assert_eq!(rows(&mut reading).unwrap()[0].1, ["2026-03-05"]);
}

/// A contract whose columns have so many characters each, one after another.
fn fixed(widths: &[usize]) -> Contract {
    let mut contract = contract();
    contract.layout = Layout::FixedWidth;
    contract.columns.truncate(widths.len());
    let mut start = 0;
    for (column, width) in contract.columns.iter_mut().zip(widths) {
        column.width = Some((start, *width));
        start += width;
    }
    contract
}

#[test]
fn a_text_of_fixed_width_is_read_by_position() {
    let contract = fixed(&[4, 8, 16, 10]);
    let text = "R1  DSU-è-01                05/03/2026\r\nR2  DSU-02  RSSMRA80A41F257X\r\n\r\n";
    for bytes in [text.as_bytes().to_vec(), cp1252(text), utf16(text)] {
        let mut reading = open_by(&contract, &bytes, &[], &[]).unwrap();
        assert_eq!(reading.kind(), Kind::FixedWidth);
        for _ in 0..2 {
            let read = rows(&mut reading).unwrap();
            assert_eq!(
                read[0],
                (
                    1,
                    ["R1", "DSU-è-01", "", "05/03/2026"]
                        .map(str::to_owned)
                        .to_vec()
                )
            );
            assert_eq!(
                read[1],
                (
                    2,
                    ["R2", "DSU-02", "RSSMRA80A41F257X", ""]
                        .map(str::to_owned)
                        .to_vec()
                )
            );
            assert_eq!(read.len(), 2);
            reading.rewind().unwrap();
        }
    }
    // A file with marks and names is read as what it is.
    let marked = open_by(&contract, b"ID_RIGA;PROTOCOLLO_DSU\nR1;D\n", &[], &[]).unwrap();
    assert_eq!(marked.kind(), Kind::Delimited);
    assert!(told(&marked).0.contains(&"WDL-H228"));
    let mut silent = fixed(&[4, 8]);
    silent.columns[1].width = None;
    assert_eq!(
        crate::hostile::code(open_by(&silent, b"R1  D", &[], &[])),
        "WDL-H215"
    );
}
