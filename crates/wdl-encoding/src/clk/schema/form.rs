//! The one form to which all spellings of a cell are brought, by what the column holds.

use zeroize::Zeroizing;

use crate::normal::Name;
use crate::values::Sex;

/// What a column holds, and so how its cells are brought to one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormalForm {
    /// Given names: letters alone, without titles.
    GivenName,
    /// Surnames: letters alone, without titles and the husband's.
    Surname,
    /// A date as eight digits; an impossible day stays as it stands.
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

    /// A cell in this form; nothing when it is empty or only fills the cell.
    pub fn normal(self, raw: &str) -> Option<Zeroizing<String>> {
        let whole = |name: Option<Name>| name.map(|name| Zeroizing::new(name.whole().to_owned()));
        match self {
            NormalForm::GivenName => whole(Name::given(raw)),
            NormalForm::Surname => whole(Name::surname(raw)),
            NormalForm::Date => date(raw),
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

/// Dates as offices write them: `1980-05-17`, `19800517`, `17/05/1980`, with or without a time behind.
fn date(raw: &str) -> Option<Zeroizing<String>> {
    let mut parts: Vec<&str> = raw
        .trim()
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    // Seconds and hours behind a date say nothing of it.
    parts.truncate(3);
    let ordered = match parts.as_slice() {
        [whole] if whole.len() == 8 => Zeroizing::new((*whole).to_owned()),
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            Zeroizing::new(format!("{year}{month:0>2}{day:0>2}"))
        }
        [day, month, year] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            Zeroizing::new(format!("{year}{month:0>2}{day:0>2}"))
        }
        _ => Zeroizing::new(parts.concat()),
    };
    let is_placeholder = matches!(
        ordered.as_str(),
        "" | "00000000"
            | "19000101"
            | "19010101"
            | "18991230"
            | "18991231"
            | "11111111"
            | "99991231"
            | "99999999"
    );
    let is_short = ordered.len() < 4;
    (!is_placeholder && !is_short).then(|| {
        let mut ordered = ordered;
        ordered.truncate(8);
        ordered
    })
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
        ] {
            check(NormalForm::Date, raw, "19800517");
        }
        check(NormalForm::Date, "19800230", "19800230");
        for raw in ["", "1900-01-01", "n.d.", "--", "0000-00-00", "12"] {
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
