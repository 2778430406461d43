//! What the classic attacks name: nearly everybody in weak encodings, nobody in ours.
//!
//! An attack that names nobody anywhere would prove nothing: each of the classic ones is shown first on an encoding that it breaks; the closest pairs are bounded by what is visible.

mod attacker;

use wdl_encoding::{Combination, Cut, Field, Form, Part, Recipe, Rows};

use attacker::cases::{Attack, Seen};
use attacker::encode::{DATE, SEX, Way, YEAR, shipped};
use attacker::people::{Known, Who, encoded, population};
use attacker::tokens;

const PEOPLE: usize = 2_000;
/// No attack may name more.
const BEARABLE: f64 = 0.01;

fn everybody() -> Vec<Known> {
    encoded(population(PEOPLE, 1), Who::Everybody, 1)
}

/// Three in a hundred of a city: a quarter of them born in the same year, most of the others abroad.
fn without_code() -> Vec<Known> {
    encoded(population(60_000, 2), Who::WithoutCode(3), 2)
}

#[track_caller]
fn breaks(attack: Attack, way: &Way, at_least: f64) {
    let outcome = attack.run(way, &everybody(), 7);
    assert!(
        outcome.share() >= at_least,
        "{}: {outcome:?}",
        attack.word()
    );
}

#[track_caller]
fn bears(attack: Attack, way: &Way, people: &[Known]) {
    let outcome = attack.run(way, people, 7);
    assert!(
        outcome.share() <= BEARABLE,
        "{}: {outcome:?}",
        attack.word()
    );
}

#[test]
fn frequencies_name_single_fields() {
    breaks(Attack::Frequency, &Way::surname_alone(), 0.9);
}

#[test]
fn patterns_name_records_without_salt_and_diffusion() {
    breaks(Attack::Patterns, &Way::variant(&[&[]], 0), 0.9);
    breaks(Attack::Patterns, &Way::double_hashed(), 0.9);
}

#[test]
fn graphs_name_records_without_salt_and_diffusion() {
    breaks(Attack::Graph, &Way::variant(&[&[]], 0), 0.9);
    breaks(Attack::Graph, &Way::double_hashed(), 0.9);
}

#[test]
fn who_knows_a_tenth_breaks_a_salt_alone() {
    breaks(Attack::GraphWithTenth, &Way::variant(&[&[YEAR]], 0), 0.2);
}

#[test]
fn frequencies_bear_on_ours() {
    bears(Attack::Frequency, &Way::ours(), &everybody());
    bears(Attack::Frequency, &Way::ours(), &without_code());
}

#[test]
fn patterns_bear_on_ours() {
    bears(Attack::Patterns, &Way::ours(), &everybody());
    bears(Attack::Patterns, &Way::ours(), &without_code());
}

#[test]
fn graphs_bear_on_ours() {
    bears(Attack::Graph, &Way::ours(), &everybody());
    bears(Attack::Graph, &Way::ours(), &without_code());
}

#[test]
fn who_knows_a_tenth_learns_no_more() {
    bears(Attack::GraphWithTenth, &Way::ours(), &everybody());
    bears(Attack::GraphWithTenth, &Way::ours(), &without_code());
}

/// A record with a second encoding under another salt gives two graphs of the same people.
#[test]
fn two_encodings_of_a_record_bear_together() {
    let way = Way::variant(&[&[YEAR], &[SEX]], Way::ours().schema.diffusion);
    bears(Attack::Pairs, &way, &everybody());
    let people = without_code();
    for attack in [Attack::GraphWithTenth, Attack::Pairs] {
        bears(attack, &way, &people);
    }
}

/// Encodings of a record under several salts, as a schema of plain files may ask for: the weakest salt and few terms decide.
#[test]
fn several_salts_need_more_than_two_terms() {
    let initials = [
        (Field::Surname, Cut::Initial),
        (Field::GivenName, Cut::Initial),
    ];
    // Half of the people were born in one place: that salt separates hardly anybody.
    let place = [(Field::BirthPlace, Cut::Whole)];
    let salts: [&[(Field, Cut)]; 3] = [&[YEAR], &initials, &place];
    breaks(Attack::Graph, &Way::variant(&salts, 2), 0.1);
    bears(Attack::Graph, &Way::variant(&salts, 3), &everybody());
}

/// All encodings of a record weighed together, as the linkage weighs them: more than any one encoding shows, to somebody who knows a tenth above all.
#[test]
fn encodings_of_a_record_bear_when_weighed_together() {
    let initials = [
        (Field::Surname, Cut::Initial),
        (Field::GivenName, Cut::Initial),
    ];
    let place = [(Field::BirthPlace, Cut::Whole)];
    let salts: [&[(Field, Cut)]; 3] = [&[YEAR], &initials, &place];
    let way = Way::variant(&salts, 3);
    for people in [everybody(), without_code()] {
        bears(Attack::Together, &way, &people);
        bears(Attack::Pairs, &way, &people);
    }
    breaks(Attack::TogetherWithTenth, &way, 0.1);
    bears(Attack::TogetherWithTenth, &Way::ours(), &everybody());
}

/// A whole file whose maker takes away the likeness of its people: two salts of two terms bear then, from within and across two files.
#[test]
fn a_file_kept_apart_bears() {
    let initials = [
        (Field::Surname, Cut::Initial),
        (Field::GivenName, Cut::Initial),
    ];
    let way = Way::of_file(Way::variant(&[&[DATE], &initials], 2).schema);
    for people in [everybody(), without_code()] {
        bears(Attack::Pairs, &way, &people);
    }
    bears(Attack::PairsAcross, &way, &everybody());
}

#[test]
fn closest_pairs_bear_on_ours() {
    bears(Attack::Pairs, &Way::ours(), &everybody());
    bears(Attack::Pairs, &Way::ours(), &without_code());
}

#[test]
fn ours_show_no_pattern_and_hardly_any_likeness() {
    for people in [everybody(), without_code()] {
        let seen = Seen::of(&Way::ours(), &people, 7);
        assert!(seen.visible <= BEARABLE && seen.patterns == 0, "{seen:?}");
        let seen = Seen::of(&Way::variant(&[&[]], 0), &people, 7);
        assert!(seen.visible > 0.99 && seen.patterns > 100, "{seen:?}");
    }
}

#[test]
fn tokens_show_who_shares_one_and_hardly_anybody_does() {
    let city = population(20_000, 3);
    let shown = tokens::shown(&shipped(), &city, &vec![true; city.len()]);
    assert!(shown.share() <= BEARABLE, "{shown:?}");
    assert!(
        shown.sharing * 100 <= shown.rows && shown.largest <= 3,
        "{shown:?}"
    );
    // Names without the day of birth: who has which given name is told by how often surnames repeat.
    let part = |field| Part {
        field,
        form: Form::Whole,
    };
    let combination = |id: &str, field| Combination {
        id: id.to_owned(),
        rows: Rows::All,
        parts: vec![part(field)],
        variants: Vec::new(),
    };
    let weak = Recipe {
        combinations: vec![
            combination("surname", Field::Surname),
            combination("given_name", Field::GivenName),
            combination("birth_place", Field::BirthPlace),
        ],
        ..shipped()
    };
    let shown = tokens::shown(&weak, &city, &vec![true; city.len()]);
    assert!(
        shown.share() >= 0.5 && shown.alone * 2 >= shown.rows,
        "{shown:?}"
    );
}
