//! Workbooks and archives written for the tests, good and hostile ones.

use rust_xlsxwriter::Workbook;

/// A workbook of Excel whose cells are all text.
pub(crate) fn xlsx(header: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (place, name) in header.iter().enumerate() {
        sheet.write_string(0, place as u16, *name).unwrap();
    }
    for (line, row) in rows.iter().enumerate() {
        for (place, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet
                .write_string(line as u32 + 1, place as u16, cell)
                .unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// A workbook of LibreOffice whose cells are all text.
pub(crate) fn ods(header: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let row = |cells: &mut dyn Iterator<Item = &str>| -> String {
        let cells: String = cells.map(ods_cell).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let mut table = row(&mut header.iter().copied());
    for cells in rows {
        table += &row(&mut cells.iter().map(String::as_str));
    }
    // As LibreOffice ends every sheet.
    table += "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    ods_of(&table)
}

fn ods_cell(text: &str) -> String {
    match text {
        "" => "<table:table-cell/>".to_owned(),
        _ => format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        ),
    }
}

/// A workbook of LibreOffice with this inside its one table.
pub(crate) fn ods_of(table: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:body><office:spreadsheet>\
         <table:table table:name=\"Foglio1\">{table}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let mut zip = Zip::default();
    zip.add(
        "mimetype",
        b"application/vnd.oasis.opendocument.spreadsheet",
    );
    zip.add("META-INF/manifest.xml", b"<manifest:manifest/>");
    zip.add("content.xml", content.as_bytes());
    zip.finish()
}

/// An archive written by hand, so that it can lie.
#[derive(Default)]
pub(crate) struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Zip {
    /// A part as it is.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) {
        self.add_packed(name, content, content.len() as u32, 0);
    }

    /// A part packed by method 8, of which this size is declared.
    pub(crate) fn add_deflated(&mut self, name: &str, packed: &[u8], declared: u32) {
        self.add_packed(name, packed, declared, 8);
    }

    fn add_packed(&mut self, name: &str, packed: &[u8], declared: u32, method: u16) {
        let start = self.bytes.len() as u32;
        let crc = if method == 0 { crc32(packed) } else { 0 };
        let sizes = [
            crc.to_le_bytes(),
            (packed.len() as u32).to_le_bytes(),
            declared.to_le_bytes(),
        ]
        .concat();
        let name_length = (name.len() as u16).to_le_bytes();
        let head = [
            &20_u16.to_le_bytes()[..],
            &[0, 0],
            &method.to_le_bytes(),
            &[0; 4],
            &sizes,
            &name_length,
            &[0, 0],
        ]
        .concat();
        self.bytes
            .extend([&b"PK\x03\x04"[..], &head, name.as_bytes(), packed].concat());
        self.directory.extend(
            [
                &b"PK\x01\x02\x14\x00"[..],
                &head,
                &[0; 10],
                &start.to_le_bytes(),
                name.as_bytes(),
            ]
            .concat(),
        );
        self.count += 1;
    }

    /// The whole archive.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let start = self.bytes.len() as u32;
        let count = self.count.to_le_bytes();
        let end = [
            &b"PK\x05\x06\0\0\0\0"[..],
            &count,
            &count,
            &(self.directory.len() as u32).to_le_bytes(),
            &start.to_le_bytes(),
            &[0, 0],
        ];
        self.bytes.extend_from_slice(&self.directory);
        self.bytes.extend(end.concat());
        self.bytes
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

/// A DEFLATE stream of so many kilobytes of zeros in a few bytes for each.
///
/// One block of fixed codes: a zero, then copies of 258 zeros from one byte back.
pub(crate) fn zeros(kilobytes: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = vec![true, true, false];
    // The literal 0 is 00110000.
    bits.extend([false, false, true, true, false, false, false, false]);
    for _ in 0..kilobytes * 4 {
        // Length 258 is 11000101, distance 1 is 00000.
        bits.extend([true, true, false, false, false, true, false, true]);
        bits.extend([false; 5]);
    }
    // The end is 0000000.
    bits.extend([false; 7]);
    bits.chunks(8)
        .map(|byte| {
            byte.iter()
                .enumerate()
                .map(|(place, bit)| u8::from(*bit) << place)
                .sum()
        })
        .collect()
}
