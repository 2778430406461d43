//! A quarter of births, deaths, couples, departures and arrivals.
//!
//! Arrivals keep the city near its known number of families, sizes, ages and citizenships.
//! It must not know of incomes; rents and lists follow what happens here.

use crate::calendar::{Day, Quarter};
use crate::city::{City, NONE, Relation, Tenure};
use crate::housing;
use crate::people::{self, Birth, Tally};
use crate::places::ITALIAN;
use crate::random::{Draw, Process, path};

/// Lives a quarter.
pub(crate) fn quarter(city: &mut City, quarter: Quarter) {
    let mut draw = Draw::new(city.seed, Process::Demography, quarter.serial());
    housing::open_quarter(city, &mut draw, quarter);
    deaths(city, &mut draw, quarter);
    births(city, &mut draw, quarter);
    leave_home(city, &mut draw, quarter);
    couples(city, &mut draw, quarter);
    separations(city, &mut draw, quarter);
    naturalisations(city, &mut draw, quarter);
    departures(city, &mut draw, quarter);
    moves(city, &mut draw, quarter);
    let mut draw = Draw::new(city.seed, Process::Arrivals, quarter.serial());
    arrivals(city, &mut draw, quarter);
}

/// Residents now, by id.
fn residents(city: &City) -> Vec<u32> {
    (0..city.persons.len() as u32)
        .filter(|person| city.is_resident(*person))
        .collect()
}

fn members_of(city: &City, person: u32) -> Vec<u32> {
    let household = city.household(city.person(person).household);
    match household.institution {
        true => vec![person],
        false => household.members.clone(),
    }
}

/// Gompertz mortality of Emilia-Romagna's order of size, by year.
fn mortality(age: i32, male: bool, frailty: f32) -> f64 {
    let age = f64::from(age);
    let usual = 0.000_009_5 * (0.1025 * age).exp() * if male { 1.25 } else { 0.85 };
    (usual * (0.35 * f64::from(frailty)).exp()).min(0.7)
}

fn deaths(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    for person in residents(city) {
        let state = city.person(person);
        let age = state.born.years_until(quarter.last());
        if !draw.chance(mortality(age, state.male, state.frailty) / 4.0) {
            continue;
        }
        let members = members_of(city, person);
        if let Some(day) = city.day_after(draw, quarter, &members) {
            city.close_spell(person, day, "D");
            end_work(city, person, day);
            city.leave(person, day);
        }
    }
}

/// Work and registrations end with the life here.
fn end_work(city: &mut City, person: u32, day: Day) {
    let state = &mut city.persons[person as usize];
    let (job, registration) = (state.job, state.registration);
    state.job = NONE;
    state.registration = NONE;
    if let Some(job) = city.jobs.get_mut(job as usize) {
        job.to = Day(day.0.max(job.from.0 + 1));
    }
    if let Some(registration) = city.registrations.get_mut(registration as usize) {
        registration.to = Day(day.0.max(registration.from.0 + 1));
    }
}

fn fertility(age: i32, foreign: bool, in_couple: bool) -> f64 {
    let peak = if foreign { 29.0 } else { 33.0 };
    let shape = (-((f64::from(age) - peak) / 5.6).powi(2) / 2.0).exp();
    shape * if foreign { 0.075 } else { 0.055 } * if in_couple { 1.55 } else { 0.22 }
}

fn births(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    for mother in residents(city) {
        let state = city.person(mother);
        let age = state.born.years_until(quarter.last());
        if state.male || !(18..=46).contains(&age) || city.household(state.household).institution {
            continue;
        }
        let father = partner(city, mother);
        if !draw.chance(fertility(age, city.is_foreign(mother), father != NONE) / 4.0) {
            continue;
        }
        if let Some(day) = city.day_after(draw, quarter, &[mother]) {
            let first = born(city, draw, mother, father, day);
            if draw.chance(0.012) {
                let second = born(city, draw, mother, father, day);
                city.twins.push((first, second));
            }
        }
    }
}

/// The head's partner, or the partner's head.
fn partner(city: &City, person: u32) -> u32 {
    let state = city.person(person);
    let other = match state.relation {
        Relation::Head => Relation::Partner,
        Relation::Partner => Relation::Head,
        _ => return NONE,
    };
    let members = &city.household(state.household).members;
    members
        .iter()
        .copied()
        .find(|member| city.person(*member).relation == other)
        .unwrap_or(NONE)
}

fn born(city: &mut City, draw: &mut Draw, mother: u32, father: u32, day: Day) -> u32 {
    let named = if father != NONE && city.person(father).male {
        father
    } else {
        mother
    };
    let parent = city.person(named);
    let (surname, names) = (parent.surname, parent.family_of_names);
    let parents = [mother, named];
    let italian = parents.iter().any(|parent| !city.is_foreign(*parent));
    let ability = parents
        .iter()
        .map(|parent| f64::from(city.person(*parent).ability))
        .sum::<f64>()
        / 2.0;
    let birth = Birth {
        born: day,
        male: draw.chance(0.513),
        citizenship: if italian {
            ITALIAN
        } else {
            city.person(mother).citizenship
        },
        local: true,
        arrived: day,
        surname: Some(surname),
        family_of_names: Some(names),
        ability,
    };
    let household = city.person(mother).household;
    let relation = match city.person(mother).relation {
        Relation::Head | Relation::Partner => Relation::Child,
        _ => Relation::Other,
    };
    let child = people::register(city, birth);
    city.join(child, household, relation);
    city.open_spell(child, day);
    child
}

/// A household for some people who leave theirs on a day; the first is its head.
fn move_out(city: &mut City, draw: &mut Draw, people: &[u32], day: Day) -> u32 {
    let household = city.new_household(day, false);
    for (index, person) in people.iter().enumerate() {
        city.close_spell(*person, day, "V");
        city.leave(*person, day);
        let relation = if index == 0 {
            Relation::Head
        } else {
            Relation::Child
        };
        city.join(*person, household, relation);
    }
    let tenure = housing::choose_tenure(city, draw, household, true, day);
    housing::take(city, draw, household, tenure, day, false);
    for person in people {
        city.open_spell(*person, day);
    }
    household
}

fn leave_home(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    for person in residents(city) {
        let state = city.person(person);
        let age = state.born.years_until(quarter.last());
        if !matches!(state.relation, Relation::Child | Relation::Other)
            || age < 19
            || city.household(state.household).institution
        {
            continue;
        }
        let yearly = match age {
            19..=23 => 0.035,
            24..=29 => 0.085,
            30..=38 => 0.095,
            _ => 0.035,
        };
        if !draw.chance(yearly / 4.0) {
            continue;
        }
        let members = members_of(city, person);
        if let Some(day) = city.day_after(draw, quarter, &members) {
            move_out(city, draw, &[person], day);
        }
    }
}

/// People without a partner who look for one this quarter.
fn seekers(city: &City, draw: &mut Draw, quarter: Quarter, male: bool) -> Vec<u32> {
    let mut seekers = Vec::new();
    for person in residents(city) {
        let state = city.person(person);
        let age = state.born.years_until(quarter.last());
        if state.male != male
            || !(21..=58).contains(&age)
            || city.household(state.household).institution
        {
            continue;
        }
        let free = match state.relation {
            Relation::Head => partner(city, person) == NONE,
            Relation::Child => true,
            _ => false,
        };
        let yearly = if age < 40 { 0.115 } else { 0.03 };
        if free && draw.chance(yearly / 4.0) {
            seekers.push(person);
        }
    }
    seekers.sort_by_key(|person| (city.is_foreign(*person), city.person(*person).born, *person));
    seekers
}

fn couples(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    let men = seekers(city, draw, quarter, true);
    let women = seekers(city, draw, quarter, false);
    for (man, woman) in men.into_iter().zip(women) {
        let apart = city.person(man).born.0 - city.person(woman).born.0;
        if city.person(man).household == city.person(woman).household || apart.abs() > 15 * 365 {
            continue;
        }
        let mut everybody = members_of(city, man);
        everybody.extend(members_of(city, woman));
        if let Some(day) = city.day_after(draw, quarter, &everybody) {
            unite(city, draw, man, woman, day);
        }
    }
}

/// Two people live together: where one has a home already, otherwise in a new one.
fn unite(city: &mut City, draw: &mut Draw, man: u32, woman: u32, day: Day) {
    let heads = |city: &City, person: u32| city.person(person).relation == Relation::Head;
    let host = match (heads(city, man), heads(city, woman)) {
        (true, false) => man,
        (false, true) => woman,
        (true, true) if city.household(city.person(man).household).tenure == Tenure::Owned => man,
        (true, true) => woman,
        (false, false) => {
            move_out(city, draw, &[man], day);
            man
        }
    };
    let guest = if host == man { woman } else { man };
    let home = city.person(host).household;
    let mut comers = Vec::new();
    if heads(city, guest) {
        let with = members_of(city, guest);
        comers.extend(
            with.into_iter()
                .filter(|member| city.person(*member).relation == Relation::Child),
        );
    }
    // The children first: a home without its head would get a new one for no day at all.
    comers.push(guest);
    for person in comers {
        city.close_spell(person, day, "V");
        city.leave(person, day);
        let relation = if person == guest {
            Relation::Partner
        } else {
            Relation::Child
        };
        city.join(person, home, relation);
        city.open_spell(person, day);
    }
}

fn separations(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    for household in city.living() {
        let members = city.household(household).members.clone();
        let Some(other) = members
            .iter()
            .copied()
            .find(|member| city.person(*member).relation == Relation::Partner)
        else {
            continue;
        };
        let age = city.age(other, quarter.last());
        if age > 64 || !draw.chance(0.009 / 4.0) {
            continue;
        }
        let head = city.head(household);
        let leaver = if city.person(head).male == draw.chance(0.75) {
            head
        } else {
            other
        };
        let mut leaving = vec![leaver];
        if !city.person(leaver).male {
            leaving.extend(
                members
                    .iter()
                    .copied()
                    .filter(|member| city.age(*member, quarter.last()) < 18),
            );
        }
        if let Some(day) = city.day_after(draw, quarter, &members) {
            move_out(city, draw, &leaving, day);
        }
    }
}

fn naturalisations(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    for person in residents(city) {
        let long = city.person(person).arrived.years_until(quarter.last()) >= 10;
        if !city.is_foreign(person) || !long || !draw.chance(0.032 / 4.0) {
            continue;
        }
        let minors = members_of(city, person)
            .into_iter()
            .filter(|member| city.age(*member, quarter.last()) < 18);
        let mut citizens: Vec<u32> = minors
            .filter(|member| *member != person && city.is_foreign(*member))
            .collect();
        citizens.push(person);
        if let Some(day) = city.day_after(draw, quarter, &citizens) {
            for citizen in citizens {
                city.persons[citizen as usize].citizenship = ITALIAN;
                city.respell(citizen, day);
            }
        }
    }
}

/// Whole households that leave the city, and old people who go to an institution.
fn departures(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    for household in city.living() {
        let head = city.head(household);
        let age = city.age(head, quarter.last());
        let state = city.household(household);
        let yearly = match (city.is_foreign(head), state.tenure) {
            (true, Tenure::Owned) => 0.03,
            (true, Tenure::Public | Tenure::Agency) => 0.02,
            (true, _) => 0.075,
            (false, Tenure::Owned) => 0.019,
            (false, Tenure::Public | Tenure::Agency) => 0.012,
            (false, _) => 0.048,
        };
        let restless = match (age, state.members.len()) {
            (66.., _) => 0.28,
            (..=50, 1) => 1.7,
            _ => 1.0,
        };
        let orphans = age < 18;
        let members = state.members.clone();
        if orphans || draw.chance(yearly * restless / 4.0) {
            if let Some(day) = city.day_after(draw, quarter, &members) {
                emigrate(city, &members, day);
            }
        } else if members.len() == 1
            && age >= 80
            && draw.chance(0.035 / 4.0)
            && let Some(day) = city.day_after(draw, quarter, &members)
        {
            to_institution(city, draw, head, day);
        }
    }
}

fn emigrate(city: &mut City, members: &[u32], day: Day) {
    for member in members {
        city.close_spell(*member, day, "E");
        end_work(city, *member, day);
    }
    let household = city.person(members[0]).household;
    for member in members {
        city.persons[*member as usize].household = NONE;
    }
    city.households[household as usize].members.clear();
    city.end_household(household, day);
}

fn to_institution(city: &mut City, draw: &mut Draw, person: u32, day: Day) {
    let inside: Vec<u32> = (0..city.households.len() as u32)
        .filter(|household| city.household(*household).institution)
        .collect();
    if inside.is_empty() {
        return;
    }
    let home = *draw.pick(&inside);
    city.close_spell(person, day, "V");
    city.leave(person, day);
    city.join(person, home, Relation::Other);
    city.open_spell(person, day);
}

/// Households that change dwelling inside the city.
fn moves(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    for household in city.living() {
        let yearly = match city.household(household).tenure {
            Tenure::Rented => 0.075,
            Tenure::Owned => 0.012,
            Tenure::Lent => 0.05,
            Tenure::Public | Tenure::Agency | Tenure::Unused => 0.01,
        };
        if !draw.chance(yearly / 4.0) {
            continue;
        }
        let members = city.household(household).members.clone();
        if let Some(day) = city.day_after(draw, quarter, &members) {
            relocate(city, draw, household, day);
        }
    }
}

/// The whole household moves to another private dwelling.
pub(crate) fn relocate(city: &mut City, draw: &mut Draw, household: u32, day: Day) {
    city.leave_dwelling(household, day);
    let tenure = housing::choose_tenure(city, draw, household, true, day);
    housing::take(city, draw, household, tenure, day, false);
    for member in city.household(household).members.clone() {
        city.respell(member, day);
    }
}

/// How many households of each size must come to keep the plan's shares.
fn wanted_sizes(city: &City, tally: &Tally, families: f64) -> [f64; 5] {
    let lacking = |class: usize| (city.plan.sizes[class] * families - tally.sizes[class]).max(0.0);
    std::array::from_fn(|class| lacking(class) + 0.02)
}

fn arrivals(city: &mut City, draw: &mut Draw, quarter: Quarter) {
    let at = quarter.end_in_years();
    let families = path(city.plan.families, at) * city.scale;
    let mut tally = Tally::of(city, quarter.last());
    let present: f64 = tally.sizes.iter().sum();
    for _ in 0..(families - present).round().max(0.0) as usize {
        let class = draw.weighted(&wanted_sizes(city, &tally, families));
        let foreign = draw.chance(tally.foreign_chance(city, at, 0.36));
        let roles = people::best_household(city, &tally, draw, class, true, at);
        tally.add(&roles, foreign);
        let day = Day(draw.whole(quarter.first().0, quarter.last().0));
        let household = people::settle_in(city, draw, &roles, foreign, day, day);
        let tenure = housing::choose_tenure(city, draw, household, true, day);
        housing::take(city, draw, household, tenure, day, true);
        for member in city.household(household).members.clone() {
            arrive(city, member, day);
        }
    }
}

fn arrive(city: &mut City, person: u32, day: Day) {
    city.persons[person as usize].arrived = day;
    city.open_spell(person, day);
}
