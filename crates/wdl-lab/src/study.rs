//! Evaluation studies: planned without their outcome, registered, run, and their results among the others.
//!
//! What was registered and what a run gave stand in `state/studies/`, one file each; the record names each by its digest.
//! A file that no entry names is inert; one that an entry names and that is not as it was stops what needs it.

use serde::Serialize;
use wdl_base::Snapshot;
use wdl_disclosure::Checked;
use wdl_frame::{Scope, Sql};
use wdl_ledger::{Act, Entry, verify};
use wdl_protocol::{Act as Permission, Lab};
use wdl_register::Accepted;
use wdl_result::Table;
use wdl_study::{Context, Planned, Protected, Ran, Registration, Studies, Study, deviations};
use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnostic, Digest, StudyId, Text};

use crate::build::{CODE_VERSION, latest, nothing_built};
use crate::desk::{Desk, Done, known_keys};
use crate::home::Part;
use crate::office::Secrets;
use crate::receive::accepted;
use crate::results::{data_date, key_inputs, sources};
use crate::{Home, Stopped, read, write};

/// A study of the lab, and how far it has come.
#[derive(Clone, Debug, Serialize)]
pub struct StudyState {
    /// Its id.
    pub id: StudyId,
    /// Its title.
    pub title: Text,
    /// The method of its design, with its version.
    pub method: String,
    /// When it was registered, RFC 3339.
    pub registered: Option<String>,
    /// The digest of what was registered.
    pub digest: Option<Digest>,
    /// Words of it that are not as they were registered.
    pub deviations: usize,
    /// When it was last run, RFC 3339.
    pub run: Option<String>,
    /// Whether an outcome of it was read before it was registered.
    pub read_before: bool,
}

/// What a registration states, before or after it is made.
#[derive(Clone, Debug, Serialize)]
pub struct Registered {
    /// The study.
    pub study: StudyId,
    /// The digest that the record keeps.
    pub digest: Digest,
    /// The methods with their versions.
    pub methods: Vec<String>,
}

/// What the record says of a study.
struct History<'e> {
    registrations: Vec<&'e Entry>,
    /// Runs that were done, each with whether the study was registered.
    runs: Vec<(&'e Entry, bool)>,
}

impl<'e> History<'e> {
    fn of(entries: &'e [Entry], study: &StudyId) -> History<'e> {
        let mut history = History {
            registrations: Vec::new(),
            runs: Vec::new(),
        };
        for entry in entries.iter().filter(|entry| entry.outcome.is_done()) {
            match &entry.act {
                Act::StudyRegistered { study: Some(own) } if own == study => {
                    history.registrations.push(entry);
                }
                Act::StudyRun {
                    study: Some(own),
                    registered: Some(is_registered),
                    ..
                } if own == study => history.runs.push((entry, *is_registered)),
                _ => {}
            }
        }
        history
    }

    fn is_read_before(&self) -> bool {
        self.runs.iter().any(|(_, is_registered)| !is_registered)
    }
}

/// Every study of the lab, and how far each has come; nobody needs to act for it, and nothing is recorded.
///
/// # Errors
/// [`Stopped`] when a study's file is wrong, or the lab does not keep what was registered.
pub fn studies(home: &Home) -> Result<Vec<StudyState>, Stopped> {
    let studies = Studies::read(&home.lab())?;
    let lab = Lab::read(&home.lab())?;
    // A lab that was not founded yet has studies and no record.
    let record = match known_keys(home, &lab) {
        Ok(keys) => Some(verify(&home.of(Part::Ledger), &keys)?),
        Err(_) => None,
    };
    let entries = record.as_ref().map_or(&[][..], |record| record.entries());
    let state = |study: &Study| {
        let history = History::of(entries, study.id());
        let registration = registration(home, study, &history)?;
        let at = history.registrations.last();
        Ok(StudyState {
            id: study.id().clone(),
            title: study.title().clone(),
            method: study.method(),
            registered: at.map(|entry| entry.time.to_string()),
            digest: registration.as_ref().map(Registration::digest),
            deviations: registration.map_or(0, |own| deviations(&own, study, CODE_VERSION).len()),
            run: history.runs.last().map(|(entry, _)| entry.time.to_string()),
            read_before: history.is_read_before(),
        })
    };
    studies.list().iter().map(state).collect()
}

/// The id of a study, for an act that is recorded whether or not the lab has it.
fn named(studies: &Result<Studies, wdl_study::StudyError>, name: &str) -> Option<StudyId> {
    let study = studies.as_ref().ok()?.get(name).ok()?;
    Some(study.id().clone())
}

fn found<'s>(
    studies: &'s Result<Studies, wdl_study::StudyError>,
    name: &str,
) -> Result<&'s Study, Stopped> {
    match studies {
        Ok(all) => Ok(all.get(name)?),
        Err(fault) => Err(Stopped::new(wdl_vocab::Diagnose::diagnostic(fault))),
    }
}

/// Reads the design of a study without its outcome: who is compared, the least effect it could see, tests of the design.
///
/// # Errors
/// [`Stopped`] when the office may not, nothing is built, or the design does not give what the study reads.
pub fn plan_study(desk: &mut Desk, name: &str) -> Result<Planned, Stopped> {
    let studies = Studies::read(&desk.home.lab());
    let act = Act::StudyPlanned {
        study: named(&studies, name),
    };
    desk.act(Permission::RunStudy, act.clone(), |desk| {
        let study = found(&studies, name)?;
        let snapshot = standing(desk)?;
        let scopes = scopes(study, &snapshot, &[study.frame()])?;
        let sources = sources_of(desk, study, &snapshot, &[study.frame()]);
        let rule = desk.lab.disclosure.for_table(&sources, &[]);
        let planned = wdl_study::plan(study, &scopes, rule.minimum_frequency.get())?;
        Ok(Done {
            value: planned,
            act,
            object: None,
        })
    })
}

/// What a registration would state; nothing is recorded.
///
/// # Errors
/// [`Stopped`] when there is no such study, or its file is wrong.
pub fn look_registration(home: &Home, name: &str) -> Result<Registered, Stopped> {
    let studies = Studies::read(&home.lab())?;
    Ok(told(&Registration::of(studies.get(name)?, CODE_VERSION)))
}

fn told(registration: &Registration) -> Registered {
    Registered {
        study: registration.study.clone(),
        digest: registration.digest(),
        methods: registration.methods.clone(),
    }
}

/// Registers a study: its digest enters the record, and its words are kept.
///
/// # Errors
/// [`Stopped`] when the office may not, its outcome was read already, or it is registered as it stands.
pub fn register_study(desk: &mut Desk, name: &str) -> Result<Registered, Stopped> {
    let studies = Studies::read(&desk.home.lab());
    let act = Act::StudyRegistered {
        study: named(&studies, name),
    };
    desk.act(Permission::RunStudy, act.clone(), |desk| {
        let study = found(&studies, name)?;
        let history = History::of(desk.ledger.entries(), study.id());
        let new = Registration::of(study, CODE_VERSION);
        let digest = new.digest();
        let is_same = history.registrations.last().and_then(|own| own.object) == Some(digest);
        let refused = match (history.runs.is_empty(), is_same) {
            (false, _) => Some(Text::fixed(
                "il suo esito è già stato letto",
                "its outcome was read already",
            )),
            (true, true) => Some(Text::fixed(
                "lo è già, così com'è",
                "it is already, as it stands",
            )),
            (true, false) => None,
        };
        if let Some(detail) = refused {
            let already = Diagnostic::new(codes::STUDY_ALREADY).with("name", study.id());
            return Err(Stopped::new(already.with_words("detail", &detail)));
        }
        write(&file(&desk.home, &digest), &new.bytes())?;
        Ok(Done {
            value: told(&new),
            act,
            object: Some(digest),
        })
    })
}

/// How a study is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Only when it is registered.
    Refuse,
    /// Also when it is not; every page of it will say so.
    Allow,
}

/// Runs a study on the snapshot that stands: the outcome is read, its tables are made, protected and kept.
///
/// # Errors
/// [`Stopped`] when the office may not, the study is not registered, or its queries or methods give no answer.
pub fn run_study(desk: &mut Desk, name: &str, before: Before) -> Result<Protected, Stopped> {
    let studies = Studies::read(&desk.home.lab());
    let id = named(&studies, name);
    let tried = Act::StudyRun {
        study: id.clone(),
        registered: None,
        snapshot: None,
    };
    desk.act(Permission::RunStudy, tried, |desk| {
        let study = found(&studies, name)?;
        let history = History::of(desk.ledger.entries(), study.id());
        let registration = registration(&desk.home, study, &history)?;
        let is_registered = registration.is_some();
        if !is_registered && before == Before::Refuse {
            let refused = Diagnostic::new(codes::STUDY_NOT_REGISTERED);
            return Err(Stopped::new(refused.with("name", study.id())));
        }
        let snapshot = standing(desk)?;
        let queries = [study.frame(), study.outcomes()];
        let scopes = scopes(study, &snapshot, &queries)?;
        let at = history.registrations.last();
        let sources = sources_of(desk, study, &snapshot, &queries);
        let rule = desk.lab.disclosure.for_table(&sources, &[]);
        let context = Context {
            synthetic: desk.lab.synthetic,
            data_date: data_date(desk.ledger.entries()),
            code_version: CODE_VERSION.to_owned(),
            snapshot: snapshot.id().clone(),
            inputs: inputs(study, &snapshot, &queries),
            on: desk.now.to_string(),
            registration: registration
                .zip(at)
                .map(|(own, entry)| (own, entry.time.to_string(), entry.sequence)),
            is_read_before: history.is_read_before(),
            smallest_group: rule.minimum_frequency.get(),
        };
        let mut ran = wdl_study::run(study, &scopes, &context)?;
        key_inputs(&mut ran.tables, &Secrets::read(&desk.home)?);
        let bytes = serde_json::to_vec(&ran).expect("a run is numbers and text");
        let digest = Digest::of(&bytes);
        write(&file(&desk.home, &digest), &bytes)?;
        let value = protected(desk, study, ran)?;
        Ok(Done {
            value,
            act: Act::StudyRun {
                study: id,
                registered: Some(is_registered),
                snapshot: Some(snapshot.id().clone()),
            },
            object: Some(digest),
        })
    })
}

/// The tables of the last run of a study, through disclosure control, for an office that may read drafts; the reading stands in the record.
///
/// # Errors
/// [`Stopped`] when the office may not, or the study was never run.
pub fn study_report(desk: &mut Desk, name: &str) -> Result<Protected, Stopped> {
    let studies = Studies::read(&desk.home.lab());
    let tried = Act::DraftsRead { tables: 0 };
    desk.act(Permission::ReadDraft, tried, |desk| {
        let study = found(&studies, name)?;
        let Some(ran) = last_run(desk, study)? else {
            let missing = Diagnostic::new(codes::STUDY_NOT_RUN).with("name", study.id());
            return Err(Stopped::new(missing));
        };
        let value = protected(desk, study, ran)?;
        Ok(Done {
            act: Act::DraftsRead {
                tables: value.tables.len() as u64,
            },
            value,
            object: None,
        })
    })
}

/// The checked tables of every study that was run, with the datasets they rest on.
pub(crate) fn study_results(desk: &Desk) -> Result<Vec<(Protected, Vec<Source>)>, Stopped> {
    let studies = Studies::read(&desk.home.lab())?;
    let mut found = Vec::new();
    for study in studies.list() {
        if let Some(ran) = last_run(desk, study)? {
            let sources = sources(&ran.tables, &deliveries(desk));
            found.push((protected(desk, study, ran)?, sources));
        }
    }
    Ok(found)
}

/// A dataset of a body.
type Source = (wdl_vocab::BodyId, wdl_vocab::DatasetId);

/// Everything that ever came: what was taken back later was still read by a run.
fn deliveries(desk: &Desk) -> Vec<Accepted> {
    accepted(desk.ledger.entries())
}

fn protected(desk: &Desk, study: &Study, ran: Ran) -> Result<Protected, Stopped> {
    let sources = sources(&ran.tables, &deliveries(desk));
    Ok(wdl_study::protect(
        study,
        ran,
        &desk.lab.disclosure,
        &sources,
    )?)
}

fn standing(desk: &Desk) -> Result<Snapshot, Stopped> {
    let id = latest(desk.ledger.entries()).ok_or_else(nothing_built)?;
    Ok(Snapshot::read(&desk.home.state(), &id)?)
}

/// The tables of the queries as of every period of the study, with the columns they name alone.
fn scopes(study: &Study, snapshot: &Snapshot, queries: &[&Sql]) -> Result<Vec<Scope>, Stopped> {
    let tables = queries
        .iter()
        .flat_map(|query| query.tables().clone())
        .collect();
    let words: Option<Vec<_>> = queries.iter().map(|query| query.words()).collect();
    let is_read = |column: &str| {
        let named = |all: &Vec<std::collections::BTreeSet<String>>| {
            all.iter().any(|own| own.contains(&column.to_lowercase()))
        };
        words.as_ref().is_none_or(named)
    };
    let read = |period| -> Result<Scope, Stopped> {
        Ok(snapshot.scope_of_columns(&tables, &is_read, period)?)
    };
    study.periods().into_iter().map(read).collect()
}

fn inputs(study: &Study, snapshot: &Snapshot, queries: &[&Sql]) -> Vec<wdl_result::Input> {
    let tables = queries
        .iter()
        .flat_map(|query| query.tables().clone())
        .collect();
    let periods = study.periods().into_iter();
    let mut inputs: Vec<_> = periods
        .flat_map(|period| snapshot.inputs(&tables, period))
        .collect();
    inputs.sort();
    inputs.dedup();
    inputs
}

fn sources_of(desk: &Desk, study: &Study, snapshot: &Snapshot, queries: &[&Sql]) -> Vec<Source> {
    let used: std::collections::BTreeSet<String> = inputs(study, snapshot, queries)
        .into_iter()
        .flat_map(|input| input.deliveries)
        .collect();
    let mut sources: Vec<Source> = deliveries(desk)
        .iter()
        .filter(|one| used.contains(one.delivery.as_str()))
        .map(|one| (one.body.clone(), one.dataset.clone()))
        .collect();
    sources.sort();
    sources.dedup();
    sources
}

fn file(home: &Home, digest: &Digest) -> std::path::PathBuf {
    let name = format!("{}.json", digest.short(16));
    home.of(Part::Studies).join(name)
}

/// The bytes that an entry of the record names.
fn kept(home: &Home, study: &Study, entry: &Entry) -> Result<Vec<u8>, Stopped> {
    let digest = entry.object.unwrap_or_else(|| Digest::of(b""));
    let path = file(home, &digest);
    let bytes = read(&path).ok().filter(|bytes| Digest::of(bytes) == digest);
    bytes.ok_or_else(|| changed(&path, study))
}

fn changed(path: &std::path::Path, study: &Study) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::STUDY_COPY)
            .with("name", study.id())
            .with("file", path.display()),
    )
}

/// The last registration, as the lab keeps it.
fn registration(
    home: &Home,
    study: &Study,
    history: &History<'_>,
) -> Result<Option<Registration>, Stopped> {
    let Some(entry) = history.registrations.last() else {
        return Ok(None);
    };
    let bytes = kept(home, study, entry)?;
    let path = file(home, &Digest::of(&bytes));
    let read = Registration::read(&bytes).map_err(|_| changed(&path, study))?;
    Ok(Some(read))
}

/// The last run, as the lab keeps it.
fn last_run(desk: &Desk, study: &Study) -> Result<Option<Ran>, Stopped> {
    let history = History::of(desk.ledger.entries(), study.id());
    let Some((entry, _)) = history.runs.last() else {
        return Ok(None);
    };
    let bytes = kept(&desk.home, study, entry)?;
    let path = file(&desk.home, &Digest::of(&bytes));
    let read = serde_json::from_slice(&bytes).map_err(|_| changed(&path, study))?;
    Ok(Some(read))
}

/// The planned tables of a run, as whoever shows them takes them.
pub fn shown(protected: &Protected) -> Vec<&Table> {
    protected.tables.iter().map(Checked::get).collect()
}
