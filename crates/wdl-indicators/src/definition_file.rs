//! The wire form of `dimensions.yaml` and `indicators/*.yaml`, and its conversion.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use wdl_result::{Category, Dimension, Interval, ObservableFrom, Unit};
use wdl_vocab::{Digest, IndicatorId, Period, Text, did_you_mean};
use wdl_yaml::{Placed, Source};

use crate::catalog::{Asked, AskedError, Statistic};
use crate::definition::{Audience, Dimensions, Indicator, Query, Span, Words};
use crate::fault::{DefinitionError, DefinitionFault, Fault, FaultKind};
use crate::nested::Within;
use crate::parameter::{Parameter, ParameterValue, is_amount};
use crate::plausibility::{self, TestFile};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DimensionsFile {
    dimensions: Vec<DimensionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DimensionFile {
    id: Placed<String>,
    label: Text,
    #[serde(default)]
    code_list: Option<Placed<String>>,
    #[serde(default)]
    categories: Vec<CategoryFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryFile {
    id: String,
    label: Text,
    /// What it lies in: dimension and category.
    #[serde(default)]
    within: BTreeMap<String, Placed<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorFile {
    id: Placed<String>,
    theme: String,
    statistic: Placed<String>,
    period: Span,
    #[serde(default)]
    from: Option<Placed<String>>,
    unit: Unit,
    decimals: u8,
    #[serde(default)]
    interval: Interval,
    observable_from: Placed<ObservableFrom>,
    #[serde(default)]
    audience: Audience,
    title: Text,
    definition: Text,
    source: Text,
    population: Text,
    n_label: Text,
    coverage: Text,
    uncertainty: Text,
    #[serde(default)]
    coverage_measured: bool,
    #[serde(default)]
    breakdowns: Vec<Vec<Placed<String>>>,
    #[serde(default)]
    parameters: Vec<ParameterFile>,
    #[serde(default)]
    tests: Vec<Placed<TestFile>>,
    #[serde(default)]
    collected: Option<Placed<String>>,
    #[serde(default)]
    frame: Option<Placed<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterFile {
    name: String,
    label: Text,
    values: Vec<ParameterValueFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterValueFile {
    from: String,
    value: Placed<String>,
    source: Text,
}

/// Gives the categories of a code list of the lab.
type Categories<'a> = dyn Fn(&str) -> Option<Vec<Category>> + 'a;

/// Reads all definitions of a lab folder and reports every fault found.
pub(crate) fn read(
    lab_folder: &Path,
    categories: &Categories<'_>,
    code_lists: &[&str],
) -> Result<(Dimensions, Vec<Indicator>), DefinitionError> {
    let mut faults = Vec::new();
    let dimensions = read_dimensions(lab_folder, categories, code_lists, &mut faults);
    let mut indicators = Vec::new();
    for path in files(&lab_folder.join("indicators"), &mut faults) {
        match Source::read(&path).and_then(|source| Ok((source.parse()?, source))) {
            Ok((file, source)) => {
                indicators.extend(indicator(file, &source, &path, &dimensions, &mut faults));
            }
            Err(fault) => faults.push(fault),
        }
    }
    DefinitionError::unless_empty(faults)?;
    indicators.sort_by(|a, b| a.id.cmp(&b.id));
    Ok((dimensions, indicators))
}

fn files(folder: &Path, faults: &mut Vec<Fault>) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(why) => {
            faults.push(Fault::unreadable(folder, &why));
            return Vec::new();
        }
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    files.sort();
    files
}

fn read_dimensions(
    lab_folder: &Path,
    categories: &Categories<'_>,
    code_lists: &[&str],
    faults: &mut Vec<Fault>,
) -> Dimensions {
    let read = Source::read(&lab_folder.join("dimensions.yaml"))
        .and_then(|source| Ok((source.parse::<DimensionsFile, _>()?, source)));
    let mut list: Vec<Dimension> = Vec::new();
    let mut lists = BTreeMap::new();
    let mut said: Vec<(Within, Vec<Placed<String>>)> = Vec::new();
    match read {
        Ok((file, source)) => {
            for entry in file.dimensions {
                if list.iter().any(|known| known.id == entry.id.value) {
                    let name = entry.id.value.clone();
                    let kind = FaultKind::DuplicateName {
                        list: "dimensions".to_owned(),
                        name,
                    };
                    faults.push(source.fault_at(&entry.id, kind));
                    continue;
                }
                if let Some(name) = &entry.code_list {
                    lists.insert(entry.id.value.clone(), name.value.clone());
                }
                said.extend(within(&entry));
                match dimension(entry, &source, categories, code_lists) {
                    Ok(dimension) => list.push(dimension),
                    Err(fault) => faults.push(fault),
                }
            }
            let unknown = said.iter().flat_map(|(one, places)| {
                let named = one.outer.iter().zip(places);
                named.filter(|((outer, category), _)| {
                    let known = list.iter().find(|known| known.id == **outer);
                    !known.is_some_and(|known| {
                        known.categories.iter().any(|own| own.id == **category)
                    })
                })
            });
            faults.extend(unknown.map(|((outer, _), place)| {
                let kind = FaultKind::UnknownName {
                    list: outer.clone(),
                    name: place.value.clone(),
                    meant: None,
                };
                source.fault_at(place, kind)
            }));
        }
        Err(fault) => faults.push(fault),
    }
    Dimensions {
        list,
        lists,
        within: said.into_iter().map(|(one, _)| one).collect(),
    }
}

/// What the categories of a dimension lie in, with the places where it is said.
fn within(file: &DimensionFile) -> Vec<(Within, Vec<Placed<String>>)> {
    let said = file
        .categories
        .iter()
        .filter(|category| !category.within.is_empty());
    said.map(|category| {
        let outer = category.within.iter();
        let one = Within {
            dimension: file.id.value.clone(),
            category: category.id.clone(),
            outer: outer
                .clone()
                .map(|(id, category)| (id.clone(), category.value.clone()))
                .collect(),
        };
        (one, outer.map(|(_, category)| category.clone()).collect())
    })
    .collect()
}

fn dimension(
    file: DimensionFile,
    source: &Source,
    categories: &Categories<'_>,
    code_lists: &[&str],
) -> Result<Dimension, Fault> {
    let listed = match &file.code_list {
        Some(name) => categories(&name.value).ok_or_else(|| {
            let kind = FaultKind::UnknownName {
                list: "codes".to_owned(),
                name: name.value.clone(),
                meant: did_you_mean(&name.value, code_lists.iter().copied()).map(str::to_owned),
            };
            source.fault_at(name, kind)
        })?,
        None => Vec::new(),
    };
    let own = file.categories.into_iter().map(|category| Category {
        id: category.id,
        label: category.label,
    });
    let categories: Vec<Category> = listed.into_iter().chain(own).collect();
    if categories.is_empty() {
        let kind = FaultKind::wrong("a dimension has a `code_list` or `categories`");
        return Err(source.fault_at(&file.id, kind));
    }
    Ok(Dimension {
        id: file.id.value,
        label: file.label,
        categories,
    })
}

/// Converts one file; its faults are added to the others and the rest of the file is still checked.
fn indicator(
    file: IndicatorFile,
    source: &Source,
    path: &Path,
    dimensions: &Dimensions,
    faults: &mut Vec<Fault>,
) -> Option<Indicator> {
    let before = faults.len();
    let id = keep(id(&file.id, source, path), faults);
    let statistic = keep(statistic(&file.statistic, source), faults);
    let from = keep(from(file.from.as_ref(), file.period, source), faults);
    let parameters = keep(parameters(file.parameters, source), faults);
    let tests = keep(plausibility::read(file.tests, file.period, source), faults);
    let breakdowns = keep(breakdowns(&file.breakdowns, source, dimensions), faults);
    if let (Some(statistic), Some(first)) = (statistic, file.breakdowns.iter().flatten().next())
        && statistic.statistic.is_whole_population
    {
        let name = statistic.statistic.name;
        faults.push(source.fault_at(first, DefinitionFault::NotDivisible { name }));
    }
    if file.decimals > 4 {
        let kind = FaultKind::wrong("`decimals` is at most 4");
        faults.push(source.fault_at(&file.id, kind));
    }
    let is_observable = file.observable_from.value != ObservableFrom::NoneHere;
    if is_observable != file.frame.is_some() {
        faults.push(source.fault_at(&file.observable_from, DefinitionFault::FrameMismatch));
    }
    let known = parameters.unwrap_or_default();
    let frame = keep(query(file.frame.as_ref(), source, &known), faults);
    let collected = keep(query(file.collected.as_ref(), source, &known), faults);
    if faults.len() > before {
        return None;
    }
    let mut breakdowns = breakdowns?;
    if statistic?.statistic.is_taken_over() && breakdowns.len() > 1 {
        // A source's cells give no total, so there is no plain series.
        breakdowns.remove(0);
    }
    let used = breakdowns.iter().flatten();
    let used: Vec<u8> = used
        .flat_map(|dimension| {
            serde_json::to_vec(dimension).expect("a dimension is text and nothing else")
        })
        .collect();
    Some(Indicator {
        id: id?,
        theme: file.theme,
        statistic: statistic?,
        span: file.period,
        from: from?,
        unit: file.unit,
        decimals: file.decimals,
        interval: file.interval,
        observable_from: file.observable_from.value,
        audience: file.audience,
        words: Words {
            title: file.title,
            definition: file.definition,
            source: file.source,
            population: file.population,
            n_label: file.n_label,
            coverage: file.coverage,
            uncertainty: file.uncertainty,
        },
        is_coverage_measured: file.coverage_measured,
        breakdowns,
        parameters: known,
        tests: tests?,
        frame: frame?,
        collected: collected?,
        digest: Digest::of_parts([&source.digest().0[..], &used]),
    })
}

fn keep<T>(read: Result<T, Fault>, faults: &mut Vec<Fault>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

fn id(id: &Placed<String>, source: &Source, path: &Path) -> Result<IndicatorId, Fault> {
    let read = IndicatorId::parse(&id.value)
        .map_err(|why| source.fault_at(id, FaultKind::wrong(why.to_string())))?;
    match path
        .file_stem()
        .is_some_and(|stem| stem == id.value.as_str())
    {
        true => Ok(read),
        false => {
            let kind = DefinitionFault::FileName {
                id: id.value.clone(),
            };
            Err(source.fault_at(id, kind))
        }
    }
}

fn statistic(name: &Placed<String>, source: &Source) -> Result<Asked, Fault> {
    Asked::parse(&name.value).map_err(|why| {
        let kind = match why {
            AskedError::Unknown(name) => DefinitionFault::UnknownStatistic {
                meant: did_you_mean(&name, Statistic::names()).map(str::to_owned),
                known: Statistic::names().collect::<Vec<_>>().join(", "),
                name,
            },
            AskedError::NoArgument(_) | AskedError::Bounds { .. } => {
                return source.fault_at(name, FaultKind::wrong(why.to_string()));
            }
        };
        source.fault_at(name, kind)
    })
}

fn from(
    text: Option<&Placed<String>>,
    span: Span,
    source: &Source,
) -> Result<Option<Period>, Fault> {
    let Some(text) = text else { return Ok(None) };
    match (text.value.parse::<Period>(), span) {
        (Ok(period @ Period::Year(_)), Span::Year)
        | (Ok(period @ Period::Quarter { .. }), Span::Quarter) => Ok(Some(period)),
        _ => {
            let detail = "`from` is a period of the indicator's own kind: 2017 or 2017-Q1";
            Err(source.fault_at(text, FaultKind::wrong(detail)))
        }
    }
}

/// The plain series, then the breakdowns of the file.
fn breakdowns(
    sets: &[Vec<Placed<String>>],
    source: &Source,
    dimensions: &Dimensions,
) -> Result<Vec<Vec<Dimension>>, Fault> {
    let mut all = vec![Vec::new()];
    for set in sets {
        let mut read: Vec<Dimension> = Vec::new();
        for name in set {
            let dimension = dimensions.get(&name.value).ok_or_else(|| {
                let kind = FaultKind::UnknownName {
                    list: "dimensions".to_owned(),
                    name: name.value.clone(),
                    meant: did_you_mean(&name.value, dimensions.ids()).map(str::to_owned),
                };
                source.fault_at(name, kind)
            })?;
            if read.iter().any(|known| known.id == dimension.id) {
                let kind = FaultKind::DuplicateName {
                    list: "breakdowns".to_owned(),
                    name: name.value.clone(),
                };
                return Err(source.fault_at(name, kind));
            }
            read.push(dimension.clone());
        }
        all.push(read);
    }
    Ok(all)
}

fn parameters(files: Vec<ParameterFile>, source: &Source) -> Result<Vec<Parameter>, Fault> {
    files
        .into_iter()
        .map(|file| parameter(file, source))
        .collect()
}

fn parameter(file: ParameterFile, source: &Source) -> Result<Parameter, Fault> {
    let mut values = Vec::new();
    for value in file.values {
        let is_day = value.from.len() == 10 && value.from.parse::<Day>().is_ok();
        if !is_amount(&value.value.value) || !is_day {
            let detail = "a value is an amount such as 9360.00, `from` a day such as 2024-01-01";
            return Err(source.fault_at(&value.value, FaultKind::wrong(detail)));
        }
        values.push(ParameterValue {
            from: value.from,
            value: value.value.value,
            source: value.source,
        });
    }
    values.sort_by(|a, b| a.from.cmp(&b.from));
    Ok(Parameter {
        name: file.name,
        label: file.label,
        values,
    })
}

/// A day written `2024-01-01`; only its form is checked.
struct Day;

impl std::str::FromStr for Day {
    type Err = ();

    fn from_str(text: &str) -> Result<Day, ()> {
        let is_right = |(place, byte): (usize, u8)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        match text.bytes().enumerate().all(is_right) {
            true => Ok(Day),
            false => Err(()),
        }
    }
}

fn query(
    block: Option<&Placed<String>>,
    source: &Source,
    parameters: &[Parameter],
) -> Result<Option<Query>, Fault> {
    let Some(block) = block else { return Ok(None) };
    match Query::parse(source.file(), source.padded(block), parameters) {
        Ok(query) => Ok(Some(query)),
        Err(fault) => Err(source.fault_at(block, DefinitionFault::Sql(Box::new(fault)))),
    }
}
