//! A funnel plot: each category's share against how many units it rests on, between the limits that chance alone would draw around the total.
//!
//! It answers what a ranking hides: a small place far from the total may be there by chance (Spiegelhalter, «Funnel plots for comparing institutional performance», Statistics in Medicine 24, 2005).

use wdl_result::{Additivity, Table, Unit};
use wdl_vocab::{Lang, Period};

use crate::axes::{Axes, Side, thin};
use crate::frame::Frame;
use crate::lines::tick_label;
use crate::marks::{self, look};
use crate::numbers::{count, figure};
use crate::scale::{Ticks, ticks, ticks_of};
use crate::series::{Gaps, Keys, Point, View, gaps_among, rows_of};
use crate::svg::{Anchor, INK, SOFT, Stroke, letters, text_width};
use crate::words::TEXTS;
use crate::{Chart, ChartError, Width, alt};

/// What to draw.
#[derive(Clone, Debug)]
pub struct Funnel<'a> {
    /// The element's id, unique on its page.
    pub id: &'a str,
    /// The title: the finding, or the indicator's name.
    pub title: &'a str,
    /// The period.
    pub period: Period,
    /// How wide.
    pub width: Width,
}

/// The two-sided points of the normal distribution for 95 % and 99.8 %.
const LIMITS: [(f64, &str); 2] = [(1.959_963_984_540_054, "6 4"), (3.090_232_306_167_813, "")];

/// One category.
struct Place {
    name: String,
    units: f64,
    share: f64,
    error: Option<f64>,
}

/// Around what, and how wide: the total, and how much wider than for independent units.
#[derive(Clone, Copy)]
struct Chance {
    total: f64,
    width: f64,
}

/// The limits around the total `p` for a count of units: `p ± z w √(p (1 − p) / n)`; with few units they lie below none or above all.
fn limits(chance: Chance, units: f64, z: f64) -> (f64, f64) {
    let p = chance.total;
    let half = z * chance.width * (p * (1.0 - p) / units).sqrt();
    (p - half, p + half)
}

/// The part of a curve between two heights: it ends where it crosses one, as a line that leaves the frame.
///
/// A limit of chance crosses each height once, so that what is left is one piece.
fn within(curve: &[(f64, f64)], (low, high): (f64, f64)) -> Vec<(f64, f64)> {
    let is_in = |at: (f64, f64)| at.1 >= low && at.1 <= high;
    let mut kept = Vec::new();
    for (place, at) in curve.iter().enumerate() {
        if let Some(before) = place.checked_sub(1).map(|place| curve[place])
            && is_in(before) != is_in(*at)
        {
            let outer = if is_in(before) { at.1 } else { before.1 };
            let edge = if outer > high { high } else { low };
            let part = (edge - before.1) / (at.1 - before.1);
            kept.push((before.0 + part * (at.0 - before.0), edge));
        }
        if is_in(*at) {
            kept.push(*at);
        }
    }
    kept
}

/// How much wider the errors of the table are than those of independent units: the root of the mean design effect (Kish 1965), never less than one.
///
/// Persons of one household are poor together: limits for independent persons would be too narrow.
fn width(places: &[Place]) -> f64 {
    let effect = |place: &Place| {
        let alone = place.share * (1.0 - place.share) / place.units;
        place
            .error
            .filter(|_| alone > 0.0)
            .map(|error| error * error / alone)
    };
    let effects: Vec<f64> = places.iter().filter_map(effect).collect();
    match effects.len() {
        0 => 1.0,
        count => (effects.iter().sum::<f64>() / count as f64).sqrt().max(1.0),
    }
}

/// Draws the categories of a one-dimension table of shares at one period.
///
/// # Errors
/// [`ChartError`] when the table has not exactly one dimension, is not of shares of counted units, or has no total or no category with its units.
pub fn funnel(table: &Table, request: &Funnel<'_>, lang: Lang) -> Result<Chart, ChartError> {
    let breakdown = || table.breakdown();
    let [dimension] = table.dimensions.as_slice() else {
        return Err(ChartError::WrongDimensions {
            table: breakdown(),
            expected: 1,
            actual: table.dimensions.len(),
        });
    };
    let header = &table.header;
    if header.unit != Unit::Share || header.additivity != Additivity::Share {
        return Err(ChartError::NotShares { table: breakdown() });
    }
    let view = View::new(table);
    let cell = |keys: &Keys| view.cell(request.period, keys);
    let total = Point::of(cell(&vec![None])).estimate();
    let total = total.ok_or_else(|| ChartError::NotShares { table: breakdown() })?;
    let rows = rows_of(&view).into_iter().filter(|keys| keys[0].is_some());
    let mut places = Vec::new();
    let mut points = Vec::new();
    for keys in rows {
        let point = Point::of(cell(&keys));
        points.push(point);
        let units = cell(&keys).and_then(|cell| cell.n).filter(|n| *n > 0);
        if let (Some(share), Some(units)) = (point.estimate(), units) {
            places.push(Place {
                name: view.label(&keys, lang),
                units: units as f64,
                share,
                error: point.error(),
            });
        }
    }
    if places.is_empty() {
        return Err(ChartError::NotShares { table: breakdown() });
    }
    let gaps = gaps_among(points.into_iter());
    let chance = Chance {
        total,
        width: width(&places),
    };
    let outside: Vec<&Place> = places
        .iter()
        .filter(|place| is_outside(place, chance))
        .collect();
    let kind = match outside.len() {
        0 => "none",
        1 => "one",
        _ => "other",
    };
    let args = [
        ("dimension", dimension.label.get(lang).to_lowercase()),
        ("period", request.period.label(lang)),
        ("population", alt::sentence(header.population.get(lang))),
        ("total", figure(header, total, lang)),
        ("count", places.len().to_string()),
        ("outside", outside.len().to_string()),
        ("form", kind.to_owned()),
        ("names", named(&outside)),
    ];
    let words = TEXTS.get(lang, "alt-funnel", &args);
    let alt = alt::with_missing(words, &gaps, lang);
    let period = request.period.label(lang);
    let frame = Frame::begin(header, request.title, &period, request.width, lang);
    let svg = drawn(frame, &places, chance, request, (&alt, &gaps));
    Ok(Chart { svg, alt, gaps })
}

/// Beyond the wider of the limits.
fn is_outside(place: &Place, chance: Chance) -> bool {
    let (low, high) = limits(chance, place.units, LIMITS[1].0);
    place.share < low || place.share > high
}

fn named(places: &[&Place]) -> String {
    let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    names.join(", ")
}

fn drawn(
    mut frame: Frame<'_>,
    places: &[Place],
    chance: Chance,
    request: &Funnel<'_>,
    (alt, gaps): (&str, &Gaps),
) -> String {
    let (header, lang) = (frame.header, frame.sheet.lang);
    let most = places.iter().map(|place| place.units).fold(0.0, f64::max);
    let least = places.iter().map(|place| place.units).fold(most, f64::min);
    let across = ticks(0.0, most, if request.width == Width::Wide { 7 } else { 3 });
    let reach = limits(chance, least, LIMITS[1].0);
    let shares = || places.iter().map(|place| place.share);
    let low = shares().fold(reach.0, f64::min).max(0.0);
    let high = shares().fold(reach.1, f64::max).min(1.0);
    let axis = header.n_label.get(lang).to_lowercase();
    let height = frame.sheet.sizes.plot_height;
    let upward = ticks_of(header.unit, low, high, 5);
    let frame_ends = upward.ends();
    let axes = Axes::lay_out(
        &mut frame.sheet,
        &Side {
            ticks: across,
            words: &|_: &Ticks, value: f64| count(value.round() as u64, lang),
            name: &axis,
        },
        &Side {
            ticks: upward,
            words: &|ticks: &Ticks, value: f64| tick_label(header.unit, ticks, value, lang),
            name: "",
        },
        (14.0, height),
        false,
    );
    let canvas = &mut frame.sheet.canvas;
    let level = axes.y.at(chance.total);
    canvas.line((axes.left, level), (axes.right, level), thin(INK));
    let steps = 120;
    for (z, dash) in LIMITS {
        let stroke = Stroke {
            colour: SOFT,
            width: 1.4,
            dash,
        };
        let side = |is_upper: bool| -> Vec<(f64, f64)> {
            let from = least.min(most * 0.05);
            let at = |step: usize| from + (most - from) * step as f64 / f64::from(steps);
            (0..=steps as usize)
                .map(|step| {
                    let (low, high) = limits(chance, at(step), z);
                    (at(step), if is_upper { high } else { low })
                })
                .collect()
        };
        for curve in [side(true), side(false)] {
            let placed: Vec<(f64, f64)> = within(&curve, frame_ends)
                .into_iter()
                .map(|(units, share)| (axes.x.at(units), axes.y.at(share)))
                .collect();
            canvas.polyline(&placed, stroke);
        }
    }
    for place in places {
        let at = (axes.x.at(place.units), axes.y.at(place.share));
        let is_far = is_outside(place, chance);
        marks::marker(canvas, at, look(if is_far { 2 } else { 1 }));
        if is_far {
            let size = frame.sheet.sizes.tick;
            let wide = text_width(&place.name, size) + 8.0;
            let is_left = at.0 + wide > axes.right;
            let anchor = if is_left { Anchor::End } else { Anchor::Start };
            let x = at.0 + if is_left { -8.0 } else { 8.0 };
            let look = letters(size).anchor(anchor).halo();
            canvas.text(x, at.1 + size * 0.34, look, &place.name);
        }
    }
    let args = [("total", figure(header, chance.total, lang))];
    let mut notes = vec![
        TEXTS.get(lang, "funnel-total", &args),
        TEXTS.get(lang, "funnel-limits", &[]),
    ];
    if chance.width > 1.0 {
        let args = [("width", lang.number(chance.width, 1))];
        notes.push(TEXTS.get(lang, "funnel-width", &args));
    }
    frame.finish(request.id, request.title, alt, gaps, &notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_close_as_units_grow() {
        // By hand: p = 0.2, n = 400: the standard error is 0.02.
        let alone = |total| Chance { total, width: 1.0 };
        let (low, high) = limits(alone(0.2), 400.0, 1.959_963_984_540_054);
        assert!((low - 0.160_800_720_309_199).abs() < 1e-12);
        assert!((high - 0.239_199_279_690_801).abs() < 1e-12);
        assert!(limits(alone(0.01), 10.0, 3.0).0 < 0.0);
    }

    #[test]
    fn a_limit_leaves_the_frame_where_it_crosses_it() {
        let curve = [(1.0, 0.9), (2.0, 0.5), (4.0, 0.3)];
        let kept = within(&curve, (0.0, 0.7));
        assert_eq!(kept.len(), 3);
        assert!((kept[0].0 - 1.5).abs() < 1e-12 && kept[0].1 == 0.7);
        assert_eq!(kept[1..], curve[1..]);
        let lower = [(1.0, -0.2), (3.0, 0.2)];
        assert_eq!(within(&lower, (0.0, 0.7)), [(2.0, 0.0), (3.0, 0.2)]);
        assert!(within(&[(1.0, 2.0), (2.0, 3.0)], (0.0, 0.7)).is_empty());
    }

    #[test]
    fn units_that_go_together_widen_the_limits() {
        let place = |error| Place {
            name: String::new(),
            units: 400.0,
            share: 0.2,
            error,
        };
        // Errors of 0.02 are those of independent units, of 0.03 one and a half times those.
        assert_eq!(width(&[place(None)]), 1.0);
        assert_eq!(width(&[place(Some(0.01))]), 1.0);
        assert!((width(&[place(Some(0.03)), place(None)]) - 1.5).abs() < 1e-12);
    }
}
