//! How many units two sets do not share, exactly, from a few numbers of each set: power sums over a prime field.
//!
//! The power sums of two sets, subtracted, are `s_j = Σ ± x^j` over the units that only one of them has.
//! Such a sequence obeys a linear recurrence whose length is the number of those units, and Berlekamp and Massey (1969) find the shortest recurrence.
//! Sums of parts add up to those of the whole, so that a table of cells gives its margins.
//!
//! It must not know who a unit is: it is given numbers that are spread evenly, and nothing else.

use std::fmt;
use std::str::FromStr;

/// The prime 2^61 − 1.
const PRIME: u64 = (1 << 61) - 1;

/// The power sums of a set of units, or of a set in which units stand several times.
///
/// Two of the same capacity tell exactly how many units they do not share, up to one less than it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
// INVARIANT: twice the capacity many numbers, each under the prime; the capacity is one or more.
pub struct PowerSums(Vec<u64>);

impl PowerSums {
    /// Those of nobody, for sets that differ by fewer than `capacity` units.
    pub fn new(capacity: usize) -> PowerSums {
        PowerSums(vec![0; 2 * capacity.max(1)])
    }

    /// One less than this many units are told apart exactly.
    pub fn capacity(&self) -> usize {
        self.0.len() / 2
    }

    /// The numbers, from the count of the units upwards.
    pub fn numbers(&self) -> &[u64] {
        &self.0
    }

    /// The sums that have these numbers; `None` when they cannot be sums.
    pub fn of_numbers(numbers: Vec<u64>) -> Option<PowerSums> {
        let is_right = !numbers.is_empty()
            && numbers.len().is_multiple_of(2)
            && numbers.iter().all(|number| *number < PRIME);
        is_right.then_some(PowerSums(numbers))
    }

    /// Takes everybody out.
    pub fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Puts a unit in, by a number that is spread evenly over all 64 bits.
    pub fn add(&mut self, unit: u64) {
        let unit = unit % PRIME;
        let mut power = 1;
        for sum in &mut self.0 {
            *sum = plus(*sum, power);
            power = times(power, unit);
        }
    }

    /// Puts all units of another set in; the capacity becomes the smaller of the two.
    pub fn join(&mut self, other: &PowerSums) {
        self.0.truncate(other.0.len());
        for (sum, more) in self.0.iter_mut().zip(&other.0) {
            *sum = plus(*sum, *more);
        }
    }

    /// How many units stand in the two sets unequally often; `None` when they are as many as the smaller capacity, or more.
    ///
    /// That more units look like fewer happens with a chance under 2^-50 for capacities under 32 (Schwartz and Zippel): the determinant of their power sums would have to be zero.
    pub fn differs_by(&self, other: &PowerSums) -> Option<usize> {
        let apart: Vec<u64> = self
            .0
            .iter()
            .zip(&other.0)
            .map(|(one, two)| minus(*one, *two))
            .collect();
        let length = recurrence(&apart);
        (length < apart.len() / 2).then_some(length)
    }
}

impl fmt::Display for PowerSums {
    /// Sixteen hexadecimal digits a number.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|number| write!(to, "{number:016x}"))
    }
}

/// Text that is no power sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not that of power sums")]
pub struct NoPowerSums;

impl FromStr for PowerSums {
    type Err = NoPowerSums;

    fn from_str(text: &str) -> Result<PowerSums, NoPowerSums> {
        let number = |digits: &[u8]| {
            let is_written = digits.len() == 16 && digits.iter().all(u8::is_ascii_hexdigit);
            let digits = std::str::from_utf8(digits).ok().filter(|_| is_written)?;
            u64::from_str_radix(digits, 16).ok()
        };
        let numbers: Option<Vec<u64>> = text.as_bytes().chunks(16).map(number).collect();
        numbers.and_then(PowerSums::of_numbers).ok_or(NoPowerSums)
    }
}

fn plus(one: u64, two: u64) -> u64 {
    let sum = one + two;
    match sum >= PRIME {
        true => sum - PRIME,
        false => sum,
    }
}

fn minus(one: u64, two: u64) -> u64 {
    plus(one, (PRIME - two) % PRIME)
}

fn times(one: u64, two: u64) -> u64 {
    let product = u128::from(one) * u128::from(two);
    let low = (product & u128::from(PRIME)) as u64;
    plus(low, (product >> 61) as u64)
}

fn inverse(of: u64) -> u64 {
    // Fermat: x^(p − 2).
    let (mut power, mut base, mut left) = (1, of, PRIME - 2);
    while left > 0 {
        if left & 1 == 1 {
            power = times(power, base);
        }
        base = times(base, base);
        left >>= 1;
    }
    power
}

/// The length of the shortest linear recurrence that a sequence obeys (Massey 1969, algorithm of Berlekamp).
fn recurrence(sequence: &[u64]) -> usize {
    let mut current = vec![1_u64];
    let mut before = vec![1_u64];
    let (mut length, mut since, mut off_before) = (0, 1, 1_u64);
    for at in 0..sequence.len() {
        let terms = current.iter().take(length + 1).enumerate();
        let off = terms.fold(0, |sum, (back, by)| {
            plus(sum, times(*by, sequence[at - back]))
        });
        if off == 0 {
            since += 1;
            continue;
        }
        let by = times(off, inverse(off_before));
        let kept = current.clone();
        let needed = before.len() + since;
        if current.len() < needed {
            current.resize(needed, 0);
        }
        for (place, value) in before.iter().enumerate() {
            current[place + since] = minus(current[place + since], times(by, *value));
        }
        if 2 * length <= at {
            length = at + 1 - length;
            before = kept;
            off_before = off;
            since = 1;
        } else {
            since += 1;
        }
    }
    length
}
