//! Whether people bunch on one side of a cut-off: the density of the running variable.

use wdl_causal::discontinuity::density::{self, DensityOptions, Model};
use wdl_causal::discontinuity::design::Whose;
use wdl_vocab::Text;

use super::rd;
use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `rd-density`.
pub(super) struct RdDensity;

const OPTIONS: &[Opt] = &[
    rd::options::RUNNING,
    rd::options::CUTOFF,
    rd::options::KERNEL,
    Opt::new(
        "degree",
        Kind::Whole,
        "il grado del polinomio che sceglie l'ampiezza di banda, da 1 a 4: 2 se non si dice altro",
        "the degree of the polynomial that chooses the bandwidth, from 1 to 4: 2 unless said",
    ),
    Opt::new(
        "model",
        Kind::Choice(&["unrestricted", "restricted"]),
        "se i due lati hanno in comune tutto tranne la densità",
        "whether the two sides share all but the density",
    ),
    rd::options::BANDWIDTH,
];

impl Method for RdDensity {
    fn name(&self) -> &'static str {
        "rd-density"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Discontinuità: se la densità della variabile che decide salta alla soglia",
            "Regression discontinuity: whether the density of the running variable jumps at the cut-off",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Measure
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Counted {
            table: "sides",
            names: 1,
            columns: &["effective"],
        }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let sample = request.sample()?;
        let running = sample.numbers("running").unwrap_or_default();
        let degree = request.whole("degree").unwrap_or(2);
        let options = DensityOptions {
            degree: usize::try_from(degree)
                .ok()
                .filter(|own| (1..=4).contains(own))
                .ok_or_else(|| {
                    EvaluationError::options("degree", "va da 1 a 4", "it goes from 1 to 4")
                })?,
            kernel: rd::options::kernel(request),
            model: match request.choice("model") {
                "restricted" => Model::Restricted,
                _ => Model::Unrestricted,
            },
            bandwidths: rd::options::pair(request, "bandwidth")?,
            ..DensityOptions::at(request.real("cutoff").unwrap_or_default())
        };
        let found = density::density(&running, &options).map_err(rd::told::fault)?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Salto della densità della variabile che decide alla soglia",
                "Jump of the density of the running variable at the cut-off",
            ),
            sample.kept,
        );
        let jump = found.densities[1] - found.densities[0];
        let error = jump / found.t;
        answer.estimates.push(Estimate::with_error(
            "jump of density",
            jump,
            error,
            None,
            0.95,
        ));
        answer.figure("t", found.t);
        answer.figure("p", found.p);
        answer.tables.push(sides(&found));
        answer.note(
            NoteKind::Assumption,
            "no_manipulation",
            "una densità che salta dice che qualcuno sceglie da che parte stare; una che non salta non prova il contrario",
            "a density that jumps says that some choose their side; one that does not is no proof of the contrary",
        );
        if found.has_ties {
            answer.note(
                NoteKind::Warning,
                "ties",
                "più righe hanno lo stesso valore: la funzione di ripartizione sale a scalini e la prova ne tiene conto",
                "rows share values: the distribution function climbs in steps, and the test allows for it",
            );
        }
        Ok(answer)
    }
}

fn sides(found: &density::DensityTest) -> Table {
    let row = |at: usize| -> Vec<Cell> {
        vec![
            rd::told::side(Whose::BOTH[at]),
            found.rows[at].into(),
            found.effective[at].into(),
            found.bandwidths[at].into(),
            found.densities[at].into(),
            found.standard_errors[at].into(),
        ]
    };
    Table {
        key: "sides",
        title: Text::fixed("I due lati della soglia", "The two sides of the cut-off"),
        columns: vec![
            ("side", Text::fixed("lato", "side")),
            ("rows", Text::fixed("righe", "rows")),
            (
                "effective",
                Text::fixed("righe che contano", "rows that count"),
            ),
            ("bandwidth", Text::fixed("ampiezza di banda", "bandwidth")),
            (
                "density",
                Text::fixed("densità alla soglia", "density at the cut-off"),
            ),
            (
                "standard_error",
                Text::fixed("errore standard", "standard error"),
            ),
        ],
        rows: vec![row(0), row(1)],
    }
}
