//! The lab's year: the city, the keys, then quarter by quarter the bodies seal and the lab receives and builds; at the end the results leave.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;
use serde::Serialize;
use wdl_contract::Contracts;
use wdl_lab::cycle::{self, Offices};
use wdl_lab::{
    Asked, Desk, Home, Part, Stopped, agreement_file, certify, found, office_key, recipient_file,
    studies,
};
use wdl_protocol::{Custodian, Role};
use wdl_release::Context;
use wdl_vocab::{BodyId, Lang, Period};

use super::programs::{Programs, Service};
use crate::commands::build::show;
use crate::progress::Progress;

/// For how many days the bodies' keys are certified.
const CERTIFIED_DAYS: u32 = 731;

/// The city to invent.
pub(super) struct City {
    pub(super) residents: u32,
    pub(super) seed: u64,
    pub(super) is_clean: bool,
}

/// What the year came to.
#[derive(Default, Serialize)]
pub(super) struct Year {
    pub(super) accepted: usize,
    pub(super) refused: usize,
    pub(super) tables: usize,
    pub(super) hidden: u64,
    pub(super) entries: usize,
    pub(super) snapshot: String,
    pub(super) release: String,
    pub(super) seconds: f64,
    /// Seconds of each stage, in order.
    pub(super) stages: Vec<Stage>,
}

/// One stage with its time.
#[derive(Serialize)]
pub(super) struct Stage {
    name: String,
    seconds: f64,
}

/// The clock of the stages.
struct Clock<'a> {
    begun: Instant,
    last: Instant,
    lang: Lang,
    progress: &'a Progress,
    stages: Vec<Stage>,
}

impl Clock<'_> {
    fn done(&mut self, name: impl Into<String>, it: &str, en: &str) {
        let seconds = self.last.elapsed().as_secs_f64();
        self.last = Instant::now();
        let words = match self.lang {
            Lang::It => it,
            Lang::En => en,
        };
        let shown = self.lang.number(seconds, 1);
        self.progress.stage(&format!("{shown:>7} s  {words}"));
        self.stages.push(Stage {
            name: name.into(),
            seconds,
        });
    }
}

/// Everybody who takes part.
struct Cast {
    contracts: Contracts,
    programs: Programs,
    bodies: Vec<BodyId>,
    custodians: Vec<Service>,
    /// The same as the agreement names them, with their keys.
    agreed: Vec<Custodian>,
}

/// Runs the year.
pub(super) fn run(
    home: &Home,
    city: &City,
    lang: Lang,
    progress: &Progress,
) -> Result<Year, Stopped> {
    let now = Instant::now();
    let mut clock = Clock {
        begun: now,
        last: now,
        lang,
        progress,
        stages: Vec::new(),
    };
    let programs = Programs::beside(lang)?;
    invent(&programs, home, city)?;
    clock.done(
        "city",
        "la città inventata e le estrazioni degli enti",
        "the invented city and the exports of the bodies",
    );
    let keys = home.root().join("offices");
    let mut desk = found(home, &keys, Timestamp::now())?;
    let cast = cast(&mut desk, programs)?;
    clock.done(
        "keys",
        "le chiavi di laboratorio, enti, custodi e uffici",
        "the keys of lab, bodies, custodians and offices",
    );
    let mut year = Year::default();
    for period in periods(home, &cast)? {
        quarter(&mut desk, &cast, period, &mut year, &mut clock)?;
    }
    drop(cast);
    evaluate(&mut desk, &keys, &mut clock)?;
    leave(&mut desk, &keys, &mut year, &mut clock)?;
    year.entries = desk.ledger.entries().len();
    year.seconds = clock.begun.elapsed().as_secs_f64();
    year.stages = clock.stages;
    Ok(year)
}

fn invent(programs: &Programs, home: &Home, city: &City) -> Result<(), Stopped> {
    let out = home.root().join("city");
    let mut arguments: Vec<OsString> = vec![
        "--residents".into(),
        city.residents.to_string().into(),
        "--seed".into(),
        city.seed.to_string().into(),
        "--out".into(),
        out.into(),
    ];
    if city.is_clean {
        arguments.push("--clean".into());
    }
    programs.run("wdl-synthetic", &arguments)
}

/// Keys for every body and custodian, their public halves to the lab; the custodians then listen.
fn cast(desk: &mut Desk, programs: Programs) -> Result<Cast, Stopped> {
    let (home, lab) = (desk.home.clone(), desk.lab.clone());
    let (home, lab) = (&home, &lab);
    let contracts = Contracts::read(&home.lab())?;
    let public = home.of(Part::PublicKeys);
    let bodies: BTreeSet<BodyId> = contracts
        .iter()
        .map(|contract| contract.body.clone())
        .collect();
    for body in &bodies {
        let folder = body_folder(home, body);
        programs.run(
            "wdl-holder",
            &[
                OsString::from("init"),
                "--dir".into(),
                folder.clone().into(),
                "--body".into(),
                body.as_str().into(),
            ],
        )?;
        if let Some(known) = lab.body(body) {
            copy(
                &folder.join("verifying.pub"),
                &public.join(&known.verifying_key),
            )?;
        }
    }
    certify(desk, CERTIFIED_DAYS)?;
    let mut custodians = Vec::new();
    for custodian in &lab.custodians {
        let folder = home.root().join("custodians").join(custodian.id.as_str());
        programs.run(
            "wdl-keys",
            &[
                OsString::from("init"),
                "--dir".into(),
                folder.clone().into(),
                "--id".into(),
                custodian.id.as_str().into(),
                "--lab".into(),
                lab.id.as_str().into(),
                "--project".into(),
                lab.project.as_str().into(),
                "--key-period".into(),
                lab.key_period.as_str().into(),
            ],
        )?;
        copy(
            &folder.join("oprf.pub"),
            &public.join(&custodian.verifying_key),
        )?;
        custodians.push(programs.serve(
            "wdl-keys",
            &[
                OsString::from("serve"),
                "--dir".into(),
                folder.into(),
                "--bodies".into(),
                public.join("bodies").into(),
                "--agreement".into(),
                agreement_file(home).into(),
            ],
        )?);
    }
    Ok(Cast {
        contracts,
        programs,
        bodies: bodies.into_iter().collect(),
        custodians,
        agreed: lab.custodians.to_vec(),
    })
}

fn body_folder(home: &Home, body: &BodyId) -> PathBuf {
    home.root().join("bodies").join(body.as_str())
}

fn copy(from: &Path, to: &Path) -> Result<(), Stopped> {
    wdl_lab::write(to, &wdl_lab::read(from)?)
}

fn exports(home: &Home, body: &BodyId) -> PathBuf {
    home.root().join("city/exports").join(body.as_str())
}

/// The delivery periods that any body has exports for, in order.
fn periods(home: &Home, cast: &Cast) -> Result<Vec<Period>, Stopped> {
    let mut periods = BTreeSet::new();
    for body in &cast.bodies {
        for path in list(&exports(home, body))? {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if let Ok(period) = name.parse::<Period>() {
                periods.insert(period);
            }
        }
    }
    Ok(periods.into_iter().collect())
}

/// What a folder holds, sorted; nothing when it is not there.
fn list(folder: &Path) -> Result<Vec<PathBuf>, Stopped> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|fault| Stopped::file(folder, &fault))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn quarter(
    desk: &mut Desk,
    cast: &Cast,
    period: Period,
    year: &mut Year,
    clock: &mut Clock<'_>,
) -> Result<(), Stopped> {
    let files = seal_all(&desk.home, cast, period)?;
    let (it, en) = (period.label(Lang::It), period.label(Lang::En));
    clock.done(
        format!("seal {period}"),
        &format!(
            "{it}: gli enti controllano, pseudonimizzano e sigillano {} file",
            files.len()
        ),
        &format!(
            "{en}: the bodies check, pseudonymise and seal {} files",
            files.len()
        ),
    );
    desk.now = Timestamp::now();
    let progress = clock.progress;
    let turn = cycle::take_in(desk, &files, &mut |at| show(progress, &at))?;
    for reception in &turn.receptions {
        match &reception.outcome {
            Ok(_) => year.accepted += 1,
            Err(stopped) => {
                year.refused += 1;
                progress.stage(&stopped.diagnostic().render(clock.lang));
            }
        }
    }
    year.hidden = turn.built.hidden;
    year.snapshot = turn.built.snapshot.to_string();
    clock.done(
        format!("build {period}"),
        &format!(
            "{it}: il laboratorio riceve, collega e calcola {} partizioni",
            turn.built.computed
        ),
        &format!(
            "{en}: the lab receives, links and computes {} partitions",
            turn.built.computed
        ),
    );
    Ok(())
}

/// The bodies seal at the same time, as they would each in its own office; their files come in the order of the bodies.
fn seal_all(home: &Home, cast: &Cast, period: Period) -> Result<Vec<PathBuf>, Stopped> {
    let sealed: Vec<Result<Vec<PathBuf>, Stopped>> = std::thread::scope(|scope| {
        let begin = |body| scope.spawn(move || seal(home, cast, body, period));
        let offices: Vec<_> = cast.bodies.iter().map(begin).collect();
        let ends = offices.into_iter().map(|office| office.join());
        ends.map(|end| end.expect("an office's thread does not panic"))
            .collect()
    });
    let files: Result<Vec<Vec<PathBuf>>, Stopped> = sealed.into_iter().collect();
    Ok(files?.concat())
}

/// A body checks, pseudonymises and seals what it exported for a quarter.
fn seal(home: &Home, cast: &Cast, body: &BodyId, period: Period) -> Result<Vec<PathBuf>, Stopped> {
    let folder = exports(home, body).join(period.to_string());
    let known: BTreeSet<String> = cast
        .contracts
        .of_body(body)
        .map(|contract| contract.file_name())
        .collect();
    let is_known = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| known.contains(name.to_string_lossy().as_ref()))
    };
    let files: Vec<PathBuf> = list(&folder)?.into_iter().filter(is_known).collect();
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let dir = body_folder(home, body);
    let out = home.root().join("deliveries");
    let mut arguments: Vec<OsString> = vec!["seal".into()];
    arguments.extend(files.iter().map(OsString::from));
    let reports = dir.join("reports").join(period.to_string());
    for (option, value) in [
        ("--lab", home.lab().into_os_string()),
        ("--body", body.as_str().into()),
        ("--period", period.to_string().into()),
        ("--dir", dir.into_os_string()),
        ("--recipient", recipient_file(home).into_os_string()),
        ("--out", out.clone().into_os_string()),
        ("--reports", reports.into_os_string()),
    ] {
        arguments.extend([option.into(), value]);
    }
    for custodian in &cast.custodians {
        arguments.extend(["--custodian".into(), custodian.address.clone().into()]);
    }
    for custodian in &cast.agreed {
        let file = home.of(Part::PublicKeys).join(&custodian.verifying_key);
        arguments.extend([
            "--custodian-key".into(),
            format!("{}={}", custodian.id, file.display()).into(),
        ]);
    }
    cast.programs.run("wdl-holder", &arguments)?;
    let sealed = out.join(body.as_str()).join(period.to_string());
    let is_sealed = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "wdld");
    Ok(list(&sealed)?.into_iter().filter(is_sealed).collect())
}

/// The author states, registers and runs every study of the lab; one that the invented city is too small for is told, and stops nothing.
fn evaluate(desk: &mut Desk, keys: &Path, clock: &mut Clock<'_>) -> Result<(), Stopped> {
    let author = desk.lab.with_role(Role::Author).next();
    let author = office_key(keys, author.map_or("", |actor| actor.id.as_str()));
    let all = studies(&desk.home)?;
    let mut done = 0;
    for study in &all {
        desk.now = Timestamp::now();
        match cycle::evaluate(desk, &author, study.id.as_str()) {
            Ok(()) => done += 1,
            Err(stopped) => clock
                .progress
                .stage(&stopped.diagnostic().render(clock.lang)),
        }
    }
    if !all.is_empty() {
        clock.done(
            "studies",
            &format!("valutazioni dichiarate, registrate ed eseguite: {done}"),
            &format!("evaluations stated, registered and run: {done}"),
        );
    }
    Ok(())
}

/// The results leave: asked for by the author, reviewed by as many as the agreement wants, released and published by the data manager.
fn leave(
    desk: &mut Desk,
    keys: &Path,
    year: &mut Year,
    clock: &mut Clock<'_>,
) -> Result<(), Stopped> {
    let key_of = |role: Role| {
        let office = desk.lab.with_role(role).next();
        office_key(keys, office.map_or("", |actor| actor.id.as_str()))
    };
    let (data_manager, author) = (key_of(Role::DataManager), key_of(Role::Author));
    let reviewers: Vec<PathBuf> = desk
        .lab
        .with_role(Role::Reviewer)
        .map(|actor| office_key(keys, actor.id.as_str()))
        .collect();
    let offices = Offices {
        data_manager: &data_manager,
        author: &author,
        reviewers: &reviewers,
    };
    let progress = clock.progress;
    desk.now = Timestamp::now();
    let purposes = desk.lab.agreement.purposes.iter();
    let asked = Asked {
        context: Some(Context {
            purposes: purposes.map(|purpose| purpose.id.clone()).collect(),
            why: "Il quadro del trimestre: povertà, casa, aiuti, lavoro e salute in città."
                .to_owned(),
        }),
        ..Asked::default()
    };
    let (release, published) =
        cycle::let_out(desk, &offices, &asked, &mut |at| show(progress, &at))?;
    year.release = release.to_string();
    year.tables = published.tables;
    clock.done(
        "release and publication",
        &format!(
            "controllo, revisioni, rilascio e pubblicazione di {} tabelle",
            published.tables
        ),
        &format!(
            "check, reviews, release and publication of {} tables",
            published.tables
        ),
    );
    Ok(())
}
