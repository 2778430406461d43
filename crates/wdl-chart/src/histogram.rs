//! How many units stand in each class of a number, with the lines of thresholds across.
//!
//! The area of a bar is its number: a class twice as wide is half as high, so that wide classes do not look full.

use wdl_result::Table;
use wdl_vocab::{Lang, Period};

use crate::axes::{Axes, Side};
use crate::classes::{EDGE, gap_fill};
use crate::dots::{Dot, dots_of};
use crate::frame::Frame;
use crate::groups::{Range, ranges};
use crate::numbers::{unit_words, with_unit};
use crate::scale::{Ticks, ticks};
use crate::series::{Gaps, Point, View, adds_up, gaps_among};
use crate::svg::{Anchor, INK, Stroke, letters, text_width};
use crate::words::TEXTS;
use crate::{Chart, ChartError, Width, alt};

/// A line across the classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// Its name and value, in the reader's language.
    pub words: String,
    /// Where it stands, in the unit of the classes.
    pub value: f64,
}

/// What to draw.
#[derive(Clone, Debug)]
pub struct Histogram<'a> {
    /// The element's id, unique on its page.
    pub id: &'a str,
    /// The title: the finding, or the indicator's name.
    pub title: &'a str,
    /// The period.
    pub period: Period,
    /// The lines.
    pub thresholds: &'a [Threshold],
    /// How wide.
    pub width: Width,
}

/// One class: from, to, what its cell says.
struct Bar {
    from: f64,
    to: f64,
    is_open: bool,
    point: Point,
}

/// Draws a one-dimension table of numbers whose categories are ranges.
///
/// # Errors
/// [`ChartError`] when the table has not exactly one dimension, its categories are no ranges one after the other, or it does not count.
pub fn histogram(table: &Table, request: &Histogram<'_>, lang: Lang) -> Result<Chart, ChartError> {
    let [dimension] = table.dimensions.as_slice() else {
        return Err(ChartError::WrongDimensions {
            table: table.breakdown(),
            expected: 1,
            actual: table.dimensions.len(),
        });
    };
    let wrong = || ChartError::NotRanges {
        table: table.breakdown(),
    };
    let ranges = ranges(dimension)
        .filter(|_| adds_up(&table.header))
        .ok_or_else(wrong)?;
    let view = View::new(table);
    let dots: Vec<Dot> = dots_of(&view, request.period, lang);
    let bars = bars(&ranges, dots.iter().filter(|dot| !dot.is_total));
    let gaps = gaps_among(bars.iter().map(|bar| bar.point));
    let words = alt::of_dots("alt-histogram", (table, request.period), &dots, &gaps, lang);
    let lines: Vec<&str> = request
        .thresholds
        .iter()
        .map(|threshold| threshold.words.as_str())
        .collect();
    let alt = match lines.is_empty() {
        true => words,
        false => {
            let args = [("lines", lines.join("; "))];
            format!("{words} {}", TEXTS.get(lang, "alt-thresholds", &args))
        }
    };
    let period = request.period.label(lang);
    let mut frame = Frame::begin(&table.header, request.title, &period, request.width, lang);
    frame.sheet.fill_gaps(request.id);
    let across = dimension.label.get(lang);
    let svg = drawn(frame, &bars, request, across, (&alt, &gaps));
    Ok(Chart { svg, alt, gaps })
}

/// The classes; an open one is drawn as wide as the one before.
fn bars<'a>(ranges: &[Range], dots: impl Iterator<Item = &'a Dot>) -> Vec<Bar> {
    let width = |place: usize| ranges[place].to.map(|to| to - ranges[place].from);
    let bar = |(place, dot): (usize, &Dot)| {
        let Range { from, to } = ranges[place];
        let before = place.checked_sub(1).and_then(width).unwrap_or(1.0);
        Bar {
            from,
            to: to.unwrap_or(from + before),
            is_open: to.is_none(),
            point: dot.point,
        }
    };
    dots.enumerate().map(bar).collect()
}

fn drawn(
    mut frame: Frame<'_>,
    bars: &[Bar],
    request: &Histogram<'_>,
    across_name: &str,
    (alt, gaps): (&str, &Gaps),
) -> String {
    let (header, lang) = (frame.header, frame.sheet.lang);
    // The height of a bar is its number for a class of the narrowest width.
    let narrowest = bars
        .iter()
        .map(|bar| bar.to - bar.from)
        .fold(f64::INFINITY, f64::min);
    let density = |bar: &Bar, value: f64| value * narrowest / (bar.to - bar.from);
    let highest = bars
        .iter()
        .filter_map(|bar| Some(density(bar, bar.point.estimate()?)))
        .fold(0.0, f64::max);
    let (first, last) = (bars[0].from, bars[bars.len() - 1].to);
    let wanted = if request.width == Width::Wide { 8 } else { 4 };
    let mut across = ticks(first.min(0.0), last, wanted);
    across
        .values
        .retain(|value| *value >= first && *value <= last);
    // One line of words for each threshold, so that none covers another.
    let is_open = bars[bars.len() - 1].is_open;
    let heads = request.thresholds.len();
    let per = [
        ("unit", unit_words(header.unit, lang)),
        ("width", lang.number(narrowest, 0)),
    ];
    let upward = TEXTS.get(lang, "histogram-upward", &per);
    let height = frame.sheet.sizes.plot_height * 0.8;
    let axes = Axes::lay_out(
        &mut frame.sheet,
        &Side {
            ticks: Ticks {
                values: ends(first, last, across.values),
                ..across
            },
            // Where an open class is drawn to end is no limit of anything.
            words: &|ticks: &Ticks, value: f64| match is_open && value == last {
                true => String::new(),
                false => lang.number(value, ticks.decimals),
            },
            name: across_name,
        },
        &Side {
            ticks: ticks(0.0, highest, 4),
            words: &|ticks: &Ticks, value: f64| with_unit(header.unit, ticks.decimals, value, lang),
            name: &upward,
        },
        (heads as f64 * 18.0 + 12.0, height),
        false,
    );
    for bar in bars {
        let (left, right) = (axes.x.at(bar.from), axes.x.at(bar.to));
        let (top, fill) = match bar.point {
            Point::Value { estimate, .. } => {
                (axes.y.at(density(bar, estimate)), "#aed0ee".to_owned())
            }
            // As high as the plane: what is hidden may be anything.
            Point::Missing(gap) => (axes.top, gap_fill(request.id, gap)),
        };
        let size = (right - left, axes.bottom - top);
        frame
            .sheet
            .canvas
            .rect((left, top), size, &fill, EDGE.colour);
        if bar.is_open {
            let look = letters(frame.sheet.sizes.tick).anchor(Anchor::End);
            let at = (right - 3.0, top - 4.0);
            frame.sheet.canvas.text(at.0, at.1, look, "→");
        }
    }
    thresholds(&mut frame, &axes, request.thresholds);
    let mut notes = Vec::new();
    let is_uneven = bars
        .iter()
        .any(|bar| (bar.to - bar.from - narrowest).abs() > narrowest * 1e-9);
    if is_uneven {
        notes.push(TEXTS.get(lang, "histogram-area", &[]));
    }
    if is_open {
        notes.push(TEXTS.get(lang, "histogram-open", &[]));
    }
    frame.finish(request.id, request.title, alt, gaps, &notes)
}

/// Marks with the two ends of the classes among them, so that the scale reaches as far as they do.
fn ends(first: f64, last: f64, mut values: Vec<f64>) -> Vec<f64> {
    if values.first() != Some(&first) {
        values.insert(0, first);
    }
    if values.last() != Some(&last) {
        values.push(last);
    }
    values
}

fn thresholds(frame: &mut Frame<'_>, axes: &Axes, thresholds: &[Threshold]) {
    let size = frame.sheet.sizes.tick;
    for (place, threshold) in thresholds.iter().enumerate() {
        let x = axes.x.at(threshold.value);
        let y = axes.top - 8.0 - 18.0 * (thresholds.len() - 1 - place) as f64;
        let stroke = Stroke {
            colour: INK,
            width: 1.6,
            dash: "6 4",
        };
        let canvas = &mut frame.sheet.canvas;
        canvas.line((x, y + 3.0), (x, axes.bottom), stroke);
        // To the right of its own line, so that it lies across none before it; to the left where there is no room.
        let has_room = x + 6.0 + text_width(&threshold.words, size) <= axes.right;
        let (at, anchor) = match has_room {
            true => (x + 6.0, Anchor::Start),
            false => (x - 6.0, Anchor::End),
        };
        let look = letters(size).bold().halo().anchor(anchor);
        canvas.text(at, y, look, &threshold.words);
    }
}
