//! Blocking rules proposed from the data: the fewest pairs that let nearly every match be seen.
//!
//! Matches are imagined: each field is missing as often as in the data, and wrong as often as offices get it wrong; a wrong name keeps its sound, its head or its tail, a wrong date two of its parts, a dwelling changes as a whole when a person moves.
//! A rule is worth the imagined matches that it finds and no rule before it did, and costs the pairs of strangers that the frequencies of its values let expect.

use crate::block::{Rule, mix};
use crate::frequencies::Frequencies;
use crate::model::{Kind, Part};
use crate::prepare::Records;

/// How many matches are imagined.
const IMAGINED: usize = 4096;
const WORDS: usize = IMAGINED / 64;
/// The share of values that are the same in two records of one person (see [`crate::estimate`]).
const SAME: f64 = 0.80;
/// The share of people who have moved between two records.
const MOVED: f64 = 0.12;
/// What a match that a second rule finds is worth beside one that no rule found: the imagination may err.
const AGAIN: f64 = 0.3;
/// More rules are more work than they find.
const RULES_MAX: usize = 10;
/// A rule that finds fewer of the imagined matches is not worth its blocks.
const WORTH_MIN: f64 = 2.0;

type Found = [u64; WORDS];

/// One part of a field, with what it finds and how often strangers share it.
struct Atom {
    field: usize,
    part: Part,
    found: Found,
    /// The share of pairs of strangers that have it in common.
    common: f64,
}

/// A conjunction of parts.
struct Candidate {
    rule: Rule,
    found: Found,
    pairs: f64,
}

fn parts(kind: Kind) -> &'static [Part] {
    match kind {
        Kind::GivenName | Kind::Surname => &[Part::Whole, Part::Sound, Part::Head],
        Kind::FullName | Kind::Place | Kind::Street | Kind::Text => &[Part::Whole, Part::Head],
        Kind::BirthDate => &[Part::Whole, Part::YearMonth, Part::MonthDay, Part::Year],
        Kind::Code => &[Part::Whole, Part::Head, Part::Tail],
        Kind::PostCode | Kind::HouseNumber | Kind::Number | Kind::Sex | Kind::Category => {
            &[Part::Whole]
        }
        Kind::Clk => &[],
    }
}

/// What rules can be made of.
pub(crate) struct Proposer {
    candidates: Vec<Candidate>,
    budget: f64,
}

impl Proposer {
    /// For records that give `all` pairs in all, with at most about `budget` pairs between the rules.
    pub(crate) fn new(
        records: &mut Records,
        frequencies: &Frequencies,
        all: f64,
        budget: f64,
    ) -> Proposer {
        let atoms = atoms(records, frequencies);
        Proposer {
            candidates: candidates(&atoms, all, budget),
            budget,
        }
    }

    /// The rules, without those that were refused.
    pub(crate) fn rules(&self, refused: &[Rule]) -> Vec<Rule> {
        let open = |candidate: &&Candidate| !refused.contains(&candidate.rule);
        let candidates: Vec<&Candidate> = self.candidates.iter().filter(open).collect();
        chosen(&candidates, self.budget)
    }
}

/// The best rule, then the best beside it, and so on.
fn chosen(candidates: &[&Candidate], budget: f64) -> Vec<Rule> {
    let mut found: Found = [0; WORDS];
    let mut again: Found = [0; WORDS];
    let mut rules: Vec<Rule> = Vec::new();
    let mut left = budget;
    while rules.len() < RULES_MAX {
        let worth = |candidate: &Candidate| {
            let (mut first, mut second) = (0, 0);
            for ((mine, found), again) in candidate.found.iter().zip(&found).zip(&again) {
                first += (mine & !found).count_ones();
                second += (mine & found & !again).count_ones();
            }
            f64::from(first) + AGAIN * f64::from(second)
        };
        let best = candidates
            .iter()
            .filter(|candidate| candidate.pairs <= left && !rules.contains(&candidate.rule))
            .map(|candidate| (*candidate, worth(candidate)))
            .filter(|(_, worth)| *worth >= WORTH_MIN)
            .map(|(candidate, worth)| (candidate, worth / (candidate.pairs + budget / 20.0)))
            // The first of equals: candidates stand in a fixed order.
            .fold(None, |best: Option<(&Candidate, f64)>, next| match best {
                Some(best) if best.1 >= next.1 => Some(best),
                _ => Some(next),
            });
        let Some((best, _)) = best else { break };
        for ((mine, found), again) in best.found.iter().zip(&mut found).zip(&mut again) {
            *again |= mine & *found;
            *found |= mine;
        }
        left -= best.pairs;
        rules.push(best.rule.clone());
    }
    rules
}

fn atoms(records: &mut Records, frequencies: &Frequencies) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for field in 0..records.fields.len() {
        let kind = records.fields[field].kind;
        for part in parts(kind) {
            records.prepare_part(field, *part);
            let common = frequencies.common(records, field, *part);
            // What all share or nobody has brings nobody together.
            if common.same == 0.0 || common.same >= 1.0 {
                continue;
            }
            atoms.push(Atom {
                field,
                part: *part,
                found: imagined(field, kind, *part, common.present),
                common: common.same,
            });
        }
    }
    atoms
}

/// The imagined matches that have a part of a field in common.
fn imagined(field: usize, kind: Kind, part: Part, present: f64) -> Found {
    let mut found = [0; WORDS];
    for person in 0..IMAGINED {
        // A number from 0 to 1 for each question about a person.
        let chance = |question: u64| {
            mix(mix(person as u64, question), field as u64) as f64 / u64::MAX as f64
        };
        let moved = mix(person as u64, 0x6d6f_7665) as f64 / u64::MAX as f64;
        let is_there = chance(1) < present;
        let is_same = chance(2) < SAME && !(kind.is_of_dwelling() && moved < MOVED);
        let where_wrong = chance(3);
        let survives = match part {
            Part::Whole => false,
            Part::Sound => where_wrong < 0.4,
            Part::Head => where_wrong < 0.45,
            Part::Tail => where_wrong >= 0.55,
            // A wrong date has one wrong part, or day and month exchanged.
            Part::Year => where_wrong < 0.6,
            Part::YearMonth => where_wrong < 0.3,
            Part::MonthDay => where_wrong >= 0.7,
        };
        let survives = survives && !(kind.is_of_dwelling() && moved < MOVED);
        if is_there && (is_same || survives) {
            found[person / 64] |= 1 << (person % 64);
        }
    }
    found
}

/// All conjunctions of up to three parts of different fields that strangers seldom share.
fn candidates(atoms: &[Atom], all: f64, budget: f64) -> Vec<Candidate> {
    let most = budget / 2.0;
    let mut candidates = Vec::new();
    let mut add = |members: &[&Atom]| -> bool {
        let common: f64 = members.iter().map(|atom| atom.common).product();
        let pairs = all * common;
        if pairs > most {
            return false;
        }
        let mut found = [u64::MAX; WORDS];
        for atom in members {
            for (found, mine) in found.iter_mut().zip(&atom.found) {
                *found &= mine;
            }
        }
        let rule = Rule(members.iter().map(|atom| (atom.field, atom.part)).collect());
        candidates.push(Candidate { rule, found, pairs });
        true
    };
    for (first, a) in atoms.iter().enumerate() {
        if add(&[a]) {
            // Whoever shares this shares little else by chance: more parts would only lose matches.
            continue;
        }
        for (second, b) in atoms.iter().enumerate().skip(first + 1) {
            if a.field == b.field || all * b.common <= most || add(&[a, b]) {
                continue;
            }
            for c in &atoms[second + 1..] {
                if c.field != a.field && c.field != b.field && all * c.common > most {
                    add(&[a, b, c]);
                }
            }
        }
    }
    candidates
}
