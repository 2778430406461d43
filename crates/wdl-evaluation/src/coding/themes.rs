//! Themes by group: how many participants speak of a theme, as tables that can be asked for and released like an indicator.
//!
//! The units are people, never segments: who says a thing ten times counts once.
//! Participants were not drawn by lot, so that a share speaks of them alone and has no standard error.
//!
//! **What is promised beyond disclosure control.** How many participants a group has is often known (it is the plan of the interviews), so every hidden cell is held against somebody who knows that too: of one that is hidden for its own sake as many numbers of people with the theme stay possible as the minimum frequency asks, or all that the size of the group allows; of one that is hidden for another's sake two or more.

use std::collections::{BTreeMap, BTreeSet};

use wdl_disclosure::between::CellName;
use wdl_disclosure::{Dominated, Member, Protected, hold_back, protect_family};
use wdl_protocol::{Counted, DisclosureRules, Rule};
use wdl_result::{
    Additivity, Category, Cell, Dimension, Draft, Header, Interval, Lineage, ObservableFrom,
    Status, Table, Unit,
};
use wdl_vocab::{Digest, IndicatorId, Period, SnapshotId, Text};

use super::codebook::{Codebook, Entry, EntryId};
use super::consensus::Consensus;
use super::error::CodingError;

/// Somebody who took part, by a pseudonym, with the groups they are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The pseudonym.
    pub name: String,
    /// Dimension and category.
    pub groups: BTreeMap<String, String>,
}

/// What must be known of the interviews to read their counts.
#[derive(Clone, Debug)]
pub struct Fieldwork {
    /// When they were held.
    pub period: Period,
    /// Whether they are invented.
    pub synthetic: bool,
    /// The day of the last of them, or of the codings.
    pub data_date: String,
    /// The version of the program.
    pub code_version: String,
    /// What the counts rest on; keyed, where it leaves the lab.
    pub evidence: Digest,
}

/// A theme with its tables: the total, and one for each breakdown.
#[derive(Clone, Debug)]
pub struct Theme {
    /// The code.
    pub code: EntryId,
    /// Its tables, seen by nobody yet.
    pub drafts: Vec<Draft<Table>>,
}

/// Counted themes.
#[derive(Clone, Debug)]
pub struct Themes {
    /// The themes, in the order of the codebook.
    pub themes: Vec<Theme>,
    /// The participants counted.
    pub participants: usize,
    /// Participants of whom no segment was coded, who are left out.
    pub not_coded: usize,
}

/// A breakdown asked for, with the words of its categories.
pub type Labels<'a> = &'a dyn Fn(&str, Option<&str>) -> Text;

/// Counts who speaks of each theme, by groups; all codes that are no part of another when none are named.
///
/// `who` says whose a segment is: from its transcript, and from the name that stands beside it where one does.
///
/// # Errors
/// [`CodingError`] when themes lie in each other, rows are of nobody known, or nobody can be counted.
pub fn count(
    book: &Codebook,
    consensus: &Consensus,
    participants: &[Participant],
    who: &dyn Fn(&str, Option<&str>) -> Option<String>,
    (by, codes): (&[String], &[EntryId]),
    (fieldwork, labels): (&Fieldwork, Labels<'_>),
) -> Result<Themes, CodingError> {
    let wanted = wanted(book, codes)?;
    let mut spoken: BTreeMap<String, BTreeSet<&EntryId>> = BTreeMap::new();
    let mut strangers = 0;
    let known: BTreeSet<&str> = participants.iter().map(|own| own.name.as_str()).collect();
    for segment in &consensus.segments {
        let speaker = who(&segment.transcript, segment.participant.as_deref());
        match speaker.filter(|name| known.contains(name.as_str())) {
            Some(name) => spoken.entry(name).or_default().extend(segment.codes.keys()),
            None => strangers += 1,
        }
    }
    if strangers > 0 {
        return Err(CodingError::NoParticipant { count: strangers });
    }
    let counted: Vec<&Participant> = participants
        .iter()
        .filter(|own| spoken.contains_key(&own.name))
        .collect();
    if counted.is_empty() {
        return Err(CodingError::Nobody);
    }
    let speaks_of = |own: &Participant, theme: &EntryId| {
        let codes = &spoken[&own.name];
        codes
            .iter()
            .any(|code| book.lineage(code).any(|above| above == theme))
    };
    let themes = wanted.into_iter().map(|entry| {
        let with = |own: &&Participant| speaks_of(own, &entry.id);
        let table = |by: Option<&String>| {
            let dimensions = by.map(|by| dimension(by, &counted, labels));
            table(
                header(book, entry, fieldwork),
                dimensions.into_iter().collect(),
                &counted,
                &with,
                fieldwork.period,
            )
        };
        let drafts = match by.is_empty() {
            true => vec![table(None)],
            false => by.iter().map(|by| table(Some(by))).collect(),
        };
        Theme {
            code: entry.id.clone(),
            drafts,
        }
    });
    Ok(Themes {
        themes: themes.collect(),
        participants: counted.len(),
        not_coded: participants.len() - counted.len(),
    })
}

/// The codes to count, none of which lies in another.
fn wanted<'b>(book: &'b Codebook, codes: &[EntryId]) -> Result<Vec<&'b Entry>, CodingError> {
    if codes.is_empty() {
        return Ok(book.roots().collect());
    }
    for code in codes {
        book.brought(code, book.version())?;
        let mut above = book.lineage(code).skip(1);
        if let Some(outer) = above.find(|outer| codes.contains(outer)) {
            return Err(CodingError::Nested {
                first: code.clone(),
                second: outer.clone(),
            });
        }
    }
    let entries = book.entries().iter();
    Ok(entries.filter(|own| codes.contains(&own.id)).collect())
}

fn dimension(by: &str, counted: &[&Participant], labels: Labels<'_>) -> Dimension {
    let found = counted.iter().filter_map(|own| own.groups.get(by));
    let categories: BTreeSet<&String> = found.collect();
    Dimension {
        id: by.to_owned(),
        label: labels(by, None),
        categories: categories
            .into_iter()
            .map(|id| Category {
                id: id.clone(),
                label: labels(by, Some(id)),
            })
            .collect(),
    }
}

fn table(
    header: Header,
    dimensions: Vec<Dimension>,
    counted: &[&Participant],
    with: &dyn Fn(&&Participant) -> bool,
    period: Period,
) -> Draft<Table> {
    let cell = |keys: Vec<Option<String>>, of: Vec<&Participant>| {
        let n = of.len() as u64;
        let n_with = of.iter().filter(|own| with(own)).count() as u64;
        Cell {
            period,
            keys,
            estimate: (n > 0).then(|| n_with as f64 / n as f64),
            standard_error: None,
            n: Some(n),
            n_with: Some(n_with),
            coverage: None,
            status: match n {
                0 => Status::NotComputableEmpty,
                _ => Status::Value,
            },
        }
    };
    let mut cells = vec![cell(vec![None; dimensions.len()], counted.to_vec())];
    for dimension in &dimensions {
        for category in &dimension.categories {
            let is_in = |own: &&Participant| own.groups.get(&dimension.id) == Some(&category.id);
            let of = counted.iter().copied().filter(|own| is_in(own)).collect();
            cells.push(cell(vec![Some(category.id.clone())], of));
        }
    }
    Draft(Table {
        header,
        dimensions,
        cells,
    })
}

fn header(book: &Codebook, entry: &Entry, fieldwork: &Fieldwork) -> Header {
    let (id, version) = (book.id(), book.version());
    let indicator = IndicatorId::parse(&format!("themes_{id}_{}", entry.id));
    Header {
        indicator: indicator.expect("two identifiers joined are one"),
        theme: book.theme().to_owned(),
        title: Text::new(
            format!("Chi parla di: {}", entry.label.it),
            format!("Who speaks of: {}", entry.label.en),
        ),
        definition: entry.definition.clone(),
        source: Text::new(
            format!(
                "interviste, gruppi di discussione e risposte aperte; libro dei codici `{id}`, versione {version}"
            ),
            format!(
                "interviews, focus groups and open answers; codebook `{id}`, version {version}"
            ),
        ),
        unit: Unit::Share,
        decimals: 0,
        interval: Interval::Plain,
        additivity: Additivity::Share,
        population: Text::fixed(
            "chi ha preso parte alle interviste, ai gruppi di discussione o ha risposto per esteso, e di cui è stato codificato almeno un segmento",
            "those who took part in interviews or focus groups, or answered in their own words, and of whom at least one segment was coded",
        ),
        n_label: Text::fixed("partecipanti", "participants"),
        statistic: "theme_share/1".to_owned(),
        observable_from: ObservableFrom::Survey,
        uncertainty: Text::fixed(
            "nessun errore: chi partecipa non è stato estratto a sorte, e la quota parla soltanto di chi ha partecipato",
            "no error: those who took part were not drawn by lot, and the share speaks of them alone",
        ),
        coverage: Text::fixed(
            "soltanto chi ha partecipato; non dice quanti in città la pensano così",
            "those who took part and nobody else; it does not say how many in the city think so",
        ),
        synthetic: fieldwork.synthetic,
        data_date: fieldwork.data_date.clone(),
        lineage: Lineage {
            snapshot: SnapshotId::parse(&format!("codings-{}", fieldwork.evidence.short(8)))
                .expect("a word and digits are an identifier"),
            definition: book.digest(),
            code_version: fieldwork.code_version.clone(),
            inputs: Vec::new(),
        },
        protection: None,
        study: None,
    }
}

/// Protects counted themes together, also from somebody who knows how many participants each group has.
///
/// # Errors
/// [`CodingError::Disclosure`] when they cannot be protected.
pub fn protect(themes: &Themes, rules: &DisclosureRules) -> Result<Vec<Protected>, CodingError> {
    let members = themes.themes.iter().map(|theme| Member {
        tables: theme.drafts.clone(),
        sources: Vec::new(),
        // Every theme counts the same people: what one hides of how many they are, none gives back.
        counted: Counted::default(),
        dominated: Dominated::default(),
    });
    let protected = protect_family(members.collect(), rules)?;
    let all = themes.themes.iter().zip(protected);
    Ok(all
        .map(|(theme, protected)| {
            let rule = rule_of(&theme.drafts, rules);
            let extra = extra(&theme.drafts, &protected, rule);
            hold_back(protected, &extra)
        })
        .collect())
}

fn rule_of(drafts: &[Draft<Table>], rules: &DisclosureRules) -> Rule {
    let tables = drafts.iter().map(|Draft(table)| table);
    let dimensions = tables.clone().flat_map(|table| &table.dimensions);
    let variables: Vec<&str> = dimensions
        .map(|dimension| dimension.id.as_str())
        .chain(tables.map(|table| table.header.indicator.as_str()))
        .collect();
    rules.for_table(&[], &variables)
}

/// A group of a table: how many, how many with the theme, and whether it stands hidden.
struct Group {
    name: CellName,
    n: u64,
    with: u64,
    is_hidden: bool,
}

impl Group {
    /// Whether the rule hides it for its own sake.
    fn is_sensitive(&self, rule: Rule) -> bool {
        let is_small = |count: u64| 0 < count && count < rule.minimum_frequency.get();
        let without = self.n - self.with;
        is_small(self.n)
            || is_small(self.with)
            || is_small(without)
            || (self.with == 0 && rule.suppress_zero)
            || (without == 0 && rule.suppress_hundred_percent)
    }
}

/// The cells that must be hidden too, so that nobody who knows the sizes of groups computes a hidden one.
fn extra(drafts: &[Draft<Table>], protected: &Protected, rule: Rule) -> BTreeSet<CellName> {
    let mut extra = BTreeSet::new();
    for (Draft(truth), shown) in drafts.iter().zip(&protected.tables) {
        let is_hidden = |cell: &Cell| {
            let keys: Vec<Option<&str>> = cell.keys.iter().map(Option::as_deref).collect();
            let found = shown.get().cell(cell.period, &keys);
            found.is_none_or(|own| own.estimate.is_none() && own.n != Some(0))
        };
        let mut total = None;
        let mut groups = Vec::new();
        for cell in &truth.cells {
            let group = Group {
                name: CellName::of(truth, cell),
                n: cell.n.unwrap_or(0),
                with: cell.n_with.unwrap_or(0),
                is_hidden: is_hidden(cell),
            };
            match group.name.keys.is_empty() {
                true => total = Some(group),
                false => groups.push(group),
            }
        }
        let total = total.expect("every table of themes has its total");
        // A total that one table hides another may add up to.
        let is_known = !total.is_hidden || drafts.len() > 1;
        while is_known && gives_away(&total, &groups, rule) {
            let shown = groups.iter_mut().filter(|own| !own.is_hidden && own.n > 0);
            let Some(next) = shown.min_by_key(|own| own.n) else {
                // All groups are hidden and the total still tells: nothing of the theme is shown.
                return drafts
                    .iter()
                    .flat_map(|Draft(table)| {
                        let cells = table.cells.iter();
                        cells.map(move |cell| CellName::of(table, cell))
                    })
                    .collect();
            };
            next.is_hidden = true;
            extra.insert(next.name.clone());
        }
    }
    extra
}

/// Whether the total less what is shown leaves a hidden group fewer possibilities than it must have.
fn gives_away(total: &Group, groups: &[Group], rule: Rule) -> bool {
    let minimum = rule.minimum_frequency.get();
    let grouped: u64 = groups.iter().map(|own| own.n).sum();
    let shown = groups.iter().filter(|own| !own.is_hidden);
    let rest = total.with - shown.map(|own| own.with).sum::<u64>();
    // What somebody believes possible of a group before reading anything of it.
    let believed = |own: &Group| {
        let is_large = own.n >= minimum;
        let low = u64::from(is_large && !rule.suppress_zero);
        let high = own.n - u64::from(is_large && !rule.suppress_hundred_percent);
        (low.min(high), high)
    };
    let hidden: Vec<(&Group, (u64, u64))> = groups
        .iter()
        .filter(|own| own.is_hidden && own.n > 0)
        .map(|own| (own, believed(own)))
        .collect();
    let lows: u64 = hidden.iter().map(|(_, (low, _))| low).sum();
    // Those who are in no group are never shown, and may have the theme or not.
    let highs: u64 = hidden.iter().map(|(_, (_, high))| high).sum::<u64>() + (total.n - grouped);
    hidden.iter().any(|(own, (low, high))| {
        let from = (*low).max(rest.saturating_sub(highs - high));
        let to = (*high).min(rest.saturating_sub(lows - low));
        let needed = if own.is_sensitive(rule) { minimum } else { 1 };
        to.saturating_sub(from) < needed.min(high - low)
    })
}
