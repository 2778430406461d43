//! The weight of a pair: the odds that it is a match, from its pattern and from how rare the values are that agree.
//!
//! Agreement on a rare value says more than on a common one.
//! Strangers share a value as often as it occurs; people in common share it for a reason, whatever its frequency, and beyond that as strangers do.

use crate::calibrate::Curve;
use crate::compare::{Comparer, Glance, glance, level, levels};
use crate::estimate::{Class, Mixture, RELATED_MAX};
use crate::frequencies::Frequencies;
use crate::implied::Implied;
use crate::model::Level;
use crate::outcome::{Explained, LEVEL_MISSING, Pattern, Step};
use crate::prepare::Records;
use crate::reach::Bounds;
use crate::strata::{Beliefs, Strata};

/// Records that were prepared and classes that were estimated: weighs any pair.
pub struct Engine {
    pub(crate) records: Records,
    pub(crate) crossed: Vec<(usize, usize)>,
    pub(crate) mixture: Mixture,
    pub(crate) frequencies: Frequencies,
    /// For each related class and field, the share that agrees for a reason.
    reasons: Vec<Vec<f64>>,
    pub(crate) bounds: Bounds,
    pub(crate) curve: Curve,
    /// What goes together among strangers.
    strata: Option<Strata>,
    /// What given names tell of sexes.
    implied: Implied,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("records", &self.records.len())
            .finish_non_exhaustive()
    }
}

impl Engine {
    pub(crate) fn new(
        records: Records,
        crossed: Vec<(usize, usize)>,
        frequencies: Frequencies,
        mixture: Mixture,
        (strata, implied): (Option<Strata>, Implied),
    ) -> Engine {
        let mut engine = Engine {
            bounds: Bounds::of(&mixture, &records, &crossed),
            records,
            crossed,
            frequencies,
            reasons: Vec::new(),
            curve: Curve::straight(),
            mixture,
            strata,
            implied,
        };
        let strangers = &engine.mixture.strangers.levels;
        let reason = |class: &Class| {
            let fields = class.levels.iter().zip(strangers);
            fields
                .map(|(mine, strangers)| ((mine[0] - strangers[0]) / (1.0 - strangers[0])).max(0.0))
                .collect()
        };
        engine.reasons = engine.mixture.related.iter().map(reason).collect();
        engine
    }

    pub(crate) fn comparer(&self) -> Comparer<'_> {
        Comparer {
            records: &self.records,
            crossed: &self.crossed,
        }
    }

    /// The logarithm, to base two, of the odds that a pair is a match, before calibration.
    pub(crate) fn weight(&self, pattern: Pattern, a: &[u32], b: &[u32]) -> f64 {
        let Mixture {
            strangers,
            related,
            matches,
            ..
        } = &self.mixture;
        let expected: f64 = matches.iter().map(|class| class.expected(pattern)).sum();
        let mut others = strangers.expected(pattern);
        let mut of_related = [0.0; RELATED_MAX];
        for (place, class) in of_related.iter_mut().zip(related) {
            *place = class.expected(pattern);
        }
        let mut same = glance(a, b).same;
        let mut shared = 0;
        while same != 0 {
            let field = same.trailing_zeros() as usize;
            same &= same - 1;
            if level(pattern, field) != 0 {
                continue;
            }
            shared |= 1 << field;
            let share = self.frequencies.share(field, a[field]);
            others *= share / strangers.levels[field][0];
        }
        let beliefs = self.strata.as_ref().map(|strata| strata.of_two(a, b));
        for ((place, class), reasons) in of_related.iter_mut().zip(related).zip(&self.reasons) {
            *place *= self.in_common(class, reasons, (shared, a), beliefs.as_ref());
        }
        for (field, share) in self.exchanged(pattern, a) {
            others *= share / strangers.levels[field][0];
            for ((place, class), reasons) in of_related.iter_mut().zip(related).zip(&self.reasons) {
                let reason = reasons[field];
                *place *= (reason + (1.0 - reason) * share) / class.levels[field][0];
            }
        }
        if let Some(strata) = &self.strata {
            others *= strata.together(shared, a);
        }
        let others = others + of_related.iter().sum::<f64>();
        let others = others * self.implied.of_rows(pattern, a, b);
        (expected / others.max(f64::MIN_POSITIVE)).log2()
    }

    /// How many times as often people of a related class have these values in common as they have values in common on average: for a reason, and beyond that as often as those of their own stratum do.
    #[inline]
    fn in_common(
        &self,
        class: &Class,
        reasons: &[f64],
        (mut shared, row): (u16, &[u32]),
        beliefs: Option<&Beliefs>,
    ) -> f64 {
        let share = |field: usize, ratio: f64| {
            let reason = reasons[field];
            let share = (self.frequencies.share(field, row[field]) * ratio).min(1.0);
            (reason + (1.0 - reason) * share) / class.levels[field][0]
        };
        if let Some((strata, beliefs)) = self.strata.as_ref().zip(beliefs) {
            return strata.shared(beliefs, shared, row, share);
        }
        let mut product = 1.0;
        while shared != 0 {
            product *= share(shared.trailing_zeros() as usize, 1.0);
            shared &= shared - 1;
        }
        product
    }

    /// The fields that are taken crosswise and are the same so, each with the share of the records that have its value in one of the two columns.
    #[inline]
    fn exchanged<'a>(
        &'a self,
        pattern: Pattern,
        a: &'a [u32],
    ) -> impl Iterator<Item = (usize, f64)> + 'a {
        let fields = self.records.fields.len();
        let share = |field: usize, other: usize| {
            let value = a[field];
            let share = self.frequencies.share(field, value);
            (share + self.frequencies.share(other, value)).min(1.0)
        };
        let crossed = self.crossed.iter().enumerate();
        crossed
            .filter(move |(nth, _)| level(pattern, fields + nth) == 1)
            .flat_map(|(_, (one, other))| [(*one, *other), (*other, *one)])
            .filter(move |(field, _)| level(pattern, *field) == 0)
            .map(move |(field, other)| (field, share(field, other)))
    }

    /// How many times as telling as agreement on average the values are that agree, against strangers.
    pub(crate) fn rarity(&self, glance: Glance, a: &[u32]) -> f64 {
        let mut ratio = 1.0;
        let mut same = glance.same;
        while same != 0 {
            let field = same.trailing_zeros() as usize;
            same &= same - 1;
            ratio *= self.rare(field, a[field]);
        }
        ratio
    }

    /// How much rarer a value is than one that two strangers have in common on average.
    #[inline]
    fn rare(&self, field: usize, value: u32) -> f64 {
        self.mixture.strangers.levels[field][0] / self.frequencies.share(field, value)
    }

    /// The calibrated logarithm of the odds of a pair of records.
    pub fn odds(&self, a: u32, b: u32) -> f64 {
        self.explain(a, b).weight
    }

    /// The levels of a pair of records.
    pub fn pattern(&self, a: u32, b: u32) -> Pattern {
        self.comparer()
            .pattern(self.records.row(a), self.records.row(b))
    }

    /// The weight that a record would have with its own like: what it cannot reach, no link of it can.
    pub fn own_weight(&self, record: u32) -> f64 {
        self.odds(record, record)
    }

    /// Why a pair of records has its weight.
    pub fn explain(&self, a: u32, b: u32) -> Explained {
        let (row_a, row_b) = (self.records.row(a), self.records.row(b));
        let pattern = self.comparer().pattern(row_a, row_b);
        let raw = self.weight(pattern, row_a, row_b);
        let prior = (self.mixture.matched_pairs() / self.mixture.strangers.pairs).log2();
        let mut steps: Vec<Step> = (0..self.comparer().places())
            .map(|place| self.step(pattern, place, (row_a, row_b)))
            .collect();
        self.tell_exchanged(&mut steps, (a, b));
        let alone: f64 = steps.iter().map(|step| step.weight + step.rarity).sum();
        let weight = self.curve.odds(raw);
        Explained {
            prior,
            steps,
            together: raw - prior - alone,
            calibration: weight - raw,
            weight,
            pattern,
        }
    }

    /// Says that columns are exchanged where those of one record were put back, and that they are not where they are exchanged beside that.
    fn tell_exchanged(&self, steps: &mut [Step], (a, b): (u32, u32)) {
        let records = &self.records;
        for (pair, step) in self.crossed.iter().zip(&mut steps[records.fields.len()..]) {
            if records.is_exchanged(a, *pair) != records.is_exchanged(b, *pair) {
                step.level = step.level.map(|level| match level {
                    Level::Straight => Level::Crossed,
                    _ => Level::Straight,
                });
            }
        }
    }

    fn step(&self, pattern: Pattern, place: usize, (a, b): (&[u32], &[u32])) -> Step {
        let number = level(pattern, place);
        let level = (number != LEVEL_MISSING).then(|| self.level(place, number));
        let (m, u) = self.shares(place, number);
        let is_same = place < a.len() && number == 0 && a[place] == b[place];
        let mut exchanged = self.exchanged(pattern, a);
        let rarity = match exchanged.find(|(field, _)| *field == place) {
            Some((_, share)) => (u / share).log2(),
            None if is_same => self.rare(place, a[place]).log2(),
            None => 0.0,
        };
        Step {
            place,
            level,
            weight: level.map_or(0.0, |_| (m / u).log2()),
            rarity,
        }
    }

    /// A level by its number.
    pub(crate) fn level(&self, place: usize, number: u8) -> Level {
        match self.records.fields.get(place) {
            Some(field) => levels(field.kind)[usize::from(number)],
            None if number == 0 => Level::Straight,
            None => Level::Crossed,
        }
    }

    /// How often matches and strangers show a level.
    pub(crate) fn shares(&self, place: usize, number: u8) -> (f64, f64) {
        let number = usize::from(number);
        let matches = &self.mixture.matches;
        let total = self.mixture.matched_pairs();
        let m = match total > 0.0 {
            true => {
                let weighted = |class: &Class| class.pairs * class.levels[place][number];
                matches.iter().map(weighted).sum::<f64>() / total
            }
            false => matches[0].levels[place][number],
        };
        (m, self.mixture.strangers.levels[place][number])
    }
}
