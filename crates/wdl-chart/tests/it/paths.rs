//! The picture of numbers along a line.

use wdl_chart::{Drawn, Origin, Path, Paths, Picture as _, Place, Width};
use wdl_vocab::Lang;

fn place(width: Width) -> Place<'static> {
    Place {
        id: "path",
        title: "L'unità trattata e la sintetica",
        width,
        origin: Origin::Unsaid,
    }
}

fn path(label: &str, drawn: Drawn, points: &[(f64, f64)]) -> Path {
    Path {
        label: label.to_owned(),
        points: points.to_vec(),
        drawn,
    }
}

#[test]
fn what_was_stands_beside_what_would_have_been() {
    let picture = Paths {
        paths: vec![
            path(
                "trattata",
                Drawn::Line,
                &[(1988.0, 18_994.0), (1989.0, 20_465.0), (1990.0, 21_602.0)],
            ),
            path(
                "sintetica",
                Drawn::Line,
                &[(1988.0, 19_010.0), (1989.0, 20_480.0), (1990.0, 22_100.0)],
            ),
        ],
        across: "anno".to_owned(),
        upward: "reddito".to_owned(),
        mark: Some((1990.0, "inizio".to_owned())),
        is_share: false,
    };
    let wide = picture.draw(&place(Width::Wide), Lang::It);
    insta::assert_snapshot!("paths", wide.svg);
    // Years have no mark between thousands, amounts have.
    assert!(wide.svg.contains(">1989<") && !wide.svg.contains("1.989"));
    assert!(wide.alt.contains("18.994"), "{}", wide.alt);
    let table = picture.table(Lang::It);
    assert_eq!(table.rows.len(), 3);
    assert_eq!(table.rows[2].head, "1990");
    assert_eq!(table.rows[2].cells.len(), 2);
}

#[test]
fn curves_of_shares_go_in_steps_and_nothing_draws_nothing() {
    let mut picture = Paths {
        paths: vec![path(
            "tutti",
            Drawn::Steps,
            &[(0.0, 1.0), (4.0, 0.8), (9.0, 0.5)],
        )],
        across: "durata".to_owned(),
        upward: "senza evento".to_owned(),
        mark: None,
        is_share: true,
    };
    let narrow = picture.draw(&place(Width::Narrow), Lang::En);
    assert!(narrow.svg.contains(">100%<") && narrow.svg.contains(">0%<"));
    assert_eq!(picture.table(Lang::En).rows[1].cells[0].text, "80.0%");
    picture.paths.clear();
    assert!(
        picture
            .draw(&place(Width::Narrow), Lang::En)
            .svg
            .contains("<svg")
    );
    // One point alone, and values that do not vary.
    picture.paths = vec![path("uno", Drawn::Dots, &[(3.0, 7.0)])];
    picture.is_share = false;
    assert!(
        !picture
            .draw(&place(Width::Wide), Lang::It)
            .svg
            .contains("NaN")
    );
}
