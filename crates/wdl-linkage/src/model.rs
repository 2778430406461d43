//! What is compared, how, and which pairs are looked at: the model of one linkage.
//!
//! A model can be left out: [`crate::recognise`] proposes the fields, and the blocking rules follow from the data.

use std::fmt;

use crate::recognise::Recognised;

/// What a column holds, and so how two of its values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The given names of a person.
    GivenName,
    /// The surname of a person.
    Surname,
    /// Given name and surname in one column.
    FullName,
    /// A day of birth, or another day that does not change.
    BirthDate,
    /// The sex of a person.
    Sex,
    /// A number or code that belongs to one person.
    Code,
    /// The name of a municipality, suburb or country.
    Place,
    /// A post code.
    PostCode,
    /// The name of a street, perhaps with its house number.
    Street,
    /// A house number.
    HouseNumber,
    /// A quantity.
    Number,
    /// Any other text.
    Text,
    /// One of few values.
    Category,
    /// A keyed encoding of 1024 bits.
    Clk,
}

/// The words of a kind in a model file.
const KINDS: [(Kind, &str); 14] = [
    (Kind::GivenName, "given_name"),
    (Kind::Surname, "surname"),
    (Kind::FullName, "full_name"),
    (Kind::BirthDate, "birth_date"),
    (Kind::Sex, "sex"),
    (Kind::Code, "code"),
    (Kind::Place, "place"),
    (Kind::PostCode, "post_code"),
    (Kind::Street, "street"),
    (Kind::HouseNumber, "house_number"),
    (Kind::Number, "number"),
    (Kind::Text, "text"),
    (Kind::Category, "category"),
    (Kind::Clk, "clk"),
];

impl Kind {
    /// All kinds.
    pub fn all() -> impl Iterator<Item = Kind> {
        KINDS.iter().map(|(kind, _)| *kind)
    }

    /// Its word in a model file.
    pub fn word(self) -> &'static str {
        let (_, word) = KINDS
            .iter()
            .find(|(kind, _)| *kind == self)
            .expect("every kind has its word");
        word
    }

    /// The kind of a word.
    pub fn of(word: &str) -> Option<Kind> {
        KINDS
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(kind, _)| *kind)
    }

    /// Whether people who live together have the value in common, and lose it together when one moves.
    pub fn is_of_dwelling(self) -> bool {
        matches!(
            self,
            Kind::Place | Kind::PostCode | Kind::Street | Kind::HouseNumber
        )
    }
}

/// How far two values agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The same, once accents, case, blanks and marks are set aside.
    Exact,
    /// The words of one are among the words of the other.
    Contained,
    /// They sound alike, or one is a usual form of the other.
    SameSound,
    /// A Jaro–Winkler similarity of at least so many hundredths.
    Similar(u8),
    /// So many letters or digits apart at most: changed, left out, added or exchanged with the next.
    Edits(u8),
    /// Day and month exchanged.
    Swapped,
    /// One part of a date differs by a digit, by one or by ten.
    OneOff,
    /// Two of the three parts of a date are the same.
    TwoParts,
    /// The year is the same.
    YearOnly,
    /// The first half of the digits is the same.
    SameArea,
    /// Apart by at most so many hundredths of the larger.
    Within(u8),
    /// At least so many hundredths of the bits in common (Dice).
    Dice(u8),
    /// Two columns hold each its own value.
    Straight,
    /// Two columns hold each the other's value.
    Crossed,
    /// None of the above.
    Different,
    /// Two different tax codes without a fault: two people's, unless one was mistyped into another that is none.
    TwoCodes,
}

/// One thing that is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The column.
    pub column: String,
    /// What it holds.
    pub kind: Kind,
}

/// A part of a value by which records are brought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The whole value.
    Whole,
    /// How a name sounds.
    Sound,
    /// The first letters or digits.
    Head,
    /// The last letters or digits.
    Tail,
    /// The year of a date.
    Year,
    /// The year and the month of a date.
    YearMonth,
    /// The month and the day of a date.
    MonthDay,
}

const PARTS: [(Part, &str); 7] = [
    (Part::Whole, ""),
    (Part::Sound, "sound"),
    (Part::Head, "head"),
    (Part::Tail, "tail"),
    (Part::Year, "year"),
    (Part::YearMonth, "year_month"),
    (Part::MonthDay, "month_day"),
];

/// A part of a field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The column.
    pub column: String,
    /// Which part of its value.
    pub part: Part,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, word) = PARTS
            .iter()
            .find(|(part, _)| *part == self.part)
            .expect("every part has its word");
        match self.part {
            Part::Whole => f.write_str(&self.column),
            Part::Sound
            | Part::Head
            | Part::Tail
            | Part::Year
            | Part::YearMonth
            | Part::MonthDay => write!(f, "{}.{word}", self.column),
        }
    }
}

impl Key {
    /// Reads `column` or `column.part`; a column whose own name ends so is taken whole first.
    pub fn read(text: &str, columns: &[&str]) -> Option<Key> {
        if columns.contains(&text) {
            return Some(Key {
                column: text.to_owned(),
                part: Part::Whole,
            });
        }
        let (column, word) = text.rsplit_once('.')?;
        let (part, _) = PARTS
            .iter()
            .find(|(part, known)| *part != Part::Whole && *known == word)?;
        columns.contains(&column).then(|| Key {
            column: column.to_owned(),
            part: *part,
        })
    }
}

/// Two records are compared when they have all these parts in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockingRule(pub Vec<Key>);

impl fmt::Display for BlockingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, key) in self.0.iter().enumerate() {
            let mark = if nth > 0 { " & " } else { "" };
            write!(f, "{mark}{key}")?;
        }
        Ok(())
    }
}

/// How many records of one source can be one record of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cardinality {
    /// Seen in the data: a source in which records speak of one person has duplicates.
    #[default]
    Automatic,
    /// No source has duplicates.
    OneToOne,
    /// The first source has duplicates, the second has none.
    ManyToOne,
    /// The second source has duplicates, the first has none.
    OneToMany,
    /// Both have.
    ManyToMany,
}

const CARDINALITIES: [(Cardinality, &str); 5] = [
    (Cardinality::Automatic, "automatic"),
    (Cardinality::OneToOne, "one_to_one"),
    (Cardinality::ManyToOne, "many_to_one"),
    (Cardinality::OneToMany, "one_to_many"),
    (Cardinality::ManyToMany, "many_to_many"),
];

impl Cardinality {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Cardinality> {
        CARDINALITIES.iter().map(|(cardinality, _)| *cardinality)
    }

    /// Its word in a model file.
    pub fn word(self) -> &'static str {
        let (_, word) = CARDINALITIES
            .iter()
            .find(|(cardinality, _)| *cardinality == self)
            .expect("every cardinality has its word");
        word
    }

    /// The cardinality of a word.
    pub fn of(word: &str) -> Option<Cardinality> {
        CARDINALITIES
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(cardinality, _)| *cardinality)
    }
}

/// The probability from which a pair is a link, unless the model says another.
///
/// Half: with probabilities that can be trusted, a link is then more likely right than wrong, and wrong and missed links together are fewest.
pub const CUT: f64 = 0.5;

/// A whole model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What is compared.
    pub fields: Vec<Field>,
    /// Pairs of columns that some records hold exchanged.
    pub crossed: Vec<(String, String)>,
    /// Which pairs are looked at: those of any rule. None: proposed from the data.
    pub blocking: Vec<BlockingRule>,
    /// How many records can be one.
    pub cardinality: Cardinality,
    /// The probability from which a pair is a link.
    pub cut: f64,
}

impl Model {
    /// A model for records of which nothing is told: what each column holds is seen in its name and its values.
    ///
    /// Given name and surname, and two columns of streets or of other texts side by side, are taken to be exchanged in some records.
    pub fn proposed(recognised: &[Recognised]) -> Model {
        let fields: Vec<Field> = recognised
            .iter()
            .filter_map(|column| {
                column.kind.map(|kind| Field {
                    column: column.column.clone(),
                    kind,
                })
            })
            .collect();
        Model {
            crossed: exchangeable(&fields),
            fields,
            blocking: Vec::new(),
            cardinality: Cardinality::Automatic,
            cut: CUT,
        }
    }
}

/// A pattern has sixteen places, and two are kept for columns that are exchanged.
pub(crate) const FIELDS_PROPOSED: usize = 14;

/// Columns that some records hold exchanged: the two names, and two neighbours of one kind of text.
fn exchangeable(fields: &[Field]) -> Vec<(String, String)> {
    let first = |kind: Kind| fields.iter().find(|field| field.kind == kind);
    let names = first(Kind::GivenName).zip(first(Kind::Surname));
    let neighbours = fields.windows(2).find(|pair| {
        pair[0].kind == pair[1].kind && matches!(pair[0].kind, Kind::Street | Kind::Text)
    });
    let names = names.map(|(one, other)| (one.column.clone(), other.column.clone()));
    let neighbours = neighbours.map(|pair| (pair[0].column.clone(), pair[1].column.clone()));
    names.into_iter().chain(neighbours).collect()
}
