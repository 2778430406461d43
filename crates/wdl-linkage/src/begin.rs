//! What a run begins with: the model checked against the records, fields in normal form, blocks.

use thiserror::Error;

use crate::block::{Room, Rule, Scope, Sources, blocks, resolve};
use crate::compare::{FIELDS_MAX, levels};
use crate::data::Data;
use crate::estimate::Place;
use crate::frequencies::Frequencies;
use crate::model::{BlockingRule, Key, Kind, Model, Part};
use crate::outcome::SetAside;
use crate::passes::Ruled;
use crate::prepare::{Records, prepare};
use crate::propose::Proposer;
use crate::set_aside::set_aside;
use crate::straighten::exchanged_in;

/// Why records cannot be linked by a model.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LinkError {
    /// Nothing is compared.
    #[error("the model compares no column")]
    NoFields,
    /// More is compared than a pattern holds.
    #[error("the model compares {count} columns and pairs of columns; {FIELDS_MAX} are the most")]
    TooManyFields {
        /// How many.
        count: usize,
    },
    /// A column is not there.
    #[error("the records have no column `{column}`")]
    NoColumn {
        /// The column.
        column: String,
    },
    /// A rule names a column that is not compared, a part that its values do not have, or none at all.
    #[error(
        "the blocking rule `{rule}` names no column, or one that the model does not compare, or a part that the column does not have"
    )]
    Rule {
        /// The rule.
        rule: String,
    },
    /// More rules than a pair can be marked with.
    #[error("the model has {count} blocking rules; {RULES_MAX} are the most")]
    TooManyRules {
        /// How many.
        count: usize,
    },
    /// There is no source.
    #[error("there are no records")]
    NoSource,
}

/// A pair is marked with the rules that find it.
const RULES_MAX: usize = 16;
/// Pairs looked at for each record, and at least in all.
const PAIRS_PER_RECORD: f64 = 20.0;
const PAIRS_MIN: f64 = 600_000.0;
/// A block may hold so small a share of all pairs that are looked at.
const BLOCK_SHARE: f64 = 0.02;
/// How often rules are proposed anew when some turn out to find far more pairs than the frequencies of their values let expect.
const PROPOSALS: usize = 4;

/// Records ready to be paired.
pub(crate) struct Begun {
    pub(crate) records: Records,
    pub(crate) frequencies: Frequencies,
    pub(crate) sources: Sources,
    pub(crate) scope: Scope,
    pub(crate) rules: Vec<Ruled>,
    /// Blocks of more pairs are left out.
    pub(crate) most: u64,
    /// Pairs of fields that may be exchanged.
    pub(crate) crossed: Vec<(usize, usize)>,
    /// Values that stand for none.
    pub(crate) set_aside: Vec<SetAside>,
    /// What each place of a pattern compares, with its number of levels.
    pub(crate) places: Vec<(Place, usize)>,
}

impl Begun {
    pub(crate) fn of(data: &Data, model: &Model) -> Result<Begun, LinkError> {
        let (crossed, rules) = check(data, model)?;
        let mut records = prepare(data, &model.fields);
        let mut frequencies = straightened(data, &mut records, &crossed);
        let set_aside = set_aside(data, &model.fields, &mut records, &mut frequencies);
        let sources = Sources::of(data);
        let scope = match data.sources.len() {
            1 => Scope::Inside,
            _ => Scope::Between,
        };
        let budget = (PAIRS_PER_RECORD * data.len() as f64).max(PAIRS_MIN);
        let most = (budget * BLOCK_SHARE) as u64;
        let mut room = Room::default();
        let rules = match rules.is_empty() {
            true => proposed(
                &mut records,
                &frequencies,
                (&sources, scope),
                (budget, most),
                &mut room,
            ),
            false => rules
                .into_iter()
                .map(|rule| ruled(&mut records, (&sources, scope), (most, &mut room), rule))
                .collect(),
        };
        let fields = model.fields.iter();
        let fields = fields.map(|field| (Place::Field(field.kind), levels(field.kind).len()));
        let orders = crossed.iter().map(|_| (Place::Order, 2));
        Ok(Begun {
            places: fields.chain(orders).collect(),
            records,
            frequencies,
            sources,
            scope,
            rules,
            most,
            crossed,
            set_aside,
        })
    }
}

/// Puts the columns back that a source holds exchanged throughout, and counts the values.
fn straightened(data: &Data, records: &mut Records, crossed: &[(usize, usize)]) -> Frequencies {
    let frequencies = Frequencies::of(data, records);
    let exchanged = exchanged_in(&frequencies, crossed);
    if exchanged.iter().all(Vec::is_empty) {
        return frequencies;
    }
    for (source, pairs) in data.sources.iter().zip(exchanged) {
        for pair in pairs {
            records.exchange(source.records.clone(), pair);
        }
    }
    Frequencies::of(data, records)
}

/// A rule with the names of its columns.
pub(crate) fn named(rule: &Rule, model: &Model) -> BlockingRule {
    let key = |(field, part): &(usize, _)| Key {
        column: model.fields[*field].column.clone(),
        part: *part,
    };
    BlockingRule(rule.0.iter().map(key).collect())
}

type Resolved = (Vec<(usize, usize)>, Vec<Rule>);

/// The places of what the model names.
fn check(data: &Data, model: &Model) -> Result<Resolved, LinkError> {
    if data.sources.is_empty() {
        return Err(LinkError::NoSource);
    }
    let columns: Vec<&str> = model
        .fields
        .iter()
        .map(|field| field.column.as_str())
        .collect();
    if columns.is_empty() {
        return Err(LinkError::NoFields);
    }
    let missing = |column: &str| LinkError::NoColumn {
        column: column.to_owned(),
    };
    if let Some(column) = columns.iter().find(|column| data.column(column).is_none()) {
        return Err(missing(column));
    }
    let count = columns.len() + model.crossed.len();
    if count > FIELDS_MAX {
        return Err(LinkError::TooManyFields { count });
    }
    let count = model.blocking.len();
    if count > RULES_MAX {
        return Err(LinkError::TooManyRules { count });
    }
    let place = |column: &String| {
        let place = columns.iter().position(|known| known == column);
        place.ok_or_else(|| missing(column))
    };
    let crossed = model
        .crossed
        .iter()
        .map(|(one, other)| Ok((place(one)?, place(other)?)))
        .collect::<Result<_, LinkError>>()?;
    let fits = |rule: &Rule| {
        let mut parts = rule.0.iter();
        !rule.0.is_empty() && parts.all(|(field, part)| has_part(model.fields[*field].kind, *part))
    };
    let rules = model.blocking.iter().map(|rule| {
        let found = resolve(rule, &columns).filter(|rule| fits(rule));
        found.ok_or_else(|| LinkError::Rule {
            rule: rule.to_string(),
        })
    });
    Ok((crossed, rules.collect::<Result<_, _>>()?))
}

/// Whether values of a kind have a part: only a day has a year, and only a name has a sound.
fn has_part(kind: Kind, part: Part) -> bool {
    match part {
        Part::Whole | Part::Head | Part::Tail => true,
        Part::Sound => matches!(kind, Kind::GivenName | Kind::Surname | Kind::FullName),
        Part::Year | Part::YearMonth | Part::MonthDay => kind == Kind::BirthDate,
    }
}

/// Brings the records of a rule together and counts its pairs.
fn ruled(
    records: &mut Records,
    (sources, scope): (&Sources, Scope),
    (most, room): (u64, &mut Room),
    rule: Rule,
) -> Ruled {
    for (field, part) in &rule.0 {
        records.prepare_part(*field, *part);
    }
    let blocks = blocks(records, &rule, room);
    let (count, within) = blocks.count(sources, scope, most);
    Ruled {
        count,
        within,
        rule,
        blocks,
    }
}

/// Rules from the data; one that finds more pairs than all may is given up and others are sought.
fn proposed(
    records: &mut Records,
    frequencies: &Frequencies,
    (sources, scope): (&Sources, Scope),
    (budget, most): (f64, u64),
    room: &mut Room,
) -> Vec<Ruled> {
    let all = sources.all_pairs(scope);
    let proposer = Proposer::new(records, frequencies, all, budget);
    let mut kept: Vec<Ruled> = Vec::new();
    let mut refused: Vec<Rule> = Vec::new();
    for _ in 0..PROPOSALS {
        let rules = proposer.rules(&refused);
        let before = refused.len();
        let mut known = std::mem::take(&mut kept);
        for rule in rules {
            let place = known.iter().position(|ruled| ruled.rule == rule);
            let found = match place {
                Some(place) => known.swap_remove(place),
                None => ruled(records, (sources, scope), (most, room), rule),
            };
            match found.count.pairs as f64 > budget {
                true => refused.push(found.rule),
                false => kept.push(found),
            }
        }
        if refused.len() == before {
            break;
        }
    }
    kept
}
