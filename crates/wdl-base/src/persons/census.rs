//! Who has no code, and what became of them, by dataset and group of people.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use wdl_linkage::staged::{Input, Stage, State};

/// An age, in classes that linkage is looked at by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// Under a year.
    Newborn,
    /// Under 18.
    Minor,
    /// From 18 to 64.
    Adult,
    /// 65 and over.
    Elder,
}

/// A group of people, as the reference population tells it; a dataset that says neither has no groups.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Group {
    /// Whether the citizenship is foreign.
    pub is_foreign: Option<bool>,
    /// The age on the last day of the newest quarter.
    pub age: Option<Age>,
}

const AGES: [Age; 4] = [Age::Newborn, Age::Minor, Age::Adult, Age::Elder];
/// Italy, in the list of ISTAT.
const ITALY: &str = "100";

impl Group {
    pub(super) fn seen(
        citizenship: Option<&str>,
        born: Option<i32>,
        today: Option<jiff::civil::Date>,
    ) -> Group {
        let months = born.zip(today).and_then(|(born, today)| {
            let epoch = jiff::civil::date(1970, 1, 1);
            let born = epoch
                .checked_add(jiff::Span::new().days(i64::from(born)))
                .ok()?;
            let months =
                |day: jiff::civil::Date| i32::from(day.year()) * 12 + i32::from(day.month());
            Some(months(today) - months(born))
        });
        Group {
            is_foreign: citizenship.map(|code| code != ITALY),
            age: months.map(|months| match months {
                ..12 => Age::Newborn,
                12..216 => Age::Minor,
                216..780 => Age::Adult,
                _ => Age::Elder,
            }),
        }
    }

    /// As the linkage carries it; none when nothing is known.
    pub(super) fn number(self) -> Option<u8> {
        let foreign = self
            .is_foreign
            .map_or(0, |is_foreign| 1 + u8::from(is_foreign));
        let age = self
            .age
            .and_then(|age| AGES.iter().position(|one| *one == age));
        let age = age.map_or(0, |place| 1 + place as u8);
        (foreign + age > 0).then_some(foreign * 5 + age)
    }

    pub(super) fn of(number: Option<u8>) -> Group {
        let Some(number) = number else {
            return Group::default();
        };
        Group {
            is_foreign: (number / 5).checked_sub(1).map(|foreign| foreign == 1),
            age: (number % 5)
                .checked_sub(1)
                .map(|age| AGES[usize::from(age)]),
        }
    }
}

/// The rows of a dataset about a group, and what became of those without a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The dataset.
    pub dataset: String,
    /// The group.
    pub group: Group,
    /// Its rows.
    pub rows: u64,
    /// Those without a valid code.
    pub without_code: u64,
    /// Those linked to a person with a code, by stage.
    pub linked: BTreeMap<String, u64>,
    /// Those linked to others without a code only, by stage.
    pub among_themselves: BTreeMap<String, u64>,
    /// Those that a person must decide.
    pub doubtful: u64,
}

impl Count {
    /// Those that belong to nobody.
    pub fn unlinked(&self) -> u64 {
        let linked: u64 = self
            .linked
            .values()
            .chain(self.among_themselves.values())
            .sum();
        self.without_code - linked
    }
}

/// The word for a stage.
pub(super) fn word(stage: &Stage) -> String {
    match stage {
        Stage::Token(name) => name.clone(),
        Stage::Encoding => "clk".to_owned(),
        Stage::Decision => "decision".to_owned(),
    }
}

pub(super) fn census(input: &Input, state: &State) -> Vec<Count> {
    let links: BTreeMap<(&str, i64), _> = state
        .links
        .iter()
        .map(|link| ((link.dataset.as_str(), link.record), link))
        .collect();
    let doubtful: BTreeSet<(&str, i64)> = state
        .doubts
        .iter()
        .flat_map(|doubt| doubt.about.records())
        .map(|(dataset, record)| (dataset.as_str(), *record))
        .collect();
    let mut counts = Vec::new();
    for source in &input.sources {
        let mut by_group: BTreeMap<Group, Count> = BTreeMap::new();
        for (row, record) in source.records.iter().enumerate() {
            let group = Group::of(source.facts[row].group);
            let count = by_group.entry(group).or_insert_with(|| Count {
                dataset: source.dataset.clone(),
                group,
                rows: 0,
                without_code: 0,
                linked: BTreeMap::new(),
                among_themselves: BTreeMap::new(),
                doubtful: 0,
            });
            count.rows += 1;
            if source.persons[row].is_some() {
                continue;
            }
            count.without_code += 1;
            let key = (source.dataset.as_str(), *record);
            count.doubtful += u64::from(doubtful.contains(&key));
            if let Some(link) = links.get(&key) {
                let by_stage = match link.is_coded {
                    true => &mut count.linked,
                    false => &mut count.among_themselves,
                };
                *by_stage.entry(word(&link.stage)).or_default() += 1;
            }
        }
        counts.extend(by_group.into_values());
    }
    counts
}
