//! Values in classes, for areas and cells filled by how large a value is: shades, hatching, grey, and their key.
//!
//! Shades are of one hue and of different lightness: told apart without colours and in grey print.
//! What is hidden is hatched, what there is not is grey with dots: no shade of a value looks like either.

use wdl_result::{Header, Unit};
use wdl_vocab::Lang;

use crate::frame::Sheet;
use crate::numbers::{figure, rounded, with_unit};
use crate::scale::limits;
use crate::series::Gap;
use crate::svg::{Canvas, INK, SOFT, Stroke, escape, letters, text_width};

/// The fill of a class and the ink of letters on it, at least 4.5 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shade {
    pub(crate) fill: &'static str,
    pub(crate) ink: &'static str,
}

const SHADES: [Shade; 5] = [
    Shade {
        fill: "#e3eefa",
        ink: INK,
    },
    Shade {
        fill: "#aed0ee",
        ink: INK,
    },
    Shade {
        fill: "#74aedb",
        ink: INK,
    },
    Shade {
        fill: "#1f6bb0",
        ink: "#ffffff",
    },
    Shade {
        fill: "#0a3057",
        ink: "#ffffff",
    },
];

/// The classes of some values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Classes {
    // INVARIANT: rising, at least two; as many classes as shades at most.
    limits: Vec<f64>,
    decimals: usize,
}

impl Classes {
    /// Classes at round limits; none without values. Values are taken as they are shown, so that a reader puts each in the same class.
    pub(crate) fn of(header: &Header, values: impl Iterator<Item = f64>) -> Option<Classes> {
        let (low, high) = values
            .map(|value| rounded(header, value))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |ends, value| {
                (ends.0.min(value), ends.1.max(value))
            });
        if low > high {
            return None;
        }
        let (limits, decimals) = limits(low, high, SHADES.len() - 1);
        Some(Classes { limits, decimals })
    }

    fn count(&self) -> usize {
        self.limits.len() - 1
    }

    /// The class of a value: each holds its lower limit, the last one both.
    fn class(&self, header: &Header, value: f64) -> usize {
        let value = rounded(header, value);
        let width = self.limits[1] - self.limits[0];
        let inner = &self.limits[1..self.count()];
        let is_under = |limit: &&f64| value >= **limit - width * 1e-9;
        inner.iter().filter(is_under).count()
    }

    /// The shade of a value.
    pub(crate) fn shade(&self, header: &Header, value: f64) -> Shade {
        self.shade_of(self.class(header, value))
    }

    fn shade_of(&self, class: usize) -> Shade {
        let places: &[usize] = match self.count() {
            1 => &[1],
            2 => &[0, 2],
            3 => &[0, 2, 4],
            4 => &[0, 1, 3, 4],
            _ => &[0, 1, 2, 3, 4],
        };
        SHADES[places[class.min(places.len() - 1)]]
    }

    /// The classes with their limits in words, for the key.
    pub(crate) fn entries(&self, header: &Header, lang: Lang) -> Vec<(String, String)> {
        let decimals = match header.unit {
            Unit::Share => self.decimals.saturating_sub(2),
            _ => self.decimals,
        };
        let shown = |value: f64| with_unit(header.unit, decimals, value, lang);
        let words = |ends: &[f64]| match ends[0] == ends[1] {
            true => figure(header, ends[0], lang),
            false => format!("{}–{}", shown(ends[0]), shown(ends[1])),
        };
        let classes = self.limits.windows(2).enumerate();
        classes
            .map(|(class, ends)| (self.shade_of(class).fill.to_owned(), words(ends)))
            .collect()
    }
}

/// The patterns of what is missing, under the id of their drawing.
pub(crate) fn begin_patterns(canvas: &mut Canvas, id: &str) {
    let line = format!(
        "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\" stroke=\"{INK}\" stroke-width=\"2.4\"/>"
    );
    let dot = format!("<circle cx=\"4\" cy=\"4\" r=\"0.9\" fill=\"{SOFT}\"/>");
    canvas.pattern(&format!("{id}-hatch"), 7.0, "#ffffff", &line);
    canvas.pattern(&format!("{id}-grey"), 8.0, "#d3d6d9", &dot);
}

/// The fill of a missing value: hatched when hidden, grey when there is none.
pub(crate) fn gap_fill(id: &str, gap: Gap) -> String {
    let id = escape(id);
    match gap {
        Gap::Suppressed => format!("url(#{id}-hatch)"),
        Gap::NotComputable | Gap::NotCollected | Gap::Absent => format!("url(#{id}-grey)"),
    }
}

/// The edge of filled areas and cells.
pub(crate) const EDGE: Stroke = Stroke {
    colour: SOFT,
    width: 0.8,
    dash: "",
};

/// Fills with their words, side by side and then below.
pub(crate) fn key(sheet: &mut Sheet, entries: &[(String, String)]) {
    let size = sheet.sizes.text;
    let (left, end) = (sheet.sizes.margin, sheet.sizes.margin + sheet.room());
    let mut x = left;
    sheet.y += size * 1.35;
    for (fill, words) in entries {
        let wide = 30.0 + text_width(words, size) * 1.04 + 14.0;
        if x > left && x + wide > end {
            x = left;
            sheet.y += size * 1.6;
        }
        let y = sheet.y;
        sheet.canvas.rect((x, y - 12.0), (24.0, 15.0), fill, SOFT);
        sheet.canvas.text(x + 30.0, y, letters(size), words);
        x += wide;
    }
    sheet.y += 8.0;
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn letters_are_readable_on_every_shade() {
        for shade in SHADES {
            let (ground, ink) = (luminance(shade.fill), luminance(shade.ink));
            let ratio = (ground.max(ink) + 0.05) / (ground.min(ink) + 0.05);
            assert!(ratio >= 4.5, "{shade:?}: {ratio}");
        }
        // In grey print every shade is told from the next.
        for pair in SHADES.windows(2) {
            let (light, dark) = (luminance(pair[0].fill), luminance(pair[1].fill));
            assert!((light + 0.05) / (dark + 0.05) > 1.3, "{pair:?}");
        }
    }

    /// The relative luminance of WCAG 2.1.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            match value <= 0.03928 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }
}
