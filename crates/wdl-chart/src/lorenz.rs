//! The Lorenz curve of ordered groups: which part of the whole the poorest part of the units has.
//!
//! It is made from a table of sums over groups of rising income, such as tenths, or of the parts of the total that they have: inside a group all are taken as equal, so the area it shows is a little less than the Gini index.

use wdl_result::{Additivity, Table, Unit};
use wdl_vocab::{Lang, Period};

use crate::axes::{Axes, Side, thin};
use crate::frame::Frame;
use crate::marks::{look, marker};
use crate::numbers::with_unit;
use crate::scale::Ticks;
use crate::series::{Gaps, Keys, Point, View};
use crate::svg::{Anchor, INK, SOFT, Stroke, letters};
use crate::words::TEXTS;
use crate::{Chart, ChartError, Width, alt};

/// What to draw.
#[derive(Clone, Debug)]
pub struct Lorenz<'a> {
    /// The element's id, unique on its page.
    pub id: &'a str,
    /// The title: the finding, or the indicator's name.
    pub title: &'a str,
    /// The period.
    pub period: Period,
    /// How wide.
    pub width: Width,
}

/// The points of the curve from (0, 0) to (1, 1): part of the units, part of the whole.
///
/// `groups` are units and sums; they are put in the order of their means (Lorenz 1905, with straight lines between groups).
/// None when a sum is negative, a group is empty, or there is nothing to share.
pub(crate) fn points(groups: &[(f64, f64)]) -> Option<Vec<(f64, f64)>> {
    let is_sound = |(units, sum): &(f64, f64)| *units > 0.0 && *sum >= 0.0 && sum.is_finite();
    if groups.is_empty() || !groups.iter().all(is_sound) {
        return None;
    }
    let mut ordered = groups.to_vec();
    ordered.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let units: f64 = ordered.iter().map(|group| group.0).sum();
    let whole: f64 = ordered.iter().map(|group| group.1).sum();
    if whole <= 0.0 {
        return None;
    }
    let mut points = vec![(0.0, 0.0)];
    let (mut below, mut held) = (0.0, 0.0);
    for group in &ordered {
        below += group.0;
        held += group.1;
        points.push((below / units, held / whole));
    }
    Some(points)
}

/// Draws a one-dimension table of sums, or of parts of a total, at one period, with the units of each group.
///
/// # Errors
/// [`ChartError`] when the table has not exactly one dimension, is of neither, or a group is missing: without one the curve would be wrong everywhere.
pub fn lorenz(table: &Table, request: &Lorenz<'_>, lang: Lang) -> Result<Chart, ChartError> {
    let [dimension] = table.dimensions.as_slice() else {
        return Err(ChartError::WrongDimensions {
            table: table.breakdown(),
            expected: 1,
            actual: table.dimensions.len(),
        });
    };
    let wrong = || ChartError::NotWhole {
        table: table.breakdown(),
    };
    let header = &table.header;
    // A share of units is no part of a total: it is protected as what it is.
    let is_part = header.additivity == Additivity::None && header.unit == Unit::Share;
    if header.additivity != Additivity::Sum && !is_part {
        return Err(wrong());
    }
    let view = View::new(table);
    let group = |id: &String| {
        let keys: Keys = vec![Some(id.clone())];
        let cell = view.cell(request.period, &keys)?;
        Some((cell.n? as f64, Point::of(Some(cell)).estimate()?))
    };
    let groups: Option<Vec<(f64, f64)>> = dimension
        .categories
        .iter()
        .map(|category| group(&category.id))
        .collect();
    let points = groups
        .filter(|groups| !is_part || is_whole(groups))
        .and_then(|groups| points(&groups))
        .ok_or_else(wrong)?;
    let half = at_half(&points);
    let share = |value: f64| with_unit(Unit::Share, 1, value, lang);
    let period = request.period.label(lang);
    let args = [
        ("period", period.clone()),
        (
            "population",
            alt::sentence(table.header.population.get(lang)),
        ),
        ("half", share(half)),
        ("area", lang.number(twice_area(&points), 3)),
    ];
    let alt = TEXTS.get(lang, "alt-lorenz", &args);
    let frame = Frame::begin(&table.header, request.title, &period, request.width, lang);
    let svg = drawn(frame, &points, request, &alt);
    Ok(Chart {
        svg,
        alt,
        gaps: Gaps::new(),
    })
}

/// Whether parts of a total add up to it, but for their rounding.
fn is_whole(groups: &[(f64, f64)]) -> bool {
    let sum: f64 = groups.iter().map(|group| group.1).sum();
    (sum - 1.0).abs() <= 0.005 * groups.len() as f64
}

/// What the poorer half has, on the straight line between the two points around it.
fn at_half(points: &[(f64, f64)]) -> f64 {
    let pair = points.windows(2).find(|pair| pair[1].0 >= 0.5);
    pair.map_or(0.5, |pair| {
        let (from, to) = (pair[0], pair[1]);
        from.1 + (to.1 - from.1) * (0.5 - from.0) / (to.0 - from.0)
    })
}

/// Twice the area between the curve and equality: the Gini index of the groups.
fn twice_area(points: &[(f64, f64)]) -> f64 {
    let under: f64 = points
        .windows(2)
        .map(|pair| (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1))
        .sum();
    1.0 - under
}

fn drawn(mut frame: Frame<'_>, points: &[(f64, f64)], request: &Lorenz<'_>, alt: &str) -> String {
    let lang = frame.sheet.lang;
    let marks = || Ticks {
        values: vec![0.0, 0.25, 0.5, 0.75, 1.0],
        decimals: 2,
        is_cut: false,
    };
    let words = |_: &Ticks, value: f64| with_unit(Unit::Share, 0, value, lang);
    let (across, upward) = (
        TEXTS.get(lang, "lorenz-across", &[]),
        TEXTS.get(lang, "lorenz-upward", &[]),
    );
    let height = match request.width {
        Width::Wide => 400.0,
        Width::Narrow => 280.0,
    };
    let axes = Axes::lay_out(
        &mut frame.sheet,
        &Side {
            ticks: marks(),
            words: &words,
            name: &across,
        },
        &Side {
            ticks: marks(),
            words: &words,
            name: &upward,
        },
        (14.0, height),
        true,
    );
    let at = |point: &(f64, f64)| (axes.x.at(point.0), axes.y.at(point.1));
    let placed: Vec<(f64, f64)> = points.iter().map(at).collect();
    let equal = Stroke {
        colour: SOFT,
        width: 1.4,
        dash: "6 4",
    };
    let canvas = &mut frame.sheet.canvas;
    canvas.area(&placed, look(1).colour, 0.14);
    canvas.line(at(&(0.0, 0.0)), at(&(1.0, 1.0)), equal);
    let curve = Stroke {
        colour: look(1).colour,
        width: 2.4,
        dash: "",
    };
    canvas.polyline(&placed, curve);
    for point in &placed[1..placed.len() - 1] {
        marker(canvas, *point, look(1));
    }
    let half = (0.5, at_half(points));
    let (x, y) = at(&half);
    canvas.line((x, axes.bottom), (x, y), thin(INK));
    let size = frame.sheet.sizes.text;
    let share = with_unit(Unit::Share, 1, half.1, lang);
    let say = letters(size).bold().halo().anchor(Anchor::Start);
    canvas.text(x + 9.0, y + size * 1.2, say, &share);
    let args = [("half", share)];
    let notes = [
        TEXTS.get(lang, "lorenz-half", &args),
        TEXTS.get(lang, "lorenz-equal", &[]),
        TEXTS.get(lang, "lorenz-groups", &[]),
    ];
    frame.finish(request.id, request.title, alt, &Gaps::new(), &notes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_curve_by_hand() {
        // Four persons with 1, 2, 3 and 4: the poorer half has 3 of 10, the Gini index is 0.25.
        let curve = points(&[(1.0, 4.0), (1.0, 2.0), (1.0, 1.0), (1.0, 3.0)]).unwrap();
        assert_eq!(curve.len(), 5);
        assert!((at_half(&curve) - 0.3).abs() < 1e-12);
        assert!((twice_area(&curve) - 0.25).abs() < 1e-12);
        // All the same: the curve is the line of equality.
        let equal = points(&[(2.0, 4.0), (3.0, 6.0)]).unwrap();
        assert!(twice_area(&equal).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_shared_has_no_curve() {
        assert_eq!(points(&[]), None);
        assert_eq!(points(&[(1.0, 0.0), (2.0, 0.0)]), None);
        assert_eq!(points(&[(1.0, -1.0), (2.0, 5.0)]), None);
        assert_eq!(points(&[(0.0, 1.0), (2.0, 5.0)]), None);
        assert_eq!(points(&[(1.0, f64::NAN)]), None);
    }
}
