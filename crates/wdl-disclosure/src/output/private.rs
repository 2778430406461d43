//! The counts of one indicator with differentially private noise: drawn once for the finest cells of a period, everything else their sums.
//!
//! The finest cells are those of the table that crosses all breakdowns, and in each dimension one more for who is in no category, where the table has none for it: they follow from the definition and not from the data, and do not overlap.
//! Who draws and pays is the caller: here the questions are put, and the answers written.
//! A period that the budget does not reach is hidden whole, also in cells of nobody, and the words say so.
//!
//! **Between releases.** The budget bounds what all answers tell together; the check leaves these tables out, because no number of them is a statement about a count.

use wdl_perturbation::privacy::Mechanism;
use wdl_protocol::{DisclosureRules, Rule};
use wdl_result::{Draft, Protection, Table};
use wdl_vocab::{BodyId, DatasetId, Lang, Period, Text};

use super::changed::{ChangeTablesError, Number, check_counts, is_told, report, tell, write};
use crate::cells::{self, Key, Layout, Origin, Slice};
use crate::checked::Checked;
use crate::layers;
use crate::primary::Reason;
use crate::protect::{Protected, check_together, rule_for, tidy};
use crate::report::Hidden;

/// Who is in no category of a dimension.
const NONE: u16 = u16::MAX;
/// The category of who is in none of the others, in tables that have one: nobody is outside of it.
const UNKNOWN: &str = "unknown";

/// What is asked of one period: the finest cells by name, and their counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinestCells {
    /// The period.
    pub period: Period,
    /// The cells.
    pub cells: Vec<String>,
    /// Their true counts.
    pub counts: Vec<i64>,
    keys: Vec<Key>,
}

/// The noise that was drawn.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    /// How it was drawn.
    pub mechanism: Mechanism,
    /// What the tables of one period cost together (ε), in thousandths.
    pub epsilon_thousandths: u32,
    /// In how many of the finest cells a unit may count.
    pub contributions: u32,
    /// In 95 of 100 cells the noise is below this.
    pub within: u32,
}

/// The tables of one count that wait for their noise.
#[derive(Debug)]
pub struct ToNoise {
    tables: Vec<Table>,
    layout: Layout,
    slices: Vec<Slice>,
    rule: Rule,
    questions: Vec<FinestCells>,
}

impl ToNoise {
    /// Puts the questions, period by period.
    ///
    /// # Errors
    /// [`ChangeTablesError`] when the tables are no counts, or none of them crosses all breakdowns.
    ///
    /// # Panics
    /// When `tables` is empty.
    pub fn new(
        tables: Vec<Draft<Table>>,
        rules: &DisclosureRules,
        sources: &[(BodyId, DatasetId)],
    ) -> Result<ToNoise, ChangeTablesError> {
        let tables: Vec<Table> = tables.into_iter().map(|Draft(table)| table).collect();
        check_together(&tables)?;
        check_counts(&tables[0])?;
        let rule = rule_for(&tables, rules, sources);
        let layout = Layout::new(&tables);
        let slices = cells::slices(&tables, &layout)?;
        let is_finest = |at: &usize| layout.tables[*at].axes.len() == layout.dimensions.len();
        let finest = (0..tables.len()).find(is_finest);
        let finest = finest.ok_or_else(|| ChangeTablesError::NotCrossed {
            indicator: tables[0].header.indicator.clone(),
        })?;
        let mut questions = Vec::new();
        for slice in &slices {
            if let Some(question) = question(&tables, &layout, slice, rule, finest)? {
                questions.push(question);
            }
        }
        Ok(ToNoise {
            tables,
            layout,
            slices,
            rule,
            questions,
        })
    }

    /// What is asked, period by period.
    pub fn questions(&self) -> &[FinestCells] {
        &self.questions
    }

    /// The tables with the answers, one for each question, in their order; `None` where the budget does not reach.
    ///
    /// # Panics
    /// When there are fewer answers than questions.
    pub fn protect(mut self, answers: &[Option<Vec<i64>>], noise: Noise) -> Protected {
        let spread = spread(noise.mechanism);
        let (mut shown, mut withheld) = (0, Vec::new());
        for slice in &self.slices {
            let at = self
                .questions
                .iter()
                .position(|one| one.period == slice.period);
            let Some(at) = at else { continue };
            let (question, answer) = (&self.questions[at], answers[at].as_ref());
            if answer.is_none() {
                withheld.push(slice.period);
            }
            let number = |slot: usize| {
                let key = &slice.slots[slot].key;
                let answer = answer.filter(|_| is_told(&self.layout, slice, slot));
                answer.map(|answer| sum(question, answer, key, spread))
            };
            let numbers: Vec<Option<Number>> = (0..slice.slots.len()).map(number).collect();
            shown += write(&mut self.tables, &self.layout, slice, &numbers);
        }
        let protection = Protection::DifferentialPrivacy {
            epsilon_thousandths: noise.epsilon_thousandths,
            contributions: noise.contributions,
            within: noise.within,
        };
        for (table, shape) in self.tables.iter_mut().zip(&self.layout.tables) {
            tidy(table, shape.axes.len());
            tell(table, protection);
            tell_withheld(table, &withheld);
        }
        let mut report = report(&self.tables, self.rule, shown);
        report.hidden = hidden(&self.layout, &self.slices, &withheld);
        report.primary = report.hidden.len() as u64;
        Protected {
            tables: self.tables.into_iter().map(Checked::new).collect(),
            report,
        }
    }
}

/// The words of a table say which periods are hidden because the budget does not reach.
fn tell_withheld(table: &mut Table, withheld: &[Period]) {
    if withheld.is_empty() {
        return;
    }
    let said = &table.header.uncertainty;
    let periods = |lang: Lang| {
        let labels = withheld.iter().map(|period| period.label(lang));
        labels.collect::<Vec<_>>().join(", ")
    };
    table.header.uncertainty = Text::new(
        format!(
            "{} Non si pubblicano i numeri di {}: il rumore che questa popolazione può ancora spendere non basta.",
            said.it,
            periods(Lang::It)
        ),
        format!(
            "{} Numbers of {} are not published: what this population may still spend on noise does not reach.",
            said.en,
            periods(Lang::En)
        ),
    );
}

/// The cells of the periods that are hidden whole.
fn hidden(layout: &Layout, slices: &[Slice], withheld: &[Period]) -> Vec<Hidden> {
    let is_withheld = |slice: &&Slice| withheld.contains(&slice.period);
    let of = |slice: &Slice| {
        let told = (0..slice.slots.len()).filter(|slot| is_told(layout, slice, *slot));
        let one = |slot: usize| Hidden {
            period: slice.period,
            keys: layout.names(&slice.slots[slot].key),
            reason: Reason::NoiseSpent,
            intervals: Vec::new(),
        };
        told.map(one).collect::<Vec<_>>()
    };
    slices.iter().filter(is_withheld).flat_map(of).collect()
}

/// The finest cells of a period; none where the source did not deliver it.
fn question(
    tables: &[Table],
    layout: &Layout,
    slice: &Slice,
    rule: Rule,
    finest: usize,
) -> Result<Option<FinestCells>, ChangeTablesError> {
    let is_lacking = |slot: &cells::Slot| slot.origin == Origin::Unavailable;
    if slice.slots.iter().any(is_lacking) || !slice.covers(finest) {
        return Ok(None);
    }
    let counts = layers::frequencies(tables, slice, rule)?;
    let places: Vec<Vec<u16>> = layout
        .dimensions
        .iter()
        .map(|axis| {
            let is_whole = axis.categories.iter().any(|id| id == UNKNOWN);
            let outside = (!is_whole).then_some(NONE);
            (1..=axis.categories.len() as u16).chain(outside).collect()
        })
        .collect();
    let mut keys: Vec<Key> = vec![Key::new()];
    for places in &places {
        keys = keys
            .into_iter()
            .flat_map(|key| {
                places.iter().map(move |place| {
                    let mut key = key.clone();
                    key.push(*place);
                    key
                })
            })
            .collect();
    }
    let known = |key: &Key| slice.index.get(key).map_or(0, |at| counts[*at].n as i64);
    let counted = keys.iter().map(|key| count(key, layout, &known));
    Ok(Some(FinestCells {
        period: slice.period,
        counts: counted.collect(),
        cells: keys.iter().map(|key| name(layout, key)).collect(),
        keys,
    }))
}

/// The count of a finest cell: who is in no category is the total without those who are in one.
fn count(key: &Key, layout: &Layout, known: &dyn Fn(&Key) -> i64) -> i64 {
    let Some(axis) = key.iter().position(|place| *place == NONE) else {
        return known(key);
    };
    let at = |place: u16| {
        let mut other = key.clone();
        other[axis] = place;
        count(&other, layout, known)
    };
    let categories = 1..=layout.dimensions[axis].categories.len() as u16;
    at(0) - categories.map(at).sum::<i64>()
}

fn name(layout: &Layout, key: &Key) -> String {
    let parts: Vec<String> = layout
        .dimensions
        .iter()
        .zip(key)
        .map(|(axis, place)| match *place {
            NONE => format!("{}=", axis.id),
            place => format!("{}={}", axis.id, axis.categories[usize::from(place) - 1]),
        })
        .collect();
    parts.join("|")
}

/// The sum of the answers that a cell is made of, and how far chance takes it.
fn sum(question: &FinestCells, answer: &[i64], key: &Key, spread: f64) -> Number {
    let is_part = |part: &Key| {
        let mut both = key.iter().zip(part);
        both.all(|(place, own)| *place == 0 || place == own)
    };
    let parts = question.keys.iter().zip(answer);
    let parts: Vec<i64> = parts
        .filter(|(part, _)| is_part(part))
        .map(|(_, count)| *count)
        .collect();
    Number {
        count: parts.iter().sum(),
        error: Some(spread * (parts.len() as f64).sqrt()),
        is_count: false,
    }
}

/// The standard deviation of the noise of one cell.
fn spread(mechanism: Mechanism) -> f64 {
    match mechanism {
        // P(v) proportional to a^|v| has variance 2a/(1 − a)².
        Mechanism::Laplace { scale } => {
            let a = (-1.0 / scale).exp();
            (2.0 * a).sqrt() / (1.0 - a)
        }
        // Below its scale by less than any digit shown, from a scale of one up.
        Mechanism::Gaussian { scale } => scale,
    }
}
