//! Effects one under the other: a dot for each estimate, the line of its interval, and the line of no effect.

use wdl_vocab::Lang;

use crate::marks::{Look, Shape, marker};
use crate::picture::{Picture, Place, begin, finish, row, say, table, tell};
use crate::rows::{FOR, REST, Rows, ZERO, thin};
use crate::scale::{Scale, Ticks, ticks};
use crate::svg::{Anchor, INK, Stroke, text_width};
use crate::{Chart, DataTable};

/// One estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What it is of.
    pub label: String,
    /// The estimate.
    pub estimate: f64,
    /// The ends of its interval, where there is one.
    pub interval: Option<[f64; 2]>,
}

/// The picture of estimates that are measured on one scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Effects {
    /// The estimates, from above.
    pub effects: Vec<Effect>,
    /// The level of the intervals: 0.95.
    pub level: f64,
}

const DOT: f64 = 12.0;

impl Effects {
    /// The values drawn, zero among them: the line of no effect is always seen.
    fn ends(&self) -> (f64, f64) {
        let of = |effect: &Effect| effect.interval.unwrap_or([effect.estimate; 2]);
        let known = self.effects.iter().map(of);
        known.fold((0.0_f64, 0.0_f64), |ends, own| {
            (ends.0.min(own[0]), ends.1.max(own[1]))
        })
    }

    fn ticks(&self) -> Ticks {
        let (low, high) = self.ends();
        ticks(low, high, 6)
    }

    fn decimals(&self) -> usize {
        self.ticks().decimals_of_values()
    }

    fn interval(&self, effect: &Effect, lang: Lang) -> String {
        let decimals = self.decimals();
        let number = |value: f64| lang.number(value, decimals);
        effect.interval.map_or_else(
            || say(lang, "effects-no-interval"),
            |[low, high]| format!("[{}; {}]", number(low), number(high)),
        )
    }

    fn percent(&self, lang: Lang) -> String {
        lang.number(100.0 * self.level, 0)
    }
}

impl Picture for Effects {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let sheet = begin(place, "effects-subtitle", lang);
        let names: Vec<String> = self.effects.iter().map(|own| own.label.clone()).collect();
        let marks = self.ticks();
        let widest = self
            .effects
            .iter()
            .map(|own| {
                text_width(
                    &lang.number(own.estimate, self.decimals()),
                    sheet.sizes.text,
                )
            })
            .fold(0.0, f64::max);
        let mut rows = Rows::begin(sheet, place.width, &names, (8.0, widest + 14.0));
        let ends = marks.ends();
        let scale = Scale::new((ends.0.min(0.0), ends.1.max(0.0)), rows.span);
        for effect in &self.effects {
            let y = rows.row(&effect.label, false, DOT);
            let (shape, fill) = match effect.interval {
                Some([low, high]) if low <= 0.0 && high >= 0.0 => (Shape::Ring, REST),
                Some(_) => (Shape::Disc, FOR),
                // Without an interval nothing says that it is no chance.
                None => (Shape::Diamond, REST),
            };
            let stroke = Stroke {
                width: 2.2,
                ..thin(fill.ink())
            };
            if let Some([low, high]) = effect.interval {
                let (from, to) = (scale.at(low), scale.at(high));
                rows.sheet.canvas.line((from, y), (to, y), stroke);
                for x in [from, to] {
                    let end = ((x, y - DOT / 3.0), (x, y + DOT / 3.0));
                    rows.sheet.canvas.line(end.0, end.1, stroke);
                }
            }
            let at = (scale.at(effect.estimate), y);
            let look = Look {
                colour: fill.ink(),
                dash: "",
                shape,
            };
            marker(&mut rows.sheet.canvas, at, look);
            let words = lang.number(effect.estimate, self.decimals());
            let x = rows.span.1 + widest + 12.0;
            rows.number(x, y, Anchor::End, fill, &words);
        }
        let words: Vec<_> = marks
            .values
            .iter()
            .map(|value| (scale.at(*value), lang.number(*value, marks.decimals)))
            .collect();
        let zero = Stroke {
            width: 1.6,
            colour: INK,
            ..ZERO
        };
        rows.scale(&words, &[(scale.at(0.0), zero)]);
        let notes = match self.effects.iter().any(|own| own.interval.is_some()) {
            true => vec![tell(lang, "effects-note", &[("level", self.percent(lang))])],
            false => Vec::new(),
        };
        finish(rows.sheet, place, self.alt(lang), &notes)
    }

    fn table(&self, lang: Lang) -> DataTable {
        let caption = say(lang, "effects-caption");
        let columns = [
            ("effects-estimate", true),
            ("effects-low", true),
            ("effects-high", true),
        ];
        let mut data = table(lang, caption, "effects-of", &columns);
        let decimals = self.decimals();
        data.rows = self
            .effects
            .iter()
            .map(|own| {
                let ends = own.interval.map_or_else(
                    || [String::from("\u{2013}"), String::from("\u{2013}")],
                    |ends| ends.map(|end| lang.number(end, decimals)),
                );
                let [low, high] = ends;
                let cells = vec![lang.number(own.estimate, decimals), low, high];
                row(own.label.clone(), false, cells)
            })
            .collect();
        data
    }

    fn alt(&self, lang: Lang) -> String {
        let decimals = self.decimals();
        let told = self.effects.iter().map(|own| {
            let args = [
                ("label", own.label.clone()),
                ("estimate", lang.number(own.estimate, decimals)),
                ("interval", self.interval(own, lang)),
            ];
            tell(lang, "effects-alt-one", &args)
        });
        let all = told.collect::<Vec<_>>().join(" ");
        let args = [("level", self.percent(lang)), ("effects", all)];
        tell(lang, "effects-alt", &args)
    }
}
