//! Households as they are drawn: who lives together, how old, of which citizenship.
//!
//! Used when the city is founded and when households arrive.
//! Several households are drawn and the one that keeps the city nearest its known structure stays.

use crate::calendar::Day;
use crate::city::{Activity, City, CodeKind, NONE, Person, Relation};
use crate::places::{BIRTHPLACES, CITIZENSHIPS, ITALIAN};
use crate::random::{Draw, Process, path};

/// A member to be.
#[derive(Clone, Copy)]
pub(crate) struct Role {
    pub(crate) age: i32,
    pub(crate) male: bool,
    pub(crate) relation: Relation,
}

/// Running tally of the residents, for steering.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) residents: f64,
    pub(crate) young: f64,
    pub(crate) old: f64,
    pub(crate) foreign: f64,
    pub(crate) sizes: [f64; 5],
}

impl Tally {
    /// The tally of the city on a day.
    pub(crate) fn of(city: &City, on: Day) -> Tally {
        let mut tally = Tally::default();
        for household in &city.households {
            if household.ended != Day::OPEN {
                continue;
            }
            for member in &household.members {
                tally.count(city.age(*member, on), city.is_foreign(*member));
            }
            if !household.institution && !household.members.is_empty() {
                tally.sizes[household.members.len().min(5) - 1] += 1.0;
            }
        }
        tally
    }

    fn count(&mut self, age: i32, foreign: bool) {
        self.residents += 1.0;
        self.young += f64::from(u8::from(age < 15));
        self.old += f64::from(u8::from(age >= 65));
        self.foreign += f64::from(u8::from(foreign));
    }

    /// Adds a household that has come.
    pub(crate) fn add(&mut self, roles: &[Role], foreign: bool) {
        for role in roles {
            self.count(role.age, foreign);
        }
        self.sizes[roles.len().min(5) - 1] += 1.0;
    }

    /// How far the ages would be from the plan with this household, in people.
    fn distance(&self, city: &City, roles: &[Role], at: f64) -> f64 {
        let mut with = *self;
        with.add(roles, false);
        let young = with.young - path(city.plan.young, at) * with.residents;
        let old = with.old - path(city.plan.old, at) * with.residents;
        young.abs() + old.abs()
    }

    /// The chance that a household to come is foreign.
    pub(crate) fn foreign_chance(&self, city: &City, at: f64, usual: f64) -> f64 {
        let lacking = path(city.plan.foreign, at) - self.foreign / self.residents.max(1.0);
        (usual + 25.0 * lacking).clamp(0.02, 0.85)
    }
}

const LARGE: [f64; 3] = [0.72, 0.19, 0.09];

/// Draws the household of a size class that keeps the ages nearest the plan.
pub(crate) fn best_household(
    city: &City,
    tally: &Tally,
    draw: &mut Draw,
    class: usize,
    mover: bool,
    at: f64,
) -> Vec<Role> {
    let size = if class == 4 {
        5 + draw.weighted(&LARGE)
    } else {
        class + 1
    };
    let first = household(draw, size, mover);
    let few_old = tally.old < path(city.plan.old, at) * tally.residents;
    let second = household(draw, size, mover && !few_old);
    let third = household(draw, size, false);
    let distance = |roles: &Vec<Role>| tally.distance(city, roles, at);
    [second, third].into_iter().fold(first, |best, other| {
        if distance(&other) < distance(&best) {
            other
        } else {
            best
        }
    })
}

fn banded(draw: &mut Draw, bands: &[(i32, i32, f64)]) -> i32 {
    let weights: Vec<f64> = bands.iter().map(|band| band.2).collect();
    let (low, high, _) = bands[draw.weighted(&weights)];
    draw.whole(low, high)
}

/// A household of a size.
fn household(draw: &mut Draw, size: usize, mover: bool) -> Vec<Role> {
    match size {
        1 => vec![alone(draw, mover)],
        2 => match draw.weighted(&[0.71, 0.22, 0.07]) {
            0 => couple(draw, mover),
            1 => with_children(draw, 1, 1, mover),
            _ => together(draw, 2),
        },
        3 => match draw.weighted(&[0.72, 0.15, 0.07, 0.06]) {
            0 => with_children(draw, 2, 1, mover),
            1 => with_children(draw, 1, 2, mover),
            2 => with_grandparent(draw, 1, 1, mover),
            _ => together(draw, 3),
        },
        4 => match draw.weighted(&[0.84, 0.06, 0.10]) {
            0 => with_children(draw, 2, 2, mover),
            1 => with_children(draw, 1, 3, mover),
            _ => with_grandparent(draw, 2, 1, mover),
        },
        size => match draw.chance(0.75) {
            true => with_children(draw, 2, size - 2, mover),
            false => with_grandparent(draw, 2, size - 3, mover),
        },
    }
}

fn alone(draw: &mut Draw, mover: bool) -> Role {
    let age = match mover {
        true => banded(
            draw,
            &[
                (20, 34, 0.52),
                (35, 49, 0.28),
                (50, 64, 0.13),
                (65, 85, 0.07),
            ],
        ),
        false => banded(
            draw,
            &[
                (20, 34, 0.14),
                (35, 49, 0.22),
                (50, 64, 0.23),
                (65, 79, 0.23),
                (80, 96, 0.18),
            ],
        ),
    };
    let male = draw.chance(if age < 60 { 0.55 } else { 0.28 });
    Role {
        age,
        male,
        relation: Relation::Head,
    }
}

fn couple(draw: &mut Draw, mover: bool) -> Vec<Role> {
    let age = match mover {
        true => banded(draw, &[(22, 39, 0.70), (40, 64, 0.25), (65, 85, 0.05)]),
        false => banded(
            draw,
            &[
                (25, 39, 0.15),
                (40, 54, 0.11),
                (55, 64, 0.23),
                (65, 79, 0.36),
                (80, 92, 0.15),
            ],
        ),
    };
    pair(draw, age)
}

fn pair(draw: &mut Draw, age: i32) -> Vec<Role> {
    let male = draw.chance(0.68);
    let other = (age + draw.whole(-6, 3) * if male { 1 } else { -1 }).clamp(19, 97);
    let same = draw.chance(0.01);
    vec![
        Role {
            age,
            male,
            relation: Relation::Head,
        },
        Role {
            age: other,
            male: male == same,
            relation: Relation::Partner,
        },
    ]
}

fn with_children(draw: &mut Draw, parents: usize, children: usize, mover: bool) -> Vec<Role> {
    let age = match (mover, children >= 3) {
        (true, _) => banded(draw, &[(24, 34, 0.45), (35, 45, 0.45), (46, 52, 0.10)]),
        (false, true) => banded(draw, &[(28, 39, 0.42), (40, 49, 0.45), (50, 56, 0.13)]),
        (false, false) if parents == 1 => banded(
            draw,
            &[
                (26, 39, 0.20),
                (40, 54, 0.41),
                (55, 69, 0.22),
                (70, 88, 0.17),
            ],
        ),
        (false, false) => banded(
            draw,
            &[
                (26, 39, 0.30),
                (40, 49, 0.33),
                (50, 59, 0.27),
                (60, 72, 0.10),
            ],
        ),
    };
    let mut roles = match parents {
        1 => vec![Role {
            age,
            male: draw.chance(0.18),
            relation: Relation::Head,
        }],
        _ => pair(draw, age),
    };
    let youngest_parent = roles.iter().map(|role| role.age).min().unwrap_or(age);
    let mut next = (youngest_parent - draw.whole(20, 36)).max(0);
    for _ in 0..children {
        roles.push(Role {
            age: next,
            male: draw.chance(0.513),
            relation: Relation::Child,
        });
        next = (next - draw.whole(1, 5)).max(0);
    }
    roles
}

fn with_grandparent(draw: &mut Draw, parents: usize, children: usize, mover: bool) -> Vec<Role> {
    let mut roles = with_children(draw, parents, children, mover);
    let age = (roles[0].age + draw.whole(22, 36)).min(97);
    roles.push(Role {
        age,
        male: draw.chance(0.25),
        relation: Relation::Parent,
    });
    roles
}

fn together(draw: &mut Draw, size: usize) -> Vec<Role> {
    let age = draw.whole(22, 60);
    let mut roles = vec![Role {
        age,
        male: draw.chance(0.6),
        relation: Relation::Head,
    }];
    for _ in 1..size {
        roles.push(Role {
            age: (age + draw.whole(-9, 9)).max(19),
            male: draw.chance(0.6),
            relation: Relation::Other,
        });
    }
    roles
}

/// What a person is born with.
pub(crate) struct Birth {
    pub(crate) born: Day,
    pub(crate) male: bool,
    pub(crate) citizenship: u8,
    pub(crate) local: bool,
    pub(crate) arrived: Day,
    /// Shared with the family: surname and half of the ability.
    pub(crate) surname: Option<(u8, u16)>,
    pub(crate) family_of_names: Option<u8>,
    pub(crate) ability: f64,
}

/// Adds a person without a household.
pub(crate) fn register(city: &mut City, birth: Birth) -> u32 {
    let id = city.persons.len() as u32;
    let mut draw = Draw::new(city.seed, Process::Names, u64::from(id));
    let origin = &CITIZENSHIPS[usize::from(birth.citizenship)];
    let family = birth.family_of_names.unwrap_or(origin.names as u8);
    let surname = birth
        .surname
        .unwrap_or_else(|| city.names.surname(usize::from(family), &mut draw));
    let given = city.names.given(usize::from(family), birth.male, &mut draw);
    let weights: Vec<f64> = BIRTHPLACES.iter().map(|place| place.1).collect();
    let place = match birth.citizenship {
        _ if birth.local && draw.chance(0.9) => BIRTHPLACES[0].0,
        ITALIAN => BIRTHPLACES[draw.weighted(&weights)].0,
        _ => origin.place,
    };
    let ability = 0.55 * birth.ability + 0.835 * draw.normal();
    let schooling = ability + draw.normal() - 0.02 * f64::from((1975 - birth.born.year()).max(0));
    city.persons.push(Person {
        male: birth.male,
        born: birth.born,
        place,
        citizenship: birth.citizenship,
        family_of_names: family,
        surname,
        given,
        household: NONE,
        relation: Relation::Head,
        spell: NONE,
        last_change: Day(birth.arrived.0 - 1),
        arrived: birth.arrived,
        ability: ability as f32,
        frailty: (draw.normal() - 0.25 * ability) as f32,
        education: if schooling > 0.9 {
            2
        } else {
            u8::from(schooling > -0.7)
        },
        activity: Activity::Child,
        job: NONE,
        registration: NONE,
        months: 0.0,
        months_unemployed: 0.0,
        hidden_work: false,
        relief: 0,
        code_kind: CodeKind::Ordinary,
    });
    id
}

/// A foreign citizenship.
pub(crate) fn foreign_citizenship(draw: &mut Draw) -> u8 {
    let weights: Vec<f64> = CITIZENSHIPS
        .iter()
        .map(|citizenship| citizenship.weight)
        .collect();
    draw.weighted(&weights) as u8
}

/// Registers the members of a household from a day on, without a dwelling or spells yet.
pub(crate) fn settle_in(
    city: &mut City,
    draw: &mut Draw,
    roles: &[Role],
    foreign: bool,
    since: Day,
    today: Day,
) -> u32 {
    let household = city.new_household(since, false);
    let citizenship = if foreign {
        foreign_citizenship(draw)
    } else {
        ITALIAN
    };
    let shared = draw.normal();
    let mut father = None;
    for role in roles {
        let mixed =
            role.relation == Relation::Partner && draw.chance(if foreign { 0.07 } else { 0.03 });
        let own = match (mixed, foreign) {
            (true, true) => ITALIAN,
            (true, false) => foreign_citizenship(draw),
            (false, _) => citizenship,
        };
        let is_child = role.relation == Relation::Child;
        let surname = if is_child { father } else { None };
        let born = day_of_birth(draw, role.age, today);
        let person = register(
            city,
            Birth {
                born,
                male: role.male,
                citizenship: own,
                local: is_child && draw.chance(0.8) && (since <= born || !foreign),
                arrived: Day(since.0.max(born.0)),
                surname: surname.map(|(name, _)| name),
                family_of_names: surname.map(|(_, family)| family),
                ability: shared,
            },
        );
        city.join(person, household, role.relation);
        let state = city.person(person);
        if father.is_none() || (state.male && role.relation == Relation::Partner) {
            father = Some((state.surname, state.family_of_names));
        }
    }
    household
}

/// A day of birth that makes somebody this old.
pub(crate) fn day_of_birth(draw: &mut Draw, age: i32, today: Day) -> Day {
    let (year, month, day) = today.parts();
    let latest = Day::new(year - age, month, day.min(28));
    Day(latest.0 - draw.whole(0, 364))
}
