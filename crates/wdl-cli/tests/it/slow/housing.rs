//! Homes, their contracts, and what families earn and pay in a year.

use std::collections::BTreeMap;

use super::city::{City, Contract, Dwelling};
use super::day::{Day, Period, rounded};
use super::people::{self, Family};

/// A dwelling on a day, with the contract it is let under.
pub(crate) struct Home<'a> {
    pub(crate) dwelling: &'a Dwelling,
    pub(crate) quartiere: Option<String>,
    pub(crate) contract: Option<&'a Contract>,
    /// That of the contract, or of the register of dwellings.
    pub(crate) area_hundredths: i64,
}

/// The dwellings of a day, by their key.
pub(crate) fn homes(city: &City, on: Day) -> BTreeMap<&str, Home<'_>> {
    let mut standing: BTreeMap<&str, &Dwelling> = BTreeMap::new();
    for dwelling in &city.dwellings {
        if dwelling.episode.holds(on) {
            let earlier = standing.insert(&dwelling.dwelling, dwelling);
            assert!(earlier.is_none(), "{} stands twice", dwelling.dwelling);
        }
    }
    let mut running: BTreeMap<&str, &Contract> = BTreeMap::new();
    for contract in &city.contracts {
        if contract.episode.holds(on) {
            let earlier = running.insert(&contract.dwelling, contract);
            assert!(earlier.is_none(), "{} is let twice", contract.dwelling);
        }
    }
    let mut homes = BTreeMap::new();
    for (key, dwelling) in standing {
        let contract = running.get(key).copied();
        let own = contract.and_then(|contract| contract.area_hundredths);
        homes.insert(
            key,
            Home {
                dwelling,
                quartiere: city.quartiere_of(&dwelling.rione),
                contract,
                area_hundredths: own.unwrap_or(dwelling.area_hundredths),
            },
        );
    }
    homes
}

/// A family with its year.
pub(crate) struct FamilyYear<'a> {
    pub(crate) family: Family<'a>,
    /// The sum of its members' taxable incomes.
    pub(crate) taxable_cents: i64,
    /// The equivalence scale.
    pub(crate) scale_tenths: i64,
    /// The sum over the equivalence scale, to the cent; nothing when no member of 15 or more has a return.
    pub(crate) equivalised_cents: Option<i64>,
    /// What it pays for its home in a year under a registered contract.
    pub(crate) rent_cents: Option<i64>,
    /// The type of that contract.
    pub(crate) contract_type: Option<String>,
}

impl FamilyYear<'_> {
    /// What is left of its income when the rent is paid, equivalised, to the cent; nothing when no income is seen.
    pub(crate) fn left_cents(&self) -> Option<i64> {
        let left = self.taxable_cents - self.rent_cents.unwrap_or(0);
        self.equivalised_cents
            .map(|_| rounded(left * 10, self.scale_tenths))
    }
}

/// Whether the returns of a year were delivered.
pub(crate) fn has_returns(city: &City, year: i32) -> bool {
    city.returns.iter().any(|one| one.year == year)
}

/// The families of 31 December with their incomes and rents.
pub(crate) fn families_of_year(city: &City, year: i32) -> Vec<FamilyYear<'_>> {
    let last = Period {
        year,
        quarter: None,
    }
    .last_day();
    let residents = people::residents(city, last);
    let families = people::families(&residents, last);
    let incomes = incomes(city, year);
    let homes = homes(city, last);
    let mut living: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for family in &families {
        if let Some(dwelling) = &family.speaker.dwelling {
            living.entry(dwelling).or_default().push(family.household);
        }
    }
    let tenants = tenants(&families);
    let mut years = Vec::new();
    for family in families {
        let dwelling = family.speaker.dwelling.as_deref();
        let contract = dwelling.and_then(|dwelling| homes.get(dwelling)?.contract);
        let rent_cents = contract.and_then(|contract| {
            let paid = contract.rent_cents_month * 12;
            let sharing = &living[contract.dwelling.as_str()];
            let tenant = contract.tenant.as_deref();
            let tenant =
                tenant.and_then(|tenant| tenants.get(&(tenant, contract.dwelling.as_str())));
            match tenant {
                None => Some(rounded(paid, sharing.len() as i64)),
                Some(household) => (*household == family.household).then_some(paid),
            }
        });
        let contract_type = rent_cents
            .and(contract)
            .map(|one| one.contract_type.clone());
        let income = income(&family, &incomes, last);
        years.push(FamilyYear {
            family,
            taxable_cents: income.taxable_cents,
            scale_tenths: income.scale_tenths,
            equivalised_cents: income.equivalised_cents,
            rent_cents,
            contract_type,
        });
    }
    years
}

/// Which family a person lives with, by person and dwelling.
fn tenants<'a>(families: &[Family<'a>]) -> BTreeMap<(&'a str, &'a str), &'a str> {
    let mut tenants = BTreeMap::new();
    for family in families {
        for member in &family.members {
            if let (Some(person), Some(dwelling)) = (&member.person, &member.dwelling) {
                tenants.insert((person.as_str(), dwelling.as_str()), family.household);
            }
        }
    }
    tenants
}

/// The taxable income of each person with a return; of two returns, the larger.
fn incomes(city: &City, year: i32) -> BTreeMap<&str, i64> {
    let mut incomes: BTreeMap<&str, i64> = BTreeMap::new();
    for one in &city.returns {
        if let (true, Some(person)) = (one.year == year, &one.person) {
            let kept = incomes.entry(person).or_insert(one.taxable_cents);
            *kept = (*kept).max(one.taxable_cents);
        }
    }
    incomes
}

/// The income of a family.
struct Income {
    taxable_cents: i64,
    scale_tenths: i64,
    equivalised_cents: Option<i64>,
}

/// The income of a family, as it is and equivalised by the OECD-modified scale.
///
/// The first person counts 1, each further one of 14 or more 0.5, each younger one 0.3.
fn income(family: &Family<'_>, incomes: &BTreeMap<&str, i64>, last: Day) -> Income {
    let mut taxable = 0;
    let mut is_seen = false;
    let mut ages: Vec<i32> = Vec::new();
    for member in &family.members {
        let age = last.age_of(member.born);
        ages.push(age);
        let own = member
            .person
            .as_deref()
            .and_then(|person| incomes.get(person));
        if let Some(own) = own {
            taxable += own;
            is_seen |= age >= 15;
        }
    }
    ages.sort_unstable_by(|a, b| b.cmp(a));
    let mut scale_tenths = 10;
    for age in &ages[1..] {
        scale_tenths += if *age >= 14 { 5 } else { 3 };
    }
    Income {
        taxable_cents: taxable,
        scale_tenths,
        equivalised_cents: is_seen.then(|| rounded(taxable * 10, scale_tenths)),
    }
}
