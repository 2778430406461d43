//! Decides within one group of rows: first which codes were replaced, then, from the strictest token to the loosest, whose the rows without a code are.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::Blocks;
use super::replaced::{self, Coded, Verdict};
use super::{Cause, Doubt, Evidence, Link, Replaced, Stage, State};

/// What was decided so far.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) links: Vec<Link>,
    pub(super) replaced: Vec<Replaced>,
    pub(super) doubts: Vec<Doubt>,
    /// Rows that are one person's, without a code, for the stage of encodings.
    pub(super) residue: Vec<Left>,
}

/// Rows of one person that no token gave a code, with the column that joined each, if any.
pub(super) struct Left {
    pub(super) rows: Vec<(u32, Option<Joined>)>,
}

/// How a row came to others.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    pub(super) stage: Stage,
    pub(super) delivery: u32,
}

impl Outcome {
    pub(super) fn finish(mut self) -> State {
        self.links.sort();
        self.replaced.sort();
        self.doubts.sort();
        State {
            links: self.links,
            replaced: self.replaced,
            doubts: self.doubts,
        }
    }
}

/// The members of a group: codes with their rows, then single rows without one.
struct Group<'b, 'a> {
    blocks: &'b Blocks<'a>,
    members: Vec<(Option<i64>, Vec<u32>)>,
    /// For each member, the member that leads its cluster.
    leaders: Vec<usize>,
    /// How a row without a code was joined.
    joined: Vec<Option<Joined>>,
    is_doubtful: Vec<bool>,
    /// Codes that were replaced.
    old: BTreeSet<i64>,
    doubts: BTreeSet<Doubt>,
}

/// Resolves one group.
pub(super) fn resolve(blocks: &Blocks<'_>, rows: &[u32], outcome: &mut Outcome) {
    let mut group = Group::new(blocks, rows);
    for replaced in group.codes() {
        outcome.replaced.push(replaced);
    }
    for probe in 0..blocks.input.probes.len() {
        group.tokens(probe);
    }
    group.tell(outcome);
}

impl<'b, 'a> Group<'b, 'a> {
    fn new(blocks: &'b Blocks<'a>, rows: &[u32]) -> Group<'b, 'a> {
        let mut coded: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
        let mut members: Vec<(Option<i64>, Vec<u32>)> = Vec::new();
        for row in rows {
            match blocks.person(*row) {
                Some(person) => coded.entry(person).or_default().push(*row),
                None => members.push((None, vec![*row])),
            }
        }
        members.splice(
            0..0,
            coded.into_iter().map(|(person, rows)| (Some(person), rows)),
        );
        Group {
            blocks,
            leaders: (0..members.len()).collect(),
            joined: vec![None; members.len()],
            is_doubtful: vec![false; members.len()],
            members,
            old: BTreeSet::new(),
            doubts: BTreeSet::new(),
        }
    }

    /// Which codes were replaced.
    fn codes(&mut self) -> Vec<Replaced> {
        let mut found = self.vanished();
        for (probe, token, codes) in self.coded() {
            match codes.as_slice() {
                [] | [_] => {}
                [a, b] if self.leaders[*a] == self.leaders[*b] => {}
                [a, b] => found.extend(self.pair([*a, *b], (probe, token))),
                several => self.doubt(Cause::SeveralCodes, several),
            }
        }
        // A code that replaced one and was replaced itself: the last one is the person's.
        let next: BTreeMap<i64, i64> = found.iter().map(|one| (one.old, one.new)).collect();
        for one in &mut found {
            while let Some(new) = next.get(&one.new) {
                one.new = *new;
            }
        }
        found
    }

    /// The members with a code who bear each plain token.
    fn coded(&self) -> Vec<(usize, i64, Vec<usize>)> {
        let probes = self.blocks.input.probes.iter().enumerate();
        let plain = probes.filter(|(_, about)| about.is_plain);
        plain
            .flat_map(|(probe, _)| {
                self.bearers(probe)
                    .into_iter()
                    .map(move |(token, members)| {
                        let is_coded = |member: &usize| self.members[*member].0.is_some();
                        (probe, token, members.into_iter().filter(is_coded).collect())
                    })
            })
            .collect()
    }

    /// Codes that rows had before, and that stand on no row any more.
    fn vanished(&mut self) -> Vec<Replaced> {
        let mut heirs: BTreeMap<i64, BTreeMap<usize, u32>> = BTreeMap::new();
        for (probe, token, codes) in self.coded() {
            let [member] = codes.as_slice() else { continue };
            for row in &self.members[*member].1 {
                for old in self.blocks.superseded(*row) {
                    let had = || replaced::had(self.blocks, &[*row], old.person, (probe, token));
                    if !self.blocks.knows(old.person) && had() {
                        let delivery = self.blocks.delivery(*row);
                        let first = heirs.entry(old.person).or_default().entry(*member);
                        first
                            .and_modify(|known| *known = delivery.min(*known))
                            .or_insert(delivery);
                    }
                }
            }
        }
        let mut found = Vec::new();
        for (old, heirs) in heirs {
            match heirs.into_iter().collect::<Vec<_>>().as_slice() {
                [(member, delivery)] => {
                    self.old.insert(old);
                    found.extend(self.members[*member].0.map(|new| Replaced {
                        old,
                        new,
                        evidence: Evidence::SameRow,
                        delivery: *delivery,
                    }));
                }
                several => {
                    let members: Vec<usize> = several.iter().map(|(member, _)| *member).collect();
                    self.doubt(Cause::SeveralCodes, &members);
                }
            }
        }
        found
    }

    fn pair(&mut self, pair: [usize; 2], at: (usize, i64)) -> Option<Replaced> {
        let coded = pair.map(|member| {
            let (person, rows) = &self.members[member];
            Coded {
                person: person.expect("a pair of codes"),
                rows,
            }
        });
        match replaced::judge(self.blocks, coded.each_ref(), at) {
            Verdict::Replaced([old, new], evidence) => {
                let deliveries = coded[new].rows.iter().map(|row| self.blocks.delivery(*row));
                let told = Replaced {
                    old: coded[old].person,
                    new: coded[new].person,
                    evidence,
                    delivery: deliveries.min().unwrap_or_default(),
                };
                self.old.insert(told.old);
                self.join(&pair);
                Some(told)
            }
            Verdict::TwoPeople => None,
            Verdict::Doubt(cause) => {
                self.doubt(cause, &pair);
                None
            }
        }
    }

    /// Who bears each plain token of a probe's combination.
    fn bearers(&self, probe: usize) -> BTreeMap<i64, Vec<usize>> {
        let probes = &self.blocks.input.probes;
        let combination = probes[probe].combination;
        let is_plain = |one: &super::Probe| one.combination == combination && one.is_plain;
        let Some(plain) = probes.iter().position(is_plain) else {
            return BTreeMap::new();
        };
        let mut bearers: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (member, (_, rows)) in self.members.iter().enumerate() {
            let tokens = rows.iter().filter_map(|row| self.blocks.token(*row, plain));
            for token in tokens.collect::<BTreeSet<i64>>() {
                bearers.entry(token).or_default().push(member);
            }
        }
        bearers
    }

    /// One stage: what shares a token of this column is one person's, when nothing forbids it.
    fn tokens(&mut self, probe: usize) {
        let about = &self.blocks.input.probes[probe];
        let mut groups = self.bearers(probe);
        if !about.is_plain {
            let mut seeking: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
            for (member, (person, rows)) in self.members.iter().enumerate() {
                let token = rows.first().and_then(|row| self.blocks.token(*row, probe));
                if let (None, Some(token)) = (person, token) {
                    seeking.entry(token).or_default().push(member);
                }
            }
            groups.retain(|token, _| seeking.contains_key(token));
            for (token, members) in &mut groups {
                members.extend(&seeking[token]);
            }
        }
        let stage = Stage::Token(about.name.clone());
        for members in groups.into_values() {
            self.meet(&members, &stage);
        }
    }

    fn meet(&mut self, members: &[usize], stage: &Stage) {
        let mut met: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for member in members {
            if !self.is_doubtful[self.leaders[*member]] {
                let leader = self.leaders[*member];
                met.entry(leader).or_default().push(*member);
            }
        }
        let is_new = |leader: &&usize| self.code_of(**leader).is_none();
        if met.len() < 2 || met.keys().filter(is_new).count() == 0 {
            return;
        }
        let leaders: Vec<usize> = met.keys().copied().collect();
        if let Some(cause) = self.objection(&leaders) {
            self.doubt(cause, &leaders);
            return;
        }
        let evidence: Vec<u32> = leaders
            .iter()
            .map(|leader| {
                let rows = met[leader]
                    .iter()
                    .flat_map(|member| &self.members[*member].1);
                let deliveries = rows.map(|row| self.blocks.delivery(*row));
                deliveries.min().unwrap_or_default()
            })
            .collect();
        for (place, leader) in leaders.iter().enumerate() {
            if self.code_of(*leader).is_some() {
                continue;
            }
            // Whoever has a code decides when the link became possible; among rows without one, the first other row.
            let others = leaders.iter().zip(&evidence).enumerate();
            let others = others.filter(|(other, _)| *other != place);
            let (coded, plain): (Vec<_>, Vec<_>) =
                others.partition(|(_, (other, _))| self.code_of(**other).is_some());
            let decisive = if coded.is_empty() { plain } else { coded };
            let other = decisive
                .into_iter()
                .map(|(_, (_, delivery))| *delivery)
                .min();
            let delivery = evidence[place].max(other.unwrap_or_default());
            for member in self.cluster(*leader) {
                let joined = self.joined[member].get_or_insert(Joined {
                    stage: stage.clone(),
                    delivery,
                });
                joined.delivery = joined.delivery.max(delivery);
            }
        }
        self.join(&leaders);
    }

    /// Why clusters cannot be one person's.
    fn objection(&self, leaders: &[usize]) -> Option<Cause> {
        let codes = leaders.iter().filter(|one| self.code_of(**one).is_some());
        if codes.count() > 1 {
            return Some(Cause::SharedToken);
        }
        let rows: Vec<Vec<u32>> = leaders.iter().map(|one| self.rows(*one)).collect();
        for (place, a) in rows.iter().enumerate() {
            for b in &rows[place + 1..] {
                if replaced::differs(self.blocks, a, b) {
                    return Some(Cause::Differs);
                }
                if replaced::at_once(self.blocks, a, b) {
                    return Some(Cause::AtOnce);
                }
            }
        }
        None
    }

    fn cluster(&self, leader: usize) -> Vec<usize> {
        let all = 0..self.members.len();
        all.filter(|member| self.leaders[*member] == leader)
            .collect()
    }

    fn rows(&self, leader: usize) -> Vec<u32> {
        let members = self.cluster(leader).into_iter();
        members
            .flat_map(|member| self.members[member].1.clone())
            .collect()
    }

    /// The code of a cluster, the replaced ones apart.
    fn code_of(&self, leader: usize) -> Option<i64> {
        let codes = self.cluster(leader).into_iter();
        let mut codes = codes.filter_map(|member| self.members[member].0);
        codes.find(|code| !self.old.contains(code))
    }

    fn join(&mut self, leaders: &[usize]) {
        let all: BTreeSet<usize> = leaders.iter().map(|one| self.leaders[*one]).collect();
        let Some(first) = all.first().copied() else {
            return;
        };
        for leader in &mut self.leaders {
            if all.contains(leader) {
                *leader = first;
            }
        }
    }

    /// Leaves it to a person; rows without a code among these are linked no further.
    fn doubt(&mut self, cause: Cause, members: &[usize]) {
        let mut doubt = Doubt {
            cause,
            persons: Vec::new(),
            records: Vec::new(),
            delivery: 0,
        };
        let leaders: BTreeSet<usize> = members.iter().map(|one| self.leaders[*one]).collect();
        for leader in leaders {
            let code = self.code_of(leader);
            doubt.persons.extend(code);
            for member in self.cluster(leader) {
                for row in &self.members[member].1 {
                    doubt.delivery = doubt.delivery.max(self.blocks.delivery(*row));
                    if code.is_none() {
                        let (source, place) = self.blocks.place(*row);
                        doubt
                            .records
                            .push((source.dataset.clone(), source.records[place]));
                    }
                }
            }
            self.is_doubtful[leader] |= code.is_none();
        }
        doubt.persons.sort_unstable();
        doubt.records.sort_unstable();
        self.doubts.insert(doubt);
    }

    fn tell(self, outcome: &mut Outcome) {
        let leaders: BTreeSet<usize> = self.leaders.iter().copied().collect();
        for leader in leaders {
            let code = self.code_of(leader);
            let without = self.cluster(leader).into_iter();
            let without = without.filter(|member| self.members[*member].0.is_none());
            let rows: Vec<(u32, Option<Joined>)> = without
                .map(|member| (self.members[member].1[0], self.joined[member].clone()))
                .collect();
            match code {
                _ if rows.is_empty() => {}
                Some(person) => {
                    let links = rows.into_iter().filter_map(|(row, joined)| {
                        Some(link(self.blocks, row, (person, true), joined?))
                    });
                    outcome.links.extend(links);
                }
                None if self.is_doubtful[leader] => {}
                None => outcome.residue.push(Left { rows }),
            }
        }
        outcome.doubts.extend(self.doubts);
    }
}

/// A row and whose it is.
pub(super) fn link(
    blocks: &Blocks<'_>,
    row: u32,
    (person, is_coded): (i64, bool),
    joined: Joined,
) -> Link {
    let (source, place) = blocks.place(row);
    Link {
        dataset: source.dataset.clone(),
        record: source.records[place],
        person,
        is_coded,
        stage: joined.stage,
        delivery: joined.delivery,
    }
}
