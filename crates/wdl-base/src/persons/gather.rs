//! The input of the linkage, from what each delivery carries and from the rows that are in force.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use wdl_contract::{Contract, Semantic, Shape, Treatment};
use wdl_encoding::{Probe, Recipe, Role};
use wdl_linkage::staged::{self, Encoding, Facts, Input, Rows, Superseded, Touched};
use wdl_register::{Accepted, DELIVERY, LinkColumn, LinkColumns, RegisterError};
use wdl_vocab::{DeliveryId, Digest, Period};

use super::carried::Carried;
use super::census::Group;
use super::{Linkage, Linking};
use crate::fault::BuildError;
use crate::source::SourceFault;

/// The column of encodings.
const ENCODING: &str = "link_clk";

/// Which datasets are linked, and by which columns.
pub(super) struct Terms<'a> {
    contracts: Vec<(&'a Contract, LinkColumns)>,
    /// Every column of tokens of any recipe, once: the strictest first.
    probes: Vec<(LinkColumn, staged::Probe)>,
    reference: BTreeSet<String>,
}

impl<'a> Terms<'a> {
    /// Nothing when no contract names a recipe.
    pub(super) fn of(linking: &Linking<'a>) -> Result<Option<Terms<'a>>, BuildError> {
        let mut terms = Terms {
            contracts: Vec::new(),
            probes: Vec::new(),
            reference: BTreeSet::new(),
        };
        let mut contracts: Vec<&Contract> = linking.contracts.iter().collect();
        contracts.sort_by_key(|contract| contract.table());
        for contract in contracts {
            let Some(name) = &contract.linkage else {
                continue;
            };
            let Some(recipe) = linking.recipes.get(name) else {
                return Err(BuildError::UnknownRecipe {
                    contract: contract.id.clone(),
                    recipe: name.clone(),
                });
            };
            terms.reference.extend(recipe.reference.clone());
            let columns = terms.columns(recipe);
            terms.contracts.push((contract, columns));
        }
        Ok((!terms.contracts.is_empty()).then_some(terms))
    }

    fn columns(&mut self, recipe: &Recipe) -> LinkColumns {
        let mut columns = LinkColumns::default();
        for probe in recipe.combinations.iter().flat_map(Probe::of) {
            let fingerprint = probe.combination.fingerprint();
            let column = LinkColumn {
                name: probe.column(),
                // Another recipe of the same name has another fingerprint, and its tokens never meet these.
                domain: format!("link/{}/{}", probe.combination.id, fingerprint.short(8)),
                fingerprint: fingerprint.to_string(),
            };
            self.add(&column, probe.role == Role::Plain);
            columns.tokens.push(column);
        }
        columns.encoding = recipe.clk.as_ref().map(|rule| LinkColumn {
            name: ENCODING.to_owned(),
            domain: ENCODING.to_owned(),
            fingerprint: rule.fingerprint().to_string(),
        });
        columns
    }

    fn add(&mut self, column: &LinkColumn, is_plain: bool) {
        if self.probes.iter().any(|(known, _)| known == column) {
            return;
        }
        let same = self.probes.iter();
        let mut same = same.filter(|(known, _)| known.domain == column.domain);
        let next = self
            .probes
            .iter()
            .map(|(_, probe)| probe.combination + 1)
            .max();
        let combination = match same.next() {
            Some((_, probe)) => probe.combination,
            None => next.unwrap_or_default(),
        };
        let name = column.name.trim_start_matches("link_").to_owned();
        let probe = staged::Probe {
            name,
            combination,
            is_plain,
        };
        self.probes.push((column.clone(), probe));
    }

    /// What decides beside the rows.
    pub(super) fn digest(&self) -> Digest {
        let mut text = format!("{}\n{:?}\n", staged::METHOD, self.reference);
        for (contract, columns) in &self.contracts {
            text += &format!("{} {columns:?}\n", contract.table());
        }
        Digest::of(text.as_bytes())
    }

    pub(super) fn input_hash(&self, linking: &Linking<'_>) -> Digest {
        let mut text = format!("{}\n", self.digest());
        // The newest quarter says which history is open to revision, whatever dataset it came with.
        let newest = linking.accepted.iter().map(|one| one.period).max();
        text += &format!("{} {newest:?}\n", super::REVISION);
        for (contract, _) in &self.contracts {
            for one in of_contract(linking.accepted, contract) {
                text += &format!("{} {} {}\n", place(linking, one), one.delivery, one.content);
            }
        }
        for decision in linking.decisions {
            text += &format!("{decision:?}\n");
        }
        Digest::of(text.as_bytes())
    }
}

fn of_contract<'a>(
    accepted: &'a [Accepted],
    contract: &'a Contract,
) -> impl Iterator<Item = &'a Accepted> {
    accepted
        .iter()
        .filter(|one| one.body == contract.body && one.dataset == contract.dataset)
}

/// The place of a delivery among all that came.
pub(super) fn place(linking: &Linking<'_>, one: &Accepted) -> u32 {
    let found = linking.order.iter().position(|id| *id == one.delivery);
    found.unwrap_or(linking.order.len()) as u32
}

/// Whether a dataset has pseudonyms of persons at all.
pub(super) fn has_persons(contract: &Contract) -> bool {
    let mut columns = contract.delivered();
    columns.any(|column| matches!(column.treatment, Treatment::Oprf(_)))
}

/// The input, with what each delivery carried.
pub(super) struct Gathered {
    pub(super) input: Input,
    /// The deliveries it was gathered from, in the order they came.
    pub(super) deliveries: Vec<DeliveryId>,
    /// By dataset, in the order of `input.sources`: what each delivery carried.
    pub(super) carried: Vec<Vec<Carried>>,
    /// The columns of each dataset, as places among the probes.
    pub(super) places: Vec<Vec<usize>>,
    /// The newest period of any delivery in force.
    pub(super) newest: Option<Period>,
}

/// What came since an earlier linkage.
#[derive(Default)]
pub(super) struct New {
    pub(super) touched: Touched,
    /// Rows that came again and had no code before.
    pub(super) had_none: Vec<(String, i64)>,
}

impl Gathered {
    pub(super) fn of(linking: &Linking<'_>, terms: &Terms<'_>) -> Result<Gathered, BuildError> {
        let mut gathered = Gathered {
            input: Input {
                probes: terms
                    .probes
                    .iter()
                    .map(|(_, probe)| probe.clone())
                    .collect(),
                sources: Vec::new(),
                decisions: linking.decisions.to_vec(),
            },
            deliveries: Vec::new(),
            carried: Vec::new(),
            places: Vec::new(),
            newest: linking.accepted.iter().map(|one| one.period).max(),
        };
        let newest = gathered.newest;
        for (contract, columns) in &terms.contracts {
            let fault = |error: RegisterError| SourceFault::Told {
                table: contract.table(),
                fault: Box::new(error),
            };
            let mut carried = Vec::new();
            for one in of_contract(linking.accepted, contract) {
                let rows = linking
                    .register
                    .link_rows(contract, one, columns, linking.secrets)
                    .map_err(fault)?;
                carried.push(Carried {
                    delivery: one.delivery.clone(),
                    period: one.period,
                    rows,
                });
            }
            let batch = linking
                .register
                .dataset(contract, linking.accepted)
                .map_err(fault)?;
            let at = |column: &LinkColumn| terms.probes.iter().position(|(one, _)| one == column);
            let places: Vec<usize> = columns.tokens.iter().filter_map(at).collect();
            let dataset = Dataset {
                contract,
                batch: &batch,
                places: &places,
                is_reference: terms.reference.contains(&contract.table()),
                today: newest.map(|period| period.last_day()),
            };
            let source = dataset.rows(linking, &carried, terms.probes.len());
            gathered
                .deliveries
                .extend(carried.iter().map(|one| one.delivery.clone()));
            gathered.input.sources.push(source);
            gathered.carried.push(carried);
            gathered.places.push(places);
        }
        // A decision is told with the newest delivery of its time that is linked.
        let place = |delivery: &DeliveryId| {
            let mut order = linking.order.iter();
            order.position(|one| one == delivery).map(|at| at as u32)
        };
        let places: BTreeSet<u32> = gathered.deliveries.iter().filter_map(place).collect();
        for decision in &mut gathered.input.decisions {
            let newest = places.range(..=decision.delivery).next_back();
            decision.delivery = newest.copied().unwrap_or_default();
        }
        Ok(gathered)
    }

    /// What came since an earlier linkage.
    pub(super) fn new_since(&self, earlier: &Linkage) -> New {
        let known: BTreeSet<&DeliveryId> = earlier.deliveries.iter().collect();
        let mut new = New::default();
        let (before, after): (BTreeSet<_>, BTreeSet<_>) = (
            earlier.decisions.iter().collect(),
            self.input.decisions.iter().collect(),
        );
        for decision in before.symmetric_difference(&after) {
            let about = &decision.about;
            new.touched.persons.extend(&about.persons);
            new.touched.records.extend(about.records().cloned());
        }
        let sources = self
            .input
            .sources
            .iter()
            .zip(&self.carried)
            .zip(&self.places);
        for ((source, carried), places) in sources {
            let fresh = carried.iter().filter(|one| !known.contains(&one.delivery));
            let records: HashSet<i64> = fresh
                .flat_map(|one| one.rows.records.iter().copied())
                .collect();
            if records.is_empty() {
                continue;
            }
            let mut had: BTreeMap<i64, Option<i64>> = BTreeMap::new();
            for Carried { delivery, rows, .. } in carried {
                let is_known = known.contains(delivery);
                for (row, record) in rows.records.iter().enumerate() {
                    if !records.contains(record) {
                        continue;
                    }
                    if is_known {
                        had.insert(*record, rows.persons[row]);
                    }
                    new.touched.persons.extend(rows.persons[row]);
                    for (tokens, probe) in rows.tokens.iter().zip(places) {
                        let combination = self.input.probes[*probe].combination;
                        new.touched
                            .tokens
                            .extend(tokens[row].map(|token| (combination, token)));
                    }
                }
            }
            let all = records
                .into_iter()
                .map(|record| (source.dataset.clone(), record));
            new.touched.records.extend(all);
            let none = had.into_iter().filter(|(_, person)| person.is_none());
            new.had_none
                .extend(none.map(|(record, _)| (source.dataset.clone(), record)));
        }
        new
    }
}

/// One dataset on its way into the input.
struct Dataset<'a> {
    contract: &'a Contract,
    /// The rows in force.
    batch: &'a RecordBatch,
    places: &'a [usize],
    is_reference: bool,
    today: Option<jiff::civil::Date>,
}

impl Dataset<'_> {
    fn rows(&self, linking: &Linking<'_>, carried: &[Carried], probes: usize) -> Rows {
        let key = self.contract.key().map(|column| column.name.as_str());
        let person = wdl_register::person_column(self.contract);
        let person = person.map(|column| column.name.as_str());
        let records = self.numbers(key);
        let count = records.len();
        let mut rows = Rows {
            dataset: self.contract.table(),
            is_reference: self.is_reference,
            records: records.into_iter().map(Option::unwrap_or_default).collect(),
            persons: self.numbers(person),
            deliveries: vec![0; count],
            facts: self.facts(),
            tokens: vec![vec![None; count]; probes],
            encodings: Vec::new(),
            superseded: Vec::new(),
        };
        let ids: Vec<u32> = carried
            .iter()
            .map(|one| {
                let found = linking.order.iter().position(|id| *id == one.delivery);
                found.unwrap_or(linking.order.len()) as u32
            })
            .collect();
        let came_with = self.came_with(carried);
        for (row, came) in came_with.iter().enumerate() {
            let Some(came) = *came else { continue };
            rows.deliveries[row] = ids[came];
            let of = &carried[came].rows;
            let Ok(at) = of.records.binary_search(&rows.records[row]) else {
                continue;
            };
            for (tokens, place) in of.tokens.iter().zip(self.places) {
                rows.tokens[*place][row] = tokens[at];
            }
            let encoding = of
                .encodings
                .binary_search_by_key(&at, |(row, _)| *row as usize);
            let encoding = encoding
                .ok()
                .map(|at| Encoding::from_bytes(&of.encodings[at].1));
            rows.encodings.extend(encoding.map(|one| (row as u32, one)));
        }
        self.first_came(&mut rows, &ids, carried);
        rows.superseded = self.superseded(&rows, &came_with, carried, probes);
        rows
    }

    /// A row that came again as it was counts from the delivery that first said the same code and tokens.
    fn first_came(&self, rows: &mut Rows, ids: &[u32], carried: &[Carried]) {
        for (number, Carried { rows: of, .. }) in carried.iter().enumerate() {
            for (at, record) in of.records.iter().enumerate() {
                let Ok(row) = rows.records.binary_search(record) else {
                    continue;
                };
                let mut tokens = of.tokens.iter().zip(self.places);
                let is_same = rows.persons[row] == of.persons[at]
                    && tokens.all(|(tokens, place)| rows.tokens[*place][row] == tokens[at]);
                if is_same {
                    rows.deliveries[row] = rows.deliveries[row].min(ids[number]);
                }
            }
        }
    }

    /// The codes that rows had in deliveries before.
    fn superseded(
        &self,
        rows: &Rows,
        came_with: &[Option<usize>],
        carried: &[Carried],
        probes: usize,
    ) -> Vec<Superseded> {
        let mut found = Vec::new();
        for (number, Carried { rows: of, .. }) in carried.iter().enumerate() {
            for (at, record) in of.records.iter().enumerate() {
                let Some(person) = of.persons[at] else {
                    continue;
                };
                let Ok(row) = rows.records.binary_search(record) else {
                    continue;
                };
                if came_with[row] == Some(number) || rows.persons[row] == Some(person) {
                    continue;
                }
                let mut tokens = vec![None; probes];
                for (column, place) in of.tokens.iter().zip(self.places) {
                    tokens[*place] = column[at];
                }
                found.push(Superseded {
                    row: row as u32,
                    person,
                    tokens,
                });
            }
        }
        found.sort_by(|a, b| (a.row, a.person, &a.tokens).cmp(&(b.row, b.person, &b.tokens)));
        found.dedup();
        found
    }

    /// With which of the deliveries each row came.
    fn came_with(&self, carried: &[Carried]) -> Vec<Option<usize>> {
        let Some(marks) = self.batch.column_by_name(DELIVERY) else {
            return vec![None; self.batch.num_rows()];
        };
        let marks = marks.as_dictionary::<Int32Type>();
        let names = marks.values().as_string::<i32>();
        let places: Vec<Option<usize>> = names
            .iter()
            .map(|name| {
                carried
                    .iter()
                    .position(|one| Some(one.delivery.as_str()) == name)
            })
            .collect();
        let keys = marks.keys().iter();
        keys.map(|key| places[usize::try_from(key?).ok()?])
            .collect()
    }

    fn numbers(&self, name: Option<&str>) -> Vec<Option<i64>> {
        let column = name.and_then(|name| self.batch.column_by_name(name));
        match column.and_then(|column| column.as_primitive_opt::<Int64Type>()) {
            Some(column) => column.iter().collect(),
            None => vec![None; self.batch.num_rows()],
        }
    }

    fn days(&self, name: Option<&str>) -> Vec<Option<i32>> {
        let column = name.and_then(|name| self.batch.column_by_name(name));
        match column.and_then(|column| column.as_primitive_opt::<Date32Type>()) {
            Some(column) => column.iter().collect(),
            None => vec![None; self.batch.num_rows()],
        }
    }

    fn texts(&self, name: Option<&str>) -> Vec<Option<&str>> {
        let column = name.and_then(|name| self.batch.column_by_name(name));
        match column.and_then(|column| column.as_string_opt::<i32>()) {
            Some(column) => column.iter().collect(),
            None => vec![None; self.batch.num_rows()],
        }
    }

    fn facts(&self) -> Vec<Facts> {
        let meaning = |semantic: Semantic| {
            let mut columns = self.contract.delivered();
            let column = columns.find(|column| column.semantic.as_ref() == Some(&semantic));
            column.map(|column| column.name.as_str())
        };
        let domain = |wanted: &str| {
            let mut columns = self.contract.delivered();
            let is_it = |column: &&wdl_contract::Column| matches!(&column.treatment, Treatment::Keyed(domain) if domain == wanted);
            columns.find(is_it).map(|column| column.name.as_str())
        };
        let is_episode = self.contract.shape == Shape::Episode;
        let time = |name: &'static str| is_episode.then_some(name);
        let born = self.days(meaning(Semantic::BirthDate));
        let sex = self.texts(meaning(Semantic::Sex));
        let citizenship = self.texts(meaning(Semantic::Other("istat.citizenship".to_owned())));
        let (from, until) = (self.days(time("valid_from")), self.days(time("valid_to")));
        let (household, dwelling) = (
            self.numbers(domain("household")),
            self.numbers(domain("dwelling")),
        );
        (0..self.batch.num_rows())
            .map(|row| Facts {
                born: born[row],
                sex: sex[row].and_then(|text| text.bytes().next()),
                from: from[row],
                until: until[row],
                household: household[row],
                dwelling: dwelling[row],
                group: Group::seen(citizenship[row], born[row], self.today).number(),
            })
            .collect()
    }
}
