//! The cut chooser: what precision and recall a cut gives, estimated by the model or measured on known pairs.

use wdl_vocab::Lang;

use super::curves::{Plane, room_of, share_marks};
use super::figures::{chance, count, cut_chance, expected, probability_of, share, signed};
use super::histogram::{WeightBin, at_cuts};
use super::rows::{Swatch, key};
use super::{Picture, Place, at_cut, begin, finish, row, say, table, tell};
use crate::marks::look;
use crate::{Chart, DataTable};

/// What a cut gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutPoint {
    /// The weight from which a pair is a link.
    pub weight: f64,
    /// The links.
    pub links: u64,
    /// How many of them are expected to be true.
    pub true_links: f64,
    /// The part of the links that is true.
    pub precision: f64,
    /// The part of the true pairs that is linked.
    pub recall: f64,
}

impl CutPoint {
    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        let sum = self.precision + self.recall;
        match sum > 0.0 {
            true => 2.0 * self.precision * self.recall / sum,
            false => 0.0,
        }
    }
}

/// The picture of the cuts.
#[derive(Clone, Debug, PartialEq)]
pub struct CutChooser {
    /// The cuts, rising.
    pub points: Vec<CutPoint>,
    /// The cut in use.
    pub cut: f64,
}

impl CutChooser {
    /// From the weights of the compared pairs: `found` is the part of all true pairs that were compared at all.
    pub fn estimated(bins: &[WeightBin], found: f64, cut: f64) -> CutChooser {
        let points = at_cuts(bins).into_iter().map(|at| CutPoint {
            weight: at.weight,
            links: at.pairs,
            true_links: at.matches,
            precision: 1.0 - at.false_discoveries,
            recall: (1.0 - at.false_negatives) * found,
        });
        CutChooser {
            points: points.collect(),
            cut,
        }
    }

    /// The point nearest to the cut in use.
    pub fn chosen(&self) -> Option<&CutPoint> {
        self.points.iter().min_by(|a, b| {
            let far = |point: &CutPoint| (point.weight - self.cut).abs();
            far(a).total_cmp(&far(b))
        })
    }

    /// The point of the greatest F1; of several, the highest cut.
    pub fn best(&self) -> Option<&CutPoint> {
        self.points.iter().max_by(|a, b| a.f1().total_cmp(&b.f1()))
    }
}

impl Picture for CutChooser {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let mut sheet = begin(place, "cut-subtitle", lang);
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else {
            return finish(sheet, place, self.alt(lang), &[self.alt(lang)]);
        };
        type Measure = fn(&CutPoint) -> f64;
        let curves: [(usize, &str, Measure); 3] = [
            (1, "cut-precision", |point| point.precision),
            (2, "cut-recall", |point| point.recall),
            (0, "cut-f1", CutPoint::f1),
        ];
        let entries = curves.map(|(at, words, _)| (Swatch::Curve(look(at)), say(lang, words)));
        key(&mut sheet, &entries);
        let height = sheet.sizes.plot_height - 20.0;
        let ends = (first.weight, last.weight);
        let marks = share_marks(lang);
        let room = room_of(&sheet, &marks);
        let plane = Plane::lay_out(&mut sheet, ends, (0.0, 1.0), &marks, (room, height));
        for (at, _, measure) in curves {
            // A cut that lets nothing through has no precision to show.
            let points: Vec<(f64, f64)> = self
                .points
                .iter()
                .filter(|point| point.links > 0)
                .map(|point| (point.weight, measure(point)))
                .collect();
            plane.curve(&mut sheet, &points, look(at));
        }
        let cut = at_cut(self.cut, lang);
        plane.cut(&mut sheet, self.cut, &cut);
        let axis = (
            say(lang, "axis-cut-weight"),
            say(lang, "axis-cut-probability"),
        );
        plane.axis(&mut sheet, (&axis.0, &axis.1));
        finish(sheet, place, self.alt(lang), &[say(lang, "cut-note")])
    }

    fn table(&self, lang: Lang) -> DataTable {
        let columns = [
            ("column-probability", true),
            ("column-links", true),
            ("column-true-links", true),
            ("column-precision", true),
            ("column-recall", true),
            ("column-f1", true),
        ];
        let caption = say(lang, "cut-caption");
        let mut made = table(lang, caption, "column-cut", &columns);
        let chosen = self.chosen().map(|point| point.weight);
        for point in self.points.iter().filter(|point| point.links > 0).rev() {
            made.rows.push(row(
                signed(point.weight, lang),
                chosen == Some(point.weight),
                vec![
                    chance(probability_of(point.weight), lang),
                    count(point.links, lang),
                    expected(point.true_links, lang),
                    share(point.precision, lang),
                    share(point.recall, lang),
                    share(point.f1(), lang),
                ],
            ));
        }
        made
    }

    fn alt(&self, lang: Lang) -> String {
        let (Some(at), Some(best)) = (self.chosen(), self.best()) else {
            return say(lang, "nothing-compared");
        };
        let args = [
            ("chance", cut_chance(self.cut, lang)),
            ("precision", share(at.precision, lang)),
            ("recall", share(at.recall, lang)),
            ("f1", share(at.f1(), lang)),
            ("best", cut_chance(best.weight, lang)),
            ("best_f1", share(best.f1(), lang)),
        ];
        tell(lang, "cut-alt", &args)
    }
}
