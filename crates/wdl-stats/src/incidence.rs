//! Cumulative incidence with competing risks: how likely a spell ends in one way by a horizon, when it may also end in others.
//!
//! The estimator of Aalen and Johansen (*Scandinavian Journal of Statistics* 5, 1978) for two ways of ending, with weights and with spells that are observed only from a later moment on (delayed entry).
//! Observed over a calendar window, it is the incidence of a synthetic cohort that would live all its durations under the window's risks, as in a period life table.
//! Scores are weights times the derivative of the estimate by the weight (the infinitesimal jackknife), so that any design gives its variance.

use crate::sample::Sample;
use crate::scores::Scores;
use crate::sum::Sum;
use crate::undefined::{Measured, Undefined};

/// How a spell stands when its observation stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// It lasts.
    Open,
    /// It ended in the way that is measured.
    Event,
    /// It ended in another way.
    Competing,
}

/// What is known of each spell beside how long it had lasted when its observation stopped; by original row.
#[derive(Clone, Debug, PartialEq)]
// INVARIANT: both have one length; entries are finite or minus infinity.
pub struct Spells {
    entries: Vec<f64>,
    endings: Vec<Ending>,
}

impl Spells {
    /// How long each spell had lasted when its observation began (nothing: it is observed from its beginning), and how it stood when observation stopped.
    ///
    /// # Panics
    /// When the lengths differ or an entry is no finite number.
    pub fn new(entries: &[Option<f64>], endings: &[Ending]) -> Spells {
        assert_eq!(entries.len(), endings.len(), "one ending per spell");
        let entry = |entry: &Option<f64>| entry.unwrap_or(f64::NEG_INFINITY);
        let entries: Vec<f64> = entries.iter().map(entry).collect();
        let is_moment = |entry: &f64| entry.is_finite() || *entry == f64::NEG_INFINITY;
        assert!(entries.iter().all(is_moment), "an entry is a moment");
        Spells {
            entries,
            endings: endings.to_vec(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The spells of a sample that are observed at all, in the order of its values, and the moments at which some end.
struct Observed {
    /// Entry, exit, weight, ending; by ascending exit.
    spells: Vec<(f64, f64, f64, Ending)>,
    /// The place in the sample of each.
    places: Vec<usize>,
    steps: Vec<Step>,
}

/// A moment at which spells end, up to the horizon.
#[derive(Clone, Copy)]
struct Step {
    time: f64,
    /// The weight at risk just before.
    at_risk: f64,
    /// The part of it that ends in the way that is measured.
    events: f64,
    /// The part of it that ends in any way; exactly one when nobody is left.
    ends: f64,
    /// The probability of lasting until just before.
    lasting: f64,
    /// The incidence up to and including the moment.
    incidence: f64,
}

/// How likely a spell ends in the measured way by the horizon.
///
/// The values of the sample are how long each spell had lasted when its observation stopped; a spell is at risk after its entry and up to then, and one that stops before it begins is never at risk.
///
/// # Errors
/// [`Undefined::NoRows`] when no spell is observed; [`Undefined::NotFollowed`] when the spells leave a gap before the horizon over which nobody is at risk and not all have ended.
///
/// # Panics
/// When there is not one spell per original row of the sample.
pub fn cumulative_incidence(sample: &Sample, spells: &Spells, horizon: f64) -> Measured {
    let observed = Observed::new(sample, spells, horizon)?;
    Ok(observed.incidence())
}

/// The scores of [`cumulative_incidence`], in the order of the sample.
///
/// # Errors
/// As [`cumulative_incidence`].
///
/// # Panics
/// As [`cumulative_incidence`].
pub fn incidence_scores(
    sample: &Sample,
    spells: &Spells,
    horizon: f64,
) -> Result<Scores, Undefined> {
    let observed = Observed::new(sample, spells, horizon)?;
    let mut own = vec![0.0; sample.len()];
    for (place, score) in observed.places.iter().zip(observed.scores()) {
        own[*place] = score;
    }
    Ok(Scores {
        own,
        of_threshold: 0.0,
    })
}

/// How many spells of a sample are observed at all, and how many of them end in the measured way by the horizon.
pub fn observed_spells(sample: &Sample, spells: &Spells, horizon: f64) -> (u64, u64) {
    let (mut all, mut with) = (0, 0);
    for (exit, row) in sample.values().iter().zip(sample.rows()) {
        if spells.entries[row] < *exit {
            all += 1;
            with += u64::from(spells.endings[row] == Ending::Event && *exit <= horizon);
        }
    }
    (all, with)
}

impl Observed {
    fn new(sample: &Sample, spells: &Spells, horizon: f64) -> Result<Observed, Undefined> {
        assert_eq!(sample.length(), spells.len(), "one spell per row");
        let mut observed = Observed {
            spells: Vec::with_capacity(sample.len()),
            places: Vec::with_capacity(sample.len()),
            steps: Vec::new(),
        };
        for (place, ((exit, weight), row)) in sample.pairs().zip(sample.rows()).enumerate() {
            let entry = spells.entries[row];
            if entry < exit {
                let spell = (entry, exit, weight, spells.endings[row]);
                observed.spells.push(spell);
                observed.places.push(place);
            }
        }
        if observed.spells.is_empty() {
            return Err(Undefined::NoRows);
        }
        observed.steps = observed.steps_until(horizon)?;
        Ok(observed)
    }

    /// The moments up to the horizon, each with what is at risk before it.
    fn steps_until(&self, horizon: f64) -> Result<Vec<Step>, Undefined> {
        let mut entries: Vec<(f64, f64)> = self
            .spells
            .iter()
            .map(|(entry, _, weight, _)| (*entry, *weight))
            .collect();
        entries.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut entered = Running::default();
        let mut left = Running::default();
        let mut steps: Vec<Step> = Vec::new();
        let (mut lasting, mut incidence) = (1.0, 0.0);
        // Everybody is followed up to here.
        let mut followed = 0.0_f64;
        let mut next = 0;
        let mut at = 0;
        while at < self.spells.len() && lasting > 0.0 && followed < horizon {
            let time = self.spells[at].1;
            let group = self.spells[at..]
                .iter()
                .take_while(|spell| spell.1 == time)
                .count();
            while next < entries.len() && entries[next].0 < time {
                if entries[next].0 > followed && left.count == entered.count {
                    return Err(Undefined::NotFollowed);
                }
                entered.add(entries[next].1);
                next += 1;
            }
            if time > horizon {
                followed = horizon;
                break;
            }
            let (mut events, mut ends) = (Running::default(), Running::default());
            for (_, _, weight, ending) in &self.spells[at..at + group] {
                match ending {
                    Ending::Open => {}
                    Ending::Event => {
                        events.add(*weight);
                        ends.add(*weight);
                    }
                    Ending::Competing => ends.add(*weight),
                }
            }
            if ends.count > 0 {
                let at_risk = entered.sum.value() - left.sum.value();
                let is_last = ends.count == entered.count - left.count;
                let step = Step {
                    time,
                    at_risk,
                    events: events.sum.value() / at_risk,
                    ends: match is_last {
                        true => 1.0,
                        false => ends.sum.value() / at_risk,
                    },
                    lasting,
                    incidence: incidence + lasting * events.sum.value() / at_risk,
                };
                incidence = step.incidence;
                lasting *= 1.0 - step.ends;
                steps.push(step);
            }
            for (_, _, weight, _) in &self.spells[at..at + group] {
                left.add(*weight);
            }
            followed = followed.max(time);
            at += group;
        }
        match lasting > 0.0 && followed < horizon {
            true => Err(Undefined::NotFollowed),
            false => Ok(steps),
        }
    }

    fn incidence(&self) -> f64 {
        self.steps.last().map_or(0.0, |step| step.incidence)
    }

    /// The scores of the observed spells.
    ///
    /// With the parts g (events) and h (all ends) of those at risk Y at a moment k, and S the probability of lasting until before it,
    /// the incidence is F = Σ S g, its derivative by g is S, and by h it is -(F - F_k) / (1 - h).
    fn scores(&self) -> Vec<f64> {
        let whole = self.incidence();
        let mut before: Vec<f64> = Vec::with_capacity(self.steps.len() + 1);
        let mut ahead = Sum::ZERO;
        before.push(0.0);
        let mut own = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let of_event = step.lasting / step.at_risk;
            let of_end = match step.ends < 1.0 {
                true => (whole - step.incidence) / ((1.0 - step.ends) * step.at_risk),
                false => 0.0,
            };
            ahead.add(step.events * of_event - step.ends * of_end);
            before.push(ahead.value());
            own.push((of_event, of_end));
        }
        // How many moments lie before a time, or at it.
        let up_to = |time: f64| self.steps.partition_point(|step| step.time <= time);
        self.spells
            .iter()
            .map(|(entry, exit, weight, ending)| {
                let last = up_to(*exit);
                let at_risk = before[last] - before[up_to(*entry)];
                let here = last
                    .checked_sub(1)
                    .filter(|step| self.steps[*step].time == *exit)
                    .map(|step| own[step]);
                let ended = match (ending, here) {
                    (Ending::Open, _) | (_, None) => 0.0,
                    (Ending::Event, Some((of_event, of_end))) => of_event - of_end,
                    (Ending::Competing, Some((_, of_end))) => -of_end,
                };
                weight * (ended - at_risk)
            })
            .collect()
    }
}

/// A sum of weights and how many they are.
#[derive(Clone, Copy, Default)]
struct Running {
    sum: Sum,
    count: usize,
}

impl Running {
    fn add(&mut self, weight: f64) {
        self.sum.add(weight);
        self.count += 1;
    }
}
