//! The programmes of the synthetic city as columns of the methods, and what the methods make of them beside the truth.
//!
//! One city is one draw: its units with what happened to them are handed to a method of the catalog; what would have happened otherwise goes into the truth alone.
//! It is used by the test that sees a few cities and by the example that sees many.

use wdl_evaluation::{Columns, Estimate, Given, Labels, Request, method};
use wdl_synthetic::{City, Effects, FundedCall, Joiner, RioneInQuarter};

/// One estimate of one city.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    /// What is estimated: programme and outcome.
    pub(crate) study: &'static str,
    /// How.
    pub(crate) way: &'static str,
    /// Whether it is the comparison that an evaluation must not make.
    pub(crate) is_naive: bool,
    /// The estimate.
    pub(crate) estimate: f64,
    /// Its 95 % interval.
    pub(crate) interval: [f64; 2],
    /// The effect in this city.
    pub(crate) truth: f64,
}

/// What a way of estimating made of many cities.
#[derive(Clone, Debug)]
pub(crate) struct Recovery {
    /// What is estimated.
    pub(crate) study: &'static str,
    /// How.
    pub(crate) way: &'static str,
    /// Whether it is the comparison that an evaluation must not make.
    pub(crate) is_naive: bool,
    /// Cities.
    pub(crate) cities: usize,
    /// The effect: the mean of the cities' own, so that the luck of one city is not in it.
    pub(crate) truth: f64,
    /// Mean of the estimates.
    pub(crate) mean: f64,
    /// Standard deviation of the estimates.
    pub(crate) spread: f64,
    /// Mean half width of the intervals over the normal quantile: the error that the method states.
    pub(crate) stated: f64,
    /// Intervals that cover.
    pub(crate) covered: usize,
}

impl Recovery {
    /// The share of intervals that cover, and its Monte Carlo error.
    pub(crate) fn coverage(&self) -> (f64, f64) {
        let share = self.covered as f64 / self.cities as f64;
        (share, (share * (1.0 - share) / self.cities as f64).sqrt())
    }

    /// The mean estimate less the truth, in Monte Carlo errors.
    pub(crate) fn bias_in_errors(&self) -> f64 {
        (self.mean - self.truth) / (self.spread / (self.cities as f64).sqrt())
    }
}

/// Gathers the shots of many cities, way by way, in the order of the first city.
pub(crate) fn gather(cities: &[Vec<Shot>]) -> Vec<Recovery> {
    let Some(first) = cities.first() else {
        return Vec::new();
    };
    let of = |shot: &Shot| {
        let own: Vec<&Shot> = cities
            .iter()
            .flatten()
            .filter(|own| own.study == shot.study && own.way == shot.way)
            .collect();
        let count = own.len() as f64;
        let mean =
            |value: &dyn Fn(&Shot) -> f64| own.iter().map(|own| value(own)).sum::<f64>() / count;
        let truth = mean(&|own| own.truth);
        let estimate = mean(&|own| own.estimate);
        let covers = |own: &&&Shot| own.interval[0] <= truth && truth <= own.interval[1];
        Recovery {
            study: shot.study,
            way: shot.way,
            is_naive: shot.is_naive,
            cities: own.len(),
            truth,
            mean: estimate,
            spread: (mean(&|own| (own.estimate - estimate).powi(2)) * count / (count - 1.0)).sqrt(),
            stated: mean(&|own| (own.interval[1] - own.interval[0]) / 2.0 / 1.959_963_984_540_054),
            covered: own.iter().filter(covers).count(),
        }
    };
    first.iter().map(of).collect()
}

/// A city of a seed, and every estimate of it.
pub(crate) fn city(residents: u32, seed: u64) -> Vec<Shot> {
    let request = wdl_synthetic::Request {
        residents,
        seed,
        clean: true,
    };
    let effects = City::live(request).expect("the size is in range").effects();
    let mut shots = rent_support(&effects);
    shots.extend(desks(&effects));
    shots.extend(accompaniment(&effects));
    shots
}

/// A table for the methods.
struct Table(Columns);

impl Table {
    fn new(rows: usize) -> Table {
        Table(Columns::new(rows))
    }

    /// A column that may be read as numbers and as names.
    fn with(mut self, name: &str, values: impl Iterator<Item = Option<f64>>) -> Table {
        let values: Vec<Option<f64>> = values.collect();
        let names: Vec<Option<String>> = values
            .iter()
            .map(|own| own.map(|own| own.to_string()))
            .collect();
        self.0 = self
            .0
            .with_labels(name, Labels::of(&names))
            .with_numbers(name, values);
        self
    }

    /// The estimate of a method under a name; the first when none is named.
    fn ask(&self, name: &str, estimate: Option<&str>, options: &[(&str, &str)]) -> Estimate {
        let method = method(name).expect("the method is in the catalog");
        let mut given = Given::default();
        for (option, value) in options {
            let values: Vec<&str> = value.split(',').filter(|own| !own.is_empty()).collect();
            given = given.with(option, &values);
        }
        let request =
            Request::new(method.options(), &given, &self.0).expect("the options are right");
        let answer = method.run(&request).expect("the city is large enough");
        let mut own = answer.estimates.into_iter();
        let found = match estimate {
            Some(wanted) => own.find(|own| own.name == wanted),
            None => own.next(),
        };
        found.expect("the method gives this estimate")
    }
}

fn shot(study: &'static str, way: &'static str, own: &Estimate, truth: f64) -> Shot {
    Shot {
        study,
        way,
        is_naive: way.starts_with("naive"),
        estimate: own.estimate,
        interval: own.interval.expect("inference is possible"),
        truth,
    }
}

fn flag(is: bool) -> Option<f64> {
    Some(f64::from(u8::from(is)))
}

/// The call whose money ends: the jump at the last application funded, beside the funded less the others.
///
/// The truth is the effect at the cut-off, which is larger or smaller than that on all the funded.
fn rent_support(effects: &Effects) -> Vec<Shot> {
    let rows = &effects.rent_support;
    let column =
        |of: &dyn Fn(&FundedCall) -> f64| rows.iter().map(|own| Some(of(own))).collect::<Vec<_>>();
    let table = Table::new(rows.len())
        .with("distance", column(&|own| own.distance).into_iter())
        .with("funded", rows.iter().map(|own| flag(own.is_funded)))
        .with(
            "household",
            column(&|own| f64::from(own.household)).into_iter(),
        )
        .with("aid_after", column(&FundedCall::grant).into_iter())
        .with("eviction_notice", column(&FundedCall::order).into_iter());
    let truths = effects.truths();
    let truth = |name: &str| {
        let found = truths.iter().find(|own| own.estimand == name);
        found
            .expect("there are applications near the cut-off")
            .effect
    };
    let mut shots = Vec::new();
    for (study, outcome, truth) in [
        (
            "rent support, aid in the year after (euro)",
            "aid_after",
            truth("aid_after_at_cutoff"),
        ),
        (
            "rent support, eviction order in two years (share)",
            "eviction_notice",
            truth("eviction_notice_at_cutoff"),
        ),
    ] {
        let options = [
            ("outcome", outcome),
            ("running", "distance"),
            ("cutoff", "0"),
            ("cluster", "household"),
            ("rho", "1"),
            ("variance", "cr3"),
        ];
        shots.push(shot(
            study,
            "rd, robust",
            &table.ask("rd", Some("robust"), &options),
            truth,
        ));
        let naive = [("outcome", outcome), ("treatment", "funded")];
        shots.push(shot(
            study,
            "naive: funded less not funded",
            &table.ask("difference", None, &naive),
            truth,
        ));
    }
    shots
}

/// The desks of the rioni: the mean effect on the quarters with a desk.
fn desks(effects: &Effects) -> Vec<Shot> {
    let study = "housing desks, orders for 1,000 renting households";
    let rows = &effects.desks;
    let truth = mean(
        rows.iter()
            .filter(|own| is_open(own))
            .map(RioneInQuarter::effect),
    );
    let table = panel(&rows.iter().collect::<Vec<_>>());
    let options = [
        ("outcome", "rate"),
        ("unit", "rione"),
        ("period", "quarter"),
        ("first-treated", "opened"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&options[..], more].concat();
    let did = with(&[("aggregation", "simple"), ("draws", "0")]);
    let mut shots = vec![
        shot(study, "did, rioni", &table.ask("did", None, &did), truth),
        shot(
            study,
            "imputation, rioni",
            &table.ask("imputation", Some("att"), &options),
            truth,
        ),
        shot(
            study,
            "sun-abraham, rioni",
            &table.ask("sun-abraham", Some("att"), &options),
            truth,
        ),
    ];
    let first = rows
        .iter()
        .filter_map(|own| own.opened)
        .min()
        .unwrap_or(u64::MAX);
    let since: Vec<&RioneInQuarter> = rows.iter().filter(|own| own.quarter >= first).collect();
    let adopters: Vec<&RioneInQuarter> = rows.iter().filter(|own| own.opened.is_some()).collect();
    let naive = [("outcome", "rate"), ("treatment", "open")];
    for (way, rows) in [
        ("naive: with a desk less without, same quarters", since),
        ("naive: after less before, same rioni", adopters),
    ] {
        shots.push(shot(
            study,
            way,
            &panel(&rows).ask("difference", None, &naive),
            truth,
        ));
    }
    let at_four = rows
        .iter()
        .filter(|own| own.opened.is_some_and(|from| own.quarter == from + 4));
    shots.push(shot(
        "housing desks, the same a year after opening",
        "event-study, rioni",
        &table.ask("event-study", Some("4"), &options),
        mean(at_four.map(RioneInQuarter::effect)),
    ));
    shots.push(sections(rows));
    shots
}

fn is_open(own: &RioneInQuarter) -> bool {
    own.opened.is_some_and(|from| from <= own.quarter)
}

fn panel(rows: &[&RioneInQuarter]) -> Table {
    let number = |rione: &str| rione.trim_start_matches('R').parse::<f64>().ok();
    Table::new(rows.len())
        .with("rate", rows.iter().map(|own| Some(own.rate())))
        .with("rione", rows.iter().map(|own| number(own.rione)))
        .with("quarter", rows.iter().map(|own| Some(own.quarter as f64)))
        .with(
            "opened",
            rows.iter().map(|own| own.opened.map(|own| own as f64)),
        )
        .with("open", rows.iter().map(|own| flag(is_open(own))))
}

/// Every renting household of every quarter as a row of its own: 1,000 with an order, 0 without.
///
/// The truth weighs as the method does: rioni of a cohort by their households, quarters of a cohort alike, cohorts by their rows.
fn sections(rows: &[RioneInQuarter]) -> Shot {
    let households: Vec<(&RioneInQuarter, f64)> = rows
        .iter()
        .flat_map(|own| {
            (0..own.renting).map(move |place| (own, if place < own.orders { 1_000.0 } else { 0.0 }))
        })
        .collect();
    let table = Table::new(households.len())
        .with("rate", households.iter().map(|own| Some(own.1)))
        .with(
            "quarter",
            households.iter().map(|own| Some(own.0.quarter as f64)),
        )
        .with(
            "opened",
            households
                .iter()
                .map(|own| own.0.opened.map(|own| own as f64)),
        );
    let options = [
        ("outcome", "rate"),
        ("period", "quarter"),
        ("first-treated", "opened"),
        ("sections", ""),
        ("aggregation", "simple"),
        ("draws", "0"),
    ];
    let mut cohorts: Vec<u64> = rows.iter().filter_map(|own| own.opened).collect();
    cohorts.sort_unstable();
    cohorts.dedup();
    let (mut sum, mut weight) = (0.0, 0.0);
    for cohort in cohorts {
        let of_cohort: Vec<&RioneInQuarter> = rows
            .iter()
            .filter(|own| own.opened == Some(cohort))
            .collect();
        let all: f64 = of_cohort.iter().map(|own| f64::from(own.renting)).sum();
        let mut quarters: Vec<u64> = of_cohort.iter().map(|own| own.quarter).collect();
        quarters.sort_unstable();
        quarters.dedup();
        for quarter in quarters.into_iter().filter(|own| *own >= cohort) {
            let now = of_cohort.iter().filter(|own| own.quarter == quarter);
            let (effect, renting) = now.fold((0.0, 0.0), |(effect, renting), own| {
                let of = f64::from(own.renting);
                (effect + of * own.effect(), renting + of)
            });
            sum += all * effect / renting;
            weight += all;
        }
    }
    shot(
        "housing desks, the same weighed by households",
        "did, households as sections",
        &table.ask("did", None, &options),
        sum / weight,
    )
}

/// The measure that people choose: the effect on those who joined, adjusted for what the bodies know.
///
/// The truth is that of everybody like those who joined: each effect weighed by the chance of joining.
fn accompaniment(effects: &Effects) -> Vec<Shot> {
    let study = "accompaniment to work, months worked in the year after";
    let rows = &effects.accompaniment;
    let chances: f64 = rows.iter().map(|own| own.chance).sum();
    let gains = rows
        .iter()
        .map(|own| own.chance * (own.months_with - own.months_without));
    let truth = gains.sum::<f64>() / chances;
    let column =
        |of: &dyn Fn(&Joiner) -> f64| rows.iter().map(|own| Some(of(own))).collect::<Vec<_>>();
    let table = Table::new(rows.len())
        .with("months", column(&Joiner::months).into_iter())
        .with("joined", rows.iter().map(|own| flag(own.joined)))
        .with("isee", column(&|own| own.isee).into_iter())
        .with("before", column(&|own| own.months_before).into_iter())
        .with("aided", rows.iter().map(|own| flag(own.is_aided)))
        .with("registered", rows.iter().map(|own| flag(own.is_registered)))
        .with("age", column(&|own| own.age).into_iter())
        .with("person", column(&|own| f64::from(own.person)).into_iter());
    let naive = [("outcome", "months"), ("treatment", "joined")];
    let adjusted = [
        ("outcome", "months"),
        ("treatment", "joined"),
        ("covariates", "isee,before,aided,registered,age"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&adjusted[..], more].concat();
    let att = |estimator| {
        with(&[
            ("estimator", estimator),
            ("estimand", "att"),
            ("cluster", "person"),
        ])
    };
    let dml = with(&[("model", "irm-atte"), ("cluster", "person")]);
    let nearest = with(&[("estimand", "att"), ("replace", "")]);
    vec![
        shot(
            study,
            "weight, doubly robust",
            &table.ask("weight", None, &att("aipw")),
            truth,
        ),
        shot(
            study,
            "weight, inverse propensity",
            &table.ask("weight", None, &att("ipw")),
            truth,
        ),
        shot(
            study,
            "weight, entropy",
            &table.ask("weight", None, &att("entropy")),
            truth,
        ),
        shot(
            study,
            "matching, nearest with replacement",
            &table.ask("matching", None, &nearest),
            truth,
        ),
        shot(
            study,
            "dml, interactive",
            &table.ask("dml", None, &dml),
            truth,
        ),
        shot(
            study,
            "naive: joined less not joined",
            &table.ask("difference", None, &naive),
            truth,
        ),
    ]
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}
