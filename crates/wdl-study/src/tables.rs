//! The tables of a study, as drafts.

use std::collections::BTreeMap;

use wdl_evaluation::Estimate;
use wdl_result::study::{
    ARM, ARMS, CHECK, FIGURE, FIGURES, Part, RUN, RunKind, STEP, STEPS, StudyFace, StudyPart, TIME,
};
use wdl_result::{
    Additivity, Category, Cell, Dimension, Draft, Header, Interval, Lineage, ObservableFrom,
    Status, Table, Unit,
};
use wdl_vocab::{Digest, IndicatorId, Text};

use crate::counts::Units;
use crate::fault::RunError;
use crate::plan::PlannedCheck;
use crate::registration::Registration;
use crate::rows::Rows;
use crate::run::{Amounts, Context, Estimated};
use crate::study::{Study, Subgroup};

/// As many of the largest outcomes as any clause of dominance looks at.
const LARGEST: usize = 10;

/// What the tables of a study are made from.
pub(crate) struct Making<'a> {
    pub(crate) study: &'a Study,
    pub(crate) table: &'a Rows,
    pub(crate) units: &'a Units,
    pub(crate) estimated: &'a [Estimated<'a>],
    pub(crate) checks: &'a [PlannedCheck],
    pub(crate) context: &'a Context,
}

/// What a table of a study is called inside the lab: `study-rent_support-effects`.
pub(crate) fn name(study: &Study, part: Part) -> IndicatorId {
    let text = format!("study-{}-{}", study.id(), part.as_str());
    IndicatorId::parse(&text).expect("a study's id is short, and of the alphabet of ids")
}

fn dimension(id: &str, label: Text, categories: Vec<(String, Text)>) -> Dimension {
    let categories = categories.into_iter();
    Dimension {
        id: id.to_owned(),
        label,
        categories: categories
            .map(|(id, label)| Category { id, label })
            .collect(),
    }
}

impl Making<'_> {
    /// The planned tables, and that of the sample, which protects the others, whether planned or not.
    pub(crate) fn drafts(&self, face: StudyFace) -> Result<Vec<Draft<Table>>, RunError> {
        let mut tables = vec![self.effects(face)];
        tables.extend(self.sample()?);
        for part in &self.study.stated.tables {
            match part {
                Part::Effects | Part::Sample => {}
                Part::PValues => tables.push(self.p_values()),
                Part::Times => tables.extend(self.times()),
                Part::Means => tables.extend(self.means()?),
                Part::Checks => tables.extend(self.checks()),
            }
        }
        Ok(tables.into_iter().map(Draft).collect())
    }

    fn header(&self, part: Part) -> Header {
        let (stated, context) = (&self.study.stated, self.context);
        let definition = Registration::of(self.study, &context.code_version).digest();
        let outcome = &stated.outcome;
        let (unit, decimals, additivity) = match part {
            Part::Effects | Part::Times => (outcome.unit, outcome.decimals, Additivity::None),
            Part::Means if outcome.unit == Unit::Share => {
                (outcome.unit, outcome.decimals, Additivity::Share)
            }
            Part::Means => (outcome.unit, outcome.decimals, Additivity::None),
            Part::PValues | Part::Checks => (Unit::Ratio, 3, Additivity::None),
            Part::Sample => (stated.n_unit, 0, Additivity::Count),
        };
        Header {
            indicator: name(self.study, part),
            theme: stated.theme.clone(),
            title: title(part, &stated.title),
            definition: definition_of(part, &stated.estimand),
            source: stated.source.clone(),
            unit,
            decimals,
            interval: Interval::Plain,
            additivity,
            population: stated.population.clone(),
            n_label: stated.n_label.clone(),
            statistic: match part {
                Part::Sample => "count/1".to_owned(),
                Part::Means => "mean/1".to_owned(),
                Part::Effects | Part::PValues | Part::Times | Part::Checks => self.study.method(),
            },
            observable_from: ObservableFrom::Register,
            uncertainty: uncertainty(part),
            coverage: stated.coverage.clone(),
            synthetic: context.synthetic,
            data_date: context.data_date.clone(),
            lineage: Lineage {
                snapshot: context.snapshot.clone(),
                definition: Digest(definition.0),
                code_version: context.code_version.clone(),
                inputs: context.inputs.clone(),
            },
            protection: None,
            study: Some(StudyPart {
                study: self.study.id().clone(),
                part,
                face: None,
            }),
        }
    }

    fn cell(&self, keys: Vec<Option<String>>, n: u64, estimate: Option<f64>) -> Cell {
        let status = match (estimate, n) {
            (Some(_), _) => Status::Value,
            (None, 0) => Status::NotComputableEmpty,
            (None, _) => Status::NotComputableUndefined,
        };
        Cell {
            period: self.study.stated.period.last,
            keys,
            estimate,
            standard_error: None,
            n: Some(n),
            n_with: None,
            coverage: None,
            status,
        }
    }

    /// The estimate and the ends of its interval.
    fn figures(&self, keys: &[Option<String>], n: u64, own: Option<&Estimate>) -> Vec<Cell> {
        let ends = own.and_then(|own| own.interval);
        let ends = ends.filter(|ends| ends.iter().all(|end| end.is_finite()));
        let values = [
            own.map(|own| own.estimate),
            ends.map(|ends| ends[0]),
            ends.map(|ends| ends[1]),
        ];
        let cells = FIGURES.iter().zip(values).map(|(figure, value)| {
            let mut keys = keys.to_vec();
            keys.push(Some((*figure).to_owned()));
            let mut cell = self.cell(keys, n, value);
            if *figure == FIGURES[0] {
                cell.standard_error = own.and_then(|own| own.standard_error);
            }
            cell
        });
        cells.collect()
    }

    fn runs(&self) -> Dimension {
        let of = |own: &Estimated<'_>| (own.run.id.clone(), self.run_label(own));
        let runs = self.estimated.iter().map(of).collect();
        dimension(RUN, Text::fixed("stima", "estimate"), runs)
    }

    /// A subgroup is named with what it is a group of.
    fn run_label(&self, own: &Estimated<'_>) -> Text {
        let group = own.run.only.and_then(|(column, _)| {
            let groups = self.study.stated.subgroups.iter();
            groups.into_iter().find(|group| group.column == column)
        });
        match (own.run.kind, group) {
            (RunKind::Subgroup, Some(group)) => Text::new(
                format!("{}: {}", group.label.it, own.run.label.it),
                format!("{}: {}", group.label.en, own.run.label.en),
            ),
            (RunKind::Subgroup | RunKind::Main | RunKind::Robustness, _) => own.run.label.clone(),
        }
    }

    fn effects(&self, face: StudyFace) -> Table {
        let mut header = self.header(Part::Effects);
        header.study = header.study.map(|part| StudyPart {
            face: Some(Box::new(face)),
            ..part
        });
        let cells = self.estimated.iter().flat_map(|own| {
            let n = own.standing.arms.iter().sum();
            self.figures(&[Some(own.run.id.clone())], n, own.effect())
        });
        Table {
            header,
            dimensions: vec![self.runs(), figures()],
            cells: cells.collect(),
        }
    }

    fn p_values(&self) -> Table {
        let cells = self.estimated.iter().map(|own| {
            let n = own.standing.arms.iter().sum();
            let p = own.effect().and_then(|own| own.p_value);
            self.cell(vec![Some(own.run.id.clone())], n, p)
        });
        Table {
            header: self.header(Part::PValues),
            dimensions: vec![self.runs()],
            cells: cells.collect(),
        }
    }

    /// Nothing when no run has estimates by time.
    fn times(&self) -> Option<Table> {
        let timed: Vec<(&Estimated<'_>, Vec<(i64, &Estimate)>)> = self
            .estimated
            .iter()
            .filter(|own| own.run.kind != RunKind::Subgroup)
            .map(|own| (own, own.times()))
            .filter(|(_, times)| !times.is_empty())
            .collect();
        // Those of the main run, where it has any: another way may see farther, and with less.
        let is_main =
            |timed: &&(&Estimated<'_>, Vec<(i64, &Estimate)>)| timed.0.run.kind == RunKind::Main;
        let shown = match timed.first().filter(is_main) {
            Some(_) => &timed[..1],
            None => &timed[..],
        };
        let mut all: Vec<i64> = shown
            .iter()
            .flat_map(|(_, times)| times.iter().map(|(time, _)| *time))
            .collect();
        all.sort_unstable();
        all.dedup();
        let mut cells = Vec::new();
        for (own, times) in &timed {
            for time in &all {
                let found = times.iter().find(|(known, _)| known == time);
                let behind = own.standing.times.iter().find(|known| known.time == *time);
                let n = behind.map_or(0, |behind| behind.treated + behind.compared);
                let keys = [Some(own.run.id.clone()), Some(time_id(*time))];
                cells.extend(self.figures(&keys, n, found.map(|(_, own)| *own)));
            }
        }
        let runs = timed
            .iter()
            .map(|(own, _)| (own.run.id.clone(), own.run.label.clone()));
        let named = all.iter().map(|time| {
            let words = time.to_string();
            (time_id(*time), Text::new(words.clone(), words))
        });
        (!cells.is_empty()).then(|| Table {
            header: self.header(Part::Times),
            dimensions: vec![
                dimension(RUN, Text::fixed("stima", "estimate"), runs.collect()),
                dimension(
                    TIME,
                    Text::fixed("tempo dall’inizio", "time since the beginning"),
                    named.collect(),
                ),
                figures(),
            ],
            cells,
        })
    }

    /// What becomes of each unit of the design: used when a row of it is.
    fn steps(&self) -> Result<Vec<usize>, RunError> {
        let (study, table) = (self.study, self.table);
        let outcome = [study.stated.outcome.column.clone()];
        let has_outcome = table.complete(study, &outcome)?;
        let mut needed = study.stated.design.needed();
        needed.extend(outcome);
        let is_used = table.complete(study, &needed)?;
        let mut steps = vec![usize::MAX; self.units.sizes.len()];
        for (row, unit) in self.units.of_row.iter().enumerate() {
            let step = match (is_used[row], has_outcome[row]) {
                (true, _) => 0,
                (false, false) => 1,
                (false, true) => 2,
            };
            steps[*unit] = step.min(steps[*unit]);
        }
        Ok(steps)
    }

    /// Units by what became of them and arm, and those used for each column of subgroups.
    ///
    /// There is no total over what became of them: few without an outcome would take the number of those used with them.
    fn sample(&self) -> Result<Vec<Table>, RunError> {
        let steps = self.steps()?;
        let mut tables = vec![self.counted(&steps, None)];
        for group in &self.study.stated.subgroups {
            let places = self.group_of(group)?;
            tables.push(self.counted(&steps, Some((group, &places))));
        }
        Ok(tables)
    }

    /// The value of each unit among those of a subgroup's column; nothing when it has another.
    fn group_of(&self, group: &Subgroup) -> Result<Vec<Option<usize>>, RunError> {
        let (study, table) = (self.study, self.table);
        let values: Vec<&String> = group.values.keys().collect();
        let mut found: Vec<Option<Option<usize>>> = vec![None; self.units.sizes.len()];
        for (row, unit) in self.units.of_row.iter().enumerate() {
            let text = table.text(study, &group.column, row)?;
            let place = text.and_then(|text| values.iter().position(|own| own.as_str() == text));
            if found[*unit].is_some_and(|before| before != place) {
                let detail = format!("`{}` changes inside a unit", group.column);
                return Err(study.frame_fault(detail));
            }
            found[*unit] = Some(place);
        }
        Ok(found.into_iter().map(Option::flatten).collect())
    }

    fn counted(&self, steps: &[usize], group: Option<(&Subgroup, &Vec<Option<usize>>)>) -> Table {
        let values: Vec<&String> = group.map_or(Vec::new(), |(own, _)| own.values.keys().collect());
        // What happened to nobody is no row: an empty one says nothing, and hiding it would hide others.
        let is_shown = |step: &usize| steps.contains(step) && (group.is_none() || *step == 0);
        let met: Vec<usize> = (0..STEPS.len()).filter(is_shown).collect();
        let mut cells = Vec::new();
        let places = |count: usize| std::iter::once(None).chain((0..count).map(Some));
        let groups: Vec<Option<usize>> = match group {
            Some(_) => places(values.len()).collect(),
            None => vec![None],
        };
        for step in met.iter().copied() {
            for value in &groups {
                for arm in places(ARMS.len()) {
                    let is_in = |unit: &usize| {
                        steps[*unit] == step
                            && arm.is_none_or(|arm| self.units.is_treated[*unit] == (arm == 0))
                            && value.is_none_or(|value| {
                                group.is_some_and(|(_, of)| of[*unit] == Some(value))
                            })
                    };
                    let n = self.units.size((0..steps.len()).filter(is_in));
                    let mut keys = vec![Some(STEPS[step].to_owned())];
                    if group.is_some() {
                        keys.push(value.map(|value| values[value].clone()));
                    }
                    keys.push(arm.map(|arm| ARMS[arm].to_owned()));
                    cells.push(self.cell(keys, n, Some(n as f64)));
                }
            }
        }
        let mut dimensions = vec![dimension(
            STEP,
            Text::fixed("che cosa ne è stato", "what became of them"),
            STEPS
                .iter()
                .zip([
                    Text::fixed("usati nella stima", "used in the estimate"),
                    Text::fixed("senza esito osservato", "without an observed outcome"),
                    Text::fixed(
                        "senza un valore che serve al metodo",
                        "without a value that the method needs",
                    ),
                ])
                .map(|(id, label)| ((*id).to_owned(), label))
                .enumerate()
                .filter(|(step, _)| met.contains(step))
                .map(|(_, named)| named)
                .collect(),
        )];
        if let Some((group, _)) = group {
            let categories = group.values.iter();
            let categories = categories.map(|(id, label)| (id.clone(), label.clone()));
            let own = dimension(&group.column, group.label.clone(), categories.collect());
            dimensions.push(own);
        }
        dimensions.push(self.arms());
        Table {
            header: self.header(Part::Sample),
            dimensions,
            cells,
        }
    }

    fn arms(&self) -> Dimension {
        let arms = &self.study.stated.arms;
        let labels = [arms.treated.clone(), arms.others.clone()];
        let categories = ARMS.iter().zip(labels);
        dimension(
            ARM,
            Text::fixed("con o senza la misura", "with or without the measure"),
            categories
                .map(|(id, label)| ((*id).to_owned(), label))
                .collect(),
        )
    }

    /// The rows of the main run, by arm; none where rows are aggregates.
    fn by_arm(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let main = self.estimated.first();
        if let (Some(main), None) = (main, &self.study.stated.behind) {
            for row in &main.rows {
                let arm = usize::from(!self.units.is_treated[self.units.of_row[*row]]);
                rows.entry(arm).or_default().push(*row);
            }
        }
        rows
    }

    /// The mean outcome with and without the measure: no effect, and the page says so.
    fn means(&self) -> Result<Option<Table>, RunError> {
        let outcome = &self.study.stated.outcome;
        let values = self.table.numbers(self.study, &outcome.column)?;
        let header = self.header(Part::Means);
        let mut cells = Vec::new();
        for (arm, rows) in self.by_arm() {
            let n = rows.len() as u64;
            let own = rows.iter().filter_map(|row| values[*row]);
            let sum: f64 = own.clone().sum();
            let mut cell = self.cell(
                vec![Some(ARMS[arm].to_owned())],
                n,
                (n > 0).then(|| sum / n as f64),
            );
            if header.additivity == Additivity::Share {
                cell.n_with = Some(sum as u64);
            }
            cells.push(cell);
        }
        Ok((!cells.is_empty()).then(|| Table {
            header,
            dimensions: vec![self.arms()],
            cells,
        }))
    }

    /// The largest outcomes of each arm, where outcomes are euros.
    pub(crate) fn amounts(&self) -> Result<Vec<Amounts>, RunError> {
        let outcome = &self.study.stated.outcome;
        if outcome.unit != Unit::Euro {
            return Ok(Vec::new());
        }
        let values = self.table.numbers(self.study, &outcome.column)?;
        let of = |(arm, rows): (usize, Vec<usize>)| {
            let mut sizes: Vec<f64> = rows
                .iter()
                .filter_map(|row| values[*row])
                .map(f64::abs)
                .filter(|own| *own > 0.0)
                .collect();
            sizes.sort_by(|a, b| b.total_cmp(a));
            Amounts {
                arm: ARMS[arm].to_owned(),
                contributors: sizes.len() as u64,
                total: sizes.iter().sum(),
                largest: sizes.into_iter().take(LARGEST).collect(),
            }
        };
        Ok(self.by_arm().into_iter().map(of).collect())
    }

    fn checks(&self) -> Option<Table> {
        let categories = self.checks.iter();
        let categories = categories.map(|own| (own.id.clone(), own.label.clone()));
        let cells = self.checks.iter();
        let cells = cells.map(|own| self.cell(vec![Some(own.id.clone())], own.n, own.p_value));
        (!self.checks.is_empty()).then(|| Table {
            header: self.header(Part::Checks),
            dimensions: vec![dimension(
                CHECK,
                Text::fixed("prova", "test"),
                categories.collect(),
            )],
            cells: cells.collect(),
        })
    }
}

fn figures() -> Dimension {
    let labels = [
        Text::fixed("stima", "estimate"),
        Text::fixed("intervallo, da", "interval, from"),
        Text::fixed("intervallo, a", "interval, to"),
    ];
    dimension(
        FIGURE,
        Text::fixed("stima e intervallo", "estimate and interval"),
        FIGURES
            .iter()
            .zip(labels)
            .map(|(id, label)| ((*id).to_owned(), label))
            .collect(),
    )
}

/// A time as a category: `m3` three before, `0` at the beginning, `3` after.
pub(crate) fn time_id(time: i64) -> String {
    match time {
        ..0 => format!("m{}", time.unsigned_abs()),
        _ => time.to_string(),
    }
}

fn title(part: Part, study: &Text) -> Text {
    let (it, en) = match part {
        Part::Effects => ("effetti stimati", "estimated effects"),
        Part::PValues => ("valori p", "p-values"),
        Part::Times => (
            "effetti per tempo dall’inizio",
            "effects by time since the beginning",
        ),
        Part::Sample => ("chi è nello studio", "who is in the study"),
        Part::Means => (
            "medie semplici, che non sono l’effetto",
            "plain means, which are not the effect",
        ),
        Part::Checks => ("prove sul disegno", "tests of the design"),
    };
    Text::new(format!("{}: {it}", study.it), format!("{}: {en}", study.en))
}

fn definition_of(part: Part, estimand: &Text) -> Text {
    match part {
        Part::Effects | Part::Times => estimand.clone(),
        Part::PValues => Text::fixed(
            "Quanto spesso il solo caso darebbe una stima così lontana da zero.",
            "How often chance alone would give an estimate as far from zero.",
        ),
        Part::Sample => Text::fixed(
            "Le unità del disegno, con e senza la misura, fino a quelle usate nella stima.",
            "The units of the design, with and without the measure, down to those used in the estimate.",
        ),
        Part::Means => Text::fixed(
            "L’esito medio di chi ha la misura e di chi non l’ha, senza alcun metodo: le due medie differiscono anche per ragioni che non sono la misura.",
            "The mean outcome of those with the measure and of those without, without any method: the two means differ for other reasons than the measure as well.",
        ),
        Part::Checks => Text::fixed(
            "Prove che potrebbero smentire il disegno: un valore p piccolo è un segnale contrario.",
            "Tests that could prove the design wrong: a small p-value speaks against it.",
        ),
    }
}

fn uncertainty(part: Part) -> Text {
    match part {
        Part::Effects | Part::Times => Text::fixed(
            "L’intervallo è quello del metodo, al livello detto accanto; vale se valgono le ipotesi.",
            "The interval is that of the method, at the level said beside it; it holds if the assumptions hold.",
        ),
        Part::Sample | Part::Means => Text::fixed(
            "Sono tutte le unità del disegno: non c’è errore di campionamento.",
            "They are all units of the design: there is no sampling error.",
        ),
        Part::PValues | Part::Checks => Text::fixed(
            "Un valore p dice quanto i dati sorprenderebbero se l’effetto non ci fosse, non quanto è probabile che non ci sia.",
            "A p-value says how surprising the data would be without an effect, not how likely it is that there is none.",
        ),
    }
}
