//! What each address answers.
//!
//! The work of a request runs on its own thread: the page stays alive while a file is checked or sealed.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use wdl_check::{Justified, Reason};
use wdl_contract::Contract;
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{DatasetId, Diagnose as _, Diagnostic, Lang, Period};

use super::desk::{Desk, Stage, Work, lock};
use super::form::{boundary, pairs, parts};
use super::view::{CanSeal, Kept, Order, Scope, Seen};
use super::{House, pages};
use crate::error::HolderError;
use crate::report::{Full, full_page, shareable_page, workbook};

/// What a request comes to.
enum Reply {
    Page(String),
    Goto(String),
    File {
        name: String,
        kind: &'static str,
        bytes: Vec<u8>,
    },
}

/// Why a request comes to nothing.
enum Trouble {
    /// There is no such page.
    Nowhere,
    /// What stopped the work.
    Told(Vec<Diagnostic>),
}

impl From<HolderError> for Trouble {
    fn from(error: HolderError) -> Trouble {
        Trouble::Told(error.diagnostics())
    }
}

impl Reply {
    fn into_response(self) -> Response {
        match self {
            Reply::Page(html) => Html(html).into_response(),
            Reply::Goto(place) => {
                (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
            }
            Reply::File { name, kind, bytes } => {
                let disposition = format!("attachment; filename=\"{name}\"");
                let headers = [
                    (header::CONTENT_TYPE, kind.to_owned()),
                    (header::CONTENT_DISPOSITION, disposition),
                ];
                (headers, bytes).into_response()
            }
        }
    }
}

type Answered = Result<Reply, Trouble>;

/// Does the work of a request away from the thread that serves; `back` is where a problem leads.
async fn done(
    house: Arc<House>,
    lang: &str,
    back: String,
    work: impl FnOnce(&Desk, Lang) -> Answered + Send + 'static,
) -> Response {
    let Some(lang) = Lang::ALL.into_iter().find(|known| known.code() == lang) else {
        return nowhere(State(house)).await;
    };
    let worker = Arc::clone(&house);
    let outcome = tokio::task::spawn_blocking(move || work(&worker.desk, lang)).await;
    let (status, diagnostics) = match outcome {
        Ok(Ok(reply)) => return reply.into_response(),
        Ok(Err(Trouble::Told(diagnostics))) => (StatusCode::UNPROCESSABLE_ENTITY, diagnostics),
        Ok(Err(Trouble::Nowhere)) => (StatusCode::NOT_FOUND, vec![Diagnostic::new(codes::NO_PAGE)]),
        // A broken invariant stops the request and nothing else; the panic's words went to standard error.
        Err(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            vec![Diagnostic::new(codes::PAGE_FAULT)],
        ),
    };
    let about = house.desk.office().about();
    (
        status,
        Html(pages::problem(about, lang, &diagnostics, &back)),
    )
        .into_response()
}

pub(super) async fn root(State(house): State<Arc<House>>) -> Response {
    Reply::Goto(format!("/{}/", house.lang)).into_response()
}

pub(super) async fn enter(State(house): State<Arc<House>>, RawQuery(query): RawQuery) -> Response {
    house.door.enter(&query.unwrap_or_default())
}

pub(super) async fn nowhere(State(house): State<Arc<House>>) -> Response {
    let about = house.desk.office().about();
    let told = [Diagnostic::new(codes::NO_PAGE)];
    let page = pages::problem(about, house.lang, &told, "");
    (StatusCode::NOT_FOUND, Html(page)).into_response()
}

/// The files of the page itself: they hold no data and may stay in the browser.
pub(super) async fn asset(State(house): State<Arc<House>>, Path(name): Path<String>) -> Response {
    const FONT: &str = "font/woff2";
    let (kind, bytes): (&str, &[u8]) = match name.as_str() {
        "page.css" => (
            "text/css; charset=utf-8",
            include_bytes!("../../assets/page.css"),
        ),
        "page.js" => (
            "text/javascript; charset=utf-8",
            include_bytes!("../../assets/page.js"),
        ),
        "icon.svg" => ("image/svg+xml", include_bytes!("../../assets/icon.svg")),
        "titillium-web-regular.woff2" => (
            FONT,
            include_bytes!("../../assets/titillium-web-regular.woff2"),
        ),
        "titillium-web-600.woff2" => (FONT, include_bytes!("../../assets/titillium-web-600.woff2")),
        "titillium-web-700.woff2" => (FONT, include_bytes!("../../assets/titillium-web-700.woff2")),
        _ => return nowhere(State(house)).await,
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, max-age=3600"),
        ),
    ];
    (headers, bytes).into_response()
}

pub(super) async fn deliveries(
    State(house): State<Arc<House>>,
    Path(lang): Path<String>,
) -> Response {
    done(house, &lang, String::new(), |desk, lang| {
        let due = desk.office().deliveries()?;
        let about = desk.office().about();
        Ok(Reply::Page(pages::deliveries(about, lang, &due)))
    })
    .await
}

/// A dataset of the body and a quarter, as an address names them.
fn subject<'a>(
    desk: &'a Desk,
    dataset: &str,
    period: &str,
) -> Result<(&'a Contract, DatasetId, Period), Trouble> {
    let dataset = DatasetId::parse(dataset).map_err(|_| Trouble::Nowhere)?;
    let period: Period = period.parse().map_err(|_| Trouble::Nowhere)?;
    let contract = desk.office().contract(&dataset).ok_or(Trouble::Nowhere)?;
    match period {
        Period::Quarter { .. } => Ok((contract, dataset, period)),
        Period::Year(_) => Err(HolderError::NotAQuarter(period).into()),
    }
}

type Subject = (String, String, String);

pub(super) async fn send(
    State(house): State<Arc<House>>,
    Path((lang, dataset, period)): Path<Subject>,
    RawQuery(query): RawQuery,
) -> Response {
    done(house, &lang, String::new(), move |desk, lang| {
        let (contract, _, period) = subject(desk, &dataset, &period)?;
        let about = desk.office().about();
        let scope = scope(query.as_deref());
        Ok(Reply::Page(pages::send(
            about,
            lang,
            (contract, period),
            scope,
        )))
    })
    .await
}

fn scope(query: Option<&str>) -> Scope {
    match query {
        Some("scope=rejected") => Scope::Rejected,
        _ => Scope::Whole,
    }
}

pub(super) async fn upload(
    State(house): State<Arc<House>>,
    Path((lang, dataset, period)): Path<Subject>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let scope = scope(query.as_deref());
    let back = format!("send/{dataset}/{period}{}", pages::query(scope));
    done(house, &lang, back, move |desk, lang| {
        let (_, dataset, period) = subject(desk, &dataset, &period)?;
        let (name, bytes) = file(&headers, &body)?;
        let id = desk.take((dataset, period), scope, &name, bytes)?;
        Ok(Reply::Goto(format!("/{lang}/check/{id}")))
    })
    .await
}

/// The file of a form.
fn file<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<(String, &'a [u8]), Trouble> {
    let kind = headers.get(header::CONTENT_TYPE);
    let fence = kind.and_then(|kind| kind.to_str().ok()).and_then(boundary);
    fence
        .and_then(|fence| {
            let mut found = parts(body, fence).into_iter();
            found.find(|part| part.name == "file")
        })
        .and_then(|part| Some((part.file?, part.bytes)))
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| Trouble::Told(vec![Diagnostic::new(codes::NO_FILE)]))
}

fn open(desk: &Desk, id: u64) -> Result<Arc<std::sync::Mutex<Work>>, Trouble> {
    desk.work(id)
        .ok_or_else(|| Trouble::Told(vec![Diagnostic::new(codes::FILE_GONE)]))
}

pub(super) async fn check(
    State(house): State<Arc<House>>,
    Path((lang, id)): Path<(String, u64)>,
) -> Response {
    done(house, &lang, String::new(), move |desk, lang| {
        let work = open(desk, id)?;
        let work = lock(&work);
        let about = desk.office().about();
        Ok(Reply::Page(match &work.stage {
            Stage::Asks(asks) => {
                let contract = desk.office().contract(&work.task.dataset);
                let contract = contract.ok_or(Trouble::Nowhere)?;
                pages::ask(about, lang, (id, &work.task), (contract, asks))
            }
            Stage::Seen(seen) => pages::result(about, lang, (id, &work.task), seen),
        }))
    })
    .await
}

/// A page or a file made from a checked file.
pub(super) async fn part(
    State(house): State<Arc<House>>,
    Path((lang, id, part)): Path<(String, u64, String)>,
) -> Response {
    done(house, &lang, String::new(), move |desk, lang| {
        let work = open(desk, id)?;
        let work = lock(&work);
        let about = desk.office().about();
        let Stage::Seen(seen) = &work.stage else {
            return Ok(Reply::Goto(format!("/{lang}/check/{id}")));
        };
        match part.as_str() {
            "compare" => Ok(Reply::Page(pages::compare(about, lang, id, seen))),
            "seal" if seen.seal == CanSeal::No => Ok(Reply::Goto(format!("/{lang}/check/{id}"))),
            "seal" => Ok(Reply::Page(pages::seal(about, lang, id, seen))),
            _ => report(desk, &work, seen, (&part, lang)),
        }
    })
    .await
}

fn report(desk: &Desk, work: &Work, seen: &Seen, (part, lang): (&str, Lang)) -> Answered {
    let report = &seen.shareable;
    let stem = format!("{}-{}-{}", report.body, report.dataset, report.period);
    let html = |name: &str, page: String| Reply::File {
        name: format!("{stem}.{name}.{lang}.html"),
        kind: "text/html; charset=utf-8",
        bytes: page.into_bytes(),
    };
    if part == "shareable.html" {
        return Ok(html("shareable", shareable_page(report, lang)));
    }
    if !matches!(part, "full.html" | "rows.xlsx") {
        return Err(Trouble::Nowhere);
    }
    let rows = desk.office().rows(&work.task, &work.said, seen)?;
    let full = Full {
        file: &work.task.name,
        findings: &seen.findings,
        comparisons: &seen.comparisons,
        rows: &rows,
    };
    Ok(match part {
        "full.html" => html("full", full_page(report, full, lang)),
        _ => Reply::File {
            name: format!("{stem}.full.{lang}.xlsx"),
            kind: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            bytes: workbook(report, full, lang),
        },
    })
}

/// What the steward says of a file, or the seal.
pub(super) async fn act(
    State(house): State<Arc<House>>,
    Path((lang, id, part)): Path<(String, u64, String)>,
    body: Bytes,
) -> Response {
    let back = match part.as_str() {
        "seal" => format!("check/{id}/seal"),
        _ => format!("check/{id}"),
    };
    done(house, &lang, back, move |desk, lang| {
        let fields = pairs(&String::from_utf8_lossy(&body));
        let work = open(desk, id)?;
        match part.as_str() {
            "answers" => answers(desk, &mut lock(&work), &fields)?,
            "justify" => justify(desk, &mut lock(&work), &fields)?,
            "seal" => return seal(desk, id, &lock(&work), &fields, lang),
            _ => return Err(Trouble::Nowhere),
        }
        Ok(Reply::Goto(format!("/{lang}/check/{id}")))
    })
    .await
}

type Fields = [(String, String)];

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    let found = fields.iter().find(|(field, _)| field == name);
    found.map_or("", |(_, value)| value.as_str())
}

fn answers(desk: &Desk, work: &mut Work, fields: &Fields) -> Result<(), Trouble> {
    let mut said = work.said.clone();
    let mut mapping = BTreeMap::new();
    for (name, value) in fields {
        if let Some(question) = name.strip_prefix("answer.") {
            said.answers.insert(question.to_owned(), value.clone());
        }
        if let Some(column) = name.strip_prefix("column.") {
            mapping.insert(column.to_owned(), value.clone());
        }
    }
    said.mapping.extend(mapping.clone());
    desk.again(work, said)?;
    if !mapping.is_empty() {
        desk.office().remember(&work.task.dataset, &mapping)?;
    }
    Ok(())
}

fn justify(desk: &Desk, work: &mut Work, fields: &Fields) -> Result<(), Trouble> {
    let told = |diagnostic: Diagnostic| Trouble::Told(vec![diagnostic]);
    let given = |name: &str| Some(field(fields, name).to_owned()).filter(|text| !text.is_empty());
    let reason = Reason::ALL
        .into_iter()
        .find(|reason| reason.word() == field(fields, "reason"))
        .ok_or(Trouble::Nowhere)?;
    let one = Justified::try_from(wdl_check::Said {
        code: field(fields, "code").to_owned(),
        column: given("column"),
        rule: given("rule"),
        reason,
        note: field(fields, "note").to_owned(),
    })
    .map_err(|error| told(error.diagnostic()))?;
    let about = |one: &Justified| {
        let names = [one.column(), one.rule()].map(|name| name.map(str::to_owned));
        (one.code().to_owned(), names)
    };
    let mut said = work.said.clone();
    said.justified
        .retain(|earlier| about(earlier) != about(&one));
    said.justified.push(one);
    Ok(desk.again(work, said)?)
}

fn seal(desk: &Desk, id: u64, work: &Work, fields: &Fields, lang: Lang) -> Answered {
    let Stage::Seen(seen) = &work.stage else {
        return Ok(Reply::Goto(format!("/{lang}/check/{id}")));
    };
    let order = Order {
        only_accepted: seen.seal == CanSeal::AcceptedOnly
            && field(fields, "only_accepted") == "yes",
        reason: Some(field(fields, "reason").trim().to_owned()).filter(|text| !text.is_empty()),
    };
    let delivery = desk.office().seal(&work.task, &work.said, &order)?;
    desk.done(id, &work.task);
    Ok(Reply::Goto(format!("/{lang}/receipts/{delivery}")))
}

pub(super) async fn receipts(
    State(house): State<Arc<House>>,
    Path(lang): Path<String>,
) -> Response {
    done(house, &lang, String::new(), |desk, lang| {
        let kept = desk.office().receipts()?;
        let about = desk.office().about();
        Ok(Reply::Page(pages::receipts(about, lang, &kept)))
    })
    .await
}

/// The lab's answer to a delivery, as a file.
pub(super) async fn answer(
    State(house): State<Arc<House>>,
    Path(lang): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    done(house, &lang, "receipts".to_owned(), move |desk, lang| {
        let (_, bytes) = file(&headers, &body)?;
        let delivery = desk.office().hear(bytes)?;
        Ok(Reply::Goto(format!("/{lang}/receipts/{delivery}")))
    })
    .await
}

fn kept(desk: &Desk, delivery: &str) -> Result<Kept, Trouble> {
    let all = desk.office().receipts()?;
    all.into_iter()
        .find(|one| one.delivery.to_string() == delivery)
        .ok_or(Trouble::Nowhere)
}

pub(super) async fn receipt(
    State(house): State<Arc<House>>,
    Path((lang, delivery)): Path<(String, String)>,
) -> Response {
    done(house, &lang, "receipts".to_owned(), move |desk, lang| {
        let kept = kept(desk, &delivery)?;
        let about = desk.office().about();
        Ok(Reply::Page(pages::receipt(about, lang, &kept)))
    })
    .await
}

/// The sealed file itself, to save it where it is sent from.
pub(super) async fn sealed(
    State(house): State<Arc<House>>,
    Path((lang, delivery)): Path<(String, String)>,
) -> Response {
    done(house, &lang, "receipts".to_owned(), move |desk, _| {
        let kept = kept(desk, &delivery)?;
        let bytes = std::fs::read(&kept.file).map_err(HolderError::file(&kept.file))?;
        Ok(Reply::File {
            name: format!("{}-{}.wdld", kept.dataset, kept.period),
            kind: "application/octet-stream",
            bytes,
        })
    })
    .await
}

pub(super) async fn quit(State(house): State<Arc<House>>, Path(lang): Path<String>) -> Response {
    let bell = Arc::clone(&house);
    let response = done(house, &lang, String::new(), |desk, lang| {
        Ok(Reply::Page(pages::bye(desk.office().about(), lang)))
    })
    .await;
    bell.bell.ring();
    response
}
