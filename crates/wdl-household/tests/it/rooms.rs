//! Rooms needed and overcrowding: the six worked cases, the rule against one written anew, links and sexes that are not told.

use proptest::prelude::*;
use wdl_household::{
    Age, Composition, Defects, Member, Partner, Sex, Untold, is_overcrowded, is_severely_deprived,
};

use crate::{age, worked_examples};

fn person(years: u8, sex: Option<Sex>) -> Member {
    Member {
        age: age(years),
        sex,
        partner: Partner::None,
    }
}

fn with(member: Member, partner: Partner) -> Member {
    Member { partner, ..member }
}

fn needed(members: &[Member]) -> Result<u32, Untold> {
    Composition::of(members)?.rooms_needed()
}

/// The household of a worked case, member by member.
fn members(input: &serde_json::Value) -> Vec<Member> {
    let count = |key: &str| input[key].as_u64().unwrap_or(0);
    let mut members = Vec::new();
    for _ in 0..count("couples") {
        let place = members.len();
        members.push(with(
            person(40, Some(Sex::Female)),
            Partner::Member(place + 1),
        ));
        members.push(with(person(41, Some(Sex::Male)), Partner::Member(place)));
    }
    let kinds = [
        ("single18", 30, Some(Sex::Male)),
        ("m12_17", 13, Some(Sex::Male)),
        ("f12_17", 15, Some(Sex::Female)),
        ("u12", 8, None),
    ];
    for (key, years, sex) in kinds {
        members.extend((0..count(key)).map(|_| person(years, sex)));
    }
    members
}

#[test]
fn the_worked_cases() {
    let Some(cases) = worked_examples() else {
        return;
    };
    let cases = cases["overcrowding_rooms_required"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let want = u32::try_from(case["rooms_required"].as_u64().unwrap()).unwrap();
        assert_eq!(needed(&members(&case["input"])), Ok(want), "{case}");
    }
}

#[test]
fn a_link_of_one_side_makes_a_couple_and_links_that_contradict_are_told() {
    let adult = person(40, None);
    let linked = |partner| with(adult, partner);
    assert_eq!(needed(&[linked(Partner::Member(1)), adult]), Ok(2));
    assert_eq!(needed(&[adult, linked(Partner::Member(0))]), Ok(2));
    assert_eq!(needed(&[adult, adult]), Ok(3), "without a link: two adults");
    assert_eq!(needed(&[linked(Partner::Elsewhere)]), Ok(2));
    let unclear: [&[Member]; 3] = [
        &[linked(Partner::Member(0)), adult],
        &[
            linked(Partner::Member(2)),
            linked(Partner::Member(2)),
            adult,
        ],
        &[linked(Partner::Member(7)), adult],
    ];
    for members in unclear {
        assert_eq!(needed(members), Err(Untold::PartnerUnclear));
    }
    assert_eq!(needed(&[]), Err(Untold::NoMembers));
}

#[test]
fn a_missing_sex_or_age_is_told_only_where_it_matters() {
    let boy = person(13, Some(Sex::Male));
    let unknown = person(15, None);
    assert_eq!(needed(&[boy, unknown]), Err(Untold::SexMissing), "2 or 3");
    assert_eq!(needed(&[unknown]), Ok(2), "either way one room");
    assert_eq!(needed(&[boy, boy, unknown]), Ok(3));
    let ageless = Member {
        age: None,
        ..person(0, None)
    };
    assert_eq!(needed(&[boy, ageless]), Err(Untold::AgeMissing));
    let couple = [with(ageless, Partner::Member(1)), ageless];
    assert_eq!(needed(&couple), Ok(2), "a couple of any age needs one room");
    let born_later = Member {
        age: Some(Age::of_years(-1.0).unwrap()),
        ..ageless
    };
    assert_eq!(needed(&[born_later]), Ok(2));
    for years in [-2.0, 131.0, f64::NAN] {
        assert!(Age::of_years(years).is_err());
    }
}

#[test]
fn no_dwelling_has_no_rooms() {
    assert_eq!(is_overcrowded(0.0, 2), Err(Untold::RoomsNotPositive));
    assert_eq!(is_overcrowded(f64::NAN, 2), Err(Untold::RoomsNotPositive));
    assert_eq!(is_overcrowded(1.5, 2), Ok(true));
    assert_eq!(is_overcrowded(2.0, 2), Ok(false));
}

#[test]
fn severe_deprivation_needs_both_sides() {
    let told = |leaks, bath, toilet, dark| Defects {
        leaks,
        has_no_bath: bath,
        has_no_toilet: toilet,
        is_dark: dark,
    };
    let (yes, no) = (Some(true), Some(false));
    let check = |overcrowded, defects: Defects, want| {
        assert_eq!(
            is_severely_deprived(overcrowded, &defects),
            want,
            "{defects:?}"
        );
    };
    check(Ok(true), told(yes, no, no, no), Ok(true));
    check(Ok(true), told(no, yes, no, no), Ok(false));
    check(Ok(true), told(no, yes, yes, no), Ok(true));
    // Whatever is told on one side, a side that is not told leaves it open.
    let (defects, rooms) = (Err(Untold::DefectsMissing), Err(Untold::RoomsMissing));
    check(Ok(true), told(no, no, None, yes), defects);
    check(Ok(true), told(no, no, None, no), defects);
    check(Ok(true), told(no, yes, None, no), defects);
    check(Ok(false), Defects::default(), defects);
    check(rooms, told(no, no, no, no), rooms);
    check(rooms, told(yes, no, no, no), rooms);
}

/// The rule written anew: rooms are handed out one after the other.
fn slowly(members: &[Member]) -> u32 {
    let mut waiting: Vec<Member> = members.to_vec();
    let mut rooms = 1;
    let take = |waiting: &mut Vec<Member>, want: &dyn Fn(&Member) -> bool| {
        let place = waiting.iter().position(want)?;
        Some(waiting.remove(place))
    };
    let years = |member: &Member| member.age.unwrap().years();
    // Whoever waits longest takes a room, with the first who may share it.
    while !waiting.is_empty() {
        let first = waiting.remove(0);
        rooms += 1;
        match first.partner {
            Partner::Member(_) => {
                take(&mut waiting, &|other| {
                    matches!(other.partner, Partner::Member(_))
                });
            }
            _ if years(&first) >= 18 => {}
            _ if years(&first) >= 12 => {
                take(&mut waiting, &|other| {
                    (12..18).contains(&years(other)) && other.sex == first.sex
                });
            }
            _ => {
                take(&mut waiting, &|other| years(other) < 12);
            }
        }
    }
    rooms
}

fn singles() -> impl Strategy<Value = Vec<Member>> {
    let one = (0u8..90, any::<bool>()).prop_map(|(years, is_male)| {
        person(years, Some(if is_male { Sex::Male } else { Sex::Female }))
    });
    prop::collection::vec(one, 0..8)
}

proptest! {
    #[test]
    fn the_rule_written_anew_says_the_same(singles in singles(), couple in any::<bool>()) {
        let mut household = Vec::new();
        if couple {
            household.push(with(person(33, Some(Sex::Male)), Partner::Member(1)));
            household.push(with(person(33, Some(Sex::Female)), Partner::Member(0)));
        }
        household.extend(singles);
        prop_assume!(!household.is_empty());
        prop_assert_eq!(needed(&household), Ok(slowly(&household)));
    }

    #[test]
    fn another_member_never_needs_fewer_rooms(singles in singles(), more in singles()) {
        prop_assume!(!singles.is_empty());
        let mut all = singles.clone();
        all.extend(more);
        prop_assert!(needed(&singles).unwrap() <= needed(&all).unwrap());
        all.reverse();
        let reversed = needed(&all);
        all.reverse();
        prop_assert_eq!(reversed, needed(&all));
    }
}
