//! Drawings.

use wdl_chart::numbers::{interval, is_within_error};
use wdl_chart::{Band, ChartError, Dots, Gap, Lines, Width, dots, lines};
use wdl_result::{Interval, Status, Unit};
use wdl_vocab::{Lang, Period};

use crate::invented::{by_quartiere, header, series};

fn all_of_quartiere() -> Vec<Vec<Option<String>>> {
    let mut keys = vec![vec![None]];
    keys.extend((1..=4).map(|place| vec![Some(format!("Q{place}"))]));
    keys
}

#[test]
fn one_line_with_band() {
    let request = Lines {
        id: "chart-a",
        title: "Il rischio di povertà torna a crescere",
        series: &[vec![]],
        band: Band::Confidence95,
        width: Width::Wide,
    };
    let chart = lines(&series(), &request, Lang::It).unwrap();
    assert_eq!(chart.gaps.get(&Gap::NotCollected), Some(&1));
    assert_eq!(chart, lines(&series(), &request, Lang::It).unwrap());
    insta::assert_snapshot!("line_it", chart.svg);
    insta::assert_snapshot!(
        "line_alt_en",
        lines(&series(), &request, Lang::En).unwrap().alt
    );
}

/// A table whose every value is hidden.
fn all_hidden(mut table: wdl_result::Table) -> wdl_result::Table {
    for cell in &mut table.cells {
        cell.estimate = None;
        cell.standard_error = None;
        cell.n = None;
        cell.status = Status::SuppressedPrimary;
    }
    table
}

#[test]
fn nothing_to_show_has_no_scale() {
    for width in [Width::Wide, Width::Narrow] {
        let request = Lines {
            id: "chart-a",
            title: "Sfratti",
            series: &[vec![]],
            band: Band::None,
            width,
        };
        let svg = lines(&all_hidden(series()), &request, Lang::It)
            .unwrap()
            .svg;
        assert!(!svg.contains("0,0") && !svg.contains("0%"), "{svg}");
        assert!(svg.contains("Nessun valore pubblicabile."), "{svg}");
        let request = Dots {
            id: "chart-c",
            title: "Sfratti",
            period: Period::quarter(2025, 1),
            width,
        };
        let hidden = dots(&all_hidden(by_quartiere()), &request, Lang::It).unwrap();
        assert!(!hidden.svg.contains("0%"), "{}", hidden.svg);
        let shown = dots(&by_quartiere(), &request, Lang::It).unwrap();
        for mark in [">0%<", ">10%<", ">20%<"] {
            assert!(shown.svg.contains(mark), "{mark} in {}", shown.svg);
        }
    }
}

#[test]
fn intervals_and_comparisons_stand_on_the_scale_of_their_header() {
    let mut plain = header(Unit::Ratio, 2);
    // By hand: 2.459 · exp(± 1.96 · 1.0776 / 2.459) = 1.04 and 5.81.
    let (ratio, error) = (2.459_276, 1.077_552);
    assert_eq!(interval(&plain, ratio, error, Lang::En), "0.35–4.57");
    assert!(is_within_error(&plain, (ratio, error), (0.754_8, 0.131_3)));
    plain.interval = Interval::Logarithm;
    assert_eq!(interval(&plain, ratio, error, Lang::En), "1.04–5.80");
    assert!(!is_within_error(&plain, (ratio, error), (0.754_8, 0.131_3)));
    let other = (1.0 / ratio, error / (ratio * ratio));
    // A ratio and its inverse: the ends of one are the inverses of the other's.
    assert_eq!(interval(&plain, other.0, other.1, Lang::En), "0.17–0.96");
    let share = header(Unit::Share, 1);
    assert_eq!(interval(&share, 0.01, 0.02, Lang::En), "0.0%–4.9%");
    assert_eq!(interval(&share, 0.99, 0.02, Lang::En), "95.1%–100.0%");
}

#[test]
fn several_lines_with_gaps() {
    let keys = all_of_quartiere();
    for (width, name) in [(Width::Wide, "lines_wide"), (Width::Narrow, "lines_narrow")] {
        let request = Lines {
            id: "chart-b",
            title: "At risk of poverty",
            series: &keys,
            band: Band::None,
            width,
        };
        let chart = lines(&by_quartiere(), &request, Lang::En).unwrap();
        assert_eq!(chart.gaps.get(&Gap::Suppressed), Some(&4));
        insta::assert_snapshot!(name, chart.svg);
    }
}

#[test]
fn categories_side_by_side() {
    for (width, name) in [(Width::Wide, "dots_wide"), (Width::Narrow, "dots_narrow")] {
        let request = Dots {
            id: "chart-c",
            title: "Rischio di povertà per quartiere",
            period: Period::quarter(2025, 1),
            width,
        };
        let chart = dots(&by_quartiere(), &request, Lang::It).unwrap();
        insta::assert_snapshot!(name, chart.svg);
    }
}

#[test]
fn every_drawing_is_named_and_bears_the_notice() {
    let request = Lines {
        id: "x",
        title: "T <b> & \"q\"",
        series: &[vec![]],
        band: Band::None,
        width: Width::Wide,
    };
    for lang in Lang::ALL {
        let svg = lines(&series(), &request, lang).unwrap().svg;
        assert!(svg.contains("role=\"img\" aria-labelledby=\"x-title x-desc\""));
        assert!(svg.contains("<title id=\"x-title\">T &lt;b&gt; &amp; &quot;q&quot;</title>"));
        assert!(
            svg.contains("DATI SINTETICI: non descrivono Modena"),
            "{lang}"
        );
        assert!(!svg.contains("<script") && !svg.contains("style="));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
    let mut real = series();
    real.header.synthetic = false;
    let svg = lines(&real, &request, Lang::It).unwrap().svg;
    assert!(!svg.contains("SINTETICI"));
}

#[test]
fn wrong_requests_are_refused() {
    let many: Vec<_> = (0..7).map(|_| vec![None]).collect();
    let mut request = Lines {
        id: "x",
        title: "t",
        series: &many,
        band: Band::None,
        width: Width::Wide,
    };
    let table = by_quartiere();
    let refused = |request: &Lines<'_>| lines(&table, request, Lang::It).unwrap_err();
    assert!(matches!(
        refused(&request),
        ChartError::TooManyLines { count: 7, .. }
    ));
    let unknown = [vec![Some("Q9".to_owned())]];
    request.series = &unknown;
    assert!(matches!(
        refused(&request),
        ChartError::UnknownCategory { .. }
    ));
    let short = [vec![]];
    request.series = &short;
    assert!(matches!(refused(&request), ChartError::WrongKeys { .. }));
    let mut empty = series();
    empty.cells.clear();
    assert!(matches!(
        lines(&empty, &request, Lang::It),
        Err(ChartError::Empty { .. })
    ));
    let mut mixed = series();
    mixed.cells[0].period = Period::quarter(2017, 1);
    assert!(matches!(
        lines(&mixed, &request, Lang::It),
        Err(ChartError::MixedPeriods { .. })
    ));
}

#[test]
fn extreme_values_are_drawn() {
    for (unit, values) in [
        (Unit::Persons, [0.0; 8]),
        (Unit::Euro, [1e12; 8]),
        (Unit::Ratio, [-3.0, 4.0, 0.0, 1e-9, 2.0, 2.0, 2.0, 2.0]),
        (Unit::Share, [f64::NAN; 8]),
    ] {
        let mut table = series();
        table.header.unit = unit;
        for (cell, value) in table.cells.iter_mut().zip(values) {
            cell.estimate = Some(value);
            cell.status = wdl_result::Status::Value;
        }
        let request = Lines {
            id: "x",
            title: "t",
            series: &[vec![]],
            band: Band::Confidence95,
            width: Width::Narrow,
        };
        let svg = lines(&table, &request, Lang::En).unwrap().svg;
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{unit:?}");
    }
}
