//! Duplicates within a file are no strangers: they are alike as matches are, and are left out of what shows how alike strangers are.
//!
//! What the files have in common beyond what each has within itself are matches; how their scores fall is known from that.
//! Where half of the matches lie, at the highest scores, strangers hardly reach: pairs within a file up there are duplicates, and as many again lie below, spread as the matches are; up to three times as many where the other file has no such pairs, since both records of a pair of duplicates may be mistaken.
//! A file with far more likeness than the other is held against the other's strangers alone, so that its own duplicates do not hide how the matches fall.
//! That many are taken out of the pairs within the file, and never more: twins and spouses, who are less alike than half of the matches, stay.
//! Where nothing is common to the files beyond chance nothing is taken out: then likeness within a file is all that is known of strangers.

use super::candidates::Pair;
use super::hidden::Hidden;

/// Matches are known when they stand so many deviations of the counts above strangers: the highest of many such sums reaches three by chance.
const DEVIATIONS: f64 = 5.0;
/// The share of the matches that lies where strangers hardly reach.
const HEAD: f64 = 0.5;
/// With more duplicates than this for each match it is no more known from the files how the scores of matches fall.
const DUPLICATES_MAX: f64 = 0.25;
/// A file is suspected of duplicates when it has so many times as many alike pairs as the other, beyond chance.
const SUSPECTED: f64 = 3.0;

/// A file of which so many times fewer pairs were looked at than of the other does not show alone what strangers are like.
const UNEVEN: f64 = 4.0;

/// The pairs within two files that may show what strangers are like.
pub(super) struct Apart {
    /// Of each file, the most alike first.
    pub(super) within: [Vec<Pair>; 2],
    /// Of each file, those whose likeness was taken away at encoding.
    pub(super) hidden: [Hidden; 2],
    /// Pairs that were taken for duplicates in each file: an upper bound.
    pub(super) duplicates: [f64; 2],
    /// Files with far more likeness than the other one, which the matches do not explain.
    pub(super) is_suspected: [bool; 2],
}

impl Apart {
    /// All pairs, as they are.
    pub(super) fn of(within: [Vec<Pair>; 2], hidden: [&Hidden; 2]) -> Apart {
        Apart {
            within,
            hidden: hidden.map(Clone::clone),
            duplicates: [0.0; 2],
            is_suspected: [false; 2],
        }
    }
}

/// What the pairs within one file stand for.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    /// How many pairs of the file were looked at.
    pub(super) looked: f64,
    /// How many there are.
    pub(super) pairs: f64,
}

impl Scale {
    /// How many pairs between the files one that was seen, and one that was hidden, stands for.
    fn each(self, all: f64) -> [f64; 2] {
        let of = |count: f64| if count > 0.0 { all / count } else { 0.0 };
        [of(self.looked), of(self.pairs)]
    }
}

/// Pairs of one file at a score: seen ones by their place, or hidden ones by their step.
#[derive(Clone, Copy)]
struct Event {
    score: f64,
    /// How many pairs between the files each stands for.
    each: f64,
    count: u64,
    /// The place among the pairs seen; none for hidden ones.
    place: Option<usize>,
}

/// Takes the duplicates out; `all` pairs are between the files, `across` are those that are left when each record is taken once, the most alike first.
pub(super) fn apart(
    across: &[Pair],
    within: [Vec<Pair>; 2],
    hidden: [&Hidden; 2],
    (scales, all): ([Scale; 2], f64),
) -> Apart {
    let events = [0, 1].map(|side| events(&within[side], hidden[side], scales[side].each(all)));
    let sums = events.each_ref().map(|events| sums(across, events));
    let mut apart = Apart::of(within, hidden);
    apart.is_suspected = suspected(&events);
    // A file with far more likeness than the other shows duplicates: how the matches fall is seen against the other's strangers alone.
    let is_enough = |clean: usize| scales[clean].looked * UNEVEN > scales[1 - clean].looked;
    let looked = match apart.is_suspected {
        [true, false] if is_enough(1) => [0.0, scales[1].looked],
        [false, true] if is_enough(0) => [scales[0].looked, 0.0],
        [_, _] => scales.map(|scale| scale.looked),
    };
    let looked_both = (looked[0] + looked[1]).max(1.0);
    let strangers = |nth: usize| {
        let of = |side: usize| looked[side] / looked_both * sums[side][nth];
        of(0) + of(1)
    };
    let each = all / looked_both;
    let Some(matches) = Matches::of(across, strangers, each) else {
        return apart;
    };
    if strangers(matches.head) > DUPLICATES_MAX * (matches.head + 1) as f64 {
        return apart;
    }
    let head = across[matches.head].score;
    for side in 0..2 {
        let above_head = sums[side][matches.head];
        if above_head == 0.0 {
            continue;
        }
        let above = |score: f64| {
            let place = across.partition_point(|pair| pair.score >= score);
            let Some(last) = place.checked_sub(1) else {
                return 0.0;
            };
            let least = above_head / HEAD * matches.rising[last];
            // What the other file has not is of duplicates too, as far as two mistaken records explain it.
            (sums[side][last] - sums[1 - side][last]).clamp(least, least / HEAD)
        };
        let last = across.last().map_or(0.0, |pair| pair.score);
        let [_, each] = scales[side].each(all);
        apart.duplicates[side] = above(last) / each.max(f64::MIN_POSITIVE);
        let kept = kept(&events[side], head, above);
        let pairs = kept.iter().filter_map(|(event, _)| event.place);
        apart.within[side] = pairs.map(|place| apart.within[side][place]).collect();
        let steps = kept.iter().filter(|(event, _)| event.place.is_none());
        apart.hidden[side] =
            Hidden::of_agreements(steps.map(|(event, count)| (event.score, *count)));
    }
    apart
}

fn events(within: &[Pair], hidden: &Hidden, [seen, unseen]: [f64; 2]) -> Vec<Event> {
    let pairs = within.iter().enumerate().map(|(place, pair)| Event {
        score: pair.score,
        each: seen,
        count: 1,
        place: Some(place),
    });
    let hidden = hidden.scores().map(|(score, count)| Event {
        score,
        each: unseen,
        count,
        place: None,
    });
    let mut events: Vec<Event> = pairs.chain(hidden).collect();
    // The order of pairs of one score is that in which they came: hidden ones last.
    events.sort_by(|one, other| other.score.total_cmp(&one.score));
    events
}

/// At the score of each pair between the files, how many the events above it stand for.
fn sums(across: &[Pair], events: &[Event]) -> Vec<f64> {
    let mut rest = events.iter().peekable();
    let mut sum = 0.0;
    let at = |pair: &Pair| {
        while let Some(event) = rest.next_if(|event| event.score >= pair.score) {
            sum += event.each * event.count as f64;
        }
        sum
    };
    across.iter().map(at).collect()
}

/// How the scores of matches fall.
struct Matches {
    /// At each pair the share of the matches at or above it; never falls.
    rising: Vec<f64>,
    /// The pair at which half of them are.
    head: usize,
}

impl Matches {
    /// What is between the files beyond strangers; nothing when that may be chance.
    fn of(across: &[Pair], strangers: impl Fn(usize) -> f64, each: f64) -> Option<Matches> {
        let beyond = |nth: usize| (nth + 1) as f64 - strangers(nth);
        let most =
            (0..across.len()).max_by(|a, b| beyond(*a).total_cmp(&beyond(*b)).then(b.cmp(a)))?;
        let all = beyond(most);
        let deviation = ((most + 1) as f64 + each * strangers(most)).sqrt();
        if all <= DEVIATIONS * deviation {
            return None;
        }
        let mut highest = 0.0_f64;
        let rising: Vec<f64> = (0..across.len())
            .map(|nth| {
                highest = highest.max(beyond(nth) / all);
                highest
            })
            .collect();
        let head = rising.partition_point(|share| *share < HEAD);
        Some(Matches { rising, head })
    }
}

/// The events that are left when all above the head and so many as are expected above each are taken out, with how many pairs of each.
fn kept(events: &[Event], head: f64, duplicates_above: impl Fn(f64) -> f64) -> Vec<(Event, u64)> {
    let (mut sum, mut strangers, mut taken) = (0.0, 0.0_f64, 0.0);
    let mut kept = Vec::new();
    for event in events {
        sum += event.each * event.count as f64;
        if event.score >= head {
            continue;
        }
        strangers = strangers.max(sum - duplicates_above(event.score));
        let count = ((strangers - taken) / event.each.max(f64::MIN_POSITIVE) + 0.5).floor();
        let count = (count.max(0.0) as u64).min(event.count);
        if count > 0 {
            taken += event.each * count as f64;
            kept.push((*event, count));
        }
    }
    kept
}

/// Whether a file has many times as much likeness as the other, beyond chance, somewhere at the upper end.
fn suspected(events: &[Vec<Event>; 2]) -> [bool; 2] {
    [0, 1].map(|side| {
        let (own, other) = (&events[side], &events[1 - side]);
        if other.iter().all(|event| event.each == 0.0) {
            return false;
        }
        let mut rest = other.iter().peekable();
        let (mut sum, mut of_other) = (0.0, 0.0);
        own.iter().any(|event| {
            sum += event.each * event.count as f64;
            while let Some(other) = rest.next_if(|other| other.score >= event.score) {
                of_other += other.each * other.count as f64;
            }
            let each = event.each.max(1.0);
            let expected = SUSPECTED * (of_other + each);
            sum - expected > DEVIATIONS * (each * expected).sqrt()
        })
    })
}
