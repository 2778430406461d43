//! Two records compared: the level of each field, packed into one word.

use crate::model::{Kind, Level};
use crate::outcome::{LEVEL_MISSING as NULL, Pattern};
use crate::prepare::{Dictionary, Forms, MISSING, Records};
use crate::vectors::Vector;
use wdl_encoding::compare::{
    Date, DateLevel, HouseLevel, damerau_levenshtein_bound, damerau_levenshtein_within, date,
    house_number, jaro_winkler, jaro_winkler_bound, number, post_code,
};

/// More fields have no room in a pattern.
pub(crate) const FIELDS_MAX: usize = 16;

/// The levels of a kind, the best first.
pub(crate) fn levels(kind: Kind) -> &'static [Level] {
    use Level::{
        Contained, Different, Edits, Exact, OneOff, SameArea, SameSound, Similar, Swapped,
        TwoParts, Within, YearOnly,
    };
    match kind {
        Kind::GivenName | Kind::Surname => &[
            Exact,
            Contained,
            SameSound,
            Similar(92),
            Similar(84),
            Similar(75),
            Different,
        ],
        Kind::FullName | Kind::Place | Kind::Street => &[
            Exact,
            Contained,
            Similar(92),
            Similar(84),
            Similar(75),
            Different,
        ],
        Kind::Text => &[Exact, Similar(92), Similar(84), Similar(75), Different],
        Kind::BirthDate => &[Exact, Swapped, OneOff, TwoParts, YearOnly, Different],
        Kind::Sex | Kind::Category => &[Exact, Different],
        Kind::Code => &[Exact, Edits(1), Edits(2), Different, Level::TwoCodes],
        Kind::PostCode => &[Exact, Edits(1), SameArea, Different],
        Kind::HouseNumber => &[Exact, Edits(1), Different],
        Kind::Number => &[Exact, Within(1), Within(5), Within(20), Different],
        Kind::Clk => &[
            Exact,
            Level::Dice(ALIKE[0]),
            Level::Dice(ALIKE[1]),
            Level::Dice(ALIKE[2]),
            Different,
        ],
    }
}

/// The number of the level of two different codes without a fault.
pub(crate) const TWO_CODES: u8 = 4;

/// The level of a field in a pattern.
#[inline]
pub(crate) fn level(pattern: Pattern, field: usize) -> u8 {
    pattern.level(field)
}

/// Compares the records of one model.
pub(crate) struct Comparer<'a> {
    pub(crate) records: &'a Records,
    /// Pairs of fields that may be exchanged; each has a place in the pattern after the fields.
    pub(crate) crossed: &'a [(usize, usize)],
}

/// Which fields of two rows are the same, and which are missing in one or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Glance {
    pub(crate) same: u16,
    pub(crate) missing: u16,
}

#[inline]
pub(crate) fn glance(a: &[u32], b: &[u32]) -> Glance {
    let (mut same, mut missing) = (0, 0);
    // Without a branch: which fields agree cannot be foretold.
    for (field, (a, b)) in a.iter().zip(b).enumerate() {
        let is_there = (*a != MISSING) & (*b != MISSING);
        same |= u16::from(is_there & (a == b)) << field;
        missing |= u16::from(!is_there) << field;
    }
    Glance { same, missing }
}

/// Room for comparing several pairs together.
#[derive(Default)]
pub(crate) struct Together {
    unequal: Vec<Unequal>,
    pub(crate) patterns: Vec<Pattern>,
}

impl Together {
    /// Makes room for so many pairs.
    pub(crate) fn begin(&mut self, pairs: usize) {
        self.patterns.clear();
        self.patterns.resize(pairs, Pattern(0));
    }
}

/// Two different values, and the place of their pair.
struct Unequal {
    place: usize,
    a: u32,
    b: u32,
}

impl Comparer<'_> {
    /// How many places a pattern has.
    pub(crate) fn places(&self) -> usize {
        self.records.fields.len() + self.crossed.len()
    }

    /// The pattern of two rows.
    pub(crate) fn pattern(&self, a: &[u32], b: &[u32]) -> Pattern {
        let mut pattern = 0;
        for field in 0..a.len() {
            let level = self.compare(field, a[field], b[field]);
            pattern |= u64::from(level) << (4 * field);
        }
        for (nth, pair) in self.crossed.iter().enumerate() {
            pattern = self.cross(Pattern(pattern), nth, *pair, (a, b)).0;
        }
        Pattern(pattern)
    }

    /// The patterns of several pairs.
    pub(crate) fn patterns<'r>(
        &self,
        pairs: &[(u32, u32)],
        room: &'r mut Together,
    ) -> &'r [Pattern] {
        room.begin(pairs.len());
        for field in 0..self.records.fields.len() {
            self.compare_field(field, pairs, room);
        }
        for nth in 0..self.crossed.len() {
            self.cross_pairs(nth, pairs, room);
        }
        &room.patterns
    }

    /// One field of several pairs: what each comparison reads is asked of memory for all pairs before the first of them is compared.
    pub(crate) fn compare_field(&self, field: usize, pairs: &[(u32, u32)], room: &mut Together) {
        let Together { unequal, patterns } = room;
        let row = |record: u32| self.records.row(record);
        unequal.clear();
        for (place, (pattern, (a, b))) in patterns.iter_mut().zip(pairs).enumerate() {
            let (a, b) = (row(*a)[field], row(*b)[field]);
            if a == MISSING || b == MISSING {
                pattern.0 |= u64::from(NULL) << (4 * field);
            } else if a != b {
                unequal.push(Unequal { place, a, b });
            }
        }
        let dictionary = self.records.dictionary(field);
        dictionary.ask(unequal.iter().flat_map(|pair| [pair.a, pair.b]));
        let kind = self.records.fields[field].kind;
        for Unequal { place, a, b } in unequal.iter() {
            let level = self::unequal(kind, dictionary, *a, *b);
            patterns[*place].0 |= u64::from(level) << (4 * field);
        }
    }

    /// Two fields of several pairs that may be exchanged; they are compared already.
    pub(crate) fn cross_pairs(&self, nth: usize, pairs: &[(u32, u32)], room: &mut Together) {
        let row = |record: u32| self.records.row(record);
        for (pattern, (a, b)) in room.patterns.iter_mut().zip(pairs) {
            *pattern = self.cross(*pattern, nth, self.crossed[nth], (row(*a), row(*b)));
        }
    }

    /// Takes two fields crosswise when they agree better so.
    fn cross(
        &self,
        pattern: Pattern,
        nth: usize,
        (one, other): (usize, usize),
        (a, b): (&[u32], &[u32]),
    ) -> Pattern {
        let place = 4 * (a.len() + nth);
        let (level_one, level_other) = (level(pattern, one), level(pattern, other));
        if [a[one], a[other], b[one], b[other]].contains(&MISSING) {
            return Pattern(pattern.0 | u64::from(NULL) << place);
        }
        // Most pairs agree on one of the two, straight.
        if level_one == 0 || level_other == 0 {
            return pattern;
        }
        let crossed_one = self.compare(one, a[one], b[other]);
        let crossed_other = self.compare(other, a[other], b[one]);
        if crossed_one + crossed_other >= level_one + level_other {
            return pattern;
        }
        let cleared = pattern.0 & !(15 << (4 * one) | 15 << (4 * other));
        Pattern(
            cleared
                | u64::from(crossed_one) << (4 * one)
                | u64::from(crossed_other) << (4 * other)
                | 1 << place,
        )
    }

    /// Whether a field of one row holds what the other row has in its exchanged field.
    #[inline]
    pub(crate) fn may_be_crossed(&self, a: &[u32], b: &[u32]) -> bool {
        self.crossed.iter().any(|(one, other)| {
            (a[*one] == b[*other] && a[*one] != MISSING)
                || (a[*other] == b[*one] && a[*other] != MISSING)
        })
    }

    #[inline]
    fn compare(&self, field: usize, a: u32, b: u32) -> u8 {
        if a == MISSING || b == MISSING {
            return NULL;
        }
        if a == b {
            return 0;
        }
        let dictionary = self.records.dictionary(field);
        unequal(self.records.fields[field].kind, dictionary, a, b)
    }
}

/// The level of two different values.
fn unequal(kind: Kind, dictionary: &Dictionary, a: u32, b: u32) -> u8 {
    let (place_a, place_b) = (a as usize, b as usize);
    let text = |value: u32| dictionary.values.get(value);
    match (&dictionary.forms, kind) {
        (Forms::Names { sound, roots }, Kind::GivenName | Kind::Surname) => {
            if contained(roots.of(a), roots.of(b)) {
                return 1;
            }
            if sound[place_a] == sound[place_b] {
                return 2;
            }
            similar(dictionary, a, b, 3)
        }
        (Forms::Names { roots, .. }, _) => match contained(roots.of(a), roots.of(b)) {
            true => 1,
            false => similar(dictionary, a, b, 2),
        },
        (Forms::Streets { name, whole }, _) => {
            let is_part = name[place_a] == name[place_b] && !(whole[place_a] && whole[place_b]);
            match is_part {
                true => 1,
                false => similar(dictionary, a, b, 2),
            }
        }
        (Forms::Dates(dates), _) => days(dates[place_a], dates[place_b]),
        (Forms::Houses(houses), _) => match (&houses[place_a], &houses[place_b]) {
            (Some(one), Some(other)) => match house_number(one, other) {
                HouseLevel::Same | HouseLevel::SameNumber => 1,
                HouseLevel::Different => house_digits(text(a), text(b)),
            },
            (_, _) => house_digits(text(a), text(b)),
        },
        (Forms::Numbers(numbers), _) => quantities(numbers[place_a], numbers[place_b]),
        (Forms::Vectors(vectors), _) => alike(vectors[place_a].as_ref(), vectors[place_b].as_ref()),
        (Forms::Texts, Kind::Sex | Kind::Category) => 1,
        // Two codes without a fault are two people's, however alike they are.
        (Forms::Codes(faultless), _) if faultless[place_a] && faultless[place_b] => TWO_CODES,
        (Forms::Codes(_), _) => match edits(dictionary, a, b, 2) {
            Some(0 | 1) => 1,
            Some(_) => 2,
            None => 3,
        },
        (Forms::Texts, Kind::PostCode) => {
            if edits(dictionary, a, b, 1).is_some() {
                return 1;
            }
            let (a, b) = (text(a), text(b));
            match post_code(a, b) >= a.len().min(b.len()).div_ceil(2) {
                true => 2,
                false => 3,
            }
        }
        (Forms::Texts, _) => similar(dictionary, a, b, 1),
    }
}

/// Three levels of Jaro–Winkler similarity from a first one on, and the last.
#[inline]
fn similar(dictionary: &Dictionary, a: u32, b: u32, first: u8) -> u8 {
    let signatures = &dictionary.signatures;
    if jaro_winkler_bound(&signatures[a as usize], &signatures[b as usize]) < SIMILAR[2] {
        return first + 3;
    }
    let similarity = jaro_winkler(dictionary.values.get(a), dictionary.values.get(b));
    let below = SIMILAR.iter().filter(|least| similarity < **least).count();
    first + below as u8
}

/// The cuts between levels of similarity (0.92 as Winkler's own programs; the others leave the strangers' bulk below).
const SIMILAR: [f64; 3] = [0.92, 0.84, 0.75];

/// The cuts between levels of Dice similarity of bit vectors, in hundredths.
const ALIKE: [u8; 3] = [90, 80, 70];

/// The level of two different bit vectors.
fn alike(a: Option<&Vector>, b: Option<&Vector>) -> u8 {
    let dice = match (a, b) {
        (Some(a), Some(b)) => a.dice(b),
        _ => 0.0,
    };
    let is_below = |least: &&u8| dice < f64::from(**least) / 100.0;
    1 + ALIKE.iter().filter(is_below).count() as u8
}

/// The edits between two values, when they are so few at most.
#[inline]
fn edits(dictionary: &Dictionary, a: u32, b: u32, max: usize) -> Option<usize> {
    let signatures = &dictionary.signatures;
    if damerau_levenshtein_bound(&signatures[a as usize], &signatures[b as usize]) > max {
        return None;
    }
    damerau_levenshtein_within(dictionary.values.get(a), dictionary.values.get(b), max)
}

/// Whether the parts of one are all among the parts of the other.
#[inline]
fn contained(a: &[u32], b: &[u32]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && short.iter().all(|part| long.contains(part))
}

fn days(a: Option<Date>, b: Option<Date>) -> u8 {
    let (Some(a), Some(b)) = (a, b) else { return 5 };
    match date(a, b) {
        DateLevel::Same => 0,
        DateLevel::Swapped => 1,
        DateLevel::OneOff => 2,
        DateLevel::TwoPartsSame => 3,
        DateLevel::YearOnly => 4,
        DateLevel::Different => 5,
    }
}

/// One digit apart, of numbers long enough for that to say something.
fn house_digits(a: &str, b: &str) -> u8 {
    let is_near = a.len() + b.len() > 3 && damerau_levenshtein_within(a, b, 1).is_some();
    if is_near { 1 } else { 2 }
}

fn quantities(a: f64, b: f64) -> u8 {
    match number(a, b) {
        apart if apart <= 0.01 => 1,
        apart if apart <= 0.05 => 2,
        apart if apart <= 0.20 => 3,
        _ => 4,
    }
}
