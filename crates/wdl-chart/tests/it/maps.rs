//! Maps and shaded tables: what is hidden stays hidden, what there is not is grey.

use wdl_chart::{
    ChartError, Gap, Geography, Heat, Map, Multiples, Width, heat, latest, map, multiples,
};
use wdl_result::{Additivity, Category, Status, Table, Unit};
use wdl_vocab::{Lang, Period, Text};

use crate::invented::{by_quartiere, numbers_are_finite};

/// Four squares; Q4 in two parts, one with a hole that is an area of its own.
pub(crate) fn squares() -> Geography {
    let square = |code: &str, x: f64, y: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}","quartiere":"{}"}},"geometry":{{"type":"Polygon","coordinates":[[[{x},{y}],[{},{y}],[{},{}],[{x},{}],[{x},{y}]]]}}}}"#,
            code.split('.').next().unwrap(),
            x + 1.0,
            x + 1.0,
            y + 1.0,
            y + 1.0,
        )
    };
    let features = [
        square("Q1", 10.0, 44.0),
        square("Q2", 11.0, 44.0),
        square("Q3", 10.0, 45.0),
        square("Q4.a", 11.0, 45.0),
        square("Q4.b", 12.0, 45.0),
        square("Q9", 12.0, 44.0),
    ];
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",")
    );
    Geography::parse(&text).unwrap()
}

fn request(width: Width) -> Map<'static> {
    Map {
        id: "chart-m",
        title: "Rischio di povertà per quartiere",
        period: Period::quarter(2025, 1),
        width,
    }
}

#[test]
fn a_rate_is_a_shade() {
    for (width, name) in [(Width::Wide, "map_wide"), (Width::Narrow, "map_narrow")] {
        let chart = map(&by_quartiere(), &squares(), &request(width), Lang::It).unwrap();
        // Two quartieri are hidden in this quarter, and the file has an area the table does not know.
        assert_eq!(chart.gaps.get(&Gap::Suppressed), Some(&2));
        assert_eq!(chart.gaps.get(&Gap::Absent), Some(&1));
        assert_eq!(
            chart.svg.matches("fill-rule=\"evenodd\"").count(),
            2 * 5,
            "fill and edge"
        );
        insta::assert_snapshot!(name, chart.svg);
    }
}

#[test]
fn a_number_is_a_circle() {
    let mut table = by_quartiere();
    table.header.unit = Unit::Persons;
    table.header.additivity = Additivity::Count;
    for cell in &mut table.cells {
        cell.estimate = cell.estimate.map(|value| (value * 1000.0).round());
        cell.standard_error = None;
    }
    let chart = map(&table, &squares(), &request(Width::Wide), Lang::En).unwrap();
    assert_eq!(
        chart.svg.matches("<circle cx=").count() - 1,
        2,
        "and the dot of the pattern"
    );
    insta::assert_snapshot!("map_circles", chart.svg);
}

#[test]
fn a_map_says_no_more_than_its_table() {
    let mut table = by_quartiere();
    for cell in &mut table.cells {
        if cell.keys == [Some("Q2".to_owned())] {
            // Even if an analysis forgot to empty a suppressed cell, no area shows it.
            cell.status = Status::SuppressedPrimary;
            cell.estimate = Some(0.987);
        }
    }
    let period = Period::quarter(2025, 1);
    let words = latest(&table, period, Lang::It).unwrap();
    let shown: Vec<&str> = words
        .rows
        .iter()
        .map(|row| row.cells[0].text.as_str())
        .collect();
    for lang in Lang::ALL {
        let chart = map(&table, &squares(), &request(Width::Wide), lang).unwrap();
        assert!(!chart.svg.contains("98.7") && !chart.svg.contains("98,7"));
        // One title and one description for the whole: nothing hangs on an area.
        assert_eq!(chart.svg.matches("<title").count(), 1);
        assert_eq!(chart.svg.matches("<desc").count(), 1);
        assert!(!chart.svg.contains("data-") && !chart.svg.contains("<a "));
        assert!(chart.svg.contains("url(#chart-m-hatch)"));
    }
    let chart = map(&table, &squares(), &request(Width::Wide), Lang::It).unwrap();
    let written = chart
        .svg
        .lines()
        .filter(|line| line.starts_with("<text"))
        .filter_map(|line| line.split('>').nth(1)?.strip_suffix("</text"))
        .filter(|words| words.ends_with('%') && !words.contains(' ') && !words.contains('–'));
    for words in written {
        assert!(shown.contains(&words), "{words}");
    }
}

#[test]
fn the_hidden_values_move_nothing() {
    // The classes, the circles and the places of words are the same whatever a hidden cell held.
    let drawn = |hidden: f64| {
        let mut table = by_quartiere();
        for cell in &mut table.cells {
            if cell.status != Status::Value {
                cell.estimate = Some(hidden);
                cell.n = Some(7);
            }
        }
        let period = Period::quarter(2025, 1);
        let mapped = map(&table, &squares(), &request(Width::Wide), Lang::It).unwrap();
        let shaded = heat(&crossed(&table), &shades(period, Width::Wide), Lang::It).unwrap();
        (mapped.svg, shaded.svg)
    };
    assert_eq!(drawn(0.0), drawn(0.99));
}

#[test]
fn a_table_without_areas_has_no_map() {
    let mut table = by_quartiere();
    table.dimensions[0].id = "citizenship_group".to_owned();
    for category in &mut table.dimensions[0].categories {
        category.id.push('x');
    }
    let wrong = map(&table, &squares(), &request(Width::Wide), Lang::It);
    assert!(matches!(wrong, Err(ChartError::NoAreas { .. })));
    assert!(!squares().shows(&table.dimensions[0]));
}

#[test]
fn a_category_without_area_is_told_beside_the_map() {
    let mut table = by_quartiere();
    table.dimensions[0].categories.push(Category {
        id: "ND".to_owned(),
        label: Text::fixed("Senza fissa dimora", "Of no fixed abode"),
    });
    let chart = map(&table, &squares(), &request(Width::Wide), Lang::It).unwrap();
    assert!(chart.svg.contains("Fuori dalla mappa: Senza fissa dimora"));
}

/// The table crossed with two citizenships, the second with fewer values.
pub(crate) fn crossed(table: &Table) -> Table {
    let mut table = table.clone();
    let mut second = table.dimensions[0].clone();
    second.id = "cittadinanza".to_owned();
    second.label = Text::fixed("Cittadinanza", "Citizenship");
    second.categories.truncate(2);
    second.categories[0].label = Text::fixed("Italiana", "Italian");
    second.categories[1].label = Text::fixed("Non italiana", "Not Italian");
    table.dimensions.push(second);
    let keys = [None, Some("Q1".to_owned()), Some("Q2".to_owned())];
    let more = |cell: &wdl_result::Cell| {
        let cell = cell.clone();
        keys.clone()
            .into_iter()
            .enumerate()
            .map(move |(place, key)| {
                let mut cell = cell.clone();
                cell.keys.push(key);
                cell.estimate = cell.estimate.map(|value| value + 0.05 * place as f64);
                cell
            })
    };
    table.cells = table.cells.iter().flat_map(more).collect();
    table
}

pub(crate) fn shades(period: Period, width: Width) -> Heat<'static> {
    Heat {
        id: "chart-h",
        title: "Rischio di povertà per quartiere e cittadinanza",
        period,
        width,
    }
}

#[test]
fn two_dimensions_are_shaded() {
    let table = crossed(&by_quartiere());
    let period = Period::quarter(2025, 1);
    for (width, name) in [(Width::Wide, "heat_wide"), (Width::Narrow, "heat_narrow")] {
        let chart = heat(&table, &shades(period, width), Lang::It).unwrap();
        assert_eq!(chart.gaps.get(&Gap::Suppressed), Some(&6));
        insta::assert_snapshot!(name, chart.svg);
    }
    let wrong = heat(&by_quartiere(), &shades(period, Width::Wide), Lang::It);
    assert!(matches!(wrong, Err(ChartError::WrongDimensions { .. })));
}

#[test]
fn extreme_values_are_shaded() {
    for values in [[0.0; 3], [1e12, -1e12, 0.0], [f64::NAN; 3], [0.3, 0.3, 0.3]] {
        for unit in [Unit::Share, Unit::Euro, Unit::Ratio, Unit::Persons] {
            let mut table = by_quartiere();
            table.header.unit = unit;
            table.header.additivity = match unit {
                Unit::Persons => Additivity::Count,
                _ => Additivity::None,
            };
            for (place, cell) in table.cells.iter_mut().enumerate() {
                cell.estimate = cell.estimate.map(|_| values[place % 3]);
            }
            let period = Period::quarter(2025, 1);
            for width in [Width::Wide, Width::Narrow] {
                let one = map(&table, &squares(), &request(width), Lang::It).unwrap();
                let two = heat(&crossed(&table), &shades(period, width), Lang::It).unwrap();
                let small = Multiples {
                    id: "x",
                    title: "t",
                    width,
                };
                let three = multiples(&table, &small, Lang::It).unwrap();
                for chart in [one, two, three] {
                    assert!(numbers_are_finite(&chart.svg));
                }
            }
        }
    }
}
