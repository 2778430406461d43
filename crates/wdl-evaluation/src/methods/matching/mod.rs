//! Matching the treated with others like them, the balance that is reached, and the effect among the matched.

mod effects;
pub(super) mod shared;

use std::collections::BTreeMap;

use wdl_causal::matching::{
    Cuts, Estimand, Mahalanobis, MatchError, Matched, Metric, Nearest, Neighbour, Order,
    Stratified, coarsened, mahalanobis, nearest, propensity, subclasses,
};
use wdl_vocab::Text;

use self::shared::{Groups, no_match, no_score, slices};
use crate::answer::{Cell, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::Covariate;

/// `matching`.
pub(super) struct Matching;

const OPTIONS: &[Opt] = &[
    shared::OUTCOME,
    shared::TREATMENT,
    shared::COVARIATES,
    Opt::new(
        "estimator",
        Kind::Choice(&["nearest", "mahalanobis", "subclasses", "coarsened", "exact"]),
        "come si abbina: il vicino per propensione, il vicino per distanza di Mahalanobis, classi di propensione, celle di covariate in classi, celle di valori uguali",
        "how people are matched: the nearest by propensity, the nearest by Mahalanobis distance, subclasses of the propensity, cells of coarsened covariates, cells of equal values",
    ),
    Opt::new(
        "estimand",
        Kind::Choice(&["att", "atc", "ate"]),
        "per chi si chiede l'effetto: trattati, non trattati, tutti; i vicini non danno ate",
        "for whom the effect is asked: the treated, those not treated, everybody; neighbours do not give ate",
    ),
    Opt::new(
        "ratio",
        Kind::Whole,
        "i compagni per ciascuno: 1 se non detto (vicini)",
        "the partners for each: 1 unless said (neighbours)",
    ),
    Opt::new(
        "replace",
        Kind::Flag,
        "un compagno può servire più volte (vicini)",
        "a partner may serve more than once (neighbours)",
    ),
    Opt::new(
        "order",
        Kind::Choice(&["largest", "smallest", "data", "random"]),
        "chi sceglie per primo: propensione più alta, più bassa, ordine del file, a caso; il file per mahalanobis se non detto (vicini)",
        "who chooses first: the largest propensity, the smallest, as the file stands, at random; as the file stands for mahalanobis unless said (neighbours)",
    ),
    Opt::new(
        "caliper",
        Kind::Real,
        "la massima differenza di propensione, in deviazioni standard (vicini)",
        "the largest difference of propensity, in standard deviations (neighbours)",
    ),
    Opt::new(
        "score",
        Kind::Choice(&["probability", "log-odds"]),
        "la scala della propensione per vicini e limite alla differenza",
        "the scale of the propensity for neighbours and their caliper",
    ),
    Opt::new(
        "within",
        Kind::LabelColumns,
        "le colonne in cui i compagni devono essere uguali (vicini)",
        "the columns in which partners must be equal (neighbours)",
    ),
    Opt::new(
        "neighbour",
        Kind::Choice(&["nearest", "below-first"]),
        "il vicino: il più vicino, o il primo sotto come fa MatchIt 4.5.1, solo per riprodurne le cifre (nearest)",
        "the neighbour: the nearest, or the first below as MatchIt 4.5.1 does, only to reproduce its figures (nearest)",
    ),
    Opt::new(
        "subclasses",
        Kind::Whole,
        "quante classi di propensione: 6 se non detto (subclasses)",
        "how many subclasses of the propensity: 6 unless said (subclasses)",
    ),
    Opt::new(
        "bins",
        Kind::Whole,
        "in quante classi di uguale ampiezza dividere ogni covariata; secondo Sturges se non detto (coarsened)",
        "in how many bins of one width to divide each covariate; by Sturges's rule unless said (coarsened)",
    ),
    shared::CLUSTER,
    shared::SEED,
    shared::LEVEL,
];

/// What only neighbours can be asked.
const OF_NEIGHBOURS: [&str; 7] = [
    "ratio",
    "replace",
    "order",
    "caliper",
    "score",
    "within",
    "neighbour",
];

impl Method for Matching {
    fn name(&self) -> &'static str {
        "matching"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Abbinamento di trattati e non trattati simili: vicini, classi, celle",
            "Matching of treated and others alike: neighbours, subclasses, cells",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[
            Rests::Whole { table: "balance" },
            Rests::Counted {
                table: "groups",
                names: 1,
                columns: &["rows"],
            },
            Rests::Counted {
                table: "subclasses",
                names: 1,
                columns: &["treated", "others"],
            },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        check(request)?;
        let groups = Groups::of(request)?;
        let estimand = shared::estimand(request.choice("estimand"));
        let found = Found::of(request, &groups, estimand)?;
        let mut kept = groups.kept.clone();
        found.count(&groups, &mut kept);
        let mut answer = Evaluation::new(self.name(), shared::told_estimand(estimand), kept);
        answer.opening.whom = Some(shared::told_whom(estimand));
        effects::effects(request, &groups, &found, estimand, &mut answer)?;
        shared::count_groups(&groups, found.weights(), &mut answer);
        let mut covariates = groups.all.clone();
        if let Some(score) = &found.propensity {
            covariates.insert(
                0,
                Covariate {
                    name: "propensity".to_owned(),
                    values: score.clone(),
                },
            );
        }
        let weights = found.weights();
        shared::tell_balance(
            &covariates,
            &groups.is_treated,
            weights,
            estimand,
            &mut answer,
        )?;
        shared::tell_sizes(
            &groups.is_treated,
            weights,
            found.propensity.as_deref(),
            &mut answer,
        );
        found.tell(&groups, estimand, &mut answer);
        if found.uses_models() {
            groups.tell_repeated(&mut answer);
        }
        shared::tell_assumptions(&mut answer);
        Ok(answer)
    }
}

/// Refuses options that the estimator would not look at, and values out of range.
fn check(request: &Request) -> Result<(), EvaluationError> {
    let estimator = request.choice("estimator");
    let not_with = |option: &'static str| {
        EvaluationError::options(
            option,
            format!("non con `--estimator {estimator}`"),
            format!("not with `--estimator {estimator}`"),
        )
    };
    let is_near = matches!(estimator, "nearest" | "mahalanobis");
    for option in OF_NEIGHBOURS {
        if request.has(option) && !is_near {
            return Err(not_with(option));
        }
    }
    for (option, of) in [
        ("subclasses", "subclasses"),
        ("bins", "coarsened"),
        ("neighbour", "nearest"),
    ] {
        if request.has(option) && estimator != of {
            return Err(not_with(option));
        }
    }
    if is_near && request.choice("estimand") == "ate" {
        return Err(EvaluationError::options(
            "estimand",
            "i vicini danno l'effetto per i trattati (att) o per i non trattati (atc)",
            "neighbours give the effect for the treated (att) or for those not treated (atc)",
        ));
    }
    for (option, least) in [("ratio", 1), ("subclasses", 2), ("bins", 1)] {
        if request.whole(option).is_some_and(|own| own < least) {
            return Err(EvaluationError::options(
                option,
                format!("almeno {least}"),
                format!("at least {least}"),
            ));
        }
    }
    if request.real("caliper").is_some_and(|own| own <= 0.0) {
        return Err(EvaluationError::options(
            "caliper",
            "deve essere maggiore di zero",
            "it must be above zero",
        ));
    }
    Ok(())
}

/// How people were matched.
enum Kinds {
    Neighbours {
        matched: Matched,
        distance: Option<Mahalanobis>,
    },
    Strata(Stratified),
}

/// The matched, with the score they were matched on.
struct Found {
    kinds: Kinds,
    /// The score on the scale asked for.
    score: Option<Vec<f64>>,
    propensity: Option<Vec<f64>>,
}

impl Found {
    fn of(
        request: &Request,
        groups: &Groups,
        estimand: Estimand,
    ) -> Result<Found, EvaluationError> {
        let is_treated = &groups.is_treated;
        let fault = |why: MatchError| no_match(&why, &groups.all);
        let estimator = request.choice("estimator");
        let cells = |cuts: Cuts| {
            let cuts = vec![cuts; groups.all.len()];
            let strata = coarsened(&slices(&groups.all), &cuts, is_treated, estimand);
            strata.map_err(fault).map(Found::in_cells)
        };
        match estimator {
            "exact" => return cells(Cuts::Exact),
            "coarsened" => {
                let bins = request.whole("bins").map(|own| own as usize);
                return cells(bins.map_or(Cuts::Automatic, Cuts::Bins));
            }
            _ => {}
        }
        let needs_score = estimator != "mahalanobis"
            || request.has("caliper")
            || matches!(request.word("order"), Some("largest" | "smallest"));
        let propensity = match needs_score {
            true => Some(probabilities(groups)?),
            false => None,
        };
        let score = propensity.as_ref().map(|own| scaled(request, own));
        let kinds = match estimator {
            "subclasses" => {
                let count = request.whole("subclasses").unwrap_or(6) as usize;
                let score = score.as_deref().unwrap_or_default();
                Kinds::Strata(subclasses(score, is_treated, count, estimand).map_err(fault)?)
            }
            _ => neighbours(request, groups, score.as_deref(), estimand)?,
        };
        Ok(Found {
            kinds,
            score,
            propensity,
        })
    }

    fn in_cells(strata: Stratified) -> Found {
        Found {
            kinds: Kinds::Strata(strata),
            score: None,
            propensity: None,
        }
    }

    fn weights(&self) -> &[f64] {
        match &self.kinds {
            Kinds::Neighbours { matched, .. } => &matched.weights,
            Kinds::Strata(strata) => &strata.weights,
        }
    }

    /// Whether a model or a distance took the covariates that do not repeat others.
    fn uses_models(&self) -> bool {
        self.propensity.is_some() || matches!(self.kinds, Kinds::Neighbours { .. })
    }

    /// Counts who is left out.
    fn count(&self, groups: &Groups, kept: &mut crate::answer::Kept) {
        match &self.kinds {
            Kinds::Neighbours { matched, .. } => {
                kept.leave_out(
                    matched.unmatched.len(),
                    "senza compagno: nessuno libero entro i limiti chiesti",
                    "without a partner: nobody free within the limits asked for",
                );
                kept.leave_out(
                    matched.unused.len(),
                    "dell'altro gruppo, non scelti da nessuno",
                    "of the other group, chosen by nobody",
                );
            }
            Kinds::Strata(strata) => {
                let of = |group: bool| {
                    let rows = strata.left_out.iter();
                    rows.filter(|row| groups.is_treated[**row] == group).count()
                };
                kept.leave_out(
                    of(true),
                    "trattati in celle senza non trattati",
                    "treated in cells without others",
                );
                kept.leave_out(
                    of(false),
                    "non trattati in celle senza trattati",
                    "others in cells without treated",
                );
            }
        }
    }

    /// Adds what is particular to the kind of matching.
    fn tell(&self, groups: &Groups, estimand: Estimand, answer: &mut Evaluation) {
        match &self.kinds {
            Kinds::Neighbours { matched, .. } => {
                answer.figure("pairs", matched.pairs.len());
                answer.figure("unmatched", matched.unmatched.len());
                answer.figure("short_of_partners", matched.short.len());
                answer.figure("caliper_width", matched.caliper_width);
                tell_unmatched(matched.unmatched.len(), answer);
            }
            Kinds::Strata(strata) => {
                answer.figure("strata", strata.count);
                if !strata.moved.is_empty() {
                    answer.figure("moved", strata.moved.len());
                    answer.note(
                        NoteKind::Convention,
                        "moved",
                        "una classe senza uno dei due gruppi prende la persona più vicina di una classe accanto, come MatchIt",
                        "a subclass without one of the groups takes the nearest person of one beside it, as MatchIt does",
                    );
                }
                let is_asked = |row: &&usize| match estimand {
                    Estimand::Att => groups.is_treated[**row],
                    Estimand::Atc => !groups.is_treated[**row],
                    Estimand::Ate | Estimand::Overlap => true,
                };
                tell_unmatched(strata.left_out.iter().filter(is_asked).count(), answer);
                if self.propensity.is_some() {
                    answer.tables.push(strata_table(strata, groups));
                }
            }
        }
    }
}

fn tell_unmatched(count: usize, answer: &mut Evaluation) {
    if count > 0 {
        answer.note(
            NoteKind::Warning,
            "estimand_of_the_matched",
            format!("{count} di quelli di cui si chiede l'effetto non hanno un compagno: la stima vale per gli altri"),
            format!("{count} of those whose effect is asked have no match: the estimate is for the others"),
        );
    }
}

fn strata_table(strata: &Stratified, groups: &Groups) -> Table {
    let sizes = strata.sizes(&groups.is_treated);
    let rows = sizes.iter().enumerate().map(|(at, (treated, others))| {
        let mean = |group: bool| -> Cell {
            let rows = (0..groups.outcome.len())
                .filter(|row| strata.strata[*row] == Some(at) && groups.is_treated[*row] == group);
            let (count, sum) = rows.fold((0.0, 0.0), |(count, sum), row| {
                (count + 1.0, sum + groups.outcome[row])
            });
            (count > 0.0).then_some(sum / count).into()
        };
        vec![
            (at + 1).into(),
            (*treated).into(),
            (*others).into(),
            mean(true),
            mean(false),
        ]
    });
    Table {
        key: "subclasses",
        title: Text::fixed(
            "Le classi, dalla propensione più bassa",
            "The subclasses, from the least propensity",
        ),
        columns: vec![
            ("subclass", Text::fixed("classe", "subclass")),
            ("treated", Text::fixed("trattati", "treated")),
            ("others", Text::fixed("altri", "others")),
            (
                "mean_treated",
                Text::fixed("esito medio trattati", "mean outcome treated"),
            ),
            (
                "mean_others",
                Text::fixed("esito medio altri", "mean outcome others"),
            ),
        ],
        rows: rows.collect(),
    }
}

fn probabilities(groups: &Groups) -> Result<Vec<f64>, EvaluationError> {
    let score = propensity(&slices(&groups.independent), &groups.is_treated, None)
        .map_err(|why| no_score(&why, &groups.independent))?;
    Ok(score.probabilities.iter().copied().collect())
}

fn scaled(request: &Request, propensity: &[f64]) -> Vec<f64> {
    match request.choice("score") {
        "log-odds" => propensity.iter().map(|p| (p / (1.0 - p)).ln()).collect(),
        _ => propensity.to_vec(),
    }
}

fn neighbours(
    request: &Request,
    groups: &Groups,
    score: Option<&[f64]>,
    estimand: Estimand,
) -> Result<Kinds, EvaluationError> {
    let is_treated = &groups.is_treated;
    let fault = |why: MatchError| no_match(&why, &groups.independent);
    let is_on_distance = request.choice("estimator") == "mahalanobis";
    let distance = match is_on_distance {
        true => Some(mahalanobis(&slices(&groups.independent), is_treated).map_err(fault)?),
        false => None,
    };
    let within = cells_within(request)?;
    let asked = Nearest {
        is_treated,
        score,
        metric: distance.as_ref().map_or(Metric::Score, Metric::Mahalanobis),
        estimand,
        ratio: request.whole("ratio").unwrap_or(1) as usize,
        with_replacement: request.has("replace"),
        order: match request.word("order") {
            Some("smallest") => Order::Smallest,
            Some("random") => Order::Random(request.whole("seed").unwrap_or(1)),
            Some("data") => Order::Data,
            None if is_on_distance => Order::Data,
            _ => Order::Largest,
        },
        caliper: request.real("caliper"),
        strata: within.as_deref(),
        neighbour: match request.choice("neighbour") {
            "below-first" => Neighbour::BelowFirst,
            _ => Neighbour::Nearest,
        },
    };
    let matched = nearest(asked).map_err(fault)?;
    Ok(Kinds::Neighbours { matched, distance })
}

/// The cells of the columns in which partners must be equal.
fn cells_within(request: &Request) -> Result<Option<Vec<usize>>, EvaluationError> {
    if !request.has("within") {
        return Ok(None);
    }
    let columns = request.sample()?.columns_of_labels("within");
    let rows = columns.first().map_or(0, |own| own.1.len());
    let mut places = BTreeMap::new();
    let cells = (0..rows).map(|row| {
        let key: Vec<u32> = columns.iter().map(|own| own.1[row]).collect();
        let next = places.len();
        *places.entry(key).or_insert(next)
    });
    Ok(Some(cells.collect()))
}
