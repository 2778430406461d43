//! What tries to prove a discontinuity wrong: placebo cut-offs, donuts, other bandwidths, jumps of covariates, chance within a window.

use wdl_causal::discontinuity::checks::{self, Varied};
use wdl_causal::discontinuity::design::{NoEstimate, Options, Rows};
use wdl_causal::discontinuity::estimate::{self as discontinuity, Estimate as Found};
use wdl_causal::discontinuity::randomisation::{self, RandomisationOptions};
use wdl_vocab::Text;

use super::rd;
use crate::answer::{Cell, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `rd-checks`.
pub(super) struct RdChecks;

const OPTIONS: &[Opt] = &[
    rd::options::OUTCOME,
    rd::options::RUNNING,
    rd::options::CUTOFF,
    rd::options::TREATMENT,
    rd::options::COVARIATES,
    rd::options::CLUSTER,
    rd::options::WEIGHTS,
    Opt::new(
        "placebos",
        Kind::Reals,
        "soglie finte, dove non dovrebbe succedere nulla: il quarto e i tre quarti delle righe di ogni lato, se non si dice altro",
        "cut-offs where nothing should happen: a quarter and three quarters of the rows of each side unless said",
    ),
    Opt::new(
        "donuts",
        Kind::Reals,
        "distanze dalla soglia entro cui le righe sono tolte: un ventesimo, un decimo e un quinto dell'ampiezza di banda, se non si dice altro",
        "distances from the cut-off within which rows are taken out: a twentieth, a tenth and a fifth of the bandwidth unless said",
    ),
    Opt::new(
        "shares",
        Kind::Reals,
        "quote dell'ampiezza di banda: 0.5, 0.75, 1, 1.25, 1.5, 2 se non si dice altro",
        "shares of the bandwidth: 0.5, 0.75, 1, 1.25, 1.5, 2 unless said",
    ),
    Opt::new(
        "window",
        Kind::Reals,
        "fin dove arriva la finestra della casualità locale: una distanza, o sotto e sopra la soglia",
        "how far the window of local randomisation reaches: one distance, or below and above the cut-off",
    ),
    Opt::new(
        "draws",
        Kind::Whole,
        "permutazioni nella finestra: 10000 se non si dice altro",
        "permutations within the window: 10000 unless said",
    ),
    Opt::new(
        "seed",
        Kind::Whole,
        "il seme delle permutazioni: 1 se non si dice altro",
        "the seed of the permutations: 1 unless said",
    ),
    rd::options::KERNEL,
    rd::options::DEGREE,
    rd::options::BIAS_DEGREE,
    rd::options::DERIVATIVE,
    rd::options::SELECTOR,
    rd::options::BANDWIDTH,
    rd::options::BIAS_BANDWIDTH,
    rd::options::RHO,
    rd::options::REGULARISATION,
    rd::options::VARIANCE,
    rd::options::NEIGHBOURS,
    rd::options::MASS_POINTS,
    rd::options::EFFECTIVE_MIN,
    rd::options::LEVEL,
];

impl Method for RdChecks {
    fn name(&self) -> &'static str {
        "rd-checks"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Discontinuità: soglie finte, righe vicine tolte, altre ampiezze di banda, salti delle covariate, casualità locale",
            "Regression discontinuity: placebo cut-offs, donuts, other bandwidths, jumps of covariates, local randomisation",
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
            Rests::Counted {
                table: "placebos",
                names: 1,
                columns: &["below", "above"],
            },
            Rests::Counted {
                table: "donuts",
                names: 1,
                columns: &["below", "above"],
            },
            Rests::Counted {
                table: "bandwidths",
                names: 1,
                columns: &["below", "above"],
            },
            Rests::Counted {
                table: "covariates",
                names: 1,
                columns: &["below", "above"],
            },
            Rests::Counted {
                table: "window",
                names: 1,
                columns: &["below", "above"],
            },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let options = rd::options::options(request)?;
        let design = rd::Design::of(request)?;
        let covariates = design.covariates();
        let rows = Rows {
            covariates: &[],
            ..design.rows(&covariates)
        };
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Effetto della regola su chi sta alla soglia, e le sue prove",
                "Effect of the rule on those at the cut-off, and its checks",
            ),
            design.sample.kept.clone(),
        );
        // A running variable of few values has no polynomial, and its window answers all the same.
        let window = window(request, &rows, &options)?;
        match discontinuity::estimate(&rows, &options) {
            Ok(found) => {
                answer.estimates = rd::estimates("", &found.effect, options.level);
                answer.about("per chi sta alla soglia", "for those at the cut-off");
                answer.tables = tables(request, &rows, &options, &found)?;
            }
            Err(why) if window.is_some() => {
                answer.note(
                    NoteKind::Warning,
                    "no_polynomial",
                    "una stima per polinomi qui non c'è: vale solo la finestra",
                    format!(
                        "there is no estimate by polynomials here ({why}): the window alone counts"
                    ),
                );
            }
            Err(why) => return Err(rd::told::fault(why)),
        }
        if !covariates.is_empty() && !answer.estimates.is_empty() {
            let all = design.rows(&covariates);
            let found = checks::covariate_balance(&all, &options);
            let names = design.covariates.iter().map(|own| own.name.clone());
            let lines = names
                .zip(&found)
                .map(|(name, found)| line(name.into(), found));
            answer.tables.push(table(
                "covariates",
                Text::fixed(
                    "Salti delle covariate alla soglia",
                    "Jumps of covariates at the cut-off",
                ),
                Text::fixed("covariata", "covariate"),
                lines.collect(),
            ));
        }
        answer.tables.extend(window);
        answer.note(
            NoteKind::Convention,
            "each_alone",
            "ogni riga è stimata da sé con la stessa ricetta, senza covariate; le soglie finte usano solo le righe del loro lato",
            "each line is estimated on its own with the same recipe, without covariates; placebo cut-offs use the rows of their side only",
        );
        answer.note(
            NoteKind::Warning,
            "many_tests",
            "tra venti prove una esce significativa al 5 % anche quando tutto va bene",
            "of twenty tests one is significant at 5 % even when all is well",
        );
        Ok(answer)
    }
}

fn tables(
    request: &Request,
    rows: &Rows<'_>,
    options: &Options,
    found: &Found,
) -> Result<Vec<Table>, EvaluationError> {
    let or = |option: &str, otherwise: Vec<f64>| match request.has(option) {
        true => request.reals(option),
        false => otherwise,
    };
    let placebos = or("placebos", quarters(rows.running, options.cutoff));
    let narrow = found.bandwidths.main[0].min(found.bandwidths.main[1]);
    let donuts = or("donuts", vec![0.05 * narrow, 0.1 * narrow, 0.2 * narrow]);
    let shares = or("shares", vec![0.5, 0.75, 1.0, 1.25, 1.5, 2.0]);
    let curve = checks::bandwidth_curve(rows, options, &shares).map_err(rd::told::fault)?;
    Ok(vec![
        varied(
            "placebos",
            Text::fixed("Soglie finte", "Placebo cut-offs"),
            Text::fixed("soglia", "cut-off"),
            &checks::placebo_cutoffs(rows, options, &placebos),
        ),
        varied(
            "donuts",
            Text::fixed("Senza le righe più vicine", "Without the nearest rows"),
            Text::fixed("distanza", "distance"),
            &checks::donuts(rows, options, &donuts),
        ),
        varied(
            "bandwidths",
            Text::fixed("Altre ampiezze di banda", "Other bandwidths"),
            Text::fixed("quota", "share"),
            &curve,
        ),
    ])
}

/// A quarter and three quarters of the rows of each side.
fn quarters(running: &[f64], cutoff: f64) -> Vec<f64> {
    let mut places = Vec::new();
    for is_above in [false, true] {
        let mut own: Vec<f64> = running
            .iter()
            .copied()
            .filter(|own| (*own >= cutoff) == is_above)
            .collect();
        own.sort_unstable_by(f64::total_cmp);
        let at = |part: usize| own.get(own.len() * part / 4).copied();
        places.extend([1, 3].into_iter().filter_map(at));
    }
    places
}

fn varied(key: &'static str, title: Text, first: Text, found: &[Varied]) -> Table {
    let lines = found.iter().map(|own| line(own.at.into(), &own.found));
    table(key, title, first, lines.collect())
}

fn table(key: &'static str, title: Text, first: Text, rows: Vec<Vec<Cell>>) -> Table {
    Table {
        key,
        title,
        columns: vec![
            ("at", first),
            ("estimate", Text::fixed("stima robusta", "robust estimate")),
            (
                "standard_error",
                Text::fixed("errore standard", "standard error"),
            ),
            ("p", Text::fixed("p", "p")),
            ("low", Text::fixed("da", "from")),
            ("high", Text::fixed("a", "to")),
            ("below", Text::fixed("righe sotto", "rows below")),
            ("above", Text::fixed("righe sopra", "rows above")),
            ("why", Text::fixed("perché non c'è", "why there is none")),
        ],
        rows,
    }
}

fn line(first: Cell, found: &Result<Found, NoEstimate>) -> Vec<Cell> {
    match found {
        Ok(found) => {
            let own = found.effect.robust;
            vec![
                first,
                own.value.into(),
                own.standard_error.into(),
                own.p.into(),
                own.interval[0].into(),
                own.interval[1].into(),
                found.effective[0].into(),
                found.effective[1].into(),
                Cell::None,
            ]
        }
        Err(why) => {
            let mut cells = vec![first];
            cells.resize(8, Cell::None);
            cells.push(rd::told::why(why));
            cells
        }
    }
}

/// Fisher's test within the window asked for.
fn window(
    request: &Request,
    rows: &Rows<'_>,
    options: &Options,
) -> Result<Option<Table>, EvaluationError> {
    let Some(window) = rd::options::pair(request, "window")? else {
        return Ok(None);
    };
    let draws = request.whole("draws").unwrap_or(10_000);
    if !(1..=1_000_000).contains(&draws) {
        return Err(EvaluationError::options(
            "draws",
            "da 1 a 1000000",
            "from 1 to 1000000",
        ));
    }
    let asked = RandomisationOptions {
        cutoff: options.cutoff,
        window,
        draws: draws as usize,
        seed: request.whole("seed").unwrap_or(1),
    };
    let found =
        randomisation::randomised(rows.running, rows.outcome, &asked).map_err(rd::told::fault)?;
    Ok(Some(Table {
        key: "window",
        title: Text::fixed(
            "Casualità locale: differenza dentro la finestra e prova di Fisher, senza pesi",
            "Local randomisation: difference within the window and Fisher's test, without weights",
        ),
        columns: vec![
            ("difference", Text::fixed("differenza", "difference")),
            ("p", Text::fixed("p", "p")),
            ("mean_below", Text::fixed("media sotto", "mean below")),
            ("mean_above", Text::fixed("media sopra", "mean above")),
            ("below", Text::fixed("righe sotto", "rows below")),
            ("above", Text::fixed("righe sopra", "rows above")),
            ("draws", Text::fixed("permutazioni", "permutations")),
        ],
        rows: vec![vec![
            found.difference.into(),
            found.p.into(),
            found.means[0].into(),
            found.means[1].into(),
            found.rows[0].into(),
            found.rows[1].into(),
            found.draws.into(),
        ]],
    }))
}
