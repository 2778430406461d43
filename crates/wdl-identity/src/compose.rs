//! Codes of invented people, for the synthetic city and for tests.
//!
//! It must not decide who shares a code with whom: that is the city's business.

use jiff::civil::Date;

use crate::fold::bare_letters;
use crate::tax_code::TaxCode;
use wdl_encoding::code as check;

/// The sex written in a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// *Femmina*.
    Female,
    /// *Maschio*.
    Male,
}

/// What a code is made from.
#[derive(Clone, Copy)]
pub struct Registration<'a> {
    /// The surname, as written at the registry.
    pub surname: &'a str,
    /// The given names, as one text.
    pub name: &'a str,
    /// The sex.
    pub sex: Sex,
    /// The day of birth.
    pub born: Date,
    /// The cadastral code of the municipality or of the foreign state: a letter and three digits.
    pub place: &'a str,
}

/// A code cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Not a letter and three digits.
    #[error("the place of birth is not a letter and three digits")]
    Place,
    /// A serial, office or region out of range.
    #[error("a number does not fit the digits it is given")]
    Number,
}

/// The base code of a person.
///
/// # Errors
/// When the place is not a letter and three digits.
pub fn compose(person: &Registration<'_>) -> Result<TaxCode, ComposeError> {
    let place = person.place.as_bytes();
    if place.len() != 4
        || !place[0].is_ascii_uppercase()
        || !place[1..].iter().all(u8::is_ascii_digit)
    {
        return Err(ComposeError::Place);
    }
    let mut code = [0; 16];
    code[..3].copy_from_slice(&surname_letters(person.surname));
    code[3..6].copy_from_slice(&name_letters(person.name));
    let day = match person.sex {
        Sex::Female => person.born.day() + 40,
        Sex::Male => person.born.day(),
    };
    write_two(&mut code[6..8], person.born.year().rem_euclid(100));
    code[8] = check::MONTHS[usize::try_from(person.born.month() - 1).expect("a month is 1 to 12")];
    write_two(&mut code[9..11], i16::from(day));
    code[11..15].copy_from_slice(place);
    code[15] = check::check_letter(&code[..15]);
    Ok(TaxCode::trusted(&code))
}

fn write_two(place: &mut [u8], number: i16) {
    let digit = |value: i16| b'0' + u8::try_from(value).expect("one digit");
    place[0] = digit(number / 10);
    place[1] = digit(number % 10);
}

fn is_vowel(letter: &u8) -> bool {
    b"AEIOU".contains(letter)
}

/// Consonants in order, then vowels, then X.
fn three(letters: impl Iterator<Item = u8>) -> [u8; 3] {
    let mut three = [b'X'; 3];
    for (place, letter) in three.iter_mut().zip(letters) {
        *place = letter;
    }
    three
}

fn surname_letters(surname: &str) -> [u8; 3] {
    let letters = bare_letters(surname);
    let consonants = letters.iter().filter(|letter| !is_vowel(letter));
    three(
        consonants
            .chain(letters.iter().filter(|letter| is_vowel(letter)))
            .copied(),
    )
}

/// With four consonants or more the second one is skipped.
fn name_letters(name: &str) -> [u8; 3] {
    let letters = bare_letters(name);
    let consonants: Vec<u8> = letters
        .iter()
        .copied()
        .filter(|letter| !is_vowel(letter))
        .collect();
    match consonants.len() {
        0..=3 => surname_letters(name),
        _ => [consonants[0], consonants[2], consonants[3]],
    }
}

/// A provisional code: seven digits of serial, three of the office, a check digit (D.M. 23 December 1976, art. 10).
///
/// # Errors
/// When the serial is zero or has more than seven digits, or the office more than three.
pub fn provisional(serial: u32, office: u16) -> Result<TaxCode, ComposeError> {
    if serial == 0 || serial > 9_999_999 || office > 999 {
        return Err(ComposeError::Number);
    }
    let mut code = format!("{serial:07}{office:03}").into_bytes();
    code.push(check::check_digit(&code));
    Ok(TaxCode::trusted(&code))
}

/// An STP code: region, health authority, serial.
///
/// # Errors
/// When a number does not fit its digits.
pub fn stp(region: u16, authority: u16, serial: u32) -> Result<String, ComposeError> {
    health_code("STP", region, authority, serial)
}

/// An ENI code: region, health authority, serial.
///
/// # Errors
/// When a number does not fit its digits.
pub fn eni(region: u16, authority: u16, serial: u32) -> Result<String, ComposeError> {
    health_code("ENI", region, authority, serial)
}

fn health_code(
    kind: &str,
    region: u16,
    authority: u16,
    serial: u32,
) -> Result<String, ComposeError> {
    match region <= 999 && authority <= 999 && serial <= 9_999_999 {
        true => Ok(format!("{kind}{region:03}{authority:03}{serial:07}")),
        false => Err(ComposeError::Number),
    }
}
