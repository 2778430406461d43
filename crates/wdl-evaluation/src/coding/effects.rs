//! The effects that a joint display sets beside themes: those of an answer of `wdl evaluate`, or of the report of a study.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use wdl_result::study::{FIGURE, FIGURES, MAIN, Part, RUN, RunKind, StudyFace};
use wdl_result::{Status, Table};
use wdl_vocab::{StudyId, Text};

use super::error::CodingError;

/// One effect: its name and estimate, and the interval where there is one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// What it is of.
    pub name: String,
    /// The estimate.
    pub estimate: f64,
    /// The interval.
    pub interval: Option<[f64; 2]>,
}

/// The study that effects are of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfStudy {
    /// Its id.
    pub id: StudyId,
    /// Its title.
    pub title: Text,
    /// When it was registered, RFC 3339; none when it never was.
    pub registered_on: Option<String>,
    /// Whether its outcome was read before registration.
    pub outcome_read_before: bool,
    /// Whether its data are invented.
    pub synthetic: bool,
    /// What its subgroups are called, by the names of their effects.
    pub groups: BTreeMap<String, Text>,
}

/// The effects of one answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effects {
    /// The method.
    pub method: String,
    /// The effects, in their order.
    pub effects: Vec<Effect>,
    /// Those that disclosure control hides, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
    /// The level of the intervals.
    pub level: f64,
    /// The study; none for an answer on a plain file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study: Option<OfStudy>,
}

/// What is known of a group's effect.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found<'a> {
    Shown(&'a Effect),
    Hidden(&'a str),
    Nothing,
}

impl<'a> Found<'a> {
    pub(super) fn effect(self) -> Option<&'a Effect> {
        match self {
            Found::Shown(effect) => Some(effect),
            Found::Hidden(_) | Found::Nothing => None,
        }
    }

    pub(super) fn name(self) -> Option<&'a str> {
        match self {
            Found::Shown(effect) => Some(&effect.name),
            Found::Hidden(name) => Some(name),
            Found::Nothing => None,
        }
    }
}

fn bad(it: &str, en: &str) -> CodingError {
    CodingError::Effects {
        detail: Text::new(it, en),
    }
}

/// An interval where both its ends are known.
fn interval(low: Option<f64>, high: Option<f64>) -> Result<Option<[f64; 2]>, CodingError> {
    match (low, high) {
        (Some(low), Some(high)) if low <= high => Ok(Some([low, high])),
        (Some(_), Some(_)) => Err(bad(
            "un intervallo ha gli estremi scambiati",
            "an interval has its ends exchanged",
        )),
        _ => Ok(None),
    }
}

impl Effects {
    /// Reads the answer of `wdl evaluate METHOD FILE --format json`, or of `wdl study report ID --format json`.
    ///
    /// # Errors
    /// [`CodingError::Effects`] when it is something else.
    pub fn read(answer: &Value) -> Result<Effects, CodingError> {
        match answer.get("tables") {
            Some(tables) => Effects::of_study(tables),
            None => Effects::of_evaluation(answer),
        }
    }

    fn of_evaluation(answer: &Value) -> Result<Effects, CodingError> {
        let estimates = answer["estimates"].as_array();
        let estimates = estimates.filter(|own| !own.is_empty()).ok_or_else(|| {
            bad(
                "non ha stime in `estimates`",
                "it has no estimates in `estimates`",
            )
        })?;
        let mut effects: Vec<Effect> = Vec::new();
        for one in estimates {
            let (name, estimate) = (one["name"].as_str(), one["estimate"].as_f64());
            let (Some(name), Some(estimate)) = (name, estimate) else {
                return Err(bad(
                    "una stima non ha nome o valore",
                    "an estimate has no name or no value",
                ));
            };
            if effects.iter().any(|own| own.name == name) {
                return Err(bad(
                    "due stime hanno lo stesso nome",
                    "two estimates have one name",
                ));
            }
            let ends = &one["interval"];
            effects.push(Effect {
                name: name.to_owned(),
                estimate,
                interval: interval(ends[0].as_f64(), ends[1].as_f64())?,
            });
        }
        Ok(Effects {
            method: answer["method"].as_str().unwrap_or_default().to_owned(),
            effects,
            hidden: Vec::new(),
            level: estimates[0]["level"].as_f64().unwrap_or(0.95),
            study: None,
        })
    }

    /// The answer and the subgroups of a study; other ways to estimate the same are no other effect.
    fn of_study(tables: &Value) -> Result<Effects, CodingError> {
        let none = || {
            bad(
                "non ha la tabella degli effetti di uno studio",
                "it has no table of a study's effects",
            )
        };
        let tables: Vec<Table> = serde_json::from_value(tables.clone()).map_err(|_| none())?;
        let (table, id, face) = tables
            .iter()
            .find_map(|table| {
                let part = table.header.study.as_ref()?;
                let face = part.face.as_deref()?;
                (part.part == Part::Effects).then_some((table, &part.study, face))
            })
            .ok_or_else(none)?;
        let main = face.runs.iter().find(|own| own.id == MAIN);
        let groups = face
            .runs
            .iter()
            .filter(|own| own.kind == RunKind::Subgroup)
            .map(|own| (own.id.clone(), own.label.clone()));
        let (effects, hidden) = shown(table, face)?;
        Ok(Effects {
            method: main.map_or_else(String::new, |own| own.method.clone()),
            effects,
            hidden,
            level: main.map_or(0.95, |own| own.level),
            study: Some(OfStudy {
                id: id.clone(),
                title: face.title.clone(),
                registered_on: face.registration.as_ref().map(|own| own.on.clone()),
                outcome_read_before: face.outcome_read_before,
                synthetic: table.header.synthetic,
                groups: groups.collect(),
            }),
        })
    }

    /// Every name, of what is shown and of what is hidden.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let shown = self.effects.iter().map(|own| own.name.as_str());
        shown.chain(self.hidden.iter().map(String::as_str))
    }

    pub(super) fn named(&self, name: &str) -> Found<'_> {
        let shown = self.effects.iter().find(|own| own.name == name);
        let hidden = || self.hidden.iter().find(|own| *own == name);
        match shown {
            Some(effect) => Found::Shown(effect),
            None => hidden().map_or(Found::Nothing, |name| Found::Hidden(name)),
        }
    }

    /// What a study calls a group of the breakdown `by`.
    pub(super) fn label(&self, by: &str, group: &str) -> Option<&Text> {
        let study = self.study.as_ref()?;
        study.groups.get(&subgroup(by, group))
    }

    /// What goes with a group of the breakdown `by`, or with everybody.
    pub(super) fn of_group(&self, by: &str, group: Option<&str>) -> Found<'_> {
        match (&self.study, group) {
            (Some(_), Some(group)) => self.named(&subgroup(by, group)),
            (Some(_), None) => self.named(MAIN),
            (None, group) => self.named(group.unwrap_or("total")),
        }
    }
}

/// What a study calls the run of a subgroup.
fn subgroup(column: &str, value: &str) -> String {
    format!("{column}.{value}")
}

/// The effects that a table shows and the names of those that it hides; a run that failed has none.
fn shown(table: &Table, face: &StudyFace) -> Result<(Vec<Effect>, Vec<String>), CodingError> {
    let at = |id: &str| table.dimensions.iter().position(|own| own.id == id);
    let Some((run, figure)) = at(RUN).zip(at(FIGURE)) else {
        return Err(bad(
            "la tabella degli effetti ha altre dimensioni",
            "the table of effects has other dimensions",
        ));
    };
    let (mut effects, mut hidden) = (Vec::new(), Vec::new());
    for own in &face.runs {
        if own.kind == RunKind::Robustness {
            continue;
        }
        let cell = |name: &str| {
            table.cells.iter().find(|cell| {
                let is = |place: usize, id: &str| {
                    let key = cell.keys.get(place);
                    key.is_some_and(|key| key.as_deref() == Some(id))
                };
                is(run, &own.id) && is(figure, name)
            })
        };
        let cells = FIGURES.map(cell);
        let is_hidden = cells.iter().flatten().any(|cell| {
            matches!(
                cell.status,
                Status::SuppressedPrimary | Status::SuppressedSecondary
            )
        });
        let values = cells.map(|cell| cell.and_then(|cell| cell.estimate));
        match (is_hidden, values) {
            (true, [None, None, None]) => hidden.push(own.id.clone()),
            (true, _) => {
                return Err(bad(
                    "un effetto nascosto ha un numero",
                    "a hidden effect has a number",
                ));
            }
            (false, [Some(estimate), low, high]) => effects.push(Effect {
                name: own.id.clone(),
                estimate,
                interval: interval(low, high)?,
            }),
            (false, [None, ..]) => {}
        }
    }
    Ok((effects, hidden))
}
