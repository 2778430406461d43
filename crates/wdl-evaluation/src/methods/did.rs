//! Difference-in-differences with treatment at different dates: group-time effects of Callaway and Sant'Anna and their averages.
//!
//! Here too is how the other methods on staggered panels read theirs.

use std::borrow::Cow;
use std::collections::BTreeSet;

use wdl_causal::did::aggregate::{Aggregate, Average, Kind as Averages, Window};
use wdl_causal::did::bands::{Bands, Draws, Multiplier};
use wdl_causal::did::group_time::{
    Base, Controls, GroupTime, Method as Estimator, Request as Asked, estimate, estimate_sections,
};
use wdl_causal::did::panel::{Column, Findings, Gaps, Panel, PanelError, Rows};
use wdl_causal::did::sections::Sections;
use wdl_vocab::Text;

use crate::answer::{Cell, Estimate, Evaluation, Kept, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `did`.
pub(super) struct Did;

pub(super) const OUTCOME: Opt = Opt::required(
    "outcome",
    Kind::Number,
    "la colonna dell'esito",
    "the column of the outcome",
);
pub(super) const UNIT: Opt = Opt::required(
    "unit",
    Kind::Label,
    "la colonna dell'unità osservata nel tempo",
    "the column of the unit seen over time",
);
pub(super) const PERIOD: Opt = Opt::required(
    "period",
    Kind::Number,
    "la colonna del periodo, in numeri interi",
    "the column of the period, in whole numbers",
);
pub(super) const FIRST_TREATED: Opt = Opt::required(
    "first-treated",
    Kind::NumberOrNone,
    "la colonna del primo periodo di trattamento; vuota o 0 per chi non è mai trattato",
    "the column of the first period under treatment; empty or 0 for those never treated",
);
pub(super) const WEIGHTS: Opt = Opt::new(
    "weights",
    Kind::Number,
    "la colonna dei pesi, uguali in tutte le righe di un'unità",
    "the column of weights, the same in every row of a unit",
);
pub(super) const CLUSTER: Opt = Opt::new(
    "cluster",
    Kind::Label,
    "la colonna del grappolo per gli errori standard; senza, l'unità",
    "the column of the cluster for standard errors; the unit when absent",
);
pub(super) const GAPS: Opt = Opt::new(
    "gaps",
    Kind::Choice(&["refuse", "drop-units", "as-they-are"]),
    "le unità a cui mancano periodi: rifiutare, escluderle, tenerle come sono",
    "units that lack periods: refuse, leave them out, keep them as they are",
);
pub(super) const LEVEL: Opt = Opt::new(
    "level",
    Kind::Level,
    "il livello degli intervalli, 0.95 se non detto",
    "the level of the intervals, 0.95 unless said",
);

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

/// The rows of a panel as the kernel takes them.
#[derive(Debug)]
pub(super) struct Read<'a> {
    unit: Vec<i64>,
    period: Vec<i64>,
    outcome: Cow<'a, [f64]>,
    first_treated: Vec<Option<i64>>,
    covariates: Vec<(String, Vec<f64>)>,
    weights: Option<Vec<f64>>,
    clusters: Option<Vec<i64>>,
    kept: Kept,
}

impl<'a> Read<'a> {
    pub(super) fn of(request: &Request<'a>) -> Result<Read<'a>, EvaluationError> {
        let sample = request.sample()?;
        let coded = |option: &str| -> Option<Vec<i64>> {
            let codes = sample.codes(option)?;
            Some(codes.iter().map(|code| i64::from(*code)).collect())
        };
        let period = sample.values("period").unwrap_or_default();
        let period: Option<Vec<i64>> = period.iter().copied().map(whole).collect();
        let first: Option<Vec<Option<i64>>> = sample
            .numbers_or_none("first-treated")
            .into_iter()
            .flatten()
            .map(|own| match own {
                None => Some(None),
                Some(own) => whole(own).map(|own| (own != 0).then_some(own)),
            })
            .collect();
        let (Some(period), Some(first_treated)) = (period, first) else {
            return Err(EvaluationError::data(
                "i periodi e le date di trattamento devono essere numeri interi",
                "periods and dates of treatment must be whole numbers",
            ));
        };
        let has_covariates = request.options.iter().any(|own| own.name == "covariates");
        let covariates = match has_covariates {
            true => sample.covariates("covariates"),
            false => Vec::new(),
        };
        Ok(Read {
            unit: match request.has("unit") {
                true => coded("unit").unwrap_or_default(),
                false => (0..).take(period.len()).collect(),
            },
            outcome: sample.values("outcome").unwrap_or_default(),
            covariates: covariates
                .into_iter()
                .map(|own| (own.name, own.values))
                .collect(),
            weights: sample.numbers("weights"),
            clusters: coded("cluster"),
            period,
            first_treated,
            kept: sample.kept,
        })
    }

    fn with<T>(
        &self,
        then: impl Fn(&Rows<'_>) -> Result<T, PanelError>,
    ) -> Result<T, EvaluationError> {
        let covariates: Vec<&[f64]> = self.covariates.iter().map(|own| own.1.as_slice()).collect();
        let read = then(&Rows {
            unit: &self.unit,
            period: &self.period,
            outcome: &self.outcome,
            first_treated: &self.first_treated,
            covariates: &covariates,
            weights: self.weights.as_deref(),
            clusters: self.clusters.as_deref(),
        });
        read.map_err(no_panel)
    }

    /// The panel; the rows it leaves out are counted.
    pub(super) fn panel(&mut self, request: &Request<'_>) -> Result<Panel, EvaluationError> {
        let gaps = match request.choice("gaps") {
            "drop-units" => Gaps::DropUnits,
            "as-they-are" => Gaps::AsTheyAre,
            _ => Gaps::Refuse,
        };
        let panel = self.with(|rows| Panel::read(rows, gaps))?;
        self.count(panel.findings());
        Ok(panel)
    }

    fn count(&mut self, findings: &Findings) {
        let rows_of = |units: &[i64]| {
            if units.is_empty() {
                return 0;
            }
            let units: BTreeSet<i64> = units.iter().copied().collect();
            self.unit.iter().filter(|own| units.contains(own)).count()
        };
        let always = rows_of(&findings.always_treated);
        let incomplete = match findings.incomplete_left_out {
            true => rows_of(&findings.incomplete),
            false => 0,
        };
        self.kept.leave_out(
            always,
            "unità trattate già dal primo periodo: non si sa nulla di loro senza trattamento",
            "units treated from the first period on: nothing is known of them untreated",
        );
        self.kept.leave_out(
            incomplete,
            "unità a cui mancano periodi",
            "units that lack periods",
        );
    }

    pub(super) fn kept(self) -> Kept {
        self.kept
    }
}

fn whole(value: f64) -> Option<i64> {
    // Beyond 2⁵³ a float is no exact whole number any more.
    let is_whole = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    is_whole.then_some(value as i64)
}

/// Why rows are no panel, with counts and never a unit's key.
fn no_panel(why: PanelError) -> EvaluationError {
    let (it, en) = match why {
        PanelError::Duplicate { period, count, .. } => (
            format!("{count} righe ripetono unità e periodo, la prima nel periodo {period}"),
            format!("{count} rows repeat a unit and period, the first in period {period}"),
        ),
        PanelError::Changes { column, count, .. } => {
            let (it, en) = match column {
                Column::FirstTreated => ("la data di trattamento", "the date of treatment"),
                Column::Weight => ("il peso", "the weight"),
                Column::Cluster => ("il grappolo", "the cluster"),
                Column::Outcome | Column::Covariate(_) => ("un valore", "a value"),
            };
            (
                format!("{it} cambia dentro {count} unità"),
                format!("{en} changes inside {count} units"),
            )
        }
        PanelError::Unbalanced { count, units, .. } => (
            format!(
                "a {count} unità su {units} mancano periodi: scegliere con --gaps se escluderle o tenerle"
            ),
            format!(
                "{count} of {units} units lack periods: choose with --gaps whether to leave them out or keep them"
            ),
        ),
        PanelError::Weight { .. } => (
            "ogni peso deve essere maggiore di zero".to_owned(),
            "every weight must be above zero".to_owned(),
        ),
        PanelError::OnePeriod => (
            "un confronto nel tempo vuole due periodi".to_owned(),
            "a comparison over time needs two periods".to_owned(),
        ),
        PanelError::NobodyTreated { always_treated } => (
            format!(
                "nessuna unità comincia il trattamento dopo il primo periodo ({always_treated} già trattate nel primo)"
            ),
            format!(
                "no unit begins treatment after the first period ({always_treated} treated in it already)"
            ),
        ),
        PanelError::Empty | PanelError::Lengths => (
            "non resta alcuna riga".to_owned(),
            "no row is left".to_owned(),
        ),
        PanelError::NotFinite { count, .. } => (
            format!("{count} valori non sono finiti"),
            format!("{count} values are not finite"),
        ),
    };
    EvaluationError::data(it, en)
}

/// What was found in the rows, as figures and notes.
pub(super) fn tell(answer: &mut Evaluation, findings: &Findings) {
    answer.figure("units", findings.units);
    answer.figure("never_treated", findings.never_treated);
    answer.figure("always_treated_left_out", findings.always_treated.len());
    answer.figure("incomplete_units", findings.incomplete.len());
    answer.figure("treated_after_the_end", findings.treated_after_the_end);
    if !findings.missing_periods.is_empty() {
        let gone = joined(&findings.missing_periods);
        answer.note(
            NoteKind::Warning,
            "missing_periods",
            format!("nessuna unità ha i periodi {gone}: il periodo base è l'ultimo che c'è"),
            format!("no unit has the periods {gone}: the base is the last period there is"),
        );
    }
    if !findings.cohorts_of_one.is_empty() {
        let own = joined(&findings.cohorts_of_one);
        answer.note(
            NoteKind::Warning,
            "cohorts_of_one",
            format!("le coorti {own} hanno una sola unità: nessuna inferenza"),
            format!("the cohorts {own} have a single unit: no inference"),
        );
    }
    answer.note(
        NoteKind::Assumption,
        "parallel_trends",
        "senza trattamento, trattati e controlli avrebbero avuto lo stesso andamento",
        "without treatment, the treated and the controls would have moved alike",
    );
}

fn joined(values: &[i64]) -> String {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    values.join(", ")
}

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

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let level = request.level();
        let mut read = Read::of(request)?;
        let asked = asked(request)?;
        let (effects, findings) = match (request.has("sections"), request.has("unit")) {
            (true, false) => {
                let sections = read.with(Sections::read)?;
                read.count(sections.findings());
                (
                    estimate_sections(&sections, asked),
                    sections.findings().clone(),
                )
            }
            (false, true) => {
                let panel = read.panel(request)?;
                (estimate(&panel, asked), panel.findings().clone())
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
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            return Err(EvaluationError::not_estimable(
                format!("nessun effetto dopo il trattamento si può stimare{why}"),
                format!("no effect under treatment can be estimated{why}"),
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
        answer
            .estimates
            .push(shown("att".to_owned(), overall, level));
        for own in &aggregate.effects {
            let name = own.at.map(|at| at.to_string()).unwrap_or_default();
            answer.estimates.push(shown(name, own, level));
        }
        bands(&mut answer, request, &aggregate, level)?;
        answer.tables.push(cells(&effects));
        tell(&mut answer, &findings);
        pre_trend(&mut answer, &effects);
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
            answer.tables.push(band_table(aggregate, &bands));
        }
        Err(why) => answer.note(
            NoteKind::Warning,
            "no_bands",
            format!("nessuna banda simultanea: {why}"),
            format!("no simultaneous bands: {why}"),
        ),
    }
    Ok(())
}

fn band_table(aggregate: &Aggregate, bands: &Bands) -> Table {
    let rows = aggregate.effects.iter().map(|own| {
        let wide = own.error.ok().map(|error| bands.critical * error);
        vec![
            own.at.map(|at| at as f64).into(),
            own.att.into(),
            wide.map(|wide| own.att - wide).into(),
            wide.map(|wide| own.att + wide).into(),
        ]
    });
    Table {
        key: "bands",
        title: Text::fixed(
            "Bande che coprono tutti gli effetti insieme",
            "Bands that cover all effects together",
        ),
        columns: vec![
            ("at", Text::fixed("distanza", "distance")),
            ("att", Text::fixed("effetto", "effect")),
            ("low", Text::fixed("da", "from")),
            ("high", Text::fixed("a", "to")),
        ],
        rows: rows.collect(),
    }
}

/// Every cohort in every period, with the reason where there is no figure.
fn cells(effects: &GroupTime) -> Table {
    let rows = effects.cells.iter().map(|own| {
        let why = match (own.att, own.error) {
            (Err(why), _) => Cell::Words(why.to_string()),
            (Ok(_), Err(why)) => Cell::Words(why.to_string()),
            (Ok(_), Ok(_)) => Cell::None,
        };
        vec![
            (own.cohort as f64).into(),
            (own.period as f64).into(),
            own.base.map(|base| base as f64).into(),
            own.att.ok().into(),
            own.att.ok().and(own.error.ok()).into(),
            own.treated.into(),
            own.controls.into(),
            own.trimmed.into(),
            why,
        ]
    });
    Table {
        key: "group_time",
        title: Text::fixed(
            "Effetti per coorte e periodo",
            "Effects by cohort and period",
        ),
        columns: vec![
            ("cohort", Text::fixed("coorte", "cohort")),
            ("period", Text::fixed("periodo", "period")),
            ("base", Text::fixed("periodo base", "base period")),
            ("att", Text::fixed("effetto", "effect")),
            (
                "standard_error",
                Text::fixed("errore standard", "standard error"),
            ),
            ("treated", Text::fixed("trattati", "treated")),
            ("controls", Text::fixed("controlli", "controls")),
            (
                "trimmed",
                Text::fixed("controlli esclusi", "controls left out"),
            ),
            ("reason", Text::fixed("perché manca", "why it is missing")),
        ],
        rows: rows.collect(),
    }
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
            format!("gli effetti prima del trattamento non sono stati provati: {why}"),
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
