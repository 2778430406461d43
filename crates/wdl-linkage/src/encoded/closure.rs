//! Pairs of one file that its links imply: whoever is one person with another is one with all who are.

use super::link::EncodedLink;

/// Larger groups are left with the links they have: they are rather chains than one person.
const GROUP_MAX: usize = 100;

/// The links with those they imply, by (a, b); `agreement` is that of two records.
pub(super) fn closed(
    links: Vec<EncodedLink>,
    records: usize,
    agreement: impl Fn(u32, u32) -> f64,
) -> Vec<EncodedLink> {
    let mut group: Vec<u32> = (0..records as u32).collect();
    for link in &links {
        let (a, b) = (root(&mut group, link.a), root(&mut group, link.b));
        group[a.max(b) as usize] = a.min(b);
    }
    let mut members: Vec<(u32, u32)> = links
        .iter()
        .flat_map(|link| [link.a, link.b])
        .map(|record| (root(&mut group, record), record))
        .collect();
    members.sort_unstable();
    members.dedup();
    let mut of_groups: Vec<(u32, EncodedLink)> = links
        .into_iter()
        .map(|link| (root(&mut group, link.a), link))
        .collect();
    of_groups.sort_unstable_by_key(|(group, link)| (*group, link.a, link.b));
    let mut all = Vec::new();
    let own = of_groups.chunk_by(|one, other| one.0 == other.0);
    for (own, members) in own.zip(members.chunk_by(|one, other| one.0 == other.0)) {
        all.extend(own.iter().map(|(_, link)| *link));
        if members.len() > GROUP_MAX {
            continue;
        }
        // No more probable than the least of the links it follows from.
        let least = own.iter().map(|(_, link)| link.probability);
        let probability = least.fold(1.0, f64::min);
        for (nth, (_, a)) in members.iter().enumerate() {
            for (_, b) in &members[nth + 1..] {
                let is_own = own
                    .binary_search_by_key(&(*a, *b), |(_, link)| (link.a, link.b))
                    .is_ok();
                if !is_own {
                    all.push(EncodedLink {
                        a: *a,
                        b: *b,
                        agreement: agreement(*a, *b),
                        probability,
                    });
                }
            }
        }
    }
    all.sort_unstable_by_key(|link| (link.a, link.b));
    all
}

fn root(group: &mut [u32], mut record: u32) -> u32 {
    while group[record as usize] != record {
        let above = group[group[record as usize] as usize];
        group[record as usize] = above;
        record = above;
    }
    record
}
