//! The city on 1 January 2017: households, dwellings, tenures, contracts.
//!
//! It must not know what happens afterwards.

use crate::calendar::{Day, FIRST};
use crate::city::{AGREED, City, FREE, Relation, STUDENT, TRANSITIONAL, Tenure};
use crate::housing;
use crate::people::{self, Birth, Tally};
use crate::places::ITALIAN;
use crate::plan::Plan;
use crate::random::{Draw, Process, path};

/// Foreign households are larger: weights by size class.
const FOREIGN_BY_SIZE: [f64; 5] = [0.85, 0.65, 1.1, 1.4, 2.3];

/// Founds a city.
pub(crate) fn found(plan: &'static Plan, residents: u32, seed: u64, clean: bool) -> City {
    let mut city = City::empty(plan, residents, seed, clean);
    let mut draw = Draw::new(seed, Process::Founding, 0);
    let families = city.scaled(path(plan.families, 2017.0));
    let founded = Day::new(2005, 1, 1);
    let lets = city.scaled(path(plan.transitional, 2016.0) + 1.5 * path(plan.students, 2017.0));
    let stock = (families + lets) as f64 / (1.0 - plan.unused);
    let (public, agency) = (
        city.scaled(plan.erp_dwellings),
        city.scaled(plan.agency_dwellings),
    );
    housing::build(
        &mut city,
        &mut draw,
        stock as usize - public - agency,
        Tenure::Owned,
        founded,
    );
    housing::build(&mut city, &mut draw, public, Tenure::Public, founded);
    housing::build(&mut city, &mut draw, agency, Tenure::Agency, founded);
    households(&mut city, &mut draw, families);
    institutions(&mut city, &mut draw);
    house_everybody(&mut city, &mut draw);
    earlier_lets(&mut city, &mut draw);
    for person in 0..city.persons.len() as u32 {
        if city.is_resident(person) {
            let arrived = city.person(person).arrived;
            city.open_spell(person, arrived);
        }
    }
    city
}

/// Size class of each family, in the plan's shares whatever the number of families.
fn size_class(plan: &Plan, position: f64) -> usize {
    let mut until = 0.0;
    for (class, share) in plan.sizes.iter().enumerate() {
        until += share;
        if position < until {
            return class;
        }
    }
    0
}

fn households(city: &mut City, draw: &mut Draw, families: usize) {
    let today = FIRST.first();
    let mut tally = Tally::default();
    for index in 0..families {
        // The golden ratio spreads the classes evenly over the order of founding.
        let position = (index as f64 * 0.618_033_988_749_895).fract();
        let class = size_class(city.plan, position);
        let usual = tally.foreign_chance(city, 2017.0, 0.12) * FOREIGN_BY_SIZE[class];
        let foreign = draw.chance(usual.min(0.9));
        let mover = foreign && draw.chance(0.5);
        let roles = people::best_household(city, &tally, draw, class, mover, 2017.0);
        tally.add(&roles, foreign);
        let head_age = f64::from(roles[0].age);
        let longest = (if foreign {
            14.0_f64
        } else {
            0.8 * (head_age - 18.0)
        })
        .min(head_age - 17.5)
        .max(0.3);
        let since = today.plus(-((draw.unit().powf(1.3) * longest * 365.0) as i32) - 2);
        people::settle_in(
            city,
            draw,
            &roles,
            foreign,
            since.max(Day::new(1965, 1, 1)),
            today,
        );
    }
}

fn institutions(city: &mut City, draw: &mut Draw) {
    let today = FIRST.first();
    let people_inside = city.plan.institutional * f64::from(city.residents);
    let count = (people_inside / 28.0).ceil() as usize;
    for _ in 0..count {
        let household = city.new_household(Day::new(2000, 1, 1), true);
        for _ in 0..(people_inside / count as f64).round() as usize {
            let old = draw.chance(0.85);
            let age = if old {
                draw.whole(74, 98)
            } else {
                draw.whole(20, 64)
            };
            let male = draw.chance(if old { 0.27 } else { 0.7 });
            let birth = Birth {
                born: people::day_of_birth(draw, age, today),
                male,
                citizenship: if old || draw.chance(0.6) {
                    ITALIAN
                } else {
                    people::foreign_citizenship(draw)
                },
                local: false,
                arrived: today.plus(-draw.whole(5, 1500)),
                surname: None,
                family_of_names: None,
                ability: draw.normal(),
            };
            let person = people::register(city, birth);
            city.join(person, household, Relation::Other);
        }
    }
}

/// Public and agency dwellings to households in need, the others by choice.
fn house_everybody(city: &mut City, draw: &mut Draw) {
    let households = city.living();
    let weights: Vec<f64> = households
        .iter()
        .map(|household| {
            let head = city.head(*household);
            let foreign = if city.is_foreign(head) { 1.6 } else { 1.0 };
            foreign * (-1.4 * f64::from(city.person(head).ability)).exp()
        })
        .collect();
    let public = city.vacant_public[0].len();
    let agency = city.vacant_public[1].len();
    let chosen = draw.sample(&weights, public + agency);
    let mut housed = vec![false; households.len()];
    for (order, place) in chosen.into_iter().enumerate() {
        let list = usize::from(order >= public);
        let Some(dwelling) = city.vacant_public[list].pop() else {
            continue;
        };
        let tenure = if list == 0 {
            Tenure::Public
        } else {
            Tenure::Agency
        };
        let since = city.household(households[place]).since;
        housing::occupy(city, households[place], dwelling, tenure, since);
        housed[place] = true;
        if tenure == Tenure::Agency {
            agency_contract(city, draw, households[place]);
        }
    }
    for (place, household) in households.into_iter().enumerate() {
        if !housed[place] {
            house(city, draw, household);
        }
    }
}

/// The last contract of a long let began within its length.
fn agency_contract(city: &mut City, draw: &mut Draw, household: u32) {
    let since = city.household(household).since;
    let day = since.max(FIRST.first().plus(-draw.whole(3, 1090)));
    let (head, dwelling) = (city.head(household), city.household(household).dwelling);
    let contract = housing::sign(city, draw, dwelling, head, AGREED, day);
    city.households[household as usize].contract = contract;
}

fn house(city: &mut City, draw: &mut Draw, household: u32) {
    let today = FIRST.first();
    let since = city.household(household).since;
    let tenure = housing::choose_tenure(city, draw, household, false, today);
    housing::take(city, draw, household, tenure, since, false);
    let contract = city.household(household).contract as usize;
    if tenure != Tenure::Rented {
        return;
    }
    let kind = if city.contracts[contract].kind == TRANSITIONAL {
        FREE
    } else {
        city.contracts[contract].kind
    };
    let longest = if kind == AGREED { 1090 } else { 1455 };
    let day = since.max(today.plus(-draw.whole(3, longest)));
    city.contracts.truncate(contract);
    let (head, dwelling) = (city.head(household), city.household(household).dwelling);
    let contract = housing::sign(city, draw, dwelling, head, kind, day);
    city.households[household as usize].contract = contract;
}

/// Lets to people from elsewhere that were running when the city begins.
fn earlier_lets(city: &mut City, draw: &mut Draw) {
    let today = FIRST.first();
    let running = [
        (
            TRANSITIONAL,
            city.scaled(path(city.plan.transitional, 2016.0) * 0.75),
            178,
        ),
        (
            STUDENT,
            city.scaled(path(city.plan.students, 2016.0) * 1.3),
            268,
        ),
    ];
    for (kind, count, days) in running {
        for _ in 0..count {
            let day = today.plus(-draw.whole(2, days));
            housing::let_outside(city, draw, kind, day);
        }
    }
}
