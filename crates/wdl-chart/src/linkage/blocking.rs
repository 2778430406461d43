//! What each blocking rule brings: pairs that no earlier rule found, and pairs found already.

use wdl_vocab::Lang;

use super::curves::{power, power_marks};
use super::figures::{chance, count};
use super::rows::{FOR, REST, Rows, Swatch, ZERO, key};
use super::{Picture, Place, begin, finish, row, say, table, tell};
use crate::scale::Scale;
use crate::svg::{Anchor, text_width};
use crate::{Chart, DataTable};

/// The pairs of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockingCount {
    /// The rule in words.
    pub label: String,
    /// The pairs it finds.
    pub pairs: u64,
    /// Those no earlier rule found.
    pub new_pairs: u64,
    /// The values left out because so many records share them that their pairs would bring little.
    pub values_left_out: u64,
}

/// The picture of the rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocking {
    /// The rules in their order.
    pub rules: Vec<BlockingCount>,
    /// All pairs there could be.
    pub possible: f64,
}

const BAR: f64 = 11.0;

impl Blocking {
    fn compared(&self) -> u64 {
        self.rules.iter().map(|rule| rule.new_pairs).sum()
    }
}

impl Picture for Blocking {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let mut sheet = begin(place, "blocking-subtitle", lang);
        key(
            &mut sheet,
            &[
                (Swatch::Bar(FOR), say(lang, "blocking-new")),
                (Swatch::Bar(REST), say(lang, "blocking-old")),
            ],
        );
        let highest = self.rules.iter().map(|rule| rule.pairs).max().unwrap_or(1);
        let size = sheet.sizes.text;
        let names: Vec<String> = self.rules.iter().map(|rule| rule.label.clone()).collect();
        let room = text_width(&count(highest, lang), size) + 14.0;
        let mut rows = Rows::begin(sheet, place.width, &names, (0.0, room));
        let top = power(highest as f64).ceil().max(1.0);
        let scale = Scale::new((power(0.0), top), rows.span);
        for rule in &self.rules {
            let middle = rows.row(&rule.label, false, 2.0 * BAR + 8.0);
            let old = rule.pairs.saturating_sub(rule.new_pairs);
            for (pairs, fill, off) in [(rule.new_pairs, FOR, -0.5), (old, REST, 0.5)] {
                let y = middle + off * (BAR + 5.0);
                let x = scale.at(power(pairs as f64));
                if pairs > 0 {
                    rows.bar((rows.span.0, x), y, BAR, fill);
                }
                rows.number(x + 5.0, y, Anchor::Start, fill, &count(pairs, lang));
            }
        }
        let marks: Vec<_> = power_marks(highest as f64, lang)
            .into_iter()
            .map(|(exponent, words)| (scale.at(exponent), words))
            .collect();
        let zero = rows.span.0;
        rows.scale(&marks, &[(zero, ZERO)]);
        finish(
            rows.sheet,
            place,
            self.alt(lang),
            &[say(lang, "blocking-note")],
        )
    }

    fn table(&self, lang: Lang) -> DataTable {
        let columns = [
            ("column-pairs", true),
            ("column-new", true),
            ("column-old", true),
            ("column-left-out", true),
        ];
        let caption = say(lang, "blocking-caption");
        let mut made = table(lang, caption, "column-rule", &columns);
        for rule in &self.rules {
            made.rows.push(row(
                rule.label.clone(),
                false,
                vec![
                    count(rule.pairs, lang),
                    count(rule.new_pairs, lang),
                    count(rule.pairs.saturating_sub(rule.new_pairs), lang),
                    count(rule.values_left_out, lang),
                ],
            ));
        }
        let total = count(self.compared(), lang);
        let none = String::from("–");
        made.rows.push(row(
            say(lang, "blocking-total"),
            true,
            vec![total.clone(), total, none.clone(), none],
        ));
        made
    }

    fn alt(&self, lang: Lang) -> String {
        let most = self
            .rules
            .iter()
            .min_by_key(|rule| std::cmp::Reverse(rule.new_pairs));
        let Some(most) = most else {
            return say(lang, "blocking-alt-none");
        };
        let args = [
            ("rules", self.rules.len().to_string()),
            ("form", crate::words::form(self.rules.len())),
            ("pairs", count(self.compared(), lang)),
            ("possible", lang.number(self.possible, 0)),
            (
                "share",
                chance(self.compared() as f64 / self.possible.max(1.0), lang),
            ),
            ("most", most.label.clone()),
            ("most_new", count(most.new_pairs, lang)),
        ];
        tell(lang, "blocking-alt", &args)
    }
}
