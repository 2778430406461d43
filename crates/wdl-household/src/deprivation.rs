//! Material and social deprivation: the enforced lack of 5 or 7 of 13 items.
//!
//! Source: Eurostat, *Statistics Explained*, glossaries "Severe material and social deprivation rate" and "Child deprivation", also for the rule on children.

use crate::untold::{Told, Untold};

/// Under this age the personal items come from the adults of the household.
pub const CHILDREN_UNDER: u8 = 16;
/// How many of a child's lacks must be of the household, so that the adults' do not weigh too much.
const HOUSEHOLD_LACKS_OF_CHILDREN: u32 = 3;

/// What people may lack: seven things of the household, then six of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// Facing unexpected expenses.
    UnexpectedExpenses,
    /// A week of holiday away from home in a year.
    Holiday,
    /// Paying mortgage, rent, bills or instalments in time.
    Arrears,
    /// A meal with meat, fish or its vegetarian equal every second day.
    Protein,
    /// A home warm enough.
    Warmth,
    /// A car for personal use.
    Car,
    /// Replacing worn-out furniture.
    Furniture,
    /// An internet connection.
    Internet,
    /// Replacing worn-out clothes by new ones.
    Clothes,
    /// Two pairs of shoes that fit, one of them for every weather.
    Shoes,
    /// A small amount of money each week on oneself.
    PocketMoney,
    /// Regular leisure activities.
    Leisure,
    /// Meeting friends or family for a drink or a meal once a month.
    Friends,
}

/// The number of items.
const ITEMS: usize = 13;

impl Item {
    /// All of them, those of the household first.
    pub const ALL: [Item; ITEMS] = [
        Item::UnexpectedExpenses,
        Item::Holiday,
        Item::Arrears,
        Item::Protein,
        Item::Warmth,
        Item::Car,
        Item::Furniture,
        Item::Internet,
        Item::Clothes,
        Item::Shoes,
        Item::PocketMoney,
        Item::Leisure,
        Item::Friends,
    ];

    /// Its name: `unexpected_expenses`.
    pub fn name(self) -> &'static str {
        match self {
            Item::UnexpectedExpenses => "unexpected_expenses",
            Item::Holiday => "holiday",
            Item::Arrears => "arrears",
            Item::Protein => "protein",
            Item::Warmth => "warmth",
            Item::Car => "car",
            Item::Furniture => "furniture",
            Item::Internet => "internet",
            Item::Clothes => "clothes",
            Item::Shoes => "shoes",
            Item::PocketMoney => "pocket_money",
            Item::Leisure => "leisure",
            Item::Friends => "friends",
        }
    }

    /// Whether it is of the household and not of the person.
    pub fn is_of_household(self) -> bool {
        self < Item::Internet
    }

    fn place(self) -> usize {
        self as usize
    }
}

/// What somebody lacks because he cannot afford it; not for another reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lacks([Option<bool>; ITEMS]);

/// How much must be lacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Material and social deprivation: five items.
    MaterialAndSocial,
    /// Severe: seven.
    Severe,
}

impl Severity {
    /// How many items of the thirteen.
    pub fn items(self) -> u32 {
        match self {
            Severity::MaterialAndSocial => 5,
            Severity::Severe => 7,
        }
    }
}

impl Lacks {
    /// Whether an item is lacked; nothing when it is not told.
    pub fn get(&self, item: Item) -> Option<bool> {
        self.0[item.place()]
    }

    /// Says of an item whether it is lacked.
    pub fn set(&mut self, item: Item, lacks: Option<bool>) {
        self.0[item.place()] = lacks;
    }

    /// How many of some items are lacked; it is told only when each of them is, so that neither the deprived nor the others are told more often.
    fn count(&self, of: impl Fn(Item) -> bool) -> Told<u32> {
        let mut count = 0;
        for item in Item::ALL.into_iter().filter(|item| of(*item)) {
            count += u32::from(self.get(item).ok_or(Untold::ItemsMissing)?);
        }
        Ok(count)
    }

    /// Whether somebody of an age of 16 or over is deprived.
    ///
    /// # Errors
    /// [`Untold::ItemsMissing`] when one of the items is not told.
    pub fn is_deprived(&self, severity: Severity) -> Told<bool> {
        Ok(self.count(|_| true)? >= severity.items())
    }

    /// Whether a child is deprived whose personal items came from [`items_of_children`]: at least three lacks must be of the household.
    ///
    /// # Errors
    /// As [`Lacks::is_deprived`].
    pub fn is_child_deprived(&self, severity: Severity) -> Told<bool> {
        let of_household = self.count(Item::is_of_household)?;
        Ok(self.is_deprived(severity)? && of_household >= HOUSEHOLD_LACKS_OF_CHILDREN)
    }
}

/// What the children of a household lack: its own items, and the personal ones that at least half of the adults lack who tell it.
///
/// Without an adult who tells, a personal item is not told of the children either.
pub fn items_of_children(household: &Lacks, adults: &[Lacks]) -> Lacks {
    let mut lacks = *household;
    for item in Item::ALL.into_iter().filter(|item| !item.is_of_household()) {
        let told = || adults.iter().filter_map(|adult| adult.get(item));
        let lacking = told().filter(|lacks| *lacks).count();
        let answer = match told().count() {
            0 => None,
            adults => Some(2 * lacking >= adults),
        };
        lacks.set(item, answer);
    }
    lacks
}
