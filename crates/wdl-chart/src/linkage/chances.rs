//! The chances behind the weights: how often each outcome occurs among pairs of one person (m) and of different persons (u).

use wdl_vocab::Lang;

use super::figures::{chance, signed};
use super::rows::{FOR, REST, Rows, Swatch, ZERO, key};
use super::weights::{FieldWeights, LevelWeight};
use super::{Picture, Place, begin, curves, finish, row, say, table, tell};
use crate::scale::Scale;
use crate::svg::{Anchor, text_width};
use crate::{Chart, DataTable};

/// The picture of m and u.
#[derive(Clone, Debug, PartialEq)]
pub struct Chances {
    /// The fields.
    pub fields: Vec<FieldWeights>,
}

const BAR: f64 = 11.0;

impl Chances {
    /// The fields by the chance of their closest outcome, the least first.
    fn closest(&self, of: impl Fn(&LevelWeight) -> f64) -> Vec<(&str, f64)> {
        let mut fields: Vec<(&str, f64)> = self
            .fields
            .iter()
            .filter_map(|field| Some((field.label.as_str(), of(field.levels.first()?))))
            .collect();
        fields.sort_by(|a, b| a.1.total_cmp(&b.1));
        fields
    }
}

impl Picture for Chances {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let mut sheet = begin(place, "chances-subtitle", lang);
        key(
            &mut sheet,
            &[
                (Swatch::Bar(FOR), say(lang, "chances-m")),
                (Swatch::Bar(REST), say(lang, "chances-u")),
            ],
        );
        let size = sheet.sizes.text;
        let levels = || self.fields.iter().flat_map(|field| &field.levels);
        let names: Vec<String> = levels()
            .map(|level| level.label.get(lang).to_owned())
            .collect();
        let room = levels()
            .flat_map(|level| [level.m, level.u])
            .map(|share| text_width(&chance(share, lang), size))
            .fold(30.0, f64::max);
        let mut rows = Rows::begin(sheet, place.width, &names, (0.0, room + 12.0));
        let scale = Scale::new((0.0, 1.0), rows.span);
        for field in &self.fields {
            rows.heading(&field.label);
            for level in &field.levels {
                let middle = rows.row(level.label.get(lang), false, 2.0 * BAR + 8.0);
                for (share, fill, off) in [(level.m, FOR, -0.5), (level.u, REST, 0.5)] {
                    let y = middle + off * (BAR + 5.0);
                    let x = scale.at(share);
                    rows.bar((scale.at(0.0), x), y, BAR, fill);
                    rows.number(x + 5.0, y, Anchor::Start, fill, &chance(share, lang));
                }
            }
        }
        let marks: Vec<_> = curves::share_marks(lang)
            .into_iter()
            .map(|(value, words)| (scale.at(value), words))
            .collect();
        rows.scale(&marks, &[(scale.at(0.0), ZERO)]);
        let notes = [say(lang, "chances-note")];
        finish(rows.sheet, place, self.alt(lang), &notes)
    }

    fn table(&self, lang: Lang) -> DataTable {
        let columns = [
            ("column-outcome", false),
            ("column-m", true),
            ("column-u", true),
            ("column-weight", true),
        ];
        let caption = say(lang, "chances-caption");
        let mut made = table(lang, caption, "column-field", &columns);
        for field in &self.fields {
            for level in &field.levels {
                made.rows.push(row(
                    field.label.clone(),
                    false,
                    vec![
                        level.label.get(lang).to_owned(),
                        chance(level.m, lang),
                        chance(level.u, lang),
                        signed(level.weight, lang),
                    ],
                ));
            }
        }
        made
    }

    fn alt(&self, lang: Lang) -> String {
        let m = self.closest(|level| level.m);
        let u = self.closest(|level| level.u);
        let (Some(m_low), Some(m_high), Some(u_low), Some(u_high)) =
            (m.first(), m.last(), u.first(), u.last())
        else {
            return say(lang, "nothing-compared");
        };
        let args = |low: &(&str, f64), high: &(&str, f64)| {
            [
                ("low", low.0.to_owned()),
                ("low_share", chance(low.1, lang)),
                ("high", high.0.to_owned()),
                ("high_share", chance(high.1, lang)),
            ]
        };
        format!(
            "{} {}",
            tell(lang, "chances-alt-m", &args(m_low, m_high)),
            tell(lang, "chances-alt-u", &args(u_low, u_high))
        )
    }
}
