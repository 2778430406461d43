//! Decides within one group of rows: first which codes were replaced, then, from the strictest token to the loosest, whose the rows without a code are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::blocks::Blocks;
use super::compared::compared;
use super::decided::Question;
use super::replaced::{self, Coded, Verdict};
use super::residue::Residue;
use super::{Cause, Doubt, Evidence, Link, Replaced, Stage, State};

/// What was decided so far.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) links: Vec<Link>,
    pub(super) replaced: Vec<Replaced>,
    pub(super) doubts: Vec<Doubt>,
    /// Rows that are one person's, without a code, for the stage of encodings.
    pub(super) residue_left: Vec<Left>,
    /// What the stage of encodings saw and did.
    pub(super) residue: Residue,
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
            residue: self.residue,
        }
    }
}

/// How much of what meets a person decided to be apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Apart {
    /// Nothing.
    Nobody,
    /// A part of the pairs.
    Part,
    /// Every pair.
    All,
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
    let decided = group.decided();
    for replaced in group.codes(decided) {
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

    /// Joins what a person decided to be one; a decision that goes against another is left out, and so its question is asked again.
    fn decided(&mut self) -> Vec<Replaced> {
        let root = self
            .members
            .first()
            .map(|(_, rows)| self.blocks.root_of(rows[0]));
        let same = self.blocks.decided.same.iter();
        let same =
            same.filter(|(entities, _)| Some(self.blocks.root_of_entity(entities[0])) == root);
        let same: Vec<&(Vec<u32>, u32)> = same.collect();
        if same.is_empty() {
            return Vec::new();
        }
        let members = self.members.iter().enumerate();
        let members: BTreeMap<u32, usize> = members
            .map(|(member, (_, rows))| (self.blocks.entity(rows[0]), member))
            .collect();
        let mut decided = vec![None; self.members.len()];
        for (entities, delivery) in same {
            let of: Vec<usize> = entities.iter().map(|entity| members[entity]).collect();
            let leaders: BTreeSet<usize> = of.iter().map(|member| self.leaders[*member]).collect();
            let leaders: Vec<usize> = leaders.into_iter().collect();
            if self.apart(&leaders) != Apart::Nobody {
                continue;
            }
            for leader in &leaders {
                for member in self.cluster(*leader) {
                    decided[member] = decided[member].max(Some(*delivery));
                }
            }
            self.join(&leaders);
        }
        self.decided_codes(&decided)
    }

    /// Of the codes that were decided to be one person's, the one that came last stands.
    fn decided_codes(&mut self, decided: &[Option<u32>]) -> Vec<Replaced> {
        let mut found = Vec::new();
        let leaders: BTreeSet<usize> = self.leaders.iter().copied().collect();
        for leader in leaders {
            let cluster = self.cluster(leader);
            let Some(delivery) = cluster.iter().filter_map(|member| decided[*member]).max() else {
                continue;
            };
            let came = |member: &usize| {
                let (person, rows) = &self.members[*member];
                let first = rows.iter().map(|row| self.blocks.delivery(*row)).min();
                Some((first, Reverse((*person)?)))
            };
            let codes: BTreeSet<(Option<u32>, Reverse<i64>)> =
                cluster.iter().filter_map(came).collect();
            let mut codes = codes.into_iter().rev().map(|(_, Reverse(code))| code);
            if let Some(new) = codes.next() {
                found.extend(codes.map(|old| Replaced {
                    old,
                    new,
                    evidence: Evidence::Decided,
                    delivery,
                }));
            }
            for member in cluster {
                if self.members[member].0.is_none() {
                    self.joined[member] = Some(Joined {
                        stage: Stage::Decision,
                        delivery,
                    });
                }
            }
        }
        self.old.extend(found.iter().map(|one| one.old));
        found
    }

    /// Which of these clusters a person decided to be apart.
    fn apart(&self, leaders: &[usize]) -> Apart {
        if !self.blocks.decided.parts_anybody() {
            return Apart::Nobody;
        }
        let rows: Vec<Vec<u32>> = leaders.iter().map(|one| self.rows(*one)).collect();
        let (mut pairs, mut apart) = (0, 0);
        for (place, a) in rows.iter().enumerate() {
            for b in &rows[place + 1..] {
                pairs += 1;
                apart += usize::from(self.blocks.is_apart(a, b));
            }
        }
        match apart {
            0 => Apart::Nobody,
            all if all == pairs => Apart::All,
            _ => Apart::Part,
        }
    }

    /// Which codes were replaced.
    fn codes(&mut self, decided: Vec<Replaced>) -> Vec<Replaced> {
        let one_by_decision = self.leaders.clone();
        let mut found = decided;
        found.extend(self.vanished());
        for (probe, token, codes) in self.coded() {
            let codes: BTreeSet<usize> = codes.iter().map(|code| one_by_decision[*code]).collect();
            let codes: Vec<usize> = codes.into_iter().collect();
            match codes.as_slice() {
                [] | [_] => {}
                [a, b] if self.leaders[*a] == self.leaders[*b] => {}
                several if self.apart_codes(several, &one_by_decision) => {}
                [a, b] => found.extend(self.pair([*a, *b], &one_by_decision, (probe, token))),
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

    /// The rows of the codes that are one by decision.
    fn coded_rows(&self, member: usize, one_by_decision: &[usize]) -> Vec<u32> {
        let members = self.members.iter().zip(one_by_decision);
        let members = members.filter(|((code, _), leader)| code.is_some() && **leader == member);
        members.flat_map(|((_, rows), _)| rows.clone()).collect()
    }

    /// Whether all of these codes were decided to be apart.
    fn apart_codes(&self, codes: &[usize], one_by_decision: &[usize]) -> bool {
        if !self.blocks.decided.parts_anybody() {
            return false;
        }
        let rows = codes
            .iter()
            .map(|code| self.coded_rows(*code, one_by_decision));
        let rows: Vec<Vec<u32>> = rows.collect();
        let mut pairs = rows.iter().enumerate();
        pairs.all(|(place, a)| {
            let mut others = rows[place + 1..].iter();
            others.all(|b| self.blocks.is_apart(a, b))
        })
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
            let leaders: BTreeSet<usize> = codes.iter().map(|code| self.leaders[*code]).collect();
            let (Some(member), 1) = (codes.first(), leaders.len()) else {
                continue;
            };
            let member = &self.leaders[*member];
            for row in &self.coded_rows(*member, &self.leaders) {
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
                    found.extend(self.code_of(self.leaders[*member]).map(|new| Replaced {
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

    fn pair(
        &mut self,
        pair: [usize; 2],
        one_by_decision: &[usize],
        at: (usize, i64),
    ) -> Option<Replaced> {
        let rows = pair.map(|member| self.coded_rows(member, one_by_decision));
        let standing = |member: usize| {
            let members = (0..self.members.len()).filter(|one| one_by_decision[*one] == member);
            let mut codes = members.filter_map(|one| self.members[one].0);
            let first = self.members[member].0;
            let last = codes.find(|code| !self.old.contains(code));
            last.or(first).expect("a pair of codes")
        };
        let coded = [0, 1].map(|place| Coded {
            person: standing(pair[place]),
            rows: &rows[place],
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
        let apart = self.apart(&leaders);
        if apart == Apart::All {
            return;
        }
        let shared = (apart == Apart::Part).then_some(Cause::SharedToken);
        if let Some(cause) = shared.or_else(|| self.objection(&leaders)) {
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
        let leaders: BTreeSet<usize> = members.iter().map(|one| self.leaders[*one]).collect();
        let sides: Vec<Vec<u32>> = leaders.iter().map(|one| self.rows(*one)).collect();
        let mut about = Question::default();
        for (leader, rows) in leaders.iter().zip(&sides) {
            match self.code_of(*leader) {
                Some(code) => about.persons.push(code),
                None => {
                    let records = rows.iter().map(|row| self.blocks.record(*row));
                    let records: BTreeSet<(String, i64)> = records.collect();
                    about.rows.push(records.into_iter().collect());
                    self.is_doubtful[*leader] = true;
                }
            }
        }
        about.persons.sort_unstable();
        about.rows.sort_unstable();
        let deliveries = sides.iter().flatten().map(|row| self.blocks.delivery(*row));
        self.doubts.insert(Doubt {
            cause,
            about,
            compared: compared(self.blocks, &sides),
            delivery: deliveries.max().unwrap_or_default(),
        });
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
                None => outcome.residue_left.push(Left { rows }),
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
