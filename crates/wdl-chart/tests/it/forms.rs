//! Small multiples, funnel, histogram, Lorenz curve, course: drawings reviewed like code, and what they refuse.

use wdl_chart::{
    Chart, ChartError, Flow, Funnel, Gap, Histogram, Lorenz, Multiples, Threshold, Width, flow,
    funnel, histogram, lorenz, multiples,
};
use wdl_result::{Additivity, Category, Cell, Dimension, Status, Table, Unit};
use wdl_vocab::{Lang, Period, Text};

use crate::invented::{by_quartiere, header, numbers_are_finite};

const YEAR: Period = Period::Year(2024);
const WIDTHS: [(Width, &str); 2] = [(Width::Wide, "wide"), (Width::Narrow, "narrow")];

/// A table of one dimension and one year: id, label, value, units.
fn table(
    unit: Unit,
    additivity: Additivity,
    (id, label): (&str, &str),
    rows: &[(&str, &str, Option<f64>, u64)],
) -> Table {
    let mut header = header(unit, if unit == Unit::Share { 1 } else { 0 });
    header.additivity = additivity;
    let category = |row: &(&str, &str, Option<f64>, u64)| Category {
        id: row.0.to_owned(),
        label: Text::new(row.1, row.1),
    };
    let cell = |row: &(&str, &str, Option<f64>, u64)| Cell {
        period: YEAR,
        keys: vec![(!row.0.is_empty()).then(|| row.0.to_owned())],
        estimate: row.2,
        standard_error: None,
        n: row.2.map(|_| row.3),
        n_with: None,
        coverage: None,
        status: row.2.map_or(Status::SuppressedPrimary, |_| Status::Value),
    };
    let categories = rows.iter().filter(|row| !row.0.is_empty()).map(category);
    Table {
        header,
        dimensions: vec![Dimension {
            id: id.to_owned(),
            label: Text::new(label, label),
            categories: categories.collect(),
        }],
        cells: rows.iter().map(cell).collect(),
    }
}

fn sound(chart: &Chart) {
    let svg = &chart.svg;
    assert!(numbers_are_finite(svg) && !svg.contains("&lt;"));
    assert!(!chart.alt.contains('<') && !chart.alt.contains("{ $"));
}

#[test]
fn a_small_chart_for_each_category() {
    for (width, name) in WIDTHS {
        let request = Multiples {
            id: "chart-s",
            title: "Rischio di povertà, quartiere per quartiere",
            width,
        };
        let chart = multiples(&by_quartiere(), &request, Lang::It).unwrap();
        sound(&chart);
        assert_eq!(chart.gaps.get(&Gap::Suppressed), Some(&4));
        insta::assert_snapshot!(format!("multiples_{name}"), chart.svg);
    }
}

#[test]
fn a_panel_whose_last_year_is_missing_names_its_newest_value_and_when() {
    let mut table = by_quartiere();
    let last = table.periods().pop().unwrap();
    for cell in table.cells.iter_mut().filter(|cell| cell.period == last) {
        cell.estimate = None;
        cell.status = Status::NotCollected;
    }
    let request = Multiples {
        id: "chart-s",
        title: "Rischio di povertà",
        width: Width::Wide,
    };
    let svg = multiples(&table, &request, Lang::It).unwrap().svg;
    assert!(!svg.contains("Crocetta non raccolto"), "{svg}");
    assert!(
        svg.contains("(1º trimestre") && svg.contains("Crocetta 18,4%"),
        "{svg}"
    );
}

fn shares() -> Table {
    let rows = [
        ("", "Totale", Some(0.16), 60_000),
        ("A", "Ponente", Some(0.15), 9_000),
        ("B", "Levante", Some(0.31), 400),
        ("C", "Porta Nuova", Some(0.164), 15_000),
        ("D", "Le Vigne", None, 12),
        ("E", "Isola", Some(0.20), 150),
    ];
    let named = ("area", "Area");
    table(Unit::Share, Additivity::Share, named, &rows)
}

#[test]
fn a_funnel_names_only_what_chance_does_not_explain() {
    for (width, name) in WIDTHS {
        let request = Funnel {
            id: "chart-f",
            title: "Rischio di povertà e numero di persone",
            period: YEAR,
            width,
        };
        let chart = funnel(&shares(), &request, Lang::It).unwrap();
        sound(&chart);
        // 0.31 of 400 is eight standard errors from 0.16; 0.20 of 150 is not two.
        assert!(chart.svg.contains(">Levante<") && !chart.svg.contains(">Isola<"));
        assert!(chart.alt.contains("Uno dei 4 valori"), "{}", chart.alt);
        insta::assert_snapshot!(format!("funnel_{name}"), chart.svg);
    }
}

#[test]
fn a_funnel_needs_shares_units_and_a_total() {
    let request = Funnel {
        id: "x",
        title: "t",
        period: YEAR,
        width: Width::Wide,
    };
    let mut without_total = shares();
    without_total.cells.remove(0);
    let mut counts = shares();
    counts.header.additivity = Additivity::Count;
    let mut without_units = shares();
    for cell in &mut without_units.cells {
        cell.n = None;
    }
    for wrong in [without_total, counts, without_units] {
        let refused = funnel(&wrong, &request, Lang::It);
        assert!(matches!(refused, Err(ChartError::NotShares { .. })));
    }
}

fn incomes() -> Table {
    let rows = [
        ("", "Totale", Some(10_000.0), 10_000),
        ("0_5000", "fino a 5.000", Some(900.0), 900),
        ("5000_10000", "5.000–10.000", Some(1_800.0), 1_800),
        ("10000_15000", "10.000–15.000", Some(2_600.0), 2_600),
        ("15000_25000", "15.000–25.000", Some(3_000.0), 3_000),
        ("25000_35000", "25.000–35.000", None, 0),
        ("35000_", "oltre 35.000", Some(700.0), 700),
    ];
    let named = ("income_class", "Classe di reddito");
    table(Unit::Persons, Additivity::Count, named, &rows)
}

#[test]
fn a_histogram_has_its_thresholds() {
    let thresholds = [
        Threshold {
            words: "Soglia di povertà: 9.800 €".to_owned(),
            value: 9_800.0,
        },
        Threshold {
            words: "Mediana: 16.400 €".to_owned(),
            value: 16_400.0,
        },
    ];
    for (width, name) in WIDTHS {
        let request = Histogram {
            id: "chart-i",
            title: "Quante persone in ogni classe di reddito",
            period: YEAR,
            thresholds: &thresholds,
            width,
        };
        let chart = histogram(&incomes(), &request, Lang::It).unwrap();
        sound(&chart);
        assert!(chart.alt.contains("Mediana: 16.400 €"));
        insta::assert_snapshot!(format!("histogram_{name}"), chart.svg);
    }
}

#[test]
fn a_histogram_needs_ranges_one_after_the_other() {
    let request = Histogram {
        id: "x",
        title: "t",
        period: YEAR,
        thresholds: &[],
        width: Width::Wide,
    };
    let mut with_a_hole = incomes();
    with_a_hole.dimensions[0].categories.remove(2);
    for wrong in [with_a_hole, shares()] {
        let refused = histogram(&wrong, &request, Lang::It);
        assert!(matches!(refused, Err(ChartError::NotRanges { .. })));
    }
}

fn tenths() -> Table {
    let sums = [2.0, 4.0, 5.5, 6.5, 7.5, 8.5, 10.0, 12.0, 15.0, 29.0];
    let ids: Vec<String> = (1..=10).map(|place| format!("D{place:02}")).collect();
    let rows: Vec<(&str, &str, Option<f64>, u64)> = ids
        .iter()
        .zip(sums)
        .map(|(id, sum)| (id.as_str(), id.as_str(), Some(sum * 1e6), 1_000))
        .collect();
    let named = ("income_decile", "Decimo di reddito");
    table(Unit::Euro, Additivity::Sum, named, &rows)
}

#[test]
fn a_lorenz_curve_of_tenths() {
    for (width, name) in WIDTHS {
        let request = Lorenz {
            id: "chart-l",
            title: "La metà più povera ha un quarto del reddito",
            period: YEAR,
            width,
        };
        let chart = lorenz(&tenths(), &request, Lang::It).unwrap();
        sound(&chart);
        // 2 + 4 + 5.5 + 6.5 + 7.5 of 100.
        assert!(chart.alt.contains("25,5%"), "{}", chart.alt);
        insta::assert_snapshot!(format!("lorenz_{name}"), chart.svg);
    }
    let request = Lorenz {
        id: "x",
        title: "t",
        period: YEAR,
        width: Width::Wide,
    };
    let mut hidden = tenths();
    hidden.cells[3].status = Status::SuppressedSecondary;
    hidden.cells[3].estimate = None;
    for wrong in [hidden, shares()] {
        let refused = lorenz(&wrong, &request, Lang::It);
        assert!(matches!(refused, Err(ChartError::NotWhole { .. })));
    }
}

#[test]
fn a_lorenz_curve_does_not_hang_on_the_order_of_groups() {
    let request = Lorenz {
        id: "x",
        title: "t",
        period: YEAR,
        width: Width::Wide,
    };
    let mut turned = tenths();
    turned.dimensions[0].categories.reverse();
    let drawn = |table: &Table| lorenz(table, &request, Lang::En).unwrap();
    assert_eq!(drawn(&tenths()), drawn(&turned));
}

fn stages() -> Table {
    let rows = [
        ("notice", "Intimazione di sfratto", Some(412.0), 412),
        ("order", "Provvedimento emesso", Some(301.0), 301),
        (
            "request",
            "Esecuzione richiesta all’ufficiale giudiziario",
            Some(188.0),
            188,
        ),
        ("execution", "Sfratto eseguito", None, 3),
    ];
    let named = ("stage", "Passaggio");
    table(Unit::Acts, Additivity::Count, named, &rows)
}

#[test]
fn a_course_of_stages() {
    for (width, name) in WIDTHS {
        let request = Flow {
            id: "chart-c",
            title: "Quanti sfratti arrivano in fondo",
            period: YEAR,
            width,
        };
        let chart = flow(&stages(), &request, Lang::It).unwrap();
        sound(&chart);
        assert!(
            chart.alt.contains("301, 73% del passaggio precedente"),
            "{}",
            chart.alt
        );
        // Nothing can be worked out about a hidden stage.
        assert!(!chart.svg.contains(">3<"));
        insta::assert_snapshot!(format!("flow_{name}"), chart.svg);
    }
}

#[test]
fn acts_that_are_no_stages_are_refused() {
    let request = Flow {
        id: "x",
        title: "t",
        period: YEAR,
        width: Width::Wide,
    };
    let mut growing = stages();
    growing.cells[2].estimate = Some(500.0);
    for wrong in [growing, shares()] {
        let refused = flow(&wrong, &request, Lang::It);
        assert!(matches!(refused, Err(ChartError::NotStages { .. })));
    }
}

/// Parts of one whole, such as those of a course that several indicators tell.
fn parts(beginning: f64) -> Table {
    let rows = [
        ("all", "Tutti gli sfratti emessi", Some(beginning), 120),
        ("request", "Richiesti entro due anni", Some(0.38), 120),
        ("execution", "Eseguiti entro due anni", Some(0.19), 120),
    ];
    table(
        Unit::Share,
        Additivity::Share,
        ("stage", "Passaggio"),
        &rows,
    )
}

#[test]
fn a_course_of_parts_begins_with_the_whole() {
    let request = Flow {
        id: "x",
        title: "t",
        period: YEAR,
        width: Width::Wide,
    };
    let chart = flow(&parts(1.0), &request, Lang::En).unwrap();
    sound(&chart);
    assert!(
        chart.alt.contains("50% of the stage before"),
        "{}",
        chart.alt
    );
    let refused = flow(&parts(0.9), &request, Lang::En);
    assert!(matches!(refused, Err(ChartError::NotStages { .. })));
}

#[test]
fn a_lorenz_curve_of_parts_is_that_of_sums() {
    let request = Lorenz {
        id: "x",
        title: "t",
        period: YEAR,
        width: Width::Wide,
    };
    let of = |unit: Unit, additivity: Additivity, scale: f64| {
        let ids: Vec<String> = (1..=4).map(|place| place.to_string()).collect();
        let rows: Vec<(&str, &str, Option<f64>, u64)> = ids
            .iter()
            .zip([0.1, 0.2, 0.3, 0.4])
            .map(|(id, part)| (id.as_str(), id.as_str(), Some(part * scale), 500))
            .collect();
        table(unit, additivity, ("income_tenth", "Decimo"), &rows)
    };
    let drawn = |table: &Table| lorenz(table, &request, Lang::En).map(|chart| chart.alt);
    let sums = drawn(&of(Unit::Euro, Additivity::Sum, 1e6)).unwrap();
    assert!(sums.contains("30.0%"), "{sums}");
    assert_eq!(drawn(&of(Unit::Share, Additivity::None, 1.0)), Ok(sums));
    // What does not add up to the whole is no curve.
    let refused = drawn(&of(Unit::Share, Additivity::None, 0.5));
    assert!(matches!(refused, Err(ChartError::NotWhole { .. })));
}
