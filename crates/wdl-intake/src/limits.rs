//! How much of a file is believed: every limit with its reason.
//!
//! A limit is met by real exports with a wide margin; what passes it is refused with a code, and memory stays bounded before and while it is read.

/// The most bytes of one row of text.
///
/// A spreadsheet's cell holds at most 32,767 characters; a row of a real export is under ten thousand bytes.
/// What is longer is almost always a quotation mark that was never closed.
pub const ROW_BYTES_MAX: usize = 1 << 20;

/// The most columns of a row: those of a spreadsheet.
pub const COLUMNS_MAX: usize = 16_384;

/// The most rows of a chunk.
pub const CHUNK_ROWS_MAX: usize = 16_384;

/// The bytes of text after which a chunk ends, however few its rows are.
pub const CHUNK_BYTES_MAX: usize = 8 << 20;

/// The bytes from the beginning of a text by which its delimiter and its header are found.
pub const SAMPLE_BYTES: usize = 128 << 10;

/// The rows from the top among which the header is looked for.
pub const HEADER_ROWS_MAX: usize = 20;

/// The most bytes all parts of a workbook may have once expanded.
///
/// The largest sheet a spreadsheet can hold of a table of eleven columns (1,048,576 rows) is about 600 MB of XML.
pub const EXPANDED_BYTES_MAX: u64 = 1 << 30;

/// The most parts a workbook may have: a real one has tens, or hundreds with many sheets and pictures.
pub const PARTS_MAX: usize = 10_000;

/// The names of a row that are compared with the contract's by likeness; every name is compared by its letters.
///
/// Likeness costs a thousand times as much, and a header of sixteen thousand strangers would take a minute.
pub const NAMES_COMPARED_MAX: usize = 512;

/// The most bytes of a workbook as it is on disk: a full sheet takes under 100 MB.
pub const WORKBOOK_BYTES_MAX: u64 = 1 << 28;

/// The most bytes of the parts of a workbook that say how it looks and how its parts hang together; real ones are under 1 MB.
pub const SMALL_PART_BYTES_MAX: u64 = 8 << 20;

/// The most cells of a sheet: the rows of a full sheet with sixteen columns.
pub const CELLS_MAX: u64 = 1 << 24;

/// The most cells of an OpenDocument workbook, whose sheets are all held while one is read: 380,000 rows of eleven columns.
pub const GRID_CELLS_MAX: u64 = 1 << 22;

/// The most rows of a sheet: those of a spreadsheet.
pub const SHEET_ROWS_MAX: u32 = 1 << 20;

/// The most sheets of a workbook that are looked into.
pub const SHEETS_MAX: usize = 256;

/// The most bytes of text of all cells of a sheet.
pub const SHEET_BYTES_MAX: usize = 1 << 29;

/// The most different texts a workbook may share among its cells.
pub const SHARED_TEXTS_MAX: u64 = 1 << 22;

/// The most spaces a cell of an OpenDocument sheet may ask for with one mark: as many as a cell may hold.
pub const SPACES_MAX: u64 = 32_767;

/// Blank rows that are held back until it is known whether they are the last of the file.
pub(crate) const BLANK_ROWS_HELD_MAX: usize = 65_536;
