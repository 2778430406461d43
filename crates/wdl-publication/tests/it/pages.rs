//! Pages: what they say, where they lead, what they all carry.

use std::collections::{BTreeMap, BTreeSet};

use crate::released::with_site;

#[test]
fn an_indicator_in_italian() {
    with_site(true, |site, known| {
        let page = text(site, "it/indicatori/aided_households.html");
        insta::assert_snapshot!("indicator_it", known.redact(&page));
    });
}

#[test]
fn an_indicator_in_english() {
    with_site(true, |site, known| {
        let page = text(site, "en/indicators/aided_households.html");
        insta::assert_snapshot!("indicator_en", known.redact(&page));
    });
}

#[test]
fn a_breakdown_with_areas_has_its_map_and_crossed_dimensions_are_shaded() {
    with_site(true, |site, _| {
        let page = text(site, "it/indicatori/arpr.html");
        assert_eq!(
            page.matches("fill-rule=\"evenodd\"").count(),
            2 * 2 * 4,
            "four quartieri in two widths"
        );
        assert_eq!(page.matches("id=\"t-quartiere-map-w-hatch\"").count(), 1);
        assert_eq!(
            page.matches("id=\"t-quartiere-citizenship_group-w-hatch\"")
                .count(),
            1
        );
        assert!(
            page.contains("quartiere.map.it.svg\""),
            "the map is a file too"
        );
        assert!(
            site.files()
                .contains_key("data/arpr/quartiere-citizenship_group.en.svg")
        );
        let other = text(site, "it/indicatori/households.html");
        assert!(!other.contains("evenodd"), "no area bears a family type");
    });
}

#[test]
fn wrong_areas_stop_the_site() {
    let known = crate::released::sample(true);
    let mut input = known.input();
    input.areas[0].text = "{}".to_owned();
    let fault = wdl_publication::Site::make(&input).unwrap_err();
    assert!(fault.to_string().contains("rioni.geojson"), "{fault}");
}

#[test]
fn the_home_page() {
    with_site(true, |site, known| {
        insta::assert_snapshot!("home_it", known.redact(&text(site, "it/index.html")));
        insta::assert_snapshot!("home_en", known.redact(&text(site, "en/index.html")));
    });
}

#[test]
fn every_internal_link_resolves() {
    with_site(true, |site, _| {
        let mut followed = 0;
        for (path, bytes) in site
            .files()
            .iter()
            .filter(|(path, _)| path.ends_with(".html"))
        {
            let page = String::from_utf8(bytes.clone()).unwrap();
            let ids: BTreeSet<&str> = values(&page, " id=\"").collect();
            assert_eq!(
                ids.len(),
                values(&page, " id=\"").count(),
                "{path} has an id twice"
            );
            for link in values(&page, "href=\"")
                .chain(values(&page, "src=\""))
                .chain(values(&page, "0; url="))
            {
                if let Some(anchor) = link.strip_prefix('#') {
                    assert!(ids.contains(anchor), "{path} → {link}");
                    continue;
                }
                if link.starts_with("mailto:") || link.starts_with("https://creativecommons.org/") {
                    continue;
                }
                let target = resolved(path, link);
                assert!(
                    site.files().contains_key(&target),
                    "{path} → {link} ({target})"
                );
                followed += 1;
            }
        }
        assert!(followed > 1_000, "{followed}");
    });
}

#[test]
fn nothing_is_asked_of_anybody_else_and_nothing_runs() {
    with_site(true, |site, _| {
        for (path, bytes) in site
            .files()
            .iter()
            .filter(|(path, _)| path.ends_with(".html") || path.ends_with(".css"))
        {
            let page = String::from_utf8(bytes.clone()).unwrap();
            for forbidden in [
                "<script",
                "<iframe",
                " style=\"",
                " onclick",
                "@import",
                "url(http",
                "url(//",
                "javascript:",
            ] {
                assert!(!page.contains(forbidden), "{path} holds {forbidden}");
            }
            for link in values(&page, "src=\"") {
                assert!(!link.contains("//"), "{path} → {link}");
            }
        }
    });
}

#[test]
fn invented_data_say_so_everywhere() {
    with_site(true, |site, _| {
        for (path, bytes) in site.files() {
            // The assets are the same in every site, and the ledger's lines are signed as they are.
            if path.starts_with("assets/") || path.starts_with("ledger/") {
                continue;
            }
            let file = String::from_utf8(bytes.clone()).unwrap();
            assert!(
                file.contains("DATI SINTETICI: non descrivono Modena"),
                "{path}"
            );
            if path.starts_with("en/") {
                assert!(
                    file.contains("SYNTHETIC DATA: they do not describe Modena"),
                    "{path}"
                );
            }
            if path.ends_with(".html") {
                assert_eq!(
                    file.matches("<svg xmlns").count(),
                    file.matches("fill=\"#fff3cd\"").count(),
                    "a chart of {path}"
                );
            }
        }
    });
}

#[test]
fn real_data_carry_no_notice() {
    with_site(false, |site, _| {
        for (path, bytes) in site.files() {
            assert!(
                !String::from_utf8_lossy(bytes).contains("SINTETICI"),
                "{path}"
            );
        }
    });
}

#[test]
fn no_sentence_is_missing() {
    with_site(true, |site, _| {
        for (path, bytes) in site
            .files()
            .iter()
            .filter(|(path, _)| path.ends_with(".html"))
        {
            let page = String::from_utf8(bytes.clone()).unwrap();
            assert!(
                !page.contains("&lt;") && !page.contains("&#60;"),
                "{path} shows a key without text"
            );
            assert!(
                !page.contains("{ $") && !page.contains('\u{e000}'),
                "{path} shows an argument without value"
            );
        }
    });
}

#[test]
fn the_acts_say_what_was_refused_and_by_whom() {
    with_site(true, |site, _| {
        let page = text(site, "it/che-cosa-si-fa-con-i-dati.html");
        for words in [
            "Consegna offerta: Comune di Modena, isee, 3º trimestre 2026",
            "rifiutato (WDL-D004)",
            "Ufficio gestione dati, Università",
            "circa 186.200 righe",
            "Il sigillo copre",
        ] {
            assert!(page.contains(words), "{words}");
        }
    });
}

#[test]
fn what_comes_back_to_a_body_in_italian_and_in_english() {
    with_site(true, |site, known| {
        let page = text(site, "it/enti/comune.html");
        insta::assert_snapshot!("body_it", known.redact(&page));
        let page = text(site, "en/bodies/comune.html");
        insta::assert_snapshot!("body_en", known.redact(&page));
    });
}

/// What a page of a body says is what the provenance of the tables says: counted again from the published files alone.
#[test]
fn the_pages_of_bodies_follow_the_published_provenance() {
    with_site(true, |site, known| {
        let mut of: BTreeMap<String, String> = BTreeMap::new();
        let ledger = text(site, "ledger/ledger.jsonl");
        for line in ledger.lines() {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap();
            let act = &entry["act"];
            if act["kind"] == "received" && entry["outcome"]["result"] == "done" {
                let [delivery, body] = [&act["delivery"], &act["body"]];
                of.insert(
                    delivery.as_str().unwrap().to_owned(),
                    body.as_str().unwrap().to_owned(),
                );
            }
        }
        let mut resting: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, bytes) in site
            .files()
            .iter()
            .filter(|(path, _)| path.ends_with("lineage.json"))
        {
            let lineage: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            for delivery in lineage["inputs"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|input| input["deliveries"].as_array().unwrap())
            {
                if let Some(body) = of.get(delivery.as_str().unwrap()) {
                    let indicator = lineage["indicator"].as_str().unwrap().to_owned();
                    resting.entry(body.clone()).or_default().insert(indicator);
                }
            }
        }
        assert!(resting["comune"].len() > 3);
        for body in &known.lab.bodies {
            let page = text(site, &format!("en/bodies/{}.html", body.id));
            let linked: BTreeSet<String> = values(&page, "href=\"")
                .filter_map(|link| link.strip_prefix("../../en/indicators/"))
                .filter_map(|name| name.strip_suffix(".html"))
                .map(str::to_owned)
                .collect();
            let expected = resting.get(body.id.as_str()).cloned().unwrap_or_default();
            assert_eq!(linked, expected, "{}", body.id);
        }
    });
}

fn text(site: &wdl_publication::Site, path: &str) -> String {
    String::from_utf8(site.files()[path].clone()).unwrap()
}

/// What stands between a mark and the next quotation mark.
fn values<'a>(page: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    page.split(mark)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
}

fn resolved(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => {
                parts.pop().expect("no link climbs out of the site");
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
