//! The way from a request to a release, and who is turned back on it.

use wdl_release::{Dossier, Progress, ReleaseError, Vote, latest};
use wdl_vocab::{Diagnose as _, Exit, ReleaseId};

use crate::made::{House, Office, tables};

#[test]
fn two_others_agree_and_it_is_out() {
    let house = House::new();
    let checked = tables(&[2, 30, 40]);
    let request = house.request(&checked);
    let id = request.id().clone();
    assert_eq!(house.desk().requests(), std::slice::from_ref(&id));
    assert!(
        house
            .desk()
            .read(&id)
            .unwrap()
            .tables()
            .eq(checked.iter().map(|each| each.get()))
    );

    // Nothing is out before both have voted, and the desk does not tell how the first did.
    let waiting = |votes| Progress::Waiting { votes, needed: 2 };
    assert_eq!(house.desk().progress(&id).unwrap(), waiting(0));
    house.vote(&id, &house.first, Vote::Approve).unwrap();
    assert_eq!(house.desk().progress(&id).unwrap(), waiting(1));
    let early = house.release(&id).unwrap_err();
    assert_eq!(
        (early.diagnostic().code.id, early.diagnostic().code.exit),
        ("WDL-A005", Exit::Waiting)
    );
    assert!(house.desk().load_all().unwrap().is_empty());

    house.vote(&id, &house.second, Vote::Approve).unwrap();
    assert_eq!(house.desk().progress(&id).unwrap(), Progress::Approved);
    let made = house.release(&id).unwrap();
    assert_eq!(house.desk().progress(&id).unwrap(), Progress::Released);

    let loaded = house.desk().load_all().unwrap();
    assert_eq!(loaded.len(), 1);
    assert_eq!(loaded[0].facts(), made.facts());
    let facts = loaded[0].facts();
    assert_eq!(facts.requested_by.as_str(), "analisi");
    let reviewers: Vec<&str> = facts
        .reviews
        .iter()
        .map(|review| review.by.as_str())
        .collect();
    assert_eq!(reviewers, ["revisione_comune", "revisione_ausl"]);
    assert_eq!(facts.released_by.as_str(), "gestione_dati");
    let public = latest(&loaded);
    for (released, checked) in public.iter().zip(&checked) {
        assert_eq!(released.get(), checked.get());
        assert_eq!(released.digest(), checked.get().digest());
        assert_eq!(released.facts().id, id);
    }
    assert_eq!(public.len(), 2);
}

#[test]
fn the_newer_release_of_a_table_holds() {
    let house = House::new();
    let old = house.released();
    let new = house.request(&tables(&[21, 31, 41])[..1]).id().clone();
    house.vote(&new, &house.second, Vote::Approve).unwrap();
    house.vote(&new, &house.third, Vote::Approve).unwrap();
    house.release(&new).unwrap();
    let loaded = house.desk().load_all().unwrap();
    let ids: Vec<&ReleaseId> = latest(&loaded)
        .iter()
        .map(|each| &each.facts().id)
        .collect();
    assert_eq!(ids, [&old, &new]);
}

#[test]
fn who_may_not_is_turned_back() {
    let house = House::new();
    let id = house.request(&tables(&[20, 30])).id().clone();
    let code =
        |done: Result<_, ReleaseError>| done.map(|_: ()| ()).unwrap_err().diagnostic().code.id;
    let vote = |office: &Office| house.vote(&id, office, Vote::Approve).map(drop);

    // Neither the author nor the manager is a reviewer under the agreement.
    assert!(matches!(vote(&house.author), Err(ReleaseError::Refused(_))));
    assert!(matches!(
        vote(&house.manager),
        Err(ReleaseError::Refused(_))
    ));
    // A reviewer does not ask, and does not release.
    let asked = house.desk().request(
        house.first.signer(),
        &Dossier::of(&tables(&[20, 30])),
        house.now(),
    );
    assert!(matches!(asked, Err(ReleaseError::Refused(_))));
    let let_out = house.desk().release(&id, house.first.signer(), house.now());
    assert!(matches!(let_out, Err(ReleaseError::Refused(_))));
    // A key that is not the office's.
    assert_eq!(code(vote(&Office::new("revisione_comune"))), "WDL-A003");
    assert_eq!(code(vote(&Office::new("nessuno"))), "WDL-A010");
    // The same reviewer twice.
    vote(&house.first).unwrap();
    assert_eq!(code(vote(&house.first)), "WDL-A002");
    // No more votes than are needed.
    vote(&house.second).unwrap();
    assert_eq!(code(vote(&house.third)), "WDL-A008");
    // What does not exist, what is empty.
    let unknown = ReleaseId::parse("0123456789abcdef").unwrap();
    assert_eq!(code(house.release(&unknown).map(drop)), "WDL-A007");
    let empty = house
        .desk()
        .request(house.author.signer(), &Dossier::of(&[]), house.now());
    assert_eq!(code(empty.map(drop)), "WDL-A009");
    // Released once.
    house.release(&id).unwrap();
    assert_eq!(code(house.release(&id).map(drop)), "WDL-A008");
}

/// The third office, known to the lab with the key of another.
fn third_with_the_key_of(house: &mut House, of: fn(&House) -> &Office) -> Office {
    let bytes = house.root.path().join("copy.key");
    of(house).key.write(&bytes).unwrap();
    let double = Office {
        actor: house.third.actor.clone(),
        key: wdl_crypto::SigningKey::read(&bytes).unwrap(),
    };
    house
        .keys
        .add(double.actor.clone(), double.key.verifying_key());
    double
}

#[test]
fn rel_self_review_by_the_author_or_the_same_key_is_refused() {
    let mut house = House::new();
    // The agreement gives the author's office the role of a reviewer too.
    let author = house.author.actor.clone();
    let person = house
        .lab
        .people
        .iter_mut()
        .find(|actor| actor.id == author)
        .unwrap();
    person.roles.push(wdl_protocol::Role::Reviewer);
    let id = house.request(&tables(&[20, 30])).id().clone();
    let own = house.vote(&id, &house.author, Vote::Approve).unwrap_err();
    assert_eq!(own.diagnostic().code.id, "WDL-A001");
    // Nor under another office with the same key.
    let double = third_with_the_key_of(&mut house, |house| &house.author);
    let again = house.vote(&id, &double, Vote::Approve).unwrap_err();
    assert_eq!(again.diagnostic().code.id, "WDL-A001");
}

#[test]
fn rel_double_vote_with_one_key_under_two_offices_is_refused() {
    let mut house = House::new();
    let id = house.request(&tables(&[20, 30])).id().clone();
    house.vote(&id, &house.first, Vote::Approve).unwrap();
    let double = third_with_the_key_of(&mut house, |house| &house.first);
    let again = house.vote(&id, &double, Vote::Approve).unwrap_err();
    assert!(
        matches!(again, ReleaseError::VotedAlready { .. }),
        "{again:?}"
    );
}

#[test]
fn one_vote_against_is_enough() {
    let house = House::new();
    let id = house.request(&tables(&[20, 30])).id().clone();
    house.vote(&id, &house.first, Vote::Reject).unwrap();
    // The second reviewer is not told.
    assert_eq!(
        house.desk().progress(&id).unwrap(),
        Progress::Waiting {
            votes: 1,
            needed: 2
        }
    );
    house.vote(&id, &house.second, Vote::Approve).unwrap();
    assert_eq!(house.desk().progress(&id).unwrap(), Progress::Rejected);
    let refused = house.release(&id).unwrap_err();
    assert_eq!(refused.diagnostic().code.id, "WDL-A006");
}
