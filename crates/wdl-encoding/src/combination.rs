//! The canonical bytes of a combination: what the custodians blindly turn into a token.
//!
//! Each part stands with its name and length, so that two combinations, or two divisions of the same letters, never give the same bytes.

use zeroize::Zeroizing;

use crate::normal::{NORMAL_FORM, Name, Person};
use crate::recipe::{Combination, Field, Form, Part, Variant};
use crate::values::BirthDate;

/// What a record is compared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// As it stands.
    Plain,
    /// With a usual mistake undone.
    Mistaken(Variant),
}

/// One column of tokens: a combination in a role.
#[derive(Clone, Copy)]
pub struct Probe<'a> {
    /// The combination.
    pub combination: &'a Combination,
    /// The role.
    pub role: Role,
}

impl<'a> Probe<'a> {
    /// Every column of a combination: the plain form, then its variants.
    pub fn of(combination: &'a Combination) -> impl Iterator<Item = Probe<'a>> {
        let roles = std::iter::once(Role::Plain)
            .chain(combination.variants.iter().copied().map(Role::Mistaken));
        roles.map(move |role| Probe { combination, role })
    }

    /// The name of its column.
    pub fn column(&self) -> String {
        match self.role {
            Role::Plain => format!("link_{}", self.combination.id),
            Role::Mistaken(variant) => format!("link_{}_{variant}", self.combination.id),
        }
    }

    /// The canonical bytes of a record; nothing when a part is missing, or when undoing the mistake changes nothing.
    pub fn canonical(&self, person: &Person) -> Option<Zeroizing<Vec<u8>>> {
        match self.role {
            Role::Plain => bytes(self.combination, person, None),
            Role::Mistaken(variant) => bytes(self.combination, person, Some(variant)),
        }
    }
}

/// The canonical bytes of a combination as a record stands.
pub fn canonical(combination: &Combination, person: &Person) -> Option<Zeroizing<Vec<u8>>> {
    bytes(combination, person, None)
}

fn bytes(
    combination: &Combination,
    person: &Person,
    mistake: Option<Variant>,
) -> Option<Zeroizing<Vec<u8>>> {
    let seen = match mistake {
        None => Seen::plain(person),
        Some(Variant::SwappedNames) if person.surname == person.given_name => return None,
        Some(Variant::SwappedNames) => Seen {
            surname: person.given_name.as_ref(),
            given_name: person.surname.as_ref(),
            ..Seen::plain(person)
        },
        Some(Variant::SwappedDayMonth) => Seen {
            birth_date: Some(person.birth_date?.day_month_swapped()?),
            ..Seen::plain(person)
        },
    };
    let mut canonical = Zeroizing::new(Vec::with_capacity(128));
    let mut push = |text: &str| {
        canonical.extend_from_slice(
            &u16::try_from(text.len())
                .expect("a name is short")
                .to_be_bytes(),
        );
        canonical.extend_from_slice(text.as_bytes());
    };
    push(NORMAL_FORM);
    push(&combination.id);
    for part in &combination.parts {
        push(&part.to_string());
        push(&seen.part(*part, person)?);
    }
    Some(canonical)
}

/// A record in a role.
struct Seen<'a> {
    surname: Option<&'a Name>,
    given_name: Option<&'a Name>,
    birth_date: Option<BirthDate>,
}

impl<'a> Seen<'a> {
    fn plain(person: &'a Person) -> Seen<'a> {
        Seen {
            surname: person.surname.as_ref(),
            given_name: person.given_name.as_ref(),
            birth_date: person.birth_date,
        }
    }

    fn part(&self, part: Part, person: &Person) -> Option<Zeroizing<String>> {
        let text = match part.field {
            Field::Surname => form(self.surname?, part.form),
            Field::GivenName => form(self.given_name?, part.form),
            Field::BirthDate => {
                let digits = self.birth_date?.digits();
                String::from_utf8(digits.to_vec()).expect("digits are ASCII")
            }
            Field::Sex => person.sex?.letter().to_owned(),
            Field::BirthPlace => form(person.birth_place.as_ref()?, part.form),
        };
        Some(Zeroizing::new(text))
    }
}

fn form(name: &Name, form: Form) -> String {
    match form {
        Form::Whole => name.whole().to_owned(),
        Form::First => name.first().to_owned(),
        Form::Sound => name.sound(),
        Form::Initial => name.initial().to_owned(),
    }
}
