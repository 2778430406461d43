//! The rooms a household needs, and overcrowding.
//!
//! Source: Eurostat, *Statistics Explained*, glossary "Overcrowding rate": one room for the household, one for each couple, one for each other person of 18 and over, one for each pair of single persons of one sex of 12 to 17, one for each single person of 12 to 17 not so paired, one for each pair of children under 12.

use crate::member::{Member, Partner, Sex};
use crate::untold::{Told, Untold};

/// From this age a child has a room with those of its own sex only.
const SEPARATE_FROM: u8 = 12;
/// From this age a person has a room.
const ADULT_FROM: u8 = 18;

/// Who lives together, as the rule counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Composition {
    /// Couples, of any age.
    pub couples: u32,
    /// People of 18 and over who live in no couple here.
    pub single_adults: u32,
    /// Girls of 12 to 17.
    pub girls_12_to_17: u32,
    /// Boys of 12 to 17.
    pub boys_12_to_17: u32,
    /// Those of 12 to 17 whose sex is not told.
    pub unknown_12_to_17: u32,
    /// Children under 12.
    pub under_12: u32,
}

impl Composition {
    /// Counts the members of a household.
    ///
    /// A couple needs the link of one of the two, and none that speaks against it; the age of those in a couple does not matter.
    ///
    /// # Errors
    /// [`Untold::NoMembers`]; [`Untold::PartnerUnclear`] when links contradict each other; [`Untold::AgeMissing`] of somebody outside a couple.
    pub fn of(members: &[Member]) -> Told<Composition> {
        if members.is_empty() {
            return Err(Untold::NoMembers);
        }
        let is_in_couple = couples(members)?;
        let in_couples = is_in_couple.iter().filter(|is_in| **is_in).count();
        let mut composition = Composition {
            couples: number(in_couples / 2),
            ..Composition::default()
        };
        for (member, is_in_couple) in members.iter().zip(is_in_couple) {
            if !is_in_couple {
                *composition.place(member)? += 1;
            }
        }
        Ok(composition)
    }

    fn place(&mut self, single: &Member) -> Told<&mut u32> {
        let age = single.age.ok_or(Untold::AgeMissing)?.years();
        Ok(match (age, single.sex) {
            (ADULT_FROM.., _) => &mut self.single_adults,
            (SEPARATE_FROM.., Some(Sex::Female)) => &mut self.girls_12_to_17,
            (SEPARATE_FROM.., Some(Sex::Male)) => &mut self.boys_12_to_17,
            (SEPARATE_FROM.., None) => &mut self.unknown_12_to_17,
            (..SEPARATE_FROM, _) => &mut self.under_12,
        })
    }

    /// The rooms that the household needs.
    ///
    /// # Errors
    /// [`Untold::SexMissing`] when the rooms depend on a sex that is not told.
    pub fn rooms_needed(&self) -> Told<u32> {
        let of_12_to_17 = match self.unknown_12_to_17 {
            0 => self.girls_12_to_17.div_ceil(2) + self.boys_12_to_17.div_ceil(2),
            unknown => {
                let all = self.girls_12_to_17 + self.boys_12_to_17 + unknown;
                // With an odd number one sex is odd and the other even, whoever the unknown are; with an even number both may be odd.
                match all % 2 {
                    1 => all.div_ceil(2),
                    _ => return Err(Untold::SexMissing),
                }
            }
        };
        Ok(1 + self.couples + self.single_adults + of_12_to_17 + self.under_12.div_ceil(2))
    }
}

/// Whether each member lives in a couple here.
fn couples(members: &[Member]) -> Told<Vec<bool>> {
    let mut mates: Vec<Option<usize>> = vec![None; members.len()];
    for (place, member) in members.iter().enumerate() {
        let Partner::Member(other) = member.partner else {
            continue;
        };
        if other == place || other >= members.len() {
            return Err(Untold::PartnerUnclear);
        }
        for (one, mate) in [(place, other), (other, place)] {
            match mates[one] {
                Some(known) if known != mate => return Err(Untold::PartnerUnclear),
                _ => mates[one] = Some(mate),
            }
        }
    }
    Ok(mates.iter().map(Option::is_some).collect())
}

/// Whether a dwelling has fewer rooms than its household needs.
///
/// # Errors
/// [`Untold::RoomsNotPositive`] for a dwelling without rooms: it is a slip, no dwelling.
pub fn is_overcrowded(rooms: f64, needed: u32) -> Told<bool> {
    match rooms > 0.0 {
        true => Ok(rooms < f64::from(needed)),
        false => Err(Untold::RoomsNotPositive),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a household has fewer than four thousand million members")
}
