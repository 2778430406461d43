//! Data blocks: what a mistake in one says.

use std::path::Path;

use wdl_publication::{PublicationError, PublicationFile, Site};
use wdl_vocab::{Diagnose, IndicatorId, Lang};

use crate::released::sample;

/// Makes a site with one article, Italian body as given.
fn made(body: &str) -> Result<String, PublicationError> {
    let known = sample(true);
    let mut input = known.input();
    let head = "---\ntitle: Prova\nkind: article\n---\n";
    let file = |name: &str, body: &str| PublicationFile {
        name: name.to_owned(),
        text: format!("{head}{body}"),
    };
    input.publications = vec![file("prova.it.md", body), file("prova.en.md", "Nothing.\n")];
    let site = Site::make(&input)?;
    let page = site.files()["it/approfondimenti/prova.html"].clone();
    Ok(String::from_utf8(page).unwrap())
}

#[track_caller]
fn check(body: &str, line: usize, column: usize, suggestion: Option<&str>) {
    let fault = made(body).unwrap_err();
    let diagnostic = fault.diagnostic();
    let place = diagnostic.place.clone().unwrap();
    assert_eq!(
        (place.file.as_str(), place.line, place.column),
        ("prova.it.md", line, column),
        "{fault}"
    );
    assert_eq!(diagnostic.suggestion.as_deref(), suggestion, "{fault}");
}

#[test]
fn a_mistake_names_its_line_its_column_and_what_was_meant() {
    check(
        "Uno.\n\nSono {{value arprr}} persone.\n",
        7,
        14,
        Some("arpr"),
    );
    check("{{valeu arpr}}\n", 5, 3, Some("value"));
    check(
        "Nel {{value arpr by=quartier}}.\n",
        5,
        21,
        Some("quartiere"),
    );
    check(
        "Nel {{value arpr by=quartiere where=q1}}.\n",
        5,
        37,
        Some("Q1"),
    );
    check("{{value arpr period=2014}}\n", 5, 21, Some("2017"));
    check("{{value arpr where=Q1 wher=Q2}}\n", 5, 23, Some("where"));
}

#[test]
fn a_block_that_is_not_whole_is_refused() {
    check("Sono {{value arpr\n", 5, 6, None);
    check("Sono {{value}}\n", 5, 6, None);
    check("Un grafico {{chart arpr}} in una frase.\n", 5, 12, None);
}

#[test]
fn words_of_a_mistake() {
    let fault = made("Sono {{value arprr}} persone.\n").unwrap_err();
    insta::assert_snapshot!("typo_it", fault.diagnostic().render(Lang::It));
    insta::assert_snapshot!("typo_en", fault.diagnostic().render(Lang::En));
}

#[test]
fn blocks_become_figures() {
    let page = made("Sono {{value arpr as=one-in}} nel {{period arpr}}, {{link gini}}.\n\n{{chart arpr by=quartiere}}\n\n{{table arpr}}\n\nE <b>questo</b>.\n").unwrap();
    assert!(
        page.contains("Sono <strong class=\"wdl-number\">1 su "),
        "a share in small numbers"
    );
    assert!(page.contains("nel 2024, <a href=\"../../it/indicatori/gini.html\">"));
    assert_eq!(page.matches("<figure class=\"wdl-chart\">").count(), 1);
    assert!(
        page.contains("&lt;b&gt;questo&lt;/b&gt;"),
        "raw HTML is text"
    );
}

#[test]
fn a_chart_takes_the_form_asked_for() {
    let shown = |block: &str| made(&format!("{block}\n")).unwrap();
    let map = shown("{{chart arpr by=quartiere as=map}}");
    assert!(map.contains("fill-rule=\"evenodd\""), "a map");
    // What the data do not bear gives way to the usual chart.
    let same = shown("{{chart arpr by=quartiere}}");
    assert_eq!(shown("{{chart arpr by=quartiere as=lorenz}}"), same);
    assert_eq!(
        shown("{{chart arpr by=family_type as=map}}"),
        shown("{{chart arpr by=family_type}}")
    );
    assert!(shown("{{chart arpr by=quartiere as=funnel}}").contains("limiti del caso"));
    check(
        "{{chart arpr by=quartiere as=histogran}}\n",
        5,
        30,
        Some("histogram"),
    );
}

#[test]
fn what_is_defined_but_not_released_says_so() {
    let page = made("Il contributo: {{value rent_support}}.\n\n{{chart rent_support}}\n").unwrap();
    assert_eq!(page.matches("dato non ancora pubblicato").count(), 2);
}

#[test]
fn heads_are_complete_and_in_both_languages() {
    let known = sample(true);
    let fault = |name: &str, text: &str| {
        let mut input = known.input();
        input.publications = vec![PublicationFile {
            name: name.to_owned(),
            text: text.to_owned(),
        }];
        Site::make(&input).unwrap_err().to_string()
    };
    let faults = [
        fault("a.it.md", "Senza testata.\n"),
        fault("a.it.md", "---\ntitle: A\n---\n"),
        fault("a.it.md", "---\ntitle: A\nkind: pagina\n---\n"),
        fault("a.it.md", "---\ntitle: A\nkind: article\n---\n"),
        fault("caso.it.md", "---\ntitle: Casa\nkind: theme\n---\n"),
    ];
    insta::assert_snapshot!("heads", faults.join("\n"));
}

#[test]
fn the_publications_of_the_repository_name_indicators_that_exist() {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs/modena");
    let names = |folder: &str, ending: &str| -> Vec<String> {
        let entries = std::fs::read_dir(lab.join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(ending)).collect()
    };
    let known = sample(true);
    let mut input = known.input();
    input.tables.clear();
    let ids = names("indicators", ".yaml");
    let ids = ids
        .iter()
        .map(|name| IndicatorId::parse(name.trim_end_matches(".yaml")).unwrap());
    input.defined = ids.collect();
    let files = names("publications", ".md")
        .into_iter()
        .map(|name| PublicationFile {
            text: std::fs::read_to_string(lab.join("publications").join(&name)).unwrap(),
            name,
        });
    input.publications = files.collect();
    let site = Site::make(&input).unwrap();
    let article = &site.files()["it/approfondimenti/chi-rischia-di-perdere-la-casa.html"];
    assert!(String::from_utf8_lossy(article).contains("dato non ancora pubblicato"));
}

#[test]
fn indicators_stand_side_by_side() {
    let page = made("{{tiles arpr,rent_support,gini}}\n").unwrap();
    assert_eq!(page.matches("<ul class=\"wdl-tiles\">").count(), 1);
    // The one that is defined and not released is left out.
    let tiles = page.split("wdl-tiles").nth(1).unwrap();
    assert_eq!(
        tiles.split("</ul>").next().unwrap().matches("<h3>").count(),
        2
    );
    check("{{tiles arpr,ginni}}\n", 5, 9, Some("gini"));
    check("Qui {{tiles arpr}} no.\n", 5, 5, None);
}

#[test]
fn a_course_is_told_by_several_indicators() {
    let is_flow = |block: &str| {
        made(&format!("{block}\n"))
            .unwrap()
            .contains("passaggio precedente")
    };
    // A stage is a part of the one before: one of the two orders is no course, and gives way to the usual chart.
    let orders = [
        is_flow("{{chart arpr as=flow then=rent_burden_40}}"),
        is_flow("{{chart rent_burden_40 as=flow then=arpr}}"),
    ];
    assert_eq!(orders.iter().filter(|order| **order).count(), 1);
    assert!(!is_flow("{{chart arpr as=flow then=rent_support}}"));
    check("{{chart arpr as=flow then=ginni}}\n", 5, 27, Some("gini"));
}

#[test]
fn an_indicator_has_its_text() {
    let known = sample(true);
    let make = |name: &str| {
        let mut input = known.input();
        let head = "---\ntitle: Prova\nkind: indicator\n---\n";
        input.publications = ["it", "en"]
            .map(|lang| PublicationFile {
                name: format!("{name}.{lang}.md"),
                text: format!("{head}Ecco: {{{{value arpr}}}}.\n"),
            })
            .to_vec();
        Site::make(&input)
    };
    let site = make("gini").unwrap();
    let text = |path: &str| String::from_utf8(site.files()[path].clone()).unwrap();
    assert!(text("it/indicatori/gini.html").contains("<p>Ecco: <strong"));
    assert!(!text("it/indicatori/arpr.html").contains("Ecco:"));
    assert!(make("ginni").is_err());
}
