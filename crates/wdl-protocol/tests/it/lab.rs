//! The shipped lab says what the pilot agreed on.

use wdl_protocol::{Act, BodyRole, Role, SeatKind, ThemeId};
use wdl_vocab::{BodyId, Lang, Period};

use crate::folder::{Copy, LAB, shipped};

#[test]
fn the_shipped_lab_is_whole() {
    let lab = shipped();
    let bodies: Vec<&str> = lab.bodies.iter().map(|body| body.id.as_str()).collect();
    assert_eq!(
        bodies,
        ["comune", "unimore", "ausl", "agenzia_lavoro", "inail"]
    );
    assert!(lab.synthetic);
    assert_eq!(lab.host.as_str(), "unimore");
    assert_eq!(lab.languages, Lang::ALL);
    let themes: Vec<&str> = lab.themes.iter().map(|theme| theme.id.as_str()).collect();
    assert_eq!(
        themes,
        [
            "popolazione",
            "poverta",
            "casa",
            "aiuti",
            "lavoro",
            "salute"
        ]
    );
    assert!(lab.theme(&ThemeId::parse("casa").unwrap()).is_some());
    assert!(
        lab.bodies
            .iter()
            .all(|body| body.role == BodyRole::Titolare)
    );
    assert_eq!(lab.disclosure.general().minimum_frequency.get(), 5);
    assert_eq!(lab.release.reviewers_required.get(), 2);
}

#[test]
fn leading_zeros_norway_and_dates_survive() {
    // YAML 1.1 reads 036023 as 15379, NO as false and 2017-Q1 as it pleases.
    let lab = shipped();
    assert_eq!(lab.territory.municipality.as_str(), "036023");
    assert_eq!(lab.calendar.first_period(), "2017-Q1".parse().unwrap());
    let copy = Copy::new();
    copy.edit(
        LAB,
        "name: { it: Modena, en: Modena }",
        "name: { it: NO, en: off }",
    );
    let name = copy.read().unwrap().territory.name;
    assert_eq!((&*name.it, &*name.en), ("NO", "off"));
}

#[test]
fn the_calendar_counts_quarters() {
    let lab = shipped();
    let last: Period = "2026-Q3".parse().unwrap();
    let quarters: Vec<Period> = lab.calendar.quarters(last).collect();
    assert_eq!(quarters.len(), 39);
    assert_eq!(quarters.last(), Some(&last));
    assert_eq!(lab.calendar.quarters("2016-Q4".parse().unwrap()).count(), 0);
}

#[test]
fn custodians_and_reviewers_stand_apart() {
    let lab = shipped();
    for custodian in &lab.custodians {
        assert!(
            lab.body(&BodyId::parse(custodian.id.as_str()).unwrap())
                .is_none()
        );
    }
    let mut bodies: Vec<&BodyId> = lab.with_role(Role::Reviewer).map(|one| &one.body).collect();
    bodies.sort();
    bodies.dedup();
    assert!(
        bodies.len() >= 3,
        "reviewers of different bodies: {bodies:?}"
    );
    let author = lab.with_role(Role::Author).next().unwrap();
    assert!(!author.roles.contains(&Role::Reviewer));
}

#[test]
fn every_article_is_cited_by_its_name_in_both_languages() {
    let agreement = shipped().agreement;
    assert_eq!(agreement.articles.len(), 13);
    for article in &agreement.articles {
        for lang in Lang::ALL {
            assert!(!article.title.get(lang).is_empty() && !article.text.get(lang).is_empty());
        }
    }
    for purpose in &agreement.purposes {
        assert!(agreement.article(&purpose.article).is_some());
    }
    let firmatari = |kind| {
        agreement
            .committee
            .seats
            .iter()
            .filter(|s| s.kind == kind)
            .count()
    };
    assert_eq!(firmatari(SeatKind::Firmatario), 5);
    assert_eq!(firmatari(SeatKind::Allargato), 3);
}

#[test]
fn the_agreement_holds_on_the_days_of_its_term() {
    let lab = shipped();
    for (day, holds) in [
        ("2025-12-31", false),
        ("2026-01-01", true),
        ("2028-12-31", true),
        ("2029-01-01", false),
    ] {
        assert_eq!(lab.holds_on(day.parse().unwrap()), holds, "{day}");
    }
}

#[test]
fn the_digest_follows_every_file() {
    let copy = Copy::new();
    let before = copy.read().unwrap().digest;
    assert_eq!(before, shipped().digest);
    copy.edit(LAB, "minimum_frequency: 5", "minimum_frequency: 6");
    assert_ne!(before, copy.read().unwrap().digest);
}

#[test]
fn only_named_roles_act() {
    let lab = shipped();
    let author = lab.with_role(Role::Author).next().unwrap();
    assert!(lab.actor_may(author, Act::RequestRelease).is_ok());
    let refusal = lab.actor_may(author, Act::ReviewRelease).unwrap_err();
    assert_eq!(refusal.article.as_str(), "rilascio");
    for role in Role::ALL {
        assert!(lab.may(role, Act::Verify).is_ok(), "{role}");
        let sees_drafts = !matches!(role, Role::SeatAllargato | Role::Public);
        assert_eq!(lab.may(role, Act::ReadDraft).is_ok(), sees_drafts, "{role}");
    }
}
