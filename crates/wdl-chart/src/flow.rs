//! The stages of a course, one under the other: how many of those who began reach each, and which part of the stage before that is.
//!
//! It holds for one group followed over time, where each stage is a part of the one before: counts of acts in a quarter are not that, and are refused when they grow.
//! The stages are counts, or parts of the whole that stands first.

use wdl_result::{Additivity, Table, Unit};
use wdl_vocab::{Lang, Period};

use crate::classes::gap_fill;
use crate::dots::{Dot, dots_of};
use crate::frame::Frame;
use crate::marks::look;
use crate::numbers::{figure, with_unit};
use crate::series::{Gaps, Point, View, gaps_among};
use crate::svg::{SOFT, letters, text_width};
use crate::words::{TEXTS, gap_word};
use crate::{Chart, ChartError, Width, alt};

/// What to draw.
#[derive(Clone, Debug)]
pub struct Flow<'a> {
    /// The element's id, unique on its page.
    pub id: &'a str,
    /// The title: the finding, or the indicator's name.
    pub title: &'a str,
    /// The period in which the group began.
    pub period: Period,
    /// How wide.
    pub width: Width,
}

/// Draws the categories of a one-dimension table of counts, or of parts of a first whole, at one period as stages, in their order.
///
/// # Errors
/// [`ChartError`] when the table has not exactly one dimension, neither counts nor begins with the whole, or a stage has more than one before it.
pub fn flow(table: &Table, request: &Flow<'_>, lang: Lang) -> Result<Chart, ChartError> {
    if table.dimensions.len() != 1 {
        return Err(ChartError::WrongDimensions {
            table: table.breakdown(),
            expected: 1,
            actual: table.dimensions.len(),
        });
    }
    let view = View::new(table);
    let stages: Vec<Dot> = dots_of(&view, request.period, lang)
        .into_iter()
        .filter(|dot| !dot.is_total)
        .collect();
    let counts: Vec<f64> = stages
        .iter()
        .filter_map(|dot| dot.point.estimate())
        .collect();
    let is_falling = counts.windows(2).all(|pair| pair[1] <= pair[0]);
    let is_count = table.header.additivity == Additivity::Count;
    let is_of_whole = table.header.unit == Unit::Share && counts.first() == Some(&1.0);
    if !(is_count || is_of_whole) || !is_falling {
        return Err(ChartError::NotStages {
            table: table.breakdown(),
        });
    }
    let gaps = gaps_among(stages.iter().map(|dot| dot.point));
    let said: Vec<String> = stages
        .iter()
        .enumerate()
        .map(|(place, stage)| {
            let part = passed(&stages, place).map(|part| of_former(part, lang));
            let words = [Some(shown(table, stage.point, lang)), part];
            let words: Vec<String> = words.into_iter().flatten().collect();
            format!("{}: {}", stage.label, words.join(", "))
        })
        .collect();
    let args = [
        ("period", request.period.label(lang)),
        (
            "population",
            alt::sentence(table.header.population.get(lang)),
        ),
        ("stages", said.join("; ")),
    ];
    let words = TEXTS.get(lang, "alt-flow", &args);
    let alt = alt::with_missing(words, &gaps, lang);
    let period = request.period.label(lang);
    let mut frame = Frame::begin(&table.header, request.title, &period, request.width, lang);
    frame.sheet.fill_gaps(request.id);
    let svg = drawn(
        frame,
        table,
        &stages,
        request.id,
        request.title,
        (&alt, &gaps),
    );
    Ok(Chart { svg, alt, gaps })
}

/// The part of the stage before that reaches a stage; none when either is missing.
fn passed(stages: &[Dot], place: usize) -> Option<f64> {
    let former = stages[place.checked_sub(1)?].point.estimate()?;
    let here = stages[place].point.estimate()?;
    (former > 0.0).then_some(here / former)
}

fn of_former(part: f64, lang: Lang) -> String {
    let share = with_unit(wdl_result::Unit::Share, 0, part, lang);
    TEXTS.get(lang, "flow-passed", &[("share", share)])
}

fn shown(table: &Table, point: Point, lang: Lang) -> String {
    match point {
        Point::Value { estimate, .. } => figure(&table.header, estimate, lang),
        Point::Missing(gap) => gap_word(gap, lang),
    }
}

/// The height of a bar, and the room left under it.
const BAR: f64 = 26.0;
const PASSAGE: f64 = 6.0;

fn drawn(
    mut frame: Frame<'_>,
    table: &Table,
    stages: &[Dot],
    id: &str,
    title: &str,
    (alt, gaps): (&str, &Gaps),
) -> String {
    let lang = frame.sheet.lang;
    let size = frame.sheet.sizes.text;
    let (left, room) = (frame.sheet.sizes.margin, frame.sheet.room());
    let most = stages
        .iter()
        .filter_map(|stage| stage.point.estimate())
        .fold(0.0, f64::max);
    // A hidden stage is at most as large as the last one that is known.
    let mut known = most;
    let mut before: Option<(f64, f64)> = None;
    for (place, stage) in stages.iter().enumerate() {
        known = stage.point.estimate().unwrap_or(known);
        let wide = if most > 0.0 {
            (room * known / most).max(2.0)
        } else {
            2.0
        };
        let value = shown(table, stage.point, lang);
        let words = match passed(stages, place) {
            Some(part) => format!("{value} · {}", of_former(part, lang)),
            None => value,
        };
        // The name above the bar, with its number beside it where there is room, else under it.
        let after = left + 6.0 + text_width(&stage.label, size) * 1.1 + 10.0;
        let has_room = after + text_width(&words, size) <= left + room;
        let first = frame.sheet.y + size * 1.4;
        let at = match has_room {
            true => (after, first),
            false => (left + 6.0, first + size * 1.25),
        };
        let top = at.1 + 7.0;
        let canvas = &mut frame.sheet.canvas;
        if let Some((bottom, former)) = before {
            let corners = [
                (left, bottom),
                (left + former, bottom),
                (left + wide, top),
                (left, top),
            ];
            canvas.area(&corners, look(1).colour, 0.14);
        }
        let fill = match stage.point {
            Point::Value { .. } => "#aed0ee".to_owned(),
            Point::Missing(gap) => gap_fill(id, gap),
        };
        canvas.rect((left, top), (wide, BAR), &fill, SOFT);
        let plain = letters(size).halo();
        canvas.text(left + 6.0, first, plain.bold(), &stage.label);
        canvas.text(at.0, at.1, plain, &words);
        before = Some((top + BAR, wide));
        frame.sheet.y = top + BAR + PASSAGE;
    }
    let notes = [TEXTS.get(lang, "flow-note", &[])];
    frame.finish(id, title, alt, gaps, &notes)
}
