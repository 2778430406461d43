//! People made up for `wdl housing`, and its shares written anew, person by person: slow and obvious.

use std::collections::BTreeMap;

use wdl_household::Scale;
use wdl_indicators::plain::housing::{Column, Options, item_column};

use crate::housing::persons;

/// A stream of numbers for files that are made up.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

pub(crate) const ITEMS: [&str; 13] = [
    "unexpected_expenses",
    "holiday",
    "arrears",
    "protein",
    "warmth",
    "car",
    "furniture",
    "internet",
    "clothes",
    "shoes",
    "pocket_money",
    "leisure",
    "friends",
];

/// People made up, one map of cells each.
pub(crate) fn made_up(households: u64) -> Vec<BTreeMap<String, String>> {
    let mut numbers = Numbers(7);
    let mut people = Vec::new();
    for household in 0..households {
        let mut shared: BTreeMap<String, String> = BTreeMap::new();
        let mut share = |name: &str, value: String| shared.insert(name.to_owned(), value);
        share("casa", household.to_string());
        share(
            "zona",
            ["nord", "sud", "est"][numbers.below(3) as usize].to_owned(),
        );
        share(
            "reddito",
            (numbers.below(40_000) as i64 - 1_000).to_string(),
        );
        share("costi", numbers.below(12_000).to_string());
        share("stanze", (1 + numbers.below(4)).to_string());
        share("pensioni", numbers.below(2).to_string());
        for defect in ["tetto", "bagno", "wc", "buio"] {
            share(defect, u64::from(numbers.below(4) == 0).to_string());
        }
        for item in &ITEMS[..7] {
            share(item, numbers.below(2).to_string());
        }
        let size = 1 + numbers.below(5);
        let is_couple = size > 1 && numbers.below(2) == 0;
        for place in 0..size {
            let mut person = shared.clone();
            let mut own = |name: &str, value: String| person.insert(name.to_owned(), value);
            own("persona", format!("{household}-{place}"));
            own("peso", (1 + numbers.below(3)).to_string());
            own("eta", numbers.below(75).to_string());
            own("sesso", (1 + numbers.below(2)).to_string());
            let partner = match (is_couple, place) {
                (true, 0) => format!("{household}-1"),
                (true, 1) => format!("{household}-0"),
                _ => String::new(),
            };
            own("partner", partner);
            own(
                "mesi",
                [0, 0, 1, 3, 12][numbers.below(5) as usize].to_string(),
            );
            for flag in ["studia", "pensione", "inattivo"] {
                own(flag, u64::from(numbers.below(4) == 0).to_string());
            }
            for item in &ITEMS[7..] {
                own(item, numbers.below(2).to_string());
            }
            people.push(person);
        }
    }
    people
}

pub(crate) fn as_csv(people: &[BTreeMap<String, String>]) -> String {
    let names: Vec<&String> = people[0].keys().collect();
    let mut text = names
        .iter()
        .map(|name| name.as_str())
        .collect::<Vec<_>>()
        .join(",")
        + "\n";
    for person in people {
        let cells: Vec<&str> = names.iter().map(|name| person[*name].as_str()).collect();
        text += &(cells.join(",") + "\n");
    }
    text
}

pub(crate) fn all_columns() -> Options {
    let mut options = persons(&[
        (Column::Income, "reddito"),
        (Column::Costs, "costi"),
        (Column::Rooms, "stanze"),
        (Column::Leaks, "tetto"),
        (Column::NoBath, "bagno"),
        (Column::NoToilet, "wc"),
        (Column::Dark, "buio"),
        (Column::Age, "eta"),
        (Column::Sex, "sesso"),
        (Column::Partner, "partner"),
        (Column::Months, "mesi"),
        (Column::Student, "studia"),
        (Column::Pensioner, "pensione"),
        (Column::Inactive, "inattivo"),
        (Column::PensionsMain, "pensioni"),
    ]);
    options
        .columns
        .extend(ITEMS.map(|item| item_column(item).unwrap()));
    options.weight = Some("peso".into());
    options
}

/// The shares written anew, person by person.
pub(crate) fn slowly(
    people: &[BTreeMap<String, String>],
    scale: Scale,
) -> BTreeMap<&'static str, f64> {
    let number =
        |person: &BTreeMap<String, String>, name: &str| person[name].parse::<f64>().unwrap();
    let is = |person: &BTreeMap<String, String>, name: &str| person[name] == "1";
    let together = |person: &BTreeMap<String, String>| -> Vec<&BTreeMap<String, String>> {
        people
            .iter()
            .filter(|other| other["casa"] == person["casa"])
            .collect()
    };
    let age = |person: &BTreeMap<String, String>| number(person, "eta");
    let adults = |person: &BTreeMap<String, String>| {
        let members = together(person);
        let count = members.len() as f64;
        match scale {
            Scale::OecdModified => {
                let over_14 = members.iter().filter(|other| age(other) >= 14.0).count() as f64;
                let first_child = f64::from(over_14 == 0.0);
                1.0 + 0.5 * (over_14 - 1.0).max(0.0) + 0.3 * (count - over_14 - first_child)
            }
            _ => count.sqrt(),
        }
    };
    let equivalised: Vec<f64> = people
        .iter()
        .map(|one| number(one, "reddito") / adults(one))
        .collect();
    // The median of copies: weights are whole numbers.
    let mut copies: Vec<f64> = Vec::new();
    for (person, income) in people.iter().zip(&equivalised) {
        copies.extend(std::iter::repeat_n(
            *income,
            number(person, "peso") as usize,
        ));
    }
    copies.sort_by(f64::total_cmp);
    let half = copies.len() / 2;
    let median = match copies.len() % 2 {
        1 => copies[half],
        _ => (copies[half - 1] + copies[half]) / 2.0,
    };
    let line = 0.6 * median;
    let mut sums: BTreeMap<&'static str, (f64, f64)> = BTreeMap::new();
    for (person, income) in people.iter().zip(&equivalised) {
        let weight = number(person, "peso");
        let members = together(person);
        let mut add = |name, has: bool| {
            let sum = sums.entry(name).or_insert((0.0, 0.0));
            sum.0 += weight * f64::from(has);
            sum.1 += weight;
        };
        let (costs, earned) = (number(person, "costi"), number(person, "reddito"));
        add(
            "overburden:0.4",
            if earned > 0.0 {
                10.0 * costs > 4.0 * earned
            } else {
                costs > 0.0
            },
        );
        add("residual_below", (earned - costs) / adults(person) < line);
        let singles = |from: f64, to: f64, sex: Option<&str>| {
            let in_no_couple = members.iter().filter(|other| {
                let named = members.iter().any(|one| one["partner"] == other["persona"]);
                !named && other["partner"].is_empty()
            });
            let right = in_no_couple.filter(|other| {
                (from..to).contains(&age(other)) && sex.is_none_or(|sex| other["sesso"] == sex)
            });
            right.count()
        };
        let couples = members
            .iter()
            .filter(|other| !other["partner"].is_empty())
            .count()
            / 2;
        let rooms = 1
            + couples
            + singles(18.0, 200.0, None)
            + singles(12.0, 18.0, Some("1")).div_ceil(2)
            + singles(12.0, 18.0, Some("2")).div_ceil(2)
            + singles(0.0, 12.0, None).div_ceil(2);
        let crowded = number(person, "stanze") < rooms as f64;
        add("overcrowding", crowded);
        if members.len() > 1 {
            add("overcrowding_without_singles", crowded);
        }
        let defect =
            is(person, "tetto") || is(person, "buio") || (is(person, "bagno") && is(person, "wc"));
        add("severe_housing_deprivation", crowded && defect);
        let of_household = ITEMS[..7].iter().filter(|item| is(person, item)).count();
        let grown: Vec<_> = members.iter().filter(|other| age(other) >= 16.0).collect();
        let of_person = ITEMS[7..].iter().filter(|item| match age(person) >= 16.0 {
            true => is(person, item),
            false => 2 * grown.iter().filter(|one| is(one, item)).count() >= grown.len().max(1),
        });
        let lacks = of_household + of_person.count();
        let may = age(person) >= 16.0 || of_household >= 3;
        // Of a child without an adult nobody tells the personal items.
        let is_told = age(person) >= 16.0 || !grown.is_empty();
        let deprived = |limit: usize| is_told.then_some(lacks >= limit && may);
        if let Some(has) = deprived(5) {
            add("material_social_deprivation", has);
        }
        if let Some(has) = deprived(7) {
            add("severe_material_social_deprivation", has);
        }
        let could_work = members.iter().filter(|other| {
            (18.0..65.0).contains(&age(other))
                && !(age(other) < 25.0 && is(other, "studia"))
                && !is(other, "pensione")
                && !(age(other) >= 60.0 && is(other, "inattivo") && is(other, "pensioni"))
        });
        let months: Vec<f64> = could_work.map(|other| number(other, "mesi")).collect();
        let low = (!months.is_empty() && age(person) < 65.0)
            .then(|| 5.0 * months.iter().sum::<f64>() <= 12.0 * months.len() as f64);
        if let Some(low) = low {
            add("very_low_work_intensity", low);
        }
        add("at_risk_of_poverty", *income < line);
        let excluded = *income < line || low == Some(true);
        if let Some(has) = deprived(7) {
            add("poverty_or_exclusion", excluded || has);
        }
    }
    sums.into_iter()
        .map(|(name, (has, all))| (name, has / all))
        .collect()
}
