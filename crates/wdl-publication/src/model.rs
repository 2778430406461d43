//! The input, checked and put in the order of the site.

use std::collections::{BTreeMap, BTreeSet};

use wdl_chart::Geography;
use wdl_ledger::{Act, Received};
use wdl_protocol::{ActorId, Lab, Theme};
use wdl_result::{Cell, Header, Status, Table};
use wdl_vocab::{Lang, Period, did_you_mean};

use crate::PublicationError;
use crate::input::{PublicationFile, SiteInput, SourceFace};
use crate::markdown::{Kind, Publication, read_publications};
use crate::release_face::ReleasedTable;
use crate::study::Study;

/// An indicator with its released tables: the fewest dimensions first.
pub(crate) struct Indicator<'a> {
    pub(crate) id: &'a str,
    pub(crate) header: &'a Header,
    pub(crate) tables: Vec<ReleasedTable<'a>>,
    /// The datasets its tables rest on by their lineage, by body.
    pub(crate) rests_on: Datasets<'a>,
}

/// Datasets by the body that delivers them.
pub(crate) type Datasets<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// An evaluation study with its released tables.
pub(crate) struct Evaluated<'a> {
    pub(crate) study: Study<'a>,
    pub(crate) tables: Vec<ReleasedTable<'a>>,
}

/// What pages are made from.
pub(crate) struct Model<'a> {
    pub(crate) input: &'a SiteInput<'a>,
    pub(crate) indicators: Vec<Indicator<'a>>,
    /// The evaluation studies, by id.
    pub(crate) studies: Vec<Evaluated<'a>>,
    pub(crate) publications: Vec<Publication>,
    pub(crate) areas: Vec<Geography>,
    /// The deliveries that came in, in the order of the record, each with the time of its entry.
    pub(crate) deliveries: Vec<(&'a Received, String)>,
}

impl<'a> Model<'a> {
    pub(crate) fn new(input: &'a SiteInput<'a>) -> Result<Model<'a>, PublicationError> {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut indicators: Vec<Indicator<'a>> = Vec::new();
        let mut studies: BTreeMap<&str, Vec<ReleasedTable<'a>>> = BTreeMap::new();
        for released in &input.tables {
            check(input, released.get())?;
            let header = &released.get().header;
            if let Some(part) = &header.study {
                let own = studies.entry(part.study.as_str()).or_default();
                own.push(ReleasedTable::new(released, input));
                continue;
            }
            let id = header.indicator.as_str();
            let place = *places.entry(id).or_insert(indicators.len());
            if place == indicators.len() {
                indicators.push(Indicator {
                    id,
                    header,
                    tables: Vec::new(),
                    rests_on: Datasets::new(),
                });
            }
            indicators[place]
                .tables
                .push(ReleasedTable::new(released, input));
        }
        let deliveries = deliveries(input);
        let known: BTreeMap<&str, &Received> = deliveries
            .iter()
            .map(|(received, _)| (received.delivery.as_str(), *received))
            .collect();
        for indicator in &mut indicators {
            indicator.rests_on = rests_on(&indicator.tables, &known);
            indicator.tables.sort_by_key(|released| {
                (
                    released.table().dimensions.len(),
                    released.table().breakdown(),
                )
            });
            // The header of the simplest table speaks for the indicator.
            indicator.header = &indicator.tables[0].table().header;
            refuse_twice(indicator)?;
        }
        let publications = read_publications(input)?;
        Ok(Model {
            input,
            indicators,
            // Tables whose study's effects are not out have nothing to say of themselves.
            studies: studies.into_values().filter_map(evaluated).collect(),
            publications,
            areas: read_areas(input)?,
            deliveries,
        })
    }

    /// Whether any table of a name is out: of an indicator, or of a study.
    pub(crate) fn is_out(&self, id: &str) -> bool {
        let of_studies = self.studies.iter().flat_map(|own| &own.tables);
        let is_it = |own: &ReleasedTable<'_>| own.table().header.indicator.as_str() == id;
        self.indicator(id).is_some() || of_studies.into_iter().any(is_it)
    }

    pub(crate) fn lab(&self) -> &'a Lab {
        self.input.lab
    }

    pub(crate) fn indicator(&self, id: &str) -> Option<&Indicator<'a>> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// The indicators of a theme, in the order of the input.
    pub(crate) fn of_theme(&self, theme: &Theme) -> Vec<&Indicator<'a>> {
        self.indicators
            .iter()
            .filter(|indicator| indicator.header.theme == theme.id.as_str())
            .collect()
    }

    /// The evaluation studies of a theme, by id.
    pub(crate) fn studies_of(&self, theme: &Theme) -> impl Iterator<Item = &Evaluated<'a>> {
        let id = theme.id.as_str();
        self.studies
            .iter()
            .filter(move |own| own.study.header().theme == id)
    }

    /// The themes with at least one released indicator, a study or a text, in the order of the menu.
    pub(crate) fn shown_themes(&self) -> Vec<&'a Theme> {
        let is_shown = |theme: &&Theme| {
            let has_text = self.theme_text(theme.id.as_str()).is_some();
            has_text || !self.of_theme(theme).is_empty() || self.studies_of(theme).next().is_some()
        };
        self.lab().themes.iter().filter(is_shown).collect()
    }

    /// The lab's own text on a theme.
    pub(crate) fn theme_text(&self, id: &str) -> Option<&Publication> {
        let is_it = |each: &&Publication| each.kind == Kind::Theme && each.name == id;
        self.publications.iter().find(is_it)
    }

    /// The lab's own text on an indicator.
    pub(crate) fn indicator_text(&self, id: &str) -> Option<&Publication> {
        let is_it = |each: &&Publication| each.kind == Kind::Indicator && each.name == id;
        self.publications.iter().find(is_it)
    }

    /// The lab's articles, by name.
    pub(crate) fn articles(&self) -> impl Iterator<Item = &Publication> {
        self.publications
            .iter()
            .filter(|each| each.kind == Kind::Article)
    }

    /// The newest day the data of any table were brought up to date.
    pub(crate) fn data_date(&self) -> Option<&'a str> {
        let dates = self
            .input
            .tables
            .iter()
            .map(|each| each.get().header.data_date.as_str());
        dates.max()
    }

    pub(crate) fn theme(&self, id: &str) -> Option<&'a Theme> {
        self.lab()
            .themes
            .iter()
            .find(|theme| theme.id.as_str() == id)
    }

    /// An actor by role and body, or by its id when the lab does not say.
    pub(crate) fn actor(&self, id: &ActorId, lang: Lang) -> String {
        let named = self.lab().actor(id);
        named.map_or_else(|| id.to_string(), |actor| actor.name.get(lang).to_owned())
    }

    /// The title of a dataset, or its name when no contract gives one.
    pub(crate) fn dataset(&self, body: &str, dataset: &str, lang: Lang) -> String {
        let is_it =
            |each: &&SourceFace| each.body.as_str() == body && each.dataset.as_str() == dataset;
        let named = self.input.sources.iter().find(is_it);
        named.map_or_else(
            || dataset.to_owned(),
            |each| each.title.get(lang).to_owned(),
        )
    }

    /// The name of a body, or its id when the lab does not name it.
    pub(crate) fn body(&self, id: &str, lang: Lang) -> String {
        let named = self.lab().bodies.iter().find(|body| body.id.as_str() == id);
        named.map_or_else(|| id.to_owned(), |body| body.name.get(lang).to_owned())
    }
}

fn evaluated(tables: Vec<ReleasedTable<'_>>) -> Option<Evaluated<'_>> {
    let study = Study::of(tables.iter().map(ReleasedTable::table))?;
    Some(Evaluated { study, tables })
}

fn read_areas(input: &SiteInput<'_>) -> Result<Vec<Geography>, PublicationError> {
    let read = |file: &PublicationFile| {
        Geography::parse(&file.text).map_err(|source| PublicationError::Areas {
            file: file.name.clone(),
            source,
        })
    };
    input.areas.iter().map(read).collect()
}

/// The deliveries that the record says came in.
fn deliveries<'a>(input: &SiteInput<'a>) -> Vec<(&'a Received, String)> {
    let came = |entry: &'a wdl_ledger::Entry| match &entry.act {
        Act::Received(received) if entry.outcome.is_done() => {
            Some((received, entry.time.to_string()))
        }
        _ => None,
    };
    input.acts.iter().filter_map(came).collect()
}

/// The datasets that tables rest on: their lineage names the deliveries, the record says whose they are.
fn rests_on<'a>(
    tables: &[ReleasedTable<'a>],
    known: &BTreeMap<&str, &'a Received>,
) -> Datasets<'a> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut datasets = Datasets::new();
    let inputs = tables
        .iter()
        .flat_map(|released| &released.table().header.lineage.inputs);
    for delivery in inputs.flat_map(|input| &input.deliveries) {
        if !seen.insert(delivery) {
            continue;
        }
        if let Some(received) = known.get(delivery.as_str()) {
            let of_body = datasets.entry(received.body.as_str()).or_default();
            of_body.insert(received.dataset.as_str());
        }
    }
    datasets
}

fn check(input: &SiteInput<'_>, table: &Table) -> Result<(), PublicationError> {
    let header = &table.header;
    if header.synthetic != input.lab.synthetic {
        return Err(PublicationError::NoticeDisagrees {
            indicator: header.indicator.to_string(),
            table: table.breakdown(),
        });
    }
    let themes = || input.lab.themes.iter().map(|theme| theme.id.as_str());
    if !themes().any(|theme| theme == header.theme) {
        return Err(PublicationError::UnknownTheme {
            indicator: header.indicator.to_string(),
            theme: header.theme.clone(),
            suggestion: did_you_mean(&header.theme, themes()).map(str::to_owned),
        });
    }
    Ok(())
}

fn refuse_twice(indicator: &Indicator<'_>) -> Result<(), PublicationError> {
    let mut seen = BTreeSet::new();
    for released in &indicator.tables {
        let table = released.table().breakdown();
        if !seen.insert(table.clone()) {
            return Err(PublicationError::TableTwice {
                indicator: indicator.id.to_owned(),
                table,
            });
        }
    }
    Ok(())
}

/// Cells of an indicator's tables without a value, by what the public may know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hidden {
    pub(crate) cells: usize,
    pub(crate) suppressed: usize,
    pub(crate) not_computable: usize,
    pub(crate) not_collected: usize,
}

impl<'a> Indicator<'a> {
    /// The table without dimensions, else the first with the fewest: its totals tell the indicator's story.
    pub(crate) fn lead(&self) -> &ReleasedTable<'a> {
        &self.tables[0]
    }

    /// The table whose figures are the finding: the lead, or its first breakdown where the total is all by construction; none when there is no breakdown then.
    pub(crate) fn telling(&self) -> Option<&ReleasedTable<'a>> {
        if !is_all_by_construction(self.header) {
            return Some(self.lead());
        }
        self.tables
            .iter()
            .find(|released| released.table().dimensions.len() == 1)
    }

    pub(crate) fn table(&self, breakdown: &str) -> Option<&ReleasedTable<'a>> {
        self.tables
            .iter()
            .find(|released| released.table().breakdown() == breakdown)
    }

    /// The cells of the total over time, by period.
    pub(crate) fn totals(&self) -> BTreeMap<Period, &'a Cell> {
        totals(self.lead().table())
    }

    pub(crate) fn hidden(&self) -> Hidden {
        let mut hidden = Hidden::default();
        for cell in self
            .tables
            .iter()
            .flat_map(|released| &released.table().cells)
        {
            hidden.cells += 1;
            match cell.status {
                Status::Value => {}
                // Never by which rule: it would help to undo it.
                Status::SuppressedPrimary | Status::SuppressedSecondary => hidden.suppressed += 1,
                Status::NotComputableEmpty | Status::NotComputableUndefined => {
                    hidden.not_computable += 1;
                }
                Status::NotCollected => hidden.not_collected += 1,
            }
        }
        hidden
    }
}

/// True for the parts that groups have of one whole: their total is always all of it, and says nothing.
pub(crate) fn is_all_by_construction(header: &Header) -> bool {
    let name = header.statistic.split('/').next();
    name == Some("part_of_total")
}

/// The cells of a table's total, by period.
pub(crate) fn totals(table: &Table) -> BTreeMap<Period, &Cell> {
    table
        .cells
        .iter()
        .filter(|cell| cell.keys.iter().all(Option::is_none))
        .map(|cell| (cell.period, cell))
        .collect()
}

/// The newest period in which any cell has a value, else the newest at all.
pub(crate) fn newest(table: &Table) -> Option<Period> {
    let with_value = table
        .cells
        .iter()
        .filter(|cell| cell.status == Status::Value)
        .map(|cell| cell.period)
        .max();
    with_value.or_else(|| table.cells.iter().map(|cell| cell.period).max())
}
