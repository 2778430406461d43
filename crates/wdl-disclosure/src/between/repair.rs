//! Ways to let a refused release out after all, each checked again as a whole, with what it costs.

use std::collections::{BTreeMap, BTreeSet};

use wdl_result::{Cell, Status, Table};
use wdl_vocab::{IndicatorId, Lang, Period, Text};

use crate::between::attack::{Outcome, check};
use crate::between::edition::{CellName, Edition, Facts, Ground};
use crate::between::finding::{Attack, Finding, Mention};
use crate::checked::Checked;

/// Rounds of hiding before it is given up.
const MOST_ROUNDS: usize = 60;

/// What was done to a release, and what is lost by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Cells are hidden.
    Hide {
        /// Which.
        cells: Vec<CellName>,
        /// How many of them are shown no more, over all tables.
        lost: u64,
    },
    /// The numbers that are out already stand for a period, as if nothing had changed.
    KeepEarlier {
        /// The indicators and periods that are not brought up to date.
        kept: BTreeSet<(IndicatorId, Period)>,
        /// How many cells stay as they were although they have changed.
        lost: u64,
    },
    /// A breakdown is left out for the periods that are attacked.
    LeaveOut {
        /// The dimension.
        dimension: String,
        /// How many cells are shown no more.
        lost: u64,
    },
    /// Nothing is released until enough units have changed.
    Wait {
        /// How many must have changed in every cell that changes.
        minimum: u64,
    },
}

/// A release that was mended.
#[derive(Clone, Debug)]
pub struct Mend {
    /// How.
    pub repair: Repair,
    /// Its tables, in their order.
    pub tables: Vec<Table>,
    /// What the lab alone knows of them.
    pub facts: Facts,
}

impl Mend {
    /// The mended tables as checked ones: each shows what its original showed, less, or what was released before.
    ///
    /// # Panics
    /// When the originals are not the tables that were mended.
    pub fn checked(self, originals: &[Checked<Table>]) -> Vec<Checked<Table>> {
        assert_eq!(
            self.tables.len(),
            originals.len(),
            "a table for each original"
        );
        let same = self.tables.iter().zip(originals);
        assert!(
            same.into_iter()
                .all(|(mended, original)| mended.header == original.get().header),
            "the originals are those that were mended"
        );
        self.tables.into_iter().map(Checked::new).collect()
    }
}

impl Repair {
    /// The repair in words, with its loss.
    pub fn text(&self) -> Text {
        Text::new(self.words(Lang::It), self.words(Lang::En))
    }

    fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (Repair::Hide { cells, lost }, Lang::It) => {
                format!(
                    "nascondere {}: {}",
                    named(cells, lang),
                    lost_cells(*lost, lang)
                )
            }
            (Repair::Hide { cells, lost }, Lang::En) => {
                format!("hide {}: {}", named(cells, lang), lost_cells(*lost, lang))
            }
            (Repair::KeepEarlier { kept, lost }, Lang::It) => format!(
                "lasciare i numeri già pubblicati per {}: {}",
                periods(kept),
                match lost {
                    1 => String::from("1 cella non si aggiorna"),
                    lost => format!("{lost} celle non si aggiornano"),
                }
            ),
            (Repair::KeepEarlier { kept, lost }, Lang::En) => format!(
                "keep the numbers that are out for {}: {}",
                periods(kept),
                match lost {
                    1 => String::from("1 cell is not brought up to date"),
                    lost => format!("{lost} cells are not brought up to date"),
                }
            ),
            (Repair::LeaveOut { dimension, lost }, Lang::It) => {
                let lost = lost_cells(*lost, lang);
                format!("tralasciare la suddivisione per `{dimension}`: {lost}")
            }
            (Repair::LeaveOut { dimension, lost }, Lang::En) => {
                let lost = lost_cells(*lost, lang);
                format!("leave out the breakdown by `{dimension}`: {lost}")
            }
            (Repair::Wait { minimum }, Lang::It) => format!(
                "aspettare che in ogni cella che cambia siano cambiate almeno {minimum} unità: non si perde nulla, ma si pubblica più tardi"
            ),
            (Repair::Wait { minimum }, Lang::En) => format!(
                "wait until at least {minimum} units have changed in every cell that changes: nothing is lost, but it is published later"
            ),
        }
    }
}

fn lost_cells(lost: u64, lang: Lang) -> String {
    match (lost, lang) {
        (1, Lang::It) => String::from("si perde 1 cella"),
        (1, Lang::En) => String::from("1 cell is lost"),
        (_, Lang::It) => format!("si perdono {lost} celle"),
        (_, Lang::En) => format!("{lost} cells are lost"),
    }
}

fn named(cells: &[CellName], lang: Lang) -> String {
    const SHOWN: usize = 5;
    let total = Text::fixed("totale", "total");
    let one = |cell: &CellName| {
        let keys: Vec<String> = cell
            .keys
            .iter()
            .map(|(id, key)| format!("{id}={key}"))
            .collect();
        let place = match keys.is_empty() {
            true => total.get(lang).to_owned(),
            false => keys.join(", "),
        };
        format!("`{}` [{place}] {}", cell.indicator, cell.period)
    };
    let mut shown: Vec<String> = cells.iter().take(SHOWN).map(one).collect();
    if cells.len() > SHOWN {
        shown.push(format!("+{}", cells.len() - SHOWN));
    }
    shown.join("; ")
}

fn periods(kept: &BTreeSet<(IndicatorId, Period)>) -> String {
    let mut by: BTreeMap<&IndicatorId, Vec<String>> = BTreeMap::new();
    for (indicator, period) in kept {
        by.entry(indicator).or_default().push(period.to_string());
    }
    let one = |(indicator, periods): (&IndicatorId, Vec<String>)| {
        format!("`{indicator}` {}", periods.join(", "))
    };
    by.into_iter().map(one).collect::<Vec<_>>().join("; ")
}

impl Outcome {
    /// Ways out, each of which was checked; the first costs least. None when nothing was found.
    pub fn repairs(
        &self,
        ground: &Ground,
        earlier: &[Edition<'_>],
        new: &Edition<'_>,
    ) -> Vec<Repair> {
        if self.findings.is_empty() {
            return Vec::new();
        }
        let mut repairs: Vec<Repair> = [
            hide(ground, earlier, new).map(|mend| mend.repair),
            keep_earlier(ground, earlier, new).map(|mend| mend.repair),
        ]
        .into_iter()
        .flatten()
        .chain(leave_out(ground, earlier, new, &self.findings))
        .collect();
        repairs.sort_by_key(Repair::lost);
        let minimum =
            |finding: &Finding| (finding.attack == Attack::SameCell).then_some(finding.minimum);
        let changes: Vec<u64> = self.findings.iter().filter_map(minimum).collect();
        if changes.len() == self.findings.len() {
            repairs.extend(
                changes
                    .into_iter()
                    .max()
                    .map(|minimum| Repair::Wait { minimum }),
            );
        }
        repairs
    }
}

impl Repair {
    fn lost(&self) -> u64 {
        match self {
            Repair::Hide { lost, .. }
            | Repair::KeepEarlier { lost, .. }
            | Repair::LeaveOut { lost, .. } => *lost,
            Repair::Wait { .. } => u64::MAX,
        }
    }
}

/// The populations and periods that findings are about: spaces by name.
type Attacked = BTreeSet<(String, Period)>;

fn attacked(ground: &Ground, findings: &[Finding]) -> Attacked {
    let mentions = findings
        .iter()
        .flat_map(|finding| std::iter::once(&finding.target).chain(&finding.means));
    mentions
        .map(|mention| (ground.space(mention.indicator()).0, mention.period()))
        .collect()
}

/// A table with the cells of the attacked periods alone; `None` when it has none.
fn narrowed(ground: &Ground, attacked: &Attacked, table: &Table) -> Option<Table> {
    let (space, _) = ground.space(&table.header.indicator);
    let is_attacked = |cell: &&Cell| attacked.contains(&(space.clone(), cell.period));
    let cells: Vec<Cell> = table.cells.iter().filter(is_attacked).cloned().collect();
    (!cells.is_empty()).then(|| Table {
        cells,
        ..table.clone()
    })
}

/// The earlier releases with what is attacked alone: checking again what is not would find nothing.
fn narrow_all(ground: &Ground, attacked: &Attacked, earlier: &[Edition<'_>]) -> Vec<Vec<Table>> {
    let own = |edition: &Edition<'_>| {
        let tables = edition.tables.iter();
        tables
            .filter_map(|table| narrowed(ground, attacked, table))
            .collect()
    };
    earlier.iter().map(own).collect()
}

fn with_tables<'t>(earlier: &[Edition<'t>], tables: &'t [Vec<Table>]) -> Vec<Edition<'t>> {
    let each = earlier.iter().zip(tables);
    each.map(|(edition, tables)| Edition {
        name: edition.name.clone(),
        tables: tables.iter().collect(),
        facts: edition.facts,
    })
    .collect()
}

/// Hides cells of a release, those with the fewest units first, until nothing is found any more.
///
/// `None` when hiding does not help.
pub fn hide(ground: &Ground, earlier: &[Edition<'_>], new: &Edition<'_>) -> Option<Mend> {
    let first = check(ground, earlier, new);
    let attacked = attacked(ground, &first.findings);
    let narrow = narrow_all(ground, &attacked, earlier);
    let past = with_tables(earlier, &narrow);
    let mut tables: Vec<Table> = new.tables.iter().map(|table| (*table).clone()).collect();
    let mut facts = new.facts.clone();
    let mut hidden: Vec<CellName> = Vec::new();
    let mut findings = first.findings;
    for _ in 0..MOST_ROUNDS {
        if findings.is_empty() {
            break;
        }
        let chosen: BTreeSet<CellName> = findings.iter().filter_map(cheapest).collect();
        if chosen.is_empty() {
            return None;
        }
        for cell in chosen {
            let minimum = findings.iter().map(|finding| finding.minimum).max();
            facts.widen(&cell, minimum.unwrap_or(1));
            blank(&mut tables, &cell);
            hidden.push(cell);
        }
        let narrow: Vec<Table> = tables
            .iter()
            .filter_map(|table| narrowed(ground, &attacked, table))
            .collect();
        let now = Edition {
            name: new.name.clone(),
            tables: narrow.iter().collect(),
            facts: &facts,
        };
        findings = check(ground, &past, &now).findings;
    }
    if !findings.is_empty() {
        return None;
    }
    hidden.sort();
    let lost = lost(new, &tables);
    Some(Mend {
        repair: Repair::Hide {
            cells: hidden,
            lost,
        },
        tables,
        facts,
    })
}

/// The cell of the new release with the fewest units among those that a finding rests on.
fn cheapest(finding: &Finding) -> Option<CellName> {
    let is_ours = |mention: &&Mention| mention.release.is_none() && mention.n.is_some();
    let all = finding.means.iter().chain([&finding.target]);
    all.filter(is_ours)
        .min_by_key(|mention| (mention.n, &mention.cell))
        .map(|mention| mention.cell.clone())
}

/// Empties a cell in every table that shows it.
fn blank(tables: &mut [Table], name: &CellName) {
    for table in tables
        .iter_mut()
        .filter(|table| table.header.indicator == name.indicator)
    {
        let places: Vec<usize> = (0..table.cells.len())
            .filter(|at| table.cells[*at].period == name.period)
            .filter(|at| CellName::of(table, &table.cells[*at]) == *name)
            .collect();
        for at in places {
            let cell = &mut table.cells[at];
            cell.estimate = None;
            cell.standard_error = None;
            cell.n = None;
            cell.n_with = None;
            cell.coverage = None;
            cell.status = Status::SuppressedPrimary;
        }
    }
}

/// How many cells of a release show a number no more.
fn lost(new: &Edition<'_>, tables: &[Table]) -> u64 {
    let shown = |table: &Table| table.cells.iter().filter(|cell| cell.n.is_some()).count() as u64;
    let before: u64 = new.tables.iter().map(|table| shown(table)).sum();
    before.saturating_sub(tables.iter().map(shown).sum())
}

/// The numbers that are out already take the place of the new ones for every population and period that is attacked.
///
/// `None` when something is still found then.
pub fn keep_earlier(ground: &Ground, earlier: &[Edition<'_>], new: &Edition<'_>) -> Option<Mend> {
    let first = check(ground, earlier, new);
    let attacked = attacked(ground, &first.findings);
    let mut kept = BTreeSet::new();
    let mut lost = 0;
    let tables: Vec<Table> = new
        .tables
        .iter()
        .map(|table| {
            let (space, _) = ground.space(&table.header.indicator);
            let is_attacked = |period: Period| attacked.contains(&(space.clone(), period));
            let (old, mut cells): (Vec<Cell>, Vec<Cell>) = table
                .cells
                .iter()
                .cloned()
                .partition(|cell| is_attacked(cell.period));
            for period in old.iter().map(|cell| cell.period).collect::<BTreeSet<_>>() {
                kept.insert((table.header.indicator.clone(), period));
                let standing = standing(earlier, table, period);
                let changed = |cell: &&Cell| cell.period == period && !standing.contains(cell);
                lost += old.iter().filter(changed).count() as u64;
                cells.extend(standing);
            }
            // Stable: within a period the order of each release is that of the categories.
            cells.sort_by_key(|cell| cell.period);
            Table {
                cells,
                ..(*table).clone()
            }
        })
        .collect();
    let now = Edition {
        name: new.name.clone(),
        tables: tables.iter().collect(),
        facts: new.facts,
    };
    let is_clean = check(ground, earlier, &now).findings.is_empty();
    (is_clean && !first.findings.is_empty()).then_some(Mend {
        repair: Repair::KeepEarlier { kept, lost },
        tables,
        facts: new.facts.clone(),
    })
}

/// The cells of a period as the latest release of the same table shows them; none when no release has it.
fn standing(earlier: &[Edition<'_>], table: &Table, period: Period) -> Vec<Cell> {
    let is_it = |other: &&&Table| {
        other.header.indicator == table.header.indicator && other.dimensions == table.dimensions
    };
    let latest = earlier.iter().rev().find_map(|edition| {
        let known = edition.tables.iter().find(is_it)?;
        let own: Vec<Cell> = known
            .cells
            .iter()
            .filter(|cell| cell.period == period)
            .cloned()
            .collect();
        (!own.is_empty()).then_some(own)
    });
    latest.unwrap_or_default()
}

/// For each dimension of the attacking tables: whether leaving it out where it attacks is enough.
fn leave_out(
    ground: &Ground,
    earlier: &[Edition<'_>],
    new: &Edition<'_>,
    findings: &[Finding],
) -> Vec<Repair> {
    let attacked = attacked(ground, findings);
    let narrow = narrow_all(ground, &attacked, earlier);
    let past = with_tables(earlier, &narrow);
    let own: Vec<Table> = new
        .tables
        .iter()
        .filter_map(|table| narrowed(ground, &attacked, table))
        .collect();
    let dimensions: BTreeSet<&String> = findings
        .iter()
        .flat_map(|finding| finding.means.iter().chain([&finding.target]))
        .filter(|mention| mention.release.is_none())
        .flat_map(|mention| mention.cell.keys.iter().map(|(dimension, _)| dimension))
        .collect();
    dimensions
        .into_iter()
        .filter_map(|dimension| {
            let has = |table: &&Table| table.dimensions.iter().any(|one| one.id == *dimension);
            let now = Edition {
                name: new.name.clone(),
                tables: own.iter().filter(|table| !has(table)).collect(),
                facts: new.facts,
            };
            let lost: usize = own.iter().filter(has).map(|table| table.cells.len()).sum();
            let is_clean = check(ground, &past, &now).findings.is_empty();
            is_clean.then(|| Repair::LeaveOut {
                dimension: dimension.clone(),
                lost: lost as u64,
            })
        })
        .collect()
}
