//! A plane of two measures: round marks on both sides, with their names.

use crate::frame::Sheet;
use crate::scale::{Scale, Ticks};
use crate::svg::{Anchor, GRID, SOFT, Stroke, letters, text_width};

/// One side of a plane: its marks, their words, what it measures.
pub(crate) struct Side<'a> {
    pub(crate) ticks: Ticks,
    pub(crate) words: &'a dyn Fn(&Ticks, f64) -> String,
    pub(crate) name: &'a str,
}

/// The plane.
pub(crate) struct Axes {
    pub(crate) x: Scale,
    pub(crate) y: Scale,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

/// A line of one unit.
pub(crate) fn thin(colour: &'static str) -> Stroke {
    Stroke {
        colour,
        width: 1.0,
        dash: "",
    }
}

impl Axes {
    /// Lays a plane of a height out below what is drawn, with `above` units free over it; `is_square` keeps it as wide as high.
    pub(crate) fn lay_out(
        sheet: &mut Sheet,
        across: &Side<'_>,
        upward: &Side<'_>,
        (above, height): (f64, f64),
        is_square: bool,
    ) -> Axes {
        let size = sheet.sizes.tick;
        let soft = letters(size).fill(SOFT);
        if !upward.name.is_empty() {
            sheet.note(upward.name);
        }
        let shown = |side: &Side<'_>| -> Vec<(f64, String)> {
            let words = |value: &f64| (*value, (side.words)(&side.ticks, *value));
            side.ticks.values.iter().map(words).collect()
        };
        let marks = shown(upward);
        let widest = marks
            .iter()
            .map(|(_, words)| text_width(words, size))
            .fold(0.0, f64::max);
        let left = sheet.sizes.margin + widest + 8.0;
        let right = sheet.sizes.width - sheet.sizes.margin - 12.0;
        let right = if is_square {
            right.min(left + height)
        } else {
            right
        };
        let top = sheet.y + above;
        let bottom = top + height;
        let axes = Axes {
            x: Scale::new(across.ticks.ends(), (left, right)),
            y: Scale::new(upward.ticks.ends(), (bottom, top)),
            left,
            right,
            top,
            bottom,
        };
        for (value, words) in &marks {
            let y = axes.y.at(*value);
            sheet.canvas.line((left, y), (right, y), thin(GRID));
            let look = soft.anchor(Anchor::End);
            sheet.canvas.text(left - 6.0, y + size * 0.34, look, words);
        }
        sheet
            .canvas
            .line((left, bottom), (right, bottom), thin(SOFT));
        axes.marks_across(sheet, &shown(across));
        if !across.name.is_empty() {
            sheet.y += size * 1.25;
            let look = letters(sheet.sizes.foot).fill(SOFT).anchor(Anchor::End);
            sheet.canvas.text(right, sheet.y, look, across.name);
        }
        axes
    }

    /// The marks below, those that would touch the one before left out.
    fn marks_across(&self, sheet: &mut Sheet, marks: &[(f64, String)]) {
        let size = sheet.sizes.tick;
        let look = letters(size).fill(SOFT).anchor(Anchor::Middle);
        let y = self.bottom + size + 5.0;
        let mut free = f64::NEG_INFINITY;
        for (value, words) in marks {
            if words.is_empty() {
                continue;
            }
            let x = self.x.at(*value);
            let from = (x, self.bottom);
            sheet.canvas.line(from, (x, self.bottom + 4.0), thin(SOFT));
            let half = text_width(words, size) / 2.0;
            if x - half < free {
                continue;
            }
            free = x + half + 6.0;
            let end = sheet.sizes.width - 2.0;
            let at = x.min(end - half);
            sheet.canvas.text(at, y, look, words);
        }
        sheet.y = y;
    }
}
