//! The form of Italian tax codes: shape, day, check characters, letters that stand for digits.
//!
//! It must not know of people, files or Unicode: it works on folded ASCII.

/// Values of the characters in odd positions (1-based), digits first; D.M. 23 December 1976.
const ODD_DIGITS: [u16; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
/// The same, letters A to Z.
const ODD_LETTERS: [u16; 26] = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];
/// The letter that stands for each digit when the code is shared (omocodia).
pub const OMOCODIA: [u8; 10] = *b"LMNPQRSTUV";
/// The zero-based positions where omocodia may write a letter, in the order in which it does.
pub const OMOCODIA_POSITIONS: [usize; 7] = [14, 13, 12, 10, 9, 7, 6];
/// The letters of the months, January first.
pub const MONTHS: [u8; 12] = *b"ABCDEHLMPRST";

/// The sixteenth character of fifteen ASCII capitals and digits.
pub fn check_letter(first_fifteen: &[u8]) -> u8 {
    let value = |(index, byte): (usize, &u8)| match (index % 2 == 0, byte.is_ascii_digit()) {
        (true, true) => ODD_DIGITS[usize::from(byte - b'0')],
        (true, false) => ODD_LETTERS[usize::from(byte - b'A')],
        (false, true) => u16::from(byte - b'0'),
        (false, false) => u16::from(byte - b'A'),
    };
    let total: u16 = first_fifteen.iter().enumerate().map(value).sum();
    b'A' + u8::try_from(total % 26).expect("a remainder of 26 is under 26")
}

/// The eleventh digit of ten ASCII digits (Luhn).
pub fn check_digit(first_ten: &[u8]) -> u8 {
    let value = |(index, byte): (usize, &u8)| {
        let digit = u16::from(byte - b'0');
        match index % 2 == 0 {
            true => digit,
            false if digit > 4 => 2 * digit - 9,
            false => 2 * digit,
        }
    };
    let total: u16 = first_ten.iter().enumerate().map(value).sum();
    b'0' + u8::try_from((10 - total % 10) % 10).expect("a remainder of 10 is under 10")
}

/// The digit a character stands for where omocodia may have written a letter.
///
/// Used only to judge whether the day exists and to compare: the code itself is kept as issued.
pub fn digit_as_issued(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        _ => OMOCODIA
            .iter()
            .position(|letter| *letter == byte)
            .and_then(|digit| u8::try_from(digit).ok()),
    }
}

/// Whether sixteen bytes have the shape of a code, whatever their day and their check letter.
pub fn has_shape(code: &[u8]) -> bool {
    let fits = |(index, byte): (usize, &u8)| match index {
        0..=5 | 11 | 15 => byte.is_ascii_uppercase(),
        8 => MONTHS.contains(byte),
        _ => digit_as_issued(*byte).is_some(),
    };
    code.len() == 16 && code.iter().enumerate().all(fits)
}

/// Whether the day of birth exists in its month; the century is unknown, so 29 February follows the two digits.
pub fn has_day(code: &[u8]) -> bool {
    let two = |at: usize| Some(10 * digit_as_issued(code[at])? + digit_as_issued(code[at + 1])?);
    let (Some(year), Some(day)) = (two(6), two(9)) else {
        return false;
    };
    let last = match code[8] {
        b'B' if year.is_multiple_of(4) => 29,
        b'B' => 28,
        b'D' | b'H' | b'P' | b'S' => 30,
        _ => 31,
    };
    (1..=last).contains(&day) || (41..=40 + last).contains(&day)
}

/// Whether a folded text is a code of sixteen characters without a fault: its shape, its day and its check letter.
///
/// ```
/// assert!(wdl_encoding::code::is_faultless("RSSMRA85T10A562S"));
/// assert!(!wdl_encoding::code::is_faultless("RSSMRA85T10A562T"));
/// ```
pub fn is_faultless(code: &str) -> bool {
    let bytes = code.as_bytes();
    has_shape(bytes) && has_day(bytes) && check_letter(&bytes[..15]) == bytes[15]
}

/// A faultless code with digits where letters stand for them, so that both forms of one person's code are the same.
pub fn as_first_issued(code: &str) -> String {
    let mut bytes = code.as_bytes().to_vec();
    for place in OMOCODIA_POSITIONS {
        if let Some(digit) = bytes.get(place).copied().and_then(digit_as_issued) {
            bytes[place] = b'0' + digit;
        }
    }
    if bytes.len() == 16 {
        bytes[15] = check_letter(&bytes[..15]);
    }
    String::from_utf8(bytes).expect("capitals and digits are text")
}
