//! What of a study leaves, and what does not.

use wdl_protocol::{DisclosureRules, Rule};
use wdl_result::study::{Part, StudyFace};
use wdl_result::{Cell, Status, Table};
use wdl_study::{Protected, protect, run};

use crate::made::{CALL, DESK, areas, call, context, read, rows, scope};

fn rules() -> DisclosureRules {
    DisclosureRules::uniform(Rule {
        suppress_zero: false,
        ..Rule::default()
    })
}

fn table(protected: &Protected, part: Part) -> &Table {
    let is_it = |table: &&Table| {
        table
            .header
            .study
            .as_ref()
            .is_some_and(|own| own.part == part)
    };
    let mut tables = protected.tables.iter().map(wdl_disclosure::Checked::get);
    tables.find(is_it).unwrap()
}

fn of_run<'t>(table: &'t Table, run: &str) -> Vec<&'t Cell> {
    let cells = table.cells.iter();
    cells
        .filter(|cell| cell.keys.first().and_then(Option::as_deref) == Some(run))
        .collect()
}

fn is_hidden(cell: &Cell) -> bool {
    let is_empty = cell.estimate.is_none() && cell.n.is_none() && cell.standard_error.is_none();
    cell.status == Status::SuppressedPrimary && is_empty
}

fn face(protected: &Protected) -> StudyFace {
    let header = &table(protected, Part::Effects).header;
    *header.study.clone().unwrap().face.unwrap()
}

fn protected(text: &str, count: usize, of_c: usize) -> Protected {
    let study = call(text);
    let ran = run(&study, &[scope(&rows(count, of_c), true)], &context()).unwrap();
    protect(&study, ran, &rules(), &[]).unwrap()
}

#[test]
fn large_groups_leave() {
    let own = protected(CALL, 600, 80);
    assert!(
        table(&own, Part::Effects)
            .cells
            .iter()
            .all(|cell| !is_hidden(cell))
    );
    let parts: Vec<Part> = own
        .tables
        .iter()
        .map(|own| own.get().header.study.as_ref().unwrap().part)
        .collect();
    assert_eq!(parts[0], Part::Effects);
    assert!(face(&own).power.is_some());
}

#[test]
fn a_small_group_never_leaves_in_any_table() {
    let own = protected(CALL, 600, 3);
    for part in [Part::Effects, Part::PValues] {
        let of_c = of_run(table(&own, part), "origin.c");
        assert!(
            !of_c.is_empty() && of_c.iter().all(|cell| is_hidden(cell)),
            "{part:?}"
        );
        // Another group is hidden with it: the rest is known, and would leave it by subtraction.
        let others = ["origin.a", "origin.b"].map(|run| of_run(table(&own, part), run));
        let hidden = others
            .iter()
            .filter(|cells| cells.iter().all(|cell| is_hidden(cell)));
        assert!(hidden.count() >= 1, "{part:?}");
        assert!(
            of_run(table(&own, part), "main")
                .iter()
                .all(|cell| !is_hidden(cell))
        );
    }
}

#[test]
fn a_treatment_that_few_have_gives_nothing() {
    let mut few = rows(600, 80);
    let mut kept = 0;
    for at in 0..600 {
        // Three rows above the cut-off are used; the others have no outcome.
        if few.funded[at] == 1 {
            kept += 1;
            if kept > 3 {
                few.notice[at] = None;
            }
        }
    }
    let text = CALL.replace("    method: regression\n", "    method: difference\n");
    let text = text.replace(
        "  method: rd\n  options: { running: distance, cutoff: 0 }\nassumptions",
        "  method: regression\n  options: { treatment: [funded] }\n  estimate: funded\nassumptions",
    );
    let text = text.replace("options: { kernel: uniform }", "options: { variance: hc3 }");
    let text = text.replace(
        "options: { treatment: [funded] }\n    estimate: funded",
        "options: { treatment: funded }",
    );
    let study = call(&text);
    let ran = run(&study, &[scope(&few, true)], &context()).unwrap();
    let own = protect(&study, ran, &rules(), &[]).unwrap();
    for part in [Part::Effects, Part::PValues] {
        // Where nobody has it there is no estimate; where few do it is hidden.
        let table = table(&own, part);
        assert!(
            table.cells.iter().all(|cell| cell.estimate.is_none()),
            "{part:?}"
        );
        assert!(of_run(table, "main").iter().all(|cell| is_hidden(cell)));
    }
    assert!(table(&own, Part::Means).cells.iter().any(is_hidden));
    assert!(face(&own).power.is_none());
}

#[test]
fn times_of_few_events_are_hidden_one_by_one() {
    let studies = read("desk.yaml", DESK).unwrap();
    let study = studies.get("desk").unwrap();
    let shown = |few: i64| {
        let ran = run(study, &[areas(few)], &context()).unwrap();
        let own = protect(study, ran, &rules(), &[]).unwrap();
        let times = table(&own, Part::Times);
        times.cells.iter().filter(|cell| is_hidden(cell)).count()
    };
    assert_eq!(shown(9), 0);
    let studies = read("desk.yaml", &DESK.replace("first_quarter, adopts", "CASE WHEN first_quarter = 7 THEN first_quarter END AS first_quarter, CASE WHEN first_quarter = 7 THEN 1 ELSE 0 END AS adopts")).unwrap();
    let study = studies.get("desk").unwrap();
    let ran = run(study, &[areas(1)], &context()).unwrap();
    let own = protect(study, ran, &rules(), &[]).unwrap();
    let times = table(&own, Part::Times);
    // Four areas with a notice each: four from the opening on.
    let hidden: Vec<&str> = times
        .cells
        .iter()
        .filter(|cell| is_hidden(cell) && cell.keys[2].as_deref() == Some("estimate"))
        .filter_map(|cell| cell.keys[1].as_deref())
        .collect();
    assert_eq!(hidden, ["0", "1", "2", "3"]);
}

#[test]
fn warnings_that_name_few_stay() {
    use wdl_vocab::Text;
    let own = protected(CALL, 600, 80);
    let all = face(&own);
    let words: Vec<&Text> = all.warnings.iter().chain(&all.conventions).collect();
    for text in words {
        for word in text.en.split_whitespace() {
            let few = word
                .trim_matches(|sign: char| !sign.is_ascii_digit())
                .parse::<u64>();
            let is_alone = word.chars().all(|sign| sign.is_ascii_digit());
            assert!(
                !(is_alone && few.is_ok_and(|few| (1..5).contains(&few))),
                "{text:?}"
            );
        }
    }
}
