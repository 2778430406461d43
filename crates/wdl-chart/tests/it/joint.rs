//! The picture of effects beside themes.

use wdl_chart::{
    Effect, JointDisplay, Measured, Origin, Pair, Picture as _, Place, Share, Together, Width,
};
use wdl_vocab::Lang;

fn shown(estimate: f64, interval: [f64; 2]) -> Measured {
    Measured::Shown(Effect {
        label: String::from("effect"),
        estimate,
        interval: Some(interval),
    })
}

fn pair(label: &str, effect: Measured, share: Share, together: Together) -> Pair {
    Pair {
        label: label.to_owned(),
        effect,
        share,
        together,
    }
}

#[test]
fn effects_and_shares_stand_in_one_row_and_what_is_hidden_has_no_bar() {
    let picture = JointDisplay {
        pairs: vec![
            pair(
                "Q1",
                shown(-0.6, [-1.0, -0.2]),
                Share::Shown(0.62),
                Together::Convergent,
            ),
            pair(
                "Q2",
                shown(-0.1, [-0.5, 0.3]),
                Share::Hidden,
                Together::Silent,
            ),
            pair("Q3", Measured::Nothing, Share::Nobody, Together::Silent),
            pair(
                "Q4",
                shown(0.4, [0.1, 0.7]),
                Share::Shown(1.0),
                Together::Divergent,
            ),
            pair("Q5", Measured::Hidden, Share::Shown(0.3), Together::Silent),
        ],
        level: 0.95,
    };
    let place = |width| Place {
        id: "joint",
        title: "Il contributo aiuta",
        width,
        origin: Origin::Synthetic,
    };
    let wide = picture.draw(&place(Width::Wide), Lang::It);
    let narrow = picture.draw(&place(Width::Narrow), Lang::En);
    for word in [
        "Q1: convergente",
        "Q3: silenzio",
        "nascosta",
        "nascosto",
        "62%",
        "100%",
    ] {
        assert!(wide.svg.contains(word), "{word}: {}", wide.svg);
    }
    assert!(narrow.svg.contains("Q2: silence") && narrow.svg.contains("hidden"));
    // A bar for each share that is told, and none for the others.
    let bar = "fill=\"#0066cc\" stroke=\"#0066cc\"";
    assert_eq!(wide.svg.matches(bar).count(), 3);
    assert_eq!(wide, picture.draw(&place(Width::Wide), Lang::It));
    for word in [
        "Q1: effetto \u{2212}0,60",
        "quota 62",
        "Q2",
        "nascosta",
        "divergente",
    ] {
        assert!(wide.alt.contains(word), "{word}: {}", wide.alt);
    }
    let table = picture.table(Lang::En);
    let cells = |row: usize| -> Vec<&str> {
        let own = table.rows[row].cells.iter();
        own.map(|cell| cell.text.as_str()).collect()
    };
    assert_eq!(cells(1)[3..], ["hidden", "silence"]);
    assert_eq!(
        cells(4),
        ["hidden", "\u{2013}", "\u{2013}", "30%", "silence"]
    );
    assert_eq!(
        cells(2),
        ["\u{2013}", "\u{2013}", "\u{2013}", "nobody", "silence"]
    );
}
