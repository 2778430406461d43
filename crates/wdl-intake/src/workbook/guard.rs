//! Looks at every part of a workbook before it is opened: how large it really is, and what it would make its reader do.
//!
//! A few bytes of XML can ask for billions of cells, texts or spaces; here they are counted, in bounded memory, and refused beyond the limits.

use super::inflate::{InflateFault, inflate};
use super::markup::{Markup, Tag};
use super::zip::{Method, Part, packed};
use crate::IntakeError;
use crate::limits::{
    COLUMNS_MAX, EXPANDED_BYTES_MAX, GRID_CELLS_MAX, SHARED_TEXTS_MAX, SMALL_PART_BYTES_MAX,
    SPACES_MAX,
};
use crate::text::Stream;

/// Refuses a workbook that would expand beyond the limits or holds an archive.
pub(super) fn inspect(source: &mut dyn Stream, parts: &[Part]) -> Result<(), IntakeError> {
    let declared: u64 = parts.iter().map(|part| part.declared).sum();
    if declared > EXPANDED_BYTES_MAX {
        return Err(IntakeError::Expansion);
    }
    let mut left = EXPANDED_BYTES_MAX;
    for part in parts {
        left = inspect_part(source, part, left)?;
    }
    Ok(())
}

/// Looks at one part; gives how much may still be expanded.
fn inspect_part(source: &mut dyn Stream, part: &Part, left: u64) -> Result<u64, IntakeError> {
    let bytes = packed(source, part)?;
    let mut watch = Watch::new(part, left);
    match part.method {
        Method::Stored => {
            watch.see(&bytes);
        }
        Method::Deflated => match inflate(&bytes, &mut |piece| watch.see(piece)) {
            Ok(()) | Err(InflateFault::Stopped) => {}
            Err(InflateFault::Damaged) => return Err(IntakeError::BrokenWorkbook("ZIP")),
        },
    }
    watch.done()
}

/// What is seen of a part while it expands.
struct Watch {
    left: u64,
    of_part: u64,
    seen: u64,
    start: Vec<u8>,
    markup: Option<Markup>,
    asked: Asked,
    refused: Option<IntakeError>,
}

impl Watch {
    fn new(part: &Part, left: u64) -> Watch {
        let name = part.name.to_ascii_lowercase();
        let is_markup = name.ends_with(".xml") || name.ends_with(".rels");
        let is_small = name.ends_with(".rels")
            || name.starts_with("docprops/")
            || name.starts_with("meta-inf/")
            || [
                "workbook.xml",
                "styles.xml",
                "[content_types].xml",
                "theme1.xml",
            ]
            .iter()
            .any(|small| name.ends_with(small));
        Watch {
            left,
            of_part: if is_small { SMALL_PART_BYTES_MAX } else { left },
            seen: 0,
            start: Vec::new(),
            markup: is_markup.then(Markup::default),
            asked: Asked::default(),
            refused: None,
        }
    }

    /// Looks at the next piece; false when there is no need to see more.
    fn see(&mut self, piece: &[u8]) -> bool {
        self.seen += piece.len() as u64;
        if self.seen > self.left.min(self.of_part) {
            self.refused = Some(IntakeError::Expansion);
            return false;
        }
        if self.start.len() < 8 {
            self.start.extend(piece.iter().take(8));
            if is_archive(&self.start) {
                self.refused = Some(IntakeError::Archive);
                return false;
            }
        }
        if let Some(markup) = &mut self.markup {
            let asked = &mut self.asked;
            let is_bounded = markup.feed(piece, &mut |tag| asked.see(tag));
            if !is_bounded || asked.is_too_much() {
                self.refused = Some(IntakeError::Expansion);
                return false;
            }
        }
        true
    }

    fn done(self) -> Result<u64, IntakeError> {
        match self.refused {
            Some(refused) => Err(refused),
            None => Ok(self.left - self.seen),
        }
    }
}

/// Whether bytes begin an archive: ZIP, gzip, 7z, RAR, bzip2, xz.
pub(crate) fn is_archive(start: &[u8]) -> bool {
    const MARKS: [&[u8]; 6] = [
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!\x1a\x07",
        b"BZh",
        b"\xfd7zXZ",
    ];
    MARKS.iter().any(|mark| start.starts_with(mark))
}

/// What the markup of a part asks its reader to make.
#[derive(Default)]
struct Asked {
    shared_texts: u64,
    spaces: u64,
    cells: u64,
    largest_table: u64,
    grid: Grid,
}

/// The table of a sheet of an OpenDocument workbook, whose cells and rows can be repeated by a number.
#[derive(Default)]
struct Grid {
    width: u64,
    rows: u64,
    filled_rows: u64,
    // The row being read.
    cells: u64,
    pending: u64,
    repeats: u64,
}

impl Asked {
    fn see(&mut self, tag: &Tag<'_>) {
        match tag.local_name() {
            b"sst" => {
                let announced = tag.number(b"uniqueCount").unwrap_or(0);
                self.shared_texts = self.shared_texts.max(announced);
            }
            b"si" if !tag.is_end() => self.shared_texts += 1,
            b"s" if tag.name() == b"text:s" => {
                self.spaces = self.spaces.max(tag.number(b"text:c").unwrap_or(0));
            }
            b"table" if tag.name() == b"table:table" => {
                self.end_row();
                if !tag.is_end() {
                    self.grid = Grid::default();
                }
            }
            b"table-row" => {
                self.end_row();
                if !tag.is_end() {
                    let repeats = tag.number(b"table:number-rows-repeated").unwrap_or(1);
                    self.grid.repeats = repeats.min(1 << 20);
                }
            }
            b"table-cell" | b"covered-table-cell" if !tag.is_end() => self.cell(tag),
            _ => {}
        }
    }

    fn cell(&mut self, tag: &Tag<'_>) {
        let repeats = tag.number(b"table:number-columns-repeated").unwrap_or(1);
        let repeats = repeats.min(COLUMNS_MAX as u64);
        let is_empty = tag.is_empty() && !tag.contains(b"office:") && !tag.contains(b"formula");
        match is_empty {
            true => self.grid.pending += repeats,
            false => {
                self.grid.cells += self.grid.pending + repeats;
                self.grid.pending = 0;
            }
        }
    }

    /// The row that was read joins the table; the cells a reader makes of it are counted.
    fn end_row(&mut self) {
        let grid = &mut self.grid;
        if grid.repeats == 0 {
            return;
        }
        grid.rows = grid.rows.saturating_add(grid.repeats);
        self.cells = self.cells.saturating_add(grid.cells);
        if grid.cells > 0 {
            grid.filled_rows = grid.rows;
            grid.width = grid.width.max(grid.cells);
        }
        let table = grid.filled_rows.saturating_mul(grid.width);
        self.largest_table = self.largest_table.max(table);
        (grid.cells, grid.pending, grid.repeats) = (0, 0, 0);
    }

    fn is_too_much(&self) -> bool {
        self.shared_texts > SHARED_TEXTS_MAX
            || self.spaces > SPACES_MAX
            || self.cells > GRID_CELLS_MAX
            || self.grid.cells > GRID_CELLS_MAX
            || self.largest_table > GRID_CELLS_MAX
    }
}
