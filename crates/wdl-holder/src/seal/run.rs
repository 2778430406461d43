//! Who is named in the files of a run, and the tokens of those the body has not met before.
//!
//! One dataset after the other, so that nobody is asked for twice.
//! What is new of a dataset is in memory at once, since it is declared as a whole; its rows are not.

use std::collections::BTreeMap;

use arrow::array::{Array as _, AsArray as _, StringArray};
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;
use wdl_contract::{Contract, Treatment};
use wdl_vocab::DatasetId;
use zeroize::Zeroizing;

use crate::check::Checked;
use crate::error::HolderError;
use crate::seal::Sealing;
use crate::seal::linkage::{self, KEY_KIND, Linkage, Wanted};
use crate::seal::people::{People, PersonKey};
use crate::seal::tokens::{Asking, Pair, Pins, Purpose};
use crate::seal::transform::person_key;

/// The people of a dataset.
#[derive(Clone, Copy, Default)]
pub(crate) struct Asked {
    /// Asked of the custodians.
    pub(crate) new: u64,
    /// Already in the map.
    pub(crate) known: u64,
}

/// A run over the datasets of a quarter: who is known, and the custodians' keys.
pub(crate) struct Run<'a> {
    pub(crate) sealing: &'a Sealing<'a>,
    pub(crate) people: People,
    /// How many of them the body's folder holds.
    kept: usize,
    pinned: Option<Pins>,
    /// The custodians, once somebody new must be asked for.
    pair: Option<Pair<'a>>,
}

/// The map is sealed and written whole: a dataset that brought less than one person in so many waits for the end of the run.
const MUCH: usize = 8;

/// The values of one column that the custodians are asked for, each once.
type New = BTreeMap<PersonKey, Zeroizing<Vec<u8>>>;

/// What a dataset names.
struct Named {
    /// The columns: their kind of token and their new values.
    columns: Vec<(String, New)>,
    /// How many people of the code column are in the map.
    known: std::collections::BTreeSet<PersonKey>,
    /// How many columns are codes of people; the others were made for linkage.
    codes: usize,
}

impl<'a> Run<'a> {
    pub(crate) fn new(sealing: &'a Sealing<'a>) -> Result<Run<'a>, HolderError> {
        let Sealing { body, realm, .. } = sealing;
        let people = People::read(&body.map_file(realm), &body.map)?;
        Ok(Run {
            sealing,
            kept: people.len(),
            people,
            pinned: match Pins::read(&body.pins_file(realm))? {
                None => sealing.custodian_keys.cloned().map(Pins::given),
                kept => kept,
            },
            pair: None,
        })
    }

    /// Asks the custodians for what a file names and the map does not hold.
    pub(crate) fn ask(
        &mut self,
        contract: &Contract,
        checked: &mut Checked<'_>,
        linkage: Option<&Linkage<'_>>,
    ) -> Result<Asked, HolderError> {
        let has_people = contract
            .columns
            .iter()
            .any(|column| matches!(column.treatment, Treatment::Oprf(_)));
        if !has_people && linkage.is_none() {
            return Ok(Asked::default());
        }
        let rows = checked.accepted;
        let named = self.named(contract, checked, linkage)?;
        let mut asked = Asked {
            new: 0,
            known: named.known.len() as u64,
        };
        for (nth, (kind, new)) in named.columns.into_iter().enumerate() {
            if nth < named.codes {
                asked.new += new.len() as u64;
            }
            // Another column of the same combination may have learnt some of them meanwhile.
            let new: Vec<(PersonKey, &[u8])> = new
                .iter()
                .filter(|(key, _)| self.people.token(key).is_none())
                .map(|(key, value)| (*key, value.as_slice()))
                .collect();
            self.learn(&contract.dataset, (&kind, &new), rows)?;
        }
        if self.unkept() * MUCH >= self.people.len() {
            self.keep()?;
        }
        Ok(asked)
    }

    /// Reads the accepted rows once for what they name.
    fn named(
        &self,
        contract: &Contract,
        checked: &mut Checked<'_>,
        linkage: Option<&Linkage<'_>>,
    ) -> Result<Named, HolderError> {
        let hashing = &self.sealing.body.hashing;
        let codes: Vec<(usize, &str)> = contract
            .columns
            .iter()
            .enumerate()
            .filter_map(|(place, column)| match &column.treatment {
                Treatment::Oprf(domain) => Some((place, domain.as_str())),
                _ => None,
            })
            .collect();
        let mut named = Named {
            columns: codes
                .iter()
                .map(|(_, domain)| ((*domain).to_owned(), New::new()))
                .collect(),
            known: Default::default(),
            codes: codes.len(),
        };
        let probes: Vec<_> = linkage
            .iter()
            .flat_map(|linkage| linkage.probes())
            .collect();
        let kinds = probes
            .iter()
            .map(|probe| (linkage::kind(*probe), New::new()));
        named.columns.extend(kinds);
        if let Some(key) = linkage.and_then(|linkage| linkage.key_wanted(hashing)) {
            named
                .columns
                .push((KEY_KIND.to_owned(), New::from([(key.key, key.value)])));
        }
        for batch in checked.typed() {
            let batch = batch?.batch;
            for (nth, (place, domain)) in codes.iter().enumerate() {
                let Some(texts) = batch.column(*place).as_string_opt::<i32>() else {
                    continue;
                };
                for (key, row) in self.distinct(domain, texts) {
                    match self.people.token(&key) {
                        Some(_) => {
                            named.known.insert(key);
                        }
                        None => {
                            let code = texts.value(row).as_bytes();
                            let new = &mut named.columns[nth].1;
                            new.entry(key)
                                .or_insert_with(|| Zeroizing::new(code.to_vec()));
                        }
                    }
                }
            }
            if let Some(linkage) = linkage {
                self.combinations(linkage, &batch, &mut named.columns[codes.len()..]);
            }
        }
        Ok(named)
    }

    /// The new values of the columns made for linkage.
    fn combinations(
        &self,
        linkage: &Linkage<'_>,
        batch: &RecordBatch,
        columns: &mut [(String, New)],
    ) {
        let records = linkage.records(batch);
        for (probe, (_, new)) in linkage.probes().zip(columns) {
            let wanted = linkage.wanted(probe, &records, &self.sealing.body.hashing);
            let unknown = wanted.into_iter().flatten();
            let unknown = unknown.filter(|wanted| self.people.token(&wanted.key).is_none());
            new.extend(unknown.map(|Wanted { key, value }| (key, value)));
        }
    }

    /// Each person of a column once, with a row that names them.
    fn distinct(&self, domain: &str, codes: &StringArray) -> Vec<(PersonKey, usize)> {
        let hashing = &self.sealing.body.hashing;
        let mut keyed: Vec<(PersonKey, usize)> = (0..codes.len())
            .into_par_iter()
            .with_min_len(1024)
            .filter(|row| codes.is_valid(*row))
            .map(|row| {
                (
                    person_key(hashing, domain, codes.value(row).as_bytes()),
                    row,
                )
            })
            .collect();
        keyed.par_sort_unstable();
        keyed.dedup_by_key(|(person, _)| *person);
        keyed
    }

    /// Learns tokens from the custodians; who was proved is kept at once when one of them fails, else by [`Run::keep`].
    pub(crate) fn learn(
        &mut self,
        dataset: &DatasetId,
        (kind, new): (&str, &[(PersonKey, &[u8])]),
        rows: u64,
    ) -> Result<(), HolderError> {
        if new.is_empty() {
            return Ok(());
        }
        let sealing = self.sealing;
        let pair = match &mut self.pair {
            Some(pair) => pair,
            empty => empty.insert(meet(sealing, self.pinned.as_ref())?),
        };
        sealing.progress.begin(new.len() as u64);
        let asking = Asking {
            pair,
            signing: &sealing.body.signing,
            progress: sealing.progress,
        };
        let purpose = Purpose {
            realm: sealing.realm,
            body: &sealing.body.id,
            dataset,
            period: sealing.period,
            rows,
            created: sealing.created,
        };
        let outcome = asking.learn(&purpose, (kind, new), &mut self.people);
        if outcome.is_err() {
            self.keep()?;
        }
        outcome
    }

    /// How many people were learnt that the body's folder does not hold yet.
    fn unkept(&self) -> usize {
        self.people.len() - self.kept
    }

    /// Keeps the map of people and the custodians' keys for the next quarter, when somebody new is in it.
    pub(crate) fn keep(&mut self) -> Result<(), HolderError> {
        let (Some(pair), 1..) = (&self.pair, self.unkept()) else {
            return Ok(());
        };
        let Sealing { body, realm, .. } = self.sealing;
        pair.pins.write(&body.pins_file(realm))?;
        self.people.write(&body.map_file(realm), &body.map)?;
        self.kept = self.people.len();
        Ok(())
    }
}

fn meet<'a>(sealing: &Sealing<'a>, pinned: Option<&Pins>) -> Result<Pair<'a>, HolderError> {
    let &[first, second] = sealing.custodians else {
        return Err(HolderError::CustodiansNeeded(sealing.custodians.len()));
    };
    Ok(Pair::meet(
        [first, second],
        sealing.custodian_names,
        sealing.realm,
        pinned,
    )?)
}
