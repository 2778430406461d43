//! What the columns hold, from their names and from their values.
//!
//! A name that is known counts as long as the values do not contradict it; the values alone decide for a column called `field3`.
//! No rule knows a particular file: names are usual words in Italian and English, and limits follow from what a kind means (a day reads as one, a personal number is nearly unique, a category has few values).

mod placeholders;
mod profile;
mod words;

use rayon::prelude::*;
use wdl_vocab::Text;

use crate::data::{Column, Data};
use crate::model::{FIELDS_PROPOSED, Kind};

pub use placeholders::Placeholder;
pub(crate) use placeholders::{before_a_step, written_for_nothing};
use profile::Profile;
use words::Meaning;

/// One column and what it was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognised {
    /// The column.
    pub column: String,
    /// What it holds; nothing when it is not to be compared.
    pub kind: Option<Kind>,
    /// What decided.
    pub reason: Reason,
    /// The share of records without a value, known placeholders among them.
    pub share_missing: f64,
    /// How many different values.
    pub distinct: u32,
    /// Values that stand for many unrelated people.
    pub placeholders: Vec<Placeholder>,
}

/// Why a column was taken for what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Its name says so, and the values agree.
    Name,
    /// Its values look so.
    Values,
    /// Left out: no record has a value.
    Empty,
    /// Left out: all records have the same value.
    Constant,
    /// Left out: long texts, which tell people apart by the writer's words.
    FreeText,
    /// Left out: more columns than a model compares, and others tell people apart better.
    NoRoom,
}

impl Reason {
    /// The reason in words.
    pub fn label(self) -> Text {
        match self {
            Reason::Name => Text::fixed(
                "dal nome della colonna, confermato dai valori",
                "from the column's name, and the values agree",
            ),
            Reason::Values => Text::fixed("dai valori", "from the values"),
            Reason::Empty => Text::fixed(
                "esclusa: nessun record ha un valore",
                "left out: no record has a value",
            ),
            Reason::Constant => Text::fixed(
                "esclusa: tutti i record hanno lo stesso valore",
                "left out: all records have the same value",
            ),
            Reason::FreeText => Text::fixed("esclusa: testo libero", "left out: free text"),
            Reason::NoRoom => Text::fixed(
                "esclusa: un modello confronta al massimo 14 colonne, e altre distinguono meglio le persone",
                "left out: a model compares 14 columns at most, and others tell people apart better",
            ),
        }
    }
}

/// What the columns hold, in their order; the columns to ignore are not among them.
pub fn recognise(data: &Data, ignore: &[&str]) -> Vec<Recognised> {
    let columns: Vec<&Column> = data
        .columns
        .iter()
        .filter(|column| !ignore.contains(&column.name.as_str()))
        .collect();
    let has_surname = columns
        .iter()
        .any(|column| words::meaning(&column.name) == Some(Meaning::Of(Kind::Surname)));
    let mut recognised: Vec<Recognised> = columns
        .par_iter()
        .map(|column| recognise_column(column, has_surname))
        .collect();
    let personal = |kind: Kind| {
        let place = recognised.iter().position(|of| of.kind == Some(kind));
        place.map(|place| columns[place])
    };
    if let Some(personal) = personal(Kind::GivenName).or_else(|| personal(Kind::BirthDate)) {
        for (of, column) in recognised.iter_mut().zip(&columns) {
            if of.kind == Some(Kind::Code) && is_shared(column, personal) {
                of.kind = Some(Kind::Category);
                of.reason = Reason::Values;
            }
        }
    }
    leave_out(&mut recognised);
    recognised
}

/// Leaves out the columns that tell people apart least, where a model has no room for all.
fn leave_out(recognised: &mut [Recognised]) {
    let mut places: Vec<usize> = (0..recognised.len())
        .filter(|place| recognised[*place].kind.is_some())
        .collect();
    // By how many bits of a value a record has; of equal ones the first column stays.
    let bits = |place: usize| {
        let of = &recognised[place];
        (1.0 - of.share_missing) * f64::from(of.distinct.max(1)).log2()
    };
    places.sort_by(|a, b| bits(*b).total_cmp(&bits(*a)).then(a.cmp(b)));
    for place in places.into_iter().skip(FIELDS_PROPOSED) {
        recognised[place].kind = None;
        recognised[place].reason = Reason::NoRoom;
    }
}

/// Whether people with different names or days of birth have one code in common: it is of a house or a family, not of a person.
fn is_shared(code: &Column, personal: &Column) -> bool {
    /// So few pairs say nothing.
    const TELLING: u64 = 20;
    /// A name is mistyped in its first letter, or a code on two people, far more seldom.
    const SHARED: f64 = 0.3;
    const NOBODY: u32 = u32::MAX;
    let mut first = vec![NOBODY; code.values.len()];
    let (mut pairs, mut different) = (0_u64, 0_u64);
    for (code, value) in code.cells.iter().zip(&personal.cells) {
        if *code == 0 || *value == 0 {
            continue;
        }
        let first = &mut first[*code as usize];
        if *first == NOBODY {
            *first = *value;
            continue;
        }
        let letter = |value: u32| personal.values.get(value).chars().next();
        let is_other = match personal
            .values
            .get(*value)
            .starts_with(|c: char| c.is_ascii_digit())
        {
            true => *first != *value,
            false => letter(*first) != letter(*value),
        };
        pairs += 1;
        different += u64::from(is_other);
    }
    pairs >= TELLING && different as f64 >= SHARED * pairs as f64
}

fn recognise_column(column: &Column, has_surname: bool) -> Recognised {
    let counts = counts(column);
    let records: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    let profile = Profile::of(column, &counts);
    let (kind, reason) = kind(&column.name, &profile, has_surname);
    let placeholders = match kind {
        Some(kind) => placeholders::find(column, &counts, kind),
        None => Vec::new(),
    };
    let unsaid: u64 = placeholders
        .iter()
        .filter(|placeholder| placeholder.is_missing)
        .map(|placeholder| u64::from(placeholder.records))
        .sum();
    let missing = u64::from(counts.first().copied().unwrap_or(0)) + unsaid;
    Recognised {
        column: column.name.clone(),
        kind,
        reason,
        share_missing: match records {
            0 => 1.0,
            _ => missing as f64 / records as f64,
        },
        distinct: counts.iter().skip(1).filter(|count| **count > 0).count() as u32,
        placeholders,
    }
}

/// How many records have each value.
fn counts(column: &Column) -> Vec<u32> {
    let mut counts = vec![0; column.values.len()];
    for cell in &column.cells {
        counts[*cell as usize] += 1;
    }
    counts
}

fn kind(name: &str, profile: &Profile, has_surname: bool) -> (Option<Kind>, Reason) {
    if profile.distinct == 0 {
        return (None, Reason::Empty);
    }
    if profile.distinct == 1 && profile.is_complete {
        return (None, Reason::Constant);
    }
    let named = words::meaning(name).and_then(|meaning| by_name(meaning, profile, has_surname));
    if let Some(kind) = named {
        return (Some(kind), Reason::Name);
    }
    if profile.is_free_text() {
        return (None, Reason::FreeText);
    }
    (Some(by_values(profile)), Reason::Values)
}

/// The kind that a name means, unless the values contradict it.
fn by_name(meaning: Meaning, profile: &Profile, has_surname: bool) -> Option<Kind> {
    const MOST: f64 = 0.5;
    let is_of_words = profile.of_letters >= MOST;
    let agreed = |is_agreed: bool, kind: Kind| is_agreed.then_some(kind);
    match meaning {
        Meaning::SomeName => {
            let is_full = !has_surname && profile.of_several_words >= MOST;
            let kind = if is_full {
                Kind::FullName
            } else {
                Kind::GivenName
            };
            agreed(is_of_words, kind)
        }
        // A place of birth is no dwelling: it does not change when a household moves.
        Meaning::BirthPlace => Some(
            match profile.of_letters >= MOST && profile.length_mean > 4.0 {
                true => Kind::Text,
                false => Kind::Category,
            },
        ),
        Meaning::Of(kind) => match kind {
            Kind::GivenName | Kind::Surname | Kind::FullName => agreed(is_of_words, kind),
            Kind::BirthDate => agreed(profile.of_dates_or_years >= MOST, kind),
            Kind::Sex => agreed(profile.effective <= 5.0, kind),
            Kind::Code => agreed(!profile.is_free_text(), kind),
            Kind::PostCode => agreed(profile.with_digits >= MOST, kind),
            Kind::HouseNumber => agreed(profile.with_digits >= MOST, kind),
            Kind::Place | Kind::Street => match profile.of_digits >= MOST {
                // The code of a place or a street: it is right or wrong, not near.
                true => Some(Kind::Category),
                false => agreed(!profile.is_free_text(), kind),
            },
            Kind::Category => Some(
                match profile.has_few_values() || profile.of_digits >= MOST {
                    true => Kind::Category,
                    false => Kind::Text,
                },
            ),
            Kind::Number => agreed(profile.of_numbers >= MOST, kind),
            Kind::Clk => agreed(profile.of_encodings >= MOST, kind),
            Kind::Text => agreed(!profile.is_free_text(), kind),
        },
    }
}

/// The kind that the values look like.
fn by_values(profile: &Profile) -> Kind {
    const NEARLY_ALL: f64 = 0.9;
    let checks = [
        (profile.of_encodings >= NEARLY_ALL, Kind::Clk),
        (profile.of_dates >= NEARLY_ALL, Kind::BirthDate),
        (profile.of_sexes >= 0.95 && profile.distinct <= 8, Kind::Sex),
        (
            profile.has_few_values() && !profile.has_words(),
            Kind::Category,
        ),
        (profile.with_at_sign >= NEARLY_ALL, Kind::Code),
    ];
    if let Some((_, kind)) = checks.iter().find(|(is_so, _)| *is_so) {
        return *kind;
    }
    let is_of_one_word = profile.of_several_words < 0.1;
    if profile.with_digits >= NEARLY_ALL && is_of_one_word {
        return of_digits(profile);
    }
    match () {
        () if profile.of_streets >= 0.3 => Kind::Street,
        () if profile.of_numbers >= NEARLY_ALL => Kind::Number,
        () if profile.of_letters >= 0.8 => of_letters(profile),
        () => Kind::Text,
    }
}

/// One word with digits: a personal number, a post code, a house number or a quantity.
fn of_digits(profile: &Profile) -> Kind {
    let is_of_one_length = profile.of_usual_length >= 0.8;
    let is_long = profile.usual_length >= 6;
    let is_whole = profile.of_whole_numbers >= 0.995;
    match () {
        () if profile.of_years >= 0.9 => Kind::BirthDate,
        () if profile.of_numbers - profile.of_whole_numbers >= 0.5 => Kind::Number,
        // Few people share it, even with several records each.
        () if is_long && is_of_one_length && profile.unique >= 0.1 => Kind::Code,
        () if is_long && profile.of_numbers < 0.5 && profile.unique >= 0.1 => Kind::Code,
        () if is_of_one_length && (4..=8).contains(&profile.usual_length) => Kind::PostCode,
        // `12/A` is no quantity, and small whole numbers beyond the ages of people are seldom one.
        () if profile.usual_length <= 5 && profile.of_numbers < 0.995 => Kind::HouseNumber,
        () if profile.usual_length <= 4 && is_whole && profile.beyond_age >= 0.05 => {
            Kind::HouseNumber
        }
        () if profile.of_numbers >= 0.9 => Kind::Number,
        () => Kind::Text,
    }
}

/// Words: names of people by the given names among them, places by the fewer different values.
fn of_letters(profile: &Profile) -> Kind {
    const SOME: f64 = 0.1;
    match () {
        () if profile.with_given_name >= SOME && profile.of_several_words >= 0.5 => Kind::FullName,
        () if profile.first_is_given_name >= SOME => Kind::GivenName,
        () if profile.of_several_words >= 0.5 => Kind::Text,
        // Towns have several words more often than surnames.
        () if profile.of_several_words >= 0.12 => Kind::Place,
        () if profile.unique >= 0.05 || profile.effective >= 200.0 => Kind::Surname,
        () => Kind::Place,
    }
}
