//! The rules of disclosure and the table of permissions, beyond one lab.

use wdl_protocol::{
    Act, Counted, DisclosureRules, MinimumFrequency, ReviewersRequired, Role, Rule, Thousandths,
    TooLow,
};
use wdl_vocab::{BodyId, DatasetId, Diagnose, Exit};

use crate::folder::shipped;

fn source(body: &str, dataset: &str) -> (BodyId, DatasetId) {
    (
        BodyId::parse(body).unwrap(),
        DatasetId::parse(dataset).unwrap(),
    )
}

#[test]
fn no_threshold_goes_under_three() {
    assert_eq!(MinimumFrequency::new(2), Err(TooLow(2)));
    assert_eq!(MinimumFrequency::new(3).map(MinimumFrequency::get), Ok(3));
    assert_eq!(ReviewersRequired::new(1), None);
}

#[test]
fn silence_is_strict() {
    let rule = DisclosureRules::default().general();
    assert_eq!(rule, Rule::default());
    assert!(rule.suppress_zero && rule.suppress_hundred_percent);
}

#[test]
fn the_strictest_rule_of_all_sources_holds() {
    let rules = shipped().disclosure;
    let frequency =
        |sources: &[(BodyId, DatasetId)]| rules.for_table(sources, &[]).minimum_frequency.get();
    let registry = source("comune", "residenti");
    let accidents = source("inail", "infortuni");
    assert_eq!(frequency(&[]), 5);
    assert_eq!(frequency(std::slice::from_ref(&registry)), 5);
    assert_eq!(frequency(std::slice::from_ref(&accidents)), 10);
    assert_eq!(frequency(&[registry, accidents]), 10);
    assert_eq!(frequency(&[source("ausl", "passi")]), 10);
}

#[test]
fn a_refusal_says_who_can_lift_it() {
    let lab = shipped();
    for (role, act, code) in [
        (Role::Public, Act::ReadDraft, "WDL-G024"),
        (Role::Author, Act::Receive, "WDL-G025"),
        (Role::Reviewer, Act::Publish, "WDL-G026"),
    ] {
        let diagnostic = lab.may(role, act).unwrap_err().diagnostic();
        assert_eq!(diagnostic.code.id, code, "{role} {act}");
        assert_eq!(diagnostic.code.exit, Exit::Refused);
    }
}

#[test]
fn indicators_that_count_the_same_units_are_named_with_what_they_count() {
    let rules = shipped().disclosure;
    let counted = |name: &str| {
        let all = rules.same_units().iter().flatten();
        let mut ours = all.filter(|(id, _)| id.as_str() == name);
        ours.next().map(|(_, counted)| counted.clone())
    };
    let paid = counted("rent_support_paid").unwrap();
    assert_eq!(paid.n["rent_support_outcome"], ["A", "P"]);
    assert_eq!(paid.with.unwrap()["rent_support_outcome"], ["P"]);
    assert_eq!(counted("gini"), Some(Counted::default()));
    assert_eq!(counted("residents"), None);
}

#[test]
fn an_indicator_may_be_rounded_instead_of_hidden() {
    let copy = crate::folder::Copy::that_hides();
    copy.edit(
        crate::folder::LAB,
        "  methods: []\n",
        "  methods:\n    - { indicator: residents, method: controlled_rounding, base: 10 }\n",
    );
    let rules = copy.read().unwrap().disclosure;
    let residents = wdl_vocab::IndicatorId::parse("residents").unwrap();
    assert_eq!(
        rules.methods().get(&residents),
        Some(&wdl_protocol::Method::ControlledRounding { base: 10 })
    );
}

#[test]
fn noise_may_be_paid_for_from_the_budget_of_a_population() {
    let copy = crate::folder::Copy::that_hides();
    let lab = crate::folder::LAB;
    copy.edit(
        lab,
        "  methods: []\n",
        "  methods:\n    - { indicator: residents, method: differential_privacy, epsilon: 0.25, population: residents }\n",
    );
    copy.edit(
        lab,
        "  budgets: []\n",
        "  budgets: [{ population: residents, epsilon: 4 }]\n",
    );
    let rules = copy.read().unwrap().disclosure;
    let residents = wdl_vocab::IndicatorId::parse("residents").unwrap();
    let expected = wdl_protocol::Method::DifferentialPrivacy {
        epsilon: Thousandths::new(0.25).unwrap(),
        population: "residents".into(),
        contributions: 1,
    };
    assert_eq!(rules.methods().get(&residents), Some(&expected));
    assert_eq!(rules.budgets()["residents"].value(), 4.0);
}

#[test]
fn a_price_has_three_decimals_at_most_and_is_above_nought() {
    for (value, thousandths) in [(0.001, 1), (0.3, 300), (1000.0, 1_000_000)] {
        assert_eq!(Thousandths::new(value).unwrap().get(), thousandths);
    }
    for value in [0.0, -1.0, 0.0005, 0.3001, 1000.001, f64::NAN, f64::INFINITY] {
        assert!(Thousandths::new(value).is_err(), "{value}");
    }
}
