//! Whether a codice fiscale agrees with what else a row says of the person.
//!
//! The digits are read as issued, also where omocodia wrote letters, for this comparison alone: the code itself never changes and a fact is never guessed from it.
//! The two digits of the year are compared with the day of birth; a century comes from the day of birth or from nowhere.

use jiff::civil::Date;

use crate::compose::Sex;
use crate::places::CadastralPlace;
use crate::tax_code::TaxCode;
use wdl_encoding::code as check;

/// What a row says of a person beside the code.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// The day of birth.
    pub born: Option<Date>,
    /// The sex.
    pub sex: Option<Sex>,
    /// The place of birth.
    pub place: Option<CadastralPlace>,
}

/// Where a code and the facts do not agree; a fact that is not there never disagrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disagreement {
    /// The day of birth differs.
    pub born: bool,
    /// The sex differs.
    pub sex: bool,
    /// The place of birth differs.
    pub place: bool,
}

impl Disagreement {
    /// Whether anything differs.
    pub fn is_any(self) -> bool {
        self.born || self.sex || self.place
    }
}

impl TaxCode {
    /// Where the code and the facts do not agree; a provisional code says nothing and agrees with everything.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use wdl_identity::{Facts, TaxCode};
    ///
    /// // An omocodic form, of somebody born on 1 January of an '80.
    /// let code = TaxCode::canonical("RSSMRAULALMFNRTP")?;
    /// let born = |year| Facts { born: Some(date(year, 1, 1)), ..Facts::default() };
    /// assert!(!code.disagreement(&born(1980)).born);
    /// assert!(!code.disagreement(&born(1880)).born);
    /// assert!(code.disagreement(&born(1981)).born);
    /// # Ok::<(), wdl_identity::NotATaxCode>(())
    /// ```
    pub fn disagreement(&self, facts: &Facts) -> Disagreement {
        if self.is_provisional() {
            return Disagreement::default();
        }
        let code = self.bytes();
        let two = |at: usize| -> Option<i16> {
            let digit = |at: usize| check::digit_as_issued(code[at]).map(i16::from);
            Some(10 * digit(at)? + digit(at + 1)?)
        };
        let (Some(year), Some(day)) = (two(6), two(9)) else {
            return Disagreement::default();
        };
        let (sex, day) = match day > 40 {
            true => (Sex::Female, day - 40),
            false => (Sex::Male, day),
        };
        let is_born = |born: Date| {
            let month = usize::try_from(born.month() - 1).expect("a month is 1 to 12");
            born.year().rem_euclid(100) == year
                && check::MONTHS[month] == code[8]
                && i16::from(born.day()) == day
        };
        Disagreement {
            born: facts.born.is_some_and(|born| !is_born(born)),
            sex: facts.sex.is_some_and(|said| said != sex),
            place: facts
                .place
                .is_some_and(|place| Some(place.bytes()) != place_of(code)),
        }
    }
}

/// The place in a code, with digits for the letters of omocodia.
fn place_of(code: &[u8]) -> Option<[u8; 4]> {
    let digit = |at: usize| check::digit_as_issued(code[at]).map(|digit| b'0' + digit);
    Some([code[11], digit(12)?, digit(13)?, digit(14)?])
}

/// The sex a register writes: `M` or `F`, in either case, or the words.
pub fn read_sex(text: &str) -> Option<Sex> {
    const FEMALE: [&str; 3] = ["F", "FEMMINA", "FEMALE"];
    const MALE: [&str; 3] = ["M", "MASCHIO", "MALE"];
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match (is(&FEMALE), is(&MALE)) {
        (true, _) => Some(Sex::Female),
        (_, true) => Some(Sex::Male),
        _ => None,
    }
}
