//! Rows of bars: a name at the left (above, on a narrow chart), bars on one scale, lines of the scale beneath them.

use crate::Width;
use crate::frame::Sheet;
use crate::svg::{
    Anchor, Canvas, GRID, INK, Layer, Letters, SOFT, Stroke, letters, text_width, wrapped,
};

/// How a bar is filled: full or open, so that grey print tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    Full(&'static str),
    Open(&'static str),
}

/// What speaks for, what is new, what is true.
pub(crate) const FOR: Fill = Fill::Full("#0066cc");
/// What speaks against.
pub(crate) const AGAINST: Fill = Fill::Open("#b34700");
/// What is there anyway.
pub(crate) const REST: Fill = Fill::Open("#455b71");
/// A beginning or a total.
pub(crate) const WHOLE: Fill = Fill::Full("#17324d");

impl Fill {
    /// Its ink, also that of its numbers.
    pub(crate) fn ink(self) -> &'static str {
        match self {
            Fill::Full(colour) | Fill::Open(colour) => colour,
        }
    }
}

/// The widest a column of names becomes.
const NAMES: f64 = 250.0;

/// A mark of the scale: where, and its words.
pub(crate) type Mark = (f64, String);

/// Rows under way.
pub(crate) struct Rows {
    pub(crate) sheet: Sheet,
    /// Where the scale begins and ends.
    pub(crate) span: (f64, f64),
    name_width: f64,
    width: Width,
    under: Layer,
    top: f64,
}

impl Rows {
    /// Begins; `beside` is the room for numbers left and right of the scale.
    pub(crate) fn begin(
        mut sheet: Sheet,
        width: Width,
        names: &[String],
        beside: (f64, f64),
    ) -> Rows {
        let size = sheet.sizes.text;
        let name_width = match width {
            Width::Wide => names
                .iter()
                .map(|name| text_width(name, size))
                .fold(80.0, f64::max)
                .min(NAMES),
            Width::Narrow => 0.0,
        };
        let gap = if width == Width::Wide { 12.0 } else { 2.0 };
        let left = sheet.sizes.margin + name_width + gap + beside.0;
        let right = sheet.sizes.width - sheet.sizes.margin - beside.1;
        sheet.y += 6.0;
        Rows {
            span: (left, right),
            name_width,
            width,
            under: sheet.canvas.here(),
            top: sheet.y,
            sheet,
        }
    }

    /// A name over several rows.
    pub(crate) fn heading(&mut self, words: &str) {
        let look = letters(self.sheet.sizes.text).bold().halo();
        self.sheet.y += 6.0;
        let room = self.sheet.room();
        for line in wrapped(words, look.size, room) {
            self.sheet.y += look.size * 1.25;
            let at = (self.sheet.sizes.margin, self.sheet.y);
            self.sheet.canvas.text(at.0, at.1, look, &line);
        }
        self.sheet.y += 3.0;
    }

    /// A row with room for bars of this height; gives the middle of the bars.
    pub(crate) fn row(&mut self, name: &str, is_bold: bool, height: f64) -> f64 {
        let size = self.sheet.sizes.text;
        let look = Letters {
            is_bold,
            ..letters(size).halo()
        };
        let step = size * 1.2;
        let room = match self.width {
            Width::Wide => self.name_width + 6.0,
            Width::Narrow => self.sheet.room(),
        };
        let lines = wrapped(name, size, room);
        let block = lines.len() as f64 * step;
        let left = self.sheet.sizes.margin;
        let (first, middle, whole) = match self.width {
            Width::Wide => {
                let whole = block.max(height) + 8.0;
                let middle = self.sheet.y + whole / 2.0;
                (middle - block / 2.0 + size * 0.92, middle, whole)
            }
            Width::Narrow => (
                self.sheet.y + size,
                self.sheet.y + block + 4.0 + height / 2.0,
                block + height + 10.0,
            ),
        };
        for (place, line) in lines.iter().enumerate() {
            let y = first + place as f64 * step;
            self.sheet.canvas.text(left, y, look, line);
        }
        self.sheet.y += whole;
        middle
    }

    /// A bar between two places of the scale.
    pub(crate) fn bar(&mut self, (from, to): (f64, f64), y: f64, height: f64, fill: Fill) {
        let size = ((to - from).abs().max(1.5), height);
        let at = (from.min(to), y - height / 2.0);
        bar(&mut self.sheet.canvas, at, size, fill);
    }

    /// A number beside a bar.
    pub(crate) fn number(&mut self, x: f64, y: f64, anchor: Anchor, fill: Fill, words: &str) {
        let size = self.sheet.sizes.text;
        let look = letters(size).bold().fill(fill.ink()).halo().anchor(anchor);
        self.sheet.canvas.text(x, y + size * 0.34, look, words);
    }

    /// The lines of the scale and others under all rows so far, and the scale's marks below them.
    pub(crate) fn scale(&mut self, marks: &[Mark], others: &[(f64, Stroke)]) {
        let (top, bottom) = (self.top, self.sheet.y + 4.0);
        let mut lines = Canvas::default();
        for (x, _) in marks {
            lines.line((*x, top), (*x, bottom), thin(GRID));
        }
        for (x, stroke) in others {
            lines.line((*x, top), (*x, bottom), *stroke);
        }
        self.sheet.canvas.put_under(self.under, &lines);
        self.sheet.y = bottom;
        tick_words(&mut self.sheet, marks, bottom);
        self.sheet.y += self.sheet.sizes.tick * 1.3;
    }

    /// Marks above the first row.
    pub(crate) fn scale_above(&mut self, marks: &[Mark]) {
        self.sheet.y += self.sheet.sizes.tick * 1.3;
        let y = self.sheet.y - self.sheet.sizes.tick * 1.3;
        tick_words(&mut self.sheet, marks, y);
        self.top = self.sheet.y + 2.0;
        self.sheet.y += 2.0;
        self.under = self.sheet.canvas.here();
    }
}

/// The words of marks below a line, those that fit.
pub(crate) fn tick_words(sheet: &mut Sheet, marks: &[Mark], y: f64) {
    let size = sheet.sizes.tick;
    let look = letters(size).fill(SOFT).anchor(Anchor::Middle);
    let mut free = f64::NEG_INFINITY;
    let mut sorted: Vec<&Mark> = marks.iter().collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (x, words) in sorted {
        let half = text_width(words, size) / 2.0;
        let x = x.clamp(half + 2.0, (sheet.sizes.width - half - 2.0).max(half + 2.0));
        if x - half < free {
            continue;
        }
        sheet.canvas.text(x, y + size * 1.15, look, words);
        free = x + half + 6.0;
    }
}

/// The zero of a scale.
pub(crate) const ZERO: Stroke = thin(SOFT);

pub(crate) const fn thin(colour: &'static str) -> Stroke {
    Stroke {
        colour,
        width: 1.0,
        dash: "",
    }
}

pub(crate) fn bar(canvas: &mut Canvas, at: (f64, f64), size: (f64, f64), fill: Fill) {
    match fill {
        Fill::Full(colour) => canvas.rect(at, size, colour, colour),
        Fill::Open(colour) => canvas.rect(at, size, "#f2f6fa", colour),
    }
}

/// What a key shows beside a word.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Swatch {
    Bar(Fill),
    Curve(crate::marks::Look),
    Line(Stroke),
    Node(crate::marks::Look),
}

/// The key: marks with their words, as many on a line as fit.
pub(crate) fn key(sheet: &mut Sheet, entries: &[(Swatch, String)]) {
    const SWATCH: f64 = 34.0;
    let size = sheet.sizes.text;
    let (left, room) = (sheet.sizes.margin, sheet.room());
    let mut x = left;
    sheet.y += size * 1.45;
    for (swatch, words) in entries {
        let whole = SWATCH + 6.0 + text_width(words, size) + 18.0;
        if x > left && x + whole - 18.0 > left + room {
            x = left;
            sheet.y += size * 1.45;
        }
        let y = sheet.y - size * 0.33;
        swatch_at(&mut sheet.canvas, (x, y), SWATCH, *swatch);
        for (place, line) in wrapped(words, size, room - SWATCH - 6.0).iter().enumerate() {
            if place > 0 {
                sheet.y += size * 1.2;
            }
            let look = letters(size).fill(INK);
            sheet.canvas.text(x + SWATCH + 6.0, sheet.y, look, line);
        }
        x += whole;
    }
    sheet.y += 4.0;
}

fn swatch_at(canvas: &mut Canvas, (x, y): (f64, f64), wide: f64, swatch: Swatch) {
    match swatch {
        Swatch::Bar(fill) => bar(canvas, (x + 4.0, y - 5.0), (wide - 8.0, 10.0), fill),
        Swatch::Line(stroke) => canvas.line((x, y), (x + wide, y), stroke),
        Swatch::Node(look) => crate::marks::marker(canvas, (x + wide / 2.0, y), look),
        Swatch::Curve(look) => {
            let stroke = Stroke {
                colour: look.colour,
                width: 2.2,
                dash: look.dash,
            };
            canvas.line((x, y), (x + wide, y), stroke);
            crate::marks::marker(canvas, (x + wide / 2.0, y), look);
        }
    }
}
