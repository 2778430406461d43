//! What was measured beside what people say: row by row the effect with its interval, and the share of participants who speak of a theme.

use wdl_vocab::Lang;

use crate::marks::{Look, Shape, gap, marker};
use crate::numbers::with_unit;
use crate::picture::{Picture, Place, begin, finish, row, say, table, tell};
use crate::rows::{FOR, REST, Rows, ZERO, thin};
use crate::scale::{Scale, Ticks, ticks};
use crate::series::Gap;
use crate::svg::{Anchor, INK, SOFT, Stroke};
use crate::{Chart, DataTable, Effect};

/// Whether the two go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// They do.
    Convergent,
    /// They do not.
    Divergent,
    /// One of them says nothing.
    Silent,
}

/// The share of participants who speak of the theme, or why it is not told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Share {
    /// It is told.
    Shown(f64),
    /// Disclosure control hides it.
    Hidden,
    /// Nobody of the row took part.
    Nobody,
}

/// The effect of a row, or why it is not told.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    /// It is told.
    Shown(Effect),
    /// Disclosure control hides it.
    Hidden,
    /// None was estimated.
    Nothing,
}

impl Measured {
    fn shown(&self) -> Option<&Effect> {
        match self {
            Measured::Shown(effect) => Some(effect),
            Measured::Hidden | Measured::Nothing => None,
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The effect, called as the row is.
    pub effect: Measured,
    /// The row: a group.
    pub label: String,
    /// The share of those who speak of the theme.
    pub share: Share,
    /// Whether the two go together.
    pub together: Together,
}

/// The picture of one theme beside the effects.
#[derive(Clone, Debug, PartialEq)]
pub struct JointDisplay {
    /// The rows, from above.
    pub pairs: Vec<Pair>,
    /// The level of the intervals: 0.95.
    pub level: f64,
}

const HEIGHT: f64 = 12.0;
/// Where the effects end and where the shares begin, as parts of the room.
const PANELS: (f64, f64) = (0.54, 0.64);

impl JointDisplay {
    fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.pairs.iter().filter_map(|pair| pair.effect.shown())
    }

    fn ticks(&self) -> Ticks {
        let of = |effect: &Effect| effect.interval.unwrap_or([effect.estimate; 2]);
        let (low, high) = self
            .effects()
            .map(of)
            .fold((0.0_f64, 0.0_f64), |ends, own| {
                (ends.0.min(own[0]), ends.1.max(own[1]))
            });
        ticks(low, high, 4)
    }

    fn share(share: Share, lang: Lang) -> String {
        match share {
            Share::Shown(share) => with_unit(wdl_result::Unit::Share, 0, share, lang),
            Share::Hidden => say(lang, "joint-hidden"),
            Share::Nobody => say(lang, "joint-nobody"),
        }
    }

    fn verdict(together: Together, lang: Lang) -> String {
        let key = match together {
            Together::Convergent => "joint-convergent",
            Together::Divergent => "joint-divergent",
            Together::Silent => "joint-silent",
        };
        say(lang, key)
    }

    /// The estimate and its interval, in words.
    fn effect(&self, pair: &Pair, lang: Lang) -> [String; 3] {
        let dash = || String::from("\u{2013}");
        let decimals = self.ticks().decimals_of_values();
        let number = |value: f64| lang.number(value, decimals);
        match &pair.effect {
            Measured::Hidden => [say(lang, "joint-effect-hidden"), dash(), dash()],
            Measured::Nothing => [dash(), dash(), dash()],
            Measured::Shown(effect) => {
                let ends = effect.interval.map(|ends| ends.map(number));
                let [low, high] = ends.unwrap_or_else(|| [dash(), dash()]);
                [number(effect.estimate), low, high]
            }
        }
    }

    fn draw_effect(rows: &mut Rows, scale: &Scale, y: f64, effect: &Effect) {
        let (shape, fill) = match effect.interval {
            Some([low, high]) if low <= 0.0 && high >= 0.0 => (Shape::Ring, REST),
            Some(_) => (Shape::Disc, FOR),
            None => (Shape::Diamond, REST),
        };
        if let Some([low, high]) = effect.interval {
            let stroke = Stroke {
                width: 2.2,
                ..thin(fill.ink())
            };
            let (from, to) = (scale.at(low), scale.at(high));
            rows.sheet.canvas.line((from, y), (to, y), stroke);
            for x in [from, to] {
                let end = ((x, y - HEIGHT / 3.0), (x, y + HEIGHT / 3.0));
                rows.sheet.canvas.line(end.0, end.1, stroke);
            }
        }
        let look = Look {
            colour: fill.ink(),
            dash: "",
            shape,
        };
        marker(&mut rows.sheet.canvas, (scale.at(effect.estimate), y), look);
    }

    fn draw_share(rows: &mut Rows, scale: &Scale, y: f64, share: Share, lang: Lang) {
        let words = JointDisplay::share(share, lang);
        let from = scale.at(0.0);
        let (x, missing) = match share {
            Share::Shown(share) => {
                rows.bar((from, scale.at(share)), y, HEIGHT, FOR);
                (scale.at(share) + 6.0, None)
            }
            Share::Hidden => (from + 14.0, Some(Gap::Suppressed)),
            Share::Nobody => (from + 14.0, Some(Gap::NotComputable)),
        };
        if let Some(missing) = missing {
            gap(&mut rows.sheet.canvas, (from + 5.0, y), missing, INK);
        }
        rows.number(x, y, Anchor::Start, REST, &words);
    }
}

impl Picture for JointDisplay {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let sheet = begin(place, "joint-subtitle", lang);
        let name = |pair: &Pair| {
            let verdict = JointDisplay::verdict(pair.together, lang);
            format!("{}: {verdict}", pair.label)
        };
        let names: Vec<String> = self.pairs.iter().map(name).collect();
        let mut rows = Rows::begin(sheet, place.width, &names, (8.0, 62.0));
        let (left, right) = rows.span;
        let room = right - left;
        let marks = self.ticks();
        let ends = marks.ends();
        let effects = Scale::new(
            (ends.0.min(0.0), ends.1.max(0.0)),
            (left, left + PANELS.0 * room),
        );
        let shares = Scale::new((0.0, 1.0), (left + PANELS.1 * room, right));
        for (pair, name) in self.pairs.iter().zip(&names) {
            let y = rows.row(name, false, HEIGHT);
            let none = (effects.at(0.0), y);
            match &pair.effect {
                Measured::Shown(effect) => {
                    JointDisplay::draw_effect(&mut rows, &effects, y, effect);
                }
                Measured::Hidden => gap(&mut rows.sheet.canvas, none, Gap::Suppressed, SOFT),
                Measured::Nothing => gap(&mut rows.sheet.canvas, none, Gap::Absent, SOFT),
            }
            JointDisplay::draw_share(&mut rows, &shares, y, pair.share, lang);
        }
        let of_effects = marks.values.iter().map(|value| {
            let words = lang.number(*value, marks.decimals);
            (effects.at(*value), words)
        });
        let of_shares = [0.0, 0.5, 1.0].map(|value| {
            let words = with_unit(wdl_result::Unit::Share, 0, value, lang);
            (shares.at(value), words)
        });
        let words: Vec<_> = of_effects.chain(of_shares).collect();
        let zero = Stroke {
            width: 1.6,
            colour: INK,
            ..ZERO
        };
        rows.scale(&words, &[(effects.at(0.0), zero)]);
        let level = [("level", lang.number(100.0 * self.level, 0))];
        let notes = [tell(lang, "joint-note", &level)];
        finish(rows.sheet, place, self.alt(lang), &notes)
    }

    fn table(&self, lang: Lang) -> DataTable {
        let columns = [
            ("effects-estimate", true),
            ("effects-low", true),
            ("effects-high", true),
            ("joint-share", true),
            ("joint-verdict", false),
        ];
        let mut data = table(lang, say(lang, "joint-caption"), "joint-of", &columns);
        data.rows = self
            .pairs
            .iter()
            .map(|pair| {
                let mut cells = Vec::from(self.effect(pair, lang));
                cells.push(JointDisplay::share(pair.share, lang));
                cells.push(JointDisplay::verdict(pair.together, lang));
                row(pair.label.clone(), false, cells)
            })
            .collect();
        data
    }

    fn alt(&self, lang: Lang) -> String {
        let told = self.pairs.iter().map(|pair| {
            let [estimate, low, high] = self.effect(pair, lang);
            let args = [
                ("label", pair.label.clone()),
                ("estimate", estimate),
                ("interval", format!("[{low}; {high}]")),
                ("share", JointDisplay::share(pair.share, lang)),
                ("verdict", JointDisplay::verdict(pair.together, lang)),
            ];
            tell(lang, "joint-alt-one", &args)
        });
        let pairs = told.collect::<Vec<_>>().join(" ");
        tell(lang, "joint-alt", &[("pairs", pairs)])
    }
}
