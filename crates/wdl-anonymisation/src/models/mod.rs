//! Privacy models: what must hold of every class of records that look alike.
//!
//! Definitions: Sweeney (k-anonymity, k-map), Machanavajjhala et al. (l-diversity), Li et al. (t-closeness), Brickell and Shmatikov (delta-disclosure), Cao and Karras (beta-likeness), Nergiz et al. (delta-presence), Wong et al. ((alpha,k)-anonymity).
//! It must not know how good a solution is, only whether it is safe.

mod class;
mod measure;

pub use class::{ClassValues, Distance, Overall, Tree};
pub use measure::{Measures, SensitiveMeasures, measure, measure_at, overall};

use crate::classes::Classes;
use crate::records::Records;
use class::exceeds;

/// A privacy model with its parameter; `sensitive` is the place of the column among the sensitive ones.
#[derive(Clone, Debug)]
pub enum Model {
    /// At least `k` persons look alike.
    KAnonymity(u32),
    /// At least `k` people of the population register look like each.
    KMap(u32),
    /// At least `l` values.
    DistinctL {
        /// The column.
        sensitive: usize,
        /// The number of values.
        l: u32,
    },
    /// `exp(entropy)` of at least `l`.
    EntropyL {
        /// The column.
        sensitive: usize,
        /// The number of equally frequent values.
        l: f64,
    },
    /// `r1 < c (r_l + … + r_m)`.
    RecursiveL {
        /// The column.
        sensitive: usize,
        /// The factor.
        c: f64,
        /// The rank from which counts add up.
        l: u32,
    },
    /// The distance to all records is at most `t`.
    TCloseness {
        /// The column.
        sensitive: usize,
        /// The largest distance, from 0 to 1.
        t: f64,
        /// How far apart values are.
        distance: Distance,
    },
    /// `|ln(q/p)| <= delta`.
    DeltaDisclosure {
        /// The column.
        sensitive: usize,
        /// The bound, in natural logarithms.
        delta: f64,
        /// Whether a value that a class lacks counts, as the definition has it.
        absent: Absent,
    },
    /// `(q-p)/p <= beta` where `q > p`.
    BasicBeta {
        /// The column.
        sensitive: usize,
        /// The bound.
        beta: f64,
    },
    /// `(q-p)/p <= min(beta, -ln p)` where `q > p`.
    EnhancedBeta {
        /// The column.
        sensitive: usize,
        /// The bound.
        beta: f64,
    },
    /// The share of a class of the register that is among the records lies between two bounds.
    DeltaPresence {
        /// The least share.
        minimum: f64,
        /// The largest share.
        maximum: f64,
    },
    /// No value has a share above `alpha`; ask for k-anonymity beside it.
    Alpha {
        /// The column.
        sensitive: usize,
        /// The largest share.
        alpha: f64,
    },
}

/// What a value that a class lacks means for delta-disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// `q = 0` is infinitely far: the definition.
    Infinite,
    /// It is left out, as some programs do.
    LeftOut,
}

/// Why a model cannot be asked of these records.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// A parameter is outside what it may be.
    #[error("the parameter of {model} is not within its bounds")]
    Parameter {
        /// The model.
        model: &'static str,
    },
    /// More persons must look alike than there are.
    #[error("{k} persons must look alike, and there are {persons}")]
    TooFewPersons {
        /// The number asked for.
        k: u32,
        /// The persons there are.
        persons: usize,
    },
    /// More values are asked for than the column has.
    #[error("{asked} values are asked for, and the sensitive column has {values}")]
    TooFewValues {
        /// The number asked for.
        asked: f64,
        /// The values there are.
        values: usize,
    },
    /// The model speaks of a population register, and there is none.
    #[error("{model} needs a register of the population")]
    NoPopulation {
        /// The model.
        model: &'static str,
    },
    /// There is no such sensitive column.
    #[error("there is no sensitive column {place}")]
    NoColumn {
        /// Its place.
        place: usize,
    },
}

impl Model {
    /// Its name in messages.
    pub fn name(&self) -> &'static str {
        match self {
            Model::KAnonymity(_) => "k-anonymity",
            Model::KMap(_) => "k-map",
            Model::DistinctL { .. } => "distinct l-diversity",
            Model::EntropyL { .. } => "entropy l-diversity",
            Model::RecursiveL { .. } => "recursive l-diversity",
            Model::TCloseness { .. } => "t-closeness",
            Model::DeltaDisclosure { .. } => "delta-disclosure",
            Model::BasicBeta { .. } => "basic beta-likeness",
            Model::EnhancedBeta { .. } => "enhanced beta-likeness",
            Model::DeltaPresence { .. } => "delta-presence",
            Model::Alpha { .. } => "(alpha,k)-anonymity",
        }
    }

    /// The sensitive column it speaks of.
    pub fn sensitive(&self) -> Option<usize> {
        match self {
            Model::KAnonymity(_) | Model::KMap(_) | Model::DeltaPresence { .. } => None,
            Model::DistinctL { sensitive, .. }
            | Model::EntropyL { sensitive, .. }
            | Model::RecursiveL { sensitive, .. }
            | Model::TCloseness { sensitive, .. }
            | Model::DeltaDisclosure { sensitive, .. }
            | Model::BasicBeta { sensitive, .. }
            | Model::EnhancedBeta { sensitive, .. }
            | Model::Alpha { sensitive, .. } => Some(*sensitive),
        }
    }

    /// Whether every part of a class that fails fails too.
    ///
    /// Then records lost at a node are lost at every node that tells more, and the number lost bounds theirs from below.
    pub(crate) fn fails_in_parts(&self) -> bool {
        matches!(
            self,
            Model::KAnonymity(_) | Model::KMap(_) | Model::DistinctL { .. }
        )
    }

    /// Whether the model can be asked of these records at all.
    pub(crate) fn check(&self, records: &Records) -> Result<(), ModelError> {
        let parameter = |holds: bool| match holds {
            true => Ok(()),
            false => Err(ModelError::Parameter { model: self.name() }),
        };
        let values = match self.sensitive() {
            None => 0,
            Some(place) => {
                records
                    .sensitive()
                    .get(place)
                    .ok_or(ModelError::NoColumn { place })?
                    .values
            }
        };
        let enough = |asked: f64| match exceeds(asked, values as f64) {
            true => Err(ModelError::TooFewValues { asked, values }),
            false => Ok(()),
        };
        match self {
            Model::KAnonymity(k) => {
                parameter(*k >= 1)?;
                let persons = records.persons_count();
                match *k as usize > persons {
                    true => Err(ModelError::TooFewPersons { k: *k, persons }),
                    false => Ok(()),
                }
            }
            Model::KMap(k) => {
                parameter(*k >= 1)?;
                let columns = records
                    .population()
                    .ok_or(ModelError::NoPopulation { model: self.name() })?;
                let persons = columns.first().map_or(0, Vec::len);
                match *k as usize > persons {
                    true => Err(ModelError::TooFewPersons { k: *k, persons }),
                    false => Ok(()),
                }
            }
            Model::DistinctL { l, .. } => parameter(*l >= 1).and_then(|()| enough(f64::from(*l))),
            Model::EntropyL { l, .. } => {
                parameter(*l >= 1.0 && l.is_finite()).and_then(|()| enough(*l))
            }
            Model::RecursiveL { c, l, .. } => {
                parameter(*l >= 1 && *c > 0.0 && c.is_finite()).and_then(|()| enough(f64::from(*l)))
            }
            Model::TCloseness { t, .. } => parameter((0.0..=1.0).contains(t)),
            Model::DeltaDisclosure { delta, .. } => parameter(*delta >= 0.0 && delta.is_finite()),
            Model::BasicBeta { beta, .. } | Model::EnhancedBeta { beta, .. } => {
                parameter(*beta >= 0.0 && beta.is_finite())
            }
            Model::DeltaPresence { minimum, maximum } => {
                parameter(0.0 <= *minimum && minimum <= maximum && *maximum <= 1.0)?;
                records
                    .population()
                    .map(|_| ())
                    .ok_or(ModelError::NoPopulation { model: self.name() })
            }
            Model::Alpha { alpha, .. } => parameter(*alpha > 0.0 && *alpha <= 1.0),
        }
    }
}

/// Models together, with the shares of the sensitive columns in all records that they are held against.
#[derive(Clone, Debug)]
pub(crate) struct Rules<'a> {
    models: Vec<&'a Model>,
    overall: Vec<Overall>,
    values: Vec<usize>,
}

impl<'a> Rules<'a> {
    pub(crate) fn new(models: &'a [Model], records: &Records, overall: Vec<Overall>) -> Rules<'a> {
        let values = records.sensitive().iter().map(|one| one.values).collect();
        // The cheap ones first: most classes that fail are too small.
        let mut models: Vec<&Model> = models.iter().collect();
        models.sort_by_key(|model| (model.sensitive().is_some(), !model.fails_in_parts()));
        Rules {
            models,
            overall,
            values,
        }
    }

    /// The models whose failing passes on to every part of a class.
    pub(crate) fn failing_in_parts(&self) -> Rules<'a> {
        let models = self
            .models
            .iter()
            .copied()
            .filter(|model| model.fails_in_parts());
        Rules {
            models: models.collect(),
            overall: self.overall.clone(),
            values: self.values.clone(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.models.is_empty()
    }

    /// Whether a class with records in it may be told.
    pub(crate) fn hold<const W: usize>(&self, classes: &Classes<W>, class: usize) -> bool {
        self.models
            .iter()
            .all(|model| self.holds(model, classes, class))
    }

    /// Whether a class of the register without any record breaks a model: nothing that is left out of the records mends it.
    pub(crate) fn absence_tells<const W: usize>(&self, classes: &Classes<W>, class: usize) -> bool {
        let tells = |model: &&Model| matches!(model, Model::DeltaPresence { minimum, .. } if *minimum > 0.0);
        classes.rows[class] == 0 && classes.population[class] > 0 && self.models.iter().any(tells)
    }

    fn holds<const W: usize>(&self, model: &Model, classes: &Classes<W>, class: usize) -> bool {
        let view = |place: usize| {
            let (codes, counts) = classes.runs[place].of(class);
            ClassValues::new(codes, counts, self.values[place])
        };
        match model {
            Model::KAnonymity(k) => classes.persons(class) >= *k,
            Model::KMap(k) => classes.population[class] >= *k,
            Model::DistinctL { sensitive, l } => view(*sensitive).distinct() >= *l,
            Model::EntropyL { sensitive, l } => !exceeds(*l, view(*sensitive).entropy()),
            Model::RecursiveL { sensitive, c, l } => view(*sensitive).recursive(*l as usize) < *c,
            Model::TCloseness {
                sensitive,
                t,
                distance,
            } => !exceeds(
                view(*sensitive).closeness(&self.overall[*sensitive], distance),
                *t,
            ),
            Model::DeltaDisclosure {
                sensitive,
                delta,
                absent,
            } => {
                let number = match absent {
                    Absent::Infinite => view(*sensitive).delta(&self.overall[*sensitive]),
                    Absent::LeftOut => view(*sensitive).delta_present(&self.overall[*sensitive]),
                };
                !exceeds(number, *delta)
            }
            Model::BasicBeta { sensitive, beta } => {
                !exceeds(view(*sensitive).beta(&self.overall[*sensitive]), *beta)
            }
            Model::EnhancedBeta { sensitive, beta } => !exceeds(
                view(*sensitive).enhanced_beta(&self.overall[*sensitive]),
                *beta,
            ),
            Model::DeltaPresence { minimum, maximum } => {
                let (rows, population) = (
                    f64::from(classes.rows[class]),
                    f64::from(classes.population[class]),
                );
                let share = if population > 0.0 {
                    rows / population
                } else {
                    f64::INFINITY
                };
                !exceeds(*minimum, share) && !exceeds(share, *maximum)
            }
            Model::Alpha { sensitive, alpha } => !exceeds(view(*sensitive).largest_share(), *alpha),
        }
    }
}
