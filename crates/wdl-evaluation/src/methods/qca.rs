//! Qualitative comparative analysis.

use wdl_qualitative::comparative::{
    Condition, Cuts, Expectation, Fit, Literal, Models, Outcome, Sets, SetsError, SolutionType,
    SolveError, Term, Thresholds, TruthTable, direct, necessity, robustness, solve,
};
use wdl_vocab::{Lang, Text};

use crate::answer::{Cell, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::numbers;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::Sample;

/// `qca`.
pub(super) struct Qca;

const OPTIONS: &[Opt] = &[
    Opt::required(
        "outcome",
        Kind::Number,
        "la colonna dell'appartenenza all'esito, tra 0 e 1",
        "the column of membership in the outcome, between 0 and 1",
    ),
    Opt::required(
        "conditions",
        Kind::Numbers,
        "le colonne delle condizioni: appartenenze tra 0 e 1, o valori interi",
        "the columns of the conditions: memberships between 0 and 1, or whole values",
    ),
    Opt::new(
        "case",
        Kind::Label,
        "la colonna dei nomi dei casi",
        "the column of the names of cases",
    ),
    Opt::new(
        "solution",
        Kind::Choice(&["conservative", "parsimonious", "intermediate"]),
        "quali configurazioni senza casi possono semplificare",
        "which configurations without cases may simplify",
    ),
    Opt::new(
        "expectations",
        Kind::Words,
        "per la soluzione intermedia, il livello atteso di ogni condizione, `-` dove nessuno: 1,1,-,0",
        "for the intermediate solution, the level expected of each condition, `-` where none: 1,1,-,0",
    ),
    Opt::new(
        "calibrate",
        Kind::Words,
        "soglie di esclusione, incrocio e inclusione: colonna=400/550/900, con virgole tra le colonne",
        "thresholds of exclusion, crossover and inclusion: column=400/550/900, with commas between columns",
    ),
    Opt::new(
        "inclusion-cut",
        Kind::Real,
        "la minima inclusione (0.8 se non detto)",
        "the least inclusion (0.8 unless said)",
    ),
    Opt::new(
        "inclusion-cut-without",
        Kind::Real,
        "l'inclusione sotto cui l'esito manca; in mezzo sono contraddizioni",
        "the inclusion below which the outcome is absent; between are contradictions",
    ),
    Opt::new("pri-cut", Kind::Real, "il minimo PRI", "the least PRI"),
    Opt::new(
        "frequency-cut",
        Kind::Whole,
        "il minimo numero di casi",
        "the least number of cases",
    ),
    Opt::new(
        "negated",
        Kind::Flag,
        "l'assenza dell'esito",
        "the absence of the outcome",
    ),
];

/// The names of an analysis.
struct Names<'a> {
    conditions: &'a [String],
    is_multi_value: Vec<bool>,
    cases: Vec<String>,
}

impl Names<'_> {
    fn literal(&self, own: Literal) -> String {
        let name = &self.conditions[own.condition];
        match (self.is_multi_value[own.condition], own.level) {
            (true, level) => format!("{name}{{{level}}}"),
            (false, 0) => format!("~{name}"),
            (false, _) => name.clone(),
        }
    }

    fn term(&self, own: &Term) -> String {
        let literals: Vec<String> = own
            .literals()
            .into_iter()
            .map(|own| self.literal(own))
            .collect();
        literals.join("*")
    }

    fn cases(&self, own: &[usize]) -> String {
        let names: Vec<&str> = own.iter().map(|case| self.cases[*case].as_str()).collect();
        names.join(", ")
    }
}

/// The words of an option, however commas were taken apart.
fn parts(request: &Request, option: &str) -> Vec<String> {
    let words = request.words(option).iter();
    words
        .flat_map(|own| own.split(','))
        .map(|own| own.trim().to_owned())
        .collect()
}

fn calibrated(
    request: &Request,
    name: &str,
    values: Vec<f64>,
) -> Result<Vec<f64>, EvaluationError> {
    let entries = parts(request, "calibrate");
    let Some(text) = entries
        .iter()
        .find_map(|own| own.strip_prefix(name)?.strip_prefix('='))
    else {
        return Ok(values);
    };
    let wrong = || {
        EvaluationError::options(
            "calibrate",
            format!(
                "`{name}` vuole tre soglie che crescono, o calano: esclusione/incrocio/inclusione"
            ),
            format!(
                "`{name}` takes three thresholds that rise, or fall: exclusion/crossover/inclusion"
            ),
        )
    };
    let numbers: Option<Vec<f64>> = text.split('/').map(|own| own.parse().ok()).collect();
    let Some(&[exclusion, crossover, inclusion]) = numbers.as_deref() else {
        return Err(wrong());
    };
    let thresholds = Thresholds {
        exclusion,
        crossover,
        inclusion,
    };
    direct(&values, thresholds, 0.95).map_err(|_| wrong())
}

fn sets(
    request: &Request,
    sample: &Sample<'_>,
    names: &mut Names<'_>,
) -> Result<Sets, EvaluationError> {
    let mut conditions = Vec::new();
    for column in sample.columns_of_numbers("conditions") {
        let values = calibrated(request, &column.name, column.values)?;
        let is_whole = |own: &f64| own.fract() == 0.0 && (0.0..=255.0).contains(own);
        let is_multi_value = values.iter().all(is_whole) && values.iter().any(|own| *own > 1.0);
        names.is_multi_value.push(is_multi_value);
        conditions.push(match is_multi_value {
            true => Condition::Values(values.iter().map(|own| *own as u8).collect()),
            false => Condition::Set(values),
        });
    }
    let outcome = request.word("outcome").unwrap_or_default();
    let outcome = calibrated(
        request,
        outcome,
        sample.numbers("outcome").unwrap_or_default(),
    )?;
    let sets = Sets::new(conditions, outcome).map_err(|error| told(error, names))?;
    Ok(if request.has("negated") {
        sets.negated()
    } else {
        sets
    })
}

fn told(error: SetsError, names: &Names<'_>) -> EvaluationError {
    let condition = |at: usize| names.conditions.get(at).map_or("?", String::as_str);
    let case = |at: usize| names.cases.get(at).map_or("?", String::as_str);
    let (it, en) = match error {
        SetsError::Empty => ("servono condizioni e casi".into(), error.to_string()),
        SetsError::TooManyConditions(_) => (
            "troppe condizioni per una minimizzazione esatta".into(),
            error.to_string(),
        ),
        SetsError::TooManyLevels(at) => (
            format!("`{}` ha troppi valori", condition(at)),
            format!("`{}` has too many values", condition(at)),
        ),
        SetsError::Ragged(_) => (
            "le colonne hanno lunghezze diverse".into(),
            error.to_string(),
        ),
        SetsError::NotMembership {
            case: at,
            condition: column,
        } => {
            let column = column.map_or("outcome", condition);
            (
                format!(
                    "il caso `{}` non ha in `{column}` un'appartenenza tra 0 e 1",
                    case(at)
                ),
                format!(
                    "case `{}` has no membership between 0 and 1 in `{column}`",
                    case(at)
                ),
            )
        }
        SetsError::OnTheBorder {
            case: at,
            condition: column,
        } => (
            format!(
                "il caso `{}` è esattamente 0.5 in `{}`: né dentro né fuori",
                case(at),
                condition(column)
            ),
            format!(
                "case `{}` is exactly 0.5 in `{}`: neither in nor out",
                case(at),
                condition(column)
            ),
        ),
        SetsError::ConditionConstant(at) => (
            format!("`{}` non varia", condition(at)),
            format!("`{}` does not vary", condition(at)),
        ),
        SetsError::OutcomeConstant => ("l'esito non varia".into(), error.to_string()),
    };
    EvaluationError::data(it, en)
}

fn unsolved(error: SolveError) -> EvaluationError {
    let it = match error {
        SolveError::NothingWith {
            without,
            contradictions,
            too_few_cases,
        } => format!(
            "nessuna configurazione raggiunge le soglie: {without} senza l'esito, {contradictions} contraddittorie, {too_few_cases} con troppo pochi casi"
        ),
        SolveError::NothingWithout => {
            "nessuna configurazione manca dell'esito: ogni condizione si può togliere".into()
        }
        SolveError::Expectations { need, .. } => {
            let en = error.to_string();
            return EvaluationError::options(
                "expectations",
                format!("servono {need} attese, una per condizione"),
                en,
            );
        }
        SolveError::TooManyRemainders => "troppe configurazioni senza casi da elencare".into(),
    };
    EvaluationError::not_estimable(it, error.to_string())
}

fn solution_type(request: &Request) -> Result<SolutionType, EvaluationError> {
    Ok(match request.choice("solution") {
        "parsimonious" => SolutionType::Parsimonious,
        "intermediate" => {
            let expected: Result<Vec<Expectation>, _> = parts(request, "expectations")
                .iter()
                .map(|own| match own.as_str() {
                    "-" => Ok(Expectation::default()),
                    own => own.parse().map(|level| Expectation(vec![level])),
                })
                .collect();
            SolutionType::Intermediate(expected.map_err(|_| {
                EvaluationError::options(
                    "expectations",
                    "un livello o `-` per condizione",
                    "a level or `-` for each condition",
                )
            })?)
        }
        _ => SolutionType::Conservative,
    })
}

fn cuts(request: &Request) -> Cuts {
    let inclusion = request.real("inclusion-cut").unwrap_or(0.8);
    Cuts {
        inclusion,
        inclusion_without: request
            .real("inclusion-cut-without")
            .unwrap_or(inclusion)
            .min(inclusion),
        pri: request.real("pri-cut").unwrap_or(0.0),
        frequency: request.whole("frequency-cut").unwrap_or(1).max(1) as usize,
    }
}

impl Method for Qca {
    fn name(&self) -> &'static str {
        "qca"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Analisi comparativa qualitativa: tavola di verità, tutte le soluzioni minime, necessità",
            "Qualitative comparative analysis: truth table, all minimal solutions, necessity",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Measure
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[
            Rests::Named { table: "solution" },
            Rests::Counted {
                table: "truth_table",
                names: 1,
                columns: &["n"],
            },
            Rests::Whole { table: "necessity" },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let sample = request.sample()?;
        let mut names = Names {
            conditions: request.words("conditions"),
            is_multi_value: Vec::new(),
            cases: match sample.labels("case") {
                Some((codes, names)) => codes
                    .iter()
                    .map(|own| names[*own as usize].clone())
                    .collect(),
                None => (0..sample.len())
                    .map(|place| (sample.row(place) + 1).to_string())
                    .collect(),
            },
        };
        let sets = sets(request, &sample, &mut names)?;
        let table = TruthTable::new(&sets, cuts(request));
        let kind = solution_type(request)?;
        let found = solve(&sets, &table, &kind, Models::Fewest).map_err(unsolved)?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Combinazioni di condizioni sufficienti per l'esito",
                "Combinations of conditions sufficient for the outcome",
            ),
            sample.kept.clone(),
        );
        answer.figure(
            "remainders",
            Cell::Count(u64::try_from(table.remainders()).unwrap_or(u64::MAX)),
        );
        let models: usize = found.solutions.iter().map(|own| own.models.len()).sum();
        answer.figure("models", models);
        let (mut rows, mut number) = (Vec::new(), 0_usize);
        let first = found.solutions.iter().flat_map(|own| &own.models).next();
        answer.opening.own = first.map(|own| {
            let terms: Vec<String> = own.terms.iter().map(|own| names.term(&own.term)).collect();
            opening(request, &terms, own.fit, models)
        });
        for model in found.solutions.iter().flat_map(|own| &own.models) {
            number += 1;
            let fit = |fit: Fit| [fit.inclusion, fit.pri, fit.coverage].map(Cell::from);
            for own in &model.terms {
                let mut row = vec![number.into(), names.term(&own.term).into()];
                row.extend(fit(own.fit));
                row.extend([
                    own.unique_coverage.into(),
                    names.cases(&own.cases).into(),
                    names.cases(&own.deviant_cases).into(),
                ]);
                rows.push(row);
            }
            let terms: Vec<String> = model
                .terms
                .iter()
                .map(|own| names.term(&own.term))
                .collect();
            let mut row = vec![number.into(), terms.join(" + ").into()];
            row.extend(fit(model.fit));
            row.extend([
                Cell::None,
                names.cases(&model.uncovered_cases).into(),
                Cell::None,
            ]);
            rows.push(row);
        }
        answer.tables.push(Table {
            key: "solution",
            title: Text::fixed(
                "Soluzioni: i termini di ogni modello, poi il modello intero con i casi non coperti",
                "Solutions: the terms of each model, then the whole model with the cases not covered",
            ),
            columns: vec![
                ("model", Text::fixed("modello", "model")),
                ("term", Text::fixed("termine", "term")),
                ("inclusion", Text::fixed("inclusione", "inclusion")),
                ("pri", Text::fixed("PRI", "PRI")),
                ("coverage", Text::fixed("copertura", "coverage")),
                ("unique_coverage", Text::fixed("copertura unica", "unique coverage")),
                ("cases", Text::fixed("casi", "cases")),
                ("deviant_cases", Text::fixed("casi devianti", "deviant cases")),
            ],
            rows,
        });
        truth_table(&table, &names, &mut answer);
        necessity_table(&sets, &names, &mut answer);
        if models > 1 {
            answer.note(
                NoteKind::Warning,
                "model_ambiguity",
                format!("{models} modelli sono ugualmente buoni: nessuno va scelto in silenzio"),
                format!("{models} models are equally good: none must be picked in silence"),
            );
        }
        if found.solutions.iter().any(|own| !own.is_complete) {
            answer.note(
                NoteKind::Warning,
                "models_not_complete",
                "la ricerca ha raggiunto il suo limite: altri modelli possono esistere",
                "the search reached its bound: there may be further models",
            );
        }
        if models <= 200
            && let Ok(range) = robustness(&sets, &table, &kind, Models::Fewest)
        {
            answer.figure("inclusion_cut_above", range.inclusion_above);
            answer.figure("inclusion_cut_up_to", range.inclusion_up_to);
            answer.figure("frequency_cut_min", range.frequency_min);
            answer.figure("frequency_cut_max", range.frequency_max);
        }
        Ok(answer)
    }
}

/// The first model in a sentence.
fn opening(request: &Request, terms: &[String], fit: Fit, models: usize) -> Text {
    let outcome = request.word("outcome").unwrap_or_default();
    let (it, en) = match request.has("negated") {
        true => ("L'assenza di", "The absence of"),
        false => ("L'esito", "The outcome"),
    };
    let share = |value: f64, lang| numbers::percent(value, 0, lang);
    let (it_and, en_and) = match models {
        1 => (String::new(), String::new()),
        more => (
            format!(" (il primo di {more} modelli ugualmente buoni)"),
            format!(" (the first of {more} models equally good)"),
        ),
    };
    Text::new(
        format!(
            "{it} `{outcome}` si trova dove ci sono queste combinazioni di condizioni{it_and}: {}. Consistenza {} (quanto spesso, dove ci sono, c'è anche l'esito), copertura {} (quanta parte dell'esito spiegano).",
            terms.join(" oppure "),
            share(fit.inclusion, Lang::It),
            share(fit.coverage, Lang::It)
        ),
        format!(
            "{en} `{outcome}` is found where there are these combinations of conditions{en_and}: {}. Consistency {} (how far the outcome is there where they are), coverage {} (how much of the outcome they account for).",
            terms.join(" or "),
            share(fit.inclusion, Lang::En),
            share(fit.coverage, Lang::En)
        ),
    )
}

fn truth_table(table: &TruthTable, names: &Names<'_>, answer: &mut Evaluation) {
    let rows = table.rows.iter().map(|row| {
        let levels = row.configuration.iter().enumerate();
        let words = levels.map(|(condition, level)| {
            names.literal(Literal {
                condition,
                level: *level,
            })
        });
        vec![
            words.collect::<Vec<String>>().join("*").into(),
            Cell::word(match row.outcome {
                Outcome::With => "1",
                Outcome::Without => "0",
                Outcome::Contradiction => "C",
                Outcome::TooFewCases => "?",
            }),
            row.cases.len().into(),
            row.inclusion.into(),
            row.pri.into(),
            row.is_contradictory().into(),
            names.cases(&row.cases).into(),
        ]
    });
    answer.tables.push(Table {
        key: "truth_table",
        title: Text::fixed("Tavola di verità", "Truth table"),
        columns: vec![
            (
                "configuration",
                Text::fixed("configurazione", "configuration"),
            ),
            ("outcome", Text::fixed("esito", "outcome")),
            ("n", Text::fixed("casi", "cases")),
            ("inclusion", Text::fixed("inclusione", "inclusion")),
            ("pri", Text::fixed("PRI", "PRI")),
            (
                "is_contradictory",
                Text::fixed(
                    "casi con e senza esito",
                    "cases with and without the outcome",
                ),
            ),
            ("cases", Text::fixed("quali casi", "which cases")),
        ],
        rows: rows.collect(),
    });
}

fn necessity_table(sets: &Sets, names: &Names<'_>, answer: &mut Evaluation) {
    let mut rows = Vec::new();
    for (condition, levels) in sets.levels().into_iter().enumerate() {
        for level in 0..levels as u8 {
            let literal = Literal { condition, level };
            let fit = necessity(&Term::new(&[literal]).memberships(sets), sets.outcome());
            rows.push(vec![
                names.literal(literal).into(),
                fit.inclusion.into(),
                fit.relevance.into(),
                fit.coverage.into(),
            ]);
        }
    }
    answer.tables.push(Table {
        key: "necessity",
        title: Text::fixed(
            "Necessità di ogni condizione",
            "Necessity of each condition",
        ),
        columns: vec![
            ("condition", Text::fixed("condizione", "condition")),
            ("inclusion", Text::fixed("inclusione", "inclusion")),
            ("relevance", Text::fixed("rilevanza", "relevance")),
            ("coverage", Text::fixed("copertura", "coverage")),
        ],
        rows,
    });
}
