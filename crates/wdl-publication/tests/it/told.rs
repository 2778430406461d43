//! What pages say where a figure is hidden, old, alone, or all by construction.

use wdl_publication::{PublicationFile, Site};
use wdl_result::{
    Additivity, Category, Cell, Dimension, Draft, Header, Protection, Status, Table, Unit,
};
use wdl_vocab::{IndicatorId, Period, Text};

use crate::{invented, released};

fn header(id: &str, title: Text, unit: Unit, additivity: Additivity, statistic: &str) -> Header {
    let kinds = invented::kinds();
    let Draft(table) = invented::drafts(&kinds[1], true).remove(0);
    Header {
        indicator: IndicatorId::parse(id).unwrap(),
        theme: "casa".to_owned(),
        title,
        unit,
        decimals: if unit == Unit::Share { 1 } else { 0 },
        additivity,
        statistic: statistic.to_owned(),
        ..table.header
    }
}

/// A cell: period, category, value and units, units with the property; without a value its source did not arrive.
fn cell(year: i16, key: Option<&str>, value: Option<(f64, u64)>, with: Option<u64>) -> Cell {
    Cell {
        period: Period::Year(year),
        keys: key.map(|key| Some(key.to_owned())).into_iter().collect(),
        estimate: value.map(|(value, _)| value),
        standard_error: None,
        n: value.map(|(_, n)| n),
        n_with: with,
        coverage: None,
        status: value.map_or(Status::NotCollected, |_| Status::Value),
    }
}

/// A count that may be shown in 2020, never after, and whose source did not arrive for 2024.
fn hidden() -> Vec<Draft<Table>> {
    let title = Text::fixed("Sfratti", "Evictions");
    let counts = [(2020, 30.0), (2021, 2.0), (2022, 1.0), (2023, 2.0)];
    let mut cells: Vec<Cell> = counts
        .iter()
        .map(|(year, count)| cell(*year, None, Some((*count, *count as u64)), None))
        .collect();
    cells.push(cell(2024, None, None, None));
    vec![Draft(Table {
        header: header("hidden", title, Unit::Acts, Additivity::Count, "count/1"),
        dimensions: Vec::new(),
        cells,
    })]
}

fn dimension(id: &str, label: Text, categories: &[(&str, Text)]) -> Dimension {
    let categories = categories.iter().map(|(id, label)| Category {
        id: (*id).to_owned(),
        label: label.clone(),
    });
    Dimension {
        id: id.to_owned(),
        label,
        categories: categories.collect(),
    }
}

/// A survey without a total, of which one group alone may be shown; its title names its groups.
fn alone() -> Vec<Draft<Table>> {
    let title = Text::fixed(
        "Malattie croniche, per difficoltà economiche",
        "Chronic disease, by economic difficulty",
    );
    let groups = [
        ("many", Text::fixed("molte", "many")),
        ("none", Text::fixed("nessuna", "none")),
    ];
    let label = Text::fixed("Difficoltà economiche", "Economic difficulty");
    vec![Draft(Table {
        header: header("alone", title, Unit::Share, Additivity::Share, "given/1"),
        dimensions: vec![dimension("difficulty", label, &groups)],
        cells: vec![
            cell(2024, Some("many"), Some((0.5, 4)), Some(2)),
            cell(2024, Some("none"), Some((0.2, 1_000)), Some(200)),
        ],
    })]
}

/// What halves of the population have of a total.
fn parts() -> Vec<Draft<Table>> {
    let title = Text::fixed("Come si divide il reddito", "How income is shared");
    let header = header(
        "parts",
        title,
        Unit::Share,
        Additivity::None,
        "part_of_total/1",
    );
    let groups = [
        ("1", Text::fixed("più poveri", "poorer")),
        ("2", Text::fixed("più ricchi", "richer")),
    ];
    let label = Text::fixed("Metà", "Half");
    let total = Cell {
        keys: vec![None],
        ..cell(2024, None, Some((1.0, 2_000)), None)
    };
    vec![
        Draft(Table {
            header: header.clone(),
            dimensions: Vec::new(),
            cells: vec![cell(2024, None, Some((1.0, 2_000)), None)],
        }),
        Draft(Table {
            header,
            dimensions: vec![dimension("half", label, &groups)],
            cells: vec![
                total,
                cell(2024, Some("1"), Some((0.25, 1_000)), None),
                cell(2024, Some("2"), Some((0.75, 1_000)), None),
            ],
        }),
    ]
}

fn site(summary: [&str; 2], body: [&str; 2]) -> Site {
    let known = released::released(vec![hidden(), alone(), parts()], true);
    let mut input = known.input();
    let file = |name: &str, place: usize| PublicationFile {
        name: name.to_owned(),
        text: format!(
            "---\ntitle: Casa\nkind: theme\nsummary: {}\n---\n\n{}\n",
            summary[place], body[place]
        ),
    };
    input.publications = vec![file("casa.it.md", 0), file("casa.en.md", 1)];
    Site::make(&input).unwrap()
}

fn text(site: &Site, path: &str) -> String {
    String::from_utf8(site.files()[path].clone()).unwrap()
}

#[track_caller]
fn says(page: &str, words: &str) {
    assert!(page.contains(words), "`{words}` in\n{page}");
}

const PLAIN: [&str; 2] = ["Una casa.", "A home."];

#[test]
fn a_figure_that_is_hidden_is_not_one_that_did_not_come_and_no_old_one_passes_for_it() {
    let site = site(PLAIN, ["{{tiles hidden}}", "{{tiles hidden}}"]);
    let theme = text(&site, "it/temi/casa.html");
    says(
        &theme,
        "<strong class=\"wdl-hidden\">soppresso</strong> nel 2023",
    );
    says(&theme, "L’ultimo dato pubblicato era 30, nel 2020.");
    assert!(!theme.contains("non ancora pubblicato"));
    let page = text(&site, "en/indicators/hidden.html");
    says(
        &page,
        "suppressed</strong> in 2023. The last figure published was 30, in 2020.",
    );
    let home = text(&site, "en/index.html");
    says(&home, "<strong class=\"wdl-hidden\">suppressed</strong>");
}

/// A count of two years that was changed instead of hiding small ones.
fn changed(id: &str, protection: Protection, error: Option<f64>) -> Vec<Draft<Table>> {
    let title = Text::fixed("Traslochi", "Moves");
    let counts = [(2023, 40.0), (2024, 45.0)];
    let cells = counts.map(|(year, count)| Cell {
        standard_error: error,
        ..cell(year, None, Some((count, count as u64)), None)
    });
    let header = Header {
        protection: Some(protection),
        ..header(id, title, Unit::Households, Additivity::Count, "count/1")
    };
    vec![Draft(Table {
        header,
        dimensions: Vec::new(),
        cells: cells.into(),
    })]
}

#[test]
fn a_number_that_was_changed_says_so_and_by_how_much() {
    let rounding = Protection::ControlledRounding { base: 5, steps: 0 };
    let keys = Protection::CellKeys {
        deviation: 8,
        variance_thousandths: 7_000,
    };
    let known = released::released(
        vec![
            changed("rounded", rounding, None),
            changed("keyed", keys, Some(7_f64.sqrt())),
        ],
        true,
    );
    let mut input = known.input();
    input.publications.clear();
    let site = Site::make(&input).unwrap();
    let at_most = |away: u32| {
        format!("Il numero è modificato un poco per riservatezza: dista dal vero al più {away}.")
    };
    for (id, words, short, method, away) in [
        (
            "rounded",
            at_most(4),
            "tutti, ciascuno al più di 4",
            "controlled_rounding",
            "4",
        ),
        (
            "keyed",
            at_most(8),
            "tutti, ciascuno al più di 8",
            "cell_keys",
            "8",
        ),
    ] {
        let page = text(&site, &format!("it/indicatori/{id}.html"));
        // A difference of 5 may be what both were changed by.
        says(
            &page,
            "<strong class=\"wdl-big\">circa 45</strong> nel 2024. Un anno prima era 40: 5 in più (+12%). La differenza rientra nell’incertezza della misura.",
        );
        says(&page, &words);
        says(&page, short);
        says(&page, "(numeri modificati per riservatezza)");
        let svg = text(&site, &format!("data/{id}/total.en.svg"));
        says(&svg, "(numbers changed for confidentiality)");
        let csv = text(&site, &format!("data/{id}/total.csv"));
        says(&csv, ",status,protection,distance_max,unit,");
        says(&csv, &format!(",value,{method},{away},households,"));
        let json = text(&site, &format!("data/{id}/total.en.json"));
        says(&json, &format!("\"method\":\"{method}\""));
    }
    says(&text(&site, "it/index.html"), "circa 45");
    says(
        &text(&site, "en/data.html"),
        "cells · numbers changed for confidentiality",
    );
    let index = text(&site, "index.json");
    assert_eq!(index.matches("\"protection\"").count(), 2);
}

#[test]
fn one_group_has_nothing_lower_or_higher_and_a_title_names_its_groups_once() {
    let site = site(PLAIN, PLAIN);
    let page = text(&site, "en/indicators/alone.html");
    says(
        &page,
        "20.0%</strong> in 2024 for “none”, the only group published.",
    );
    assert!(!page.contains("lowest") && !page.contains("highest"));
    assert!(!page.contains("by economic difficulty by economic"));
    assert!(!page.contains("by economic difficulty: by economic"));
    let page = text(&site, "it/indicatori/alone.html");
    says(&page, "Malattie croniche, per difficoltà economiche, 2024");
}

#[test]
fn a_total_that_is_all_by_construction_is_no_finding_and_no_line() {
    let site = site(PLAIN, ["{{tiles parts}}", "{{tiles parts}}"]);
    let page = text(&site, "it/indicatori/parts.html");
    says(&page, "25,0%–75,0%</strong> nel 2024");
    assert!(!page.contains("100,0%</strong>"));
    assert!(!page.contains("id=\"t-total-w\""), "no line of the total");
    assert!(!site.files().contains_key("data/parts/total.it.svg"));
    says(
        &text(&site, "it/temi/casa.html"),
        "25,0%–75,0%</strong> per metà, 2024",
    );
}

#[test]
fn a_figure_in_a_sentence_has_its_period_once() {
    let body = "Sono {{value hidden}}.\n\nNel {{period hidden}} erano {{value hidden}}; nel {{period parts}} no: {{value alone where=none}}.";
    let site = site(PLAIN, [body, "Nothing."]);
    let page = text(&site, "it/temi/casa.html");
    says(
        &page,
        "Sono <strong class=\"wdl-number\">30</strong> (2020).",
    );
    says(
        &page,
        "Nel 2020 erano <strong class=\"wdl-number\">30</strong>; nel 2024 no: <strong class=\"wdl-number\">20,0%</strong>.",
    );
}

#[test]
fn a_lead_around_a_hidden_figure_gives_way_to_the_findings() {
    let lead = "Nel {{period alone where=many}} {{value alone where=many}} stava male, {{value hidden}} sfratti.";
    let site = site([lead, lead], PLAIN);
    let page = text(&site, "it/temi/casa.html");
    assert!(!page.contains("stava male"));
    says(
        &page,
        "Malattie croniche, per difficoltà economiche: 20,0% per “nessuna”, l’unico gruppo pubblicato, nel 2024. Sfratti: il dato del 2023 è soppresso. L’ultimo dato pubblicato era 30, nel 2020.",
    );
}
