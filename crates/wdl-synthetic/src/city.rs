//! The state of the city while it is lived, and the rows that remain of it.
//!
//! It keeps persons, households and dwellings consistent: every change of a person's state closes a spell and opens the next.
//! It must not decide what happens to whom: each process does, in its own module.

use crate::calendar::{Day, Quarter};
use crate::names::Names;
use crate::plan::{FULL_SIZE, Plan};
use crate::random::Draw;
use crate::rows::{
    Accident, Aid, Application, Arrears, Contract, Declaration, Eviction, Income, Job,
    Participation, Passi, Registration, RentApplication, RioneQuarter, Spell, TenureSpell,
};

/// Nobody, nowhere.
pub(crate) const NONE: u32 = u32::MAX;

/// Relationship to the registry's head of household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Head,
    Partner,
    Child,
    Parent,
    Other,
}

impl Relation {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Relation::Head => "IS",
            Relation::Partner => "CG",
            Relation::Child => "FG",
            Relation::Parent => "GE",
            Relation::Other => "AL",
        }
    }
}

/// How a dwelling is held; for a household, how it lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tenure {
    Owned,
    Rented,
    Public,
    Agency,
    Lent,
    Unused,
}

impl Tenure {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Tenure::Owned => "P",
            Tenure::Rented => "A",
            Tenure::Public => "E",
            Tenure::Agency => "G",
            Tenure::Lent => "C",
            Tenure::Unused => "V",
        }
    }
}

/// Type of a rent contract, in the order of the plan.
pub(crate) const FREE: u8 = 0;
pub(crate) const AGREED: u8 = 1;
pub(crate) const STUDENT: u8 = 2;
pub(crate) const TRANSITIONAL: u8 = 3;
pub(crate) const CONTRACT_CODES: [&str; 4] = ["L", "C", "S", "T"];

/// What a person does on a quarter's last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activity {
    Child,
    Student,
    Employee,
    SelfEmployed,
    Unemployed,
    Inactive,
    Retired,
}

/// A person, resident or not.
pub(crate) struct Person {
    pub(crate) male: bool,
    pub(crate) born: Day,
    pub(crate) place: &'static str,
    pub(crate) citizenship: u8,
    pub(crate) family_of_names: u8,
    pub(crate) surname: (u8, u16),
    pub(crate) given: [u8; 2],
    /// Current household, or none when gone or never resident.
    pub(crate) household: u32,
    pub(crate) relation: Relation,
    pub(crate) spell: u32,
    pub(crate) last_change: Day,
    pub(crate) arrived: Day,
    /// Latent earning ability and frailty, standard normal.
    pub(crate) ability: f32,
    pub(crate) frailty: f32,
    pub(crate) education: u8,
    pub(crate) activity: Activity,
    pub(crate) job: u32,
    pub(crate) registration: u32,
    /// Months worked and months registered as unemployed in the year.
    pub(crate) months: f32,
    pub(crate) months_unemployed: f32,
    pub(crate) hidden_work: bool,
    /// Rent support and emergency grants of the year, in cents.
    pub(crate) relief: i64,
    /// Why the person has no ordinary tax code.
    pub(crate) code_kind: CodeKind,
}

/// Which code a person carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeKind {
    Ordinary,
    Stp,
    Eni,
}

/// A registry household or institution.
pub(crate) struct Household {
    pub(crate) institution: bool,
    pub(crate) members: Vec<u32>,
    pub(crate) dwelling: u32,
    pub(crate) tenure: Tenure,
    pub(crate) contract: u32,
    pub(crate) since: Day,
    pub(crate) ended: Day,
    /// Quarters of rent not paid.
    pub(crate) arrears: u8,
    /// Contact with services, 0 to 1.
    pub(crate) contact: f32,
    /// Need, 0 to 1, and true equivalised yearly income in euro, from the last closed year.
    pub(crate) need: f32,
    pub(crate) equivalised: f32,
    /// True income of the last closed year, euro.
    pub(crate) income: f32,
    /// Year and value (cents) of the last ISEE.
    pub(crate) isee_year: i32,
    pub(crate) isee: i64,
    /// Open applications to the two lists.
    pub(crate) waiting: [u32; 2],
    /// Receives the national minimum income.
    pub(crate) minimum_income: bool,
    pub(crate) disabled: bool,
    /// Stage of an eviction: 0 none, 1 order, 2 requested.
    pub(crate) eviction: u8,
    pub(crate) eviction_day: Day,
    /// Its last two applications to the rent support that were admitted, the newer first.
    pub(crate) calls: [u32; 2],
}

/// A dwelling.
pub(crate) struct Dwelling {
    pub(crate) rione: u8,
    pub(crate) rooms: u8,
    pub(crate) area: u16,
    pub(crate) stock: Tenure,
    pub(crate) spell: u32,
    pub(crate) last_change: Day,
}

/// First year with incomes.
pub(crate) const FIRST_INCOME_YEAR: i32 = 2015;

/// The whole city.
pub struct City {
    pub(crate) plan: &'static Plan,
    pub(crate) seed: u64,
    /// Size against the full city.
    pub(crate) scale: f64,
    pub(crate) residents: u32,
    pub(crate) clean: bool,
    pub(crate) names: Names,
    pub(crate) persons: Vec<Person>,
    pub(crate) households: Vec<Household>,
    pub(crate) dwellings: Vec<Dwelling>,
    pub(crate) vacant: Vec<u32>,
    pub(crate) just_vacated: Vec<u32>,
    pub(crate) vacant_public: [Vec<u32>; 2],
    pub(crate) spells: Vec<Spell>,
    pub(crate) tenures: Vec<TenureSpell>,
    pub(crate) contracts: Vec<Contract>,
    /// Contracts of tenants who live elsewhere, still open.
    pub(crate) outside_lets: Vec<u32>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) registrations: Vec<Registration>,
    /// One table of incomes by person for each year from 2015.
    pub(crate) incomes: Vec<Vec<Income>>,
    pub(crate) declarations: Vec<Declaration>,
    pub(crate) aids: Vec<Aid>,
    pub(crate) applications: Vec<Application>,
    pub(crate) rent_applications: Vec<RentApplication>,
    pub(crate) evictions: Vec<Eviction>,
    pub(crate) accidents: Vec<Accident>,
    pub(crate) passi: Vec<Passi>,
    pub(crate) arrears: Vec<Arrears>,
    pub(crate) rione_quarters: Vec<RioneQuarter>,
    pub(crate) participations: Vec<Participation>,
    pub(crate) twins: Vec<(u32, u32)>,
    /// Planted at the end: (kind, person, other person).
    pub(crate) planted: Vec<(&'static str, u32, u32)>,
    /// The code of each person, base codes of those who share one.
    pub(crate) codes: Vec<String>,
    pub(crate) base_codes: Vec<Option<String>>,
    pub(crate) provisional: Vec<Option<String>>,
    /// Contracts signed in the year by type, and the sum of their rioni's rent factors over all years.
    pub(crate) signed: [f64; 4],
    pub(crate) rione_factors: [(f64, f64); 4],
    /// Figures taken while the city is lived.
    pub(crate) observed: crate::targets::Observed,
    /// Dwellings by tenure now.
    pub(crate) tenure_counts: [i64; 6],
}

impl City {
    /// An empty city.
    pub(crate) fn empty(plan: &'static Plan, residents: u32, seed: u64, clean: bool) -> City {
        City {
            plan,
            seed,
            scale: f64::from(residents) / FULL_SIZE,
            residents,
            clean,
            names: Names::new(),
            persons: Vec::new(),
            households: Vec::new(),
            dwellings: Vec::new(),
            vacant: Vec::new(),
            just_vacated: Vec::new(),
            vacant_public: [Vec::new(), Vec::new()],
            spells: Vec::new(),
            tenures: Vec::new(),
            contracts: Vec::new(),
            outside_lets: Vec::new(),
            jobs: Vec::new(),
            registrations: Vec::new(),
            incomes: Vec::new(),
            declarations: Vec::new(),
            aids: Vec::new(),
            applications: Vec::new(),
            rent_applications: Vec::new(),
            evictions: Vec::new(),
            accidents: Vec::new(),
            passi: Vec::new(),
            arrears: Vec::new(),
            rione_quarters: Vec::new(),
            participations: Vec::new(),
            twins: Vec::new(),
            planted: Vec::new(),
            codes: Vec::new(),
            base_codes: Vec::new(),
            provisional: Vec::new(),
            signed: [0.0; 4],
            rione_factors: [(20.0, 20.0); 4],
            observed: crate::targets::Observed::default(),
            tenure_counts: [0; 6],
        }
    }

    /// A count of the full city at this size.
    pub(crate) fn scaled(&self, full: f64) -> usize {
        (full * self.scale).round() as usize
    }

    pub(crate) fn person(&self, person: u32) -> &Person {
        &self.persons[person as usize]
    }

    pub(crate) fn household(&self, household: u32) -> &Household {
        &self.households[household as usize]
    }

    pub(crate) fn is_resident(&self, person: u32) -> bool {
        self.person(person).household != NONE
    }

    pub(crate) fn is_foreign(&self, person: u32) -> bool {
        self.person(person).citizenship != crate::places::ITALIAN
    }

    pub(crate) fn age(&self, person: u32, on: Day) -> i32 {
        self.person(person).born.years_until(on)
    }

    /// The head of a household that still exists.
    pub(crate) fn head(&self, household: u32) -> u32 {
        let members = &self.household(household).members;
        let head = members
            .iter()
            .find(|member| self.person(**member).relation == Relation::Head);
        head.or(members.first()).copied().unwrap_or(NONE)
    }

    /// Living private households, in order.
    pub(crate) fn living(&self) -> Vec<u32> {
        let living = |(_, household): &(usize, &Household)| {
            household.ended == Day::OPEN && !household.institution
        };
        self.households
            .iter()
            .enumerate()
            .filter(living)
            .map(|(index, _)| index as u32)
            .collect()
    }

    /// The income of a person in a year.
    pub(crate) fn income(&self, person: u32, year: i32) -> Income {
        let table = self.incomes.get((year - FIRST_INCOME_YEAR) as usize);
        table
            .and_then(|table| table.get(person as usize))
            .copied()
            .unwrap_or_default()
    }

    /// The income of a person in a year, to write; rows appear as needed.
    pub(crate) fn income_mut(&mut self, person: u32, year: i32) -> &mut Income {
        let index = (year - FIRST_INCOME_YEAR) as usize;
        while self.incomes.len() <= index {
            self.incomes.push(Vec::new());
        }
        let persons = self.persons.len();
        let table = &mut self.incomes[index];
        if table.len() < persons {
            table.resize(persons, Income::default());
        }
        &mut table[person as usize]
    }

    /// A day of the quarter after every last change of these people, if one is left.
    pub(crate) fn day_after(
        &self,
        draw: &mut Draw,
        quarter: Quarter,
        persons: &[u32],
    ) -> Option<Day> {
        let latest = persons
            .iter()
            .map(|person| self.person(*person).last_change.0)
            .max()
            .unwrap_or(i32::MIN);
        let low = quarter.first().0.max(latest.saturating_add(1));
        let high = quarter.last().0;
        (low <= high).then(|| Day(draw.whole(low, high)))
    }

    /// Opens a spell with the person's present state.
    pub(crate) fn open_spell(&mut self, person: u32, from: Day) {
        let state = &self.persons[person as usize];
        let dwelling = self.households[state.household as usize].dwelling;
        let spell = Spell {
            person,
            household: state.household,
            dwelling,
            relation: state.relation,
            citizenship: state.citizenship,
            from,
            to: Day::OPEN,
            end: "",
        };
        self.spells.push(spell);
        let state = &mut self.persons[person as usize];
        state.spell = (self.spells.len() - 1) as u32;
        state.last_change = from;
    }

    /// Closes the person's spell.
    pub(crate) fn close_spell(&mut self, person: u32, to: Day, end: &'static str) {
        let spell = &mut self.spells[self.persons[person as usize].spell as usize];
        spell.to = to;
        spell.end = end;
        self.persons[person as usize].last_change = to;
    }

    /// Closes the spell and opens the next with the present state.
    pub(crate) fn respell(&mut self, person: u32, day: Day) {
        self.close_spell(person, day, "V");
        self.open_spell(person, day);
    }

    /// A new household without members.
    pub(crate) fn new_household(&mut self, since: Day, institution: bool) -> u32 {
        self.households.push(Household {
            institution,
            members: Vec::new(),
            dwelling: NONE,
            tenure: Tenure::Lent,
            contract: NONE,
            since,
            ended: Day::OPEN,
            arrears: 0,
            contact: 0.0,
            need: 0.3,
            equivalised: 18_000.0,
            income: 30_000.0,
            isee_year: 0,
            isee: 0,
            waiting: [NONE; 2],
            minimum_income: false,
            disabled: false,
            eviction: 0,
            eviction_day: Day(0),
            calls: [NONE; 2],
        });
        (self.households.len() - 1) as u32
    }

    /// Puts a person who has no household into one, without a spell yet.
    pub(crate) fn join(&mut self, person: u32, household: u32, relation: Relation) {
        self.households[household as usize].members.push(person);
        let state = &mut self.persons[person as usize];
        state.household = household;
        state.relation = relation;
    }

    /// Takes a person out of the household; who remains gets a new head or the household ends.
    pub(crate) fn leave(&mut self, person: u32, day: Day) {
        let household = self.persons[person as usize].household;
        self.persons[person as usize].household = NONE;
        self.households[household as usize]
            .members
            .retain(|member| *member != person);
        self.settle(household, day);
    }

    /// A household without a head gets one; an empty one ends.
    fn settle(&mut self, household: u32, day: Day) {
        let members = self.households[household as usize].members.clone();
        if members.is_empty() {
            self.end_household(household, day);
            return;
        }
        let has_head = members
            .iter()
            .any(|member| self.person(*member).relation == Relation::Head);
        if has_head || self.household(household).institution {
            return;
        }
        let partner = members
            .iter()
            .copied()
            .find(|member| self.person(*member).relation == Relation::Partner);
        let eldest = members
            .iter()
            .copied()
            .min_by_key(|member| (self.person(*member).born, *member));
        let head = partner.or(eldest).expect("the household has members");
        let was = self.person(head).relation;
        for member in members {
            let relation = match self.person(member).relation {
                _ if member == head => Relation::Head,
                Relation::Child if was == Relation::Partner => Relation::Child,
                Relation::Parent if was == Relation::Child => Relation::Other,
                _ => Relation::Other,
            };
            if self.person(member).relation != relation {
                self.persons[member as usize].relation = relation;
                self.respell(member, day);
            }
        }
    }

    /// Ends a household: its contract, its applications and its use of the dwelling.
    pub(crate) fn end_household(&mut self, household: u32, day: Day) {
        self.households[household as usize].ended = day;
        self.leave_dwelling(household, day);
        for list in 0..2 {
            self.close_application(household, list, day, "X");
        }
    }

    /// Closes an application that waits.
    pub(crate) fn close_application(
        &mut self,
        household: u32,
        list: usize,
        day: Day,
        outcome: &'static str,
    ) {
        let waiting =
            std::mem::replace(&mut self.households[household as usize].waiting[list], NONE);
        if let Some(application) = self.applications.get_mut(waiting as usize) {
            application.to = Day(day.0.max(application.from.0 + 1));
            application.outcome = outcome;
        }
    }

    /// Ends the contract and leaves the dwelling unused.
    pub(crate) fn leave_dwelling(&mut self, household: u32, day: Day) {
        let state = &mut self.households[household as usize];
        let dwelling = std::mem::replace(&mut state.dwelling, NONE);
        let contract = std::mem::replace(&mut state.contract, NONE);
        state.eviction = 0;
        state.arrears = 0;
        if let Some(contract) = self.contracts.get_mut(contract as usize) {
            contract.to = Day(day.0.max(contract.from.0 + 1));
        }
        if dwelling != NONE {
            self.vacate(dwelling, day);
        }
    }

    /// A dwelling becomes unused; it can be taken again from the next quarter.
    pub(crate) fn vacate(&mut self, dwelling: u32, day: Day) {
        match self.dwellings[dwelling as usize].stock {
            Tenure::Public => self.vacant_public[0].push(dwelling),
            Tenure::Agency => self.vacant_public[1].push(dwelling),
            _ => {
                self.set_tenure(dwelling, Tenure::Unused, day);
                self.just_vacated.push(dwelling);
            }
        }
        self.dwellings[dwelling as usize].last_change = day;
    }

    /// Records a dwelling's tenure from a day on.
    pub(crate) fn set_tenure(&mut self, dwelling: u32, tenure: Tenure, day: Day) {
        let state = &mut self.dwellings[dwelling as usize];
        let open = state.spell;
        if let Some(spell) = self.tenures.get_mut(open as usize) {
            if spell.tenure == tenure {
                return;
            }
            self.tenure_counts[spell.tenure as usize] -= 1;
            self.tenure_counts[tenure as usize] += 1;
            if spell.from >= day {
                spell.tenure = tenure;
                return;
            }
            spell.to = day;
        } else {
            self.tenure_counts[tenure as usize] += 1;
        }
        self.tenures.push(TenureSpell {
            dwelling,
            tenure,
            from: day,
            to: Day::OPEN,
        });
        state.spell = (self.tenures.len() - 1) as u32;
        state.last_change = day;
    }
}
