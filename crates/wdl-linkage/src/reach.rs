//! How far a pair can come while some of its fields are not compared yet: most pairs can be left out before the comparisons that cost most.
//!
//! Each class of matches is followed for itself: an address that differs rules out that a person stayed and says nothing against having moved, and one bound for both would keep the best of each.

use rustc_hash::FxHashMap;

use crate::compare::{Glance, levels};
use crate::estimate::{Class, MATCHES_MAX, Mixture};
use crate::outcome::Pattern;
use crate::prepare::{MISSING, Records};

/// Pairs whose odds stay below are left out: a little less than [`WEIGHT_MIN`](crate::passes::WEIGHT_MIN) as odds, so that rounding leaves no pair out.
const ODDS_MIN: f64 = 0.01;

/// No less than the odds of a pair, for each class of matches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach([f64; MATCHES_MAX]);

impl Reach {
    /// Of a pair of which nothing is known.
    pub(crate) const ANY: Reach = Reach([f64::INFINITY; MATCHES_MAX]);

    #[inline]
    fn each(self, factors: Reach, of: impl Fn(f64, f64) -> f64) -> Reach {
        Reach(std::array::from_fn(|class| {
            of(self.0[class], factors.0[class])
        }))
    }

    #[inline]
    fn times(self, factors: Reach) -> Reach {
        self.each(factors, |odds, factor| odds * factor)
    }

    /// With values so many times as telling as agreement on average.
    #[inline]
    pub(crate) fn with_rarity(self, rarity: f64) -> Reach {
        self.times(Reach([rarity; MATCHES_MAX]))
    }

    /// No less than the odds of the pair.
    #[inline]
    pub(crate) fn odds(self) -> f64 {
        self.0.iter().sum()
    }

    /// Whether the pair may come to some probability.
    #[inline]
    pub(crate) fn is_open(self) -> bool {
        self.odds() >= ODDS_MIN
    }
}

/// A pattern and its rows.
type Compared<'a> = (Pattern, (&'a [u32], &'a [u32]));

/// The ratios to strangers that are taken of a place before its level is known.
#[derive(Clone, Copy, Debug)]
struct Taken {
    /// Where the values of a field are the same, or fields are known not to be exchanged.
    same: Reach,
    /// The largest of all levels that it can show otherwise.
    open: Reach,
    /// For each level, what it leaves of the largest.
    left: [Reach; 16],
}

impl Taken {
    /// What is left when the level of the place is known, which was open.
    #[inline]
    fn with(&self, reach: Reach, level: u8) -> Reach {
        reach.times(self.left[usize::from(level)])
    }
}

/// What every place can show at best, and what its levels leave of it.
#[derive(Debug)]
pub(crate) struct Bounds {
    prior: Reach,
    fields: Vec<Taken>,
    orders: Vec<Taken>,
    crossed: Vec<(usize, usize)>,
}

impl Bounds {
    pub(crate) fn of(mixture: &Mixture, records: &Records, crossed: &[(usize, usize)]) -> Bounds {
        let strangers = &mixture.strangers;
        let of_classes = |of: &dyn Fn(&Class) -> f64| {
            let mut reach = Reach([0.0; MATCHES_MAX]);
            for (odds, class) in reach.0.iter_mut().zip(&mixture.matches) {
                *odds = of(class);
            }
            reach
        };
        let taken = |place: usize, levels: std::ops::Range<usize>| {
            let ratio = |level: usize| {
                of_classes(&|class| class.levels[place][level] / strangers.levels[place][level])
            };
            let open = levels
                .clone()
                .map(ratio)
                .fold(Reach([0.0; MATCHES_MAX]), |open, ratio| {
                    open.each(ratio, f64::max)
                });
            let mut left = [Reach([1.0; MATCHES_MAX]); 16];
            for level in levels {
                // A class that is not there has no ratios and keeps its none.
                left[level] =
                    ratio(level).each(open, |ratio, of| if of > 0.0 { ratio / of } else { 1.0 });
            }
            Taken {
                same: ratio(0),
                open,
                left,
            }
        };
        let fields = records.fields.iter().enumerate().map(|(place, field)| {
            // A day with its century and one without can be the same.
            let first = usize::from(!records.may_lack_century(place));
            taken(place, first..levels(field.kind).len())
        });
        let orders = 0..crossed.len();
        Bounds {
            prior: of_classes(&|class| class.pairs / strangers.pairs),
            fields: fields.collect(),
            orders: orders
                .map(|nth| taken(records.fields.len() + nth, 0..2))
                .collect(),
            crossed: crossed.to_vec(),
        }
    }

    /// Of a pair with these fields the same, whatever the levels of the others and but for the rarity of the values.
    ///
    /// People in common only make others more, so leaving them out keeps the bound.
    pub(crate) fn reach(&self, glance: Glance) -> Reach {
        let mut reach = self.prior;
        for (field, taken) in self.fields.iter().enumerate() {
            if glance.missing >> field & 1 == 0 {
                reach = reach.times(match glance.same >> field & 1 == 1 {
                    true => taken.same,
                    false => taken.open,
                });
            }
        }
        // Fields of which one is the same as it stands are not exchanged.
        for ((one, other), taken) in self.crossed.iter().zip(&self.orders) {
            let either = 1 << one | 1 << other;
            if glance.missing & either == 0 {
                reach = reach.times(match glance.same & either == 0 {
                    true => taken.open,
                    false => taken.same,
                });
            }
        }
        reach
    }

    /// What is left when the level of a field is known.
    #[inline]
    pub(crate) fn with_field(
        &self,
        reach: Reach,
        field: usize,
        (pattern, (a, b)): Compared<'_>,
    ) -> Reach {
        match a[field] == b[field] {
            true => reach,
            false => self.fields[field].with(reach, pattern.level(field)),
        }
    }

    /// What is left when it is known whether two fields are exchanged.
    #[inline]
    pub(crate) fn with_order(
        &self,
        reach: Reach,
        nth: usize,
        (pattern, (a, b)): Compared<'_>,
    ) -> Reach {
        let (one, other) = self.crossed[nth];
        let is_open =
            |field: usize| a[field] != MISSING && b[field] != MISSING && a[field] != b[field];
        match is_open(one) && is_open(other) {
            true => self.orders[nth].with(reach, pattern.level(a.len() + nth)),
            false => reach,
        }
    }

    /// How much the most telling level of a field leaves of any bound.
    pub(crate) fn lowest(&self, field: usize) -> f64 {
        let left = |left: &Reach| left.0.iter().copied().fold(0.0, f64::max);
        self.fields[field].left.iter().map(left).fold(1.0, f64::min)
    }
}

/// Bounds known so far; they depend on the engine alone.
#[derive(Default)]
pub(crate) struct Known(FxHashMap<Glance, Reach>);

impl Known {
    #[inline]
    pub(crate) fn reach(&mut self, bounds: &Bounds, glance: Glance) -> Reach {
        *self.0.entry(glance).or_insert_with(|| bounds.reach(glance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::mix;
    use crate::compare::glance;
    use crate::data::Builder;
    use crate::link::{Options, link};
    use crate::model::Model;
    use crate::recognise::recognise;

    /// Two deliveries of the same people, some of whom moved, some with a slip of the pen, some with names exchanged and some without a date.
    fn deliveries() -> crate::data::Data {
        let names = [
            "ANNA", "MARIA", "LUCA", "MARCO", "PAOLO", "PAOLA", "GIULIA", "GIULIO",
        ];
        let surnames = [
            "ROSSI", "ROSSINI", "BIANCHI", "BIANCO", "FERRARI", "FERRI", "GALLI", "GALLO",
        ];
        let streets = ["VIA EMILIA", "VIA GIARDINI", "VIALE MONTE", "CORSO CANALE"];
        let columns = ["nome", "cognome", "data_nascita", "indirizzo"].map(str::to_owned);
        let mut builder = Builder::new(columns);
        for source in 0..2_u64 {
            builder.source(&format!("source {source}"));
            for person in 0..400_u64 {
                let drawn = |what: u64, of: u64| mix(person * 16 + what, 7) % of;
                let slips = |what: u64, of: u64| {
                    source == 1 && mix(person * 16 + what, 11).is_multiple_of(of)
                };
                let word =
                    |words: &[&'static str], what| words[drawn(what, words.len() as u64) as usize];
                let mut name = word(&names, 0).to_owned();
                let mut surname = word(&surnames, 1).to_owned();
                let mut date = format!(
                    "{}-{:02}-{:02}",
                    1940 + drawn(2, 70),
                    1 + drawn(3, 12),
                    1 + drawn(4, 28)
                );
                let moved = if slips(5, 5) { 9 } else { 6 };
                let mut street = format!("{} {}", word(&streets, moved), 1 + drawn(moved + 1, 90));
                if slips(10, 8) {
                    name.remove(1);
                }
                if slips(11, 9) {
                    std::mem::swap(&mut name, &mut surname);
                }
                if slips(12, 10) {
                    date.clear();
                }
                if slips(13, 10) {
                    street.clear();
                }
                let cells = [name, surname, date, street];
                builder
                    .push(&person.to_string(), cells.iter().map(String::as_str))
                    .expect("room");
            }
        }
        builder.finish().expect("ids are unique")
    }

    #[test]
    fn no_pair_passes_its_reach_at_any_step() {
        let data = deliveries();
        let model = Model::proposed(&recognise(&data, &[]));
        assert_eq!(model.crossed.len(), 1, "names may be exchanged");
        let engine = link(&data, &model, &Options::default())
            .expect("a model of its own")
            .engine;
        assert_eq!(engine.mixture.matches.len(), MATCHES_MAX);
        let (comparer, bounds) = (engine.comparer(), &engine.bounds);
        let (mut closed, mut of_crossed) = (0, 0);
        for a in 0..400 {
            for b in 400..800 {
                let (row_a, row_b) = (engine.records.row(a), engine.records.row(b));
                let pattern = comparer.pattern(row_a, row_b);
                let odds = engine.weight(pattern, row_a, row_b).exp2();
                let glance = glance(row_a, row_b);
                let may_be_crossed = comparer.may_be_crossed(row_a, row_b);
                let mut reach = match may_be_crossed {
                    true => Reach::ANY,
                    false => bounds
                        .reach(glance)
                        .with_rarity(engine.rarity(glance, row_a)),
                };
                let is_sound = |reach: Reach| reach.odds() >= odds * (1.0 - 1e-9);
                assert!(is_sound(reach), "{a} {b}: {reach:?}, {odds}");
                for field in 0..engine.records.fields.len() {
                    reach = bounds.with_field(reach, field, (pattern, (row_a, row_b)));
                }
                reach = bounds.with_order(reach, 0, (pattern, (row_a, row_b)));
                assert!(is_sound(reach), "{a} {b}: {reach:?}, {odds}");
                closed += usize::from(!reach.is_open());
                of_crossed += usize::from(may_be_crossed && odds > 1.0);
            }
        }
        assert!(closed > 150_000, "{closed} of 160,000 pairs are ruled out");
        assert!(
            of_crossed > 10,
            "{of_crossed} pairs have their names exchanged"
        );
    }
}
