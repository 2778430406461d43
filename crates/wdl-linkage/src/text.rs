//! Normal forms and similarities of texts.

use crate::model::Kind;

/// The normal form of a value of a kind; nothing when it says nothing.
pub(crate) fn plain(kind: Kind, raw: &str) -> Option<String> {
    match kind {
        Kind::BirthDate => date(raw),
        Kind::Number => {
            let text = raw.replace(',', ".");
            text.parse::<f64>().ok().map(|number| number.to_string())
        }
        Kind::Code | Kind::PostCode | Kind::HouseNumber | Kind::Sex | Kind::Category => {
            fold(raw, false)
        }
        _ => fold(raw, true),
    }
}

fn fold(raw: &str, keep_blanks: bool) -> Option<String> {
    let mut text = String::with_capacity(raw.len());
    let mut blank = false;
    for letter in raw.chars() {
        if letter == '\'' || letter == '.' {
            continue;
        }
        if letter.is_alphanumeric() {
            if blank && keep_blanks && !text.is_empty() {
                text.push(' ');
            }
            blank = false;
            text.extend(letter.to_uppercase());
        } else {
            blank = true;
        }
    }
    (!text.is_empty()).then_some(text)
}

fn date(raw: &str) -> Option<String> {
    let parts: Vec<&str> = raw
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let (year, month, day) = match parts.as_slice() {
        [all] if all.len() == 8 => (&all[..4], &all[4..6], &all[6..]),
        [year, month, day, ..] if year.len() == 4 => (*year, *month, *day),
        [day, month, year, ..] if year.len() == 4 => (*year, *month, *day),
        _ => return None,
    };
    let number = |text: &str| text.parse::<u32>().ok();
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    (month < 100 && day < 100 && !(year == 1900 && month == 1 && day == 1))
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// What tells two texts apart at a glance.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signature {
    letters: u64,
    length: u32,
    head: [u8; 4],
}

impl Signature {
    pub(crate) fn of(text: &str) -> Signature {
        let mut signature = Signature {
            length: text.len() as u32,
            ..Signature::default()
        };
        for byte in text.bytes() {
            signature.letters |= 1 << (byte % 64);
        }
        for (place, byte) in signature.head.iter_mut().zip(text.bytes()) {
            *place = byte;
        }
        signature
    }

    /// How many different letters only one of the two has.
    #[inline]
    pub(crate) fn letters_apart(&self, other: &Signature) -> u32 {
        (self.letters ^ other.letters).count_ones()
    }

    /// Whether the other may be a part of this one.
    #[inline]
    pub(crate) fn may_hold(&self, other: &Signature) -> bool {
        other.letters & !self.letters == 0 && other.length < self.length
    }

    /// No less than the Jaro–Winkler similarity of the two texts.
    #[inline]
    pub(crate) fn bound(&self, other: &Signature) -> f64 {
        let (a, b) = (f64::from(self.length), f64::from(other.length));
        if a == 0.0 || b == 0.0 {
            return 0.0;
        }
        let without = |mine: u64, other: u64| f64::from((mine & !other).count_ones());
        let common = (a - without(self.letters, other.letters))
            .min(b - without(other.letters, self.letters))
            .min(a)
            .min(b);
        if common <= 0.0 {
            return 0.0;
        }
        let jaro = (common / a + common / b + 1.0) / 3.0;
        let prefix = self
            .head
            .iter()
            .zip(&other.head)
            .take_while(|(a, b)| a == b && **a != 0)
            .count();
        jaro + 0.1 * prefix as f64 * (1.0 - jaro)
    }
}

/// The Jaro–Winkler similarity of two texts of at most 64 bytes (longer ones by their first 64).
pub(crate) fn jaro_winkler(a: &str, b: &str) -> f64 {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (a, b) = (&a[..a.len().min(64)], &b[..b.len().min(64)]);
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut used: u64 = 0;
    let mut matched = [0_u8; 64];
    let mut count = 0;
    for (place, byte) in a.iter().enumerate() {
        let from = place.saturating_sub(window);
        let to = (place + window + 1).min(b.len());
        for other in from..to {
            if used >> other & 1 == 0 && b[other] == *byte {
                used |= 1 << other;
                matched[count] = *byte;
                count += 1;
                break;
            }
        }
    }
    if count == 0 {
        return 0.0;
    }
    let mut exchanged = 0;
    let mut rest = used;
    for byte in &matched[..count] {
        let place = rest.trailing_zeros() as usize;
        rest &= rest - 1;
        exchanged += usize::from(b[place] != *byte);
    }
    let m = count as f64;
    let jaro = (m / a.len() as f64 + m / b.len() as f64 + (m - exchanged as f64 / 2.0) / m) / 3.0;
    let prefix = a.iter().zip(b).take(4).take_while(|(a, b)| a == b).count();
    jaro + 0.1 * prefix as f64 * (1.0 - jaro)
}

/// Optimal string alignment distance, when at most `max` (texts of up to 32 bytes).
pub(crate) fn edits_within(a: &str, b: &str, max: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > max || a.len() > 32 || b.len() > 32 {
        return None;
    }
    let mut rows = [[0_usize; 33]; 3];
    for (column, cell) in rows[0].iter_mut().enumerate() {
        *cell = column;
    }
    for i in 1..=a.len() {
        let (now, before, earlier) = (i % 3, (i - 1) % 3, (i + 1) % 3);
        rows[now][0] = i;
        let mut least = i;
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut cell = (rows[before][j] + 1)
                .min(rows[now][j - 1] + 1)
                .min(rows[before][j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cell = cell.min(rows[earlier][j - 2] + 1);
            }
            rows[now][j] = cell;
            least = least.min(cell);
        }
        if least > max {
            return None;
        }
    }
    let distance = rows[a.len() % 3][b.len()];
    (distance <= max).then_some(distance)
}
