//! Power and the least detectable effect of a design, by formula.

use wdl_causal::power::{self, Dependence, Design, Errors, NoPower, Proportions};
use wdl_vocab::{Lang, Text};

use crate::answer::{Cell, Estimate, Evaluation, Kept, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::numbers;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `power`.
pub(super) struct Power;

const OPTIONS: &[Opt] = &[
    Opt::new(
        "design",
        Kind::Choice(&["means", "proportions", "clusters", "panel", "discontinuity"]),
        "il disegno: due medie, due proporzioni, gruppi interi, unità su più periodi, una soglia",
        "the design: two means, two proportions, whole clusters, units over periods, a cutoff",
    ),
    Opt::required(
        "treated",
        Kind::Real,
        "quanti trattati: persone, gruppi in clusters, unità in panel",
        "how many treated: persons, clusters in clusters, units in panel",
    ),
    Opt::required("others", Kind::Real, "quanti altri", "how many others"),
    Opt::new(
        "deviation",
        Kind::Real,
        "la deviazione standard dell'esito: 1; in panel quella degli errori dopo gli effetti di unità e periodo",
        "the standard deviation of the outcome: 1; in panel that of the errors after effects of unit and period",
    ),
    Opt::new(
        "base",
        Kind::Real,
        "in proportions, la proporzione senza trattamento",
        "in proportions, the proportion without treatment",
    ),
    Opt::new(
        "size",
        Kind::Real,
        "in clusters, quante persone in media per gruppo",
        "in clusters, the mean number of persons of a cluster",
    ),
    Opt::new(
        "size-variation",
        Kind::Real,
        "in clusters, il coefficiente di variazione della dimensione: 0",
        "in clusters, the coefficient of variation of the size: 0",
    ),
    Opt::new(
        "correlation",
        Kind::Real,
        "la correlazione dentro i gruppi, o tra periodi: in panel cala con la distanza se c'è fading",
        "the correlation within clusters, or between periods: in panel it falls with distance when fading",
    ),
    Opt::new(
        "fading",
        Kind::Flag,
        "in panel, la correlazione cala a ogni periodo di distanza",
        "in panel, the correlation falls with each period of distance",
    ),
    Opt::new(
        "before",
        Kind::Whole,
        "in panel, quanti periodi prima dell'inizio",
        "in panel, how many periods before the start",
    ),
    Opt::new(
        "after",
        Kind::Whole,
        "in panel, quanti periodi dopo l'inizio",
        "in panel, how many periods after the start",
    ),
    Opt::new(
        "degree",
        Kind::Whole,
        "in discontinuity, il grado del polinomio su ciascun lato, con punteggi distribuiti in modo uniforme: 1",
        "in discontinuity, the degree of the polynomial on each side, with evenly spread scores: 1",
    ),
    POWER,
    EFFECTS,
    LEVEL,
];

pub(super) const POWER: Opt = Opt::new(
    "power",
    Kind::Real,
    "la potenza voluta: 0.8",
    "the power wanted: 0.8",
);
pub(super) const EFFECTS: Opt = Opt::new(
    "effects",
    Kind::Reals,
    "gli effetti di cui si vuole la potenza",
    "the effects whose power is wanted",
);
pub(super) const LEVEL: Opt = Opt::new(
    "level",
    Kind::Level,
    "il livello di confidenza del test a due code: 0.95",
    "the level of confidence of the two-sided test: 0.95",
);

impl Method for Power {
    fn name(&self) -> &'static str {
        "power"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Il minimo effetto che un disegno può vedere, e la potenza per altri effetti",
            "The least effect that a design can detect, and the power for other effects",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Measure
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Whole { table: "power" }]
    }

    fn reads_a_table(&self) -> bool {
        false
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let alpha = 1.0 - request.level();
        let wanted = request.real("power").unwrap_or(0.8);
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Minimo effetto rilevabile con un test a due code",
                "Least effect detected by a two-sided test",
            ),
            Kept::default(),
        );
        asked(request.level(), wanted, &mut answer);
        if request.choice("design") == "proportions" {
            proportions(request, alpha, wanted, &mut answer)?;
            return Ok(answer);
        }
        let own = design(request).map_err(fault)?;
        let least = own
            .minimum_detectable_effect(alpha, wanted)
            .map_err(fault)?;
        answer
            .estimates
            .push(Estimate::point("minimum-detectable-effect", least));
        answer.figure("standard_error", own.standard_error);
        answer.figure("degrees_of_freedom", own.degrees);
        let rows = request.reals("effects").into_iter();
        let rows = rows.map(|effect| vec![effect.into(), own.power(effect, alpha).into()]);
        table(&mut answer, rows.collect());
        if request.choice("design") == "panel" {
            answer.note(
                NoteKind::Assumption,
                "dependence",
                "la correlazione nel tempo è quella data: provate anche `placebo-power` sui vostri dati prima dell'inizio",
                "the correlation over time is the one given: try `placebo-power` on your own data before the start as well",
            );
        }
        Ok(answer)
    }
}

fn design(request: &Request) -> Result<Design, NoPower> {
    let number = |option: &'static str| request.real(option).ok_or(NoPower::OutOfRange(option));
    let deviation = request.real("deviation").unwrap_or(1.0);
    let counts = (number("treated")?, number("others")?);
    match request.choice("design") {
        "clusters" => power::clusters(
            deviation,
            counts,
            number("size")?,
            request.real("size-variation").unwrap_or(0.0),
            number("correlation")?,
        ),
        "panel" => {
            let periods = |option: &'static str| {
                let count = request
                    .whole(option)
                    .and_then(|own| usize::try_from(own).ok());
                // Beyond any panel; the covariances of each two periods are summed.
                count
                    .filter(|own| *own <= 2000)
                    .ok_or(NoPower::OutOfRange(option))
            };
            let (before, after) = (periods("before")?, periods("after")?);
            let correlation = number("correlation")?;
            let dependence = match request.has("fading") {
                true => Dependence::Fading(correlation),
                false => Dependence::Constant(correlation),
            };
            let errors = Errors::of(deviation * deviation, dependence, before, after)?;
            power::panel(&errors, counts, (before, after))
        }
        "discontinuity" => {
            let degree = request.whole("degree").unwrap_or(1);
            let degree = usize::try_from(degree).ok().filter(|own| *own <= 6);
            let degree = degree.ok_or(NoPower::OutOfRange("degree"))?;
            power::discontinuity(&even_scores(counts)?, deviation, degree)
        }
        _ => power::means((deviation, deviation), counts),
    }
}

/// Scores spread evenly on each side of zero, as far on both.
fn even_scores(counts: (f64, f64)) -> Result<Vec<f64>, NoPower> {
    // Beyond any study; the scores are held in memory.
    if !(counts.0 >= 1.0 && counts.1 >= 1.0 && counts.0 + counts.1 <= 1e6) {
        return Err(NoPower::OutOfRange("treated, others"));
    }
    let side = |count: f64| (0..count as u32).map(move |at| (f64::from(at) + 0.5) / count);
    Ok(side(counts.0)
        .chain(side(counts.1).map(|own| -own))
        .collect())
}

fn proportions(
    request: &Request,
    alpha: f64,
    wanted: f64,
    answer: &mut Evaluation,
) -> Result<(), EvaluationError> {
    let base = request
        .real("base")
        .ok_or(EvaluationError::Missing { option: "base" })?;
    let count = |option| request.real(option).unwrap_or(f64::NAN);
    let own = Proportions::new(base, (count("treated"), count("others"))).map_err(fault)?;
    let (rise, fall) = own
        .minimum_detectable_effects(alpha, wanted)
        .map_err(fault)?;
    for (name, effect) in [("least-rise", rise), ("least-fall", fall)] {
        match effect {
            Some(effect) => answer.estimates.push(Estimate::point(name, effect)),
            None => answer.note(
                NoteKind::Warning,
                "unreachable",
                match name {
                    "least-rise" => "nessun aumento raggiunge la potenza",
                    _ => "nessun calo raggiunge la potenza",
                },
                match name {
                    "least-rise" => "no rise reaches the power",
                    _ => "no fall reaches the power",
                },
            ),
        }
    }
    let rows = request.reals("effects").into_iter();
    let rows = rows.map(|effect| vec![effect.into(), own.power(effect, alpha).into()]);
    table(answer, rows.collect());
    Ok(())
}

/// Says the level and the power that were asked for.
pub(super) fn asked(level: f64, wanted: f64, answer: &mut Evaluation) {
    answer.figure("alpha", 1.0 - level);
    answer.figure("power", wanted);
    let say = |lang| (numbers::level(wanted, lang), numbers::level(level, lang));
    let ((it, it_level), (en, en_level)) = (say(Lang::It), say(Lang::En));
    answer.about(
        format!("potenza {it} e livello di confidenza {it_level}"),
        format!("power {en} and level of confidence {en_level}"),
    );
}

/// Adds the power for some effects.
pub(super) fn table(answer: &mut Evaluation, rows: Vec<Vec<Cell>>) {
    if rows.is_empty() {
        return;
    }
    answer.tables.push(Table {
        key: "power",
        title: Text::fixed("Potenza per effetto", "Power by effect"),
        columns: vec![
            ("effect", Text::fixed("effetto", "effect")),
            ("power", Text::fixed("potenza", "power")),
        ],
        rows,
    });
}

/// Why there is no power, for the methods that ask for it.
pub(crate) fn fault(error: NoPower) -> EvaluationError {
    let it = match error {
        NoPower::OutOfRange(what) => {
            format!("manca o è fuori dai suoi limiti un valore del disegno: {what}")
        }
        NoPower::NoDegrees => "non resta alcun grado di libertà".to_owned(),
        NoPower::Collinear => "il trattamento segue dai termini del punteggio".to_owned(),
        NoPower::Ragged(unit) => {
            format!("l'unità {unit} ha un altro numero di periodi che la prima")
        }
        NoPower::Unreachable => "nessun effetto raggiunge la potenza".to_owned(),
    };
    let en = match error {
        NoPower::OutOfRange(what) => {
            format!("a value of the design is missing or out of its range: {what}")
        }
        _ => error.to_string(),
    };
    EvaluationError::not_estimable(it, en)
}
