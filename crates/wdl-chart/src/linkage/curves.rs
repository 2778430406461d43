//! A plane of weight across and a measure upward: curves, bars and the cut.

use wdl_vocab::Lang;

use crate::frame::Sheet;
use crate::linkage::figures::{PROBABILITIES, chance, signed, weight_of};
use crate::linkage::rows::{Fill, Mark, bar, thin, tick_words};
use crate::marks::{Look, marker};
use crate::scale::{Scale, ticks};
use crate::svg::{Anchor, GRID, INK, SOFT, Stroke, letters, text_width};

/// The plane.
pub(crate) struct Plane {
    pub(crate) x: Scale,
    pub(crate) y: Scale,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    weights: (f64, f64),
}

impl Plane {
    /// Lays a plane out below what is drawn: weights across, and upward a measure whose marks are values with their words.
    pub(crate) fn lay_out(
        sheet: &mut Sheet,
        weights: (f64, f64),
        (low, high): (f64, f64),
        marks: &[Mark],
        (room, height): (f64, f64),
    ) -> Plane {
        let left = sheet.sizes.margin + room + 8.0;
        let right = sheet.sizes.width - sheet.sizes.margin - 8.0;
        let top = sheet.y + 24.0;
        let bottom = top + height;
        let plane = Plane {
            x: Scale::new(weights, (left, right)),
            y: Scale::new((low, high), (bottom, top)),
            left,
            right,
            top,
            bottom,
            weights,
        };
        let look = letters(sheet.sizes.tick).fill(SOFT).anchor(Anchor::End);
        for (value, words) in marks {
            let y = plane.y.at(*value);
            sheet.canvas.line((left, y), (right, y), thin(GRID));
            sheet
                .canvas
                .text(left - 6.0, y + look.size * 0.34, look, words);
        }
        sheet
            .canvas
            .line((left, bottom), (right, bottom), thin(SOFT));
        sheet.y = bottom;
        plane
    }

    /// The marks of the weights, with the name of the axis if it has one.
    pub(crate) fn weights_axis(&self, sheet: &mut Sheet, name: &str) {
        let lang = sheet.lang;
        let wanted = if sheet.sizes.width > 500.0 { 8 } else { 5 };
        let step = ticks(self.weights.0, self.weights.1, wanted);
        let weights: Vec<Mark> = step
            .values
            .iter()
            .filter(|value| self.holds(**value))
            .map(|value| (self.x.at(*value), plain(*value, step.decimals, lang)))
            .collect();
        for (x, _) in &weights {
            sheet
                .canvas
                .line((*x, self.bottom), (*x, self.bottom + 4.0), thin(SOFT));
        }
        self.axis_line(sheet, &weights, name);
    }

    /// The marks of the weights, and under them those of the probabilities.
    pub(crate) fn axis(&self, sheet: &mut Sheet, names: (&str, &str)) {
        let lang = sheet.lang;
        self.weights_axis(sheet, names.0);
        let chances: Vec<Mark> = PROBABILITIES
            .iter()
            .filter(|value| self.holds(weight_of(**value)))
            .map(|value| (self.x.at(weight_of(*value)), short(*value, lang)))
            .collect();
        self.axis_line(sheet, &chances, names.1);
    }

    /// The marks of what runs across, by value, with the name of the axis.
    pub(crate) fn across(&self, sheet: &mut Sheet, marks: &[Mark], name: &str) {
        let placed: Vec<Mark> = marks
            .iter()
            .map(|(value, words)| (self.x.at(*value), words.clone()))
            .collect();
        for (x, _) in &placed {
            sheet
                .canvas
                .line((*x, self.bottom), (*x, self.bottom + 4.0), thin(SOFT));
        }
        self.axis_line(sheet, &placed, name);
    }

    fn axis_line(&self, sheet: &mut Sheet, marks: &[Mark], name: &str) {
        let size = sheet.sizes.tick;
        let y = sheet.y + 3.0;
        tick_words(sheet, marks, y);
        sheet.y = y + size * 1.2;
        if name.is_empty() {
            return;
        }
        let look = letters(sheet.sizes.foot).fill(SOFT).anchor(Anchor::End);
        sheet.y += size * 1.1;
        sheet.canvas.text(self.right, sheet.y, look, name);
        sheet.y += 2.0;
    }

    fn holds(&self, weight: f64) -> bool {
        (self.weights.0..=self.weights.1).contains(&weight)
    }

    /// The cut: a dashed line with its words above it.
    pub(crate) fn cut(&self, sheet: &mut Sheet, weight: f64, words: &str) {
        if !self.holds(weight) {
            return;
        }
        let x = self.x.at(weight);
        let stroke = Stroke {
            colour: INK,
            width: 1.6,
            dash: "6 4",
        };
        sheet
            .canvas
            .line((x, self.top - 4.0), (x, self.bottom), stroke);
        let size = sheet.sizes.tick;
        let half = text_width(words, size) / 2.0;
        let x = x.clamp(self.left + half, (self.right - half).max(self.left + half));
        let look = letters(size).bold().halo().anchor(Anchor::Middle);
        sheet.canvas.text(x, self.top - 8.0, look, words);
    }

    /// A curve, with its marker at about six of its points.
    pub(crate) fn curve(&self, sheet: &mut Sheet, points: &[(f64, f64)], look: Look) {
        let placed: Vec<(f64, f64)> = points
            .iter()
            .filter(|(_, value)| value.is_finite())
            .map(|(weight, value)| (self.x.at(*weight), self.y.at(*value)))
            .collect();
        let stroke = Stroke {
            colour: look.colour,
            width: 2.2,
            dash: look.dash,
        };
        if placed.len() > 1 {
            sheet.canvas.polyline(&placed, stroke);
        }
        let mut free = f64::NEG_INFINITY;
        for (place, point) in placed.iter().enumerate() {
            if point.0 >= free || place + 1 == placed.len() {
                marker(&mut sheet.canvas, *point, look);
                free = point.0 + (self.right - self.left) / 6.0;
            }
        }
    }

    /// A bar from the ground to a value, between two weights.
    pub(crate) fn bar(&self, sheet: &mut Sheet, (from, to): (f64, f64), value: f64, fill: Fill) {
        let (left, right) = (self.x.at(from), self.x.at(to));
        let top = self.y.at(value);
        let wide = (right - left - 1.0).max(1.0);
        if self.bottom - top > 0.05 {
            bar(
                &mut sheet.canvas,
                (left, top),
                (wide, self.bottom - top),
                fill,
            );
        }
    }
}

/// The room that the marks of an upward measure need.
pub(crate) fn room_of(sheet: &Sheet, marks: &[Mark]) -> f64 {
    marks
        .iter()
        .map(|(_, words)| text_width(words, sheet.sizes.tick))
        .fold(34.0, f64::max)
}

/// A weight as the mark of an axis.
pub(crate) fn plain(weight: f64, decimals: usize, lang: Lang) -> String {
    match decimals {
        0 => {
            let shown = signed(weight, lang);
            let mark = lang.decimal_mark();
            shown.split(mark).next().unwrap_or_default().to_owned()
        }
        _ => signed(weight, lang),
    }
}

/// A probability as the mark of an axis: no more decimals than it has.
fn short(probability: f64, lang: Lang) -> String {
    let small = probability.min(1.0 - probability);
    let decimals = (-small.log10() - 2.0).round().max(0.0) as usize;
    match probability {
        0.5 => format!("{}%", lang.number(50.0, 0)),
        _ if decimals <= 4 => format!("{}%", lang.number(100.0 * probability, decimals)),
        _ => chance(probability, lang),
    }
}

/// The marks of a probability axis between two weights.
pub(crate) fn probability_marks(scale: &Scale, weights: (f64, f64), lang: Lang) -> Vec<Mark> {
    PROBABILITIES
        .iter()
        .map(|value| (weight_of(*value), *value))
        .filter(|(weight, _)| (weights.0..=weights.1).contains(weight))
        .map(|(weight, value)| (scale.at(weight), short(value, lang)))
        .collect()
}

/// The marks of shares from none to all.
pub(crate) fn share_marks(lang: Lang) -> Vec<Mark> {
    [0.0, 0.25, 0.5, 0.75, 1.0]
        .iter()
        .map(|value| (*value, format!("{}%", lang.number(100.0 * value, 0))))
        .collect()
}

/// Where a count stands on a scale of powers of ten: one record is still a bar, none is not.
pub(crate) fn power(count: f64) -> f64 {
    count.max(0.5).log10()
}

/// The marks of powers of ten up to a count, five or six at most.
pub(crate) fn power_marks(highest: f64, lang: Lang) -> Vec<Mark> {
    let top = power(highest).ceil().max(1.0) as usize;
    let step = top.div_ceil(5);
    (0..=top)
        .step_by(step)
        .map(|exponent| {
            let value = 10f64.powi(exponent as i32);
            (exponent as f64, lang.number(value, 0))
        })
        .collect()
}
