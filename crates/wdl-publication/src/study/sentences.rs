//! The sentences of a study: what was found, how sure, for whom, what it costs.

use wdl_chart::numbers::date;
use wdl_result::Unit;
use wdl_result::study::{Better, MAIN, Part, RunKind};
use wdl_vocab::Lang;

use super::{Shown, Study, about_euros, difference, end, size};
use crate::words::{TEXTS, form, say};

/// Below it a test speaks against the design.
const SIGNAL: f64 = 0.05;
/// An interval so many times as wide as promised is far from the promise.
const FAR: f64 = 1.5;
/// How much more often than it says a design may find what is not there before a reader is told.
const ALARM: f64 = 1.5;

/// The sentences of a study in one language.
pub(crate) struct Sentences<'a> {
    pub(crate) study: &'a Study<'a>,
    pub(crate) lang: Lang,
}

impl Sentences<'_> {
    fn say(&self, key: &str) -> String {
        say(self.lang, key)
    }

    fn with(&self, key: &str, args: &[(&str, String)]) -> String {
        TEXTS.get(self.lang, key, args)
    }

    fn difference(&self, value: f64) -> String {
        difference(self.study.header(), value, self.lang)
    }

    /// The end of an interval, whose unit was just said.
    fn end(&self, value: f64) -> String {
        end(self.study.header(), value, self.lang)
    }

    fn size(&self, value: f64) -> String {
        size(self.study.header(), value, self.lang)
    }

    fn percent(&self) -> String {
        self.lang.number(100.0 * self.study.level(), 0)
    }

    /// The mark on every page of a study whose outcome was read first.
    pub(crate) fn mark(&self) -> Option<String> {
        self.study
            .face()
            .outcome_read_before
            .then(|| self.say("study-mark"))
    }

    /// The number alone: `−6,1 punti percentuali`.
    pub(crate) fn number(&self) -> Option<String> {
        self.study.main().map(|own| self.difference(own.estimate))
    }

    /// What was found, with its interval.
    pub(crate) fn finding(&self) -> String {
        let Some(main) = self.study.main() else {
            let key = match self.study.is_hidden(MAIN) {
                true => "study-finding-hidden",
                false => "study-finding-none",
            };
            return self.say(key);
        };
        let outcome = self.study.face().outcome.get(self.lang).to_owned();
        let estimate = self.difference(main.estimate);
        match main.interval {
            None => self.with(
                "study-finding-point",
                &[("outcome", outcome), ("estimate", estimate)],
            ),
            Some([low, high]) => self.with(
                "study-finding",
                &[
                    ("outcome", outcome),
                    ("estimate", estimate),
                    ("low", self.end(low)),
                    ("high", self.end(high)),
                    ("percent", self.percent()),
                ],
            ),
        }
    }

    /// The same in a word an official can use.
    pub(crate) fn verdict(&self) -> Option<String> {
        let main = self.study.main()?;
        let [low, high] = main.interval?;
        let better = self.study.face().better;
        let key = match (low > 0.0, high < 0.0, better) {
            (false, false, _) => "study-verdict-open",
            (true, _, Better::Higher) | (_, true, Better::Lower) => "study-verdict-good",
            (true, _, Better::Lower) | (_, true, Better::Higher) => "study-verdict-bad",
            (true, _, Better::Neither) => "study-verdict-more",
            (_, true, Better::Neither) => "study-verdict-less",
        };
        Some(self.say(key))
    }

    /// How sure the answer is: registration, tests of the design, other ways of estimating, the least effect.
    pub(crate) fn sure(&self) -> Vec<String> {
        let mut sentences = vec![self.registered()];
        sentences.extend(self.checks());
        sentences.extend(self.checks_missing());
        sentences.extend(self.other_ways());
        sentences.extend(self.promised());
        if !self.study.face().deviations.is_empty() {
            let count = self.study.face().deviations.len();
            let args = [
                ("form", form(count)),
                ("count", self.lang.number(count as f64, 0)),
            ];
            sentences.push(self.with("study-deviations-short", &args));
        }
        sentences
    }

    /// What the design promised, how far the interval is from it, and how often it finds what is not there.
    fn promised(&self) -> Vec<String> {
        let Some(power) = &self.study.face().power else {
            return Vec::new();
        };
        let args = [
            ("effect", self.size(power.minimum)),
            ("percent", self.lang.number(100.0 * power.power, 0)),
        ];
        let mut sentences = vec![self.with("study-power", &args)];
        if let Some(widened) = power.widened {
            let key = match widened > FAR {
                true => "study-power-far",
                false => "study-power-kept",
            };
            let args = [
                ("times", self.lang.number(widened, 1)),
                ("effect", self.size(widened * power.minimum)),
            ];
            sentences.push(self.with(key, &args));
        }
        let stated = 1.0 - self.study.level();
        if let Some(found) = power.false_alarms
            && found > ALARM * stated
        {
            let args = [
                ("percent", self.lang.number(100.0 * found, 0)),
                ("stated", self.lang.number(100.0 * stated, 0)),
            ];
            sentences.push(self.with("study-false-alarms", &args));
        }
        sentences
    }

    /// What of the runs rests on few units.
    pub(crate) fn few(&self) -> Vec<String> {
        let runs = self.study.face().runs.iter();
        let named = runs.filter(|own| !own.few.is_empty()).map(|own| {
            let rows: Vec<&str> = own.few.iter().map(|row| row.get(self.lang)).collect();
            let args = [
                ("run", self.study.label(&own.id, self.lang)),
                ("rows", rows.join("; ")),
            ];
            self.with("study-few", &args)
        });
        named.chain(self.few_tables()).collect()
    }

    /// The tables with such rows, each once.
    fn few_tables(&self) -> Option<String> {
        let runs = self.study.face().runs.iter();
        let mut titles: Vec<&str> = Vec::new();
        for title in runs.flat_map(|own| &own.few_tables) {
            let title = title.get(self.lang);
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        let args = [("tables", titles.join("; "))];
        (!titles.is_empty()).then(|| self.with("study-few-tables", &args))
    }

    /// When it was registered, or that it was not.
    pub(crate) fn registered(&self) -> String {
        let face = self.study.face();
        match (&face.registration, face.outcome_read_before) {
            (Some(own), false) => {
                let day = ("date", date(&own.on, self.lang));
                self.with("study-registered", &[day])
            }
            (Some(_), true) | (None, _) => self.say("study-mark"),
        }
    }

    fn checks(&self) -> Option<String> {
        let tables = self.study.of_part(Part::Checks);
        let values: Vec<f64> = tables
            .flat_map(|table| &table.cells)
            .filter_map(|cell| cell.estimate)
            .collect();
        let against = values.iter().filter(|own| **own < SIGNAL).count();
        let number = |count: usize| self.lang.number(count as f64, 0);
        let args = [
            ("form", form(against)),
            ("against", number(against)),
            ("count", number(values.len())),
        ];
        let key = match (values.len(), against) {
            (0, _) => return None,
            (1, 0) => "study-checks-one",
            (_, 0) => "study-checks-none",
            _ => "study-checks-some",
        };
        Some(self.with(key, &args))
    }

    /// Tests that could not be made.
    fn checks_missing(&self) -> Option<String> {
        let tables = self.study.of_part(Part::Checks);
        let cells = tables.flat_map(|table| &table.cells);
        let missing = cells.filter(|cell| cell.estimate.is_none()).count();
        let args = [
            ("form", form(missing)),
            ("count", self.lang.number(missing as f64, 0)),
        ];
        (missing > 0).then(|| self.with("study-checks-missing", &args))
    }

    /// Whether other ways give the same answer.
    fn other_ways(&self) -> Option<String> {
        let main = self.study.main()?;
        let runs = self.study.runs(RunKind::Robustness);
        let found: Vec<f64> = runs
            .filter_map(|own| Some(self.study.shown(&own.id)?.estimate))
            .collect();
        let alike = found
            .iter()
            .filter(|own| own.signum() == main.estimate.signum())
            .count();
        let low = found.iter().copied().fold(f64::INFINITY, f64::min);
        let high = found.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let number = |count: usize| self.lang.number(count as f64, 0);
        let args = [
            ("alike", number(alike)),
            ("count", number(found.len())),
            ("low", self.difference(low)),
            ("high", self.difference(high)),
        ];
        let key = match (found.len(), alike == found.len()) {
            (0, _) => return None,
            (1, true) => "study-ways-one",
            (1, false) => "study-ways-one-other",
            (_, true) => "study-ways-all",
            (_, false) => "study-ways-some",
        };
        Some(self.with(key, &args))
    }

    /// For whom the effect differs, as far as the data tell.
    pub(crate) fn groups(&self) -> Vec<String> {
        let runs = self.study.runs(RunKind::Subgroup);
        let told = runs.map(|own| {
            let label = self.study.label(&own.id, self.lang);
            let words = match self.study.shown(&own.id) {
                Some(shown) => self.between(&shown),
                None => self.missing(&own.id),
            };
            format!("{label}: {words}")
        });
        told.collect()
    }

    /// An estimate with its interval in a few words.
    pub(crate) fn between(&self, shown: &Shown) -> String {
        let estimate = self.difference(shown.estimate);
        match shown.interval {
            None => estimate,
            Some([low, high]) => self.with(
                "study-between",
                &[
                    ("estimate", estimate),
                    ("low", self.end(low)),
                    ("high", self.end(high)),
                ],
            ),
        }
    }

    /// Why a run shows nothing.
    pub(crate) fn missing(&self, run: &str) -> String {
        match self.study.is_hidden(run) {
            true => self.say("study-run-hidden"),
            false => self.say("study-run-none"),
        }
    }

    /// What it costs, and what one outcome costs where an effect is told from none.
    pub(crate) fn cost(&self) -> Option<Vec<String>> {
        let face = self.study.face();
        let cost = face.cost.as_ref()?;
        let each = cost.each.as_f64();
        let source = cost.source.get(self.lang).to_owned();
        let args = [("cost", about_euros(each, self.lang)), ("source", source)];
        let mut sentences = vec![self.with("study-cost-each", &args)];
        let main = self.study.main();
        let ends = main.and_then(|own| Some((own.estimate, own.interval?)));
        sentences.push(match ends {
            Some((estimate, [low, high])) if low > 0.0 || high < 0.0 => {
                self.per_outcome(each, estimate, [low, high])
            }
            Some(_) => self.say("study-cost-open"),
            None => self.say("study-cost-none"),
        });
        Some(sentences)
    }

    /// Cost over the effect: the farther end of the effect gives the lower cost.
    fn per_outcome(&self, each: f64, estimate: f64, ends: [f64; 2]) -> String {
        let is_euro = self.study.header().unit == Unit::Euro;
        // An outcome in euros: how many come back for each spent.
        let ratio = |effect: f64| match is_euro {
            true => effect.abs() / each,
            false => each / effect.abs(),
        };
        let ends = ends.map(ratio);
        let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        let way = match estimate < 0.0 {
            true => "less",
            false => "more",
        };
        let key = match self.study.header().unit {
            Unit::Share => "study-cost-share",
            Unit::Euro => "study-cost-euro",
            Unit::Persons
            | Unit::Households
            | Unit::Dwellings
            | Unit::Acts
            | Unit::Days
            | Unit::Months
            | Unit::Years
            | Unit::Ratio => "study-cost-unit",
        };
        let words = |value: f64| match is_euro {
            true => self.lang.number(value, 2),
            false => about_euros(value, self.lang),
        };
        let args = [
            ("way", way.to_owned()),
            ("cost", words(ratio(estimate))),
            ("low", words(low)),
            ("high", words(high)),
            ("percent", self.percent()),
        ];
        self.with(key, &args)
    }

    /// The units of the study, with and without the measure.
    pub(crate) fn counted(&self) -> Option<String> {
        let sample = self.study.of_part(Part::Sample).next()?;
        let period = sample.periods().last().copied()?;
        let count = |arm: Option<&str>| sample.cell(period, &[Some("used"), arm])?.n;
        let face = self.study.face();
        let number = |count: u64| self.lang.number(count as f64, 0);
        let args = [
            ("count", number(count(None)?)),
            (
                "unit",
                self.study.header().n_label.get(self.lang).to_owned(),
            ),
            ("treated", number(count(Some("treated"))?)),
            ("treated_label", face.treated.get(self.lang).to_owned()),
            ("others", number(count(Some("others"))?)),
            ("others_label", face.others.get(self.lang).to_owned()),
        ];
        Some(self.with("study-counted", &args))
    }
}
