//! Files made or damaged so that a reader would fail: each is refused with its own code, in bounded memory.

use wdl_intake::{Chunk, IntakeError, Reading, limits};
use wdl_vocab::diagnostics::{cause, fix, message};
use wdl_vocab::{Diagnose as _, Lang};

use crate::support::{HEADER, cp1252, invented, open, open_with, rows, text, told, utf16};
use crate::written::{Zip, ods_of, xlsx, zeros};

/// The code of a refusal, which has words in both languages.
pub(crate) fn code<T>(result: Result<T, IntakeError>) -> &'static str {
    let Err(error) = result else {
        panic!("it was read")
    };
    let diagnostic = error.diagnostic();
    for lang in Lang::ALL {
        for words in [
            message(&diagnostic, lang),
            cause(&diagnostic, lang),
            fix(&diagnostic, lang),
        ] {
            assert!(!words.is_empty() && !words.contains("{"), "{words}");
        }
    }
    diagnostic.code.id
}

/// Opens and reads to the end.
fn all(bytes: &[u8]) -> Result<u64, IntakeError> {
    let mut reading = open(bytes)?;
    let mut chunk = Chunk::new();
    let mut rows = 0;
    while reading.chunk(&mut chunk)? {
        rows += chunk.rows() as u64;
    }
    Ok(rows)
}

#[test]
fn del_encoding() {
    let plain = text(&invented(20), ';', "\r\n");
    let read = |bytes: &[u8]| rows(&mut open(bytes).unwrap()).unwrap();
    let expected = read(plain.as_bytes());
    for bytes in [
        cp1252(&plain),
        utf16(&plain),
        format!("\u{feff}{plain}").into_bytes(),
    ] {
        assert_eq!(read(&bytes), expected);
    }
    // The contract says cp1252: another encoding is told as different.
    let differs = |bytes: &[u8]| {
        let reading = open(bytes).unwrap();
        let decided = reading.decisions().iter();
        decided
            .filter(|decision| decision.diagnostic.code.id == "WDL-H221")
            .any(|decision| decision.differs)
    };
    assert!(!differs(&cp1252(&plain)));
    assert!(differs(plain.as_bytes()) && differs(&utf16(&plain)));
    // A text with NUL bytes is no text.
    assert_eq!(code(open(b"ID_RIGA;ISEE\nR1;1\0,5\n")), "WDL-H213");
}

#[test]
fn two_encodings_in_one_file_are_asked_for() {
    let mut bytes = "ID_RIGA;PROTOCOLLO_DSU\nR1;città\n".as_bytes().to_vec();
    bytes.extend(b"R2;citt\xe0\n");
    let reading = open(&bytes).unwrap();
    assert_eq!(told(&reading).1, ["WDL-H241"]);
    let mut answered = open_with(&bytes, &[], &[("encoding", "Windows-1252")]).unwrap();
    assert!(answered.questions().is_empty());
    assert_eq!(rows(&mut answered).unwrap()[1].1[1], "città");
    assert_eq!(
        code(open_with(&bytes, &[], &[("encoding", "EBCDIC")])),
        "WDL-H214"
    );
}

#[test]
fn del_zip_bomb() {
    let book = |name: &str, packed: &[u8], declared: u32| {
        let mut zip = Zip::default();
        zip.add("[Content_Types].xml", b"<Types/>");
        zip.add("xl/workbook.xml", b"<workbook/>");
        zip.add_deflated(name, packed, declared);
        zip.finish()
    };
    let too_much = limits::EXPANDED_BYTES_MAX as u32;
    // It says itself that it is too large; and it says it is small, but is not.
    assert_eq!(
        code(open(&book("xl/worksheets/sheet1.xml", &zeros(1), too_much))),
        "WDL-H204"
    );
    let large = zeros(limits::SMALL_PART_BYTES_MAX as usize / 1024 + 1);
    assert!(large.len() < 100_000);
    assert_eq!(code(open(&book("xl/styles.xml", &large, 10))), "WDL-H204");
    // Nested archives, paths that lead out, symbolic links.
    let nested = {
        let mut zip = Zip::default();
        zip.add("[Content_Types].xml", b"<Types/>");
        zip.add("xl/embeddings/more.zip", &Zip::default().finish());
        zip.add("xl/embeddings/inner.zip", &book("a", &zeros(1), 1));
        zip.finish()
    };
    assert_eq!(code(open(&nested)), "WDL-H203");
    for name in ["../sheet.xml", "/etc/passwd", "xl\\..\\..\\x", "C:\\x"] {
        assert_eq!(
            code(open(&book(name, &zeros(1), 1024))),
            "WDL-H205",
            "{name}"
        );
    }
    let mut archive = Zip::default();
    archive.add("isee.csv", b"ID_RIGA\nR1\n");
    assert_eq!(code(open(&archive.finish())), "WDL-H203");
    assert_eq!(code(open(b"\x1f\x8b\x08\0\0\0\0\0")), "WDL-H203");
}

#[test]
fn a_few_bytes_cannot_ask_for_a_billion_cells() {
    let cell = "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"16384\"><text:p>a</text:p></table:table-cell>";
    let wide = format!("<table:table-row>{cell}</table:table-row>").repeat(300);
    assert_eq!(code(open(&ods_of(&wide))), "WDL-H204");
    let tall = "<table:table-row table:number-rows-repeated=\"1048576\">\
        <table:table-cell table:number-columns-repeated=\"9\" office:value=\"1\"/></table:table-row>";
    assert_eq!(code(open(&ods_of(tall))), "WDL-H204");
    let gap = "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell/></table:table-row>\
        <table:table-row><table:table-cell table:number-columns-repeated=\"5\"/><table:table-cell office:value=\"1\"/></table:table-row>";
    assert_eq!(code(open(&ods_of(gap))), "WDL-H204");
    let spaces = "<table:table-row><table:table-cell office:value-type=\"string\">\
        <text:p><text:s text:c=\"4000000000\"/></text:p></table:table-cell></table:table-row>";
    assert_eq!(code(open(&ods_of(spaces))), "WDL-H204");
    let mut zip = Zip::default();
    zip.add("[Content_Types].xml", b"<Types/>");
    zip.add(
        "xl/sharedStrings.xml",
        b"<sst uniqueCount=\"99999999999999\"></sst>",
    );
    assert_eq!(code(open(&zip.finish())), "WDL-H204");
}

/// Gives bytes without end, so that the test needs no such file.
struct Endless {
    start: &'static [u8],
    of: u8,
    length: u64,
    place: u64,
}

impl std::io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = (self.length - self.place).min(buffer.len() as u64) as usize;
        for (offset, byte) in buffer[..count].iter_mut().enumerate() {
            let place = self.place as usize + offset;
            *byte = self.start.get(place).copied().unwrap_or(self.of);
        }
        self.place += count as u64;
        Ok(count)
    }
}

impl std::io::Seek for Endless {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.place = match to {
            std::io::SeekFrom::Start(place) => place,
            std::io::SeekFrom::End(back) => self.length.saturating_add_signed(back),
            std::io::SeekFrom::Current(step) => self.place.saturating_add_signed(step),
        };
        Ok(self.place)
    }
}

fn endless(start: &'static [u8], of: u8, length: u64) -> Result<u64, IntakeError> {
    let source = Endless {
        start,
        of,
        length,
        place: 0,
    };
    let contract = crate::support::contract();
    let hints = wdl_intake::Hints {
        contract: &contract,
        mapping: &std::collections::BTreeMap::new(),
        answers: &wdl_intake::Answers::default(),
    };
    let mut reading = Reading::from_stream("isee.csv", source, hints)?;
    let mut chunk = Chunk::new();
    let mut rows = 0;
    while reading.chunk(&mut chunk)? {
        rows += chunk.rows() as u64;
    }
    Ok(rows)
}

#[test]
fn del_huge_row() {
    const GIGABYTE: u64 = 1 << 30;
    // One cell of a gigabyte, plain and quoted; a thousand million quotation marks.
    assert_eq!(
        code(endless(b"ID_RIGA;ISEE\nR1;", b'7', GIGABYTE)),
        "WDL-H207"
    );
    assert_eq!(
        code(endless(b"ID_RIGA;ISEE\nR1;\"", b'7', GIGABYTE)),
        "WDL-H207"
    );
    assert_eq!(
        code(endless(b"ID_RIGA;ISEE\n", b'"', 1_000_000_000)),
        "WDL-H207"
    );
    // A hundred thousand columns, in the header and under it.
    let wide = ";".repeat(100_000);
    assert_eq!(
        code(all(format!("ID_RIGA;ISEE{wide}\n").as_bytes())),
        "WDL-H208"
    );
    assert_eq!(
        code(all(format!("ID_RIGA;ISEE\nR1;1{wide}\n").as_bytes())),
        "WDL-H208"
    );
    // As many strangers as a header may have are compared in no time.
    let strangers: String = (0..16_000)
        .map(|place| format!(";COLONNA {place}"))
        .collect();
    assert_eq!(
        all(format!("ALTRO{strangers}\n1{strangers}\n").as_bytes()).unwrap(),
        1
    );
    // Many short lines are no problem.
    let many = "R1;1\n".repeat(50_000);
    assert_eq!(
        all(format!("ID_RIGA;ISEE\n{many}").as_bytes()).unwrap(),
        50_000
    );
}

#[test]
fn del_truncated_table() {
    let whole = text(&invented(50), ';', "\r\n");
    let tail = |text: &str| {
        let mut reading = open(text.as_bytes()).unwrap();
        let read = rows(&mut reading).unwrap();
        (read.len(), reading.tail().ends_inside_row)
    };
    assert_eq!(tail(&whole), (50, false));
    assert_eq!(
        tail(whole.trim_end()),
        (50, false),
        "a missing last line end is no fault"
    );
    assert_eq!(tail(&whole[..whole.len() - 12]), (50, true));
    let quoted = format!("{}\nR1;\"begun and never", HEADER.join(";"));
    assert_eq!(tail(&quoted), (1, true));
    let mut reading = open(format!("{quoted}\nended\nand more\n").as_bytes()).unwrap();
    let read = rows(&mut reading).unwrap();
    assert_eq!((read.len(), read[0].0), (1, 2), "the row begins on line 2");
    assert_eq!(read[0].1[1], "begun and never\nended\nand more");
}

#[test]
fn a_cut_or_changed_workbook_is_refused_or_read_but_never_worse() {
    let whole = xlsx(&HEADER, &invented(3));
    for cut in (0..whole.len()).step_by(97) {
        let _ = all(&whole[..cut]);
    }
    for place in (0..whole.len()).step_by(31) {
        let mut changed = whole.clone();
        changed[place] ^= 0x55;
        let _ = all(&changed);
    }
    assert_eq!(code(open(&whole[..whole.len() - 1])), "WDL-H209");
}

#[test]
fn what_is_no_table_says_what_it_is() {
    for (start, expected) in [
        (&b"%PDF-1.7"[..], "WDL-H201"),
        (b"\x89PNG\r\n\x1a\n", "WDL-H201"),
        (b"<html><table>", "WDL-H201"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "WDL-H201"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "WDL-H202"),
    ] {
        assert_eq!(code(open(start)), expected);
    }
    assert_eq!(all(b"").unwrap(), 0);
    assert_eq!(all(b"\n\n").unwrap(), 0);
}

#[test]
fn links_and_folders_are_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let contract = crate::support::contract();
    let hints = wdl_intake::Hints {
        contract: &contract,
        mapping: &std::collections::BTreeMap::new(),
        answers: &wdl_intake::Answers::default(),
    };
    assert_eq!(code(Reading::open(folder.path(), hints)), "WDL-H206");
    let file = folder.path().join("isee.csv");
    assert_eq!(code(Reading::open(&file, hints)), "WDL-H210");
    std::fs::write(&file, "ID_RIGA\nR1\n").unwrap();
    assert!(Reading::open(&file, hints).is_ok());
    #[cfg(unix)]
    {
        let link = folder.path().join("link.csv");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert_eq!(code(Reading::open(&link, hints)), "WDL-H206");
    }
}

#[test]
fn del_identifier_in_metadata() {
    use wdl_intake::Carrier;
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let properties = rust_xlsxwriter::DocProperties::new()
        .set_title("Elenco di Rossi Maria")
        .set_author("Ufficio casa")
        .set_comment("RSSMRA80A41F257X");
    workbook.set_properties(&properties);
    let sheet = workbook.add_worksheet().set_name("Rossi").unwrap();
    sheet.write(0, 0, "domande di Bianchi Anna").unwrap();
    sheet.write(1, 0, "ID_RIGA").unwrap();
    sheet.write(1, 1, "NOTE").unwrap();
    sheet.write(2, 0, "R1").unwrap();
    let reading = open(&workbook.save_to_buffer().unwrap()).unwrap();
    let carried = reading.metadata();
    let expected = [
        (Carrier::FileName, "isee.csv"),
        (
            Carrier::Property("title".to_owned()),
            "Elenco di Rossi Maria",
        ),
        (Carrier::Property("author".to_owned()), "Ufficio casa"),
        (Carrier::Property("comments".to_owned()), "RSSMRA80A41F257X"),
        (Carrier::SheetName, "Rossi"),
        (Carrier::TitleRow, "domande di Bianchi Anna"),
        (Carrier::Header, "NOTE"),
    ];
    for (what, text) in expected {
        assert!(
            carried.iter().any(|(at, told)| *at == what && told == text),
            "{what:?}: {carried:?}"
        );
    }
}
