//! A map of one period: areas shaded by class where the value is a rate, circles where it is a number.
//!
//! What is hidden is hatched and what there is not is grey, with the word written on it: an area says no more than its cell in the table.
//! A number of people is never a shade, which a large area would make look like many: it is a circle with an area proportional to it.

mod shape;

use std::collections::BTreeMap;

use wdl_result::{Dimension, Header, Table};
use wdl_vocab::{Lang, Period};

use self::shape::{Place, Shape, laid_out};
use crate::classes::{Classes, EDGE, gap_fill, key};
use crate::dots::{Dot, dots_of};
use crate::frame::Frame;
use crate::geography::Geography;
use crate::numbers::figure;
use crate::series::{Gap, Gaps, Point, View, adds_up, gaps_among};
use crate::svg::{Anchor, INK, Letters, Stroke, letters, text_width, wrapped};
use crate::words::{TEXTS, gap_word};
use crate::{Chart, ChartError, Width, alt};

/// What to draw.
#[derive(Clone, Debug)]
pub struct Map<'a> {
    /// The element's id, unique on its page.
    pub id: &'a str,
    /// The title: the finding, or the indicator's name.
    pub title: &'a str,
    /// The period.
    pub period: Period,
    /// How wide.
    pub width: Width,
}

/// One area with what its cell says.
struct Area {
    label: String,
    point: Point,
    shape: Shape,
}

/// How values are shown.
enum Drawn {
    /// A shade for each class.
    Shades(Classes),
    /// A circle; the value of the largest.
    Circles(f64),
    /// There is no value.
    Nothing,
}

/// Draws the categories of a one-dimension table at one period on their areas.
///
/// # Errors
/// [`ChartError`] when the table has not exactly one dimension, or no area bears one of its categories.
pub fn map(
    table: &Table,
    geography: &Geography,
    request: &Map<'_>,
    lang: Lang,
) -> Result<Chart, ChartError> {
    let breakdown = || table.breakdown();
    let [dimension] = table.dimensions.as_slice() else {
        return Err(ChartError::WrongDimensions {
            table: breakdown(),
            expected: 1,
            actual: table.dimensions.len(),
        });
    };
    let property = geography.property_of(dimension);
    let property = property.ok_or_else(|| ChartError::NoAreas { table: breakdown() })?;
    let view = View::new(table);
    let dots = dots_of(&view, request.period, lang);
    let rings = geography.rings(property);
    let off: Vec<&Dot> = dots
        .iter()
        .filter(|dot| !dot.is_total)
        .zip(&dimension.categories)
        .filter(|(_, category)| !rings.contains_key(category.id.as_str()))
        .map(|(dot, _)| dot)
        .collect();
    let period = request.period.label(lang);
    let mut frame = Frame::begin(&table.header, request.title, &period, request.width, lang);
    frame.sheet.fill_gaps(request.id);
    let drawn = Drawn::of(&table.header, &dots);
    if let Drawn::Shades(classes) = &drawn {
        key(&mut frame.sheet, &classes.entries(&table.header, lang));
    }
    let areas = placed(&mut frame, &view, dimension, &rings, request, lang);
    let gaps = gaps_among(areas.iter().map(|area| area.point));
    let alt = alt::of_dots(
        "alt-map",
        (table, request.period),
        &dots,
        &gaps_of(&dots),
        lang,
    );
    for area in &areas {
        fill(&mut frame, area, &drawn, request.id);
    }
    if let Drawn::Circles(largest) = drawn {
        circles(&mut frame, &areas, largest, request.width);
    }
    let unwritten = areas
        .iter()
        .filter(|area| !write(&mut frame, area, &drawn))
        .count();
    let notes = notes(&table.header, &drawn, &dots, &off, unwritten, lang);
    let svg = frame.finish(request.id, request.title, &alt, &gaps, &notes);
    Ok(Chart { svg, alt, gaps })
}

fn gaps_of(dots: &[Dot]) -> Gaps {
    gaps_among(dots.iter().map(|dot| dot.point))
}

impl Drawn {
    fn of(header: &Header, dots: &[Dot]) -> Drawn {
        let parts = || dots.iter().filter(|dot| !dot.is_total);
        let values = || parts().filter_map(|dot| dot.point.estimate());
        let Some(classes) = Classes::of(header, values()) else {
            return Drawn::Nothing;
        };
        let largest = values().fold(0.0, f64::max);
        match adds_up(header) && largest > 0.0 && values().all(|value| value >= 0.0) {
            true => Drawn::Circles(largest),
            false => Drawn::Shades(classes),
        }
    }
}

/// Every area of the file, with its category's cell; an area the table does not know has no value.
fn placed(
    frame: &mut Frame<'_>,
    view: &View<'_>,
    dimension: &Dimension,
    rings: &BTreeMap<&str, Vec<&[(f64, f64)]>>,
    request: &Map<'_>,
    lang: Lang,
) -> Vec<Area> {
    let room = Place {
        left: frame.sheet.sizes.margin,
        top: frame.sheet.y + 6.0,
        width: frame.sheet.room(),
        height: match request.width {
            Width::Wide => 440.0,
            Width::Narrow => 380.0,
        },
    };
    let (shapes, height) = laid_out(rings, room);
    frame.sheet.y = room.top + height + 4.0;
    let area = |(code, shape): (String, Shape)| {
        let category = dimension.categories.iter().find(|each| each.id == code);
        let label = category.map_or(code.clone(), |each| each.label.get(lang).to_owned());
        let point = match category {
            Some(_) => Point::of(view.cell(request.period, &[Some(code)])),
            None => Point::Missing(Gap::Absent),
        };
        Area {
            label,
            point,
            shape,
        }
    };
    shapes.into_iter().map(area).collect()
}

/// White under the thin edge: two dark areas stay two.
const BORDER: Stroke = Stroke {
    colour: "#ffffff",
    width: 3.0,
    dash: "",
};
/// The ground of areas whose value is a circle.
const LAND: &str = "#f2f6fa";
/// The inside of a circle: letters are readable on it.
const CIRCLE: &str = "#aed0ee";

fn fill(frame: &mut Frame<'_>, area: &Area, drawn: &Drawn, id: &str) {
    let fill = match (area.point, drawn) {
        (Point::Missing(gap), _) => gap_fill(id, gap),
        (Point::Value { estimate, .. }, Drawn::Shades(classes)) => {
            classes.shade(frame.header, estimate).fill.to_owned()
        }
        (Point::Value { .. }, Drawn::Circles(_) | Drawn::Nothing) => LAND.to_owned(),
    };
    let outline = area.shape.path();
    frame.sheet.canvas.shape(&outline, &fill, BORDER);
    frame.sheet.canvas.shape(&outline, "none", EDGE);
}

fn circles(frame: &mut Frame<'_>, areas: &[Area], largest: f64, width: Width) {
    let most = match width {
        Width::Wide => 46.0,
        Width::Narrow => 28.0,
    };
    let edge = Stroke {
        colour: INK,
        width: 1.2,
        dash: "",
    };
    for area in areas {
        let (Some(value), Some(middle)) = (area.point.estimate(), area.shape.middle()) else {
            continue;
        };
        let radius = most * (value / largest).sqrt();
        frame.sheet.canvas.circle(middle, radius, CIRCLE, edge);
    }
}

/// Writes the name and the value on an area, or the value alone where the name has no room; says whether the value is written.
fn write(frame: &mut Frame<'_>, area: &Area, drawn: &Drawn) -> bool {
    let Some(middle) = area.shape.middle() else {
        return false;
    };
    let (lang, size) = (frame.sheet.lang, frame.sheet.sizes.text);
    let (value, ink) = match (area.point, drawn) {
        (Point::Missing(gap), _) => (gap_word(gap, lang), INK),
        (Point::Value { estimate, .. }, Drawn::Shades(classes)) => {
            let ink = classes.shade(frame.header, estimate).ink;
            (figure(frame.header, estimate, lang), ink)
        }
        (Point::Value { estimate, .. }, Drawn::Circles(_) | Drawn::Nothing) => {
            (figure(frame.header, estimate, lang), INK)
        }
    };
    let step = size * 1.2;
    for lines in ways(&area.label, size).into_iter().chain([Vec::new()]) {
        let all = lines.iter().map(|line| text_width(line, size));
        let wide = all
            .chain([text_width(&value, size) * 1.06])
            .fold(0.0, f64::max);
        let high = step * (lines.len() + 1) as f64;
        if !area.shape.has_room(middle, (wide + 6.0, high + 2.0)) {
            continue;
        }
        let top = middle.1 - high / 2.0;
        if matches!(area.point, Point::Missing(_)) {
            // Letters on a pattern need a ground of their own.
            let corner = (middle.0 - wide / 2.0 - 3.0, top);
            let canvas = &mut frame.sheet.canvas;
            canvas.rect(corner, (wide + 6.0, high + 3.0), "#ffffff", "none");
        }
        let look: Letters = letters(size).anchor(Anchor::Middle).fill(ink);
        // A name may be wider than its circle.
        let look = match drawn {
            Drawn::Circles(_) => look.halo(),
            Drawn::Shades(_) | Drawn::Nothing => look,
        };
        let mut y = top + size * 0.98;
        for line in &lines {
            frame.sheet.canvas.text(middle.0, y, look, line);
            y += step;
        }
        frame.sheet.canvas.text(middle.0, y, look.bold(), &value);
        return true;
    }
    false
}

/// A name on one line, then on two, then on as many as it has words.
fn ways(label: &str, size: f64) -> Vec<Vec<String>> {
    let whole = text_width(label, size);
    let mut ways: Vec<Vec<String>> = Vec::new();
    for width in [whole + size, whole * 0.62, whole * 0.42, 1.0] {
        let lines = wrapped(label, size, width);
        if ways.last() != Some(&lines) {
            ways.push(lines);
        }
    }
    ways
}

fn notes(
    header: &Header,
    drawn: &Drawn,
    dots: &[Dot],
    off: &[&Dot],
    unwritten: usize,
    lang: Lang,
) -> Vec<String> {
    let say = |key: &str| TEXTS.get(lang, key, &[]);
    let shown = |point: Point| match point {
        Point::Value { estimate, .. } => figure(header, estimate, lang),
        Point::Missing(gap) => gap_word(gap, lang),
    };
    let mut notes = match drawn {
        Drawn::Shades(_) => vec![say("classes-note")],
        Drawn::Circles(_) => vec![say("map-circles")],
        Drawn::Nothing => Vec::new(),
    };
    if let Some(total) = dots.iter().find(|dot| dot.is_total) {
        let args = [("value", shown(total.point))];
        notes.push(TEXTS.get(lang, "map-total", &args));
    }
    if dots.iter().any(|dot| dot.point.has_error()) {
        notes.push(say("map-no-error"));
    }
    for dot in off {
        let args = [("label", dot.label.clone()), ("value", shown(dot.point))];
        notes.push(TEXTS.get(lang, "map-off", &args));
    }
    if unwritten > 0 {
        notes.push(say("map-unwritten"));
    }
    notes
}
