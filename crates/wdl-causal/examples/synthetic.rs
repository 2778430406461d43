//! Times synthetic control and synthetic difference-in-differences: `synthetic germany.csv prop99.csv`.
//!
//! The first file has the columns `country`, `year`, `gdp`, `trade`, `infrate`, `industry`, `schooling`, `invest80`; the second, with semicolons, `State`, `Year`, `PacksPerCapita`.

use std::error::Error;
use std::time::Instant;

use nalgebra::DMatrix;
use wdl_causal::synthetic::control::{Design, Predictors, Study};
use wdl_causal::synthetic::nested::Search;
use wdl_causal::synthetic::panel::Panel;
use wdl_causal::synthetic::sdid::{Adoption, Solver, estimate};
use wdl_causal::synthetic::sdid_error::{Variance, standard_error};
use wdl_causal::synthetic::{conformal, placebo, range};

type Answer<T> = Result<T, Box<dyn Error>>;

fn main() -> Answer<()> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [germany, prop99] = files.as_slice() else {
        return Err("synthetic germany.csv prop99.csv".into());
    };
    control(germany)?;
    did(prop99)
}

fn control(path: &str) -> Answer<()> {
    let table = Table::read(path, b',')?;
    let (panel, names) = table.panel("country", "year", "gdp")?;
    let decade: Vec<f64> = (1981..1991).map(f64::from).collect();
    let wanted = [
        ("gdp", decade.clone()),
        ("trade", decade.clone()),
        ("infrate", decade.clone()),
        ("industry", decade),
        ("schooling", vec![1980.0, 1985.0]),
        ("invest80", vec![1980.0]),
    ];
    let mut means = DMatrix::zeros(wanted.len(), names.len());
    for (row, (column, years)) in wanted.iter().enumerate() {
        for (unit, name) in names.iter().enumerate() {
            means[(row, unit)] = table.mean(column, ("country", name), ("year", years))?;
        }
    }
    let treated = place(&names, "West Germany")?;
    let design = Design {
        treated,
        donors: (0..names.len()).filter(|own| *own != treated).collect(),
        fit: panel.between(1960, 1990),
        post: panel.between(1991, 2003),
    };
    let study = Study::new(&panel, &design, Some(&Predictors(means)))?;
    let search = Search::default();
    let start = Instant::now();
    let fit = study.fit(&search)?;
    println!(
        "fit: {:?}, loss {}, floor {}, att {}, residual {:e}",
        start.elapsed(),
        fit.loss,
        fit.loss_floor,
        fit.att,
        fit.certificate.residual
    );
    if let Some(importance) = &fit.importance {
        println!(
            "  shares {:?}, {} fits tried",
            importance.shares, importance.evaluations
        );
    }
    for (donor, own) in fit
        .donors
        .iter()
        .zip(&fit.weights)
        .filter(|(_, own)| **own > 0.0)
    {
        println!("  {} {own:.5}", names[*donor]);
    }
    let start = Instant::now();
    let placebos = placebo::in_space(&study, &fit, &search, 5.0)?;
    println!(
        "placebos: {:?}, {} fits, p {}",
        start.elapsed(),
        placebos.placebos.len(),
        placebos.p_value
    );
    let start = Instant::now();
    let range = range::of_effect(&study, &fit, 0.02)?;
    println!(
        "range: {:?}, {} to {}, gap {:e}",
        start.elapsed(),
        range.lowest,
        range.highest,
        range.gap
    );
    let start = Instant::now();
    let intervals = conformal::intervals(&study, 0.9)?;
    println!("conformal: {:?}, p {}", start.elapsed(), intervals.p_value);
    Ok(())
}

fn did(path: &str) -> Answer<()> {
    let table = Table::read(path, b';')?;
    let (panel, names) = table.panel("State", "Year", "PacksPerCapita")?;
    let treated = place(&names, "California")?;
    let adoption = Adoption {
        treated: vec![treated],
        donors: (0..names.len()).filter(|own| *own != treated).collect(),
        start: panel.before(1989).len(),
    };
    for solver in [Solver::Compat, Solver::Exact] {
        let start = Instant::now();
        let own = estimate(&panel, &adoption, solver)?;
        let error = standard_error(
            &panel,
            &adoption,
            &own,
            Variance::Placebo {
                draws: 200,
                seed: 1,
            },
        )?;
        println!(
            "sdid {solver:?} with 200 placebos: {:?}, {} ({}), {} different fits",
            start.elapsed(),
            own.att,
            error.value,
            error.distinct
        );
        let start = Instant::now();
        let many = standard_error(
            &panel,
            &adoption,
            &own,
            Variance::Placebo {
                draws: 20_000,
                seed: 1,
            },
        )?;
        println!("  with 20,000: {:?}, {}", start.elapsed(), many.value);
    }
    Ok(())
}

fn place(names: &[String], name: &str) -> Answer<usize> {
    let found = names.iter().position(|own| own == name);
    found.ok_or_else(|| format!("there is no `{name}`").into())
}

struct Table {
    names: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    fn read(path: &str, delimiter: u8) -> Answer<Table> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_path(path)?;
        let names = reader.headers()?.iter().map(str::to_owned).collect();
        let rows = reader.records().collect::<Result<_, _>>()?;
        Ok(Table { names, rows })
    }

    fn cells(&self, name: &str) -> Answer<Vec<&str>> {
        let at = place(&self.names, name)?;
        Ok(self.rows.iter().map(|row| &row[at]).collect())
    }

    fn panel(&self, unit: &str, time: &str, outcome: &str) -> Answer<(Panel, Vec<String>)> {
        let mut names: Vec<String> = Vec::new();
        let mut units = Vec::new();
        for name in self.cells(unit)? {
            if !names.iter().any(|own| own == name) {
                names.push(name.to_owned());
            }
            units.push(place(&names, name)?);
        }
        let times: Vec<i64> = self
            .cells(time)?
            .iter()
            .map(|cell| cell.parse())
            .collect::<Result<_, _>>()?;
        let values: Vec<f64> = self
            .cells(outcome)?
            .iter()
            .map(|cell| cell.parse())
            .collect::<Result<_, _>>()?;
        Ok((Panel::from_rows(&units, &times, &values)?, names))
    }

    fn mean(&self, column: &str, unit: (&str, &str), time: (&str, &[f64])) -> Answer<f64> {
        let (units, times) = (self.cells(unit.0)?, self.cells(time.0)?);
        let cells = self.cells(column)?;
        let chosen: Vec<f64> = (0..cells.len())
            .filter(|at| units[*at] == unit.1)
            .filter(|at| {
                times[*at]
                    .parse()
                    .is_ok_and(|own: f64| time.1.contains(&own))
            })
            .filter_map(|at| cells[at].parse().ok())
            .collect();
        Ok(chosen.iter().sum::<f64>() / chosen.len() as f64)
    }
}
