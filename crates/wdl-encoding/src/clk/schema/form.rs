//! The one form to which all spellings of a cell are brought, by what the column holds.

use zeroize::Zeroizing;

use crate::compare::{Date, DateOrder, read_date_in};
use crate::normal::Name;
use crate::values::Sex;

/// What a column holds, and so how its cells are brought to one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormalForm {
    /// Given names: letters alone, without titles.
    GivenName,
    /// Surnames: letters alone, without titles and the husband's.
    Surname,
    /// A date as eight digits, year, month and day, however it is written; an impossible day stays as it stands, and a part that was not written is left off.
    Date,
    /// A sex as one letter.
    Sex,
    /// A street without its type (`VIA`, `PIAZZA`).
    Street,
    /// A number, perhaps with letters, without leading noughts.
    Number,
    /// Any other text: letters and digits.
    Text,
}

const FORMS: [(NormalForm, &str); 7] = [
    (NormalForm::GivenName, "given_name"),
    (NormalForm::Surname, "surname"),
    (NormalForm::Date, "date"),
    (NormalForm::Sex, "sex"),
    (NormalForm::Street, "street"),
    (NormalForm::Number, "number"),
    (NormalForm::Text, "text"),
];

/// What most streets are called before their name: it tells nobody apart, and one office writes it where another does not.
const STREET_TYPES: &[&str] = &[
    "VIA",
    "VIALE",
    "VLE",
    "V",
    "PIAZZA",
    "PZA",
    "PZZA",
    "PIAZZALE",
    "PLE",
    "LARGO",
    "LGO",
    "STRADA",
    "STR",
    "CORSO",
    "CSO",
    "VICOLO",
    "VLO",
    "CONTRADA",
    "CDA",
    "STRADELLO",
    "BORGO",
];

impl NormalForm {
    /// The words of a schema.
    pub(super) fn words() -> Vec<&'static str> {
        FORMS.iter().map(|(_, word)| *word).collect()
    }

    /// Its word in a schema.
    pub fn word(self) -> &'static str {
        let (_, word) = FORMS
            .iter()
            .find(|(form, _)| *form == self)
            .expect("every form has its word");
        word
    }

    /// The form of a word.
    pub fn of(word: &str) -> Option<NormalForm> {
        FORMS
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(form, _)| *form)
    }

    /// A cell in this form; nothing when it is empty, cannot be read or only fills the cell.
    ///
    /// Of a date the day comes first where the numbers leave it open; [`NormalForm::normal_in`] takes the order of a column.
    pub fn normal(self, raw: &str) -> Option<Zeroizing<String>> {
        self.normal_in(raw, DateOrder::DayFirst)
    }

    /// A cell of a column whose dates are written in this order.
    pub fn normal_in(self, raw: &str, order: DateOrder) -> Option<Zeroizing<String>> {
        let whole = |name: Option<Name>| name.map(|name| Zeroizing::new(name.whole().to_owned()));
        match self {
            NormalForm::GivenName => whole(Name::given(raw)),
            NormalForm::Surname => whole(Name::surname(raw)),
            NormalForm::Date => date(raw, order),
            NormalForm::Sex => match Sex::read(raw) {
                Some(sex) => Some(Zeroizing::new(sex.letter().to_owned())),
                None => whole(Name::place(raw)),
            },
            NormalForm::Street => whole(Name::place_without(raw, STREET_TYPES)),
            NormalForm::Number => {
                let digits = raw.trim().trim_start_matches('0');
                whole(Name::place(if digits.is_empty() { raw } else { digits }))
            }
            NormalForm::Text => whole(Name::place(raw)),
        }
    }
}

/// Two digits of a year up to this one are of this century, the others of the last: nobody born later is in a file, and few who are a hundred.
const LAST_OF_CENTURY: u16 = 29;
/// What fills a year that is not known.
const NO_YEAR: u16 = 9999;

/// The canonical digits of a date that the reader of plain linkage reads: `19850307` of `1985-03-07`, `7.3.85` or `7 marzo 1985`.
fn date(raw: &str, order: DateOrder) -> Option<Zeroizing<String>> {
    let date = read_date_in(raw, order).filter(|date| !is_filler(*date))?;
    let year = match (date.is_century_known(), date.year()) {
        (true, year) => year,
        (false, year) if year <= LAST_OF_CENTURY => 2000 + year,
        (false, year) => 1900 + year,
    };
    let mut digits = Zeroizing::new(format!("{year:04}{:02}{:02}", date.month(), date.day()));
    // A year alone, or a year and a month, shares no noughts with others of its kind.
    digits.truncate(match (date.month(), date.day()) {
        (0, _) => 4,
        (_, 0) => 6,
        (_, _) => 8,
    });
    Some(digits)
}

/// Whether a date only fills the cell; a mistaken year that nobody alive was born in is kept, since its day still says something.
fn is_filler(date: Date) -> bool {
    let is_first_of_none = date.is_start_of_year() && date.is_placeholder();
    date.is_listed() || is_first_of_none || date.year() == NO_YEAR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: NormalForm, raw: &str, expected: &str) {
        let normal = form.normal(raw);
        assert_eq!(
            normal.as_ref().map_or("", |text| text.as_str()),
            expected,
            "{raw}"
        );
    }

    #[test]
    fn dates_of_every_office_are_one() {
        for raw in [
            "1980-05-17",
            "19800517",
            "17/05/1980",
            "17.5.1980",
            "1980-05-17T00:00:00",
            "17/05/80",
            "17 maggio 1980",
            "17-MAY-1980",
            "29358",
            "05/17/1980",
        ] {
            check(NormalForm::Date, raw, "19800517");
        }
        check(NormalForm::Date, "7.3.85", "19850307");
        check(NormalForm::Date, "03/05/2011", "20110503");
        check(NormalForm::Date, "1.1.05", "20050101");
        check(NormalForm::Date, "1980", "1980");
        check(NormalForm::Date, "05/1980", "198005");
        check(NormalForm::Date, "10680516", "10680516");
        let turned = NormalForm::Date.normal_in("03/05/2011", DateOrder::MonthFirst);
        assert_eq!(turned.expect("a day").as_str(), "20110305");
        check(NormalForm::Date, "19800230", "19800230");
        for raw in [
            "",
            "1900-01-01",
            "n.d.",
            "--",
            "0000-00-00",
            "12",
            "99999999",
            "ieri",
        ] {
            check(NormalForm::Date, raw, "");
        }
    }

    #[test]
    fn streets_numbers_and_texts() {
        check(NormalForm::Street, "Via Emilia", "EMILIA");
        check(NormalForm::Street, "EMILIA", "EMILIA");
        check(NormalForm::Street, "V.le Gramsci", "LEGRAMSCI");
        check(NormalForm::Street, "Via", "VIA");
        check(NormalForm::Number, "007/A", "7A");
        check(NormalForm::Number, "0", "0");
        check(NormalForm::Text, "winston hills", "WINSTONHILLS");
        check(NormalForm::Sex, "femmina", "F");
        check(NormalForm::Sex, "altro", "ALTRO");
        check(NormalForm::Surname, "N.D.", "");
    }
}
