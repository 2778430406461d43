//! What is registered, and what differs from it later.

use wdl_study::{Registration, deviations};

use crate::made::{CALL, call};

#[test]
fn layout_and_comments_do_not_count() {
    let before = Registration::of(&call(CALL), "0.1.0");
    let other = CALL.replace("id: call", "# the call\nid:   call").replace(
        "cost: { each: \"1500.00\", source: { it: bilancio, en: budget } }",
        "cost:\n  source:\n    en: budget\n    it: bilancio\n  each: '1500.00'",
    );
    let after = Registration::of(&call(&other), "0.1.0");
    assert_eq!(before.digest(), after.digest());
    assert_eq!(Registration::read(&before.bytes()).unwrap(), before);
    assert!(deviations(&before, &call(&other), "0.1.0").is_empty());
    // The canonical form sorts its keys, whatever order they were written in.
    assert!(
        String::from_utf8(before.bytes())
            .unwrap()
            .starts_with("{\"code_version\":\"0.1.0\",\"methods\":")
    );
}

#[test]
fn every_word_that_counts_changes_the_digest_and_is_told() {
    let before = Registration::of(&call(CALL), "0.1.0");
    let changed = CALL
        .replace("{ kernel: uniform }", "{ kernel: epanechnikov }")
        .replace("FROM base.call\noutcomes", "FROM base.call WHERE age < 90\noutcomes")
        .replace("coverage: { it: tutti, en: all }", "coverage: { it: tutti, en: all }\ndeviations:\n  - key: robustness.uniform\n    reason: { it: un errore, en: a slip }\n");
    let after = call(&changed);
    assert_ne!(before.digest(), Registration::of(&after, "0.1.0").digest());
    let told = deviations(&before, &after, "0.2.0");
    let keys: Vec<&str> = told.iter().map(|own| own.key.as_str()).collect();
    assert_eq!(
        keys,
        ["frame", "program", "robustness.uniform.options.kernel"]
    );
    assert_eq!(told[2].registered.as_deref(), Some("uniform"));
    assert_eq!(told[2].now.as_deref(), Some("epanechnikov"));
    assert_eq!(
        told[2].reason.as_ref().map(|own| own.en.as_ref()),
        Some("a slip")
    );
    assert_eq!(
        (told[0].reason.clone(), told[1].now.as_deref()),
        (None, Some("0.2.0"))
    );
}

#[test]
fn one_taken_out_does_not_move_the_others() {
    let before = Registration::of(&call(CALL), "0.1.0");
    let from = CALL.find("  - id: uniform").unwrap();
    let to = CALL.find("  - id: difference").unwrap();
    let shorter = format!("{}{}", &CALL[..from], &CALL[to..]);
    let told = deviations(&before, &call(&shorter), "0.1.0");
    assert!(
        told.iter()
            .all(|own| own.key.starts_with("robustness.uniform.") && own.now.is_none())
    );
    assert!(!told.is_empty());
}

#[test]
fn numbers_of_a_simulation_are_as_they_were_registered() {
    let simulated = CALL.replace(
        "  method: power\n  basis: { it: deviazione 0.4, en: deviation 0.4 }\n  options: { design: discontinuity, deviation: 0.4 }",
        "  simulation: { level: 1, deviation: 2, between: 0.5 }\n  basis: { it: supposta, en: assumed }",
    );
    assert_ne!(simulated, CALL);
    let bytes = Registration::of(&call(&simulated), "0.1.0").bytes();
    let kept = Registration::read(&bytes).unwrap();
    assert!(deviations(&kept, &call(&simulated), "0.1.0").is_empty());
    let changed = call(&simulated.replace("level: 1", "level: 3"));
    let told = deviations(&kept, &changed, "0.1.0");
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].registered.as_deref(), told[0].now.as_deref()),
        (Some("1"), Some("3"))
    );
}
