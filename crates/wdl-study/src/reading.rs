//! From the wire form of a study to what it states, with every fault at its place.

use std::collections::BTreeMap;
use std::path::Path;

use wdl_evaluation::{Kind, Method};
use wdl_frame::Sql;
use wdl_result::study::{MAIN, Part};
use wdl_vocab::{Euro, Period, StudyId, did_you_mean};
use wdl_yaml::{Placed, Source};

use crate::fault::{Fault, FaultKind, StudyError, StudyFault};
use crate::file::{
    AskedFile, CheckFile, OptionFile, OptionsFile, PeriodFile, PowerFile, SimulationFile, StudyFile,
};
use crate::study::{
    ArmsOf, Asked, BehindOf, Check, CostOf, Drawn, NamedRun, OutcomeOf, PeriodOf, PowerHow,
    PowerOf, Simulation, Stated, Study, Subgroup,
};

/// The longest id: the names of tables are made from it.
const LONGEST_ID: usize = 60;
/// How often the least effect is to be seen, unless said.
const POWER: f64 = 0.8;
/// Draws of a simulation, unless said: the least effect is then known to a few hundredths of itself.
const DRAWS: u64 = 500;

/// Reads every study of a folder and reports every fault found; a folder that is not there has none.
pub(crate) fn read(folder: &Path) -> Result<Vec<Study>, StudyError> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    paths.sort();
    let (mut studies, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        match Source::read(&path).and_then(|source| Ok((source.parse()?, source))) {
            Ok((file, source)) => studies.extend(study(file, &source, &path, &mut faults)),
            Err(fault) => faults.push(fault),
        }
    }
    StudyError::unless_empty(faults)?;
    studies.sort_by(|a: &Study, b| a.id().cmp(b.id()));
    Ok(studies)
}

/// Converts one file; its faults are added to the others.
fn study(file: StudyFile, source: &Source, path: &Path, faults: &mut Vec<Fault>) -> Option<Study> {
    let before = faults.len();
    let mut reading = Reading {
        source,
        faults,
        outcome: file.outcome.column.value.clone(),
    };
    let id = reading.id(&file.id, path);
    let period = reading.period(&file.period);
    let frame = reading.query(&file.frame);
    let outcomes = reading.query(&file.outcomes);
    let events = file.behind.as_ref().and_then(|own| own.events.clone());
    if let Some(frame) = &frame {
        reading.no_outcome(frame, &file.frame, events.as_deref());
    }
    let design = reading.asked(file.design, None);
    let mut taken = vec![MAIN.to_owned()];
    let mut robustness = Vec::new();
    for own in file.robustness {
        reading.once(&own.id, &mut taken);
        let (id, label) = (own.id.value.clone(), own.label);
        let asked = match own.method {
            Some(method) => reading.asked(
                AskedFile {
                    method,
                    options: own.options,
                    estimate: own.estimate,
                },
                None,
            ),
            None => design.as_ref().and_then(|design| {
                let options = reading.options(design.method(), own.options)?;
                let mut asked = design.clone();
                asked.options.extend(options);
                asked.estimate = own.estimate.or(asked.estimate);
                Some(asked)
            }),
        };
        robustness.extend(asked.map(|asked| NamedRun { id, label, asked }));
    }
    let mut checks = Vec::new();
    let mut named = Vec::new();
    for own in file.checks {
        reading.once(&own.id, &mut named);
        checks.extend(reading.check(own, &taken));
    }
    let power = file.power.and_then(|own| {
        let basis = own.basis.clone();
        let how = reading.power(own, &file.id, design.as_ref(), file.behind.is_some())?;
        Some(PowerOf { basis, how })
    });
    let cost = file.cost.and_then(|own| {
        let each = match &own.each {
            Some(each) => Some(reading.euro(each)?),
            None => None,
        };
        if each.is_some() == own.column.is_some() {
            reading.wrong(
                &file.id,
                "a cost is stated for `each`, or is the mean of a `column`",
            );
        }
        Some(CostOf {
            each,
            column: own.column.map(|own| own.value),
            source: own.source,
        })
    });
    reading.tables(&file.tables);
    if file.key.is_empty() {
        reading.wrong(&file.id, "`key` names the columns that both queries give");
    }
    if file.outcome.decimals.value > 4 {
        reading.wrong(&file.outcome.decimals, "`decimals` is at most 4");
    }
    if reading.faults.len() > before {
        return None;
    }
    Some(Study {
        stated: Stated {
            id: id?,
            theme: file.theme,
            title: file.title,
            question: file.question,
            estimand: file.estimand,
            population: file.population,
            treatment: file.treatment,
            outcome: OutcomeOf {
                column: file.outcome.column.value,
                label: file.outcome.label,
                unit: file.outcome.unit,
                decimals: file.outcome.decimals.value,
                better: file.outcome.better,
            },
            arms: ArmsOf {
                column: file.arms.column,
                treated: file.arms.treated,
                others: file.arms.others,
            },
            n_label: file.n_label,
            n_unit: file.n_unit,
            period: period?,
            key: file.key.into_iter().map(|own| own.value).collect(),
            columns: file.columns,
            unit: file.unit,
            behind: file.behind.map(|own| BehindOf {
                units: own.units,
                events: own.events,
            }),
            frame: file.frame.value,
            outcomes: file.outcomes.value,
            design: design?,
            assumptions: file.assumptions,
            robustness,
            subgroups: file
                .subgroups
                .into_iter()
                .map(|own| Subgroup {
                    column: own.column,
                    label: own.label,
                    values: own.values,
                })
                .collect(),
            checks,
            power,
            cost,
            tables: file.tables.into_iter().map(|own| own.value).collect(),
            how: file.how,
            for_whom: file.for_whom,
            limits: file.limits,
            source: file.source,
            coverage: file.coverage,
        },
        frame: frame?,
        outcomes: outcomes?,
        reasons: file
            .deviations
            .into_iter()
            .map(|own| (own.key, own.reason))
            .collect(),
    })
}

/// A file as it is converted, with the faults found so far.
struct Reading<'a> {
    source: &'a Source,
    faults: &'a mut Vec<Fault>,
    outcome: String,
}

impl Reading<'_> {
    fn fault<T>(&mut self, place: &Placed<T>, kind: impl Into<FaultKind>) {
        self.faults.push(self.source.fault_at(place, kind));
    }

    fn wrong<T>(&mut self, place: &Placed<T>, detail: &str) {
        self.fault(place, FaultKind::wrong(detail));
    }

    fn id(&mut self, id: &Placed<String>, path: &Path) -> Option<StudyId> {
        let read = match StudyId::parse(&id.value) {
            Ok(read) => read,
            Err(why) => {
                self.wrong(id, &why.to_string());
                return None;
            }
        };
        if id.value.len() > LONGEST_ID {
            self.wrong(id, "an id has at most 60 characters");
        }
        if path
            .file_stem()
            .is_some_and(|stem| stem != id.value.as_str())
        {
            let id_text = id.value.clone();
            self.fault(id, StudyFault::FileName { id: id_text });
        }
        Some(read)
    }

    fn period(&mut self, file: &PeriodFile) -> Option<PeriodOf> {
        let last = self.one_period(&file.last);
        let first = match &file.first {
            Some(first) => Some(self.one_period(first)?),
            None => None,
        };
        let last = last?;
        let is_span = first.is_none_or(|first| {
            let is_like = matches!(
                (first, last),
                (Period::Year(_), Period::Year(_))
                    | (Period::Quarter { .. }, Period::Quarter { .. })
            );
            // Longer than any base, and every period is a query.
            is_like && first <= last && last.year() - first.year() <= 60
        });
        if !is_span {
            self.wrong(
                &file.last,
                "`first` is a period of the same kind, not after `last`",
            );
        }
        Some(PeriodOf { first, last })
    }

    fn one_period(&mut self, text: &Placed<String>) -> Option<Period> {
        let read = text.value.parse::<Period>();
        if read.is_err() {
            self.wrong(text, "a period is a year or a quarter: 2025 or 2025-Q1");
        }
        read.ok()
    }

    fn query(&mut self, block: &Placed<String>) -> Option<Sql> {
        match Sql::parse(self.source.file(), &self.source.padded(block)) {
            Ok(sql) => Some(sql),
            Err(fault) => {
                self.fault(block, StudyFault::Sql(Box::new(fault)));
                None
            }
        }
    }

    /// The design names neither the outcome nor what it is counted from, and not all columns of a table.
    fn no_outcome(&mut self, frame: &Sql, block: &Placed<String>, events: Option<&str>) {
        let outcome = self.outcome.clone();
        let named = match frame.words() {
            None => Some("*".to_owned()),
            Some(words) => std::iter::once(outcome.as_str())
                .chain(events)
                .find(|own| words.contains(&own.to_lowercase()))
                .map(str::to_owned),
        };
        if let Some(column) = named {
            self.fault(block, StudyFault::OutcomeInFrame { column });
        }
    }

    fn method(&mut self, name: &Placed<String>) -> Option<&'static dyn Method> {
        match wdl_evaluation::method(&name.value) {
            Ok(method) => Some(method),
            Err(fault) => {
                self.fault(name, StudyFault::Method(Box::new(fault)));
                None
            }
        }
    }

    /// A method with its options; `filled` are those that need not be said.
    fn asked(&mut self, file: AskedFile, filled: Option<&[&str]>) -> Option<Asked> {
        let method = self.method(&file.method)?;
        let mut options = self.options(method, file.options)?;
        let has_outcome = method.options().iter().any(|own| own.name == "outcome");
        if has_outcome && !options.contains_key("outcome") {
            options.insert("outcome".to_owned(), vec![self.outcome.clone()]);
        }
        let missing = method.options().iter().find(|own| {
            let is_filled = filled.is_some_and(|filled| filled.contains(&own.name));
            own.is_required && !is_filled && !options.contains_key(own.name)
        });
        if let Some(missing) = missing {
            let key = missing.name.to_owned();
            self.fault(&file.method, FaultKind::MissingKey { key });
            return None;
        }
        Some(Asked {
            method: method.name(),
            options,
            estimate: file.estimate,
        })
    }

    fn options(
        &mut self,
        method: &'static dyn Method,
        file: OptionsFile,
    ) -> Option<BTreeMap<String, Vec<String>>> {
        let names = || method.options().iter().map(|own| own.name);
        let mut options = BTreeMap::new();
        let before = self.faults.len();
        for (name, value) in file {
            let Some(option) = method.options().iter().find(|own| own.name == name) else {
                self.fault(
                    &value,
                    StudyFault::Option {
                        method: method.name(),
                        meant: did_you_mean(&name, names()),
                        option: name,
                    },
                );
                continue;
            };
            let is_flag = option.kind == Kind::Flag;
            let OptionFile(words, is_given) = &value.value;
            match (is_flag, words.is_empty(), is_given) {
                (true, true, false) => {}
                (true, true, true) => {
                    options.insert(name, Vec::new());
                }
                (false, false, true) if option.kind.is_list() || words.len() == 1 => {
                    options.insert(name, words.clone());
                }
                (true, ..) => self.wrong(&value, "the option takes true or false"),
                (false, ..) => self.wrong(&value, "the option takes one value"),
            }
        }
        (self.faults.len() == before).then_some(options)
    }

    fn once(&mut self, id: &Placed<String>, taken: &mut Vec<String>) {
        if StudyId::parse(&id.value).is_err() || taken.contains(&id.value) {
            self.wrong(
                id,
                "a name of its own: lower-case letters, digits, `_` and `-`, used once",
            );
        }
        taken.push(id.value.clone());
    }

    fn check(&mut self, file: CheckFile, runs: &[String]) -> Option<Check> {
        let (of, asked) = match (file.of, file.method) {
            (Some(of), None) => {
                if !runs.contains(&of.value) {
                    let kind = FaultKind::UnknownName {
                        list: "runs".to_owned(),
                        meant: did_you_mean(&of.value, runs.iter().map(String::as_str))
                            .map(str::to_owned),
                        name: of.value.clone(),
                    };
                    self.fault(&of, kind);
                }
                if file.figure.is_none() {
                    self.wrong(&of, "a check of another run names a `figure` of its answer");
                }
                (Some(of.value), None)
            }
            (None, Some(method)) => {
                let asked = AskedFile {
                    method,
                    options: file.options,
                    estimate: file.estimate,
                };
                (None, Some(self.asked(asked, None)?))
            }
            (Some(_), Some(_)) | (None, None) => {
                self.wrong(&file.id, "a check has a `method`, or is `of` a run");
                return None;
            }
        };
        Some(Check {
            id: file.id.value,
            label: file.label,
            of,
            asked,
            figure: file.figure,
        })
    }

    /// How the least effect is found: a formula has one start and no small samples.
    fn power(
        &mut self,
        file: PowerFile,
        id: &Placed<String>,
        design: Option<&Asked>,
        has_behind: bool,
    ) -> Option<PowerHow> {
        match (file.method, file.simulation) {
            (None, Some(own)) => self.simulation(&own, has_behind),
            (Some(method), None) => {
                let has_starts = design.is_some_and(|own| own.column("first-treated").is_some());
                if has_starts && method.value == "power" {
                    self.wrong(
                        &method,
                        "a design of several starts is planned by a `simulation`: no formula holds for it",
                    );
                }
                let asked = AskedFile {
                    method,
                    options: file.options,
                    estimate: file.estimate,
                };
                // Counts that the design gives need not be said.
                let asked = self.asked(asked, Some(&["treated", "others"]))?;
                Some(PowerHow::Method(asked))
            }
            (Some(_), Some(_)) | (None, None) => {
                self.wrong(id, "`power` has a `method` or a `simulation`");
                None
            }
        }
    }

    fn simulation(&mut self, file: &Placed<SimulationFile>, has_behind: bool) -> Option<PowerHow> {
        let own = &file.value;
        let before = self.faults.len();
        let is_size = |own: Option<f64>| own.is_none_or(|own| own.is_finite() && own >= 0.0);
        let noise = [own.level, own.deviation, own.autocorrelation, own.between];
        let is_drawn = noise.iter().any(Option::is_some) || own.per.is_some();
        match (&own.like, own.level) {
            (Some(_), _) if is_drawn => {
                self.wrong(
                    file,
                    "outcomes are `like` a column, or drawn around a `level`",
                );
            }
            (None, None) => self.wrong(
                file,
                "outcomes are `like` a column, or drawn around a `level`",
            ),
            (Some(_), _) | (None, Some(_)) => {}
        }
        if !is_size(own.deviation) || !is_size(own.between) {
            self.wrong(file, "`deviation` and `between` are not below zero");
        }
        let correlation = own.autocorrelation.unwrap_or(0.0);
        if !(correlation > -1.0 && correlation < 1.0) {
            self.wrong(file, "`autocorrelation` lies between -1 and 1");
        }
        if let Some(per) = own.per
            && !(per > 0.0 && has_behind && own.level.is_some_and(|level| level >= 0.0))
        {
            self.wrong(
                file,
                "counts `per` so many need a `level` of zero or more, and `behind`",
            );
        }
        let power = own.power.unwrap_or(POWER);
        if !(power > 0.05 && power < 1.0) {
            self.wrong(file, "`power` is a share, such as 0.8");
        }
        let draws = own.draws.unwrap_or(DRAWS);
        if !(100..=10_000).contains(&draws) {
            self.wrong(file, "`draws` is from 100 to 10000");
        }
        if self.faults.len() > before {
            return None;
        }
        let outcomes = match &own.like {
            Some(like) => Drawn::Like { like: like.clone() },
            None => Drawn::Noise {
                level: own.level.unwrap_or(0.0),
                deviation: own.deviation.unwrap_or(0.0),
                autocorrelation: correlation,
                between: own.between.unwrap_or(0.0),
                per: own.per,
            },
        };
        Some(PowerHow::Simulation {
            simulation: Simulation {
                draws,
                seed: own.seed.unwrap_or(1),
                power,
                outcomes,
            },
        })
    }

    fn euro(&mut self, text: &Placed<String>) -> Option<Euro> {
        let cents = text.value.split_once('.').and_then(|(units, cents)| {
            let is_number = |own: &str| own.bytes().all(|own| own.is_ascii_digit());
            let is_amount = cents.len() == 2 && !units.is_empty();
            let is_amount = is_amount && is_number(units) && is_number(cents);
            is_amount
                .then(|| format!("{units}{cents}").parse().ok())
                .flatten()
        });
        if cents.is_none() {
            self.wrong(text, "an amount has two decimals: 1500.00");
        }
        cents.map(Euro::from_cents)
    }

    fn tables(&mut self, tables: &[Placed<Part>]) {
        for (at, own) in tables.iter().enumerate() {
            if tables[..at].iter().any(|before| before.value == own.value) {
                self.wrong(own, "each table is planned once");
            }
        }
        if let Some(first) = tables.first()
            && !tables.iter().any(|own| own.value == Part::Effects)
        {
            self.wrong(first, "a study answers with its table of `effects`");
        }
    }
}
