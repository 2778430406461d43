//! The wire form of `protocol/agreement.yaml` and its conversion.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use wdl_vocab::{BodyId, Text, did_you_mean};
use wdl_yaml::{Placed, Source};

use crate::agreement::{
    Agreement, Article, Committee, LegalRole, Purpose, Retention, Seat, SeatKind, Term,
};
use crate::error::{Fault, FaultKind, LabFault};
use crate::ids::{ArticleId, PurposeId, SeatId};
use crate::permission::{Act, Authority, Permission, Permissions, Role};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreementFile {
    title: Text,
    version: u32,
    term: TermFile,
    purposes: Vec<PurposeFile>,
    roles: Vec<LegalRoleFile>,
    retention: Vec<RetentionFile>,
    committee: CommitteeFile,
    permissions: PermissionsFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermFile {
    from: Placed<String>,
    until: Placed<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PurposeFile {
    id: Placed<PurposeId>,
    title: Text,
    text: Text,
    legal_basis: Text,
    article: Placed<ArticleId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LegalRoleFile {
    id: Placed<LegalRoleName>,
    name: Text,
    text: Text,
    article: Placed<ArticleId>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum LegalRoleName {
    Titolare,
    Contitolare,
    Responsabile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetentionFile {
    id: Placed<String>,
    what: Text,
    #[serde(default)]
    months: Option<u32>,
    then: Text,
    article: Placed<ArticleId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitteeFile {
    name: Text,
    article: Placed<ArticleId>,
    quorum: Placed<usize>,
    quorum_firmatari: Placed<usize>,
    seats: Vec<SeatFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeatFile {
    id: Placed<SeatId>,
    name: Text,
    kind: SeatKind,
    #[serde(default)]
    body: Option<Placed<BodyId>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionsFile {
    receive: PermissionFile,
    build: PermissionFile,
    decide_doubt: PermissionFile,
    run_study: PermissionFile,
    read_draft: PermissionFile,
    keep_transcript: PermissionFile,
    read_transcript: PermissionFile,
    request_release: PermissionFile,
    review_release: PermissionFile,
    publish: PermissionFile,
    verify: PermissionFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermissionFile {
    roles: Placed<Vec<Role>>,
    article: Placed<ArticleId>,
    reason: Text,
    lifted_by: Authority,
}

/// What the conversion looks names up in, and where faults go.
struct Names<'a> {
    source: &'a Source,
    articles: &'a [Article],
    bodies: &'a [BodyId],
    faults: &'a mut Vec<Fault>,
}

impl Names<'_> {
    fn fault<T>(&mut self, place: &Placed<T>, kind: impl Into<FaultKind>) {
        self.faults.push(self.source.fault_at(place, kind));
    }

    /// The article a value cites; a fault when it does not exist.
    fn article(&mut self, cited: &Placed<ArticleId>) -> ArticleId {
        let known = || self.articles.iter().map(|article| article.id.as_str());
        if !known().any(|id| id == cited.value.as_str()) {
            let meant = did_you_mean(cited.value.as_str(), known()).map(str::to_owned);
            let kind = FaultKind::UnknownName {
                list: "articles".to_owned(),
                name: cited.value.to_string(),
                meant,
            };
            self.fault(cited, kind);
        }
        cited.value.clone()
    }

    /// The body a value cites; a fault when it does not exist.
    fn body(&mut self, cited: &Placed<BodyId>) -> BodyId {
        if !self.bodies.contains(&cited.value) {
            let known = self.bodies.iter().map(BodyId::as_str);
            let kind = FaultKind::UnknownName {
                list: "bodies".to_owned(),
                name: cited.value.to_string(),
                meant: did_you_mean(cited.value.as_str(), known).map(str::to_owned),
            };
            self.fault(cited, kind);
        }
        cited.value.clone()
    }

    /// A fault for every name that stands a second time.
    fn unique<T>(&mut self, list: &'static str, names: impl Iterator<Item = (String, Placed<T>)>) {
        let mut seen = std::collections::BTreeSet::new();
        for (name, place) in names {
            if !seen.insert(name.clone()) {
                let list = list.to_owned();
                self.fault(&place, FaultKind::DuplicateName { list, name });
            }
        }
    }
}

/// Turns the file into the agreement; what is wrong goes to `faults`.
pub(crate) fn convert(
    file: AgreementFile,
    source: &Source,
    articles: Vec<Article>,
    bodies: &[BodyId],
    faults: &mut Vec<Fault>,
) -> Option<Agreement> {
    let mut names = Names {
        source,
        articles: &articles,
        bodies,
        faults,
    };
    let term = term(&file.term, &mut names);
    let purposes = purposes(file.purposes, &mut names);
    let roles = roles(file.roles, &mut names);
    let retention = retention(file.retention, &mut names);
    let committee = committee(file.committee, &mut names);
    let permissions = permissions(file.permissions, &mut names);
    Some(Agreement {
        title: file.title,
        version: file.version,
        term: term?,
        articles,
        purposes,
        roles,
        retention,
        committee,
        permissions,
    })
}

fn term(file: &TermFile, names: &mut Names<'_>) -> Option<Term> {
    let mut day = |text: &Placed<String>| {
        let date = text.value.parse::<Date>();
        if date.is_err() {
            names.fault(text, FaultKind::wrong("expected a day as 2026-01-31"));
        }
        date.ok()
    };
    let (from, until) = (day(&file.from), day(&file.until));
    let term = Term {
        from: from?,
        until: until?,
    };
    if term.until < term.from {
        names.fault(&file.until, LabFault::TermReversed);
    }
    Some(term)
}

fn purposes(files: Vec<PurposeFile>, names: &mut Names<'_>) -> Vec<Purpose> {
    let ids = files.iter().map(|f| (f.id.value.to_string(), f.id.clone()));
    names.unique("purposes", ids);
    let convert = |file: PurposeFile| Purpose {
        article: names.article(&file.article),
        id: file.id.value,
        title: file.title,
        text: file.text,
        legal_basis: file.legal_basis,
    };
    files.into_iter().map(convert).collect()
}

fn roles(files: Vec<LegalRoleFile>, names: &mut Names<'_>) -> Vec<LegalRole> {
    let text = |role: LegalRoleName| match role {
        LegalRoleName::Titolare => "titolare",
        LegalRoleName::Contitolare => "contitolare",
        LegalRoleName::Responsabile => "responsabile",
    };
    let ids = files
        .iter()
        .map(|f| (text(f.id.value).to_owned(), f.id.clone()));
    names.unique("roles", ids);
    let convert = |file: LegalRoleFile| LegalRole {
        article: names.article(&file.article),
        id: text(file.id.value).to_owned(),
        name: file.name,
        text: file.text,
    };
    files.into_iter().map(convert).collect()
}

fn retention(files: Vec<RetentionFile>, names: &mut Names<'_>) -> Vec<Retention> {
    let ids = files.iter().map(|f| (f.id.value.clone(), f.id.clone()));
    names.unique("retention", ids);
    let convert = |file: RetentionFile| Retention {
        article: names.article(&file.article),
        id: file.id.value,
        what: file.what,
        months: file.months,
        then: file.then,
    };
    files.into_iter().map(convert).collect()
}

fn committee(file: CommitteeFile, names: &mut Names<'_>) -> Committee {
    let ids = file
        .seats
        .iter()
        .map(|f| (f.id.value.to_string(), f.id.clone()));
    names.unique("seats", ids);
    let is_firmatario = |seat: &&SeatFile| seat.kind == SeatKind::Firmatario;
    let firmatari = file.seats.iter().filter(is_firmatario).count();
    for (quorum, seats) in [
        (&file.quorum, file.seats.len()),
        (&file.quorum_firmatari, firmatari),
    ] {
        // A quorum that half of the seats or fewer reach is a meeting of a minority.
        if quorum.value > seats || quorum.value * 2 <= seats {
            let value = quorum.value;
            names.fault(quorum, LabFault::Quorum { value, seats });
        }
    }
    let article = names.article(&file.article);
    let seats = file.seats.into_iter().map(|f| seat(f, names)).collect();
    Committee {
        name: file.name,
        seats,
        quorum: file.quorum.value,
        quorum_firmatari: file.quorum_firmatari.value,
        article,
    }
}

fn seat(file: SeatFile, names: &mut Names<'_>) -> Seat {
    if (file.kind == SeatKind::Firmatario) != file.body.is_some() {
        let name = file.id.value.to_string();
        names.fault(&file.id, LabFault::SeatBody { name });
    }
    Seat {
        id: file.id.value,
        name: file.name,
        kind: file.kind,
        body: file.body.map(|body| names.body(&body)),
    }
}

fn permissions(file: PermissionsFile, names: &mut Names<'_>) -> Permissions {
    let lines = [
        (Act::Receive, file.receive),
        (Act::Build, file.build),
        (Act::DecideDoubt, file.decide_doubt),
        (Act::RunStudy, file.run_study),
        (Act::ReadDraft, file.read_draft),
        (Act::KeepTranscript, file.keep_transcript),
        (Act::ReadTranscript, file.read_transcript),
        (Act::RequestRelease, file.request_release),
        (Act::ReviewRelease, file.review_release),
        (Act::Publish, file.publish),
        (Act::Verify, file.verify),
    ];
    let table: BTreeMap<Act, Permission> = lines
        .into_iter()
        .map(|(act, line)| (act, permission(act, line, names)))
        .collect();
    Permissions::checked(table)
}

fn permission(act: Act, file: PermissionFile, names: &mut Names<'_>) -> Permission {
    for role in [Role::SeatAllargato, Role::Public] {
        // The wider seats never see drafts nor anybody's words, whatever a lab writes; a vote is a look at a draft.
        let is_inside = matches!(
            act,
            Act::ReadDraft | Act::ReviewRelease | Act::ReadTranscript
        );
        if is_inside && file.roles.value.contains(&role) {
            let role = role.as_str();
            names.fault(&file.roles, LabFault::DraftsToOutsiders { role });
        }
    }
    Permission {
        article: names.article(&file.article),
        roles: file.roles.value,
        reason: file.reason,
        lifted_by: file.lifted_by,
    }
}
