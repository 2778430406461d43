//! Survival curves by group and the log-rank test.

use wdl_causal::survival::{NoComparison, Spells, SpellsError, kaplan_meier, log_rank};
use wdl_vocab::{Lang, Text};

use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::numbers;
use crate::opening::{Claim, Scale};
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::{Covariate, Sample};

/// `survival`.
pub(super) struct Survival;

pub(super) const TIME: Opt = Opt::required(
    "time",
    Kind::Number,
    "la colonna della durata fino all'evento o all'ultima osservazione",
    "the column of the duration until the event or the last observation",
);
pub(super) const EVENT: Opt = Opt::required(
    "event",
    Kind::Number,
    "la colonna dell'evento: 1 se è avvenuto, 0 se la durata è troncata",
    "the column of the event: 1 if it happened, 0 if the duration is censored",
);
pub(super) const ENTRY: Opt = Opt::new(
    "entry",
    Kind::Number,
    "la colonna della durata già trascorsa quando comincia l'osservazione",
    "the column of the duration already gone when observation begins",
);

pub(super) const COVARIATES: Opt = Opt::required(
    "covariates",
    Kind::Covariates,
    "le colonne delle covariate, anche del trattamento",
    "the columns of the covariates, also of the treatment",
);

const OPTIONS: &[Opt] = &[
    TIME,
    EVENT,
    ENTRY,
    Opt::new(
        "group",
        Kind::Label,
        "la colonna dei gruppi da confrontare",
        "the column of the groups to compare",
    ),
    Opt::new(
        "strata",
        Kind::Label,
        "la colonna degli strati entro cui si confronta",
        "the column of the strata within which they are compared",
    ),
    Opt::new(
        "horizon",
        Kind::Real,
        "la durata fino a cui calcolare la media senza evento",
        "the duration up to which the mean time without event is computed",
    ),
];

/// The spells of a sample.
pub(super) fn spells(sample: &Sample<'_>, event: &[bool]) -> Result<Spells, EvaluationError> {
    let time = sample.numbers("time").unwrap_or_default();
    let entry = sample.numbers("entry");
    Spells::new(entry.as_deref(), &time, event).map_err(|error| {
        let row = |place: usize| sample.row(place) + 1;
        let (it, en) = match error {
            SpellsError::Empty | SpellsError::Ragged => (
                "non c'è alcuna durata".to_owned(),
                "there is no duration".to_owned(),
            ),
            SpellsError::NotFinite(at) => (
                format!("la durata della riga {} non è un numero finito", row(at)),
                format!("the duration of row {} is not a finite number", row(at)),
            ),
            SpellsError::NotPositive(at) => (
                format!("la durata della riga {} non è positiva", row(at)),
                format!("the duration of row {} is not positive", row(at)),
            ),
            SpellsError::EntryNegative(at) => (
                format!("la riga {} entra prima del tempo zero", row(at)),
                format!("row {} enters before time zero", row(at)),
            ),
            SpellsError::EntryAfterExit(at) => (
                format!("la riga {} entra quando esce, o dopo", row(at)),
                format!("row {} enters when it leaves, or later", row(at)),
            ),
            SpellsError::NoEvent => (
                "nessuno ha l'evento".to_owned(),
                "nobody has the event".to_owned(),
            ),
        };
        EvaluationError::data(it, en)
    })
}

/// The note that every method of durations makes.
pub(super) fn independent_censoring(answer: &mut Evaluation) {
    answer.note(
        NoteKind::Assumption,
        "independent_censoring",
        "chi esce dall'osservazione avrebbe lo stesso rischio di chi resta",
        "those who leave observation would have the same risk as those who stay",
    );
}

/// Says that the coefficients are logarithms of what multiplies something, and what the first is compared over.
pub(super) fn multiplies(covariates: &[Covariate], thing: Text, answer: &mut Evaluation) {
    let Some(first) = covariates.first() else {
        return;
    };
    let name = &first.name;
    answer.opening.scale = Scale::Multiplies(thing);
    answer.about(
        format!("con un'unità in più di `{name}`, a parità delle altre covariate"),
        format!("with one unit more of `{name}`, the other covariates being equal"),
    );
}

/// The median durations in a sentence.
fn opening(names: &[String], medians: &[Option<f64>], p: Option<f64>) -> Text {
    let say = |lang: Lang| {
        let groups = names.iter().zip(medians).map(|(name, median)| {
            let median = median.map(|own| numbers::significant(own, 3, lang));
            match (median, names.len()) {
                (Some(median), 1) => median,
                (Some(median), _) => format!("{median} (`{name}`)"),
                (None, 1) => Text::fixed("mai, in questi dati", "never, in these data")
                    .get(lang)
                    .to_owned(),
                (None, _) => {
                    let never = Text::fixed("mai", "never");
                    format!("{} (`{name}`)", never.get(lang))
                }
            }
        });
        let groups = groups.collect::<Vec<String>>().join(", ");
        let p = p.map(|p| {
            let told = numbers::p_said(p, lang);
            let words = match p < 0.05 {
                true => Text::new(
                    format!(
                        "; il solo caso difficilmente spiega la differenza tra le curve ({told})"
                    ),
                    format!("; chance alone hardly explains the difference of the curves ({told})"),
                ),
                false => Text::new(
                    format!("; la differenza tra le curve può essere dovuta al caso ({told})"),
                    format!("; the difference of the curves may be due to chance ({told})"),
                ),
            };
            words.get(lang).to_owned()
        });
        let rest = p.unwrap_or_default();
        let words = Text::new(
            format!("Metà ha avuto l'evento entro una durata di: {groups}{rest}."),
            format!("Half had the event within a duration of: {groups}{rest}."),
        );
        words.get(lang).to_owned()
    };
    Text::new(say(Lang::It), say(Lang::En))
}

impl Method for Survival {
    fn name(&self) -> &'static str {
        "survival"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Curve di sopravvivenza di Kaplan e Meier, mediana, media ristretta e test log-rank",
            "Kaplan and Meier's survival curves, median, restricted mean and the log-rank test",
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
            Rests::Counted {
                table: "medians",
                names: 1,
                columns: &["rows", "events"],
            },
            Rests::Counted {
                table: "curve",
                names: 2,
                columns: &["at_risk", "events", "censored"],
            },
            Rests::Counted {
                table: "log_rank",
                names: 1,
                columns: &["observed"],
            },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let sample = request.sample()?;
        let event = sample.flags("event")?.unwrap_or_default();
        let whole = spells(&sample, &event)?;
        let (codes, names) = sample
            .labels("group")
            .unwrap_or_else(|| (vec![0; sample.len()], vec!["all".to_owned()]));
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Probabilità di non avere ancora avuto l'evento, per durata",
                "Probability of not having had the event yet, by duration",
            ),
            sample.kept.clone(),
        );
        let (mut points, mut medians) = (Vec::new(), Vec::new());
        let mut halves = Vec::new();
        for (group, name) in names.iter().enumerate() {
            let rows: Vec<usize> = (0..sample.len())
                .filter(|row| codes[*row] as usize == group)
                .collect();
            let own_event: Vec<bool> = rows.iter().map(|row| event[*row]).collect();
            if !own_event.contains(&true) {
                answer.note(
                    NoteKind::Warning,
                    "group_without_events",
                    format!("nel gruppo `{name}` nessuno ha l'evento: la sua curva resta a uno"),
                    format!("in group `{name}` nobody has the event: its curve stays at one"),
                );
                halves.push(None);
                medians.push(vec![
                    called(name),
                    rows.len().into(),
                    0_usize.into(),
                    Cell::None,
                    Cell::None,
                    Cell::None,
                ]);
                continue;
            }
            let part = sample
                .clone()
                .only(&rows, "di un altro gruppo", "of another group");
            let curve = kaplan_meier(&spells(&part, &own_event)?, 0.95);
            let events = own_event.iter().filter(|own| **own).count();
            halves.push(curve.median);
            medians.push(vec![
                called(name),
                rows.len().into(),
                events.into(),
                curve.median.into(),
                curve.median_interval[0].into(),
                curve.median_interval[1].into(),
            ]);
            if let Some(horizon) = request.real("horizon") {
                let mean = curve.restricted_mean(horizon).ok_or_else(|| {
                    EvaluationError::options(
                        "horizon",
                        format!("nel gruppo `{name}` l'osservazione finisce prima"),
                        format!("in group `{name}` observation ends before it"),
                    )
                })?;
                let label = format!("restricted_mean[{name}]");
                let words = |lang| {
                    (
                        called_in(name, lang),
                        numbers::significant(horizon, 4, lang),
                    )
                };
                let ((it, it_horizon), (en, en_horizon)) = (words(Lang::It), words(Lang::En));
                let own = Estimate::with_error(label, mean.mean, mean.standard_error, None, 0.95);
                let own = own.called(Text::new(
                    format!("durata media senza evento entro {it_horizon}, {it}"),
                    format!("mean duration without event up to {en_horizon}, {en}"),
                ));
                answer.estimates.push(own.resting_on(rows.len()));
            }
            points.extend(curve.points.iter().map(|own| {
                let end = |at: usize| own.interval.map(|ends| ends[at]);
                vec![
                    called(name),
                    own.time.into(),
                    own.at_risk.into(),
                    own.events.into(),
                    own.censored.into(),
                    own.survival.into(),
                    own.standard_error.into(),
                    end(0).into(),
                    end(1).into(),
                ]
            }));
        }
        if names.len() > 1 {
            compared(request, &sample, &whole, &codes, &names, &mut answer)?;
        }
        let p = match answer.figures.get("log_rank_p_value") {
            Some(Cell::Number(p)) => Some(*p),
            _ => None,
        };
        answer.opening.own = Some(opening(&names, &halves, p));
        answer.tables.push(Table {
            key: "medians",
            title: Text::fixed("Durate mediane", "Median durations"),
            columns: vec![
                ("group", Text::fixed("gruppo", "group")),
                ("rows", Text::fixed("righe", "rows")),
                ("events", Text::fixed("eventi", "events")),
                ("median", Text::fixed("mediana", "median")),
                ("lower", Text::fixed("limite inferiore", "lower end")),
                ("upper", Text::fixed("limite superiore", "upper end")),
            ],
            rows: medians,
        });
        answer.tables.push(Table {
            key: "curve",
            title: Text::fixed("Curve di sopravvivenza", "Survival curves"),
            columns: vec![
                ("group", Text::fixed("gruppo", "group")),
                ("time", Text::fixed("durata", "duration")),
                ("at_risk", Text::fixed("a rischio", "at risk")),
                ("events", Text::fixed("eventi", "events")),
                ("censored", Text::fixed("usciti", "censored")),
                ("survival", Text::fixed("sopravvivenza", "survival")),
                (
                    "standard_error",
                    Text::fixed("errore standard", "standard error"),
                ),
                ("lower", Text::fixed("limite inferiore", "lower end")),
                ("upper", Text::fixed("limite superiore", "upper end")),
            ],
            rows: points,
        });
        independent_censoring(&mut answer);
        Ok(answer)
    }
}

/// The only group there is has a word of ours; others have their own names.
fn called(name: &str) -> Cell {
    match name {
        "all" => Cell::word("all"),
        name => name.into(),
    }
}

fn called_in(name: &str, lang: Lang) -> String {
    match (name, lang) {
        ("all", Lang::It) => "tutti".to_owned(),
        ("all", Lang::En) => "everybody".to_owned(),
        (name, _) => format!("`{name}`"),
    }
}

/// Adds the log-rank test.
fn compared(
    request: &Request,
    sample: &Sample<'_>,
    whole: &Spells,
    codes: &[u32],
    names: &[String],
    answer: &mut Evaluation,
) -> Result<(), EvaluationError> {
    let group: Vec<usize> = codes.iter().map(|own| *own as usize).collect();
    let strata: Option<Vec<usize>> = sample
        .labels("strata")
        .filter(|_| request.has("strata"))
        .map(|own| own.0.into_iter().map(|own| own as usize).collect());
    let test = log_rank(whole, &group, strata.as_deref()).map_err(|error| match error {
        NoComparison::Ragged | NoComparison::OneGroup => {
            EvaluationError::not_estimable("c'è un gruppo solo", "there is one group only")
        }
        NoComparison::NeverTogether => EvaluationError::not_estimable(
            "a nessun evento due gruppi sono insieme a rischio",
            "at no event are two groups at risk together",
        ),
    })?;
    answer.figure("log_rank_chi_squared", test.statistic);
    answer.figure("log_rank_degrees_of_freedom", test.degrees);
    answer.figure("log_rank_p_value", test.p_value);
    let rows = names.iter().enumerate().map(|(at, name)| {
        vec![
            name.as_str().into(),
            test.observed[at].into(),
            test.expected[at].into(),
        ]
    });
    answer.tables.push(Table {
        key: "log_rank",
        title: Text::fixed("Eventi osservati e attesi", "Events observed and expected"),
        columns: vec![
            ("group", Text::fixed("gruppo", "group")),
            ("observed", Text::fixed("osservati", "observed")),
            ("expected", Text::fixed("attesi", "expected")),
        ],
        rows: rows.collect(),
    });
    Ok(())
}
