//! The command line: words in, work done, words out.
//!
//! Standard output holds the answer, in text or as one JSON document; messages go to standard error.

mod args;
mod tell;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use wdl_contract::{Contract, Contracts};
use wdl_crypto::{Realm, Recipient};
use wdl_encoding::Recipe;
use wdl_protocol::Lab;
use wdl_vocab::{BodyId, Diagnose as _, Exit, Lang, Period};

use crate::body::{Body, VERIFYING_KEY};
use crate::check::{Checked, Terms, check};
use crate::error::HolderError;
use crate::report::{self, About, Rows, Shareable};
use crate::seal::{Custodian, HttpCustodian, SealedFile, Sealing, seal};
use args::{Format, Quarter, Verb};

/// Where the tool writes, and what it is told of the world.
pub struct Surroundings<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// The locale of the system, such as `it_IT.UTF-8`.
    pub locale: &'a str,
    /// The time, as RFC 3339.
    pub now: &'a str,
}

/// Runs one command; the answer is the number the process ends with.
pub fn run(arguments: Vec<OsString>, world: Surroundings<'_>) -> u8 {
    let lang = args::language(&arguments).unwrap_or_else(|| Lang::from_locale(world.locale));
    let command = match args::parse(arguments, lang) {
        Ok(command) => command,
        Err(args::Stop::Shown(text)) => {
            let _ = world.out.write_all(text.as_bytes());
            return Exit::Done.status();
        }
        Err(args::Stop::Wrong(diagnostic)) => {
            let _ = writeln!(world.err, "{}", diagnostic.render(lang));
            return diagnostic.code.exit.status();
        }
    };
    let mut desk = Desk {
        lang,
        format: command.format,
        world,
    };
    let outcome = match command.verb {
        Verb::Init { dir, body } => desk.init(&dir, &body),
        Verb::Check { quarter, reports } => desk.check(&quarter, &reports),
        Verb::Seal {
            quarter,
            dir,
            recipient,
            custodian,
            out,
            reports,
        } => desk.seal(&Sending {
            quarter,
            dir,
            recipient,
            custodians: custodian,
            out,
            reports,
        }),
    };
    match outcome {
        Ok(exit) => exit.status(),
        Err(error) => {
            for diagnostic in error.diagnostics() {
                let _ = writeln!(desk.world.err, "{}", diagnostic.render(lang));
            }
            error.diagnostic().code.exit.status()
        }
    }
}

/// What `seal` is asked to do.
struct Sending {
    quarter: Quarter,
    dir: PathBuf,
    recipient: PathBuf,
    custodians: Vec<String>,
    out: PathBuf,
    reports: Option<PathBuf>,
}

/// The lab as far as the holder needs it.
struct Ground {
    lab: Lab,
    contracts: Contracts,
    body: BodyId,
    period: Period,
}

impl Ground {
    fn read(quarter: &Quarter) -> Result<Ground, HolderError> {
        if matches!(quarter.period, Period::Year(_)) {
            return Err(HolderError::NotAQuarter(quarter.period));
        }
        let lab = Lab::read(&quarter.lab).map_err(HolderError::Lab)?;
        let body = lab
            .bodies
            .iter()
            .find(|body| body.id.as_str() == quarter.body)
            .map(|body| body.id.clone())
            .ok_or_else(|| HolderError::UnknownBody {
                body: quarter.body.clone(),
                known: lab.bodies.iter().map(|body| body.id.to_string()).collect(),
            })?;
        Ok(Ground {
            contracts: Contracts::read(&quarter.lab).map_err(HolderError::Contracts)?,
            lab,
            body,
            period: quarter.period,
        })
    }

    /// The contract of a file: its name says the dataset.
    fn contract(&self, file: &Path) -> Result<&Contract, HolderError> {
        let dataset = file
            .file_stem()
            .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let mine = || self.contracts.of_body(&self.body);
        mine()
            .find(|contract| contract.dataset.as_str() == dataset)
            .ok_or_else(|| HolderError::UnknownDataset {
                file: name(file),
                body: self.body.clone(),
                dataset,
                known: mine()
                    .map(|contract| contract.dataset.to_string())
                    .collect(),
            })
    }

    /// Checks every file, in their order.
    fn check(&self, files: &[PathBuf]) -> Result<Vec<(&Contract, Checked<'_>)>, HolderError> {
        let mut pairs: Vec<(&PathBuf, &Contract)> = Vec::new();
        for file in files {
            let contract = self.contract(file)?;
            if pairs
                .iter()
                .any(|(_, seen)| seen.dataset == contract.dataset)
            {
                return Err(HolderError::SameDataset(contract.dataset.clone()));
            }
            pairs.push((file, contract));
        }
        pairs
            .into_par_iter()
            .map(|(file, contract)| {
                let terms = Terms::alone(contract, self.contracts.lists(), self.period);
                Ok((contract, check(file, terms)?))
            })
            .collect()
    }

    fn about<'a>(&self, contract: &'a Contract) -> About<'a> {
        About {
            contract,
            period: self.period,
            synthetic: self.lab.synthetic,
            comparisons: &[],
        }
    }
}

/// The name of a file without its folder.
fn name(file: &Path) -> String {
    file.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// One run of the tool.
struct Desk<'a> {
    lang: Lang,
    format: Format,
    world: Surroundings<'a>,
}

/// The answer of `check` and `seal`.
#[derive(Serialize)]
struct Answer {
    files: Vec<Shareable>,
    reports: Vec<PathBuf>,
    sealed: Vec<SealedFile>,
}

/// The answer of `init`.
#[derive(Serialize)]
struct Made {
    body: BodyId,
    directory: PathBuf,
    verifying_key: PathBuf,
}

impl Desk<'_> {
    fn init(&mut self, dir: &Path, body: &str) -> Result<Exit, HolderError> {
        let id = BodyId::parse(body).map_err(|_| HolderError::UnknownBody {
            body: body.chars().take(60).collect(),
            known: Vec::new(),
        })?;
        Body::init(dir, &id)?;
        let made = Made {
            body: id,
            directory: dir.to_owned(),
            verifying_key: dir.join(VERIFYING_KEY),
        };
        match self.format {
            Format::Json => self.json(&made),
            Format::Text => self.say_made(&made),
        }
        Ok(Exit::Done)
    }

    fn check(&mut self, quarter: &Quarter, reports: &Path) -> Result<Exit, HolderError> {
        let ground = Ground::read(quarter)?;
        let checked = ground.check(&quarter.files)?;
        let answer = self.tell_checks(&ground, &checked, Some(reports))?;
        self.finish(&answer);
        match checked.iter().all(|(_, checked)| checked.is_sealable()) {
            true => Ok(Exit::Done),
            false => Ok(Exit::ChecksFailed),
        }
    }

    fn seal(&mut self, sending: &Sending) -> Result<Exit, HolderError> {
        let ground = Ground::read(&sending.quarter)?;
        let body = Body::open(&sending.dir, &ground.body)?;
        let recipient =
            Recipient::read(&sending.recipient).map_err(|source| HolderError::Recipient {
                path: sending.recipient.clone(),
                source,
            })?;
        let custodians = sending
            .custodians
            .iter()
            .map(|address| HttpCustodian::new(address, None))
            .collect::<Result<Vec<_>, _>>()?;
        let custodians: Vec<&dyn Custodian> =
            custodians.iter().map(|one| one as &dyn Custodian).collect();
        let checked = ground.check(&sending.quarter.files)?;
        let mut answer = self.tell_checks(&ground, &checked, sending.reports.as_deref())?;
        let recipes = Recipe::read_all(&sending.quarter.lab).map_err(HolderError::Recipes)?;
        let contracts: Vec<&Contract> = ground.contracts.of_body(&ground.body).collect();
        let bar = tell::Bar::new(self.lang);
        let outcome = seal(
            checked,
            &Sealing {
                body: &body,
                realm: &realm(&ground.lab),
                period: ground.period,
                recipient: &recipient,
                custodians: &custodians,
                custodian_names: &ground
                    .lab
                    .custodians
                    .each_ref()
                    .map(|one| one.id.to_string()),
                contracts: &contracts,
                recipes: &recipes,
                only_accepted: false,
                manners: &BTreeMap::new(),
                out: &sending.out,
                created: self.world.now,
                progress: &bar,
            },
        );
        bar.finish();
        if let Ok(sealed) = &outcome {
            answer.sealed.clone_from(sealed);
            self.tell_sealed(sealed);
        }
        self.finish(&answer);
        outcome.map(|_| Exit::Done)
    }

    /// Writes the reports and says what was found.
    fn tell_checks(
        &mut self,
        ground: &Ground,
        checked: &[(&Contract, Checked<'_>)],
        reports: Option<&Path>,
    ) -> Result<Answer, HolderError> {
        let mut answer = Answer {
            files: Vec::new(),
            reports: Vec::new(),
            sealed: Vec::new(),
        };
        for (contract, checked) in checked {
            let about = ground.about(contract);
            let shareable = Shareable::of(about, checked);
            self.tell_check(&checked.file, &shareable, &checked.findings);
            answer.files.push(shareable);
            if let Some(folder) = reports {
                let written = report::write(folder, about, checked, &Rows::default())?;
                self.tell_reports(&written);
                answer.reports.extend(written);
            }
        }
        Ok(answer)
    }

    fn finish(&mut self, answer: &Answer) {
        if self.format == Format::Json {
            self.json(answer);
        }
    }

    fn json(&mut self, value: &impl Serialize) {
        let text = serde_json::to_string_pretty(value).expect("an answer is plain JSON");
        let _ = writeln!(self.world.out, "{text}");
    }
}

/// The realm of the lab's pseudonyms.
fn realm(lab: &Lab) -> Realm {
    Realm::new(
        lab.id.as_str(),
        lab.project.as_str(),
        lab.key_period.as_str(),
    )
    .expect("the ids of a lab share the alphabet of a realm")
}
