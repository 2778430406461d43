//! What is in force among deliveries that correct, complete and cancel each other.

use wdl_delivery::{DeliveryKind, Dispatched, Scope, standing};
use wdl_vocab::DeliveryId;

struct One(DeliveryId, DeliveryKind);

impl Dispatched for One {
    fn delivery(&self) -> &DeliveryId {
        &self.0
    }

    fn kind(&self) -> &DeliveryKind {
        &self.1
    }
}

fn id(name: &str) -> DeliveryId {
    DeliveryId::parse(name).unwrap()
}

fn ordinary(name: &str) -> One {
    One(id(name), DeliveryKind::ORDINARY)
}

fn corrects(name: &str, of: &str, scope: Scope) -> One {
    One(id(name), DeliveryKind::Substitutive { of: id(of), scope })
}

fn cancels(name: &str, of: &str) -> One {
    One(id(name), DeliveryKind::Cancelling { of: id(of) })
}

/// The deliveries in force, each with the one it completes.
fn left(received: &[One]) -> Vec<(String, Option<String>)> {
    let all = standing(received).into_iter();
    all.map(|one| {
        (
            one.delivery.0.to_string(),
            one.completes.map(ToString::to_string),
        )
    })
    .collect()
}

fn shown(names: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
    let owned = names.iter();
    owned
        .map(|(name, of)| ((*name).to_owned(), of.map(str::to_owned)))
        .collect()
}

#[test]
fn a_whole_one_takes_away_what_completed_the_one_it_replaces() {
    let mut received = vec![
        ordinary("a"),
        corrects("b", "a", Scope::Rejected),
        corrects("c", "b", Scope::Rejected),
    ];
    let all = [("a", None), ("b", Some("a")), ("c", Some("b"))];
    assert_eq!(left(&received), shown(&all));
    received.push(corrects("d", "a", Scope::Whole));
    assert_eq!(left(&received), shown(&[("d", None)]));
    received.push(cancels("e", "d"));
    assert_eq!(left(&received), []);
}

#[test]
fn a_completing_one_is_replaced_by_one_that_completes_the_same() {
    let received = [
        ordinary("a"),
        corrects("b", "a", Scope::Rejected),
        corrects("c", "b", Scope::Whole),
    ];
    assert_eq!(left(&received), shown(&[("a", None), ("c", Some("a"))]));
}
