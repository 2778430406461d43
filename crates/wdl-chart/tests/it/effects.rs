//! The picture of estimated effects.

use wdl_chart::{Effect, Effects, Origin, Picture as _, Place, Width};
use wdl_vocab::Lang;

fn effect(label: &str, estimate: f64, interval: Option<[f64; 2]>) -> Effect {
    Effect {
        label: label.to_owned(),
        estimate,
        interval,
    }
}

#[test]
fn effects_are_drawn_with_the_line_of_no_effect() {
    let picture = Effects {
        effects: vec![
            effect("2004", -0.0105, Some([-0.0561, 0.0351])),
            effect("2005", -0.0704, Some([-0.1311, -0.0097])),
            effect("2006", -0.1373, None),
        ],
        level: 0.95,
    };
    let place = |width| Place {
        id: "effects",
        title: "Effetto per anno",
        width,
        origin: Origin::Synthetic,
    };
    let wide = picture.draw(&place(Width::Wide), Lang::It);
    insta::assert_snapshot!("effects", wide.svg);
    insta::assert_snapshot!(
        "effects_narrow",
        picture.draw(&place(Width::Narrow), Lang::En).svg
    );
    assert!(wide.alt.contains("2005"), "{}", wide.alt);
    let table = picture.table(Lang::It);
    assert_eq!(table.rows.len(), 3);
    assert_eq!(table.rows[1].cells[0].text, "\u{2212}0,070");
}
