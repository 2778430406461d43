//! Any table written in any way is read back; any bytes are read or refused, and nothing worse.

use proptest::prelude::*;
use wdl_intake::Chunk;

use crate::support::{cp1252, open, open_with, rows};
use crate::written::{Zip, ods_of};

/// Reads to the end, whatever comes of it.
fn read_all(bytes: &[u8]) {
    let Ok(mut reading) = open(bytes) else { return };
    let mut chunk = Chunk::new();
    while let Ok(true) = reading.chunk(&mut chunk) {
        for row in 0..chunk.rows() {
            for place in 0..chunk.width(row) + 1 {
                assert!(chunk.cell(row, place).text.len() < 1 << 21);
            }
        }
    }
    let _ = (reading.tail(), reading.rewind());
}

/// Texts that keep their spaces: what a reader trims is not written.
fn cell() -> impl Strategy<Value = String> {
    "[ -~àèéìòùÀÈ€\\n\"';,|]{0,12}".prop_map(|text| text.trim().to_owned())
}

fn quoted(text: &str, always: bool, delimiter: char) -> String {
    let needs = always || text.contains(['"', '\n', delimiter]) || text.is_empty();
    match needs {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

proptest! {
    #[test]
    fn any_table_is_read_back(
        table in prop::collection::vec(prop::collection::vec(cell(), 2..5), 0..12),
        delimiter in prop::sample::select(vec![';', ',', '\t', '|']),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        always in any::<bool>(),
        encoding in 0..4,
    ) {
        // The first cell is filled, so that no row is blank and none is taken for a second header.
        let rows_of = |row: &Vec<String>| {
            let mut cells = vec!["R".to_owned()];
            cells.extend(row.iter().cloned());
            cells
        };
        let table: Vec<Vec<String>> = table.iter().map(rows_of).collect();
        let mut text = ["ID_RIGA", "ISEE", "ISE"].join(&delimiter.to_string()) + end;
        for row in &table {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell, always, delimiter)).collect();
            text += &(cells.join(&delimiter.to_string()).replace('\n', end) + end);
        }
        let bytes = match encoding {
            0 => text.clone().into_bytes(),
            1 => format!("\u{feff}{text}").into_bytes(),
            2 => crate::support::utf16(&text),
            _ => cp1252(&text),
        };
        let mut reading = open(&bytes).unwrap();
        if let [question] = reading.questions() {
            // Two letters of Windows can be one of UTF-8.
            prop_assert_eq!((&*question.key, encoding), ("encoding", 3));
            reading = open_with(&bytes, &[], &[("encoding", "Windows-1252")]).unwrap();
        }
        let read: Vec<Vec<String>> = rows(&mut reading).unwrap().into_iter().map(|(_, cells)| cells).collect();
        prop_assert_eq!(read, table);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        read_all(&bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[\"\\r\\n;,|a\u{0}é\u{1}\u{2}\u{3}]{0,300}") {
        read_all(text.as_bytes());
        read_all(&[b"\xff\xfe", text.as_bytes()].concat());
    }

    #[test]
    fn any_archive_is_read_or_refused(
        parts in prop::collection::vec((prop::sample::select(vec![
            "[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels",
            "xl/worksheets/sheet1.xml", "mimetype", "content.xml", "META-INF/manifest.xml",
        ]), prop::collection::vec(any::<u8>(), 0..300), any::<bool>()), 0..6),
    ) {
        let mut zip = Zip::default();
        for (name, content, is_packed) in parts {
            match is_packed {
                true => zip.add_deflated(name, &content, 100),
                false => zip.add(name, &content),
            }
        }
        read_all(&zip.finish());
    }

    #[test]
    fn any_sheet_is_read_or_refused(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<table:table-row>", "</table:table-row>", "<table:table-row table:number-rows-repeated=\"3\">",
            "<table:table-cell office:value=\"1\"/>", "<table:table-cell office:value-type=\"string\"><text:p>a</text:p></table:table-cell>",
            "<table:table-cell table:number-columns-repeated=\"70\"/>", "<text:s text:c=\"9\"/>", "<table:table-cell>", "a", "&amp;", "<!--", "-->",
        ]), 0..30),
    ) {
        read_all(&ods_of(&pieces.concat()));
    }
}
