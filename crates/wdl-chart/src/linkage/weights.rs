//! Match weights: how much each outcome of a comparison speaks for or against one person.

use wdl_vocab::{Lang, Text};

use super::figures::{bounded, chance, probability_of, signed, times};
use super::rows::{AGAINST, FOR, Fill, Rows, Swatch, WHOLE, ZERO, key};
use super::{Picture, Place, begin, curves, finish, row, say, table, tell};
use crate::scale::{Scale, ticks};
use crate::svg::{Anchor, text_width};
use crate::{Chart, DataTable};

/// An outcome of a comparison and its chances.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelWeight {
    /// In words: `uguale`.
    pub label: Text,
    /// How often among pairs of one person.
    pub m: f64,
    /// How often among pairs of different persons.
    pub u: f64,
    /// The binary logarithm of `m / u`.
    pub weight: f64,
}

/// A compared field: its outcomes, the closest first.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldWeights {
    /// Its name.
    pub label: String,
    /// The outcomes.
    pub levels: Vec<LevelWeight>,
}

/// The picture of the weights.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchWeights {
    /// The weight of two records taken at random.
    pub prior: f64,
    /// The fields.
    pub fields: Vec<FieldWeights>,
}

const BAR: f64 = 14.0;

impl MatchWeights {
    fn levels(&self) -> impl Iterator<Item = (&FieldWeights, &LevelWeight)> {
        self.fields
            .iter()
            .flat_map(|field| field.levels.iter().map(move |level| (field, level)))
    }

    /// The heaviest outcome for and against, of those that are not rare: one that nobody shows decides nothing.
    fn ends(&self) -> [Option<(&FieldWeights, &LevelWeight)>; 2] {
        const RARE: f64 = 0.01;
        let heaviest = self
            .levels()
            .filter(|(_, level)| level.weight > 0.0 && level.m >= RARE)
            .min_by(|a, b| b.1.weight.total_cmp(&a.1.weight));
        let lightest = self
            .levels()
            .filter(|(_, level)| level.weight < 0.0 && level.u >= RARE)
            .min_by(|a, b| a.1.weight.total_cmp(&b.1.weight));
        [heaviest, lightest]
    }

    /// The field whose agreement convinces most: the one with the heaviest outcome that is not rare.
    pub fn strongest(&self) -> Option<&str> {
        let [heaviest, _] = self.ends();
        heaviest.map(|(field, _)| field.label.as_str())
    }
}

impl Picture for MatchWeights {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let mut sheet = begin(place, "weights-subtitle", lang);
        key(
            &mut sheet,
            &[
                (Swatch::Bar(FOR), say(lang, "weights-for")),
                (Swatch::Bar(AGAINST), say(lang, "weights-against")),
            ],
        );
        let all: Vec<f64> = self
            .levels()
            .map(|(_, level)| level.weight)
            .chain([self.prior])
            .map(bounded)
            .collect();
        let low = all.iter().copied().fold(-1.0, f64::min);
        let high = all.iter().copied().fold(1.0, f64::max);
        let room = text_width("+88,8", sheet.sizes.text) + 8.0;
        let mut names: Vec<String> = self
            .levels()
            .map(|(_, level)| level.label.get(lang).to_owned())
            .collect();
        let prior = say(lang, "weights-prior");
        names.push(prior.clone());
        let mut rows = Rows::begin(sheet, place.width, &names, (room, room));
        let scale = Scale::new((low, high), rows.span);
        let draw = |rows: &mut Rows, name: &str, weight: f64, whole: Option<Fill>| {
            let y = rows.row(name, whole.is_some(), BAR);
            let fill = whole.unwrap_or(if weight < 0.0 { AGAINST } else { FOR });
            let x = scale.at(bounded(weight));
            rows.bar((scale.at(0.0), x), y, BAR, fill);
            let (x, anchor) = match weight < 0.0 {
                true => (x - 5.0, Anchor::End),
                false => (x + 5.0, Anchor::Start),
            };
            rows.number(x, y, anchor, fill, &signed(weight, lang));
        };
        draw(&mut rows, &prior, self.prior, Some(WHOLE));
        for field in &self.fields {
            rows.heading(&field.label);
            for level in &field.levels {
                draw(&mut rows, level.label.get(lang), level.weight, None);
            }
        }
        let step = ticks(low, high, 6);
        let marks: Vec<_> = step
            .values
            .iter()
            .filter(|value| (low..=high).contains(*value))
            .map(|value| (scale.at(*value), curves::plain(*value, step.decimals, lang)))
            .collect();
        rows.scale(&marks, &[(scale.at(0.0), ZERO)]);
        let notes = [say(lang, "weights-note")];
        finish(rows.sheet, place, self.alt(lang), &notes)
    }

    fn table(&self, lang: Lang) -> DataTable {
        let columns = [
            ("column-outcome", false),
            ("column-weight", true),
            ("column-times", false),
        ];
        let caption = say(lang, "weights-caption");
        let mut made = table(lang, caption, "column-field", &columns);
        made.rows.push(row(
            say(lang, "weights-prior"),
            true,
            vec![
                tell(
                    lang,
                    "weights-prior-chance",
                    &[("chance", chance(probability_of(self.prior), lang))],
                ),
                signed(self.prior, lang),
                String::from("–"),
            ],
        ));
        for (field, level) in self.levels() {
            let args = [("times", times(level.weight, lang))];
            let side = if level.weight < 0.0 {
                "times-against"
            } else {
                "times-for"
            };
            made.rows.push(row(
                field.label.clone(),
                false,
                vec![
                    level.label.get(lang).to_owned(),
                    signed(level.weight, lang),
                    tell(lang, side, &args),
                ],
            ));
        }
        made
    }

    fn alt(&self, lang: Lang) -> String {
        let mut words = vec![tell(
            lang,
            "weights-alt",
            &[
                ("prior", signed(self.prior, lang)),
                ("chance", chance(probability_of(self.prior), lang)),
            ],
        )];
        let [best, worst] = self.ends();
        for (key, end) in [("weights-alt-for", best), ("weights-alt-against", worst)] {
            let Some((field, level)) = end else {
                continue;
            };
            let args = [
                ("field", field.label.clone()),
                ("level", level.label.get(lang).to_owned()),
                ("weight", signed(level.weight, lang)),
                ("times", times(level.weight, lang)),
            ];
            words.push(tell(lang, key, &args));
        }
        words.join(" ")
    }
}
