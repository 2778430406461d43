//! What stands behind cells, against counting by hand; which breakdown lies in which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use wdl_contract::CodeLists;
use wdl_indicators::{BehindCell, Evaluated, Indicators, Nested, SetsOf, evaluate_behind};

use crate::city::{City, Person, context, definition, lab};

const SETS: SetsOf = SetsOf {
    key: [7, 11],
    capacity: 12,
};

/// A sum of euros by household.
fn evaluated(folder: &Path, unit: &str, city: &City) -> Evaluated {
    let own = format!(
        "statistic: sum\nperiod: year\nbreakdowns:\n  - [quartiere]\n  - [quartiere, citizenship_group]\nframe: |\n  SELECT quartiere, citizenship_group, {unit} income AS value\n  FROM base.person_year\n"
    );
    let text = definition("prova", &own).replace("unit: share", "unit: euro");
    let indicators = lab(folder, &[("prova.yaml", text)]).unwrap();
    let prova = indicators.get("prova").unwrap();
    evaluate_behind(prova, city, &context(), &folder.join("cache"), &SETS).unwrap()
}

/// What each household of a part of the city gets, in cents, the largest first.
fn by_hand(people: &[Person], is_in: &dyn Fn(&Person) -> bool) -> Vec<i64> {
    let mut given: BTreeMap<i64, i64> = BTreeMap::new();
    for person in people.iter().filter(|person| is_in(person)) {
        if let Some(cents) = person.cents {
            *given.entry(person.household).or_default() += cents;
        }
    }
    let mut given: Vec<i64> = given.into_values().collect();
    given.sort_by_key(|cents| -cents);
    given
}

fn cents(euros: f64) -> i64 {
    (euros * 100.0).round() as i64
}

#[test]
fn the_largest_and_all_of_them_as_counted_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let city = City::new();
    let evaluated = evaluated(folder.path(), "household AS unit,", &city);
    assert!(!evaluated.behind.is_empty());
    for cell in &evaluated.behind {
        let own: BTreeMap<&str, &str> = cell
            .keys
            .iter()
            .map(|(id, key)| (id.as_str(), key.as_str()))
            .collect();
        let is_in = |person: &Person| {
            own.get("quartiere")
                .is_none_or(|wanted| person.quartiere.unwrap_or("unknown") == *wanted)
                && own
                    .get("citizenship_group")
                    .is_none_or(|wanted| person.citizenship == *wanted)
        };
        let hand = by_hand(city.of(cell.period), &is_in);
        assert_eq!(
            cell.behind.contributors,
            hand.len() as u64,
            "{:?}",
            cell.keys
        );
        assert_eq!(cents(cell.behind.total), hand.iter().sum::<i64>());
        let largest: Vec<i64> = cell.behind.largest.iter().map(|one| cents(*one)).collect();
        assert_eq!(largest, hand[..hand.len().min(5)]);
        // The margins that only a crossed table has, and its cells, tell no set.
        let is_simple = cell.keys.iter().all(|(id, _)| id == "quartiere");
        assert_eq!(cell.behind.units.is_some(), is_simple);
    }
    // From the cache the same.
    let again = self::evaluated(folder.path(), "household AS unit,", &city);
    assert_eq!(again.behind, evaluated.behind);
}

#[test]
fn the_sets_of_two_versions_tell_who_came_and_went() {
    let folder = tempfile::tempdir().unwrap();
    let mut city = City::new();
    let total = |evaluated: &Evaluated| -> BehindCell {
        let mut cells = evaluated.behind.iter();
        let is_it = |cell: &&BehindCell| cell.keys.is_empty() && cell.period.year() == 2020;
        cells.find(is_it).unwrap().clone()
    };
    let then = total(&evaluated(folder.path(), "household AS unit,", &city));
    // One household leaves, another comes: the count of households is the same.
    let gone = city.years[0]
        .1
        .iter()
        .find(|one| one.cents.is_some())
        .unwrap()
        .household;
    for person in &mut city.years[0].1 {
        if person.household == gone {
            person.household = 1000;
        }
    }
    let now = total(&evaluated(folder.path(), "household AS unit,", &city));
    assert_eq!(then.behind.contributors, now.behind.contributors);
    let (then, now) = (then.behind.units.unwrap(), now.behind.units.unwrap());
    assert_eq!(then.differs_by(&now), Some(2));
}

#[test]
fn a_frame_that_says_nobody_tells_no_set() {
    let folder = tempfile::tempdir().unwrap();
    let city = City::new();
    let evaluated = evaluated(folder.path(), "", &city);
    assert!(
        evaluated
            .behind
            .iter()
            .all(|cell| cell.behind.units.is_none())
    );
    // Each row is somebody of its own.
    let total = evaluated
        .behind
        .iter()
        .find(|cell| cell.keys.is_empty())
        .unwrap();
    let rows = city
        .of(total.period)
        .iter()
        .filter(|one| one.cents.is_some());
    assert_eq!(total.behind.contributors, rows.count() as u64);
}

const DIMENSIONS: &str = "
dimensions:
  - id: sezione
    label: { it: Sezione, en: Section }
    code_list: sezioni
  - id: zona
    label: { it: Zona, en: Zone }
    code_list: zone
  - id: tenure
    label: { it: Titolo, en: Tenure }
    code_list: titoli
  - id: age_group
    label: { it: Classe, en: Class }
    categories:
      - { id: \"0_17\", label: { it: a, en: a }, within: { adult: minor } }
      - { id: \"18_plus\", label: { it: b, en: b }, within: { adult: adult } }
  - id: adult
    label: { it: Adulto, en: Adult }
    categories:
      - { id: minor, label: { it: a, en: a } }
      - { id: adult, label: { it: b, en: b } }
";

/// Sections lie in districts, which no dimension has, and districts in zones; two tenures lie in one, and one in none.
fn nested(dimensions: &str) -> Result<Vec<Nested>, wdl_indicators::DefinitionError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("indicators")).unwrap();
    std::fs::create_dir_all(folder.path().join("codes")).unwrap();
    std::fs::write(folder.path().join("dimensions.yaml"), dimensions).unwrap();
    for (name, text) in [
        (
            "sezioni",
            "code,it,en,distretti\nS1,a,a,D1\nS2,a,a,D1\nS3,a,a,D2\n",
        ),
        ("distretti", "code,it,en,zona\nD1,a,a,Z1\nD2,a,a,Z2\n"),
        ("zone", "code,it,en\nZ1,a,a\nZ2,a,a\n"),
        ("titoli", "code,it,en,adult\nP,a,a,adult\nA,a,a,\n"),
    ] {
        std::fs::write(folder.path().join(format!("codes/{name}.csv")), text).unwrap();
    }
    let lists = CodeLists::read(folder.path()).unwrap();
    let indicators = Indicators::read(folder.path(), &lists)?;
    Ok(indicators.dimensions().nested(&lists))
}

#[test]
fn what_lies_in_what_over_several_steps() {
    let found = nested(DIMENSIONS).unwrap();
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    let one = |inner: &str, outer: &str, pairs: &[(&str, &str)]| Nested {
        inner: inner.into(),
        outer: outer.into(),
        pairs: pairs
            .iter()
            .chain(&[("unknown", "unknown")])
            .map(|(one, two)| pair(one, two))
            .collect::<BTreeSet<_>>(),
    };
    let expected = [
        one(
            "age_group",
            "adult",
            &[("0_17", "minor"), ("18_plus", "adult")],
        ),
        one(
            "sezione",
            "zona",
            &[("S1", "Z1"), ("S2", "Z1"), ("S3", "Z2")],
        ),
    ];
    // A tenure that lies in nothing: the sums would not be known.
    assert_eq!(found, expected);
}

#[test]
fn a_category_that_is_not_there_is_a_slip() {
    let wrong = DIMENSIONS.replace("adult: minor", "adult: child");
    assert!(nested(&wrong).is_err());
}
