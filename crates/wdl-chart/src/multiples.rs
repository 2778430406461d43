//! Small charts of the same scale, one for each category, where lines in one chart would be too many to follow.

use wdl_result::Table;
use wdl_vocab::{Lang, Period};

use crate::frame::{Frame, range};
use crate::lines::tick_label;
use crate::marks;
use crate::numbers::{bounds, figure};
use crate::scale::{Scale, Ticks, ticks_of};
use crate::series::{Keys, Point, View, gaps_among, rows_of};
use crate::svg::{Anchor, GRID, INK, SOFT, Stroke, letters, text_width, wrapped};
use crate::words::{TEXTS, gap_word, scale_note};
use crate::{Chart, ChartError, Width, alt};

/// More panels than this are a table.
pub const MAX_PANELS: usize = 48;

/// What to draw.
#[derive(Clone, Debug)]
pub struct Multiples<'a> {
    /// The element's id, unique on its page.
    pub id: &'a str,
    /// The title: the finding, or the indicator's name.
    pub title: &'a str,
    /// How wide.
    pub width: Width,
}

/// One category over all periods.
struct Panel {
    name: String,
    points: Vec<Point>,
}

/// Draws every category of a one-dimension table over its periods, each in a chart of its own with the total behind it.
///
/// # Errors
/// [`ChartError`] when the table has not exactly one dimension, is empty, or has more than [`MAX_PANELS`] categories.
pub fn multiples(table: &Table, request: &Multiples<'_>, lang: Lang) -> Result<Chart, ChartError> {
    let [dimension] = table.dimensions.as_slice() else {
        return Err(ChartError::WrongDimensions {
            table: table.breakdown(),
            expected: 1,
            actual: table.dimensions.len(),
        });
    };
    if dimension.categories.len() > MAX_PANELS {
        return Err(ChartError::TooManyLines {
            count: dimension.categories.len(),
            maximum: MAX_PANELS,
        });
    }
    let view = View::new(table);
    let periods = view.periods()?;
    let points = |keys: &Keys| -> Vec<Point> {
        let point = |period: &Period| Point::of(view.cell(*period, keys));
        periods.iter().map(point).collect()
    };
    let (total, rows): (Vec<Keys>, Vec<Keys>) = rows_of(&view)
        .into_iter()
        .partition(|keys| keys[0].is_none());
    let total = total.first().map(points);
    let panels: Vec<Panel> = rows
        .iter()
        .map(|keys| Panel {
            name: view.label(keys, lang),
            points: points(keys),
        })
        .collect();
    let gaps = gaps_among(panels.iter().flat_map(|panel| panel.points.iter().copied()));
    let last = panels
        .iter()
        .filter_map(|panel| Some((panel.name.as_str(), panel.points.last()?.estimate()?)));
    let span = range(periods[0], periods[periods.len() - 1], lang);
    let alt = alt::of_multiples(table, &periods, last.collect(), &gaps, lang);
    let mut frame = Frame::begin(&table.header, request.title, &span, request.width, lang);
    frame.sheet.y += 8.0;
    let mut board = Board::lay_out(frame, &panels, total, &periods, request.width);
    for row in panels.chunks(board.across) {
        board.row(row);
    }
    let notes = board.notes();
    let svg = board
        .frame
        .finish(request.id, request.title, &alt, &gaps, &notes);
    Ok(Chart { svg, alt, gaps })
}

/// The drawing under way.
struct Board<'a, 'b> {
    frame: Frame<'a>,
    total: Option<Vec<Point>>,
    periods: &'b [Period],
    ticks: Ticks,
    has_error: bool,
    across: usize,
    left: f64,
    step: f64,
    height: f64,
}

impl<'a, 'b> Board<'a, 'b> {
    fn lay_out(
        frame: Frame<'a>,
        panels: &[Panel],
        total: Option<Vec<Point>>,
        periods: &'b [Period],
        width: Width,
    ) -> Board<'a, 'b> {
        let unit = frame.header.unit;
        let own = panels.iter().flat_map(|panel| &panel.points);
        // The total of numbers would press the parts flat: it is drawn for shares and means only.
        let total = total.filter(|_| !crate::series::adds_up(frame.header));
        let all = || own.clone().chain(total.iter().flatten());
        let reach = |point: &Point| match *point {
            Point::Value {
                estimate,
                standard_error,
            } => Some(bounds(
                frame.header,
                estimate,
                standard_error.unwrap_or(0.0),
            )),
            Point::Missing(_) => None,
        };
        let low = all()
            .filter_map(reach)
            .map(|ends| ends.0)
            .fold(f64::INFINITY, f64::min);
        let high = all()
            .filter_map(reach)
            .map(|ends| ends.1)
            .fold(f64::NEG_INFINITY, f64::max);
        let ticks = if low > high {
            ticks_of(unit, 0.0, 1.0, 3)
        } else {
            ticks_of(unit, low, high, 3)
        };
        let has_error = own.clone().any(|point| point.has_error());
        let (lang, size) = (frame.sheet.lang, frame.sheet.sizes.tick);
        let widest = ticks
            .values
            .iter()
            .map(|value| text_width(&tick_label(unit, &ticks, *value, lang), size))
            .fold(0.0, f64::max);
        let (across, height) = match width {
            Width::Wide => (3, 92.0),
            Width::Narrow => (2, 84.0),
        };
        let left = frame.sheet.sizes.margin + widest + 8.0;
        let room = frame.sheet.sizes.width - frame.sheet.sizes.margin - left;
        Board {
            step: room / across as f64,
            frame,
            total,
            periods,
            ticks,
            has_error,
            across,
            left,
            height,
        }
    }

    fn row(&mut self, panels: &[Panel]) {
        let size = self.frame.sheet.sizes.text;
        let room = self.step - 14.0;
        let names: Vec<Vec<String>> = panels
            .iter()
            .map(|panel| wrapped(&self.named(panel), size, room))
            .collect();
        let lines = names.iter().map(Vec::len).max().unwrap_or(1);
        let top = self.frame.sheet.y + lines as f64 * size * 1.2 + 12.0;
        for (place, (panel, name)) in panels.iter().zip(&names).enumerate() {
            let left = self.left + self.step * place as f64;
            for (row, line) in name.iter().enumerate() {
                let y = self.frame.sheet.y + size + row as f64 * size * 1.2;
                let look = letters(size).bold();
                self.frame.sheet.canvas.text(left, y, look, line);
            }
            self.panel(panel, (left, left + room), top, place == 0);
        }
        self.frame.sheet.y = top + self.height + self.frame.sheet.sizes.tick + 16.0;
    }

    /// The name of a panel with its newest value, and its period where that is not the last of all; the reason where there is none.
    fn named(&self, panel: &Panel) -> String {
        let (header, lang) = (self.frame.header, self.frame.sheet.lang);
        let known = panel.points.iter().zip(self.periods).rev();
        let newest = known
            .filter_map(|(point, period)| Some((point.estimate()?, *period)))
            .next();
        let name = &panel.name;
        match (newest, panel.points.last()) {
            (Some((value, period)), _) if Some(&period) == self.periods.last() => {
                format!("{name} {}", figure(header, value, lang))
            }
            (Some((value, period)), _) => {
                format!(
                    "{name} {} ({})",
                    figure(header, value, lang),
                    period.label(lang)
                )
            }
            (None, Some(Point::Missing(gap))) => format!("{name}: {}", gap_word(*gap, lang)),
            (None, _) => name.clone(),
        }
    }

    fn panel(&mut self, panel: &Panel, (left, right): (f64, f64), top: f64, is_first: bool) {
        let bottom = top + self.height;
        let y = Scale::new(self.ticks.ends(), (bottom, top));
        let last = self.periods.len().saturating_sub(1).max(1) as f64;
        let x = Scale::new((0.0, last), (left + 4.0, right - 4.0));
        let (lang, size) = (self.frame.sheet.lang, self.frame.sheet.sizes.tick);
        let canvas = &mut self.frame.sheet.canvas;
        let soft = letters(size).fill(SOFT);
        for value in &self.ticks.values {
            let at = y.at(*value);
            let colour = if *value == 0.0 { SOFT } else { GRID };
            canvas.line((left, at), (right, at), crate::axes::thin(colour));
            if is_first {
                let words = tick_label(self.frame.header.unit, &self.ticks, *value, lang);
                let look = soft.anchor(Anchor::End);
                canvas.text(left - 6.0, at + size * 0.34, look, &words);
            }
        }
        let ends = [
            (left, Anchor::Start, self.periods.first()),
            (right, Anchor::End, self.periods.last()),
        ];
        for (at, anchor, period) in ends {
            if let Some(period) = period {
                let words = short(*period);
                let look = soft.anchor(anchor);
                canvas.text(at, bottom + size + 3.0, look, &words);
            }
        }
        if let Some(total) = &self.total {
            let dashed = Stroke {
                colour: SOFT,
                width: 1.2,
                dash: "4 3",
            };
            for run in runs(total) {
                canvas.polyline(&placed(&run, &x, &y), dashed);
            }
        }
        if self.has_error {
            for run in runs(&panel.points) {
                let band = band(&panel.points, &run, self.frame.header, &x, &y);
                canvas.area(&band, marks::look(1).colour, 0.18);
            }
        }
        let line = Stroke {
            colour: marks::look(1).colour,
            width: 2.0,
            dash: "",
        };
        for run in runs(&panel.points) {
            let points = placed(&run, &x, &y);
            match points.as_slice() {
                [alone] => marks::marker(canvas, *alone, marks::look(1)),
                more => canvas.polyline(more, line),
            }
        }
        if let Some(Point::Value { estimate, .. }) = panel.points.last() {
            let at = (x.at((self.periods.len() - 1) as f64), y.at(*estimate));
            marks::marker(canvas, at, marks::look(1));
        }
        for (place, point) in panel.points.iter().enumerate() {
            if let Point::Missing(gap) = point {
                marks::gap(canvas, (x.at(place as f64), bottom - 5.0), *gap, INK);
            }
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut keys = vec!["multiples-scale"];
        if self.ticks.is_cut {
            keys.push("axis-cut");
        }
        if self.total.is_some() {
            keys.push("line-total");
        }
        if self.has_error {
            keys.push("band-95");
        }
        let lang = self.frame.sheet.lang;
        let mut notes: Vec<String> = keys.iter().map(|key| TEXTS.get(lang, key, &[])).collect();
        notes.extend(scale_note(self.frame.header, lang).filter(|_| self.has_error));
        notes
    }
}

/// A period without words: `2024`, `2026-Q3`.
fn short(period: Period) -> String {
    period.to_string()
}

/// The unbroken stretches of values: places and values.
fn runs(points: &[Point]) -> Vec<Vec<(usize, f64)>> {
    let values: Vec<Option<f64>> = points.iter().map(|point| point.estimate()).collect();
    let places: Vec<(usize, Option<f64>)> = values.into_iter().enumerate().collect();
    places
        .split(|(_, value)| value.is_none())
        .map(|run| {
            let known = run.iter();
            known
                .filter_map(|(place, value)| Some((*place, (*value)?)))
                .collect()
        })
        .filter(|run: &Vec<(usize, f64)>| !run.is_empty())
        .collect()
}

fn placed(run: &[(usize, f64)], x: &Scale, y: &Scale) -> Vec<(f64, f64)> {
    run.iter()
        .map(|(place, value)| (x.at(*place as f64), y.at(*value)))
        .collect()
}

/// The outline of the interval around a run.
fn band(
    points: &[Point],
    run: &[(usize, f64)],
    header: &wdl_result::Header,
    x: &Scale,
    y: &Scale,
) -> Vec<(f64, f64)> {
    let ends = |place: usize, value: f64| match points[place] {
        Point::Value {
            standard_error: Some(error),
            ..
        } => bounds(header, value, error),
        _ => (value, value),
    };
    let upper = run
        .iter()
        .map(|(place, value)| (x.at(*place as f64), y.at(ends(*place, *value).1)));
    let lower = run
        .iter()
        .rev()
        .map(|(place, value)| (x.at(*place as f64), y.at(ends(*place, *value).0)));
    upper.chain(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Gap;

    #[test]
    fn a_gap_breaks_a_line() {
        let value = |estimate| Point::Value {
            estimate,
            standard_error: None,
        };
        let gap = Point::Missing(Gap::Suppressed);
        let found = runs(&[gap, value(1.0), value(2.0), gap, gap, value(3.0)]);
        assert_eq!(found, [vec![(1, 1.0), (2, 2.0)], vec![(5, 3.0)]]);
        assert!(runs(&[gap]).is_empty());
    }
}
