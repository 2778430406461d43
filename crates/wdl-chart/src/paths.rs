//! Plain numbers along a line: what was beside what would have been, curves of survival, means on both sides of a cut-off.

use wdl_vocab::Lang;

use crate::linkage::curves::{Plane, room_of};
use crate::marks::{look, marker};
use crate::picture::{Picture, Place, finish, row, say, table, tell};
use crate::rows::{Mark, Swatch, key};
use crate::scale::{Ticks, ticks};
use crate::{Chart, DataTable};

/// How the points of a path are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// With a line between them.
    Line,
    /// Level until the next one.
    Steps,
    /// Each alone.
    Dots,
}

/// One series of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// What it is of.
    pub label: String,
    /// Its points, from left to right.
    pub points: Vec<(f64, f64)>,
    /// How they are drawn.
    pub drawn: Drawn,
}

/// The picture of some paths on one plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Paths {
    /// The paths: six at most are told apart.
    pub paths: Vec<Path>,
    /// What runs across: `anno`.
    pub across: String,
    /// What is measured upward.
    pub upward: String,
    /// A place across that matters, with its words: the start, the cut-off.
    pub mark: Option<(f64, String)>,
    /// Whether what is measured is a part of one.
    pub is_share: bool,
}

impl Paths {
    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        let all = self.paths.iter().flat_map(|own| own.points.iter().copied());
        all.filter(|(x, y)| x.is_finite() && y.is_finite())
    }

    /// The ends across, a mark among them.
    fn across(&self) -> (f64, f64) {
        let places = self.points().map(|own| own.0);
        let places = places.chain(self.mark.as_ref().map(|own| own.0));
        ends(places)
    }

    fn upward(&self) -> Ticks {
        let (low, high) = match self.is_share {
            true => (0.0, 1.0),
            false => ends(self.points().map(|own| own.1)),
        };
        // Away from zero as far as the values are: this is no picture of lengths.
        match low > 0.0 && high < 3.0 * low {
            true => {
                let above = ticks(0.0, high - low, 5);
                let step = above.values.get(1).copied().unwrap_or(1.0);
                let first = (low / step).floor() as i64;
                let last = ((high / step).ceil() as i64).max(first + 1);
                Ticks {
                    values: (first..=last).map(|own| own as f64 * step).collect(),
                    decimals: above.decimals,
                    is_cut: true,
                }
            }
            false => ticks(low, high, 5),
        }
    }

    fn words(&self, value: f64, decimals: usize, lang: Lang) -> String {
        match self.is_share {
            true => format!("{}%", lang.number(100.0 * value, decimals)),
            false => lang.number(value, decimals),
        }
    }

    /// The decimals of single values.
    fn decimals(&self) -> usize {
        match self.is_share {
            true => 1,
            false => self.upward().decimals_of_values(),
        }
    }
}

/// The least and the largest; from zero to one where there is nothing.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let ends = values.fold((f64::INFINITY, f64::NEG_INFINITY), |ends, own| {
        (ends.0.min(own), ends.1.max(own))
    });
    match ends.0.is_finite() {
        true => ends,
        false => (0.0, 1.0),
    }
}

/// A place across: years have no marks between thousands.
fn place_words(value: f64, decimals: usize, lang: Lang) -> String {
    let words = lang.number(value, decimals);
    match decimals == 0 && value.abs() < 10_000.0 {
        true => words.replace(lang.thousands_mark(), ""),
        false => words,
    }
}

impl Picture for Paths {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let mut sheet = crate::frame::Sheet::begin(place.title, &self.upward, place.width, lang);
        if self.points().next().is_none() {
            return finish(sheet, place, self.alt(lang), &[self.alt(lang)]);
        }
        let named = self.paths.iter().enumerate();
        let entries: Vec<_> = named
            .map(|(at, own)| (Swatch::Curve(look(at)), own.label.clone()))
            .collect();
        if entries.len() > 1 {
            key(&mut sheet, &entries);
        }
        let upward = Paths::upward(self);
        let decimals = match self.is_share {
            true => 0,
            false => upward.decimals,
        };
        let marks: Vec<Mark> = upward
            .values
            .iter()
            .map(|value| (*value, self.words(*value, decimals, lang)))
            .collect();
        let room = room_of(&sheet, &marks);
        let height = sheet.sizes.plot_height;
        let span = match Paths::across(self) {
            (low, high) if high > low => (low, high),
            (low, _) => (low - 0.5, low + 0.5),
        };
        let plane = Plane::lay_out(&mut sheet, span, upward.ends(), &marks, (room, height));
        for (at, own) in self.paths.iter().enumerate() {
            let look = look(at);
            match own.drawn {
                Drawn::Line => plane.curve(&mut sheet, &own.points, look),
                Drawn::Steps => plane.curve(&mut sheet, &steps(&own.points), look),
                Drawn::Dots => {
                    for (x, y) in &own.points {
                        let at = (plane.x.at(*x), plane.y.at(*y));
                        marker(&mut sheet.canvas, at, look);
                    }
                }
            }
        }
        if let Some((at, words)) = &self.mark {
            plane.cut(&mut sheet, *at, words);
        }
        // Between whole places, years say, there is nothing to mark.
        let is_whole = self.points().all(|own| own.0.fract() == 0.0);
        let wanted = if sheet.sizes.width > 500.0 { 8 } else { 4 };
        let wanted = match is_whole {
            true => wanted.min((span.1 - span.0).max(1.0) as usize),
            false => wanted,
        };
        let across = round_between(span, wanted);
        let across: Vec<Mark> = across
            .values
            .iter()
            .map(|value| (*value, place_words(*value, across.decimals, lang)))
            .collect();
        plane.across(&mut sheet, &across, &self.across);
        let notes = match upward.is_cut {
            true => vec![say(lang, "axis-cut")],
            false => Vec::new(),
        };
        finish(sheet, place, self.alt(lang), &notes)
    }

    fn table(&self, lang: Lang) -> DataTable {
        let mut data = table(lang, self.upward.clone(), "paths-of", &[]);
        data.corner.clone_from(&self.across);
        let mut places: Vec<f64> = self.points().map(|own| own.0).collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        data.columns = self
            .paths
            .iter()
            .map(|own| crate::Column {
                text: own.label.clone(),
                scope: crate::Scope::Column,
                is_number: true,
            })
            .collect();
        let decimals = self.decimals();
        data.rows = places
            .iter()
            .map(|place| {
                let cells = self.paths.iter().map(|own| {
                    let found = own.points.iter().find(|point| point.0 == *place);
                    found.map_or_else(
                        || String::from("\u{2013}"),
                        |point| self.words(point.1, decimals, lang),
                    )
                });
                let digits = usize::from(place.fract() != 0.0) * 2;
                row(place_words(*place, digits, lang), false, cells.collect())
            })
            .collect();
        data
    }

    fn alt(&self, lang: Lang) -> String {
        let decimals = self.decimals();
        let told = self.paths.iter().filter_map(|own| {
            let (first, last) = (own.points.first()?, own.points.last()?);
            let digits = |place: f64| usize::from(place.fract() != 0.0) * 2;
            let args = [
                ("label", own.label.clone()),
                ("first", place_words(first.0, digits(first.0), lang)),
                ("from", self.words(first.1, decimals, lang)),
                ("last", place_words(last.0, digits(last.0), lang)),
                ("to", self.words(last.1, decimals, lang)),
            ];
            Some(tell(lang, "paths-alt-one", &args))
        });
        let all = told.collect::<Vec<_>>().join(" ");
        tell(
            lang,
            "paths-alt",
            &[("upward", self.upward.clone()), ("paths", all)],
        )
    }
}

/// A path that stays level until its next point.
fn steps(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut own: Vec<(f64, f64)> = Vec::with_capacity(2 * points.len());
    for point in points {
        if let Some(last) = own.last().copied() {
            own.push((point.0, last.1));
        }
        own.push(*point);
    }
    own
}

/// Round places between two ends.
fn round_between((low, high): (f64, f64), wanted: usize) -> Ticks {
    let steps = ticks(0.0, high - low, wanted);
    let step = steps.values.get(1).copied().unwrap_or(1.0);
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    Ticks {
        values: (first..=last).map(|own| own as f64 * step).collect(),
        decimals: steps.decimals,
        is_cut: false,
    }
}
