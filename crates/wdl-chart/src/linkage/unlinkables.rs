//! Records that say too little: even against themselves they would not reach the cut.

use wdl_vocab::Lang;

use super::curves::{Plane, room_of, share_marks};
use super::figures::{chance, count, cut_chance, probability_of, share, signed};
use super::{Picture, Place, at_cut, begin, finish, row, say, table, tell};
use crate::marks::look;
use crate::scale::ticks;
use crate::{Chart, DataTable};

/// Records whose weight against themselves is nearly the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelfWeights {
    /// The weight.
    pub weight: f64,
    /// How many records have it.
    pub records: u64,
}

/// The picture of the unlinkables.
#[derive(Clone, Debug, PartialEq)]
pub struct Unlinkables {
    /// The records by their weight against themselves, rising.
    pub records: Vec<SelfWeights>,
    /// The cut in use.
    pub cut: f64,
}

impl Unlinkables {
    fn whole(&self) -> u64 {
        self.records.iter().map(|some| some.records).sum()
    }

    /// How many records do not reach a weight.
    fn below(&self, cut: f64) -> u64 {
        self.records
            .iter()
            .filter(|some| some.weight < cut)
            .map(|some| some.records)
            .sum()
    }

    fn share(&self, cut: f64) -> f64 {
        match self.whole() {
            0 => 0.0,
            whole => self.below(cut) as f64 / whole as f64,
        }
    }

    /// The weights the curve goes over: at least from none to the cut.
    fn ends(&self) -> Option<(f64, f64)> {
        let (first, last) = (self.records.first()?, self.records.last()?);
        let low = first.weight.min(0.0).min(self.cut - 1.0);
        Some((low, last.weight.max(self.cut) + 1.0))
    }
}

impl Picture for Unlinkables {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let mut sheet = begin(place, "unlinkables-subtitle", lang);
        let Some(ends) = self.ends() else {
            return finish(sheet, place, self.alt(lang), &[self.alt(lang)]);
        };
        let height = sheet.sizes.plot_height - 80.0;
        let marks = share_marks(lang);
        let room = room_of(&sheet, &marks);
        let plane = Plane::lay_out(&mut sheet, ends, (0.0, 1.0), &marks, (room, height));
        let mut points = vec![(ends.0, 0.0)];
        let whole = self.whole().max(1) as f64;
        let mut below = 0;
        for some in &self.records {
            points.push((some.weight, below as f64 / whole));
            below += some.records;
            points.push((some.weight, below as f64 / whole));
        }
        points.push((ends.1, 1.0));
        plane.curve(&mut sheet, &points, look(0));
        let words = at_cut(self.cut, lang);
        plane.cut(&mut sheet, self.cut, &words);
        let axis = (
            say(lang, "axis-cut-weight"),
            say(lang, "axis-cut-probability"),
        );
        plane.axis(&mut sheet, (&axis.0, &axis.1));
        finish(sheet, place, self.alt(lang), &[])
    }

    fn table(&self, lang: Lang) -> DataTable {
        let columns = [
            ("column-probability", true),
            ("column-unlinkable", true),
            ("column-share", true),
        ];
        let caption = say(lang, "unlinkables-caption");
        let mut made = table(lang, caption, "column-cut", &columns);
        let Some(ends) = self.ends() else {
            return made;
        };
        let mut cuts: Vec<(f64, bool)> = ticks(ends.0, ends.1, 10)
            .values
            .into_iter()
            .filter(|value| (value - self.cut).abs() > 1e-6)
            .map(|value| (value, false))
            .chain([(self.cut, true)])
            .collect();
        cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (cut, is_chosen) in cuts {
            made.rows.push(row(
                signed(cut, lang),
                is_chosen,
                vec![
                    chance(probability_of(cut), lang),
                    count(self.below(cut), lang),
                    share(self.share(cut), lang),
                ],
            ));
        }
        made
    }

    fn alt(&self, lang: Lang) -> String {
        let args = [
            ("chance", cut_chance(self.cut, lang)),
            ("count", count(self.below(self.cut), lang)),
            ("whole", count(self.whole(), lang)),
            ("share", share(self.share(self.cut), lang)),
        ];
        let key = match (self.whole(), self.below(self.cut)) {
            (0, _) => "nothing-compared",
            (_, 0) => "unlinkables-alt-none",
            (_, 1) => "unlinkables-alt-one",
            (_, _) => "unlinkables-alt",
        };
        tell(lang, key, &args)
    }
}
