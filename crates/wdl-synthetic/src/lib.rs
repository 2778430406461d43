//! A synthetic Modena with known truth: its people, homes, incomes and aid from 2017 to 2026, and each body's exports of it.
//!
//! Nobody in it exists.
//! The city is lived quarter by quarter, one module for each process, all parameters in the plan with their sources.
//! The same seed gives the same bytes, whatever the number of threads.
//! It must not know of deliveries, pseudonyms or indicators: it only writes what the bodies would export, and the truth apart.

mod accidents;
mod accompaniment;
mod aid;
mod calendar;
mod city;
mod demography;
mod desks;
mod effects;
mod errors;
mod evictions;
mod exports;
mod founding;
mod health;
mod housing;
mod income;
mod isee;
mod lists;
mod names;
mod people;
mod places;
mod plan;
mod random;
mod relief;
mod rent_support;
mod rows;
mod targets;
mod truth;
mod work;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use wdl_vocab::diagnostics::codes::synthetic as codes;
use wdl_vocab::{Diagnose, Diagnostic};

pub use city::City;
pub use effects::{Effects, FundedCall, Joiner, RioneInQuarter, TrueEffect};
pub use exports::Written;
pub use names::CANARIES;
pub use plan::Plan;
pub use targets::Target;

/// Residents of the smallest city that still has every group.
pub const SMALLEST: u32 = 500;
/// Residents of the largest city whose serials still fit.
pub const LARGEST: u32 = 1_000_000;

/// What city to make.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Residents, about; 185,000 is the size of Modena.
    pub residents: u32,
    /// The seed.
    pub seed: u64,
    /// Archives without errors.
    pub clean: bool,
}

/// A city cannot be made or written.
#[derive(Debug, thiserror::Error)]
pub enum SyntheticError {
    /// Too few or too many residents.
    #[error("a city has between {SMALLEST} and {LARGEST} residents, not {0}")]
    Residents(u32),
    /// A file cannot be written.
    #[error("`{file}` cannot be written")]
    Write {
        /// The folder or file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Diagnose for SyntheticError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            SyntheticError::Residents(value) => Diagnostic::new(codes::RESIDENTS)
                .with("value", value)
                .with("minimum", SMALLEST)
                .with("maximum", LARGEST),
            SyntheticError::Write { file, source } => Diagnostic::new(codes::UNWRITABLE)
                .with("file", file.display())
                .with("detail", source),
        }
    }
}

/// What was written.
#[derive(serde::Serialize)]
pub struct Report {
    /// The files of the bodies.
    pub exports: Vec<Written>,
    /// The files of the truth.
    pub truth: Vec<Written>,
    /// The targets and what the city has.
    pub targets: Vec<Target>,
}

impl City {
    /// Founds the city and lives it until the third quarter of 2026.
    ///
    /// # Errors
    /// When the number of residents is out of range.
    pub fn live(request: Request) -> Result<City, SyntheticError> {
        if !(SMALLEST..=LARGEST).contains(&request.residents) {
            return Err(SyntheticError::Residents(request.residents));
        }
        let mut city = founding::found(
            &Plan::MODENA,
            request.residents,
            request.seed,
            request.clean,
        );
        work::found(&mut city);
        income::found(&mut city);
        for quarter in calendar::quarters() {
            live_quarter(&mut city, quarter);
        }
        errors::plant(&mut city);
        errors::give_codes(&mut city);
        Ok(city)
    }

    /// The targets and what the city has.
    pub fn targets(&self) -> Vec<Target> {
        targets::all(self)
    }

    /// Writes exports, truth and targets into a folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Report, SyntheticError> {
        let failed = |file: &Path, source| SyntheticError::Write {
            file: file.to_owned(),
            source,
        };
        fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
        let exports = exports::write(self, folder)
            .map_err(|source| failed(&folder.join("exports"), source))?;
        let truth =
            truth::write(self, folder).map_err(|source| failed(&folder.join("truth"), source))?;
        let targets = self.targets();
        let file = folder.join("targets.json");
        let text = serde_json::to_string_pretty(&targets).expect("targets are plain data");
        fs::write(&file, text + "\n").map_err(|source| failed(&file, source))?;
        Ok(Report {
            exports,
            truth,
            targets,
        })
    }
}

/// The order of a quarter: people first, then work, homes, need, aid.
fn live_quarter(city: &mut City, quarter: calendar::Quarter) {
    demography::quarter(city, quarter);
    work::quarter(city, quarter);
    accidents::quarter(city, quarter);
    housing::quarter(city, quarter);
    evictions::quarter(city, quarter);
    lists::quarter(city, quarter);
    isee::quarter(city, quarter);
    aid::quarter(city, quarter);
    targets::observe(city, quarter);
    if quarter.ends_year() {
        rent_support::call(city, quarter.year);
        aid::municipal(city, quarter.year, quarter.last());
        accompaniment::year(city, quarter);
        if quarter.quarter == 4 {
            income::close_year(city, quarter.year);
            health::survey(city, quarter.year, quarter.last());
        }
    }
}
