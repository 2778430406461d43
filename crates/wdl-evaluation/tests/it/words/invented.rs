//! Small invented files, and every method asked so that it tells the most.

use crate::asked::File;

/// Numbers without a pattern, the same every time.
fn noise(seed: u64, count: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..count)
        .map(|_| (0..6).map(|_| next()).sum::<f64>() - 3.0)
        .collect()
}

/// People with an outcome, a treatment, covariates, groups, durations.
pub(super) fn people() -> File {
    let count = 240;
    let (x, z, u, v) = (
        noise(1, count),
        noise(2, count),
        noise(3, count),
        noise(4, count),
    );
    let of = |f: &dyn Fn(usize) -> f64| (0..count).map(f).collect::<Vec<f64>>();
    let d = of(&|at| f64::from(u8::from(0.5 * x[at] + v[at] > 0.0)));
    let i = of(&|at| f64::from(u8::from(z[at] + 0.5 * v[at] > 0.0)));
    let y = of(&|at| 2.0 + d[at] + 0.8 * x[at] + u[at]);
    let group: Vec<&str> = (0..count)
        .map(|at| ["north", "south", "east"][at % 3])
        .collect();
    File::default()
        .with("y", &y)
        .with("d", &d)
        .with("x", &x)
        .with("z", &z)
        .with("i", &i)
        .with("n", &of(&|at| (y[at] + 4.0).max(0.0).floor()))
        .with("group", &group)
        .with("pair", &of(&|at| (at / 2) as f64))
        .with("half", &of(&|at| (at % 2) as f64))
        .with("cluster", &of(&|at| (at % 8) as f64))
        .with("weight", &of(&|at| 1.0 + (at % 3) as f64))
        .with("time", &of(&|at| 1.0 + ((at * 7) % 12) as f64))
        .with("event", &of(&|at| f64::from(u8::from(at % 4 != 0))))
        .with("cause", &of(&|at| (at % 3) as f64))
}

/// Twelve units over eight periods, some treated from the fourth, some from the sixth.
pub(super) fn panel() -> File {
    let (units, periods) = (12_usize, 8_usize);
    let u = noise(5, units * periods);
    let mut columns: [Vec<String>; 5] = Default::default();
    for unit in 0..units {
        let first = match unit {
            0..=3 => Some(2004),
            4..=6 => Some(2006),
            _ => None,
        };
        for period in 0..periods {
            let year = 2001 + period;
            let is_treated = first.is_some_and(|first| year >= first);
            let only = unit == 0 && year >= 2006;
            let y = unit as f64
                + 0.3 * period as f64
                + f64::from(u8::from(is_treated))
                + 0.2 * u[unit * periods + period];
            let cells = [
                format!("unit {unit}"),
                year.to_string(),
                first.map_or(String::new(), |first| first.to_string()),
                y.to_string(),
                u8::from(only).to_string(),
            ];
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.push(cell);
            }
        }
    }
    let [unit, year, first, y, d] = columns;
    File::default()
        .with("unit", &unit)
        .with("year", &year)
        .with("first", &first)
        .with("y", &y)
        .with("d", &d)
        .with("p", &noise(6, units * periods))
}

fn series() -> File {
    let months: Vec<f64> = (1..=48).map(f64::from).collect();
    let u = noise(7, 48);
    let y: Vec<f64> = months
        .iter()
        .zip(&u)
        .map(|(month, u)| 10.0 + 0.1 * month + f64::from(u8::from(*month > 30.0)) + u)
        .collect();
    File::default()
        .with("month", &months)
        .with("y", &y)
        .with("other", &noise(8, 48))
}

fn coefficients() -> File {
    let covariance: Vec<f64> = vec![0.04; 4];
    let mut file = File::default()
        .with("at", &[-3, -2, 0, 1])
        .with("b", &[0.05, -0.03, 0.4, 0.5]);
    for column in 0..4 {
        let own: Vec<f64> = (0..4)
            .map(|row| covariance[row] * if row == column { 1.0 } else { 0.3 })
            .collect();
        file = file.with(["c0", "c1", "c2", "c3"][column], &own);
    }
    file
}

fn cases() -> File {
    File::default()
        .with("name", &["A", "B", "C", "D", "E"])
        .with("x", &["0.9", "0.8", "0.2", "0.1", "0.7"])
        .with("z", &["0.7", "0.1", "0.9", "0.3", "0.2"])
        .with("y", &["0.9", "0.9", "0.1", "0.2", "0.4"])
}

fn coders() -> File {
    File::default()
        .with("one", &[0, 1, 0, 0, 0, 0, 0, 0, 1, 0])
        .with("two", &[1, 1, 1, 0, 0, 1, 0, 0, 0, 0])
}

/// Options with their values.
pub(super) type Options = &'static [(&'static str, &'static str)];

/// A method, its file and its options.
pub(super) type Case = (&'static str, fn() -> File, Options);

/// Every method with what makes it tell the most.
pub(super) const ASKED: &[Case] = &[
    (
        "difference",
        people,
        &[("outcome", "y"), ("treatment", "d")],
    ),
    (
        "honest-did",
        coefficients,
        &[
            ("period", "at"),
            ("estimate", "b"),
            ("covariance", "c0,c1,c2,c3"),
        ],
    ),
    (
        "rosenbaum",
        people,
        &[("outcome", "y"), ("treatment", "half"), ("pair", "pair")],
    ),
    (
        "e-value",
        File::default,
        &[("estimate", "1.8"), ("lower", "1.2"), ("upper", "2.6")],
    ),
    (
        "robustness-value",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("covariates", "z"),
            ("benchmark", "x"),
        ],
    ),
    (
        "power",
        File::default,
        &[
            ("treated", "100"),
            ("others", "100"),
            ("effects", "0.2,0.5"),
        ],
    ),
    (
        "power",
        File::default,
        &[
            ("design", "proportions"),
            ("treated", "100"),
            ("others", "100"),
            ("base", "0.3"),
        ],
    ),
    (
        "placebo-power",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("treated", "3"),
            ("before", "4"),
            ("draws", "200"),
            ("effects", "1"),
        ],
    ),
    (
        "interrupted-series",
        series,
        &[
            ("outcome", "y"),
            ("period", "month"),
            ("start", "31"),
            ("cycle", "12"),
            ("waves", "1"),
            ("controls", "other"),
        ],
    ),
    (
        "cost",
        people,
        &[
            ("cost", "n"),
            ("outcome", "y"),
            ("treatment", "d"),
            ("worths", "1,2"),
            ("draws", "200"),
        ],
    ),
    (
        "cost",
        people,
        &[("cost", "n"), ("outcome", "z"), ("draws", "200")],
    ),
    (
        "rd",
        people,
        &[
            ("outcome", "y"),
            ("running", "x"),
            ("cutoff", "0"),
            ("treatment", "d"),
            ("cluster", "cluster"),
        ],
    ),
    (
        "rd-checks",
        people,
        &[
            ("outcome", "y"),
            ("running", "x"),
            ("cutoff", "0"),
            ("covariates", "z"),
            ("window", "0.5"),
        ],
    ),
    ("rd-density", people, &[("running", "x"), ("cutoff", "0")]),
    (
        "survival",
        people,
        &[
            ("time", "time"),
            ("event", "event"),
            ("group", "group"),
            ("horizon", "6"),
        ],
    ),
    (
        "survival",
        people,
        &[("time", "time"), ("event", "event"), ("horizon", "6")],
    ),
    (
        "cox",
        people,
        &[
            ("time", "time"),
            ("event", "event"),
            ("covariates", "x,d,group"),
            ("cluster", "cluster"),
        ],
    ),
    (
        "competing-risks",
        people,
        &[("time", "time"), ("cause", "cause")],
    ),
    (
        "discrete-hazard",
        people,
        &[("time", "time"), ("event", "event"), ("covariates", "x,d")],
    ),
    ("agreement", coders, &[("coders", "one,two")]),
    (
        "qca",
        cases,
        &[("outcome", "y"), ("conditions", "x,z"), ("case", "name")],
    ),
    (
        "sdid",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("treatment", "d"),
            ("draws", "20"),
        ],
    ),
    (
        "synthetic-control",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("treatment", "d"),
            ("predictors", "p"),
            ("ridge", ""),
            ("placebo-time", "2004"),
        ],
    ),
    (
        "did",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("first-treated", "first"),
            ("draws", "200"),
        ],
    ),
    (
        "did",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("first-treated", "first"),
            ("aggregation", "group"),
            ("draws", "200"),
        ],
    ),
    (
        "did",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("first-treated", "first"),
            ("aggregation", "calendar"),
            ("draws", "0"),
        ],
    ),
    (
        "bacon",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("first-treated", "first"),
        ],
    ),
    (
        "sun-abraham",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("first-treated", "first"),
        ],
    ),
    (
        "imputation",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("first-treated", "first"),
        ],
    ),
    (
        "two-stage",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("first-treated", "first"),
        ],
    ),
    (
        "event-study",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("first-treated", "first"),
            ("covariates", "p"),
        ],
    ),
    (
        "poisson",
        people,
        &[("outcome", "n"), ("treatment", "d"), ("covariates", "x")],
    ),
    (
        "regression",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d,z"),
            ("covariates", "x,group"),
            ("cluster", "cluster"),
        ],
    ),
    (
        "regression",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("instruments", "i"),
            ("fixed-effects", "group"),
        ],
    ),
    (
        "regression",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("cluster", "cluster"),
            ("bootstrap", "99"),
        ],
    ),
    (
        "matching",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("covariates", "x,z"),
            ("caliper", "1"),
        ],
    ),
    (
        "matching",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("covariates", "x,z"),
            ("estimator", "subclasses"),
        ],
    ),
    (
        "weight",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("covariates", "x,z"),
            ("trim", "0.05"),
        ],
    ),
    (
        "weight",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("covariates", "x,z"),
            ("estimator", "entropy"),
            ("estimand", "att"),
            ("cluster", "cluster"),
        ],
    ),
    (
        "dml",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("covariates", "x,z"),
            ("model", "irm-ate"),
            ("repeats", "2"),
        ],
    ),
    (
        "dml",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("covariates", "x,z"),
            ("model", "plr"),
        ],
    ),
    (
        "dml",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("covariates", "x"),
            ("model", "iivm"),
            ("instrument", "i"),
        ],
    ),
    (
        "heterogeneity",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("covariates", "x,z"),
            ("draws", "200"),
        ],
    ),
    (
        "policy-tree",
        people,
        &[
            ("outcome", "y"),
            ("treatment", "d"),
            ("covariates", "x,z"),
            ("cost", "0.5"),
        ],
    ),
    (
        "fine-gray",
        people,
        &[("time", "time"), ("cause", "cause"), ("covariates", "x,d")],
    ),
    (
        "lp-did",
        panel,
        &[
            ("outcome", "y"),
            ("unit", "unit"),
            ("period", "year"),
            ("first-treated", "first"),
            ("horizon", "1"),
        ],
    ),
];
