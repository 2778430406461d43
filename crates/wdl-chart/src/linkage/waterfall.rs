//! Why one pair was linked or not: from the weight of any two records, field by field, to the total and its probability.

use wdl_vocab::Lang;

use super::curves::{plain, probability_marks};
use super::figures::{bounded, chance, cut_chance, probability_of, signed};
use super::rows::{AGAINST, FOR, Fill, REST, Rows, Swatch, WHOLE, ZERO, key};
use super::{Picture, Place, at_cut, begin, finish, row, say, table, tell};
use crate::scale::{Scale, ticks};
use crate::svg::{Anchor, SOFT, Stroke, text_width};
use crate::{Chart, DataTable};

/// What one field adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The field, or what else adds weight.
    pub label: String,
    /// The outcome of the comparison, in words.
    pub level: String,
    /// The weight of the outcome; none when a value is missing.
    pub weight: f64,
    /// What the rarity of the common value adds or takes.
    pub rarity: f64,
}

/// What became of a pair: its weight alone does not say it, since one record may go with one other only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is a link.
    Link,
    /// It is none.
    NoLink,
}

/// The picture of one pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Waterfall {
    /// The weight of two records taken at random.
    pub prior: f64,
    /// The fields.
    pub steps: Vec<Step>,
    /// The weight from which a pair is a link.
    pub cut: f64,
    /// What became of it.
    pub outcome: Outcome,
}

/// One bar: its words and what it adds.
struct Part {
    words: String,
    weight: f64,
}

const BAR: f64 = 15.0;
/// Less rarity than this is a part of its field's own bar.
const RARITY: f64 = 0.3;

impl Waterfall {
    /// The weight of the pair.
    pub fn total(&self) -> f64 {
        let more = self.steps.iter().map(|step| step.weight + step.rarity);
        bounded(self.prior) + more.sum::<f64>()
    }

    /// The bars between the prior and the total: rarity has one of its own, where it counts.
    fn parts(&self, lang: Lang) -> Vec<Part> {
        let mut parts = Vec::new();
        for step in &self.steps {
            let is_told = step.rarity.abs() >= RARITY;
            parts.push(Part {
                words: format!("{}: {}", step.label, step.level),
                weight: step.weight + if is_told { 0.0 } else { step.rarity },
            });
            if is_told {
                let side = if step.rarity > 0.0 {
                    "waterfall-rare"
                } else {
                    "waterfall-common"
                };
                parts.push(Part {
                    words: tell(lang, side, &[("field", step.label.clone())]),
                    weight: step.rarity,
                });
            }
        }
        parts
    }

    /// The range of the sums on the way, zero and the cut included.
    fn range(&self, parts: &[Part]) -> (f64, f64) {
        let mut at = bounded(self.prior);
        let mut ends = (at.min(0.0).min(self.cut), at.max(0.0).max(self.cut));
        for part in parts {
            at += part.weight;
            ends = (ends.0.min(at), ends.1.max(at));
        }
        (ends.0 - 0.5, ends.1 + 0.5)
    }
}

impl Picture for Waterfall {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let mut sheet = begin(place, "waterfall-subtitle", lang);
        let cut_line = Stroke {
            colour: SOFT,
            width: 1.6,
            dash: "6 4",
        };
        key(
            &mut sheet,
            &[
                (Swatch::Bar(FOR), say(lang, "waterfall-for")),
                (Swatch::Bar(AGAINST), say(lang, "waterfall-against")),
                (Swatch::Line(cut_line), at_cut(self.cut, lang)),
            ],
        );
        let parts = self.parts(lang);
        let range = self.range(&parts);
        let ends = [say(lang, "weights-prior"), say(lang, "waterfall-total")];
        let mut names: Vec<String> = parts.iter().map(|part| part.words.clone()).collect();
        names.extend(ends.iter().cloned());
        let room = text_width("+188,8", sheet.sizes.text) + 8.0;
        let mut rows = Rows::begin(sheet, place.width, &names, (room, room));
        let scale = Scale::new(range, rows.span);
        rows.scale_above(&probability_marks(&scale, range, lang));
        let mut at = bounded(self.prior);
        let mut last = draw(&mut rows, &scale, &ends[0], (0.0, at), Some(WHOLE), lang);
        for part in &parts {
            let next = at + part.weight;
            let y = draw(&mut rows, &scale, &part.words, (at, next), None, lang);
            join(&mut rows, scale.at(at), (last, y));
            (at, last) = (next, y);
        }
        let y = draw(&mut rows, &scale, &ends[1], (0.0, at), Some(WHOLE), lang);
        join(&mut rows, scale.at(at), (last, y));
        let step = ticks(range.0, range.1, 6);
        let marks: Vec<_> = step
            .values
            .iter()
            .filter(|value| (range.0..=range.1).contains(*value))
            .map(|value| (scale.at(*value), plain(*value, step.decimals, lang)))
            .collect();
        rows.scale(
            &marks,
            &[(scale.at(0.0), ZERO), (scale.at(self.cut), cut_line)],
        );
        finish(
            rows.sheet,
            place,
            self.alt(lang),
            &[say(lang, "waterfall-note")],
        )
    }

    fn table(&self, lang: Lang) -> DataTable {
        let columns = [
            ("column-weight", true),
            ("column-sum", true),
            ("column-probability", true),
        ];
        let caption = say(lang, "waterfall-caption");
        let mut made = table(lang, caption, "column-step", &columns);
        let mut at = bounded(self.prior);
        let mut push = |words: String, is_total: bool, weight: f64, at: f64| {
            let cells = vec![
                signed(weight, lang),
                signed(at, lang),
                chance(probability_of(at), lang),
            ];
            made.rows.push(row(words, is_total, cells));
        };
        push(say(lang, "weights-prior"), false, at, at);
        for part in self.parts(lang) {
            at += part.weight;
            push(part.words, false, part.weight, at);
        }
        push(say(lang, "waterfall-total"), true, at, at);
        made
    }

    fn alt(&self, lang: Lang) -> String {
        let total = self.total();
        let key = match (self.outcome, total >= self.cut) {
            (Outcome::Link, true) => "waterfall-alt-link",
            (Outcome::Link, false) => "waterfall-alt-link-below",
            (Outcome::NoLink, false) => "waterfall-alt-none",
            (Outcome::NoLink, true) => "waterfall-alt-none-above",
        };
        let args = [
            ("total", signed(total, lang)),
            ("chance", chance(probability_of(total), lang)),
            ("cut", cut_chance(self.cut, lang)),
            ("prior", signed(self.prior, lang)),
        ];
        let mut words = vec![tell(lang, key, &args)];
        let parts = self.parts(lang);
        let heaviest = parts.iter().min_by(|a, b| b.weight.total_cmp(&a.weight));
        let lightest = parts.iter().min_by(|a, b| a.weight.total_cmp(&b.weight));
        for (key, part) in [
            (
                "waterfall-alt-for",
                heaviest.filter(|part| part.weight > 0.0),
            ),
            (
                "waterfall-alt-against",
                lightest.filter(|part| part.weight < 0.0),
            ),
        ] {
            let Some(part) = part else {
                continue;
            };
            let args = [
                ("part", part.words.clone()),
                ("weight", signed(part.weight, lang)),
            ];
            words.push(tell(lang, key, &args));
        }
        words.join(" ")
    }
}

/// A bar with its number beside it; gives its middle.
fn draw(
    rows: &mut Rows,
    scale: &Scale,
    words: &str,
    (from, to): (f64, f64),
    whole: Option<Fill>,
    lang: Lang,
) -> f64 {
    let y = rows.row(words, whole.is_some(), BAR);
    let fill = match (whole, to - from) {
        (Some(fill), _) => fill,
        (None, weight) if weight.abs() < 0.05 => REST,
        (None, weight) if weight < 0.0 => AGAINST,
        (None, _) => FOR,
    };
    rows.bar((scale.at(from), scale.at(to)), y, BAR, fill);
    let (x, anchor) = match to < from {
        true => (scale.at(to) - 5.0, Anchor::End),
        false => (scale.at(to) + 5.0, Anchor::Start),
    };
    rows.number(x, y, anchor, fill, &signed(to - from, lang));
    y
}

/// The thread from one bar's end to the next.
fn join(rows: &mut Rows, x: f64, (from, to): (f64, f64)) {
    let stroke = Stroke {
        colour: SOFT,
        width: 1.0,
        dash: "1 2",
    };
    rows.sheet
        .canvas
        .line((x, from + BAR / 2.0), (x, to - BAR / 2.0), stroke);
}
