//! Two records compared: the level of each field, packed into one word.

use crate::model::{Kind, Level};
use crate::prepare::{Date, Dictionary, Forms, MISSING, Records};
use crate::text::{edits_within, jaro_winkler};

/// The levels of all fields of a pair, four bits each, the first field lowest.
pub(crate) type Pattern = u64;

/// A field of which one value or both are missing.
pub(crate) const NULL: u8 = 15;

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
        Kind::FullName | Kind::Place | Kind::Street | Kind::Text => &[
            Exact,
            Contained,
            Similar(92),
            Similar(84),
            Similar(75),
            Different,
        ],
        Kind::BirthDate => &[Exact, Swapped, OneOff, TwoParts, YearOnly, Different],
        Kind::Sex | Kind::Category => &[Exact, Different],
        Kind::Code => &[Exact, Edits(1), Edits(2), Different],
        Kind::PostCode => &[Exact, Edits(1), SameArea, Different],
        Kind::HouseNumber => &[Exact, Edits(1), Different],
        Kind::Number => &[Exact, Within(1), Within(5), Within(20), Different],
        Kind::Clk => &[
            Exact,
            Level::Dice(90),
            Level::Dice(80),
            Level::Dice(70),
            Different,
        ],
    }
}

/// The level of a field in a pattern.
#[inline]
pub(crate) fn level(pattern: Pattern, field: usize) -> u8 {
    (pattern >> (4 * field) & 15) as u8
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
    let mut glance = Glance {
        same: 0,
        missing: 0,
    };
    for (field, (a, b)) in a.iter().zip(b).enumerate() {
        if *a == MISSING || *b == MISSING {
            glance.missing |= 1 << field;
        } else if a == b {
            glance.same |= 1 << field;
        }
    }
    glance
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
        for (nth, (one, other)) in self.crossed.iter().enumerate() {
            pattern = self.cross(pattern, nth, (*one, *other), a, b);
        }
        pattern
    }

    /// Takes two fields crosswise when they agree better so.
    fn cross(
        &self,
        pattern: Pattern,
        nth: usize,
        (one, other): (usize, usize),
        a: &[u32],
        b: &[u32],
    ) -> Pattern {
        let place = 4 * (a.len() + nth);
        let (level_one, level_other) = (level(pattern, one), level(pattern, other));
        let known = [a[one], a[other], b[one], b[other]];
        if known.contains(&MISSING) {
            return pattern | u64::from(NULL) << place;
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
        let cleared = pattern & !(15 << (4 * one) | 15 << (4 * other));
        cleared
            | u64::from(crossed_one) << (4 * one)
            | u64::from(crossed_other) << (4 * other)
            | 1 << place
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
    match (kind, &dictionary.forms) {
        (Kind::GivenName | Kind::Surname, Forms::Names { sound, first }) => {
            let (place_a, place_b) = (a as usize, b as usize);
            if first[place_a] == b || first[place_b] == a {
                return 1;
            }
            if sound[place_a] == sound[place_b] {
                return 2;
            }
            similar(dictionary, a, b, 3)
        }
        (Kind::BirthDate, Forms::Dates(dates)) => date(dates[a as usize], dates[b as usize]),
        (Kind::Number, Forms::Numbers(numbers)) => number(numbers[a as usize], numbers[b as usize]),
        (Kind::Sex | Kind::Category, _) => 1,
        (Kind::Code, _) => match edits(dictionary, a, b, 2) {
            Some(1) => 1,
            Some(_) => 2,
            None => 3,
        },
        (Kind::PostCode, _) => {
            if edits(dictionary, a, b, 1).is_some() {
                return 1;
            }
            let (a, b) = (dictionary.values.get(a), dictionary.values.get(b));
            let half = a.len().min(b.len()).div_ceil(2);
            let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
            if same >= half { 2 } else { 3 }
        }
        (Kind::HouseNumber, _) => match edits(dictionary, a, b, 1) {
            Some(_) if dictionary.values.get(a).len() + dictionary.values.get(b).len() > 3 => 1,
            _ => 2,
        },
        _ => {
            if contained(dictionary, a, b) {
                return 1;
            }
            similar(dictionary, a, b, 2)
        }
    }
}

/// Three levels of Jaro–Winkler similarity from a first one on, and the last.
#[inline]
fn similar(dictionary: &Dictionary, a: u32, b: u32, first: u8) -> u8 {
    let signatures = &dictionary.signatures;
    if signatures[a as usize].bound(&signatures[b as usize]) < 0.75 {
        return first + 3;
    }
    let similarity = jaro_winkler(dictionary.values.get(a), dictionary.values.get(b));
    match similarity {
        s if s >= 0.92 => first,
        s if s >= 0.84 => first + 1,
        s if s >= 0.75 => first + 2,
        _ => first + 3,
    }
}

fn edits(dictionary: &Dictionary, a: u32, b: u32, max: usize) -> Option<usize> {
    let signatures = &dictionary.signatures;
    if signatures[a as usize].letters_apart(&signatures[b as usize]) > 2 * max as u32 {
        return None;
    }
    edits_within(dictionary.values.get(a), dictionary.values.get(b), max)
}

/// Whether the words of one are all among the words of the other.
fn contained(dictionary: &Dictionary, a: u32, b: u32) -> bool {
    let signatures = &dictionary.signatures;
    let (sa, sb) = (&signatures[a as usize], &signatures[b as usize]);
    if !(sa.may_hold(sb) || sb.may_hold(sa)) {
        return false;
    }
    let (a, b) = (dictionary.values.get(a), dictionary.values.get(b));
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short
        .split(' ')
        .all(|word| long.split(' ').any(|other| other == word))
}

fn date(a: Option<Date>, b: Option<Date>) -> u8 {
    let (Some(a), Some(b)) = (a, b) else { return 5 };
    if a.year == b.year && a.month == b.day && a.day == b.month {
        return 1;
    }
    let same = [a.year == b.year, a.month == b.month, a.day == b.day];
    let count = same.iter().filter(|same| **same).count();
    if count == 2 {
        let apart = match same {
            [false, _, _] => off(a.year, b.year),
            [_, false, _] => off(u16::from(a.month), u16::from(b.month)),
            _ => off(u16::from(a.day), u16::from(b.day)),
        };
        return if apart { 2 } else { 3 };
    }
    if same[0] { 4 } else { 5 }
}

/// Whether two parts are apart by one, by ten, or by one digit.
fn off(a: u16, b: u16) -> bool {
    let difference = a.abs_diff(b);
    if difference == 1 || difference == 10 {
        return true;
    }
    let digits = |n: u16| [n / 1000, n / 100 % 10, n / 10 % 10, n % 10];
    let changed = digits(a)
        .iter()
        .zip(digits(b))
        .filter(|(a, b)| **a != *b)
        .count();
    changed == 1
}

fn number(a: f64, b: f64) -> u8 {
    let apart = (a - b).abs() / a.abs().max(b.abs());
    match apart {
        d if d <= 0.01 => 1,
        d if d <= 0.05 => 2,
        d if d <= 0.20 => 3,
        _ => 4,
    }
}
