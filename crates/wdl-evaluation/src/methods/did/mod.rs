//! Difference-in-differences with treatment at different dates: group-time effects of Callaway and Sant'Anna and their averages.

pub(super) mod panel;
mod tables;

use wdl_causal::did::aggregate::{Aggregate, Average, Kind as Averages, Window};
use wdl_causal::did::bands::{Draws, Multiplier};
use wdl_causal::did::group_time::{
    Base, Controls, GroupTime, Method as Estimator, Request as Asked, estimate, estimate_sections,
};
use wdl_causal::did::leads::{self, LeadsTest, NoLeadsTest, leads_test};
use wdl_causal::did::panel::Panel;
use wdl_causal::did::sections::Sections;
use wdl_vocab::Text;

use self::panel::{CLUSTER, FIRST_TREATED, GAPS, LEVEL, OUTCOME, PERIOD, Read, WEIGHTS, tell};
use crate::answer::{Estimate, Evaluation, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::glossary;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `did`.
pub(super) struct Did;

const OPTIONS: &[Opt] = &[
    OUTCOME,
    PERIOD,
    FIRST_TREATED,
    Opt::new(
        "unit",
        Kind::Label,
        "la colonna dell'unità osservata nel tempo; non con --sections",
        "the column of the unit seen over time; not with --sections",
    ),
    Opt::new(
        "sections",
        Kind::Flag,
        "ogni riga è un'altra persona: sezioni trasversali ripetute",
        "every row is another person: repeated cross-sections",
    ),
    Opt::new(
        "covariates",
        Kind::Covariates,
        "le colonne delle covariate, prese nel periodo base",
        "the columns of covariates, taken in the base period",
    ),
    WEIGHTS,
    CLUSTER,
    GAPS,
    Opt::new(
        "controls",
        Kind::Choice(&["never-treated", "not-yet-treated"]),
        "i controlli: mai trattati o non ancora trattati",
        "the controls: never treated or not yet treated",
    ),
    Opt::new(
        "estimator",
        Kind::Choice(&[
            "doubly-robust",
            "doubly-robust-improved",
            "outcome-regression",
            "weighting",
        ]),
        "lo stimatore dei confronti; improved usa pesi che pareggiano le covariate",
        "the estimator of the comparisons; improved takes weights that even out the covariates",
    ),
    Opt::new(
        "base",
        Kind::Choice(&["varying", "universal"]),
        "il periodo base prima del trattamento: il precedente o sempre l'ultimo",
        "the base period before treatment: the one before or always the last",
    ),
    Opt::new(
        "anticipation",
        Kind::Whole,
        "quanti periodi prima del trattamento si può già reagire, 0 se non detto",
        "how many periods before treatment units may already react, 0 unless said",
    ),
    Opt::new(
        "aggregation",
        Kind::Choice(&["dynamic", "simple", "group", "calendar"]),
        "la media degli effetti: per tempo dal trattamento, una sola, per coorte, per periodo",
        "the average of effects: by time since treatment, one alone, by cohort, by period",
    ),
    Opt::new(
        "balance",
        Kind::Whole,
        "solo le coorti osservate per tanti periodi dopo il trattamento (dynamic)",
        "only cohorts seen for so many periods after treatment (dynamic)",
    ),
    Opt::new(
        "min-time",
        Kind::Real,
        "il primo tempo dal trattamento (dynamic)",
        "the first time since treatment (dynamic)",
    ),
    Opt::new(
        "max-time",
        Kind::Real,
        "l'ultimo tempo dal trattamento (dynamic)",
        "the last time since treatment (dynamic)",
    ),
    Opt::new(
        "draws",
        Kind::Whole,
        "quante estrazioni per le bande simultanee, 1000 se non detto; 0 per non averle",
        "how many draws for simultaneous bands, 1000 unless said; 0 for none",
    ),
    Opt::new(
        "multiplier",
        Kind::Choice(&["mammen", "rademacher"]),
        "la legge dei moltiplicatori delle estrazioni",
        "the law of the multipliers of the draws",
    ),
    Opt::new(
        "seed",
        Kind::Whole,
        "il seme delle estrazioni, 1 se non detto",
        "the seed of the draws, 1 unless said",
    ),
    LEVEL,
];

impl Method for Did {
    fn name(&self) -> &'static str {
        "did"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Differenza nelle differenze con trattamenti in date diverse: effetti per coorte e periodo (Callaway e Sant'Anna)",
            "Difference-in-differences with treatment at different dates: effects by cohort and period (Callaway and Sant'Anna)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    // From 2 on: trends before are tested with few units too, and an average in which some cells do not vary has an error.
    fn version(&self) -> u16 {
        2
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[
            Rests::Counted {
                table: "group_time",
                names: 2,
                columns: &["treated", "controls"],
            },
            Rests::Whole { table: "bands" },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let level = request.level();
        let mut read = Read::of(request)?;
        let asked = asked(request)?;
        let (effects, findings, few) = match (request.has("sections"), request.has("unit")) {
            (true, false) => {
                let sections = read.with(Sections::read)?;
                read.count(sections.findings());
                (
                    estimate_sections(&sections, asked),
                    sections.findings().clone(),
                    None,
                )
            }
            (false, true) => {
                let panel = read.panel(request)?;
                (
                    estimate(&panel, asked),
                    panel.findings().clone(),
                    few_clusters(&panel).then(|| leads_test(&panel, asked_leads(request))),
                )
            }
            _ => {
                return Err(EvaluationError::options(
                    "unit",
                    "serve l'unità, oppure --sections se ogni riga è un'altra persona",
                    "it takes the unit, or --sections when every row is another person",
                ));
            }
        };
        let aggregate = effects.aggregate(averages(request)?);
        let Some(overall) = &aggregate.overall else {
            let why = effects.cells.iter().find_map(|own| own.att.err());
            let why = why.map(tables::no_cell);
            let (it, en) = why.map_or_else(Default::default, |why| {
                (format!(": {}", why.it), format!(": {}", why.en))
            });
            return Err(EvaluationError::not_estimable(
                format!("nessun effetto dopo il trattamento si può stimare{it}"),
                format!("no effect under treatment can be estimated{en}"),
            ));
        };
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Effetto medio sui trattati, in media sulle coorti e sui periodi dopo il trattamento",
                "Average effect on the treated, averaged over cohorts and periods under treatment",
            ),
            read.kept(),
        );
        answer.about(
            "per chi ha ricevuto la misura, in media dopo il suo inizio",
            "for those who received the measure, on average after its start",
        );
        let all = behind(&effects, |cohort, period| period >= cohort);
        answer
            .estimates
            .push(shown("att".to_owned(), overall, level).resting_on(all));
        let aggregation = request.choice("aggregation");
        for own in &aggregate.effects {
            let at = own.at.unwrap_or_default();
            let (label, units) = match aggregation {
                "group" => (
                    glossary::cohort(at),
                    behind(&effects, |cohort, _| cohort == at),
                ),
                "calendar" => (
                    glossary::period(at),
                    behind(&effects, |cohort, period| period == at && period >= cohort),
                ),
                _ => (
                    glossary::since_start(at),
                    behind(&effects, |cohort, period| period - cohort == at),
                ),
            };
            let own = shown(at.to_string(), own, level).called(label);
            answer.estimates.push(own.resting_on(units));
        }
        bands(&mut answer, request, &aggregate, level)?;
        answer.tables.push(tables::cells(&effects));
        tell(&mut answer, &findings);
        match few {
            Some(test) => pre_trend_of_few(&mut answer, test),
            None => pre_trend(&mut answer, &effects),
        }
        say_left_out(&mut answer, &effects);
        answer.note(
            NoteKind::Convention,
            "analytic_errors",
            "errori standard analitici dalla funzione di influenza, senza correzione per campioni piccoli",
            "analytic standard errors from the influence function, without a factor for small samples",
        );
        Ok(answer)
    }
}

/// The units behind an average of cells: the treated of each cohort once, and no more than the controls.
fn behind(effects: &GroupTime, is_in: impl Fn(i64, i64) -> bool) -> usize {
    let cells = effects.cells.iter();
    let own = cells.filter(|own| own.att.is_ok() && is_in(own.cohort, own.period));
    let mut cohorts = std::collections::BTreeMap::new();
    let mut controls = usize::MAX;
    for own in own {
        let treated = cohorts.entry(own.cohort).or_insert(usize::MAX);
        *treated = own.treated.min(*treated);
        controls = controls.min(own.controls);
    }
    cohorts.values().sum::<usize>().min(controls)
}

fn asked(request: &Request<'_>) -> Result<Asked, EvaluationError> {
    let anticipation = request.whole("anticipation").unwrap_or(0);
    let anticipation = u32::try_from(anticipation).map_err(|_| {
        EvaluationError::options("anticipation", "è troppo grande", "it is too large")
    })?;
    Ok(Asked {
        controls: match request.choice("controls") {
            "not-yet-treated" => Controls::NotYetTreated,
            _ => Controls::NeverTreated,
        },
        base: match request.choice("base") {
            "universal" => Base::Universal,
            _ => Base::Varying,
        },
        method: match request.choice("estimator") {
            "doubly-robust-improved" => Estimator::DoublyRobustImproved,
            "outcome-regression" => Estimator::OutcomeRegression,
            "weighting" => Estimator::Weighting,
            _ => Estimator::DoublyRobust,
        },
        anticipation,
        ..Asked::default()
    })
}

fn averages(request: &Request<'_>) -> Result<Averages, EvaluationError> {
    let window = Window {
        balance: request
            .whole("balance")
            .and_then(|own| u32::try_from(own).ok()),
        min: request.real("min-time").map(|own| own.ceil() as i64),
        max: request.real("max-time").map(|own| own.floor() as i64),
    };
    let kind = match request.choice("aggregation") {
        "simple" => Averages::Simple,
        "group" => Averages::Group,
        "calendar" => Averages::Calendar,
        _ => return Ok(Averages::Dynamic(window)),
    };
    match window == Window::default() {
        true => Ok(kind),
        false => Err(EvaluationError::options(
            "aggregation",
            "--balance, --min-time e --max-time valgono solo con `dynamic`",
            "--balance, --min-time and --max-time go with `dynamic` alone",
        )),
    }
}

fn shown(name: String, own: &Average, level: f64) -> Estimate {
    match own.error {
        Ok(error) => Estimate::with_error(name, own.att, error, None, level),
        Err(_) => Estimate::point(name, own.att),
    }
}

/// Adds the simultaneous bands of the averages.
fn bands(
    answer: &mut Evaluation,
    request: &Request<'_>,
    aggregate: &Aggregate,
    level: f64,
) -> Result<(), EvaluationError> {
    let count = request.whole("draws").unwrap_or(1_000);
    if count == 0 || aggregate.effects.is_empty() {
        return Ok(());
    }
    if count > 1_000_000 {
        return Err(EvaluationError::options(
            "draws",
            "al più un milione",
            "a million at most",
        ));
    }
    let draws = Draws {
        count: usize::try_from(count).unwrap_or(usize::MAX),
        seed: request.whole("seed").unwrap_or(1),
        multiplier: match request.choice("multiplier") {
            "rademacher" => Multiplier::Rademacher,
            _ => Multiplier::Mammen,
        },
        level,
    };
    match aggregate.bands(draws) {
        Ok(bands) => {
            answer.figure("critical_value", bands.critical);
            answer.tables.push(tables::bands(aggregate, &bands));
        }
        Err(why) => answer.note(
            NoteKind::Warning,
            "no_bands",
            format!("nessuna banda simultanea: {}", tables::no_bands(&why).it),
            format!("no simultaneous bands: {why}"),
        ),
    }
    Ok(())
}

fn pre_trend(answer: &mut Evaluation, effects: &GroupTime) {
    match effects.pre_trend() {
        Ok(test) => {
            answer.figure("pre_trend_statistic", test.statistic);
            answer.figure("pre_trend_degrees", test.degrees);
            answer.figure("pre_trend_p_value", test.p_value);
        }
        Err(why) => answer.note(
            NoteKind::Warning,
            "no_pre_trend_test",
            format!(
                "gli effetti prima del trattamento non sono stati provati: {}",
                tables::no_pre_trend(why).it
            ),
            format!("effects before treatment were not tested: {why}"),
        ),
    }
}

/// With so few the Wald test finds trends that are not there.
const MANY_CLUSTERS: usize = 50;
/// Periods before treatment that are tested together, where nothing is said of the times to look at.
const LEADS: u32 = 5;
/// Sign changes drawn for the test: a p-value has three digits.
const SIGN_CHANGES: u32 = 999;

fn few_clusters(panel: &Panel) -> bool {
    let clusters = panel.clusters().and_then(|own| own.iter().max());
    let count = clusters.map_or(panel.units().len(), |last| *last as usize + 1);
    count < MANY_CLUSTERS
}

fn asked_leads(request: &Request<'_>) -> leads::Asked {
    let first = request.real("min-time").filter(|own| *own <= -1.0);
    leads::Asked {
        reach: first.map_or(LEADS, |own| (-own).floor().min(1_000.0) as u32),
        anticipation: request
            .whole("anticipation")
            .and_then(|own| u32::try_from(own).ok())
            .unwrap_or(0),
        draws: SIGN_CHANGES,
        seed: request.whole("seed").unwrap_or(1),
    }
}

fn pre_trend_of_few(answer: &mut Evaluation, test: Result<LeadsTest, NoLeadsTest>) {
    match test {
        Ok(test) => {
            answer.figure("pre_trend_largest", test.statistic);
            answer.figure("pre_trend_degrees", test.leads);
            answer.figure("pre_trend_p_value", test.p_value);
            answer.note(
                NoteKind::Convention,
                "pre_trend_of_few",
                "con così poche unità le tendenze prima sono provate insieme sulle sole osservazioni senza trattamento, cambiando segno a ciò che ogni unità aggiunge (wild cluster bootstrap sui punteggi, trasformazione del jackknife)",
                "with so few units trends before are tested together on untreated observations alone, by changing the sign of what each unit adds (wild cluster bootstrap on scores, transformation of the jackknife)",
            );
        }
        Err(why) => answer.note(
            NoteKind::Warning,
            "no_pre_trend_test",
            format!(
                "gli effetti prima del trattamento non sono stati provati: {}",
                tables::no_leads_test(why).it
            ),
            format!("effects before treatment were not tested: {why}"),
        ),
    }
}

fn say_left_out(answer: &mut Evaluation, effects: &GroupTime) {
    let gone = effects.cells.iter().filter(|own| own.att.is_err()).count();
    answer.figure("cells_without_estimate", gone);
    if gone > 0 {
        answer.note(
            NoteKind::Warning,
            "cells_left_out",
            format!("{gone} effetti non si possono stimare e non sono nelle medie: la tabella dice quali e perché"),
            format!("{gone} effects cannot be estimated and are not in the averages: the table says which and why"),
        );
    }
}
