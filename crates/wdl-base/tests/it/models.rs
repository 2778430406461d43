//! What a model may say, and how it is told what it may not.

use std::path::Path;

use wdl_base::{Grain, ModelError, Models};
use wdl_frame::SqlError;
use wdl_vocab::Diagnose;

use crate::city::{contracts, models};

const HEADER: &str = "-- label.it: a\n-- label.en: a\n-- key: person\n-- period: quarter\n\n";

fn read(files: &[(&str, &str)]) -> Result<Models, ModelError> {
    let lab = tempfile::tempdir().unwrap();
    std::fs::create_dir(lab.path().join("base")).unwrap();
    for (name, text) in files {
        std::fs::write(lab.path().join("base").join(name), text).unwrap();
    }
    Models::read(lab.path(), &contracts())
}

fn check(files: &[(&str, &str)], is_right: impl Fn(&ModelError) -> bool) {
    let fault = read(files).err().unwrap();
    assert!(is_right(&fault), "{fault:?}");
    assert!(fault.diagnostic().code.id.starts_with("WDL-"), "{fault:?}");
}

#[test]
fn the_models_of_the_lab_are_read_each_after_those_it_reads() {
    let models = models();
    let names: Vec<String> = models
        .iter()
        .map(|model| model.name().to_string())
        .collect();
    let place = |name: &str| names.iter().position(|known| known == name).unwrap();
    assert!(place("base.person_period") < place("base.household_period"));
    assert!(place("base.person_year") < place("base.household_year"));
    for model in models.iter() {
        assert!(!model.label().get(wdl_vocab::Lang::It).is_empty());
        assert!(model.schema().fields().len() > 1, "{}", model.name());
        let table = &model.name().table;
        let is_year = table.ends_with("_year") || table == "rent_support_call";
        assert_eq!(model.grain() == Grain::Year, is_year, "{}", model.name());
    }
}

#[test]
fn headers_must_be_there_and_right() {
    let body = "SELECT person FROM register.comune_residenti";
    check(&[("a.sql", body)], |fault| {
        matches!(fault, ModelError::HeaderMissing { name: "period", .. })
    });
    check(
        &[("a.sql", &format!("-- lable.it: x\n{body}"))],
        |fault| matches!(fault, ModelError::HeaderUnknown { meant: Some(meant), line: 1, .. } if meant == "label.it"),
    );
    check(
        &[(
            "a.sql",
            &format!("{}{body}", HEADER.replace("quarter", "month")),
        )],
        |fault| {
            matches!(
                fault,
                ModelError::HeaderValue {
                    name: "period",
                    line: 4,
                    ..
                }
            )
        },
    );
    check(
        &[(
            "a.sql",
            &format!("{}{body}", HEADER.replace("key: person", "key: persona")),
        )],
        |fault| matches!(fault, ModelError::KeyColumn { column, .. } if column == "persona"),
    );
    assert!(matches!(
        Models::read(Path::new("/nowhere"), &contracts()),
        Err(ModelError::Unreadable { .. })
    ));
}

#[test]
fn circles_strangers_and_grains_are_refused() {
    let model = |from: &str| format!("{HEADER}SELECT person FROM {from}");
    check(
        &[
            ("a.sql", &model("base.b")),
            ("b.sql", &model("base.c")),
            ("c.sql", &model("base.b")),
        ],
        |fault| matches!(fault, ModelError::Cycle { circle } if circle == &["base.b", "base.c", "base.b"]),
    );
    check(&[("a.sql", &model("base.a"))], |fault| {
        matches!(fault, ModelError::Cycle { .. })
    });
    check(
        &[("a.sql", &model("register.comune_residneti"))],
        |fault| matches!(fault, ModelError::Sql(SqlError::UnknownTable { meant: Some(meant), line: 6, .. }) if meant == "register.comune_residenti"),
    );
    check(
        &[("a.sql", &model("register.comune_redditi"))],
        |fault| matches!(fault, ModelError::Grain { table, .. } if table == "register.comune_redditi"),
    );
    check(
        &[("a.sql", &model("history.comune_redditi"))],
        |fault| matches!(fault, ModelError::Grain { table, .. } if table == "history.comune_redditi"),
    );
    // An episode is seen from its beginning on anyway.
    check(&[("a.sql", &model("history.comune_residenti"))], |fault| {
        matches!(fault, ModelError::Sql(SqlError::UnknownTable { .. }))
    });
    let yearly = model("register.comune_redditi").replace("quarter", "year");
    check(
        &[("a.sql", &yearly), ("b.sql", &model("base.a"))],
        |fault| matches!(fault, ModelError::Grain { .. }),
    );
    check(
        &[(
            "a.sql",
            &format!("{HEADER}SELECT persn AS person FROM register.comune_residenti"),
        )],
        |fault| matches!(fault, ModelError::Sql(SqlError::UnknownColumn { meant: Some(meant), .. }) if meant == "person"),
    );
    check(
        &[(
            "a.sql",
            &format!("{HEADER}DELETE FROM register.comune_residenti"),
        )],
        |fault| matches!(fault, ModelError::Sql(SqlError::NotOneSelect { .. })),
    );
}
