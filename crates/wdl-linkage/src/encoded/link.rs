//! The linkage of encoded files: candidates, a cut without truth, one-to-one links.

use super::agreed::Agreed;
use super::candidates::{Candidates, Measure, Pair, Side, between, inside, scored};
use super::doubles::{Apart, Scale, apart};
use super::evidence::Evidence;
use super::faults::LinkError;
use super::file::Encoded;
use super::hidden::Hidden;
use super::learn;
use super::strangers::{Cut, Strangers, Taken, cut};
use super::{closure, unseen};
use crate::decide::{Edge, one_to_one};
use crate::estimation::DUPLICATES;
use crate::model::Cardinality;

/// What a run may be told.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The greatest share of false links among all that is accepted.
    pub false_share_max: f64,
    /// How many records of each file can be one person: each once unless it is said otherwise.
    pub cardinality: Cardinality,
}

impl Options {
    /// Which of the two files may hold several records of one person.
    fn repeats(&self) -> [bool; 2] {
        match self.cardinality {
            Cardinality::Automatic | Cardinality::OneToOne => [false, false],
            Cardinality::ManyToOne => [true, false],
            Cardinality::OneToMany => [false, true],
            Cardinality::ManyToMany => [true, true],
        }
    }
}

impl Default for Options {
    /// At most one link in a hundred false, by the run's own estimate.
    fn default() -> Options {
        Options {
            false_share_max: 0.01,
            cardinality: Cardinality::Automatic,
        }
    }
}

/// A link of two encoded records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EncodedLink {
    /// The record of the first file, or the earlier one of one file.
    pub a: u32,
    /// The record of the second file, or the later one.
    pub b: u32,
    /// How far the two agree beyond chance, from 0 to 1.
    pub agreement: f64,
    /// The probability that they are one person.
    pub probability: f64,
}

/// What came of a linkage of encoded files.
#[derive(Clone, Debug, PartialEq)]
pub struct EncodedLinks {
    /// The links, by (a, b).
    pub links: Vec<EncodedLink>,
    /// The share of false links among them, as estimated.
    pub estimated_false_share: f64,
    /// How many matches there are in all, those that were not linked and those that no vector shows included, as estimated.
    pub estimated_matches: f64,
    /// How many of them no vector shows; nothing when the salts do not tell, and then the others are all that was counted.
    pub estimated_unseen: Option<f64>,
    /// Pairs that were weighed.
    pub candidates: usize,
    /// The least agreement of a link; nothing without links.
    pub cut: Option<f64>,
    /// Whether what each bit says was learnt from sure links.
    pub is_learnt: bool,
    /// At most so many pairs of duplicates were found within the first and the second file, and not taken for strangers; nothing for one file.
    pub duplicates: [f64; 2],
    /// Whether the first and the second file hold far more likeness than the other: many duplicates, or families in one of them alone; both, when each holds nearly equal encodings of its own.
    /// Duplicates of both files make strangers look alike, so that few links hold or none: they are taken out before encoding.
    pub is_suspected: [bool; 2],
}

/// Links two files; each record is in one link at most, unless the cardinality says otherwise.
///
/// # Errors
/// [`LinkError`] when the files cannot be compared.
pub fn link(a: &Encoded, b: &Encoded, options: &Options) -> Result<EncodedLinks, LinkError> {
    comparable(a.agreed(), b.agreed())?;
    for file in [a, b] {
        if !file.is_empty() && file.without_vectors() == file.len() {
            return Err(LinkError::NothingToCompare);
        }
    }
    let (left, right) = (Side::of(a), Side::of(b));
    let candidates = between(&left, &right);
    Ok(decided(Run {
        left: &left,
        right: &right,
        candidates,
        options,
        is_one_file: false,
    }))
}

/// Finds the pairs of one file that are one person; a record may be in several.
///
/// # Errors
/// [`LinkError::NothingToCompare`].
pub fn dedupe(a: &Encoded, options: &Options) -> Result<EncodedLinks, LinkError> {
    if !a.is_empty() && a.without_vectors() == a.len() {
        return Err(LinkError::NothingToCompare);
    }
    let side = Side::of(a);
    let candidates = inside(&side);
    Ok(decided(Run {
        left: &side,
        right: &side,
        candidates,
        options,
        is_one_file: true,
    }))
}

fn comparable(a: &Agreed, b: &Agreed) -> Result<(), LinkError> {
    if a.schema != b.schema || a.salts != b.salts {
        return Err(LinkError::OtherSchema {
            first: a.schema.short(8),
            second: b.schema.short(8),
        });
    }
    match a.key_check == b.key_check {
        true => Ok(()),
        false => Err(LinkError::OtherKey),
    }
}

struct Run<'r> {
    left: &'r Side<'r>,
    right: &'r Side<'r>,
    candidates: Candidates,
    options: &'r Options,
    is_one_file: bool,
}

/// One way of weighing the pairs, and what it would decide.
struct Weighed {
    pairs: Vec<Pair>,
    /// The pairs that are left when each record is taken once, the most alike first.
    taken: Vec<Pair>,
    strangers: Strangers,
    cut: Cut,
    /// Duplicates of each file that the matches show, and files that are suspected of more.
    duplicates: [f64; 2],
    is_suspected: [bool; 2],
}

/// A link from whose probability on it teaches what a bit says.
const SURE: f64 = 0.98;

/// Two encodings that agree so far are hardly of two people, be they twins.
const NEARLY_EQUAL: f64 = 0.9;

/// Two vectors of 1024 unrelated bits agree more than this, three standard deviations, once in seven hundred times.
pub(super) const CHANCE: f64 = 3.0 / 32.0;

fn decided(mut run: Run<'_>) -> EncodedLinks {
    run.leave_out_chance();
    let mut plain = run.weighed(Measure::Agreement);
    if !run.is_one_file {
        let taken = &plain.taken[..plain.cut.count];
        if run.candidates.among_the_rest((run.left, run.right), taken) {
            run.leave_out_chance();
            plain = run.weighed(Measure::Agreement);
        }
    }
    // What strangers hid is told on the plain scale alone.
    let tells_all = [run.left, run.right]
        .iter()
        .all(|side| side.encoded.hidden.is_empty());
    let gain = |weighed: &Weighed| weighed.cut.count as f64 - 2.0 * weighed.cut.false_count;
    let evidence = (tells_all && !run.is_one_file)
        .then(|| Evidence::of(run.left, run.right))
        .flatten();
    if let Some(evidence) = evidence {
        let weighed = run.weighed(Measure::Evidence(&evidence));
        if gain(&weighed) > gain(&plain) {
            plain = weighed;
        }
    }
    let sure: Vec<Pair> = plain.taken[..plain.cut.count]
        .iter()
        .zip(&plain.cut.probabilities)
        .filter(|(_, probability)| **probability >= SURE)
        .map(|(pair, _)| *pair)
        .collect();
    let weights = tells_all
        .then(|| learn::weights(run.left, run.right, &sure))
        .flatten();
    let learnt = weights.map(|weights| run.weighed(Measure::Learnt(&weights)));
    let mut links = match learnt {
        Some(learnt) if gain(&learnt) > gain(&plain) => run.links(&learnt, true),
        Some(_) | None => run.links(&plain, false),
    };
    if run.both_repeat() {
        links.is_suspected = [true, true];
    }
    links
}

impl Run<'_> {
    /// Leaves out pairs that agree no more than unrelated bits may: being left over is no evidence.
    fn leave_out_chance(&mut self) {
        let chance = CHANCE / (self.left.filters.len() as f64).sqrt();
        let agreeing = |sides: (&Side<'_>, &Side<'_>), pairs: &[(u32, u32)]| {
            let scored = scored(sides, pairs, Measure::Agreement);
            let beyond = scored.partition_point(|pair| pair.score > chance);
            let pairs = scored[..beyond].iter();
            pairs.map(|pair| (pair.a, pair.b)).collect()
        };
        let (left, right) = (self.left, self.right);
        let candidates = &mut self.candidates;
        candidates.across = agreeing((left, right), &candidates.across);
        // The pairs within one file that is held against itself are random, to show all of chance.
        if !self.is_one_file {
            for (side, within) in [left, right].into_iter().zip(&mut candidates.within) {
                *within = agreeing((side, side), within);
            }
        }
    }

    /// Whether both files hold nearly equal encodings of their own, more than a source without duplicates does.
    fn both_repeat(&self) -> bool {
        let sides = [self.left, self.right];
        let repeats = |side: usize| {
            let within = &self.candidates.within[side];
            let looked = self.candidates.looked_within[side];
            let alike = scored((sides[side], sides[side]), within, Measure::Agreement);
            let alike = alike.partition_point(|pair| pair.score >= NEARLY_EQUAL);
            let records = sides[side].encoded.len() as f64;
            let all = records * (records - 1.0).max(0.0) / 2.0;
            alike as f64 * all / looked.max(1.0) >= DUPLICATES * records.max(1.0)
        };
        !self.is_one_file && self.options.repeats() == [false, false] && repeats(0) && repeats(1)
    }

    fn weighed(&self, measure: Measure<'_>) -> Weighed {
        let pairs = scored((self.left, self.right), &self.candidates.across, measure);
        let taken = match self.is_one_file {
            true => pairs.clone(),
            false => {
                let records = [self.left.encoded.len(), self.right.encoded.len()];
                each_once(&pairs, records, self.options.repeats())
            }
        };
        let spread = spread(&pairs);
        let within = [
            scored((self.left, self.left), &self.candidates.within[0], measure),
            scored(
                (self.right, self.right),
                &self.candidates.within[1],
                measure,
            ),
        ];
        let apart = self.apart(&taken, within);
        let decided = |settled: &[Pair]| {
            let strangers = self.strangers(settled, &apart, spread);
            let cut = cut(&taken, &strangers, self.options.false_share_max);
            (strangers, cut)
        };
        // Only what is accepted takes its records from strangers; what that is follows from a first cut with all pairs.
        let (_, first) = decided(&taken);
        let (strangers, cut) = decided(&taken[..first.count]);
        Weighed {
            duplicates: apart.duplicates,
            is_suspected: apart.is_suspected,
            pairs,
            taken,
            strangers,
            cut,
        }
    }

    /// The pairs within the files without those of duplicates.
    fn apart(&self, taken: &[Pair], within: [Vec<Pair>; 2]) -> Apart {
        let sides = [self.left, self.right].map(|side| side.encoded);
        let hidden = sides.map(|file| &file.hidden);
        if self.is_one_file {
            return Apart::of(within, hidden);
        }
        let scale = |side: usize| {
            let records = sides[side].len() as f64;
            Scale {
                looked: self.candidates.looked_within[side],
                pairs: records * (records - 1.0).max(0.0) / 2.0,
            }
        };
        // Who repeats is told: the other file shows strangers alone.
        let nobody = Hidden::default();
        match self.options.repeats() {
            [false, false] | [true, true] => {
                let all = sides[0].len() as f64 * sides[1].len() as f64;
                apart(taken, within, hidden, ([scale(0), scale(1)], all))
            }
            [true, false] => {
                let [_, of_right] = within;
                Apart::of([Vec::new(), of_right], [&nobody, hidden[1]])
            }
            [false, true] => {
                let [of_left, _] = within;
                Apart::of([of_left, Vec::new()], [hidden[0], &nobody])
            }
        }
    }

    fn strangers(&self, settled: &[Pair], apart: &Apart, spread: f64) -> Strangers {
        let (left, right) = (self.left.encoded.len(), self.right.encoded.len());
        if self.is_one_file {
            let random = apart.within[0].iter().map(|pair| pair.score);
            let all = left as f64 * (left as f64 - 1.0) / 2.0;
            return Strangers::extrapolated(
                random.filter(|score| *score > f64::MIN).collect(),
                all,
            );
        }
        let taken = Taken {
            pairs: settled,
            records: [left, right],
            repeats: self.options.repeats(),
        };
        let [of_left, of_right] = self.candidates.looked_within;
        let looked_within = match self.options.repeats() {
            [true, false] => of_right,
            [false, true] => of_left,
            [false, false] | [true, true] => of_left + of_right,
        };
        let looked = (looked_within, left as f64 * right as f64);
        let hidden = apart.hidden.each_ref();
        Strangers::seen(&taken, (&apart.within, hidden), looked, spread)
    }

    fn links(&self, weighed: &Weighed, is_learnt: bool) -> EncodedLinks {
        let count = weighed.cut.count;
        let last = count.checked_sub(1).map(|last| weighed.taken[last].score);
        let accepted: Vec<Pair> = match last {
            None => Vec::new(),
            Some(last) => {
                let above = weighed.pairs.partition_point(|pair| pair.score >= last);
                self.solved(&weighed.pairs[..above], (last, weighed.strangers.slope()))
            }
        };
        let probability = |score: f64| {
            let place = weighed.taken.partition_point(|pair| pair.score > score);
            let known = &weighed.cut.probabilities;
            known.get(place).or(known.last()).copied().unwrap_or(0.0)
        };
        let plain: Vec<(u32, u32)> = accepted.iter().map(|pair| (pair.a, pair.b)).collect();
        let mut agreements = scored((self.left, self.right), &plain, Measure::Agreement);
        agreements.sort_unstable_by_key(|pair| (pair.a, pair.b));
        let mut by_record = accepted;
        by_record.sort_unstable_by_key(|pair| (pair.a, pair.b));
        let mut links: Vec<EncodedLink> = by_record
            .iter()
            .zip(&agreements)
            .map(|(pair, agreement)| EncodedLink {
                a: pair.a,
                b: pair.b,
                agreement: agreement.score,
                probability: probability(pair.score),
            })
            .collect();
        let cut = links.iter().map(|link| link.agreement).reduce(f64::min);
        let is_one_file = self.is_one_file;
        if is_one_file {
            let records = self.left.encoded.len();
            links = closure::closed(links, records, |a, b| {
                let pair = scored((self.left, self.left), &[(a, b)], Measure::Agreement);
                pair.first().map_or(0.0, |pair| pair.score)
            });
        }
        let known = weighed.taken.iter().zip(&weighed.cut.probabilities);
        let unseen = unseen::unseen(
            (self.left, self.right),
            known.map(|(pair, probability)| (pair.a, pair.b, *probability)),
        );
        let false_share = weighed.cut.false_count / (count.max(1)) as f64;
        let is_linked = |pair: &Pair| {
            is_one_file
                && links
                    .binary_search_by_key(&(pair.a, pair.b), |link| (link.a, link.b))
                    .is_ok()
        };
        let beyond = weighed.taken[count..]
            .iter()
            .zip(&weighed.cut.probabilities[count..]);
        let beyond: f64 = beyond
            .filter(|(pair, _)| !is_linked(pair))
            .map(|(_, probability)| probability)
            .sum();
        let right = match is_one_file {
            true => links.len() as f64 * (1.0 - false_share),
            false => count as f64 - weighed.cut.false_count,
        };
        EncodedLinks {
            estimated_false_share: false_share,
            estimated_matches: right + beyond + unseen.unwrap_or(0.0),
            estimated_unseen: unseen,
            candidates: weighed.pairs.len(),
            cut,
            is_learnt,
            duplicates: weighed.duplicates,
            is_suspected: weighed.is_suspected,
            links,
        }
    }

    /// The pairs that hold together: all within one file, the one-to-one choice of greatest weight between two.
    fn solved(&self, pairs: &[Pair], (last, slope): (f64, f64)) -> Vec<Pair> {
        let repeats = self.options.repeats();
        if self.is_one_file || repeats != [false, false] {
            // The most alike first: a record that stands once keeps its nearest.
            let records = [self.left.encoded.len(), self.right.encoded.len()];
            return match self.is_one_file {
                true => pairs.to_vec(),
                false => each_once(pairs, records, repeats),
            };
        }
        let edges: Vec<Edge> = pairs
            .iter()
            .map(|pair| Edge {
                a: pair.a,
                b: pair.b,
                // A unit above the cut, so that the last one counts as well.
                weight: 1.0 + (pair.score - last) * slope,
            })
            .collect();
        let kept = one_to_one(&edges, 0.0);
        kept.into_iter().map(|place| pairs[place]).collect()
    }
}

/// The pairs, the most alike first, without those whose records are in an earlier one; of a side that repeats a record may be in several.
fn each_once(pairs: &[Pair], records: [usize; 2], repeats: [bool; 2]) -> Vec<Pair> {
    let mut is_taken = records.map(|count| vec![false; count]);
    // One record of the first file is several of the second: the second one's records stand once.
    let stands_once = match repeats {
        [false, false] => [true, true],
        [first, second] => [first && !second, second && !first],
    };
    let free = |pair: &&Pair| {
        let places = [pair.a as usize, pair.b as usize];
        let is_free = (0..2).all(|side| !stands_once[side] || !is_taken[side][places[side]]);
        if is_free {
            (0..2).for_each(|side| is_taken[side][places[side]] = true);
        }
        is_free
    };
    pairs.iter().filter(free).copied().collect()
}

/// The standard deviation of the less alike half, nearly all strangers.
fn spread(pairs: &[Pair]) -> f64 {
    let half = &pairs[pairs.len() / 2..];
    let count = half.len().max(1) as f64;
    let mean = half.iter().map(|pair| pair.score).sum::<f64>() / count;
    let squares = half.iter().map(|pair| (pair.score - mean).powi(2));
    (squares.sum::<f64>() / count).sqrt().max(1e-3)
}
