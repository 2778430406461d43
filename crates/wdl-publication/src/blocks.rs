//! Data blocks filled from released tables: figures, sentences, charts and tables inside the lab's own texts.

use wdl_chart::{Threshold, gap_word};
use wdl_result::{Cell, Status, Table};
use wdl_vocab::{Lang, Period, did_you_mean};

use crate::PublicationError;
use crate::markdown::{Block, Filled, Source, Word};
use crate::model::{Indicator, Model, newest};
use crate::parts::figures::{Form, Picture};
use crate::parts::{course, escaped, figures, tiles};
use crate::paths::PageId;
use crate::sentence;
use crate::words::{TEXTS, say};

/// The commands a block may begin with.
const COMMANDS: [&str; 8] = [
    "value", "change", "finding", "period", "link", "chart", "table", "tiles",
];
/// The options a block may carry.
const OPTIONS: [&str; 6] = ["by", "where", "period", "as", "threshold", "then"];

/// The words of a list written with commas.
fn parts(list: &Word) -> impl Iterator<Item = Word> {
    let parts = list.text.split(',');
    parts.map(|part| Word {
        text: part.to_owned(),
        column: list.column,
    })
}

/// Where blocks are filled: the model, the language, and the way up to the root of the site.
#[derive(Clone, Copy)]
pub(crate) struct Page<'a> {
    pub(crate) model: &'a Model<'a>,
    pub(crate) lang: Lang,
    pub(crate) root: &'a str,
}

/// The whole text as HTML.
pub(crate) fn render(source: &Source, page: Page<'_>) -> Result<String, PublicationError> {
    Ok(source.to_html(&fill_all(source, page)?))
}

/// A one-sentence text as HTML.
///
/// Around a figure that is hidden it would be no sentence: the findings of the indicators that it names stand in its place.
pub(crate) fn render_sentence(source: &Source, page: Page<'_>) -> Result<String, PublicationError> {
    let filled = fill_all(source, page)?;
    let named = without_figures(source, page)?;
    if named.is_empty() {
        return Ok(source.to_sentence(&filled));
    }
    let findings = named
        .into_iter()
        .map(|indicator| sentence::finding(indicator, page.lang));
    Ok(escaped(&findings.collect::<Vec<_>>().join(" ")))
}

fn fill_all(source: &Source, page: Page<'_>) -> Result<Vec<Filled>, PublicationError> {
    let filled = source.blocks.iter().enumerate().map(|(place, block)| {
        let asked = Asked {
            source,
            block,
            place,
            page,
        };
        asked.fill()
    });
    filled.collect()
}

/// The indicators whose figures a text writes, when one of them has no figure that may be shown.
fn without_figures<'a>(
    source: &'a Source,
    page: Page<'a>,
) -> Result<Vec<&'a Indicator<'a>>, PublicationError> {
    let mut named: Vec<&Indicator<'_>> = Vec::new();
    let mut is_whole = true;
    for (place, block) in source.blocks.iter().enumerate() {
        let asked = Asked {
            source,
            block,
            place,
            page,
        };
        let indicator = page.model.indicator(&block.indicator.text);
        let Some(indicator) = indicator.filter(|_| block.command.text == "value") else {
            continue;
        };
        let value = asked.cell(indicator)?.and_then(sentence::value_of);
        is_whole &= value.is_some();
        if !named.iter().any(|other| other.id == indicator.id) {
            named.push(indicator);
        }
    }
    Ok(if is_whole { Vec::new() } else { named })
}

/// A block being filled.
#[derive(Clone, Copy)]
struct Asked<'a> {
    source: &'a Source,
    block: &'a Block,
    place: usize,
    page: Page<'a>,
}

impl<'a> Asked<'a> {
    fn unknown<'b>(
        &self,
        word: &Word,
        known: impl IntoIterator<Item = &'b str>,
    ) -> PublicationError {
        PublicationError::Unknown {
            file: self.source.file.clone(),
            line: self.block.line,
            column: word.column,
            name: word.text.clone(),
            suggestion: did_you_mean(&word.text, known).map(str::to_owned),
        }
    }

    fn option(&self, name: &str) -> Option<&'a Word> {
        let is_it = |(option, _): &&(Word, Word)| option.text == name;
        self.block
            .options
            .iter()
            .find(is_it)
            .map(|(_, value)| value)
    }

    fn fill(&self) -> Result<Filled, PublicationError> {
        let command = &self.block.command;
        if !COMMANDS.contains(&command.text.as_str()) {
            return Err(self.unknown(command, COMMANDS));
        }
        for (option, _) in &self.block.options {
            if !OPTIONS.contains(&option.text.as_str()) {
                return Err(self.unknown(option, OPTIONS));
            }
        }
        if command.text == "tiles" {
            return self.tiles();
        }
        let Some(indicator) = self.page.model.indicator(&self.block.indicator.text) else {
            return self.not_released(&self.block.indicator);
        };
        let lang = self.page.lang;
        let totals = indicator.totals();
        Ok(match command.text.as_str() {
            "value" => Filled::Words(self.value(indicator)?),
            "change" => {
                let newest = sentence::newest_value(&totals);
                let words = newest.and_then(|(period, ..)| {
                    sentence::change(indicator.header, &totals, period, lang)
                });
                Filled::Words(escaped(&words.unwrap_or_default()))
            }
            "finding" => Filled::Words(escaped(&sentence::finding(indicator, lang))),
            "period" => {
                let words = self
                    .shown_period(indicator)?
                    .map(|period| period.label(lang));
                Filled::Words(escaped(&words.unwrap_or_else(|| say(lang, "finding-none"))))
            }
            "link" => Filled::Words(self.link(indicator)),
            _ => self.figure(indicator)?,
        })
    }

    /// An indicator that the lab defines but has not released is said to be so; any other name is a mistake.
    fn not_released(&self, word: &Word) -> Result<Filled, PublicationError> {
        let defined = &self.page.model.input.defined;
        if !defined.iter().any(|id| id.as_str() == word.text) {
            let released = self.page.model.indicators.iter().map(|each| each.id);
            let known: Vec<&str> = defined
                .iter()
                .map(|id| id.as_str())
                .chain(released)
                .collect();
            return Err(self.unknown(word, known));
        }
        let words = escaped(&say(self.page.lang, "finding-none"));
        Ok(match self.block.command.text.as_str() {
            "chart" | "table" if self.source.is_alone(self.place) => {
                Filled::Figure(format!("<p class=\"wdl-small\">{words}</p>\n"))
            }
            _ => Filled::Words(words),
        })
    }

    /// Several indicators side by side; those not released are left out.
    fn tiles(&self) -> Result<Filled, PublicationError> {
        self.stands_alone()?;
        let mut shown = Vec::new();
        for word in parts(&self.block.indicator) {
            match self.page.model.indicator(&word.text) {
                Some(indicator) => shown.push(indicator),
                None => drop(self.not_released(&word)?),
            }
        }
        let html = tiles::html(self.page, shown.into_iter())?;
        Ok(Filled::Figure(html.unwrap_or_default()))
    }

    fn stands_alone(&self) -> Result<(), PublicationError> {
        match self.source.is_alone(self.place) {
            true => Ok(()),
            false => Err(PublicationError::Block {
                file: self.source.file.clone(),
                line: self.block.line,
                column: self.block.column,
            }),
        }
    }

    fn table(&self, indicator: &Indicator<'a>) -> Result<&'a Table, PublicationError> {
        let Some(by) = self.option("by") else {
            return Ok(indicator.lead().table());
        };
        let names: Vec<String> = indicator
            .tables
            .iter()
            .map(|released| released.table().breakdown())
            .collect();
        let found = indicator.table(&by.text).map(|released| released.table());
        found.ok_or_else(|| self.unknown(by, names.iter().map(String::as_str)))
    }

    fn period(&self, table: &Table) -> Result<Option<Period>, PublicationError> {
        let Some(word) = self.option("period") else {
            return Ok(None);
        };
        let periods = table.periods();
        let named = periods
            .iter()
            .find(|period| period.to_string() == word.text);
        let known: Vec<String> = periods.iter().map(Period::to_string).collect();
        named
            .copied()
            .map(Some)
            .ok_or_else(|| self.unknown(word, known.iter().map(String::as_str)))
    }

    /// The categories asked for, one per dimension; totals when none are named.
    fn keys(&self, table: &Table) -> Result<Vec<Option<String>>, PublicationError> {
        let mut keys = vec![None; table.dimensions.len()];
        let Some(word) = self.option("where") else {
            return Ok(keys);
        };
        for part in word.text.split(',') {
            let place = table
                .dimensions
                .iter()
                .position(|dimension| dimension.categories.iter().any(|each| each.id == part));
            let Some(place) = place else {
                let known: Vec<&str> = table
                    .dimensions
                    .iter()
                    .flat_map(|dimension| dimension.categories.iter())
                    .map(|category| category.id.as_str())
                    .collect();
                let part = Word {
                    text: part.to_owned(),
                    column: word.column,
                };
                return Err(self.unknown(&part, known));
            };
            keys[place] = Some(part.to_owned());
        }
        Ok(keys)
    }

    /// The cell that a block shows: the newest with a value, else the newest whose source arrived, else the newest.
    fn cell(&self, indicator: &Indicator<'a>) -> Result<Option<&'a Cell>, PublicationError> {
        let table = self.table(indicator)?;
        let keys = self.keys(table)?;
        let period = self.period(table)?;
        let is_asked =
            |cell: &&Cell| cell.keys == keys && period.is_none_or(|period| period == cell.period);
        let cells = || table.cells.iter().filter(is_asked);
        let newest = |is_it: &dyn Fn(&Cell) -> bool| {
            cells()
                .filter(|cell| is_it(cell))
                .max_by_key(|cell| cell.period)
        };
        let with_value = newest(&|cell| sentence::value_of(cell).is_some());
        let arrived = || newest(&|cell| cell.status != Status::NotCollected);
        Ok(with_value.or_else(arrived).or_else(|| newest(&|_| true)))
    }

    /// The period of what a block shows.
    fn shown_period(&self, indicator: &Indicator<'a>) -> Result<Option<Period>, PublicationError> {
        Ok(self.cell(indicator)?.map(|cell| cell.period))
    }

    /// True when the text names a period itself: the block asks for it, or another block of the same sentence writes it.
    fn is_named(&self, period: Period) -> Result<bool, PublicationError> {
        if self.option("period").is_some() {
            return Ok(true);
        }
        let blocks = self.source.blocks.iter().enumerate();
        for (place, block) in blocks {
            if block.line != self.block.line || block.command.text != "period" {
                continue;
            }
            let other = Asked {
                block,
                place,
                ..*self
            };
            if let Some(indicator) = self.page.model.indicator(&block.indicator.text)
                && other.shown_period(indicator)? == Some(period)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A figure as words, with its period after it where the sentence does not name it: a figure without its time would pass for today's.
    fn value(&self, indicator: &Indicator<'a>) -> Result<String, PublicationError> {
        let table = self.table(indicator)?;
        let lang = self.page.lang;
        let Some(cell) = self.cell(indicator)? else {
            return Ok(escaped(&say(lang, "finding-none")));
        };
        let Some(value) = sentence::value_of(cell) else {
            return Ok(escaped(&gap_word(sentence::gap(cell.status), lang)));
        };
        let words = match self.option("as") {
            None => sentence::shown(&table.header, value, lang),
            Some(word) if word.text == "one-in" => sentence::one_in(value, lang)
                .unwrap_or_else(|| wdl_chart::numbers::figure(&table.header, value, lang)),
            Some(word) => return Err(self.unknown(word, ["one-in"])),
        };
        let period = match self.is_named(cell.period)? {
            true => String::new(),
            false => format!(" ({})", escaped(&cell.period.label(lang))),
        };
        Ok(format!(
            "<strong class=\"wdl-number\">{}</strong>{period}",
            escaped(&words)
        ))
    }

    fn link(&self, indicator: &Indicator<'_>) -> String {
        let lang = self.page.lang;
        let page = PageId::Indicator(indicator.id.to_owned());
        format!(
            "<a href=\"{}{}\">{}</a>",
            self.page.root,
            page.path(lang),
            escaped(indicator.header.title.get(lang))
        )
    }

    /// The chart in the form asked for, where the data bear it.
    fn form(
        &self,
        table: &Table,
        period: Option<Period>,
        id: &str,
    ) -> Result<Option<Picture>, PublicationError> {
        let (Some(word), Some(period)) = (self.option("as"), period) else {
            return Ok(None);
        };
        let form = Form::of(&word.text);
        let form = form.ok_or_else(|| self.unknown(word, Form::ALL.map(Form::word)))?;
        let asked = figures::Asked {
            form,
            period,
            areas: &self.page.model.areas,
            thresholds: self.thresholds(period)?,
        };
        figures::in_form(table, &asked, id, self.page.lang)
    }

    /// Shares of one whole, each a part of the one before, as the stages of a course: the totals of the block's indicator and of those that follow.
    ///
    /// None when none follow, or one of them is not released.
    fn course(
        &self,
        indicator: &Indicator<'a>,
        period: Option<Period>,
    ) -> Result<Option<Table>, PublicationError> {
        let (Some(word), Some(period)) = (self.option("then"), period) else {
            return Ok(None);
        };
        let mut stages = vec![indicator];
        for word in parts(word) {
            match self.page.model.indicator(&word.text) {
                Some(indicator) => stages.push(indicator),
                None => {
                    self.not_released(&word)?;
                    return Ok(None);
                }
            }
        }
        Ok(course::of(&stages, period))
    }

    /// The totals of other indicators at a period, as lines of a histogram.
    ///
    /// Each stands at its own value, or at the place written before it: `60:at_risk_of_poverty_threshold` where the classes are percent of something.
    fn thresholds(&self, period: Period) -> Result<Vec<Threshold>, PublicationError> {
        let Some(word) = self.option("threshold") else {
            return Ok(Vec::new());
        };
        let (model, lang) = (self.page.model, self.page.lang);
        let mut lines = Vec::new();
        for word in parts(word) {
            let placed = word.text.split_once(':');
            let at = placed.and_then(|(at, _)| at.parse::<f64>().ok());
            let part = placed.filter(|_| at.is_some());
            let part = part.map_or(word.text.as_str(), |(_, part)| part);
            let Some(indicator) = model.indicator(part) else {
                let part = Word {
                    text: part.to_owned(),
                    column: word.column,
                };
                self.not_released(&part)?;
                continue;
            };
            let totals = indicator.totals();
            let value = totals
                .get(&period)
                .and_then(|cell| sentence::value_of(cell));
            lines.extend(value.map(|value| Threshold {
                words: format!(
                    "{}: {}",
                    indicator.header.title.get(lang),
                    wdl_chart::numbers::figure(indicator.header, value, lang)
                ),
                value: at.unwrap_or(value),
            }));
        }
        Ok(lines)
    }

    fn figure(&self, indicator: &Indicator<'a>) -> Result<Filled, PublicationError> {
        self.stands_alone()?;
        let table = self.table(indicator)?;
        let period = self.period(table)?.or_else(|| newest(table));
        let (lang, id) = (self.page.lang, format!("b{}", self.place));
        let shown = figures::of(table, period, &self.page.model.areas, &id, lang)?;
        let mut html = match self.block.command.text.as_str() {
            "chart" => {
                // A form that these data do not bear, as a curve without one of its groups, gives way to the usual one.
                let asked = match self.course(indicator, period)? {
                    Some(course) => self.form(&course, period, &id)?,
                    None => self.form(table, period, &id)?,
                };
                asked
                    .or(shown.chart)
                    .map_or(shown.table, |chart| chart.html)
            }
            _ => shown.table,
        };
        let page = PageId::Indicator(indicator.id.to_owned());
        let link = format!(
            "<p class=\"wdl-small\"><a href=\"{}{}\">{}</a></p>\n",
            self.page.root,
            page.path(lang),
            escaped(&TEXTS.get(
                lang,
                "block-more",
                &[("title", indicator.header.title.get(lang).to_owned())]
            ))
        );
        html.push_str(&link);
        Ok(Filled::Figure(html))
    }
}
