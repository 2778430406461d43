//! Lines over time: one or several series, with their interval when there is one.

use wdl_result::{Header, Table, Unit};
use wdl_vocab::{Lang, Period};

use crate::frame::{Frame, range};
use crate::marks::{self, Look, look};
use crate::numbers::{bounds, figure, with_unit};
use crate::scale::{Scale, Ticks, ticks_of};
use crate::series::{Keys, Point, View, gaps_among};
use crate::svg::{Anchor, GRID, INK, SOFT, Stroke, letters, text_width, wrapped};
use crate::words::{TEXTS, scale_note};
use crate::{Chart, ChartError, Width, alt};

/// More lines than this cannot be followed.
pub const MAX_LINES: usize = 6;

/// Whether the interval is drawn around a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// Lines only.
    None,
    /// The 95 % confidence interval, where the table has standard errors.
    Confidence95,
}

/// What to draw.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    /// The element's id, unique on its page.
    pub id: &'a str,
    /// The title: the finding, or the indicator's name.
    pub title: &'a str,
    /// The series: one selection of categories each.
    pub series: &'a [Keys],
    /// The interval.
    pub band: Band,
    /// How wide.
    pub width: Width,
}

/// One line to draw.
pub(crate) struct Line {
    pub(crate) label: String,
    pub(crate) points: Vec<Point>,
    look: Look,
}

/// Draws series of a table over its periods.
///
/// # Errors
/// [`ChartError`] when a selection does not fit the table, or there are too many lines.
pub fn lines(table: &Table, request: &Lines<'_>, lang: Lang) -> Result<Chart, ChartError> {
    if request.series.len() > MAX_LINES {
        return Err(ChartError::TooManyLines {
            count: request.series.len(),
            maximum: MAX_LINES,
        });
    }
    let view = View::new(table);
    let periods = view.periods()?;
    let drawn = cut(&view, &periods, request.series, lang)?;
    let gaps = gaps_among(drawn.iter().flat_map(|line| line.points.iter().copied()));
    let span = range(periods[0], periods[periods.len() - 1], lang);
    let alt = alt::of_lines(&table.header, &periods, &drawn, &gaps, lang);
    let frame = Frame::begin(&table.header, request.title, &span, request.width, lang);
    let has_band = request.band == Band::Confidence95 && drawn.iter().any(|line| line.has_error());
    let mut plot = Plot::lay_out(frame, &drawn, &periods, has_band, request.width);
    plot.grid();
    for line in drawn.iter().filter(|_| has_band) {
        plot.band(line);
    }
    for line in &drawn {
        plot.line(line);
    }
    plot.names(&drawn);
    plot.lanes(&drawn);
    plot.periods_axis();
    let mut notes = Vec::new();
    if plot.ticks.is_cut {
        notes.push(TEXTS.get(lang, "axis-cut", &[]));
    }
    if has_band {
        notes.push(TEXTS.get(lang, "band-95", &[]));
        notes.extend(scale_note(&table.header, lang));
    }
    let svg = plot
        .frame
        .finish(request.id, request.title, &alt, &gaps, &notes);
    Ok(Chart { svg, alt, gaps })
}

fn cut(
    view: &View<'_>,
    periods: &[Period],
    series: &[Keys],
    lang: Lang,
) -> Result<Vec<Line>, ChartError> {
    let one = |(place, keys): (usize, &Keys)| {
        view.check(keys)?;
        let point = |period: &Period| Point::of(view.cell(*period, keys));
        Ok(Line {
            label: view.label(keys, lang),
            points: periods.iter().map(point).collect(),
            look: look(place),
        })
    };
    series.iter().enumerate().map(one).collect()
}

impl Line {
    fn has_error(&self) -> bool {
        self.points.iter().any(|point| point.has_error())
    }

    fn has_gap(&self) -> bool {
        self.points
            .iter()
            .any(|point| matches!(point, Point::Missing(_)))
    }

    /// The unbroken stretches of values, as places.
    fn runs(&self) -> Vec<Vec<(usize, f64)>> {
        let mut runs: Vec<Vec<(usize, f64)>> = Vec::new();
        let mut is_open = false;
        for (place, point) in self.points.iter().enumerate() {
            let Some(value) = point.estimate() else {
                is_open = false;
                continue;
            };
            match runs.last_mut() {
                Some(run) if is_open => run.push((place, value)),
                _ => runs.push(vec![(place, value)]),
            }
            is_open = true;
        }
        runs
    }
}

/// The drawing area and its scales.
struct Plot<'a, 'b> {
    frame: Frame<'a>,
    periods: &'b [Period],
    ticks: Ticks,
    scale: Scale,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    width: Width,
}

impl<'a, 'b> Plot<'a, 'b> {
    fn lay_out(
        mut frame: Frame<'a>,
        lines: &[Line],
        periods: &'b [Period],
        has_band: bool,
        width: Width,
    ) -> Plot<'a, 'b> {
        let unit = frame.header.unit;
        let reach = extent(lines, frame.header, has_band);
        // Nothing to show has no scale: only the reasons under the periods.
        let ticks = match reach {
            Some((low, high)) => ticks_of(unit, low, high, 5),
            None => Ticks::none(),
        };
        let height = match reach {
            Some(_) => frame.sheet.sizes.plot_height,
            None => 0.0,
        };
        if reach.is_none() {
            let words = TEXTS.get(frame.sheet.lang, "alt-dots-none", &[]);
            frame
                .sheet
                .paragraph(&words, letters(frame.sheet.sizes.text));
        }
        let tick_width = ticks
            .values
            .iter()
            .map(|value| {
                text_width(
                    &tick_label(unit, &ticks, *value, frame.sheet.lang),
                    frame.sheet.sizes.tick,
                )
            })
            .fold(0.0, f64::max);
        if width == Width::Narrow && lines.len() > 1 {
            key_above(&mut frame, lines);
        }
        let names = match width {
            Width::Wide => names_width(&frame, periods, lines),
            Width::Narrow => 10.0,
        };
        let left = frame.sheet.sizes.margin + tick_width + 8.0;
        let right = frame.sheet.sizes.width - frame.sheet.sizes.margin - names;
        let top = frame.sheet.y + 14.0;
        let bottom = top + height;
        let scale = Scale::new(ticks.ends(), (bottom, top));
        frame.sheet.y = bottom;
        Plot {
            frame,
            periods,
            ticks,
            scale,
            left,
            right,
            top,
            bottom,
            width,
        }
    }

    fn x(&self, place: usize) -> f64 {
        let step = (self.right - self.left) / self.periods.len() as f64;
        self.left + (place as f64 + 0.5) * step
    }

    fn grid(&mut self) {
        let (unit, lang) = (self.frame.header.unit, self.frame.sheet.lang);
        let look = letters(self.frame.sheet.sizes.tick)
            .fill(SOFT)
            .anchor(Anchor::End);
        for value in &self.ticks.values {
            let y = self.scale.at(*value);
            let is_base = *value == self.ticks.ends().0;
            let stroke = Stroke {
                colour: if is_base { SOFT } else { GRID },
                width: 1.0,
                dash: if is_base && self.ticks.is_cut {
                    "3 3"
                } else {
                    ""
                },
            };
            self.frame
                .sheet
                .canvas
                .line((self.left, y), (self.right, y), stroke);
            let shown = tick_label(unit, &self.ticks, *value, lang);
            self.frame
                .sheet
                .canvas
                .text(self.left - 6.0, y + look.size * 0.34, look, &shown);
        }
    }

    fn band(&mut self, line: &Line) {
        let header = self.frame.header;
        for run in line.runs() {
            let mut upper = Vec::new();
            let mut lower = Vec::new();
            for (place, _) in run {
                let Point::Value {
                    estimate,
                    standard_error: Some(error),
                } = line.points[place]
                else {
                    continue;
                };
                let (low, high) = bounds(header, estimate, error);
                upper.push((self.x(place), self.scale.at(high)));
                lower.push((self.x(place), self.scale.at(low)));
            }
            let edge = Stroke {
                colour: line.look.colour,
                width: 0.7,
                dash: "2 2",
            };
            self.frame.sheet.canvas.polyline(&upper, edge);
            self.frame.sheet.canvas.polyline(&lower, edge);
            lower.reverse();
            upper.extend(lower);
            self.frame.sheet.canvas.area(&upper, line.look.colour, 0.12);
        }
    }

    fn line(&mut self, line: &Line) {
        let stroke = Stroke {
            colour: line.look.colour,
            width: 2.2,
            dash: line.look.dash,
        };
        let every = self.periods.len().div_ceil(12).max(1);
        for run in line.runs() {
            let points: Vec<(f64, f64)> = run
                .iter()
                .map(|(place, value)| (self.x(*place), self.scale.at(*value)))
                .collect();
            if points.len() > 1 {
                self.frame.sheet.canvas.polyline(&points, stroke);
            }
            for (position, (place, _)) in run.iter().enumerate() {
                let is_end = position == 0 || position + 1 == run.len();
                if is_end || (self.periods.len() - 1 - place).is_multiple_of(every) {
                    marks::marker(&mut self.frame.sheet.canvas, points[position], line.look);
                }
            }
        }
    }

    /// The name and the last value of each line, at its end, moved apart where they would cover each other.
    fn names(&mut self, lines: &[Line]) {
        if self.width == Width::Narrow {
            return;
        }
        let size = self.frame.sheet.sizes.text;
        let mut ends: Vec<(f64, &Line, f64, Vec<String>)> = lines
            .iter()
            .filter_map(|line| {
                let (place, value) = line.runs().last()?.last().copied()?;
                let words =
                    name_lines(&self.frame, self.periods, line, (place, value), lines.len());
                Some((self.scale.at(value), line, self.x(place), words))
            })
            .collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let step = size * 1.2;
        let heights: Vec<f64> = ends.iter().map(|end| end.3.len() as f64 * step).collect();
        let wanted: Vec<f64> = ends.iter().map(|end| end.0).collect();
        let placed = spread(&wanted, &heights, (self.top, self.bottom));
        for ((y, line, x, words), middle) in ends.iter().zip(placed) {
            let stroke = Stroke {
                colour: line.look.colour,
                width: 1.0,
                dash: "1 2",
            };
            let from = (x + 7.0, *y);
            self.frame
                .sheet
                .canvas
                .line(from, (self.right + 6.0, middle), stroke);
            let first = middle - (words.len() as f64 - 1.0) * step / 2.0 + size * 0.34;
            for (row, text) in words.iter().enumerate() {
                let look = letters(size).fill(line.look.colour);
                let look = if row == 0 { look.bold() } else { look };
                self.frame.sheet.canvas.text(
                    self.right + 10.0,
                    first + row as f64 * step,
                    look,
                    text,
                );
            }
        }
    }

    /// Under the plot, one row per line that misses values: a mark at each of them.
    fn lanes(&mut self, lines: &[Line]) {
        let size = self.frame.sheet.sizes.foot;
        for line in lines.iter().filter(|line| line.has_gap()) {
            self.frame.sheet.y += size * 1.2;
            let y = self.frame.sheet.y;
            for (place, point) in line.points.iter().enumerate() {
                if let Point::Missing(gap) = point {
                    let at = (self.x(place), y - size * 0.33);
                    marks::gap(&mut self.frame.sheet.canvas, at, *gap, line.look.colour);
                }
            }
            if lines.len() > 1 && self.width == Width::Wide {
                let room = self.frame.sheet.sizes.width - self.right - 14.0;
                let name = wrapped(&line.label, size, room).swap_remove(0);
                let look = letters(size).fill(line.look.colour);
                self.frame
                    .sheet
                    .canvas
                    .text(self.right + 10.0, y, look, &name);
            }
        }
        self.frame.sheet.y += 4.0;
    }

    fn periods_axis(&mut self) {
        let size = self.frame.sheet.sizes.tick;
        let look = letters(size).fill(SOFT).anchor(Anchor::Middle);
        let y = self.frame.sheet.y + size * 1.3;
        let step = (self.right - self.left) / self.periods.len() as f64;
        let stroke = Stroke {
            colour: SOFT,
            width: 1.0,
            dash: "",
        };
        let years = self.years();
        let room = text_width("2026", size) + 8.0;
        let widest = years.iter().map(|(_, count)| *count).max().unwrap_or(1) as f64 * step;
        let every = (room / widest).ceil().max(1.0) as usize;
        let quarters = matches!(self.periods[0], Period::Quarter { .. });
        for (from_last, (first, count)) in years.iter().rev().enumerate() {
            let from = self.left + *first as f64 * step;
            let to = from + *count as f64 * step;
            if quarters && *first > 0 {
                self.frame.sheet.canvas.line(
                    (from, self.bottom),
                    (from, self.frame.sheet.y + 4.0),
                    stroke,
                );
            }
            // A year cut by the edge of the data has little room: its number stands only when it fits.
            let fits = to - from + 8.0 >= room || every > 1;
            if from_last % every == 0 && fits {
                let year = self.periods[*first].year().to_string();
                self.frame
                    .sheet
                    .canvas
                    .text((from + to) / 2.0, y, look, &year);
            }
        }
        if self.periods.len() == 1 && quarters {
            let label = self.periods[0].label(self.frame.sheet.lang);
            let middle = (self.left + self.right) / 2.0;
            self.frame
                .sheet
                .canvas
                .text(middle, y + size * 1.2, look, &label);
            self.frame.sheet.y += size * 1.2;
        }
        self.frame.sheet.y = y;
    }

    /// The calendar years on the axis: first place and count of places.
    fn years(&self) -> Vec<(usize, usize)> {
        let mut years: Vec<(usize, usize)> = Vec::new();
        for (place, period) in self.periods.iter().enumerate() {
            match years.last_mut() {
                Some((first, count)) if self.periods[*first].year() == period.year() => *count += 1,
                _ => years.push((place, 1)),
            }
        }
        years
    }
}

/// The lowest and the highest value or end of an interval; none without any.
fn extent(lines: &[Line], header: &Header, has_band: bool) -> Option<(f64, f64)> {
    let mut low = f64::INFINITY;
    let mut high = f64::NEG_INFINITY;
    for point in lines.iter().flat_map(|line| &line.points) {
        let Point::Value {
            estimate,
            standard_error,
        } = *point
        else {
            continue;
        };
        let (from, to) = match standard_error.filter(|_| has_band) {
            Some(error) => bounds(header, estimate, error),
            None => (estimate, estimate),
        };
        low = low.min(from);
        high = high.max(to);
    }
    (low <= high).then_some((low, high))
}

/// The words of a mark of the upward side.
pub(crate) fn tick_label(unit: Unit, ticks: &Ticks, value: f64, lang: Lang) -> String {
    let decimals = match unit {
        Unit::Share => ticks.decimals.saturating_sub(2),
        _ => ticks.decimals,
    };
    with_unit(unit, decimals, value, lang)
}

/// The widest name a chart keeps room for at the right.
const NAME_WIDTH: f64 = 150.0;

fn name_lines(
    frame: &Frame<'_>,
    periods: &[Period],
    line: &Line,
    (place, value): (usize, f64),
    count: usize,
) -> Vec<String> {
    let shown = figure(frame.header, value, frame.sheet.lang);
    let mut words = match count {
        1 => shown,
        _ => format!("{} {shown}", line.label),
    };
    // A line that ends early says when.
    if place + 1 < periods.len() {
        words.push_str(&format!(" ({})", periods[place].label(frame.sheet.lang)));
    }
    wrapped(&words, frame.sheet.sizes.text, NAME_WIDTH)
}

fn names_width(frame: &Frame<'_>, periods: &[Period], lines: &[Line]) -> f64 {
    let widest = lines
        .iter()
        .filter_map(|line| {
            let last = line.runs().last()?.last().copied()?;
            Some(name_lines(frame, periods, line, last, lines.len()))
        })
        .flatten()
        .map(|words| text_width(&words, frame.sheet.sizes.text) * 1.06)
        .fold(40.0, f64::max);
    widest + 14.0
}

/// On a narrow chart: marker, dash and name of each line above the plot.
fn key_above(frame: &mut Frame<'_>, lines: &[Line]) {
    let size = frame.sheet.sizes.text;
    for line in lines {
        let last = line
            .runs()
            .last()
            .and_then(|run| run.last())
            .map(|(_, v)| *v);
        let words = match last {
            Some(value) => format!(
                "{} {}",
                line.label,
                figure(frame.header, value, frame.sheet.lang)
            ),
            None => line.label.clone(),
        };
        let left = frame.sheet.sizes.margin;
        let room = frame.sheet.sizes.width - 2.0 * left - 46.0;
        for (row, text) in wrapped(&words, size, room).iter().enumerate() {
            frame.sheet.y += size * 1.35;
            if row == 0 {
                let y = frame.sheet.y - size * 0.33;
                let stroke = Stroke {
                    colour: line.look.colour,
                    width: 2.2,
                    dash: line.look.dash,
                };
                frame.sheet.canvas.line((left, y), (left + 38.0, y), stroke);
                marks::marker(&mut frame.sheet.canvas, (left + 19.0, y), line.look);
            }
            frame
                .sheet
                .canvas
                .text(left + 46.0, frame.sheet.y, letters(size).fill(INK), text);
        }
    }
}

/// Moves boxes apart along a line, keeping their order and staying between the ends where there is room.
fn spread(wanted: &[f64], heights: &[f64], (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut placed = wanted.to_vec();
    let mut free = top;
    for (middle, height) in placed.iter_mut().zip(heights) {
        *middle = middle.max(free + height / 2.0);
        free = *middle + height / 2.0;
    }
    let mut free = bottom;
    for (middle, height) in placed.iter_mut().zip(heights).rev() {
        *middle = middle.min(free - height / 2.0);
        free = *middle - height / 2.0;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_cover_each_other() {
        let placed = spread(&[10.0, 11.0, 12.0, 95.0], &[10.0; 4], (0.0, 100.0));
        for pair in placed.windows(2) {
            assert!(pair[1] - pair[0] >= 10.0 - 1e-9, "{placed:?}");
        }
        assert_eq!(placed[3], 95.0);
    }
}
