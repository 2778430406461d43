//! The weights of all compared pairs, how many of them the model expects to be true, and what a cut would let through or lose.

use wdl_vocab::Lang;

use super::curves::{Plane, power, power_marks, room_of, share_marks};
use super::figures::{count, cut_chance, expected, share, signed};
use super::rows::{FOR, REST, Swatch, key};
use super::{Picture, Place, at_cut, begin, finish, row, say, table, tell};
use crate::marks::look;
use crate::{Chart, DataTable, Width};

/// Pairs of nearly the same weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightBin {
    /// The least weight.
    pub from: f64,
    /// The weight the bin does not reach.
    pub to: f64,
    /// How many pairs.
    pub pairs: u64,
    /// How many of them the model expects to be of one person.
    pub expected_matches: f64,
}

/// The picture of the weights.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightHistogram {
    /// The bins, rising.
    pub bins: Vec<WeightBin>,
    /// The weight from which a pair is a link.
    pub cut: f64,
}

/// What a cut does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AtCut {
    pub(crate) weight: f64,
    pub(crate) pairs: u64,
    pub(crate) matches: f64,
    /// Expected part of the links that is wrong; nothing is wrong where there is no link.
    pub(crate) false_discoveries: f64,
    /// Expected part of the true pairs below the cut.
    pub(crate) false_negatives: f64,
}

/// What a cut at the lower edge of each bin does, and at the upper edge of the last.
pub(crate) fn at_cuts(bins: &[WeightBin]) -> Vec<AtCut> {
    let whole: f64 = bins.iter().map(|bin| bin.expected_matches).sum();
    let (mut pairs, mut matches) = (0, 0.0);
    let edges = bins
        .iter()
        .rev()
        .map(|bin| (bin.from, bin.pairs, bin.expected_matches));
    let last = bins.last().map(|bin| (bin.to, 0, 0.0));
    let mut cuts: Vec<AtCut> = last
        .into_iter()
        .chain(edges)
        .map(|(weight, more, true_ones)| {
            pairs += more;
            matches += true_ones;
            AtCut {
                weight,
                pairs,
                matches,
                false_discoveries: match pairs {
                    0 => 0.0,
                    _ => (1.0 - matches / pairs as f64).clamp(0.0, 1.0),
                },
                false_negatives: match whole > 0.0 {
                    true => (1.0 - matches / whole).clamp(0.0, 1.0),
                    false => 0.0,
                },
            }
        })
        .collect();
    cuts.reverse();
    cuts
}

impl WeightHistogram {
    /// What the cut does, at the edge of the bin nearest to it.
    fn chosen(&self) -> Option<AtCut> {
        at_cuts(&self.bins).into_iter().min_by(|a, b| {
            let far = |at: &AtCut| (at.weight - self.cut).abs();
            far(a).total_cmp(&far(b))
        })
    }

    fn ends(&self) -> Option<(f64, f64)> {
        Some((self.bins.first()?.from, self.bins.last()?.to))
    }
}

impl Picture for WeightHistogram {
    fn draw(&self, place: &Place<'_>, lang: Lang) -> Chart {
        let mut sheet = begin(place, "histogram-subtitle", lang);
        let Some(ends) = self.ends() else {
            return finish(sheet, place, self.alt(lang), &[self.alt(lang)]);
        };
        key(
            &mut sheet,
            &[
                (Swatch::Bar(REST), say(lang, "histogram-pairs")),
                (Swatch::Bar(FOR), say(lang, "histogram-matches")),
            ],
        );
        let highest = self.bins.iter().map(|bin| bin.pairs).max().unwrap_or(1) as f64;
        let marks = power_marks(highest, lang);
        let top = power(highest).ceil().max(1.0);
        let heights = match place.width {
            Width::Wide => (230.0, 150.0),
            Width::Narrow => (190.0, 130.0),
        };
        let room = room_of(&sheet, &marks);
        let plane = Plane::lay_out(
            &mut sheet,
            ends,
            (power(0.0), top),
            &marks,
            (room, heights.0),
        );
        for bin in &self.bins {
            let across = (bin.from, bin.to);
            plane.bar(&mut sheet, across, power(bin.pairs as f64), REST);
            plane.bar(&mut sheet, across, power(bin.expected_matches), FOR);
        }
        let cut = at_cut(self.cut, lang);
        plane.cut(&mut sheet, self.cut, &cut);
        plane.weights_axis(&mut sheet, "");
        sheet.y += 6.0;
        let curves = [(look(2), "histogram-fdr"), (look(0), "histogram-fnr")];
        let entries = curves.map(|(look, words)| (Swatch::Curve(look), say(lang, words)));
        key(&mut sheet, &entries);
        let plane = Plane::lay_out(
            &mut sheet,
            ends,
            (0.0, 1.0),
            &share_marks(lang),
            (room, heights.1),
        );
        let cuts = at_cuts(&self.bins);
        let wrong: Vec<_> = cuts
            .iter()
            .map(|at| (at.weight, at.false_discoveries))
            .collect();
        let lost: Vec<_> = cuts
            .iter()
            .map(|at| (at.weight, at.false_negatives))
            .collect();
        plane.curve(&mut sheet, &wrong, curves[0].0);
        plane.curve(&mut sheet, &lost, curves[1].0);
        plane.cut(&mut sheet, self.cut, &cut);
        let axis = (say(lang, "axis-weight"), say(lang, "axis-probability"));
        plane.axis(&mut sheet, (&axis.0, &axis.1));
        let notes = [say(lang, "histogram-note")];
        finish(sheet, place, self.alt(lang), &notes)
    }

    fn table(&self, lang: Lang) -> DataTable {
        let columns = [
            ("column-pairs", true),
            ("column-expected", true),
            ("column-fdr", true),
            ("column-fnr", true),
        ];
        let caption = say(lang, "histogram-caption");
        let mut made = table(lang, caption, "column-weight-range", &columns);
        let cuts = at_cuts(&self.bins);
        for (bin, at) in self.bins.iter().zip(&cuts).rev() {
            let args = [
                ("from", signed(bin.from, lang)),
                ("to", signed(bin.to, lang)),
            ];
            made.rows.push(row(
                tell(lang, "weight-range", &args),
                false,
                vec![
                    count(bin.pairs, lang),
                    expected(bin.expected_matches, lang),
                    share(at.false_discoveries, lang),
                    share(at.false_negatives, lang),
                ],
            ));
        }
        made
    }

    fn alt(&self, lang: Lang) -> String {
        let (Some(ends), Some(at)) = (self.ends(), self.chosen()) else {
            return say(lang, "nothing-compared");
        };
        let pairs = self.bins.iter().map(|bin| bin.pairs).sum();
        let matches = self.bins.iter().map(|bin| bin.expected_matches).sum();
        let args = [
            ("pairs", count(pairs, lang)),
            ("low", signed(ends.0, lang)),
            ("high", signed(ends.1, lang)),
            ("matches", expected(matches, lang)),
            ("chance", cut_chance(self.cut, lang)),
            ("above", count(at.pairs, lang)),
            ("fdr", share(at.false_discoveries, lang)),
            ("fnr", share(at.false_negatives, lang)),
        ];
        tell(lang, "histogram-alt", &args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_lets_through_and_loses() {
        let bin = |from: f64, pairs, expected_matches| WeightBin {
            from,
            to: from + 1.0,
            pairs,
            expected_matches,
        };
        let cuts = at_cuts(&[bin(-1.0, 100, 1.0), bin(0.0, 10, 7.0), bin(1.0, 8, 8.0)]);
        let shown: Vec<(f64, u64, f64)> = cuts
            .iter()
            .map(|at| (at.weight, at.pairs, at.matches))
            .collect();
        assert_eq!(
            shown,
            [
                (-1.0, 118, 16.0),
                (0.0, 18, 15.0),
                (1.0, 8, 8.0),
                (2.0, 0, 0.0)
            ]
        );
        assert!((cuts[1].false_discoveries - 3.0 / 18.0).abs() < 1e-12);
        assert!((cuts[1].false_negatives - 1.0 / 16.0).abs() < 1e-12);
        assert_eq!(cuts[3].false_discoveries, 0.0);
        assert_eq!(cuts[3].false_negatives, 1.0);
        assert!(at_cuts(&[]).is_empty());
    }
}
