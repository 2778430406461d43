//! Categories side by side at one period: a dot on a stem from zero, its interval, the total as a reference.

use wdl_result::Table;
use wdl_vocab::{Lang, Period};

use crate::frame::Frame;
use crate::lines::tick_label;
use crate::marks::{self, look};
use crate::numbers::{bounds, figure};
use crate::scale::{Scale, Ticks, ticks_of};
use crate::series::{Keys, Point, View, gaps_among, rows_of};
use crate::svg::{Anchor, GRID, Letters, SOFT, Stroke, letters, text_width, wrapped};
use crate::words::{TEXTS, gap_word, scale_note};
use crate::{Chart, ChartError, Width, alt};

/// What to draw.
#[derive(Clone, Debug)]
pub struct Dots<'a> {
    /// The element's id, unique on its page.
    pub id: &'a str,
    /// The title: the finding, or the indicator's name.
    pub title: &'a str,
    /// The period.
    pub period: Period,
    /// How wide.
    pub width: Width,
}

/// One category.
pub(crate) struct Dot {
    pub(crate) label: String,
    pub(crate) point: Point,
    pub(crate) is_total: bool,
}

/// Draws the categories of a one-dimension table at one period, in the order of the table: a ranking of noisy places would read as a judgement.
///
/// # Errors
/// [`ChartError`] when the table has not exactly one dimension.
pub fn dots(table: &Table, request: &Dots<'_>, lang: Lang) -> Result<Chart, ChartError> {
    if table.dimensions.len() != 1 {
        return Err(ChartError::WrongDimensions {
            table: table.breakdown(),
            expected: 1,
            actual: table.dimensions.len(),
        });
    }
    let view = View::new(table);
    let drawn = dots_of(&view, request.period, lang);
    let gaps = gaps_among(drawn.iter().map(|dot| dot.point));
    let alt = alt::of_dots("alt-dots", (table, request.period), &drawn, &gaps, lang);
    let period = request.period.label(lang);
    let frame = Frame::begin(&table.header, request.title, &period, request.width, lang);
    let mut rows = Rows::lay_out(frame, &drawn, request.width);
    rows.grid(&drawn);
    for dot in &drawn {
        rows.draw(dot);
    }
    rows.marks_below();
    let mut notes = Vec::new();
    if drawn
        .iter()
        .any(|dot| dot.is_total && dot.point.estimate().is_some())
    {
        notes.push(TEXTS.get(lang, "line-total", &[]));
    }
    if drawn.iter().any(|dot| dot.point.has_error()) {
        notes.push(TEXTS.get(lang, "whisker-95", &[]));
        notes.extend(scale_note(&table.header, lang));
    }
    let svg = rows
        .frame
        .finish(request.id, request.title, &alt, &gaps, &notes);
    Ok(Chart { svg, alt, gaps })
}

/// The total and the categories of a one-dimension table at a period.
pub(crate) fn dots_of(view: &View<'_>, period: Period, lang: Lang) -> Vec<Dot> {
    let rows = rows_of(view);
    let dot = |keys: &Keys| Dot {
        label: view.label(keys, lang),
        point: Point::of(view.cell(period, keys)),
        is_total: keys[0].is_none(),
    };
    rows.iter().map(dot).collect()
}

/// The rows and their scale.
struct Rows<'a> {
    frame: Frame<'a>,
    scale: Scale,
    ticks: Ticks,
    /// False when nothing can be shown: a scale would stand for no value.
    has_values: bool,
    name_width: f64,
    left: f64,
    right: f64,
    width: Width,
}

impl<'a> Rows<'a> {
    fn lay_out(mut frame: Frame<'a>, dots: &[Dot], width: Width) -> Rows<'a> {
        let header = frame.header;
        let reach = |dot: &Dot| match dot.point {
            Point::Value {
                estimate,
                standard_error,
            } => {
                let error = standard_error.unwrap_or(0.0);
                Some(bounds(header, estimate, error))
            }
            Point::Missing(_) => None,
        };
        let low = dots
            .iter()
            .filter_map(reach)
            .map(|ends| ends.0)
            .fold(0.0, f64::min);
        let high = dots
            .iter()
            .filter_map(reach)
            .map(|ends| ends.1)
            .fold(0.0, f64::max);
        let ticks = ticks_of(header.unit, low, high, 4);
        let size = frame.sheet.sizes.text;
        let widest = |text: &str| text_width(text, size);
        let shown = dots
            .iter()
            .filter_map(|dot| dot.point.estimate())
            .map(|value| widest(&figure(header, value, frame.sheet.lang)))
            .fold(0.0, f64::max);
        let name_width = match width {
            Width::Wide => dots
                .iter()
                .map(|dot| widest(&dot.label))
                .fold(60.0, f64::max)
                .min(210.0),
            Width::Narrow => 0.0,
        };
        let gap = if width == Width::Wide { 14.0 } else { 8.0 };
        let left = frame.sheet.sizes.margin + name_width + gap;
        let right = frame.sheet.sizes.width - frame.sheet.sizes.margin - shown - 14.0;
        frame.sheet.y += 8.0;
        Rows {
            frame,
            scale: Scale::new(ticks.ends(), (left, right)),
            ticks,
            has_values: dots.iter().any(|dot| dot.point.estimate().is_some()),
            name_width,
            left,
            right,
            width,
        }
    }

    /// The lines of a category's name and the height of its row.
    fn name(&self, dot: &Dot) -> (Vec<String>, f64) {
        let size = self.frame.sheet.sizes.text;
        let room = match self.width {
            Width::Wide => self.name_width + 6.0,
            Width::Narrow => self.frame.sheet.sizes.width - 2.0 * self.frame.sheet.sizes.margin,
        };
        let lines = wrapped(&dot.label, size, room);
        let height = lines.len().max(1) as f64 * size * 1.2;
        match self.width {
            Width::Wide => (lines, height.max(18.0) + 8.0),
            Width::Narrow => (lines, height + 24.0),
        }
    }

    fn grid(&mut self, dots: &[Dot]) {
        let top = self.frame.sheet.y;
        let bottom = top + dots.iter().map(|dot| self.name(dot).1).sum::<f64>();
        let values = self.ticks.values.iter().filter(|_| self.has_values);
        for value in values {
            let x = self.scale.at(*value);
            let stroke = Stroke {
                colour: if *value == 0.0 { SOFT } else { GRID },
                width: 1.0,
                dash: "",
            };
            self.frame.sheet.canvas.line((x, top), (x, bottom), stroke);
        }
        let total = dots
            .iter()
            .find(|dot| dot.is_total)
            .and_then(|dot| dot.point.estimate());
        if let Some(value) = total {
            let x = self.scale.at(value);
            let stroke = Stroke {
                colour: look(0).colour,
                width: 1.2,
                dash: "4 3",
            };
            self.frame.sheet.canvas.line((x, top), (x, bottom), stroke);
        }
    }

    fn draw(&mut self, dot: &Dot) {
        let (lines, height) = self.name(dot);
        let size = self.frame.sheet.sizes.text;
        let name: Letters = match (dot.is_total, self.width) {
            (true, Width::Wide) => letters(size).bold().anchor(Anchor::End),
            (false, Width::Wide) => letters(size).anchor(Anchor::End),
            (true, Width::Narrow) => letters(size).bold().halo(),
            (false, Width::Narrow) => letters(size).halo(),
        };
        let step = size * 1.2;
        let block = lines.len() as f64 * step;
        let (x, first, middle) = match self.width {
            Width::Wide => {
                let middle = self.frame.sheet.y + height / 2.0;
                (self.left - 12.0, middle - block / 2.0 + size * 0.95, middle)
            }
            Width::Narrow => (
                self.frame.sheet.sizes.margin,
                self.frame.sheet.y + size,
                self.frame.sheet.y + block + 10.0,
            ),
        };
        for (row, line) in lines.iter().enumerate() {
            self.frame
                .sheet
                .canvas
                .text(x, first + row as f64 * step, name, line);
        }
        self.mark(dot, middle);
        self.frame.sheet.y += height;
    }

    fn mark(&mut self, dot: &Dot, y: f64) {
        let look = look(usize::from(!dot.is_total));
        let size = self.frame.sheet.sizes.text;
        let zero = self.scale.at(0.0);
        let text_y = y + size * 0.34;
        let Point::Value {
            estimate,
            standard_error,
        } = dot.point
        else {
            let Point::Missing(gap) = dot.point else {
                return;
            };
            marks::gap(
                &mut self.frame.sheet.canvas,
                (zero + 6.0, y),
                gap,
                look.colour,
            );
            let word = gap_word(gap, self.frame.sheet.lang);
            let soft = letters(size).fill(SOFT).halo();
            self.frame
                .sheet
                .canvas
                .text(zero + 16.0, text_y, soft, &word);
            return;
        };
        let x = self.scale.at(estimate);
        let stem = Stroke {
            colour: look.colour,
            width: 2.2,
            dash: "",
        };
        self.frame.sheet.canvas.line((zero, y), (x, y), stem);
        let mut end = x;
        if let Some(error) = standard_error {
            let (low, high) = bounds(self.frame.header, estimate, error);
            end = self.scale.at(high);
            self.whisker((self.scale.at(low), end), y);
        }
        marks::marker(&mut self.frame.sheet.canvas, (x, y), look);
        let shown = figure(self.frame.header, estimate, self.frame.sheet.lang);
        let look = letters(size).fill(look.colour).bold().halo();
        // A value below zero has its number at the right of the zero line, never over the stem.
        let at = end.max(zero).min(self.right) + 9.0;
        self.frame.sheet.canvas.text(at, text_y, look, &shown);
    }

    /// What each line of the grid stands at, those that would touch the one before left out.
    fn marks_below(&mut self) {
        if !self.has_values {
            return;
        }
        let size = self.frame.sheet.sizes.tick;
        let look = letters(size).fill(SOFT).anchor(Anchor::Middle);
        let y = self.frame.sheet.y + size + 3.0;
        let mut free = f64::NEG_INFINITY;
        for value in &self.ticks.values {
            let (unit, lang) = (self.frame.header.unit, self.frame.sheet.lang);
            let words = tick_label(unit, &self.ticks, *value, lang);
            let half = text_width(&words, size) / 2.0;
            let x = self.scale.at(*value).max(half + 2.0);
            if x - half < free {
                continue;
            }
            free = x + half + 8.0;
            self.frame.sheet.canvas.text(x, y, look, &words);
        }
        self.frame.sheet.y = y;
    }

    fn whisker(&mut self, (from, to): (f64, f64), y: f64) {
        let stroke = Stroke {
            colour: "#17324d",
            width: 1.2,
            dash: "",
        };
        let canvas = &mut self.frame.sheet.canvas;
        canvas.line((from, y + 6.5), (to, y + 6.5), stroke);
        canvas.line((from, y + 4.0), (from, y + 9.0), stroke);
        canvas.line((to, y + 4.0), (to, y + 9.0), stroke);
    }
}
