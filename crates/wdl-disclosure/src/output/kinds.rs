//! The rules for results that are no table of cells, and what they find.
//!
//! Sources: *Handbook on Statistical Disclosure Control for Outputs* (Griffiths and others, 2019), on regressions, survival, positions and pictures; Yeom and others (2018) and Carlini and others (2022) on models that remember whom they were fitted to.
//! A finding names the place and the rule, never a number that rests on too few.

mod areas;
mod effects;
mod model;
mod picture;
mod positions;
mod regression;
mod survival;

pub use model::{Membership, membership};
pub use survival::coarsen;

use serde::Serialize;
use wdl_protocol::MinimumFrequency;
use wdl_result::{Output, Transcript};
use wdl_vocab::Text;

/// What the agreement asks of such results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutputClauses {
    /// The least units a number may rest on.
    pub minimum_frequency: MinimumFrequency,
    /// The least residual degrees of freedom of a regression.
    pub residual_freedom_min: u64,
    /// The least units of a leaf.
    pub leaf_min: u64,
    /// The largest share by which an attacker may do better than chance at telling who was among those a model was fitted to.
    pub membership_advantage_max: f64,
}

impl Default for OutputClauses {
    /// Ten degrees of freedom and ten units in a leaf, as the handbook's rules of thumb; a tenth for membership.
    fn default() -> OutputClauses {
        OutputClauses {
            minimum_frequency: MinimumFrequency::DEFAULT,
            residual_freedom_min: 10,
            leaf_min: 10,
            membership_advantage_max: 0.1,
        }
    }
}

impl OutputClauses {
    /// Whether so many are some, and too few.
    fn is_few(&self, units: u64) -> bool {
        0 < units && units < self.minimum_frequency.get()
    }
}

/// A rule that a result does not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Breach {
    /// Too few residual degrees of freedom.
    ResidualFreedom,
    /// As many coefficients as patterns of regressors, or as units: the model repeats the data.
    Saturated,
    /// Everything is explained: the coefficients give the values back.
    PerfectFit,
    /// Errors are clustered within too few groups.
    FewClusters,
    /// A regressor of two values that too few have, or lack.
    FewWithValue,
    /// A step tells of too few.
    FewEvents,
    /// Too few are at risk.
    FewAtRisk,
    /// Between two numbers at risk too few went away.
    FewLeave,
    /// It happened to everybody.
    Everybody,
    /// The numbers contradict each other.
    Contradiction,
    /// An effect rests on too few to whom it happened.
    FewTreated,
    /// An effect rests on too few to compare with.
    FewCompared,
    /// Between two times the units differ by too few.
    FewChange,
    /// A leaf of too few units.
    SmallLeaf,
    /// All units of a leaf, or all but too few, are of one class.
    LeafOfOneClass,
    /// The model tells who was among those it was fitted to.
    Remembers,
    /// Whether it does was not tested, or on too few to tell.
    NotTested,
    /// Too few lie at a place of the distribution or beyond it.
    FewBeyond,
    /// The end of a class is the value of too few.
    BoundOfFew,
    /// A text says a hidden number.
    HiddenInText,
    /// Two areas leave too few between them.
    Sliver,
    /// Words that people said.
    OwnWords,
}

/// A place of a result and the rule it does not keep.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OutputFinding {
    /// A coefficient, a time, a leaf, a mark, an area; empty for the whole.
    pub place: String,
    /// The rule.
    pub breach: Breach,
}

/// What of a result must not be shown as it is, in the order of its parts.
pub fn examine(output: &Output, clauses: &OutputClauses) -> Vec<OutputFinding> {
    match output {
        Output::Regression(regression) => regression::examine(regression, clauses),
        Output::Survival(curve) => survival::examine(curve, clauses),
        Output::EventStudy(study) => effects::examine(study, clauses),
        Output::Model(model) => model::examine(model, clauses),
        Output::Positions(positions) => positions::examine(positions, clauses),
        Output::Picture(picture) => picture::examine(picture, clauses),
        Output::Areas(areas) => areas::examine(areas, clauses),
        // No frequency, no threshold and no clause makes a person's words fit to leave.
        Output::Transcript(Transcript {}) => vec![OutputFinding::new("", Breach::OwnWords)],
    }
}

impl OutputFinding {
    fn new(place: impl Into<String>, breach: Breach) -> OutputFinding {
        OutputFinding {
            place: place.into(),
            breach,
        }
    }

    /// The reason in words, with the number that the rule asks for.
    pub fn words(&self, clauses: &OutputClauses) -> Text {
        let least = clauses.minimum_frequency.get();
        let (it, en) = match self.breach {
            Breach::ResidualFreedom => {
                let least = clauses.residual_freedom_min;
                (
                    format!("meno di {least} gradi di libertà residui: i coefficienti restituiscono quasi i dati; servono più unità o meno regressori"),
                    format!("fewer than {least} residual degrees of freedom: the coefficients nearly give the data back; take more units or fewer regressors"),
                )
            }
            Breach::Saturated => (
                "modello saturo: tanti coefficienti quante combinazioni dei regressori; è una tabella di medie, e va protetta come tale".to_owned(),
                "saturated model: as many coefficients as combinations of the regressors; it is a table of means, to be protected as one".to_owned(),
            ),
            Breach::PerfectFit => (
                "adattamento perfetto: i coefficienti restituiscono i valori di ciascuno".to_owned(),
                "perfect fit: the coefficients give the value of everybody back".to_owned(),
            ),
            Breach::FewClusters => (
                format!("errori raggruppati in meno di {least} gruppi"),
                format!("errors clustered within fewer than {least} groups"),
            ),
            Breach::FewWithValue => (
                format!("meno di {least} unità hanno il valore, o ne sono prive: il coefficiente parla di loro; unire la categoria a un'altra"),
                format!("fewer than {least} units have the value, or lack it: the coefficient speaks of them; join the category with another"),
            ),
            Breach::FewEvents => (
                format!("il gradino è di meno di {least} eventi; mostrare la curva a tempi più distanti"),
                format!("the step is of fewer than {least} events; show the curve at wider times"),
            ),
            Breach::FewAtRisk => (
                format!("meno di {least} unità a rischio; fermare la curva prima"),
                format!("fewer than {least} units at risk; end the curve before"),
            ),
            Breach::FewLeave => (
                format!("fra due numeri a rischio ne mancano meno di {least}, senza evento; tacere i numeri a rischio o mostrarli a tempi più distanti"),
                format!("between two numbers at risk fewer than {least} went away without the event; leave the numbers at risk out, or show them at wider times"),
            ),
            Breach::Everybody => (
                "l'evento è accaduto a tutti: di ciascuno si sa; fermare la curva prima".to_owned(),
                "it happened to everybody: it is known of each; end the curve before".to_owned(),
            ),
            Breach::Contradiction => (
                "i numeri si contraddicono: non si può giudicare".to_owned(),
                "the numbers contradict each other: they cannot be judged".to_owned(),
            ),
            Breach::FewTreated => (
                format!("l'effetto poggia su meno di {least} unità a cui è accaduto; unire i tempi"),
                format!("the effect rests on fewer than {least} units to whom it happened; join the times"),
            ),
            Breach::FewCompared => (
                format!("l'effetto poggia su meno di {least} unità di confronto"),
                format!("the effect rests on fewer than {least} units to compare with"),
            ),
            Breach::FewChange => (
                format!("rispetto al tempo prima cambiano meno di {least} unità: la differenza parla di loro; tenere le stesse unità a tutti i tempi"),
                format!("fewer than {least} units change from the time before: the difference speaks of them; keep the same units at all times"),
            ),
            Breach::SmallLeaf => {
                let least = clauses.leaf_min.max(least);
                (
                    format!("la foglia ha meno di {least} unità; fissare una dimensione minima delle foglie"),
                    format!("the leaf has fewer than {least} units; set a least size of leaves"),
                )
            }
            Breach::LeafOfOneClass => (
                format!("tutte le unità della foglia sono di una classe, o tutte meno di {least}: di ciascuna si sa"),
                format!("all units of the leaf are of one class, or all but fewer than {least}: it is known of each"),
            ),
            Breach::Remembers => (
                "il modello dice chi era fra i suoi dati, più di quanto è concesso; semplificarlo o addestrarlo con rumore".to_owned(),
                "the model tells who was among its data, more than is allowed; make it simpler, or fit it with noise".to_owned(),
            ),
            Breach::NotTested => (
                "non si sa se il modello dice chi era fra i suoi dati: la prova manca, o è su troppo pochi".to_owned(),
                "it is not known whether the model tells who was among its data: the test is missing, or on too few".to_owned(),
            ),
            Breach::FewBeyond => (
                format!("da una parte del valore stanno meno di {least} unità: è quasi il valore di una; tacere gli estremi, o scegliere un quantile più interno"),
                format!("on one side of the value there are fewer than {least} units: it is nearly the value of one; leave extremes out, or take a quantile further inside"),
            ),
            Breach::BoundOfFew => (
                format!("il limite di classe è il valore di meno di {least} unità; scegliere un numero tondo che copra i valori"),
                format!("the end of the class is the value of fewer than {least} units; take a round number that covers the values"),
            ),
            Breach::HiddenInText => (
                "un testo dice un numero nascosto: etichetta, riquadro o testo alternativo".to_owned(),
                "a text says a hidden number: label, tooltip or alternative text".to_owned(),
            ),
            Breach::Sliver => (
                format!("fra due aree che si contengono restano meno di {least} unità: si leggono per sottrazione; usare una sola suddivisione"),
                format!("between two areas, one within the other, fewer than {least} units are left: they are read by subtraction; use one division only"),
            ),
            Breach::OwnWords => (
                "sono parole di persone: una trascrizione non esce dal laboratorio, nemmeno in parte; si possono chiedere i conteggi dei temi".to_owned(),
                "these are people's own words: a transcript does not leave the lab, not even in part; counts of themes can be asked for".to_owned(),
            ),
        };
        match self.place.as_str() {
            "" => Text::new(it, en),
            place => Text::new(format!("{place}: {it}"), format!("{place}: {en}")),
        }
    }
}
