//! The gate, by the names of the bad inputs it must hold against; every pair of state and step.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::date;
use wdl_disclosure::Checked;
use wdl_disclosure::between::{Facts, keep_earlier};
use wdl_protocol::{PurposeId, Term};
use wdl_release::{
    Context, Dossier, Opinion, Progress, ReleaseError, Request, State, Step, Vote, latest,
    standing, table,
};
use wdl_result::Table;
use wdl_vocab::{BodyId, DatasetId, Diagnose as _, Lang, ReleaseId, SnapshotId};

use crate::made::{House, tables};

fn with_words(vote: Vote) -> Opinion {
    Opinion {
        vote,
        words: Some("Togliere il dettaglio per quartiere.".into()),
    }
}

/// A request brought into a state by the steps that lead there.
fn in_state(house: &House, state: State) -> ReleaseId {
    let id = house.request(&tables(&[20, 30, 40])).id().clone();
    let votes: &[Vote] = match state {
        State::Waiting => &[Vote::Reject],
        State::Sealed => &[Vote::Reject, Vote::Approve],
        State::Approved | State::Released | State::Withdrawn => &[Vote::Approve, Vote::Approve],
        State::Conditional => &[Vote::Approve, Vote::ApproveIf],
        State::Returned | State::Replaced => &[Vote::Return, Vote::ApproveIf],
        State::Refused => &[Vote::Approve, Vote::Reject],
    };
    for (vote, office) in votes.iter().zip([&house.first, &house.second]) {
        match state {
            State::Sealed => house.seal(&id, office, with_words(*vote)).unwrap(),
            _ => house.opinion(&id, office, with_words(*vote)).unwrap(),
        };
    }
    if matches!(state, State::Released | State::Withdrawn) {
        house.release(&id).unwrap();
    }
    match state {
        State::Withdrawn => {
            house.withdraw(&id).unwrap();
        }
        State::Replaced => {
            replace(house, &id).unwrap();
        }
        _ => {}
    }
    assert_eq!(house.desk().progress(&id).unwrap().state(), state);
    id
}

fn replace(house: &House, id: &ReleaseId) -> Result<Request, ReleaseError> {
    let checked = tables(&[21, 30, 40]);
    let dossier = Dossier {
        replaces: Some(id.clone()),
        ..Dossier::of(&checked)
    };
    let request = house
        .desk()
        .request(house.author.signer(), &dossier, house.now())?;
    house.record(&house.author, request.act(), request.digest());
    Ok(request)
}

#[test]
fn rel_state_skip_every_pair_of_state_and_step() {
    let take = |house: &House, id: &ReleaseId, step: Step| match step {
        // A reviewer who has no vote yet.
        Step::Review => house.seal(id, &house.third, Vote::Approve).map(drop),
        // One who voted.
        Step::Open => house.open(id, &house.first).map(drop),
        Step::Replace => replace(house, id).map(drop),
        Step::Release => house.release(id).map(drop),
        Step::Withdraw => house.withdraw(id).map(drop),
    };
    for state in State::ALL {
        let (allowed, forbidden): (Vec<Step>, Vec<Step>) = Step::ALL
            .into_iter()
            .partition(|step| !state.after(*step).is_empty());
        let house = House::new();
        let id = in_state(&house, state);
        let now = |house: &House, id: &ReleaseId| house.desk().progress(id).unwrap().state();
        for step in forbidden {
            let done = take(&house, &id, step);
            assert!(done.is_err(), "{state} {step:?}");
            assert_eq!(now(&house, &id), state, "a refused step changes nothing");
        }
        for step in allowed {
            let house = House::new();
            let id = in_state(&house, state);
            take(&house, &id, step).unwrap();
            let now = now(&house, &id);
            assert!(
                state.after(step).contains(&now),
                "{state} {step:?} led to {now}"
            );
        }
    }
}

#[test]
fn the_page_shows_the_machine_of_the_code() {
    let page = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/release.md"
    );
    let page = std::fs::read_to_string(page).unwrap();
    assert!(
        page.contains(&table(Lang::En)),
        "copy this:\n{}",
        table(Lang::En)
    );
}

#[test]
fn rel_early_peek_nobody_reads_a_vote_before_all_have_voted() {
    let house = House::new();
    let id = house.request(&tables(&[20, 30])).id().clone();
    let first = house
        .seal(&id, &house.first, with_words(Vote::Return))
        .unwrap();
    let early = |house: &House| house.desk().opinions(&id).unwrap_err().diagnostic().code.id;
    assert_eq!(early(&house), "WDL-A016");
    let opened = house.open(&id, &house.first).unwrap_err();
    assert_eq!(opened.diagnostic().code.id, "WDL-A016");
    // The public record says that somebody voted and no more.
    let names = format!("{:?}", first.act());
    assert_eq!(
        names,
        format!("ReleaseReviewed {{ release: ReleaseId(\"{id}\") }}")
    );
    house.seal(&id, &house.second, Vote::Approve).unwrap();
    // All have voted; what nobody has opened nobody reads.
    assert_eq!(early(&house), "WDL-A020");
    let told = |review: &wdl_release::Review| format!("{:?}", review.act());
    assert!(told(&house.open(&id, &house.second).unwrap()).contains("approved: None"));
    assert_eq!(early(&house), "WDL-A020");
    assert!(told(&house.open(&id, &house.first).unwrap()).contains("approved: Some(false)"));
    let opinions = house.desk().opinions(&id).unwrap();
    let votes: Vec<Vote> = opinions.iter().map(wdl_release::Review::vote).collect();
    assert_eq!(votes, [Vote::Return, Vote::Approve]);
    assert!(opinions[0].words().unwrap().contains("quartiere"));
}

#[test]
fn rel_change_after_vote_starts_the_votes_again() {
    let house = House::new();
    let id = house.request(&tables(&[20, 30, 40])).id().clone();
    house.vote(&id, &house.first, Vote::Approve).unwrap();
    let changed = replace(&house, &id).unwrap();
    let progress = |id: &ReleaseId| house.desk().progress(id).unwrap();
    assert_eq!(progress(&id), Progress::Replaced);
    assert_eq!(
        progress(changed.id()),
        Progress::Waiting {
            votes: 0,
            needed: 2
        }
    );
    // The old votes are worth nothing, and the old request takes no more.
    assert!(house.vote(&id, &house.second, Vote::Approve).is_err());
    house
        .vote(changed.id(), &house.first, Vote::Approve)
        .unwrap();
    assert!(house.release(changed.id()).is_err());
    house
        .vote(changed.id(), &house.second, Vote::Approve)
        .unwrap();
    house.release(changed.id()).unwrap();
    assert_eq!(
        house.desk().read(changed.id()).unwrap().replaces(),
        Some(&id)
    );
}

#[test]
fn rel_expired_project_the_day_after_is_too_late() {
    let mut house = House::new();
    let id = in_state(&house, State::Approved);
    house.lab.agreement.term = Term {
        from: date(2026, 1, 1),
        until: date(2026, 11, 20),
    };
    let at = |time: &str| -> Timestamp { time.parse().unwrap() };
    let desk = house.desk();
    for late in [
        "2026-11-20T22:30:00Z",
        "2026-11-21T00:00:00Z",
        "2027-03-01T00:00:00Z",
        "2025-12-31T12:00:00Z",
    ] {
        let refused = desk
            .release(&id, house.manager.signer(), at(late))
            .unwrap_err();
        assert_eq!(refused.diagnostic().code.id, "WDL-A015", "{late}");
        let asked = desk.request(
            house.author.signer(),
            &Dossier::of(&tables(&[20, 30])),
            at(late),
        );
        assert!(matches!(asked, Err(ReleaseError::Expired { .. })), "{late}");
    }
    desk.release(&id, house.manager.signer(), at("2026-11-20T21:00:00Z"))
        .unwrap();
}

#[test]
fn rel_withdraw_takes_it_down_and_keeps_it_known() {
    let house = House::new();
    let id = in_state(&house, State::Released);
    let nothing = house
        .desk()
        .withdraw(&id, house.manager.signer(), "  ", house.now());
    assert!(matches!(nothing, Err(ReleaseError::NoWords { .. })));
    let by_reviewer = house
        .desk()
        .withdraw(&id, house.first.signer(), "perché", house.now());
    assert!(matches!(by_reviewer, Err(ReleaseError::Refused(_))));
    let withdrawn = house.withdraw(&id).unwrap();
    assert_eq!(withdrawn.tables.len(), 2);
    // Nothing of it is published any more; what it was stays verified.
    assert!(house.desk().load_all().unwrap().is_empty());
    assert_eq!(house.desk().withdrawals().unwrap(), [withdrawn]);
    // The record holds neither the reason nor a number.
    let last = house.ledger().entries().last().unwrap().line();
    let last = String::from_utf8(last).unwrap();
    assert!(last.contains("withdrawn") && !last.contains("Errore"));
    // What was read once stays known: one person more is refused all the same.
    let refused = on_a_later_base(&house, &[21, 30, 40]).unwrap_err();
    assert!(matches!(refused, ReleaseError::GivesAway { .. }));
    // After the agreement has ended a release can still be taken back.
    let mut late = House::new();
    let id = in_state(&late, State::Released);
    late.lab.agreement.term.until = date(2026, 1, 2);
    assert!(late.withdraw(&id).is_ok());
}

/// A request of the same tables as they are on a later version of the base.
fn on_a_later_base(house: &House, counts: &[u64]) -> Result<Request, ReleaseError> {
    let checked = crate::made::tables_of(counts, &SnapshotId::parse("s2").unwrap());
    house
        .desk()
        .request(house.author.signer(), &Dossier::of(&checked), house.now())
}

#[test]
fn one_person_more_than_in_the_release_before_is_refused() {
    let house = House::new();
    let old = in_state(&house, State::Released);
    let refused = on_a_later_base(&house, &[21, 30, 40]).unwrap_err();
    let diagnostic = refused.diagnostic();
    assert_eq!(diagnostic.code.id, "WDL-X160");
    let told = format!("{diagnostic:?}");
    assert!(told.contains(old.as_str()), "{told}");
    // The numbers that are out may stay.
    let checked = crate::made::tables_of(&[21, 30, 40], &SnapshotId::parse("s2").unwrap());
    let facts = Facts::default();
    let shown: Vec<_> = checked.iter().map(wdl_disclosure::Checked::get).collect();
    let mended = house
        .desk()
        .with_earlier(|ground, earlier| {
            let new = wdl_disclosure::between::Edition {
                name: String::new(),
                tables: shown.clone(),
                facts: &facts,
            };
            keep_earlier(ground, earlier, &new)
        })
        .unwrap()
        .unwrap()
        .checked(&checked);
    let asked = house
        .desk()
        .request(house.author.signer(), &Dossier::of(&mended), house.now());
    assert!(asked.is_ok());
    // Nobody more, or enough more: it may be asked for.
    assert!(on_a_later_base(&house, &[20, 30, 40]).is_ok());
    assert!(on_a_later_base(&house, &[20, 39, 40]).is_ok());
}

/// A release with hidden cells, and a request on the same version of the base that cannot hold beside it.
fn contradicting(house: &House) -> ReleaseId {
    let id = house.request(&tables(&[20, 2, 40])).id().clone();
    house.vote(&id, &house.first, Vote::Approve).unwrap();
    house.vote(&id, &house.second, Vote::Approve).unwrap();
    house.release(&id).unwrap();
    house.request(&more_people()).id().clone()
}

/// More people in all than the other breakdown has, on the same version of the base.
fn more_people() -> Vec<Checked<Table>> {
    crate::made::tables_by("zona", &[50, 40], &SnapshotId::parse("s1").unwrap())
}

#[test]
fn what_cannot_be_bounded_is_let_go_with_words_or_not_at_all() {
    let house = House::new();
    let id = contradicting(&house);
    let request = house.desk().read(&id).unwrap();
    assert_eq!(request.unproved().len(), 1);
    assert!(
        request.unproved()[0]
            .get(Lang::En)
            .contains("cannot hold together")
    );
    for vote in [Vote::Approve, Vote::ApproveIf] {
        let silent = house.vote(&id, &house.first, vote).unwrap_err();
        let diagnostic = silent.diagnostic();
        match vote {
            Vote::Approve => assert_eq!(diagnostic.code.id, "WDL-X163"),
            _ => assert_eq!(diagnostic.code.id, "WDL-A017"),
        }
    }
    // With words it may leave, and the signed rules beside the table say what was not bounded.
    house
        .opinion(&id, &house.first, with_words(Vote::Approve))
        .unwrap();
    house
        .opinion(&id, &house.second, with_words(Vote::ApproveIf))
        .unwrap();
    let release = house.release(&id).unwrap();
    let rules = release.tables()[0].rules().unwrap();
    let rules = String::from_utf8(rules.to_vec()).unwrap();
    assert!(rules.contains("\"populations_not_bounded\":1"));
}

#[test]
fn what_cannot_be_bounded_since_the_reviews_is_held_back() {
    let house = House::new();
    let late = house.request(&more_people()).id().clone();
    assert!(house.desk().read(&late).unwrap().unproved().is_empty());
    house.vote(&late, &house.first, Vote::Approve).unwrap();
    house.vote(&late, &house.second, Vote::Approve).unwrap();
    contradicting(&house);
    let held = house.release(&late).unwrap_err();
    assert_eq!(held.diagnostic().code.id, "WDL-X164");
}

#[test]
fn older_releases_of_what_was_taken_back_do_not_come_back() {
    let house = House::new();
    let old = in_state(&house, State::Released);
    let new = on_a_later_base(&house, &[20, 39, 40]).unwrap();
    house.record(&house.author, new.act(), new.digest());
    let id = new.id().clone();
    house.vote(&id, &house.first, Vote::Approve).unwrap();
    house.vote(&id, &house.second, Vote::Approve).unwrap();
    house.release(&id).unwrap();
    let shown = |house: &House| {
        let desk = house.desk();
        let standing = standing(desk.load_all().unwrap(), &desk.withdrawals().unwrap());
        let all = latest(&standing);
        all.iter()
            .map(|one| one.facts().id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(&house), [id.clone(), id.clone()]);
    house.withdraw(&id).unwrap();
    assert!(shown(&house).is_empty(), "{old} is over too");
}

#[test]
fn health_takes_one_reviewer_more() {
    let house = House::new();
    let checked = tables(&[20, 30, 40]);
    let source = |body: &str| {
        (
            BodyId::parse(body).unwrap(),
            DatasetId::parse("passi").unwrap(),
        )
    };
    for (body, needed) in [("comune", 2), ("ausl", 3)] {
        let dossier = Dossier {
            sources: vec![source(body)],
            ..Dossier::of(&checked)
        };
        let request = house
            .desk()
            .request(house.author.signer(), &dossier, house.now())
            .unwrap();
        house.record(&house.author, request.act(), request.digest());
        let id = request.id();
        house.vote(id, &house.first, Vote::Approve).unwrap();
        house.vote(id, &house.second, Vote::Approve).unwrap();
        assert_eq!(house.release(id).is_ok(), needed == 2, "{body}");
        if needed == 3 {
            house.vote(id, &house.third, Vote::Approve).unwrap();
            house.release(id).unwrap();
        }
    }
}

#[test]
fn a_request_says_why_and_for_which_purpose() {
    let house = House::new();
    let checked = tables(&[20, 30, 40]);
    let ask = |purposes: &[&str], why: &str| {
        let dossier = Dossier {
            context: Some(Context {
                purposes: purposes
                    .iter()
                    .map(|id| PurposeId::parse(id).unwrap())
                    .collect(),
                why: why.into(),
            }),
            ..Dossier::of(&checked)
        };
        house
            .desk()
            .request(house.author.signer(), &dossier, house.now())
    };
    let code = |asked: Result<Request, ReleaseError>| asked.unwrap_err().diagnostic().code.id;
    assert_eq!(code(ask(&["pubblicita"], "Perché sì")), "WDL-A018");
    assert_eq!(code(ask(&["casa"], " ")), "WDL-A017");
    assert_eq!(code(ask(&[], "Quante famiglie?")), "WDL-A017");
    assert_eq!(code(ask(&["casa"], &"a".repeat(501))), "WDL-A017");
    let request = ask(&["casa"], "Quante famiglie?").unwrap();
    house.record(&house.author, request.act(), request.digest());
    let read = house.desk().read(request.id()).unwrap();
    assert_eq!(read.context().unwrap().why, "Quante famiglie?");
    // A condition without words is none.
    let bare = house
        .vote(request.id(), &house.first, Vote::ApproveIf)
        .unwrap_err();
    assert_eq!(bare.diagnostic().code.id, "WDL-A017");
}

#[test]
fn every_released_table_carries_the_rules_applied_to_it() {
    let house = House::new();
    let id = in_state(&house, State::Conditional);
    let release = house.release(&id).unwrap();
    for released in release.tables() {
        let record: serde_json::Value = serde_json::from_slice(released.rules().unwrap()).unwrap();
        let body = &record["body"];
        assert_eq!(body["table"], released.digest().to_string());
        assert_eq!(body["minimum_frequency"], 5);
        assert_eq!(body["reviewers_required"], 2);
        assert_eq!(body["conditions"].as_array().unwrap().len(), 1);
        assert!(record["signature"].is_string());
    }
    assert_eq!(release.facts().conditions.len(), 1);
    let reviews: BTreeMap<_, _> = release
        .facts()
        .reviews
        .iter()
        .map(|one| (one.by.as_str(), one.on))
        .collect();
    assert_eq!(reviews.len(), 2);
}
